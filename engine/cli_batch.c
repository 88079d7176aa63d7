#include "cli_batch.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "batch_run.h"
#include "cli_language.h"
#include "cli_progress.h"
#include "cli_signal.h"
#include "cli_text.h"
#include "io/batch_merge.h"

static void show_plan(FILE *out, const ky_batch *batch) {
  uint32_t ready = 0;
  uint64_t seconds = 0;
  for (uint32_t t = 0; t < batch->task_count; t++) {
    ready += batch->tasks[t].problem == NULL;
    seconds += batch->tasks[t].seconds;
  }
  fprintf(out, ky_tr("%u of %u municipalities are planned in %s (estimate: at most %" PRIu64 " s on one core)\n"),
          ready, batch->task_count, batch->folder, seconds);
  for (uint32_t t = 0; t < batch->task_count; t++)
    if (batch->tasks[t].problem != NULL)
      fprintf(out, "  %s %s: %s\n", batch->tasks[t].code, batch->tasks[t].name, batch->tasks[t].problem);
  fprintf(out, ky_tr("Next: kayoi batch run %s\n"), batch->folder);
}

static void show_run(FILE *out, const ky_batch *batch, const ky_task_status *status) {
  uint32_t count[KY_TASK_FAILED + 1] = {0};
  for (uint32_t t = 0; t < batch->task_count; t++) count[status[t].state]++;
  fprintf(out, ky_tr("%u municipalities done, %u unchanged, %u failed\n"), count[KY_TASK_DONE],
          count[KY_TASK_UNCHANGED], count[KY_TASK_FAILED]);
  for (uint32_t t = 0; t < batch->task_count; t++)
    if (status[t].state == KY_TASK_FAILED)
      fprintf(out, "  %s %s: %s\n", batch->tasks[t].code, batch->tasks[t].name, status[t].message);
}

static void show_merge(FILE *out, const ky_batch *batch, const ky_merged *merged) {
  const ky_shown people = ky_show_people(merged->pop_65), covered = ky_show_percent(merged->covered_65, merged->pop_65);
  fprintf(out, ky_tr("%u municipalities merged, %u left out: people 65+ %s, within walking distance %s %%\n"),
          merged->merged_count, merged->left_out_count, people.text, covered.text);
  fprintf(out, ky_tr("The layers: %s/merged/kayoi.gpkg; what became of each: %s/merged/municipalities.csv\n"),
          batch->folder, batch->folder);
}

static ky_err plan(ky_job *job, const ky_options *options, ky_batch *batch) {
  KY_TRY(ky_batch_plan(job, options->operands[1], options->areas, options->out, batch));
  show_plan(stdout, batch);
  return KY_OK;
}

static ky_err run(ky_job *job, const ky_options *options, ky_batch *batch) {
  char program[4096];
  ky_task_status *status = NULL;
  const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  program[length > 0 ? length : 0] = '\0';
  const ky_batch_run_opts opts = {.program = program,
                                  .lang = ky_language(),
                                  .task = options->task,
                                  .jobs = options->jobs != 0 ? options->jobs : (uint32_t)options->threads,
                                  .is_forced = options->is_forced};
  KY_TRY(ky_batch_open(job, options->operands[1], batch));
  const ky_err err = ky_batch_run(job, batch, &opts, &status);
  if (status != NULL) show_run(stdout, batch, status);
  return err;
}

static ky_err merge(ky_job *job, const ky_options *options, ky_batch *batch) {
  ky_merged merged;
  KY_TRY(ky_batch_open(job, options->operands[1], batch));
  KY_TRY(ky_batch_merge(job, batch, &merged));
  show_merge(stdout, batch, &merged);
  return KY_OK;
}

int ky_batch_command(const ky_options *options) {
  const char *action = options->operands[0];
  ky_job job;
  ky_progress progress;
  ky_batch batch;
  ky_progress_init(&progress, options->is_json);
  ky_job_init(&job, options->threads);
  job.interrupt = ky_signal_watch(options->is_json);
  job.on_event = ky_progress_event;
  job.user = &progress;
  const ky_err err = strcmp(action, "plan") == 0  ? plan(&job, options, &batch)
                     : strcmp(action, "run") == 0 ? run(&job, options, &batch)
                                                  : merge(&job, options, &batch);
  ky_progress_clear(&progress);
  ky_signal_settle();
  if (err != KY_OK) ky_progress_failure(&progress, err, job.message);
  ky_job_free(&job);
  return ky_err_status(err);
}
