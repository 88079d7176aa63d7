/* Keys for labels and names, numbers as people write them, and the nearest word. */
#include "io/text_key.h"

#include "town.h"

static ky_arena arena;

static void test_labels(void **state) {
  (void)state;
  static const char *const same[][2] = {
      {"　人口（総数）　男", "人口(総数)男"},
      {"６５歳以上人口　総数", "65歳以上人口総数"},
      {"ＮＯ", "no"},
      {"№", "no"},
      {"ヵ所数", "か所数"},
      {"カ所数", "か所数"},
      {"箇所数", "か所数"},
      {"ｶ所数", "か所数"},
      {"⺠生委員", "民生委員"},
      {"⻄部", "西部"},
      {"\xEF\xBB\xBFID", "id"},
      {"㎢", "km2"},
      {"名 称\t", "名称"},
      {"⻑⽣⻘⻝⻭", "長生青食歯"},
      {"運営日（平日）－開始", "運営日(平日)-開始"},
      {"運営日（平日）−開始", "運営日(平日)-開始"},
      {"運営日（平日）‐開始", "運営日(平日)-開始"},
      {"〜", "~"},
      {"ﾊﾟｿｺﾝ", "パソコン"},
      {"か\u3099っこう", "がっこう"},
      {"葛\U000E0100城", "葛城"},
      {"🏠\uFE0F", "🏠"},
      {"本町（改行）集会所（改）", "本町集会所(改)"},
      {"（改行", "(改行"},
      {"", ""},
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    const char *key = ky_text_label(&arena, same[i][0]);
    assert_non_null(key);
    assert_string_equal(key, same[i][1]);
  }
  assert_string_equal(ky_text_key(&arena, "Ａ区"), "A区"); /* names keep their case */
}

static void test_label_place(void **state) {
  (void)state;
  assert_int_equal(ky_text_label_place("名称", "name|名称|施設名"), 1);
  assert_int_equal(ky_text_label_place("名", "name|名称"), -1);
  assert_int_equal(ky_text_label_place("所在地(番地まで)", "住所|所在地|所在地(*"), 2);
  assert_int_equal(ky_text_label_place("所在地", "住所|所在地(*"), -1);
  assert_int_equal(ky_text_label_place("x", ""), -1);
  assert_int_equal(ky_text_label_place("x", NULL), -1);
}

static void test_numbers(void **state) {
  (void)state;
  static const struct {
    const char *text, *number;
  } cases[] = {
      {"５２，１３０人", "52130"},
      {"1,234", "1234"},
      {"1,234,567", "1234567"},
      {"△5", "-5"},
      {"▲１２", "-12"},
      {"20人", "20"},
      {"12 名", "12"},
      {"3.5", "3.5"},
      {"0", "0"},
      {"-7", "-7"},
      {" 8 ", "8"},
      {"070", "070"},
      {"5oo", NULL},
      {"", NULL},
      {"-", NULL},
      {"*", NULL},
      {"1,23", NULL},
      {"1,2345", NULL},
      {"1e3", NULL},
      {"nan", NULL},
      {"inf", NULL},
      {"0x10", NULL},
      {"3.", NULL},
      {"人", NULL},
      {"約20人", NULL},
      {"10〜20", NULL},
      {",123", NULL},
      {"1234,567", "1234567"},
      {"12345,678", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *number = ky_text_number(&arena, cases[i].text);
    if (cases[i].number == NULL ? number != NULL : number == NULL || strcmp(number, cases[i].number) != 0)
      fail_msg("'%s' became %s", cases[i].text, number != NULL ? number : "nothing");
  }
}

static void test_nearest(void **state) {
  (void)state;
  static const char *const words[] = {"capacity", "name", "participants", "緯度", "経度"};
  assert_string_equal(ky_text_nearest("capasity", words, 5), "capacity");
  assert_string_equal(ky_text_nearest("nama", words, 5), "name");
  assert_null(ky_text_nearest("zzzzzzzz", words, 5));
  assert_null(ky_text_nearest("", words, 5));
}

static int close_arena(void **state) {
  (void)state;
  ky_arena_free(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_labels),
      cmocka_unit_test(test_label_place),
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_nearest),
  };
  return cmocka_run_group_tests(tests, NULL, close_arena);
}
