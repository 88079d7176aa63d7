#include "cli_compare.h"

#include <string.h>

#include "cli_language.h"
#include "cli_progress.h"
#include "cli_signal.h"
#include "cli_text.h"
#include "compare.h"

#define NAME_WIDTH 22

static void show_row(FILE *out, const ky_municipalities *t, uint32_t i) {
  const int64_t complete = t->value[KY_TOWN_COMPLETENESS][i];
  const uint32_t rank = t->rank[KY_TOWN_IN_GAP_65][i];
  const ky_shown share = ky_show_percent(complete == KY_NULL ? 0 : complete, complete == KY_NULL ? 0 : KY_WHOLE);
  const ky_shown covered = ky_show_percent(t->value[KY_TOWN_COVERED_65][i], t->value[KY_TOWN_POP_65][i]);
  const ky_shown in_gap = ky_show_people(t->value[KY_TOWN_IN_GAP_65][i]);
  char place[24] = "-";
  if (rank != KY_NONE) snprintf(place, sizeof place, "%u", rank);
  fputs("  ", out);
  ky_text_pad(out, t->name[i], NAME_WIDTH);
  fprintf(out, "%8s %%  %8s %%  %10s  %6s\n", share.text, covered.text, in_gap.text, place);
}

static void show(FILE *out, const ky_municipalities *t, const char *folder) {
  fprintf(out, ky_tr("%u municipalities side by side (65+)\n"), t->count);
  fputs("  ", out);
  ky_text_pad(out, ky_tr("municipality"), NAME_WIDTH);
  fprintf(out, "%s\n", ky_tr("  complete     covered      in gaps    rank by need"));
  for (uint32_t i = 0; i < t->count; i++) show_row(out, t, i);
  for (uint32_t i = 0; i < t->count; i++)
    if (t->left_out[i] != NULL) fprintf(out, ky_tr("  %s is not ranked for want of: %s\n"), t->name[i], t->left_out[i]);
  fprintf(out, ky_tr("The page: %s/internal/index.html; the tables: kayoi.xlsx and municipalities.csv beside it\n"),
          folder);
}

int ky_compare_show(const ky_options *options) {
  ky_job job;
  ky_progress progress;
  ky_municipalities towns;
  const ky_compare_opts opts = {.places = options->operands,
                                .place_count = (uint32_t)options->operand_count,
                                .out = options->out != NULL ? options->out : "compare",
                                .floor = options->floor != 0 ? options->floor : KY_COMPARE_FLOOR,
                                .lang = ky_language()};
  ky_progress_init(&progress, options->is_json);
  ky_job_init(&job, options->threads);
  job.interrupt = ky_signal_watch(options->is_json);
  job.on_event = ky_progress_event;
  job.user = &progress;
  const ky_err err = ky_compare_runs(&job, &opts, &towns);
  ky_progress_clear(&progress);
  ky_signal_settle();
  if (err != KY_OK)
    ky_progress_failure(&progress, err, job.message);
  else
    show(stdout, &towns, opts.out);
  ky_job_free(&job);
  return ky_err_status(err);
}
