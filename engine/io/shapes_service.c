/* Layer service_areas: for every counting venue and band, 30 m around the streets and access legs that are within
 * walking range; then the same for all venues together. A larger band is joined with the smaller one, so bands are
 * nested, and every covered point is inside: it lies on a reached part or at the end of a leg. */
#include <kayoi/write.h>
#include <stdlib.h>
#include <string.h>

#include "core/street_parts.h"
#include "core/thread.h"
#include "io/geos.h"

#define AROUND_M     30.0
#define CORNER_STEPS 3     /* chords in a quarter of a circle: 29 m at the least */
#define NEAR_MM      25000 /* a leg as short as this stays within what is around its street */
#define SIMPLE_M     0.5   /* lines may be straightened by as much; AROUND_M is larger by it */
#define GRID_M       0.001

/* What all threads read, and where they write: rings[venue * bands + band]. */
typedef struct service {
  const ky_result *result;
  const ky_by_edge *on_edge;
  const uint32_t *venue; /* [count] the venues that count */
  uint32_t count, band_count;
  ky_rings *rings;
} service;

/* One thread: its GEOS, its search, its memory for results. */
typedef struct worker {
  ky_geos geos;
  ky_search *search;
  ky_arena arena;
  GEOSGeometry **lines;
  uint32_t line_count, line_capacity;
  double *x, *y; /* room for the longest edge */
  bool is_failed;
} worker;

static bool add_line(worker *w, const double *x, const double *y, uint32_t count) {
  if (w->line_count == w->line_capacity) {
    uint32_t capacity = w->line_capacity == 0 ? 256 : 2 * w->line_capacity;
    GEOSGeometry **more = realloc(w->lines, capacity * sizeof *more);
    if (more == NULL) return false;
    w->lines = more;
    w->line_capacity = capacity;
  }
  w->lines[w->line_count] = ky_geos_line(&w->geos, x, y, count);
  if (w->lines[w->line_count] == NULL) return false;
  w->line_count++;
  return true;
}

/* Legs of the points on an edge that the band covers and the narrower one did not. */
static bool add_legs(const service *s, worker *w, uint32_t edge, uint32_t limit_mm, uint32_t narrower_mm) {
  const ky_result *r = s->result;
  for (uint32_t k = s->on_edge->first[edge]; k < s->on_edge->first[edge + 1]; k++) {
    uint32_t point = s->on_edge->place[k], access = r->point_anchors->access_mm[point];
    if (access <= NEAR_MM) continue;
    uint32_t along = r->point_anchors->along_mm[point], cost = ky_search_cost(w->search, edge, along);
    if (cost == KY_NONE || (uint64_t)cost + access > limit_mm || cost + access <= narrower_mm) continue;
    double x[2] = {r->points->x_m[point]}, y[2] = {r->points->y_m[point]};
    ky_edge_place(r->network, edge, along, &x[1], &y[1]);
    if (!add_line(w, x, y, 2)) return false;
  }
  return true;
}

static bool is_same(const ky_street_part *a, uint32_t a_count, const ky_street_part *b, uint32_t b_count) {
  for (uint32_t i = 0; i < a_count && a_count == b_count; i++)
    if (a[i].from_mm != b[i].from_mm || a[i].to_mm != b[i].to_mm) return false;
  return a_count == b_count;
}

/* Lines of one band that the narrower band does not have already (narrower_mm = 0: all). */
static bool collect_lines(const service *s, worker *w, uint32_t limit_mm, uint32_t narrower_mm) {
  const ky_network *network = s->result->network;
  for (uint32_t e = 0; e < w->search->edge_count; e++) {
    ky_street_part parts[KY_PARTS_MAX], before[KY_PARTS_MAX];
    uint32_t edge = w->search->edge[e], count = ky_search_parts(w->search, edge, limit_mm, parts);
    if (count == 0) continue;
    uint32_t before_count = narrower_mm == 0 ? 0 : ky_search_parts(w->search, edge, narrower_mm, before);
    for (uint32_t p = 0; p < count && !is_same(parts, count, before, before_count); p++) {
      uint32_t vertices = ky_street_part_line(network, edge, &parts[p], w->x, w->y);
      if (!add_line(w, w->x, w->y, vertices)) return false;
    }
    if (!add_legs(s, w, edge, limit_mm, narrower_mm)) return false;
  }
  return true;
}

/* The area around the lines collected, which it takes; NULL on failure. */
static GEOSGeometry *around_lines(worker *w) {
  GEOSGeometry *all = ky_geos_collect(&w->geos, GEOS_MULTILINESTRING, w->lines, w->line_count), *simple = NULL,
               *area = NULL;
  w->line_count = 0;
  if (all != NULL) simple = GEOSSimplify_r(w->geos.handle, all, SIMPLE_M);
  if (simple != NULL) area = GEOSBuffer_r(w->geos.handle, simple, AROUND_M + SIMPLE_M, CORNER_STEPS);
  if (simple != NULL) GEOSGeom_destroy_r(w->geos.handle, simple);
  if (all != NULL) GEOSGeom_destroy_r(w->geos.handle, all);
  return area;
}

/* Joins two areas on the millimetre grid; takes both. NULL on failure. */
static GEOSGeometry *join(worker *w, GEOSGeometry *a, GEOSGeometry *b) {
  GEOSGeometry *joined = a == NULL || b == NULL ? NULL : GEOSUnionPrec_r(w->geos.handle, a, b, GRID_M);
  if (a != NULL) GEOSGeom_destroy_r(w->geos.handle, a);
  if (b != NULL) GEOSGeom_destroy_r(w->geos.handle, b);
  return joined;
}

static bool serve(const service *s, worker *w, uint32_t item) {
  const ky_anchors *anchors = s->result->venue_anchors;
  const uint32_t *bands_mm = s->result->walk_opts->bands_mm, venue = s->venue[item];
  ky_search_run(w->search, anchors->edge[venue], anchors->along_mm[venue], anchors->access_mm[venue],
                bands_mm[s->band_count - 1]);
  GEOSGeometry *area = GEOSGeom_createEmptyPolygon_r(w->geos.handle);
  for (uint32_t b = 0; b < s->band_count && area != NULL; b++) {
    if (!collect_lines(s, w, bands_mm[b], b == 0 ? 0 : bands_mm[b - 1])) break;
    area = join(w, area, around_lines(w));
    if (area == NULL || !ky_geos_rings(&w->geos, area, &w->arena, &s->rings[(size_t)item * s->band_count + b])) break;
    if (b + 1 < s->band_count) continue;
    GEOSGeom_destroy_r(w->geos.handle, area);
    return true;
  }
  if (area != NULL) GEOSGeom_destroy_r(w->geos.handle, area);
  return false;
}

/* All venues together, one band. */
static bool serve_all(const service *s, worker *w, uint32_t band) {
  GEOSGeometry **members = calloc((size_t)s->count + 1, sizeof *members), *all = NULL, *joined = NULL;
  bool is_done = members != NULL;
  uint32_t count = 0;
  for (uint32_t i = 0; is_done && i < s->count; i++) {
    const ky_rings *r = &s->rings[(size_t)i * s->band_count + band];
    uint32_t parts[2] = {0, r->part_count};
    const ky_shapes one = {.kind = KY_SHAPE_POLYGON,
                           .count = 1,
                           .part_count = r->part_count,
                           .first_part = parts,
                           .vertex_count = r->vertex_count,
                           .first_vertex = r->first_vertex,
                           .is_hole = r->is_hole,
                           .x = r->x,
                           .y = r->y};
    members[count] = ky_geos_polygons(&w->geos, &one, 0);
    is_done = members[count] != NULL;
    count += is_done;
  }
  if (members != NULL) all = ky_geos_collect(&w->geos, GEOS_GEOMETRYCOLLECTION, members, count);
  if (is_done && all != NULL) joined = GEOSUnaryUnionPrec_r(w->geos.handle, all, GRID_M);
  is_done =
      joined != NULL && ky_geos_rings(&w->geos, joined, &w->arena, &s->rings[(size_t)s->count * s->band_count + band]);
  if (joined != NULL) GEOSGeom_destroy_r(w->geos.handle, joined);
  if (all != NULL) GEOSGeom_destroy_r(w->geos.handle, all);
  free(members);
  return is_done;
}

static ky_err work(ky_job *job, const service *s, worker *workers, ky_shapes *out) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
  for (uint32_t i = 0; i < s->count; i++) {
    worker *w = &workers[ky_thread()];
    if (!w->is_failed) w->is_failed = !serve(s, w, i);
  }
  for (int t = 0; t < job->threads; t++)
    if (workers[t].is_failed) return ky_geos_fail(job, &workers[t].geos, "service_areas");
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
  for (uint32_t b = 0; b < s->band_count; b++) {
    worker *w = &workers[ky_thread()];
    if (!w->is_failed) w->is_failed = !serve_all(s, w, b);
  }
  for (int t = 0; t < job->threads; t++)
    if (workers[t].is_failed) return ky_geos_fail(job, &workers[t].geos, "service_areas");
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
    KY_NEW(job, scratch, w->search, 1);
    KY_TRY(ky_search_new(job, network, w->search));
  }
  return KY_OK;
}

static ky_err make_shapes(ky_job *job, const service *s, ky_shapes *out) {
  worker *workers;
  ky_err err = KY_OK;
  KY_TRY(new_workers(job, s->result->network, &workers));
  for (int t = 0; t < job->threads && err == KY_OK; t++)
    if (!ky_geos_open(&workers[t].geos)) err = ky_fail_memory(job);
  if (err == KY_OK) err = work(job, s, workers, out);
  for (int t = 0; t < job->threads; t++) {
    worker *w = &workers[t];
    for (uint32_t i = 0; i < w->line_count; i++) GEOSGeom_destroy_r(w->geos.handle, w->lines[i]);
    free(w->lines);
    ky_arena_free(&w->arena);
    ky_geos_close(&w->geos);
  }
  return err;
}

ky_err ky_service_areas_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_venues *venues = result->venues;
  const uint32_t bands = result->walk_opts->band_count;
  service s = {.result = result, .band_count = bands};
  uint32_t *venue;
  ky_by_edge on_edge;
  ky_shapes *shapes;
  const char **id;
  int64_t *band_m, *people;
  KY_NEW(job, scratch, venue, venues->count);
  for (uint32_t v = 0; v < venues->count; v++)
    if (venues->counts[v] == 1 && result->venue_anchors->edge[v] != KY_NONE) venue[s.count++] = v;
  const uint32_t count = (s.count + 1) * bands;
  s.venue = venue;
  KY_TRY(ky_by_edge_new(job, &job->scratch, result->network, result->point_anchors, &on_edge));
  s.on_edge = &on_edge;
  KY_NEW(job, scratch, s.rings, count);
  KY_NEW(job, keep, shapes, 1);
  KY_TRY(make_shapes(job, &s, shapes));
  KY_NEW(job, keep, id, count);
  KY_NEW(job, keep, band_m, count);
  KY_NEW(job, keep, people, count);
  const uint32_t all_row = KY_ROW_MUNICIPALITY(result->zones);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t item = i / bands, band = i % bands;
    bool is_one = item < s.count;
    id[i] = is_one ? venues->id[venue[item]] : NULL;
    band_m[i] = result->walk_opts->bands_mm[band];
    people[i] =
        is_one ? result->coverage->venue_people[band][venue[item]] : result->coverage->covered_band[band][all_row];
  }
  KY_TRY(ky_table_new(job, "service_areas", "徒歩圏", count, shapes, 3, out));
  ky_table_text(out, "venue_id", "通いの場番号（空欄は全体）", id);
  ky_table_fixed(out, "band_m", "徒歩距離", "m", 3, band_m);
  ky_table_fixed(out, "people_65", "65歳以上", "people", 3, people);
  return KY_OK;
}
