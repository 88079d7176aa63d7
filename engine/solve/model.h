/* What is left of a problem of choosing, as a model for CBC, and how it gets to the process that runs CBC. */
#ifndef KAYOI_SOLVE_MODEL_H
#define KAYOI_SOLVE_MODEL_H

#include "core/choice.h"

/* Costs add up to no more than this, so that CBC's tolerances stay below a unit of most problems. */
#define KY_COST_SUM INT64_C(1000000000)

/* Mixed-integer model in columns: minimise cost x value, lower <= row <= upper. The first `choice_count` columns are
 * the candidates that are not decided, whole numbers 0 or 1; the others are any numbers from 0 to 1. */
typedef struct ky_model {
  uint32_t column_count, row_count, choice_count;
  int32_t *start; /* [columns + 1] */
  int32_t *row;   /* entries */
  double *value;
  double *cost; /* [columns] */
  double *row_lower, *row_upper;
  double unit;         /* cost of one unit of savings */
  double cutoff;       /* only sets below this cost are wanted */
  int64_t fixed;       /* savings of every set, besides -cost / unit */
  uint32_t *candidate; /* [choice_count] */
} ky_model;

/* decided: ky_decided of each candidate. out->column_count is 0 when the model would have more than `limit` entries. */
ky_err ky_model_make(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_bound *known, uint64_t limit,
                     ky_model *out);

/* What goes to the process, followed by start, row, value, cost, row_lower, row_upper. */

#define KY_MODEL_MAGIC  UINT32_C(0x6b796d31)
#define KY_ANSWER_MAGIC UINT32_C(0x6b796131)
typedef struct ky_model_head {
  uint32_t magic, column_count, row_count, choice_count, entry_count, node_limit;
  uint64_t memory_bytes;
  double cutoff, seconds;
} ky_model_head;

/* What comes back, followed by choice_count bytes, 0 or 1, when has_set. */
typedef enum ky_model_end {
  KY_MODEL_PROVEN = 1,
  KY_MODEL_NONE,
  KY_MODEL_NODES,
  KY_MODEL_TIME,
  KY_MODEL_ODD
} ky_model_end;
typedef struct ky_model_answer {
  uint32_t magic, end, has_set, nodes;
  double bound;
} ky_model_answer;

/* Exit statuses of kayoi-solver besides 0. */
#define KY_SOLVER_BAD_INPUT 2
#define KY_SOLVER_NO_MEMORY 6

#endif
