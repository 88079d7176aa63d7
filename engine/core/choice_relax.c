/* A bound on every set, in whole numbers, by Lagrangian relaxation (Cornuejols, Fisher & Nemhauser 1977).
 *
 * Each demand d may be served once; instead, serving it costs l_d, and may happen any number of times. Floors may be
 * missed, and cost m per unit. Then a candidate j is worth r_j = sum over its d of max(0, (1 + m) s_dj - l_d) whatever
 * the others do, and with any price t >= 0 for a unit of the budget B
 *     sum l + t B + sum over j of max(0, r_j - t p_j) - sum m F     is no less than any allowed set saves.
 * l, m are kept in 1/scale of a unit as integers, so the bound is exact: no rounding can make it too low.
 * l and m move against a subgradient (Held, Wolfe & Crowder 1974), weighted by how far each can move.
 * Whether j can be in a set that saves at least the aim: without it the bound falls by r_j - t p_j, or with it it falls
 * by t p_j - r_j; where that is below the aim, j is decided. Any t between those of the last one in and the first one
 * out gives the same bound, so the one that decides more is taken for each. */
#include "core/choice_relax.h"

#include <stdlib.h>
#include <string.h>

#define SCALE_MAX  4096
#define FLOOR_COST 64     /* m at most: what a missing unit of a floor costs, in units */
#define KEPT       0.7    /* of the last way, in each move */
#define PARALLEL   200000 /* entries from which threads are worth waking */

/* Largest power of two that keeps every sum of this file in 62 bits; 0: none does. */
static int64_t scale_of(const ky_choice *choice, uint64_t budget) {
  uint64_t places = budget < choice->candidate_count ? budget : choice->candidate_count;
  int64_t most = choice->total, factor = (int64_t)(places + 2);
  if (choice->column_count > 1) factor *= 2 * FLOOR_COST;
  for (int64_t scale = SCALE_MAX; scale > 0; scale /= 2)
    if (most <= INT64_MAX / 2 / factor / scale) return scale;
  return 0;
}

ky_err ky_relaxation_new(ky_job *job, const ky_choice *choice, uint64_t budget, ky_relaxation *x) {
  *x = (ky_relaxation){.job = job, .choice = choice, .budget = budget, .seen = UINT64_MAX, .step = 1};
  x->scale = scale_of(choice, budget);
  if (x->scale == 0)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("the weights of the demand add up to more than 64 bits hold; give them in larger units"));
  KY_NEW(job, scratch, x->cost, choice->demand_count);
  KY_NEW(job, scratch, x->best_cost, choice->demand_count);
  KY_NEW(job, scratch, x->floor_cost, choice->column_count);
  KY_NEW(job, scratch, x->best_floor_cost, choice->column_count);
  KY_NEW(job, scratch, x->left, choice->demand_count);
  KY_NEW(job, scratch, x->r, choice->candidate_count);
  KY_NEW(job, scratch, x->served, choice->demand_count);
  KY_NEW(job, scratch, x->is_even, choice->demand_count);
  KY_NEW(job, scratch, x->kept, choice->column_count);
  KY_NEW(job, scratch, x->way, choice->demand_count);
  KY_NEW(job, scratch, x->order, choice->candidate_count);
  KY_NEW(job, scratch, x->member, choice->candidate_count);
  return KY_OK;
}

/* a x b, or the largest number: enough to compare with. */
static int64_t times(int64_t a, uint32_t b) {
  int64_t product;
  return __builtin_mul_overflow(a, (int64_t)b, &product) ? INT64_MAX : product;
}

/* What serving d may cost at most: more than it saves is no use. */
static int64_t ceiling(const ky_relaxation *x, uint32_t d) {
  return (x->scale + x->floor_cost[x->choice->column[d]]) * x->choice->top[d];
}

/* r of every candidate that is not out. Each sum belongs to one thread, so threads change nothing. */
static uint64_t count_worth(ky_relaxation *x, const uint8_t *decided) {
  const ky_choice *c = x->choice;
  uint64_t work = 0;
  for (uint32_t d = 0; c->saving == NULL && d < c->demand_count; d++) {
    int64_t left = ceiling(x, d) - x->cost[d];
    x->left[d] = left > 0 ? left : 0;
  }
#pragma omp parallel for schedule(dynamic, 64) num_threads(x->job->threads) reduction(+ : work) if (x->seen > PARALLEL)
  for (uint32_t j = 0; j < c->candidate_count; j++) {
    if (decided[j] == KY_OUT) continue;
    int64_t sum = 0;
    if (c->saving == NULL) {
      for (uint64_t e = c->first[j]; e < c->first[j + 1]; e++) sum += x->left[c->demand[e]];
    } else {
      for (uint64_t e = c->first[j]; e < c->first[j + 1]; e++) {
        int64_t left = c->saving[e] * x->scale - x->cost[c->demand[e]];
        sum += left > 0 ? left : 0;
      }
    }
    x->r[j] = sum;
    work += c->first[j + 1] - c->first[j];
  }
  return work;
}

static int compare_worth(const void *p, const void *q) {
  const ky_worth *a = p, *b = q;
  if (a->rate != b->rate) return a->rate > b->rate ? -1 : 1;
  return a->candidate < b->candidate ? -1 : a->candidate > b->candidate;
}

/* The relaxed set, its price per unit of budget, and the bound. */
static void choose_relaxed(ky_relaxation *x, const uint8_t *decided) {
  const ky_choice *c = x->choice;
  uint64_t budget = x->budget;
  x->free_count = x->member_count = 0;
  x->price_in = x->price_out = x->value = 0;
  for (uint32_t j = 0; j < c->candidate_count; j++) {
    if (decided[j] == KY_IN) {
      x->value += x->r[j];
      budget -= c->price[j];
      x->member[x->member_count++] = j;
    } else if (decided[j] == KY_FREE) {
      x->order[x->free_count++] = (ky_worth){(double)x->r[j] / c->price[j], x->r[j], j};
    }
  }
  if (x->free_count != 0) qsort(x->order, x->free_count, sizeof *x->order, compare_worth);
  uint64_t used = 0;
  uint32_t taken = 0;
  while (taken < x->free_count && used + c->price[x->order[taken].candidate] <= budget) {
    used += c->price[x->order[taken].candidate];
    x->member[x->member_count++] = x->order[taken++].candidate;
  }
  if (taken < x->free_count) {
    const ky_worth *next = &x->order[taken];
    x->price_in = x->price_out = next->r / c->price[next->candidate];
    if (!c->has_prices && taken != 0) x->price_out = x->order[taken - 1].r;
    x->value += x->price_in * (int64_t)budget;
  }
  for (uint32_t i = 0; i < x->free_count; i++) {
    int64_t over = x->order[i].r - times(x->price_in, c->price[x->order[i].candidate]);
    if (over > 0) x->value += over;
  }
  for (uint32_t d = 0; d < c->demand_count; d++) x->value += x->cost[d];
  for (uint32_t k = 1; k < c->column_count; k++) x->value -= x->floor_cost[k] * c->floor[k];
}

int64_t ky_relaxation_units(const ky_relaxation *x, int64_t value) {
  return value >= 0 ? value / x->scale : -((-value + x->scale - 1) / x->scale);
}

/* How often the relaxed set serves each demand. */
static void serve(ky_relaxation *x) {
  const ky_choice *c = x->choice;
  memset(x->served, 0, c->demand_count * sizeof *x->served);
  memset(x->is_even, 0, c->demand_count);
  memset(x->kept, 0, c->column_count * sizeof *x->kept);
  for (uint32_t i = 0; i < x->member_count; i++)
    for (uint64_t e = c->first[x->member[i]]; e < c->first[x->member[i] + 1]; e++) {
      uint32_t d = c->demand[e];
      int64_t left = c->saving == NULL ? ceiling(x, d) - x->cost[d] : c->saving[e] * x->scale - x->cost[d];
      if (left > 0) {
        x->served[d]++;
        x->kept[c->column[d]] += ky_choice_saving(c, e);
      } else if (left == 0) {
        x->is_even[d] = 1;
      }
    }
}

/* Of the bound in l of a demand; 0 where l can go no farther that way. */
static double slope(const ky_relaxation *x, uint32_t d) {
  if (x->served[d] == 0) return x->is_even[d] || x->cost[d] == 0 ? 0 : 1;
  return x->cost[d] >= ceiling(x, d) ? 0 : 1 - x->served[d];
}

uint64_t ky_relaxation_solve(ky_relaxation *x, const uint8_t *decided) {
  x->seen = count_worth(x, decided);
  choose_relaxed(x, decided);
  return x->seen + x->choice->demand_count;
}

/* Against the subgradient, with some of the way of before: dear where served more than once, cheap where not at all. */
void ky_relaxation_move(ky_relaxation *x, int64_t aim) {
  const ky_choice *c = x->choice;
  double norm = 0;
  serve(x);
  for (uint32_t d = 0; d < c->demand_count; d++) {
    x->way[d] = slope(x, d) + KEPT * x->way[d];
    if ((x->cost[d] == 0 && x->way[d] > 0) || (x->way[d] < 0 && x->cost[d] >= ceiling(x, d))) x->way[d] = 0;
    norm += (double)c->top[d] * x->way[d] * x->way[d];
  }
  for (uint32_t k = 1; k < c->column_count; k++) {
    double h = (double)(x->kept[k] - c->floor[k]);
    norm += h * h / (double)c->floor[k];
  }
  if (norm == 0) return;
  double over = (double)(x->value - aim * x->scale);
  double step = x->step * (over > 0 ? over : (double)x->scale) / norm;
  for (uint32_t k = 1; k < c->column_count; k++) {
    double m = (double)x->floor_cost[k] - step * (double)(x->kept[k] - c->floor[k]) / (double)c->floor[k];
    double most = (double)(FLOOR_COST * x->scale);
    x->floor_cost[k] = m < 0 ? 0 : m > most ? FLOOR_COST * x->scale : (int64_t)m;
  }
  for (uint32_t d = 0; d < c->demand_count; d++) {
    double l = (double)x->cost[d] - step * (double)c->top[d] * x->way[d];
    int64_t most = ceiling(x, d);
    x->cost[d] = l < 0 ? 0 : l > (double)most ? most : (int64_t)l;
    if (x->cost[d] > most) x->cost[d] = most;
  }
}

bool ky_relaxation_decide(ky_relaxation *x, int64_t aim, uint8_t *decided) {
  const ky_choice *c = x->choice;
  const int64_t room = x->value - aim * x->scale; /* >= 0 */
  for (uint32_t i = 0; i < x->free_count; i++) {
    uint32_t j = x->order[i].candidate;
    if (x->order[i].r - times(x->price_in, c->price[j]) > room)
      decided[j] = KY_IN;
    else if (times(x->price_out, c->price[j]) - x->order[i].r > room)
      decided[j] = KY_OUT;
  }
  uint64_t used = 0;
  for (uint32_t j = 0; j < c->candidate_count; j++)
    if (decided[j] == KY_IN) used += c->price[j];
  return used > x->budget;
}

void ky_relaxation_take(const ky_relaxation *x, ky_pick *pick) {
  ky_pick_clear(x->choice, pick);
  for (uint32_t i = 0; i < x->member_count; i++) ky_pick_add(x->choice, pick, x->member[i]);
}
