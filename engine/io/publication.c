/* A run in the database from its lock to its end: see publication.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/pg_copy.h"
#include "io/pg_migrate.h"
#include "io/publication_parts.h"

static const char *value(const ky_pg_rows *rows, uint32_t column) {
  const char *text = ky_pg_value(rows, 0, column);
  return text != NULL ? text : "";
}

static ky_err fail_place(ky_job *job, const ky_published_run *p, const char *what) {
  const ky_pg_facts *facts = ky_pg_facts_of(p->pg);
  return ky_fail(job, KY_E_DATABASE, "%s: %s, %s: %s", KY_PUBLICATION_WHERE, facts->server, facts->database, what);
}

/* What every user may ask, whatever rights are missing. */
static ky_err look_around(ky_job *job, ky_published_run *p) {
  static const char sql[] =
      "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
      " WHERE n.nspname = 'kayoi' AND c.relname = 'migration'),"
      " (SELECT pg_has_role(r.oid, 'MEMBER') FROM pg_roles r WHERE r.rolname = 'kayoi_writer'),"
      " (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
      " WHERE e.extname = 'postgis')";
  ky_pg_rows *rows;
  ky_err err = ky_pg_query(job, p->pg, ky_tr("looking for the schema kayoi"), sql, NULL, 0, &rows);
  const bool has_schema = strcmp(value(rows, 0), "t") == 0, is_writer = strcmp(value(rows, 1), "t") == 0;
  const size_t gis_bytes = strlen(value(rows, 2));
  p->gis = ky_arena_text(&job->keep, value(rows, 2), gis_bytes);
  ky_pg_rows_free(rows);
  KY_TRY(err);
  if (p->gis == NULL) return ky_fail_memory(job);
  if (!has_schema)
    return fail_place(
        job, p, ky_tr("this database has no schema of kayoi; make it with: kayoi db migrate, as its administrator"));
  if (gis_bytes == 0)
    return fail_place(job, p, ky_tr("this database has no PostGIS; ask its administrator: CREATE EXTENSION postgis"));
  if (!is_writer)
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("%s: user %s may not publish in database %s (%s): permission is missing; ask its "
                         "administrator: GRANT kayoi_writer TO %s"),
                   KY_PUBLICATION_WHERE, ky_pg_facts_of(p->pg)->user, ky_pg_facts_of(p->pg)->database,
                   ky_pg_facts_of(p->pg)->server, ky_pg_facts_of(p->pg)->user);
  return ky_pg_exec(job, p->pg, ky_tr("taking the role kayoi_writer"), "SET ROLE kayoi_writer");
}

static ky_err check_name_free(ky_job *job, ky_published_run *p) {
  if (p->opts->run_name == NULL) return KY_OK;
  const char *params[] = {p->opts->municipality_code, p->opts->run_name};
  ky_pg_rows *rows;
  ky_err err = ky_pg_query(job, p->pg, ky_tr("looking for the run's name"),
                           "SELECT run_id, published_at::date FROM kayoi.run WHERE municipality_code = $1 AND run_name "
                           "= $2",
                           params, 2, &rows);
  if (err == KY_OK && ky_pg_row_count(rows) != 0)
    err =
        ky_fail(job, KY_E_DATABASE,
                ky_tr("%s: there is already a run named '%s' (run %s of %s), and a named run is never changed; choose "
                      "another run_name, or none"),
                KY_PUBLICATION_WHERE, p->opts->run_name, value(rows, 0), value(rows, 1));
  ky_pg_rows_free(rows);
  return err;
}

static ky_err connect(ky_job *job, ky_published_run *p) {
  const ky_pg_place place = {p->opts->service, p->opts->conninfo, KY_PUBLICATION_WHERE};
  ky_pg_close(p->pg);
  p->pg = NULL;
  KY_TRY(ky_pg_open(job, &place, &p->pg));
  KY_TRY(look_around(job, p));
  KY_TRY(ky_pg_schema_check(job, p->pg));
  return check_name_free(job, p);
}

static ky_err try_lock(ky_job *job, ky_published_run *p, bool *has_lock) {
  const char *params[] = {p->opts->municipality_code};
  ky_pg_rows *rows;
  KY_TRY(ky_pg_query(job, p->pg, ky_tr("taking the lock"),
                     "SELECT pg_try_advisory_lock(hashtextextended('kayoi publishes ' || $1, 0))", params, 1, &rows));
  *has_lock = strcmp(value(rows, 0), "t") == 0;
  ky_pg_rows_free(rows);
  return KY_OK;
}

/* Who holds it, as far as this user may see. */
static ky_err fail_busy(ky_job *job, ky_published_run *p) {
  static const char sql[] =
      "SELECT a.pid, a.usename, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') FROM pg_locks l"
      " JOIN pg_stat_activity a USING (pid), hashtextextended('kayoi publishes ' || $1, 0) k"
      " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
      " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
      " AND l.classid::bigint = (k >> 32) & 4294967295 AND l.objid::bigint = k & 4294967295";
  const char *params[] = {p->opts->municipality_code};
  ky_pg_rows *rows;
  KY_TRY(ky_pg_query(job, p->pg, ky_tr("asking who holds the lock"), sql, params, 1, &rows));
  const ky_err err = ky_fail(
      job, KY_E_BUSY,
      ky_tr(
          "%s: another run for municipality %s is at work in database %s (server process %s of user %s, since %s); run "
          "again when it has ended; what is published is as it was"),
      KY_PUBLICATION_WHERE, p->opts->municipality_code, ky_pg_facts_of(p->pg)->database, value(rows, 0), value(rows, 1),
      value(rows, 2));
  ky_pg_rows_free(rows);
  return err;
}

static ky_err take_lock(ky_job *job, ky_published_run *p) {
  const struct timespec second = {.tv_sec = 1};
  bool has_lock = false;
  for (uint32_t s = 0;; s++) {
    KY_TRY(try_lock(job, p, &has_lock));
    if (has_lock) return KY_OK;
    if (s >= p->opts->wait_s) return fail_busy(job, p);
    if (s == 0)
      ky_job_notice(job, ky_tr("%s: another run is at work there; waiting up to %u s for it"), KY_PUBLICATION_WHERE,
                    p->opts->wait_s);
    nanosleep(&second, NULL);
    KY_TRY(ky_write_check(job));
  }
}

static void end(void *handle) {
  ky_published_run *p = handle;
  ky_pg_close(p->pg);
  free(p);
}

ky_err ky_publication_probe(ky_job *job, const ky_publication_opts *opts, const char **server) {
  ky_published_run p = {.opts = opts};
  *server = NULL;
  ky_err err = connect(job, &p);
  if (err == KY_OK) {
    const ky_pg_facts *facts = ky_pg_facts_of(p.pg);
    *server =
        ky_format(&job->keep, ky_tr("%s, database %s, user %s, PostgreSQL %s, %s"), facts->server, facts->database,
                  facts->user, facts->version, facts->tls != NULL ? facts->tls : ky_tr("not encrypted"));
    if (*server == NULL) err = ky_fail_memory(job);
  }
  ky_pg_close(p.pg);
  return err;
}

ky_err ky_publication_open(ky_job *job, const ky_publication_opts *opts, ky_published_run **out) {
  ky_published_run *p = calloc(1, sizeof *p);
  *out = NULL;
  if (p == NULL) return ky_fail_memory(job);
  p->opts = opts;
  KY_TRY(ky_job_own(job, end, p));
  KY_TRY(connect(job, p));
  KY_TRY(take_lock(job, p));
  *out = p;
  return KY_OK;
}

static ky_err find_srid(ky_job *job, const char *crs, int32_t *srid) {
  char *rest = NULL;
  const long number = strncmp(crs, "EPSG:", 5) == 0 ? strtol(crs + 5, &rest, 10) : 0;
  if (rest != NULL && *rest == '\0' && number > 0 && number < 999000) { /* PostGIS keeps what is above for itself */
    *srid = (int32_t)number;
    return KY_OK;
  }
  return ky_fail(
      job, KY_E_CONFIG,
      ky_tr("%s: geometries in PostGIS need a CRS with a number, and the run's is %s; write crs: EPSG:... into "
            "the configuration"),
      KY_PUBLICATION_WHERE, crs);
}

static void list(ky_published_run *p, const char *audience, const ky_layers *layers) {
  for (uint32_t t = 0; layers != NULL && t < layers->count; t++) {
    p->staged[p->staged_count++] = (ky_staged){.audience = audience,
                                               .table = &layers->tables[t],
                                               .has_geometry = ky_pg_geometry_type(layers->tables[t].shapes) != NULL};
    p->row_count += layers->tables[t].count;
  }
}

/* The run has one connection, and most of the time its server is what works: the layers' texts are hashed meanwhile. */
static ky_err hash_layers(ky_job *job, ky_published_run *p) {
  for (uint32_t i = 0; i < p->staged_count; i++) {
    KY_TRY(ky_pg_copy_hash(job, p->staged[i].table, p->srid, &p->staged[i].hash));
    ky_arena_reset(&job->scratch);
  }
  return KY_OK;
}

/* The connection may have idled for hours. */
static ky_err come_back(ky_job *job, ky_published_run *p) {
  if (ky_pg_is_alive(p->pg)) return KY_OK;
  KY_TRY(connect(job, p));
  return take_lock(job, p);
}

static ky_err begin(ky_job *job, ky_published_run *p, const ky_publication_record *record) {
  char srid[16];
  const char *params[] = {p->opts->municipality_code, p->opts->municipality_name, p->opts->run_name, KY_VERSION,  srid,
                          record->inputs_hash,        record->settings_hash,      record->dates,     record->text};
  ky_pg_rows *rows;
  snprintf(srid, sizeof srid, "%" PRId32, p->srid);
  KY_TRY(ky_pg_exec(job, p->pg, ky_tr("beginning the transaction"), "BEGIN; SET LOCAL lock_timeout = '60s'"));
  KY_TRY(ky_pg_query(job, p->pg, ky_tr("beginning the run"),
                     "SELECT kayoi.begin_run($1, $2, $3, $4, $5::integer, $6, $7, $8::jsonb, $9::jsonb)", params, 9,
                     &rows));
  p->run_id = strtoll(value(rows, 0), NULL, 10);
  ky_pg_rows_free(rows);
  return KY_OK;
}

typedef struct piece {
  ky_job *job;
  ky_pg *pg;
  const char *doing;
} piece;

static ky_err put(void *user, const char *bytes, size_t count) {
  const piece *to = user;
  KY_TRY(ky_write_check(to->job));
  return ky_pg_copy_write(to->job, to->pg, to->doing, bytes, count);
}

static ky_err copy_layer(ky_job *job, ky_published_run *p, const ky_staged *staged) {
  const char *doing = ky_format(&job->scratch, ky_tr("writing %s"), staged->stored);
  const char *sql = ky_format(&job->scratch, "COPY %s FROM STDIN (FORMAT binary)", staged->target);
  if (doing == NULL || sql == NULL) return ky_fail_memory(job);
  piece to = {job, p->pg, doing};
  uint64_t rows = 0;
  KY_TRY(ky_pg_copy_in(job, p->pg, doing, sql));
  KY_TRY(ky_pg_copy_binary(job, staged->table, p->run_id, p->srid, put, &to));
  KY_TRY(ky_pg_copy_end(job, p->pg, doing, &rows));
  if (rows == staged->table->count) return KY_OK;
  return ky_fail(job, KY_E_DATABASE,
                 ky_tr("%s: %s took %" PRIu64 " of %u rows; nothing is published; look for triggers or rules of that "
                       "table"),
                 KY_PUBLICATION_WHERE, staged->stored, rows, staged->table->count);
}

/* What run_layer says is what publish_run counts again. */
static ky_err tell_layer(ky_job *job, ky_published_run *p, const ky_staged *staged) {
  char run_id[24], rows[16], hash[20];
  snprintf(run_id, sizeof run_id, "%" PRId64, p->run_id);
  snprintf(rows, sizeof rows, "%u", staged->table->count);
  snprintf(hash, sizeof hash, "%016" PRIx64, staged->hash);
  const char *params[] = {run_id, staged->audience, staged->table->layer, rows, hash};
  ky_pg_rows *none;
  KY_TRY(ky_pg_query(job, p->pg, ky_tr("writing kayoi.run_layer"),
                     "INSERT INTO kayoi.run_layer (run_id, audience, layer, row_count, hash) VALUES ($1::bigint, $2, "
                     "$3, $4::bigint, $5)",
                     params, 5, &none));
  ky_pg_rows_free(none);
  return KY_OK;
}

static ky_err copy_all(ky_job *job, ky_published_run *p) {
  for (uint32_t i = 0; i < p->staged_count; i++) {
    const ky_arena_mark mark = ky_arena_now(&job->scratch);
    KY_TRY(ky_write_check(job));
    if (p->staged[i].table->count != 0) KY_TRY(copy_layer(job, p, &p->staged[i]));
    ky_arena_rewind(&job->scratch, mark);
    ky_job_progress(job, i + 1, (uint64_t)p->staged_count * 2);
  }
  return KY_OK;
}

static ky_err switch_to(ky_job *job, ky_published_run *p) {
  char run_id[24];
  const char *params[] = {run_id};
  ky_pg_rows *rows;
  snprintf(run_id, sizeof run_id, "%" PRId64, p->run_id);
  KY_TRY(ky_pg_query(job, p->pg, ky_tr("making the run the latest"), "SELECT kayoi.publish_run($1::bigint)", params, 1,
                     &rows));
  p->before = strtoll(value(rows, 0), NULL, 10);
  ky_pg_rows_free(rows);
  return KY_OK;
}

static ky_err put_layers(ky_job *job, ky_published_run *p, const ky_publication_record *record) {
  KY_TRY(come_back(job, p));
  KY_TRY(ky_publication_tables(job, p));
  KY_TRY(begin(job, p, record));
  return copy_all(job, p);
}

static ky_err put_and_hash(ky_job *job, ky_published_run *p, const ky_publication_record *record) {
  ky_job part;
  ky_err err = KY_OK;
  ky_job_init(&part, 1);
#pragma omp parallel sections num_threads(job->threads > 1 ? 2 : 1)
  {
#pragma omp section
    err = put_layers(job, p, record);
#pragma omp section
    part.err = hash_layers(&part, p);
  }
  if (err == KY_OK && part.err != KY_OK) err = ky_fail(job, part.err, "%s", part.message);
  ky_job_free(&part);
  return err;
}

ky_err ky_publication_stage(ky_job *job, ky_published_run *p, const ky_layers *internal, const ky_layers *public_layers,
                            const char *folder) {
  ky_publication_record record;
  KY_TRY(find_srid(job, internal->crs, &p->srid));
  list(p, "internal", internal);
  list(p, "public", public_layers);
  KY_TRY(ky_publication_read_record(job, folder, internal, &record));
  KY_TRY(put_and_hash(job, p, &record));
  for (uint32_t i = 0; i < p->staged_count; i++) KY_TRY(tell_layer(job, p, &p->staged[i]));
  KY_TRY(ky_publication_check(job, p));
  KY_TRY(ky_publication_check_ledger(job, p));
  KY_TRY(switch_to(job, p));
  return ky_publication_write_record(job, folder, p);
}

/* A connection that ends while the server commits leaves open whether it did: ask it. */
static bool is_published_after_all(ky_job *job, ky_published_run *p) {
  ky_job part;
  ky_pg_rows *rows = NULL;
  char run_id[24];
  const char *params[] = {run_id};
  const ky_pg_place place = {p->opts->service, p->opts->conninfo, KY_PUBLICATION_WHERE};
  ky_pg *pg = NULL;
  snprintf(run_id, sizeof run_id, "%" PRId64, p->run_id);
  ky_job_init(&part, 1);
  bool is_there = ky_pg_open(&part, &place, &pg) == KY_OK &&
                  ky_pg_exec(&part, pg, "", "SET ROLE kayoi_writer") == KY_OK &&
                  ky_pg_query(&part, pg, "", "SELECT state <> 'staging' FROM kayoi.run WHERE run_id = $1::bigint",
                              params, 1, &rows) == KY_OK &&
                  strcmp(value(rows, 0), "t") == 0;
  ky_pg_rows_free(rows);
  ky_pg_close(pg);
  ky_job_free(&part);
  if (is_there)
    ky_job_notice(job,
                  ky_tr("%s: the connection broke at the very end; the server says that run %" PRId64 " is published"),
                  KY_PUBLICATION_WHERE, p->run_id);
  return is_there;
}

ky_err ky_publication_commit(ky_job *job, ky_published_run *p) {
  ky_job part;
  ky_job_init(&part, 1);
  ky_err err = ky_pg_exec(&part, p->pg, ky_tr("publishing"), "COMMIT");
  if (err != KY_OK && ky_pg_state(p->pg)[0] == '\0' && is_published_after_all(job, p)) err = KY_OK;
  if (err != KY_OK) ky_fail(job, err, "%s", part.message);
  ky_job_free(&part);
  p->is_committed = err == KY_OK;
  return err;
}

static ky_err prune(ky_job *job, ky_published_run *p, uint32_t *count) {
  char runs[16], days[16];
  const char *params[] = {p->opts->municipality_code, runs, p->opts->keep_days != 0 ? days : NULL};
  ky_pg_rows *rows;
  snprintf(runs, sizeof runs, "%u", p->opts->keep_runs);
  snprintf(days, sizeof days, "%u", p->opts->keep_days);
  KY_TRY(ky_pg_query(job, p->pg, ky_tr("deleting old runs"),
                     "SELECT run_id FROM kayoi.prune($1, $2::integer, $3::integer)", params, 3, &rows));
  *count = ky_pg_row_count(rows);
  ky_pg_rows_free(rows);
  return KY_OK;
}

void ky_publication_end(ky_job *job, ky_published_run *p) {
  ky_job part;
  uint32_t count = 0;
  ky_job_init(&part, 1);
  if (prune(&part, p, &count) != KY_OK)
    ky_job_notice(job, ky_tr("the run is published, but old runs stay until the next one: %s"), part.message);
  else if (count != 0)
    ky_job_notice(job, ky_tr("%s: %u old runs are deleted (keep_runs, keep_days)"), KY_PUBLICATION_WHERE, count);
  ky_job_free(&part);
  ky_pg_close(p->pg);
  p->pg = NULL;
}

const char *ky_publication_text(ky_job *job, const ky_published_run *p) {
  const ky_pg_facts *facts = ky_pg_facts_of(p->pg);
  const char *text = ky_format(&job->keep, ky_tr("run %" PRId64 " in %s (%s): %u layers, %" PRIu64 " rows"), p->run_id,
                               facts->database, facts->server, p->staged_count, p->row_count);
  return text != NULL ? text : "";
}

ky_err ky_publication_fail_after(ky_job *job, const ky_published_run *p, ky_err err, const char *message) {
  return ky_fail(job, err,
                 ky_tr("%s; the database shows run %" PRId64 " already, and the folder still holds the run before: %s"),
                 message, p->run_id,
                 p->opts->run_name == NULL ? ky_tr("run again, and both are the same")
                                           : ky_tr("run again with another run_name, or none, and both are the same"));
}
