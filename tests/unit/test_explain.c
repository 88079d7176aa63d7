/* An explanation by hand: the point that stands for a cell, near venues with those not counted, and that a walk which
 * the streets do not give is refused. */
#include "town.h"

typedef struct place {
  ky_job job;
  ky_network network;
  ky_cells cells;
  ky_points points;
  ky_venues venues;
  ky_anchors venue_anchors, point_anchors;
  ky_coverage coverage;
  ky_result result;
} place;

/* A street of 1 km; one cell with three points on it, at 100, 300 and 500 m, and one far off; venues at 900 m (a), at
 * 950 m (b), at 310 m but closed (c), and on an island (d). */
static const double point_x[] = {100, 300, 500, 20000}, venue_x[] = {900, 950, 310, 5050};
static const char *venue_id[] = {"a", "b", "c", "d"}, *cell_id[] = {"1", "2"};
static const char *reason[] = {NULL, NULL, "closed", NULL};

static void build(place *p) {
  static town_lines lines;
  static double zero[4];
  static uint32_t first_point[] = {0, 3, 4}, cell[] = {0, 0, 0, 1}, walk[] = {800000, 600000, 400000, KY_NONE},
                  nearest[] = {0, 0, 0, KY_NONE}, median[] = {600000, KY_NONE};
  static uint64_t weight[] = {1, 1, 1, 1};
  static int8_t counts[4];
  ky_ways ways;
  ky_job_init(&p->job, 1);
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[][2]){{0, 0}, {1000, 0}});
  town_line(&lines, 2, (const double[][2]){{5000, 0}, {5100, 0}});
  town_ways(&p->job, &lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&p->job, &ways, &p->network), KY_OK);
  const ky_network_opts opts = {.snap_cap_m = 200};
  memcpy(counts, (const int8_t[]){1, 1, 0, 1}, sizeof counts);
  p->cells = (ky_cells){.count = 2, .id = cell_id};
  p->points = (ky_points){.count = 4, .first_point = first_point, .cell = cell, .weight_um = weight, .y_m = zero};
  p->points.x_m = (double *)(uintptr_t)point_x;
  p->venues = (ky_venues){.count = 4, .id = venue_id, .counts = counts, .reason = reason, .y_m = zero};
  p->venues.x_m = (double *)(uintptr_t)venue_x;
  p->coverage = (ky_coverage){.walk_mm = walk, .venue = nearest, .cell_walk_median_mm = median};
  assert_int_equal(ky_network_anchor(&p->job, &p->network, point_x, zero, 4, NULL, &opts, &p->point_anchors), KY_OK);
  assert_int_equal(ky_network_anchor(&p->job, &p->network, venue_x, zero, 4, NULL, &opts, &p->venue_anchors), KY_OK);
  p->result = (ky_result){.network = &p->network,
                          .cells = &p->cells,
                          .points = &p->points,
                          .venues = &p->venues,
                          .venue_anchors = &p->venue_anchors,
                          .point_anchors = &p->point_anchors,
                          .coverage = &p->coverage};
}

static void test_by_hand(void **state) {
  (void)state;
  place p;
  ky_explanation e;
  build(&p);
  assert_int_equal(ky_explain(&p.job, &p.result, &(ky_explain_opts){.cell = 0, .venue = KY_NONE}, &e), KY_OK);
  assert_true(e.is_median);
  assert_int_equal(e.point, 1);
  assert_int_equal(e.near_count, 3); /* a, b, and d without a way */
  assert_int_equal(e.near[0].venue, 0);
  assert_int_equal(e.near[0].walk_mm, 600000);
  assert_int_equal(e.near[0].straight_mm, 600000);
  assert_int_equal(e.near[1].walk_mm, 650000);
  assert_int_equal(e.near[2].venue, 3);
  assert_int_equal(e.near[2].walk_mm, KY_NONE);
  assert_int_equal(e.near[2].straight_mm, 4750000);
  assert_int_equal(e.passed_count, 1);
  assert_int_equal(e.passed[0].venue, 2);
  assert_int_equal(e.passed[0].walk_mm, 10000);
  assert_int_equal(e.route_count, 1);
  assert_int_equal(e.route[0].route.walk_mm, 600000);
  /* every point, to a venue of one's own choice */
  assert_int_equal(ky_explain(&p.job, &p.result, &(ky_explain_opts){.cell = 0, .venue = 1, .with_points = true}, &e),
                   KY_OK);
  assert_int_equal(e.route_count, 3);
  for (uint32_t i = 0; i < 3; i++) assert_int_equal(e.route[i].route.walk_mm, 850000 - 200000 * i);
  /* no street near: no route, venues by straight distance */
  assert_int_equal(ky_explain(&p.job, &p.result, &(ky_explain_opts){.cell = 1, .venue = KY_NONE}, &e), KY_OK);
  assert_false(e.is_median);
  assert_int_equal(e.point, 3);
  assert_int_equal(e.route[0].route.leg_count, 0);
  assert_int_equal(e.near[0].venue, 3);
  ky_job_free(&p.job);
}

/* A published walk that the streets do not give, a millimetre off or to another venue, is never explained away. */
static void test_another_walk(void **state) {
  (void)state;
  place p;
  ky_explanation e;
  for (int k = 0; k < 3; k++) {
    build(&p);
    uint32_t walk[] = {800000, 600000, 400000, KY_NONE}, venue[] = {0, 0, 0, KY_NONE}, median[] = {600000, KY_NONE};
    p.coverage = (ky_coverage){.walk_mm = walk, .venue = venue, .cell_walk_median_mm = median};
    if (k == 0) walk[1] = median[0] = 600001;
    if (k == 1) venue[1] = 1;
    if (k == 2) walk[2]++;
    assert_int_equal(
        ky_explain(&p.job, &p.result, &(ky_explain_opts){.cell = 0, .venue = KY_NONE, .with_points = true}, &e),
        KY_E_INTERNAL);
    assert_non_null(strstr(p.job.message, k == 2 ? "400.001" : k == 1 ? "to venue b" : "600.001"));
    ky_job_free(&p.job);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_by_hand), cmocka_unit_test(test_another_walk)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
