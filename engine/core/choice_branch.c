/* Depth first: a candidate is in, then it is out; the one about which the relaxed sets disagree most. Each node moves
 * the multipliers of its parent a little, which decides further candidates or shows that nothing better is below. */
#include "core/choice_relax.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS      40
#define STEP_FIRST  0.3
#define STEP_SHRINK 0.7
#define PATIENCE    4
#define DEPTH       200 /* of the tree: each level keeps multipliers of its own */
#define MEMORY      0.9 /* of how often a candidate was in the relaxed set, from round to round */

typedef struct tree {
  ky_relaxation *x;
  int64_t goal;
  uint64_t work;
  ky_until *until;
  ky_pick *best, pick;
  double *often; /* [candidates] share of late rounds in the relaxed set */
  bool is_cut;   /* something was not looked at */
} tree;

static void take_better(tree *t) {
  ky_relaxation_take(t->x, &t->pick);
  if (t->pick.price <= t->x->budget && ky_pick_is_better(&t->pick, t->best))
    ky_pick_copy(t->x->choice, &t->pick, t->best);
}

static void remember(tree *t) {
  for (uint32_t i = 0; i < t->x->free_count; i++) t->often[t->x->order[i].candidate] *= MEMORY;
  for (uint32_t i = 0; i < t->x->member_count; i++) t->often[t->x->member[i]] += 1 - MEMORY;
}

/* Whether nothing at the aim is below this node. */
static bool is_closed(tree *t, uint8_t *decided) {
  ky_relaxation *x = t->x;
  int64_t least = INT64_MAX;
  x->step = STEP_FIRST;
  memset(x->way, 0, x->choice->demand_count * sizeof *x->way);
  for (uint32_t round = 0, still = 0; round < ROUNDS; round++) {
    uint64_t seen = ky_relaxation_solve(x, decided) + 2 * (uint64_t)x->choice->demand_count;
    take_better(t);
    int64_t aim = ky_aim_of(t->best, t->goal);
    if (t->goal != KY_NULL && t->best->shortfall == 0 && t->best->saving >= t->goal) t->work = 0; /* enough */
    if (t->work == 0) return false;
    if (x->value < aim * x->scale || ky_relaxation_decide(x, aim, decided)) return true;
    if (x->free_count == 0) return true; /* the only set here is the one just taken */
    remember(t);
    still = x->value < least ? 0 : still + 1;
    if (x->value < least) least = x->value;
    if (still >= PATIENCE) {
      still = 0;
      x->step *= STEP_SHRINK;
    }
    ky_relaxation_move(x, aim);
    t->work -= seen < t->work ? seen : t->work;
    if (t->work == 0 || ky_until_struck(t->until)) return false;
  }
  return false;
}

static uint32_t most_doubtful(const tree *t, const uint8_t *decided) {
  uint32_t found = KY_NONE;
  double best = 2;
  for (uint32_t j = 0; j < t->x->choice->candidate_count; j++) {
    double doubt = t->often[j] > 0.5 ? t->often[j] - 0.5 : 0.5 - t->often[j];
    if (decided[j] != KY_FREE || doubt >= best) continue;
    best = doubt;
    found = j;
  }
  return found;
}

static ky_err look_below(tree *t, const uint8_t *above, uint32_t depth) {
  const ky_choice *choice = t->x->choice;
  ky_job *job = t->x->job;
  ky_arena_mark mark = ky_arena_now(&job->scratch);
  uint8_t *decided;
  int64_t *cost, *floor_cost;
  KY_NEW(job, scratch, decided, choice->candidate_count);
  KY_NEW(job, scratch, cost, choice->demand_count);
  KY_NEW(job, scratch, floor_cost, choice->column_count);
  memcpy(decided, above, choice->candidate_count);
  bool is_done = is_closed(t, decided);
  if (!is_done && (t->work == 0 || t->until->has_struck || depth == DEPTH)) t->is_cut = is_done = true;
  uint32_t doubtful = is_done ? KY_NONE : most_doubtful(t, decided);
  if (doubtful != KY_NONE) {
    memcpy(cost, t->x->cost, choice->demand_count * sizeof *cost);
    memcpy(floor_cost, t->x->floor_cost, choice->column_count * sizeof *floor_cost);
    for (int side = KY_IN; side <= KY_OUT && !t->is_cut; side++) {
      memcpy(t->x->cost, cost, choice->demand_count * sizeof *cost);
      memcpy(t->x->floor_cost, floor_cost, choice->column_count * sizeof *floor_cost);
      decided[doubtful] = (uint8_t)side;
      KY_TRY(look_below(t, decided, depth + 1));
    }
  }
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}

ky_err ky_choice_branch(ky_job *job, int64_t goal, uint64_t work, ky_until *until, ky_pick *best, ky_bound *known) {
  ky_relaxation *x = known->relaxation;
  const uint32_t demand_count = x->choice->demand_count;
  int64_t *cost;
  tree t = {.x = x, .goal = goal, .work = work, .until = until, .best = best};
  KY_TRY(ky_pick_new(job, x->choice, &t.pick));
  KY_NEW(job, scratch, t.often, x->choice->candidate_count);
  KY_NEW(job, scratch, cost, demand_count);
  memcpy(cost, x->cost, demand_count * sizeof *cost);
  KY_TRY(look_below(&t, known->decided, 0));
  memcpy(x->cost, cost, demand_count * sizeof *cost); /* so that it can begin again, with more work */
  known->is_proven = !t.is_cut;
  known->aim = ky_aim_of(best, goal);
  if (known->is_proven) known->bound = known->aim - 1;
  return KY_OK;
}
