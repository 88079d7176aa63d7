/* The section `outputs.postgis`: the database that a run is published into. */
#include <string.h>

#include "config_reader.h"

#define AT(member)         offsetof(ky_config, publication.member)
#define RUN_NAME_BYTES_MAX 255
#define CODE_DIGITS        5 /* without the check digit, which some write and some do not */

const ky_config_field ky_publication_fields[KY_PUBLICATION_FIELD_COUNT] = {
    {.key = "service",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = AT(service),
     .help = KY_MSG("Name of a section in libpq's service file (~/.pg_service.conf), which says server, database and "
                    "user. Passwords stand in ~/.pgpass, never here.")},
    {.key = "conninfo",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = AT(conninfo),
     .help = KY_MSG("Instead of a service: keywords of libpq, e.g. \"host=db.example dbname=gis user=kayoi "
                    "sslmode=verify-full\".")},
    {.key = "run_name",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = AT(run_name),
     .help =
         KY_MSG("Name of a snapshot, e.g. 2026-plan: it is never changed and never deleted, and a name is used once. "
                "Left out: a run like every night's, deleted when it is old.")},
    {.key = "keep_runs",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(keep_runs),
     .min = 1,
     .max = 100000,
     .standard = "30",
     .help = KY_MSG("How many runs without a name stay in the database, the latest among them.")},
    {.key = "keep_days",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(keep_days),
     .min = 0,
     .max = 36500,
     .standard = "0",
     .help = KY_MSG("Runs that were published within so many days stay as well; 0: only their number counts.")},
};

static bool has_control(const char *text) {
  for (; *text != '\0'; text++)
    if ((unsigned char)*text < ' ' || *text == 0x7f) return true;
  return false;
}

static const yaml_mark_t *first_given(const ky_config_reader *reader) {
  for (uint32_t f = 0; f < KY_PUBLICATION_FIELD_COUNT; f++) {
    const yaml_mark_t *mark = ky_config_given(reader, (const char *)reader->config + ky_publication_fields[f].offset);
    if (mark != NULL) return mark;
  }
  return NULL;
}

static void check_run_name(ky_config_reader *reader, const ky_publication_opts *opts) {
  const yaml_mark_t *mark = ky_config_given(reader, &opts->run_name);
  if (opts->run_name == NULL || mark == NULL) return;
  const size_t length = strlen(opts->run_name);
  if (length == 0 || length > RUN_NAME_BYTES_MAX || has_control(opts->run_name))
    ky_problem_add(&reader->problems, *mark,
                   ky_tr("outputs.postgis.run_name: a name has 1 to %d bytes (%d kanji) and no control characters"),
                   RUN_NAME_BYTES_MAX, RUN_NAME_BYTES_MAX / 3);
}

ky_err ky_config_check_publication(ky_config_reader *reader) {
  ky_publication_opts *opts = &reader->config->publication;
  const yaml_mark_t *given = first_given(reader);
  if (given == NULL) return KY_OK;
  if (opts->service == NULL && opts->conninfo == NULL)
    ky_problem_add(&reader->problems, *given, "%s",
                   ky_tr("outputs.postgis says nothing about where the database is; add service or conninfo"));
  if (opts->service != NULL && opts->conninfo != NULL)
    ky_problem_add(&reader->problems, *given, "%s",
                   ky_tr("outputs.postgis: service and conninfo are both given; keep one"));
  if (reader->config->code == NULL)
    ky_problem_add(&reader->problems, *given, "%s",
                   ky_tr("outputs.postgis: the database keeps runs by municipality; add municipality.code"));
  check_run_name(reader, opts);
  if (reader->problems.count > 0) return KY_OK;
  opts->is_wanted = true;
  opts->municipality_name = reader->config->name;
  opts->municipality_code = ky_arena_text(&reader->job->keep, reader->config->code, CODE_DIGITS);
  return opts->municipality_code != NULL ? KY_OK : ky_fail_memory(reader->job);
}
