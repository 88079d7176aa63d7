/* One question after the other: greedy, swaps, bound, and CBC for what is left (solve.h). */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "solve/process.h"
#include "solve/questions.h"

/* Of the work, for the tree before CBC is asked: where the bound is good it is done sooner than CBC begins. */
#define FIRST_SHARE 8

ky_solve_opts ky_solve_defaults(void) {
  return (ky_solve_opts){.time_limit_ms = 30000,
                         .memory_limit_mb = 2048,
                         .node_limit = 20000,
                         .work_limit = UINT64_C(4000000000),
                         .size_limit = 200000};
}

ky_until ky_question_until(const ky_solve_opts *opts) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  ky_until until = {.ms = (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6 + opts->time_limit_ms};
  until.has_struck = opts->time_limit_ms == 0;
  return until;
}

/* What the budget leaves for candidates that are not given, no more than all of them cost. */
static uint64_t left_of(const ky_choice *choice, uint64_t budget) {
  uint64_t all = 0, left = budget > choice->given_price ? budget - choice->given_price : 0;
  for (uint32_t j = 0; j < choice->candidate_count; j++)
    if (!choice->is_given[j]) all += choice->price[j];
  return left < all ? left : all;
}

/* A set of CBC instead of the best one, when it is better. What CBC says is not believed but counted again. */
static ky_err take_set(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_model *model,
                       const ky_bound *known, const uint8_t *chosen, ky_pick *best) {
  ky_pick pick;
  KY_TRY(ky_pick_new(job, choice, &pick));
  for (uint32_t j = 0; j < choice->candidate_count; j++)
    if (known->decided[j] == KY_IN) ky_pick_add(choice, &pick, j);
  for (uint32_t i = 0; i < model->choice_count; i++)
    if (chosen[i]) ky_pick_add(choice, &pick, model->candidate[i]);
  if (pick.price <= budget && ky_pick_is_better(&pick, best)) ky_pick_copy(choice, &pick, best);
  return KY_OK;
}

/* What CBC answered. known->bound comes down to what it proves. */
static ky_err take_answer(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_model *model,
                          const ky_model_answer *answer, const uint8_t *chosen, ky_pick *best, ky_bound *known) {
  if (answer->has_set) KY_TRY(take_set(job, choice, budget, model, known, chosen, best));
  if (answer->end == KY_MODEL_NONE && !answer->has_set) {
    known->is_proven = true;
    known->bound = known->aim - 1;
  } else if (answer->end == KY_MODEL_PROVEN && answer->has_set) {
    known->is_proven = best->shortfall == 0;
    known->bound = best->saving;
  } else if (isfinite(answer->bound)) {
    double bound = (double)model->fixed - answer->bound / model->unit;
    bound += 1 + fabs(bound) * 1e-9; /* CBC's own tolerance */
    if (bound < (double)known->bound) known->bound = (int64_t)bound;
  }
  return KY_OK;
}

/* CBC on what is left open, or, where that is too much for it, more of the tree. */
static ky_err finish(ky_job *job, const ky_choice *choice, uint64_t budget, int64_t goal, const ky_solve_opts *opts,
                     ky_until *until, ky_pick *best, ky_bound *known, ky_solve_end *end) {
  ky_model model;
  ky_model_answer answer = {0};
  ky_process_end how = KY_PROCESS_ANSWERED;
  uint8_t *chosen;
  *end = KY_SOLVE_WORK;
  KY_TRY(ky_model_make(job, choice, budget, known, opts->size_limit, &model));
  KY_NEW(job, scratch, chosen, model.choice_count);
  if (model.choice_count == 0) { /* all are decided: that set, or none that is better */
    KY_TRY(take_set(job, choice, budget, &model, known, chosen, best));
    known->is_proven = true;
    known->bound = best->saving;
  } else if (model.column_count == 0) {
    KY_TRY(ky_choice_branch(job, goal, opts->work_limit, until, best, known));
    if (until->has_struck) *end = KY_SOLVE_TIME;
  } else {
    KY_TRY(ky_process_solve(job, &model, opts, until, &how, &answer, chosen));
    if (how == KY_PROCESS_KILLED || answer.end == KY_MODEL_TIME) *end = KY_SOLVE_TIME;
    if (how == KY_PROCESS_NO_MEMORY) *end = KY_SOLVE_MEMORY;
    if (how == KY_PROCESS_FAILED || answer.end == KY_MODEL_ODD) *end = KY_SOLVE_FAILED;
    if (how == KY_PROCESS_ANSWERED) KY_TRY(take_answer(job, choice, budget, &model, &answer, chosen, best, known));
  }
  return KY_OK;
}

static bool reaches(const ky_pick *best, int64_t goal) {
  return goal != KY_NULL && best->shortfall == 0 && best->saving >= goal;
}

ky_err ky_question_solve(ky_job *job, const ky_choice *choice, uint64_t budget, int64_t goal, const ky_solve_opts *opts,
                         ky_until *until, ky_pick *best, ky_bound *known, ky_solve_end *end) {
  KY_TRY(ky_pick_fill(job, choice, budget, best));
  if (!until->has_struck) KY_TRY(ky_pick_swap(job, choice, budget, until, best));
  KY_TRY(ky_choice_bound(job, choice, budget, goal, opts->work_limit, until, best, known));
  *end = KY_SOLVE_PROVEN;
  if (!known->is_proven && !until->has_struck && !reaches(best, goal))
    KY_TRY(ky_choice_branch(job, goal, opts->work_limit / FIRST_SHARE, until, best, known));
  if (!known->is_proven && !reaches(best, goal)) {
    *end = KY_SOLVE_TIME;
    if (!until->has_struck) KY_TRY(finish(job, choice, budget, goal, opts, until, best, known, end));
  }
  if (best->shortfall == 0 && known->bound < best->saving) known->bound = best->saving;
  if (known->is_proven || (goal == KY_NULL && best->shortfall == 0 && known->bound == best->saving))
    *end = KY_SOLVE_PROVEN;
  if (known->is_proven && best->shortfall != 0) *end = KY_SOLVE_IMPOSSIBLE;
  return KY_OK;
}

/* No set within the budget covers more of that column: the same question with weight there alone. */
static ky_err bound_column(ky_job *job, const ky_choice *choice, uint64_t budget, uint32_t column,
                           const ky_solve_opts *opts, int64_t *bound) {
  ky_choice alone = *choice;
  ky_solve_opts brief = *opts;
  ky_until until = ky_question_until(opts);
  ky_pick pick;
  ky_bound known;
  ky_solve_end end;
  int64_t none = 0;
  alone.total = 0;
  alone.column_count = 1;
  alone.floor = &none;
  KY_NEW(job, scratch, alone.top, choice->demand_count);
  KY_NEW(job, scratch, alone.column, choice->demand_count);
  for (uint32_t d = 0; d < choice->demand_count; d++) {
    alone.top[d] = choice->column[d] == column ? choice->top[d] : 0;
    alone.total += alone.top[d];
  }
  KY_TRY(ky_pick_new(job, &alone, &pick));
  KY_TRY(ky_question_solve(job, &alone, budget, KY_NULL, &brief, &until, &pick, &known, &end));
  *bound = known.bound + choice->column_given[column];
  return KY_OK;
}

/* The floor that the set misses by most. */
static ky_err find_short(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_solve_opts *opts,
                         const ky_pick *best, ky_chosen *out) {
  int64_t most = 0;
  uint32_t column = 0;
  for (uint32_t k = 1; k < choice->column_count; k++) {
    int64_t lacks = choice->floor[k] - best->covered[k];
    bool is_hopeless = choice->column_zone[k] == choice->hopeless_zone;
    if (lacks <= 0 || (lacks <= most && !is_hopeless)) continue;
    most = is_hopeless ? INT64_MAX : lacks;
    column = k;
  }
  if (column == 0) return KY_OK;
  out->short_zone = choice->column_zone[column];
  out->short_value = best->covered[column] + choice->column_given[column];
  if (choice->hopeless_zone == out->short_zone) {
    out->short_bound = choice->hopeless_bound;
    return KY_OK;
  }
  return bound_column(job, choice, budget, column, opts, &out->short_bound);
}

static int compare_indices(const void *p, const void *q) {
  uint32_t a = *(const uint32_t *)p, b = *(const uint32_t *)q;
  return a < b ? -1 : a > b;
}

/* The set in the numbers of the problem as given, with those given. */
static ky_err fill(ky_job *job, const ky_choice *choice, const ky_pick *best, ky_chosen *out) {
  out->count = choice->given_count + best->count;
  out->price = choice->given_price + best->price;
  out->short_zone = KY_NONE;
  KY_NEW(job, keep, out->candidate, out->count);
  for (uint32_t i = 0; i < choice->given_count; i++) out->candidate[i] = choice->given[i];
  for (uint32_t i = 0; i < best->count; i++) out->candidate[choice->given_count + i] = choice->origin[best->chosen[i]];
  if (out->count != 0) qsort(out->candidate, out->count, sizeof *out->candidate, compare_indices);
  return KY_OK;
}

static int64_t value_of(const ky_choice *choice, int64_t saving) {
  return choice->objective == KY_BY_WALK ? choice->base_value - saving : choice->base_value + saving;
}

ky_err ky_question_answer(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_solve_opts *opts,
                          ky_until *until, ky_pick *best, ky_chosen *out) {
  ky_bound known;
  memset(out, 0, sizeof *out);
  if (choice->objective == KY_BY_SEATS)
    KY_TRY(ky_question_seats(job, choice, budget, opts, until, best, &known, &out->end));
  else
    KY_TRY(ky_question_solve(job, choice, budget, KY_NULL, opts, until, best, &known, &out->end));
  KY_TRY(fill(job, choice, best, out));
  out->value = value_of(choice, best->saving);
  out->bound = value_of(choice, known.bound > best->saving ? known.bound : best->saving);
  out->is_allowed = best->shortfall == 0;
  if (choice->hopeless_zone != KY_NONE) out->end = KY_SOLVE_IMPOSSIBLE;
  return best->shortfall == 0 ? KY_OK : find_short(job, choice, budget, opts, best, out);
}

ky_err ky_choose_best(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_solve_opts *opts,
                      ky_chosen *out) {
  ky_arena_mark mark = ky_arena_now(&job->scratch);
  ky_until until = ky_question_until(opts);
  ky_pick best;
  KY_TRY(ky_pick_new(job, choice, &best));
  KY_TRY(ky_question_answer(job, choice, left_of(choice, budget), opts, &until, &best, out));
  if (choice->given_price > budget) {
    out->is_allowed = false;
    out->end = KY_SOLVE_IMPOSSIBLE;
  }
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}

int64_t ky_chosen_gap(const ky_chosen *chosen) {
  int64_t a = chosen->value, b = chosen->bound, more = a > b ? a : b, apart = a > b ? a - b : b - a;
  if (apart == 0) return 0;
  double share = (double)apart / (double)(more > 0 ? more : 1) * KY_WHOLE;
  return share > KY_WHOLE ? KY_WHOLE : (int64_t)ceil(share);
}
