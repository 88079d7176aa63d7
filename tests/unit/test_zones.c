/* What becomes of polygons before they are zones: school districts of KSJ, small areas and their table, records of one
 * id; and how zones fit each other. Areas are squares, so every figure is counted by hand. */
#include <math.h>

#include "bench_read.h"
#include "io/geos.h"
#include "io/zones_fit.h"
#include "io/zones_prepare.h"

#define X0 -85000.0 /* near Ube, EPSG:6671 */
#define Y0 -227000.0

static bench b;
static char text[20000];

static int open_bench(void **state) {
  (void)state;
  bench_open(&b);
  bench_street(&b);
  text[0] = '\0';
  return 0;
}

static int close_bench(void **state) {
  (void)state;
  bench_close(&b);
  return 0;
}

/* A square of side metres with its corner x, y metres from the origin. */
static void add(const char *properties, double x, double y, double side) {
  const size_t used = strlen(text);
  const double w = X0 + x, s = Y0 + y, e = w + side, n = s + side;
  snprintf(
      text + used, sizeof text - used,
      "%s{\"type\":\"Feature\",\"properties\":{%s},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.3f,%.3f],"
      "[%.3f,%.3f],[%.3f,%.3f],[%.3f,%.3f],[%.3f,%.3f]]]}}",
      used == 0 ? "" : ",", properties, w, s, e, s, e, n, w, n, w, s);
}

static void take(ky_role role, const char *name) {
  static char whole[sizeof text + 100];
  snprintf(whole, sizeof whole, "{\"type\":\"FeatureCollection\",\"features\":[%s]}", text);
  bench_file(&b, name, whole);
  bench_add(&b, role, name)->crs = "EPSG:6671";
  text[0] = '\0';
}

static const ky_raw *zones(void) {
  assert_int_equal(b.inputs.zone_count, 1);
  return &b.inputs.zones[0];
}

/* The record with the id; its name and area must be as said. */
static void zone_is(const char *id, const char *name, double area_m2) {
  const ky_raw *raw = zones();
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *own = ky_raw_value(raw, "id", i) != NULL ? ky_raw_value(raw, "id", i) : ky_raw_value(raw, "name", i);
    if (strcmp(own, id) != 0) continue;
    assert_string_equal(ky_raw_value(raw, "name", i), name);
    if (fabs(ky_shape_area_m2(&raw->shapes, i) - area_m2) > 0.01)
      fail_msg("%s has %.3f m2", id, ky_shape_area_m2(&raw->shapes, i));
    return;
  }
  fail_msg("no zone %s", id);
}

static void has_issue(const char *reason, const char *record, const char *words) {
  for (uint32_t n = 0;; n++) {
    const ky_issue *issue = bench_issue(&b, reason, n);
    if (issue == NULL) break;
    assert_non_null(issue->action);
    if (record != NULL && (issue->record == NULL || strcmp(issue->record, record) != 0)) continue;
    if (strstr(issue->message, words) != NULL) return;
    print_message("  %s\n", issue->message);
  }
  for (uint32_t i = 0; i < b.job.issues.count; i++)
    print_message("  %s: %s\n", b.job.issues.rows[i].reason, b.job.issues.rows[i].message);
  fail_msg("no issue %s %s with '%s' (%s)", reason, record != NULL ? record : "", words, b.job.message);
}

/* A27 of 2021: 003 is the school's code, 004 its name, 005 its address. Two polygons of one school that overlap by a
 * quarter are one zone, another municipality's school is out. */
static void test_new_elementary(void **state) {
  (void)state;
  b.opts.municipality_code = "352021";
  add("\"A27_001\":\"35202\",\"A27_002\":\"宇部市立\",\"A27_003\":\"B135210000011\",\"A27_004\":\"東小学校\",\"A27_"
      "005\":"
      "\"宇部市東1\"",
      0, 0, 100);
  add("\"A27_001\":\"35202\",\"A27_002\":\"宇部市立\",\"A27_003\":\"B135210000011\",\"A27_004\":\"東小学校\",\"A27_"
      "005\":"
      "\"宇部市東1\"",
      50, 50, 100);
  add("\"A27_001\":\"35202\",\"A27_002\":\"宇部市立\",\"A27_003\":\"B135210000020\",\"A27_004\":\"西小学校\",\"A27_"
      "005\":"
      "\"宇部市西1\"",
      200, 0, 100);
  add("\"A27_001\":\"35215\",\"A27_002\":\"周南市立\",\"A27_003\":\"B135210000999\",\"A27_004\":\"東小学校\",\"A27_"
      "005\":"
      "\"周南市\"",
      900, 0, 100);
  take(KY_ROLE_ZONES, "A27-21_35.geojson");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(zones()->count, 2);
  zone_is("B135210000011", "東小学校", 17500);
  zone_is("B135210000020", "西小学校", 10000);
  has_issue("zones_elsewhere", NULL, "1 of 4 records are of other municipalities than 352021");
  has_issue("zones_joined", NULL,
            "3 records are 2 zones; 1 zones are made of several records, which overlapped by 2500.0");
}

/* A27 of 2010 and 2016: 005 code, 006 founder, 007 name, 008 address; the school's name is its id. */
static void test_old_elementary(void **state) {
  (void)state;
  b.opts.municipality_code = "35202";
  add("\"A27_005\":\"35202\",\"A27_006\":\"宇部市立\",\"A27_007\":\"東小学校\",\"A27_008\":\"宇部市東1\"", 0, 0, 100);
  add("\"A27_005\":\"35202\",\"A27_006\":\"宇部市立\",\"A27_007\":\"東小学校\",\"A27_008\":\"宇部市東1\"", 100, 0, 100);
  add("\"A27_005\":\"35202\",\"A27_006\":\"宇部市立\",\"A27_007\":\"西小学校\",\"A27_008\":\"宇部市西1\"", 300, 0, 100);
  add("\"A27_005\":\"35202\",\"A27_006\":\"組合立\",\"A27_007\":\"西小学校\",\"A27_008\":\"宇部市西2\"", 400, 0, 100);
  take(KY_ROLE_ZONES, "A27-16_35.geojson");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(zones()->count, 3);
  zone_is("東小学校", "東小学校", 20000);
  zone_is("宇部市立西小学校", "西小学校", 10000);
  zone_is("組合立西小学校", "西小学校", 10000);
}

/* A32 of 2013 and 2016: 006 code, 007 founder, 008 name; of 2021: as A27. Wards of a city are the city's. */
static void test_junior_high(void **state) {
  (void)state;
  b.opts.municipality_code = "40100";
  add("\"A32_006\":\"40101\",\"A32_007\":\"北九州市立\",\"A32_008\":\"門司中学校\",\"A32_009\":\"a\",\"A32_010\":\"\"",
      0, 0, 10);
  add("\"A32_006\":\"40109\",\"A32_007\":\"北九州市立\",\"A32_008\":\"八幡中学校\",\"A32_009\":\"b\",\"A32_010\":\"\"",
      20, 0, 10);
  add("\"A32_006\":\"40131\",\"A32_007\":\"福岡市立\",\"A32_008\":\"東中学校\",\"A32_009\":\"c\",\"A32_010\":\"\"", 40,
      0, 10);
  add("\"A32_006\":\"40202\",\"A32_007\":\"大牟田市立\",\"A32_008\":\"南中学校\",\"A32_009\":\"d\",\"A32_010\":\"\"",
      60, 0, 10);
  take(KY_ROLE_ZONES, "A32-16_40.geojson");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(zones()->count, 2);
  zone_is("門司中学校", "門司中学校", 100);
  zone_is("八幡中学校", "八幡中学校", 100);
}

/* Wards of KSJ N03, a polygon for each island. A ward of Tokyo is a municipality of its own. */
static void test_wards(void **state) {
  (void)state;
  b.opts.municipality_code = "43100";
  add("\"N03_001\":\"熊本県\",\"N03_004\":\"熊本市\",\"N03_005\":\"西区\",\"N03_007\":\"43103\"", 0, 0, 100);
  add("\"N03_001\":\"熊本県\",\"N03_004\":\"熊本市\",\"N03_005\":\"西区\",\"N03_007\":\"43103\"", 300, 0, 100);
  add("\"N03_001\":\"熊本県\",\"N03_004\":\"熊本市\",\"N03_005\":\"東区\",\"N03_007\":\"43102\"", 100, 0, 100);
  add("\"N03_001\":\"熊本県\",\"N03_004\":\"益城町\",\"N03_005\":null,\"N03_007\":\"43443\"", 200, 0, 100);
  add("\"N03_001\":\"東京都\",\"N03_004\":\"千代田区\",\"N03_005\":null,\"N03_007\":\"13101\"", 500, 0, 100);
  take(KY_ROLE_ZONES, "N03.geojson");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(zones()->count, 2);
  zone_is("43103", "西区", 20000);
  zone_is("43102", "東区", 10000);
}

/* Without a code the border chooses: 5 % inside is out, 20 % inside is in. */
static void test_by_border(void **state) {
  (void)state;
  b.opts.zone_min_inside = 0.1;
  add("\"A32_001\":\"35202\",\"A32_002\":\"宇部市立\",\"A32_003\":\"C1\",\"A32_004\":\"一中\",\"A32_005\":\"x\"", 0, 0,
      100);
  add("\"A32_001\":\"35215\",\"A32_002\":\"組合立\",\"A32_003\":\"C2\",\"A32_004\":\"二中\",\"A32_005\":\"x\"", -80, 0,
      100);
  add("\"A32_001\":\"35215\",\"A32_002\":\"周南市立\",\"A32_003\":\"C3\",\"A32_004\":\"三中\",\"A32_005\":\"x\"", 95, 0,
      100);
  take(KY_ROLE_ZONES, "A32-21_35.geojson");
  add("\"name\":\"宇部市\"", 0, 0, 100);
  take(KY_ROLE_BORDER, "border.geojson");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(zones()->count, 2);
  zone_is("C1", "一中", 10000);
  zone_is("C2", "二中", 10000);
  has_issue("zones_elsewhere", NULL, "1 of 3 records have less than 10 %");
}

static void test_neither_code_nor_border(void **state) {
  (void)state;
  add("\"A32_001\":\"35202\",\"A32_003\":\"C1\",\"A32_004\":\"一中\"", 0, 0, 100);
  add("\"A32_001\":\"35215\",\"A32_003\":\"C2\",\"A32_004\":\"二中\"", 100, 0, 100);
  take(KY_ROLE_ZONES, "A32-21_35.geojson");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(zones()->count, 2);
  has_issue("zones_of_several", NULL, "several municipalities");
}

static void test_wrong_prefecture(void **state) {
  (void)state;
  b.opts.municipality_code = "43443";
  add("\"A32_001\":\"35202\",\"A32_003\":\"C1\",\"A32_004\":\"一中\"", 0, 0, 100);
  take(KY_ROLE_ZONES, "A32-21_35.geojson");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "43443", "35202");
}

static void add_areas(void) {
  add("\"KEY_CODE\":\"35202001001\",\"CITY_NAME\":\"宇部市\",\"S_NAME\":\"東町一丁目\",\"HCODE\":8101,\"JINKO\":100", 0,
      0, 100);
  add("\"KEY_CODE\":\"35202001002\",\"CITY_NAME\":\"宇部市\",\"S_NAME\":\"東町二丁目\",\"HCODE\":8101,\"JINKO\":50",
      100, 0, 100);
  add("\"KEY_CODE\":\"352020020\",\"CITY_NAME\":\"宇部市\",\"S_NAME\":\"大字西\",\"HCODE\":8101,\"JINKO\":30", 200, 0,
      100);
  add("\"KEY_CODE\":\"352020020\",\"CITY_NAME\":\"宇部市\",\"S_NAME\":\"大字西\",\"HCODE\":8101,\"JINKO\":30", 400, 0,
      100);
  add("\"KEY_CODE\":\"352020030\",\"CITY_NAME\":\"宇部市\",\"S_NAME\":\"南\",\"HCODE\":8101,\"JINKO\":7", 0, 200, 100);
  add("\"KEY_CODE\":\"352020030\",\"CITY_NAME\":\"宇部市\",\"S_NAME\":\"南\",\"HCODE\":8101,\"JINKO\":0", 0, 300, 100);
  add("\"KEY_CODE\":\"352020040\",\"CITY_NAME\":\"宇部市\",\"S_NAME\":\"沖\",\"HCODE\":8154,\"JINKO\":0", 0, 900, 100);
  add("\"KEY_CODE\":\"352150010\",\"CITY_NAME\":\"周南市\",\"S_NAME\":\"東町一丁目\",\"HCODE\":8101,\"JINKO\":9", 2000,
      0, 100);
  take(KY_ROLE_ZONES, "r2ka35.geojson");
}

/* By the town's code, by a name written in another way, and by a code; 南 has no zone, 北 is no area. */
static void test_lookup(void **state) {
  (void)state;
  b.opts.municipality_code = "35202";
  add_areas();
  bench_file(&b, "zones.csv",
             "町丁字コード,圏域コード,圏域名\n352020010,A,東圏域\n西,B,西圏域\n北,B,西圏域\n,,\n352029999,,\n");
  bench_add(&b, KY_ROLE_ZONE_LOOKUP, "zones.csv");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(zones()->count, 2);
  zone_is("A", "東圏域", 20000);
  zone_is("B", "西圏域", 20000);
  has_issue("water_areas", NULL, "1 of 8");
  has_issue("zones_elsewhere", NULL, "1 of 7");
  has_issue("lookup_unmatched", "北", "no small area");
  has_issue("lookup_incomplete", "352029999", "names no zone");
  has_issue("area_without_zone", "352020030", "南 is in no zone (people by the file: 7)");
  has_issue("areas_without_zone", NULL, "1 small areas are in no zone; by the file at least 7 people");
  assert_int_equal(bench_issues(&b, "lookup_unmatched"), 1);
}

/* 東町一丁目 as it stands goes before 東町1丁目; the same name may stand for areas of two codes; a code beats a name.
 */
static void test_lookup_by_name(void **state) {
  (void)state;
  add_areas();
  bench_file(&b, "zones.csv", "S_NAME,日常生活圏域\n東町一丁目,A\n東町２丁目,B\n 大字西 ,B\n352020030,C\n南,D\n沖,A\n");
  bench_add(&b, KY_ROLE_ZONE_LOOKUP, "zones.csv");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(zones()->count, 3);
  zone_is("A", "A", 20000);
  zone_is("B", "B", 30000);
  zone_is("C", "C", 20000);
  has_issue("lookup_name_repeated", "東町一丁目", "2 small areas with different codes");
  has_issue("lookup_unmatched", "南", "no small area");
  has_issue("lookup_unmatched", "沖", "no small area");
}

/* One area in two zones is in none. */
static void test_lookup_conflict(void **state) {
  (void)state;
  b.opts.municipality_code = "35202";
  add_areas();
  bench_file(&b, "zones.csv", "KEY_CODE,zone,name\n352020020,A,A\n352020020,B,B\n352020030,A,A\n352020030,A,A\n");
  bench_add(&b, KY_ROLE_ZONE_LOOKUP, "zones.csv");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(zones()->count, 1);
  zone_is("A", "A", 20000);
  has_issue("lookup_conflict", "352020020", "two zones: A, B");
  has_issue("area_without_zone", "352020020", "people by the file: 30");
}

static void test_lookup_of_nothing(void **state) {
  (void)state;
  add_areas();
  bench_file(&b, "zones.csv", "町名,圏域名\n本町,中央\n");
  bench_add(&b, KY_ROLE_ZONE_LOOKUP, "zones.csv");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "本町", "東町一丁目");
}

static void test_lookup_without_areas(void **state) {
  (void)state;
  add("\"圏域名\":\"中央\"", 0, 0, 100);
  take(KY_ROLE_ZONES, "zones.geojson");
  bench_file(&b, "zones.csv", "町名,圏域名\n本町,中央\n");
  bench_add(&b, KY_ROLE_ZONE_LOOKUP, "zones.csv");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "zones.lookup", "KEY_CODE");
}

static void test_areas_without_lookup(void **state) {
  (void)state;
  b.opts.municipality_code = "35202";
  add_areas();
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(zones()->count, 4);
  zone_is("352020030", "南", 20000);
  has_issue("areas_as_zones", NULL, "small areas");
}

/* The same polygon twice under one id is the polygon, not nothing; names that differ are said. */
static void test_same_polygon_twice(void **state) {
  (void)state;
  add("\"zone_id\":\"1\",\"zone_name\":\"a\"", 0, 0, 100);
  add("\"zone_id\":\"1\",\"zone_name\":\"b\"", 0, 0, 100);
  add("\"zone_id\":\"2\",\"zone_name\":\"c\"", 200, 0, 100);
  take(KY_ROLE_ZONES, "zones.geojson");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(zones()->count, 2);
  zone_is("1", "a", 10000);
  has_issue("zones_joined", NULL, "overlapped by 10000.0 m2");
  has_issue("zone_names_differ", "1", "a, b");
}

static const char *const ids[] = {"a", "b", "c"};

static void fit(const double (*box)[4], uint32_t count, const double (*border)[4], uint32_t border_count) {
  static const ky_zone_fit_opts opts = {.min_overlap_m2 = 1, .sliver_m = 10};
  ky_zones z = {.count = count, .id = (const char **)(uintptr_t)ids, .name = (const char **)(uintptr_t)ids};
  GEOSGeometry *area[3];
  ky_box boxes[3];
  ky_geos geos;
  town_boxes(&b.job, box, count, &z.shapes);
  if (border_count != 0) town_boxes(&b.job, border, border_count, &z.border);
  assert_true(ky_geos_open(&geos));
  for (uint32_t i = 0; i < count; i++) {
    assert_non_null(area[i] = ky_geos_polygons(&geos, &z.shapes, i));
    boxes[i] = ky_shape_box(&z.shapes, i);
  }
  assert_int_equal(ky_zones_fit(&b.job, &geos, &z, area, boxes, &opts), KY_OK);
  for (uint32_t i = 0; i < count; i++) GEOSGeom_destroy_r(geos.handle, area[i]);
  ky_geos_close(&geos);
}

/* a | 2 m | b, b and c overlap by 1 m, c ends 100 m before the border and b 5 m before it. */
static void test_fit_in_border(void **state) {
  (void)state;
  fit((const double[][4]){{0, 0, 1000, 1000}, {1002, 0, 2000, 995}, {1999, 0, 3000, 1000}}, 3,
      (const double[][4]){{0, 0, 3100, 1000}}, 1);
  has_issue("zone_overlap", "b, c", "overlap by 995 m2");
  /* the strip between a and b opens into the one above b: one piece, 2 x 1000 + 997 x 5 */
  has_issue("zone_sliver", "a, b", "1 slivers beside a and b, 6985.0 m2 in all");
  has_issue("zone_gap", "c", "100000 m2 beside c alone are in no zone");
  assert_int_equal(bench_issues(&b, "zone_gap"), 1);
  assert_int_equal(bench_issues(&b, "zone_beyond_border"), 0);
}

static void test_fit_beyond_border(void **state) {
  (void)state;
  fit((const double[][4]){{0, 0, 1000, 1000}, {1000, 0, 2000, 1003}}, 2, (const double[][4]){{0, 0, 1950, 1000}}, 1);
  /* 50 x 1003 + 950 x 3 */
  has_issue("zone_beyond_border", "b", "1 pieces of zones, 53000.0 m2");
  assert_int_equal(bench_issues(&b, "zone_gap") + bench_issues(&b, "zone_sliver"), 0);
}

/* Without a border: a strip of 4 m between a and b, open at both ends; c is 40 m from b, which is no sliver. */
static void test_fit_without_border(void **state) {
  (void)state;
  fit((const double[][4]){{0, 0, 1000, 1000}, {1004, 0, 2000, 1000}, {2040, 0, 3000, 1000}}, 3, NULL, 0);
  /* round ends of the closing leave out a little at both mouths */
  const ky_issue *issue = bench_issue(&b, "zone_sliver", 0);
  assert_non_null(issue);
  assert_string_equal(issue->record, "a, b");
  double area_m2 = 0;
  assert_int_equal(sscanf(issue->message, "1 slivers beside a and b, %lf m2", &area_m2), 1);
  assert_true(area_m2 > 3970 && area_m2 < 4000.5);
  assert_int_equal(bench_issues(&b, "zone_gap"), 0);
  assert_int_equal(b.job.issues.count, 1);
}

/* A strip of 100 m between b and c, on top of a; an island of the border that no zone reaches. */
static void test_fit_holes(void **state) {
  (void)state;
  fit((const double[][4]){{0, 0, 1000, 400}, {0, 400, 450, 1000}, {550, 400, 1000, 1000}}, 3,
      (const double[][4]){{0, 0, 1000, 1000}, {5000, 0, 5100, 100}}, 2);
  has_issue("zone_gap", "a, b", "60000 m2 beside a and b are in no zone");
  has_issue("zone_gap", NULL, "10000 m2 beside no zone are in no zone");
  assert_int_equal(b.job.issues.count, 2);
}

static void test_fit_exactly(void **state) {
  (void)state;
  fit((const double[][4]){{0, 0, 1000, 1000}, {1000, 0, 2000, 1000}, {0, 1000, 2000, 2000}}, 3, NULL, 0);
  fit((const double[][4]){{0, 0, 1000, 1000}, {1000, 0, 2000, 1000}, {0, 1000, 2000, 2000}}, 3,
      (const double[][4]){{0, 0, 2000, 2000}}, 1);
  assert_int_equal(b.job.issues.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(test_new_elementary),
      TEST(test_old_elementary),
      TEST(test_junior_high),
      TEST(test_wards),
      TEST(test_by_border),
      TEST(test_neither_code_nor_border),
      TEST(test_wrong_prefecture),
      TEST(test_lookup),
      TEST(test_lookup_by_name),
      TEST(test_lookup_conflict),
      TEST(test_lookup_of_nothing),
      TEST(test_lookup_without_areas),
      TEST(test_areas_without_lookup),
      TEST(test_same_polygon_twice),
      TEST(test_fit_in_border),
      TEST(test_fit_beyond_border),
      TEST(test_fit_without_border),
      TEST(test_fit_holes),
      TEST(test_fit_exactly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
