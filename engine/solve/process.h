/* CBC in a process of its own. */
#ifndef KAYOI_SOLVE_PROCESS_H
#define KAYOI_SOLVE_PROCESS_H

#include "solve/model.h"

typedef enum ky_process_end {
  KY_PROCESS_ANSWERED,
  KY_PROCESS_KILLED, /* at the deadline */
  KY_PROCESS_NO_MEMORY,
  KY_PROCESS_FAILED, /* not found, crashed, or its answer makes no sense */
} ky_process_end;

/* Gives the model to kayoi-solver and waits for the answer until the deadline, then kills it. chosen: [choice_count].
 */
ky_err ky_process_solve(ky_job *job, const ky_model *model, const ky_solve_opts *opts, ky_until *until,
                        ky_process_end *end, ky_model_answer *answer, uint8_t *chosen);

#endif
