/* What a job says while it works, on stderr: a bar on a terminal, plain lines, or JSON lines. */
#ifndef KAYOI_CLI_PROGRESS_H
#define KAYOI_CLI_PROGRESS_H

#include <kayoi/job.h>

#include "cli_log.h"

/* QUIET: failures alone. */
typedef enum ky_progress_mode {
  KY_PROGRESS_BAR,
  KY_PROGRESS_LINES,
  KY_PROGRESS_JSON,
  KY_PROGRESS_QUIET
} ky_progress_mode;

typedef struct ky_progress {
  ky_progress_mode mode;
  bool is_drawn;   /* a bar stands on the last line */
  double drawn_ms; /* when something was last drawn or sent */
  double start_ms;
  char run[KY_RUN_ID_BYTES]; /* in every line of the log; "" none */
} ky_progress;

void ky_progress_init(ky_progress *progress, bool is_json);
/* The job's on_event, with the progress as user. */
void ky_progress_event(void *user, const ky_event *event);
/* Removes the bar. */
void ky_progress_clear(ky_progress *progress);
/* The failure of a job; status is the program's exit status. */
void ky_progress_failure(ky_progress *progress, ky_err err, const char *message);
/* The beginning of a run, for the log. */
void ky_progress_start(ky_progress *progress, const char *config);
/* The end of a job that went well; a JSON log has a last line for it. out_dir, result ("published", "unchanged") and
 * line (for people) may be NULL. */
void ky_progress_done(ky_progress *progress, const char *out_dir, const char *result, const char *line);

#endif
