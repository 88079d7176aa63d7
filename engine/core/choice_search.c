/* Greedy and swaps. A swap's worth is what the new one gains, less what the old one loses, and what the new one catches
 * of that loss (Whitaker 1983; Resende & Werneck 2007): one look at the new one's list tells it for every old one. */
#include <stdlib.h>
#include <string.h>

#include "core/choice.h"

/* Places that a shake takes out, at most. */
#define SHAKEN 5

/* What a candidate would add: towards floors first, then in all. Per unit of price, so a fraction. */
typedef struct offer {
  double lift, gain;
  uint32_t candidate;
  uint32_t round; /* size of the set for which this was counted; only shrinks later */
} offer;

static bool is_before(const offer *a, const offer *b) {
  if (a->lift != b->lift) return a->lift > b->lift;
  return a->gain != b->gain ? a->gain > b->gain : a->candidate < b->candidate;
}

static void sift_down(offer *heap, uint32_t count, uint32_t at) {
  offer moved = heap[at];
  for (;;) {
    uint32_t child = 2 * at + 1;
    if (child >= count) break;
    if (child + 1 < count && is_before(&heap[child + 1], &heap[child])) child++;
    if (!is_before(&heap[child], &moved)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moved;
}

/* column: [columns] room, all 0 before and after. */
static offer offer_of(const ky_choice *choice, const ky_pick *pick, uint32_t candidate, bool by_price,
                      int64_t *column) {
  int64_t gain = 0, lift = 0;
  for (uint64_t e = choice->first[candidate]; e < choice->first[candidate + 1]; e++) {
    uint32_t d = choice->demand[e];
    int64_t more = ky_choice_saving(choice, e) - pick->best[d];
    if (more <= 0) continue;
    gain += more;
    if (choice->column_count > 1) column[choice->column[d]] += more;
  }
  for (uint32_t c = 1; c < choice->column_count; c++) {
    int64_t lacks = choice->floor[c] - pick->covered[c];
    if (lacks > 0) lift += column[c] < lacks ? column[c] : lacks;
    column[c] = 0;
  }
  if (choice->column_count > 1) column[0] = 0;
  double price = by_price ? choice->price[candidate] : 1;
  return (offer){(double)lift / price, (double)gain / price, candidate, pick->count};
}

static void fill_by(const ky_choice *choice, uint64_t budget, bool by_price, offer *heap, int64_t *column,
                    ky_pick *pick) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < choice->candidate_count; i++) {
    if (pick->place[i] != KY_NONE) continue;
    heap[count] = offer_of(choice, pick, i, by_price, column);
    count += heap[count].gain > 0;
  }
  for (uint32_t i = count / 2; i-- > 0;) sift_down(heap, count, i);
  while (count != 0 && pick->price < budget) {
    offer *best = &heap[0];
    bool fits = choice->price[best->candidate] <= budget - pick->price;
    if (fits && best->round == pick->count && best->gain > 0) {
      ky_pick_add(choice, pick, best->candidate);
      fits = false; /* it leaves the heap */
    } else if (fits && best->gain > 0) {
      *best = offer_of(choice, pick, best->candidate, by_price, column);
    } else {
      fits = false;
    }
    if (!fits) heap[0] = heap[--count];
    if (count != 0) sift_down(heap, count, 0);
  }
}

ky_err ky_pick_fill(ky_job *job, const ky_choice *choice, uint64_t budget, ky_pick *pick) {
  ky_arena_mark mark = ky_arena_now(&job->scratch);
  offer *heap;
  int64_t *column;
  ky_pick other;
  KY_NEW(job, scratch, heap, choice->candidate_count);
  KY_NEW(job, scratch, column, choice->column_count);
  if (choice->has_prices) {
    KY_TRY(ky_pick_new(job, choice, &other));
    ky_pick_copy(choice, pick, &other);
    fill_by(choice, budget, true, heap, column, &other);
  }
  fill_by(choice, budget, false, heap, column, pick);
  if (choice->has_prices && ky_pick_is_better(&other, pick)) {
    ky_pick_clear(choice, pick);
    ky_pick_copy(choice, &other, pick);
  }
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}

/* xorshift64*: the same numbers on every machine. */
static uint32_t draw(uint64_t *chance, uint32_t limit) {
  *chance ^= *chance >> 12;
  *chance ^= *chance << 25;
  *chance ^= *chance >> 27;
  return (uint32_t)((*chance * UINT64_C(2685821657736338717)) >> 33) % limit;
}

ky_err ky_pick_shake(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_pick *from, uint64_t *chance,
                     ky_pick *pick) {
  for (uint32_t i = 0; i < pick->count; i++) pick->place[pick->chosen[i]] = KY_NONE;
  ky_pick_copy(choice, from, pick);
  if (pick->count == 0) return KY_OK;
  uint32_t gone = 1 + draw(chance, pick->count < SHAKEN ? pick->count : SHAKEN);
  for (uint32_t i = 0; i < gone && pick->count != 0; i++)
    ky_pick_remove(choice, pick, pick->chosen[draw(chance, pick->count)]);
  uint32_t in = draw(chance, choice->candidate_count);
  if (pick->place[in] == KY_NONE && choice->price[in] <= budget - pick->price) ky_pick_add(choice, pick, in);
  return ky_pick_fill(job, choice, budget, pick);
}

/* Room for the swaps of one set. Rows of `columns` numbers: one per chosen candidate. */
typedef struct swapper {
  const ky_choice *choice;
  ky_pick *pick;
  uint64_t budget;
  uint32_t columns;
  int64_t *gain;   /* [columns] of the candidate looked at */
  int64_t *loss;   /* [chosen][columns] if it leaves */
  int64_t *caught; /* [chosen][columns] of its loss, by the candidate looked at */
} swapper;

static void count_losses(swapper *s) {
  memset(s->loss, 0, (size_t)s->pick->count * s->columns * sizeof *s->loss);
  for (uint32_t d = 0; d < s->choice->demand_count; d++) {
    if (s->pick->by[d] == KY_NONE) continue;
    s->loss[(size_t)s->pick->place[s->pick->by[d]] * s->columns + s->choice->column[d]] +=
        s->pick->best[d] - s->pick->second[d];
  }
}

static void count_gains(swapper *s, uint32_t candidate) {
  const ky_choice *choice = s->choice;
  const ky_pick *pick = s->pick;
  memset(s->gain, 0, s->columns * sizeof *s->gain);
  memset(s->caught, 0, (size_t)pick->count * s->columns * sizeof *s->caught);
  for (uint64_t e = choice->first[candidate]; e < choice->first[candidate + 1]; e++) {
    uint32_t d = choice->demand[e], column = choice->column[d];
    int64_t saving = ky_choice_saving(choice, e), best = pick->best[d], second = pick->second[d];
    if (saving <= second) continue;
    if (saving > best) s->gain[column] += saving - best;
    if (pick->by[d] != KY_NONE)
      s->caught[(size_t)pick->place[pick->by[d]] * s->columns + column] += (saving < best ? saving : best) - second;
  }
}

/* How a change of the columns (gain, and loss and caught of one that leaves) changes shortfall and saving. */
static void weigh(const swapper *s, const int64_t *loss, const int64_t *caught, int64_t *shortfall, int64_t *saving) {
  *shortfall = *saving = 0;
  for (uint32_t c = 0; c < s->columns; c++) {
    int64_t change = s->gain[c] + (loss != NULL ? caught[c] - loss[c] : 0), floor = s->choice->floor[c];
    int64_t before = s->pick->covered[c], after = before + change;
    *saving += change;
    *shortfall += (floor > after ? floor - after : 0) - (floor > before ? floor - before : 0);
  }
}

/* The best change that brings the candidate in, applied when it makes the set better. */
static bool try_candidate(swapper *s, uint32_t candidate) {
  const ky_choice *choice = s->choice;
  ky_pick *pick = s->pick;
  const uint64_t price = choice->price[candidate];
  int64_t best_shortfall = 0, best_saving = 0, shortfall, saving;
  uint32_t leaves = KY_NONE;
  bool is_found = false;
  count_gains(s, candidate);
  if (price <= s->budget - pick->price) {
    weigh(s, NULL, NULL, &best_shortfall, &best_saving);
    is_found = best_shortfall < 0 || (best_shortfall == 0 && best_saving > 0);
  }
  for (uint32_t r = 0; r < pick->count && !is_found; r++) {
    if (pick->price - choice->price[pick->chosen[r]] + price > s->budget) continue;
    weigh(s, s->loss + (size_t)r * s->columns, s->caught + (size_t)r * s->columns, &shortfall, &saving);
    if (shortfall > best_shortfall || (shortfall == best_shortfall && saving <= best_saving)) continue;
    best_shortfall = shortfall;
    best_saving = saving;
    leaves = r;
  }
  if (!is_found && leaves == KY_NONE) return false;
  if (leaves != KY_NONE) ky_pick_remove(choice, pick, pick->chosen[leaves]);
  ky_pick_add(choice, pick, candidate);
  count_losses(s);
  return true;
}

ky_err ky_pick_swap(ky_job *job, const ky_choice *choice, uint64_t budget, ky_until *until, ky_pick *pick) {
  ky_arena_mark mark = ky_arena_now(&job->scratch);
  const uint32_t n = choice->candidate_count;
  swapper s = {.choice = choice, .pick = pick, .budget = budget, .columns = choice->column_count};
  size_t rows = budget < n ? (size_t)budget : n;
  KY_NEW(job, scratch, s.gain, s.columns);
  KY_NEW(job, scratch, s.loss, (rows + 1) * s.columns);
  KY_NEW(job, scratch, s.caught, (rows + 1) * s.columns);
  count_losses(&s);
  uint32_t still = 0; /* candidates in a row that changed nothing */
  for (uint32_t i = 0; still < n; i = i + 1 < n ? i + 1 : 0, still++) {
    if ((i & 15) == 0 && ky_until_struck(until)) break;
    if (pick->place[i] == KY_NONE && try_candidate(&s, i)) still = 0;
  }
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}
