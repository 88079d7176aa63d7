/* Best-first search for chains. A state is a chain that is not closed yet: equations out of balance, each by some whole
 * number. It is taken further at the equation that offers least, by any count of it that may move; what is left to do
 * is estimated by the cheapest offers of all open equations. */
#include "core/chains.h"

#include <string.h>

#define OPEN_MAX   48
#define STATES_MAX 60000u
#define BY_MAX     2

typedef struct open_equation {
  uint32_t equation;
  int32_t out_by;
} open_equation;

typedef struct chain_state {
  uint32_t before; /* KY_NONE: the first */
  uint32_t cell, cost, estimate;
  int8_t by;
  uint8_t length, open_count;
  open_equation open[OPEN_MAX];
} chain_state;

struct ky_chains {
  const ky_counts *counts;
  const int64_t *current;
  uint32_t *first, *equation; /* [count + 1], equations of each cell */
  int8_t *coefficient;
  uint32_t *cheapest; /* [equations] cost of its cheapest offer in this search; 0: not known yet */
  uint32_t *touched, touched_count;
  uint32_t haste;
  bool is_free, is_hidden_only;
  chain_state *states;
  uint32_t state_count;
  uint32_t *queue, queue_count; /* binary heap of states */
};

ky_err ky_chains_new(ky_job *job, const ky_counts *counts, const int64_t *current, ky_chains **out) {
  ky_chains *c;
  const uint32_t terms = counts->first[counts->equation_count];
  uint32_t *fill;
  KY_NEW(job, scratch, c, 1);
  *c = (ky_chains){.counts = counts, .current = current};
  KY_NEW(job, scratch, c->first, (size_t)counts->count + 2);
  KY_NEW(job, scratch, c->equation, terms);
  KY_NEW(job, scratch, c->coefficient, terms);
  KY_NEW(job, scratch, c->cheapest, counts->equation_count);
  KY_NEW(job, scratch, c->touched, counts->equation_count);
  KY_NEW(job, scratch, c->states, STATES_MAX);
  KY_NEW(job, scratch, c->queue, STATES_MAX);
  KY_NEW(job, scratch, fill, counts->count);
  for (uint32_t t = 0; t < terms; t++) c->first[counts->cell[t] + 1]++;
  for (uint32_t i = 0; i < counts->count; i++) c->first[i + 1] += c->first[i];
  for (uint32_t e = 0; e < counts->equation_count; e++) {
    for (uint32_t t = counts->first[e]; t < counts->first[e + 1]; t++) {
      const uint32_t cell = counts->cell[t], at = c->first[cell] + fill[cell]++;
      c->equation[at] = e;
      c->coefficient[at] = counts->coefficient[t];
    }
  }
  *out = c;
  return KY_OK;
}

static uint32_t cost_of(const ky_chains *c, uint32_t cell) {
  return c->counts->state[cell] == KY_COUNT_SHOWN && !c->is_free ? 2 + c->counts->loss[cell] : 1;
}

static uint32_t cheapest_offer(ky_chains *c, uint32_t equation) {
  if (c->cheapest[equation] != 0) return c->cheapest[equation];
  uint32_t least = UINT32_MAX / 64;
  for (uint32_t t = c->counts->first[equation]; t < c->counts->first[equation + 1]; t++) {
    const uint32_t cell = c->counts->cell[t];
    if (c->counts->state[cell] == KY_COUNT_KNOWN) continue;
    const uint32_t cost = cost_of(c, cell);
    if (cost < least) least = cost;
  }
  c->touched[c->touched_count++] = equation;
  return c->cheapest[equation] = least;
}

static bool is_before(const ky_chains *c, uint32_t a, uint32_t b) {
  const chain_state *x = &c->states[a], *y = &c->states[b];
  const uint64_t of_x = x->cost + (uint64_t)c->haste * x->estimate, of_y = y->cost + (uint64_t)c->haste * y->estimate;
  if (of_x != of_y) return of_x < of_y;
  if (x->estimate != y->estimate) return x->estimate < y->estimate;
  return a < b;
}

static void push(ky_chains *c, uint32_t state) {
  uint32_t at = c->queue_count++;
  for (; at > 0 && is_before(c, state, c->queue[(at - 1) / 2]); at = (at - 1) / 2)
    c->queue[at] = c->queue[(at - 1) / 2];
  c->queue[at] = state;
}

static uint32_t pop(ky_chains *c) {
  const uint32_t top = c->queue[0], last = c->queue[--c->queue_count];
  uint32_t at = 0;
  for (uint32_t child; (child = 2 * at + 1) < c->queue_count; at = child) {
    if (child + 1 < c->queue_count && is_before(c, c->queue[child + 1], c->queue[child])) child++;
    if (!is_before(c, c->queue[child], last)) break;
    c->queue[at] = c->queue[child];
  }
  if (c->queue_count != 0) c->queue[at] = last;
  return top;
}

static bool can_move(const ky_chains *c, uint32_t cell, int by, int64_t step) {
  const bool is_shown = c->counts->state[cell] == KY_COUNT_SHOWN;
  if (is_shown && c->is_hidden_only && (c->counts->stays == NULL || !c->counts->stays[cell])) return false;
  const int64_t floor = c->counts->value[cell] < 0 ? c->counts->value[cell] : 0; /* slack of rounded parts */
  return by > 0 || c->current[cell] + by * step >= floor;
}

static bool is_in(const ky_chains *c, uint32_t state, uint32_t cell) {
  for (; state != KY_NONE; state = c->states[state].before)
    if (c->states[state].cell == cell) return true;
  return false;
}

/* What is open after the cell has moved too; false: too much. */
static bool open_after(ky_chains *c, const chain_state *from, uint32_t cell, int by, chain_state *out) {
  out->open_count = 0;
  if (from != NULL) {
    memcpy(out->open, from->open, sizeof out->open);
    out->open_count = from->open_count;
  }
  for (uint32_t k = c->first[cell]; k < c->first[cell + 1]; k++) {
    uint32_t o = 0;
    while (o < out->open_count && out->open[o].equation != c->equation[k]) o++;
    if (o == OPEN_MAX) return false;
    if (o == out->open_count) out->open[out->open_count++] = (open_equation){.equation = c->equation[k]};
    out->open[o].out_by += c->coefficient[k] * by;
    if (out->open[o].out_by == 0) out->open[o] = out->open[--out->open_count];
  }
  out->estimate = 0;
  for (uint32_t o = 0; o < out->open_count; o++) out->estimate += cheapest_offer(c, out->open[o].equation);
  return true;
}

static void take_further(ky_chains *c, uint32_t before, uint32_t cell, int by) {
  if (c->state_count == STATES_MAX) return;
  const chain_state *from = before == KY_NONE ? NULL : &c->states[before];
  chain_state *next = &c->states[c->state_count];
  if (!open_after(c, from, cell, by, next)) return;
  next->before = before;
  next->cell = cell;
  next->by = (int8_t)by;
  next->length = (uint8_t)(from == NULL ? 1 : from->length + 1);
  next->cost = from == NULL ? 0 : from->cost + cost_of(c, cell);
  push(c, c->state_count++);
}

/* The open equation with the fewest counts: the least to try. */
static open_equation tightest(const ky_chains *c, const chain_state *state) {
  open_equation best = state->open[0];
  for (uint32_t o = 1; o < state->open_count; o++) {
    const uint32_t e = state->open[o].equation, n = c->counts->first[e + 1] - c->counts->first[e];
    const uint32_t of_best = c->counts->first[best.equation + 1] - c->counts->first[best.equation];
    if (n < of_best || (n == of_best && e < best.equation)) best = state->open[o];
  }
  return best;
}

static void write_chain(const ky_chains *c, uint32_t state, ky_chain *out) {
  out->count = c->states[state].length;
  for (uint32_t at = out->count; at-- > 0; state = c->states[state].before) {
    out->cell[at] = c->states[state].cell;
    out->by[at] = c->states[state].by;
  }
}

void ky_chains_find(ky_chains *c, uint32_t cell, int by, int64_t step, const ky_chain_search *how, ky_chain *out) {
  out->count = 0;
  c->is_free = how->is_free;
  c->is_hidden_only = how->is_hidden_only;
  c->haste = how->haste;
  c->state_count = c->queue_count = 0;
  if (can_move(c, cell, by, step)) take_further(c, KY_NONE, cell, by);
  for (uint32_t n = 0; n < how->effort && c->queue_count != 0; n++) {
    const uint32_t at = pop(c);
    if (c->states[at].open_count == 0) {
      write_chain(c, at, out);
      break;
    }
    if (c->states[at].length == KY_CHAIN_MAX) continue;
    const open_equation open = tightest(c, &c->states[at]);
    for (uint32_t t = c->counts->first[open.equation]; t < c->counts->first[open.equation + 1]; t++) {
      const uint32_t other = c->counts->cell[t];
      const int move = -open.out_by * c->counts->coefficient[t];
      if (c->counts->state[other] == KY_COUNT_KNOWN || move > BY_MAX || move < -BY_MAX) continue;
      if (can_move(c, other, move, step) && !is_in(c, at, other)) take_further(c, at, other, move);
    }
  }
  while (c->touched_count != 0) c->cheapest[c->touched[--c->touched_count]] = 0;
}
