#include "cli_night.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli_log.h"
#include "cli_signal.h"
#include "cli_text.h"

/* What is said when a signal ends the run. On a terminal stderr has said it already, as with every failure. */
static void set_endings(const ky_night *night) {
  char line[KY_LINE_BYTES];
  if (isatty(STDOUT_FILENO)) return;
  snprintf(line, sizeof line, ky_tr("kayoi %s: INTERRUPTED: the previous result is as it was"), night->name);
  ky_signal_line(KY_ENDING_BEFORE, line);
  snprintf(line, sizeof line, ky_tr("kayoi %s: interrupted, but the new result is in place"), night->name);
  ky_signal_line(KY_ENDING_AFTER, line);
  if (night->options->timeout_s == 0) return;
  snprintf(line, sizeof line, ky_tr("kayoi %s: ENDED after %u seconds (--timeout); the previous result is as it was"),
           night->name, night->options->timeout_s);
  ky_signal_line(KY_ENDING_TIMEOUT, line);
}

static void set_timeout(const ky_options *options) {
  char message[256], text[1024];
  if (options->timeout_s == 0) return;
  snprintf(message, sizeof message,
           ky_tr("not done after %u seconds (--timeout); earlier results are as they were; give more time, or look at "
                 "which room takes it (--log json)"),
           options->timeout_s);
  if (options->is_json)
    snprintf(text, sizeof text, ",\"exit\":%d,\"result\":\"timeout\",\"kind\":\"%s\",\"message\":\"%s\"}",
             ky_err_status(KY_E_RESOURCE), ky_err_text(KY_E_RESOURCE), message);
  else
    snprintf(text, sizeof text, "kayoi: %s", message);
  ky_signal_timeout(options->timeout_s, text);
}

void ky_night_start(ky_night *night, const ky_options *options, ky_progress *progress) {
  *night = (ky_night){.options = options,
                      .progress = progress,
                      .name = options->operand,
                      .lock = {.fd = -1},
                      .before = {.covered_65 = KY_NULL, .pop_65 = KY_NULL, .gaps = KY_NULL}};
  ky_log_run_id(progress->run);
  ky_signal_run(progress->run);
  ky_progress_start(progress, options->operand);
  set_endings(night);
  set_timeout(options);
}

/* What the result that is there says, for comparison; nothing when it cannot be read. */
static ky_err look_before(ky_night *night, ky_job *job) {
  const ky_past *past;
  const char *why;
  KY_TRY(ky_past_look(job, night->out_dir, &past, &why));
  if (past == NULL) return KY_OK;
  const ky_past_row *row = ky_past_row_of(past, "municipality", NULL);
  night->before.published = past->published;
  night->before.gaps = past->gaps_count;
  if (row == NULL) return KY_OK;
  night->before.covered_65 = row->covered_65;
  night->before.pop_65 = row->pop_65;
  return KY_OK;
}

ky_err ky_night_enter(ky_night *night, ky_job *job, const ky_config *config) {
  night->name = config->name;
  night->out_dir = config->out_dir;
  set_endings(night); /* now in its words: the configuration may have chosen the language */
  KY_TRY(ky_lock_take(job, config->out_dir, night->options->wait_s, &night->lock));
  ky_signal_lock(night->lock.path);
  return look_before(night, job);
}

void ky_night_end(ky_night *night, const ky_job *job, ky_err err, const ky_result *result) {
  char line[KY_LINE_BYTES];
  if (err != KY_OK)
    ky_line_failed(line, night->name, err, job->message);
  else if (night->is_unchanged)
    ky_line_unchanged(line, night->name, night->out_dir, &night->before);
  else
    ky_line_published(line, night->name, night->out_dir, job, result, &night->before);
  if (err != KY_OK)
    ky_progress_failure(night->progress, err, job->message);
  else
    ky_progress_done(night->progress, night->out_dir, night->is_unchanged ? "unchanged" : "published", line);
  if (err == KY_OK || !isatty(STDOUT_FILENO)) puts(line);
  ky_signal_lock(NULL);
  ky_lock_release(&night->lock);
}
