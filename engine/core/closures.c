/* Each venue closed in turn, without a run for each: who is covered has a nearest venue, and only its end can matter;
 * then the second nearest decides. */
#include <kayoi/closures.h>
#include <string.h>

#include "core/ratio.h"
#include "core/sort.h"

typedef struct closing {
  ky_job *job;
  const ky_points *points;
  const ky_venues *venues;
  const ky_coverage *coverage;
  uint32_t primary_mm;
  int64_t attendances_milli;
  ky_nearest nearest; /* two, of covered points of the municipality */
  uint32_t *order;    /* those points by nearest venue, then row, then next venue */
  uint32_t order_count;
} closing;

static uint32_t first_of(const closing *c, uint32_t point) {
  return c->nearest.source[(size_t)point * 2];
}

/* KY_NONE: there is none within the walking range. */
static uint32_t second_of(const closing *c, uint32_t point) {
  return c->nearest.walk_mm[(size_t)point * 2 + 1] <= c->primary_mm ? c->nearest.source[(size_t)point * 2 + 1]
                                                                    : KY_NONE;
}

static int64_t people_of(const closing *c, ky_measure measure, uint32_t point) {
  const uint32_t *people = c->points->people[measure];
  return people == NULL || people[point] == KY_NONE ? 0 : people[point];
}

static ky_err find_nearest(closing *c, const ky_network *network, const ky_contraction *contraction,
                           const ky_anchors *point_anchors, const ky_anchors *venue_anchors, const ky_zones *zones) {
  ky_job *job = c->job;
  const ky_points *points = c->points;
  uint32_t *row;
  KY_NEW(job, scratch, row, points->count);
  for (uint32_t i = 0; i < points->count; i++) {
    const bool is_asked = c->coverage->reach[i] == KY_COVERED && points->row[i] < KY_ROW_OUTSIDE(zones) &&
                          people_of(c, KY_65, i) + people_of(c, KY_75, i) != 0;
    row[i] = is_asked ? points->row[i] : KY_NONE;
    c->order_count += is_asked;
  }
  return ky_nearest_serving(job, network, contraction, venue_anchors, c->venues, point_anchors, row, 2, &c->nearest);
}

/* Stable: by next venue, then by row, then by nearest venue. */
static ky_err sort_points(closing *c) {
  ky_job *job = c->job;
  uint64_t *key;
  uint32_t at = 0;
  KY_NEW(job, scratch, c->order, c->order_count);
  KY_NEW(job, scratch, key, c->order_count);
  for (uint32_t i = 0; i < c->points->count; i++)
    if (first_of(c, i) != KY_NONE) c->order[at++] = i;
  c->order_count = at;
  for (uint32_t k = 0; k < at; k++) key[k] = (uint64_t)c->points->row[c->order[k]] << 32 | second_of(c, c->order[k]);
  KY_TRY(ky_sort_pairs(job, key, c->order, at));
  for (uint32_t k = 0; k < at; k++) key[k] = first_of(c, c->order[k]);
  return ky_sort_pairs(job, key, c->order, at);
}

/* What of one venue is counted: its points are order[from .. to). */
typedef struct tally {
  uint32_t venue, from, to;
  int64_t losing[2], staying_65, next_free;
  uint32_t next, extra_mm;
} tally;

static int64_t free_seats(const closing *c, uint32_t venue) {
  const ky_venues *v = c->venues;
  const int64_t seats = ky_venue_seats(v->capacity[venue], v->sessions_milli[venue], c->attendances_milli);
  if (seats == KY_NULL || v->participants[venue] == KY_NULL) return KY_NULL;
  return seats > v->participants[venue] ? seats - v->participants[venue] : 0;
}

/* Next venues of those who stay: most people first, and the free seats of all of them. by_next: their points. */
static ky_err count_next(const closing *c, tally *t) {
  ky_job *job = c->job;
  const ky_arena_mark mark = ky_arena_now(&job->scratch);
  uint64_t *key;
  uint32_t *point, n = 0;
  KY_NEW(job, scratch, key, t->to - t->from);
  KY_NEW(job, scratch, point, t->to - t->from);
  for (uint32_t k = t->from; k < t->to; k++) {
    const uint32_t next = second_of(c, c->order[k]);
    if (next == KY_NONE || people_of(c, KY_65, c->order[k]) == 0) continue;
    key[n] = next;
    point[n++] = c->order[k];
  }
  KY_TRY(ky_sort_pairs(job, key, point, n));
  int64_t most = 0;
  for (uint32_t k = 0; k < n;) {
    const uint32_t venue = (uint32_t)key[k];
    int64_t people = 0;
    for (; k < n && key[k] == venue; k++) people += people_of(c, KY_65, point[k]);
    const int64_t seats = free_seats(c, venue);
    if (seats != KY_NULL) t->next_free = t->next_free == KY_NULL ? seats : ky_add(t->next_free, seats);
    if (people <= most) continue;
    most = people;
    t->next = venue;
  }
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}

static ky_err count_venue(const closing *c, tally *t) {
  ky_wide extra = 0;
  t->next = t->extra_mm = KY_NONE;
  t->next_free = KY_NULL;
  for (uint32_t k = t->from; k < t->to; k++) {
    const uint32_t i = c->order[k];
    const int64_t people = people_of(c, KY_65, i);
    if (second_of(c, i) == KY_NONE) {
      t->losing[0] += people;
      t->losing[1] += people_of(c, KY_75, i);
    } else {
      t->staying_65 += people;
      extra += (ky_wide)people * (c->nearest.walk_mm[(size_t)i * 2 + 1] - c->nearest.walk_mm[(size_t)i * 2]);
    }
  }
  if (t->staying_65 != 0) t->extra_mm = (uint32_t)ky_wide_round(extra, t->staying_65);
  return count_next(c, t);
}

/* People who lose coverage by row; points of a venue stand in the order of their rows. With row = NULL only counts. */
static uint32_t count_rows(const closing *c, const tally *t, uint32_t *row, int64_t *const losing[2]) {
  uint32_t count = 0, last = KY_NONE;
  for (uint32_t k = t->from; k < t->to; k++) {
    const uint32_t i = c->order[k];
    if (second_of(c, i) != KY_NONE) continue;
    if (c->points->row[i] != last) {
      last = c->points->row[i];
      if (row != NULL) row[count] = last;
      count++;
    }
    for (int band = 0; row != NULL && band < 2; band++)
      if (losing[band] != NULL) losing[band][count - 1] += people_of(c, band == 0 ? KY_65 : KY_75, i);
  }
  return count;
}

static ky_err fill(const closing *c, const tally *tallies, uint32_t count, ky_closures *out) {
  ky_job *job = c->job;
  const bool has_75 = c->points->people[KY_75] != NULL;
  uint32_t *order, rows = 0;
  uint64_t *key;
  KY_NEW(job, scratch, order, count);
  KY_NEW(job, scratch, key, count);
  for (uint32_t k = 0; k < count; k++) {
    order[k] = k;
    key[k] = (uint64_t)(INT64_MAX - tallies[k].losing[0]);
    rows += count_rows(c, &tallies[k], NULL, NULL);
  }
  KY_TRY(ky_sort_pairs(job, key, order, count));
  out->count = count;
  KY_NEW(job, keep, out->venue, count);
  KY_NEW(job, keep, out->losing[0], count);
  if (has_75) KY_NEW(job, keep, out->losing[1], count);
  KY_NEW(job, keep, out->staying_65, count);
  KY_NEW(job, keep, out->extra_mm, count);
  KY_NEW(job, keep, out->next, count);
  KY_NEW(job, keep, out->next_free, count);
  KY_NEW(job, keep, out->first_row, count + 1);
  KY_NEW(job, keep, out->row, rows);
  KY_NEW(job, keep, out->row_losing[0], rows);
  if (has_75) KY_NEW(job, keep, out->row_losing[1], rows);
  for (uint32_t k = 0; k < count; k++) {
    const tally *t = &tallies[order[k]];
    const uint32_t first = out->first_row[k];
    int64_t *const losing[2] = {out->row_losing[0] + first, has_75 ? out->row_losing[1] + first : NULL};
    out->venue[k] = t->venue;
    out->losing[0][k] = t->losing[0];
    if (has_75) out->losing[1][k] = t->losing[1];
    out->staying_65[k] = t->staying_65;
    out->extra_mm[k] = t->extra_mm;
    out->next[k] = t->next;
    out->next_free[k] = t->next_free;
    out->first_row[k + 1] = first + count_rows(c, t, out->row + first, losing);
  }
  return KY_OK;
}

ky_err ky_closures_build(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                         const ky_points *points, const ky_anchors *point_anchors, const ky_anchors *venue_anchors,
                         const ky_venues *venues, const ky_zones *zones, const ky_coverage *coverage,
                         uint32_t primary_mm, int64_t attendances_milli, ky_closures *out) {
  closing c = {.job = job,
               .points = points,
               .venues = venues,
               .coverage = coverage,
               .primary_mm = primary_mm,
               .attendances_milli = attendances_milli};
  tally *tallies;
  uint32_t count = 0, at = 0;
  memset(out, 0, sizeof *out);
  out->row_count = KY_ROW_COUNT(zones);
  KY_TRY(find_nearest(&c, network, contraction, point_anchors, venue_anchors, zones));
  KY_TRY(sort_points(&c));
  KY_NEW(job, scratch, tallies, venues->count);
  for (uint32_t v = 0; v < venues->count; v++) {
    if (venues->counts[v] == 0) continue;
    tally *t = &tallies[count++];
    t->venue = v;
    t->from = at;
    while (at < c.order_count && first_of(&c, c.order[at]) == v) at++;
    t->to = at;
    KY_TRY(count_venue(&c, t));
  }
  return fill(&c, tallies, count, out);
}
