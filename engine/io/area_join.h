/* Joining a table of ages to small areas, and what is said about it. */
#ifndef KAYOI_AREA_JOIN_H
#define KAYOI_AREA_JOIN_H

#include "io/area_table.h"

typedef struct ky_area_matches {
  const ky_area_table *table;
  const char **keys; /* [raw->count] ky_area_key of each area, in increasing order */
  ky_raw *raw;
  ky_area_row **row;     /* [raw->count] that the area took; NULL: none */
  const char *where;     /* of the boundaries */
  uint32_t padded_count; /* keys that fit only without, or with, 00 at their end */
} ky_area_matches;

/* The table's counts and links become columns of raw. KY_E_INPUT when not one key is in both. */
ky_err ky_area_join(ky_job *job, const ky_area_table *table, const char **keys, ky_raw *raw);

/* Levels used, keys without a partner on either side, sums against the rows of the municipalities. */
ky_err ky_area_report(ky_job *job, const ky_area_matches *m);

#endif
