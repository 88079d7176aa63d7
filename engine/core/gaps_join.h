/* From points that no site serves to the groups that one stop or one visit could serve. */
#ifndef KAYOI_GAPS_JOIN_H
#define KAYOI_GAPS_JOIN_H

#include "core/gaps_cluster.h"

typedef struct ky_groups_opts {
  double link_m;  /* homes this near belong together; 1 .. 100,000 */
  double far_m;   /* so far apart they may still be one group; >= link_m */
  double width_m; /* the longer side of a group's box may be this long, unless all its points are in one place */
} ky_groups_opts;

/* group[i]: number of the group of point i, 0 .. *group_count - 1. Points linked at far_m are one group where that is
 * narrow enough. A wider one falls apart at its gaps first, never within a hamlet: its pockets (points linked at
 * link_m, halved by people only where a pocket itself is too wide) are joined again, those first that are together the
 * smallest, as long as the box is narrow enough. Scratch. */
ky_err ky_group_points(ky_job *job, const double *x_m, const double *y_m, const uint32_t *people, uint32_t count,
                       const ky_groups_opts *opts, uint32_t *group, uint32_t *group_count);

#endif
