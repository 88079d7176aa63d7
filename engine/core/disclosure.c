/* Which counts are hidden: the small ones, and companions along chains (disclosure.h). */
#include <assert.h>
#include <kayoi/disclosure.h>
#include <string.h>

#include "core/chains.h"

/* Searches of a chain, one after another until one finds one. */
static const ky_chain_search searches[] = {{.effort = 4000, .haste = 1},
                                           {.effort = 4000, .haste = 4},
                                           {.effort = 12000, .haste = 3, .is_free = true},
                                           {.effort = 12000, .haste = 10, .is_free = true}};
#define SEARCHES   (sizeof searches / sizeof *searches)
#define ROUNDS_MAX 64

typedef struct hiding {
  const ky_counts_opts *opts;
  ky_counts *counts;
  int64_t *current; /* [count] figures of the witness that is being built */
  ky_chains *chains;
} hiding;

const char *ky_counts_check(const ky_counts *counts) {
  for (uint32_t i = 0; i < counts->count; i++) {
    if (counts->state[i] >= KY_COUNT_STATES) return "a count has no state";
    if (counts->value[i] == KY_NULL) return "a count has no value";
    if (counts->loss[i] == 0 || counts->loss[i] > 1u << 20) return "a count has an odd loss";
  }
  for (uint32_t e = 0; e < counts->equation_count; e++) {
    if (counts->first[e] >= counts->first[e + 1]) return "an equation is empty";
    for (uint32_t t = counts->first[e]; t < counts->first[e + 1]; t++) {
      if (counts->cell[t] >= counts->count) return "an equation has a count that is not there";
      if (counts->coefficient[t] != 1 && counts->coefficient[t] != -1) return "a coefficient is neither 1 nor -1";
    }
  }
  return NULL;
}

/* How far a chain can be moved before a figure would be negative, at most `wanted`. */
static int64_t most_along(const hiding *h, const ky_chain *chain, int64_t wanted) {
  for (uint32_t k = 0; k < chain->count; k++) {
    if (chain->by[k] >= 0) continue;
    const uint32_t cell = chain->cell[k];
    const int64_t floor = h->counts->value[cell] < 0 ? h->counts->value[cell] : 0;
    const int64_t most = (h->current[cell] - floor) / -chain->by[k];
    if (most < wanted) wanted = most;
  }
  return wanted;
}

/* The largest step for which there is a chain, by quarters. */
static bool find_chain(hiding *h, uint32_t cell, int by, int64_t need, ky_chain *chain) {
  for (size_t s = 0; s < SEARCHES; s++) {
    for (int64_t step = need; step > 0; step /= 4) {
      ky_chains_find(h->chains, cell, by, step, &searches[s], chain);
      if (chain->count != 0) return true;
    }
  }
  return false;
}

static void take_chain(hiding *h, const ky_chain *chain, int64_t need) {
  const int64_t step = most_along(h, chain, need);
  for (uint32_t k = 0; k < chain->count; k++) {
    uint8_t *state = &h->counts->state[chain->cell[k]];
    if (*state == KY_COUNT_SHOWN) *state = KY_COUNT_COMPANION;
    h->current[chain->cell[k]] += chain->by[k] * step;
  }
}

/* Moves the cell's figure to `goal` in a set of figures that agrees with all equations; false: there is no way. */
static bool move_to(hiding *h, uint32_t cell, int64_t goal) {
  const int by = goal > h->counts->value[cell] ? 1 : -1;
  ky_chain chain;
  memcpy(h->current, h->counts->value, h->counts->count * sizeof *h->current);
  for (int round = 0; round < ROUNDS_MAX; round++) {
    const int64_t need = (goal - h->current[cell]) * by;
    if (need <= 0) return true;
    if (!find_chain(h, cell, by, need, &chain)) return false;
    take_chain(h, &chain, need);
  }
  return false;
}

static bool protect(hiding *h, uint32_t cell) {
  const int64_t value = h->counts->value[cell], high = h->opts->threshold - KY_PERSON;
  const bool is_up = value >= high || move_to(h, cell, high);
  return (value <= KY_PERSON || move_to(h, cell, KY_PERSON)) && is_up;
}

/* What was hidden before stays hidden where a chain of such counts leads through it: else a publication of the same
 * figures would show some of them, for no gain of anybody. */
static void keep_hidden(hiding *h) {
  static const ky_chain_search how = {.effort = 2000, .haste = 4, .is_hidden_only = true};
  ky_chain chain;
  memcpy(h->current, h->counts->value, h->counts->count * sizeof *h->current);
  for (uint32_t i = 0; i < h->counts->count; i++) {
    if (h->counts->state[i] != KY_COUNT_SHOWN || !h->counts->stays[i]) continue;
    ky_chains_find(h->chains, i, 1, 1, &how, &chain);
    if (chain.count == 0) ky_chains_find(h->chains, i, -1, 1, &how, &chain);
    for (uint32_t k = 0; k < chain.count; k++)
      if (h->counts->state[chain.cell[k]] == KY_COUNT_SHOWN) h->counts->state[chain.cell[k]] = KY_COUNT_COMPANION;
  }
}

static void add_up(const ky_counts *counts, ky_counts_done *out) {
  for (uint32_t i = 0; i < counts->count; i++) {
    out->small += counts->state[i] == KY_COUNT_SMALL;
    out->companions += counts->state[i] == KY_COUNT_COMPANION;
  }
}

ky_err ky_counts_hide(ky_job *job, const ky_counts_opts *opts, ky_counts *counts, ky_counts_done *out) {
  hiding h = {.opts = opts, .counts = counts};
  const ky_arena_mark mark = ky_arena_now(&job->scratch);
  assert(ky_counts_check(counts) == NULL);
  *out = (ky_counts_done){.first_bare = KY_NONE};
  for (uint32_t i = 0; i < counts->count; i++)
    if (counts->state[i] == KY_COUNT_SHOWN && counts->value[i] > 0 && counts->value[i] < opts->threshold)
      counts->state[i] = KY_COUNT_SMALL;
  if (opts->with_companions) {
    KY_NEW(job, scratch, h.current, counts->count);
    KY_TRY(ky_chains_new(job, counts, h.current, &h.chains));
    for (uint32_t i = 0; i < counts->count; i++) {
      if (counts->state[i] != KY_COUNT_SMALL || protect(&h, i)) continue;
      if (out->bare++ == 0) out->first_bare = i;
      if (opts->stops_at_bare) break;
    }
    if (counts->stays != NULL && out->bare == 0) keep_hidden(&h);
  }
  add_up(counts, out);
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}
