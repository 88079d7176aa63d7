/* How the sites of the order stand alone at other distances, and where their curve bends. */
#include <kayoi/site_plan.h>
#include <string.h>

#include "core/ratio.h"
#include "core/thread.h"

/* People 65+ that a site alone would newly cover within limit_mm. */
static int64_t gain_alone(const ky_anchors *at, uint32_t site, const ky_points *points, const ky_anchors *homes,
                          const ky_by_edge *by_edge, const uint8_t *is_left, uint32_t limit_mm, ky_search *search) {
  int64_t gain = 0;
  ky_search_run(search, at->edge[site], at->along_mm[site], at->access_mm[site], limit_mm);
  for (uint32_t i = 0; i < search->edge_count; i++) {
    const uint32_t edge = search->edge[i];
    for (uint32_t p = by_edge->first[edge]; p < by_edge->first[edge + 1]; p++) {
      const uint32_t home = by_edge->place[p];
      if (!is_left[home] || homes->access_mm[home] > limit_mm) continue;
      const uint32_t mm = ky_search_cost(search, edge, homes->along_mm[home]);
      if (mm <= limit_mm - homes->access_mm[home]) gain += points->people[KY_65][home];
    }
  }
  return gain;
}

/* People of the municipality who walk farther than the band, or not at all. */
static void find_left(const ky_points *points, const ky_zones *zones, const ky_coverage *coverage, uint32_t band_mm,
                      uint8_t *is_left) {
  for (uint32_t i = 0; i < points->count; i++) {
    const uint32_t people = points->people[KY_65][i];
    is_left[i] = points->row[i] < KY_ROW_OUTSIDE(zones) && people != KY_NONE && people != 0 &&
                 coverage->reach[i] != KY_UNKNOWN && coverage->walk_mm[i] > band_mm;
  }
}

ky_err ky_site_robustness(ky_job *job, const ky_candidates *candidates, const ky_sites *sites,
                          const ky_network *network, const ky_points *points, const ky_anchors *point_anchors,
                          const ky_zones *zones, const ky_coverage *coverage, const ky_walk_opts *walk,
                          const ky_sites_opts *opts, ky_site_plan *out) {
  ky_by_edge by_edge;
  ky_search *search;
  uint8_t *is_left;
  out->band_count = walk->band_count;
  memcpy(out->band_mm, walk->bands_mm, sizeof out->band_mm);
  KY_NEW(job, keep, out->alone_65, (size_t)walk->band_count * sites->count);
  KY_NEW(job, keep, out->is_robust, sites->count);
  KY_NEW(job, scratch, is_left, points->count);
  KY_NEW(job, scratch, search, job->threads);
  for (int t = 0; t < job->threads; t++) KY_TRY(ky_search_new(job, network, &search[t]));
  KY_TRY(ky_by_edge_new(job, &job->scratch, network, point_anchors, &by_edge));
  memset(out->is_robust, 1, sites->count);
  for (uint32_t b = 0; b < walk->band_count; b++) {
    int64_t *alone = out->alone_65 + (size_t)b * sites->count;
    find_left(points, zones, coverage, walk->bands_mm[b], is_left);
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
    for (uint32_t s = 0; s < sites->count; s++)
      alone[s] = gain_alone(&candidates->anchors, sites->candidate[s], points, point_anchors, &by_edge, is_left,
                            walk->bands_mm[b], &search[ky_thread()]);
    for (uint32_t s = 0; s < sites->count; s++)
      if (alone[s] < opts->min_people_65) out->is_robust[s] = 0;
  }
  return KY_OK;
}

uint32_t ky_site_knee(const ky_sites *sites) {
  const uint32_t n = sites->count;
  int64_t total = 0, sum = 0;
  uint32_t best = 0;
  ky_wide highest = 0;
  if (n < 3) return 0;
  for (uint32_t s = 0; s < n; s++) total += sites->gain_65[s];
  for (uint32_t s = 0; s < n; s++) {
    sum += sites->gain_65[s];
    const ky_wide above = (ky_wide)sum * n - (ky_wide)total * (s + 1); /* height over the chord x n */
    if (above <= highest) continue;
    highest = above;
    best = s + 1;
  }
  return best;
}

const ky_site_set *ky_site_best(const ky_site_plan *plan, uint32_t k) {
  for (uint32_t s = 0; plan != NULL && s < plan->count; s++)
    if (plan->set[s].k == k && strcmp(plan->set[s].question, "best") == 0 &&
        strcmp(plan->set[s].objective, "coverage") == 0)
      return &plan->set[s];
  return NULL;
}

int64_t ky_site_bound(const ky_site_plan *plan, const ky_sites *sites, uint32_t s) {
  const ky_site_set *best = ky_site_best(plan, s + 1);
  return best != NULL && best->chosen.bound < sites->bound_65[s] ? best->chosen.bound : sites->bound_65[s];
}
