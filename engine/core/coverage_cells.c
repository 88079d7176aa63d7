/* Cells as the sum of their points. */
#include <stdlib.h>
#include <string.h>

#include "core/coverage_parts.h"
#include "core/thread.h"

__extension__ typedef unsigned __int128 uwide;

typedef struct weighted {
  uint32_t value;
  uint64_t weight;
} weighted;

static int by_value(const void *a, const void *b) {
  const weighted *x = a, *y = b;
  return (x->value > y->value) - (x->value < y->value);
}

/* Most cells have some ten points: no call for each of their comparisons. */
static void sort(weighted *items, uint32_t count) {
  if (count > 64) {
    qsort(items, count, sizeof *items, by_value);
    return;
  }
  for (uint32_t i = 1; i < count; i++) {
    weighted item = items[i];
    uint32_t at = i;
    for (; at > 0 && items[at - 1].value > item.value; at--) items[at] = items[at - 1];
    items[at] = item;
  }
}

/* Lower weighted median: the smallest value with at least half of the weight at or below it; KY_NONE of nothing. */
static uint32_t median(weighted *items, uint32_t count) {
  uint64_t total = 0, sum = 0;
  if (count == 0) return KY_NONE;
  sort(items, count);
  for (uint32_t i = 0; i < count; i++) total += items[i].weight;
  for (uint32_t i = 0; i < count; i++) {
    sum += items[i].weight;
    if (2 * sum >= total) return items[i].value;
  }
  return items[count - 1].value;
}

static uint32_t mean(const weighted *items, uint32_t count) {
  uwide sum = 0;
  uint64_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    sum += (uwide)items[i].value * items[i].weight;
    total += items[i].weight;
  }
  return total == 0 ? KY_NONE : (uint32_t)((sum + total / 2) / total);
}

/* The value with most weight; ties to the lower value (items are sorted here). */
static uint32_t mode(weighted *items, uint32_t count) {
  uint32_t best = KY_NONE;
  uint64_t best_weight = 0;
  sort(items, count);
  for (uint32_t from = 0, to; from < count; from = to) {
    uint64_t weight = 0;
    for (to = from; to < count && items[to].value == items[from].value; to++) weight += items[to].weight;
    if (best == KY_NONE || weight > best_weight) {
      best = items[from].value;
      best_weight = weight;
    }
  }
  return best;
}

/* The state with most weight; ties to the state of the earlier point. */
static uint8_t main_reach(const ky_points *points, const ky_coverage *coverage, uint32_t first, uint32_t end) {
  uint64_t weight[KY_REACH_COUNT] = {0};
  uint8_t best = coverage->reach[first];
  for (uint32_t i = first; i < end; i++) weight[coverage->reach[i]] += points->weight_um[i];
  for (uint32_t i = first; i < end; i++)
    if (weight[coverage->reach[i]] > weight[best]) best = coverage->reach[i];
  return best;
}

static void fill_cell(const ky_points *points, uint32_t cell, weighted *items, ky_coverage *out) {
  uint32_t first = points->first_point[cell], end = points->first_point[cell + 1], n = 0;
  for (uint32_t i = first; i < end; i++)
    if (out->walk_mm[i] != KY_NONE) items[n++] = (weighted){.value = out->walk_mm[i], .weight = points->weight_um[i]};
  out->cell_walk_mean_mm[cell] = mean(items, n);
  out->cell_walk_median_mm[cell] = median(items, n);
  n = 0;
  for (uint32_t i = first; i < end; i++)
    if (out->straight_mm[i] != KY_NONE)
      items[n++] = (weighted){.value = out->straight_mm[i], .weight = points->weight_um[i]};
  out->cell_straight_mm[cell] = median(items, n);
  n = 0;
  for (uint32_t i = first; i < end; i++)
    if (out->venue[i] != KY_NONE) items[n++] = (weighted){.value = out->venue[i], .weight = points->weight_um[i]};
  out->cell_venue[cell] = mode(items, n);
  out->cell_reach[cell] = main_reach(points, out, first, end);
}

ky_err ky_coverage_cells(ky_job *job, const ky_cells *cells, const ky_points *points, ky_coverage *out) {
  uint32_t most = 0;
  weighted **items; /* of each thread */
  for (uint32_t c = 0; c < cells->count; c++)
    if (points->first_point[c + 1] - points->first_point[c] > most)
      most = points->first_point[c + 1] - points->first_point[c];
  KY_NEW(job, scratch, items, job->threads);
  for (int t = 0; t < job->threads; t++) KY_NEW(job, scratch, items[t], most);
  KY_NEW(job, keep, out->cell_walk_median_mm, cells->count);
  KY_NEW(job, keep, out->cell_walk_mean_mm, cells->count);
  KY_NEW(job, keep, out->cell_straight_mm, cells->count);
  KY_NEW(job, keep, out->cell_venue, cells->count);
  KY_NEW(job, keep, out->cell_reach, cells->count);
#pragma omp parallel for schedule(dynamic, 64) num_threads(job->threads)
  for (uint32_t c = 0; c < cells->count; c++) fill_cell(points, c, items[ky_thread()], out);
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    if (cells->people[m] == NULL) continue;
    KY_NEW(job, keep, out->cell_covered[m], cells->count);
#pragma omp parallel for schedule(static) num_threads(job->threads)
    for (uint32_t c = 0; c < cells->count; c++) {
      int64_t covered = 0;
      for (uint32_t i = points->first_point[c]; i < points->first_point[c + 1]; i++)
        if (out->reach[i] == KY_COVERED) covered += points->people[m][i];
      out->cell_covered[m][c] = cells->people[m][c] == KY_NULL ? KY_NULL : covered;
    }
  }
  return KY_OK;
}
