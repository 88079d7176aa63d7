/* Walls as a graph on the millimetre grid, with an index of what must not be moved over. */
#ifndef KAYOI_WALLS_GRAPH_H
#define KAYOI_WALLS_GRAPH_H

#include "core/voronoi.h"

typedef struct ky_spot {
  int64_t x, y; /* millimetres */
} ky_spot;

/* Spots 0 .. count - 1 are corners, present or gone; then come the places, which never go. */
typedef struct ky_wall_graph {
  uint32_t count, capacity; /* corners; room for more up to capacity */
  ky_spot *spot;            /* [capacity + places] */
  bool *is_gone;            /* [capacity] */
  uint32_t *degree;         /* [capacity] */
  uint32_t *first;          /* [capacity] in beside[] */
  uint32_t *beside;         /* corners at the other ends of a corner's walls */
  uint32_t beside_used;
  uint32_t place_count;
  uint32_t *head, head_mask; /* lists of spots by hashed square; KY_NONE ends one */
  uint32_t *next;            /* [capacity + places] */
} ky_wall_graph;

/* more: corners that ky_wall_graph_replace will add at most. Scratch. */
ky_err ky_wall_graph_build(ky_job *job, const ky_wall *walls, uint32_t wall_count, const double *x, const double *y,
                           uint32_t place_count, uint32_t more, ky_wall_graph *out);
/* Twice the area of a, b, c; positive: counter-clockwise. */
int64_t ky_spot_turn(ky_spot a, ky_spot b, ky_spot c);
bool ky_wall_graph_joins(const ky_wall_graph *graph, uint32_t a, uint32_t b);
/* Is no place and no corner but those of except[] in the triangle or on its sides? */
bool ky_wall_graph_is_free(const ky_wall_graph *graph, const ky_spot triangle[3], const uint32_t except[3]);
/* Corner v between two walls goes; one wall takes their place. */
void ky_wall_graph_remove(ky_wall_graph *graph, uint32_t v);
/* Corner v between two walls goes; instead come corners along path[], from its first neighbour to the other. */
void ky_wall_graph_replace(ky_wall_graph *graph, uint32_t v, const ky_spot *path, uint32_t count);
/* Its walls, each once (scratch). */
ky_err ky_wall_graph_walls(ky_job *job, const ky_wall_graph *graph, ky_wall **walls, uint32_t *count);

#endif
