/* From groups of points to gap areas: which are large enough, their order, their columns. */
#ifndef KAYOI_GAPS_AREAS_H
#define KAYOI_GAPS_AREAS_H

#include <kayoi/gaps.h>

/* Groups of uncovered points before the areas are settled. All in scratch. */
typedef struct ky_gap_groups {
  uint32_t count;
  uint32_t *point_group; /* [points] KY_NONE: in none */
  int64_t *people_65;    /* [count] thousandths; unknown people are not counted */
  uint8_t *remedy;       /* [count] ky_remedy */
  uint32_t *site;        /* [count] index into ky_sites, KY_NONE */
} ky_gap_groups;

/* Expected riders per session at most, thousandths: r x people x a / sessions; KY_NULL for unknown people. */
int64_t ky_gap_riders_milli(const ky_gaps_opts *opts, int64_t people);

/* Fills everything of out that is per area, and point_area. out->point_cause is there already. */
ky_err ky_gaps_areas(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                     const ky_coverage *coverage, const ky_gaps_opts *opts, const ky_gap_groups *groups, ky_gaps *out);

#endif
