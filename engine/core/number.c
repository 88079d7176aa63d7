/* Decimal text to fixed point without a double in between. */
#include "core/number.h"

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int64_t ky_number_fixed(const char *text, uint8_t decimals) {
  const int64_t limit = INT64_MAX / 20;
  bool is_negative = *text == '-';
  if (*text == '-' || *text == '+') text++;
  if (!is_digit(*text)) return KY_NULL;
  int64_t value = 0;
  for (; is_digit(*text); text++) {
    if (value > limit) return KY_NULL;
    value = value * 10 + (*text - '0');
  }
  uint8_t done = 0;
  bool is_up = false;
  if (*text == '.') {
    text++;
    if (!is_digit(*text)) return KY_NULL;
    for (uint8_t d = 0; is_digit(*text); text++, d = (uint8_t)(d < 200 ? d + 1 : d)) {
      if (d < decimals) {
        if (value > limit) return KY_NULL;
        value = value * 10 + (*text - '0');
        done++;
      } else if (d == decimals) {
        is_up = *text >= '5';
      }
    }
  }
  if (*text != '\0') return KY_NULL;
  for (; done < decimals; done++) {
    if (value > limit) return KY_NULL;
    value *= 10;
  }
  value += is_up;
  return is_negative ? -value : value;
}
