/* Encodings: strict UTF-8, CP932 as Windows writes it, what nobody declares, and doubts about what somebody did. */
#include "io/encoding.h"

#include "town.h"

static ky_arena arena;

static void test_utf8(void **state) {
  (void)state;
  static const char *const bad[] = {"\xC0\x80",         "\xC3", "\xE3\x81", "\xED\xA0\x80",
                                    "\xF4\x90\x80\x80", "\x80", "\xFF",     "a\xE0\x80\x80"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(ky_utf8_valid(bad[i], strlen(bad[i])));
  assert_true(ky_utf8_valid("通いの場𠮷\xF4\x8F\xBF\xBF", strlen("通いの場𠮷\xF4\x8F\xBF\xBF")));
  assert_false(ky_utf8_valid("a\0b", 3));
  assert_true(ky_utf8_valid("", 0));
}

static void test_names(void **state) {
  (void)state;
  static const char *const cp932[] = {"Shift_JIS", "sjis", "MS932", "932", "Windows-31J"};
  for (size_t i = 0; i < sizeof cp932 / sizeof *cp932; i++)
    assert_string_equal(ky_encoding_name(&arena, cp932[i]), "CP932");
  assert_string_equal(ky_encoding_name(&arena, "utf8"), "UTF-8");
  assert_string_equal(ky_encoding_name(&arena, "65001"), "UTF-8");
  assert_non_null(ky_encoding_name(&arena, "EUC-JP"));
  assert_null(ky_encoding_name(&arena, "no-such-encoding"));
  assert_null(ky_encoding_name(&arena, "UTF-8//TRANSLIT"));
  assert_null(ky_encoding_name(&arena, ""));
  assert_true(ky_encoding_is_cuttable("EUC-JP"));
  assert_false(ky_encoding_is_cuttable("UTF-16LE"));
  assert_false(ky_encoding_is_cuttable("ISO-2022-JP"));
}

/* Characters of Windows that strict Shift_JIS does not have. */
static void test_cp932(void **state) {
  (void)state;
  const char bytes[] = "\x87\x40\x87\x8A\xFB\xFC\x81\x60\x81\x7C\xB1";
  char *text = NULL;
  assert_int_equal(ky_decode(&arena, "CP932", bytes, strlen(bytes), &text), KY_DECODED);
  assert_string_equal(text, "①㈱髙～－ｱ");
  assert_int_equal(ky_decode(&arena, "CP932", "\x87", 1, &text), KY_DECODED_BAD);
  assert_int_equal(ky_decode(&arena, "CP932", "\x81\x20", 2, &text), KY_DECODED_BAD);
  assert_true(ky_can_decode("CP932", bytes, strlen(bytes)));
  assert_false(ky_can_decode("CP932", "\xFD\xFE", 2));
}

static ky_decoded decode(ky_decoder *decoder, const char *bytes, const char **text) {
  return ky_decoder_text(decoder, &arena, bytes, strlen(bytes), text);
}

static void test_undeclared(void **state) {
  (void)state;
  ky_decoder decoder = {0};
  const char *text;
  assert_int_equal(decode(&decoder, "　公民館 ", &text), KY_DECODED);
  assert_string_equal(text, "公民館");
  assert_int_equal(decode(&decoder, "\x8C\xF6\x96\xAF\x8A\xD9", &text), KY_DECODED);
  assert_string_equal(text, "公民館");
  assert_string_equal(ky_decoder_met(&decoder), "UTF-8, CP932");
  assert_int_equal(decode(&decoder, "\xFF\xFE\x01", &text), KY_DECODED_BAD);
  assert_string_equal(text, "\\xFF\\xFE\\x01");
  assert_int_equal(decode(&decoder, " \xE3\x80\x80 ", &text), KY_DECODED);
  assert_null(text);
}

static void test_declared_wrongly(void **state) {
  (void)state;
  ky_decoder utf8 = {.name = "UTF-8"}, cp932 = {.name = "CP932"}, latin = {.name = "ISO-8859-1"},
             fair = {.name = "CP932"};
  const char *text;
  assert_int_equal(decode(&utf8, "\x8C\xF6\x96\xAF", &text), KY_DECODED_BAD);
  decode(&cp932, "日本", &text); /* six bytes that are CP932 too, by chance */
  decode(&latin, "\x8C\xF6\x96\xAF\x8A\xD9", &text);
  decode(&fair, "\x8C\xF6\x96\xAF\x8A\xD9", &text);
  assert_string_equal(ky_decoder_doubt(&latin), "CP932");
  assert_null(ky_decoder_doubt(&fair));
  assert_null(ky_decoder_doubt(&utf8));
  if (cp932.foreign_count != 0) assert_string_equal(ky_decoder_doubt(&cp932), "UTF-8");
}

static int close_arena(void **state) {
  (void)state;
  ky_arena_free(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_utf8),
      cmocka_unit_test(test_names),
      cmocka_unit_test(test_cp932),
      cmocka_unit_test(test_undeclared),
      cmocka_unit_test(test_declared_wrongly),
  };
  return cmocka_run_group_tests(tests, NULL, close_arena);
}
