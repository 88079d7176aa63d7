/* Finding tiles of elevation and their order: see elevation_tiles.h. */
#include "io/elevation_tiles.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <stdlib.h>
#include <string.h>

#include "io/dem_xml.h"
#include "io/gdal_log.h"
#include "io/source_file.h"

#define TILES_MAX   100000
#define DEGREE_M    111320.0 /* of latitude */
#define NAMED_BYTES 512

bool ky_elevation_is_layer(const char *vsi_path) {
  static const char *const layers[] = {"shp", "gpkg", "geojson", "json", "fgb"};
  for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
    if (ky_path_has(vsi_path, layers[i])) return true;
  return false;
}

typedef struct tile_list {
  ky_job *job;
  ky_elevation_tile *tile;
  uint32_t count, capacity;
} tile_list;

static ky_err fail(tile_list *list, const char *where, const char *why) {
  return ky_fail(list->job, KY_E_INPUT, "%s: %s", where, why);
}

static ky_err add(tile_list *list, const ky_elevation_tile *tile, double pixel_m) {
  if (list->count == TILES_MAX)
    return fail(list, tile->where, ky_tr("more than 100,000 tiles of elevation; give those of the town only"));
  if (list->count == list->capacity) {
    ky_elevation_tile *larger;
    const uint32_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
    KY_NEW(list->job, scratch, larger, capacity);
    if (list->count != 0) memcpy(larger, list->tile, list->count * sizeof *larger);
    list->tile = larger;
    list->capacity = capacity;
  }
  ky_elevation_tile *added = &list->tile[list->count];
  *added = *tile;
  added->order = list->count++;
  added->half_metres = (uint32_t)fmin(fmax(round(pixel_m * 2), 1), 1e9);
  return KY_OK;
}

/* is_alone: named by the config; in a zip, XML of something else is a description of the data. */
static ky_err add_xml(tile_list *list, ky_elevation_tile *tile, bool is_alone) {
  ky_dem_tile head;
  KY_TRY(ky_dem_xml_read(list->job, tile->vsi_path, false, &head));
  if (!head.is_dem && !is_alone) return KY_OK;
  if (head.wrong != NULL) return fail(list, tile->where, head.wrong);
  if (!head.is_dem || head.rows == 0)
    return fail(list, tile->where, ky_tr("XML, but not a tile of elevation (FG-GML-...-DEM...xml)"));
  tile->is_xml = true;
  return add(list, tile, (head.north - head.south) / head.rows * DEGREE_M);
}

static ky_err add_raster(tile_list *list, ky_elevation_tile *tile) {
  ky_gdal_log log = {0};
  double forward[6], pixel_m = NAN;
  ky_gdal_log_open(&log);
  GDALDatasetH dataset = GDALOpenEx(tile->vsi_path, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
  if (dataset != NULL && GDALGetRasterCount(dataset) > 0 && GDALGetGeoTransform(dataset, forward) == CE_None) {
    OGRSpatialReferenceH crs = GDALGetSpatialRef(dataset);
    const bool is_degrees = crs != NULL ? OSRIsGeographic(crs) : fabs(forward[5]) < 0.5;
    pixel_m = hypot(forward[2], forward[5]) * (is_degrees ? DEGREE_M : 1);
  }
  const bool is_open = dataset != NULL;
  if (is_open) GDALClose(dataset);
  ky_gdal_log_close();
  if (!is_open) {
    const char *why = ky_format(&list->job->scratch, ky_tr("cannot be read as elevation: %s"),
                                log.error[0] != '\0' ? log.error : "unknown format");
    return fail(list, tile->where, why != NULL ? why : "");
  }
  if (!isfinite(pixel_m))
    return fail(list, tile->where, ky_tr("the raster does not say where it lies (no geotransform)"));
  return add(list, tile, pixel_m);
}

static ky_err add_file(tile_list *list, const ky_raw *raw, const char *where, const char *vsi_path, bool is_alone) {
  ky_elevation_tile tile = {.raw = raw, .vsi_path = vsi_path, .where = where};
  if (ky_path_has(vsi_path, "xml")) return add_xml(list, &tile, is_alone);
  return add_raster(list, &tile);
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_tile_name(const char *member) {
  static const char *const tiles[] = {"xml", "tif", "tiff", "hgt"};
  if (strncmp(member, "__MACOSX/", 9) == 0 || ky_path_name(member)[0] == '.') return false;
  for (size_t i = 0; i < sizeof tiles / sizeof *tiles; i++)
    if (ky_path_has(member, tiles[i])) return true;
  return false;
}

/* The tiles in a zip; zips in it too, once: that is how several are delivered. */
static ky_err add_zip(tile_list *list, const ky_raw *raw, const char *root, bool is_inner) {
  ky_job *job = list->job;
  ky_err err = KY_OK;
  const char *source = ky_source_where(job, raw->source);
  const uint32_t before = list->count;
  ky_gdal_log log = {0};
  ky_gdal_log_open(&log);
  char **members = VSIReadDirRecursive(root);
  const int count = CSLCount(members);
  if (count > 1) qsort(members, (size_t)count, sizeof *members, by_text);
  for (int m = 0; m < count && err == KY_OK; m++) {
    const bool is_zip = ky_path_has(members[m], "zip") && !is_inner;
    if (!is_zip && !is_tile_name(members[m])) continue;
    const char *path = ky_format(&job->keep, is_zip ? "/vsizip/{%s/%s}" : "%s/%s", root, members[m]);
    const char *where = ky_format(&job->keep, "%s, %.*s", source, NAMED_BYTES, members[m]);
    if (path == NULL || where == NULL)
      err = ky_fail_memory(job);
    else
      err = is_zip ? add_zip(list, raw, path, true) : add_file(list, raw, where, path, false);
  }
  CSLDestroy(members);
  ky_gdal_log_close();
  if (err == KY_OK && list->count == before && !is_inner)
    err = fail(list, source, ky_tr("the zip holds no tile of elevation (.tif, .hgt, FG-GML-...-DEM...xml)"));
  return err;
}

static bool is_zip_root(const char *vsi_path) {
  const size_t length = strlen(vsi_path);
  return strncmp(vsi_path, "/vsizip/{", 9) == 0 && vsi_path[length - 1] == '}';
}

static int by_size(const void *left, const void *right) {
  const ky_elevation_tile *a = left, *b = right;
  if (a->half_metres != b->half_metres) return a->half_metres < b->half_metres ? -1 : 1;
  return (a->order > b->order) - (a->order < b->order);
}

ky_err ky_elevation_tiles(ky_job *job, const ky_raw *sources, uint32_t source_count, ky_elevation_tile **out,
                          uint32_t *count) {
  tile_list list = {.job = job};
  for (uint32_t s = 0; s < source_count; s++) {
    const char *path = sources[s].vsi_path;
    if (ky_elevation_is_layer(path)) continue;
    if (is_zip_root(path))
      KY_TRY(add_zip(&list, &sources[s], path, false));
    else
      KY_TRY(add_file(&list, &sources[s], ky_source_where(job, sources[s].source), path, true));
  }
  if (list.count > 1) qsort(list.tile, list.count, sizeof *list.tile, by_size);
  *out = list.tile;
  *count = list.count;
  return KY_OK;
}
