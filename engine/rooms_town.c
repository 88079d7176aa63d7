/* The rooms of what there is: sources, streets, homes and venues, stops, further years. */
#include <assert.h>
#include <string.h>

#include "rooms.h"

ky_slope_opts ky_town_slope(const ky_config *c) {
  bool is_used = c->walk.with_slope;
  for (uint32_t p = 0; p < c->further_count; p++) is_used = is_used || c->further[p].with_slope;
  return (ky_slope_opts){.is_used = is_used, .step_m = 30};
}

/* The roads are read unless their network is kept from an earlier run. */
static ky_err read_sources(ky_job *job, const ky_config *c, ky_last_room last, ky_town *t) {
  const ky_slope_opts slope = ky_town_slope(c);
  KY_TRY(ky_read(job, &c->read, &t->inputs));
  KY_TRY(ky_cache_find(job, last == KY_LAST_PLACE ? NULL : c->cache_dir, &c->read, &slope, &c->noding, &c->walk,
                       &t->inputs, &t->cache));
  t->first_road_issue = job->issues.count;
  KY_TRY(ky_cache_load(job, &t->cache, &t->inputs, &t->streets, &t->contraction, &t->is_kept));
  return t->is_kept ? KY_OK : ky_read_roads(job, &c->read, &t->inputs);
}

ky_err ky_read_room(ky_job *job, const ky_config *c, ky_last_room last, ky_town *t) {
  ky_job_room_start(job, "read");
  ky_err err = read_sources(job, c, last, t);
  ky_read_end(&c->read);
  KY_TRY(err);
  KY_TRY(ky_inputs_check_bad(job, &t->inputs, c->max_bad_share));
  if (t->is_kept)
    ky_job_room_end(job, ky_tr("%u sources, the network from %s"), c->read.source_count, t->cache.path);
  else
    ky_job_room_end(job, ky_tr("%u sources, %u ways"), c->read.source_count, t->inputs.ways.shapes.count);
  return KY_OK;
}

/* Is there a source of heights? Layers of meshes have records, and know slopes only. */
bool ky_town_has_heights(const ky_town *t) {
  for (uint32_t i = 0; i < t->inputs.elevation_count; i++)
    if (t->inputs.elevations[i].shapes.kind == KY_SHAPE_NONE) return true;
  return false;
}

/* A mesh of 250 m or more says nothing of the slope of a street. */
static ky_err refuse_grid(ky_job *job, const ky_config *c, const ky_town *t) {
  if (t->inputs.elevation_count == 0 || !ky_town_slope(c).is_used) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s: holds mean slopes of meshes, which are too coarse for walk.slope: tobler; add elevation "
                       "with heights (FG-GML DEM5A or DEM10B, GeoTIFF), or write walk.slope: none"),
                 ky_source_where(job, t->inputs.elevations[0].source));
}

/* Slopes are known when elevation is given; profiles decide whether they cost. */
static ky_err apply_slopes(ky_job *job, const ky_config *c, ky_town *t) {
  const ky_slope_opts opts = ky_town_slope(c);
  ky_heights heights;
  if (!ky_town_has_heights(t)) return refuse_grid(job, c, t);
  KY_TRY(ky_slope_places(job, &t->streets, &opts, &heights));
  KY_TRY(ky_elevation_sample(job, t->inputs.elevations, t->inputs.elevation_count, t->inputs.crs, &heights));
  return ky_slope_apply(job, &heights, &opts, &t->streets);
}

/* Every profile's network is made of the streets, and has their barriers. */
static ky_err bar_streets(ky_job *job, const ky_config *c, ky_town *t) {
  return ky_network_bar(job, t->inputs.barriers, t->inputs.barrier_count, &c->network, &t->streets);
}

static ky_err build_network(ky_job *job, const ky_config *c, ky_town *t) {
  ky_noding noding;
  KY_TRY(ky_ways_node(job, &t->inputs.ways, &c->noding, &t->inputs.ways, &noding));
  KY_TRY(ky_network_build(job, &t->inputs.ways, &t->streets));
  KY_TRY(apply_slopes(job, c, t));
  KY_TRY(bar_streets(job, c, t));
  KY_TRY(ky_profile_network(job, &t->streets, &c->walk, &t->network));
  KY_TRY(ky_contract(job, &t->network, &t->contraction));
  assert(ky_network_check(&t->network) == NULL && ky_contraction_check(&t->contraction) == NULL);
  return ky_cache_save(job, &t->cache, &t->inputs, &t->streets, &t->contraction, t->first_road_issue);
}

ky_err ky_network_room(ky_job *job, const ky_config *c, ky_town *t) {
  ky_job_room_start(job, "network");
  if (t->is_kept) {
    KY_TRY(bar_streets(job, c, t));
    KY_TRY(ky_profile_network(job, &t->streets, &c->walk, &t->network));
  } else {
    KY_TRY(build_network(job, c, t));
  }
  KY_TRY(ky_slope_grid_build(job, t->inputs.elevations, t->inputs.elevation_count, &t->slope_grid));
  ky_profile_report(job, &t->network, &c->walk);
  ky_job_room_end(job, ky_tr("%u nodes, %u streets, %u components"), t->network.node_count, t->network.edge_count,
                  t->network.component_count);
  return KY_OK;
}

/* Date and origin of the register people; a table of them may have a date of its own. */
static ky_err state_official(ky_job *job, const ky_config *c, ky_town *t) {
  t->zones.official_date = c->official_date;
  t->zones.official_source = c->official_source;
  return c->official_date != NULL ? KY_OK : ky_official_date(job, &t->inputs, &t->zones.official_date);
}

/* Only when something is stated. */
static ky_err state_facts(ky_job *job, const ky_config *c, ky_town *t, ky_result *result) {
  if (c->fact_count == 0 && t->inputs.fact_source_count == 0) return KY_OK;
  KY_TRY(ky_facts_build(job, &t->inputs, &t->zones, c->name, c->facts, c->fact_count, &t->facts));
  result->facts = &t->facts;
  return KY_OK;
}

/* Only with sources of resources: without them nothing is known, which is not "no shop". */
static ky_err place_resources(ky_job *job, const ky_config *c, ky_town *t, ky_result *result) {
  if (t->inputs.resource_source_count == 0) return KY_OK;
  KY_TRY(ky_place_resources(job, &t->inputs, &t->zones, &c->place, &t->resources));
  result->resources = &t->resources;
  return KY_OK;
}

/* Only with sources of buildings, and when they are asked for. */
static ky_err gather_buildings(ky_job *job, const ky_config *c, ky_town *t, ky_result *result) {
  t->place = c->place;
  if (t->inputs.building_source_count == 0) return KY_OK;
  if (!c->place.by_buildings) {
    ky_job_notice(job, ky_tr("buildings are given, but placement.method is %s, so nobody is placed by them"),
                  c->place_method);
    return KY_OK;
  }
  KY_TRY(ky_buildings_build(job, &t->inputs, &c->place, &t->buildings));
  t->place.buildings = result->buildings = &t->buildings;
  return KY_OK;
}

ky_err ky_town_venues(ky_job *job, const ky_config *c, ky_town *t) {
  KY_TRY(ky_place_venues(job, &t->inputs, &t->zones, &c->venue, &t->venues));
  return ky_venues_bind(job, &t->zones, t->inputs.zone_count != 0, c->venue.by_catchment, &t->venues);
}

ky_err ky_place_room(ky_job *job, const ky_config *c, ky_town *t, ky_result *result) {
  ky_job_room_start(job, "place");
  ky_zone_fact *facts;
  KY_NEW(job, keep, facts, c->zone_count);
  if (c->zone_count != 0) memcpy(facts, c->zones, c->zone_count * sizeof *facts);
  KY_TRY(ky_zone_names_join(job, &t->inputs, facts, c->zone_count));
  KY_TRY(ky_place_zones(job, &t->inputs, facts, c->zone_count, &t->zones));
  KY_TRY(state_official(job, c, t));
  KY_TRY(state_facts(job, c, t, result));
  KY_TRY(ky_place_cells(job, &t->inputs, &t->zones, &c->place, &t->cells));
  ky_arena_reset(&job->scratch); /* drafts of cells are larger than the cells */
  KY_TRY(ky_town_venues(job, c, t));
  KY_TRY(place_resources(job, c, t, result));
  KY_TRY(gather_buildings(job, c, t, result));
  KY_TRY(ky_place_points(job, &t->cells, &t->zones, &t->network, &t->place, &t->points));
  assert(ky_points_check(&t->points, &t->cells) == NULL);
  KY_TRY(ky_names_build(job, &t->inputs, &c->names, &t->names));
  KY_TRY(ky_names_cells(job, &t->names, &t->points, &t->cells));
  if (result->buildings != NULL) ky_buildings_tell(job, &t->cells, &t->points);
  KY_TRY(ky_zones_finish(job, &t->cells, &t->network, &c->zone_fit, &t->zones));
  ky_job_room_end(job, ky_tr("%u zones, %u cells, %u points, %u venues"), t->zones.count, t->cells.count,
                  t->points.count, t->venues.count);
  return KY_OK;
}

/* Only with transit sources: without them transit stays unknown. */
ky_err ky_transit_room(ky_job *job, const ky_config *c, ky_town *t, ky_result *result) {
  if (t->inputs.feed_count + t->inputs.stop_source_count == 0) return KY_OK;
  ky_job_room_start(job, "transit");
  KY_TRY(ky_stops_build(job, &t->inputs, &t->zones, &c->read.transit, &t->stops));
  result->stops = &t->stops;
  ky_job_room_end(job, ky_tr("%u stops"), t->stops.count);
  return KY_OK;
}

/* Only with sources of further years. */
ky_err ky_years_room(ky_job *job, const ky_config *c, ky_town *t, ky_result *result) {
  if (t->inputs.year_source_count == 0) return KY_OK;
  ky_job_room_start(job, "years");
  KY_TRY(ky_years_build(job, &t->inputs, &t->zones, &t->network, &t->place, &c->years, &t->years));
  KY_TRY(ky_years_balance(job, &t->years, &t->zones));
  result->years = &t->years;
  ky_job_room_end(job, ky_tr("%u years, %u cells, %u points"), t->years.count, t->years.cells.count,
                  t->years.points.count);
  return KY_OK;
}
