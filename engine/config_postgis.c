/* A source in a database: `postgis: {service | conninfo, table | query, geometry, id}`. */
#include <string.h>

#include "config_reader.h"
#include "io/pg_session.h"

#define PG_AT(member) offsetof(ky_pg_source, member)

const ky_config_field ky_postgis_fields[KY_POSTGIS_FIELD_COUNT] = {
    {.key = "service",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = PG_AT(service),
     .help =
         KY_MSG("Section of the service file (~/.pg_service.conf) that says host, port, dbname, user and sslmode.")},
    {.key = "conninfo",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = PG_AT(conninfo),
     .help =
         KY_MSG("In place of it: keywords of libpq, e.g. host=db.example dbname=gis user=kayoi sslmode=verify-full. "
                "Never a password: that belongs into ~/.pgpass.")},
    {.key = "table",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = PG_AT(table),
     .help = KY_MSG("Table or view, TABLE or SCHEMA.TABLE, written exactly as it is named.")},
    {.key = "query",
     .type = KY_FIELD_LINES,
     .store = KY_STORE_TEXT,
     .offset = PG_AT(query),
     .help = KY_MSG("In place of it: one SELECT. It runs in a read-only transaction.")},
    {.key = "geometry",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = PG_AT(geometry),
     .help = KY_MSG("Column of the geometry. Left out: the only one of that type.")},
    {.key = "id",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = PG_AT(id),
     .help = KY_MSG("Column that orders the rows and names them in messages. Left out: the key of the table.")},
    {.key = "timeout_s",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_INT,
     .offset = PG_AT(timeout_s),
     .min = 1,
     .max = 86400,
     .standard = "600",
     .help = KY_MSG("Seconds after which a statement is given up.")},
};

/* The connection of an earlier source of the same place, else a new one. */
static ky_pg_session *session_of(ky_config_reader *reader, const ky_pg_source *postgis) {
  const ky_pg_place place = {postgis->service, postgis->conninfo, ""};
  for (uint32_t s = 0; s < reader->config->read.source_count; s++) {
    const ky_pg_source *other = reader->sources[s].postgis;
    if (other == NULL || other == postgis || other->session == NULL) continue;
    if (ky_pg_place_same(&place, &(ky_pg_place){other->service, other->conninfo, ""})) return other->session;
  }
  ky_pg_session *session = ky_pg_session_new(reader->job);
  if (session == NULL) ky_fail_memory(reader->job);
  return session;
}

/* A place that libpq cannot make sense of, or that holds a password, is a problem of its line like any other. */
static bool check_place(ky_config_reader *reader, const yaml_node_t *node, const ky_pg_place *place) {
  ky_job *job = reader->job;
  if (ky_pg_place_check(job, place) == KY_OK) return true;
  if (job->err != KY_E_CONFIG) return false;
  char *message = ky_arena_text(&job->scratch, job->message, strlen(job->message));
  job->err = KY_OK;
  job->message[0] = '\0';
  if (message == NULL)
    ky_fail_memory(job);
  else
    ky_problem_add(&reader->problems, node->start_mark, "%s", message);
  return false;
}

void ky_config_read_postgis(ky_config_reader *reader, const char *name, const yaml_node_t *node, ky_source *source) {
  ky_pg_source *postgis = ky_arena_alloc(&reader->job->keep, 1, sizeof *postgis);
  if (postgis == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  postgis->timeout_s = KY_PG_STATEMENT_TIMEOUT_S;
  const ky_config_scope scope = {ky_postgis_fields, KY_POSTGIS_FIELD_COUNT, postgis};
  ky_config_read_mapping(reader, name, node, &scope, 1);
  source->postgis = postgis;
  if ((postgis->table == NULL) == (postgis->query == NULL))
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s: either table or query is needed, e.g. {service: gis, table: public.residents}"), name);
  const ky_pg_place place = {postgis->service, postgis->conninfo, name};
  if (check_place(reader, node, &place)) postgis->session = session_of(reader, postgis);
}

static bool has_key(const ky_config_reader *reader, const yaml_node_t *node, const char *word) {
  for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
    const yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);
    if (key->type == YAML_SCALAR_NODE && strcmp((const char *)key->data.scalar.value, word) == 0) return true;
  }
  return false;
}

/* What only files have; formats that are no tables come as files only. */
static void check_others(ky_config_reader *reader, const char *name, const yaml_node_t *node, const ky_source *source) {
  static const char *const of_files[] = {"format", "layer", "encoding"};
  for (size_t i = 0; i < sizeof of_files / sizeof *of_files; i++)
    if (has_key(reader, node, of_files[i]))
      ky_problem_add(
          &reader->problems, node->start_mark,
          ky_tr("%s: %s: is for files only; delete it (postgis: names the table, and its texts come in UTF-8)"), name,
          of_files[i]);
  if (source->role == KY_ROLE_ELEVATION || source->role == KY_ROLE_FEEDS)
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s: rasters and timetables are read from files only; give path:"), name);
}

/* Also how messages and layers name it: without its place, which is nobody's business who reads a layer. */
void ky_config_check_postgis(ky_config_reader *reader, const char *name, const yaml_node_t *node, ky_source *source) {
  const ky_pg_source *postgis = source->postgis;
  if (!has_key(reader, node, "path") && !has_key(reader, node, "postgis"))
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s is missing. Give a file, relative to this configuration, or postgis: {...}"),
                   ky_config_name(reader, name, "path"));
  if (postgis == NULL) return;
  if (has_key(reader, node, "path"))
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: path and postgis are both given; keep one"), name);
  check_others(reader, name, node, source);
  source->shown = ky_format(&reader->job->keep, "PostGIS %s", postgis->table != NULL ? postgis->table : "query");
  if (source->shown == NULL) ky_fail_memory(reader->job);
}
