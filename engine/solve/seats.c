/* Seats: who is chosen and who sits where, as a model for CBC where it is small enough. */
#include "core/choice_seats.h"

#include <float.h>
#include <string.h>

#include "solve/process.h"
#include "solve/questions.h"

/* Columns: the candidates not given, then who sits where as a share of the demand. Rows: the budget; seats of each
 * candidate; each demand at most once; and each share only where the candidate is chosen. */
static ky_err make_model(ky_job *job, const ky_choice *c, uint64_t budget, int64_t seated, ky_model *out,
                         uint32_t *column_of) {
  const uint32_t entries = (uint32_t)c->first[c->candidate_count], seat_rows = 1, demand_rows = 1 + c->candidate_count;
  const uint32_t link_rows = demand_rows + c->demand_count;
  uint32_t at = 0;
  memset(out, 0, sizeof *out);
  out->unit = c->total > KY_COST_SUM ? (double)KY_COST_SUM / (double)c->total : 1;
  KY_NEW(job, scratch, out->candidate, c->candidate_count);
  for (uint32_t j = 0; j < c->candidate_count; j++) {
    column_of[j] = c->is_given[j] ? KY_NONE : out->choice_count;
    if (!c->is_given[j]) out->candidate[out->choice_count++] = j;
  }
  out->column_count = out->choice_count + entries;
  out->row_count = link_rows + entries;
  KY_NEW(job, scratch, out->start, (size_t)out->column_count + 1);
  KY_NEW(job, scratch, out->row, 5 * (size_t)entries + 2 * (size_t)out->choice_count);
  KY_NEW(job, scratch, out->value, 5 * (size_t)entries + 2 * (size_t)out->choice_count);
  KY_NEW(job, scratch, out->cost, out->column_count);
  KY_NEW(job, scratch, out->row_lower, out->row_count);
  KY_NEW(job, scratch, out->row_upper, out->row_count);
  for (uint32_t r = 0; r < out->row_count; r++) out->row_lower[r] = -DBL_MAX;
  out->row_upper[0] = (double)budget;
  for (uint32_t j = 0; j < c->candidate_count; j++)
    out->row_upper[seat_rows + j] = c->is_given[j] ? (double)c->seats[j] : 0;
  for (uint32_t d = 0; d < c->demand_count; d++) out->row_upper[demand_rows + d] = 1;
  for (uint32_t i = 0; i < out->choice_count; i++) {
    uint32_t j = out->candidate[i];
    out->row[at] = 0;
    out->value[at++] = c->price[j];
    out->row[at] = (int32_t)(seat_rows + j);
    out->value[at++] = -(double)c->seats[j];
    for (uint64_t e = c->first[j]; e < c->first[j + 1]; e++) {
      out->row[at] = (int32_t)(link_rows + e);
      out->value[at++] = -1;
    }
    out->start[i + 1] = (int32_t)at;
  }
  for (uint32_t j = 0, i = out->choice_count; j < c->candidate_count; j++)
    for (uint64_t e = c->first[j]; e < c->first[j + 1]; e++, i++) {
      double weight = (double)c->top[c->demand[e]];
      out->row[at] = (int32_t)(seat_rows + j);
      out->value[at++] = weight;
      out->row[at] = (int32_t)(demand_rows + c->demand[e]);
      out->value[at++] = 1;
      out->row[at] = (int32_t)(link_rows + e);
      out->value[at++] = 1;
      if (column_of[j] == KY_NONE) out->row_upper[link_rows + e] = 1;
      out->cost[i] = -weight * out->unit;
      out->start[i + 1] = (int32_t)at;
    }
  out->cutoff = (-(double)seated - 0.5) * out->unit;
  return KY_OK;
}

/* CBC on the whole problem. */
static ky_err branch(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_solve_opts *opts, ky_until *until,
                     ky_pick *best, int64_t *bound, ky_solve_end *end) {
  ky_model model;
  ky_model_answer answer = {0};
  ky_process_end how;
  ky_seating seating;
  uint8_t *chosen;
  uint32_t *column_of;
  *end = KY_SOLVE_WORK;
  if (choice->first[choice->candidate_count] > opts->size_limit / 5) return KY_OK;
  KY_NEW(job, scratch, column_of, choice->candidate_count);
  KY_TRY(make_model(job, choice, budget, best->saving, &model, column_of));
  KY_NEW(job, scratch, chosen, model.choice_count);
  KY_TRY(ky_process_solve(job, &model, opts, until, &how, &answer, chosen));
  if (how != KY_PROCESS_ANSWERED) {
    *end = how == KY_PROCESS_KILLED ? KY_SOLVE_TIME : how == KY_PROCESS_NO_MEMORY ? KY_SOLVE_MEMORY : KY_SOLVE_FAILED;
    return KY_OK;
  }
  if (answer.end == KY_MODEL_TIME) *end = KY_SOLVE_TIME;
  if (answer.end == KY_MODEL_ODD) *end = KY_SOLVE_FAILED;
  uint32_t *set, count = 0;
  uint64_t price = 0;
  KY_NEW(job, scratch, set, choice->candidate_count);
  for (uint32_t i = 0; i < model.choice_count; i++) {
    if (!chosen[i]) continue;
    set[count++] = model.candidate[i];
    price += choice->price[model.candidate[i]];
  }
  KY_TRY(ky_seating_new(job, choice, &seating));
  ky_seating_make(choice, set, count, &seating);
  if (answer.has_set && price <= budget && seating.seated > best->saving) {
    memcpy(best->chosen, set, count * sizeof *set);
    best->count = count;
    best->price = price;
    best->saving = seating.seated;
  }
  if (answer.end == KY_MODEL_PROVEN || answer.end == KY_MODEL_NONE) *bound = best->saving;
  return KY_OK;
}

ky_err ky_question_seats(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_solve_opts *opts,
                         ky_until *until, ky_pick *best, ky_bound *known, ky_solve_end *end) {
  KY_TRY(ky_seats_search(job, choice, budget, until, best));
  KY_TRY(ky_seats_bound(job, choice, budget, opts->work_limit, until, best->saving, &known->bound));
  *end = KY_SOLVE_PROVEN;
  if (known->bound <= best->saving) return KY_OK;
  *end = KY_SOLVE_TIME;
  if (!until->has_struck) KY_TRY(branch(job, choice, budget, opts, until, best, &known->bound, end));
  if (known->bound <= best->saving) *end = KY_SOLVE_PROVEN;
  return KY_OK;
}
