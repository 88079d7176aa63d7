/* The objective `seats`: most weight that finds a seat, a flow. The set is a ky_pick of which chosen, place, count and
 * price are used, and `saving` is the weight seated; those given are open and not in it. */
#ifndef KAYOI_CHOICE_SEATS_H
#define KAYOI_CHOICE_SEATS_H

#include "core/choice.h"

/* Who sits where. */
typedef struct ky_seating {
  int64_t *waiting; /* [demand] weight without a seat */
  int64_t *taken;   /* [entries] beside choice->demand: seats that the demand has there */
  uint64_t *empty;  /* [candidates] seats left */
  uint8_t *is_open; /* [candidates] */
  uint32_t *wanted_by, *moves, *queue, *stamp_demand, *stamp; /* of a search */
  uint32_t search;
  int64_t seated;
} ky_seating;

ky_err ky_seating_new(ky_job *job, const struct ky_choice *choice, ky_seating *out);
/* Seats all it can with those given and the first `count` of chosen open. */
void ky_seating_make(const struct ky_choice *choice, const uint32_t *chosen, uint32_t count, ky_seating *seating);
/* Opens one more. */
void ky_seating_open(const struct ky_choice *choice, uint32_t candidate, ky_seating *seating);

/* Greedy, then changes one for another. */
ky_err ky_seats_search(ky_job *job, const struct ky_choice *choice, uint64_t budget, ky_until *until, ky_pick *best);
/* No set within the budget seats more. */
ky_err ky_seats_bound(ky_job *job, const struct ky_choice *choice, uint64_t budget, uint64_t work, ky_until *until,
                      int64_t seated, int64_t *bound);

#endif
