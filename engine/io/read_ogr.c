/* Vector files through GDAL: Shapefile, GeoPackage, GeoJSON, FlatGeobuf. */
#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>

#include "io/crs.h"
#include "io/feature_geometry.h"
#include "io/gdal_log.h"
#include "io/reader.h"
#include "io/source_file.h"

static int recognise(const ky_source *source, const char *vsi_path) {
  static const char *const extensions[] = {"shp", "gpkg", "geojson", "json", "fgb"};
  (void)source;
  for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
    if (ky_path_has(vsi_path, extensions[i])) return 60;
  return 0;
}

static GDALDatasetH open_vector(const char *vsi_path) {
  const char *const drivers[] = {"ESRI Shapefile", "GPKG", "GeoJSON", "FlatGeobuf", NULL};
  const char *const options[] = {"ENCODING=", NULL}; /* Shapefile: the bytes as they are; decoded here, strictly */
  const bool is_shape = ky_path_has(vsi_path, "shp");
  return GDALOpenEx(vsi_path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, is_shape ? options : NULL, NULL);
}

/* The layer that the config names, else the only one. */
static ky_err find_layer(ky_job *job, const ky_source *source, GDALDatasetH dataset, OGRLayerH *layer) {
  const int count = GDALDatasetGetLayerCount(dataset);
  char list[512] = "";
  *layer = source->layer != NULL ? GDALDatasetGetLayerByName(dataset, source->layer) : NULL;
  if (source->layer == NULL && count == 1) *layer = GDALDatasetGetLayer(dataset, 0);
  if (*layer != NULL) return KY_OK;
  for (int i = 0; i < count && strlen(list) + 80 < sizeof list; i++)
    snprintf(list + strlen(list), 80, "%s%.70s", i == 0 ? "" : ", ", OGR_L_GetName(GDALDatasetGetLayer(dataset, i)));
  if (source->layer != NULL)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: no layer '%s'; it has: %s"), source->name, source->shown, source->layer, list);
  return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: %d layers; name one with layer: (%s)"), source->name, source->shown, count, list);
}

/* Names of the fields; a Shapefile's are bytes in the encoding of the file. */
static ky_err field_names(ky_job *job, const ky_source *source, OGRFeatureDefnH definition, ky_decoder *decoder,
                          const char ***names, uint32_t *count) {
  *count = (uint32_t)OGR_FD_GetFieldCount(definition);
  KY_NEW(job, keep, *names, (size_t)*count + 1);
  for (uint32_t f = 0; f < *count; f++) {
    const char *bytes = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, (int)f));
    switch (ky_decoder_text(decoder, &job->keep, bytes, strlen(bytes), &(*names)[f])) {
      case KY_DECODED_NO_MEMORY:
        return ky_fail_memory(job);
      case KY_DECODED_BAD:
        ky_issue_add(job, &(ky_issue){.severity = KY_WARNING, .source = ky_source_where(job, source), .field = (*names)[f],
                                      .reason = "bad_encoding", .action = ky_tr("the column cannot be mapped; declare encoding:")},
                     ky_tr("the name of column %u is not text in %s"), f + 1, ky_decoder_met(decoder));
        break;
      case KY_DECODED:
        break;
    }
    if ((*names)[f] == NULL) (*names)[f] = "";
  }
  return KY_OK;
}

/* What the texts are in: the config, else what the file says of itself (.cpg before the DBF's own byte); GDAL hands over
 * UTF-8 from every other format. */
static void settle_encoding(ky_job *job, const ky_source *source, OGRLayerH layer, bool is_shape, ky_decoder *decoder) {
  const char *name = source->encoding;
  if (!is_shape) {
    decoder->name = "UTF-8";
    return;
  }
  if (name == NULL) name = GDALGetMetadataItem(layer, "ENCODING_FROM_CPG", "SHAPEFILE");
  if (name == NULL) name = GDALGetMetadataItem(layer, "ENCODING_FROM_LDID", "SHAPEFILE");
  decoder->name = name != NULL && name[0] != '\0' ? ky_encoding_name(&job->keep, name) : NULL;
}

/* Only the columns that are asked for are read: a DBF can be far larger than what is used of it. */
static ky_err ignore_others(ky_job *job, OGRLayerH layer, OGRFeatureDefnH definition, const ky_picks *picks, uint32_t count) {
  const char **ignored;
  uint32_t n = 0;
  KY_NEW(job, scratch, ignored, (size_t)count + 1);
  for (uint32_t f = 0; f < count; f++) {
    bool is_used = false;
    for (uint32_t p = 0; p < picks->count; p++) is_used = is_used || picks->pick[p].field == f;
    if (!is_used) ignored[n++] = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, (int)f));
  }
  OGR_L_SetIgnoredFields(layer, ignored);
  return KY_OK;
}

static ky_err read_features(ky_raw_builder *b, OGRLayerH layer, bool is_geographic, uint32_t *wrong_kind) {
  OGRFeatureH feature = NULL;
  ky_err err = KY_OK;
  OGR_L_ResetReading(layer);
  while (err == KY_OK && (feature = OGR_L_GetNextFeature(layer)) != NULL) {
    char name[32];
    bool is_wrong = false;
    snprintf(name, sizeof name, "record %u", ++b->read_count);
    err = ky_raw_add(b, name);
    for (uint32_t p = 0; err == KY_OK && p < b->picks->count; p++) {
      int field = (int)b->picks->pick[p].field;
      if (!OGR_F_IsFieldSetAndNotNull(feature, field)) continue;
      const char *text = OGR_F_GetFieldAsString(feature, field);
      err = ky_raw_set(b, p, text, strlen(text));
    }
    if (err == KY_OK) {
      ky_raw_name(b);
      err = ky_feature_geometry(b, OGR_F_GetGeometryRef(feature), is_geographic, &is_wrong);
    }
    *wrong_kind += is_wrong;
    OGR_F_Destroy(feature);
  }
  return err;
}

static const char *format_name(GDALDatasetH dataset) {
  const char *name = GDALGetDriverShortName(GDALGetDatasetDriver(dataset));
  return strcmp(name, "ESRI Shapefile") == 0 ? "Shapefile" : strcmp(name, "GPKG") == 0 ? "GeoPackage"
         : strcmp(name, "GeoJSON") == 0      ? "GeoJSON"
                                             : "FlatGeobuf";
}

static ky_err layer_crs(ky_job *job, const ky_source *source, OGRLayerH layer, ky_raw *out) {
  char *wkt = NULL;
  OGRSpatialReferenceH crs = OGR_L_GetSpatialRef(layer);
  if (ky_role_get(source->role)->kinds == 1u << KY_SHAPE_NONE) return KY_OK;
  if (crs != NULL && OSRExportToWkt(crs, &wkt) != OGRERR_NONE) wkt = NULL;
  ky_err err = ky_crs_settle(job, source, wkt, out);
  CPLFree(wkt);
  return err;
}

static ky_err read_layer(ky_job *job, const ky_source *source, GDALDatasetH dataset, OGRLayerH layer, ky_gdal_log *log,
                         ky_raw *out) {
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  const bool is_shape = strcmp(format_name(dataset), "Shapefile") == 0;
  ky_decoder decoder = {0};
  ky_picks picks;
  ky_raw_builder b;
  const char **names;
  uint32_t count, wrong_kind = 0;
  settle_encoding(job, source, layer, is_shape, &decoder);
  KY_TRY(layer_crs(job, source, layer, out));
  KY_TRY(field_names(job, source, definition, &decoder, &names, &count));
  KY_TRY(ky_columns_pick(job, source, names, NULL, count, &picks));
  KY_TRY(ignore_others(job, layer, definition, &picks, count));
  KY_TRY(ky_raw_begin(job, source, &picks, &b));
  b.decoder = decoder;
  KY_TRY(read_features(&b, layer, out->is_geographic, &wrong_kind));
  if (log->error_count != 0)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: damaged after record %u: %s"), source->name, source->shown, b.read_count,
                   log->error);
  if (b.count == 0 && wrong_kind != 0 && wrong_kind == b.read_count)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: its geometry (%s) cannot be %s; is it the right file?"), source->name,
                   source->shown, OGRGeometryTypeToName(OGR_FD_GetGeomType(definition)), ky_role_get(source->role)->name);
  KY_TRY(ky_raw_finish(&b, names, out));
  out->format = format_name(dataset);
  out->encoding = is_shape ? ky_decoder_met(&b.decoder) : NULL;
  return KY_OK;
}

static ky_err read_source(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  ky_gdal_log log = {0};
  OGRLayerH layer = NULL;
  ky_err err = KY_OK;
  ky_gdal_log_open(&log);
  GDALDatasetH dataset = open_vector(vsi_path);
  if (dataset == NULL) {
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be read as Shapefile, GeoPackage, GeoJSON or FlatGeobuf: %s"),
                  source->name, source->shown, log.error[0] != '\0' ? log.error : "unknown format");
    goto done;
  }
  err = find_layer(job, source, dataset, &layer);
  if (err == KY_OK) err = read_layer(job, source, dataset, layer, &log, out);
  if (err == KY_OK) ky_gdal_log_report(job, &log, ky_source_where(job, source));
done:
  if (dataset != NULL) GDALClose(dataset);
  ky_gdal_log_close();
  return err;
}

const ky_reader ky_reader_ogr = {
    .name = "ogr", .help = "vector layer: Shapefile, GeoPackage, GeoJSON, FlatGeobuf", .recognise = recognise, .read = read_source};
