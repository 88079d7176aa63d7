/* What a run holds between its rooms, and the rooms as run.c calls them: each is announced, timed, and hands the narrow
 * structs of the public headers to the functions that do the work. */
#ifndef KAYOI_ROOMS_H
#define KAYOI_ROOMS_H

#include "config.h"

/* Everything a run makes; lives in the job's keep arena. */
typedef struct ky_rooms {
  ky_inputs inputs;
  ky_cache cache;
  bool is_kept;              /* network and contraction come from the cache */
  uint32_t first_road_issue; /* row of job->issues */
  ky_network streets;        /* as read: every street open */
  ky_network network;        /* the same as the first profile walks it */
  ky_contraction contraction;
  ky_zones zones;
  ky_cells cells;
  ky_venues venues;
  ky_stops stops;
  ky_resources resources;
  ky_buildings buildings;
  ky_place_opts place; /* of the config, with the buildings */
  ky_years years;
  ky_points points;
  ky_anchors venue_anchors, point_anchors;
  ky_snapping snapping;
  ky_field field;
  ky_walks walks, flat_walks;
  ky_coverage coverage;
  ky_access access;
  ky_cell_nearest cell_nearest;
  ky_profiles profiles;
  ky_candidates candidates;
  ky_sites sites;
  ky_slope_grid slope_grid;
  ky_gaps gaps;
  ky_mobility mobility;
  ky_targets targets;
} ky_rooms;

/* Of the first profile. */
ky_slope_opts ky_rooms_slope(const ky_config *c);
/* Is the height of any street known? */
bool ky_rooms_have_heights(const ky_rooms *r);

ky_err ky_read_room(ky_job *job, const ky_config *c, ky_last_room last, ky_rooms *r);
ky_err ky_network_room(ky_job *job, const ky_config *c, ky_rooms *r);
ky_err ky_place_room(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result);
ky_err ky_transit_room(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result);
ky_err ky_years_room(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result);
ky_err ky_walk_room(ky_job *job, const ky_config *c, ky_rooms *r);
ky_err ky_coverage_room(ky_job *job, const ky_config *c, ky_rooms *r);
ky_err ky_profiles_room(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result);
ky_err ky_access_room(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result);
ky_err ky_sites_room(ky_job *job, const ky_config *c, ky_rooms *r);
ky_err ky_gaps_room(ky_job *job, const ky_config *c, ky_rooms *r);
ky_err ky_mobility_room(ky_job *job, const ky_config *c, ky_rooms *r);
ky_err ky_targets_room(ky_job *job, const ky_config *c, ky_rooms *r);
ky_err ky_write_room(ky_job *job, const ky_config *c, const ky_result *result);

#endif
