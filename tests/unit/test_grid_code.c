/* Grid codes of JIS X 0410: rectangles and codes that are none. */
#include "io/grid_code.h"

#include "close_to.h"

static void check_box(const char *code, int level_m, double south, double west, double height, double width) {
  ky_grid_box box;
  assert_true(ky_grid_code_box(code, level_m, &box));
  assert_close(box.south / KY_GRID_LAT_UNITS, south, 1e-12);
  assert_close(box.west / KY_GRID_LON_UNITS, west, 1e-12);
  assert_close((box.north - box.south) / KY_GRID_LAT_UNITS * 3600, height, 1e-9);
  assert_close((box.east - box.west) / KY_GRID_LON_UNITS * 3600, width, 1e-9);
}

static void test_levels(void **state) {
  (void)state;
  const double south = 53 * 2 / 3.0 + 3 / 12.0 + 4 / 120.0, west = 139 + 5 / 8.0 + 6 / 80.0;
  check_box("53393546", 0, south, west, 30, 45);
  check_box("53393546", 1000, south, west, 30, 45);
  check_box("533935461", 0, south, west, 15, 22.5);
  check_box("533935462", 500, south, west + 22.5 / 3600, 15, 22.5);
  check_box("533935463", 0, south + 15 / 3600.0, west, 15, 22.5);
  check_box("533935464", 0, south + 15 / 3600.0, west + 22.5 / 3600, 15, 22.5);
  check_box("5339354644", 0, south + 22.5 / 3600, west + 33.75 / 3600, 7.5, 11.25);
  check_box("53393546444", 0, south + 26.25 / 3600, west + 39.375 / 3600, 3.75, 5.625);
  check_box("5339354679", 100, south + 21 / 3600.0, west + 40.5 / 3600, 3, 4.5);
  check_box("5339", 80000, 53 * 2 / 3.0, 139, 2400, 3600);
  check_box("533935", 10000, 53 * 2 / 3.0 + 3 / 12.0, 139 + 5 / 8.0, 300, 450);
}

static void test_neighbours_share_corners(void **state) {
  (void)state;
  ky_grid_box here, north, east;
  assert_true(ky_grid_code_box("513107994", 0, &here)); /* the last cell of the block 513107 */
  assert_true(ky_grid_code_box("513117092", 0, &north));
  assert_true(ky_grid_code_box("513200903", 0, &east));
  assert_int_equal(here.north, north.south);
  assert_int_equal(here.west, north.west);
  assert_int_equal(here.east, east.west);
  assert_int_equal(here.south, east.south);
}

static void test_broken_codes(void **state) {
  (void)state;
  static const struct {
    const char *code;
    int level_m;
  } broken[] = {
      {"", 0},
      {"5339", 0},
      {"5339354", 0},
      {"53398546", 0},
      {"53393946", 0},
      {"533935460", 0},
      {"533935465", 0},
      {"5339354A", 0},
      {" 5339354", 0},
      {"5.34E+08", 0},
      {"533935461", 1000},
      {"53393546", 500},
      {"5339354655", 0},
      {"533935464444", 0},
      {"-5339354", 0},
      {"00000000", 0},
      {"99999999", 0},
      {"2939354", 0},
      {"533935461", 7},
      {"５３３９３５４６", 0},
      {"5339354651", 250},
      {"533935469", 500},
      {"29393546", 0},
      {"53213546", 0},
  };
  ky_grid_box box;
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
    if (ky_grid_code_box(broken[i].code, broken[i].level_m, &box)) fail_msg("'%s' is no code", broken[i].code);
  assert_true(ky_grid_code_box("5339354651", 100, &box)); /* the same digits in rows and columns of ten */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_levels),
      cmocka_unit_test(test_neighbours_share_corners),
      cmocka_unit_test(test_broken_codes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
