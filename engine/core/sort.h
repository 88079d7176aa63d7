/* Stable sorting of 64-bit keys with 32-bit values: LSD radix, 11 bits a pass, passes that change nothing skipped. */
#ifndef KAYOI_SORT_H
#define KAYOI_SORT_H

#include <kayoi/job.h>

/* Sorts key[] ascending and carries value[] along; equal keys keep their order. Uses scratch. */
ky_err ky_sort_pairs(ky_job *job, uint64_t *key, uint32_t *value, uint32_t count);

/* Place on the Hilbert curve through a 2^32 x 2^32 grid; neighbours on the curve are neighbours in the plane. */
uint64_t ky_hilbert(uint32_t x, uint32_t y);

#endif
