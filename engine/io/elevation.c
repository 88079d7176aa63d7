/* Heights from rasters through GDAL. Only the window that the streets need is read. */
#include <cpl_conv.h>
#include <gdal.h>
#include <kayoi/slope.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "io/crs.h"
#include "io/gdal_log.h"
#include "io/role_columns.h"

#define WINDOW_MAX ((int64_t)400 * 1000 * 1000) /* pixels */

/* A window of a raster in memory, and the way from its CRS to pixels. */
typedef struct window {
  float *z; /* NAN: void */
  int x, y, width, height;
  double inverse[6];
} window;

static ky_err fail(ky_job *job, const ky_raw *raster, const char *format, const char *why) {
  const char *text = ky_format(&job->scratch, format, why);
  return ky_fail(job, KY_E_INPUT, "%s: %s", ky_source_where(job, raster->source), text != NULL ? text : why);
}

static void to_pixel(const window *w, double x, double y, double *column, double *row) {
  *column = w->inverse[0] + x * w->inverse[1] + y * w->inverse[2] - 0.5; /* pixel centres are whole */
  *row = w->inverse[3] + x * w->inverse[4] + y * w->inverse[5] - 0.5;
}

/* The window that holds all places still unknown; width 0 when none lies on the raster. */
static void find_window(GDALDatasetH dataset, const ky_heights *heights, const double *x, const double *y, window *w) {
  double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
  const int columns = GDALGetRasterXSize(dataset), rows = GDALGetRasterYSize(dataset);
  for (uint32_t i = 0; i < heights->count; i++) {
    double column, row;
    if (isfinite(heights->z_m[i]) || !isfinite(x[i])) continue;
    to_pixel(w, x[i], y[i], &column, &row);
    if (!(column >= -1 && column <= columns && row >= -1 && row <= rows)) continue;
    left = fmin(left, column);
    right = fmax(right, column);
    top = fmin(top, row);
    bottom = fmax(bottom, row);
  }
  w->width = w->height = 0;
  if (left > right) return;
  w->x = (int)fmax(0, floor(left));
  w->y = (int)fmax(0, floor(top));
  w->width = (int)fmin(columns, floor(right) + 2) - w->x;
  w->height = (int)fmin(rows, floor(bottom) + 2) - w->y;
}

static ky_err read_window(ky_job *job, const ky_raw *raster, GDALDatasetH dataset, window *w) {
  GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
  int has_void = 0, has_scale = 0, has_offset = 0;
  const double no_data = GDALGetRasterNoDataValue(band, &has_void);
  const double scale = GDALGetRasterScale(band, &has_scale), offset = GDALGetRasterOffset(band, &has_offset);
  const int64_t pixels = (int64_t)w->width * w->height;
  if (pixels > WINDOW_MAX)
    return fail(job, raster, "%s", ky_tr("more than 400 million pixels under the roads; use a coarser DEM"));
  w->z = ky_arena_alloc(&job->scratch, (size_t)pixels, sizeof *w->z);
  if (w->z == NULL) return ky_fail_memory(job);
  if (GDALRasterIO(band, GF_Read, w->x, w->y, w->width, w->height, w->z, w->width, w->height, GDT_Float32, 0, 0) !=
      CE_None)
    return fail(job, raster, "%s", ky_tr("the elevation cannot be read"));
  for (int64_t i = 0; i < pixels; i++) {
    bool is_void = (has_void && (double)w->z[i] == no_data) || w->z[i] <= -32000.0F || !isfinite(w->z[i]);
    w->z[i] = is_void ? NAN : (float)((double)w->z[i] * (has_scale ? scale : 1) + (has_offset ? offset : 0));
  }
  return KY_OK;
}

static double at(const window *w, int column, int row) {
  column = column < w->x ? w->x : column >= w->x + w->width ? w->x + w->width - 1 : column;
  row = row < w->y ? w->y : row >= w->y + w->height ? w->y + w->height - 1 : row;
  return (double)w->z[(size_t)(row - w->y) * (size_t)w->width + (size_t)(column - w->x)];
}

/* Bilinear between pixel centres; NAN next to a void. Beyond the outermost centres: the outermost pixel. */
static double height_at(const window *w, double x, double y, int columns, int rows) {
  double column, row;
  to_pixel(w, x, y, &column, &row);
  if (!(column >= -0.5 && column <= columns - 0.5 && row >= -0.5 && row <= rows - 0.5)) return NAN;
  int c = (int)floor(column), r = (int)floor(row);
  double u = column - c, v = row - r;
  double top = at(w, c, r) * (1 - u) + at(w, c + 1, r) * u,
         bottom = at(w, c, r + 1) * (1 - u) + at(w, c + 1, r + 1) * u;
  return top * (1 - v) + bottom * v;
}

/* The raster's CRS: its own, else crs: of the source; never guessed. */
static ky_err find_crs(ky_job *job, const ky_raw *raster, GDALDatasetH dataset, const char **crs) {
  ky_raw settled = {0};
  const char *wkt = GDALGetProjectionRef(dataset);
  KY_TRY(ky_crs_settle(job, raster->source, wkt != NULL && wkt[0] != '\0' ? wkt : NULL, &settled));
  *crs = settled.crs;
  return KY_OK;
}

static ky_err sample(ky_job *job, const ky_raw *raster, GDALDatasetH dataset, const char *crs, ky_heights *heights) {
  const char *raster_crs = NULL;
  double forward[6], *x, *y;
  window w = {0};
  if (GDALGetRasterCount(dataset) < 1 || GDALGetGeoTransform(dataset, forward) != CE_None ||
      !GDALInvGeoTransform(forward, w.inverse))
    return fail(job, raster, "%s", ky_tr("the raster does not say where it lies (no geotransform)"));
  KY_TRY(find_crs(job, raster, dataset, &raster_crs));
  KY_NEW(job, scratch, x, heights->count);
  KY_NEW(job, scratch, y, heights->count);
  memcpy(x, heights->x_m, heights->count * sizeof *x);
  memcpy(y, heights->y_m, heights->count * sizeof *y);
  KY_TRY(ky_crs_transform(job, crs, raster_crs, x, y, heights->count));
  find_window(dataset, heights, x, y, &w);
  if (w.width <= 0 || w.height <= 0) {
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = ky_source_where(job, raster->source),
                             .reason = "elevation_elsewhere",
                             .action = ky_tr("not used; is it the tile of another place?")},
                 "%s", ky_tr("the raster lies under none of the streets"));
    return KY_OK;
  }
  KY_TRY(read_window(job, raster, dataset, &w));
  const int columns = GDALGetRasterXSize(dataset), rows = GDALGetRasterYSize(dataset);
  for (uint32_t i = 0; i < heights->count; i++)
    if (!isfinite(heights->z_m[i]) && isfinite(x[i])) heights->z_m[i] = (float)height_at(&w, x[i], y[i], columns, rows);
  return KY_OK;
}

ky_err ky_elevation_sample(ky_job *job, const ky_raw *rasters, uint32_t raster_count, const char *crs,
                           ky_heights *heights) {
  for (uint32_t i = 0; i < heights->count; i++) heights->z_m[i] = NAN;
  for (uint32_t r = 0; r < raster_count; r++) {
    ky_gdal_log log = {0};
    ky_err err = KY_OK;
    ky_gdal_log_open(&log);
    GDALDatasetH dataset = GDALOpenEx(rasters[r].vsi_path, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
    if (dataset == NULL)
      err = fail(job, &rasters[r], ky_tr("cannot be read as elevation: %s"),
                 log.error[0] != '\0' ? log.error : "unknown format");
    else
      err = sample(job, &rasters[r], dataset, crs, heights);
    if (dataset != NULL) GDALClose(dataset);
    ky_gdal_log_close();
    KY_TRY(err);
  }
  return KY_OK;
}
