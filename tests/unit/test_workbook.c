/* The workbook: its headers mean what the roles understand; written twice it is the same; what cannot be written is
 * said. Kinds of resources by their words. */
#include "io/workbook.h"

#include <kayoi/place.h>

#include "io/resource_kinds.h"
#include "io/role_columns.h"
#include "own_folder.h"

static void test_headers(void **state) {
  (void)state;
  for (size_t s = 0; s < KY_BOOK_SHEETS; s++) {
    const ky_book_sheet *sheet = &ky_book_sheets[s];
    const ky_source source = {.role = sheet->role, .name = "workbook", .path = "kayoi.xlsx", .shown = "kayoi.xlsx"};
    const char *names[64];
    ky_job job;
    ky_picks picks;
    ky_job_init(&job, 1);
    for (uint32_t c = 0; c < sheet->column_count; c++) names[c] = sheet->columns[c].header;
    assert_int_equal(ky_columns_pick(&job, &source, names, NULL, sheet->column_count, &picks), KY_OK);
    assert_int_equal(picks.count, sheet->column_count);
    assert_int_equal(job.issues.count, 0); /* no header means two things */
    for (uint32_t c = 0; c < sheet->column_count; c++) {
      const uint32_t field = ky_picks_field(&picks, sheet->columns[c].attribute);
      if (field != c) fail_msg("%s: %s is not %s", sheet->name, names[c], sheet->columns[c].attribute);
    }
    ky_job_free(&job);
  }
}

static void test_same_bytes(void **state) {
  (void)state;
  static char first[1 << 17], second[1 << 17];
  ky_job job;
  ky_job_init(&job, 1);
  assert_int_equal(ky_workbook_write(&job, path_in("a.xlsx")), KY_OK);
  setenv("TZ", "Asia/Tokyo", 1);
  assert_int_equal(ky_workbook_write(&job, path_in("b.xlsx")), KY_OK);
  unsetenv("TZ");
  const size_t size = load("a.xlsx", first, sizeof first);
  assert_int_equal(load("b.xlsx", second, sizeof second), size);
  assert_in_range(size, 10000, sizeof first - 2);
  assert_memory_equal(first, second, size);
  ky_job_free(&job);
}

static void test_unwritable(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  assert_int_equal(ky_workbook_write(&job, path_in("none/a.xlsx")), KY_E_OUTPUT);
  assert_non_null(strstr(job.message, "none/a.xlsx"));
  ky_job_free(&job);
}

static void test_kinds(void **state) {
  (void)state;
  static const struct {
    const char *word, *code;
  } words[] = {{"shop", "shop"},     {"買い物", "shop"},  {"スーパー", "shop"},
               {"ｽｰﾊﾟｰ", "shop"},    {"病院", "clinic"},  {"診療所", "clinic"},
               {"薬局", "pharmacy"}, {"その他", "other"}, {"地域包括支援センター", "centre"},
               {" ＡＴＭ ", "bank"}};
  ky_arena arena = {0};
  for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
    const char *code = ky_resource_kind_code(&arena, words[w].word);
    if (code == NULL || strcmp(code, words[w].code) != 0) fail_msg("%s is %s", words[w].word, code);
  }
  assert_null(ky_resource_kind_code(&arena, "学校"));
  assert_null(ky_resource_kind_code(&arena, ""));
  ky_arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_headers),
      cmocka_unit_test_setup_teardown(test_same_bytes, setup, teardown),
      cmocka_unit_test_setup_teardown(test_unwritable, setup, teardown),
      cmocka_unit_test(test_kinds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
