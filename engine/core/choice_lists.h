/* Lists of items one after another, and what makes a problem of choosing smaller. */
#ifndef KAYOI_CHOICE_LISTS_H
#define KAYOI_CHOICE_LISTS_H

#include <kayoi/job.h>

typedef struct ky_lists {
  uint32_t count;
  uint64_t *first; /* [count + 1] */
  uint32_t *item;
  uint32_t *cost; /* beside item; NULL: none */
} ky_lists;

/* The lists of the items: which lists each is in, ascending. An item named twice in a list stays once, at its least
 * cost. */
ky_err ky_lists_turn(ky_job *job, const ky_lists *lists, uint32_t item_count, ky_lists *out);

/* Demand with equal servers (and costs, base, column) is one class: class_of[demand], numbered by its first member.
 * base and column may be NULL. Demand without servers has the class KY_NONE. */
ky_err ky_lists_merge(ky_job *job, const ky_lists *servers, const uint32_t *base, const uint32_t *column,
                      uint32_t *class_of, uint32_t *class_count);
/* Marks candidates that another one can always replace: it serves all they serve, nowhere at a higher cost, and is not
 * dearer; of equal ones the lowest index stays. Looks at so many pairs only, so a few may be left. */
ky_err ky_lists_dominated(ky_job *job, const ky_lists *candidates, const ky_lists *servers, const uint32_t *price,
                          uint8_t *is_dominated);

#endif
