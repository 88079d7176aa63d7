/* Census grids as municipalities have them: levels, tables of several years, packages that split cells, editions given
 * together. The files are written here, byte by byte. */
#include "bench_street.h"
#include "close_to.h"
#include "io/estat_name.h"

#define HEAD "KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T001141001,T001141019\n,,,,　人口（総数）,　６５歳以上人口　総数\n"

static const ky_raw *read_text(const char *name, const char *text) {
  bench_file(&b, name, text);
  bench_add(&b, KY_ROLE_RESIDENTS, name);
  bench_read(&b);
  return b.err == KY_OK ? &b.inputs.residents[b.inputs.resident_count - 1] : NULL;
}

static double width_m(const ky_raw *raw) {
  ky_box box = ky_shape_box(&raw->shapes, 0);
  return box.x_max - box.x_min;
}

/* The name of the file declares the level, and only codes of that level are good. */
static void test_levels_by_name(void **state) {
  (void)state;
  static const struct {
    const char *name, *code;
    double width_m;
  } levels[] = {{"tblT001140S5031.txt", "50315222", 1157},
                {"tblT001141H5031.txt", "503152221", 578},
                {"tblT001142Q5031.txt", "5031522211", 289},
                {"tblT001142E5031.txt", "50315222111", 144.6}};
  for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
    char text[400];
    snprintf(text, sizeof text, HEAD "%s,0,,,100,40\n503152,0,,,9,9\n", levels[i].code);
    const ky_raw *raw = read_text(levels[i].name, text);
    bench_good(&b);
    assert_int_equal(raw->count, 1);
    assert_int_equal(bench_issues(&b, "bad_grid_code"), i + 1);
    assert_close(width_m(raw) / levels[i].width_m, 1, 0.02); /* its box; the cell is turned a little */
    b.count--;
  }
  assert_int_equal(bench_issues(&b, "grid_level_assumed"), 0);
}

static void test_level_declared(void **state) {
  (void)state;
  bench_file(&b, "cells.csv", "メッシュコード,総人口,65歳以上人口\n5031522209,10,4\n5031522211,20,5\n");
  ky_source *cells = bench_add(&b, KY_ROLE_RESIDENTS, "cells.csv");
  cells->crs = "EPSG:6668";
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "250 m or of 100 m", "grid_level_m: 100");
  b.job.err = KY_OK;
  cells->grid_level_m = 100;
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.residents[0].count, 2);
  assert_close(width_m(&b.inputs.residents[0]), 116, 2);
  assert_int_equal(bench_issues(&b, "grid_level_assumed"), 0);
}

/* Nothing declares it: the halving series, and that is said where another level has as many digits. */
static void test_level_assumed(void **state) {
  (void)state;
  bench_file(&b, "cells.csv", "メッシュコード,総人口,65歳以上人口\n5031522211,20,5\n5031522244,20,5\n");
  bench_add(&b, KY_ROLE_RESIDENTS, "cells.csv")->crs = "EPSG:6668";
  bench_read(&b);
  bench_good(&b);
  assert_non_null(strstr(bench_issue(&b, "grid_level_assumed", 0)->message, "250 m"));
  bench_file(&b, "cells.csv", "メッシュコード,総人口,65歳以上人口\n503152221,20,5\n503152205,20,5\n");
  bench_read(&b);
  bench_good(&b);
  assert_non_null(strstr(bench_issue(&b, "grid_level_assumed", 1)->message, "500 m"));
  assert_non_null(strstr(bench_issue(&b, "bad_grid_code", 0)->message, "2 km"));
  bench_file(&b, "cells.csv", "メッシュコード,総人口,65歳以上人口\n503152221,20,5\n50315222,80,20\n");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "8 digits", "9 digits");
}

static void test_level_contradicts(void **state) {
  (void)state;
  bench_file(&b, "tblT001142Q5031.txt", HEAD "5031522209,0,,,100,40\n");
  bench_add(&b, KY_ROLE_RESIDENTS, "tblT001142Q5031.txt")->grid_level_m = 100;
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(bench_issues(&b, "grid_level_contradicts"), 1);
}

static void test_names(void **state) {
  (void)state;
  ky_estat_name name;
  assert_true(ky_estat_name_read("/data/tblT001101H4930.txt", &name));
  assert_int_equal(name.level_m, 500);
  assert_string_equal(name.table, "T001101");
  assert_string_equal(name.area, "4930");
  assert_string_equal(name.crs, "EPSG:4612");
  assert_true(ky_estat_name_read("/vsizip/{/data/tblT001142Q5031.zip}/data.txt", &name)); /* the zip says it */
  assert_int_equal(name.level_m, 250);
  assert_true(ky_estat_name_read("tblT001231E43.txt", &name)); /* a prefecture; the datum is not confirmed */
  assert_string_equal(name.area, "43");
  assert_null(name.crs);
  assert_true(ky_estat_name_read("tblT009999S4930.txt", &name)); /* a later table */
  assert_int_equal(name.level_m, 1000);
  assert_null(name.year);
  assert_true(ky_estat_name_read("tblT001082C43443.txt", &name));
  assert_int_equal(name.level_m, 0);
  assert_false(ky_estat_name_read("tblT00110H4930.txt", &name));
  assert_false(ky_estat_name_read("tblT001101X4930.txt", &name));
  assert_false(ky_estat_name_read("table.txt", &name));
}

/* 2015: 65+ are columns 016 to 018, and 019 is 75+. Labels decide. */
static void test_table_of_2015(void **state) {
  (void)state;
  const ky_raw *raw = read_text(
      "tblT000847H5031.txt",
      "KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T000847001,T000847002,T000847003,T000847016,T000847017,T000847018,T000847019\n"
      ",,,,　人口総数,　人口総数　男,　人口総数　女,　６５歳以上人口　総数,　６５歳以上人口　男,　６５歳以上人口　女,"
      "　７５歳以上人口　総数\n503152221,0,,,100,48,52,40,17,23,21\n");
  bench_good(&b);
  assert_string_equal(ky_raw_value(raw, "pop_total", 0), "100");
  assert_string_equal(ky_raw_value(raw, "pop_total_f", 0), "52");
  assert_string_equal(ky_raw_value(raw, "pop_65", 0), "40");
  assert_string_equal(ky_raw_value(raw, "pop_65_m", 0), "17");
  assert_string_equal(ky_raw_value(raw, "pop_75", 0), "21");
  assert_string_equal(raw->crs, "EPSG:4612");
}

static void test_unknown_datum(void **state) {
  (void)state;
  bench_file(&b, "tblT001231E5031.txt", HEAD "50315222111,0,,,100,40\n");
  ky_source *cells = bench_add(&b, KY_ROLE_RESIDENTS, "tblT001231E5031.txt");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "T001231", "crs: EPSG:6668");
  b.job.err = KY_OK;
  cells->crs = "EPSG:4301"; /* Tokyo: about 450 m from JGD2011 */
  bench_read(&b);
  bench_good(&b);
  ky_box tokyo = ky_shape_box(&b.inputs.residents[0].shapes, 0);
  cells->crs = "EPSG:6668";
  bench_read(&b);
  ky_box jgd2011 = ky_shape_box(&b.inputs.residents[0].shapes, 0);
  double away_m = hypot(tokyo.x_min - jgd2011.x_min, tokyo.y_min - jgd2011.y_min);
  if (away_m < 350 || away_m > 550) fail_msg("%.1f m", away_m);
}

static void two_files(const char *first, const char *first_text, const char *second, const char *second_text) {
  bench_file(&b, first, first_text);
  bench_file(&b, second, second_text);
  bench_add(&b, KY_ROLE_RESIDENTS, first);
  bench_add(&b, KY_ROLE_RESIDENTS, second);
  bench_read(&b);
}

static void test_two_tables_of_one_place(void **state) {
  (void)state;
  two_files("tblT001101H5031.txt", HEAD "503152221,0,,,100,40\n503152222,0,,,50,20\n", "tblT001141H5031.txt",
            HEAD "503152222,0,,,50,20\n503152223,0,,,9,3\n");
  bench_failed(&b, KY_E_CONFIG, "T001101", "count twice");
}

static void test_two_levels_of_one_place(void **state) {
  (void)state;
  two_files("tblT001141H5031.txt", HEAD "503152221,0,,,100,40\n", "tblT001140S5031.txt", HEAD "50315222,0,,,300,90\n");
  bench_failed(&b, KY_E_CONFIG, "tblT001140S5031.txt", "another size");
}

/* The same rows with another line end and order are the same people. */
static void test_same_cells_in_other_bytes(void **state) {
  (void)state;
  char first[1024] = HEAD, second[1024] = HEAD;
  for (int i = 0; i < 12; i++) {
    char row[64];
    snprintf(row, sizeof row, "50315222%d,0,,,1%02d,40", i % 4 + 1, i);
    row[6] = (char)('0' + i / 4);
    strcat(strcat(first, row), "\n");
    strcat(strcat(second, row), "\r\n");
  }
  strcat(second, "503152991,0,,,1,1\r\n");
  two_files("tblT001141H5031.txt", first, "tblT001141H5031 copy.txt", second);
  bench_failed(&b, KY_E_CONFIG, "12 of its 13 cells", "same counts");
}

/* All ages in one table and 65+ in another are no one counted twice. */
static void test_two_bands_of_one_place(void **state) {
  (void)state;
  char total[1024] = "メッシュコード,総人口\n", old[1024] = "メッシュコード,65歳以上人口\n";
  for (int i = 0; i < 16; i++) {
    char row[64];
    snprintf(row, sizeof row, "503152%d2%d,100\n", i / 4, i % 4 + 1);
    strcat(total, row);
    strcat(old, row);
  }
  bench_file(&b, "total.csv", total);
  bench_file(&b, "old.csv", old);
  bench_add(&b, KY_ROLE_RESIDENTS, "total.csv")->crs = "EPSG:6668";
  bench_add(&b, KY_ROLE_RESIDENTS, "old.csv")->crs = "EPSG:6668";
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.resident_count, 2);
}

/* Two meshes side by side are no case of that. */
static void test_two_meshes(void **state) {
  (void)state;
  two_files("tblT001141H5031.txt", HEAD "503152221,0,,,100,40\n", "tblT001141H5131.txt", HEAD "513102221,0,,,100,40\n");
  bench_good(&b);
  assert_int_equal(b.inputs.resident_count, 2);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(test_levels_by_name),
      CASE(test_level_declared),
      CASE(test_level_assumed),
      CASE(test_level_contradicts),
      CASE(test_names),
      CASE(test_table_of_2015),
      CASE(test_unknown_datum),
      CASE(test_two_tables_of_one_place),
      CASE(test_two_levels_of_one_place),
      CASE(test_same_cells_in_other_bytes),
      CASE(test_two_bands_of_one_place),
      CASE(test_two_meshes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
