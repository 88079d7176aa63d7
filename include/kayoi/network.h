/* Room 2, network: ways become a graph. Nodes are shared vertices and ends of ways, edges the streets between
 * them. Node and edge order depends on the geometry alone, never on the order of the input.
 *
 * Lengths are whole millimetres, rounded up, so a walk is never shorter than the straight line. */
#ifndef KAYOI_NETWORK_H
#define KAYOI_NETWORK_H

#include <kayoi/barriers.h>
#include <kayoi/read.h>
#include <kayoi/rtree.h>

typedef struct ky_network {
  uint32_t node_count, edge_count, component_count;
  double *node_x_m, *node_y_m;   /* [nodes] whole millimetres */
  uint32_t *component;           /* [nodes] */
  uint64_t *component_mm;        /* [components] metres of street in it, in mm */
  uint32_t *edge_from, *edge_to; /* [edges] from <= to */
  uint32_t *length_mm;           /* [edges] geometric length, >= 1 */
  uint32_t *cost_mm;             /* [edges] flat-equivalent, >= length; KY_NONE: closed for the profile (profile.h) */
  uint32_t *slope;               /* [edges] mean steepness, KY_WHOLE parts, KY_NONE unknown; NULL: no elevation given */
  uint32_t *sloped_mm;           /* [edges] what the slope rule makes of the length; NULL: no elevation given */
  uint32_t *no_height_mm;        /* [edges] length without heights, counted as flat; NULL: no elevation given */
  uint32_t *class_bits;          /* [edges] see ky_ways */
  uint8_t *is_bridge;            /* [edges] bridge or tunnel */
  uint32_t *first_vertex;        /* [edges + 1] full geometry, ends included, from `from` to `to` */
  double *vertex_x_m, *vertex_y_m;
  uint32_t *first_arc;           /* [nodes + 1] CSR: each edge twice, a self-loop twice at its node */
  uint32_t *arc_head, *arc_edge; /* [2 x open edges] */
  ky_rtree pieces;               /* index of all edges in pieces of at most KY_PIECE_SEGMENTS segments */
  uint32_t *piece_edge;          /* [pieces] */
  uint32_t *piece_vertex;        /* [pieces] its first vertex */
  ky_shapes extent;              /* polygons: where the road data is complete: roads.extent or the convex hull */
  ky_barriers barriers;          /* what no way to a street crosses; not part of the kept network */
} ky_network;

#define KY_PIECE_SEGMENTS 16

/* Closed edges have no arcs, belong to no component and carry no anchor; they stay in the order of edges. */
static inline bool ky_edge_is_closed(const ky_network *network, uint32_t edge) {
  return network->cost_mm[edge] == KY_NONE;
}

/* The last vertex of a piece. */
static inline uint32_t ky_piece_end(const ky_network *network, uint32_t piece) {
  uint32_t last = network->first_vertex[network->piece_edge[piece] + 1] - 1, first = network->piece_vertex[piece];
  return last - first > KY_PIECE_SEGMENTS ? first + KY_PIECE_SEGMENTS : last;
}

/* A place on the network: an edge, how far along it from `from`, and the way to it from the place. */
typedef struct ky_anchors {
  uint32_t count;
  uint32_t *edge;      /* [count] KY_NONE: no street within the cap */
  uint32_t *along_mm;  /* [count] 0 .. length_mm[edge] */
  uint32_t *access_mm; /* [count] straight to the street, rounded up */
  uint8_t *barred;     /* [count] ky_barred; NULL: no barriers */
} ky_anchors;

typedef struct ky_network_opts {
  double snap_cap_m;         /* 200 */
  uint64_t min_component_mm; /* 1,000,000: prefer components with at least 1 km of street */
} ky_network_opts;

/* Splits ways at shared vertices. Self-loops are kept (a person can live on one), repeated edges with the same
 * geometry are dropped and counted, contradicting length or node columns become issues. */
ky_err ky_network_build(ky_job *job, const ky_ways *ways, ky_network *out);

/* Barriers of all sources, near the streets: within the cap of one. */
ky_err ky_network_bar(ky_job *job, const ky_raw *barriers, uint32_t barrier_count, const ky_network_opts *opts,
                      ky_network *network);

/* Anchors for places: of the nearest points of all segments within the cap the nearest, on a component that is large
 * enough if there is one, else on any, whose way crosses no barrier. A NAN place gets none. `on` (may be NULL) says on
 * which edge and how far along it a place already lies (edge KY_NONE: on none): it stays there when its component is
 * large enough. */
ky_err ky_network_anchor(ky_job *job, const ky_network *network, const double *x_m, const double *y_m, uint32_t count,
                         const ky_anchors *on, const ky_network_opts *opts, ky_anchors *out);

/* Cost from an end of the edge to `along_mm` of its length, as cost is spread evenly over an edge. */
uint32_t ky_edge_cost_from(const ky_network *network, uint32_t edge, uint32_t along_mm);
/* Length of an edge as its vertices give it, before it is rounded up to whole millimetres. */
double ky_edge_m(const ky_network *network, uint32_t edge);
/* The place at along_mm of an edge. */
void ky_edge_place(const ky_network *network, uint32_t edge, uint32_t along_mm, double *x_m, double *y_m);

const char *ky_network_check(const ky_network *network);

#endif
