/* Tables, views and queries by the catalogue: see pg_relation.h. */
#include "io/pg_relation.h"

#include <string.h>

#include "io/pg_types.h"
#include "io/role_columns.h"

uint32_t ky_pg_relation_field(const ky_pg_relation *relation, const char *name) {
  for (uint32_t f = 0; f < relation->count; f++)
    if (strcmp(relation->fields[f].name, name) == 0) return f;
  return KY_NONE;
}

/* Tables that the name may mean: the same letters in another case, or in another schema. */
static ky_err fail_no_table(ky_job *job, const ky_source *source, ky_pg *pg, const char *table) {
  static const char sql[] =
      "SELECT string_agg(t, ', ') FROM (SELECT n.nspname || '.' || c.relname AS t FROM pg_catalog.pg_class c "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') "
      "AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d "
      "WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY lower(c.relname) <> lower($1), 1 LIMIT 12) x";
  const char *params[] = {table};
  ky_pg_rows *rows;
  KY_TRY(ky_pg_query(job, pg, ky_tr("looking for tables"), sql, params, 1, &rows));
  const char *list = ky_pg_value(rows, 0, 0);
  ky_err err = ky_fail(job, KY_E_CONFIG,
                       ky_tr("%s: database %s has no table or view \"%s\" (names are written exactly as they are, with "
                             "their schema unless it is in the search_path); it has: %s"),
                       source->name, ky_pg_facts_of(pg)->database, source->postgis->table, list != NULL ? list : "-");
  ky_pg_rows_free(rows);
  return err;
}

/* The columns of the primary key, else of a unique index over columns that are never null. */
static ky_err find_key(ky_job *job, const ky_source *source, ky_pg *pg, ky_pg_relation *out) {
  static const char sql[] =
      "SELECT a.attname FROM (SELECT i.indrelid, i.indkey FROM pg_catalog.pg_index i WHERE i.indrelid = $1::regclass "
      "AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND NOT EXISTS (SELECT FROM "
      "pg_catalog.pg_attribute b WHERE b.attrelid = i.indrelid AND b.attnum = ANY (i.indkey) AND NOT b.attnotnull) "
      "ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) x "
      "CROSS JOIN LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY AS k(attnum, n) "
      "JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum ORDER BY k.n";
  const char *params[] = {out->regclass};
  ky_pg_rows *rows;
  ky_err err = KY_OK;
  KY_TRY(ky_pg_query(job, pg, ky_tr("looking for its key"), sql, params, 1, &rows));
  out->key_count = ky_pg_row_count(rows);
  out->key = ky_arena_alloc(&job->keep, (size_t)out->key_count + 1, sizeof *out->key);
  out->key_name = ky_arena_alloc(&job->keep, (size_t)out->key_count + 1, sizeof *out->key_name);
  if (out->key == NULL || out->key_name == NULL) err = ky_fail_memory(job);
  for (uint32_t k = 0; err == KY_OK && k < out->key_count; k++) {
    const char *name = ky_pg_value(rows, k, 0);
    out->key_name[k] = ky_arena_text(&job->keep, name, strlen(name));
    err = out->key_name[k] == NULL ? ky_fail_memory(job) : ky_pg_identifier(job, source->name, name, &out->key[k]);
  }
  ky_pg_rows_free(rows);
  return err;
}

/* The table by its name in the search_path; *out->from is what to select from. */
static ky_err find_table(ky_job *job, const ky_source *source, ky_pg *pg, ky_pg_relation *out) {
  static const char sql[] =
      "SELECT n.nspname, c.relname, c.relkind IN ('r', 'p', 'm') AND has_table_privilege(c.oid, "
      "'SELECT') FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
      "ON n.oid = c.relnamespace WHERE c.oid = to_regclass($1) "
      "AND c.relkind IN ('r', 'v', 'm', 'p', 'f')";
  const char *schema, *table, *schema_sql = NULL, *table_sql, *where;
  ky_pg_rows *rows;
  where = ky_format(&job->scratch, "%s.postgis.table", source->name);
  if (where == NULL) return ky_fail_memory(job);
  KY_TRY(ky_pg_table_name(job, where, source->postgis->table, &schema, &table));
  KY_TRY(ky_pg_identifier(job, where, table, &table_sql));
  if (schema != NULL) KY_TRY(ky_pg_identifier(job, where, schema, &schema_sql));
  out->regclass = schema != NULL ? ky_format(&job->keep, "%s.%s", schema_sql, table_sql) : table_sql;
  if (out->regclass == NULL) return ky_fail_memory(job);
  const char *params[] = {out->regclass};
  KY_TRY(ky_pg_query(job, pg, ky_tr("looking for the table"), sql, params, 1, &rows));
  const bool is_there = ky_pg_row_count(rows) == 1;
  if (is_there) {
    out->name = ky_format(&job->keep, "%s.%s", ky_pg_value(rows, 0, 0), ky_pg_value(rows, 0, 1));
    out->from = ky_format(&job->keep, "%s AS q", out->regclass);
    out->is_stored = ky_pg_value(rows, 0, 2)[0] == 't';
  }
  ky_pg_rows_free(rows);
  if (!is_there) return fail_no_table(job, source, pg, table);
  return out->name != NULL && out->from != NULL ? find_key(job, source, pg, out) : ky_fail_memory(job);
}

/* The query on lines of its own, so that a comment at its end hides nothing; without the semicolon that people end it
 * with. That it is one statement is what the server's protocol makes sure of. */
static ky_err wrap_query(ky_job *job, const ky_source *source, ky_pg_relation *out) {
  const char *query = source->postgis->query;
  size_t length = strlen(query);
  while (length > 0 && strchr(" \t\r\n;", query[length - 1]) != NULL) length--;
  out->from = ky_format(&job->keep, "(\n%.*s\n) AS q", (int)length, query);
  return out->from != NULL ? KY_OK : ky_fail_memory(job);
}

static ky_err find_fields(ky_job *job, const ky_source *source, ky_pg_session *session, ky_pg_relation *out) {
  ky_pg_column *columns;
  uint32_t count;
  const char *sql = ky_format(&job->scratch, "SELECT * FROM %s", out->from);
  if (sql == NULL) return ky_fail_memory(job);
  KY_TRY(ky_pg_describe(job, session->pg, out->name != NULL ? out->name : ky_tr("query"), sql, &columns, &count));
  KY_NEW(job, keep, out->fields, (size_t)count + KY_PG_TAGS_MAX);
  for (uint32_t c = 0; c < count; c++) {
    const char *quoted;
    ky_pg_field *field = &out->fields[out->count++];
    KY_TRY(ky_pg_identifier(job, source->name, columns[c].name, &quoted));
    field->name = ky_arena_text(&job->keep, columns[c].name, strlen(columns[c].name));
    field->sql = ky_format(&job->keep, "q.%s", quoted);
    if (field->name == NULL || field->sql == NULL) return ky_fail_memory(job);
    field->type = columns[c].type;
    field->modifier = columns[c].modifier;
    field->is_geometry =
        field->type != 0 && (field->type == session->geometry_type || field->type == session->geography_type);
  }
  return KY_OK;
}

ky_err ky_pg_relation_find(ky_job *job, const ky_source *source, ky_pg_session *session, ky_pg_relation *out) {
  *out = (ky_pg_relation){.where = ""};
  KY_TRY(source->postgis->table != NULL ? find_table(job, source, session->pg, out) : wrap_query(job, source, out));
  KY_TRY(find_fields(job, source, session, out));
  return source->postgis->table != NULL ? ky_pg_relation_osm(job, source, session, out) : KY_OK;
}
