/* Room 4, walk: distances on the network. Costs are flat-equivalent millimetres in 32 bits; KY_NONE = no route. */
#ifndef KAYOI_WALK_H
#define KAYOI_WALK_H

#include <kayoi/catchment.h>
#include <kayoi/contract.h>

/* Distance to the nearest source, and which (ties: the lower source index), for every node. */
typedef struct ky_field {
  uint32_t node_count;
  uint32_t *cost_mm; /* [nodes] */
  uint32_t *source;  /* [nodes] index into the anchors */
} ky_field;

/* Multi-source shortest paths from all anchors with use[i] != 0 (use NULL: all). `contraction` is of this network. */
ky_err ky_walk_field(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                     const ky_anchors *sources, const int8_t *use, ky_field *out);

/* Walk of each place to its nearest source: access + path + egress, same-edge pairs exact. */
typedef struct ky_walks {
  uint32_t count;
  uint32_t *walk_mm; /* [count] KY_NONE: no route or no anchor */
  uint32_t *source;  /* [count] */
} ky_walks;

ky_err ky_walk_places(ky_job *job, const ky_network *network, const ky_field *field, const ky_anchors *sources,
                      const int8_t *use, const ky_anchors *places, ky_walks *out);

/* Walks of points to the nearest of the venues that serve their ledger row (row: of each point); open: the field of the
 * venues that are open to all. One field more for every class of rows that some venues are only for. */
ky_err ky_walk_points(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                      const ky_anchors *sources, const int8_t *use, const ky_catchments *catchments,
                      const uint32_t *row, const ky_anchors *points, ky_field *open, ky_walks *out);

/* A bounded search from one anchor, reusable without clearing (one per thread).
 * After ky_search_run, `edge[0 .. edge_count)` are the edges that can be entered within the limit and
 * ky_search_cost gives the cost to any place on them. */
typedef struct ky_search {
  const ky_network *network;
  uint32_t *cost_mm; /* [nodes] valid where stamp == round */
  uint32_t *node_stamp, *edge_stamp;
  uint32_t round;
  uint32_t *edge; /* [edges] */
  uint32_t edge_count;
  uint32_t *queue;       /* heap of nodes */
  uint32_t *queue_place; /* [nodes] place in the heap */
  uint32_t origin_edge, origin_along_mm, origin_access_mm, limit_mm;
} ky_search;

ky_err ky_search_new(ky_job *job, const ky_network *network, ky_search *out); /* scratch */
void ky_search_run(ky_search *search, uint32_t edge, uint32_t along_mm, uint32_t access_mm, uint32_t limit_mm);
/* Cost from the origin to along_mm on an edge (+ nothing for the place's own access leg); KY_NONE beyond. */
uint32_t ky_search_cost(const ky_search *search, uint32_t edge, uint32_t along_mm);

/* Places grouped by the edge of their anchor: place[first[e] .. first[e+1]). */
typedef struct ky_by_edge {
  uint32_t *first; /* [edges + 1] */
  uint32_t *place;
} ky_by_edge;
ky_err ky_by_edge_new(ky_job *job, ky_arena *arena, const ky_network *network, const ky_anchors *places,
                      ky_by_edge *out);

#endif
