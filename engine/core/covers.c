/* Cover sets of candidate sites. */
#include <kayoi/sites.h>
#include <string.h>

#include "core/thread.h"

/* Bytes of the sets together; candidates beyond them are searched from every time. */
#define BUDGET_BYTES ((uint64_t)256 << 20)

typedef struct finding {
  const ky_points *points;
  const ky_anchors *anchors; /* of the points */
  uint32_t outside;          /* first row outside the municipality */
  ky_by_edge by_edge;
  uint32_t limit_mm;
} finding;

static bool has_people(const ky_points *points, uint32_t point) {
  for (int m = 0; m < KY_MEASURE_COUNT; m++)
    if (points->people[m] != NULL && points->people[m][point] != KY_NONE && points->people[m][point] != 0) return true;
  return false;
}

/* Points of the set into `list`; returns how many. */
static uint32_t find(const finding *f, const ky_candidates *candidates, uint32_t candidate, ky_search *search,
                     uint32_t *list) {
  uint32_t count = 0;
  ky_search_run(search, candidates->anchors.edge[candidate], candidates->anchors.along_mm[candidate],
                candidates->anchors.access_mm[candidate], f->limit_mm);
  for (uint32_t i = 0; i < search->edge_count; i++) {
    const uint32_t edge = search->edge[i];
    for (uint32_t k = f->by_edge.first[edge]; k < f->by_edge.first[edge + 1]; k++) {
      const uint32_t point = f->by_edge.place[k], access_mm = f->anchors->access_mm[point];
      if (f->points->row[point] >= f->outside || access_mm > f->limit_mm || !has_people(f->points, point)) continue;
      if (ky_search_cost(search, edge, f->anchors->along_mm[point]) <= f->limit_mm - access_mm) list[count++] = point;
    }
  }
  return count;
}

ky_err ky_covers_build(ky_job *job, const ky_candidates *candidates, const ky_network *network, const ky_points *points,
                       const ky_anchors *point_anchors, const ky_zones *zones, uint32_t limit_mm, ky_covers *out) {
  finding f = {.points = points, .anchors = point_anchors, .outside = KY_ROW_OUTSIDE(zones), .limit_mm = limit_mm};
  ky_search *search;
  uint32_t **list;
  uint64_t bytes = 0;
  *out = (ky_covers){.count = candidates->count, .id = candidates->id, .arena_count = job->threads};
  KY_NEW(job, keep, out->set, out->count);
  KY_NEW(job, keep, out->size, out->count);
  KY_NEW(job, keep, out->arena, out->arena_count);
  KY_TRY(ky_by_edge_new(job, &job->scratch, network, point_anchors, &f.by_edge));
  KY_NEW(job, scratch, search, job->threads);
  KY_NEW(job, scratch, list, job->threads);
  for (int t = 0; t < job->threads; t++) {
    KY_TRY(ky_search_new(job, network, &search[t]));
    KY_NEW(job, scratch, list[t], points->count);
  }
#pragma omp parallel for schedule(dynamic, 16) num_threads(job->threads)
  for (uint32_t i = 0; i < out->count; i++) {
    const int t = ky_thread();
    uint64_t used;
    const uint32_t count = find(&f, candidates, i, &search[t], list[t]);
#pragma omp atomic capture
    used = bytes += count * sizeof *list[t];
    uint32_t *set = used <= BUDGET_BYTES ? ky_arena_alloc(&out->arena[t], count, sizeof *set) : NULL;
    if (set != NULL && count != 0) memcpy(set, list[t], count * sizeof *set);
    out->set[i] = set;
    out->size[i] = count;
  }
  return KY_OK;
}

void ky_covers_free(ky_covers *covers) {
  for (int t = 0; t < covers->arena_count; t++) ky_arena_free(&covers->arena[t]);
  covers->arena_count = 0;
  covers->count = 0;
}

ky_err ky_covers_match(ky_job *job, const ky_covers *covers, ky_candidates *candidates) {
  uint32_t at = 0;
  KY_NEW(job, keep, candidates->cover, candidates->count);
  candidates->covers = covers;
  for (uint32_t i = 0; i < candidates->count; i++) {
    while (at < covers->count && strcmp(covers->id[at], candidates->id[i]) < 0) at++;
    const bool is_known = at < covers->count && strcmp(covers->id[at], candidates->id[i]) == 0;
    candidates->cover[i] = is_known && covers->set[at] != NULL ? at : KY_NONE;
  }
  return KY_OK;
}
