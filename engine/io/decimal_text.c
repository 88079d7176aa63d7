/* Numbers with decimals as text: see decimal_text.h. */
#include "io/decimal_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "io/digits.h"

#define NUMBER_MAX  1e15
#define DOUBLE_BITS 53

__extension__ typedef unsigned __int128 wide;

static uint64_t power_of_ten(int places) {
  uint64_t power = 1;
  while (places-- > 0) power *= 10;
  return power;
}

/* fraction * power to the nearest whole number, ties to even: fraction = mantissa / 2^shift, and mantissa * power stays
 * below 2^113. is_odd: of what an exact half would be rounded to, where power is 1. */
static uint64_t scaled(double fraction, uint64_t power, bool is_odd) {
  int exponent;
  const double mantissa = frexp(fraction, &exponent);
  const int shift = DOUBLE_BITS - exponent;
  if (fraction == 0 || shift > 127) return 0; /* far below a half */
  const wide product = (wide)(uint64_t)ldexp(mantissa, DOUBLE_BITS) * power, half = (wide)1 << (shift - 1);
  const uint64_t whole = (uint64_t)(product >> shift);
  const wide rest = product - ((wide)whole << shift);
  const bool odd = power == 1 ? is_odd : whole % 2 != 0;
  return whole + (rest > half || (rest == half && odd));
}

size_t ky_decimal_fixed(double number, int places, char text[KY_DECIMAL_MAX]) {
  char buffer[KY_DIGITS_MAX];
  size_t length = 0;
  const double size = fabs(number), whole_part = trunc(size);
  if (!(size < NUMBER_MAX) || places < 0 || places > KY_DECIMAL_PLACES) return 0;
  uint64_t whole = (uint64_t)whole_part;
  const uint64_t power = power_of_ten(places);
  uint64_t decimals = scaled(size - whole_part, power, whole % 2 != 0);
  if (decimals == power) {
    whole++;
    decimals = 0;
  }
  if (signbit(number)) text[length++] = '-';
  const char *digits = ky_digits(buffer, whole);
  const size_t n = strlen(digits);
  memcpy(text + length, digits, n);
  length += n;
  if (decimals != 0) {
    text[length++] = '.';
    for (size_t k = (size_t)places; k-- > 0; decimals /= 10) text[length + k] = (char)('0' + decimals % 10);
    length += (size_t)places;
    while (text[length - 1] == '0') length--;
  }
  text[length] = '\0';
  return length;
}

/* Fifteen digits, counted from the first that is not zero. */
size_t ky_decimal_digits15(double number, char text[KY_DECIMAL_MAX]) {
  const double size = fabs(number);
  double limit = 1e14;
  int places = 0;
  if (size == 0) return ky_decimal_fixed(number, 0, text);
  if (!(size >= 1e-4) || !(size < 1e14)) return 0;
  while (size < limit) {
    limit /= 10;
    places++;
  }
  return ky_decimal_fixed(number, places, text);
}
