/* Layers of a past run with GDAL. OGR handles live inside one function each. */
#include <kayoi/past.h>

#include <cpl_conv.h>
#include <fcntl.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/crs.h"
#include "io/gdal_log.h"
#include "io/past_layer.h"

#define WGS84 "EPSG:4326"

typedef enum kind_of_file { FROM_GPKG, FROM_GEOJSON, FROM_CSV } kind_of_file;

/* Of one layer in one file, while it is open. */
typedef struct source {
  ky_job *job;
  const ky_past_layer *like;
  OGRLayerH layer;
  int *field;   /* [like->column_count] */
  int lon, lat; /* fields of a CSV; -1: none */
  uint32_t part_count, vertex_count;
  ky_shape_kind kind;
  ky_shapes shapes;
  bool is_csv, is_out; /* of memory */
} source;

static bool set_fields(source *s) {
  OGRFeatureDefnH of = OGR_L_GetLayerDefn(s->layer);
  for (uint32_t c = 0; c < s->like->column_count; c++) {
    s->field[c] = OGR_FD_GetFieldIndex(of, s->like->columns[c].name);
    if (s->field[c] < 0) return false;
  }
  s->lon = s->is_csv ? OGR_FD_GetFieldIndex(of, "lon") : -1;
  s->lat = s->is_csv ? OGR_FD_GetFieldIndex(of, "lat") : -1;
  return true;
}

static int64_t fixed_value(double value, uint8_t decimals) {
  static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  const double scaled = value * power[decimals];
  return isfinite(scaled) && fabs(scaled) < 9e18 ? llround(scaled) : KY_NULL;
}

/* In a CSV everything is text and null is nothing. */
static bool is_null(const source *s, OGRFeatureH feature, int field) {
  return !OGR_F_IsFieldSetAndNotNull(feature, field) ||
         (s->is_csv && OGR_F_GetFieldAsString(feature, field)[0] == '\0');
}

static void take_value(source *s, OGRFeatureH feature, uint32_t c, uint32_t record, ky_column *out) {
  const int field = s->field[c];
  if (out->type == KY_COLUMN_BOOL) {
    const char *text = s->is_csv ? OGR_F_GetFieldAsString(feature, field) : "";
    const bool flag = s->is_csv ? strcmp(text, "true") == 0 : OGR_F_GetFieldAsInteger(feature, field) != 0;
    ((int8_t *)(void *)out->of.flag)[record] = is_null(s, feature, field) ? -1 : flag;
  } else if (out->type == KY_COLUMN_FIXED) {
    const int64_t value = out->decimals == 0 && !s->is_csv
                              ? OGR_F_GetFieldAsInteger64(feature, field)
                              : fixed_value(OGR_F_GetFieldAsDouble(feature, field), out->decimals);
    ((int64_t *)(void *)out->of.fixed)[record] = is_null(s, feature, field) ? KY_NULL : value;
  } else if (!is_null(s, feature, field)) {
    const char *text = OGR_F_GetFieldAsString(feature, field);
    const char *copy = ky_arena_text(&s->job->keep, text, strlen(text));
    ((const char **)(void *)out->of.text)[record] = copy;
    s->is_out = s->is_out || copy == NULL;
  }
}

/* Parts and vertices of a geometry: counted, or put behind those that are there. */
static void walk_geometry(source *s, OGRGeometryH geometry, bool is_hole, bool is_put) {
  const int parts = OGR_G_GetGeometryCount(geometry), points = OGR_G_GetPointCount(geometry);
  const bool is_polygon = wkbFlatten(OGR_G_GetGeometryType(geometry)) == wkbPolygon;
  for (int p = 0; p < parts; p++) walk_geometry(s, OGR_G_GetGeometryRef(geometry, p), is_polygon && p > 0, is_put);
  if (parts != 0 || points <= 0) return;
  if (is_put) {
    s->shapes.first_vertex[s->part_count] = s->vertex_count;
    if (s->shapes.is_hole != NULL) s->shapes.is_hole[s->part_count] = is_hole;
    OGR_G_GetPoints(geometry, s->shapes.x + s->vertex_count, sizeof(double), s->shapes.y + s->vertex_count,
                    sizeof(double), NULL, 0);
  }
  s->part_count++;
  s->vertex_count += (uint32_t)points;
}

static ky_shape_kind kind_of(OGRGeometryH geometry) {
  const OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
  return type == wkbPoint || type == wkbMultiPoint             ? KY_SHAPE_POINT
         : type == wkbLineString || type == wkbMultiLineString ? KY_SHAPE_LINE
         : type == wkbPolygon || type == wkbMultiPolygon       ? KY_SHAPE_POLYGON
                                                               : KY_SHAPE_NONE;
}

/* The kind of the layer: that of all its records, or polygons and points. */
static void note_kind(source *s, OGRGeometryH geometry) {
  const ky_shape_kind kind = kind_of(geometry);
  if (kind == KY_SHAPE_NONE) return;
  s->kind = s->kind == KY_SHAPE_NONE || s->kind == kind ? kind : KY_SHAPE_MIXED;
  walk_geometry(s, geometry, false, false);
}

static bool csv_place(const source *s, OGRFeatureH feature, double *lon, double *lat) {
  if (s->lon < 0 || s->lat < 0 || is_null(s, feature, s->lon) || is_null(s, feature, s->lat)) return false;
  *lon = OGR_F_GetFieldAsDouble(feature, s->lon);
  *lat = OGR_F_GetFieldAsDouble(feature, s->lat);
  return isfinite(*lon) && isfinite(*lat);
}

/* Values, and how many parts and vertices there are. False: the file does not have the records that its run wrote. */
static bool take_values(source *s, ky_table *out) {
  uint32_t record = 0;
  OGRFeatureH feature;
  double lon, lat;
  OGR_L_ResetReading(s->layer);
  while (!s->is_out && (feature = OGR_L_GetNextFeature(s->layer)) != NULL) {
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (record < out->count)
      for (uint32_t c = 0; c < out->column_count; c++) take_value(s, feature, c, record, &out->columns[c]);
    if (geometry != NULL) note_kind(s, geometry);
    if (csv_place(s, feature, &lon, &lat)) {
      s->kind = KY_SHAPE_POINT;
      s->part_count++;
      s->vertex_count++;
    }
    record++;
    OGR_F_Destroy(feature);
  }
  return record == out->count;
}

static void put_place(source *s, double lon, double lat) {
  s->shapes.first_vertex[s->part_count++] = s->vertex_count;
  s->shapes.x[s->vertex_count] = lon;
  s->shapes.y[s->vertex_count++] = lat;
}

static void take_shapes(source *s) {
  const uint32_t parts = s->part_count;
  uint32_t record = 0;
  OGRFeatureH feature;
  double lon, lat;
  s->part_count = s->vertex_count = 0;
  OGR_L_ResetReading(s->layer);
  while (record < s->shapes.count && (feature = OGR_L_GetNextFeature(s->layer)) != NULL) {
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    s->shapes.first_part[record++] = s->part_count;
    if (geometry != NULL && kind_of(geometry) != KY_SHAPE_NONE) walk_geometry(s, geometry, false, true);
    if (csv_place(s, feature, &lon, &lat)) put_place(s, lon, lat);
    OGR_F_Destroy(feature);
  }
  s->shapes.first_part[s->shapes.count] = s->part_count;
  s->shapes.first_vertex[parts] = s->vertex_count;
}

/* The columns of then, empty. */
static ky_err make_table(ky_job *job, const ky_past_layer *like, ky_table *out) {
  KY_TRY(ky_table_new(job, like->layer, NULL, like->rows, NULL, like->column_count, out));
  for (uint32_t c = 0; c < like->column_count; c++) {
    const ky_past_column *column = &like->columns[c];
    const char **text;
    int64_t *fixed;
    int8_t *flag;
    if (column->type == KY_COLUMN_TEXT) {
      KY_NEW(job, keep, text, like->rows);
      ky_table_text(out, column->name, NULL, text);
    } else if (column->type == KY_COLUMN_BOOL) {
      KY_NEW(job, keep, flag, like->rows);
      ky_table_bool(out, column->name, NULL, flag);
    } else {
      KY_NEW(job, keep, fixed, like->rows);
      ky_table_fixed(out, column->name, NULL, NULL, column->decimals, fixed);
    }
  }
  return KY_OK;
}

/* SQLite would remove or write back what another program that has the file open keeps beside it (-wal). As a part of a
 * file that nobody changes it is read and nothing else. */
static GDALDatasetH open_file(ky_job *job, const char *path, kind_of_file kind, int *fd) {
  static const char *const drivers[][2] = {{"GPKG", NULL}, {"GeoJSON", NULL}, {"CSV", NULL}};
  static const char *const gpkg[] = {"IMMUTABLE=YES", "LIST_ALL_TABLES=NO", NULL};
  static const char *const geojson[] = {"DATE_AS_STRING=YES", NULL};
  static const char *const csv[] = {"AUTODETECT_TYPE=NO", "HEADERS=YES", NULL};
  static const char *const *const options[] = {gpkg, geojson, csv};
  const char *opened = path;
  if (kind == FROM_GPKG && strpbrk(path, "?#%") == NULL) {
    opened = ky_format(&job->scratch, "/vsisubfile/0,%s", path);
  } else if (kind == FROM_GPKG) { /* GDAL makes an address of the name, in which these would mean something */
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    opened = ky_format(&job->scratch, "/vsisubfile/0,/proc/self/fd/%d", *fd);
  }
  return opened == NULL ? NULL
                        : GDALOpenEx(opened, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers[kind], options[kind], NULL);
}

ky_err ky_past_take(ky_job *job, OGRLayerH layer, const ky_past_layer *like, bool is_text, ky_table *out,
                    ky_shapes **shapes, bool *is_good) {
  source s = {.job = job, .like = like, .layer = layer, .lon = -1, .lat = -1, .is_csv = is_text};
  KY_NEW(job, scratch, s.field, like->column_count);
  KY_NEW(job, keep, *shapes, 1);
  KY_TRY(make_table(job, like, out));
  *is_good = layer != NULL && (like->rows == 0 || set_fields(&s)) && take_values(&s, out);
  if (*is_good && s.kind != KY_SHAPE_NONE) {
    KY_TRY(ky_shapes_new(job, s.kind, like->rows, s.part_count, s.vertex_count, &s.shapes));
    take_shapes(&s);
    *is_good = ky_shapes_check(&s.shapes) == NULL;
  }
  **shapes = s.shapes;
  return s.is_out ? ky_fail_memory(job) : KY_OK;
}

/* One file: everything of the layer into `out`, or why not. */
static ky_err read_file(ky_job *job, const char *path, kind_of_file kind, const ky_past_layer *like, ky_table *out,
                        ky_shapes **shapes, const char **why) {
  ky_gdal_log log = {0};
  OGRLayerH layer = NULL;
  bool is_good = false;
  int fd = -1;
  ky_gdal_start();
  ky_gdal_log_open(&log);
  GDALDatasetH file = open_file(job, path, kind, &fd);
  if (file != NULL)
    layer = kind == FROM_GPKG ? GDALDatasetGetLayerByName(file, like->layer) : GDALDatasetGetLayer(file, 0);
  const ky_err err = ky_past_take(job, layer, like, kind == FROM_CSV, out, shapes, &is_good);
  if (file != NULL) GDALClose(file);
  if (fd >= 0) close(fd);
  ky_gdal_log_close();
  if (err != KY_OK || (is_good && log.error_count == 0)) return err;
  *why = ky_format(&job->keep,
                   ky_tr("%s does not hold the layer %s as its run wrote it: it is cut off or was changed%s%s; "
                         "take another run"),
                   path, like->layer, log.error[0] != '\0' ? ": " : "", log.error);
  return *why == NULL ? ky_fail_memory(job) : KY_OK;
}

static ky_err find_crs(ky_job *job, const ky_past *past, const char *crs, kind_of_file kind, ky_shapes *shapes) {
  const char *from = kind == FROM_GPKG ? past->crs : WGS84, *to = crs != NULL ? crs : past->crs;
  if (strcmp(from, to) == 0) return KY_OK;
  return ky_crs_transform(job, from, to, shapes->x, shapes->y, shapes->vertex_count);
}

/* *why is kept for the case that no further file can be read. */
static ky_err try_file(ky_job *job, const ky_past *past, const ky_past_layer *like, kind_of_file kind, const char *crs,
                       ky_table *out, bool *is_read, const char **why) {
  static const char *const endings[] = {"gpkg", "geojson", "csv"};
  const char *path = ky_format(&job->scratch, "%s/%s/%s.%s", past->place, like->audience,
                               kind == FROM_GPKG ? "kayoi" : like->layer, endings[kind]);
  const char *wrong = NULL;
  ky_shapes *shapes;
  ky_table table;
  if (path == NULL) return ky_fail_memory(job);
  if (access(path, F_OK) != 0) return KY_OK;
  KY_TRY(read_file(job, path, kind, like, &table, &shapes, &wrong));
  if (wrong != NULL) {
    if (*why == NULL) *why = wrong;
    return KY_OK;
  }
  *is_read = true;
  *out = table;
  if (shapes->kind == KY_SHAPE_NONE) return KY_OK;
  KY_TRY(find_crs(job, past, crs, kind, shapes));
  out->shapes = shapes;
  return KY_OK;
}

ky_err ky_past_table_look(ky_job *job, const ky_past *past, const char *audience, const char *layer, const char *crs,
                          ky_table *out, const char **why) {
  const ky_past_layer *like = ky_past_layer_of(past, audience, layer);
  bool is_read = false;
  *out = (ky_table){.layer = NULL};
  *why = NULL;
  if (like != NULL && past->database != NULL) return ky_past_table_database(job, past, like, crs, out, why);
  for (kind_of_file kind = FROM_GPKG; like != NULL && !is_read && kind <= FROM_CSV; kind++)
    KY_TRY(try_file(job, past, like, kind, crs, out, &is_read, why));
  if (is_read) *why = NULL;
  return KY_OK;
}

ky_err ky_past_table(ky_job *job, const ky_past *past, const char *audience, const char *layer, ky_table *out) {
  const char *why;
  KY_TRY(ky_past_table_look(job, past, audience, layer, NULL, out, &why));
  return why != NULL ? ky_fail(job, KY_E_INPUT, "%s", why) : KY_OK;
}
