/* A bound on the weight that any set seats, in whole numbers, by Lagrangian relaxation: a unit of demand d pays l_d of
 * LEVELS for being seated, and may be seated any number of times. Then a place is worth what fills its seats best,
 * r_j = max sum of (LEVELS - l_d) x_dj, x_dj <= w_d, sum x_dj <= seats, whatever the others do, and with a price t >= 0
 * per unit of the budget B
 *     (sum l_d w_d + sum of r over those given + t B + sum over j of max(0, r_j - t p_j)) / LEVELS
 * is no less than any allowed set seats. Only LEVELS different l make r_j a count by level, without sorting. */
#include <stdlib.h>
#include <string.h>

#include "core/choice_seats.h"
#include "core/thread.h"

#define LEVELS      1024
#define STEP_LAST   0.004
#define STEP_SHRINK 0.75
#define PATIENCE    15

typedef struct worth {
  double rate;
  int64_t r;
  uint32_t candidate;
} worth;

typedef struct relaxation {
  ky_job *job;
  const ky_choice *choice;
  uint64_t budget;
  uint32_t *level; /* [demand] l, 0 .. LEVELS */
  double *exact;   /* [demand] the same before rounding */
  int64_t *served; /* [demand] by the relaxed set */
  int64_t *room;   /* [threads][LEVELS] */
  worth *order;    /* [candidates] those not given */
  uint32_t order_count, *member, member_count;
  int64_t value; /* the bound now, times LEVELS */
} relaxation;

static ky_err relaxation_new(ky_job *job, const ky_choice *choice, uint64_t budget, relaxation *x) {
  *x = (relaxation){.job = job, .choice = choice, .budget = budget};
  KY_NEW(job, scratch, x->level, choice->demand_count);
  KY_NEW(job, scratch, x->exact, choice->demand_count);
  KY_NEW(job, scratch, x->served, choice->demand_count);
  KY_NEW(job, scratch, x->room, (size_t)job->threads * LEVELS);
  KY_NEW(job, scratch, x->order, choice->candidate_count);
  KY_NEW(job, scratch, x->member, choice->candidate_count);
  return KY_OK;
}

/* r of one place; room: LEVELS numbers, all 0 before and after. */
static int64_t fill_best(const relaxation *x, uint32_t candidate, int64_t *room) {
  const ky_choice *c = x->choice;
  int64_t r = 0;
  uint64_t left = c->seats[candidate];
  for (uint64_t e = c->first[candidate]; e < c->first[candidate + 1]; e++)
    if (x->level[c->demand[e]] < LEVELS) room[x->level[c->demand[e]]] += c->top[c->demand[e]];
  for (uint32_t l = 0; l < LEVELS; l++) {
    uint64_t take = (uint64_t)room[l] < left ? (uint64_t)room[l] : left;
    r += (int64_t)take * (LEVELS - (int64_t)l);
    left -= take;
    room[l] = 0;
  }
  return r;
}

/* The same, once more: who sits there. Of the last level that fits, those first in the list. */
static void serve(relaxation *x, uint32_t candidate, int64_t *room) {
  const ky_choice *c = x->choice;
  uint64_t left = c->seats[candidate];
  for (uint64_t e = c->first[candidate]; e < c->first[candidate + 1]; e++)
    if (x->level[c->demand[e]] < LEVELS) room[x->level[c->demand[e]]] += c->top[c->demand[e]];
  for (uint32_t l = 0; l < LEVELS; l++) {
    room[l] = (int64_t)((uint64_t)room[l] < left ? (uint64_t)room[l] : left);
    left -= (uint64_t)room[l];
  }
  for (uint64_t e = c->first[candidate]; e < c->first[candidate + 1]; e++) {
    uint32_t d = c->demand[e];
    if (x->level[d] == LEVELS) continue;
    int64_t take = c->top[d] < room[x->level[d]] ? c->top[d] : room[x->level[d]];
    x->served[d] += take;
    room[x->level[d]] -= take;
  }
}

static int compare_worth(const void *p, const void *q) {
  const worth *a = p, *b = q;
  if (a->rate != b->rate) return a->rate > b->rate ? -1 : 1;
  return a->candidate < b->candidate ? -1 : a->candidate > b->candidate;
}

static int64_t times(int64_t a, uint32_t b) {
  int64_t product;
  return __builtin_mul_overflow(a, (int64_t)b, &product) ? INT64_MAX : product;
}

static uint64_t relax(relaxation *x) {
  const ky_choice *c = x->choice;
  x->order_count = x->member_count = 0;
  x->value = 0;
  for (uint32_t j = 0; j < c->candidate_count; j++)
    if (c->is_given[j] || c->price[j] <= x->budget) x->order[x->order_count++].candidate = j;
#pragma omp parallel for schedule(dynamic, 16) num_threads(x->job->threads)
  for (uint32_t i = 0; i < x->order_count; i++) {
    uint32_t j = x->order[i].candidate;
    x->order[i].r = fill_best(x, j, x->room + (size_t)ky_thread() * LEVELS);
    x->order[i].rate = (double)x->order[i].r / c->price[j];
  }
  uint32_t n = 0; /* those given are members, the others remain in the order */
  for (uint32_t i = 0; i < x->order_count; i++) {
    if (c->is_given[x->order[i].candidate]) {
      x->value += x->order[i].r;
      x->member[x->member_count++] = x->order[i].candidate;
    } else {
      x->order[n++] = x->order[i];
    }
  }
  x->order_count = n;
  if (n != 0) qsort(x->order, n, sizeof *x->order, compare_worth);
  uint64_t used = 0;
  uint32_t taken = 0;
  for (; taken < n && used + c->price[x->order[taken].candidate] <= x->budget; taken++) {
    used += c->price[x->order[taken].candidate];
    x->member[x->member_count++] = x->order[taken].candidate;
  }
  int64_t price = taken < n ? x->order[taken].r / c->price[x->order[taken].candidate] : 0;
  if (taken < n) x->value += price * (int64_t)x->budget;
  for (uint32_t i = 0; i < n; i++) {
    int64_t over = x->order[i].r - times(price, c->price[x->order[i].candidate]);
    if (over > 0) x->value += over;
  }
  for (uint32_t d = 0; d < c->demand_count; d++) x->value += c->top[d] * x->level[d];
  return c->first[c->candidate_count] + (uint64_t)c->candidate_count * LEVELS;
}

static void move(relaxation *x, double step, int64_t seated) {
  const ky_choice *c = x->choice;
  double norm = 0;
  memset(x->served, 0, c->demand_count * sizeof *x->served);
  for (uint32_t i = 0; i < x->member_count; i++) serve(x, x->member[i], x->room);
  for (uint32_t d = 0; d < c->demand_count; d++) {
    double g = (double)(c->top[d] - x->served[d]);
    if (g > 0 && x->level[d] == 0) g = 0;
    norm += g * g / (double)c->top[d];
  }
  if (norm == 0) return;
  double over = (double)x->value - (double)seated * LEVELS;
  step *= (over > LEVELS ? over : LEVELS) / norm;
  for (uint32_t d = 0; d < c->demand_count; d++) {
    double l = x->exact[d] - step * (double)(c->top[d] - x->served[d]) / (double)c->top[d];
    x->exact[d] = l < 0 ? 0 : l > LEVELS ? LEVELS : l;
    x->level[d] = (uint32_t)(x->exact[d] + 0.5);
  }
}

/* Whether every sum of this file fits: (places + 2) x weight x LEVELS. */
static bool fits(const ky_choice *choice) {
  return choice->total <= INT64_MAX / 4 / LEVELS / (int64_t)(choice->candidate_count + 2);
}

ky_err ky_seats_bound(ky_job *job, const ky_choice *choice, uint64_t budget, uint64_t work, ky_until *until,
                      int64_t seated, int64_t *bound) {
  ky_arena_mark mark = ky_arena_now(&job->scratch);
  relaxation x;
  *bound = choice->total;
  if (!fits(choice)) return KY_OK;
  KY_TRY(relaxation_new(job, choice, budget, &x));
  double step = 1;
  int64_t least = INT64_MAX;
  for (uint32_t still = 0; step > STEP_LAST && work != 0;) {
    uint64_t seen = relax(&x);
    still = x.value < least ? 0 : still + 1;
    if (x.value < least) least = x.value;
    if (least / LEVELS < *bound) *bound = least / LEVELS;
    if (*bound <= seated || ky_until_struck(until)) break;
    if (still >= PATIENCE) {
      still = 0;
      step *= STEP_SHRINK;
    }
    move(&x, step, seated);
    work -= seen < work ? seen : work;
  }
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}
