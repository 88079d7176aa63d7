/* Shapefiles through GDAL: one zip per layer with .shp, .shx, .dbf, .prj, .cpg and the style as .qml; a table without
 * geometry is a .dbf alone. Lists beside them which field is which attribute (shapefile_fields.csv).
 *
 * DBF knows no null in texts (they are empty) and programs differ about null in numbers: it stays null here, as GDAL
 * and QGIS read it. Truth values are 1 and 0. */
#include <cpl_conv.h>
#include <errno.h>
#include <gdal.h>
#include <kayoi/write.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/gdal_log.h"
#include "io/ogr_shape.h"
#include "io/out_file.h"
#include "io/shp_names.h"
#include "io/shp_text.h"
#include "io/shp_zip.h"
#include "io/style.h"

#define FILE_DATE     "DBF_DATE_LAST_UPDATE=2000-01-01"
#define LANGUAGE_BYTE 29   /* of the header of a .dbf */
#define JAPANESE      0x13 /* there: Shift_JIS */
#define SIZE_MAX_FILE ((uint64_t)INT32_MAX)
#define FIELDS_MAX    255  /* of dBASE; GDAL and QGIS read more */
#define RECORD_MAX    4000 /* bytes, of dBASE */
#define WIDTH_MAX     21   /* of a number: the sign, 19 digits, the point */

/* A layer on its way into a file. */
typedef struct shp {
  ky_job *job;
  const ky_table *table;
  const char *folder, *encoding;
  ky_shp_encoder *encoder;
  OGRSpatialReferenceH crs;
  ky_shp_name *names;
  int *width;          /* [column_count] */
  ky_shp_texts *texts; /* [column_count] */
} shp;

static const char *encoding_of(const ky_write_opts *opts) {
  return opts->shapefile_encoding != NULL && strcmp(opts->shapefile_encoding, "utf-8") == 0 ? "UTF-8" : "CP932";
}

static void warn(shp *s, const char *field, ky_severity severity, const char *reason, const char *action,
                 const char *message) {
  const ky_issue head = {.severity = severity,
                         .source = ky_tr("shapefiles"),
                         .record = s->table->layer,
                         .field = field,
                         .reason = reason,
                         .action = action};
  ky_issue_add(s->job, &head, "%s", message != NULL ? message : "");
}

/* Widths grow in steps, so that the form of the file stays the same from run to run. */
static int text_width(uint32_t bytes) {
  static const int steps[] = {16, 32, 64, 128, KY_SHP_TEXT_MAX};
  int at = 0;
  while ((uint32_t)steps[at] < bytes) at++;
  return steps[at];
}

static int number_width(const ky_table *table, const ky_column *column) {
  const int digits = column->decimals == 0 ? 10 : column->decimals + 8; /* beside the point */
  int64_t limit = 1;
  for (int d = 1; d < digits; d++) limit *= 10; /* one digit for the sign */
  for (uint32_t i = 0; i < table->count; i++) {
    const int64_t value = column->of.fixed[i];
    if (value != KY_NULL && (value <= -limit || value >= 10 * limit)) return WIDTH_MAX;
  }
  return digits + (column->decimals != 0);
}

static void measure(shp *s) {
  for (uint32_t c = 0; c < s->table->column_count; c++) {
    const ky_column *column = &s->table->columns[c];
    if (column->type == KY_COLUMN_TEXT)
      for (uint32_t i = 0; i < s->table->count; i++)
        if (column->of.text[i] != NULL) ky_shp_fit(s->encoder, column->of.text[i], &s->texts[c]);
    s->width[c] = column->type == KY_COLUMN_TEXT    ? text_width(s->texts[c].longest_bytes)
                  : column->type == KY_COLUMN_FIXED ? number_width(s->table, column)
                                                    : 1;
  }
}

/* Says what the file cannot hold. */
static void report(shp *s) {
  uint64_t record = 1;
  for (uint32_t c = 0; c < s->table->column_count; c++) {
    const ky_shp_texts *done = &s->texts[c];
    const char *name = s->table->columns[c].name;
    record += (uint64_t)s->width[c];
    if (done->cut_count != 0)
      warn(s, name, KY_INFO, "text_cut", ky_tr("cut at a character in the shapefile; whole in the other formats"),
           ky_format(&s->job->scratch, ky_tr("%u texts are longer than the %d bytes that a shapefile holds"),
                     done->cut_count, KY_SHP_TEXT_MAX));
    if (done->replaced_count != 0)
      warn(s, name, KY_INFO, "characters_replaced",
           ky_tr(
               "a look-alike or 〓 stands for them in the shapefile; with outputs.shapefile_encoding: utf-8 they stay"),
           ky_format(&s->job->scratch, ky_tr("%u texts have characters that CP932 lacks, the first is U+%04X"),
                     done->replaced_count, done->first_replaced));
  }
  if (s->table->column_count > FIELDS_MAX || record > RECORD_MAX)
    warn(s, NULL, KY_INFO, "wide_table",
         ky_tr("written whole; for programs that stop at 255 fields or 4000 bytes a record take the GeoPackage"),
         ky_format(&s->job->scratch, ky_tr("%u fields, %llu bytes a record"), s->table->column_count,
                   (unsigned long long)record));
}

/* Bytes of the larger one of .shp and .dbf, not less than they will have. */
static uint64_t size_of(const shp *s) {
  const ky_shapes *shapes = s->table->shapes;
  uint64_t record = 1, header = 65 + 32 * (uint64_t)s->table->column_count;
  for (uint32_t c = 0; c < s->table->column_count; c++) record += (uint64_t)s->width[c];
  const uint64_t table = header + record * s->table->count;
  const uint64_t map = shapes == NULL ? 0
                                      : 100 + 60 * (uint64_t)s->table->count + 8 * (uint64_t)shapes->part_count +
                                            16 * (uint64_t)shapes->vertex_count;
  return table > map ? table : map;
}

static bool create_fields(const shp *s, OGRLayerH layer) {
  for (uint32_t c = 0; c < s->table->column_count; c++) {
    const ky_column *column = &s->table->columns[c];
    const OGRFieldType type = column->type == KY_COLUMN_TEXT                             ? OFTString
                              : column->type == KY_COLUMN_FIXED && column->decimals != 0 ? OFTReal
                              : column->type == KY_COLUMN_FIXED                          ? OFTInteger64
                                                                                         : OFTInteger;
    OGRFieldDefnH field = OGR_Fld_Create(s->names[c], type);
    OGR_Fld_SetWidth(field, s->width[c]);
    if (type == OFTReal) OGR_Fld_SetPrecision(field, column->decimals);
    const bool is_done = OGR_L_CreateField(layer, field, FALSE) == OGRERR_NONE;
    OGR_Fld_Destroy(field);
    const OGRFieldDefnH made = OGR_FD_GetFieldDefn(OGR_L_GetLayerDefn(layer), (int)c);
    if (!is_done || made == NULL || strcmp(OGR_Fld_GetNameRef(made), s->names[c]) != 0) return false;
  }
  return true;
}

static void set_field(const shp *s, OGRFeatureH feature, uint32_t c, uint32_t record) {
  static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  const ky_column *column = &s->table->columns[c];
  ky_shp_texts unused = {0};
  if (column->type == KY_COLUMN_TEXT) {
    if (column->of.text[record] != NULL)
      OGR_F_SetFieldString(feature, (int)c, ky_shp_fit(s->encoder, column->of.text[record], &unused));
  } else if (column->type == KY_COLUMN_BOOL) {
    if (column->of.flag[record] >= 0) OGR_F_SetFieldInteger(feature, (int)c, column->of.flag[record] != 0);
  } else if (column->of.fixed[record] != KY_NULL) {
    if (column->decimals == 0)
      OGR_F_SetFieldInteger64(feature, (int)c, column->of.fixed[record]);
    else
      OGR_F_SetFieldDouble(feature, (int)c, (double)column->of.fixed[record] / power[column->decimals]);
  }
}

/* A shapefile has one kind of shapes: of a layer of points and polygons the polygons are a file of their own. */
static bool belongs(const shp *s, ky_layer_form whole, ky_shape_kind kind, uint32_t record) {
  if (whole.kind != KY_SHAPE_MIXED) return true;
  return (ky_record_kind(s->table->shapes, record) == KY_SHAPE_POLYGON) == (kind == KY_SHAPE_POLYGON);
}

static bool write_records(const shp *s, OGRLayerH layer, ky_layer_form whole, ky_layer_form form) {
  bool is_done = true;
  for (uint32_t i = 0; is_done && i < s->table->count; i++) {
    if (!belongs(s, whole, form.kind, i)) continue;
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    for (uint32_t c = 0; c < s->table->column_count; c++) set_field(s, feature, c, i);
    OGRGeometryH shape = form.kind == KY_SHAPE_NONE ? NULL : ky_ogr_geometry(s->table->shapes, i, form);
    if (shape != NULL) OGR_F_SetGeometryDirectly(feature, shape);
    is_done = OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
    OGR_F_Destroy(feature);
  }
  return is_done;
}

static bool write_shapes(const shp *s, const char *name, ky_layer_form whole, ky_layer_form form) {
  GDALDriverH driver = GDALGetDriverByName("ESRI Shapefile");
  const char *path =
      ky_format(&s->job->scratch, "%s/%s.%s", s->folder, name, form.kind == KY_SHAPE_NONE ? "dbf" : "shp");
  char encoding[32];
  snprintf(encoding, sizeof encoding, "ENCODING=%s", s->encoding);
  char *options[] = {encoding, (char[]){FILE_DATE}, (char[]){"2GB_LIMIT=YES"}, NULL};
  GDALDatasetH file = driver == NULL || path == NULL ? NULL : GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL);
  if (file == NULL) return false;
  OGRLayerH layer =
      GDALDatasetCreateLayer(file, name, form.kind == KY_SHAPE_NONE ? NULL : s->crs, ky_ogr_type(form), options);
  const bool is_done = layer != NULL && create_fields(s, layer) && write_records(s, layer, whole, form);
  GDALClose(file); /* what fails here is in the log */
  return is_done;
}

/* GDAL names the encoding in the .cpg alone. Programs that look into the .dbf get it too, and 932 is the name of CP932
 * that GDAL, QGIS and ArcGIS know alike. Returns errno. */
static int mark_encoding(const shp *s, const char *name) {
  if (strcmp(s->encoding, "CP932") != 0) return 0;
  const char *dbf = ky_format(&s->job->scratch, "%s/%s.dbf", s->folder, name);
  const char *cpg = ky_format(&s->job->scratch, "%s/%s.cpg", s->folder, name);
  if (dbf == NULL || cpg == NULL) return ENOMEM;
  FILE *file = fopen(dbf, "r+b");
  if (file == NULL) return errno;
  bool is_done = fseek(file, LANGUAGE_BYTE, SEEK_SET) == 0 && fputc(JAPANESE, file) == JAPANESE;
  is_done = fclose(file) == 0 && is_done;
  file = is_done ? fopen(cpg, "wb") : NULL;
  if (file == NULL) return errno != 0 ? errno : EIO;
  is_done = fputs("932\n", file) >= 0;
  return fclose(file) == 0 && is_done ? 0 : errno != 0 ? errno : EIO;
}

static ky_err fail(const shp *s, const ky_gdal_log *log) {
  return ky_fail(s->job, KY_E_OUTPUT,
                 ky_tr("%s: cannot be written: %s; the previous result is as it was; look at the room and the rights "
                       "there or choose another folder with --out"),
                 ky_format(&s->job->scratch, "%s/%s.zip", s->folder, s->table->layer),
                 log->error[0] != '\0' ? log->error : "GDAL");
}

/* Names of what is there of <name>.shp and so on go to `files`. */
static ky_err collect(const shp *s, const char *name, const char **files, uint32_t *count) {
  static const char *const ends[] = {"shp", "shx", "dbf", "prj", "cpg", "qml"};
  for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
    const char *file = ky_format(&s->job->scratch, "%s.%s", name, ends[e]);
    const char *path = ky_format(&s->job->scratch, "%s/%s.%s", s->folder, name, ends[e]);
    if (file == NULL || path == NULL) return ky_fail_memory(s->job);
    if (access(path, F_OK) == 0) files[(*count)++] = file;
  }
  return KY_OK;
}

/* QGIS takes <name>.qml beside a shapefile by itself. */
static ky_err write_style(const shp *s, const ky_layers *layers, const char *name) {
  const char *path = ky_format(&s->job->scratch, "%s/%s.qml", s->folder, name);
  const char **names;
  ky_xml xml = ky_xml_new(&s->job->scratch);
  ky_out_file out;
  ky_look look;
  KY_NEW(s->job, scratch, names, s->table->column_count);
  for (uint32_t c = 0; c < s->table->column_count; c++) names[c] = s->names[c];
  KY_TRY(ky_look_make(s->job, layers, s->table, &look));
  const ky_style style = {.table = s->table, .look = &look, .names = names};
  ky_style_qml(&style, &xml);
  if (path == NULL || xml.is_out_of_memory) return ky_fail_memory(s->job);
  KY_TRY(ky_out_open(s->job, path, &out));
  ky_out_bytes(&out, xml.text, xml.used);
  return ky_out_close(s->job, &out);
}

static ky_err write_files(const shp *s, const ky_layers *layers, const char **files, uint32_t *count) {
  const ky_layer_form whole = ky_shapes_form(s->table->shapes);
  const bool is_mixed = whole.kind == KY_SHAPE_MIXED;
  const char *areas = ky_format(&s->job->scratch, "%s_area", s->table->layer);
  ky_gdal_log log = {0};
  if (areas == NULL) return ky_fail_memory(s->job);
  ky_gdal_log_open(&log);
  bool is_done = write_shapes(s, s->table->layer, whole, is_mixed ? (ky_layer_form){KY_SHAPE_POINT, false} : whole) &&
                 (!is_mixed || write_shapes(s, areas, whole, (ky_layer_form){KY_SHAPE_POLYGON, true}));
  ky_gdal_log_close();
  if (!is_done || log.error_count != 0) return fail(s, &log);
  int error = mark_encoding(s, s->table->layer);
  if (error == 0 && is_mixed) error = mark_encoding(s, areas);
  if (error != 0) return ky_out_fail(s->job, s->folder, error);
  KY_TRY(write_style(s, layers, s->table->layer));
  KY_TRY(collect(s, s->table->layer, files, count));
  return is_mixed ? collect(s, areas, files, count) : KY_OK;
}

static void put_list(const shp *s, ky_out_file *list) {
  static const char *const types[] = {
      [KY_COLUMN_TEXT] = "text", [KY_COLUMN_FIXED] = "number", [KY_COLUMN_BOOL] = "bool"};
  char width[32];
  for (uint32_t c = 0; c < s->table->column_count; c++) {
    const ky_column *column = &s->table->columns[c];
    const char *const texts[] = {s->table->layer,     s->names[c],
                                 column->name,        column->alias != NULL ? column->alias : "",
                                 types[column->type], column->unit != NULL ? column->unit : ""};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
      if (texts[t][0] != '\0') ky_out_csv(list, texts[t]);
      ky_out_text(list, ",");
    }
    snprintf(width, sizeof width, "%d,%d\r\n", s->width[c], column->decimals);
    ky_out_text(list, width);
  }
}

static ky_err write_layer(shp *s, const ky_layers *layers, ky_out_file *list) {
  const char *files[12], *path = ky_format(&s->job->scratch, "%s/%s.zip", s->folder, s->table->layer);
  uint32_t count = 0;
  if (path == NULL) return ky_fail_memory(s->job);
  KY_NEW(s->job, scratch, s->names, s->table->column_count);
  KY_NEW(s->job, scratch, s->width, s->table->column_count);
  KY_NEW(s->job, scratch, s->texts, s->table->column_count);
  ky_shp_names(s->table, s->names);
  measure(s);
  if (size_of(s) > SIZE_MAX_FILE) {
    warn(s, NULL, KY_ERROR, "layer_too_large", ky_tr("left out of the shapefiles; take it from the GeoPackage"),
         ky_tr("a shapefile holds at most 2 GB"));
    return KY_OK;
  }
  report(s);
  put_list(s, list);
  KY_TRY(write_files(s, layers, files, &count));
  return ky_shp_zip(s->job, path, s->folder, files, count);
}

static ky_err write_all(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder,
                        OGRSpatialReferenceH crs, ky_shp_encoder *encoder) {
  const char *path = ky_format(&job->keep, "%s/shapefile_fields.csv", folder);
  ky_out_file list;
  ky_err err = KY_OK;
  if (path == NULL) return ky_fail_memory(job);
  KY_TRY(ky_out_open(job, path, &list));
  ky_out_text(&list, "\xEF\xBB\xBFlayer,field,attribute,alias,type,unit,width,decimals\r\n");
  for (uint32_t t = 0; t < layers->count && err == KY_OK; t++) {
    const ky_arena_mark mark = ky_arena_now(&job->scratch);
    shp s = {.job = job,
             .table = &layers->tables[t],
             .folder = folder,
             .encoding = encoding_of(opts),
             .encoder = encoder,
             .crs = crs};
    err = write_layer(&s, layers, &list);
    ky_arena_rewind(&job->scratch, mark);
  }
  const ky_err closed = ky_out_close(job, &list);
  return err != KY_OK ? err : closed;
}

static ky_err write_shp(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder) {
  ky_gdal_log log = {0};
  ky_err err = KY_OK;
  ky_gdal_start();
  ky_gdal_log_open(&log);
  ky_shp_encoder *encoder = ky_shp_encoder_open(encoding_of(opts));
  OGRSpatialReferenceH planar = OSRNewSpatialReference(NULL);
  if (encoder == NULL) {
    err = ky_fail_memory(job);
  } else if (planar == NULL || OSRSetFromUserInput(planar, layers->crs) != OGRERR_NONE) {
    err = ky_fail(job, KY_E_INTERNAL, "shapefile: %s: %s", layers->crs, log.error);
  } else {
    OSRSetAxisMappingStrategy(planar, OAMS_TRADITIONAL_GIS_ORDER);
    err = write_all(job, layers, opts, folder, planar, encoder);
  }
  if (planar != NULL) OSRDestroySpatialReference(planar);
  ky_shp_encoder_close(encoder);
  ky_gdal_log_close();
  return err;
}

const ky_writer ky_writer_shp = {
    .name = "shapefile",
    .help = KY_MSG("shapefiles, one zip per layer (CP932 or UTF-8, names of ten characters: shapefile_fields.csv)"),
    .write = write_shp};
