/* Length and node columns of a road source are checks, never truth: where they contradict the geometry, an issue. */
#ifndef KAYOI_NETWORK_CLAIMS_H
#define KAYOI_NETWORK_CLAIMS_H

#include <kayoi/network.h>

/* vertex: [way vertices] number of the distinct vertex. */
ky_err ky_network_claims(ky_job *job, const ky_ways *ways, const uint32_t *vertex);

#endif
