/* Coordinate reference systems: which one a run takes, axis order, millimetres. */
#include "io/crs.h"

#include "close_to.h"
#include "io/gdal_log.h"

static void check_choice(const char *code, double lon, double lat, const char *crs) {
  ky_job job;
  const char *chosen = NULL, *origin = NULL;
  ky_job_init(&job, 1);
  ky_read_opts opts = {.municipality_code = code};
  assert_int_equal(ky_crs_choose(&job, &opts, lon, lat, &chosen, &origin), KY_OK);
  if (strcmp(chosen, crs) != 0) fail_msg("%s %.3f %.3f: %s, not %s", code != NULL ? code : "-", lon, lat, chosen, crs);
  ky_job_free(&job);
}

/* formats.md 9: zones by prefecture; 6668 + zone. */
static void test_prefectures(void **state) {
  (void)state;
  static const struct {
    int zone;
    const char *prefectures;
  } table[] = {{1, "42"},
               {2, "40 41 43 44 45 46"},
               {3, "35 32 34"},
               {4, "36 37 38 39"},
               {5, "28 31 33"},
               {6, "26 27 18 25 24 29 30"},
               {7, "17 16 21 23"},
               {8, "15 20 19 22"},
               {9, "13 07 09 08 11 12 10 14"},
               {10, "02 05 06 03 04"},
               {15, "47"}};
  uint32_t seen = 0;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    for (const char *p = table[i].prefectures; *p != '\0'; p += strspn(p, "0123456789"), p += *p == ' ') {
      char code[8], crs[32];
      snprintf(code, sizeof code, "%c%c100", p[0], p[1]);
      snprintf(crs, sizeof crs, "EPSG:%d", 6668 + table[i].zone);
      check_choice(code, NAN, NAN, crs);
      seen++;
    }
  }
  assert_int_equal(seen, 46);
  check_choice("01202", 140.73, 41.77, "EPSG:6679"); /* Hakodate XI */
  check_choice("01100", 141.35, 43.06, "EPSG:6680"); /* Sapporo XII */
  check_choice("01206", 144.38, 42.98, "EPSG:6681"); /* Kushiro XIII */
  check_choice("13421", 142.19, 27.09, "EPSG:6682"); /* Ogasawara XIV */
  check_choice("13401", 139.79, 33.11, "EPSG:6677"); /* Hachijo IX */
  check_choice("46222", 129.50, 28.38, "EPSG:6669"); /* Amami I */
  check_choice("46220", 130.20, 31.42, "EPSG:6670"); /* the west coast of Kagoshima's mainland II */
  check_choice("47207", 124.16, 24.34, "EPSG:6684"); /* Ishigaki XVI */
  check_choice("47357", 131.24, 25.85, "EPSG:6685"); /* Daito XVII */
}

static void test_place(void **state) {
  (void)state;
  check_choice(NULL, 131.25, 33.95, "EPSG:6670");
  check_choice(NULL, 141.35, 43.06, "EPSG:6680");
  check_choice(NULL, 129.5, 28.38, "EPSG:6669");
  check_choice(NULL, 127.68, 26.21, "EPSG:6683");
  check_choice(NULL, -8.61, 41.15, "EPSG:32629");   /* Porto */
  check_choice(NULL, 178.44, -18.14, "EPSG:32760"); /* Suva */
  check_choice(NULL, 180, -18, "EPSG:32760");
  check_choice("99999", 131.25, 33.95, "EPSG:6670"); /* no such prefecture */
}

static void test_no_place(void **state) {
  (void)state;
  ky_job job;
  const char *crs, *origin;
  ky_job_init(&job, 1);
  assert_int_equal(ky_crs_choose(&job, &(ky_read_opts){0}, NAN, NAN, &crs, &origin), KY_E_INPUT);
  assert_non_null(strstr(job.message, "crs:"));
  ky_job_free(&job);
  ky_job_init(&job, 1);
  assert_int_equal(ky_crs_choose(&job, &(ky_read_opts){.crs = "EPSG:6668"}, 131, 34, &crs, &origin), KY_E_CONFIG);
  ky_job_free(&job);
}

/* Expected values: the Gauss-Krueger series in n to the fifth order, worked out apart from PROJ. */
static void test_millimetres(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  static const struct {
    const char *from, *to;
    double lon, lat, x_m, y_m;
  } points[] = {{"EPSG:6668", "EPSG:6670", 130.7082, 32.8031, -27327.374100773, -21796.859967346},
                {"EPSG:6668", "EPSG:6671", 131.25, 33.95, -84728.537441457, -227026.043787074},
                {"EPSG:4612", "EPSG:2445", 131.25, 33.95, -84728.537441457, -227026.043787074},
                {"EPSG:4326", "EPSG:6671", 131.25, 33.95, -84728.537441457, -227026.043787074},
                {"EPSG:4612", "EPSG:6671", 131.25, 33.95, -84728.537441457, -227026.043787074}};
  for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
    double x = points[i].lon, y = points[i].lat;
    assert_int_equal(ky_crs_transform(&job, points[i].from, points[i].to, &x, &y, 1), KY_OK);
    assert_close(x, points[i].x_m, 1e-4); /* x east, y north: never northing first */
    assert_close(y, points[i].y_m, 1e-4);
    assert_int_equal(ky_crs_transform(&job, points[i].to, points[i].from, &x, &y, 1), KY_OK);
    assert_close(x, points[i].lon, 1e-9);
    assert_close(y, points[i].lat, 1e-9);
  }
  double x[2] = {131.25, 131.25}, y[2] = {NAN, 33.95};
  assert_int_equal(ky_crs_transform(&job, "EPSG:6668", "EPSG:6671", x, y, 2), KY_OK);
  assert_true(isnan(x[0]) && isnan(y[0]));
  assert_close(x[1], -84728.5374, 1e-3);
  ky_job_free(&job);
}

static void test_definitions(void **state) {
  (void)state;
  ky_job job;
  ky_crs crs;
  bool is_valid;
  ky_job_init(&job, 1);
  static const char *const bad[] = {
      "",      "EPSG:0",         "EPSG:999999", "JGD2011", "/etc/passwd", "http://example.org/crs", "+proj=nonsense",
      "EPSG:", "LOCAL_CS[\"x\"]"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(ky_crs_read(&job, bad[i], &crs, &is_valid), KY_OK);
    if (is_valid) fail_msg("'%s' was taken as a CRS", bad[i]);
  }
  assert_int_equal(ky_crs_read(&job, "EPSG:6671", &crs, &is_valid), KY_OK);
  assert_true(is_valid && crs.is_metric && !crs.is_geographic);
  assert_string_equal(crs.datum, "JGD2011");
  assert_int_equal(ky_crs_read(&job, "EPSG:4301", &crs, &is_valid), KY_OK);
  assert_true(is_valid && crs.is_geographic);
  assert_string_equal(crs.datum, "Tokyo");
  /* as a .prj of another maker says it */
  assert_int_equal(
      ky_crs_read(&job,
                  "GEOGCS[\"GCS_JGD_2011\",DATUM[\"D_JGD_2011\",SPHEROID[\"GRS_1980\",6378137.0,298.257222101]],"
                  "PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]",
                  &crs, &is_valid),
      KY_OK);
  assert_true(is_valid && crs.is_geographic);
  assert_string_equal(crs.datum, "JGD2011");
  ky_job_free(&job);
}

static void test_far_region(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  assert_int_equal(ky_crs_warn_place(&job, "EPSG:6671", 131.25, 33.95), KY_OK);
  assert_int_equal(job.issues.count, 0);
  assert_int_equal(ky_crs_warn_place(&job, "EPSG:6677", 131.25, 33.95), KY_OK);
  assert_int_equal(job.issues.count, 1);
  assert_string_equal(job.issues.rows[0].reason, "crs_far");
  ky_job_free(&job);
}

static int start(void **state) {
  (void)state;
  ky_gdal_start();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_prefectures), cmocka_unit_test(test_place),       cmocka_unit_test(test_no_place),
      cmocka_unit_test(test_millimetres), cmocka_unit_test(test_definitions), cmocka_unit_test(test_far_region),
  };
  return cmocka_run_group_tests(tests, start, NULL);
}
