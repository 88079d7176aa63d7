/* What kayoi has in a database, as far as the user may see it. */
#include <stdlib.h>
#include <string.h>

#include "io/pg_migrate.h"

/* NULL for null, or when memory is out, which the next allocation tells. */
static const char *keep(ky_job *job, const ky_pg_rows *rows, uint32_t row, uint32_t column) {
  const char *value = ky_pg_value(rows, row, column);
  return value != NULL ? ky_arena_text(&job->keep, value, strlen(value)) : NULL;
}

static ky_err read_head(ky_job *job, ky_pg *pg, ky_pg_status *out) {
  ky_pg_rows *rows = NULL;
  const ky_err err = ky_pg_query(
      job, pg, ky_tr("looking at the database"),
      "SELECT current_setting('server_version'), (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = "
      "'postgis'), EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = 'kayoi' AND c.relname = 'migration' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND "
      "pg_catalog.has_table_privilege(c.oid, 'SELECT'))",
      NULL, 0, &rows);
  if (err == KY_OK) {
    out->server = keep(job, rows, 0, 0);
    out->postgis = keep(job, rows, 0, 1);
    out->may_see_runs = ky_pg_value(rows, 0, 2)[0] == 't';
  }
  ky_pg_rows_free(rows);
  return err;
}

static ky_err read_version(ky_job *job, ky_pg *pg, ky_pg_status *out) {
  ky_pg_rows *rows = NULL;
  const ky_err err = ky_pg_query(job, pg, ky_tr("reading the applied migrations"),
                                 "SELECT coalesce(max(version), 0) FROM kayoi.migration", NULL, 0, &rows);
  if (err == KY_OK) out->version = (uint32_t)atoi(ky_pg_value(rows, 0, 0));
  ky_pg_rows_free(rows);
  return err;
}

static ky_err read_runs(ky_job *job, ky_pg *pg, ky_pg_status *out) {
  ky_pg_rows *rows = NULL;
  ky_err err = ky_pg_query(
      job, pg, ky_tr("reading the runs"),
      "SELECT concat_ws(' ', r.municipality_code, max(r.municipality_name)), count(*), count(r.run_name), "
      "max(r.run_id) FILTER (WHERE r.is_latest), to_char(max(r.published_at) FILTER (WHERE r.is_latest), 'YYYY-MM-DD "
      "HH24:MI:SS TZ') FROM kayoi.run r WHERE r.state <> 'staging' GROUP BY r.municipality_code ORDER BY 1",
      NULL, 0, &rows);
  out->run_count = err == KY_OK ? ky_pg_row_count(rows) : 0;
  out->runs = ky_arena_alloc(&job->keep, out->run_count, sizeof *out->runs);
  if (out->runs == NULL) err = ky_fail_memory(job);
  for (uint32_t i = 0; err == KY_OK && i < out->run_count; i++)
    out->runs[i] = (ky_pg_run_row){.municipality = keep(job, rows, i, 0),
                                   .runs = keep(job, rows, i, 1),
                                   .snapshots = keep(job, rows, i, 2),
                                   .latest = keep(job, rows, i, 3),
                                   .published_at = keep(job, rows, i, 4)};
  ky_pg_rows_free(rows);
  return err;
}

static ky_err read_roles(ky_job *job, ky_pg *pg, ky_pg_status *out) {
  ky_pg_rows *rows = NULL;
  ky_err err = ky_pg_query(
      job, pg, ky_tr("reading the roles"),
      "SELECT r.rolname, (SELECT string_agg(m.rolname, ', ' ORDER BY m.rolname) FROM pg_catalog.pg_auth_members a JOIN "
      "pg_catalog.pg_roles m ON m.oid = a.member WHERE a.roleid = r.oid) FROM pg_catalog.pg_roles r WHERE r.rolname IN "
      "('kayoi_owner', 'kayoi_writer', 'kayoi_reader', 'kayoi_staff') ORDER BY 1",
      NULL, 0, &rows);
  out->role_count = err == KY_OK ? ky_pg_row_count(rows) : 0;
  out->roles = ky_arena_alloc(&job->keep, out->role_count, sizeof *out->roles);
  if (out->roles == NULL) err = ky_fail_memory(job);
  for (uint32_t i = 0; err == KY_OK && i < out->role_count; i++)
    out->roles[i] = (ky_pg_role_row){.role = keep(job, rows, i, 0), .members = keep(job, rows, i, 1)};
  ky_pg_rows_free(rows);
  return err;
}

ky_err ky_pg_status_read(ky_job *job, ky_pg *pg, ky_pg_status *out) {
  *out = (ky_pg_status){.version = 0};
  KY_TRY(read_head(job, pg, out));
  if (out->may_see_runs) {
    KY_TRY(read_version(job, pg, out));
    KY_TRY(read_runs(job, pg, out));
  }
  return read_roles(job, pg, out);
}
