/* Tables that tools for OpenStreetMap make.
 *
 * osm2pgsql: planet_osm_line, _polygon ... with osm_id, a column per tag of its style file and the geometry `way`; with
 * --hstore the other tags stand in `tags` (flex styles: jsonb). Lines of all kinds are in one table, long ones in
 * pieces with one osm_id, relations with a negative one, whose ways stand for themselves.
 * osm2pgrouting: ways with gid, osm_id, tag_id, source, target, length_m and the_geom; what tag_id means stands in the
 * table configuration (tag_id, tag_key, tag_value) of the same schema. */
#include <string.h>

#include "io/pg_relation.h"
#include "io/pg_types.h"

static bool has(const ky_pg_relation *relation, const char *name) {
  return ky_pg_relation_field(relation, name) != KY_NONE;
}

static ky_err add_tag(ky_job *job, ky_pg_relation *relation, const char *name, const char *sql) {
  ky_pg_field *field = &relation->fields[relation->count++];
  *field = (ky_pg_field){.name = name, .sql = sql, .type = KY_PG_TEXT, .modifier = -1};
  return sql != NULL ? KY_OK : ky_fail_memory(job);
}

/* Tags of the role that are no columns, out of the column of all the others. */
static ky_err open_tags(ky_job *job, const ky_source *source, const ky_pg_session *session, ky_pg_relation *relation) {
  static const char *const streets[] = {"highway", "route",  "foot",   "access", "motorroad",
                                        "indoor",  "bridge", "tunnel", "layer",  NULL};
  static const char *const barriers[] = {"waterway", "railway", "natural", "bridge", "tunnel", NULL};
  static const char *const buildings[] = {"building", "building:levels", NULL};
  const char *const *wanted = source->role == KY_ROLE_ROADS       ? streets
                              : source->role == KY_ROLE_BARRIERS  ? barriers
                              : source->role == KY_ROLE_BUILDINGS ? buildings
                                                                  : NULL;
  const uint32_t tags = ky_pg_relation_field(relation, "tags");
  if (wanted == NULL || tags == KY_NONE) return KY_OK;
  const uint32_t type = relation->fields[tags].type;
  if (type != KY_PG_JSONB && (type == 0 || type != session->hstore_type)) return KY_OK;
  for (; *wanted != NULL; wanted++) {
    if (has(relation, *wanted)) continue;
    /* Both types can be opened as jsonb; hstore's own arrow may stand in a schema that is not searched. */
    const char *sql = type == KY_PG_JSONB ? ky_format(&job->keep, "(q.tags ->> '%s')", *wanted)
                                          : ky_format(&job->keep, "((q.tags)::pg_catalog.json ->> '%s')", *wanted);
    KY_TRY(add_tag(job, relation, *wanted, sql));
  }
  return KY_OK;
}

/* Which rows of all lines or areas the role asks for. */
static const char *rows_of_role(ky_job *job, ky_role role, const ky_pg_relation *relation) {
  static const char *const streets[] = {"highway", NULL}, *const buildings[] = {"building", NULL},
                           *const barriers[] = {"waterway", "railway", "natural", NULL};
  const char *const *columns = role == KY_ROLE_ROADS       ? streets
                               : role == KY_ROLE_BARRIERS  ? barriers
                               : role == KY_ROLE_BUILDINGS ? buildings
                                                           : NULL;
  const char *any = "";
  for (; columns != NULL && *columns != NULL && any != NULL; columns++) {
    const uint32_t f = ky_pg_relation_field(relation, *columns);
    if (f != KY_NONE)
      any = ky_format(&job->keep, "%s%s%s IS NOT NULL", any, any[0] != '\0' ? " OR " : "", relation->fields[f].sql);
  }
  if (any == NULL || any[0] == '\0') return any;
  const uint32_t route = role == KY_ROLE_ROADS ? ky_pg_relation_field(relation, "route") : KY_NONE;
  if (route != KY_NONE) any = ky_format(&job->keep, "%s OR %s = 'ferry'", any, relation->fields[route].sql);
  if (any == NULL) return NULL;
  return ky_format(&job->keep, " WHERE (%s)%s", any, role == KY_ROLE_ROADS ? " AND q.osm_id > 0" : "");
}

/* A column whose name means something else here: osm2pgrouting's `length` is in degrees (`length_m` says it in metres),
 * the tag `area` is yes or no and no footprint. */
static void drop_field(ky_pg_relation *relation, const char *name) {
  const uint32_t f = ky_pg_relation_field(relation, name);
  if (f == KY_NONE) return;
  memmove(&relation->fields[f], &relation->fields[f + 1], (relation->count - f - 1) * sizeof *relation->fields);
  relation->count--;
}

/* Joins what tag_id means, when the schema of the table has it. */
static ky_err join_configuration(ky_job *job, ky_pg *pg, ky_pg_relation *relation) {
  static const char sql[] =
      "SELECT quote_ident(n.nspname) FROM pg_catalog.pg_class w JOIN pg_catalog.pg_namespace n ON n.oid = "
      "w.relnamespace "
      "JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = 'configuration' "
      "WHERE w.oid = to_regclass($1) AND 3 = (SELECT count(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid "
      "AND a.attname IN ('tag_id', 'tag_key', 'tag_value') AND NOT a.attisdropped)";
  const char *params[] = {relation->regclass};
  ky_pg_rows *rows;
  ky_err err = KY_OK;
  KY_TRY(ky_pg_query(job, pg, ky_tr("looking for the table configuration"), sql, params, 1, &rows));
  if (ky_pg_row_count(rows) == 1) {
    relation->from = ky_format(&job->keep,
                               "%s LEFT JOIN (SELECT tag_id, min(tag_value) AS tag_value FROM %s.configuration "
                               "WHERE tag_key = 'highway' GROUP BY tag_id) AS t ON t.tag_id = q.tag_id",
                               relation->from, ky_pg_value(rows, 0, 0));
    err = relation->from != NULL ? add_tag(job, relation, "highway", "t.tag_value") : ky_fail_memory(job);
    if (has(relation, "length_m")) drop_field(relation, "length");
    relation->is_osm = true;
    relation->is_stored = false; /* two tables */
  }
  ky_pg_rows_free(rows);
  return err;
}

ky_err ky_pg_relation_osm(ky_job *job, const ky_source *source, ky_pg_session *session, ky_pg_relation *relation) {
  if (source->role == KY_ROLE_ROADS && has(relation, "tag_id") && has(relation, "the_geom") &&
      !has(relation, "highway"))
    return join_configuration(job, session->pg, relation);
  if (!has(relation, "osm_id")) return KY_OK;
  KY_TRY(open_tags(job, source, session, relation));
  if (!has(relation, "way")) return KY_OK; /* of another tool: its rows are what they are */
  relation->where = rows_of_role(job, source->role, relation);
  if (relation->where == NULL) return ky_fail_memory(job);
  relation->is_osm = relation->where[0] != '\0';
  if (relation->is_osm) drop_field(relation, "area");
  return KY_OK;
}
