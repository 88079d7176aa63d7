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

/* haste: how much more what is left to do weighs than what was spent; 1 for good chains, more to find one at all.
 * is_free: what is shown costs as little as what is hidden. */
typedef struct ky_chain_search {
  uint32_t effort, haste;
  bool is_free;
  bool is_hidden_only; /* through what is hidden or stays so, and nothing else */
} ky_chain_search;

typedef struct ky_chains ky_chains;

/* counts, and current (the figures that a chain may move) are kept and read again in each search. */
ky_err ky_chains_new(ky_job *job, const ky_counts *counts, const int64_t *current, ky_chains **out);
/* The cheapest chain found that begins with `by` at the cell and along which `step` can be moved. out->count = 0: none
 * found. */
void ky_chains_find(ky_chains *chains, uint32_t cell, int by, int64_t step, const ky_chain_search *how, ky_chain *out);

#endif
