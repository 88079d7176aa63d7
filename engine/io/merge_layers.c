#include "io/merge_layers.h"

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "io/gdal_log.h"

#define DEGREES     "EPSG:6668"
#define STYLES      "layer_styles"
#define CODE_COLUMN "municipality_code"
#define NAME_COLUMN "municipality_name"

struct ky_layer_merge {
  ky_gdal_log log;
  const char *path;
  GDALDatasetH dataset;
  OGRSpatialReferenceH crs;
  bool is_common; /* all runs have this CRS */
  bool has_styles;
};

static ky_err fail(ky_job *job, const ky_layer_merge *merge, const char *path) {
  return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: %s cannot be merged into it: %s"), merge->path, path, merge->log.error);
}

static OGRSpatialReferenceH open_crs(const char *text) {
  OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
  OSRSetFromUserInput(crs, text);
  OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
  return crs;
}

ky_err ky_layer_merge_open(ky_job *job, const char *path, const char *const *crs, uint32_t count,
                           ky_layer_merge **out) {
  const char *first = NULL;
  KY_NEW(job, keep, *out, 1);
  ky_layer_merge *merge = *out;
  merge->path = path;
  merge->is_common = true;
  for (uint32_t i = 0; i < count; i++) {
    if (crs[i] == NULL) continue;
    if (first == NULL) first = crs[i];
    merge->is_common = merge->is_common && strcmp(first, crs[i]) == 0;
  }
  ky_gdal_start();
  ky_gdal_log_open(&merge->log);
  merge->crs = open_crs(merge->is_common && first != NULL ? first : DEGREES);
  GDALDriverH driver = GDALGetDriverByName("GPKG");
  merge->dataset = driver != NULL ? GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL) : NULL;
  if (merge->dataset != NULL && GDALDatasetStartTransaction(merge->dataset, 0) == OGRERR_NONE) return KY_OK;
  return ky_layer_merge_close(job, fail(job, merge, path), merge);
}

static bool add_text_field(OGRLayerH layer, const char *name, const char *alias) {
  OGRFieldDefnH field = OGR_Fld_Create(name, OFTString);
  OGR_Fld_SetAlternativeName(field, alias);
  const bool is_good = OGR_L_CreateField(layer, field, 0) == OGRERR_NONE;
  OGR_Fld_Destroy(field);
  return is_good;
}

/* The layer of that name with every column of this one; NULL: it cannot be made. */
static OGRLayerH find_layer(ky_layer_merge *merge, OGRLayerH from, bool has_code) {
  const char *name = OGR_L_GetName(from);
  OGRFeatureDefnH columns = OGR_L_GetLayerDefn(from);
  OGRLayerH layer = GDALDatasetGetLayerByName(merge->dataset, name);
  if (layer == NULL) {
    const OGRwkbGeometryType type = OGR_FD_GetGeomType(columns);
    layer = GDALDatasetCreateLayer(merge->dataset, name, type == wkbNone ? NULL : merge->crs, type, NULL);
    if (layer == NULL) return NULL;
    if (has_code &&
        (!add_text_field(layer, CODE_COLUMN, "市町村コード") || !add_text_field(layer, NAME_COLUMN, "市町村")))
      return NULL;
  }
  for (int f = 0; f < OGR_FD_GetFieldCount(columns); f++) {
    OGRFieldDefnH field = OGR_FD_GetFieldDefn(columns, f);
    if (OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(layer), OGR_Fld_GetNameRef(field)) >= 0) continue;
    if (OGR_L_CreateField(layer, field, 0) != OGRERR_NONE) return NULL;
  }
  return layer;
}

static bool copy_feature(OGRFeatureH feature, OGRLayerH to, OGRCoordinateTransformationH way, const char *code,
                         const char *name) {
  OGRFeatureH copy = OGR_F_Create(OGR_L_GetLayerDefn(to));
  bool is_good = OGR_F_SetFrom(copy, feature, 1) == OGRERR_NONE;
  OGRGeometryH geometry = OGR_F_GetGeometryRef(copy);
  if (is_good && way != NULL && geometry != NULL) is_good = OGR_G_Transform(geometry, way) == OGRERR_NONE;
  if (code != NULL) {
    OGR_F_SetFieldString(copy, OGR_F_GetFieldIndex(copy, CODE_COLUMN), code);
    OGR_F_SetFieldString(copy, OGR_F_GetFieldIndex(copy, NAME_COLUMN), name);
  }
  is_good = is_good && OGR_L_CreateFeature(to, copy) == OGRERR_NONE;
  OGR_F_Destroy(copy);
  return is_good;
}

static bool copy_layer(ky_layer_merge *merge, OGRLayerH from, const char *code, const char *name) {
  OGRLayerH to = find_layer(merge, from, code != NULL);
  OGRSpatialReferenceH crs = OGR_L_GetSpatialRef(from);
  OGRCoordinateTransformationH way =
      to != NULL && crs != NULL && !merge->is_common ? OCTNewCoordinateTransformation(crs, merge->crs) : NULL;
  bool is_good = to != NULL;
  OGRFeatureH feature;
  while (is_good && (feature = OGR_L_GetNextFeature(from)) != NULL) {
    is_good = copy_feature(feature, to, way, code, name);
    OGR_F_Destroy(feature);
  }
  if (way != NULL) OCTDestroyCoordinateTransformation(way);
  return is_good;
}

ky_err ky_layer_merge_add(ky_job *job, ky_layer_merge *merge, const char *path, const char *code, const char *name) {
  GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
  if (dataset == NULL)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s: cannot be read; layers are merged from GeoPackages: put gpkg into outputs.formats of the "
                         "template, plan and run again"),
                   path);
  bool is_good = true;
  for (int l = 0; is_good && l < GDALDatasetGetLayerCount(dataset); l++) {
    OGRLayerH layer = GDALDatasetGetLayer(dataset, l);
    const bool is_styles = strcmp(OGR_L_GetName(layer), STYLES) == 0;
    if (is_styles && merge->has_styles) continue; /* the same for all */
    is_good = copy_layer(merge, layer, is_styles ? NULL : code, name);
    merge->has_styles = merge->has_styles || is_styles;
  }
  const ky_err err = is_good ? KY_OK : fail(job, merge, path);
  GDALClose(dataset);
  return err;
}

ky_err ky_layer_merge_close(ky_job *job, ky_err err, ky_layer_merge *merge) {
  if (merge->dataset != NULL) {
    if (err == KY_OK && GDALDatasetCommitTransaction(merge->dataset) != OGRERR_NONE)
      err = fail(job, merge, merge->path);
    GDALClose(merge->dataset);
  }
  OSRDestroySpatialReference(merge->crs);
  ky_gdal_log_close();
  return err;
}
