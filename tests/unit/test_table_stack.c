/* Tables of one layer behind each other. */
#include <kayoi/table.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void columns_are_joined_by_name(void **state) {
  (void)state;
  ky_job job;
  ky_table in[2], out;
  ky_job_init(&job, 1);
  const char *const ids[] = {"a", "b"}, *const other_ids[] = {"c"};
  const int64_t people[] = {1500, KY_NULL}, years[] = {2020, 2040};
  const int8_t flags[] = {1};
  assert_int_equal(ky_table_new(&job, "zones", "圏域", 2, NULL, 2, &in[0]), KY_OK);
  ky_table_text(&in[0], "id", "番号", ids);
  ky_table_fixed(&in[0], "people", "人口", "people", 3, people);
  assert_int_equal(ky_table_new(&job, "zones", "圏域", 1, NULL, 2, &in[1]), KY_OK);
  ky_table_bool(&in[1], "is_new", "新しい", flags);
  ky_table_text(&in[1], "id", "番号", other_ids);
  assert_int_equal(ky_table_stack(&job, "year_zones", "年別", "year", "年", years, in, 2, true, &out), KY_OK);
  assert_int_equal(out.count, 3);
  assert_int_equal(out.column_count, 4);
  assert_null(out.shapes);
  const ky_column *year = ky_table_column(&out, "year"), *id = ky_table_column(&out, "id");
  const ky_column *sum = ky_table_column(&out, "people"), *flag = ky_table_column(&out, "is_new");
  assert_ptr_equal(year, &out.columns[0]);
  assert_int_equal(year->of.fixed[1], 2020);
  assert_int_equal(year->of.fixed[2], 2040);
  assert_string_equal(id->of.text[2], "c");
  assert_int_equal(sum->of.fixed[0], 1500);
  assert_true(sum->of.fixed[2] == KY_NULL);
  assert_int_equal(sum->decimals, 3);
  assert_int_equal(flag->of.flag[0], -1);
  assert_int_equal(flag->of.flag[2], 1);
  ky_job_free(&job);
}

/* Points of two tables, and a table without records that has no shapes either. */
static void shapes_follow_their_records(void **state) {
  (void)state;
  ky_job job;
  ky_table in[3], out;
  ky_shapes shapes[2];
  const int64_t keys[] = {1, 2, 3};
  ky_job_init(&job, 1);
  for (uint32_t t = 0; t < 2; t++) {
    assert_int_equal(ky_shapes_new(&job, KY_SHAPE_POINT, t + 1, t + 1, t + 1, &shapes[t]), KY_OK);
    for (uint32_t i = 0; i <= t; i++) {
      shapes[t].first_part[i + 1] = shapes[t].first_vertex[i + 1] = i + 1;
      shapes[t].x[i] = 10 * t + i;
    }
    assert_int_equal(ky_table_new(&job, "gaps", "空白地帯", t + 1, &shapes[t], 0, &in[2 * t]), KY_OK);
  }
  assert_int_equal(ky_table_new(&job, "gaps", "空白地帯", 0, NULL, 0, &in[1]), KY_OK);
  assert_int_equal(ky_table_stack(&job, "year_gaps", "年別", "year", "年", keys, in, 3, true, &out), KY_OK);
  assert_int_equal(out.count, 3);
  assert_non_null(out.shapes);
  assert_null(ky_table_check(&out));
  assert_float_equal(out.shapes->x[2], 11, 0);
  assert_int_equal(out.columns[0].of.fixed[2], 3);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(columns_are_joined_by_name),
                                     cmocka_unit_test(shapes_follow_their_records)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
