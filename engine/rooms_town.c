/* The rooms of what there is: sources, streets, homes and venues, stops, further years. */
#include <assert.h>
#include <string.h>

#include "rooms.h"

ky_slope_opts ky_rooms_slope(const ky_config *c) {
  bool is_used = c->walk.with_slope;
  for (uint32_t p = 0; p < c->further_count; p++) is_used = is_used || c->further[p].with_slope;
  return (ky_slope_opts){.is_used = is_used, .step_m = 30};
}

/* The roads are read unless their network is kept from an earlier run. */
ky_err ky_read_room(ky_job *job, const ky_config *c, ky_last_room last, ky_rooms *r) {
  const ky_slope_opts slope = ky_rooms_slope(c);
  ky_job_room_start(job, "read");
  KY_TRY(ky_read(job, &c->read, &r->inputs));
  KY_TRY(ky_cache_find(job, last == KY_LAST_PLACE ? NULL : c->cache_dir, &c->read, &slope, &c->noding, &c->walk,
                       &r->inputs, &r->cache));
  r->first_road_issue = job->issues.count;
  KY_TRY(ky_cache_load(job, &r->cache, &r->inputs, &r->streets, &r->contraction, &r->is_kept));
  if (!r->is_kept) KY_TRY(ky_read_roads(job, &c->read, &r->inputs));
  KY_TRY(ky_inputs_check_bad(job, &r->inputs, c->max_bad_share));
  if (r->is_kept)
    ky_job_room_end(job, ky_tr("%u sources, the network from %s"), c->read.source_count, r->cache.path);
  else
    ky_job_room_end(job, ky_tr("%u sources, %u ways"), c->read.source_count, r->inputs.ways.shapes.count);
  return KY_OK;
}

/* Is there a source of heights? Layers of meshes have records, and know slopes only. */
bool ky_rooms_have_heights(const ky_rooms *r) {
  for (uint32_t i = 0; i < r->inputs.elevation_count; i++)
    if (r->inputs.elevations[i].shapes.kind == KY_SHAPE_NONE) return true;
  return false;
}

/* A mesh of 250 m or more says nothing of the slope of a street. */
static ky_err refuse_grid(ky_job *job, const ky_config *c, const ky_rooms *r) {
  if (r->inputs.elevation_count == 0 || !ky_rooms_slope(c).is_used) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s: holds mean slopes of meshes, which are too coarse for walk.slope: tobler; add elevation "
                       "with heights (FG-GML DEM5A or DEM10B, GeoTIFF), or write walk.slope: none"),
                 ky_source_where(job, r->inputs.elevations[0].source));
}

/* Slopes are known when elevation is given; profiles decide whether they cost. */
static ky_err apply_slopes(ky_job *job, const ky_config *c, ky_rooms *r) {
  const ky_slope_opts opts = ky_rooms_slope(c);
  ky_heights heights;
  if (!ky_rooms_have_heights(r)) return refuse_grid(job, c, r);
  KY_TRY(ky_slope_places(job, &r->streets, &opts, &heights));
  KY_TRY(ky_elevation_sample(job, r->inputs.elevations, r->inputs.elevation_count, r->inputs.crs, &heights));
  return ky_slope_apply(job, &heights, &opts, &r->streets);
}

/* Every profile's network is made of the streets, and has their barriers. */
static ky_err bar_streets(ky_job *job, const ky_config *c, ky_rooms *r) {
  return ky_network_bar(job, r->inputs.barriers, r->inputs.barrier_count, &c->network, &r->streets);
}

static ky_err build_network(ky_job *job, const ky_config *c, ky_rooms *r) {
  ky_noding noding;
  KY_TRY(ky_ways_node(job, &r->inputs.ways, &c->noding, &r->inputs.ways, &noding));
  KY_TRY(ky_network_build(job, &r->inputs.ways, &r->streets));
  KY_TRY(apply_slopes(job, c, r));
  KY_TRY(bar_streets(job, c, r));
  KY_TRY(ky_profile_network(job, &r->streets, &c->walk, &r->network));
  KY_TRY(ky_contract(job, &r->network, &r->contraction));
  assert(ky_network_check(&r->network) == NULL && ky_contraction_check(&r->contraction) == NULL);
  return ky_cache_save(job, &r->cache, &r->inputs, &r->streets, &r->contraction, r->first_road_issue);
}

ky_err ky_network_room(ky_job *job, const ky_config *c, ky_rooms *r) {
  ky_job_room_start(job, "network");
  if (r->is_kept) {
    KY_TRY(bar_streets(job, c, r));
    KY_TRY(ky_profile_network(job, &r->streets, &c->walk, &r->network));
  } else {
    KY_TRY(build_network(job, c, r));
  }
  ky_profile_report(job, &r->network, &c->walk);
  ky_job_room_end(job, ky_tr("%u nodes, %u streets, %u components"), r->network.node_count, r->network.edge_count,
                  r->network.component_count);
  return KY_OK;
}

/* Date and origin of the register people; a table of them may have a date of its own. */
static ky_err state_official(ky_job *job, const ky_config *c, ky_rooms *r) {
  r->zones.official_date = c->official_date;
  r->zones.official_source = c->official_source;
  return c->official_date != NULL ? KY_OK : ky_official_date(job, &r->inputs, &r->zones.official_date);
}

/* Only with sources of resources: without them nothing is known, which is not "no shop". */
static ky_err place_resources(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result) {
  if (r->inputs.resource_source_count == 0) return KY_OK;
  KY_TRY(ky_place_resources(job, &r->inputs, &r->zones, &c->place, &r->resources));
  result->resources = &r->resources;
  return KY_OK;
}

/* Only with sources of buildings, and when they are asked for. */
static ky_err gather_buildings(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result) {
  r->place = c->place;
  if (r->inputs.building_source_count == 0) return KY_OK;
  if (!c->place.by_buildings) {
    ky_job_notice(job, ky_tr("buildings are given, but placement.method is %s, so nobody is placed by them"),
                  c->place_method);
    return KY_OK;
  }
  KY_TRY(ky_buildings_build(job, &r->inputs, &c->place, &r->buildings));
  r->place.buildings = result->buildings = &r->buildings;
  return KY_OK;
}

ky_err ky_place_room(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result) {
  ky_job_room_start(job, "place");
  ky_zone_fact *facts;
  KY_NEW(job, keep, facts, c->zone_count);
  if (c->zone_count != 0) memcpy(facts, c->zones, c->zone_count * sizeof *facts);
  KY_TRY(ky_zone_names_join(job, &r->inputs, facts, c->zone_count));
  KY_TRY(ky_place_zones(job, &r->inputs, facts, c->zone_count, &r->zones));
  KY_TRY(state_official(job, c, r));
  KY_TRY(ky_place_cells(job, &r->inputs, &r->zones, &c->place, &r->cells));
  ky_arena_reset(&job->scratch); /* drafts of cells are larger than the cells */
  KY_TRY(ky_place_venues(job, &r->inputs, &r->zones, &c->venue, &r->venues));
  KY_TRY(place_resources(job, c, r, result));
  KY_TRY(gather_buildings(job, c, r, result));
  KY_TRY(ky_place_points(job, &r->cells, &r->zones, &r->network, &r->place, &r->points));
  assert(ky_points_check(&r->points, &r->cells) == NULL);
  if (result->buildings != NULL) ky_buildings_tell(job, &r->cells, &r->points);
  KY_TRY(ky_zones_finish(job, &r->cells, &r->network, &c->zone_fit, &r->zones));
  ky_job_room_end(job, ky_tr("%u zones, %u cells, %u points, %u venues"), r->zones.count, r->cells.count,
                  r->points.count, r->venues.count);
  return KY_OK;
}

/* Only with transit sources: without them transit stays unknown. */
ky_err ky_transit_room(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result) {
  if (r->inputs.feed_count + r->inputs.stop_source_count == 0) return KY_OK;
  ky_job_room_start(job, "transit");
  KY_TRY(ky_stops_build(job, &r->inputs, &r->zones, &c->read.transit, &r->stops));
  result->stops = &r->stops;
  ky_job_room_end(job, ky_tr("%u stops"), r->stops.count);
  return KY_OK;
}

/* Only with sources of further years. */
ky_err ky_years_room(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result) {
  if (r->inputs.year_source_count == 0) return KY_OK;
  ky_job_room_start(job, "years");
  KY_TRY(ky_years_build(job, &r->inputs, &r->zones, &r->network, &r->place, &c->years, &r->years));
  KY_TRY(ky_years_balance(job, &r->years, &r->zones));
  result->years = &r->years;
  ky_job_room_end(job, ky_tr("%u years, %u cells, %u points"), r->years.count, r->years.cells.count,
                  r->years.points.count);
  return KY_OK;
}
