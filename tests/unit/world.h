/* A municipality made of plain numbers, for the rooms after coverage: zones, points, venues and the ledger that
 * follows from the states of the points. Counted here by hand, not by the engine. */
#ifndef KAYOI_TEST_WORLD_H
#define KAYOI_TEST_WORLD_H

#include "town.h"

typedef struct world {
  ky_job job;
  ky_zones zones;
  ky_cells cells;
  ky_points points;
  ky_venues venues;
  ky_coverage coverage;
  ky_venue_sets sets;
  ky_candidates candidates;
  ky_sites sites;
} world;

#define WORLD_NEW(w, pointer, n) assert_non_null((pointer) = ky_arena_alloc(&(w)->job.keep, (n), sizeof *(pointer)))

static inline void world_fill64(int64_t *values, uint32_t count, int64_t value) {
  for (uint32_t i = 0; i < count; i++) values[i] = value;
}

/* Zones z0, z1, ...: strips 10 km wide, side by side from x = 0. */
static inline void world_zones(world *w, uint32_t count) {
  ky_zones *zones = &w->zones;
  double(*box)[4];
  zones->count = count;
  WORLD_NEW(w, zones->id, count);
  WORLD_NEW(w, box, count);
  for (uint32_t z = 0; z < count; z++) {
    assert_non_null(zones->id[z] = ky_format(&w->job.keep, "z%u", z));
    box[z][0] = z * 10000.0;
    box[z][1] = 0;
    box[z][2] = (z + 1) * 10000.0;
    box[z][3] = 10000;
  }
  zones->name = zones->id;
  town_boxes(&w->job, (const double(*)[4])box, count, &zones->shapes);
  WORLD_NEW(w, zones->rate, count);
  WORLD_NEW(w, zones->rate_basis, count);
  WORLD_NEW(w, zones->participants, count);
  WORLD_NEW(w, zones->participants_m, count);
  WORLD_NEW(w, zones->participants_f, count);
  WORLD_NEW(w, zones->participants_weekly, count);
  WORLD_NEW(w, zones->participants_of, count);
  WORLD_NEW(w, zones->participants_date, count);
  WORLD_NEW(w, zones->grid_share, count);
  WORLD_NEW(w, zones->road_share, count);
  world_fill64(zones->rate, count, KY_NULL);
  world_fill64(zones->participants, count, KY_NULL);
  world_fill64(zones->participants_m, count, KY_NULL);
  world_fill64(zones->participants_f, count, KY_NULL);
  world_fill64(zones->participants_weekly, count, KY_NULL);
  memset(zones->participants_of, KY_65, count);
  world_fill64(zones->grid_share, count, KY_WHOLE);
  world_fill64(zones->road_share, count, KY_WHOLE);
}

/* Points of one cell each ten; total, 65+ and 75+ people, all zero; in zone 0, beyond, 1 km from no venue. */
static inline void world_points(world *w, uint32_t count) {
  static const ky_measure measures[] = {KY_TOTAL, KY_65, KY_75};
  ky_points *points = &w->points;
  ky_coverage *coverage = &w->coverage;
  points->count = coverage->point_count = count;
  w->cells.count = coverage->cell_count = count / 10 + 1;
  WORLD_NEW(w, w->cells.id, w->cells.count);
  for (uint32_t c = 0; c < w->cells.count; c++) assert_non_null(w->cells.id[c] = ky_format(&w->job.keep, "c%04u", c));
  WORLD_NEW(w, points->cell, count);
  WORLD_NEW(w, points->row, count);
  WORLD_NEW(w, points->x_m, count);
  WORLD_NEW(w, points->y_m, count);
  for (size_t m = 0; m < sizeof measures / sizeof *measures; m++) {
    WORLD_NEW(w, points->people[measures[m]], count);
    WORLD_NEW(w, w->cells.people[measures[m]], w->cells.count);
  }
  WORLD_NEW(w, coverage->walk_mm, count);
  WORLD_NEW(w, coverage->venue, count);
  WORLD_NEW(w, coverage->straight_mm, count);
  WORLD_NEW(w, coverage->reach, count);
  WORLD_NEW(w, coverage->reason, count);
  for (uint32_t i = 0; i < count; i++) {
    points->cell[i] = i / 10;
    coverage->walk_mm[i] = coverage->straight_mm[i] = 1000000;
    coverage->venue[i] = KY_NONE;
    coverage->reach[i] = KY_BEYOND;
  }
}

/* Venues v0, v1, ...: open, counting, in zone 0, nothing reported. */
static inline void world_venues(world *w, uint32_t count) {
  ky_venues *venues = &w->venues;
  int64_t **const columns[] = {&venues->sessions_milli,      &venues->capacity,       &venues->participants,
                               &venues->participants_m,      &venues->participants_f, &venues->participants_weekly,
                               &venues->participants_before, &venues->supporters};
  venues->count = w->coverage.venue_count = count;
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
    WORLD_NEW(w, *columns[c], count);
    world_fill64(*columns[c], count, KY_NULL);
  }
  WORLD_NEW(w, venues->id, count);
  WORLD_NEW(w, venues->row, count);
  WORLD_NEW(w, venues->counts, count);
  WORLD_NEW(w, venues->is_informal, count);
  WORLD_NEW(w, venues->says_coverage, count);
  WORLD_NEW(w, venues->says_rate, count);
  WORLD_NEW(w, venues->rate_reason, count);
  WORLD_NEW(w, venues->is_resident_led, count);
  WORLD_NEW(w, venues->counts_for_rate, count);
  WORLD_NEW(w, venues->participants_of, count);
  WORLD_NEW(w, venues->is_other_extent, count);
  WORLD_NEW(w, venues->participants_date, count);
  memset(venues->participants_of, KY_65, count);
  for (uint32_t v = 0; v < count; v++) {
    assert_non_null(venues->id[v] = ky_format(&w->job.keep, "v%u", v));
    venues->counts[v] = venues->counts_for_rate[v] = 1;
    venues->says_coverage[v] = venues->says_rate[v] = venues->is_resident_led[v] = -1;
  }
}

/* The ledger of the points as they are now. Zones, points and venues must be there. */
static inline void world_ledger(world *w) {
  ky_coverage *coverage = &w->coverage;
  const uint32_t rows = KY_ROW_COUNT(&w->zones);
  coverage->row_count = rows;
  WORLD_NEW(w, coverage->total, rows * KY_MEASURE_COUNT);
  for (int r = 0; r < KY_REACH_COUNT; r++) WORLD_NEW(w, coverage->people[r], rows * KY_MEASURE_COUNT);
  for (int r = 0; r < KY_UNREACH_COUNT; r++) WORLD_NEW(w, coverage->unreached[r], rows);
  for (int m = 0; m < KY_MEASURE_COUNT; m++) {
    WORLD_NEW(w, coverage->cells_without_count[m], rows);
    WORLD_NEW(w, coverage->people_without_count[m], rows);
  }
  WORLD_NEW(w, coverage->venue_rows.first, w->venues.count + 1);
  WORLD_NEW(w, coverage->venue_rows.row, (size_t)w->venues.count * rows);
  WORLD_NEW(w, coverage->venue_rows.people, (size_t)w->venues.count * rows);
  for (uint32_t i = 0; i < w->points.count; i++) {
    for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
      if (w->points.people[m] == NULL || w->points.people[m][i] == KY_NONE) continue;
      uint32_t row[2] = {w->points.row[i], KY_ROW_MUNICIPALITY(&w->zones)};
      for (int k = 0; k < (row[0] < KY_ROW_OUTSIDE(&w->zones) ? 2 : 1); k++) {
        coverage->total[row[k] * KY_MEASURE_COUNT + m] += w->points.people[m][i];
        coverage->people[coverage->reach[i]][row[k] * KY_MEASURE_COUNT + m] += w->points.people[m][i];
      }
    }
  }
}

/* So many people 65+ of the row live within range of the venue. Once per venue and row, rows of a venue ascending. */
static inline void world_range(world *w, uint32_t venue, uint32_t row, int64_t people) {
  ky_venue_rows *rows = &w->coverage.venue_rows;
  if (people == 0) return;
  for (uint32_t k = rows->first[w->venues.count]; k > rows->first[venue + 1]; k--) {
    rows->row[k] = rows->row[k - 1];
    rows->people[k] = rows->people[k - 1];
  }
  rows->row[rows->first[venue + 1]] = row;
  rows->people[rows->first[venue + 1]] = people;
  for (uint32_t v = venue; v < w->venues.count; v++) rows->first[v + 1]++;
}

/* Covered people of a zone are one class: they reach the venues that have people of the zone in venue_rows.
 * Counted from the ledger, which must be there. */
static inline void world_sets(world *w) {
  ky_venue_sets *sets = &w->sets;
  const ky_venue_rows *rows = &w->coverage.venue_rows;
  uint32_t pairs = 0;
  memset(sets, 0, sizeof *sets);
  WORLD_NEW(w, sets->row, w->zones.count);
  WORLD_NEW(w, sets->people_65, w->zones.count);
  WORLD_NEW(w, sets->first_venue, w->zones.count + 1);
  WORLD_NEW(w, sets->venue, w->zones.count * w->venues.count);
  for (uint32_t z = 0; z < w->zones.count; z++) {
    const int64_t covered = w->coverage.people[KY_COVERED][z * KY_MEASURE_COUNT + KY_65];
    if (covered == 0) continue;
    sets->row[sets->count] = z;
    sets->people_65[sets->count] = covered;
    for (uint32_t v = 0; v < w->venues.count; v++)
      for (uint32_t k = rows->first[v]; k < rows->first[v + 1]; k++)
        if (w->venues.counts[v] != 0 && rows->row[k] == z) sets->venue[pairs++] = v;
    sets->first_venue[++sets->count] = pairs;
  }
}

/* No sites: an order of length 0. */
static inline void world_no_sites(world *w) {
  WORLD_NEW(w, w->sites.point_site, w->points.count);
  memset(w->sites.point_site, 0xff, w->points.count * sizeof *w->sites.point_site);
}

/* Runs a room with the 1st, 2nd, ... allocation of an arena failing, until it needs no more: every failure must be told
 * and nothing may break. */
static inline void world_starve(world *w, ky_arena *arena, ky_err (*room)(world *w)) {
  ky_err err = KY_E_RESOURCE;
  for (uint64_t n = 1; err != KY_OK; n++) {
    w->job.err = KY_OK;
    arena->fail_after = n;
    err = room(w);
    arena->fail_after = 0;
    if (err != KY_OK) assert_int_equal(err, KY_E_RESOURCE);
  }
}

static inline const ky_issue *world_issue(const ky_job *job, const char *reason) {
  for (uint32_t i = 0; i < job->issues.count; i++)
    if (strcmp(job->issues.rows[i].reason, reason) == 0) return &job->issues.rows[i];
  return NULL;
}

#endif
