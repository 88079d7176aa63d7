/* The smallest set that reaches a goal: can it be done with one place less, until it cannot. */
#include <assert.h>
#include <stdlib.h>

#include "solve/questions.h"

/* Whether so many places reach the goal (best is then a set that does), cannot (known->is_proven), or nobody knows. */
static ky_err can_do(ky_job *job, const ky_choice *choice, uint64_t places, int64_t goal, const ky_solve_opts *opts,
                     ky_until *until, ky_pick *best, bool *is_done, bool *is_impossible, ky_solve_end *end) {
  ky_arena_mark mark = ky_arena_now(&job->scratch);
  ky_bound known;
  ky_pick_clear(choice, best);
  KY_TRY(ky_question_solve(job, choice, places, goal, opts, until, best, &known, end));
  *is_done = best->shortfall == 0 && best->saving >= goal;
  *is_impossible = !*is_done && known.is_proven;
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}

/* Fewer places than that, for sure, do not reach the goal: the bound of a number below which it was proven. */
static ky_err least_places(ky_job *job, const ky_choice *choice, uint64_t unknown, int64_t goal,
                           const ky_solve_opts *opts, ky_until *until, ky_pick *pick, uint64_t *least) {
  ky_solve_opts without_cbc = *opts;
  uint64_t low = 0, high = unknown; /* low places cannot; high may */
  without_cbc.size_limit = 0;
  while (high - low > 1) {
    uint64_t middle = low + (high - low) / 2;
    bool is_done, is_impossible;
    ky_solve_end end;
    KY_TRY(can_do(job, choice, middle, goal, &without_cbc, until, pick, &is_done, &is_impossible, &end));
    if (is_impossible)
      low = middle;
    else
      high = middle;
  }
  *least = high;
  return KY_OK;
}

/* Greedy with no limit on places, as far as the goal: how many it needs. More than there are candidates: it cannot. */
static ky_err first_count(ky_job *job, const ky_choice *choice, int64_t goal, ky_pick *pick, uint64_t *places) {
  uint64_t low = 0, high = choice->candidate_count;
  KY_TRY(ky_pick_fill(job, choice, high, pick));
  if (pick->shortfall != 0 || pick->saving < goal) {
    *places = KY_NONE;
    return KY_OK;
  }
  if (goal <= 0 && choice->column_count == 1) high = 0;
  while (high - low > 1) { /* the greedy sets of fewer places are the beginnings of those of more */
    uint64_t middle = low + (high - low) / 2;
    ky_pick_clear(choice, pick);
    KY_TRY(ky_pick_fill(job, choice, middle, pick));
    if (pick->shortfall == 0 && pick->saving >= goal)
      high = middle;
    else
      low = middle;
  }
  *places = high;
  return KY_OK;
}

/* From a set of `places` that reaches the goal down to the smallest known; *least: fewer cannot. */
static ky_err go_down(ky_job *job, const ky_choice *choice, int64_t goal, const ky_solve_opts *opts, ky_until *until,
                      uint64_t *places, uint64_t *least, ky_pick *found, ky_solve_end *end) {
  ky_pick pick;
  KY_TRY(ky_pick_new(job, choice, &pick));
  KY_TRY(ky_pick_fill(job, choice, *places, found));
  while (*places > *least) {
    bool is_done = false, is_impossible = false;
    KY_TRY(can_do(job, choice, *places - 1, goal, opts, until, &pick, &is_done, &is_impossible, end));
    if (is_impossible) {
      *least = *places;
    } else if (is_done) {
      --*places;
      ky_pick_copy(choice, &pick, found);
    } else {
      return least_places(job, choice, *places - 1, goal, opts, until, &pick, least);
    }
  }
  return KY_OK;
}

ky_err ky_choose_smallest(ky_job *job, const ky_choice *choice, int64_t goal, const ky_solve_opts *opts,
                          ky_chosen *out) {
  assert(choice->objective == KY_BY_COVERAGE && !choice->has_prices);
  ky_arena_mark mark = ky_arena_now(&job->scratch);
  const int64_t wanted = goal > choice->base_value ? goal - choice->base_value : 0; /* of those not given */
  ky_until until = ky_question_until(opts);
  ky_pick found;
  uint64_t places, least = 0;
  ky_solve_end end = KY_SOLVE_PROVEN;
  KY_TRY(ky_pick_new(job, choice, &found));
  KY_TRY(first_count(job, choice, wanted, &found, &places));
  ky_pick_clear(choice, &found);
  bool is_possible = places != KY_NONE;
  if (is_possible)
    KY_TRY(go_down(job, choice, wanted, opts, &until, &places, &least, &found, &end));
  else
    places = choice->candidate_count;
  KY_TRY(ky_question_answer(job, choice, places, opts, &until, &found, out));
  out->least_count = is_possible ? choice->given_count + (uint32_t)least : KY_NONE;
  if (is_possible && least < places) out->end = end;
  if (!is_possible) {
    out->end = KY_SOLVE_IMPOSSIBLE;
    out->is_allowed = false;
  }
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}
