/* Numbers as text, beside the C library's printf. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "bench_read.h"
#include "io/decimal_text.h"

/* What printf wrote, without the zeros behind the point. */
static void strip(char *text) {
  size_t n = strlen(text);
  if (strchr(text, '.') == NULL) return;
  while (text[n - 1] == '0') n--;
  if (text[n - 1] == '.') n--;
  text[n] = '\0';
}

static void compare(double number) {
  char text[KY_DECIMAL_MAX], expected[400];
  for (int places = 0; places <= KY_DECIMAL_PLACES; places++) {
    size_t length = ky_decimal_fixed(number, places, text);
    assert_int_equal(length, strlen(text));
    snprintf(expected, sizeof expected, "%.*f", places, number);
    strip(expected);
    assert_string_equal(text, expected);
  }
  snprintf(expected, sizeof expected, "%.15g", number);
  if (ky_decimal_digits15(number, text) == 0) {
    assert_true(fabs(number) < 1e-4 || fabs(number) >= 1e14);
    return;
  }
  strip(expected);
  assert_string_equal(text, expected);
}

/* Numbers of all sizes, and decimals as files hold them. */
static void test_as_printf(void **state) {
  (void)state;
  uint64_t seed = 1;
  for (int i = 0; i < 100000; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    const double share = (double)(seed >> 11) / 9007199254740992.0;
    const double size = pow(10, (double)(seed % 1021) / 50 - 6); /* up to 2.5e14 */
    compare(share * size);
    compare(-share * size);
    compare((double)(seed % 100000000) / 1000);
  }
}

static void test_edges(void **state) {
  (void)state;
  static const double numbers[] = {0,
                                   -0.0,
                                   0.5,
                                   1.5,
                                   2.5,
                                   0.25,
                                   0.125,
                                   0.375,
                                   0.1,
                                   0.01,
                                   0.001,
                                   0.0001,
                                   0.00001,
                                   1e-300,
                                   4.9e-324,
                                   0.3,
                                   1e14,
                                   123.5,
                                   9.9995,
                                   99.995,
                                   999.9,
                                   0.9999,
                                   0.9999999999999999,
                                   99999999999999.98,
                                   1e13,
                                   1.0,
                                   10.0,
                                   100.0,
                                   0.0995,
                                   0.0999,
                                   9.999999999999999,
                                   70.398560276143201};
  char text[KY_DECIMAL_MAX];
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    compare(numbers[i]);
    compare(-numbers[i]);
    compare(nextafter(numbers[i], 0));
    compare(nextafter(numbers[i], 1e14));
  }
  assert_int_equal(ky_decimal_fixed(1e15, 2, text), 0);
  assert_int_equal(ky_decimal_fixed(NAN, 2, text), 0);
  assert_int_equal(ky_decimal_fixed(-INFINITY, 2, text), 0);
  assert_int_equal(ky_decimal_fixed(1, KY_DECIMAL_PLACES + 1, text), 0);
  assert_int_equal(ky_decimal_fixed(1, -1, text), 0);
  assert_int_equal(ky_decimal_digits15(NAN, text), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_as_printf), cmocka_unit_test(test_edges)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
