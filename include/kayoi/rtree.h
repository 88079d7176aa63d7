/* R-tree: the spatial index of every room. */
#ifndef KAYOI_RTREE_H
#define KAYOI_RTREE_H

#include <kayoi/shape.h>

/* Static packed R-tree over boxes (Hilbert order), the spatial index of every room. */
typedef struct ky_rtree {
  uint32_t item_count, node_count, level_count;
  uint32_t level_start[16];
  double *box;      /* [node_count][4] x_min y_min x_max y_max; leaves are groups of items */
  double *item_box; /* [item_count][4] in tree order */
  uint32_t *item;   /* [item_count] in tree order */
} ky_rtree;

/* boxes: [count][4]. The tree is made in the arena given (&job->keep or &job->scratch). */
ky_err ky_rtree_build(ky_job *job, ky_arena *arena, const double *boxes, uint32_t count, ky_rtree *out);
/* Calls visit for every item whose box meets the box; stops when it returns false. */
void ky_rtree_query(const ky_rtree *tree, ky_box box, bool (*visit)(void *user, uint32_t item), void *user);
/* Nearest items: visit gets an item and the squared distance beyond which nothing is of interest (start: limit2), and
 * returns the new one. Items come roughly, not strictly, by distance; those at exactly the limit still come. */
void ky_rtree_nearest(const ky_rtree *tree, double x, double y, double limit2,
                      double (*visit)(void *user, uint32_t item, double limit2), void *user);

#endif
