/* One connection and one snapshot for all sources of a place. */
#include "io/pg_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ky_pg_session *ky_pg_session_new(ky_job *job) {
  return ky_arena_alloc(&job->keep, 1, sizeof(ky_pg_session));
}

void ky_pg_session_end(ky_pg_session *session) {
  ky_pg_close(session->pg);
  session->pg = NULL;
}

static void end_owned(void *handle) {
  ky_pg_session_end(handle);
}

static uint32_t oid_of(const char *text) {
  return text != NULL ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

/* Is PostGIS there, where, and under which oids are its types and hstore's? */
static ky_err find_extensions(ky_job *job, ky_pg_session *session) {
  static const char sql[] =
      "SELECT e.extname, e.extversion, n.nspname, g.oid, y.oid FROM pg_catalog.pg_extension e "
      "JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace "
      "LEFT JOIN pg_catalog.pg_type g ON g.typnamespace = n.oid AND "
      "g.typname = CASE e.extname WHEN 'postgis' THEN 'geometry' ELSE 'hstore' END "
      "LEFT JOIN pg_catalog.pg_type y ON y.typnamespace = n.oid AND y.typname = 'geography' "
      "WHERE e.extname IN ('postgis', 'hstore')";
  ky_pg_rows *rows;
  KY_TRY(ky_pg_query(job, session->pg, ky_tr("looking for PostGIS"), sql, NULL, 0, &rows));
  ky_err err = KY_OK;
  for (uint32_t r = 0; err == KY_OK && r < ky_pg_row_count(rows); r++) {
    const char *version = ky_pg_value(rows, r, 1), *schema = ky_pg_value(rows, r, 2);
    if (strcmp(ky_pg_value(rows, r, 0), "hstore") == 0) {
      session->hstore_type = oid_of(ky_pg_value(rows, r, 3));
      continue;
    }
    session->geometry_type = oid_of(ky_pg_value(rows, r, 3));
    session->geography_type = oid_of(ky_pg_value(rows, r, 4));
    session->postgis = ky_arena_text(&job->keep, version, strlen(version));
    err = session->postgis == NULL ? ky_fail_memory(job) : ky_pg_identifier(job, "postgis", schema, &session->schema);
  }
  ky_pg_rows_free(rows);
  return err;
}

/* extra_float_digits 0: decimals as other files' readers write them (15 digits). */
static ky_err open_session(ky_job *job, const ky_source *source, ky_pg_session *session) {
  const ky_pg_place place = {source->postgis->service, source->postgis->conninfo, source->name};
  KY_TRY(ky_pg_open(job, &place, &session->pg));
  if (!session->is_owned) KY_TRY(ky_job_own(job, end_owned, session));
  session->is_owned = true;
  KY_TRY(ky_pg_exec(job, session->pg, ky_tr("beginning to read"),
                    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL extra_float_digits = 0; "
                    "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL bytea_output = 'hex'; "
                    "SET LOCAL idle_in_transaction_session_timeout = 0"));
  return find_extensions(job, session);
}

ky_err ky_pg_session_begin(ky_job *job, const ky_source *source, ky_pg_session **out) {
  ky_pg_session *session = source->postgis->session;
  char sql[100];
  *out = session;
  if (session->err != KY_OK) return ky_fail(job, session->err, "%s", session->message);
  if (session->pg == NULL) {
    session->err = open_session(job, source, session);
    if (session->err != KY_OK) {
      session->message = ky_arena_text(&job->keep, job->message, strlen(job->message));
      ky_pg_session_end(session);
      return session->message != NULL ? session->err : KY_E_RESOURCE;
    }
  }
  snprintf(sql, sizeof sql, "SAVEPOINT source; SET LOCAL statement_timeout = %lld",
           1000LL * source->postgis->timeout_s);
  return ky_pg_exec(job, session->pg, ky_tr("beginning to read"), sql);
}

/* What the configuration says wrongly, not what the database lacks or forbids. */
static bool is_config_error(const char *state) {
  return strncmp(state, "42", 2) == 0 && strcmp(state, "42501") != 0;
}

ky_err ky_pg_session_settle(ky_job *job, const ky_source *source, ky_err err) {
  ky_pg_session *session = source->postgis->session;
  if (session->pg == NULL) return err;
  if (err == KY_OK) return ky_pg_exec(job, session->pg, ky_tr("ending to read"), "RELEASE SAVEPOINT source");
  if (err == KY_E_DATABASE && is_config_error(ky_pg_state(session->pg))) err = job->err = KY_E_CONFIG;
  /* The first message counts, so a connection that is gone says nothing more here. */
  if (ky_pg_exec(job, session->pg, "", "ROLLBACK TO SAVEPOINT source") != KY_OK) {
    session->err = KY_E_DATABASE;
    session->message = ky_arena_text(&job->keep, job->message, strlen(job->message));
    if (session->message == NULL) session->message = "";
    ky_pg_session_end(session);
  }
  return err;
}
