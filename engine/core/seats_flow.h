/* Largest flow through a small network of whole numbers, and the side of its smallest cut.
 *   Dinic (1970), Algorithm for solution of a problem of maximum flow in networks with power estimation. */
#ifndef KAYOI_SEATS_FLOW_H
#define KAYOI_SEATS_FLOW_H

#include <kayoi/job.h>

/* Nodes 0 .. node_count - 1. Each arc has a twin for the way back. */
typedef struct ky_flow {
  uint32_t node_count;
  uint32_t *first; /* [nodes + 1] arcs of a node */
  uint32_t *head, *twin;
  int64_t *left; /* what still fits through the arc */
  uint32_t *level, *next, *queue;
} ky_flow;

typedef struct ky_flow_arc {
  uint32_t from, to;
  int64_t capacity;
} ky_flow_arc;

/* Room for so many nodes and arcs; scratch. */
ky_err ky_flow_new(ky_job *job, uint32_t nodes_max, uint32_t arcs_max, ky_flow *out);
/* Replaces what was there. Sums of capacities out of the source must fit 63 bits. */
void ky_flow_set(ky_flow *flow, uint32_t node_count, const ky_flow_arc *arcs, uint32_t arc_count);
/* Size of the largest flow. Afterwards level[n] != KY_NONE: n is on the source's side of the smallest cut, and on that
 * of every smallest cut. */
int64_t ky_flow_run(ky_flow *flow, uint32_t source, uint32_t sink);

#endif
