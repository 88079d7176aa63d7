/* Lists that reach beyond the municipality: codes, and what is left out by place, by code, by name. The border is a
 * square of 0.1 degrees near Ube; a degree of latitude is about 111 km there. */
#include <gdal.h>

#include "bench_read.h"
#include "io/gdal_log.h"
#include "io/municipality_code.h"

static bench b;

#define ZONES                                                                                               \
  "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{},\"geometry\":{"    \
  "\"type\":\"Polygon\",\"coordinates\":[[[131.2,33.9],[131.3,33.9],[131.3,34],[131.2,34],[131.2,33.9]]]}}" \
  "]}"

static int open_bench(void **state) {
  (void)state;
  ky_gdal_start();
  bench_open(&b);
  bench_street(&b);
  bench_file(&b, "zones.geojson", ZONES);
  bench_add(&b, KY_ROLE_ZONES, "zones.geojson");
  b.opts.municipality_code = "35202";
  b.opts.municipality_name = "宇部市";
  b.opts.margin_m = 2000;
  return 0;
}

static int close_bench(void **state) {
  (void)state;
  bench_close(&b);
  return 0;
}

/* The six-digit codes are those of real municipalities. */
static void test_codes(void **state) {
  (void)state;
  static const struct {
    const char *text;
    uint32_t code;
  } cases[] = {{"35202", 35202},        {"352021", 35202},  {"352012", 35201}, {"431001", 43100},
               {"011002", 1100},        {"11002", 1100},    {"1100", 1100},    {"11100", 11100},
               {"３５２０２１", 35202}, {" 35202 ", 35202}, {"353434", 35343}, {"131016", 13101},
               {"350001", 0},           {"35", 0},          {"352022", 0},     {"48202", 0},
               {"宇部市", 0},           {"35202.0", 0},     {"", 0},           {"3520210", 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint32_t code = ky_municipality_code(&b.job.scratch, cases[i].text);
    if (code != cases[i].code) fail_msg("%s gave %u, not %u", cases[i].text, code, cases[i].code);
  }
  assert_int_equal(ky_municipality_has(43100, 43105), KY_OWN);     /* Kumamoto and its wards */
  assert_int_equal(ky_municipality_has(14100, 14130), KY_NOT_OWN); /* Yokohama, Kawasaki */
  assert_int_equal(ky_municipality_has(40130, 40137), KY_OWN);
  assert_int_equal(ky_municipality_has(40100, 40137), KY_NOT_OWN);
  assert_int_equal(ky_municipality_has(13101, 13102), KY_NOT_OWN); /* special wards stand alone */
  assert_int_equal(ky_municipality_has(43101, 43100), KY_OWN_UNKNOWN);
  assert_int_equal(ky_municipality_has(0, 43100), KY_OWN_UNKNOWN);
}

/* What became of the venue with this id: 'p' kept with a place, '-' kept without, '.' left out. */
static char fate(const char *id) {
  const ky_raw *raw = &b.inputs.venues[0];
  for (uint32_t i = 0; i < raw->count; i++)
    if (strcmp(raw->record[i], id) == 0) return raw->shapes.first_part[i] != raw->shapes.first_part[i + 1] ? 'p' : '-';
  return '.';
}

static void expect_fates(const char *fates) {
  for (int i = 0; fates[i] != '\0'; i++) {
    char id[16];
    snprintf(id, sizeof id, "%d", i + 1);
    if (fate(id) != fates[i]) fail_msg("venue %s: %c, not %c", id, fate(id), fates[i]);
  }
}

static void test_by_code(void **state) {
  (void)state;
  bench_file(&b, "venues.csv",
             "No,市区町村コード,市区町村名,名称,緯度,経度\n"
             "1,352021,宇部市,内,33.95,131.25\n"
             "2,352021,宇部市,座標なし,,\n"
             "3,35202,宇部市,座標が誤り,35.68,139.76\n"
             "4,352161,山陽小野田市,境の近く,33.95,131.19\n"
             "5,352161,山陽小野田市,境から遠い,33.95,131.10\n"
             "6,131016,千代田区,東京,35.69,139.75\n"
             "7,131016,千代田区,座標なし,,\n"
             "8,011002,札幌市,500 km より遠い,43.06,141.35\n"
             "9,352161,山陽小野田市,内側にある,33.96,131.26\n"
             "10,,,どこか分からない,,\n"
             "11,352021,宇部市,80 km 先,33.59,130.40\n");
  bench_add(&b, KY_ROLE_VENUES, "venues.csv");
  bench_read(&b);
  bench_good(&b);
  expect_fates("p--p....p-p"); /* 3 is 800 km away: its coordinates are not used */
  assert_int_equal(b.inputs.venues[0].elsewhere_count, 4);
  assert_int_equal(b.inputs.venues[0].read_count, 11);
  assert_int_equal(bench_issues(&b, "other_municipalities"), 1);
  assert_non_null(strstr(bench_issue(&b, "other_municipalities", 0)->message, "4 of 11"));
  assert_int_equal(bench_issues(&b, "far_from_municipality"), 1); /* one word on each: 3 is not kept there */
  assert_string_equal(bench_issue(&b, "far_from_municipality", 0)->record, "11");
  assert_int_equal(bench_issues(&b, "coordinates_far"), 1);
}

/* GSI's shelters name the municipality; a ward alone says nothing. */
static void test_by_name(void **state) {
  (void)state;
  b.opts.municipality_code = NULL;
  bench_file(&b, "venues.csv",
             "No,都道府県名及び市町村名,名称,緯度,経度\n"
             "1,山口県宇部市,内,33.95,131.25\n"
             "2,山口県宇部市,座標なし,,\n"
             "3,山口県下関市,座標なし,,\n"
             "4,山口県下関市,遠い,33.95,130.94\n"
             "5,中央区,座標なし,,\n");
  bench_add(&b, KY_ROLE_VENUES, "venues.csv");
  bench_read(&b);
  bench_good(&b);
  expect_fates("p-..-");
}

static void write_rows(int inside, int outside, double outside_lat) {
  char text[8192];
  int used = snprintf(text, sizeof text, "No,名称,緯度,経度\n");
  for (int i = 0; i < inside + outside; i++)
    used += snprintf(text + used, sizeof text - (size_t)used, "%d,v%d,%.3f,131.25\n", i + 1, i + 1,
                     i < inside ? 33.91 + i * 0.001 : outside_lat + i * 0.001);
  bench_file(&b, "venues.csv", text);
  bench_add(&b, KY_ROLE_VENUES, "venues.csv");
}

/* A list that states no municipality: most of it elsewhere, a few of it elsewhere, all of it elsewhere. */
static void test_by_place_only(void **state) {
  (void)state;
  write_rows(5, 25, 34.1);
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.venues[0].count, 5);
  assert_int_equal(b.inputs.venues[0].elsewhere_count, 25);
  bench_close(&b);
  open_bench(NULL);
  write_rows(25, 7, 35.1);
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.venues[0].count, 32);
  assert_int_equal(bench_issues(&b, "far_from_municipality"), 1);
  assert_non_null(strstr(bench_issue(&b, "far_from_municipality", 0)->message, "7 records"));
  assert_non_null(strstr(bench_issue(&b, "far_from_municipality", 0)->message, "26, 27, 28, 29, 30, …"));
  bench_close(&b);
  open_bench(NULL);
  write_rows(0, 30, 35.1);
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.venues[0].count, 30);
  assert_int_equal(bench_issues(&b, "far_from_municipality"), 1);
}

/* Every record belongs to another place: said as a warning. */
static void test_nothing_left(void **state) {
  (void)state;
  bench_file(&b, "venues.csv", "No,市区町村コード,名称,緯度,経度\n1,131016,a,35.69,139.75\n2,131016,b,35.69,139.75\n");
  bench_add(&b, KY_ROLE_VENUES, "venues.csv");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.venues[0].count, 0);
  assert_int_equal(bench_issue(&b, "other_municipalities", 0)->severity, KY_WARNING);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void) {
  const struct CMUnitTest tests[] = {CASE(test_codes), CASE(test_by_code), CASE(test_by_name), CASE(test_by_place_only),
                                     CASE(test_nothing_left)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
