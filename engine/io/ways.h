/* Roads as read become walkable ways on the millimetre grid. */
#ifndef KAYOI_WAYS_H
#define KAYOI_WAYS_H

#include <kayoi/read.h>

/* Rounds vertices of a geographic road source to 1e-7 degrees, so that equal places stay equal after projection. */
void ky_ways_round_degrees(ky_raw *raw);
/* roads: projected. Takes what can be walked; each part of a multilines is a way of its own. */
ky_err ky_ways_build(ky_job *job, const ky_raw *roads, uint32_t road_count, bool with_ferries, ky_ways *out);

#endif
