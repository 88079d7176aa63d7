/* Numbers that count with a weight each: what a cell's points come to. */
#ifndef KAYOI_WEIGHTED_H
#define KAYOI_WEIGHTED_H

#include <stdint.h>

typedef struct ky_weighted {
  uint32_t value;
  uint64_t weight;
} ky_weighted;

/* Lower weighted median: the smallest value with at least half of the weight at or below it; KY_NONE of nothing. Sorts
 * the items. */
uint32_t ky_weighted_median(ky_weighted *items, uint32_t count);
/* Rounded half up; KY_NONE of nothing. */
uint32_t ky_weighted_mean(const ky_weighted *items, uint32_t count);
/* The value with most weight; ties to the lower value; KY_NONE of nothing. Sorts the items. */
uint32_t ky_weighted_mode(ky_weighted *items, uint32_t count);

#endif
