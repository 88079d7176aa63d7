/* What follows from the edges of a network that are open: arcs at nodes, and what hangs together. */
#ifndef KAYOI_NETWORK_ARCS_H
#define KAYOI_NETWORK_ARCS_H

#include <kayoi/network.h>

/* first_arc, arc_head, arc_edge: each open edge stands at both of its ends; a loop twice at its node. */
ky_err ky_network_arcs(ky_job *job, ky_network *out);
/* component, component_mm, component_count: numbered by their lowest node; a node without open edges is one alone. */
ky_err ky_network_components(ky_job *job, ky_network *out);

#endif
