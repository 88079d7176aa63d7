/* Addresses and names as keys: a table of spellings. */
#include <io/address_key.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* "area / 2丁目 3番 4 / cut at 12" in one line. */
static const char *spell(ky_arena *arena, const char *text) {
  static const char *const units[] = {"", "丁目", "番", "番地", "号"};
  ky_address address;
  assert_true(ky_address_read(arena, text, &address));
  const char *line = ky_format(arena, "%s /", address.area);
  for (uint32_t i = 0; i < address.number_count; i++)
    line = ky_format(arena, "%s %u%s", line, address.number[i], units[address.unit[i]]);
  for (uint32_t c = 0; c < address.cut_count; c++) line = ky_format(arena, "%s / cut %u", line, address.cut[c]);
  return line;
}

static void test_spellings(void **state) {
  (void)state;
  static const struct {
    const char *text, *want;
  } cases[] = {
      {"上町一丁目2番3号", "上町 / 1丁目 2番 3号"},
      {"上町１丁目２－３", "上町 / 1丁目 2 3"},
      {"上町1-2-3", "上町 / 1 2 3"},
      {"上町１‐２―３", "上町 / 1 2 3"},
      {"上町1ー2ー3", "上町 / 1 2 3"},
      {"上町 1 丁目 2 番 3 号", "上町 / 1丁目 2番 3号"},
      {"上町 一 丁目 二 番 三 号", "上町 / 1丁目 2番 3号"},
      {"上町一丁目二の三", "上町 / 1丁目 2 3"},
      {"上町二十三番地", "上町 / 23番地"},
      {"上町百五番地の十二", "上町 / 105番地 12"},
      {"上町二三番地", "上町 / 23番地"},
      {"上町千二百番地", "上町 / 1200番地"},
      {"上町123番地4", "上町 / 123番地 4"},
      {"上町123番地の4", "上町 / 123番地 4"},
      {"上町123の4", "上町 / 123 4"},
      {"上町123ノ4", "上町 / 123 4"},
      {"大字上町123", "上町 / 123"},
      {"上町大字下字中の森12番地", "上町下中の森 / 12番地 / cut 6 / cut 9"},
      {"上町小大字字下12", "上町小下 / 12 / cut 9"},
      {"上町字下12", "上町下 / 12 / cut 6"},
      {"山口県宇部市常盤町一丁目7番1号 宇部市役所 3階", "山口県宇部市常盤町 / 1丁目 7番 1号"},
      {"常盤町1-7-1　ビル201", "常盤町 / 1 7 1"},
      {"常盤町1-7 101号室", "常盤町 / 1 7"},
      {"常盤町1-7-1上町ビル3F", "常盤町 / 1 7 1"},
      {"〒755-8601 宇部市常盤町1-7-1", "宇部市常盤町 / 1 7 1"},
      {"755-8601宇部市常盤町1-7-1", "宇部市常盤町 / 1 7 1"},
      {"北一条西二丁目", "北1条西 / 2丁目"},
      {"北1条西2-3", "北1条西 / 2 3"},
      {"三番町16", "3番町 / 16"},
      {"3番町16", "3番町 / 16"},
      {"麻布十番一丁目2", "麻布 / 10番 1丁目 2"},
      {"八幡三浦町5", "八幡三浦町 / 5"},
      {"三条市一ノ木戸2-1", "3条市一の木戸 / 2 1"},
      {"大仙西町一丁2", "大仙西町 / 1丁目 2"},
      {"第5地割12番地", "第5地割 / 12番地"},
      {"市ヶ谷1", "市ケ谷 / 1"},
      {"市が谷1", "市ケ谷 / 1"},
      {"市ケ谷1", "市ケ谷 / 1"},
      {"つつじヶ丘", "つつじケ丘 /"},
      {"山ノ手2", "山の手 / 2"},
      {"山の手2", "山の手 / 2"},
      {"上町3組", "上町 /"},
      {"センター", "センター /"},
      {"", " /"},
      {"　", " /"},
      {"123", " / 123"},
      {"上町9999999999", "上町 /"},
      {"上町1-2-3-4-5-6", "上町 / 1 2 3 4"},
      {"上町二三四五六七八九一番地", "上町二三四五六七八九一番地 /"},
      {"上町十百番地", "上町十百番地 /"},
      {"ﾐﾄﾞﾘ町①", "ミドリ町 / 1"},
  };
  int failed = 0;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ky_arena arena = {0};
    const char *want = cases[i].want, *got = spell(&arena, cases[i].text);
    if (strcmp(got, want) != 0) {
      print_error("%s: want '%s', got '%s'\n", cases[i].text, want, got);
      failed++;
    }
    ky_arena_free(&arena);
  }
  assert_int_equal(failed, 0);
}

static void test_town(void **state) {
  (void)state;
  ky_arena arena = {0};
  ky_address address;
  const char *key;
  assert_true(ky_address_read(&arena, "常盤町1-7番2号", &address));
  const uint32_t bytes = (uint32_t)strlen(address.area);
  assert_true(ky_address_town(&arena, &address, bytes, 0, &key));
  assert_string_equal(key, "常盤町");
  assert_true(ky_address_town(&arena, &address, bytes, 1, &key));
  assert_string_equal(key, "常盤町|1c");
  assert_true(ky_address_town(&arena, &address, bytes, 2, &key));
  assert_string_equal(key, "常盤町|1c|7b");
  assert_true(ky_address_town(&arena, &address, bytes, 3, &key));
  assert_null(key); /* a 号 is never part of a town */
  assert_true(ky_address_read(&arena, "常盤町一丁目", &address));
  assert_true(ky_address_town(&arena, &address, bytes, 1, &key));
  assert_string_equal(key, "常盤町|1c");
  ky_arena_free(&arena);
}

static void test_names(void **state) {
  (void)state;
  static const struct {
    const char *a, *b;
    bool is_same;
  } pairs[] = {
      {"上町公民館", "上町　公民館", true},
      {"宇部市上町公民館", "上町公民館", true},
      {"つつじヶ丘集会所", "つつじが丘集会所", true},
      {"ふれあいｾﾝﾀｰ", "ふれあいセンター", true},
      {"上町公民館", "下町公民館", false},
      {"上町第一公民館", "上町第二公民館", false},
      {"宇部市", "宇部市", true},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    ky_arena arena = {0};
    const char *a = ky_name_key(&arena, pairs[i].a, "宇部市"), *b = ky_name_key(&arena, pairs[i].b, "宇部市");
    assert_non_null(a);
    assert_non_null(b);
    if ((strcmp(a, b) == 0) != pairs[i].is_same) print_error("%s: '%s', %s: '%s'\n", pairs[i].a, a, pairs[i].b, b);
    assert_int_equal(strcmp(a, b) == 0, pairs[i].is_same);
    ky_arena_free(&arena);
  }
}

/* Every prefix of an address, cut inside characters too, is read without harm where it is valid text; so is long text.
 */
static void test_odd_text(void **state) {
  (void)state;
  ky_arena arena = {0};
  ky_address address;
  char longer[3 * 5000 + 1] = "";
  for (int i = 0; i < 5000; i++) memcpy(longer + (size_t)i * 3, i % 2 == 0 ? "千" : "字", 3);
  assert_true(ky_address_read(&arena, longer, &address));
  assert_true(address.cut_count <= KY_ADDRESS_CUTS);
  for (int i = 0; i < 5000; i++) memcpy(longer + (size_t)i * 3, i % 2 == 0 ? "一" : "の", 3);
  assert_true(ky_address_read(&arena, longer, &address));
  assert_true(ky_address_read(&arena, "-1-", &address));
  assert_true(ky_address_read(&arena, "〒", &address));
  assert_true(ky_address_read(&arena, "|1|-|2|", &address));
  assert_int_equal(address.number_count, 2);
  ky_arena_free(&arena);
}

static void test_memory(void **state) {
  (void)state;
  bool is_done = false;
  for (uint64_t n = 1; n < 40 && !is_done; n++) {
    ky_arena arena = {.fail_after = n};
    ky_address address;
    is_done = ky_address_read(&arena, "宇部市常盤町一丁目7番1号", &address) &&
              ky_name_key(&arena, "宇部市上町", "宇部市") != NULL;
    ky_arena_free(&arena);
  }
  assert_true(is_done);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_spellings), cmocka_unit_test(test_town),   cmocka_unit_test(test_names),
      cmocka_unit_test(test_odd_text),  cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
