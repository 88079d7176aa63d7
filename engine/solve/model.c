/* The model: y of a candidate that is not decided, z of a class. A class is a set of candidates and a weight that is
 * saved when one of them is chosen. Coverage: a demand is a class. Walk: a demand is a chain of classes, its nearest
 * candidates, its two nearest ... , each worth the difference to the next distance (Cornuejols, Nemhauser & Wolsey
 * 1980); z of a longer one is at most z of the shorter one + the y that it adds, so lists stay short. Equal sets, of
 * whatever demand, are one class. The bound of its linear relaxation is the Lagrangian one; what is decided makes it
 * small. */
#include "solve/model.h"

#include <stdlib.h>
#include <string.h>

typedef struct entry {
  uint32_t row, column;
  double value;
} entry;

typedef struct set_key {
  uint64_t low, high; /* sums of hashes of the candidates, 0 0: nothing here */
  uint32_t zone, id;
} set_key;

typedef struct builder {
  const ky_choice *choice;
  const ky_bound *known;
  ky_model *out;
  uint64_t budget;     /* left for free candidates */
  bool is_exact;       /* that many are chosen, so a set that leaves out fewer of them always has one */
  uint32_t *column_of; /* [candidates] y; KY_NONE */
  set_key *table;
  uint64_t table_mask;
  uint32_t class_count;
  int64_t *weight;      /* [classes] */
  uint32_t *class_zone; /* [classes] column of the choice */
  int64_t *single;      /* [free] saved by one candidate alone, whatever the others do */
  entry *entries;
  uint64_t entry_count;
  int64_t *always; /* [columns of the choice] saved by every set */
} builder;

static uint64_t mixed(uint64_t x) {
  x += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/* The class of a set, a new one if it is not known yet. */
static uint32_t class_of(builder *b, uint64_t low, uint64_t high, uint32_t zone, bool *is_new) {
  uint64_t at = (low ^ mixed(zone)) & b->table_mask;
  while ((b->table[at].low | b->table[at].high) != 0) {
    const set_key *key = &b->table[at];
    *is_new = false;
    if (key->low == low && key->high == high && key->zone == zone) return key->id;
    at = (at + 1) & b->table_mask;
  }
  *is_new = true;
  b->table[at] = (set_key){low, high, zone, b->class_count};
  b->class_zone[b->class_count] = zone;
  return b->class_count++;
}

static void put(builder *b, uint32_t row, uint32_t column, double value) {
  b->entries[b->entry_count++] = (entry){row, column, value};
}

/* The chain of classes of one demand. Rows of classes come after those of budget and floors. */
static void add_demand(builder *b, uint32_t d) {
  const ky_choice *c = b->choice;
  const uint32_t zone = c->column[d], rows = c->column_count, choices = b->out->choice_count;
  uint64_t low = 0, high = 0, end = c->from[d + 1], e = c->from[d], begun = e;
  uint32_t size = 0, parent = KY_NONE;
  while (e < end && b->known->decided[c->server[e]] != KY_IN) {
    int64_t saving = c->served != NULL ? c->served[e] : c->top[d], next = 0;
    for (; e < end && (c->served == NULL || c->served[e] == saving); e++) {
      uint32_t j = c->server[e];
      if (b->known->decided[j] == KY_IN) { /* all the others here save no more than this one */
        next = saving;
        break;
      }
      if (b->known->decided[j] == KY_OUT) continue;
      low += mixed(b->column_of[j]);
      high += mixed(b->column_of[j] ^ UINT64_C(0x5851f42d4c957f2d));
      size++;
    }
    if (next == 0 && e < end) next = c->served[e];
    if (size == 0 || next == saving) continue;
    if (b->is_exact && choices - size < b->budget) { /* one of them is in every set */
      b->always[zone] += saving - next;
      continue;
    }
    if (size == 1 && rows == 1) {
      for (uint64_t i = begun; i < e; i++)
        if (b->column_of[c->server[i]] != KY_NONE) b->single[b->column_of[c->server[i]]] += saving - next;
      continue;
    }
    bool is_new;
    uint32_t id = class_of(b, low, high, zone, &is_new);
    b->weight[id] += saving - next;
    if (is_new) {
      put(b, rows + id, choices + id, 1);
      if (parent != KY_NONE) put(b, rows + id, choices + parent, -1);
      for (uint64_t i = begun; i < e; i++)
        if (b->column_of[c->server[i]] != KY_NONE) put(b, rows + id, b->column_of[c->server[i]], -1);
    }
    parent = id;
    begun = e;
  }
  if (e < end) b->always[zone] += c->served != NULL ? c->served[e] : c->top[d];
}

/* Room for everything: a level of a demand at each of its servers. Returns whether that is not far beyond the limit. */
static ky_err builder_new(ky_job *job, const ky_choice *choice, uint64_t limit, builder *b, bool *is_possible) {
  uint64_t servers = 0, levels = choice->demand_count, slots = 2;
  for (uint32_t d = 0; d < choice->demand_count; d++)
    for (uint64_t e = choice->from[d]; e < choice->from[d + 1]; e++) {
      if (b->known->decided[choice->server[e]] == KY_IN) break;
      servers += b->known->decided[choice->server[e]] == KY_FREE;
    }
  if (choice->served != NULL) levels = servers;
  *is_possible = servers / 16 <= limit && servers < UINT32_MAX / 4;
  if (!*is_possible) return KY_OK;
  while (slots < 2 * levels) slots *= 2;
  b->table_mask = slots - 1;
  KY_NEW(job, scratch, b->table, slots);
  KY_NEW(job, scratch, b->weight, levels);
  KY_NEW(job, scratch, b->class_zone, levels);
  KY_NEW(job, scratch, b->single, b->out->choice_count);
  KY_NEW(job, scratch, b->entries, servers + 3 * levels + b->out->choice_count);
  KY_NEW(job, scratch, b->always, choice->column_count);
  return KY_OK;
}

/* Columns of the candidates that are free; the budget that is left for them. */
static ky_err number_columns(ky_job *job, builder *b) {
  const ky_choice *choice = b->choice;
  KY_NEW(job, scratch, b->column_of, choice->candidate_count);
  KY_NEW(job, scratch, b->out->candidate, choice->candidate_count);
  for (uint32_t j = 0; j < choice->candidate_count; j++) {
    b->column_of[j] = KY_NONE;
    if (b->known->decided[j] == KY_IN) b->budget -= choice->price[j];
    if (b->known->decided[j] != KY_FREE) continue;
    b->column_of[j] = b->out->choice_count;
    b->out->candidate[b->out->choice_count++] = j;
  }
  b->is_exact = !choice->has_prices && b->budget <= b->out->choice_count;
  return KY_OK;
}

static ky_err fill_rows(ky_job *job, builder *b) {
  const ky_choice *choice = b->choice;
  ky_model *out = b->out;
  out->row_count = choice->column_count + b->class_count;
  KY_NEW(job, scratch, out->row_lower, out->row_count);
  KY_NEW(job, scratch, out->row_upper, out->row_count);
  out->row_lower[0] = b->is_exact ? (double)b->budget : 0;
  out->row_upper[0] = (double)b->budget;
  for (uint32_t i = 0; i < out->choice_count; i++) put(b, 0, i, choice->price[out->candidate[i]]);
  for (uint32_t k = 1; k < choice->column_count; k++) {
    out->row_lower[k] = (double)(choice->floor[k] - b->always[k]);
    out->row_upper[k] = (double)choice->total;
  }
  for (uint32_t id = 0; id < b->class_count; id++) {
    out->row_lower[choice->column_count + id] = -(double)out->choice_count - 1;
    if (b->class_zone[id] != 0) put(b, b->class_zone[id], out->choice_count + id, (double)b->weight[id]);
  }
  return KY_OK;
}

/* Entries in the order of columns; costs; what every set saves. */
static ky_err fill_columns(ky_job *job, builder *b) {
  ky_model *out = b->out;
  int64_t sum = 0;
  out->column_count = out->choice_count + b->class_count;
  KY_NEW(job, scratch, out->start, (size_t)out->column_count + 2);
  KY_NEW(job, scratch, out->row, b->entry_count);
  KY_NEW(job, scratch, out->value, b->entry_count);
  KY_NEW(job, scratch, out->cost, out->column_count);
  for (uint64_t i = 0; i < b->entry_count; i++) out->start[b->entries[i].column + 2]++;
  for (uint32_t i = 0; i < out->column_count; i++) out->start[i + 2] += out->start[i + 1];
  for (uint64_t i = 0; i < b->entry_count; i++) {
    int32_t at = out->start[b->entries[i].column + 1]++;
    out->row[at] = (int32_t)b->entries[i].row;
    out->value[at] = b->entries[i].value;
  }
  for (uint32_t k = 0; k < b->choice->column_count; k++) out->fixed += b->always[k];
  for (uint32_t i = 0; i < out->choice_count; i++) sum += b->single[i];
  for (uint32_t i = 0; i < b->class_count; i++) sum += b->weight[i];
  out->unit = sum > KY_COST_SUM ? (double)KY_COST_SUM / (double)sum : 1;
  for (uint32_t i = 0; i < out->choice_count; i++) out->cost[i] = -(double)b->single[i] * out->unit;
  for (uint32_t i = 0; i < b->class_count; i++) out->cost[out->choice_count + i] = -(double)b->weight[i] * out->unit;
  out->cutoff = -((double)(b->known->aim - out->fixed) - 0.5) * out->unit;
  return KY_OK;
}

ky_err ky_model_make(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_bound *known, uint64_t limit,
                     ky_model *out) {
  builder b = {.choice = choice, .known = known, .out = out, .budget = budget};
  bool is_possible;
  memset(out, 0, sizeof *out);
  KY_TRY(number_columns(job, &b));
  KY_TRY(builder_new(job, choice, limit, &b, &is_possible));
  if (!is_possible) return KY_OK;
  for (uint32_t d = 0; d < choice->demand_count; d++) add_demand(&b, d);
  KY_TRY(fill_rows(job, &b));
  if (b.entry_count > limit || b.entry_count > INT32_MAX) return KY_OK;
  return fill_columns(job, &b);
}
