/* Disclosure control: which counts have to be hidden so that no small one can be worked out from the others.
 *
 * A system is counts and equations between them: sum of coefficient x value = what it is now. A reader is taken to know
 * every equation with its sum, the value of every count that is shown, and that none is negative.
 *
 * What ky_counts_hide guarantees, for each small count (0 < value < threshold) that a reader does not know already:
 * there are two complete sets of figures that agree with everything shown and with all equations; in one the count is
 * at most one person, in the other at least threshold - 1 (both as far as the true value is not beyond). So what is
 * shown says nothing about it but that it is small; no exact figure and no narrower range follows. Every other count
 * that was hidden for its sake differs between some two such sets, so none of them can be worked out either.
 *
 * The way: figures are moved along chains of counts that leave every equation as it is (+1 here, -1 there), each chain
 * found by a best-first search over what an equation that is out of balance offers, cheapest loss first; counts on a
 * chain are hidden. This is how "circuits" protect cells in statistical offices (Cox 1980; de Wolf 2002), with search
 * in place of geometry, because the equations here are of any shape. Everything is in whole thousandths. */
#ifndef KAYOI_DISCLOSURE_H
#define KAYOI_DISCLOSURE_H

#include <kayoi/job.h>

typedef enum ky_count_state {
  KY_COUNT_SHOWN,     /* published, may be hidden */
  KY_COUNT_KNOWN,     /* known whatever is done: it was published before, or is open */
  KY_COUNT_LATENT,    /* never published; binds others together */
  KY_COUNT_SMALL,     /* hidden because it is small */
  KY_COUNT_COMPANION, /* hidden so that a small one cannot be worked out */
  KY_COUNT_STATES
} ky_count_state;

typedef struct ky_counts {
  uint32_t count;
  int64_t *value; /* [count] thousandths, what is true */
  uint32_t *loss; /* [count] how much a reader loses when it is hidden, from 1 */
  uint8_t *state; /* [count] ky_count_state */
  uint8_t *stays; /* [count] 1: it was hidden before and stays so wherever it can; NULL: none */
  uint32_t equation_count;
  uint32_t *first; /* [equation_count + 1] into: */
  uint32_t *cell;
  int8_t *coefficient; /* +1 or -1 */
} ky_counts;

typedef struct ky_counts_opts {
  int64_t threshold;    /* thousandths: smaller counts are hidden */
  bool with_companions; /* false only in tests of those who watch */
  bool stops_at_bare;   /* the first small count without a way ends the search: the caller will show less */
} ky_counts_opts;

typedef struct ky_counts_done {
  uint32_t small, companions;
  uint32_t bare;       /* small counts for which no way was found: what is known already leaves none */
  uint32_t first_bare; /* KY_NONE: none */
} ky_counts_done;

/* Hides: state SHOWN becomes SMALL or COMPANION. The result does not depend on threads. */
ky_err ky_counts_hide(ky_job *job, const ky_counts_opts *opts, ky_counts *counts, ky_counts_done *out);
/* NULL: the system is well formed. */
const char *ky_counts_check(const ky_counts *counts);

/* An equation that holds among published figures, as somebody who only has the publication sees it. */
typedef struct ky_attack {
  uint32_t count;
  const int64_t *value; /* [count] thousandths; KY_NULL: not published */
  uint32_t equation_count;
  const uint32_t *first; /* [equation_count + 1] */
  const uint32_t *cell;
  const int8_t *coefficient;
  const int64_t *sum;     /* [equation_count] */
  const uint8_t *is_most; /* [equation_count] 1: the sum of it is at most `sum`; 0: it is exactly that */
} ky_attack;

typedef struct ky_attack_found {
  uint32_t recovered;    /* hidden figures that have one value only */
  uint8_t *is_recovered; /* [count] which (scratch) */
  uint32_t cell;         /* the first of them; KY_NONE: none */
  uint32_t narrowed;     /* wanted[] figures whose range leaves out a part of [one person, threshold - 1] */
  uint32_t narrow_cell;
  int64_t low, high; /* of narrow_cell */
} ky_attack_found;

/* Tries to work out what is not published: Gauss-Jordan elimination over a prime field on the unknowns (an unknown that
 * alone stays in a row is found), and the ranges that follow from each equation again and again. Shares nothing with
 * ky_counts_hide. tolerance: thousandths by which a range may be missed (sums of rounded parts). is_wanted[c]: its
 * range is looked at. */
ky_err ky_attack_run(ky_job *job, const ky_attack *attack, const uint8_t *is_wanted, int64_t threshold,
                     int64_t tolerance, ky_attack_found *out);

#endif
