/* What belongs around a run that nobody watches: the lock, the end in time, whether there is anything to do, and the
 * one line that says what came of it. */
#ifndef KAYOI_CLI_NIGHT_H
#define KAYOI_CLI_NIGHT_H

#include "cli_line.h"
#include "cli_options.h"
#include "cli_progress.h"
#include "io/out_lock.h"
#include "io/seen.h"

typedef struct ky_night {
  const ky_options *options;
  ky_progress *progress;
  const char *name; /* of the municipality; of the configuration as long as that is not read */
  const char *out_dir;
  ky_lock lock;
  bool is_unchanged; /* nothing to do: the result that is there is that of these inputs and settings */
  ky_line_before before;
} ky_night;

/* Before anything is read. */
void ky_night_start(ky_night *night, const ky_options *options, ky_progress *progress);
/* With the configuration: KY_E_BUSY when another run holds OUT. Sets config->seen. */
ky_err ky_night_enter(ky_night *night, ky_job *job, ky_config *config);
/* The last lines of log and stdout, whatever came of the run; then the lock is given back. */
void ky_night_end(ky_night *night, const ky_job *job, ky_err err, const ky_result *result);

#endif
