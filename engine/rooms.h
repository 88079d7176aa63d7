/* What a run holds between its rooms, and the rooms as run.c calls them: each is announced, timed, and hands the narrow
 * structs of the public headers to the functions that do the work. */
#ifndef KAYOI_ROOMS_H
#define KAYOI_ROOMS_H

#include "config.h"

/* What there is, for every set of settings and venues alike; lives in the job's keep arena. */
typedef struct ky_town {
  ky_inputs inputs;
  ky_cache cache;
  bool is_kept;              /* network and contraction come from the cache */
  uint32_t first_road_issue; /* row of job->issues */
  ky_network streets;        /* as read: every street open */
  ky_network network;        /* the same as the first profile walks it */
  ky_contraction contraction;
  ky_zones zones;
  ky_facts facts;
  ky_cells cells;
  ky_venues venues;
  ky_stops stops;
  ky_resources resources;
  ky_buildings buildings;
  ky_place_opts place; /* of the config, with the buildings */
  ky_years years;
  ky_points points;
  ky_slope_grid slope_grid;
  ky_names names;
} ky_town;

/* Homes of one year on the streets of one profile. What lies behind the pointers may be shared by several grounds. */
typedef struct ky_ground {
  const ky_network *network;
  const ky_contraction *contraction;
  const ky_cells *cells;
  const ky_points *points;
  ky_anchors point_anchors;
  bool has_flat; /* slopes cost, so causes need the same streets without them: */
  ky_network flat;
  ky_contraction flat_contraction;
} ky_ground;

/* What follows for one set of settings and venues. */
typedef struct ky_outcome {
  const ky_ground *ground;
  bool is_without_outlines; /* gap areas get no polygons: nobody asks for a layer of them */
  ky_venues venues;         /* with those that no street reaches set to not counting */
  ky_anchors venue_anchors;
  ky_snapping snapping;
  ky_field field;
  ky_walks walks, flat_walks;
  ky_coverage coverage;
  ky_profiles profiles;
  ky_access access;
  ky_cell_nearest cell_nearest;
  const ky_covers *covers; /* for candidates, where an earlier outcome has found them; NULL: none */
  ky_candidates candidates;
  ky_sites sites;
  bool has_supply; /* there are transit sources: */
  ky_sessions sessions;
  ky_supply supply;
  ky_gaps gaps;
  ky_mobility mobility;
  ky_venue_sets venue_sets;
  ky_targets targets;
  ky_closures closures;
  ky_inventory inventory;
  ky_strengths strengths;
  ky_priority priority;
} ky_outcome;

/* Of all profiles. */
ky_slope_opts ky_town_slope(const ky_config *c);
/* Is the height of any street known? */
bool ky_town_has_heights(const ky_town *t);

ky_err ky_read_room(ky_job *job, const ky_config *c, ky_last_room last, ky_town *t);
ky_err ky_network_room(ky_job *job, const ky_config *c, ky_town *t);
/* Venues out of t->inputs, with all that is known of them before streets. */
ky_err ky_town_venues(ky_job *job, const ky_config *c, ky_town *t);
ky_err ky_place_room(ky_job *job, const ky_config *c, ky_town *t, ky_result *result);
ky_err ky_transit_room(ky_job *job, const ky_config *c, ky_town *t, ky_result *result);
ky_err ky_years_room(ky_job *job, const ky_config *c, ky_town *t, ky_result *result);

/* network, contraction: of the profile `walk`, made of the town's streets. Both, cells and points must outlive it. */
ky_err ky_ground_build(ky_job *job, const ky_config *c, const ky_town *t, const ky_walk_opts *walk,
                       const ky_network *network, const ky_contraction *contraction, const ky_cells *cells,
                       const ky_points *points, ky_ground *out);

/* An outcome of the town's venues on a ground, before its first room. */
ky_err ky_outcome_start(ky_job *job, const ky_town *t, const ky_ground *ground, ky_outcome *out);
/* Each takes o->ground and o->venues, and what the rooms before it made. */
ky_err ky_walk_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o);
ky_err ky_coverage_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o);
ky_err ky_profiles_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o, ky_result *result);
ky_err ky_access_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o, ky_result *result);
ky_err ky_sites_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o);
ky_err ky_supply_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o);
/* For other people in the same places: supply is there, and is summed anew. */
ky_err ky_supply_again(ky_job *job, const ky_town *t, ky_outcome *o);
/* What the gap areas come to, once they are made. */
ky_err ky_supply_of_gaps(ky_job *job, const ky_town *t, ky_outcome *o);
ky_err ky_gaps_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o);
ky_err ky_mobility_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o);
ky_err ky_targets_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o);
/* Of every further year, to the result. */
ky_err ky_outlook_room(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *base, ky_result *result);
/* Of the base outcome's town under other definitions. */
ky_err ky_sensitivity_room(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *o, ky_result *result);
ky_err ky_strengths_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o, ky_result *result);
/* Each venue closed in turn. */
ky_err ky_closures_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o, ky_result *result);
/* Only with scenarios. folder: of the internal layers of the result that is being written. */
ky_err ky_scenarios_room(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *o, const char *folder,
                         ky_result *result);
ky_write_opts ky_write_room_opts(const ky_config *c);
/* Sets of sites of the run's own outcome, with their proofs, to the result. */
ky_err ky_site_plan_room(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *o, ky_result *result);
/* Where the result is to go, asked before the long work; publication NULL: into no database. */
ky_err ky_publish_prepare(ky_job *job, const ky_config *c, ky_last_room last, ky_published_run **publication);
/* Everything that is seen of a run, whole or not at all. */
/* OUT/public as tables, audited; nothing when it is not asked for. Fails with KY_E_DISCLOSURE. */
ky_err ky_public_room(ky_job *job, const ky_config *c, const ky_layers *layers, ky_result *result);
/* The layer changes and the gate's word; the result must have its layers but for the issues. */
ky_err ky_changes_room(ky_job *job, const ky_config *c, const ky_write_opts *opts, ky_layers *layers,
                       ky_result *result);
/* KY_E_HELD: the result is not plausible; it was put beside OUT. */
ky_err ky_gate_room(ky_job *job, const ky_config *c, const ky_result *result, ky_folder *folder);
ky_err ky_publish_room(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *o,
                       ky_published_run *publication, ky_result *result);

#endif
