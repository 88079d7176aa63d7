/* Mobility areas, and the tables of gaps, sites, mobility and zones over a small municipality. */
#include "world.h"

/* Three areas by rank: a site's, a ride's, a visit's. */
typedef struct town {
  world w;
  ky_gaps gaps;
  ky_mobility mobility;
  ky_targets targets;
} town;

static const ky_gaps_opts GAPS = {.primary_mm = 500000,
                                  .link_m = 200,
                                  .min_people_65 = 1000,
                                  .dense_per_km2 = 400,
                                  .rate = 80000,
                                  .attendances_milli = 4000,
                                  .sessions_milli = 4000,
                                  .min_riders_milli = 1000,
                                  .clip_m = 100};
static const ky_targets_opts TARGETS = {.rate = 80000,
                                        .basis = "国の目安",
                                        .min_report_share = 800000,
                                        .attendances_milli = 4000,
                                        .goal_share = 800000,
                                        .typical_milli = 15300,
                                        .min_reports = 3,
                                        .primary_mm = 500000};
static const ky_mobility_opts RIDES = {.speed_m_per_min = 400,
                                       .pickup_mm = 200000,
                                       .boarding_milli_min = 2000,
                                       .vehicle_seats = 8,
                                       .detour_mm = 1000000,
                                       .provider_mm = 5000000,
                                       .hub_mm = 1000000,
                                       .sessions_milli = 4000,
                                       .attendances_milli = 4000};
static const ky_walk_opts WALK = {.profile = "elderly",
                                  .speed_mm_per_min = 60000,
                                  .bands_mm = {300000, 500000},
                                  .band_count = 2,
                                  .primary_mm = 500000};

static void setup(town *t) {
  static const uint32_t people[] = {40000, 30000, 5000, 25000};
  memset(t, 0, sizeof *t);
  world *w = &t->w;
  ky_job_init(&w->job, 1);
  world_zones(w, 2);
  world_points(w, 4);
  world_venues(w, 1);
  world_no_sites(w);
  for (uint32_t i = 0; i < 4; i++) {
    w->points.x_m[i] = 3000.0 * i;
    w->points.row[i] = i / 2;
    w->points.people[KY_65][i] = people[i];
    w->points.people[KY_75][i] = people[i] / 2;
    w->points.people[KY_TOTAL][i] = 2 * people[i];
    w->coverage.venue[i] = 0;
    w->coverage.walk_mm[i] = 1234567;
  }
  w->coverage.reach[3] = KY_COVERED;
  w->coverage.reach[2] = KY_UNREACHABLE;
  w->coverage.reason[2] = KY_DISCONNECTED;
  w->coverage.walk_mm[2] = w->coverage.venue[2] = KY_NONE;
  world_ledger(w);
  w->coverage.band_count = 2;
  for (int b = 0; b < 2; b++) {
    WORLD_NEW(w, w->coverage.covered_band[b], 5);
    WORLD_NEW(w, w->coverage.straight_band[b], 5);
  }
  w->sites.count = 1;
  w->sites.point_site[0] = 0;
}

static void build(town *t) {
  world *w = &t->w;
  ky_job *job = &w->job;
  /* columns of the site, which live as long as the job */
  WORLD_NEW(w, w->sites.candidate, 1);
  WORLD_NEW(w, w->sites.gain_65, 1);
  WORLD_NEW(w, w->sites.covered_65, 1);
  WORLD_NEW(w, w->sites.bound_65, 1);
  w->sites.gain_65[0] = 40000;
  w->sites.covered_65[0] = 65000;
  w->sites.bound_65[0] = 50000;
  w->sites.demand_65 = 100000;
  ky_candidates *c = &w->candidates;
  c->count = 1;
  WORLD_NEW(w, c->id, 1);
  WORLD_NEW(w, c->name, 1);
  WORLD_NEW(w, c->kind, 1);
  WORLD_NEW(w, c->kind_code, 1);
  WORLD_NEW(w, c->x_m, 1);
  WORLD_NEW(w, c->y_m, 1);
  WORLD_NEW(w, c->row, 1);
  c->id[0] = "s000001";
  c->name[0] = "本町集会所";
  world_sets(w);
  assert_int_equal(
      ky_gaps_build(job, &w->cells, &w->points, &w->zones, &w->venues, &w->coverage, &w->sites, NULL, &GAPS, &t->gaps),
      KY_OK);
  const ky_mobility_in in = {.gaps = &t->gaps, .points = &w->points, .venues = &w->venues, .candidates = c};
  assert_int_equal(ky_mobility_build(job, &in, &RIDES, &t->mobility), KY_OK);
  assert_int_equal(ky_targets_build(job, &w->zones, &w->venues, &w->points, &w->coverage, &w->sets, c, &w->sites,
                                    &TARGETS, &t->targets),
                   KY_OK);
}

static void test_evidence(void **state) {
  (void)state;
  town t;
  setup(&t);
  build(&t);
  assert_int_equal(t.gaps.count, 3);
  assert_int_equal(t.mobility.count, 2);
  assert_int_equal(t.mobility.area[0], 1);
  assert_int_equal(t.mobility.rank[0], 1);
  assert_int_equal(t.mobility.rank[1], 2);
  assert_int_equal(t.mobility.riders_75_milli[0], 1200);
  /* Without streets nothing is said of ways by road. */
  assert_int_equal(t.mobility.venue[0], KY_NONE);
  assert_true(t.mobility.km_round_trip_milli[1] == KY_NULL && t.mobility.minutes_milli[1] == KY_NULL);
  assert_int_equal(t.mobility.needs_provider[0], -1);
  ky_mobility none;
  const ky_mobility_in in = {.gaps = &t.gaps, .points = &t.w.points, .venues = &t.w.venues};
  assert_int_equal(ky_mobility_build(&t.w.job, &in, &(ky_mobility_opts){0}, &none), KY_E_CONFIG);
  ky_job_free(&t.w.job);
}

static const char *text_at(const ky_table *table, const char *name, uint32_t record) {
  const ky_column *column = ky_table_column(table, name);
  assert_non_null(column);
  assert_int_equal(column->type, KY_COLUMN_TEXT);
  return column->of.text[record];
}

static int64_t fixed_at(const ky_table *table, const char *name, uint32_t record) {
  const ky_column *column = ky_table_column(table, name);
  if (column == NULL) fail_msg("no column %s", name);
  assert_int_equal(column->type, KY_COLUMN_FIXED);
  return column->of.fixed[record];
}

static void test_tables(void **state) {
  (void)state;
  town t;
  setup(&t);
  build(&t);
  ky_result result = {.zones = &t.w.zones,
                      .cells = &t.w.cells,
                      .points = &t.w.points,
                      .venues = &t.w.venues,
                      .coverage = &t.w.coverage,
                      .candidates = &t.w.candidates,
                      .sites = &t.w.sites,
                      .gaps = &t.gaps,
                      .mobility = &t.mobility,
                      .targets = &t.targets,
                      .walk_opts = &WALK,
                      .gaps_opts = &GAPS,
                      .mobility_opts = &RIDES,
                      .targets_opts = &TARGETS};
  ky_table gaps, sites, mobility, zones;
  assert_int_equal(ky_gaps_table(&t.w.job, &result, &gaps), KY_OK);
  assert_int_equal(ky_sites_table(&t.w.job, &result, &sites), KY_OK);
  assert_int_equal(ky_mobility_table(&t.w.job, &result, &mobility), KY_OK);
  assert_int_equal(ky_zones_table(&t.w.job, &result, &zones), KY_OK);
  const ky_table *const all[] = {&gaps, &sites, &mobility, &zones};
  for (int i = 0; i < 4; i++) assert_null(ky_table_check(all[i]));

  assert_string_equal(text_at(&gaps, "gap_id", 0), "c0000a");
  assert_string_equal(text_at(&gaps, "class", 0), "new_venue");
  assert_string_equal(text_at(&gaps, "site_id", 0), "s000001");
  assert_null(text_at(&gaps, "site_id", 1));
  assert_string_equal(text_at(&gaps, "site_name", 0), "本町集会所");
  assert_null(text_at(&gaps, "site_name", 1));
  assert_null(text_at(&gaps, "transit", 0)); /* no transit data is not "no bus" */
  assert_int_equal(fixed_at(&gaps, "people_65", 0), 40000);
  assert_int_equal(fixed_at(&gaps, "cause_65_disconnected", 2), 5000);
  assert_true(fixed_at(&gaps, "walk_m_median", 2) == KY_NULL);
  assert_true(fixed_at(&gaps, "area_m2", 0) == KY_NULL);

  assert_int_equal(fixed_at(&sites, "order", 0), 1);
  assert_int_equal(fixed_at(&sites, "covered_after_share", 0), 650000);
  assert_int_equal(fixed_at(&sites, "gap_pct", 0), 20000000); /* 10 of 50 */
  assert_string_equal(text_at(&sites, "zone_id", 0), "z0");

  assert_string_equal(text_at(&mobility, "status", 0), "candidate");
  assert_string_equal(text_at(&mobility, "class", 1), "outreach");
  assert_null(text_at(&mobility, "nearest_venue_id", 1));

  assert_int_equal(zones.count, 5);
  assert_string_equal(text_at(&zones, "level", 1), "zone");
  assert_string_equal(text_at(&zones, "level", 2), "outside_zones");
  assert_string_equal(text_at(&zones, "level", 3), "outside");
  assert_string_equal(text_at(&zones, "level", 4), "municipality");
  assert_int_equal(fixed_at(&zones, "pop_65", 4), 100000);
  assert_int_equal(fixed_at(&zones, "covered_65", 1), 25000);
  assert_int_equal(fixed_at(&zones, "in_gap_65", 4), 75000);
  assert_int_equal(fixed_at(&zones, "not_in_gap_65", 4), 0);
  assert_int_equal(fixed_at(&zones, "covered_share_65", 4), 250000);
  assert_int_equal(fixed_at(&zones, "aging_rate", 4), 500000);
  assert_int_equal(fixed_at(&zones, "gaps_count", 0), 2);
  assert_int_equal(fixed_at(&zones, "gaps_count", 4), 3);
  assert_int_equal(fixed_at(&zones, "mobility_65", 0), 30000);
  assert_int_equal(fixed_at(&zones, "mobility_65", 1), 0);
  assert_non_null(ky_table_column(&zones, "covered_65_300"));
  assert_non_null(ky_table_column(&zones, "straight_65_500"));
  assert_non_null(ky_table_column(&zones, "unreachable_65_no_counting_venue"));
  assert_int_equal(ky_table_column(&zones, "partial")->of.flag[4], 0);
  for (uint32_t row = 0; row < 5; row++)
    assert_int_equal(fixed_at(&zones, "beyond_65", row) + fixed_at(&zones, "unreachable_65", row),
                     fixed_at(&zones, "in_gap_65", row) + fixed_at(&zones, "not_in_gap_65", row));
  ky_job_free(&t.w.job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_evidence),
      cmocka_unit_test(test_tables),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
