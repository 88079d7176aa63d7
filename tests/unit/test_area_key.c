/* Keys of small areas as files and spreadsheets write them. */
#include "bench_read.h"
#include "io/area_table.h"

static void test_keys(void **state) {
  (void)state;
  static const char *const keys[][2] = {
      {"04101001002", "04101001002"},
      {"４３４４３００１０", "434430010"},
      {" 43443 0010 ", "434430010"},
      {"43443-0010-01", "43443001001"},
      {"434430010.0", "434430010"},
      {"4101001002", "04101001002"},
      {"41010010", "041010010"},
      {"4101", "04101"},
      {"04101", "04101"},
      {"木山", "木山"},
      {"A-1", "A-1"},
      {"12.5", "12.5"},
      {"", ""},
      {"-", "-"},
      {"123456789012345678901234567890", "123456789012345678901234567890"},
  };
  ky_job job;
  ky_job_init(&job, 1);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    assert_string_equal(ky_area_key(&job.keep, keys[i][0]), keys[i][1]);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_keys)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
