/* The parts of the room of scenarios: their venues (rooms_scenario_venues.c), their outcomes and layers
 * (rooms_scenarios.c). */
#ifndef KAYOI_ROOMS_SCENARIOS_H
#define KAYOI_ROOMS_SCENARIOS_H

#include "rooms.h"
#include "scenario.h"

/* Fails (KY_E_CONFIG) unless every venue, zone and year that the scenarios name is there, once, and every place lies
 * within the margin. Before the long work; sites of the run are looked for by ky_scenario_inputs. */
ky_err ky_scenarios_check(ky_job *job, const ky_config *c, const ky_town *t);

/* The town's sources of venues as if the register had been edited by hand: closed ones have the status 廃止, added ones
 * are a source of their own. candidates: of the run. */
ky_err ky_scenario_inputs(ky_job *job, const ky_town *t, const ky_candidates *candidates, const ky_scenario *s,
                          ky_inputs *out);
/* A zone by its id, or by a name that only one has; KY_NONE: there is none. */
uint32_t ky_scenario_zone(const ky_zones *zones, const char *word);
/* Does the scenario say anything of venues? */
bool ky_scenario_has_venues(const ky_scenario *s);

#endif
