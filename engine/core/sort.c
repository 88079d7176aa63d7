/* Radix sort and the Hilbert curve. */
#include "core/sort.h"

#include <string.h>

#define DIGIT_BITS 11
#define DIGITS     (1u << DIGIT_BITS)
#define PASSES     6

ky_err ky_sort_pairs(ky_job *job, uint64_t *key, uint32_t *value, uint32_t count) {
  uint64_t *key_to, *key_from = key;
  uint32_t *value_to, *value_from = value, (*start)[DIGITS];
  const ky_arena_mark before = ky_arena_now(&job->scratch);
  KY_NEW(job, scratch, key_to, count);
  KY_NEW(job, scratch, value_to, count);
  KY_NEW(job, scratch, start, PASSES);
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t pass = 0; pass < PASSES; pass++) start[pass][(key[i] >> (pass * DIGIT_BITS)) % DIGITS]++;
  for (uint32_t pass = 0; pass < PASSES; pass++) {
    const uint32_t shift = pass * DIGIT_BITS;
    if (count == 0 || start[pass][(key[0] >> shift) % DIGITS] == count) continue; /* all the same digit */
    uint32_t sum = 0;
    for (uint32_t d = 0; d < DIGITS; d++) {
      uint32_t n = start[pass][d];
      start[pass][d] = sum;
      sum += n;
    }
    for (uint32_t i = 0; i < count; i++) {
      uint32_t to = start[pass][(key_from[i] >> shift) % DIGITS]++;
      key_to[to] = key_from[i];
      value_to[to] = value_from[i];
    }
    uint64_t *key_swap = key_from;
    uint32_t *value_swap = value_from;
    key_from = key_to;
    value_from = value_to;
    key_to = key_swap;
    value_to = value_swap;
  }
  if (key_from != key) {
    memcpy(key, key_from, count * sizeof *key);
    memcpy(value, value_from, count * sizeof *value);
  }
  ky_arena_rewind(&job->scratch, before);
  return KY_OK;
}

/* Warren, Hacker's Delight, 2nd ed., section 16-1 describes the curve; this walks it from the top bit down. */
uint64_t ky_hilbert(uint32_t x, uint32_t y) {
  uint64_t place = 0;
  for (uint32_t bit = UINT32_C(1) << 31; bit != 0; bit >>= 1) {
    uint32_t right = (x & bit) != 0, up = (y & bit) != 0;
    place = place << 2 | ((3 * right) ^ up);
    if (up == 0) {
      if (right) {
        x = ~x;
        y = ~y;
      }
      uint32_t swap = x;
      x = y;
      y = swap;
    }
  }
  return place;
}
