#include "cli_batch.h"

#include <inttypes.h>
#include <string.h>

#include <kayoi/batch.h>

#include "cli_progress.h"
#include "cli_signal.h"

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

int ky_batch_command(const ky_options *options) {
  ky_job job;
  ky_progress progress;
  ky_batch batch;
  ky_progress_init(&progress, options->is_json);
  ky_job_init(&job, options->threads);
  job.interrupt = ky_signal_watch(options->is_json);
  job.on_event = ky_progress_event;
  job.user = &progress;
  const ky_err err = ky_batch_plan(&job, options->operands[1], options->areas, options->out, &batch);
  ky_progress_clear(&progress);
  ky_signal_settle();
  if (err != KY_OK)
    ky_progress_failure(&progress, err, job.message);
  else
    show_plan(stdout, &batch);
  ky_job_free(&job);
  return ky_err_status(err);
}
