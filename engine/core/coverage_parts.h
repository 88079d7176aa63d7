/* Parts of the coverage room that have a file of their own. */
#ifndef KAYOI_COVERAGE_PARTS_H
#define KAYOI_COVERAGE_PARTS_H

#include <kayoi/coverage.h>

/* Covered people, medians, state and nearest venue per cell, from the points. */
ky_err ky_coverage_cells(ky_job *job, const ky_cells *cells, const ky_points *points, ky_coverage *out);
/* People per venue and band, nearest to it, covered only by it: one bounded search per counting venue. */
ky_err ky_coverage_venues(ky_job *job, const ky_points *points, const ky_zones *zones, const ky_venues *venues,
                          const ky_network *network, const ky_anchors *point_anchors, const ky_anchors *venue_anchors,
                          const ky_walk_opts *opts, ky_coverage *out);

#endif
