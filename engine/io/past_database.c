/* A past run out of the results in a database: run.json from kayoi.run, layers from the tables that hold all runs. */
#include <ogr_api.h>
#include <stdlib.h>
#include <string.h>

#include "io/crs.h"
#include "io/gdal_log.h"
#include "io/past_json.h"
#include "io/past_layer.h"
#include "io/pg.h"

#define EWKB_SRID 0x20000000u

static const char *const find_sql =
    "SELECT r.run_id::text, r.run_json::text, coalesce(r.municipality_name, r.municipality_code) FROM kayoi.run r "
    "WHERE r.state <> 'staging' AND CASE WHEN $1 = 'latest' THEN r.is_latest ELSE r.run_id::text = $1 OR r.run_name = $1 "
    "END ORDER BY r.run_id";

/* Several municipalities have a run of that name. */
static ky_err fail_several(ky_job *job, const ky_pg_rows *rows, const char *run) {
  const char *list = "";
  for (uint32_t i = 0; i < ky_pg_row_count(rows) && list != NULL; i++)
    list = ky_format(&job->scratch, "%s%s%s (%s)", list, i != 0 ? ", " : "", ky_pg_value(rows, i, 0),
                     ky_pg_value(rows, i, 2));
  if (list == NULL) return ky_fail_memory(job);
  return ky_fail(job, KY_E_INPUT, ky_tr("db:%s: several runs are meant; give the number of one: %s"), run, list);
}

static ky_err take_run(ky_job *job, ky_pg *pg, const ky_pg_rows *rows, const char *run, const ky_past **out) {
  json_error_t error;
  ky_past *past = NULL;
  const char *why = NULL, *text = ky_pg_value(rows, 0, 1), *id = ky_pg_value(rows, 0, 0);
  const char *place = ky_format(&job->keep, "db:%s", run);
  if (ky_pg_row_count(rows) > 1) return fail_several(job, rows, run);
  if (id == NULL || text == NULL)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("db:%s: the database has no such run; kayoi db status shows the latest, the view "
                         "kayoi_public.runs the named ones"),
                   run);
  if (place == NULL) return ky_fail_memory(job);
  json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  const ky_err err = ky_past_judge(job, root, &error, place, &past, &why);
  json_decref(root);
  if (err != KY_OK) return err;
  if (why != NULL) return ky_fail(job, KY_E_INPUT, "%s", why);
  past->database = pg;
  past->run_id = ky_arena_text(&job->keep, id, strlen(id));
  *out = past;
  return past->run_id != NULL ? KY_OK : ky_fail_memory(job);
}

ky_err ky_past_open_database(ky_job *job, ky_pg *database, const char *run, const ky_past **out) {
  ky_pg_rows *rows = NULL;
  *out = NULL;
  ky_err err = ky_pg_query(job, database, ky_tr("looking for a published run"), find_sql, &run, 1, &rows);
  if (err == KY_OK) err = take_run(job, database, rows, run, out);
  ky_pg_rows_free(rows);
  return err;
}

static bool is_column(const ky_pg_rows *columns, const char *name) {
  for (uint32_t i = 0; i < ky_pg_row_count(columns); i++)
    if (strcmp(ky_pg_value(columns, i, 0), name) == 0) return true;
  return false;
}

/* Names that SQL keeps for itself end in _ in the database. */
static ky_err stored_name(ky_job *job, const ky_pg_rows *columns, const char *name, const char **out) {
  const char *other = is_column(columns, name) ? name : ky_format(&job->scratch, "%s_", name);
  if (other == NULL) return ky_fail_memory(job);
  return ky_pg_identifier(job, "run.json", other, out);
}

/* SELECT of every column as text, booleans as files write them; the geometry behind them, where the run has one. */
static ky_err select_sql(ky_job *job, const ky_past_layer *like, const ky_pg_rows *columns, const char *table,
                         const char **out) {
  const char *sql = "SELECT ", *name, *stored;
  for (uint32_t c = 0; c < like->column_count; c++) {
    const bool is_flag = like->columns[c].type == KY_COLUMN_BOOL;
    KY_TRY(stored_name(job, columns, like->columns[c].name, &name));
    sql = is_flag ? ky_format(&job->scratch, "%s%sCASE WHEN t.%s THEN 'true' WHEN NOT t.%s THEN 'false' END", sql,
                              c != 0 ? ", " : "", name, name)
                  : ky_format(&job->scratch, "%s%st.%s::text", sql, c != 0 ? ", " : "", name);
    if (sql == NULL) return ky_fail_memory(job);
  }
  KY_TRY(ky_pg_identifier(job, "run.json", table, &stored));
  *out = ky_format(&job->scratch, "%s%s FROM kayoi.%s t WHERE t.run_id = $1::bigint ORDER BY t.row_no", sql,
                   is_column(columns, "geom") ? ", t.geom::text" : "", stored);
  return *out != NULL ? KY_OK : ky_fail_memory(job);
}

static ky_err prepare(ky_job *job, const ky_past *past, const ky_past_layer *like, const char **sql, bool *has_shape) {
  static const char *const columns_sql =
      "SELECT a.attname::text FROM pg_attribute a JOIN pg_class k ON k.oid = a.attrelid JOIN pg_namespace n ON n.oid = "
      "k.relnamespace WHERE n.nspname = 'kayoi' AND k.relname = $1 AND a.attnum > 0 AND NOT a.attisdropped";
  ky_pg_rows *columns = NULL;
  const char *table = ky_format(&job->scratch, strcmp(like->audience, "public") == 0 ? "public_%s" : "%s", like->layer);
  if (table == NULL) return ky_fail_memory(job);
  ky_err err =
      ky_pg_query(job, past->database, ky_tr("reading a published layer"), columns_sql, &table, 1, &columns);
  *has_shape = err == KY_OK && is_column(columns, "geom");
  if (err == KY_OK) err = select_sql(job, like, columns, table, sql);
  ky_pg_rows_free(columns);
  return err;
}

/* Hexadecimal EWKB as a geometry; the SRID is that of the run and is left out. NULL: none, or damaged. */
static OGRGeometryH geometry_of(ky_job *job, const char *hex) {
  const size_t length = hex != NULL ? strlen(hex) / 2 : 0;
  unsigned char *bytes = length >= 5 ? ky_arena_alloc(&job->scratch, length, 1) : NULL;
  OGRGeometryH geometry = NULL;
  uint32_t type;
  if (bytes == NULL) return NULL;
  for (size_t i = 0; i < length; i++) {
    const char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
    bytes[i] = (unsigned char)strtoul(pair, NULL, 16);
  }
  if (bytes[0] != 1) return NULL; /* the server writes the order of its own bytes: little on every one we know */
  memcpy(&type, bytes + 1, sizeof type);
  size_t cut = 0;
  if ((type & EWKB_SRID) != 0 && length >= 9) {
    type &= ~EWKB_SRID;
    cut = 4;
    memmove(bytes + 5, bytes + 9, length - 9);
    memcpy(bytes + 1, &type, sizeof type);
  }
  return OGR_G_CreateFromWkb(bytes, NULL, &geometry, (int)(length - cut)) == OGRERR_NONE ? geometry : NULL;
}

/* The rows as a layer in memory, so that the same reading serves as for files. */
static bool fill(ky_job *job, OGRLayerH layer, const ky_past_layer *like, const ky_pg_rows *rows, bool has_shape) {
  bool is_done = true;
  for (uint32_t c = 0; c < like->column_count; c++) {
    OGRFieldDefnH field = OGR_Fld_Create(like->columns[c].name, OFTString);
    is_done = is_done && OGR_L_CreateField(layer, field, FALSE) == OGRERR_NONE;
    OGR_Fld_Destroy(field);
  }
  for (uint32_t i = 0; is_done && i < ky_pg_row_count(rows); i++) {
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    for (uint32_t c = 0; c < like->column_count; c++) {
      const char *value = ky_pg_value(rows, i, c);
      if (value != NULL) OGR_F_SetFieldString(feature, (int)c, value);
    }
    OGRGeometryH geometry = has_shape ? geometry_of(job, ky_pg_value(rows, i, like->column_count)) : NULL;
    if (geometry != NULL) OGR_F_SetGeometryDirectly(feature, geometry);
    is_done = OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
    OGR_F_Destroy(feature);
  }
  return is_done;
}

static ky_err take_rows(ky_job *job, const ky_past_layer *like, const ky_pg_rows *rows, bool has_shape, ky_table *out,
                        ky_shapes **shapes, bool *is_good) {
  ky_gdal_log log = {0};
  *is_good = false;
  ky_gdal_start();
  ky_gdal_log_open(&log);
  OGRSFDriverH driver = OGRGetDriverByName("Memory");
  OGRDataSourceH source = driver != NULL ? OGR_Dr_CreateDataSource(driver, "past", NULL) : NULL;
  OGRLayerH layer = source != NULL ? OGR_DS_CreateLayer(source, "past", NULL, wkbUnknown, NULL) : NULL;
  if (layer != NULL && !fill(job, layer, like, rows, has_shape)) layer = NULL;
  const ky_err err = ky_past_take(job, layer, like, true, out, shapes, is_good);
  if (source != NULL) OGR_DS_Destroy(source);
  ky_gdal_log_close();
  return err;
}

ky_err ky_past_table_database(ky_job *job, const ky_past *past, const ky_past_layer *like, const char *crs,
                              ky_table *out, const char **why) {
  ky_pg_rows *rows = NULL;
  ky_shapes *shapes = NULL;
  ky_table table;
  const char *sql;
  bool has_shape = false, is_good = false;
  KY_TRY(prepare(job, past, like, &sql, &has_shape));
  ky_err err = ky_pg_query(job, past->database, ky_tr("reading a published layer"), sql, &past->run_id, 1, &rows);
  if (err == KY_OK) err = take_rows(job, like, rows, has_shape, &table, &shapes, &is_good);
  ky_pg_rows_free(rows);
  if (err != KY_OK) return err;
  if (!is_good) {
    *why = ky_format(&job->keep, ky_tr("%s: the layer %s in the database is not the one that its run wrote"), past->place,
                     like->layer);
    return *why != NULL ? KY_OK : ky_fail_memory(job);
  }
  *out = table;
  if (shapes->kind == KY_SHAPE_NONE) return KY_OK;
  if (crs != NULL && strcmp(crs, past->crs) != 0)
    KY_TRY(ky_crs_transform(job, past->crs, crs, shapes->x, shapes->y, shapes->vertex_count));
  out->shapes = shapes;
  return KY_OK;
}
