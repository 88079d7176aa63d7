/* Degrees in the forms of municipal lists. The expected numbers are worked out by hand: 34 + 11/60 + 9.2/3600 =
 * 34.1858889. */
#include <gdal.h>
#include <math.h>

#include "bench_street.h"
#include "io/degree_text.h"

static void test_forms(void **state) {
  (void)state;
  static const struct {
    const char *text;
    ky_degree_form form;
    double value;
  } cases[] = {{"34.186", KY_DEGREE_DECIMAL, 34.186},
               {"３４．１８６", KY_DEGREE_DECIMAL, 34.186},
               {"N34.186", KY_DEGREE_DECIMAL, 34.186},
               {"34.186 N", KY_DEGREE_DECIMAL, 34.186},
               {"北緯34.186度", KY_DEGREE_DECIMAL, 34.186},
               {"34.186°", KY_DEGREE_DECIMAL, 34.186},
               {"西経70.5", KY_DEGREE_DECIMAL, -70.5},
               {"-34.5", KY_DEGREE_DECIMAL, -34.5},
               {"34°11'09.2\"", KY_DEGREE_DMS, 34.1858889},
               {"34°11'09.2\"N ", KY_DEGREE_DMS, 34.1858889},
               {"34°11′09.2″", KY_DEGREE_DMS, 34.1858889},
               {"34°11’09.2”", KY_DEGREE_DMS, 34.1858889},
               {"34º11´09.2´´", KY_DEGREE_DMS, 34.1858889},
               {"34°11'09.2''", KY_DEGREE_DMS, 34.1858889},
               {"34度11分09.2秒", KY_DEGREE_DMS, 34.1858889},
               {"北緯３４度１１分０９．２秒", KY_DEGREE_DMS, 34.1858889},
               {"34:11:09.2", KY_DEGREE_DMS, 34.1858889},
               {"34-11-09.2", KY_DEGREE_DMS, 34.1858889},
               {"34度11分", KY_DEGREE_DMS, 34.1833333},
               {"34°11.5'", KY_DEGREE_DMS, 34.1916667},
               {"34° 11' 9\" S", KY_DEGREE_DMS, -34.1858333},
               {"131度28分12秒", KY_DEGREE_DMS, 131.47},
               {"341109.2", KY_DEGREE_PACKED, 34.1858889},
               {"1312812", KY_DEGREE_PACKED, 131.47},
               {"1312.5", KY_DEGREE_DECIMAL, 1312.5},
               {"-202341.5", KY_DEGREE_DECIMAL, -202341.5}, /* plane coordinates */
               {"346109.2", KY_DEGREE_DECIMAL, 346109.2},   /* 61 minutes */
               {"34°61'00\"", KY_DEGREE_NONE, NAN},
               {"34°11'60\"", KY_DEGREE_NONE, NAN},
               {"34.5°11'", KY_DEGREE_NONE, NAN},
               {"東経131度", KY_DEGREE_NONE, NAN}, /* a whole degree is no place */
               {"34,18", KY_DEGREE_NONE, NAN},
               {"1e2", KY_DEGREE_NONE, NAN},
               {"不明", KY_DEGREE_NONE, NAN},
               {"-", KY_DEGREE_NONE, NAN},
               {"", KY_DEGREE_NONE, NAN}};
  ky_arena arena = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ky_degree got;
    assert_true(ky_degree_read(&arena, cases[i].text, &got));
    if (got.form != cases[i].form || (isfinite(cases[i].value) && fabs(got.value - cases[i].value) > 1e-7))
      fail_msg("'%s': form %d, %.8f", cases[i].text, got.form, got.value);
  }
  ky_arena_free(&arena);
}

static void test_pairs(void **state) {
  (void)state;
  static const char *const good[] = {"34.18,131.47",   "34.18, 131.47",         "34.18 131.47",
                                     "(34.18,131.47)", "34.18、131.47",         "３４．１８，１３１．４７",
                                     "34.18/131.47",   "34°10'48\" 131°28'12\""};
  static const char *const bad[] = {"34.18", "34.18,131.47,5", "", "公民館", "34.18,"};
  ky_arena arena = {0};
  ky_degree got[2];
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_true(ky_degree_pair(&arena, good[i], got));
    if (!(fabs(got[0].value - 34.18) < 1e-9) || !(fabs(got[1].value - 131.47) < 1e-9))
      fail_msg("'%s': %.8f, %.8f", good[i], got[0].value, got[1].value);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_true(ky_degree_pair(&arena, bad[i], got));
    if (isfinite(got[0].value) && isfinite(got[1].value)) fail_msg("'%s' was read", bad[i]);
  }
  assert_true(ky_degree_pair(&arena, "POINT(131.47 34.18)", got));
  assert_true(got[0].value == 131.47 && got[1].value == 34.18);
  ky_arena_free(&arena);
}

/* All rows but the last two are the same place: they must fall on the first one. */
static void expect_same_place(uint32_t same, uint32_t count) {
  const ky_raw *raw = &b.inputs.venues[0];
  bench_good(&b);
  assert_int_equal(raw->count, count);
  for (uint32_t i = 0; i < count; i++) {
    const bool has_place = raw->shapes.first_part[i] != raw->shapes.first_part[i + 1];
    if (has_place != (i < same)) fail_msg("record %s: %d", raw->record[i], has_place);
    if (!has_place) continue;
    const uint32_t v = raw->shapes.first_vertex[raw->shapes.first_part[i]];
    if (hypot(raw->shapes.x[v] - raw->shapes.x[0], raw->shapes.y[v] - raw->shapes.y[0]) > 0.01)
      fail_msg("record %s lies elsewhere", raw->record[i]);
  }
}

static void test_table(void **state) {
  (void)state;
  bench_file(&b, "venues.csv",
             "No,名称,経度,緯度\n"
             "1,a,131.25,33.95\n"
             "2,b,131度15分00秒,33度57分00秒\n"
             "3,c,\"131°15'00\"\"E\",\"33°57'00\"\"N \"\n"
             "4,d,1311500,335700\n"
             "5,e,33度57分,131度15分\n" /* the other way round */
             "6,f,東経131度,北緯33度\n"
             "7,g,9991500,335700\n");
  bench_add(&b, KY_ROLE_VENUES, "venues.csv");
  bench_read(&b);
  expect_same_place(5, 7);
  assert_int_equal(bench_issues(&b, "coordinates_dms"), 1);
  assert_non_null(strstr(bench_issue(&b, "coordinates_dms", 0)->message, "3 records"));
  assert_int_equal(bench_issues(&b, "coordinates_packed"), 1);
  assert_string_equal(bench_issue(&b, "coordinates_packed", 0)->record, "4");
  assert_string_equal(bench_issue(&b, "coordinates_swapped", 0)->record, "5");
  assert_string_equal(bench_issue(&b, "coordinates_not_finite", 0)->record, "6");
  assert_string_equal(bench_issue(&b, "coordinates_out_of_range", 0)->record, "7");
}

static void test_one_column(void **state) {
  (void)state;
  bench_file(&b, "venues.csv",
             "No,名称,座標\n1,a,\"33.95,131.25\"\n2,b,\"131.25, 33.95\"\n3,c,33度57分00秒 131度15分00秒\n"
             "4,d,33.95\n5,e,\"1,2\"\n");
  bench_add(&b, KY_ROLE_VENUES, "venues.csv");
  bench_read(&b);
  expect_same_place(3, 5);
  assert_string_equal(bench_issue(&b, "coordinates_not_finite", 0)->record, "4");
  assert_string_equal(bench_issue(&b, "coordinates_order_unknown", 0)->record, "5");
}

/* A real list of 防府市 in degrees, minutes and seconds. */
static void test_real(void **state) {
  (void)state;
  bench_need(SHARED "yamaguchi/disaster/352063_administrative_radio.csv");
  bench_add(&b, KY_ROLE_VENUES, SHARED "yamaguchi/disaster/352063_administrative_radio.csv");
  bench_read(&b);
  bench_good(&b);
  const ky_raw *raw = &b.inputs.venues[0];
  for (uint32_t i = 0; i < raw->count; i++)
    if (raw->shapes.first_part[i] == raw->shapes.first_part[i + 1]) fail_msg("record %s", raw->record[i]);
  assert_int_equal(bench_issues(&b, "coordinates_dms"), 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms), cmocka_unit_test(test_pairs), CASE(test_table),
                                     CASE(test_one_column), CASE(test_real)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
