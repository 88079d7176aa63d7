/* Contraction: the network of room 2 without the nodes at which few streets meet. Every distance field of room 4 runs
 * on it; the nodes left out get their distances by one pass afterwards, so fields stay exact for every node.
 *
 * Nodes are taken out one by one, each with the arcs it then has (its *up arcs*), and every pair of its neighbours is
 * joined by an arc as long as the way through it. Dead ends and chains go first, then junctions of three.
 *   Geisberger, Sanders, Schultes, Delling (2008), Contraction hierarchies; Delling, Goldberg, Nowatzyk, Werneck
 * (2011), PHAST: the passes over the nodes taken out. */
#ifndef KAYOI_CONTRACT_H
#define KAYOI_CONTRACT_H

#include <kayoi/network.h>

typedef struct ky_arc {
  uint32_t head, cost_mm;
} ky_arc;

/* Places are the nodes in the order of contraction: those taken out, round by round, then the core. No two nodes of a
 * round have an arc between them. */
typedef struct ky_contraction {
  uint32_t node_count, out_count; /* all nodes; of them taken out */
  uint32_t *place;                /* [nodes] node -> place */
  uint32_t round_count;
  uint32_t *first_place; /* [rounds + 1] places of a round */
  uint32_t *first_up;    /* [out + 1] up arcs of a place; */
  ky_arc *up;            /*   heads are places of later rounds or of the core */
  uint32_t *first_core;  /* [nodes - out + 1] arcs of a node of the core, both ways; */
  ky_arc *core;          /*   heads count from the first place of the core */
} ky_contraction;

/* Contracts by network->cost_mm; a change of costs needs a new contraction. */
ky_err ky_contract(ky_job *job, const ky_network *network, ky_contraction *out);

const char *ky_contraction_check(const ky_contraction *contraction);

#endif
