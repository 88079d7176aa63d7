/* Whole numbers as text, for readers of many records: printf takes ten times as long. */
#ifndef KAYOI_DIGITS_H
#define KAYOI_DIGITS_H

#include <stdint.h>

#define KY_DIGITS_MAX 24

/* Writes the digits and a final NUL at the end of the buffer; gives where they begin. */
static inline char *ky_digits(char buffer[KY_DIGITS_MAX], uint64_t number) {
  char *at = buffer + KY_DIGITS_MAX - 1;
  *at = '\0';
  do {
    *--at = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  return at;
}

#endif
