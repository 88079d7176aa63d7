/* Points with the same venues in range, without a list for every point: all covered points of a zone begin as one
 * class, and each venue divides the classes into points that it reaches and points that it does not. */
#include <kayoi/seats.h>

#include <stdlib.h>
#include <string.h>

#include "core/thread.h"

/* A class as venues divide it: the venues in range are its own and those of its parents. Zones come first. */
typedef struct node {
  uint32_t parent, venue;
  uint32_t child, child_venue; /* its points that child_venue reaches too */
} node;

typedef struct tree {
  node *node;
  uint32_t count, capacity;
  uint32_t *node_of; /* [points] KY_NONE: nobody covered there */
} tree;

/* A thread that has found so many points waits until they are divided. */
#define ENOUGH (1u << 20)

/* Points in range of venues, one venue after the other, as one thread found them. */
typedef struct found {
  ky_job *job;
  uint32_t *point;
  uint32_t *venue, *end; /* venues done; where the points of each end */
  uint32_t point_count, venue_count, capacity;
  ky_err err;
} found;

typedef struct finder {
  const ky_venues *venues;
  const ky_points *points;
  const ky_anchors *point_anchors, *venue_anchors;
  ky_by_edge on_edge;
  uint32_t primary_mm;
  const uint32_t *node_of;
} finder;

static ky_err plant(ky_job *job, const ky_points *points, const ky_zones *zones, const ky_coverage *coverage, tree *t) {
  t->count = zones->count;
  t->capacity = zones->count + 1024;
  KY_NEW(job, scratch, t->node, t->capacity);
  KY_NEW(job, scratch, t->node_of, points->count);
  for (uint32_t z = 0; z < zones->count; z++) t->node[z] = (node){KY_NONE, KY_NONE, KY_NONE, KY_NONE};
  for (uint32_t i = 0; i < points->count; i++) {
    const uint32_t people = points->people[KY_65] == NULL ? KY_NONE : points->people[KY_65][i];
    const bool is_covered =
        points->row[i] < zones->count && coverage->reach[i] == KY_COVERED && people != KY_NONE && people != 0;
    t->node_of[i] = is_covered ? points->row[i] : KY_NONE;
  }
  return KY_OK;
}

/* Arenas know no threads: one at a time. */
static ky_err more_room(found *to) {
  ky_job *job = to->job;
  uint32_t *larger;
  if (to->capacity >= KY_NONE / 2) return ky_fail_memory(job);
  KY_NEW(job, scratch, larger, 2 * (size_t)to->capacity);
  memcpy(larger, to->point, to->point_count * sizeof *larger);
  to->point = larger;
  to->capacity *= 2;
  return KY_OK;
}

static void keep_point(found *to, uint32_t point) {
  if (to->point_count == to->capacity) {
#pragma omp critical(kayoi_venue_sets)
    to->err = more_room(to);
  }
  if (to->err == KY_OK) to->point[to->point_count++] = point;
}

static void find_points(const finder *f, ky_search *search, uint32_t venue, found *to) {
  const ky_anchors *at = f->venue_anchors;
  ky_search_run(search, at->edge[venue], at->along_mm[venue], at->access_mm[venue], f->primary_mm);
  for (uint32_t e = 0; e < search->edge_count; e++) {
    const uint32_t edge = search->edge[e];
    for (uint32_t k = f->on_edge.first[edge]; k < f->on_edge.first[edge + 1]; k++) {
      const uint32_t point = f->on_edge.place[k];
      if (f->node_of[point] == KY_NONE) continue;
      if (!ky_venue_serves(&f->venues->catchments, venue, f->points->row[point])) continue;
      const uint32_t cost_mm = ky_search_cost(search, edge, f->point_anchors->along_mm[point]);
      if (cost_mm == KY_NONE || cost_mm > f->primary_mm) continue;
      if (f->point_anchors->access_mm[point] <= f->primary_mm - cost_mm) keep_point(to, point);
    }
  }
  to->venue[to->venue_count] = venue;
  to->end[to->venue_count++] = to->point_count;
}

static ky_err grow(ky_job *job, tree *t) {
  node *larger;
  if (t->capacity >= KY_NONE / 2) return ky_fail_memory(job);
  KY_NEW(job, scratch, larger, 2 * (size_t)t->capacity);
  memcpy(larger, t->node, t->count * sizeof *larger);
  t->node = larger;
  t->capacity *= 2;
  return KY_OK;
}

/* The points of a venue leave their classes for classes that it reaches. */
static ky_err divide(ky_job *job, tree *t, uint32_t venue, const uint32_t *point, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t from = t->node_of[point[i]];
    if (t->node[from].child_venue != venue) {
      if (t->count == t->capacity) KY_TRY(grow(job, t));
      t->node[from].child = t->count;
      t->node[from].child_venue = venue;
      t->node[t->count++] = (node){from, venue, KY_NONE, KY_NONE};
    }
    t->node_of[point[i]] = t->node[from].child;
  }
  return KY_OK;
}

/* Searches in parallel until the threads' lists are full, then divides; and again. Which points belong together does
 * not depend on the order of venues. */
static ky_err divide_all(ky_job *job, const ky_network *network, const finder *f, tree *t) {
  const uint32_t venue_count = f->venues->count;
  ky_search *search;
  found *lists;
  uint32_t next = 0;
  KY_NEW(job, scratch, search, job->threads);
  KY_NEW(job, scratch, lists, job->threads);
  for (int i = 0; i < job->threads; i++) {
    KY_TRY(ky_search_new(job, network, &search[i]));
    lists[i].job = job;
    lists[i].capacity = 256;
    KY_NEW(job, scratch, lists[i].point, lists[i].capacity);
    KY_NEW(job, scratch, lists[i].venue, venue_count);
    KY_NEW(job, scratch, lists[i].end, venue_count);
  }
  while (next < venue_count) {
    for (int i = 0; i < job->threads; i++) lists[i].point_count = lists[i].venue_count = 0;
#pragma omp parallel num_threads(job->threads)
    {
      found *mine = &lists[ky_thread()];
      while (mine->point_count < ENOUGH && mine->err == KY_OK) {
        uint32_t v;
#pragma omp atomic capture
        v = next++;
        if (v >= venue_count) break;
        if (f->venues->counts[v] != 0) find_points(f, &search[ky_thread()], v, mine);
      }
    }
    for (int i = 0; i < job->threads; i++) {
      uint32_t from = 0;
      KY_TRY(lists[i].err);
      for (uint32_t k = 0; k < lists[i].venue_count; from = lists[i].end[k++])
        KY_TRY(divide(job, t, lists[i].venue[k], lists[i].point + from, lists[i].end[k] - from));
    }
  }
  return KY_OK;
}

static int by_index(const void *a, const void *b) {
  uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;
  return p < q ? -1 : p > q;
}

/* Numbers the classes that have points, in the order of their first ones. */
static ky_err number_classes(ky_job *job, const ky_points *points, const tree *t, uint32_t **node_out,
                             ky_venue_sets *out) {
  uint32_t *number, *of;
  KY_NEW(job, scratch, number, t->count);
  KY_NEW(job, scratch, of, t->count);
  for (uint32_t i = 0; i < points->count; i++) {
    const uint32_t n = t->node_of[i];
    if (n == KY_NONE || number[n] != 0) continue;
    of[out->count++] = n;
    number[n] = out->count;
  }
  KY_NEW(job, keep, out->row, out->count);
  KY_NEW(job, keep, out->people_65, out->count);
  for (uint32_t i = 0; i < points->count; i++) {
    if (t->node_of[i] == KY_NONE) continue;
    const uint32_t c = number[t->node_of[i]] - 1;
    out->row[c] = points->row[i];
    out->people_65[c] += points->people[KY_65][i];
  }
  *node_out = of;
  return KY_OK;
}

static ky_err list_venues(ky_job *job, const tree *t, const uint32_t *of, ky_venue_sets *out) {
  size_t pairs = 0;
  for (uint32_t c = 0; c < out->count; c++)
    for (uint32_t n = of[c]; t->node[n].parent != KY_NONE; n = t->node[n].parent) pairs++;
  if (pairs >= KY_NONE) return ky_fail_memory(job);
  KY_NEW(job, keep, out->first_venue, (size_t)out->count + 1);
  KY_NEW(job, keep, out->venue, pairs);
  for (uint32_t c = 0; c < out->count; c++) {
    uint32_t end = out->first_venue[c];
    for (uint32_t n = of[c]; t->node[n].parent != KY_NONE; n = t->node[n].parent) out->venue[end++] = t->node[n].venue;
    qsort(out->venue + out->first_venue[c], end - out->first_venue[c], sizeof *out->venue, by_index);
    out->first_venue[c + 1] = end;
  }
  return KY_OK;
}

ky_err ky_venue_sets_build(ky_job *job, const ky_points *points, const ky_zones *zones, const ky_venues *venues,
                           const ky_network *network, const ky_anchors *point_anchors, const ky_anchors *venue_anchors,
                           const ky_coverage *coverage, uint32_t primary_mm, ky_venue_sets *out) {
  tree t = {0};
  finder f = {.venues = venues,
              .points = points,
              .point_anchors = point_anchors,
              .venue_anchors = venue_anchors,
              .primary_mm = primary_mm};
  uint32_t *of = NULL;
  memset(out, 0, sizeof *out);
  KY_TRY(plant(job, points, zones, coverage, &t));
  f.node_of = t.node_of;
  KY_TRY(ky_by_edge_new(job, &job->scratch, network, point_anchors, &f.on_edge));
  KY_TRY(divide_all(job, network, &f, &t));
  KY_TRY(number_classes(job, points, &t, &of, out));
  return list_venues(job, &t, of, out);
}
