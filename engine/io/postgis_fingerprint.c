/* The change test of sources in a database: see postgis.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "io/pg_relation.h"
#include "io/postgis.h"

/* Columns with their types, then what the rows are known by; *text NULL: memory is out. */
static ky_err describe(ky_job *job, ky_pg *pg, const ky_pg_relation *relation, const char **text) {
  ky_pg_rows *rows;
  const char *sql = ky_format(&job->scratch,
                              "SELECT count(*), sum(hashtextextended(q.tableoid::text || q.ctid::text || q.xmin::text, "
                              "0)::numeric) FROM %s%s",
                              relation->from, relation->where);
  if (sql == NULL) return ky_fail_memory(job);
  KY_TRY(ky_pg_query(job, pg, relation->name, sql, NULL, 0, &rows));
  const char *sum = ky_pg_value(rows, 0, 1);
  *text = ky_format(&job->scratch, "%s %s", ky_pg_value(rows, 0, 0), sum != NULL ? sum : "-");
  ky_pg_rows_free(rows);
  for (uint32_t f = 0; f < relation->count && *text != NULL; f++)
    *text = ky_format(&job->scratch, "%s\n%s %" PRIu32 " %d", *text, relation->fields[f].sql, relation->fields[f].type,
                      relation->fields[f].modifier);
  return *text != NULL ? KY_OK : ky_fail_memory(job);
}

/* *text NULL: the rows have to be read. */
static ky_err ask(ky_job *job, const ky_source *source, ky_pg_session *session, const char **text) {
  ky_pg_relation relation;
  *text = NULL;
  if (source->postgis->table == NULL) return KY_OK;
  KY_TRY(ky_pg_relation_find(job, source, session, &relation));
  return relation.is_stored ? describe(job, session->pg, &relation, text) : KY_OK;
}

ky_err ky_pg_fingerprint(ky_job *job, const ky_source *source, char out[KY_PG_FINGERPRINT_BYTES]) {
  ky_pg_session *session;
  const char *text;
  ky_raw raw = {0};
  KY_TRY(ky_pg_session_begin(job, source, &session));
  ky_err err = ky_pg_session_settle(job, source, ask(job, source, session, &text));
  if (err == KY_OK && text == NULL) err = ky_postgis_weigh(job, source, &raw);
  KY_TRY(err);
  snprintf(out, KY_PG_FINGERPRINT_BYTES, "%s:%016" PRIx64, text != NULL ? "xmin" : "rows",
           text != NULL ? (uint64_t)XXH3_64bits(text, strlen(text)) : raw.hash);
  return KY_OK;
}
