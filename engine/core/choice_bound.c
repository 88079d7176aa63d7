/* How good any set can be (choice_relax.c says by what rule), and which candidates are decided by that: down from the
 * multipliers of a good set, with a look for better sets on the way; then, while the work lasts, a tree of what is
 * open. */
#include <stdlib.h>
#include <string.h>

#include "core/choice_relax.h"

#define STEP_LAST   0.002
#define STEP_SHRINK 0.8
#define PATIENCE    20 /* rounds without a better bound before the step shrinks */
#define SWAP_PASSES 3  /* through all lists, that looking for swaps takes: usual */
#define SHAKE_EVERY 5  /* rounds */

int64_t ky_aim_of(const ky_pick *best, int64_t goal) {
  if (goal != KY_NULL) return goal;
  return best->shortfall == 0 ? best->saving + 1 : 0;
}

static bool is_enough(const ky_pick *best, int64_t goal) {
  return goal != KY_NULL && best->shortfall == 0 && best->saving >= goal;
}

static void keep_best(ky_relaxation *x) {
  memcpy(x->best_cost, x->cost, x->choice->demand_count * sizeof *x->cost);
  memcpy(x->best_floor_cost, x->floor_cost, x->choice->column_count * sizeof *x->floor_cost);
}

static void back_to_best(ky_relaxation *x) {
  memcpy(x->cost, x->best_cost, x->choice->demand_count * sizeof *x->cost);
  memcpy(x->floor_cost, x->best_floor_cost, x->choice->column_count * sizeof *x->floor_cost);
}

/* At first, what the best set saves is what being served costs: then those in it are worth next to nothing more. */
static void first_costs(ky_relaxation *x, const ky_pick *best) {
  for (uint32_t d = 0; d < x->choice->demand_count; d++) x->cost[d] = (best->best[d] + best->second[d]) / 2 * x->scale;
}

/* What looking for better sets remembers. */
typedef struct lookout {
  ky_pick pick;
  int64_t best_relaxed;
  uint64_t chance;
} lookout;

/* Better sets: the relaxed one, or the best one shaken, after swaps. Returns the work. */
static ky_err look(ky_relaxation *x, ky_until *until, uint32_t round, lookout *l, ky_pick *best, uint64_t *work) {
  const ky_choice *choice = x->choice;
  ky_relaxation_take(x, &l->pick);
  bool is_new = l->pick.price <= x->budget && l->pick.saving > l->best_relaxed;
  if (is_new) l->best_relaxed = l->pick.saving;
  if (!is_new && round % SHAKE_EVERY != 0) return KY_OK;
  if (!is_new) KY_TRY(ky_pick_shake(x->job, choice, x->budget, best, &l->chance, &l->pick));
  KY_TRY(ky_pick_swap(x->job, choice, x->budget, until, &l->pick));
  *work += SWAP_PASSES * choice->first[choice->candidate_count];
  if (ky_pick_is_better(&l->pick, best)) ky_pick_copy(choice, &l->pick, best);
  return KY_OK;
}

/* Down to where the bound stops. */
static ky_err descend(ky_relaxation *x, int64_t goal, uint64_t *work, ky_until *until, ky_pick *best, ky_bound *out) {
  int64_t least = INT64_MAX;
  lookout l = {.best_relaxed = -1, .chance = UINT64_C(88172645463325252)};
  KY_TRY(ky_pick_new(x->job, x->choice, &l.pick));
  for (uint32_t still = 0, round = 0;; round++) {
    out->aim = ky_aim_of(best, goal);
    uint64_t seen = ky_relaxation_solve(x, out->decided);
    if (x->value < least) {
      if (ky_relaxation_units(x, x->value) < ky_relaxation_units(x, least)) still = 0;
      least = x->value;
      keep_best(x);
    } else if (++still >= PATIENCE) {
      still = 0;
      x->step *= STEP_SHRINK;
      if (x->step < STEP_LAST) return KY_OK;
      back_to_best(x);
    }
    if (ky_relaxation_units(x, x->value) < out->bound) out->bound = ky_relaxation_units(x, x->value);
    out->is_proven = out->aim > x->choice->total || x->value < out->aim * x->scale ||
                     ky_relaxation_decide(x, out->aim, out->decided);
    out->is_exhausted = *work == 0;
    if (out->is_proven || out->is_exhausted || ky_until_struck(until)) return KY_OK;
    KY_TRY(look(x, until, round, &l, best, &seen));
    if (is_enough(best, goal)) return KY_OK;
    ky_relaxation_move(x, out->aim);
    *work -= seen < *work ? seen : *work;
  }
}

ky_err ky_choice_bound(ky_job *job, const ky_choice *choice, uint64_t budget, int64_t goal, uint64_t work,
                       ky_until *until, ky_pick *best, ky_bound *out) {
  ky_relaxation *x;
  memset(out, 0, sizeof *out);
  KY_NEW(job, scratch, out->decided, choice->candidate_count);
  KY_NEW(job, scratch, x, 1);
  for (uint32_t j = 0; j < choice->candidate_count; j++)
    if (choice->price[j] > budget) out->decided[j] = KY_OUT;
  out->bound = choice->total;
  KY_TRY(ky_relaxation_new(job, choice, budget, x));
  first_costs(x, best);
  KY_TRY(descend(x, goal, &work, until, best, out));
  back_to_best(x);
  out->relaxation = x;
  out->aim = ky_aim_of(best, goal);
  if (out->is_proven) out->bound = out->aim - 1;
  return KY_OK;
}
