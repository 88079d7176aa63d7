/* Earlier results on files. Entries of DIR are folders of runs that kayoi diff reads:
 *
 *   2026-11-21T134501Z   of a night: run.json and the layers that a comparison needs; goes by the retention rule
 *   第10期計画            of a run that was given a name: everything that was published; it stays as it is for good
 *   .kayoi-new-<pid>     being made; what dead runs left of that kind is removed */
#ifndef KAYOI_HISTORY_H
#define KAYOI_HISTORY_H

#include <kayoi/job.h>

typedef struct ky_history_opts {
  const char *dir;  /* NULL: nothing is kept */
  const char *name; /* NULL: of a night */
  uint32_t keep_runs, keep_days;
} ky_history_opts;

/* Before the long work: is the name one that a folder can have, and not taken? KY_E_CONFIG. */
ky_err ky_history_check(ky_job *job, const ky_history_opts *opts);
/* Keeps the result in `out_dir` as an entry, whole or not at all, then removes what the rule says. What cannot be done
 * is a notice: the result itself is published. */
ky_err ky_history_keep(ky_job *job, const ky_history_opts *opts, const char *out_dir);

#endif
