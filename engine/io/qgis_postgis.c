/* Sources of layers in PostGIS, for a QGIS project. */
#include "io/qgis_postgis.h"

#include <libpq-fe.h>
#include <string.h>

#include "io/out_shape.h"

/* 'it''s' as libpq and QGIS read it: \' */
static const char *quoted(ky_arena *arena, const char *text) {
  char *out = ky_arena_alloc(arena, 2 * strlen(text) + 3, 1), *at = out;
  if (out == NULL) return NULL;
  *at++ = '\'';
  for (; *text != '\0'; text++) {
    if (*text == '\'' || *text == '\\') *at++ = '\\';
    *at++ = *text;
  }
  *at++ = '\'';
  *at = '\0';
  return out;
}

static ky_err append(ky_job *job, const char **server, const char *keyword, const char *value) {
  const char *text = quoted(&job->scratch, value);
  *server =
      text == NULL ? NULL : ky_format(&job->scratch, "%s%s%s=%s", *server, **server != '\0' ? " " : "", keyword, text);
  return *server == NULL ? ky_fail_memory(job) : KY_OK;
}

ky_err ky_qgis_server(ky_job *job, const char *service, const char *conninfo, const char **server) {
  /* whom the engine connects as is not whom staff connect as */
  static const char *const kept[] = {"service", "host", "port", "dbname", "sslmode"};
  ky_err err = KY_OK;
  *server = "";
  if (service != NULL) return append(job, server, "service", service);
  PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
  if (options == NULL) *server = NULL;
  for (size_t k = 0; options != NULL && k < sizeof kept / sizeof *kept; k++)
    for (const PQconninfoOption *o = options; o->keyword != NULL && err == KY_OK; o++)
      if (strcmp(o->keyword, kept[k]) == 0 && o->val != NULL) err = append(job, server, o->keyword, o->val);
  PQconninfoFree(options);
  return err;
}

/* Words that PostgreSQL 15 keeps for itself (pg_get_keywords, categories R and T), sorted. */
static const char *const reserved[] = {
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
};
static const char *const own[] = {"gid", "run_id", "row_no", "geom", "municipality_code", "run_name", "published_at"};

static bool is_among(const char *const *words, size_t count, const char *word) {
  for (size_t w = 0; w < count; w++)
    if (strcmp(words[w], word) == 0) return true;
  return false;
}

static const char *column_name(ky_arena *arena, const char *attribute) {
  char *name = ky_format(arena, "%s%s", attribute[0] >= '0' && attribute[0] <= '9' ? "_" : "", attribute);
  if (name == NULL) return NULL;
  for (char *c = name; *c != '\0'; c++) {
    const bool is_letter = (*c >= 'a' && *c <= 'z') || (unsigned char)*c >= 0x80, is_digit = *c >= '0' && *c <= '9';
    *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : is_letter || is_digit ? *c : '_';
  }
  if (!is_among(reserved, sizeof reserved / sizeof *reserved, name) && !is_among(own, sizeof own / sizeof *own, name))
    return name;
  return ky_format(arena, "%s_", name);
}

const char *const *ky_qgis_postgis_names(void *user, ky_arena *arena, const ky_table *table) {
  (void)user;
  const char **names = ky_arena_alloc(arena, table->column_count, sizeof *names);
  for (uint32_t c = 0; names != NULL && c < table->column_count; c++) {
    names[c] = column_name(arena, table->columns[c].name);
    if (names[c] == NULL) return NULL;
  }
  return names;
}

const char *ky_qgis_postgis_source(void *user, ky_arena *arena, const ky_table *table, const char *subset) {
  static const char *const types[][2] = {[KY_SHAPE_POINT] = {"Point", "MultiPoint"},
                                         [KY_SHAPE_LINE] = {"LineString", "MultiLineString"},
                                         [KY_SHAPE_POLYGON] = {"Polygon", "MultiPolygon"},
                                         [KY_SHAPE_MIXED] = {"Point", "Point"}};
  const ky_qgis_postgis *of = user;
  const ky_layer_form form = ky_shapes_form(table->shapes);
  const char *view = of->is_public ? column_name(arena, table->layer) : ky_format(arena, "%s_latest", table->layer);
  const char *shape =
      form.kind == KY_SHAPE_NONE ? "" : ky_format(arena, " srid=%d type=%s", of->srid, types[form.kind][form.is_multi]);
  if (view == NULL || shape == NULL) return NULL;
  return ky_format(arena, "%s key='gid'%s checkPrimaryKeyUnicity='0' table=\"%s\".\"%s\"%s%s%s",
                   of->server, shape, of->is_public ? "kayoi_public" : "kayoi", view,
                   form.kind != KY_SHAPE_NONE ? " (geom)" : "", subset != NULL ? " sql=" : "",
                   subset != NULL ? subset : "");
}
