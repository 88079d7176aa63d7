/* Vector tiles through GDAL: tiles/{z}/{x}/{y}.pbf and tiles/metadata.json, not compressed, so that any web server can
 * hand them out as they are. Every layer with shapes; ids and values as in the other formats; null is left out, and so
 * are lines that lie within one unit of the tile (0.6 m). */
#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <kayoi/write.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <string.h>
#include <unistd.h>

#include "io/gdal_log.h"
#include "io/ogr_shape.h"

#define FIRST_ZOOM "8"  /* a town in a few tiles */
#define LAST_ZOOM  "14" /* 0.5 m to the unit; browsers draw nearer views from it */

/* Layers of many records begin where a tile holds a part of the town. */
static const char *first_zoom(const char *layer) {
  static const char *const zooms[][2] = {
      {"streets", "13"}, {"service_areas", "11"}, {"cells", "10"}, {"cell_sensitivity", "10"}};
  for (size_t z = 0; z < sizeof zooms / sizeof *zooms; z++)
    if (strcmp(zooms[z][0], layer) == 0) return zooms[z][1];
  return FIRST_ZOOM;
}

static bool create_fields(OGRLayerH layer, const ky_table *table) {
  bool is_done = true;
  for (uint32_t c = 0; is_done && c < table->column_count; c++) {
    const ky_column *column = &table->columns[c];
    OGRFieldDefnH field = OGR_Fld_Create(column->name, column->type == KY_COLUMN_TEXT   ? OFTString
                                                       : column->type == KY_COLUMN_BOOL ? OFTInteger
                                                       : column->decimals == 0          ? OFTInteger64
                                                                                        : OFTReal);
    if (column->type == KY_COLUMN_BOOL) OGR_Fld_SetSubType(field, OFSTBoolean);
    is_done = OGR_L_CreateField(layer, field, FALSE) == OGRERR_NONE;
    OGR_Fld_Destroy(field);
  }
  return is_done;
}

static void set_field(OGRFeatureH feature, int index, const ky_column *column, uint32_t record) {
  static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  if (column->type == KY_COLUMN_TEXT) {
    if (column->of.text[record] != NULL) OGR_F_SetFieldString(feature, index, column->of.text[record]);
  } else if (column->type == KY_COLUMN_BOOL) {
    if (column->of.flag[record] >= 0) OGR_F_SetFieldInteger(feature, index, column->of.flag[record] != 0);
  } else if (column->of.fixed[record] != KY_NULL) {
    if (column->decimals == 0)
      OGR_F_SetFieldInteger64(feature, index, column->of.fixed[record]);
    else
      OGR_F_SetFieldDouble(feature, index, (double)column->of.fixed[record] / power[column->decimals]);
  }
}

static bool write_layer(GDALDatasetH file, OGRSpatialReferenceH degrees, const ky_table *table) {
  char **options = CSLSetNameValue(NULL, "MINZOOM", first_zoom(table->layer));
  options = CSLSetNameValue(options, "MAXZOOM", LAST_ZOOM);
  options = CSLSetNameValue(options, "DESCRIPTION", table->alias != NULL ? table->alias : table->layer);
  const ky_layer_form form = ky_shapes_form(table->shapes_deg);
  OGRLayerH layer = GDALDatasetCreateLayer(file, table->layer, degrees, ky_ogr_type(form), options);
  CSLDestroy(options);
  bool is_done = layer != NULL && create_fields(layer, table);
  for (uint32_t i = 0; is_done && i < table->count; i++) {
    OGRGeometryH shape = ky_ogr_geometry(table->shapes_deg, i, form);
    if (shape == NULL) continue; /* nothing to draw: the record is in the other formats */
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    OGR_F_SetFID(feature, (GIntBig)i + 1);
    for (uint32_t c = 0; c < table->column_count; c++) set_field(feature, (int)c, &table->columns[c], i);
    OGR_F_SetGeometryDirectly(feature, shape);
    is_done = OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
    OGR_F_Destroy(feature);
  }
  return is_done;
}

/* The driver leaves features out of a tile beyond these limits; they are set so high that none is. */
static char **dataset_options(const char *title, const char *database) {
  char **options = CSLSetNameValue(NULL, "FORMAT", "DIRECTORY");
  options = CSLSetNameValue(options, "NAME", title != NULL ? title : "kayoi");
  options = CSLSetNameValue(options, "DESCRIPTION", "kayoi");
  options = CSLSetNameValue(options, "MINZOOM", FIRST_ZOOM);
  options = CSLSetNameValue(options, "MAXZOOM", LAST_ZOOM);
  options = CSLSetNameValue(options, "COMPRESS", "NO");
  options = CSLSetNameValue(options, "MAX_SIZE", "50000000");
  options = CSLSetNameValue(options, "MAX_FEATURES", "5000000");
  return CSLSetNameValue(options, "TEMPORARY_DB", database);
}

static bool write_tiles(const char *path, const char *database, const ky_layers *layers, const char *title,
                        OGRSpatialReferenceH degrees) {
  GDALDriverH driver = GDALGetDriverByName("MVT");
  char **options = dataset_options(title, database);
  GDALDatasetH file = driver != NULL ? GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, options) : NULL;
  CSLDestroy(options);
  bool is_done = file != NULL;
  for (uint32_t t = 0; is_done && t < layers->count; t++)
    if (ky_shapes_form(layers->tables[t].shapes_deg).kind != KY_SHAPE_NONE)
      is_done = write_layer(file, degrees, &layers->tables[t]);
  if (file != NULL) GDALClose(file); /* cuts the tiles and says in the log what failed */
  return is_done;
}

static ky_err write_mvt(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder) {
  ky_gdal_log log = {0};
  ky_err err = KY_OK;
  const char *path = ky_format(&job->scratch, "%s/tiles", folder);
  const char *database = ky_format(&job->scratch, "%s/tiles.db", folder);
  if (path == NULL || database == NULL) return ky_fail_memory(job);
  ky_gdal_start();
  ky_gdal_log_open(&log);
  CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF"); /* what lies in the database is thrown away */
  OGRSpatialReferenceH degrees = OSRNewSpatialReference(NULL);
  if (degrees == NULL || OSRImportFromEPSG(degrees, 4326) != OGRERR_NONE) {
    err = ky_fail(job, KY_E_INTERNAL, "tiles: %s", log.error);
  } else {
    OSRSetAxisMappingStrategy(degrees, OAMS_TRADITIONAL_GIS_ORDER);
    if (!write_tiles(path, database, layers, opts->municipality_name, degrees) || log.error_count != 0)
      err =
          ky_fail(job, KY_E_OUTPUT,
                  ky_tr("%s: cannot be written: %s; the previous result is as it was; look at the room and the rights "
                        "there or choose another folder with --out"),
                  path, log.error[0] != '\0' ? log.error : "GDAL");
  }
  if (degrees != NULL) OSRDestroySpatialReference(degrees);
  unlink(database);
  CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", NULL);
  ky_gdal_log_close();
  return err;
}

const ky_writer ky_writer_mvt = {
    .name = "mvt", .help = KY_MSG("vector tiles for portals, in the folder tiles (zoom 8 to 14)"), .write = write_mvt};
