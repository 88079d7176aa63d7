/* GeoPackage through GDAL: one file kayoi.gpkg, all layers, the run's planar CRS, a spatial index per layer. No time of
 * day gets into the file, so equal inputs give equal bytes. */
#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal.h>
#include <kayoi/write.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>

#include "io/gdal_log.h"
#include "io/gpkg_styles.h"
#include "io/ogr_shape.h"

#define FILE_DATE "2000-01-01T00:00:00.000Z"

static ky_err fail(ky_job *job, const char *path, const ky_gdal_log *log) {
  return ky_fail(
      job, KY_E_OUTPUT,
      ky_tr("%s: cannot be written: %s; the previous result is as it was; look at the room and the rights there "
            "or choose another folder with --out"),
      path, log->error[0] != '\0' ? log->error : "GDAL");
}

static bool create_field(OGRLayerH layer, const ky_column *column) {
  OGRFieldType type = column->type == KY_COLUMN_TEXT   ? OFTString
                      : column->type == KY_COLUMN_BOOL ? OFTInteger
                      : column->decimals == 0          ? OFTInteger64
                                                       : OFTReal;
  OGRFieldDefnH field = OGR_Fld_Create(column->name, type);
  if (column->type == KY_COLUMN_BOOL) OGR_Fld_SetSubType(field, OFSTBoolean);
  if (column->alias != NULL) OGR_Fld_SetAlternativeName(field, column->alias);
  bool is_done = OGR_L_CreateField(layer, field, FALSE) == OGRERR_NONE;
  OGR_Fld_Destroy(field);
  return is_done;
}

static void set_field(OGRFeatureH feature, int index, const ky_column *column, uint32_t record) {
  static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  int64_t fixed = column->type == KY_COLUMN_FIXED ? column->of.fixed[record] : KY_NULL;
  if (column->type == KY_COLUMN_TEXT && column->of.text[record] != NULL)
    OGR_F_SetFieldString(feature, index, column->of.text[record]);
  else if (column->type == KY_COLUMN_BOOL && column->of.flag[record] >= 0)
    OGR_F_SetFieldInteger(feature, index, column->of.flag[record] != 0);
  else if (fixed != KY_NULL && column->decimals == 0)
    OGR_F_SetFieldInteger64(feature, index, fixed);
  else if (fixed != KY_NULL)
    OGR_F_SetFieldDouble(feature, index, (double)fixed / power[column->decimals]);
  else
    OGR_F_SetFieldNull(feature, index);
}

static bool write_records(OGRLayerH layer, const ky_table *table, ky_layer_form form) {
  bool is_done = true;
  for (uint32_t i = 0; is_done && i < table->count; i++) {
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    for (uint32_t c = 0; c < table->column_count; c++) set_field(feature, (int)c, &table->columns[c], i);
    OGRGeometryH shape = form.kind == KY_SHAPE_NONE ? NULL : ky_ogr_geometry(table->shapes, i, form);
    if (shape != NULL) OGR_F_SetGeometryDirectly(feature, shape);
    is_done = OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
    OGR_F_Destroy(feature);
  }
  return is_done;
}

static bool write_layer(GDALDatasetH file, OGRSpatialReferenceH crs, const ky_table *table) {
  char identifier[128], description[256];
  snprintf(identifier, sizeof identifier, "IDENTIFIER=%s", table->layer);
  snprintf(description, sizeof description, "DESCRIPTION=%s", table->alias != NULL ? table->alias : table->layer);
  char *options[] = {
      identifier, description, (char[]){"GEOMETRY_NAME=geom"}, (char[]){"FID=fid"}, (char[]){"SPATIAL_INDEX=YES"},
      NULL};
  const ky_layer_form form = ky_shapes_form(table->shapes);
  const OGRwkbGeometryType type = ky_ogr_type(form);
  OGRLayerH layer = GDALDatasetCreateLayer(file, table->layer, type == wkbNone ? NULL : crs, type, options);
  if (layer == NULL) return false;
  for (uint32_t c = 0; c < table->column_count; c++)
    if (!create_field(layer, &table->columns[c])) return false;
  return write_records(layer, table, form);
}

static bool write_file(ky_job *job, const char *path, const ky_layers *layers, OGRSpatialReferenceH crs) {
  GDALDriverH driver = GDALGetDriverByName("GPKG");
  if (driver == NULL) return false;
  GDALDatasetH file = GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL);
  if (file == NULL) return false;
  bool is_done = GDALDatasetStartTransaction(file, FALSE) == OGRERR_NONE;
  for (uint32_t t = 0; is_done && t < layers->count; t++) is_done = write_layer(file, crs, &layers->tables[t]);
  is_done = is_done && ky_gpkg_styles(job, file, layers);
  is_done = is_done && GDALDatasetCommitTransaction(file) == OGRERR_NONE;
  CPLErrorReset();
  GDALClose(file); /* writes the spatial indexes and says in the log what failed */
  return is_done && CPLGetLastErrorType() < CE_Failure;
}

static ky_err write_gpkg(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder) {
  ky_gdal_log log = {0};
  ky_err err = KY_OK;
  const char *path = ky_format(&job->scratch, "%s/kayoi.gpkg", folder);
  (void)opts; /* the same for everybody */
  if (path == NULL) return ky_fail_memory(job);
  ky_gdal_start();
  ky_gdal_log_open(&log);
  CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", FILE_DATE);
  CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF"); /* the folder is synced before it is renamed */
  OGRSpatialReferenceH planar = OSRNewSpatialReference(NULL);
  if (planar == NULL || OSRSetFromUserInput(planar, layers->crs) != OGRERR_NONE) {
    err = ky_fail(job, KY_E_INTERNAL, "kayoi.gpkg: %s: %s", layers->crs, log.error);
    goto done;
  }
  OSRSetAxisMappingStrategy(planar, OAMS_TRADITIONAL_GIS_ORDER);
  if (!write_file(job, path, layers, planar) || log.error_count != 0) err = fail(job, path, &log);
done:
  if (planar != NULL) OSRDestroySpatialReference(planar);
  CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", NULL);
  CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", NULL);
  ky_gdal_log_close();
  return err;
}

const ky_writer ky_writer_gpkg = {
    .name = "gpkg", .help = "GeoPackage: one file with all layers in the run's CRS", .write = write_gpkg};
