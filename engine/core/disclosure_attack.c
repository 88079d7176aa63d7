/* The other side of disclosure.h: what can be worked out from a publication. It knows nothing of how counts were
 * chosen to be hidden. */
#include <assert.h>
#include <kayoi/disclosure.h>
#include <string.h>

/* Elimination in the field of this prime: exact, and no number grows. A figure that is determined over the rationals
 * is determined here too, but for a chance of about one in 2^61. */
#define PRIME      ((uint64_t)2305843009213693951) /* 2^61 - 1 */
#define PASSES_MAX 200
#define FAR_AWAY   (INT64_MAX / 4)

static uint64_t times(uint64_t a, uint64_t b) {
  __extension__ typedef unsigned __int128 wide;
  return (uint64_t)((wide)a * b % PRIME);
}

static uint64_t minus(uint64_t a, uint64_t b) {
  return a >= b ? a - b : a + PRIME - b;
}

static uint64_t inverse(uint64_t a) {
  uint64_t power = PRIME - 2, out = 1;
  for (; power != 0; power >>= 1, a = times(a, a))
    if (power & 1) out = times(out, a);
  return out;
}

/* A row of the elimination: unknowns in ascending order. */
typedef struct sparse_row {
  uint32_t count;
  uint32_t *unknown;
  uint64_t *factor;
} sparse_row;

typedef struct elimination {
  ky_job *job;
  uint32_t unknown_count, row_count;
  sparse_row *rows; /* [row_count] */
  uint32_t *row_of; /* [unknown_count] row in which it leads; KY_NONE */
  uint64_t *dense;  /* [unknown_count] a row while it is being worked on */
  uint8_t *is_set;  /* [unknown_count] */
  uint32_t *set, set_count;
} elimination;

static void put(elimination *e, uint32_t unknown, uint64_t factor) {
  if (!e->is_set[unknown]) {
    e->is_set[unknown] = 1;
    e->dense[unknown] = 0;
    e->set[e->set_count++] = unknown;
  }
  e->dense[unknown] = minus(e->dense[unknown], PRIME - factor == PRIME ? 0 : PRIME - factor);
}

static void take_away(elimination *e, const sparse_row *row, uint64_t factor) {
  for (uint32_t k = 0; k < row->count; k++) {
    const uint64_t part = times(row->factor[k], factor);
    put(e, row->unknown[k], part == 0 ? 0 : PRIME - part);
  }
}

/* Takes every unknown out of the dense row that leads elsewhere. Full reduction: rows hold no other leader. */
static void reduce(elimination *e) {
  for (uint32_t k = 0; k < e->set_count; k++) {
    const uint32_t unknown = e->set[k], row = e->row_of[unknown];
    if (row != KY_NONE && e->dense[unknown] != 0) take_away(e, &e->rows[row], e->dense[unknown]);
  }
}

static ky_err keep_row(elimination *e, uint32_t leader, sparse_row *out) {
  uint32_t n = 0;
  for (uint32_t k = 0; k < e->set_count; k++) n += e->dense[e->set[k]] != 0;
  KY_NEW(e->job, scratch, out->unknown, n);
  KY_NEW(e->job, scratch, out->factor, n);
  out->count = 0;
  const uint64_t by = inverse(e->dense[leader]);
  for (uint32_t k = 0; k < e->set_count; k++) {
    const uint32_t unknown = e->set[k];
    if (e->dense[unknown] == 0) continue;
    out->unknown[out->count] = unknown;
    out->factor[out->count++] = times(e->dense[unknown], by);
  }
  return KY_OK;
}

static void clear(elimination *e) {
  for (uint32_t k = 0; k < e->set_count; k++) e->is_set[e->set[k]] = 0;
  e->set_count = 0;
}

static uint64_t factor_in(const sparse_row *row, uint32_t unknown) {
  for (uint32_t k = 0; k < row->count; k++)
    if (row->unknown[k] == unknown) return row->factor[k];
  return 0;
}

/* A new leader leaves the rows before it. */
static ky_err leave_others(elimination *e, uint32_t leader, uint32_t own) {
  for (uint32_t r = 0; r < e->row_count; r++) {
    if (r == own) continue;
    const uint64_t factor = factor_in(&e->rows[r], leader);
    if (factor == 0) continue;
    uint32_t old_leader = KY_NONE;
    for (uint32_t k = 0; k < e->rows[r].count; k++) {
      put(e, e->rows[r].unknown[k], e->rows[r].factor[k]);
      if (e->row_of[e->rows[r].unknown[k]] == r) old_leader = e->rows[r].unknown[k];
    }
    assert(old_leader != KY_NONE);
    take_away(e, &e->rows[own], factor);
    KY_TRY(keep_row(e, old_leader, &e->rows[r]));
    clear(e);
  }
  return KY_OK;
}

/* One equation more, over its unknowns. */
static ky_err add_equation(elimination *e, const ky_attack *attack, uint32_t equation, const uint32_t *unknown_of) {
  for (uint32_t t = attack->first[equation]; t < attack->first[equation + 1]; t++) {
    const uint32_t unknown = unknown_of[attack->cell[t]];
    if (unknown != KY_NONE) put(e, unknown, attack->coefficient[t] > 0 ? 1 : PRIME - 1);
  }
  reduce(e);
  uint32_t leader = KY_NONE;
  for (uint32_t k = 0; k < e->set_count; k++)
    if (e->dense[e->set[k]] != 0 && (leader == KY_NONE || e->set[k] < leader)) leader = e->set[k];
  if (leader == KY_NONE) {
    clear(e);
    return KY_OK;
  }
  const uint32_t own = e->row_count++;
  KY_TRY(keep_row(e, leader, &e->rows[own]));
  clear(e);
  e->row_of[leader] = own;
  return leave_others(e, leader, own);
}

static ky_err eliminate(ky_job *job, const ky_attack *attack, ky_attack_found *out) {
  elimination e = {.job = job};
  uint32_t *unknown_of, *cell_of;
  KY_NEW(job, scratch, unknown_of, attack->count);
  KY_NEW(job, scratch, cell_of, attack->count);
  for (uint32_t c = 0; c < attack->count; c++) {
    unknown_of[c] = attack->value[c] == KY_NULL ? e.unknown_count : KY_NONE;
    if (attack->value[c] == KY_NULL) cell_of[e.unknown_count++] = c;
  }
  KY_NEW(job, scratch, e.rows, attack->equation_count);
  KY_NEW(job, scratch, e.row_of, e.unknown_count);
  KY_NEW(job, scratch, e.dense, e.unknown_count);
  KY_NEW(job, scratch, e.is_set, e.unknown_count);
  KY_NEW(job, scratch, e.set, e.unknown_count);
  for (uint32_t u = 0; u < e.unknown_count; u++) e.row_of[u] = KY_NONE;
  for (uint32_t q = 0; q < attack->equation_count; q++)
    if (!attack->is_most[q]) KY_TRY(add_equation(&e, attack, q, unknown_of));
  for (uint32_t u = 0; u < e.unknown_count; u++) {
    if (e.row_of[u] == KY_NONE || e.rows[e.row_of[u]].count != 1) continue;
    out->is_recovered[cell_of[u]] = 1;
    if (out->recovered++ == 0) out->cell = cell_of[u];
  }
  return KY_OK;
}

/* Ranges: each figure is at least 0; an equation bounds each of its unknowns by the ranges of the others. */
static bool tighten(const ky_attack *attack, uint32_t q, int64_t *low, int64_t *high) {
  int64_t least = 0, most = 0;
  uint32_t open_below = 0, open_above = 0;
  bool is_tighter = false;
  for (uint32_t t = attack->first[q]; t < attack->first[q + 1]; t++) {
    const uint32_t c = attack->cell[t];
    const int64_t a = attack->coefficient[t], from = a > 0 ? low[c] : -high[c], to = a > 0 ? high[c] : -low[c];
    if (from <= -FAR_AWAY)
      open_below++;
    else
      least += from;
    if (to >= FAR_AWAY)
      open_above++;
    else
      most += to;
  }
  for (uint32_t t = attack->first[q]; t < attack->first[q + 1]; t++) {
    const uint32_t c = attack->cell[t];
    if (attack->value[c] != KY_NULL) continue;
    const int64_t a = attack->coefficient[t], from = a > 0 ? low[c] : -high[c], to = a > 0 ? high[c] : -low[c];
    const bool others_below = open_below == (from <= -FAR_AWAY), others_above = open_above == (to >= FAR_AWAY);
    /* a x <= sum - least of the others; and, of an equation, a x >= sum - most of the others */
    if (others_below) {
      const int64_t top = attack->sum[q] - (least - (from <= -FAR_AWAY ? 0 : from));
      if (a > 0 && top < high[c]) high[c] = top, is_tighter = true;
      if (a < 0 && -top > low[c]) low[c] = -top, is_tighter = true;
    }
    if (!attack->is_most[q] && others_above) {
      const int64_t bottom = attack->sum[q] - (most - (to >= FAR_AWAY ? 0 : to));
      if (a > 0 && bottom > low[c]) low[c] = bottom, is_tighter = true;
      if (a < 0 && -bottom < high[c]) high[c] = -bottom, is_tighter = true;
    }
    if (is_tighter) return true; /* sums are of before: look at the equation again */
  }
  return false;
}

static ky_err narrow(ky_job *job, const ky_attack *attack, const uint8_t *is_wanted, int64_t threshold,
                     int64_t tolerance, ky_attack_found *out) {
  int64_t *low, *high;
  KY_NEW(job, scratch, low, attack->count);
  KY_NEW(job, scratch, high, attack->count);
  for (uint32_t c = 0; c < attack->count; c++) {
    low[c] = attack->value[c] == KY_NULL ? 0 : attack->value[c];
    high[c] = attack->value[c] == KY_NULL ? FAR_AWAY : attack->value[c];
  }
  bool is_tighter = true;
  for (int pass = 0; pass < PASSES_MAX && is_tighter; pass++) {
    is_tighter = false;
    for (uint32_t q = 0; q < attack->equation_count; q++)
      for (int again = 0; again < PASSES_MAX && tighten(attack, q, low, high); again++) is_tighter = true;
  }
  for (uint32_t c = 0; c < attack->count; c++) {
    if (!is_wanted[c] || attack->value[c] != KY_NULL) continue;
    if (low[c] <= KY_PERSON + tolerance && high[c] >= threshold - KY_PERSON - tolerance) continue;
    if (out->narrowed++ != 0) continue;
    out->narrow_cell = c;
    out->low = low[c];
    out->high = high[c];
  }
  return KY_OK;
}

ky_err ky_attack_run(ky_job *job, const ky_attack *attack, const uint8_t *is_wanted, int64_t threshold,
                     int64_t tolerance, ky_attack_found *out) {
  *out = (ky_attack_found){.cell = KY_NONE, .narrow_cell = KY_NONE};
  KY_NEW(job, scratch, out->is_recovered, attack->count);
  const ky_arena_mark mark = ky_arena_now(&job->scratch);
  KY_TRY(eliminate(job, attack, out));
  KY_TRY(narrow(job, attack, is_wanted, threshold, tolerance, out));
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}
