/* Gap areas: clusters against single linkage by hand, causes, classes, order, ids, the ledger. */
#include <math.h>
#include "core/gaps_areas.h"

#include "core/gaps_join.h"
#include "world.h"

static const ky_gaps_opts OPTS = {.primary_mm = 500000,
                                  .link_m = 200,
                                  .min_people_65 = 1000,
                                  .dense_per_km2 = 400,
                                  .rate = 80000,
                                  .attendances_milli = 4000,
                                  .sessions_milli = 4000,
                                  .min_riders_milli = 1000,
                                  .clip_m = 100};

#define CLOUD 300

static void random_cloud(uint64_t *seed, uint32_t n, double *x, double *y, uint32_t *people) {
  uint32_t span = 500 + (uint32_t)(town_random(seed) % 20000), step = 1 + (uint32_t)(town_random(seed) % 50);
  bool is_empty = town_random(seed) % 4 == 0;
  for (uint32_t i = 0; i < n; i++) {
    x[i] = (double)(town_random(seed) % span / step * step);
    y[i] = (double)(town_random(seed) % span / step * step);
    people[i] = is_empty ? 0 : (uint32_t)(town_random(seed) % 4 * (town_random(seed) % 5000));
    if (i > 0 && town_random(seed) % 5 == 0) {
      x[i] = x[i - 1];
      y[i] = y[i - 1];
    }
  }
}

static uint32_t root_of(const uint32_t *parent, uint32_t i) {
  while (parent[i] != i) i = parent[i];
  return i;
}

/* Without a width the clusters are those of single linkage; with one, they are parts of them and narrow enough. */
static void test_clusters(void **state) {
  (void)state;
  uint64_t seed = 20261124;
  print_message("seed %llu\n", (unsigned long long)seed);
  double x[CLOUD], y[CLOUD];
  uint32_t people[CLOUD], parent[CLOUD], group[CLOUD], narrow[CLOUD], count, narrow_count, halved = 0;
  for (int trial = 0; trial < 200; trial++) {
    uint32_t n = 1 + (uint32_t)(town_random(&seed) % CLOUD);
    double link = 50 + (double)(town_random(&seed) % 800), width = 100 + (double)(town_random(&seed) % 2000);
    random_cloud(&seed, n, x, y, people);
    ky_job job;
    ky_job_init(&job, 1);
    assert_int_equal(ky_cluster(&job, x, y, people, n, &(ky_cluster_opts){link, 1e9}, group, &count), KY_OK);
    assert_int_equal(ky_cluster(&job, x, y, people, n, &(ky_cluster_opts){link, width}, narrow, &narrow_count), KY_OK);
    for (uint32_t i = 0; i < n; i++) parent[i] = i;
    for (uint32_t i = 0; i < n; i++)
      for (uint32_t k = 0; k < i; k++)
        if ((x[i] - x[k]) * (x[i] - x[k]) + (y[i] - y[k]) * (y[i] - y[k]) <= link * link)
          parent[root_of(parent, i)] = root_of(parent, k);
    for (uint32_t i = 0; i < n; i++) {
      assert_true(group[i] < count && narrow[i] < narrow_count);
      for (uint32_t k = 0; k < i; k++) {
        assert_int_equal(group[i] == group[k], root_of(parent, i) == root_of(parent, k));
        if (narrow[i] == narrow[k]) {
          assert_int_equal(group[i], group[k]);
          assert_true(x[i] - x[k] <= width && x[k] - x[i] <= width && y[i] - y[k] <= width && y[k] - y[i] <= width);
        }
        if (x[i] == x[k] && y[i] == y[k]) assert_int_equal(narrow[i], narrow[k]);
      }
    }
    halved += narrow_count - count;
    ky_job_free(&job);
  }
  assert_true(halved > 1000);
}

/* 6 people at 0 m, 1 each at 100, 200 ... 600 m: half of the 12 people live at the first place. */
static void test_halved_by_people(void **state) {
  (void)state;
  const double x[] = {0, 100, 200, 300, 400, 500, 600}, y[7] = {0};
  const uint32_t people[] = {6, 1, 1, 1, 1, 1, 1};
  uint32_t group[7], count;
  ky_job job;
  ky_job_init(&job, 1);
  assert_int_equal(ky_cluster(&job, x, y, people, 7, &(ky_cluster_opts){100, 500}, group, &count), KY_OK);
  assert_int_equal(count, 2);
  assert_int_equal(group[0], 0);
  for (int i = 1; i < 7; i++) assert_int_equal(group[i], 1);
  /* nobody anywhere: by count, and the cut nearest the middle */
  assert_int_equal(ky_cluster(&job, x, y, (const uint32_t[7]){0}, 7, &(ky_cluster_opts){100, 500}, group, &count),
                   KY_OK);
  assert_int_equal(count, 2);
  assert_int_equal(group[2], 0);
  assert_int_equal(group[3], 1);
  /* one place with many people stays one place, however narrow */
  const double same[7] = {0};
  assert_int_equal(ky_cluster(&job, same, same, people, 7, &(ky_cluster_opts){100, 0}, group, &count), KY_OK);
  assert_int_equal(count, 1);
  ky_job_free(&job);
}

typedef struct extent {
  double x_min, y_min, x_max, y_max;
} extent;

static extent extent_of(const double *x, const double *y, const uint32_t *group, uint32_t n, uint32_t a, uint32_t b) {
  extent e = {INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (uint32_t i = 0; i < n; i++) {
    if (group[i] != a && group[i] != b) continue;
    e = (extent){fmin(e.x_min, x[i]), fmin(e.y_min, y[i]), fmax(e.x_max, x[i]), fmax(e.y_max, y[i])};
  }
  return e;
}

static bool fits(extent e, double width) {
  return e.x_max - e.x_min <= width && e.y_max - e.y_min <= width;
}

/* No group is too wide or reaches beyond its chain; a chain or a pocket that is narrow enough is never parted; no two
 * groups of a chain could be one. */
static void test_groups(void **state) {
  (void)state;
  uint64_t seed = 20261126;
  print_message("seed %llu\n", (unsigned long long)seed);
  double x[CLOUD], y[CLOUD];
  uint32_t people[CLOUD], chain[CLOUD], pocket[CLOUD], group[CLOUD], chains, pockets, groups, joined = 0, apart = 0;
  for (int trial = 0; trial < 200; trial++) {
    uint32_t n = 1 + (uint32_t)(town_random(&seed) % CLOUD);
    const double link = 50 + (double)(town_random(&seed) % 300), far = link + (double)(town_random(&seed) % 800);
    const double width = 100 + (double)(town_random(&seed) % 2000);
    random_cloud(&seed, n, x, y, people);
    ky_job job;
    ky_job_init(&job, 1);
    assert_int_equal(ky_cluster(&job, x, y, people, n, &(ky_cluster_opts){far, 1e9}, chain, &chains), KY_OK);
    assert_int_equal(ky_cluster(&job, x, y, people, n, &(ky_cluster_opts){link, width}, pocket, &pockets), KY_OK);
    assert_int_equal(ky_group_points(&job, x, y, people, n, &(ky_groups_opts){link, far, width}, group, &groups),
                     KY_OK);
    assert_true(groups <= pockets && groups >= chains);
    joined += pockets - groups;
    apart += groups - chains;
    for (uint32_t i = 0; i < n; i++) {
      assert_true(group[i] < groups);
      for (uint32_t k = 0; k < i; k++) {
        if (pocket[i] == pocket[k]) assert_int_equal(group[i], group[k]);
        if (group[i] == group[k]) assert_int_equal(chain[i], chain[k]);
        if (chain[i] == chain[k] && fits(extent_of(x, y, chain, n, chain[i], chain[i]), width))
          assert_int_equal(group[i], group[k]);
      }
    }
    for (uint32_t i = 0; i < n; i++) {
      assert_true(fits(extent_of(x, y, group, n, group[i], group[i]), width));
      for (uint32_t k = 0; k < i; k += 7)
        if (chain[i] == chain[k] && group[i] != group[k])
          assert_false(fits(extent_of(x, y, group, n, group[i], group[k]), width));
    }
    ky_job_free(&job);
  }
  assert_true(joined > 1000 && apart > 1000);
}

/* Four hamlets in a row: 0, 300, 900 and 1300 m. Within 1000 m the nearest two come first (300 m), then 900 and 1300.
 */
static void test_joined_by_hand(void **state) {
  (void)state;
  const double x[] = {0, 10, 300, 900, 1300}, y[5] = {0};
  const uint32_t people[] = {1, 1, 1, 1, 1};
  uint32_t group[5], count;
  ky_job job;
  ky_job_init(&job, 1);
  assert_int_equal(ky_group_points(&job, x, y, people, 5, &(ky_groups_opts){100, 750, 1000}, group, &count), KY_OK);
  assert_int_equal(count, 2);
  assert_int_equal(group[0], 0);
  assert_int_equal(group[1], 0);
  assert_int_equal(group[2], 0);
  assert_int_equal(group[3], 1);
  assert_int_equal(group[4], 1);
  /* 600 m are too far to belong together: the chain ends there */
  assert_int_equal(ky_group_points(&job, x, y, people, 5, &(ky_groups_opts){100, 500, 5000}, group, &count), KY_OK);
  assert_int_equal(count, 2);
  assert_int_equal(ky_group_points(&job, x, y, people, 5, &(ky_groups_opts){100, 600, 5000}, group, &count), KY_OK);
  assert_int_equal(count, 1);
  ky_job_free(&job);
}

static ky_gaps build(world *w) {
  ky_gaps gaps;
  if (w->coverage.total == NULL) world_ledger(w);
  assert_int_equal(
      ky_gaps_build(&w->job, &w->cells, &w->points, &w->zones, &w->venues, &w->coverage, &w->sites, NULL, &OPTS, &gaps),
      KY_OK);
  assert_int_equal(ky_gaps_balance(&w->job, &w->zones, &w->coverage, &gaps), KY_OK);
  return gaps;
}

/* Twelve points in two cells:
 *   0-2   a site covers them, 30 people 65+         -> new_venue, id c0000a
 *   3-5   a hamlet of 20 people, 1.6 riders         -> mobility_support, id c0000b
 *   6,7   a hamlet of 5 people, 0.4 riders          -> outreach, id c0000c
 *   8     half a person 65+                         -> too few, not in a gap
 *   9     covered;  10 unknown;  11 outside */
static void setup(world *w) {
  static const double x[] = {0, 50, 100, 3000, 3100, 3200, 6000, 6100, 9000, 0, 0, 12000};
  static const uint32_t people[] = {10000, 10000, 10000, 12000, 5000, 3000, 2000, 3000, 500, 7000, 8000, 9000};
  memset(w, 0, sizeof *w);
  ky_job_init(&w->job, 1);
  world_zones(w, 1);
  world_points(w, 12);
  world_venues(w, 2);
  world_no_sites(w);
  for (uint32_t i = 0; i < 12; i++) {
    w->points.x_m[i] = x[i];
    w->points.y_m[i] = 500;
    w->points.people[KY_65][i] = people[i];
    w->points.people[KY_75][i] = people[i] / 2;
    w->points.people[KY_TOTAL][i] = 3 * people[i];
    w->coverage.venue[i] = i % 2;
    w->coverage.walk_mm[i] = 600000 + 1000 * i;
  }
  w->coverage.reach[9] = KY_COVERED;
  w->coverage.reach[10] = KY_UNKNOWN;
  w->coverage.reason[10] = KY_NO_ROAD_DATA;
  w->points.row[11] = KY_ROW_OUTSIDE(&w->zones);
  w->sites.count = 1;
  for (int i = 0; i < 3; i++) w->sites.point_site[i] = 0;
  w->coverage.straight_mm[3] = 450000; /* detour */
  w->coverage.reach[6] = KY_UNREACHABLE;
  w->coverage.reason[6] = KY_DISCONNECTED;
  w->coverage.walk_mm[6] = w->coverage.venue[6] = KY_NONE;
  w->coverage.reach[7] = KY_UNREACHABLE;
  w->coverage.reason[7] = KY_NO_STREET_NEAR;
  w->coverage.walk_mm[7] = w->coverage.venue[7] = KY_NONE;
}

static void test_areas(void **state) {
  (void)state;
  world w;
  setup(&w);
  ky_gaps g = build(&w);
  assert_int_equal(g.count, 3);
  assert_string_equal(g.id[0], "c0000a");
  assert_string_equal(g.id[1], "c0000b");
  assert_string_equal(g.id[2], "c0000c");
  assert_int_equal(g.remedy[0], KY_NEW_VENUE);
  assert_int_equal(g.remedy[1], KY_MOBILITY_SUPPORT);
  assert_int_equal(g.remedy[2], KY_OUTREACH);
  assert_int_equal(g.site[0], 0);
  assert_int_equal(g.site[1], KY_NONE);
  assert_int_equal(g.people[KY_65][1], 20000);
  assert_int_equal(g.people[KY_TOTAL][1], 60000);
  assert_null(g.people[KY_85]);
  assert_int_equal(g.riders_milli[1], 1600);
  assert_int_equal(g.riders_75_milli[1], 800);
  assert_int_equal(g.target_participants_milli[0], 2400);
  assert_int_equal(g.cause[0], KY_CAUSE_NO_VENUE);
  assert_int_equal(g.cause[1], KY_CAUSE_DETOUR);
  assert_int_equal(g.cause_65[KY_CAUSE_DETOUR][1], 12000);
  assert_int_equal(g.cause_65[KY_CAUSE_NO_VENUE][1], 8000);
  assert_int_equal(g.cause[2], KY_CAUSE_NO_STREET_NEAR);
  assert_int_equal(g.cause_65[KY_CAUSE_DISCONNECTED][2], 2000);
  assert_int_equal(g.walk_min_mm[1], 603000);
  assert_int_equal(g.walk_median_mm[1], 603000); /* 12 of 20 people */
  assert_int_equal(g.walk_max_mm[1], 605000);
  assert_int_equal(g.walk_median_mm[2], KY_NONE);
  assert_int_equal(g.venue[1], 1); /* 12 + 3 people against 5 */
  assert_int_equal(g.venue[2], KY_NONE);
  assert_int_equal(g.point_remedy[8], KY_OUTREACH);
  assert_int_equal(g.point_area[8], KY_NONE);
  for (int i = 9; i < 12; i++) {
    assert_int_equal(g.point_remedy[i], KY_REMEDY_COUNT);
    assert_int_equal(g.point_cause[i], KY_CAUSE_COUNT);
    assert_int_equal(g.point_area[i], KY_NONE);
  }
  assert_int_equal(g.in_gap[KY_65], 55000);
  assert_int_equal(g.not_in_gap[KY_65], 500);
  assert_int_equal(g.in_gap[KY_ROW_MUNICIPALITY(&w.zones) * KY_MEASURE_COUNT + KY_TOTAL], 165000);
  assert_int_equal(g.not_in_gap[KY_ROW_OUTSIDE(&w.zones) * KY_MEASURE_COUNT + KY_65], 9000);
  ky_job_free(&w.job);
}

/* A lost person breaks the run, and the message says in which row and measure. */
static void test_balance(void **state) {
  (void)state;
  world w;
  setup(&w);
  ky_gaps g = build(&w);
  g.in_gap[KY_75]++;
  assert_int_equal(ky_gaps_balance(&w.job, &w.zones, &w.coverage, &g), KY_E_INTERNAL);
  assert_non_null(strstr(w.job.message, "z0"));
  assert_non_null(strstr(w.job.message, "measure 75"));
  ky_job_free(&w.job);
}

/* Thirty areas of one cell: a, b, ... z, aa, ab, ac, ad. */
static void test_letters(void **state) {
  (void)state;
  world w;
  memset(&w, 0, sizeof w);
  ky_job_init(&w.job, 1);
  world_zones(&w, 1);
  world_points(&w, 30);
  world_venues(&w, 0);
  world_no_sites(&w);
  for (uint32_t i = 0; i < 30; i++) {
    w.points.cell[i] = 1;
    w.points.x_m[i] = 1000.0 * i;
    w.points.people[KY_65][i] = 40000 - 1000 * i;
  }
  ky_gaps g = build(&w);
  assert_int_equal(g.count, 30);
  assert_string_equal(g.id[25], "c0001z");
  assert_string_equal(g.id[26], "c0001aa");
  assert_string_equal(g.id[29], "c0001ad");
  assert_int_equal(g.rank[29], 30);
  ky_job_free(&w.job);
}

/* No people 65+ known anywhere: no area, but nobody is lost. */
static void test_unknown_band(void **state) {
  (void)state;
  world w;
  setup(&w);
  for (uint32_t i = 0; i < 12; i++) w.points.people[KY_65][i] = KY_NONE;
  ky_gaps g = build(&w);
  assert_int_equal(g.count, 0);
  assert_int_equal(g.not_in_gap[KY_TOTAL], 3 * 55500);
  ky_job_free(&w.job);
}

/* For any state of the points: each demand point has a class and at most one area, areas hold enough people. */
static void test_any(void **state) {
  (void)state;
  uint64_t seed = 20261125;
  print_message("seed %llu\n", (unsigned long long)seed);
  for (int trial = 0; trial < 100; trial++) {
    world w;
    memset(&w, 0, sizeof w);
    ky_job_init(&w.job, 1);
    world_zones(&w, 3);
    world_points(&w, 1 + (uint32_t)(town_random(&seed) % 400));
    world_venues(&w, 3);
    world_no_sites(&w);
    w.sites.count = 4;
    for (uint32_t i = 0; i < w.points.count; i++) {
      w.points.row[i] = (uint32_t)(town_random(&seed) % 5);
      w.points.x_m[i] = (double)(town_random(&seed) % 5000);
      w.points.y_m[i] = (double)(town_random(&seed) % 5000);
      w.points.people[KY_TOTAL][i] = (uint32_t)(town_random(&seed) % 3 * 1000);
      w.points.people[KY_65][i] = town_random(&seed) % 8 == 0 ? KY_NONE : (uint32_t)(town_random(&seed) % 900);
      w.coverage.reach[i] = (uint8_t)(town_random(&seed) % KY_REACH_COUNT);
      w.coverage.venue[i] = (uint32_t)(town_random(&seed) % 3);
      if (w.coverage.reach[i] == KY_UNREACHABLE) {
        w.coverage.walk_mm[i] = w.coverage.venue[i] = KY_NONE;
        w.coverage.reason[i] = KY_DISCONNECTED;
      }
      if (ky_point_is_demand(&w.points, &w.coverage, &w.zones, i) && town_random(&seed) % 3 == 0)
        w.sites.point_site[i] = (uint32_t)(town_random(&seed) % 4);
    }
    ky_gaps g = build(&w);
    uint32_t in_area = 0;
    for (uint32_t i = 0; i < w.points.count; i++) {
      bool is_demand = ky_point_is_demand(&w.points, &w.coverage, &w.zones, i);
      assert_int_equal(g.point_remedy[i] != KY_REMEDY_COUNT, is_demand);
      assert_int_equal(g.point_cause[i] != KY_CAUSE_COUNT, is_demand);
      assert_int_equal(g.point_remedy[i] == KY_NEW_VENUE, w.sites.point_site[i] != KY_NONE);
      in_area += g.point_area[i] != KY_NONE;
    }
    assert_int_equal(g.first_point[g.count], in_area);
    for (uint32_t a = 0; a < g.count; a++) {
      assert_true(g.people[KY_65][a] >= OPTS.min_people_65);
      if (a > 0) assert_true(g.people[KY_65][a - 1] >= g.people[KY_65][a]);
      for (uint32_t p = g.first_point[a]; p < g.first_point[a + 1]; p++) {
        assert_int_equal(g.point_area[g.point[p]], a);
        assert_int_equal(g.point_remedy[g.point[p]], g.remedy[a]);
        if (p > g.first_point[a]) assert_true(g.point[p - 1] < g.point[p]);
      }
      for (uint32_t b = 0; b < a; b++) assert_string_not_equal(g.id[a], g.id[b]);
    }
    ky_job_free(&w.job);
  }
}

static ky_err room(world *w) {
  ky_gaps gaps;
  return ky_gaps_build(&w->job, &w->cells, &w->points, &w->zones, &w->venues, &w->coverage, &w->sites, NULL, &OPTS,
                       &gaps);
}

static void test_memory(void **state) {
  (void)state;
  world w;
  setup(&w);
  world_ledger(&w);
  world_starve(&w, &w.job.keep, room);
  world_starve(&w, &w.job.scratch, room);
  ky_job_free(&w.job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_clusters),
      cmocka_unit_test(test_groups),
      cmocka_unit_test(test_joined_by_hand),
      cmocka_unit_test(test_halved_by_people),
      cmocka_unit_test(test_areas),
      cmocka_unit_test(test_balance),
      cmocka_unit_test(test_letters),
      cmocka_unit_test(test_unknown_band),
      cmocka_unit_test(test_any),
      cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
