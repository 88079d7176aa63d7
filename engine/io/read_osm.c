/* OpenStreetMap extracts (.osm.pbf, .osm, .osm.gz, .osm.bz2) through GDAL: the streets in them, or the rivers, waters
 * and railways (the buildings: osm_buildings.c). GDAL loses three things in silence, and each is caught here: unsorted
 * files end early (read again without its index), closed ways with area=yes are polygons (read too), ways with missing
 * nodes are bridged (counted from its debug messages). */
#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <stdio.h>
#include <string.h>

#include "io/barrier_kinds.h"
#include "io/crs.h"
#include "io/gdal_log.h"
#include "io/osm_buildings.h"
#include "io/raw_point.h"
#include "io/reader.h"
#include "io/source_file.h"

/* GDAL's settings: `closed` ways are polygons; `tags` become columns. */
#define SETTINGS_OF(closed, tags)                                             \
  "closed_ways_are_polygons=" closed                                          \
  "\nattribute_name_laundering=no\nreport_all_nodes=no\nreport_all_ways=no\n" \
  "[points]\nosm_id=yes\nattributes=highway\nother_tags=no\n"                 \
  "[lines]\nosm_id=yes\nattributes=" tags                                     \
  "\nother_tags=no\n"                                                         \
  "[multipolygons]\nosm_id=yes\nattributes=" tags                             \
  ",area\nother_tags=no\n"                                                    \
  "[multilinestrings]\nosm_id=yes\nattributes=type\nother_tags=no\n"          \
  "[other_relations]\nosm_id=yes\nattributes=type\nother_tags=no\n"

#define PLAN_NAMES 10
enum { ID, HIGHWAY, ROUTE, WATERWAY = HIGHWAY, RAILWAY, NATURAL }; /* places in the names of the plans */

/* What of an extract is read for a role. */
typedef struct osm_plan {
  const char *settings_path, *settings;
  const char *names[PLAN_NAMES + 1]; /* NULL behind the last */
  uint32_t name_count;
  const char *filter; /* in GDAL's SQL: lets pass what is_wanted may want */
  bool (*is_wanted)(const ky_source *source, OGRFeatureH feature, const int *index_of);
  bool with_relations; /* areas that are relations too, and all rings of areas */
} osm_plan;

static int recognise(const ky_source *source, const char *vsi_path) {
  (void)source;
  return ky_path_has(vsi_path, "pbf") || ky_path_has(vsi_path, "osm") || strstr(vsi_path, ".osm.") != NULL ? 80 : 0;
}

/* What reading one file told beside its records. */
typedef struct osm_pass {
  const osm_plan *plan;
  ky_raw_builder *b;
  OGRLayerH layer; /* the newest one, and what find_fields said of it */
  int index_of[PLAN_NAMES];
  bool is_useful, is_area;
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

/* All rings of a multipolygon. */
static ky_err add_rings(ky_raw_builder *b, OGRGeometryH area) {
  for (int p = 0; p < OGR_G_GetGeometryCount(area); p++) {
    OGRGeometryH polygon = OGR_G_GetGeometryRef(area, p);
    for (int r = 0; r < OGR_G_GetGeometryCount(polygon); r++) KY_TRY(add_line(b, OGR_G_GetGeometryRef(polygon, r)));
  }
  return KY_OK;
}

/* A way is a line; with area=yes it comes as a polygon, whose outer ring is the way. */
static ky_err add_geometry(const osm_pass *pass, OGRGeometryH geometry) {
  if (geometry == NULL || !pass->is_area) return geometry != NULL ? add_line(pass->b, geometry) : KY_OK;
  if (pass->plan->with_relations) return add_rings(pass->b, geometry);
  if (OGR_G_GetGeometryCount(geometry) > 0) geometry = OGR_G_GetGeometryRef(geometry, 0);
  geometry = OGR_G_GetGeometryRef(geometry, 0);
  return geometry != NULL ? add_line(pass->b, geometry) : KY_OK;
}

static ky_err add_way(const osm_pass *pass, OGRFeatureH feature) {
  ky_raw_builder *b = pass->b;
  KY_TRY(ky_raw_add_nth(b, "way", ++b->read_count));
  for (uint32_t p = 0; p < b->picks->count; p++) {
    const int index = pass->index_of[b->picks->pick[p].field];
    if (index < 0 || !OGR_F_IsFieldSetAndNotNull(feature, index)) continue;
    const char *text = OGR_F_GetFieldAsString(feature, index);
    KY_TRY(ky_raw_set(b, p, text, strlen(text)));
  }
  ky_raw_name(b);
  KY_TRY(add_geometry(pass, OGR_F_GetGeometryRef(feature)));
  if (b->first_part[b->count - 1] == b->part_count)
    ky_raw_bad_place(b, "geometry", "street_without_nodes", "%s",
                     ky_tr("fewer than two of the way's nodes are in the file"));
  return KY_OK;
}

static bool is_street(const ky_source *source, OGRFeatureH feature, const int *index_of) {
  const int highway = index_of[HIGHWAY], route = index_of[ROUTE];
  (void)source;
  if (highway >= 0 && OGR_F_IsFieldSetAndNotNull(feature, highway)) return true;
  return route >= 0 && OGR_F_IsFieldSetAndNotNull(feature, route) &&
         strcmp(OGR_F_GetFieldAsString(feature, route), "ferry") == 0;
}

static bool is_barrier(const ky_source *source, OGRFeatureH feature, const int *index_of) {
  for (int tag = WATERWAY; tag <= NATURAL; tag++)
    if (index_of[tag] >= 0 && OGR_F_IsFieldSetAndNotNull(feature, index_of[tag]) &&
        ky_barrier_is_kind(source, OGR_F_GetFieldAsString(feature, index_of[tag])))
      return true;
  return false;
}

static const osm_plan streets = {
    .settings_path = "/vsimem/kayoi_osm_streets.ini",
    .settings = SETTINGS_OF("", "highway,route,foot,access,motorroad,indoor,bridge,tunnel,layer"),
    .names = {"osm_id", "highway", "route", "foot", "access", "motorroad", "indoor", "bridge", "tunnel", "layer"},
    .name_count = 10,
    .filter = "highway IS NOT NULL OR route = 'ferry'",
    .is_wanted = is_street};

static const osm_plan barriers = {.settings_path = "/vsimem/kayoi_osm_barriers.ini",
                                  .settings = SETTINGS_OF("natural,waterway", "waterway,railway,natural,bridge,tunnel"),
                                  .names = {"osm_id", "waterway", "railway", "natural", "bridge", "tunnel"},
                                  .name_count = 6,
                                  .filter = "waterway IS NOT NULL OR railway IS NOT NULL OR \"natural\" IS NOT NULL",
                                  .is_wanted = is_barrier,
                                  .with_relations = true};

/* Where the plan's names are in a layer of lines or areas, -1 where it lacks one; false: a layer of other things. */
static bool find_fields(const osm_plan *plan, OGRLayerH layer, int index_of[PLAN_NAMES], bool *is_area) {
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  *is_area = strcmp(OGR_L_GetName(layer), "multipolygons") == 0;
  for (uint32_t n = 0; n < plan->name_count; n++) index_of[n] = OGR_FD_GetFieldIndex(definition, plan->names[n]);
  if (*is_area) index_of[ID] = OGR_FD_GetFieldIndex(definition, "osm_way_id");
  return *is_area || strcmp(OGR_L_GetName(layer), "lines") == 0;
}

/* Areas that are relations have no way's id; of streets their ways stand for themselves. */
static ky_err take_feature(osm_pass *pass, OGRLayerH layer, OGRFeatureH feature) {
  if (layer != pass->layer) {
    pass->is_useful = find_fields(pass->plan, layer, pass->index_of, &pass->is_area);
    pass->layer = layer;
  }
  if (!pass->is_useful || !pass->plan->is_wanted(pass->b->source, feature, pass->index_of)) return KY_OK;
  const int way = pass->index_of[ID];
  if (pass->is_area && !pass->plan->with_relations && (way < 0 || !OGR_F_IsFieldSetAndNotNull(feature, way)))
    return KY_OK;
  return add_way(pass, feature);
}

static GDALDatasetH open_osm(const osm_plan *plan, const char *vsi_path, bool with_index) {
  char config[64];
  const char *const drivers[] = {"OSM", NULL};
  const char *const options[] = {config, with_index ? "USE_CUSTOM_INDEXING=YES" : "USE_CUSTOM_INDEXING=NO", NULL};
  snprintf(config, sizeof config, "CONFIG_FILE=%s", plan->settings_path);
  return GDALOpenEx(vsi_path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options, NULL);
}

/* GDAL looks up the nodes only of what passes, and assembles no points and no relations of other things. */
static void want(const osm_plan *plan, GDALDatasetH dataset) {
  OGRLayerH none = GDALDatasetExecuteSQL(dataset, "SET interest_layers = lines,multipolygons", NULL, NULL);
  if (none != NULL) GDALDatasetReleaseResultSet(dataset, none);
  for (int i = 0; i < GDALDatasetGetLayerCount(dataset); i++) {
    OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
    int index_of[PLAN_NAMES];
    bool is_area;
    OGR_L_SetAttributeFilter(layer, find_fields(plan, layer, index_of, &is_area) ? plan->filter : "0 = 1");
  }
}

/* All that the plan wants of the file. *is_cut: it ended with an error before its end. */
static ky_err read_ways(ky_job *job, const ky_source *source, const char *vsi_path, bool with_index, osm_pass *pass,
                        bool *is_cut) {
  ky_gdal_log log = {.on_debug = on_debug, .user = pass};
  ky_err err = KY_OK;
  OGRLayerH layer = NULL;
  OGRFeatureH feature;
  ky_gdal_log_open(&log);
  CPLSetThreadLocalConfigOption("CPL_DEBUG", "OSM");
  GDALDatasetH dataset = open_osm(pass->plan, vsi_path, with_index);
  if (dataset == NULL) {
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be read as OpenStreetMap data: %s"), source->name,
                  source->shown, log.error[0] != '\0' ? log.error : "unknown format");
    goto done;
  }
  want(pass->plan, dataset);
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
                    .action = ky_tr("their lines run straight across the gap; cut extracts with complete ways")},
        ky_tr("%u ways lack some of their nodes (first: way %s)"), pass->bridged, pass->first_bridged);
}

static ky_err read_source(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  ky_picks picks;
  ky_raw_builder b;
  bool is_cut = false, is_unsorted = false;
  if (source->role == KY_ROLE_BUILDINGS) return ky_osm_buildings_read(job, source, vsi_path, out);
  const osm_plan *plan = source->role == KY_ROLE_ROADS ? &streets : &barriers;
  if (source->role != KY_ROLE_ROADS && source->role != KY_ROLE_BARRIERS)
    return ky_fail(
        job, KY_E_INPUT,
        ky_tr("%s %s: OpenStreetMap extracts are read as roads, buildings or barriers only; export the layer "
              "first"),
        source->name, source->shown);
  VSIFCloseL(
      VSIFileFromMemBuffer(plan->settings_path, (GByte *)(uintptr_t)plan->settings, strlen(plan->settings), FALSE));
  KY_TRY(ky_crs_settle(job, source, "EPSG:4326", out));
  KY_TRY(ky_columns_pick(job, source, plan->names, NULL, plan->name_count, &picks));
  KY_TRY(ky_raw_begin(job, source, &picks, &b));
  b.decoder.name = "UTF-8";
  osm_pass pass = {.plan = plan, .b = &b};
  KY_TRY(read_ways(job, source, vsi_path, true, &pass, &is_cut));
  if (is_cut) {
    is_unsorted = true;
    KY_TRY(ky_raw_begin(job, source, &picks, &b));
    b.decoder.name = "UTF-8";
    pass = (osm_pass){.plan = plan, .b = &b};
    KY_TRY(read_ways(job, source, vsi_path, false, &pass, &is_cut));
  }
  report(job, b.where, &pass, is_unsorted);
  KY_TRY(ky_raw_finish(&b, plan->names, out));
  out->format = "OpenStreetMap";
  out->encoding = "UTF-8";
  return KY_OK;
}

const ky_reader ky_reader_osm = {.name = "osm",
                                 .help = KY_MSG("OpenStreetMap extract: .osm.pbf, .osm, .osm.gz, .osm.bz2"),
                                 .recognise = recognise,
                                 .read = read_source};
