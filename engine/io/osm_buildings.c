/* Buildings of an OpenStreetMap extract through GDAL: see osm_buildings.h and, for what GDAL loses, read_osm.c. Ways
 * with missing nodes are no closed ways, so no building comes of them. */
#include "io/osm_buildings.h"

#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <string.h>

#include "io/crs.h"
#include "io/feature_geometry.h"
#include "io/gdal_log.h"
#include "io/people_window.h"

#define SETTINGS "/vsimem/kayoi_osm_buildings.ini"

static const char settings[] =
    "closed_ways_are_polygons=building\n"
    "attribute_name_laundering=no\n"
    "report_all_nodes=no\nreport_all_ways=no\n"
    "[points]\nosm_id=yes\nattributes=place\nother_tags=no\n"
    "[lines]\nosm_id=yes\nattributes=barrier\nother_tags=no\n"
    "[multipolygons]\nosm_id=yes\nattributes=building,building:levels\nother_tags=no\n"
    "[multilinestrings]\nosm_id=yes\nattributes=type\nother_tags=no\n"
    "[other_relations]\nosm_id=yes\nattributes=type\nother_tags=no\n";

static const char *const names[] = {"osm_id", "building", "building:levels"};
#define NAME_COUNT (sizeof names / sizeof *names)
enum { ID, BUILDING };

typedef struct building_pass {
  ky_raw_builder *b;
  const ky_box *window; /* NULL: everything */
  int index_of[NAME_COUNT], way_index;
} building_pass;

static bool has_value(OGRFeatureH feature, int index) {
  return index >= 0 && OGR_F_IsFieldSetAndNotNull(feature, index);
}

/* A building is a way, or a relation whose ways stand for its outline. */
static ky_err set_values(building_pass *pass, OGRFeatureH feature) {
  ky_raw_builder *b = pass->b;
  for (uint32_t p = 0; p < b->picks->count; p++) {
    int index = pass->index_of[b->picks->pick[p].field];
    if (b->picks->pick[p].field == ID && has_value(feature, pass->way_index)) index = pass->way_index;
    if (!has_value(feature, index)) continue;
    const char *text = OGR_F_GetFieldAsString(feature, index);
    KY_TRY(ky_raw_set(b, p, text, strlen(text)));
  }
  ky_raw_name(b);
  return KY_OK;
}

static ky_err take_building(building_pass *pass, OGRFeatureH feature) {
  const int building = pass->index_of[BUILDING];
  OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
  bool is_wrong_kind;
  if (!has_value(feature, building) || strcmp(OGR_F_GetFieldAsString(feature, building), "no") == 0) return KY_OK;
  pass->b->read_count++;
  if (ky_feature_is_outside(geometry, pass->window)) {
    pass->b->unneeded_count++;
    return KY_OK;
  }
  KY_TRY(ky_raw_add_nth(pass->b, "building", pass->b->read_count));
  KY_TRY(set_values(pass, feature));
  return ky_feature_geometry(pass->b, geometry, true, &is_wrong_kind);
}

static GDALDatasetH open_osm(const char *vsi_path, bool with_index) {
  const char *const drivers[] = {"OSM", NULL};
  const char *const options[] = {"CONFIG_FILE=" SETTINGS,
                                 with_index ? "USE_CUSTOM_INDEXING=YES" : "USE_CUSTOM_INDEXING=NO", NULL};
  return GDALOpenEx(vsi_path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options, NULL);
}

static void find_fields(building_pass *pass, OGRLayerH layer) {
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  for (uint32_t n = 0; n < NAME_COUNT; n++) pass->index_of[n] = OGR_FD_GetFieldIndex(definition, names[n]);
  pass->way_index = OGR_FD_GetFieldIndex(definition, "osm_way_id");
}

/* All buildings of the file. *is_cut: it ended with an error before its end. */
static ky_err read_areas(ky_job *job, const ky_source *source, const char *vsi_path, bool with_index,
                         building_pass *pass, bool *is_cut) {
  ky_gdal_log log = {0};
  ky_err err = KY_OK;
  OGRLayerH areas = NULL, layer = NULL;
  OGRFeatureH feature;
  ky_gdal_log_open(&log);
  GDALDatasetH dataset = open_osm(vsi_path, with_index);
  if (dataset != NULL) areas = GDALDatasetGetLayerByName(dataset, "multipolygons");
  if (areas == NULL) {
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be read as OpenStreetMap data: %s"), source->name,
                  source->shown, log.error[0] != '\0' ? log.error : "unknown format");
    goto done;
  }
  find_fields(pass, areas);
  for (int i = 0; i < GDALDatasetGetLayerCount(dataset); i++)
    if (GDALDatasetGetLayer(dataset, i) != areas) OGR_L_SetAttributeFilter(GDALDatasetGetLayer(dataset, i), "0 = 1");
  while (err == KY_OK && (feature = GDALDatasetGetNextFeature(dataset, &layer, NULL, NULL, NULL)) != NULL) {
    if (layer == areas) err = take_building(pass, feature);
    OGR_F_Destroy(feature);
  }
  *is_cut = err == KY_OK && log.error_count != 0;
  if (*is_cut && !with_index)
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: damaged: %s; get the extract again"), source->name, source->shown,
                  log.error);
done:
  if (dataset != NULL) GDALClose(dataset);
  ky_gdal_log_close();
  return err;
}

ky_err ky_osm_buildings_read(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  ky_picks picks;
  ky_raw_builder b;
  ky_box window;
  bool is_cut = true;
  VSIFCloseL(VSIFileFromMemBuffer(SETTINGS, (GByte *)(uintptr_t)settings, sizeof settings - 1, FALSE));
  KY_TRY(ky_crs_settle(job, source, "EPSG:4326", out));
  KY_TRY(ky_columns_pick(job, source, names, NULL, (uint32_t)NAME_COUNT, &picks));
  if (source->window != NULL) KY_TRY(ky_window_in(job, source->window, out->crs, &window));
  for (int with_index = 1; is_cut && with_index >= 0; with_index--) { /* an unsorted file is read again without it */
    KY_TRY(ky_raw_begin(job, source, &picks, &b));
    b.decoder.name = "UTF-8";
    building_pass pass = {.b = &b, .window = source->window != NULL ? &window : NULL};
    KY_TRY(read_areas(job, source, vsi_path, with_index == 1, &pass, &is_cut));
  }
  KY_TRY(ky_raw_finish(&b, names, out));
  out->format = "OpenStreetMap";
  out->encoding = "UTF-8";
  return KY_OK;
}
