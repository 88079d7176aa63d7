/* What if a venue ends: for each venue that counts, who loses coverage, and where the others would walk. */
#ifndef KAYOI_CLOSURES_H
#define KAYOI_CLOSURES_H

#include <kayoi/nearest.h>
#include <kayoi/targets.h>

/* Venues that count, those whose end would leave most people 65+ uncovered first; ties to the lower venue. */
typedef struct ky_closures {
  uint32_t count, row_count;
  uint32_t *venue;     /* [count] */
  int64_t *losing[2];  /* [count] people 65+ and 75+ of the municipality, thousandths; 75+: NULL unknown */
  int64_t *staying_65; /* [count] nearest to it, and covered by another one too */
  uint32_t *extra_mm;  /* [count] how much farther they would walk, mean by people 65+; KY_NONE: nobody stays */
  uint32_t *next;      /* [count] where most of them would walk; KY_NONE */
  int64_t *next_free;  /* [count] free seats of all venues where they would walk; KY_NULL: known of none */
  uint32_t *first_row; /* [count + 1] rows of the ledger where somebody loses coverage, ascending: */
  uint32_t *row;
  int64_t *row_losing[2]; /* people 65+ and 75+ */
} ky_closures;

/* seats: attendances per participant and month, as ky_venue_seats takes them. */
ky_err ky_closures_build(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                         const ky_points *points, const ky_anchors *point_anchors, const ky_anchors *venue_anchors,
                         const ky_venues *venues, const ky_zones *zones, const ky_coverage *coverage,
                         uint32_t primary_mm, int64_t attendances_milli, ky_closures *out);

#endif
