/* The table layer_styles, as QGIS makes it when it saves a style into a GeoPackage. */
#include "io/gpkg_styles.h"

#include <gdal.h>
#include <ogr_api.h>

#include "io/style.h"

#define STYLE_DATE "2000-01-01T00:00:00.000Z"

enum { CATALOG, SCHEMA, TABLE, COLUMN, NAME, QML, SLD, BY_DEFAULT, ABOUT, OWNER, UI, TIME, FIELDS };

static OGRLayerH make_table(GDALDatasetH file) {
  static const struct {
    const char *name;
    OGRFieldType type;
    OGRFieldSubType kind;
    int width;
  } fields[FIELDS] = {[CATALOG] = {"f_table_catalog", OFTString, OFSTNone, 256},
                      [SCHEMA] = {"f_table_schema", OFTString, OFSTNone, 256},
                      [TABLE] = {"f_table_name", OFTString, OFSTNone, 256},
                      [COLUMN] = {"f_geometry_column", OFTString, OFSTNone, 256},
                      [NAME] = {"styleName", OFTString, OFSTNone, 30},
                      [QML] = {"styleQML", OFTString, OFSTNone, 0},
                      [SLD] = {"styleSLD", OFTString, OFSTNone, 0},
                      [BY_DEFAULT] = {"useAsDefault", OFTInteger, OFSTBoolean, 0},
                      [ABOUT] = {"description", OFTString, OFSTNone, 0},
                      [OWNER] = {"owner", OFTString, OFSTNone, 30},
                      [UI] = {"ui", OFTString, OFSTNone, 30},
                      [TIME] = {"update_time", OFTDateTime, OFSTNone, 0}};
  char *options[] = {(char[]){"FID=id"}, (char[]){"DESCRIPTION=QGIS のスタイル"}, NULL};
  OGRLayerH layer = GDALDatasetCreateLayer(file, "layer_styles", NULL, wkbNone, options);
  for (int f = 0; layer != NULL && f < FIELDS; f++) {
    OGRFieldDefnH field = OGR_Fld_Create(fields[f].name, fields[f].type);
    OGR_Fld_SetSubType(field, fields[f].kind);
    OGR_Fld_SetWidth(field, fields[f].width);
    if (OGR_L_CreateField(layer, field, FALSE) != OGRERR_NONE) layer = NULL;
    OGR_Fld_Destroy(field);
  }
  return layer;
}

static bool add_style(OGRLayerH layer, const ky_table *table, const char *qml, const char *sld) {
  OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
  OGR_F_SetFieldString(feature, CATALOG, "");
  OGR_F_SetFieldString(feature, SCHEMA, "");
  OGR_F_SetFieldString(feature, TABLE, table->layer);
  OGR_F_SetFieldString(feature, COLUMN, table->shapes != NULL ? "geom" : "");
  OGR_F_SetFieldString(feature, NAME, table->layer);
  OGR_F_SetFieldString(feature, QML, qml);
  OGR_F_SetFieldString(feature, SLD, sld);
  OGR_F_SetFieldInteger(feature, BY_DEFAULT, 1);
  OGR_F_SetFieldString(feature, ABOUT, table->alias != NULL ? table->alias : table->layer);
  OGR_F_SetFieldString(feature, OWNER, "kayoi");
  OGR_F_SetFieldString(feature, TIME, STYLE_DATE);
  const bool is_done = OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
  OGR_F_Destroy(feature);
  return is_done;
}

bool ky_gpkg_styles(ky_job *job, void *file, const ky_layers *layers) {
  OGRLayerH layer = make_table(file);
  bool is_done = layer != NULL;
  for (uint32_t t = 0; is_done && t < layers->count; t++) {
    const ky_table *table = &layers->tables[t];
    ky_look look;
    if (ky_look_make(job, layers, table, &look) != KY_OK) return false;
    const ky_style style = {.table = table, .look = &look};
    ky_xml qml = ky_xml_new(&job->scratch), sld = ky_xml_new(&job->scratch);
    ky_style_qml(&style, &qml);
    if (look.kind != KY_SHAPE_NONE) ky_style_sld(&style, &sld);
    is_done = !qml.is_out_of_memory && !sld.is_out_of_memory && add_style(layer, table, qml.text, sld.text);
    if (qml.is_out_of_memory || sld.is_out_of_memory) ky_fail_memory(job);
  }
  return is_done;
}
