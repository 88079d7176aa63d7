/* Cells as the sum of their points. */
#include "core/coverage_parts.h"
#include "core/thread.h"
#include "core/weighted.h"

/* The state with most weight; ties to the state of the earlier point. */
static uint8_t main_reach(const ky_points *points, const ky_coverage *coverage, uint32_t first, uint32_t end) {
  uint64_t weight[KY_REACH_COUNT] = {0};
  uint8_t best = coverage->reach[first];
  for (uint32_t i = first; i < end; i++) weight[coverage->reach[i]] += points->weight_um[i];
  for (uint32_t i = first; i < end; i++)
    if (weight[coverage->reach[i]] > weight[best]) best = coverage->reach[i];
  return best;
}

static void fill_cell(const ky_points *points, uint32_t cell, ky_weighted *items, ky_coverage *out) {
  uint32_t first = points->first_point[cell], end = points->first_point[cell + 1], n = 0;
  for (uint32_t i = first; i < end; i++)
    if (out->walk_mm[i] != KY_NONE)
      items[n++] = (ky_weighted){.value = out->walk_mm[i], .weight = points->weight_um[i]};
  out->cell_walk_mean_mm[cell] = ky_weighted_mean(items, n);
  out->cell_walk_median_mm[cell] = ky_weighted_median(items, n);
  n = 0;
  for (uint32_t i = first; i < end; i++)
    if (out->straight_mm[i] != KY_NONE)
      items[n++] = (ky_weighted){.value = out->straight_mm[i], .weight = points->weight_um[i]};
  out->cell_straight_mm[cell] = ky_weighted_median(items, n);
  n = 0;
  for (uint32_t i = first; i < end; i++)
    if (out->venue[i] != KY_NONE) items[n++] = (ky_weighted){.value = out->venue[i], .weight = points->weight_um[i]};
  out->cell_venue[cell] = ky_weighted_mode(items, n);
  out->cell_reach[cell] = main_reach(points, out, first, end);
}

ky_err ky_coverage_cells(ky_job *job, const ky_cells *cells, const ky_points *points, ky_coverage *out) {
  uint32_t most = 0;
  ky_weighted **items; /* of each thread */
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
