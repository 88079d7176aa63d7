/* Exact arithmetic of counts and rates: products are formed in 128 bits, so no input can overflow them. */
#ifndef KAYOI_RATIO_H
#define KAYOI_RATIO_H

#include <kayoi/job.h>

__extension__ typedef __int128 ky_wide;

/* value / by, halves up; value >= 0, by > 0. A result beyond int64_t becomes INT64_MAX. */
static inline int64_t ky_wide_round(ky_wide value, ky_wide by) {
  ky_wide rounded = (2 * value + by) / (2 * by);
  return rounded > INT64_MAX ? INT64_MAX : (int64_t)rounded;
}

/* a x b / by, halves up; a, b >= 0, by > 0. */
static inline int64_t ky_ratio(int64_t a, int64_t b, int64_t by) {
  return ky_wide_round((ky_wide)a * b, by);
}

/* Part of a whole in KY_WHOLE parts; KY_NULL when either is unknown or the whole is nothing. */
static inline int64_t ky_ratio_share(int64_t part, int64_t whole) {
  return part == KY_NULL || whole == KY_NULL || whole <= 0 ? KY_NULL : ky_ratio(part, KY_WHOLE, whole);
}

/* a + b, INT64_MAX when that is too large; a, b >= 0. A source may claim any number. */
static inline int64_t ky_add(int64_t a, int64_t b) {
  return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* a + b where null is "not known", so the sum is not known either. */
static inline int64_t ky_sum_or_null(int64_t a, int64_t b) {
  return a == KY_NULL || b == KY_NULL ? KY_NULL : ky_add(a, b);
}

/* Rounds the quotients value[i] / by to whole numbers that add up to `total`, by largest remainder, ties to the
 * earlier. total is one of the whole numbers between the sum of the floors and the sum of the ceilings. Scratch. */
ky_err ky_round_largest_remainder(ky_job *job, const ky_wide *value, ky_wide by, int64_t total, uint32_t count,
                                  int64_t *out);

#endif
