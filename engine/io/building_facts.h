/* Facts of the buildings of a source. */
#ifndef KAYOI_BUILDING_FACTS_H
#define KAYOI_BUILDING_FACTS_H

#include <kayoi/read.h>

/* Once they are in the plane: use, storeys and stated footprint of each, footprints that cross themselves repaired, and
 * what is not known or no home said once for the source. */
ky_err ky_building_facts_settle(ky_job *job, ky_raw *raw);

#endif
