/* Names of columns by year, and layers that a zip holds more than once. */
#include <kayoi/read.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "io/role_years.h"
#include "io/year_columns.h"
#include "io/zip_twins.h"

static void test_years_of_names(void **state) {
  (void)state;
  assert_int_equal(ky_attribute_year("pop_65_2030"), 2030);
  assert_int_equal(ky_attribute_year("hidden_to_2109"), 2109);
  assert_int_equal(ky_attribute_year("pop_65"), 0);
  assert_int_equal(ky_attribute_year("id"), 0);
  assert_int_equal(ky_attribute_year("pop_65_1999"), 0);
  assert_int_equal(ky_attribute_year("pop_65_203x"), 0);
}

/* Every year has its set, each name once: the table is made by macros. */
static void test_every_year_is_there(void **state) {
  int count[KY_YEAR_LAST - KY_YEAR_FIRST + 1] = {0};
  (void)state;
  for (uint32_t a = 0; a < KY_YEAR_ATTRIBUTE_COUNT; a++) {
    const char *name = ky_year_attributes[a].name;
    assert_non_null(name);
    if (ky_attribute_year(name) != 0) count[ky_attribute_year(name) - KY_YEAR_FIRST]++;
  }
  for (int y = KY_YEAR_FIRST; y <= KY_YEAR_LAST; y++) assert_int_equal(count[y - KY_YEAR_FIRST], 11);
}

static void test_twins(void **state) {
  char *const members[] = {"d/a.geojson",       "Shift-JIS/a.shp", "UTF-8/a.shp", "b.shp",
                           "x/Shift-JIS/c.shp", "x/UTF-8/c.shp",   "e.csv",       "e.shp",
                           "__MACOSX/b.geojson"};
  const bool is_left[] = {false, true, true, false, true, false, false, false, false};
  (void)state;
  for (int i = 0; i < 9; i++) assert_int_equal(ky_zip_has_better_twin(members, 9, i), is_left[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_years_of_names), cmocka_unit_test(test_every_year_is_there),
                                     cmocka_unit_test(test_twins)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
