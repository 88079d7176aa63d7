/* Venues: whom each one serves. One bounded search per counting venue, over venues in parallel; every sum is a sum of
 * integers, so the order of threads does not show. People by row are counted densely for some venues at a time, and
 * kept sparsely: a venue serves few of a country's zones. */
#include <string.h>

#include "core/coverage_parts.h"
#include "core/thread.h"

/* Who covers a point: how many venues, and the sum of their numbers (one venue: its number). */
typedef struct coverers {
  uint32_t *count, *sum; /* [points] */
} coverers;

/* Venues whose rows are counted densely at a time. */
#define STEP 256

typedef struct serving {
  const ky_points *points;
  const ky_anchors *anchors; /* of the points */
  const ky_by_edge *on_edge;
  const ky_walk_opts *opts;
  const ky_catchments *catchments;
  uint32_t outside; /* first row outside the municipality */
  coverers covered_by;
  int64_t *dense; /* [venues at a time x rows] people 65+ within the primary distance */
  ky_coverage *out;
} serving;

/* dense: of this venue. */
static void serve_point(const serving *s, uint32_t venue, int64_t *dense, uint32_t point, uint32_t walk_mm) {
  const ky_points *points = s->points;
  if (!ky_venue_serves(s->catchments, venue, points->row[point])) return;
  if (walk_mm <= s->opts->primary_mm) {
#pragma omp atomic
    s->covered_by.count[point]++;
#pragma omp atomic
    s->covered_by.sum[point] += venue;
  }
  uint32_t row = points->row[point], people = points->people[KY_65][point];
  if (people == KY_NONE) return;
  if (walk_mm <= s->opts->primary_mm) dense[row] += people;
  for (uint32_t b = 0; row < s->outside && b < s->opts->band_count; b++)
    if (walk_mm <= s->opts->bands_mm[b]) s->out->venue_people[b][venue] += people;
}

static void serve(const serving *s, ky_search *search, const ky_anchors *venue_anchors, uint32_t venue,
                  int64_t *dense) {
  ky_search_run(search, venue_anchors->edge[venue], venue_anchors->along_mm[venue], venue_anchors->access_mm[venue],
                s->opts->bands_mm[s->opts->band_count - 1]);
  for (uint32_t e = 0; e < search->edge_count; e++) {
    uint32_t edge = search->edge[e];
    for (uint32_t k = s->on_edge->first[edge]; k < s->on_edge->first[edge + 1]; k++) {
      uint32_t point = s->on_edge->place[k], cost_mm = ky_search_cost(search, edge, s->anchors->along_mm[point]);
      if (cost_mm != KY_NONE) serve_point(s, venue, dense, point, cost_mm + s->anchors->access_mm[point]);
    }
  }
}

static ky_err new_columns(ky_job *job, const ky_venues *venues, const ky_walk_opts *opts, ky_coverage *out) {
  for (uint32_t b = 0; b < opts->band_count; b++) KY_NEW(job, keep, out->venue_people[b], venues->count);
  KY_NEW(job, keep, out->venue_nearest, venues->count);
  KY_NEW(job, keep, out->venue_only, venues->count);
  KY_NEW(job, keep, out->venue_rows.first, (size_t)venues->count + 1);
  return KY_OK;
}

/* Rows of all venues so far, while their number is not known. */
typedef struct row_list {
  uint32_t count, capacity;
  uint32_t *row;
  int64_t *people;
} row_list;

static ky_err make_room(ky_job *job, uint32_t more, row_list *list) {
  if (list->capacity - list->count >= more) return KY_OK;
  if (more > KY_NONE / 4 || list->count > KY_NONE / 4) return ky_fail_memory(job);
  row_list larger = {.count = list->count, .capacity = 2 * (list->count + more)};
  KY_NEW(job, scratch, larger.row, larger.capacity);
  KY_NEW(job, scratch, larger.people, larger.capacity);
  if (list->count != 0) memcpy(larger.row, list->row, list->count * sizeof *list->row);
  if (list->count != 0) memcpy(larger.people, list->people, list->count * sizeof *list->people);
  *list = larger;
  return KY_OK;
}

/* Appends the rows of a venue that have people, and empties them. */
static ky_err gather(ky_job *job, uint32_t row_count, int64_t *dense, row_list *list) {
  KY_TRY(make_room(job, row_count, list));
  for (uint32_t row = 0; row < row_count; row++) {
    if (dense[row] == 0) continue;
    list->row[list->count] = row;
    list->people[list->count++] = dense[row];
    dense[row] = 0;
  }
  return KY_OK;
}

static ky_err keep_rows(ky_job *job, const row_list *list, ky_venue_rows *out) {
  KY_NEW(job, keep, out->row, list->count);
  KY_NEW(job, keep, out->people, list->count);
  if (list->count == 0) return KY_OK;
  memcpy(out->row, list->row, list->count * sizeof *out->row);
  memcpy(out->people, list->people, list->count * sizeof *out->people);
  return KY_OK;
}

static ky_err serve_all(ky_job *job, serving *s, const ky_venues *venues, const ky_anchors *venue_anchors,
                        ky_search *search) {
  const uint32_t rows = s->out->row_count;
  row_list list = {0};
  KY_NEW(job, scratch, s->dense, (size_t)STEP * rows);
  for (uint32_t from = 0, end; from < venues->count; from = end) {
    end = venues->count - from > STEP ? from + STEP : venues->count;
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
    for (uint32_t v = from; v < end; v++)
      if (venues->counts[v] != 0)
        serve(s, &search[ky_thread()], venue_anchors, v, s->dense + (size_t)(v - from) * rows);
    for (uint32_t v = from; v < end; v++) {
      KY_TRY(gather(job, rows, s->dense + (size_t)(v - from) * rows, &list));
      s->out->venue_rows.first[v + 1] = list.count;
    }
  }
  return keep_rows(job, &list, &s->out->venue_rows);
}

/* A venue for zones from which nobody walks to it: a wrong text, or a wrong place. */
static void tell_out_of_reach(ky_job *job, const ky_venues *venues, const ky_walk_opts *opts, const ky_coverage *out) {
  for (uint32_t v = 0; v < venues->count; v++) {
    if (venues->counts[v] == 0 || ky_catchment_set(&venues->catchments, v) == KY_NONE) continue;
    if (out->venue_people[opts->band_count - 1][v] != 0) continue;
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = "venues",
                             .record = venues->id[v],
                             .field = "catchment",
                             .reason = "catchment_out_of_reach",
                             .has_place = true,
                             .x_m = venues->x_m[v],
                             .y_m = venues->y_m[v],
                             .action = ky_tr("it covers nobody; look at its place and at the zones it is for")},
                 ky_tr("nobody aged 65 and over of the zones that the venue serves ('%.200s') lives within %g m"),
                 venues->text[KY_VENUE_CATCHMENT][v], opts->bands_mm[opts->band_count - 1] / 1000.0);
  }
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
               .catchments = &venues->catchments,
               .outside = KY_ROW_OUTSIDE(zones),
               .out = out};
  KY_TRY(new_columns(job, venues, opts, out));
  KY_TRY(ky_by_edge_new(job, &job->scratch, network, point_anchors, &on_edge));
  KY_NEW(job, scratch, s.covered_by.count, points->count);
  KY_NEW(job, scratch, s.covered_by.sum, points->count);
  KY_NEW(job, scratch, search, job->threads);
  for (int t = 0; t < job->threads; t++) KY_TRY(ky_search_new(job, network, &search[t]));
  KY_TRY(serve_all(job, &s, venues, venue_anchors, search));
  for (uint32_t i = 0; i < points->count; i++) {
    uint32_t people = points->people[KY_65][i];
    if (people == KY_NONE || points->row[i] >= s.outside) continue;
    if (out->venue[i] != KY_NONE) out->venue_nearest[out->venue[i]] += people;
    if (s.covered_by.count[i] == 1) out->venue_only[s.covered_by.sum[i]] += people;
  }
  tell_out_of_reach(job, venues, opts, out);
  return KY_OK;
}
