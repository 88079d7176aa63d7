/* The world of the tests of targets: zones with people within and beyond range, and their targets. */
#ifndef KAYOI_TEST_TARGETS_WORLD_H
#define KAYOI_TEST_TARGETS_WORLD_H

#include "core/ratio.h"
#include "world.h"

static const ky_targets_opts OPTS = {.rate = 80000,
                                     .basis = "国の目安 8 %（2025年まで）",
                                     .min_report_share = 800000,
                                     .attendances_milli = 4000,
                                     .max_unknown_seats = 200000,
                                     .goal_share = 800000,
                                     .typical_milli = 15300,
                                     .min_reports = 3,
                                     .primary_mm = 500000};

/* zone_count zones, each with one covered and one beyond point: people 65+ as given. */
static inline void setup(world *w, uint32_t zone_count, const uint32_t (*people)[2], uint32_t venue_count) {
  memset(w, 0, sizeof *w);
  ky_job_init(&w->job, 1);
  world_zones(w, zone_count);
  world_points(w, 2 * zone_count);
  world_venues(w, venue_count);
  for (uint32_t i = 0; i < 2 * zone_count; i++) {
    w->points.row[i] = i / 2;
    w->points.people[KY_65][i] = people[i / 2][i % 2] * KY_PERSON;
    w->points.people[KY_TOTAL][i] = 3 * people[i / 2][i % 2] * KY_PERSON;
    w->coverage.reach[i] = i % 2 == 0 ? KY_COVERED : KY_BEYOND;
  }
  world_no_sites(w);
}

static inline ky_targets build(world *w) {
  ky_targets targets;
  if (w->coverage.total == NULL) world_ledger(w);
  world_sets(w);
  assert_int_equal(ky_targets_build(&w->job, &w->zones, &w->venues, &w->points, &w->coverage, &w->sets, &w->candidates,
                                    &w->sites, &OPTS, &targets),
                   KY_OK);
  return targets;
}

#endif
