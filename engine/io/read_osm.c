/* OpenStreetMap extracts (.osm.pbf, .osm, .osm.gz, .osm.bz2) through GDAL: the streets in them (the buildings:
 * osm_buildings.c). GDAL loses three things in silence, and each is caught here: unsorted files end early (read again
 * without its index), closed ways with area=yes are polygons (read too), ways with missing nodes are bridged (counted
 * from its debug messages). */
#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <stdio.h>
#include <string.h>

#include "io/crs.h"
#include "io/gdal_log.h"
#include "io/osm_buildings.h"
#include "io/raw_point.h"
#include "io/reader.h"
#include "io/source_file.h"

#define SETTINGS "/vsimem/kayoi_osmconf.ini"

static const char settings[] =
    "closed_ways_are_polygons=\n"
    "attribute_name_laundering=no\n"
    "report_all_nodes=no\nreport_all_ways=no\n"
    "[points]\nosm_id=yes\nattributes=highway\nother_tags=no\n"
    "[lines]\nosm_id=yes\nattributes=highway,route,foot,access,motorroad,indoor,bridge,tunnel,layer\nother_tags=no\n"
    "[multipolygons]\nosm_id=yes\nattributes=highway,route,foot,access,motorroad,indoor,bridge,tunnel,layer,area\n"
    "other_tags=no\n"
    "[multilinestrings]\nosm_id=yes\nattributes=type\nother_tags=no\n"
    "[other_relations]\nosm_id=yes\nattributes=type\nother_tags=no\n";

static const char *const names[] = {"osm_id",    "highway", "route",  "foot",   "access",
                                    "motorroad", "indoor",  "bridge", "tunnel", "layer"};
#define NAME_COUNT (sizeof names / sizeof *names)
enum { ID, HIGHWAY, ROUTE }; /* places in `names` */

static int recognise(const ky_source *source, const char *vsi_path) {
  (void)source;
  return ky_path_has(vsi_path, "pbf") || ky_path_has(vsi_path, "osm") || strstr(vsi_path, ".osm.") != NULL ? 80 : 0;
}

/* What reading one file told beside its records. */
typedef struct osm_pass {
  ky_raw_builder *b;
  OGRLayerH layer; /* the newest one, and what find_fields said of it */
  int index_of[NAME_COUNT];
  bool has_streets, is_area;
  uint32_t bridged; /* ways with missing nodes */
  char first_bridged[64];
} osm_pass;

static void on_debug(void *user, const char *message) {
  osm_pass *pass = user;
  const char *way = strstr(message, "For way ");
  if (way == NULL) return;
  if (pass->bridged++ == 0)
    snprintf(pass->first_bridged, sizeof pass->first_bridged, "%.60s", way + strlen("For way "));
}

static ky_err add_line(ky_raw_builder *b, OGRGeometryH line) {
  const int n = OGR_G_GetPointCount(line);
  double *x, *y;
  if (n < 2) return KY_OK;
  KY_TRY(ky_raw_part(b, (uint32_t)n, false, &x, &y));
  OGR_G_GetPoints(line, x, sizeof *x, y, sizeof *y, NULL, 0);
  return KY_OK;
}

/* A way is a line; with area=yes it comes as a polygon, whose outer ring is the way. index: of `names` in the layer. */
static ky_err add_way(ky_raw_builder *b, OGRFeatureH feature, const int index_of[NAME_COUNT], bool is_area) {
  OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
  KY_TRY(ky_raw_add_nth(b, "way", ++b->read_count));
  for (uint32_t p = 0; p < b->picks->count; p++) {
    const int index = index_of[b->picks->pick[p].field];
    if (index < 0 || !OGR_F_IsFieldSetAndNotNull(feature, index)) continue;
    const char *text = OGR_F_GetFieldAsString(feature, index);
    KY_TRY(ky_raw_set(b, p, text, strlen(text)));
  }
  ky_raw_name(b);
  if (geometry != NULL && is_area && OGR_G_GetGeometryCount(geometry) > 0) geometry = OGR_G_GetGeometryRef(geometry, 0);
  if (geometry != NULL && is_area) geometry = OGR_G_GetGeometryRef(geometry, 0);
  if (geometry != NULL) KY_TRY(add_line(b, geometry));
  if (b->first_part[b->count - 1] == b->part_count)
    ky_raw_bad_place(b, "geometry", "street_without_nodes", "%s",
                     ky_tr("fewer than two of the way's nodes are in the file"));
  return KY_OK;
}

static bool is_street(OGRFeatureH feature, const int index_of[NAME_COUNT]) {
  const int highway = index_of[HIGHWAY], route = index_of[ROUTE];
  if (highway >= 0 && OGR_F_IsFieldSetAndNotNull(feature, highway)) return true;
  return route >= 0 && OGR_F_IsFieldSetAndNotNull(feature, route) &&
         strcmp(OGR_F_GetFieldAsString(feature, route), "ferry") == 0;
}

/* Where `names` are in a layer of lines or areas, -1 where it lacks one; false: a layer without streets. */
static bool find_fields(OGRLayerH layer, int index_of[NAME_COUNT], bool *is_area) {
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  *is_area = strcmp(OGR_L_GetName(layer), "multipolygons") == 0;
  for (uint32_t n = 0; n < NAME_COUNT; n++) index_of[n] = OGR_FD_GetFieldIndex(definition, names[n]);
  if (*is_area) index_of[ID] = OGR_FD_GetFieldIndex(definition, "osm_way_id");
  return *is_area || strcmp(OGR_L_GetName(layer), "lines") == 0;
}

/* Areas that are relations have no way's id; their ways stand for themselves. */
static ky_err take_feature(osm_pass *pass, OGRLayerH layer, OGRFeatureH feature) {
  if (layer != pass->layer) {
    pass->has_streets = find_fields(layer, pass->index_of, &pass->is_area);
    pass->layer = layer;
  }
  if (!pass->has_streets || !is_street(feature, pass->index_of)) return KY_OK;
  const int way = pass->index_of[ID];
  if (pass->is_area && (way < 0 || !OGR_F_IsFieldSetAndNotNull(feature, way))) return KY_OK;
  return add_way(pass->b, feature, pass->index_of, pass->is_area);
}

static GDALDatasetH open_osm(const char *vsi_path, bool with_index) {
  const char *const drivers[] = {"OSM", NULL};
  const char *const options[] = {"CONFIG_FILE=" SETTINGS,
                                 with_index ? "USE_CUSTOM_INDEXING=YES" : "USE_CUSTOM_INDEXING=NO", NULL};
  return GDALOpenEx(vsi_path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options, NULL);
}

#define STREETS "highway >= '' OR route = 'ferry'" /* any text: asked faster than IS NOT NULL */

/* GDAL looks up the nodes only of what passes, and assembles no points and no relations. */
static void want_streets(GDALDatasetH dataset) {
  OGRLayerH none = GDALDatasetExecuteSQL(dataset, "SET interest_layers = lines,multipolygons", NULL, NULL);
  if (none != NULL) GDALDatasetReleaseResultSet(dataset, none);
  for (int i = 0; i < GDALDatasetGetLayerCount(dataset); i++) {
    OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
    int index_of[NAME_COUNT];
    bool is_area;
    OGR_L_SetAttributeFilter(
        layer, find_fields(layer, index_of, &is_area) ? "highway IS NOT NULL OR route = 'ferry'" : "0 = 1");
  }
}

/* All streets of the file. *is_cut: it ended with an error before its end. */
static ky_err read_ways(ky_job *job, const ky_source *source, const char *vsi_path, bool with_index, osm_pass *pass,
                        bool *is_cut) {
  ky_gdal_log log = {.on_debug = on_debug, .user = pass};
  ky_err err = KY_OK;
  OGRLayerH layer = NULL;
  OGRFeatureH feature;
  ky_gdal_log_open(&log);
  CPLSetThreadLocalConfigOption("CPL_DEBUG", "OSM");
  GDALDatasetH dataset = open_osm(vsi_path, with_index);
  if (dataset == NULL) {
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be read as OpenStreetMap data: %s"), source->name,
                  source->shown, log.error[0] != '\0' ? log.error : "unknown format");
    goto done;
  }
  want_streets(dataset);
  while (err == KY_OK && (feature = GDALDatasetGetNextFeature(dataset, &layer, NULL, NULL, NULL)) != NULL) {
    err = take_feature(pass, layer, feature);
    OGR_F_Destroy(feature);
  }
  *is_cut = err == KY_OK && log.error_count != 0;
  if (*is_cut && !with_index)
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: damaged: %s; get the extract again"), source->name, source->shown,
                  log.error);
done:
  if (dataset != NULL) GDALClose(dataset);
  CPLSetThreadLocalConfigOption("CPL_DEBUG", NULL);
  ky_gdal_log_close();
  return err;
}

static void report(ky_job *job, const char *where, const osm_pass *pass, bool is_unsorted) {
  if (is_unsorted)
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_INFO,
                    .source = where,
                    .reason = "osm_unsorted",
                    .action = ky_tr("read again in a slower way, nothing is lost; `osmium sort` makes it fast")},
        "%s", ky_tr("the file is not sorted by type and id"));
  if (pass->bridged != 0)
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = where,
                    .reason = "osm_missing_nodes",
                    .action = ky_tr("their streets run straight across the gap; cut extracts with complete ways")},
        ky_tr("%u ways lack some of their nodes (first: way %s)"), pass->bridged, pass->first_bridged);
}

static ky_err read_source(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  ky_picks picks;
  ky_raw_builder b;
  bool is_cut = false, is_unsorted = false;
  if (source->role == KY_ROLE_BUILDINGS) return ky_osm_buildings_read(job, source, vsi_path, out);
  if (source->role != KY_ROLE_ROADS)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: OpenStreetMap extracts are read as roads or buildings only; export the layer first"),
                   source->name, source->shown);
  VSIFCloseL(VSIFileFromMemBuffer(SETTINGS, (GByte *)(uintptr_t)settings, sizeof settings - 1, FALSE));
  KY_TRY(ky_crs_settle(job, source, "EPSG:4326", out));
  KY_TRY(ky_columns_pick(job, source, names, NULL, (uint32_t)NAME_COUNT, &picks));
  KY_TRY(ky_raw_begin(job, source, &picks, &b));
  b.decoder.name = "UTF-8";
  osm_pass pass = {.b = &b};
  KY_TRY(read_ways(job, source, vsi_path, true, &pass, &is_cut));
  if (is_cut) {
    is_unsorted = true;
    KY_TRY(ky_raw_begin(job, source, &picks, &b));
    b.decoder.name = "UTF-8";
    pass = (osm_pass){.b = &b};
    KY_TRY(read_ways(job, source, vsi_path, false, &pass, &is_cut));
  }
  report(job, b.where, &pass, is_unsorted);
  KY_TRY(ky_raw_finish(&b, names, out));
  out->format = "OpenStreetMap";
  out->encoding = "UTF-8";
  return KY_OK;
}

const ky_reader ky_reader_osm = {.name = "osm",
                                 .help = KY_MSG("OpenStreetMap extract: .osm.pbf, .osm, .osm.gz, .osm.bz2"),
                                 .recognise = recognise,
                                 .read = read_source};
