/* What is stated about zones apart from their polygons: people of the register, target rates, distinct participants. */
#ifndef KAYOI_ZONE_FACTS_H
#define KAYOI_ZONE_FACTS_H

#include <kayoi/place.h>

/* Makes the columns of facts and fills them from the records of zones and of official tables, then from `facts`: the
 * later one wins. KY_E_CONFIG: a zone that does not exist; KY_E_INPUT: a rate that is no share. */
ky_err ky_zone_facts_set(ky_job *job, const ky_inputs *inputs, const ky_zone_fact *facts, uint32_t fact_count,
                         ky_zones *zones);

#endif
