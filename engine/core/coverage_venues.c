/* Venues: whom each one serves. One bounded search per counting venue, over venues in parallel; every sum is a sum of
 * integers, so the order of threads does not show. */
#include <string.h>

#include "core/coverage_parts.h"
#include "core/thread.h"

/* Who covers a point: how many venues, and the sum of their numbers (one venue: its number). */
typedef struct coverers {
  uint32_t *count, *sum; /* [points] */
} coverers;

typedef struct serving {
  const ky_points *points;
  const ky_anchors *anchors; /* of the points */
  const ky_by_edge *on_edge;
  const ky_walk_opts *opts;
  uint32_t outside; /* first row outside the municipality */
  coverers covered_by;
  ky_coverage *out;
} serving;

static void serve_point(const serving *s, uint32_t venue, uint32_t point, uint32_t walk_mm) {
  const ky_points *points = s->points;
  if (walk_mm <= s->opts->primary_mm) {
#pragma omp atomic
    s->covered_by.count[point]++;
#pragma omp atomic
    s->covered_by.sum[point] += venue;
  }
  uint32_t row = points->row[point], people = points->people[KY_65][point];
  if (people == KY_NONE) return;
  if (walk_mm <= s->opts->primary_mm) s->out->venue_row_people[(size_t)venue * s->out->row_count + row] += people;
  for (uint32_t b = 0; row < s->outside && b < s->opts->band_count; b++)
    if (walk_mm <= s->opts->bands_mm[b]) s->out->venue_people[b][venue] += people;
}

static void serve(const serving *s, ky_search *search, const ky_anchors *venue_anchors, uint32_t venue) {
  ky_search_run(search, venue_anchors->edge[venue], venue_anchors->along_mm[venue], venue_anchors->access_mm[venue],
                s->opts->bands_mm[s->opts->band_count - 1]);
  for (uint32_t e = 0; e < search->edge_count; e++) {
    uint32_t edge = search->edge[e];
    for (uint32_t k = s->on_edge->first[edge]; k < s->on_edge->first[edge + 1]; k++) {
      uint32_t point = s->on_edge->place[k], cost_mm = ky_search_cost(search, edge, s->anchors->along_mm[point]);
      if (cost_mm != KY_NONE) serve_point(s, venue, point, cost_mm + s->anchors->access_mm[point]);
    }
  }
}

static ky_err new_columns(ky_job *job, const ky_venues *venues, const ky_walk_opts *opts, ky_coverage *out) {
  for (uint32_t b = 0; b < opts->band_count; b++) KY_NEW(job, keep, out->venue_people[b], venues->count);
  KY_NEW(job, keep, out->venue_nearest, venues->count);
  KY_NEW(job, keep, out->venue_only, venues->count);
  KY_NEW(job, keep, out->venue_row_people, (size_t)venues->count * out->row_count);
  return KY_OK;
}

ky_err ky_coverage_venues(ky_job *job, const ky_points *points, const ky_zones *zones, const ky_venues *venues,
                          const ky_network *network, const ky_anchors *point_anchors, const ky_anchors *venue_anchors,
                          const ky_walk_opts *opts, ky_coverage *out) {
  ky_by_edge on_edge;
  ky_search *search;
  serving s = {.points = points,
               .anchors = point_anchors,
               .on_edge = &on_edge,
               .opts = opts,
               .outside = KY_ROW_OUTSIDE(zones),
               .out = out};
  KY_TRY(new_columns(job, venues, opts, out));
  KY_TRY(ky_by_edge_new(job, &job->scratch, network, point_anchors, &on_edge));
  KY_NEW(job, scratch, s.covered_by.count, points->count);
  KY_NEW(job, scratch, s.covered_by.sum, points->count);
  KY_NEW(job, scratch, search, job->threads);
  for (int t = 0; t < job->threads; t++) KY_TRY(ky_search_new(job, network, &search[t]));
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
  for (uint32_t v = 0; v < venues->count; v++)
    if (venues->counts[v] != 0) serve(&s, &search[ky_thread()], venue_anchors, v);
  for (uint32_t i = 0; i < points->count; i++) {
    uint32_t people = points->people[KY_65][i];
    if (people == KY_NONE || points->row[i] >= s.outside) continue;
    if (out->venue[i] != KY_NONE) out->venue_nearest[out->venue[i]] += people;
    if (s.covered_by.count[i] == 1) out->venue_only[s.covered_by.sum[i]] += people;
  }
  return KY_OK;
}
