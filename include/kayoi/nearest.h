/* The k nearest sources of places, part of room 4: distinct, exact, ties to the lower source. Off unless asked for. */
#ifndef KAYOI_NEAREST_H
#define KAYOI_NEAREST_H

#include <kayoi/coverage.h>

#define KY_NEAREST_MAX 10

/* Sources of each place from the nearest on: [place * k + rank]. */
typedef struct ky_nearest {
  uint32_t count, k;
  uint32_t *walk_mm; /* access + path + egress, as ky_walks; KY_NONE: fewer than rank + 1 can be reached */
  uint32_t *source;  /* KY_NONE likewise */
} ky_nearest;

/* 1 <= k <= KY_NEAREST_MAX. `use` as in ky_walk_field; rank 0 is what ky_walk_places says. */
ky_err ky_nearest_places(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                         const ky_anchors *sources, const int8_t *use, const ky_anchors *places, uint32_t k,
                         ky_nearest *out);

/* The k nearest of the venues that serve the ledger row of each place; row KY_NONE: nothing is looked for. */
ky_err ky_nearest_serving(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                          const ky_anchors *venue_anchors, const ky_venues *venues, const ky_anchors *places,
                          const uint32_t *row, uint32_t k, ky_nearest *out);

/* The k nearest venues of each cell: those of the point that its median walk stands for, the earliest of equal ones. */
typedef struct ky_cell_nearest {
  uint32_t *point; /* [cells] KY_NONE: no point of the cell can be reached */
  ky_nearest of;   /* [cells] */
} ky_cell_nearest;

ky_err ky_nearest_cells(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                        const ky_points *points, const ky_anchors *point_anchors, const ky_anchors *venue_anchors,
                        const ky_venues *venues, const ky_coverage *coverage, uint32_t k, ky_cell_nearest *out);

#endif
