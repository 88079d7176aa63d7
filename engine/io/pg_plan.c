/* From a source's settings and its columns to one SELECT: see pg_plan.h. */
#include "io/pg_plan.h"

#include <stdio.h>
#include <string.h>

#include "io/crs.h"
#include "io/pg_relation.h"
#include "io/pg_types.h"

static bool needs_geometry(const ky_source *source) {
  return ky_role_get(source->role)->kinds != 1u << KY_SHAPE_NONE;
}

static const char *field_list(ky_job *job, const ky_pg_relation *relation, bool only_geometry) {
  const char **names = ky_arena_alloc(&job->scratch, (size_t)relation->count + 1, sizeof *names);
  uint32_t n = 0;
  if (names == NULL) return "";
  for (uint32_t f = 0; f < relation->count; f++)
    if (!only_geometry || relation->fields[f].is_geometry) names[n++] = relation->fields[f].name;
  return ky_columns_list(job, names, n);
}

/* PostGIS 3.0 is the oldest one that is maintained by anybody, and the oldest that kayoi is tested against. */
static ky_err check_postgis(ky_job *job, const ky_source *source, const ky_pg_session *session) {
  if (session->postgis == NULL)
    return ky_fail(
        job, KY_E_DATABASE,
        ky_tr("%s: database %s has no extension PostGIS; ask its administrator for CREATE EXTENSION postgis"),
        source->name, ky_pg_facts_of(session->pg)->database);
  if (session->postgis[0] >= '3' || (session->postgis[0] >= '1' && session->postgis[1] != '.')) return KY_OK;
  return ky_fail(job, KY_E_DATABASE,
                 ky_tr("%s: database %s has PostGIS %s; kayoi needs 3.0 or newer: ALTER EXTENSION postgis UPDATE"),
                 source->name, ky_pg_facts_of(session->pg)->database, session->postgis);
}

/* The column of the configuration, else the only one. *out KY_NONE: the table has none, or is read by other columns. */
static ky_err find_geometry(ky_job *job, const ky_source *source, const ky_pg_session *session,
                            const ky_pg_relation *relation, uint32_t *out) {
  const char *wanted = source->postgis->geometry;
  uint32_t count = 0;
  *out = KY_NONE;
  if (wanted != NULL) {
    KY_TRY(check_postgis(job, source, session));
    *out = ky_pg_relation_field(relation, wanted);
    if (*out != KY_NONE && relation->fields[*out].is_geometry) return KY_OK;
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("%s: %s has no column \"%s\" of type geometry or geography; columns of such a type: %s"),
                   source->name, source->shown, wanted, field_list(job, relation, true));
  }
  if (!needs_geometry(source) || source->lon != NULL) return KY_OK;
  for (uint32_t f = 0; f < relation->count; f++) {
    if (!relation->fields[f].is_geometry) continue;
    *out = f;
    count++;
  }
  if (count > 1)
    return ky_fail(job, KY_E_CONFIG, ky_tr("%s: %s has several columns of geometry; name one with geometry: (%s)"),
                   source->name, source->shown, field_list(job, relation, true));
  return count == 1 ? check_postgis(job, source, session) : KY_OK;
}

/* Columns that can be attributes, in the order of the table. */
static ky_err list_names(ky_job *job, const ky_pg_relation *relation, uint32_t **field, ky_pg_plan *out) {
  KY_NEW(job, keep, out->names, (size_t)relation->count + 1);
  KY_NEW(job, scratch, *field, (size_t)relation->count + 1);
  for (uint32_t f = 0; f < relation->count; f++) {
    if (relation->fields[f].is_geometry) continue;
    (*field)[out->count] = f;
    out->names[out->count++] = relation->fields[f].name;
  }
  return KY_OK;
}

/* Attributes by their columns; without a geometry also what else gives a place. */
static ky_err pick(ky_job *job, const ky_source *source, const ky_pg_session *session, bool has_geometry,
                   ky_pg_plan *out) {
  KY_TRY(ky_columns_pick(job, source, out->names, NULL, out->count, &out->picks));
  if (has_geometry) return KY_OK;
  KY_TRY(ky_table_plan_check(job, source, out->names, out->count, &out->picks));
  ky_err err = ky_table_plan_make(job, source, out->names, out->count, &out->picks, &out->place);
  if (err != KY_E_INPUT || session->postgis != NULL) return err;
  job->err = KY_OK; /* the same with its likely cause */
  return ky_fail(job, KY_E_DATABASE,
                 ky_tr("%s: %s has no geometry and no columns for longitude and latitude, and database %s has no "
                       "extension PostGIS: CREATE EXTENSION postgis, or name the columns: lon: NAME, lat: NAME"),
                 source->name, source->shown, ky_pg_facts_of(session->pg)->database);
}

static bool is_text_type(uint32_t type) {
  return type == KY_PG_TEXT || type == KY_PG_VARCHAR || type == KY_PG_BPCHAR || type == KY_PG_NAME;
}

/* Which columns rows hold: those of the picks beside a geometry, all in a table whose place is looked for in them. */
static ky_err mark_selected(ky_job *job, bool has_geometry, ky_pg_plan *out) {
  KY_NEW(job, keep, out->field, (size_t)out->count + 1);
  for (uint32_t c = 0; c < out->count; c++) out->field[c] = has_geometry ? KY_NONE : 0;
  for (uint32_t p = 0; p < out->picks.count; p++) {
    const ky_pick *one = &out->picks.pick[p];
    out->field[one->field] = 0;
    for (uint32_t m = 0; m < one->more_count; m++) out->field[one->more[m]] = 0;
  }
  return KY_OK;
}

/* Texts sort by their bytes, in whatever locale the database is. */
static const char *select_list(ky_job *job, const ky_pg_relation *relation, const uint32_t *field, uint32_t geometry,
                               ky_pg_plan *out) {
  const char *list = "";
  out->is_number = ky_arena_alloc(&job->keep, (size_t)out->count + 2, 1);
  if (out->is_number == NULL) return NULL;
  for (uint32_t c = 0; c < out->count && list != NULL; c++) {
    const ky_pg_field *f = &relation->fields[field[c]];
    if (out->field[c] == KY_NONE) continue;
    out->is_number[out->field_count] = f->type == KY_PG_NUMERIC;
    out->field[c] = out->field_count++;
    list = ky_format(&job->scratch, "%s%s(%s)::text COLLATE \"C\"", list, list[0] != '\0' ? ", " : "", f->sql);
  }
  out->geometry = KY_NONE;
  if (geometry != KY_NONE && list != NULL) {
    out->geometry = out->field_count++;
    list = ky_format(&job->scratch, "%s%s%s", list, list[0] != '\0' ? ", " : "", relation->fields[geometry].sql);
  }
  return list;
}

static const char *key_sql(ky_job *job, const ky_pg_relation *relation, const char *name, const char *sql) {
  const uint32_t f = ky_pg_relation_field(relation, name);
  const bool is_text = f != KY_NONE && is_text_type(relation->fields[f].type);
  return is_text ? ky_format(&job->scratch, "%s COLLATE \"C\"", sql) : sql;
}

/* Rows that nothing tells apart have no order; their places in the list are then only names in messages. */
static void report_no_key(ky_job *job, const ky_source *source) {
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(job, source),
                           .reason = "no_key",
                           .action = ky_tr("the rows are put in order by all their columns, so results are the same in "
                                           "every run; name a column that tells them apart with id:")},
               "%s", ky_tr("the table, view or query has no key, so the database gives its rows in any order"));
}

/* ORDER BY: the column id, else the key of the table, else osm_id; behind them everything, unless the key tells all
 * rows apart. */
static ky_err find_order(ky_job *job, const ky_source *source, const ky_pg_relation *relation, bool with_issues,
                         const char **list, const char **order, ky_pg_plan *out) {
  const char *id = source->postgis->id;
  bool is_unique = false;
  *order = "";
  out->key = KY_NONE;
  if (id == NULL && relation->key_count == 0 && relation->is_osm && ky_pg_relation_field(relation, "osm_id") != KY_NONE)
    id = "osm_id";
  if (id != NULL) {
    const uint32_t f = ky_pg_relation_field(relation, id);
    if (f == KY_NONE || relation->fields[f].is_geometry)
      return ky_fail(job, KY_E_CONFIG, ky_tr("%s: %s has no column \"%s\" (id:); it has: %s"), source->name,
                     source->shown, id, field_list(job, relation, false));
    *order = key_sql(job, relation, id, relation->fields[f].sql);
    out->key_name = relation->fields[f].name;
    *list = ky_format(&job->scratch, "%s%s(%s)::text", *list, (*list)[0] != '\0' ? ", " : "", relation->fields[f].sql);
    out->key = out->field_count++;
    is_unique = relation->key_count == 1 && strcmp(relation->key_name[0], id) == 0;
    out->origin->order = id;
  }
  for (uint32_t k = 0; id == NULL && k < relation->key_count && *order != NULL; k++) {
    const char *sql = ky_format(&job->scratch, "q.%s", relation->key[k]);
    if (sql != NULL) sql = key_sql(job, relation, relation->key_name[k], sql);
    *order = ky_format(&job->scratch, "%s%s%s", *order, k > 0 ? ", " : "", sql != NULL ? sql : "");
    out->origin->order =
        k == 0 ? relation->key_name[0] : ky_format(&job->keep, "%s, %s", out->origin->order, relation->key_name[k]);
    is_unique = true;
  }
  if (id == NULL && relation->key_count == 1) {
    out->key_name = relation->key_name[0];
    *list = ky_format(&job->scratch, "%s%s(q.%s)::text", *list, (*list)[0] != '\0' ? ", " : "", relation->key[0]);
    out->key = out->field_count++;
  }
  if (id == NULL && relation->key_count == 0 && with_issues) report_no_key(job, source);
  for (uint32_t f = 0; !is_unique && f < out->field_count && *order != NULL; f++)
    if (f != out->key) *order = ky_format(&job->scratch, "%s%s%u", *order, (*order)[0] != '\0' ? ", " : "", f + 1);
  return *order != NULL && *list != NULL ? KY_OK : ky_fail_memory(job);
}

/* SRID of a column that is bound to one; else that of the first geometry (all of them are compared while reading). */
static ky_err find_srid(ky_job *job, const ky_source *source, const ky_pg_session *session,
                        const ky_pg_relation *relation, const ky_pg_field *field, ky_pg_plan *out) {
  const bool is_geography = field->type == session->geography_type;
  char modifier[20];
  const char *params[1] = {modifier};
  ky_pg_rows *rows;
  snprintf(modifier, sizeof modifier, "%d", field->modifier);
  const char *any = ky_format(&job->scratch, "(SELECT %s.ST_SRID(%s::%s.geometry) FROM %s%s%s%s IS NOT NULL LIMIT 1)",
                              session->schema, field->sql, session->schema, relation->from, relation->where,
                              relation->where[0] != '\0' ? " AND " : " WHERE ", field->sql);
  const char *sql = any == NULL ? NULL
                                : ky_format(&job->scratch,
                                            "SELECT x.srid, s.auth_name, s.auth_srid, s.srtext FROM (SELECT "
                                            "coalesce(nullif(%s.postgis_typmod_srid($1::int), 0), %s, 0) AS srid) x "
                                            "LEFT JOIN %s.spatial_ref_sys s ON s.srid = x.srid",
                                            session->schema, is_geography ? "4326" : any, session->schema);
  if (sql == NULL) return ky_fail_memory(job);
  KY_TRY(ky_pg_query(job, session->pg, out->doing, sql, params, 1, &rows));
  const char *srid = ky_pg_value(rows, 0, 0), *authority = ky_pg_value(rows, 0, 1), *code = ky_pg_value(rows, 0, 2),
             *wkt = ky_pg_value(rows, 0, 3);
  sscanf(srid != NULL ? srid : "0", "%u", &out->origin->srid);
  const char *crs = authority != NULL && code != NULL && strcmp(authority, "EPSG") == 0
                        ? ky_format(&job->keep, "EPSG:%s", code)
                    : wkt != NULL ? ky_arena_text(&job->keep, wkt, strlen(wkt))
                                  : "";
  ky_pg_rows_free(rows);
  if (crs == NULL) return ky_fail_memory(job);
  out->crs = crs[0] != '\0' ? crs : NULL;
  if (out->crs != NULL || source->crs != NULL) return KY_OK;
  if (out->origin->srid != 0)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s: %s: its geometry has SRID %u, which the table spatial_ref_sys of the database does not "
                         "know; add it there, or write crs: to this source"),
                   source->name, source->shown, out->origin->srid);
  return KY_OK; /* SRID 0 is refused when a geometry comes: an empty table has none */
}

static ky_err fill_origin(ky_job *job, const ky_source *source, const ky_pg_session *session,
                          const ky_pg_relation *relation, ky_pg_plan *out) {
  const ky_pg_facts *facts = ky_pg_facts_of(session->pg);
  const ky_pg_place place = {source->postgis->service, source->postgis->conninfo, source->name};
  ky_pg_origin *o;
  KY_NEW(job, keep, o, 1);
  out->origin = o;
  const char *const from[] = {facts->server, facts->database, facts->user,    facts->version,
                              facts->tls,    facts->sslmode,  facts->encoding};
  const char **const to[] = {&o->server, &o->database, &o->user, &o->version, &o->tls, &o->sslmode, &o->encoding};
  for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
    if (from[i] == NULL) continue;
    *to[i] = ky_arena_text(&job->keep, from[i], strlen(from[i]));
    if (*to[i] == NULL) return ky_fail_memory(job);
  }
  o->place = ky_pg_place_text(job, &place);
  o->postgis = session->postgis;
  o->table = relation->name;
  o->query = source->postgis->query;
  return KY_OK;
}

ky_err ky_pg_plan_make(ky_job *job, const ky_source *source, ky_pg_session *session, bool with_issues,
                       ky_pg_plan *out) {
  ky_pg_relation relation;
  uint32_t geometry, *field;
  const char *list, *order;
  *out = (ky_pg_plan){.geometry = KY_NONE, .key = KY_NONE};
  KY_TRY(ky_pg_relation_find(job, source, session, &relation));
  out->doing = relation.name != NULL ? ky_format(&job->keep, ky_tr("reading %s"), relation.name) : ky_tr("query");
  if (out->doing == NULL) return ky_fail_memory(job);
  KY_TRY(fill_origin(job, source, session, &relation, out));
  KY_TRY(find_geometry(job, source, session, &relation, &geometry));
  KY_TRY(list_names(job, &relation, &field, out));
  KY_TRY(pick(job, source, session, geometry != KY_NONE || !needs_geometry(source), out));
  KY_TRY(mark_selected(job, geometry != KY_NONE || !needs_geometry(source), out));
  list = select_list(job, &relation, field, geometry, out);
  if (list == NULL) return ky_fail_memory(job);
  KY_TRY(find_order(job, source, &relation, with_issues, &list, &order, out));
  if (geometry != KY_NONE) {
    out->origin->geometry = relation.fields[geometry].name;
    KY_TRY(find_srid(job, source, session, &relation, &relation.fields[geometry], out));
  }
  out->is_osm = relation.is_osm;
  out->sql = ky_format(&job->keep, "SELECT %s FROM %s%s%s%s", list, relation.from, relation.where,
                       order[0] != '\0' ? " ORDER BY " : "", order);
  return out->sql != NULL ? KY_OK : ky_fail_memory(job);
}
