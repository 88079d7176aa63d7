/* Targets against numbers counted by hand, and the sums that must hold for any input. */
#include "targets_world.h"

/* 益城町: 10,108 people 65+ in two zones; 8 % is 808.64, so 809; 472 and 336.64 in the zones. */
static void test_mashiki(void **state) {
  (void)state;
  world w;
  setup(&w, 2, (const uint32_t[][2]){{3000, 2900}, {4208, 0}}, 0);
  ky_targets t = build(&w);
  const uint32_t all = KY_ROW_MUNICIPALITY(&w.zones);
  assert_int_equal(t.base_65[all], 10108000);
  assert_int_equal(t.target[all], 809);
  assert_int_equal(t.target[0], 472);
  assert_int_equal(t.target[1], 337);
  assert_int_equal(t.rate[all], 80000);
  assert_string_equal(t.basis[all], OPTS.basis);
  /* 472 x 3000 / 5900 = 240 exactly; nobody of z1 is too far */
  assert_int_equal(t.no_seats[0], 240); /* no venue, no seat */
  assert_int_equal(t.within_reach[0], 0);
  assert_int_equal(t.too_far[0], 232);
  assert_int_equal(t.too_far[1], 0);
  assert_int_equal(t.no_seats[1], 337);
  assert_null(t.no_seats_reason[0]);
  assert_int_equal(t.is_register[all], 0);
  /* no venue at all: nobody takes part */
  assert_int_equal(t.participants[0], 0);
  assert_int_equal(t.shortfall[0], 472);
  assert_int_equal(t.shortfall[all], 809);
  assert_true(t.report_share[0] == KY_NULL);
  /* 472 / 15.3 = 30.8; the national typical venue is all there is to go by */
  assert_int_equal(t.places_by_participants[0], 31);
  assert_true(t.base_65[KY_ROW_OUTSIDE(&w.zones)] == KY_NULL);
  assert_true(t.target[KY_ROW_OUTSIDE_ZONES(&w.zones)] == KY_NULL);
  ky_job_free(&w.job);
}

/* Forty people 65+ at 8 % are 3.2: three such zones make 9.6, so 10, and the first zone gets the odd one. */
static void test_small_zones(void **state) {
  (void)state;
  world w;
  setup(&w, 3, (const uint32_t[][2]){{40, 0}, {40, 0}, {40, 0}}, 0);
  ky_targets t = build(&w);
  assert_int_equal(t.target[3 + 2], 10);
  assert_int_equal(t.target[0], 4);
  assert_int_equal(t.target[1], 3);
  assert_int_equal(t.target[2], 3);
  ky_job_free(&w.job);
}

/* Official people carry the target, the grid only its shares; a zone without grid people is unknown as a whole. */
static void test_official(void **state) {
  (void)state;
  world w;
  setup(&w, 3, (const uint32_t[][2]){{100, 300}, {0, 0}, {50, 50}}, 0);
  WORLD_NEW(&w, w.zones.official[KY_65], 3);
  w.zones.official[KY_65][0] = 500 * KY_PERSON;
  w.zones.official[KY_65][1] = 100 * KY_PERSON;
  w.zones.official[KY_65][2] = KY_NULL;
  ky_targets t = build(&w);
  assert_int_equal(t.target[0], 40);
  assert_int_equal(t.no_seats[0], 10);
  assert_int_equal(t.too_far[0], 30);
  assert_int_equal(t.target[1], 8);
  assert_int_equal(t.unknown[1], 8);
  assert_int_equal(t.too_far[1], 0);
  assert_int_equal(t.target[2], 8);
  assert_int_equal(t.is_register[0], 1);
  assert_int_equal(t.is_register[2], 0);
  assert_int_equal(t.is_register[5], -1); /* the sum is of both kinds */
  assert_int_equal(t.base_65[5], 700 * KY_PERSON);
  ky_job_free(&w.job);
}

/* A zone's own rate; the municipality's is that of the sum: (0.08 x 1000 + 0.10 x 1000) / 2000. */
static void test_own_rate(void **state) {
  (void)state;
  world w;
  setup(&w, 2, (const uint32_t[][2]){{1000, 0}, {1000, 0}}, 0);
  w.zones.rate[1] = 100000;
  w.zones.rate_basis[1] = "第9期計画";
  ky_targets t = build(&w);
  assert_int_equal(t.target[1], 100);
  assert_int_equal(t.target[4], 180);
  assert_int_equal(t.rate[4], 90000);
  assert_string_equal(t.basis[1], "第9期計画");
  assert_string_not_equal(t.basis[4], OPTS.basis);
  ky_job_free(&w.job);
}

/* A rate of a year holds from it on; what is stated for the zone goes before what is stated for all, its rate of now
 * too. */
static void test_rates_of_years(void **state) {
  (void)state;
  world w;
  setup(&w, 3, (const uint32_t[][2]){{1000, 0}, {1000, 0}, {1000, 0}}, 0);
  const ky_year_rate of_all[] = {{KY_NONE, 2028, 90000, "第10期"}, {KY_NONE, 2040, 100000, "長期"}};
  ky_year_rate own[] = {{2, 2030, 120000, "三区"}};
  ky_targets_opts opts = OPTS;
  opts.year_rate = of_all;
  opts.year_rate_count = 2;
  w.zones.rate[1] = 50000;
  w.zones.rate_basis[1] = "二区";
  w.zones.year_rate = own;
  w.zones.year_rate_count = 1;
  const struct {
    uint32_t zone;
    int year;
    int64_t rate;
    const char *basis;
  } want[] = {{0, 0, 80000, OPTS.basis},  {0, 2027, 80000, OPTS.basis}, {0, 2028, 90000, "第10期"},
              {0, 2039, 90000, "第10期"}, {0, 2050, 100000, "長期"},    {1, 0, 50000, "二区"},
              {1, 2050, 50000, "二区"},   {2, 2029, 90000, "第10期"},   {2, 2030, 120000, "三区"},
              {2, 2050, 120000, "三区"},  {2, 0, 80000, OPTS.basis}};
  for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
    const ky_rate got = ky_rate_of(&w.zones, &opts, want[i].zone, want[i].year);
    assert_int_equal(got.rate, want[i].rate);
    assert_string_equal(got.basis, want[i].basis);
  }
  assert_int_equal(ky_zones_rate_year(&w.job, &opts, 2030, &w.zones), KY_OK);
  assert_int_equal(w.zones.rate[0], 90000);
  assert_int_equal(w.zones.rate[2], 120000);
  assert_string_equal(w.zones.rate_basis[2], "三区");
  ky_job_free(&w.job);
}

/* Capacity 20: 20, 20, 20, 40 seats at 1, 2, 4, 8 sessions a month. */
static void test_seats(void **state) {
  (void)state;
  const int64_t sessions[] = {1000, 2000, 4000, 8000}, seats[] = {20, 20, 20, 40};
  for (int i = 0; i < 4; i++) assert_int_equal(ky_venue_seats(20, sessions[i], 4000), seats[i]);
  assert_int_equal(ky_venue_seats(15, 5000, 4000), 19); /* 18.75 */
  assert_true(ky_venue_seats(KY_NULL, 4000, 4000) == KY_NULL);
  assert_true(ky_venue_seats(20, KY_NULL, 4000) == KY_NULL);
  assert_int_equal(ky_venue_seats(20, 0, 4000), 0);
  world w;
  setup(&w, 1, (const uint32_t[][2]){{1000, 0}}, 3);
  for (int v = 0; v < 3; v++) {
    w.venues.participants[v] = (int64_t[]){10, 25, 5}[v];
    w.venues.capacity[v] = 20;
    w.venues.sessions_milli[v] = (int64_t[]){8000, 4000, KY_NULL}[v];
  }
  world_ledger(&w);
  for (uint32_t v = 0; v < 3; v++) world_range(&w, v, 0, 1000 * KY_PERSON);
  ky_targets t = build(&w);
  assert_int_equal(t.seats[0], 60);
  assert_int_equal(t.free_seats[0], 30);
  assert_int_equal(t.free_in_range[0], 30);
  assert_int_equal(t.shortfall[0], 40);
  assert_int_equal(t.places_by_participants[0], 1); /* ceil((40 - 30) / 10): the median of 5, 10, 25 */
  assert_int_equal(t.venues_count[3], 3);
  ky_job_free(&w.job);
}

/* A venue with `capacity` seats in the row, `participants` of them taken. */
static void put_venue(world *w, uint32_t v, uint32_t row, int64_t capacity, int64_t participants) {
  w->venues.row[v] = row;
  w->venues.capacity[v] = capacity;
  w->venues.sessions_milli[v] = 4000;
  w->venues.participants[v] = participants;
}

/* Free seats help those who can walk to them, once: 11 of v0 go 4 to z0 and 7 to z1; v1 does not count for the rate,
 * nobody lives near v2, v3 is in another municipality, 5 of v4 go to z1, nobody knows those of v5 in range of z2. */
static void test_free_in_range(void **state) {
  (void)state;
  world w;
  setup(&w, 4, (const uint32_t[][2]){{1000, 0}, {1000, 0}, {1000, 0}, {1000, 0}}, 6);
  const uint32_t all = KY_ROW_MUNICIPALITY(&w.zones);
  put_venue(&w, 0, 0, 20, 9);
  put_venue(&w, 1, 1, 20, 0);
  w.venues.counts_for_rate[1] = 0;
  put_venue(&w, 2, 0, 20, 10);
  put_venue(&w, 3, KY_ROW_OUTSIDE(&w.zones), 50, 5);
  put_venue(&w, 4, KY_ROW_OUTSIDE_ZONES(&w.zones), 20, 15);
  put_venue(&w, 5, 1, KY_NULL, 10);
  world_ledger(&w);
  const uint32_t near[][3] = {{0, 0, 1000}, {0, 1, 2000}, {1, 1, 3000}, {3, 1, 4000}, {4, 1, 500}, {5, 2, 700}};
  for (size_t i = 0; i < sizeof near / sizeof *near; i++) world_range(&w, near[i][0], near[i][1], near[i][2]);
  ky_targets t = build(&w);
  assert_int_equal(t.free_seats[0], 21); /* where the seats are */
  assert_int_equal(t.free_seats[1], 20);
  assert_int_equal(t.free_in_range[0], 4);
  assert_int_equal(t.free_in_range[1], 12);
  assert_true(t.free_in_range[2] == KY_NULL);
  assert_int_equal(t.free_in_range[3], 0);
  assert_int_equal(t.free_in_range[all], 16);
  assert_int_equal(t.shortfall[0], 61);
  assert_int_equal(t.shortfall[1], 70);
  /* a typical venue has 10, the median of 9, 10, 10 */
  assert_int_equal(t.places_by_participants[0], 6); /* (61 - 4) / 10 */
  assert_int_equal(t.places_by_participants[1], 6); /* (70 - 12) / 10 */
  assert_int_equal(t.places_by_participants[2], 8);
  assert_int_equal(t.places_by_participants[all], 28);
  ky_job_free(&w.job);
}

/* For any venues: a free seat is counted in one zone or in none, never twice. */
static void test_free_add_up(void **state) {
  (void)state;
  uint64_t seed = 20261121;
  print_message("seed %llu\n", (unsigned long long)seed);
  for (int trial = 0; trial < 200; trial++) {
    const uint32_t zones = 1 + (uint32_t)(town_random(&seed) % 5), venues = (uint32_t)(town_random(&seed) % 9);
    uint32_t people[5][2];
    for (uint32_t z = 0; z < zones; z++) people[z][0] = people[z][1] = (uint32_t)(town_random(&seed) % 900);
    world w;
    setup(&w, zones, (const uint32_t(*)[2])people, venues);
    world_ledger(&w);
    int64_t wanted = 0, sum = 0;
    for (uint32_t v = 0; v < venues; v++) {
      int64_t taken = (int64_t)(town_random(&seed) % 40);
      put_venue(&w, v, (uint32_t)(town_random(&seed) % zones), 30, taken);
      bool has_people = false;
      for (uint32_t z = 0; z < zones; z++) {
        int64_t near = (int64_t)(town_random(&seed) % 3) * 777;
        world_range(&w, v, z, near);
        has_people = has_people || near != 0;
      }
      w.venues.counts_for_rate[v] = town_random(&seed) % 4 != 0;
      if (has_people && w.venues.counts_for_rate[v] == 1 && taken < 30) wanted += 30 - taken;
    }
    ky_targets t = build(&w);
    for (uint32_t z = 0; z < zones; z++) sum += t.free_in_range[z];
    assert_int_equal(sum, wanted);
    assert_int_equal(t.free_in_range[KY_ROW_MUNICIPALITY(&w.zones)], wanted);
    ky_job_free(&w.job);
  }
}

/* 40 of 100 covered; sites add 30 here, 50 next door, 10 here, 5 here: 80 % needs two sites that add here. */
static void test_places_by_reach(void **state) {
  (void)state;
  world w;
  memset(&w, 0, sizeof w);
  ky_job_init(&w.job, 1);
  world_zones(&w, 3);
  world_points(&w, 8);
  world_venues(&w, 0);
  const uint32_t row[] = {0, 0, 0, 0, 0, 1, 1, 2}, people[] = {40, 30, 10, 5, 15, 50, 50, 10};
  const uint32_t site[] = {KY_NONE, 0, 2, 3, KY_NONE, 1, KY_NONE, KY_NONE};
  for (int i = 0; i < 8; i++) {
    w.points.row[i] = row[i];
    w.points.people[KY_65][i] = people[i] * KY_PERSON;
    w.coverage.reach[i] = i == 0 || i == 7 ? KY_COVERED : KY_BEYOND;
  }
  world_no_sites(&w);
  memcpy(w.sites.point_site, site, sizeof site);
  w.sites.count = 4;
  w.sites.gain_65 = (int64_t[]){30000, 50000, 10000, 5000};
  ky_targets t = build(&w);
  assert_int_equal(t.places_by_reach[0], 2);
  assert_null(t.places_by_reach_reason[0]);
  assert_true(t.places_by_reach[1] == KY_NULL);
  assert_string_equal(t.places_by_reach_reason[1], "sites_end_below_goal");
  assert_int_equal(t.places_by_reach[2], 0);
  /* 50 of 210 covered, goal 168: 80, 130, 140, 145 never get there */
  assert_true(t.places_by_reach[5] == KY_NULL);
  assert_string_equal(t.places_by_reach_reason[5], "sites_end_below_goal");
  w.sites.count = 0;
  memset(w.sites.point_site, 0xff, w.points.count * sizeof *w.sites.point_site);
  t = build(&w);
  assert_string_equal(t.places_by_reach_reason[1], "no_site_in_sequence");
  assert_string_equal(t.places_by_reach_reason[5], "no_site_in_sequence");
  ky_job_free(&w.job);
}

/* For any people and rates: zones add up to the rounded sum, no zone is off by one or more, parts make T. */
static void test_zones_add_up(void **state) {
  (void)state;
  uint64_t seed = 20261122;
  print_message("seed %llu\n", (unsigned long long)seed);
  for (int trial = 0; trial < 300; trial++) {
    uint32_t zones = 1 + (uint32_t)(town_random(&seed) % 12), people[12][2];
    for (uint32_t z = 0; z < zones; z++)
      for (int k = 0; k < 2; k++) people[z][k] = (uint32_t)(town_random(&seed) % (trial % 3 == 0 ? 30 : 9000));
    world w;
    setup(&w, zones, (const uint32_t(*)[2])people, 4);
    for (uint32_t i = 0; i < w.points.count; i++) w.points.people[KY_65][i] += (uint32_t)(town_random(&seed) % 1000);
    for (uint32_t z = 0; z < zones; z++)
      if (town_random(&seed) % 3 == 0) w.zones.rate[z] = (int64_t)(town_random(&seed) % 200001);
    world_ledger(&w);
    for (uint32_t v = 0; v < 4; v++) {
      w.venues.capacity[v] = (int64_t)(town_random(&seed) % 500);
      w.venues.sessions_milli[v] = 4000;
      for (uint32_t z = 0; z < zones; z++) world_range(&w, v, z, (int64_t)(town_random(&seed) % 2));
    }
    ky_targets t = build(&w);
    const uint32_t all = KY_ROW_MUNICIPALITY(&w.zones);
    int64_t sum = 0, far = 0, reach = 0, unknown = 0, none = 0;
    double exact = 0;
    for (uint32_t z = 0; z < zones; z++) {
      double ideal = (double)t.rate[z] / 1e6 * (double)t.base_65[z] / 1e3;
      assert_true((double)t.target[z] > ideal - 1 && (double)t.target[z] < ideal + 1);
      assert_int_equal(t.target[z], t.too_far[z] + t.no_seats[z] + t.within_reach[z] + t.unknown[z]);
      assert_true(t.too_far[z] >= 0 && t.no_seats[z] >= 0 && t.within_reach[z] >= 0 && t.unknown[z] >= 0);
      exact += ideal;
      sum += t.target[z];
      far += t.too_far[z];
      reach += t.within_reach[z];
      none += t.no_seats[z];
      unknown += t.unknown[z];
    }
    assert_int_equal(sum, t.target[all]);
    assert_true((double)sum > exact - 0.501 && (double)sum < exact + 0.501);
    assert_int_equal(far, t.too_far[all]);
    assert_int_equal(reach, t.within_reach[all]);
    assert_int_equal(none, t.no_seats[all]);
    assert_int_equal(unknown, t.unknown[all]);
    ky_job_free(&w.job);
  }
}

/* Sources may claim anything: sums stop at the largest number, zones that cannot be are refused. */
static void test_absurd(void **state) {
  (void)state;
  world w;
  setup(&w, 1, (const uint32_t[][2]){{40, 0}}, 4);
  for (int v = 0; v < 4; v++) {
    w.venues.participants[v] = w.venues.capacity[v] = w.venues.participants_m[v] = INT64_MAX / 2;
    w.venues.sessions_milli[v] = INT64_MAX / 2;
  }
  ky_targets t = build(&w);
  assert_true(t.participants[0] == INT64_MAX);
  assert_true(t.seats[0] == INT64_MAX);
  assert_non_null(world_issue(&w.job, "participants_exceed_people"));
  w.zones.rate[0] = 800 * (int64_t)KY_WHOLE;
  assert_int_equal(ky_targets_build(&w.job, &w.zones, &w.venues, &w.points, &w.coverage, &w.sets, &w.candidates,
                                    &w.sites, &OPTS, &t),
                   KY_E_INPUT);
  assert_non_null(strstr(w.job.message, "z0"));
  ky_job_free(&w.job);
}

/* Targets of more people than can be are refused before they are counted in millionths. */
static void test_too_many(void **state) {
  (void)state;
  world w;
  uint32_t people[300][2];
  for (int z = 0; z < 300; z++) people[z][0] = people[z][1] = 10;
  setup(&w, 300, (const uint32_t(*)[2])people, 0);
  WORLD_NEW(&w, w.zones.official[KY_65], 300);
  for (uint32_t z = 0; z < 300; z++) {
    w.zones.official[KY_65][z] = INT64_C(100000000) * KY_PERSON;
    w.zones.rate[z] = 100 * (int64_t)KY_WHOLE;
  }
  ky_targets t;
  world_ledger(&w);
  world_sets(&w);
  assert_int_equal(ky_targets_build(&w.job, &w.zones, &w.venues, &w.points, &w.coverage, &w.sets, &w.candidates,
                                    &w.sites, &OPTS, &t),
                   KY_E_INPUT);
  assert_non_null(strstr(w.job.message, "zones.official"));
  for (uint32_t z = 0; z < 300; z++) w.zones.rate[z] = 50 * (int64_t)KY_WHOLE;
  assert_int_equal(ky_targets_build(&w.job, &w.zones, &w.venues, &w.points, &w.coverage, &w.sets, &w.candidates,
                                    &w.sites, &OPTS, &t),
                   KY_OK);
  w.job.err = KY_OK;
  w.sets.people_65[7]--; /* somebody was lost on the way */
  assert_int_equal(ky_targets_build(&w.job, &w.zones, &w.venues, &w.points, &w.coverage, &w.sets, &w.candidates,
                                    &w.sites, &OPTS, &t),
                   KY_E_INTERNAL);
  ky_job_free(&w.job);
}

/* A zone is partial when one of its two shares is below 98 %, and it is unknown when one is and the other suffices. */
static void test_partial(void **state) {
  (void)state;
  world w;
  setup(&w, 1, (const uint32_t[][2]){{40, 0}}, 0);
  const struct {
    int64_t grid, road;
    int8_t partial;
  } cases[] = {{980000, 1000000, 0}, {979999, 1000000, 1},   {1000000, 979999, 1},
               {KY_NULL, 500000, 1}, {1000000, KY_NULL, -1}, {KY_NULL, KY_NULL, -1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    w.zones.grid_share[0] = cases[i].grid;
    w.zones.road_share[0] = cases[i].road;
    assert_int_equal(ky_zone_is_partial(&w.zones, 0), cases[i].partial);
  }
  ky_job_free(&w.job);
}

/* Products beyond 64 bits and halves. */
static void test_ratio(void **state) {
  (void)state;
  assert_int_equal(ky_ratio(5, 1, 2), 3);
  assert_int_equal(ky_ratio(1, 1, 3), 0);
  assert_int_equal(ky_ratio(2, 1, 3), 1);
  assert_int_equal(ky_ratio(INT64_MAX, INT64_MAX, INT64_MAX), INT64_MAX);
  assert_int_equal(ky_ratio(INT64_MAX, 2, 1), INT64_MAX);
  assert_true(ky_ratio_share(1, 0) == KY_NULL);
  assert_true(ky_ratio_share(KY_NULL, 5) == KY_NULL);
}

static ky_err room(world *w) {
  ky_targets targets;
  return ky_targets_build(&w->job, &w->zones, &w->venues, &w->points, &w->coverage, &w->sets, &w->candidates, &w->sites,
                          &OPTS, &targets);
}

static void test_memory(void **state) {
  (void)state;
  world w;
  setup(&w, 2, (const uint32_t[][2]){{40, 0}, {1000, 0}}, 2);
  w.venues.participants[0] = 50;
  world_ledger(&w);
  world_sets(&w);
  world_starve(&w, &w.job.keep, room);
  world_starve(&w, &w.job.scratch, room);
  ky_job_free(&w.job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_mashiki),         cmocka_unit_test(test_small_zones),
      cmocka_unit_test(test_official),        cmocka_unit_test(test_own_rate),
      cmocka_unit_test(test_rates_of_years),  cmocka_unit_test(test_seats),
      cmocka_unit_test(test_free_in_range),   cmocka_unit_test(test_free_add_up),
      cmocka_unit_test(test_places_by_reach), cmocka_unit_test(test_zones_add_up),
      cmocka_unit_test(test_partial),         cmocka_unit_test(test_ratio),
      cmocka_unit_test(test_memory),          cmocka_unit_test(test_absurd),
      cmocka_unit_test(test_too_many),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
