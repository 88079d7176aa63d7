/* The relaxed problem of choosing: multipliers, the relaxed set, and the bound they give (choice_relax.c). */
#ifndef KAYOI_CHOICE_RELAX_H
#define KAYOI_CHOICE_RELAX_H

#include "core/choice.h"

/* A free candidate and what it is worth in the relaxed problem. */
typedef struct ky_worth {
  double rate; /* r / price */
  int64_t r;
  uint32_t candidate;
} ky_worth;

typedef struct ky_relaxation {
  ky_job *job;
  const ky_choice *choice;
  uint64_t budget;
  int64_t scale;
  int64_t *cost, *best_cost;             /* [demand] l, and where the best bound was found */
  int64_t *floor_cost, *best_floor_cost; /* [columns] m; [0] stays 0 */
  int64_t *left;                         /* [demand] without `saving`: (1 + m) s - l, at least 0 */
  int64_t *r;                            /* [candidates] */
  int32_t *served;                       /* [demand] times served by the relaxed set */
  uint8_t *is_even;                      /* [demand] some of the relaxed set serve it for nothing */
  int64_t *kept;                         /* [columns] savings of the relaxed set */
  ky_worth *order;                       /* [candidates] free ones, worth most first */
  uint32_t free_count;                   /* of order */
  uint32_t *member, member_count;        /* the relaxed set */
  int64_t value;                         /* the bound now, in 1/scale */
  int64_t price_in, price_out;           /* t for those in the relaxed set, and for the others; 1/scale */
  double *way;                           /* [demand] the last move */
  uint64_t seen;                         /* entries looked at last time */
  double step;
} ky_relaxation;

ky_err ky_relaxation_new(ky_job *job, const struct ky_choice *choice, uint64_t budget, ky_relaxation *x);
/* The relaxed set and the bound, for candidates decided (ky_decided). Returns how many entries of lists it looked at.
 */
uint64_t ky_relaxation_solve(ky_relaxation *x, const uint8_t *decided);
/* Moves the multipliers after ky_relaxation_solve; aim in units. */
void ky_relaxation_move(ky_relaxation *x, int64_t aim);
/* Decides candidates that every set at the aim has, or none. Returns whether the budget is broken: no set reaches it.
 */
bool ky_relaxation_decide(ky_relaxation *x, int64_t aim, uint8_t *decided);
/* In whole units, rounded down: that is what sets save. */
int64_t ky_relaxation_units(const ky_relaxation *x, int64_t value);
/* The relaxed set as a real one; it may cost more than the budget. */
void ky_relaxation_take(const ky_relaxation *x, ky_pick *pick);

#endif
