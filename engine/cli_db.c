#include "cli_db.h"

#include <inttypes.h>
#include <string.h>

#include "cli_progress.h"
#include "config.h"
#include "io/pg_migrate.h"

static void tell_migrated(FILE *out, const ky_pg_facts *at, uint32_t before) {
  if (before == ky_migration_count) {
    fprintf(out,
            ky_tr("%s, database %s: the tables of kayoi are at version %" PRIu32 " already; nothing was changed\n"),
            at->server, at->database, before);
    return;
  }
  fprintf(out, ky_tr("%s, database %s: the tables of kayoi are now at version %" PRIu32 " (before: %" PRIu32 ")\n"),
          at->server, at->database, ky_migration_count, before);
  for (uint32_t m = before; m < ky_migration_count; m++) fprintf(out, "  %s\n", ky_migrations[m].name);
  fprintf(out, "%s",
          ky_tr("Now let in those who need it: GRANT kayoi_writer TO the user who runs kayoi, kayoi_reader to portals, "
                "kayoi_staff to staff\n"));
}

static ky_err migrate(ky_job *job, ky_pg *pg) {
  uint32_t before;
  KY_TRY(ky_pg_migrate(job, pg, &before));
  tell_migrated(stdout, ky_pg_facts_of(pg), before);
  return KY_OK;
}

static ky_err show_status(ky_job *job, ky_pg *pg) {
  const ky_pg_facts *at = ky_pg_facts_of(pg);
  ky_pg_status s;
  KY_TRY(ky_pg_status_read(job, pg, &s));
  printf(ky_tr("%s, database %s: PostgreSQL %s, PostGIS %s\n"), at->server, at->database, s.server,
         s.postgis != NULL ? s.postgis : ky_tr("none"));
  if (!s.may_see_runs)
    printf(ky_tr("There are no tables of kayoi that the user %s may see (kayoi db migrate makes them)\n"), at->user);
  else
    printf(ky_tr("Tables of kayoi: version %" PRIu32 "; this kayoi knows %" PRIu32 "\n"), s.version,
           ky_migration_count);
  for (uint32_t i = 0; i < s.run_count; i++) {
    const ky_pg_run_row *r = &s.runs[i];
    printf(ky_tr("%s: %s runs, %s of them named; latest: run %s of %s\n"), r->municipality, r->runs, r->snapshots,
           r->latest != NULL ? r->latest : "-", r->published_at != NULL ? r->published_at : "-");
  }
  for (uint32_t i = 0; i < s.role_count; i++)
    printf(ky_tr("Role %s: %s\n"), s.roles[i].role, s.roles[i].members != NULL ? s.roles[i].members : ky_tr("nobody"));
  return KY_OK;
}

/* Of the command line, else of the configuration, else of libpq's environment. */
static ky_err find_place(ky_job *job, const ky_options *options, ky_pg_place *out) {
  *out = (ky_pg_place){.service = options->service,
                       .conninfo = options->conninfo,
                       .where = options->service != NULL    ? "--service"
                                : options->conninfo != NULL ? "--conninfo"
                                                            : "kayoi db"};
  if (options->operand_count < 2 || options->service != NULL || options->conninfo != NULL) return KY_OK;
  ky_config *config;
  KY_NEW(job, keep, config, 1);
  KY_TRY(ky_config_read(job, options->operands[1], config));
  if (!config->publication.is_wanted)
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("%s: has no outputs.postgis; add it, or say --service NAME or --conninfo TEXT"),
                   options->operands[1]);
  *out = (ky_pg_place){config->publication.service, config->publication.conninfo, "outputs.postgis"};
  return KY_OK;
}

static ky_err act(ky_job *job, const ky_options *options) {
  ky_pg_place place;
  ky_pg *pg;
  KY_TRY(find_place(job, options, &place));
  KY_TRY(ky_pg_open(job, &place, &pg));
  const ky_err err = strcmp(options->operand, "migrate") == 0 ? migrate(job, pg) : show_status(job, pg);
  ky_pg_close(pg);
  return err;
}

int ky_db(const ky_options *options) {
  ky_job job;
  ky_progress progress;
  ky_progress_init(&progress, false);
  ky_job_init(&job, 1);
  job.on_event = ky_progress_event;
  job.user = &progress;
  const ky_err err = act(&job, options);
  if (err != KY_OK) ky_progress_failure(&progress, err, job.message);
  ky_job_free(&job);
  return ky_err_status(err);
}
