/* Further years: growth from published counts, hidden groups of a projection, the ledger and the view of a year. */
#include <kayoi/years.h>

#include "core/projection_groups.h"
#include "town.h"
#include "world.h"

#define COLUMNS_MAX 16

typedef struct years_world {
  world w;
  ky_source source;
  ky_raw raw;
  ky_inputs inputs;
  ky_network network;
  ky_years years;
} years_world;

static const ky_place_opts centres = {.margin_m = 2000, .by_streets = false, .step_m = 25, .min_street_m = 50};

/* Square cells of 500 m in a row from x, all at y = 500; a column's values follow its name. */
static void make_source(years_world *y, uint32_t zones, const double *x, uint32_t cells, const char *const *columns,
                        uint32_t column_count) {
  double(*box)[4];
  ky_job_init(&y->w.job, 1);
  world_zones(&y->w, zones);
  WORLD_NEW(&y->w, box, cells);
  for (uint32_t i = 0; i < cells; i++) {
    box[i][0] = x[i];
    box[i][1] = 500;
    box[i][2] = x[i] + 500;
    box[i][3] = 1000;
  }
  y->source = (ky_source){.role = KY_ROLE_YEARS, .name = "years.sources[0]", .shown = "future.geojson"};
  y->raw = (ky_raw){.source = &y->source, .count = cells, .column_count = column_count};
  town_boxes(&y->w.job, (const double(*)[4])box, cells, &y->raw.shapes);
  WORLD_NEW(&y->w, y->raw.record, cells);
  WORLD_NEW(&y->w, y->raw.columns, column_count);
  for (uint32_t c = 0; c < column_count; c++) {
    const char *const *given = columns + (size_t)c * (cells + 1);
    y->raw.columns[c].attribute = y->raw.columns[c].column = given[0];
    WORLD_NEW(&y->w, y->raw.columns[c].value, cells);
    for (uint32_t i = 0; i < cells; i++) y->raw.columns[c].value[i] = given[i + 1];
  }
  for (uint32_t i = 0; i < cells; i++) y->raw.record[i] = y->raw.columns[0].value[i];
  y->inputs = (ky_inputs){.years = &y->raw, .year_source_count = 1};
}

static void build(years_world *y) {
  const ky_years_opts opts = {.use_count = 0};
  assert_int_equal(ky_years_build(&y->w.job, &y->inputs, &y->w.zones, &y->network, &centres, &opts, &y->years), KY_OK);
  assert_int_equal(ky_years_balance(&y->w.job, &y->years, &y->w.zones), KY_OK);
}

/* The published table of 出水市: 2020 and 2040 by age. Shares and growth computed by hand from its counts. */
static void test_published_table(void **state) {
  const char *const columns[] = {"id",          "532900001", "pop_total_2020", "51596", "pop_65_2020",    "17449",
                                 "pop_75_2020", "9060",      "pop_85_2020",    "3582",  "pop_total_2040", "41270",
                                 "pop_65_2040", "16641",     "pop_75_2040",    "10559", "pop_85_2040",    "4840"};
  const double x[] = {1000};
  years_world y = {0};
  (void)state;
  make_source(&y, 1, x, 1, columns, 9);
  build(&y);
  const uint32_t row = KY_ROW_MUNICIPALITY(&y.w.zones);
  const ky_year *now = &y.years.year[0], *later = &y.years.year[1];
  assert_int_equal(y.years.count, 2);
  assert_int_equal(now->year, 2020);
  assert_int_equal(later->year, 2040);
  assert_int_equal(now->row_people[KY_YEAR_TOTAL][row], 51596000);
  assert_int_equal(later->row_people[KY_YEAR_65][row], (6082 + 5719 + 4840) * 1000);
  assert_int_equal(ky_year_growth(now->row_people[KY_YEAR_TOTAL][row], later->row_people[KY_YEAR_TOTAL][row]), -200132);
  assert_int_equal(ky_year_growth(now->row_people[KY_YEAR_75][row], later->row_people[KY_YEAR_75][row]), 165453);
  assert_int_equal(ky_year_growth(now->row_people[KY_YEAR_85][row], later->row_people[KY_YEAR_85][row]), 351200);
  /* 9,060 of 51,596 is 17.56 %: 17.6 as published, not the 17.5 that its rounded parts add up to */
  assert_int_equal((now->row_people[KY_YEAR_75][row] * 10000 / now->row_people[KY_YEAR_TOTAL][row] + 5) / 10, 176);
  assert_int_equal(now->row_people[KY_YEAR_80][row], KY_NULL); /* never filled from another band */
  ky_job_free(&y.w.job);
}

static void test_growth(void **state) {
  (void)state;
  assert_int_equal(ky_year_growth(1000, 1000), 0);
  assert_int_equal(ky_year_growth(3000, 1000), -666667);
  assert_int_equal(ky_year_growth(3000, 5000), 666667);
  assert_int_equal(ky_year_growth(0, 5000), KY_NULL);
  assert_int_equal(ky_year_growth(KY_NULL, 5000), KY_NULL);
  assert_int_equal(ky_year_growth(5000, KY_NULL), KY_NULL);
}

static const ky_issue *find_issue(const ky_job *job, const char *reason) {
  for (uint32_t i = 0; i < job->issues.count; i++)
    if (strcmp(job->issues.rows[i].reason, reason) == 0) return &job->issues.rows[i];
  return NULL;
}

/* Cells 1 and 3 are hidden and point to 2; 4 points to 5, which is not marked; 6 to a cell that is nowhere. */
static void test_hidden_cells(void **state) {
  const char *const columns[] = {"id",
                                 "523351151",
                                 "523351152",
                                 "523351153",
                                 "523351154",
                                 "523351161",
                                 "523351162", /**/
                                 "pop_total_2030",
                                 "1.7394",
                                 "30.001",
                                 "8.26",
                                 "5",
                                 "100",
                                 "7", /**/
                                 "pop_65_2030",
                                 "0",
                                 "16.002",
                                 "0",
                                 "0",
                                 "40",
                                 "0", /**/
                                 "pop_80_2030",
                                 "0",
                                 "4",
                                 "0",
                                 "0",
                                 "10",
                                 "0", /**/
                                 "hidden_2030",
                                 "*",
                                 "@",
                                 "*",
                                 "*",
                                 NULL,
                                 "*", /**/
                                 "hidden_to_2030",
                                 "523351152",
                                 NULL,
                                 "523351152",
                                 "523351161",
                                 NULL,
                                 "999999999"};
  const double x[] = {0, 500, 1000, 1500, 2000, 12000};
  years_world y = {0};
  (void)state;
  make_source(&y, 2, x, 6, columns, 6);
  build(&y);
  const ky_year *year = &y.years.year[0];
  /* 16.002 over 1.739 : 30.001 : 8.260 of 40.000 */
  assert_int_equal(year->cell_people[KY_YEAR_65][0], 696);
  assert_int_equal(year->cell_people[KY_YEAR_65][1], 12002);
  assert_int_equal(year->cell_people[KY_YEAR_65][2], 3304);
  assert_int_equal(year->cell_people[KY_YEAR_80][0], 174);
  assert_int_equal(year->cell_people[KY_YEAR_80][1], 3000);
  assert_int_equal(year->cell_people[KY_YEAR_80][2], 826);
  assert_int_equal(year->age_source[0], KY_AGE_GROUP);
  assert_int_equal(year->age_source[4], KY_AGE_OWN);
  assert_int_equal(year->cell_people[KY_YEAR_65][3], KY_NULL); /* 0 in the file is not nobody */
  assert_int_equal(year->cell_people[KY_YEAR_80][3], KY_NULL);
  assert_int_equal(year->cell_people[KY_YEAR_65][4], 40000);
  assert_non_null(find_issue(&y.w.job, "hidden_link_broken"));
  assert_non_null(find_issue(&y.w.job, "hidden_receiver_missing"));
  const uint32_t row = KY_ROW_MUNICIPALITY(&y.w.zones);
  assert_int_equal(year->row_people[KY_YEAR_TOTAL][row], 1739 + 30001 + 8260 + 5000 + 100000 + 7000);
  assert_int_equal(year->row_people[KY_YEAR_65][row], 16002 + 40000);
  assert_int_equal(year->row_without_65[row], 5000 + 7000);
  assert_int_equal(year->row_people[KY_YEAR_65][1], KY_NULL); /* zone z1 has only the cell that is not known */
  ky_job_free(&y.w.job);
}

/* A receiver that nobody points to, a mark that means nothing. */
static void test_odd_marks(void **state) {
  const char *const columns[] = {"id",          "523351151", "523351152", "pop_total_2030", "10", "20",
                                 "pop_65_2030", "4",         "6",         "hidden_2030",    "@",  "?"};
  const double x[] = {0, 500};
  years_world y = {0};
  (void)state;
  make_source(&y, 1, x, 2, columns, 4);
  build(&y);
  assert_int_equal(y.years.year[0].cell_people[KY_YEAR_65][0], 4000);
  assert_int_equal(y.years.year[0].cell_people[KY_YEAR_65][1], KY_NULL);
  assert_non_null(find_issue(&y.w.job, "hidden_source_missing"));
  assert_non_null(find_issue(&y.w.job, "hidden_mark_unknown"));
  ky_job_free(&y.w.job);
}

/* Cells over a border of zones, outside the municipality, and beyond the margin; the view sums to the same people. */
static void test_rows_and_view(void **state) {
  const char *const columns[] = {"id",          "a", "b", "c", "pop_total_2030", "10.001", "20", "7",
                                 "pop_65_2030", "3", "4", "5", "pop_total_2035", "9",      NULL, "6"};
  const double x[] = {1000, 20500, 30000};
  years_world y = {0};
  ky_cells cells;
  ky_points points;
  (void)state;
  make_source(&y, 2, x, 3, columns, 4);
  build(&y);
  const ky_year *year = &y.years.year[0];
  const ky_zones *zones = &y.w.zones;
  assert_int_equal(y.years.cells.count, 2);
  assert_int_equal(year->far_people, 7000);
  assert_int_equal(year->row_people[KY_YEAR_TOTAL][0], 10001);
  assert_int_equal(year->row_people[KY_YEAR_TOTAL][1], 0);
  assert_int_equal(year->row_people[KY_YEAR_TOTAL][KY_ROW_OUTSIDE(zones)], 20000);
  assert_int_equal(year->row_people[KY_YEAR_TOTAL][KY_ROW_MUNICIPALITY(zones)], 10001);
  assert_int_equal(y.years.year[1].row_people[KY_YEAR_TOTAL][KY_ROW_OUTSIDE(zones)], KY_NULL);
  assert_int_equal(y.years.year[1].row_people[KY_YEAR_65][0], KY_NULL); /* no column in 2035 */
  assert_int_equal(ky_year_view(&y.w.job, &y.years, 0, &cells, &points), KY_OK);
  assert_null(ky_points_check(&points, &cells));
  assert_non_null(points.people[KY_65]);
  assert_null(points.people[KY_85]);
  y.years.year[0].row_people[KY_YEAR_65][0]++; /* one thousandth too many is found */
  assert_int_equal(ky_years_balance(&y.w.job, &y.years, zones), KY_E_INTERNAL);
  ky_job_free(&y.w.job);
}

/* The same people as 500 m and 250 m cells; a year that is nowhere. */
static void test_refusals(void **state) {
  const char *const columns[] = {"id", "523351151", "5233511512", "pop_total_2030", "10", "20"};
  const double x[] = {0, 500};
  const int use[] = {2033};
  years_world y = {0};
  (void)state;
  make_source(&y, 1, x, 2, columns, 2);
  ky_years_opts opts = {.use_count = 0};
  assert_int_equal(ky_years_build(&y.w.job, &y.inputs, &y.w.zones, &y.network, &centres, &opts, &y.years), KY_E_INPUT);
  assert_non_null(strstr(y.w.job.message, "5233511512"));
  y.w.job.err = KY_OK;
  opts = (ky_years_opts){.use = use, .use_count = 1};
  assert_int_equal(ky_years_build(&y.w.job, &y.inputs, &y.w.zones, &y.network, &centres, &opts, &y.years), KY_E_INPUT);
  ky_job_free(&y.w.job);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_published_table), cmocka_unit_test(test_growth),
                                     cmocka_unit_test(test_hidden_cells),    cmocka_unit_test(test_odd_marks),
                                     cmocka_unit_test(test_rows_and_view),   cmocka_unit_test(test_refusals)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
