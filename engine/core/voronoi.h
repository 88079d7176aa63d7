/* Walls between areas of places: the pieces of boundary of the Voronoi cells, each cut to a disc around its place. */
#ifndef KAYOI_VORONOI_H
#define KAYOI_VORONOI_H

#include <kayoi/rtree.h>

typedef struct ky_wall {
  double x0, y0, x1, y1;
} ky_wall;

typedef struct ky_walls {
  uint32_t count;
  ky_wall *wall; /* in the order of the places; a wall between two labels comes from both sides */
} ky_walls;

/* x, y: distinct places (indexed by `tree`, a tree of boxes that are points), label[i]: any number or KY_NONE. For
 * every labelled place the sides of its cell that do not face a place of its own label. What is farther than clip_m
 * from a place is not its cell; arcs become chords. Scratch; the same for any number of threads. */
ky_err ky_voronoi_walls(ky_job *job, const double *x, const double *y, const uint32_t *label, uint32_t count,
                        const ky_rtree *tree, double clip_m, ky_walls *out);

#endif
