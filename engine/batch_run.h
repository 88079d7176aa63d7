/* kayoi batch run: the municipalities of a batch, each in a process of its own. */
#ifndef KAYOI_BATCH_RUN_H
#define KAYOI_BATCH_RUN_H

#include <kayoi/batch.h>

typedef struct ky_batch_run_opts {
  const char *program; /* this kayoi */
  const char *lang;    /* of its messages */
  uint32_t task;       /* that one alone, from 1; 0: all */
  uint32_t jobs;       /* at once, as far as the memory allows */
  bool is_forced;      /* also what has not changed */
} ky_batch_run_opts;

/* What became of a task. */
typedef enum ky_task_state { KY_TASK_NONE, KY_TASK_DONE, KY_TASK_UNCHANGED, KY_TASK_FAILED } ky_task_state;

typedef struct ky_task_status {
  ky_task_state state;
  int exit_status;     /* of its run; -1: it was ended by a signal */
  const char *message; /* its one line */
  double seconds;      /* of processor time */
  uint32_t peak_mb;
} ky_task_status;

const char *ky_task_state_name(ky_task_state state);

/* Runs them; a failed one fails alone. statuses: [task_count] (keep arena), KY_TASK_NONE for those not asked for.
 * Writes <code>/status.json and <code>/log.jsonl. Fails when one failed, with the first of them, and when it is asked
 * to end (then all children have ended). */
ky_err ky_batch_run(ky_job *job, const ky_batch *batch, const ky_batch_run_opts *opts, ky_task_status **statuses);

#endif
