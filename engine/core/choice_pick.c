/* A set of candidates, and who serves each demand first and second in it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/choice.h"

ky_err ky_pick_new(ky_job *job, const ky_choice *choice, ky_pick *out) {
  memset(out, 0, sizeof *out);
  KY_NEW(job, scratch, out->chosen, choice->candidate_count);
  KY_NEW(job, scratch, out->place, choice->candidate_count);
  KY_NEW(job, scratch, out->best, choice->demand_count);
  KY_NEW(job, scratch, out->second, choice->demand_count);
  KY_NEW(job, scratch, out->by, choice->demand_count);
  KY_NEW(job, scratch, out->covered, choice->column_count);
  memset(out->place, 0xff, choice->candidate_count * sizeof *out->place);
  ky_pick_clear(choice, out);
  return KY_OK;
}

static void sum_up(const ky_choice *choice, ky_pick *pick) {
  pick->saving = pick->shortfall = 0;
  for (uint32_t c = 0; c < choice->column_count; c++) {
    pick->saving += pick->covered[c];
    if (choice->floor[c] > pick->covered[c]) pick->shortfall += choice->floor[c] - pick->covered[c];
  }
}

void ky_pick_clear(const ky_choice *choice, ky_pick *pick) {
  for (uint32_t i = 0; i < pick->count; i++) pick->place[pick->chosen[i]] = KY_NONE;
  pick->count = 0;
  pick->price = 0;
  memset(pick->best, 0, choice->demand_count * sizeof *pick->best);
  memset(pick->second, 0, choice->demand_count * sizeof *pick->second);
  memset(pick->by, 0xff, choice->demand_count * sizeof *pick->by);
  memset(pick->covered, 0, choice->column_count * sizeof *pick->covered);
  sum_up(choice, pick);
}

void ky_pick_copy(const ky_choice *choice, const ky_pick *from, ky_pick *to) {
  memcpy(to->chosen, from->chosen, from->count * sizeof *to->chosen);
  memcpy(to->place, from->place, choice->candidate_count * sizeof *to->place);
  memcpy(to->best, from->best, choice->demand_count * sizeof *to->best);
  memcpy(to->second, from->second, choice->demand_count * sizeof *to->second);
  memcpy(to->by, from->by, choice->demand_count * sizeof *to->by);
  memcpy(to->covered, from->covered, choice->column_count * sizeof *to->covered);
  to->count = from->count;
  to->price = from->price;
  to->saving = from->saving;
  to->shortfall = from->shortfall;
}

bool ky_pick_is_better(const ky_pick *a, const ky_pick *b) {
  return a->shortfall != b->shortfall ? a->shortfall < b->shortfall : a->saving > b->saving;
}

void ky_pick_add(const ky_choice *choice, ky_pick *pick, uint32_t candidate) {
  pick->place[candidate] = pick->count;
  pick->chosen[pick->count++] = candidate;
  pick->price += choice->price[candidate];
  for (uint64_t e = choice->first[candidate]; e < choice->first[candidate + 1]; e++) {
    uint32_t d = choice->demand[e];
    int64_t saving = ky_choice_saving(choice, e);
    if (saving > pick->best[d]) {
      pick->covered[choice->column[d]] += saving - pick->best[d];
      pick->second[d] = pick->best[d];
      pick->best[d] = saving;
      pick->by[d] = candidate;
    } else if (saving > pick->second[d]) {
      pick->second[d] = saving;
    }
  }
  sum_up(choice, pick);
}

/* The first two servers of a demand that are in the set. */
static void look_again(const ky_choice *choice, ky_pick *pick, uint32_t d) {
  pick->best[d] = pick->second[d] = 0;
  pick->by[d] = KY_NONE;
  for (uint64_t e = choice->from[d]; e < choice->from[d + 1]; e++) {
    if (pick->place[choice->server[e]] == KY_NONE) continue;
    int64_t saving = choice->served != NULL ? choice->served[e] : choice->top[d];
    if (pick->by[d] != KY_NONE) {
      pick->second[d] = saving;
      return;
    }
    pick->best[d] = saving;
    pick->by[d] = choice->server[e];
  }
}

void ky_pick_remove(const ky_choice *choice, ky_pick *pick, uint32_t candidate) {
  uint32_t at = pick->place[candidate], last = pick->chosen[--pick->count];
  pick->chosen[at] = last;
  pick->place[last] = at;
  pick->place[candidate] = KY_NONE;
  pick->price -= choice->price[candidate];
  for (uint64_t e = choice->first[candidate]; e < choice->first[candidate + 1]; e++) {
    uint32_t d = choice->demand[e];
    int64_t before = pick->best[d];
    if (pick->by[d] != candidate && ky_choice_saving(choice, e) < pick->second[d]) continue;
    look_again(choice, pick, d);
    pick->covered[choice->column[d]] += pick->best[d] - before;
  }
  sum_up(choice, pick);
}

bool ky_until_struck(ky_until *until) {
  struct timespec now;
  if (until->has_struck) return true;
  clock_gettime(CLOCK_MONOTONIC, &now);
  until->has_struck = (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6 >= until->ms;
  return until->has_struck;
}
