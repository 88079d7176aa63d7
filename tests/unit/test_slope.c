/* Slopes: the factor by hand, a hill, a bridge over a valley, missing heights. */
#include <math.h>

#include "town.h"

static void test_factor(void **state) {
  (void)state;
  assert_true(ky_slope_factor(0) == 1);
  /* 10 %: up exp(-3.5 x 0.15) / exp(-0.175) = exp(-0.35); down exp(-3.5 x 0.05) / exp(-0.175) = 1 */
  assert_true(fabs(ky_slope_factor(0.1) - (exp(0.35) + 1) / 2) < 1e-12);
  assert_true(ky_slope_factor(0.1) == ky_slope_factor(-0.1)); /* there and back */
  /* 5 % down is the fastest slope of Tobler's rule, but never faster than flat */
  assert_true(fabs(ky_slope_factor(-0.05) - (1 + exp(0.175)) / 2) < 1e-12);
  for (double s = 0; s < 1; s += 0.01) assert_true(ky_slope_factor(s + 0.01) >= ky_slope_factor(s));
}

static void build(ky_job *job, town_lines *lines, ky_network *network, const ky_slope_opts *opts, ky_heights *heights) {
  ky_ways ways;
  ky_job_init(job, 1);
  town_ways(job, lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(job, &ways, network), KY_OK);
  assert_int_equal(ky_slope_places(job, network, opts, heights), KY_OK);
}

/* A straight street of 300 m up a slope of 10 %: 11 heights, every piece costs the same. */
static void test_hill(void **state) {
  (void)state;
  static town_lines lines;
  const ky_slope_opts opts = {.is_used = true, .step_m = 30};
  ky_job job;
  ky_network network;
  ky_heights heights;
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[][2]){{0, 0}, {300, 0}});
  build(&job, &lines, &network, &opts, &heights);
  assert_int_equal(heights.count, 11);
  for (uint32_t i = 0; i < heights.count; i++) heights.z_m[i] = (float)(heights.x_m[i] / 10);
  assert_int_equal(ky_slope_apply(&job, &heights, &opts, &network), KY_OK);
  assert_int_equal(network.length_mm[0], 300000);
  assert_true(fabs(network.sloped_mm[0] - 300000 * ky_slope_factor(0.1)) < 2);
  assert_true(network.slope[0] >= 99990 && network.slope[0] <= 100010);
  assert_null(ky_network_check(&network));
  assert_int_equal(job.issues.count, 0);
  ky_job_free(&job);
}

/* A bridge over a valley of 50 m is flat: only its ends count. The same street without a bridge is not. */
static void test_bridge(void **state) {
  (void)state;
  static town_lines lines;
  const ky_slope_opts opts = {.is_used = true, .step_m = 30};
  for (int is_bridge = 0; is_bridge < 2; is_bridge++) {
    ky_job job;
    ky_network network;
    ky_heights heights;
    ky_ways ways;
    lines.count = lines.vertex_count = 0;
    town_line(&lines, 2, (const double[][2]){{0, 0}, {300, 0}});
    ky_job_init(&job, 1);
    town_ways(&job, &lines, NULL, NULL, &ways);
    ways.is_bridge[0] = (uint8_t)is_bridge;
    assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
    assert_int_equal(ky_slope_places(&job, &network, &opts, &heights), KY_OK);
    for (uint32_t i = 0; i < heights.count; i++) heights.z_m[i] = (float)(fabs(heights.x_m[i] - 150) / 3);
    assert_int_equal(ky_slope_apply(&job, &heights, &opts, &network), KY_OK);
    if (is_bridge)
      assert_int_equal(network.sloped_mm[0], 300000);
    else
      assert_true(network.sloped_mm[0] > 400000);
    ky_job_free(&job);
  }
}

/* Half of the street without heights: flat there, and said; nothing at all: flat, and said loudly. */
static void test_missing_heights(void **state) {
  (void)state;
  static town_lines lines;
  const ky_slope_opts opts = {.is_used = true, .step_m = 30};
  ky_job job;
  ky_network network;
  ky_heights heights;
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[][2]){{0, 0}, {300, 0}});
  build(&job, &lines, &network, &opts, &heights);
  for (uint32_t i = 0; i < heights.count; i++) heights.z_m[i] = i < 6 ? (float)(heights.x_m[i] / 10) : NAN;
  assert_int_equal(ky_slope_apply(&job, &heights, &opts, &network), KY_OK);
  assert_true(fabs(network.sloped_mm[0] - (150000 * ky_slope_factor(0.1) + 150000)) < 2);
  assert_int_equal(job.issues.count, 1);
  assert_string_equal(job.issues.rows[0].reason, "no_elevation");
  assert_int_equal(network.no_height_mm[0], 150000);
  assert_int_equal(network.cost_mm[0], 300000); /* what it costs is for profiles to say */
  for (uint32_t i = 0; i < heights.count; i++) heights.z_m[i] = NAN;
  assert_int_equal(ky_slope_apply(&job, &heights, &opts, &network), KY_OK);
  assert_int_equal(network.sloped_mm[0], network.length_mm[0]);
  assert_int_equal(network.slope[0], KY_NONE);
  assert_string_equal(job.issues.rows[1].reason, "no_elevation_anywhere");
  assert_int_equal(job.issues.rows[1].severity, KY_ERROR);
  ky_job_free(&job);
}

/* Two streets, one with a void: the people of the municipality who live on it are counted, those outside are not. */
static void test_people_without_heights(void **state) {
  (void)state;
  static town_lines lines;
  const ky_slope_opts opts = {.is_used = true, .step_m = 30};
  const ky_zones zones = {.count = 1};
  ky_job job;
  ky_network network;
  ky_heights heights;
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[][2]){{0, 0}, {300, 0}});
  town_line(&lines, 2, (const double[][2]){{0, 0}, {0, 300}});
  build(&job, &lines, &network, &opts, &heights);
  for (uint32_t i = 0; i < heights.count; i++) heights.z_m[i] = heights.x_m[i] > 200 ? NAN : 5;
  assert_int_equal(ky_slope_apply(&job, &heights, &opts, &network), KY_OK);
  const uint32_t with_void = network.no_height_mm[0] != 0 ? 0 : 1;
  assert_int_equal(network.no_height_mm[1 - with_void], 0);
  uint32_t people[] = {1500, 2000, 4000, KY_NONE, 250}, row[] = {0, 0, KY_ROW_OUTSIDE(&zones), 0, 0};
  uint32_t edge[] = {with_void, 1 - with_void, with_void, with_void, KY_NONE};
  ky_points points = {.count = 5, .row = row};
  points.people[KY_65] = people;
  const ky_anchors anchors = {.count = 5, .edge = edge};
  ky_slope_people(&job, &network, &points, &zones, &anchors);
  assert_int_equal(job.issues.count, 2);
  assert_string_equal(job.issues.rows[1].reason, "people_without_elevation");
  assert_non_null(strstr(job.issues.rows[1].message, "1.500 of 3.750 people 65 and over"));
  edge[0] = 1 - with_void;
  ky_slope_people(&job, &network, &points, &zones, &anchors);
  assert_int_equal(job.issues.count, 2);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_factor), cmocka_unit_test(test_hill),
                                     cmocka_unit_test(test_bridge), cmocka_unit_test(test_missing_heights),
                                     cmocka_unit_test(test_people_without_heights)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
