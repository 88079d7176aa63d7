/* kayoi diff: two runs, opened and compared. */
#include "cli_diff.h"

#include <inttypes.h>
#include <string.h>

#include "cli_progress.h"
#include "cli_text.h"
#include "io/pg.h"

static void put_text(FILE *out, const char *key, const char *text) {
  fprintf(out, "\"%s\":", key);
  if (text != NULL)
    ky_json_text(out, text);
  else
    fputs("null", out);
}

static void put_fixed(FILE *out, const char *key, int64_t value, uint8_t decimals) {
  char text[40];
  fprintf(out, ",\"%s\":%s", key, ky_fixed_text(text, value, decimals) != 0 ? text : "null");
}

static void put_run(FILE *out, const char *key, const ky_past *past) {
  fprintf(out, "\"%s\":{", key);
  put_text(out, "place", past->place);
  fputc(',', out);
  put_text(out, "kayoi", past->version);
  fputc(',', out);
  put_text(out, "people_date", past->people_date);
  fputc(',', out);
  put_text(out, "venues_date", past->venues_date);
  fputc(',', out);
  put_text(out, "published_at", past->published);
  fputc('}', out);
}

static void put_change(FILE *out, const ky_change *c) {
  fputc('{', out);
  put_text(out, "kind", ky_change_kind_name(c->kind));
  const char *const keys[] = {"id", "replaces", "name", "zone_id", "field", "before", "after", "why"};
  const char *const texts[] = {c->id, c->replaces, c->name, c->zone_id, c->field, c->before, c->after, c->why};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    fputc(',', out);
    put_text(out, keys[i], texts[i]);
  }
  put_fixed(out, "change_65", c->people_65, 3);
  put_fixed(out, "change_share", c->share, 6);
  put_fixed(out, "moved_m", c->moved_mm, 3);
  fputc('}', out);
}

void ky_diff_json(FILE *out, const ky_run_changes *diff) {
  fputc('{', out);
  put_run(out, "before", diff->before);
  fputc(',', out);
  put_run(out, "after", diff->after);
  fputs(",\"not_compared\":[", out);
  for (uint32_t i = 0; i < diff->missing_count; i++) fprintf(out, "%s\"%s\"", i == 0 ? "" : ",", diff->missing[i]);
  fprintf(out, "],\"gaps_by_outline\":%s,\"count\":{", diff->changes.has_gap_shapes ? "true" : "false");
  for (ky_change_kind kind = 0; kind < KY_CHANGE_KIND_COUNT; kind++)
    fprintf(out, "%s\"%s\":%" PRIu32, kind == 0 ? "" : ",", ky_change_kind_name(kind),
            ky_changes_count(&diff->changes, kind));
  fputs("},\"changes\":[", out);
  for (uint32_t i = 0; i < diff->changes.count; i++) {
    fputs(i == 0 ? "\n" : ",\n", out);
    put_change(out, &diff->changes.row[i]);
  }
  fputs("\n]}\n", out);
}

#define DATABASE_MARK "db:"

static bool is_of_database(const char *operand) {
  return strncmp(operand, DATABASE_MARK, strlen(DATABASE_MARK)) == 0;
}

static ky_err open_runs(ky_job *job, const ky_options *options, ky_pg *pg, const ky_past **runs) {
  for (int r = 0; r < 2; r++) {
    const char *operand = options->operands[r];
    KY_TRY(is_of_database(operand) ? ky_past_open_database(job, pg, operand + strlen(DATABASE_MARK), &runs[r])
                                   : ky_past_open(job, operand, &runs[r]));
  }
  return KY_OK;
}

/* Runs are folders, or db:latest, db:NUMBER, db:NAME of one database. */
static ky_err compare(ky_job *job, const ky_options *options, ky_run_changes *out) {
  const bool needs = is_of_database(options->operands[0]) || is_of_database(options->operands[1]);
  const ky_pg_place place = {.service = options->service,
                             .conninfo = options->conninfo,
                             .where = options->service != NULL ? "--service" : "--conninfo"};
  const ky_past *runs[2];
  ky_pg *pg = NULL;
  if (needs) KY_TRY(ky_pg_open(job, &place, &pg));
  ky_err err = open_runs(job, options, pg, runs);
  if (err == KY_OK) err = ky_changes_of_runs(job, runs[0], runs[1], out);
  ky_pg_close(pg);
  return err;
}

int ky_diff(const ky_options *options) {
  ky_job job;
  ky_run_changes diff;
  ky_job_init(&job, 1);
  const ky_err err = compare(&job, options, &diff);
  if (err != KY_OK) {
    ky_progress progress;
    ky_progress_init(&progress, options->is_json);
    ky_progress_failure(&progress, err, job.message);
  } else if (options->wants_document) {
    ky_diff_json(stdout, &diff);
  } else {
    ky_diff_text(stdout, &diff);
  }
  ky_job_free(&job);
  return ky_err_status(err);
}
