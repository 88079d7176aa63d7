/* Layer service_areas: for every counting venue and band the streets and access legs within walking range and what is
 * within 30 m of them; then the same for all venues together. Bands are nested, each venue is inside the whole, and
 * every covered point is inside (around.h says why): it lies on a reached part of a street or at the end of a leg. */
#include <kayoi/write.h>
#include <math.h>
#include <string.h>

#include "core/around.h"
#include "core/sort.h"
#include "core/street_parts.h"
#include "core/thread.h"

/* What all threads read, and where they write: rings[item * bands + band], the last item is all venues together. */
typedef struct service {
  const ky_result *result;
  const ky_by_edge *on_edge; /* points */
  const uint32_t *venue;     /* [count] the venues that count */
  uint32_t *first;           /* [count] the first item at the same place of a street, itself if there is none before */
  uint8_t *is_drawn;         /* [count] */
  uint32_t count, band_count;
  ky_rings *rings;
  ky_around *all; /* [bands] */
} service;

/* Venues of one hall have areas of their own, which are equal; of a heap of venues only so many are drawn. */
#define DRAWN_AT_ONE_PLACE 100

typedef struct worker {
  ky_search search;
  ky_arena results, scratch;
  double *x, *y; /* room for the longest street */
  bool is_out;   /* of memory */
} worker;

/* Lines of one band that the narrower one (narrower_mm = 0: none) does not have already. */
static bool add_street(const service *s, worker *w, uint32_t edge, uint32_t limit_mm, uint32_t narrower_mm,
                       ky_around *map) {
  const ky_network *network = s->result->network;
  ky_street_part parts[KY_PARTS_MAX], before[KY_PARTS_MAX];
  uint32_t count = ky_search_parts(&w->search, edge, limit_mm, parts);
  uint32_t before_count = narrower_mm == 0 ? 0 : ky_search_parts(&w->search, edge, narrower_mm, before);
  if (before_count == 1 && before[0].from_mm == 0 && before[0].to_mm == network->length_mm[edge]) return true;
  for (uint32_t p = 0; p < count; p++) {
    uint32_t vertices = ky_street_part_line(network, edge, &parts[p], w->x, w->y);
    if (!ky_around_line(map, w->x, w->y, vertices)) return false;
  }
  return true;
}

/* Legs of the points on a street that are within the band. */
static bool add_legs(const service *s, worker *w, uint32_t edge, uint32_t limit_mm, uint32_t narrower_mm,
                     ky_around *map) {
  const ky_result *r = s->result;
  for (uint32_t k = s->on_edge->first[edge]; k < s->on_edge->first[edge + 1]; k++) {
    uint32_t point = s->on_edge->place[k], access = r->point_anchors->access_mm[point];
    uint32_t along = r->point_anchors->along_mm[point], cost = ky_search_cost(&w->search, edge, along);
    if (access == 0 || cost == KY_NONE) continue;
    uint64_t walk_mm = (uint64_t)cost + access;
    if (walk_mm > limit_mm || (narrower_mm != 0 && walk_mm <= narrower_mm)) continue;
    double x[2] = {r->points->x_m[point]}, y[2] = {r->points->y_m[point]};
    ky_edge_place(r->network, edge, along, &x[1], &y[1]);
    if (!ky_around_line(map, x, y, 2)) return false;
  }
  return true;
}

/* Where everything within the limit lies: no walk is shorter than the straight line. */
static ky_box box_around(const ky_result *r, uint32_t venue, uint32_t limit_mm) {
  double x, y, reach = limit_mm / 1000.0 + 1;
  ky_edge_place(r->network, r->venue_anchors->edge[venue], r->venue_anchors->along_mm[venue], &x, &y);
  return (ky_box){x - reach, y - reach, x + reach, y + reach};
}

static bool serve(const service *s, worker *w, uint32_t item) {
  const ky_anchors *anchors = s->result->venue_anchors;
  const uint32_t *bands_mm = s->result->walk_opts->bands_mm, venue = s->venue[item],
                 widest = bands_mm[s->band_count - 1];
  ky_around map;
  ky_search_run(&w->search, anchors->edge[venue], anchors->along_mm[venue], anchors->access_mm[venue], widest);
  if (!ky_around_open(&map, &w->scratch, box_around(s->result, venue, widest))) return false;
  for (uint32_t b = 0; b < s->band_count; b++) {
    const uint32_t narrower_mm = b == 0 ? 0 : bands_mm[b - 1];
    for (uint32_t e = 0; e < w->search.edge_count; e++) {
      uint32_t edge = w->search.edge[e];
      if (!add_street(s, w, edge, bands_mm[b], narrower_mm, &map)) return false;
      if (!add_legs(s, w, edge, bands_mm[b], narrower_mm, &map)) return false;
    }
    if (!ky_around_rings(&map, &w->scratch, &w->results, &s->rings[(size_t)item * s->band_count + b])) return false;
    bool is_added;
#pragma omp critical(service_areas_all)
    is_added = ky_around_add(&s->all[b], &map); /* the largest of values: the order of venues does not show */
    if (!is_added) return false;
  }
  return true;
}

static bool is_same_place(const ky_anchors *a, uint32_t v, uint32_t w) {
  return a->edge[v] == a->edge[w] && a->along_mm[v] == a->along_mm[w] && a->access_mm[v] == a->access_mm[w];
}

/* Equal places lie side by side once sorted by street, then by place, then by leg; the sorts are stable. */
static ky_err find_places(ky_job *job, service *s) {
  const ky_anchors *a = s->result->venue_anchors;
  uint64_t *key;
  uint32_t *order, left_out = 0;
  KY_NEW(job, scratch, s->first, s->count);
  KY_NEW(job, scratch, s->is_drawn, s->count);
  KY_NEW(job, scratch, key, s->count);
  KY_NEW(job, scratch, order, s->count);
  for (uint32_t i = 0; i < s->count; i++) {
    order[i] = i;
    key[i] = a->access_mm[s->venue[i]];
  }
  KY_TRY(ky_sort_pairs(job, key, order, s->count));
  for (uint32_t i = 0; i < s->count; i++)
    key[i] = (uint64_t)a->edge[s->venue[order[i]]] << 32 | a->along_mm[s->venue[order[i]]];
  KY_TRY(ky_sort_pairs(job, key, order, s->count));
  for (uint32_t i = 0, start = 0; i < s->count; i++) {
    if (!is_same_place(a, s->venue[order[start]], s->venue[order[i]])) start = i;
    s->first[order[i]] = order[start];
    s->is_drawn[order[i]] = i - start < DRAWN_AT_ONE_PLACE;
    left_out += s->is_drawn[order[i]] == 0;
  }
  if (left_out != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = "service_areas",
                             .reason = "many_venues_at_one_place",
                             .action = ky_tr("the areas of the first ones are drawn, those of the others are equal; is "
                                             "a default place written where the real one was not known?")},
                 ky_tr("%u venues stand at the same place of a street as %u others"), left_out, DRAWN_AT_ONE_PLACE);
  return KY_OK;
}

static ky_err work(ky_job *job, const service *s, worker *workers, ky_shapes *out) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
  for (uint32_t i = 0; i < s->count; i++) {
    worker *w = &workers[ky_thread()];
    if (s->first[i] != i) continue;
    w->is_out = w->is_out || !serve(s, w, i);
    ky_arena_reset(&w->scratch);
  }
  for (uint32_t i = 0; i < s->count; i++)
    for (uint32_t b = 0; b < s->band_count && s->is_drawn[i] != 0; b++)
      s->rings[(size_t)i * s->band_count + b] = s->rings[(size_t)s->first[i] * s->band_count + b];
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
  for (uint32_t b = 0; b < s->band_count; b++) {
    worker *w = &workers[ky_thread()];
    ky_rings *rings = &s->rings[(size_t)s->count * s->band_count + b];
    w->is_out = w->is_out || !ky_around_rings(&s->all[b], &w->scratch, &w->results, rings);
    ky_arena_reset(&w->scratch);
  }
  for (int t = 0; t < job->threads; t++)
    if (workers[t].is_out) return ky_fail_memory(job);
  return ky_rings_shapes(job, s->rings, (s->count + 1) * s->band_count, out);
}

static ky_err new_workers(ky_job *job, const ky_network *network, worker **out) {
  uint32_t most = 2;
  for (uint32_t e = 0; e < network->edge_count; e++) {
    uint32_t count = network->first_vertex[e + 1] - network->first_vertex[e];
    if (count > most) most = count;
  }
  KY_NEW(job, scratch, *out, job->threads);
  for (int t = 0; t < job->threads; t++) {
    worker *w = &(*out)[t];
    KY_NEW(job, scratch, w->x, most);
    KY_NEW(job, scratch, w->y, most);
    KY_TRY(ky_search_new(job, network, &w->search));
  }
  return KY_OK;
}

static ky_err new_maps(ky_job *job, service *s) {
  const uint32_t widest = s->result->walk_opts->bands_mm[s->band_count - 1];
  ky_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (uint32_t i = 0; i < s->count; i++) {
    ky_box one = box_around(s->result, s->venue[i], widest);
    box = (ky_box){fmin(box.x_min, one.x_min), fmin(box.y_min, one.y_min), fmax(box.x_max, one.x_max),
                   fmax(box.y_max, one.y_max)};
  }
  if (s->count == 0) box = (ky_box){0, 0, 0, 0};
  KY_NEW(job, scratch, s->all, s->band_count);
  /* tiles are taken from scratch inside the critical section only */
  for (uint32_t b = 0; b < s->band_count; b++)
    if (!ky_around_open(&s->all[b], &job->scratch, box)) return ky_fail_memory(job);
  return KY_OK;
}

static ky_err make_shapes(ky_job *job, service *s, ky_shapes **out) {
  worker *workers;
  KY_NEW(job, keep, *out, 1);
  KY_NEW(job, scratch, s->rings, (size_t)(s->count + 1) * s->band_count);
  KY_TRY(new_maps(job, s));
  KY_TRY(new_workers(job, s->result->network, &workers));
  ky_err err = work(job, s, workers, *out);
  for (int t = 0; t < job->threads; t++) {
    ky_arena_free(&workers[t].results);
    ky_arena_free(&workers[t].scratch);
  }
  return err;
}

static ky_err add_columns(ky_job *job, const service *s, ky_table *table) {
  const ky_result *r = s->result;
  const uint32_t all_row = KY_ROW_MUNICIPALITY(r->zones);
  const char **id;
  int64_t *band_m, *people;
  KY_NEW(job, keep, id, table->count);
  KY_NEW(job, keep, band_m, table->count);
  KY_NEW(job, keep, people, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    uint32_t item = i / s->band_count, band = i % s->band_count;
    bool is_one = item < s->count;
    id[i] = is_one ? r->venues->id[s->venue[item]] : NULL;
    band_m[i] = r->walk_opts->bands_mm[band];
    people[i] = is_one ? r->coverage->venue_people[band][s->venue[item]] : r->coverage->covered_band[band][all_row];
  }
  ky_table_text(table, "venue_id", "通いの場番号（空欄は全体）", id);
  ky_table_fixed(table, "band_m", "徒歩距離", "m", 3, band_m);
  ky_table_fixed(table, "people_65", "65歳以上", "people", 3, people);
  return KY_OK;
}

ky_err ky_service_areas_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_venues *venues = result->venues;
  service s = {.result = result, .band_count = result->walk_opts->band_count};
  ky_by_edge on_edge;
  ky_shapes *shapes = NULL;
  uint32_t *venue;
  KY_NEW(job, scratch, venue, venues->count);
  for (uint32_t v = 0; v < venues->count; v++)
    if (venues->counts[v] == 1 && result->venue_anchors->edge[v] != KY_NONE) venue[s.count++] = v;
  s.venue = venue;
  KY_TRY(find_places(job, &s));
  KY_TRY(ky_by_edge_new(job, &job->scratch, result->network, result->point_anchors, &on_edge));
  s.on_edge = &on_edge;
  KY_TRY(make_shapes(job, &s, &shapes));
  KY_TRY(ky_table_new(job, "service_areas", "徒歩圏", shapes->count, shapes, 3, out));
  return add_columns(job, &s, out);
}
