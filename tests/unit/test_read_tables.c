/* Text tables as town halls and Excel save them: titles above the header, `sep=`, UTF-16, two encodings in one file. */
#include "bench_read.h"

static bench b;

static int open_bench(void **state) {
  (void)state;
  bench_open(&b);
  bench_street(&b);
  return 0;
}

static int close_bench(void **state) {
  (void)state;
  bench_close(&b);
  return 0;
}

/* A title, a line of quotes with a line end in it, then the header; the separator is a tab that the title lacks. */
static void test_title_above(void **state) {
  (void)state;
  bench_file(&b, "sites.csv", "公民館一覧\n\"担当\n課\"\tx\n番号\t名称\t経度\t緯度\n1\t\"中央\"\t131.25\t33.95\n");
  bench_add(&b, KY_ROLE_SITES, "sites.csv");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.sites[0].count, 1);
  assert_string_equal(ky_raw_value(&b.inputs.sites[0], "name", 0), "中央");
  assert_int_equal(bench_issues(&b, "header_not_first"), 1);
  assert_non_null(strstr(bench_issue(&b, "header_not_first", 0)->message, "row 3"));
}

/* Excel's `sep=;` and columns that begin with what the list is of. */
static void test_separator_line(void **state) {
  (void)state;
  bench_file(&b, "sites.csv",
             "sep=;\r\n教育機関_学校コード;教育機関_学校名;教育機関_緯度;教育機関_経度\r\nA1;中央小;33.95;131.25\r\n");
  bench_add(&b, KY_ROLE_SITES, "sites.csv");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.sites[0].count, 1);
  assert_string_equal(ky_raw_value(&b.inputs.sites[0], "name", 0), "中央小");
  assert_int_equal(bench_issues(&b, "header_not_first"), 0);
}

/* What Excel saves as "Unicode text": UTF-16 with its mark, tabs. */
static void test_unicode_text(void **state) {
  static const uint16_t text[] = {0xFEFF, u'名', u'称', u'\t', u'経', u'度', u'\t', u'緯', u'度', u'\r',
                                  u'\n',  u'中', u'央', u'\t', u'1',  u'3',  u'1',  u'.',  u'2',  u'5',
                                  u'\t',  u'3',  u'3',  u'.',  u'9',  u'5',  u'\r', u'\n'};
  (void)state;
  bench_file_n(&b, "sites.txt", text, sizeof text);
  bench_add(&b, KY_ROLE_SITES, "sites.txt");
  bench_read(&b);
  bench_good(&b);
  assert_string_equal(ky_raw_value(&b.inputs.sites[0], "name", 0), "中央");
  assert_string_equal(b.inputs.sites[0].format, "TSV");
}

/* One list of two files of different encodings. */
static void test_mixed_encodings(void **state) {
  (void)state;
  bench_file(&b, "sites.csv", "名称,経度,緯度\n中央,131.25,33.95\n\x8c\xf6\x96\xaf\x8a\xd9,131.26,33.95\n");
  bench_add(&b, KY_ROLE_SITES, "sites.csv");
  bench_read(&b);
  bench_good(&b);
  assert_string_equal(ky_raw_value(&b.inputs.sites[0], "name", 1), "公民館");
  assert_int_equal(bench_issues(&b, "encoding_mixed"), 1);
  assert_string_equal(bench_issue(&b, "encoding_mixed", 0)->record, "row 3");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(test_title_above),
      CASE(test_separator_line),
      CASE(test_unicode_text),
      CASE(test_mixed_encodings),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
