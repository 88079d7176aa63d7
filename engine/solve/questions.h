/* What the questions of solve.h are put together from. Budgets here are what is left after those given. */
#ifndef KAYOI_SOLVE_QUESTIONS_H
#define KAYOI_SOLVE_QUESTIONS_H

#include "core/choice.h"

ky_until ky_question_until(const ky_solve_opts *opts);
/* Makes `best`, which may hold a set to begin with, as good as can be, and says how good any set can be. goal as in
 * ky_choice_bound. */
ky_err ky_question_solve(ky_job *job, const ky_choice *choice, uint64_t budget, int64_t goal, const ky_solve_opts *opts,
                         ky_until *until, ky_pick *best, ky_bound *known, ky_solve_end *end);
/* The same for the objective `seats`, without a goal. Only known->bound is set. */
ky_err ky_question_seats(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_solve_opts *opts,
                         ky_until *until, ky_pick *best, ky_bound *known, ky_solve_end *end);
/* The same without a goal, as an answer. */
ky_err ky_question_answer(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_solve_opts *opts,
                          ky_until *until, ky_pick *best, ky_chosen *out);

#endif
