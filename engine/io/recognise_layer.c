/* Facts of a layer of a vector file: columns, geometry, CRS, records, the municipality that it names. */
#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "io/crs.h"
#include "io/encoding.h"
#include "io/gdal_log.h"
#include "io/layer_refusal.h"
#include "io/recognise.h"
#include "io/shape_parts.h"
#include "io/source_file.h"

#define NAMING_RECORDS 20000 /* records that are looked at for the municipality's name */

static ky_err field_names(ky_job *job, OGRFeatureDefnH definition, ky_decoder *decoder, ky_recognised *out) {
  out->column_count = (uint32_t)OGR_FD_GetFieldCount(definition);
  KY_NEW(job, keep, out->columns, (size_t)out->column_count + 1);
  for (uint32_t f = 0; f < out->column_count; f++) {
    const char *bytes = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, (int)f));
    if (ky_decoder_text(decoder, &job->keep, bytes, strlen(bytes), &out->columns[f]) == KY_DECODED_NO_MEMORY)
      return ky_fail_memory(job);
    if (out->columns[f] == NULL) out->columns[f] = "";
  }
  return KY_OK;
}

/* The layer's geometry, where it does not say: its first record's. */
static OGRwkbGeometryType geometry_type(OGRLayerH layer) {
  OGRwkbGeometryType type = wkbFlatten(OGR_FD_GetGeomType(OGR_L_GetLayerDefn(layer)));
  if (type != wkbUnknown) return type;
  OGR_L_ResetReading(layer);
  for (OGRFeatureH feature; type == wkbUnknown && (feature = OGR_L_GetNextFeature(layer)) != NULL;
       OGR_F_Destroy(feature))
    if (OGR_F_GetGeometryRef(feature) != NULL) type = wkbFlatten(OGR_G_GetGeometryType(OGR_F_GetGeometryRef(feature)));
  return type;
}

static void set_geometry(OGRLayerH layer, ky_recognised *out) {
  switch (geometry_type(layer)) {
    case wkbPoint:
    case wkbMultiPoint:
      out->geometry = KY_SHAPE_POINT;
      break;
    case wkbLineString:
    case wkbMultiLineString:
      out->geometry = KY_SHAPE_LINE;
      break;
    case wkbPolygon:
    case wkbMultiPolygon:
      out->geometry = KY_SHAPE_POLYGON;
      break;
    case wkbNone:
      break;
    default:
      out->has_geometry_other = true;
      break;
  }
}

static ky_err set_crs(ky_job *job, OGRLayerH layer, ky_recognised *out) {
  char *wkt = NULL;
  bool is_valid = false;
  ky_crs crs;
  OGRSpatialReferenceH reference = OGR_L_GetSpatialRef(layer);
  ky_err err = KY_OK;
  if (reference == NULL || OSRExportToWkt(reference, &wkt) != OGRERR_NONE) goto done;
  err = ky_crs_read(job, wkt, &crs, &is_valid);
  if (err == KY_OK && is_valid) out->crs = crs.text;
done:
  CPLFree(wkt);
  return err;
}

static ky_err value(ky_job *job, ky_decoder *decoder, OGRFeatureH feature, int field, const char **out) {
  *out = NULL;
  if (field < 0 || !OGR_F_IsFieldSetAndNotNull(feature, field)) return KY_OK;
  const char *bytes = OGR_F_GetFieldAsString(feature, field);
  ky_decoded decoded = ky_decoder_text(decoder, &job->scratch, bytes, strlen(bytes), out);
  if (decoded == KY_DECODED_BAD) *out = NULL;
  return decoded == KY_DECODED_NO_MEMORY ? ky_fail_memory(job) : KY_OK;
}

/* 市, 区, 町 or 村 at the end. */
static bool is_municipality_name(const char *name) {
  static const char *const ends[] = {"市", "区", "町", "村"};
  size_t length = strlen(name);
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    if (length > 3 && strcmp(name + length - 3, ends[i]) == 0) return true;
  return false;
}

/* Borders name their municipality in N03_007 (code) and N03_004 (name), borders of other makers in `name`. */
static ky_err find_municipality(ky_job *job, OGRLayerH layer, ky_decoder *decoder, ky_recognised *out) {
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  const int code_field = OGR_FD_GetFieldIndex(definition, "N03_007");
  int name_field = OGR_FD_GetFieldIndex(definition, "N03_004");
  const bool is_other = name_field < 0 && code_field < 0 && out->geometry == KY_SHAPE_POLYGON;
  if (is_other) name_field = OGR_FD_GetFieldIndex(definition, "name");
  OGRFeatureH feature = NULL;
  ky_err err = KY_OK;
  if (code_field < 0 && name_field < 0) return KY_OK;
  OGR_L_ResetReading(layer);
  for (int n = 0; n < NAMING_RECORDS && err == KY_OK && (feature = OGR_L_GetNextFeature(layer)) != NULL; n++) {
    const char *code, *name = NULL;
    err = value(job, decoder, feature, code_field, &code);
    if (err == KY_OK) err = value(job, decoder, feature, name_field, &name);
    if (is_other && name != NULL && !is_municipality_name(name)) out->municipality_count = 2;
    if (err == KY_OK) err = ky_recognise_municipality(job, code, name, out);
    OGR_F_Destroy(feature);
  }
  if (is_other && out->municipality_count > 1) { /* names of something else */
    out->municipality_count = 0;
    out->municipality_name = NULL;
  }
  return err;
}

static ky_err list_layers(ky_job *job, GDALDatasetH dataset, ky_recognised *out) {
  out->layer_count = (uint32_t)GDALDatasetGetLayerCount(dataset);
  KY_NEW(job, keep, out->layers, (size_t)out->layer_count + 1);
  for (uint32_t i = 0; i < out->layer_count; i++) {
    out->layers[i] = ky_format(&job->keep, "%s", OGR_L_GetName(GDALDatasetGetLayer(dataset, (int)i)));
    if (out->layers[i] == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

static ky_err look(ky_job *job, const ky_source *source, GDALDatasetH dataset, const ky_gdal_log *log,
                   ky_recognised *out) {
  const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(dataset));
  const bool is_shape = strcmp(driver, "ESRI Shapefile") == 0;
  ky_decoder decoder = {.name = is_shape ? NULL : "UTF-8"};
  out->format = is_shape ? "Shapefile" : strcmp(driver, "GPKG") == 0 ? "GeoPackage" : driver;
  out->format = ky_format(&job->keep, "%s", out->format);
  if (out->format == NULL) return ky_fail_memory(job);
  KY_TRY(list_layers(job, dataset, out));
  OGRLayerH layer =
      source->layer != NULL ? GDALDatasetGetLayerByName(dataset, source->layer) : GDALDatasetGetLayer(dataset, 0);
  if (layer == NULL) return ky_fail(job, KY_E_INPUT, ky_tr("%s: it holds no layer"), source->shown);
  const char *encoding = is_shape ? GDALGetMetadataItem(layer, "ENCODING_FROM_CPG", "SHAPEFILE") : NULL;
  if (encoding == NULL && is_shape) encoding = GDALGetMetadataItem(layer, "ENCODING_FROM_LDID", "SHAPEFILE");
  if (encoding != NULL && encoding[0] != '\0') decoder.name = ky_encoding_name(&job->keep, encoding);
  KY_TRY(field_names(job, OGR_L_GetLayerDefn(layer), &decoder, out));
  set_geometry(layer, out);
  if (out->is_brief) return KY_OK;
  KY_TRY(set_crs(job, layer, out));
  GIntBig count = OGR_L_GetFeatureCount(layer, TRUE);
  if (count >= 0 && count < (GIntBig)KY_NONE) out->count = (uint32_t)count;
  KY_TRY(find_municipality(job, layer, &decoder, out));
  if (is_shape) out->encoding = decoder.name;
  if (log->error_count != 0) return ky_fail(job, KY_E_INPUT, ky_tr("%s: damaged: %s"), source->shown, log->error);
  return KY_OK;
}

ky_err ky_recognise_layer(ky_job *job, const ky_source *source, const char *vsi_path, ky_recognised *out) {
  const char *const drivers[] = {"ESRI Shapefile", "GPKG", "GeoJSON", "FlatGeobuf", NULL};
  const char *const options[] = {"ENCODING=", NULL}; /* Shapefile: the bytes as they are, decoded here */
  ky_gdal_log log = {0};
  ky_err err;
  KY_TRY(ky_shape_parts_check(job, source, vsi_path));
  ky_gdal_log_open(&log);
  GDALDatasetH dataset = GDALOpenEx(vsi_path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers,
                                    ky_path_has(vsi_path, "shp") ? options : NULL, NULL);
  if (dataset == NULL) {
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s: cannot be opened as a vector layer: %s"), source->shown,
                  ky_layer_refusal(job, vsi_path, log.error));
    goto done;
  }
  err = look(job, source, dataset, &log, out);
done:
  if (dataset != NULL) GDALClose(dataset);
  ky_gdal_log_close();
  return err;
}
