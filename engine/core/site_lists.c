/* What candidate sites would do for whom, as lists for the solver. */
#include <kayoi/site_plan.h>
#include <string.h>

#include "core/thread.h"

/* Places of people, with how far is far for each. */
typedef struct demand {
  ky_anchors anchors;
  ky_by_edge by_edge;
  const uint32_t *base; /* [demand] a cost counts when it is less; NULL: when it is within the limit */
} demand;

static ky_err gather(ky_job *job, const ky_network *network, const ky_points *points, const ky_anchors *point_anchors,
                     const ky_zones *zones, const uint8_t *is_in, ky_site_lists *out, demand *places) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < points->count; i++) n += is_in[i];
  KY_NEW(job, scratch, out->point, n);
  KY_NEW(job, scratch, out->weight, n);
  KY_NEW(job, scratch, out->zone, n);
  KY_NEW(job, scratch, places->anchors.edge, n);
  KY_NEW(job, scratch, places->anchors.along_mm, n);
  KY_NEW(job, scratch, places->anchors.access_mm, n);
  for (uint32_t i = 0; i < points->count; i++) {
    if (!is_in[i]) continue;
    const uint32_t d = out->demand_count++;
    out->point[d] = i;
    out->weight[d] = points->people[KY_65][i];
    out->zone[d] = points->row[i] < zones->count ? points->row[i] : KY_NONE;
    places->anchors.edge[d] = point_anchors->edge[i];
    places->anchors.along_mm[d] = point_anchors->along_mm[i];
    places->anchors.access_mm[d] = point_anchors->access_mm[i];
  }
  places->anchors.count = n;
  return ky_by_edge_new(job, &job->scratch, network, &places->anchors, &places->by_edge);
}

typedef struct sweep {
  const ky_candidates *candidates;
  const demand *places;
  const ky_site_lists *lists;
  uint32_t limit_mm;
} sweep;

/* Writes what a candidate serves to demand and cost (either may be NULL); returns how many, and their people. */
static uint64_t serve(const sweep *s, uint32_t candidate, ky_search *search, uint32_t *to, uint32_t *cost,
                      int64_t *people) {
  const ky_anchors *c = &s->candidates->anchors, *d = &s->places->anchors;
  uint64_t n = 0;
  *people = 0;
  ky_search_run(search, c->edge[candidate], c->along_mm[candidate], c->access_mm[candidate], s->limit_mm);
  for (uint32_t i = 0; i < search->edge_count; i++) {
    const uint32_t edge = search->edge[i];
    for (uint32_t p = s->places->by_edge.first[edge]; p < s->places->by_edge.first[edge + 1]; p++) {
      const uint32_t place = s->places->by_edge.place[p];
      if (d->access_mm[place] > s->limit_mm) continue;
      const uint32_t mm = ky_search_cost(search, edge, d->along_mm[place]);
      if (mm > s->limit_mm - d->access_mm[place]) continue; /* KY_NONE is larger than any limit */
      if (s->places->base != NULL && mm + d->access_mm[place] >= s->places->base[place]) continue;
      if (to != NULL) to[n] = place;
      if (cost != NULL) cost[n] = mm + d->access_mm[place];
      *people += s->lists->weight[place];
      n++;
    }
  }
  return n;
}

/* Counts first, then fills; candidates that serve fewer than min_people are left out. */
static ky_err list(ky_job *job, const sweep *s, const ky_network *network, const uint32_t *asked, uint32_t asked_count,
                   int64_t min_people, bool with_cost, ky_site_lists *out) {
  ky_search *search;
  uint64_t *count;
  int64_t *people;
  KY_NEW(job, scratch, search, job->threads);
  KY_NEW(job, scratch, count, asked_count);
  KY_NEW(job, scratch, people, asked_count);
  for (int t = 0; t < job->threads; t++) KY_TRY(ky_search_new(job, network, &search[t]));
#pragma omp parallel for schedule(dynamic, 16) num_threads(job->threads)
  for (uint32_t i = 0; i < asked_count; i++)
    count[i] = serve(s, asked[i], &search[ky_thread()], NULL, NULL, &people[i]);
  KY_NEW(job, scratch, out->candidate, asked_count);
  KY_NEW(job, scratch, out->first, asked_count + 1);
  for (uint32_t i = 0; i < asked_count; i++) {
    if (people[i] < min_people || count[i] == 0) continue;
    out->first[out->candidate_count + 1] = out->first[out->candidate_count] + count[i];
    out->candidate[out->candidate_count++] = asked[i];
  }
  const uint64_t total = out->first[out->candidate_count];
  KY_NEW(job, scratch, out->demand, total);
  if (with_cost) KY_NEW(job, scratch, out->cost, total);
#pragma omp parallel for schedule(dynamic, 16) num_threads(job->threads)
  for (uint32_t i = 0; i < out->candidate_count; i++) {
    int64_t sum;
    serve(s, out->candidate[i], &search[ky_thread()], out->demand + out->first[i],
          with_cost ? out->cost + out->first[i] : NULL, &sum);
  }
  return KY_OK;
}

static bool has_people(const ky_points *points, const ky_anchors *anchors, uint32_t i) {
  const uint32_t people = points->people[KY_65][i];
  return anchors->edge[i] != KY_NONE && people != KY_NONE && people != 0;
}

ky_err ky_site_lists_cover(ky_job *job, const ky_candidates *candidates, const ky_network *network,
                           const ky_points *points, const ky_anchors *point_anchors, const ky_zones *zones,
                           const ky_coverage *coverage, const ky_sites_opts *opts, ky_site_lists *out) {
  uint8_t *is_in;
  uint32_t *all;
  demand places = {0};
  memset(out, 0, sizeof *out);
  KY_NEW(job, scratch, is_in, points->count);
  KY_NEW(job, scratch, all, candidates->count);
  for (uint32_t i = 0; i < points->count; i++)
    is_in[i] = has_people(points, point_anchors, i) && ky_point_is_demand(points, coverage, zones, i);
  for (uint32_t c = 0; c < candidates->count; c++) all[c] = c;
  KY_TRY(gather(job, network, points, point_anchors, zones, is_in, out, &places));
  const sweep s = {candidates, &places, out, opts->primary_mm};
  return list(job, &s, network, all, candidates->count, opts->min_people_65, false, out);
}

ky_err ky_site_lists_walk(ky_job *job, const ky_candidates *candidates, const ky_network *network,
                          const ky_points *points, const ky_anchors *point_anchors, const ky_zones *zones,
                          const ky_coverage *coverage, const ky_site_lists *cover, uint32_t cap_mm,
                          ky_site_lists *out) {
  uint8_t *is_in;
  demand places = {0};
  memset(out, 0, sizeof *out);
  KY_NEW(job, scratch, is_in, points->count);
  for (uint32_t i = 0; i < points->count; i++)
    is_in[i] = has_people(points, point_anchors, i) && points->row[i] < KY_ROW_OUTSIDE(zones);
  KY_TRY(gather(job, network, points, point_anchors, zones, is_in, out, &places));
  KY_NEW(job, scratch, out->base, out->demand_count);
  for (uint32_t d = 0; d < out->demand_count; d++) {
    const uint32_t walk = coverage->walk_mm[out->point[d]];
    out->base[d] = walk < cap_mm ? walk : cap_mm;
  }
  places.base = out->base;
  const sweep s = {candidates, &places, out, cap_mm};
  return list(job, &s, network, cover->candidate, cover->candidate_count, 0, true, out);
}
