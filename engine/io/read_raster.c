/* Rasters of people (GeoTIFF): every pixel with people is a cell, its rectangle in the raster's CRS; id = row and
 * column. Bands are the columns, named "band 1" or by their description. Only the surroundings of the municipality are
 * read. */
#include <cpl_conv.h>
#include <gdal.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "io/crs.h"
#include "io/gdal_log.h"
#include "io/people_pixels.h"
#include "io/people_window.h"
#include "io/raw_build.h"
#include "io/reader.h"
#include "io/source_file.h"

#define BANDS_MAX 400

static int recognise(const ky_source *source, const char *vsi_path) {
  const bool is_people = source->role == KY_ROLE_RESIDENTS || source->role == KY_ROLE_YEARS;
  return is_people && (ky_path_has(vsi_path, "tif") || ky_path_has(vsi_path, "tiff")) ? 50 : 0;
}

static ky_err fail(ky_job *job, const ky_source *source, const char *why) {
  return ky_fail(job, KY_E_INPUT, "%s: %s", ky_source_where(job, source), why);
}

/* names: "band 1", ..., and a last one for the id; others: descriptions, else the bare number. */
static ky_err name_bands(ky_job *job, GDALDatasetH dataset, const char ***names, const char ***others,
                         uint32_t *count) {
  *count = (uint32_t)GDALGetRasterCount(dataset);
  KY_NEW(job, keep, *names, (size_t)*count + 1);
  KY_NEW(job, keep, *others, (size_t)*count + 1);
  for (uint32_t b = 0; b < *count; b++) {
    const char *description = GDALGetDescription(GDALGetRasterBand(dataset, (int)b + 1));
    const bool is_named =
        description != NULL && description[0] != '\0' && ky_utf8_valid(description, strlen(description));
    (*names)[b] = ky_format(&job->keep, "band %u", b + 1);
    (*others)[b] = is_named ? ky_format(&job->keep, "%s", description) : ky_format(&job->keep, "%u", b + 1);
    if ((*names)[b] == NULL || (*others)[b] == NULL) return ky_fail_memory(job);
  }
  (*names)[*count] = "cell_id";
  (*others)[(*count)++] = NULL;
  return KY_OK;
}

/* Bands that are not counts of people: classes, colours, complex numbers. */
static ky_err check_band(ky_job *job, const ky_source *source, GDALRasterBandH band, const char *name) {
  char **categories = GDALGetRasterCategoryNames(band);
  const char *unit = GDALGetRasterUnitType(band);
  if ((categories != NULL && categories[0] != NULL) || GDALGetRasterColorInterpretation(band) == GCI_PaletteIndex)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s: the values of %s are classes or colours, not people; give a raster of people per pixel"),
                   ky_source_where(job, source), name);
  if (GDALDataTypeIsComplex(GDALGetRasterDataType(band)))
    return ky_fail(job, KY_E_INPUT, ky_tr("%s: the values of %s are complex numbers, not people"),
                   ky_source_where(job, source), name);
  if (unit != NULL && (strchr(unit, '/') != NULL || strstr(unit, "km") != NULL))
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = ky_source_where(job, source),
                    .field = name,
                    .reason = "people_per_area",
                    .action = ky_tr("taken as people per pixel; if it is a density, give the raster of counts")},
        ky_tr("its unit is '%.40s', which is not people per pixel"), unit);
  return KY_OK;
}

/* The picks that are bands; at least one, or the user has to say which. */
static ky_err check_picks(ky_job *job, const ky_source *source, GDALDatasetH dataset, const char *const *names,
                          uint32_t bands, const ky_picks *picks) {
  uint32_t used = 0;
  for (uint32_t p = 0; p < picks->count; p++) {
    if (picks->pick[p].field >= bands) continue;
    KY_TRY(check_band(job, source, GDALGetRasterBand(dataset, (int)picks->pick[p].field + 1),
                      names[picks->pick[p].field]));
    used++;
  }
  if (used != 0) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s: say which people its bands are, e.g. columns: {pop_total: band 1, pop_65: band 2}; it has "
                       "%u (%s)"),
                 ky_source_where(job, source), bands, ky_columns_list(job, names, bands));
}

static void set_corners(const double forward[6], int column, int row, double *x, double *y) {
  static const int corner[5][2] = {{0, 1}, {1, 1}, {1, 0}, {0, 0}, {0, 1}};
  const bool is_mirrored = forward[1] * forward[5] - forward[2] * forward[4] > 0; /* south up: the other way round */
  for (int i = 0; i < 5; i++) {
    const int *at = corner[is_mirrored ? 4 - i : i];
    x[i] = forward[0] + (column + at[0]) * forward[1] + (row + at[1]) * forward[2];
    y[i] = forward[3] + (column + at[0]) * forward[4] + (row + at[1]) * forward[5];
  }
}

/* Is the pixel a cell? With people in any band; in a raster without the total, with data, because another raster may
 * hold the people of the same pixel. */
static bool is_cell(const ky_raw_builder *b, const ky_people_pixels *pixels, size_t at, bool has_total) {
  for (uint32_t p = 0; p < b->picks->count; p++) {
    if (pixels->people[p] == NULL || pixels->people[p][at] == KY_NULL) continue;
    if (pixels->people[p][at] > 0 || !has_total) return true;
  }
  return false;
}

/* A record per cell. */
static ky_err add_cells(ky_raw_builder *b, const ky_people_pixels *pixels, const ky_pixel_window *window,
                        const double forward[6], int columns, int rows) {
  int row_digits = snprintf(NULL, 0, "%d", rows - 1), column_digits = snprintf(NULL, 0, "%d", columns - 1);
  const uint32_t id_pick = b->id_pick;
  const bool has_total = ky_picks_field(b->picks, "pop_total") != KY_NONE || b->source->role == KY_ROLE_YEARS;
  for (int row = 0; row < window->height; row++) {
    for (int column = 0; column < window->width; column++) {
      const size_t at = (size_t)row * (size_t)window->width + (size_t)column;
      char text[64];
      double *x, *y;
      if (!is_cell(b, pixels, at, has_total)) continue;
      snprintf(text, sizeof text, "r%0*d_c%0*d", row_digits, window->y + row, column_digits, window->x + column);
      KY_TRY(ky_raw_add(b, text));
      KY_TRY(ky_raw_set(b, id_pick, text, strlen(text)));
      for (uint32_t p = 0; p < b->picks->count; p++) {
        if (pixels->people[p] == NULL || pixels->people[p][at] == KY_NULL) continue;
        const int64_t people = pixels->people[p][at];
        snprintf(text, sizeof text, "%" PRId64 ".%03" PRId64, people / 1000, people % 1000);
        KY_TRY(ky_raw_set(b, p, text, strlen(text)));
      }
      KY_TRY(ky_raw_part(b, 5, false, &x, &y));
      set_corners(forward, window->x + column, window->y + row, x, y);
    }
  }
  return KY_OK;
}

/* Where the raster was read: complete there, a pixel without data included. */
static ky_err set_extent(ky_job *job, const ky_pixel_window *window, const double forward[6], ky_shapes *out) {
  const int corner[5][2] = {{0, 1}, {1, 1}, {1, 0}, {0, 0}, {0, 1}};
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POLYGON, 1, 1, 5, out));
  out->first_part[1] = 1;
  out->first_vertex[1] = 5;
  for (int i = 0; i < 5; i++) {
    const double column = window->x + corner[i][0] * window->width, row = window->y + corner[i][1] * window->height;
    out->x[i] = forward[0] + column * forward[1] + row * forward[2];
    out->y[i] = forward[3] + column * forward[4] + row * forward[5];
  }
  return KY_OK;
}

static ky_err read_dataset(ky_job *job, const ky_source *source, GDALDatasetH dataset, ky_raw *out) {
  const int columns = GDALGetRasterXSize(dataset), rows = GDALGetRasterYSize(dataset);
  const char *wkt = GDALGetProjectionRef(dataset), **names = NULL, **others = NULL;
  double forward[6], inverse[6];
  uint32_t count;
  ky_picks picks;
  ky_raw_builder b;
  ky_pixel_window window;
  ky_people_pixels pixels;
  if (GDALGetRasterCount(dataset) < 1 || GDALGetRasterCount(dataset) > BANDS_MAX)
    return fail(job, source, ky_tr("a raster of people has 1 to 400 bands"));
  if (GDALGetGeoTransform(dataset, forward) != CE_None || !GDALInvGeoTransform(forward, inverse))
    return fail(job, source, ky_tr("the raster does not say where it lies (no geotransform)"));
  KY_TRY(ky_crs_settle(job, source, wkt != NULL && wkt[0] != '\0' ? wkt : NULL, out));
  KY_TRY(name_bands(job, dataset, &names, &others, &count));
  KY_TRY(ky_columns_pick(job, source, names, others, count, &picks));
  KY_TRY(check_picks(job, source, dataset, names, count - 1, &picks));
  KY_TRY(ky_pixel_window_of(job, source->window, out->crs, inverse, columns, rows, &window));
  if (window.width == 0)
    return fail(job, source,
                ky_tr("the raster does not cover the municipality; is it the one of another place, or a wrong crs?"));
  KY_TRY(ky_people_pixels_read(job, source, dataset, &picks, names, &window, &pixels));
  KY_TRY(ky_raw_begin(job, source, &picks, &b));
  b.read_count = pixels.read_count;
  b.bad_count = pixels.bad_count;
  KY_TRY(add_cells(&b, &pixels, &window, forward, columns, rows));
  KY_TRY(ky_raw_finish(&b, names, out));
  out->format = "GeoTIFF";
  return set_extent(job, &window, forward, &out->extent);
}

static ky_err read_source(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  const char *const drivers[] = {"GTiff", NULL};
  ky_gdal_log log = {0};
  ky_err err = KY_OK;
  ky_gdal_log_open(&log);
  GDALDatasetH dataset = GDALOpenEx(vsi_path, GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, NULL, NULL);
  if (dataset == NULL) {
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be read as GeoTIFF: %s"), source->name, source->shown,
                  log.error[0] != '\0' ? log.error : "unknown format");
    goto done;
  }
  err = read_dataset(job, source, dataset, out);
  if (err == KY_OK) ky_gdal_log_report(job, &log, ky_source_where(job, source));
done:
  if (dataset != NULL) GDALClose(dataset);
  ky_gdal_log_close();
  return err;
}

const ky_reader ky_reader_raster = {.name = "raster",
                                    .help = KY_MSG("raster of people per pixel: GeoTIFF"),
                                    .recognise = recognise,
                                    .read = read_source};
