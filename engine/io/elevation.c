/* Heights from tiles: rasters through GDAL, of which only the window that the streets need is read, and XML. The finest
 * tile that knows a place gives its height; what it does not know is left to the next coarser one. */
#include <cpl_conv.h>
#include <gdal.h>
#include <kayoi/slope.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "io/crs.h"
#include "io/dem_xml.h"
#include "io/elevation_tiles.h"
#include "io/gdal_log.h"

#define WINDOW_MAX ((int64_t)400 * 1000 * 1000) /* pixels */
#define LOWEST_M   (-1000.0F)                   /* beyond these no land lies: voids that the file does not declare */
#define HIGHEST_M  10000.0F

/* A window of a raster in memory, and the way from its CRS to pixels. */
typedef struct window {
  float *z; /* NAN: void */
  int x, y, width, height;
  double inverse[6];
} window;

static ky_err fail(ky_job *job, const ky_elevation_tile *tile, const char *why) {
  return ky_fail(job, KY_E_INPUT, "%s: %s", tile->where, why);
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

static ky_err read_window(ky_job *job, const ky_elevation_tile *tile, GDALDatasetH dataset, window *w) {
  GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
  int has_void = 0, has_scale = 0, has_offset = 0;
  const double no_data = GDALGetRasterNoDataValue(band, &has_void);
  const double scale = GDALGetRasterScale(band, &has_scale), offset = GDALGetRasterOffset(band, &has_offset);
  const int64_t pixels = (int64_t)w->width * w->height;
  if (pixels > WINDOW_MAX)
    return fail(job, tile, ky_tr("more than 400 million pixels under the roads; use a coarser DEM"));
  w->z = ky_arena_alloc(&job->scratch, (size_t)pixels, sizeof *w->z);
  if (w->z == NULL) return ky_fail_memory(job);
  if (GDALRasterIO(band, GF_Read, w->x, w->y, w->width, w->height, w->z, w->width, w->height, GDT_Float32, 0, 0) !=
      CE_None)
    return fail(job, tile, ky_tr("the elevation cannot be read"));
  for (int64_t i = 0; i < pixels; i++) {
    bool is_void = (has_void && w->z[i] == (float)no_data) || w->z[i] == -32768.0F || !isfinite(w->z[i]);
    float z = is_void ? NAN : (float)((double)w->z[i] * (has_scale ? scale : 1) + (has_offset ? offset : 0));
    w->z[i] = z > LOWEST_M && z < HIGHEST_M ? z : NAN;
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

/* A tile's places in its own CRS; kept for the next tile, which mostly has the same. */
typedef struct places {
  double *x, *y;
  const char *crs; /* of x and y; NULL: none yet */
} places;

static ky_err move_places(ky_job *job, const ky_heights *heights, const char *from, const char *to, places *p) {
  if (p->crs != NULL && strcmp(p->crs, to) == 0) return KY_OK;
  memcpy(p->x, heights->x_m, heights->count * sizeof *p->x);
  memcpy(p->y, heights->y_m, heights->count * sizeof *p->y);
  p->crs = to;
  return ky_crs_transform(job, from, to, p->x, p->y, heights->count);
}

/* The tile's CRS: its own, else crs: of the source; never guessed. */
static ky_err find_crs(ky_job *job, const ky_elevation_tile *tile, const char *from_file, const char **crs) {
  ky_raw settled = {0};
  KY_TRY(ky_crs_settle(job, tile->raw->source, from_file != NULL && from_file[0] != '\0' ? from_file : NULL, &settled));
  *crs = settled.crs;
  return KY_OK;
}

/* Gives heights to the places that have none; how many. */
static uint32_t take_heights(const window *w, const places *p, int columns, int rows, ky_heights *heights) {
  uint32_t taken = 0;
  for (uint32_t i = 0; i < heights->count; i++) {
    if (isfinite(heights->z_m[i]) || !isfinite(p->x[i])) continue;
    heights->z_m[i] = (float)height_at(w, p->x[i], p->y[i], columns, rows);
    if (isfinite(heights->z_m[i])) taken++;
  }
  return taken;
}

static ky_err sample_raster(ky_job *job, const ky_elevation_tile *tile, GDALDatasetH dataset, const char *crs,
                            places *p, ky_heights *heights, uint32_t *taken) {
  const char *raster_crs = NULL;
  double forward[6];
  window w = {0};
  if (GDALGetGeoTransform(dataset, forward) != CE_None || !GDALInvGeoTransform(forward, w.inverse))
    return fail(job, tile, ky_tr("the raster does not say where it lies (no geotransform)"));
  KY_TRY(find_crs(job, tile, GDALGetProjectionRef(dataset), &raster_crs));
  KY_TRY(move_places(job, heights, crs, raster_crs, p));
  find_window(dataset, heights, p->x, p->y, &w);
  if (w.width <= 0 || w.height <= 0) return KY_OK;
  KY_TRY(read_window(job, tile, dataset, &w));
  *taken = take_heights(&w, p, GDALGetRasterXSize(dataset), GDALGetRasterYSize(dataset), heights);
  return KY_OK;
}

static ky_err open_raster(ky_job *job, const ky_elevation_tile *tile, const char *crs, places *p, ky_heights *heights,
                          uint32_t *taken) {
  ky_gdal_log log = {0};
  ky_err err = KY_OK;
  ky_gdal_log_open(&log);
  GDALDatasetH dataset = GDALOpenEx(tile->vsi_path, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
  if (dataset == NULL)
    err = fail(job, tile, ky_tr("the elevation cannot be read"));
  else
    err = sample_raster(job, tile, dataset, crs, p, heights, taken);
  if (dataset != NULL) GDALClose(dataset);
  ky_gdal_log_close();
  return err;
}

/* Does a place without height lie in the box? */
static bool is_wanted(const ky_dem_tile *tile, const places *p, const ky_heights *heights) {
  for (uint32_t i = 0; i < heights->count; i++)
    if (!isfinite(heights->z_m[i]) && p->x[i] >= tile->west && p->x[i] <= tile->east && p->y[i] >= tile->south &&
        p->y[i] <= tile->north)
      return true;
  return false;
}

static ky_err sample_xml(ky_job *job, const ky_elevation_tile *tile, const char *crs, places *p, ky_heights *heights,
                         uint32_t *taken) {
  ky_dem_tile grid;
  const char *grid_crs = NULL;
  KY_TRY(ky_dem_xml_read(job, tile->vsi_path, false, &grid));
  if (grid.wrong != NULL) return fail(job, tile, grid.wrong);
  KY_TRY(find_crs(job, tile, grid.crs, &grid_crs));
  KY_TRY(move_places(job, heights, crs, grid_crs, p));
  if (!is_wanted(&grid, p, heights)) return KY_OK;
  KY_TRY(ky_dem_xml_read(job, tile->vsi_path, true, &grid));
  if (grid.wrong != NULL) return fail(job, tile, grid.wrong);
  const double per_column = (grid.east - grid.west) / grid.columns, per_row = (grid.north - grid.south) / grid.rows;
  const window w = {.z = grid.z,
                    .width = (int)grid.columns,
                    .height = (int)grid.rows,
                    .inverse = {-grid.west / per_column, 1 / per_column, 0, grid.north / per_row, 0, -1 / per_row}};
  *taken = take_heights(&w, p, w.width, w.height, heights);
  VSIFree(grid.z);
  return KY_OK;
}

/* Sources none of whose tiles lies under a street. */
static void report_elsewhere(ky_job *job, const ky_raw *source) {
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(job, source->source),
                           .reason = "elevation_elsewhere",
                           .action = ky_tr("not used; is it the tile of another place?")},
               "%s",
               ky_tr("no street takes a height from it: it lies elsewhere, is void here, or finer ones know all"));
}

ky_err ky_elevation_sample(ky_job *job, const ky_raw *sources, uint32_t source_count, const char *crs,
                           ky_heights *heights) {
  ky_elevation_tile *tiles;
  uint32_t tile_count;
  uint64_t *taken;
  places p = {.crs = NULL};
  for (uint32_t i = 0; i < heights->count; i++) heights->z_m[i] = NAN;
  KY_TRY(ky_elevation_tiles(job, sources, source_count, &tiles, &tile_count));
  KY_NEW(job, scratch, taken, source_count);
  KY_NEW(job, scratch, p.x, heights->count);
  KY_NEW(job, scratch, p.y, heights->count);
  for (uint32_t t = 0; t < tile_count; t++) {
    uint32_t count = 0;
    if (tiles[t].is_xml)
      KY_TRY(sample_xml(job, &tiles[t], crs, &p, heights, &count));
    else
      KY_TRY(open_raster(job, &tiles[t], crs, &p, heights, &count));
    taken[tiles[t].raw - sources] += count;
  }
  for (uint32_t s = 0; s < source_count; s++)
    if (taken[s] == 0 && !ky_elevation_is_layer(sources[s].vsi_path)) report_elsewhere(job, &sources[s]);
  return KY_OK;
}
