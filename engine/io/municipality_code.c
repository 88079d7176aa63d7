/* Codes of municipalities: see municipality_code.h. */
#include "io/municipality_code.h"

#include <string.h>

#include "io/text_key.h"

#define TOKYO 13u

/* Ministry of Internal Affairs: weights 6 5 4 3 2; the last digit of 11 less the rest of their sum by 11. A sum below
 * 11 is taken from 11 itself, which is the same. */
static uint32_t check_digit(uint32_t code) {
  uint32_t sum = 0, rest = code;
  for (uint32_t weight = 2; weight <= 6; weight++, rest /= 10) sum += rest % 10 * weight;
  return (11 - sum % 11) % 10;
}

/* Prefectures 01 to 47; numbers below 100 are the prefecture itself. */
static bool is_municipality(uint32_t code) {
  return code / 1000 >= 1 && code / 1000 <= 47 && code % 1000 >= 100;
}

uint32_t ky_municipality_code(ky_arena *arena, const char *text) {
  uint32_t value = 0;
  const char *key = text != NULL ? ky_text_key(arena, text) : NULL;
  const size_t length = key != NULL ? strlen(key) : 0;
  if (length < 4 || length > 6 || strspn(key, "0123456789") != length) return 0;
  for (size_t i = 0; i < length; i++) value = value * 10 + (uint32_t)(key[i] - '0');
  if (length < 6 && is_municipality(value)) return value;
  if (length == 4) return 0;
  return is_municipality(value / 10) && check_digit(value / 10) == value % 10 ? value / 10 : 0;
}

/* Designated cities begin at 100, 130, 140 and 150 of their prefecture and their wards follow; the numbers of Tokyo are
 * its special wards. Gives the first number behind the city; 0: not a designated city. */
static uint32_t wards_end(uint32_t code) {
  if (code / 1000 == TOKYO) return 0;
  switch (code % 1000) {
    case 100:
      return code + 30;
    case 130:
    case 140:
      return code + 10;
    case 150:
      return code + 50;
    default:
      return 0;
  }
}

ky_is_own ky_municipality_has(uint32_t own, uint32_t code) {
  if (own == 0 || code == 0) return KY_OWN_UNKNOWN;
  if (own == code || (code > own && code < wards_end(own))) return KY_OWN;
  return own > code && own < wards_end(code) ? KY_OWN_UNKNOWN : KY_NOT_OWN;
}
