/* Equality of doubles within a tolerance that keeps their precision. */
#ifndef KAYOI_TEST_CLOSE_TO_H
#define KAYOI_TEST_CLOSE_TO_H

#include <math.h>

#include "town.h"

#define assert_close(value, expected, tolerance) close_to((value), (expected), (tolerance), __FILE__, __LINE__)

static inline void close_to(double value, double expected, double tolerance, const char *file, int line) {
  if (fabs(value - expected) <= tolerance) return;
  print_message("%s:%d: %.12g is not %.12g within %g\n", file, line, value, expected, tolerance);
  fail();
}

#endif
