/* Pairs are gathered by each thread as they are found and put in order at the end, so threads do not show. */
#include "core/near.h"

#include <stdlib.h>
#include <string.h>

#include "core/thread.h"

typedef struct pair {
  uint32_t place, origin, walk_mm;
} pair;

typedef struct worker {
  ky_search search;
  uint32_t count, capacity;
  pair *pairs; /* malloc: grows inside a parallel region */
  bool is_out_of_memory;
} worker;

typedef struct finding {
  const ky_anchors *origins, *places;
  const ky_by_edge *on_edge;
} finding;

static void add_pair(worker *w, pair found) {
  if (w->count == w->capacity) {
    const uint32_t capacity = w->capacity == 0 ? 4096 : w->capacity * 2;
    pair *larger = w->capacity >= UINT32_C(1) << 29 ? NULL : realloc(w->pairs, capacity * sizeof *larger);
    if (larger == NULL) {
      w->is_out_of_memory = true;
      return;
    }
    w->pairs = larger;
    w->capacity = capacity;
  }
  w->pairs[w->count++] = found;
}

static void find_from(const finding *f, worker *w, uint32_t origin, uint32_t limit_mm) {
  ky_search_run(&w->search, f->origins->edge[origin], f->origins->along_mm[origin], f->origins->access_mm[origin],
                limit_mm);
  for (uint32_t e = 0; e < w->search.edge_count && !w->is_out_of_memory; e++) {
    const uint32_t edge = w->search.edge[e];
    for (uint32_t k = f->on_edge->first[edge]; k < f->on_edge->first[edge + 1]; k++) {
      const uint32_t place = f->on_edge->place[k];
      const uint32_t cost_mm = ky_search_cost(&w->search, edge, f->places->along_mm[place]);
      if (cost_mm == KY_NONE || f->places->access_mm[place] > limit_mm - cost_mm) continue;
      add_pair(w, (pair){place, origin, cost_mm + f->places->access_mm[place]});
    }
  }
}

static int by_origin(const void *p, const void *q) {
  const pair *a = p, *b = q;
  return (a->origin > b->origin) - (a->origin < b->origin);
}

/* Pairs of all threads by place, and there by origin. */
static ky_err order_pairs(ky_job *job, const worker *workers, uint32_t place_count, ky_near *out) {
  uint64_t count = 0;
  uint32_t *next, most = 0;
  pair *room;
  for (int t = 0; t < job->threads; t++) count += workers[t].count;
  if (count >= KY_NONE) return ky_fail_memory(job);
  out->count = (uint32_t)count;
  KY_NEW(job, scratch, out->first, (size_t)place_count + 1);
  KY_NEW(job, scratch, out->origin, out->count);
  KY_NEW(job, scratch, out->walk_mm, out->count);
  KY_NEW(job, scratch, next, place_count);
  for (int t = 0; t < job->threads; t++)
    for (uint32_t i = 0; i < workers[t].count; i++) out->first[workers[t].pairs[i].place + 1]++;
  for (uint32_t p = 0; p < place_count; p++) {
    if (out->first[p + 1] > most) most = out->first[p + 1];
    out->first[p + 1] += out->first[p];
    next[p] = out->first[p];
  }
  for (int t = 0; t < job->threads; t++)
    for (uint32_t i = 0; i < workers[t].count; i++) {
      const uint32_t at = next[workers[t].pairs[i].place]++;
      out->origin[at] = workers[t].pairs[i].origin;
      out->walk_mm[at] = workers[t].pairs[i].walk_mm;
    }
  KY_NEW(job, scratch, room, most);
  for (uint32_t p = 0; p < place_count; p++) {
    const uint32_t from = out->first[p], n = out->first[p + 1] - from;
    for (uint32_t i = 0; i < n; i++) room[i] = (pair){p, out->origin[from + i], out->walk_mm[from + i]};
    if (n > 1) qsort(room, n, sizeof *room, by_origin);
    for (uint32_t i = 0; i < n; i++) {
      out->origin[from + i] = room[i].origin;
      out->walk_mm[from + i] = room[i].walk_mm;
    }
  }
  return KY_OK;
}

static ky_err find_all(ky_job *job, const ky_network *network, const finding *f, const int8_t *use,
                       const uint32_t *limit_mm, worker *workers) {
  for (int t = 0; t < job->threads; t++) KY_TRY(ky_search_new(job, network, &workers[t].search));
#pragma omp parallel for schedule(dynamic, 16) num_threads(job->threads)
  for (uint32_t o = 0; o < f->origins->count; o++)
    if (f->origins->edge[o] != KY_NONE && (use == NULL || use[o] != 0))
      find_from(f, &workers[ky_thread()], o, limit_mm[o]);
  for (int t = 0; t < job->threads; t++)
    if (workers[t].is_out_of_memory) return ky_fail_memory(job);
  return KY_OK;
}

ky_err ky_near_build(ky_job *job, const ky_network *network, const ky_anchors *origins, const int8_t *use,
                     const uint32_t *limit_mm, const ky_anchors *places, ky_near *out) {
  ky_by_edge on_edge;
  worker *workers;
  const finding f = {origins, places, &on_edge};
  memset(out, 0, sizeof *out);
  KY_TRY(ky_by_edge_new(job, &job->scratch, network, places, &on_edge));
  KY_NEW(job, scratch, workers, job->threads);
  ky_err err = find_all(job, network, &f, use, limit_mm, workers);
  if (err == KY_OK) err = order_pairs(job, workers, places->count, out);
  for (int t = 0; t < job->threads; t++) free(workers[t].pairs);
  return err;
}
