/* status.json of a task: what became of its last run. */
#ifndef KAYOI_BATCH_STATUS_H
#define KAYOI_BATCH_STATUS_H

#include "batch_run.h"

/* Replaces the file whole: whoever reads sees the one before or this one. */
ky_err ky_batch_status_write(ky_job *job, const ky_batch *batch, const ky_batch_task *task,
                             const ky_task_status *status);
/* state KY_TASK_NONE: it has not been run, or the file cannot be read. */
ky_err ky_batch_status_read(ky_job *job, const ky_batch *batch, const ky_batch_task *task, ky_task_status *out);
/* Does its log end with "unchanged"? */
ky_err ky_batch_log_is_unchanged(ky_job *job, const ky_batch *batch, const ky_batch_task *task, bool *out);

#endif
