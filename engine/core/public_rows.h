/* Which records of a layer are public, and columns with those alone. */
#ifndef KAYOI_PUBLIC_ROWS_H
#define KAYOI_PUBLIC_ROWS_H

#include <kayoi/public.h>

typedef enum ky_venue_public { KY_VENUE_WITHHELD, KY_VENUE_GENERALISED, KY_VENUE_EXACT } ky_venue_public;

/* The venue's own mark: 1 publishable, 0 not, -1 it does not say. */
int ky_venue_mark(const ky_table *venues, uint32_t row);
/* Marked ones, and of open lists those without a mark; homes by their rule. out: ky_venue_public (scratch). */
ky_err ky_venues_public(ky_job *job, const ky_public_opts *opts, const ky_table *venues, uint8_t **out);

typedef struct ky_rows {
  uint32_t count;
  uint32_t *order; /* records of the internal table (scratch) */
} ky_rows;

typedef struct ky_rows_rule {
  const ky_table *venues;
  const uint8_t *venue_is;
  int64_t threshold;
  bool is_restricted; /* the residents' data */
} ky_rows_rule;

/* venues: public ones. service_areas: of venues that are drawn where they are; those of all venues together only when
 * every venue that counts is. gaps, mobility from restricted data: without areas where fewer than the threshold live,
 * by id instead of by people. Everything else: all. */
ky_err ky_rows_pick(ky_job *job, const ky_table *table, const ky_rows_rule *rule, ky_rows *out);
/* The column with those records (its own copy). */
ky_err ky_rows_column(ky_job *job, const ky_column *from, const ky_rows *rows, ky_table *out);

#endif
