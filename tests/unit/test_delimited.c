/* Text tables: separators, quotes, line ends, encodings, and files that are none. */
#include "io/delimited.h"

#include "bench_read.h"
#include "io/gdal_log.h"

static bench b;

static int open_bench(void **state) {
  (void)state;
  ky_gdal_start();
  bench_open(&b);
  return 0;
}

static int close_bench(void **state) {
  (void)state;
  bench_close(&b);
  return 0;
}

/* All rows as one text: fields in [], rows ended by /. */
static ky_err cut(const void *bytes, size_t n, const char *encoding, char *text, size_t size) {
  ky_delimited table;
  size_t used = 0;
  bench_file_n(&b, "t.csv", bytes, n);
  b.count = 0;
  ky_source *source = bench_add(&b, KY_ROLE_VENUES, "t.csv");
  source->encoding = encoding;
  b.job.err = KY_OK;
  text[0] = '\0';
  KY_TRY(ky_delimited_open(&b.job, source, source->path, &table));
  while (ky_delimited_next(&table)) {
    for (uint32_t f = 0; f < table.field_count && f < KY_FIELDS_MAX; f++)
      used += (size_t)snprintf(text + used, size - used, "[%.*s]", (int)table.length[f], table.field[f]);
    used += (size_t)snprintf(text + used, size - used, "/");
  }
  return ky_delimited_close(&b.job, source, &table);
}

static void test_cutting(void **state) {
  (void)state;
  static const struct {
    const char *text, *rows;
  } cases[] = {
      {"a,b\nc,d\n", "[a][b]/[c][d]/"},
      {"a,b\r\nc,d\r\n", "[a][b]/[c][d]/"},
      {"a,b\rc,d", "[a][b]/[c][d]/"},
      {"a\tb\nc,1\td", "[a][b]/[c,1][d]/"},
      {"a;b\nc,1;d", "[a][b]/[c,1][d]/"},
      {"a,\"b\"\n\"x,y\",\"line 1\nline 2\"", "[a][b]/[x,y][line 1\nline 2]/"},
      {"a,\"say \"\"hi\"\"\"\n", "[a][say \"hi\"]/"},
      {"a,,\n,,", "[a][][]/[][][]/"},
      {"\"a\"x,b", "[ax][b]/"},
      {"a\n\n\nb", "[a]/[]/[]/[b]/"},
      {"\xEF\xBB\xBF"
       "a,b",
       "[a][b]/"},
      {"\"\"", "[]/"},
  };
  char text[512];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(cut(cases[i].text, strlen(cases[i].text), NULL, text, sizeof text), KY_OK);
    assert_string_equal(text, cases[i].rows);
  }
}

static void test_encodings(void **state) {
  (void)state;
  char text[512];
  const char utf16[] =
      "\xFF\xFE"
      "a\0,\0\x1A\x90\r\0\n\0";
  assert_int_equal(cut(utf16, sizeof utf16 - 1, NULL, text, sizeof text), KY_OK);
  assert_string_equal(text, "[a][通]/");
  /* 0x5C and 0x7C in the second byte of a CP932 character are part of it */
  assert_int_equal(cut("\x83\x5C,\x83\x7C", 5, "CP932", text, sizeof text), KY_OK);
  assert_string_equal(text, "[\x83\x5C][\x83\x7C]/");
  assert_int_equal(cut("a,b", 3, "klingon", text, sizeof text), KY_E_CONFIG);
  assert_int_equal(cut("\x1B$B\x44\x4C\x1B(B,b", 10, "ISO-2022-JP", text, sizeof text), KY_OK);
  assert_string_equal(text, "[通][b]/");
  assert_int_equal(cut("\xEF\xBB\xBF"
                       "a,b",
                       6, "CP932", text, sizeof text),
                   KY_OK);
  assert_int_equal(bench_issues(&b, "encoding_contradicts"), 1);
}

static void test_no_table(void **state) {
  (void)state;
  char text[512];
  assert_int_equal(cut("a,\"b\nc,d\n", 9, NULL, text, sizeof text), KY_E_INPUT);
  assert_non_null(strstr(b.job.message, "row 1"));
  assert_int_equal(cut("a,b\n\0,d\n", 8, NULL, text, sizeof text), KY_E_INPUT);
  assert_int_equal(cut("PK\x03\x04....", 8, NULL, text, sizeof text), KY_E_INPUT);
  assert_non_null(strstr(b.job.message, "spreadsheet"));
}

/* More columns than are kept: the count is right, nothing beyond the arrays is touched. */
static void test_many_fields(void **state) {
  (void)state;
  ky_delimited table;
  static char row[3 * KY_FIELDS_MAX];
  memset(row, ',', sizeof row);
  bench_file_n(&b, "wide.csv", row, sizeof row);
  b.count = 0;
  ky_source *source = bench_add(&b, KY_ROLE_VENUES, "wide.csv");
  const char **names;
  uint32_t count;
  assert_int_equal(ky_delimited_open(&b.job, source, source->path, &table), KY_OK);
  assert_true(ky_delimited_next(&table));
  assert_int_equal(table.field_count, 3 * KY_FIELDS_MAX + 1);
  assert_true(table.is_blank);
  b.job.err = KY_OK;
  assert_int_equal(ky_delimited_names(&b.job, source, &table, &names, &count), KY_E_INPUT);
}

/* Every way that a few odd bytes can follow each other: no crash, and never more bytes out than in. */
static void test_odd_bytes(void **state) {
  (void)state;
  static const char odd[] = {'a', ',', '"', '\n', '\r', '\t', ';', (char)0x83, (char)0xE3, (char)0xEF};
  enum { KINDS = sizeof odd, LENGTH = 4 };
  char bytes[LENGTH];
  for (uint32_t n = 0; n < KINDS * KINDS * KINDS * KINDS; n++) {
    uint32_t rest = n;
    for (int i = 0; i < LENGTH; i++, rest /= KINDS) bytes[i] = odd[rest % KINDS];
    ky_delimited table = {.at = bytes, .end = bytes + LENGTH, .separator = ','};
    const char *field[KY_FIELDS_MAX];
    size_t length[KY_FIELDS_MAX], total = 0;
    table.field = field;
    table.length = length;
    while (ky_delimited_next(&table))
      for (uint32_t f = 0; f < table.field_count; f++) total += length[f];
    assert_true(total <= LENGTH);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_cutting, open_bench, close_bench),
      cmocka_unit_test_setup_teardown(test_encodings, open_bench, close_bench),
      cmocka_unit_test_setup_teardown(test_no_table, open_bench, close_bench),
      cmocka_unit_test_setup_teardown(test_many_fields, open_bench, close_bench),
      cmocka_unit_test(test_odd_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
