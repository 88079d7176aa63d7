/* A seat is found along a chain: someone who waits takes the seat of someone who moves on ... to a place with an empty
 * one (augmenting path, Ford & Fulkerson 1956). When a place opens, only chains that end there can be new. The weight
 * seated is submodular in the set of places, so what a place would add only shrinks while the set grows. */
#include "core/choice_seats.h"

#include <stdlib.h>
#include <string.h>

/* Of the places that could take one's place, so many are tried out; the most promising first. */
#define TRIED 4

ky_err ky_seating_new(ky_job *job, const ky_choice *choice, ky_seating *out) {
  memset(out, 0, sizeof *out);
  KY_NEW(job, scratch, out->waiting, choice->demand_count);
  KY_NEW(job, scratch, out->taken, choice->first[choice->candidate_count]);
  KY_NEW(job, scratch, out->empty, choice->candidate_count);
  KY_NEW(job, scratch, out->is_open, choice->candidate_count);
  KY_NEW(job, scratch, out->wanted_by, choice->demand_count);
  KY_NEW(job, scratch, out->moves, choice->candidate_count);
  KY_NEW(job, scratch, out->queue, choice->candidate_count);
  KY_NEW(job, scratch, out->stamp_demand, choice->demand_count);
  KY_NEW(job, scratch, out->stamp, choice->candidate_count);
  return KY_OK;
}

/* The seats of a demand at a candidate that serves it: lists are ascending. */
static int64_t *seats_of(const ky_choice *choice, const ky_seating *s, uint32_t candidate, uint32_t demand) {
  uint64_t low = choice->first[candidate], high = choice->first[candidate + 1];
  while (high - low > 1) {
    uint64_t middle = low + (high - low) / 2;
    if (choice->demand[middle] <= demand)
      low = middle;
    else
      high = middle;
  }
  return &s->taken[low];
}

/* Breadth first from a place with empty seats, back along those who could move there. KY_NONE: nobody waits. */
static uint32_t find_waiting(const ky_choice *choice, ky_seating *s, uint32_t place) {
  uint32_t count = 0;
  s->search++;
  s->queue[count++] = place;
  s->stamp[place] = s->search;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t c = s->queue[i];
    for (uint64_t e = choice->first[c]; e < choice->first[c + 1]; e++) {
      uint32_t d = choice->demand[e];
      if (s->stamp_demand[d] == s->search) continue;
      s->stamp_demand[d] = s->search;
      s->wanted_by[d] = c;
      if (s->waiting[d] > 0) return d;
      for (uint64_t f = choice->from[d]; f < choice->from[d + 1]; f++) {
        uint32_t other = choice->server[f];
        if (!s->is_open[other] || s->stamp[other] == s->search || *seats_of(choice, s, other, d) == 0) continue;
        s->stamp[other] = s->search;
        s->moves[other] = d;
        s->queue[count++] = other;
      }
    }
  }
  return KY_NONE;
}

/* Moves as many as can along the chain that ends at the place. */
static void seat_along(const ky_choice *choice, ky_seating *s, uint32_t place, uint32_t demand) {
  int64_t amount = s->waiting[demand];
  if ((uint64_t)amount > s->empty[place]) amount = (int64_t)s->empty[place];
  for (uint32_t c = s->wanted_by[demand]; c != place; c = s->wanted_by[s->moves[c]]) {
    int64_t there = *seats_of(choice, s, c, s->moves[c]);
    if (there < amount) amount = there;
  }
  s->waiting[demand] -= amount;
  *seats_of(choice, s, s->wanted_by[demand], demand) += amount;
  for (uint32_t c = s->wanted_by[demand]; c != place; c = s->wanted_by[s->moves[c]]) {
    *seats_of(choice, s, c, s->moves[c]) -= amount;
    *seats_of(choice, s, s->wanted_by[s->moves[c]], s->moves[c]) += amount;
  }
  s->empty[place] -= (uint64_t)amount;
  s->seated += amount;
}

void ky_seating_open(const ky_choice *choice, uint32_t candidate, ky_seating *s) {
  s->is_open[candidate] = 1;
  s->empty[candidate] = choice->seats[candidate];
  for (uint32_t demand; s->empty[candidate] > 0 && (demand = find_waiting(choice, s, candidate)) != KY_NONE;)
    seat_along(choice, s, candidate, demand);
}

void ky_seating_make(const ky_choice *choice, const uint32_t *chosen, uint32_t count, ky_seating *s) {
  for (uint32_t c = 0; c < choice->candidate_count; c++) {
    if (!s->is_open[c]) continue;
    memset(s->taken + choice->first[c], 0, (choice->first[c + 1] - choice->first[c]) * sizeof *s->taken);
    s->is_open[c] = 0;
  }
  memcpy(s->waiting, choice->top, choice->demand_count * sizeof *s->waiting);
  s->seated = 0;
  for (uint32_t c = 0; c < choice->candidate_count; c++)
    if (choice->is_given[c]) ky_seating_open(choice, c, s);
  for (uint32_t i = 0; i < count; i++) ky_seating_open(choice, chosen[i], s);
}

/* What a place can seat of those who wait without anybody moving: no more than it adds. */
static int64_t direct_gain(const ky_choice *choice, const ky_seating *s, uint32_t candidate) {
  int64_t sum = 0;
  for (uint64_t e = choice->first[candidate]; e < choice->first[candidate + 1]; e++)
    sum += s->waiting[choice->demand[e]];
  return (uint64_t)sum < choice->seats[candidate] ? sum : (int64_t)choice->seats[candidate];
}

static void put_in(const ky_choice *choice, ky_pick *pick, uint32_t candidate) {
  pick->place[candidate] = pick->count;
  pick->chosen[pick->count++] = candidate;
  pick->price += choice->price[candidate];
}

/* Lazy greedy: `most` of each place is what it added to a smaller set. */
static void fill(const ky_choice *choice, uint64_t budget, int64_t *most, ky_seating *s, ky_until *until,
                 ky_pick *pick) {
  memcpy(s->waiting, choice->top, choice->demand_count * sizeof *s->waiting);
  for (uint32_t c = 0; c < choice->candidate_count; c++) most[c] = choice->is_given[c] ? 0 : direct_gain(choice, s, c);
  ky_seating_make(choice, NULL, 0, s);
  for (;;) {
    uint32_t best = KY_NONE;
    for (uint32_t c = 0; c < choice->candidate_count; c++) {
      if (pick->place[c] != KY_NONE || most[c] <= 0 || choice->price[c] > budget - pick->price) continue;
      if (best == KY_NONE || (double)most[c] / choice->price[c] > (double)most[best] / choice->price[best]) best = c;
    }
    if (best == KY_NONE || ky_until_struck(until)) break;
    int64_t before = s->seated;
    ky_seating_open(choice, best, s);
    int64_t gain = s->seated - before;
    bool is_sure = gain == most[best];
    most[best] = gain;
    if (is_sure && gain > 0)
      put_in(choice, pick, best);
    else
      ky_seating_make(choice, pick->chosen, pick->count, s);
  }
  pick->saving = s->seated;
}

/* The best of a few that could take the place of chosen[at]; whether one did. */
static bool swap_one(const ky_choice *choice, uint64_t budget, uint32_t at, ky_seating *s, ky_pick *pick) {
  uint32_t leaves = pick->chosen[at], tried[TRIED], count = 0;
  int64_t promise[TRIED];
  pick->chosen[at] = pick->chosen[pick->count - 1];
  ky_seating_make(choice, pick->chosen, pick->count - 1, s);
  for (uint32_t c = 0; c < choice->candidate_count; c++) {
    if (pick->place[c] != KY_NONE || choice->is_given[c]) continue;
    if (pick->price - choice->price[leaves] + choice->price[c] > budget) continue;
    int64_t gain = direct_gain(choice, s, c);
    uint32_t i = count;
    while (i > 0 && promise[i - 1] < gain) i--;
    if (i == TRIED) continue;
    if (count < TRIED) count++;
    for (uint32_t k = count - 1; k > i; k--) {
      tried[k] = tried[k - 1];
      promise[k] = promise[k - 1];
    }
    tried[i] = c;
    promise[i] = gain;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (i != 0) ky_seating_make(choice, pick->chosen, pick->count - 1, s);
    ky_seating_open(choice, tried[i], s);
    if (s->seated <= pick->saving) continue;
    pick->saving = s->seated;
    pick->price += choice->price[tried[i]];
    pick->price -= choice->price[leaves];
    pick->place[leaves] = KY_NONE;
    pick->chosen[pick->count - 1] = tried[i];
    for (uint32_t k = 0; k < pick->count; k++) pick->place[pick->chosen[k]] = k;
    return true;
  }
  pick->chosen[pick->count - 1] = pick->chosen[at];
  pick->chosen[at] = leaves;
  return false;
}

ky_err ky_seats_search(ky_job *job, const ky_choice *choice, uint64_t budget, ky_until *until, ky_pick *best) {
  ky_arena_mark mark = ky_arena_now(&job->scratch);
  ky_seating seating;
  int64_t *most;
  KY_TRY(ky_seating_new(job, choice, &seating));
  KY_NEW(job, scratch, most, choice->candidate_count);
  fill(choice, budget, most, &seating, until, best);
  uint32_t still = 0;
  for (uint32_t at = 0; still < best->count && !ky_until_struck(until); at = at + 1 < best->count ? at + 1 : 0, still++)
    if (swap_one(choice, budget, at, &seating, best)) still = 0;
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}
