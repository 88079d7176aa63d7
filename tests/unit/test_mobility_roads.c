/* Ways by road on a street of known lengths, by hand. */
#include <kayoi/seats.h>

#include "world.h"

/* A street along y = 0 from x = 0 to 10,000 m; a venue at 1,000 m, a full one at 4,000 m; one area with homes at 6,000,
 * 6,100 (within 200 m: no stop of its own) and 6,500 m; and one far from every street. */
typedef struct road {
  world w;
  ky_network network;
  ky_gaps gaps;
  ky_mobility mobility;
} road;

static const ky_mobility_opts RIDES = {.speed_m_per_min = 400,
                                       .pickup_mm = 200000,
                                       .boarding_milli_min = 2000,
                                       .vehicle_seats = 3,
                                       .detour_mm = 1000000,
                                       .provider_mm = 5000000,
                                       .hub_mm = 1000000,
                                       .sessions_milli = 4000,
                                       .attendances_milli = 4000};
static const ky_network_opts SNAP = {.snap_cap_m = 200, .min_component_mm = 0};

static void build(road *r) {
  static const double home[] = {6000, 6100, 6500, 3000};
  static const uint32_t people[] = {50000, 30000, 20000, 1000};
  world *w = &r->w;
  ky_gaps *gaps = &r->gaps;
  memset(r, 0, sizeof *r);
  ky_job_init(&w->job, 1);
  const double line[2][2][2] = {{{0, 0}, {5000, 0}}, {{5000, 0}, {10000, 0}}};
  static town_lines lines;
  lines = (town_lines){0};
  ky_ways ways;
  for (uint32_t l = 0; l < 2; l++) town_line(&lines, 2, line[l]);
  town_ways(&w->job, &lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&w->job, &ways, &r->network), KY_OK);
  world_zones(w, 1);
  world_points(w, 4);
  world_venues(w, 2);
  world_no_sites(w);
  for (uint32_t i = 0; i < 4; i++) {
    w->points.x_m[i] = home[i];
    w->points.y_m[i] = i == 3 ? 5000 : 0;
    w->points.people[KY_65][i] = people[i];
  }
  WORLD_NEW(w, w->venues.x_m, 2);
  WORLD_NEW(w, w->venues.y_m, 2);
  for (uint32_t v = 0; v < 2; v++) {
    w->venues.x_m[v] = v == 0 ? 1000 : 4000;
    w->venues.y_m[v] = 0;
    w->venues.counts[v] = 1;
    w->venues.capacity[v] = 10;
    w->venues.sessions_milli[v] = 4000;
    w->venues.participants[v] = v == 0 ? 4 : 10;
  }
  gaps->count = 2;
  WORLD_NEW(w, gaps->first_point, 3);
  WORLD_NEW(w, gaps->point, 4);
  WORLD_NEW(w, gaps->remedy, 2);
  WORLD_NEW(w, gaps->riders_milli, 2);
  WORLD_NEW(w, gaps->riders_75_milli, 2);
  gaps->first_point[1] = 3;
  gaps->first_point[2] = 4;
  for (uint32_t i = 0; i < 4; i++) gaps->point[i] = i;
  gaps->remedy[0] = gaps->remedy[1] = KY_MOBILITY_SUPPORT;
  gaps->riders_milli[0] = 8000;
  gaps->riders_milli[1] = 80;
  const ky_mobility_in in = {.gaps = gaps,
                             .points = &w->points,
                             .venues = &w->venues,
                             .streets = &r->network,
                             .snap = &SNAP,
                             .candidates = &w->candidates,
                             .primary_mm = 500000};
  assert_int_equal(ky_mobility_build(&w->job, &in, &RIDES, &r->mobility), KY_OK);
}

static void a_street_by_hand(void **state) {
  (void)state;
  road r;
  build(&r);
  const ky_mobility *m = &r.mobility;
  assert_int_equal(m->venue[0], 1);
  assert_int_equal(m->venue_mm[0], 2000000); /* 6,000 to 4,000 m */
  assert_int_equal(m->free_venue[0], 0);
  assert_int_equal(m->free_venue_mm[0], 5000000);
  assert_int_equal(m->free_seats[0], 6);
  assert_int_equal(m->km_round_trip_milli[0], 4000);
  assert_int_equal(m->minutes_milli[0], 5000);
  assert_int_equal(m->stop_count[0], 2);
  assert_int_equal(m->tour_mm[0], 11000000);          /* 1,000 to 6,500 m and back */
  assert_int_equal(m->tour_minutes_milli[0], 31500);  /* 27.5 and two stops of 2 minutes */
  assert_int_equal(m->trips[0], 3);                   /* 8 riders, 3 seats */
  assert_int_equal(m->vehicle_hours_milli[0], 12600); /* 4 sessions x 3 x there and back x 31.5 min */
  assert_int_equal(m->needs_provider[0], -1);
  assert_int_equal(m->has_package[0], -1);
  ky_job_free(&r.w.job);
}

static void no_road_is_said(void **state) {
  (void)state;
  road r;
  build(&r);
  const ky_mobility *m = &r.mobility;
  assert_int_equal(m->venue[1], KY_NONE);
  assert_true(m->tour_mm[1] == KY_NULL && m->minutes_milli[1] == KY_NULL && m->vehicle_hours_milli[1] == KY_NULL);
  assert_int_equal(m->hub[1], KY_NONE);
  ky_job_free(&r.w.job);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_street_by_hand), cmocka_unit_test(no_road_is_said)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
