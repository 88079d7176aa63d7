/* Clusters of points: chains of points near each other, halved until none is too wide to serve. */
#ifndef KAYOI_GAPS_CLUSTER_H
#define KAYOI_GAPS_CLUSTER_H

#include <kayoi/job.h>

typedef struct ky_cluster_opts {
  double link_m;  /* points at most this far apart are in one chain; 1 .. 100,000 */
  double width_m; /* the longer side of a cluster's box may be this long, unless all its points are in one place */
} ky_cluster_opts;

/* group[i]: number of the cluster of point i, 0 .. *group_count - 1. Depends on the points alone; points in one place
 * are never parted. people: what is halved; where a cluster has none, points are counted instead. Scratch. */
ky_err ky_cluster(ky_job *job, const double *x_m, const double *y_m, const uint32_t *people, uint32_t count,
                  const ky_cluster_opts *opts, uint32_t *group, uint32_t *group_count);

#endif
