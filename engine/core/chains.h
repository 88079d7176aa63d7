/* Chains of counts: changes of some counts that leave every equation as it is. */
#ifndef KAYOI_CHAINS_H
#define KAYOI_CHAINS_H

#include <kayoi/disclosure.h>

#define KY_CHAIN_MAX 120

typedef struct ky_chain {
  uint32_t count;
  uint32_t cell[KY_CHAIN_MAX];
  int8_t by[KY_CHAIN_MAX]; /* for one of the first cell: +1 or -1 ... */
} ky_chain;

typedef struct ky_chains ky_chains;

/* counts, and current (the figures that a chain may move) are kept and read again in each search. */
ky_err ky_chains_new(ky_job *job, const ky_counts *counts, const int64_t *current, ky_chains **out);
/* The cheapest chain found that begins with `by` at the cell and along which `step` can be moved. is_free: what is
 * hidden costs as little as what is. steps_max: effort. out->count = 0: none found. */
void ky_chains_find(ky_chains *chains, uint32_t cell, int by, int64_t step, bool is_free, uint32_t steps_max,
                    ky_chain *out);

#endif
