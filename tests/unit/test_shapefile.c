/* Shapefiles: names of fields, texts that fit, tables that do not. What GDAL reads back: tests/check/shapefile.py. */
#include <ctype.h>

#include "io/shp_names.h"
#include "io/shp_text.h"
#include "own_folder.h"
#include "write_one.h"

extern const ky_writer ky_writer_shp;

static void names_of(const char *const *attributes, uint32_t count, ky_shp_name *names) {
  ky_column columns[32];
  ky_table table = {.layer = "x", .column_count = count, .columns = columns};
  for (uint32_t i = 0; i < count; i++) columns[i] = (ky_column){.name = attributes[i]};
  ky_shp_names(&table, names);
}

static void test_names(void **state) {
  (void)state;
  static const char *const given[] = {
      "zone_id",    "covered_65_m", "covered_65_500",    "covered_65_1500", "walk_m_2", "covered_65_333.5",   "Zone_ID",
      "独居高齢者", "独居",         "single_households", "single_housings", "1st",      "covered_65_general", "a.b"};
  const uint32_t count = sizeof given / sizeof *given;
  ky_shp_name names[32], alone[1];
  names_of(given, count, names);
  assert_string_equal(names[0], "zone_id");
  assert_string_equal(names[1], "cov_65_m");
  assert_string_equal(names[2], "c65_500");
  assert_string_equal(names[3], "c65_1500");
  assert_string_equal(names[4], "walk_m_2");
  assert_string_equal(names[5], "c65_333_5");
  for (uint32_t i = 0; i < count; i++) {
    assert_true(strlen(names[i]) <= KY_SHP_NAME_MAX && islower((unsigned char)names[i][0]));
    for (const char *c = names[i]; *c != '\0'; c++)
      assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_');
    for (uint32_t other = 0; other < i; other++) assert_string_not_equal(names[other], names[i]);
    names_of(&given[i], 1, alone); /* a name does not depend on the company */
    assert_string_equal(alone[0], names[i]);
  }
}

/* Every pair of equal beginnings stays apart. */
static void test_many_names(void **state) {
  (void)state;
  static char text[300][40];
  const char *given[300];
  static ky_shp_name names[300];
  static ky_column columns[300];
  ky_table table = {.layer = "x", .column_count = 300, .columns = columns};
  for (int i = 0; i < 300; i++) {
    snprintf(text[i], sizeof text[i], "covered_65_profile_of_people_%d", i);
    given[i] = text[i];
    columns[i] = (ky_column){.name = given[i]};
  }
  ky_shp_names(&table, names);
  for (int i = 0; i < 300; i++)
    for (int k = 0; k < i; k++) assert_string_not_equal(names[i], names[k]);
}

static void test_texts(void **state) {
  (void)state;
  ky_shp_encoder *encoder = ky_shp_encoder_open("CP932");
  ky_shp_texts done = {0};
  assert_non_null(encoder);
  assert_string_equal(ky_shp_fit(encoder, "髙﨑①サロン", &done), "髙﨑①サロン");
  assert_int_equal(done.replaced_count, 0);
  assert_int_equal(done.longest_bytes, 12);
  assert_string_equal(ky_shp_fit(encoder, "𠮷野〜a", &done), "〓野～a");
  assert_int_equal(done.replaced_count, 1);
  assert_int_equal(done.first_replaced, 0x20BB7);
  char text[1600] = "x";
  for (int i = 0; i < 500; i++) strcat(text, "会");
  assert_int_equal(strlen(ky_shp_fit(encoder, text, &done)), 1 + 3 * 126); /* 1 + 2 x 126 = 253 bytes in the file */
  assert_int_equal(done.cut_count, 1);
  assert_int_equal(done.longest_bytes, 253);
  ky_shp_encoder_close(encoder);
  encoder = ky_shp_encoder_open("UTF-8");
  done = (ky_shp_texts){0};
  assert_string_equal(ky_shp_fit(encoder, "𠮷野〜", &done), "𠮷野〜");
  assert_int_equal(done.replaced_count, 0);
  assert_int_equal(strlen(ky_shp_fit(encoder, text, &done)), 1 + 3 * 84);
  ky_shp_encoder_close(encoder);
}

/* 200 numbers a record, a million records: over 2 GB. The layer is left out, and that is said. */
static void test_too_large(void **state) {
  (void)state;
  static char name[200][16];
  ky_job job;
  ky_table table;
  int64_t *values;
  ky_job_init(&job, 1);
  values = ky_arena_alloc(&job.keep, 1000000, sizeof *values);
  assert_non_null(values);
  assert_int_equal(ky_table_new(&job, "zones", "圏域", 1000000, NULL, 200, &table), KY_OK);
  for (int c = 0; c < 200; c++) {
    snprintf(name[c], sizeof name[c], "c%d", c);
    ky_table_fixed(&table, name[c], NULL, NULL, 3, values);
  }
  assert_int_equal(write_one(&ky_writer_shp, &job, folder, &table), KY_OK);
  assert_int_equal(job.issues.count, 1);
  assert_string_equal(job.issues.rows[0].reason, "layer_too_large");
  assert_false(exists("zones.zip") || exists("zones.dbf"));
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_names),
      cmocka_unit_test(test_many_names),
      cmocka_unit_test(test_texts),
      IN_FOLDER(test_too_large),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
