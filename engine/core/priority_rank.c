/* Ranks of the components, and the composite with what becomes of it when a weight changes. */
#include <kayoi/priority.h>
#include <stdlib.h>
#include <string.h>

#include "core/ratio.h"

typedef struct ranked {
  int64_t value;
  uint32_t zone;
} ranked;

/* Largest first, ties to the lower zone. */
static int by_value(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  if (x->value != y->value) return x->value > y->value ? -1 : 1;
  return (x->zone > y->zone) - (x->zone < y->zone);
}

/* items: room for count. Ranks of the values that are known. */
static void rank_values(const int64_t *value, uint32_t count, ranked *items, uint32_t *rank) {
  uint32_t n = 0;
  for (uint32_t z = 0; z < count; z++) {
    rank[z] = KY_NONE;
    if (value[z] != KY_NULL) items[n++] = (ranked){value[z], z};
  }
  if (n != 0) qsort(items, n, sizeof *items, by_value);
  for (uint32_t i = 0; i < n; i++)
    rank[items[i].zone] = i != 0 && items[i].value == items[i - 1].value ? rank[items[i - 1].zone] : i + 1;
}

/* Share of the largest value, KY_WHOLE parts. */
static void score_values(const int64_t *value, uint32_t count, int64_t *score) {
  int64_t largest = 0;
  for (uint32_t z = 0; z < count; z++)
    if (value[z] != KY_NULL && value[z] > largest) largest = value[z];
  for (uint32_t z = 0; z < count; z++)
    score[z] = value[z] == KY_NULL ? KY_NULL : value[z] <= 0 ? 0 : ky_ratio(value[z], KY_WHOLE, largest);
}

typedef struct scoring {
  const ky_priority *priority;
  int64_t *score[KY_COMPONENT_COUNT]; /* [zones] */
  int64_t *sum;                       /* [zones] sums of weight x score: compared exactly */
  ranked *items;
} scoring;

/* weight: of each component, in any one unit, not all of them 0. */
static void weigh(const scoring *s, const int64_t *weight, int64_t *composite, uint32_t *rank) {
  int64_t whole = 0;
  for (int c = 0; c < KY_COMPONENT_COUNT; c++) whole += weight[c];
  for (uint32_t z = 0; z < s->priority->zone_count; z++) {
    s->sum[z] = 0;
    for (int c = 0; c < KY_COMPONENT_COUNT; c++) {
      if (weight[c] == 0 || s->sum[z] == KY_NULL) continue;
      s->sum[z] = s->score[c][z] == KY_NULL ? KY_NULL : s->sum[z] + weight[c] * s->score[c][z];
    }
    composite[z] = s->sum[z] == KY_NULL ? KY_NULL : ky_wide_round(s->sum[z], whole);
  }
  rank_values(s->sum, s->priority->zone_count, s->items, rank);
}

/* Each weight half and one and a half times, the others as they are. */
static ky_err try_weights(ky_job *job, const scoring *s, const ky_priority_opts *opts, ky_priority *out) {
  static const uint8_t halves[] = {1, 3};
  int64_t *composite;
  uint32_t *rank, weights = 0;
  for (int c = 0; c < KY_COMPONENT_COUNT; c++) weights += opts->weight_milli[c] != 0;
  KY_NEW(job, scratch, composite, out->zone_count);
  KY_NEW(job, scratch, rank, out->zone_count);
  KY_NEW(job, keep, out->trial, (size_t)weights * 2 * out->zone_count);
  for (int c = 0; c < KY_COMPONENT_COUNT; c++) {
    for (size_t h = 0; opts->weight_milli[c] != 0 && h < 2; h++) {
      int64_t weight[KY_COMPONENT_COUNT];
      for (int k = 0; k < KY_COMPONENT_COUNT; k++)
        weight[k] = (int64_t)opts->weight_milli[k] * (k == c ? halves[h] : 2);
      weigh(s, weight, composite, rank);
      for (uint32_t z = 0; z < out->zone_count; z++)
        out->trial[out->trial_count++] = (ky_priority_trial){z, (uint8_t)c, halves[h], composite[z], rank[z]};
    }
  }
  return KY_OK;
}

/* Which components are missing for a zone; a component that nobody knows is said. */
static ky_err find_missing(ky_job *job, const ky_priority_opts *opts, ky_priority *out) {
  for (int c = 0; c < KY_COMPONENT_COUNT; c++) {
    uint32_t missing = 0;
    if (opts->weight_milli[c] == 0) continue;
    const char *key = ky_component_key((ky_component)c);
    for (uint32_t z = 0; z < out->zone_count; z++) {
      if (out->value[c][z] != KY_NULL) continue;
      missing++;
      out->missing[z] = out->missing[z] == NULL ? key : ky_format(&job->keep, "%s, %s", out->missing[z], key);
      if (out->missing[z] == NULL) return ky_fail_memory(job);
    }
    if (missing == 0) continue;
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = "priority.weights",
                             .field = key,
                             .reason = "weight_without_values",
                             .action = ky_tr("these zones have no composite (column priority_missing); give the data, "
                                             "or take the weight away")},
                 ky_tr("the component has a weight, but is not known for %u of %u zones"), missing, out->zone_count);
  }
  return KY_OK;
}

static ky_err compose(ky_job *job, const ky_priority_opts *opts, ranked *items, ky_priority *out) {
  scoring s = {.priority = out, .items = items};
  int64_t weight[KY_COMPONENT_COUNT];
  KY_NEW(job, scratch, s.sum, out->zone_count);
  for (int c = 0; c < KY_COMPONENT_COUNT; c++) {
    weight[c] = opts->weight_milli[c];
    KY_NEW(job, scratch, s.score[c], out->zone_count);
    score_values(out->value[c], out->zone_count, s.score[c]);
  }
  weigh(&s, weight, out->composite, out->composite_rank);
  KY_TRY(find_missing(job, opts, out));
  return try_weights(job, &s, opts, out);
}

ky_err ky_priority_rank(ky_job *job, const ky_zones *zones, const ky_priority_opts *opts, ky_priority *out) {
  const uint32_t count = zones->count;
  ranked *items;
  KY_NEW(job, scratch, items, count);
  KY_NEW(job, keep, out->order, count);
  KY_NEW(job, keep, out->composite, count);
  KY_NEW(job, keep, out->composite_rank, count);
  KY_NEW(job, keep, out->missing, count);
  for (int c = 0; c < KY_COMPONENT_COUNT; c++) {
    KY_NEW(job, keep, out->rank[c], count);
    rank_values(out->value[c], count, items, out->rank[c]);
    out->has_weights = out->has_weights || opts->weight_milli[c] != 0;
  }
  for (uint32_t z = 0; z < count; z++) items[z] = (ranked){out->value[KY_NEED_UNCOVERED][z], z};
  if (count != 0) qsort(items, count, sizeof *items, by_value);
  for (uint32_t z = 0; z < count; z++) {
    out->order[z] = items[z].zone;
    out->composite[z] = KY_NULL;
    out->composite_rank[z] = KY_NONE;
  }
  return out->has_weights ? compose(job, opts, items, out) : KY_OK;
}
