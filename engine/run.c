/* The rooms in their order: data flows one way, each room takes what earlier ones made. */
#include <assert.h>
#include <string.h>

#include "config.h"

/* Everything a run makes; lives in the job's keep arena. */
typedef struct rooms {
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
} rooms;

static ky_result view(const rooms *r, const ky_config *config) {
  return (ky_result){.municipality_name = config->name,
                     .inputs = &r->inputs,
                     .streets = &r->streets,
                     .network = &r->network,
                     .zones = &r->zones,
                     .cells = &r->cells,
                     .points = &r->points,
                     .venues = &r->venues,
                     .venue_anchors = &r->venue_anchors,
                     .point_anchors = &r->point_anchors,
                     .snapping = &r->snapping,
                     .field = &r->field,
                     .walks = &r->walks,
                     .coverage = &r->coverage,
                     .candidates = &r->candidates,
                     .sites = &r->sites,
                     .gaps = &r->gaps,
                     .mobility = &r->mobility,
                     .targets = &r->targets,
                     .walk_opts = &config->walk,
                     .gaps_opts = &config->gaps,
                     .targets_opts = &config->targets};
}

static ky_slope_opts slope_opts(const ky_config *c) {
  bool is_used = c->walk.with_slope;
  for (uint32_t p = 0; p < c->further_count; p++) is_used = is_used || c->further[p].with_slope;
  return (ky_slope_opts){.is_used = is_used, .step_m = 30};
}

/* The roads are read unless their network is kept from an earlier run. */
static ky_err read_room(ky_job *job, const ky_config *c, ky_last_room last, rooms *r) {
  const ky_slope_opts slope = slope_opts(c);
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
static bool has_heights(const rooms *r) {
  for (uint32_t i = 0; i < r->inputs.elevation_count; i++)
    if (r->inputs.elevations[i].shapes.kind == KY_SHAPE_NONE) return true;
  return false;
}

/* A mesh of 250 m or more says nothing of the slope of a street. */
static ky_err refuse_grid(ky_job *job, const ky_config *c, const rooms *r) {
  if (r->inputs.elevation_count == 0 || !slope_opts(c).is_used) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s: holds mean slopes of meshes, which are too coarse for walk.slope: tobler; add elevation "
                       "with heights (FG-GML DEM5A or DEM10B, GeoTIFF), or write walk.slope: none"),
                 ky_source_where(job, r->inputs.elevations[0].source));
}

/* Slopes are known when elevation is given; profiles decide whether they cost. */
static ky_err apply_slopes(ky_job *job, const ky_config *c, rooms *r) {
  const ky_slope_opts opts = slope_opts(c);
  ky_heights heights;
  if (!has_heights(r)) return refuse_grid(job, c, r);
  KY_TRY(ky_slope_places(job, &r->streets, &opts, &heights));
  KY_TRY(ky_elevation_sample(job, r->inputs.elevations, r->inputs.elevation_count, r->inputs.crs, &heights));
  return ky_slope_apply(job, &heights, &opts, &r->streets);
}

/* Every profile's network is made of the streets, and has their barriers. */
static ky_err bar_streets(ky_job *job, const ky_config *c, rooms *r) {
  return ky_network_bar(job, r->inputs.barriers, r->inputs.barrier_count, &c->network, &r->streets);
}

static ky_err build_network(ky_job *job, const ky_config *c, rooms *r) {
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

static ky_err network_room(ky_job *job, const ky_config *c, rooms *r) {
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
static ky_err state_official(ky_job *job, const ky_config *c, rooms *r) {
  r->zones.official_date = c->official_date;
  r->zones.official_source = c->official_source;
  return c->official_date != NULL ? KY_OK : ky_official_date(job, &r->inputs, &r->zones.official_date);
}

/* Only with sources of resources: without them nothing is known, which is not "no shop". */
static ky_err place_resources(ky_job *job, const ky_config *c, rooms *r, ky_result *result) {
  if (r->inputs.resource_source_count == 0) return KY_OK;
  KY_TRY(ky_place_resources(job, &r->inputs, &r->zones, &c->place, &r->resources));
  result->resources = &r->resources;
  return KY_OK;
}

/* Only with sources of buildings, and when they are asked for. */
static ky_err gather_buildings(ky_job *job, const ky_config *c, rooms *r, ky_result *result) {
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

static ky_err place_room(ky_job *job, const ky_config *c, rooms *r, ky_result *result) {
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

/* The same walks with slopes left aside, to tell whom only they keep away; stairs and closed streets stay. */
static ky_err walk_flat(ky_job *job, const ky_config *c, rooms *r) {
  ky_walk_opts level = c->walk;
  ky_network flat;
  ky_contraction contraction;
  ky_field field;
  level.with_slope = false;
  KY_TRY(ky_profile_network(job, &r->streets, &level, &flat));
  KY_TRY(ky_contract(job, &flat, &contraction));
  KY_TRY(ky_walk_field(job, &flat, &contraction, &r->venue_anchors, r->venues.counts, &field));
  return ky_walk_places(job, &flat, &field, &r->venue_anchors, r->venues.counts, &r->point_anchors, &r->flat_walks);
}

/* Only with transit sources: without them transit stays unknown. */
static ky_err transit_room(ky_job *job, const ky_config *c, rooms *r, ky_result *result) {
  if (r->inputs.feed_count + r->inputs.stop_source_count == 0) return KY_OK;
  ky_job_room_start(job, "transit");
  KY_TRY(ky_stops_build(job, &r->inputs, &r->zones, &c->read.transit, &r->stops));
  result->stops = &r->stops;
  ky_job_room_end(job, ky_tr("%u stops"), r->stops.count);
  return KY_OK;
}

/* Only with sources of further years. */
static ky_err years_room(ky_job *job, const ky_config *c, rooms *r, ky_result *result) {
  if (r->inputs.year_source_count == 0) return KY_OK;
  ky_job_room_start(job, "years");
  KY_TRY(ky_years_build(job, &r->inputs, &r->zones, &r->network, &r->place, &c->years, &r->years));
  KY_TRY(ky_years_balance(job, &r->years, &r->zones));
  result->years = &r->years;
  ky_job_room_end(job, ky_tr("%u years, %u cells, %u points"), r->years.count, r->years.cells.count,
                  r->years.points.count);
  return KY_OK;
}

static ky_err walk_room(ky_job *job, const ky_config *c, rooms *r) {
  ky_job_room_start(job, "walk");
  const ky_points *p = &r->points;
  const ky_anchors on_street = {.count = p->count, .edge = p->edge, .along_mm = p->along_mm, .access_mm = p->access_mm};
  KY_TRY(ky_network_anchor(job, &r->network, r->venues.x_m, r->venues.y_m, r->venues.count, NULL, &c->network,
                           &r->venue_anchors));
  KY_TRY(ky_venues_settle(job, &r->venue_anchors, &r->venues));
  KY_TRY(ky_network_anchor(job, &r->network, p->x_m, p->y_m, p->count, &on_street, &c->network, &r->point_anchors));
  KY_TRY(ky_snapping_count(job, &r->network, &r->zones, p, &r->point_anchors, &r->venues, &r->venue_anchors,
                           &c->network, &r->snapping));
  KY_TRY(ky_walk_field(job, &r->network, &r->contraction, &r->venue_anchors, r->venues.counts, &r->field));
  KY_TRY(
      ky_walk_places(job, &r->network, &r->field, &r->venue_anchors, r->venues.counts, &r->point_anchors, &r->walks));
  if (slope_opts(c).is_used) ky_slope_people(job, &r->network, &r->points, &r->zones, &r->point_anchors);
  if (has_heights(r) && c->walk.with_slope) KY_TRY(walk_flat(job, c, r));
  ky_job_room_end(job, ky_tr("distances for %u nodes and %u points"), r->network.node_count, p->count);
  return KY_OK;
}

static ky_err coverage_room(ky_job *job, const ky_config *c, rooms *r) {
  ky_job_room_start(job, "coverage");
  KY_TRY(ky_coverage_build(job, &r->cells, &r->points, &r->zones, &r->venues, &r->network, &r->point_anchors,
                           &r->venue_anchors, &r->walks, &c->walk, &r->coverage));
  r->coverage.flat_mm = r->flat_walks.walk_mm;
  KY_TRY(ky_coverage_balance(job, &r->cells, &r->points, &r->zones, &r->coverage));
  ky_job_room_end(job, ky_tr("the ledger balances"));
  return KY_OK;
}

static ky_err list_classes(ky_job *job, const ky_config *c, rooms *r, const ky_result *result) {
  ky_classes *classes = &r->access.classes;
  if (c->access.by_activity) KY_TRY(ky_classes_by_activity(job, &r->venues, &r->venue_anchors, classes));
  if (c->access.by_frequency) KY_TRY(ky_classes_by_frequency(job, &r->venues, &r->venue_anchors, &c->access, classes));
  if (result->resources == NULL) return KY_OK;
  KY_TRY(ky_access_resources(job, &r->resources, &r->network, &c->network, &r->access.resources));
  return ky_classes_of_resources(job, &r->resources, &r->access.resources, classes);
}

/* Only when it is asked for, or when there are resources. */
static ky_err access_room(ky_job *job, const ky_config *c, rooms *r, ky_result *result) {
  const bool has_classes = c->access.by_activity || c->access.by_frequency || result->resources != NULL;
  if (!has_classes && c->access.nearest == 0) return KY_OK;
  ky_job_room_start(job, "access");
  if (c->access.nearest != 0) {
    KY_TRY(ky_nearest_cells(job, &r->network, &r->contraction, &r->points, &r->point_anchors, &r->venue_anchors,
                            &r->venues, &r->coverage, c->access.nearest, &r->cell_nearest));
    result->cell_nearest = &r->cell_nearest;
  }
  if (has_classes) {
    KY_TRY(list_classes(job, c, r, result));
    KY_TRY(ky_access_build(job, &r->network, &r->contraction, &r->points, &r->cells, &r->zones, &r->point_anchors,
                           &r->coverage, c->walk.primary_mm, &r->access));
    result->access = &r->access;
  }
  ky_job_room_end(job, ky_tr("%u classes of venues and resources"), r->access.classes.count);
  return KY_OK;
}

/* Only with further profiles. */
static ky_err profiles_room(ky_job *job, const ky_config *c, rooms *r, ky_result *result) {
  const ky_profiles_in in = {.streets = &r->streets,
                             .cells = &r->cells,
                             .points = &r->points,
                             .zones = &r->zones,
                             .venues = &r->venues,
                             .venue_anchors = &r->venue_anchors,
                             .point_anchors = &r->point_anchors,
                             .walks = &r->walks,
                             .coverage = &r->coverage,
                             .first = &c->walk,
                             .snap = &c->network};
  if (c->further_count == 0) return KY_OK;
  ky_job_room_start(job, "profiles");
  KY_TRY(ky_profiles_build(job, &in, c->further, c->further_count, &r->profiles));
  result->profiles = &r->profiles;
  ky_job_room_end(job, ky_tr("%u profiles"), r->profiles.count);
  return KY_OK;
}

static ky_err sites_room(ky_job *job, const ky_config *c, rooms *r) {
  ky_job_room_start(job, "sites");
  KY_TRY(ky_sites_candidates(job, &r->inputs, &r->zones, &r->network, &r->points, &r->point_anchors, &r->coverage,
                             &c->network, &c->sites, &r->candidates));
  KY_TRY(ky_sites_choose(job, &r->candidates, &r->network, &r->points, &r->point_anchors, &r->zones, &r->coverage,
                         &c->sites, &r->sites));
  ky_job_room_end(job, ky_tr("%u candidates, %u sites"), r->candidates.count, r->sites.count);
  return KY_OK;
}

static ky_err gaps_room(ky_job *job, const ky_config *c, rooms *r) {
  ky_job_room_start(job, "gaps");
  KY_TRY(ky_gaps_build(job, &r->cells, &r->points, &r->zones, &r->venues, &r->coverage, &r->sites, &c->gaps, &r->gaps));
  KY_TRY(ky_gaps_balance(job, &r->zones, &r->coverage, &r->gaps));
  KY_TRY(ky_slope_grid_build(job, r->inputs.elevations, r->inputs.elevation_count, &r->slope_grid));
  KY_TRY(ky_gaps_terrain(job, &r->points, &r->point_anchors, &r->network, &r->slope_grid, &c->gaps, &r->gaps));
  KY_TRY(ky_gaps_polygons(job, &r->points, &c->gaps, &r->gaps));
  KY_TRY(ky_access_gaps(job, &r->points, &r->gaps, &r->access));
  ky_job_room_end(job, ky_tr("%u gap areas"), r->gaps.count);
  return KY_OK;
}

static ky_err mobility_room(ky_job *job, const ky_config *c, rooms *r) {
  ky_job_room_start(job, "mobility");
  KY_TRY(ky_mobility_build(job, &r->gaps, &c->mobility, &r->mobility));
  ky_job_room_end(job, ky_tr("%u areas"), r->mobility.count);
  return KY_OK;
}

static ky_err targets_room(ky_job *job, const ky_config *c, rooms *r) {
  ky_job_room_start(job, "targets");
  KY_TRY(ky_targets_build(job, &r->zones, &r->venues, &r->points, &r->coverage, &r->candidates, &r->sites, &c->targets,
                          &r->targets));
  ky_job_room_end(job, ky_tr("%u zones"), r->zones.count);
  return KY_OK;
}

static ky_err write_room(ky_job *job, const ky_config *c, const ky_result *result) {
  const ky_write_opts opts = {.dir = c->out_dir,
                              .formats = c->formats,
                              .format_count = c->format_count,
                              .config_path = c->path,
                              .config_text = c->text,
                              .municipality_name = c->name,
                              .municipality_code = c->code,
                              .settings = c->settings,
                              .setting_count = c->setting_count};
  ky_job_room_start(job, "write");
  KY_TRY(ky_write(job, result, &opts));
  ky_job_room_end(job, "%s", c->out_dir);
  return KY_OK;
}

ky_err ky_run(ky_job *job, const ky_config *config, ky_last_room last, ky_result *out) {
  rooms *r;
  KY_NEW(job, keep, r, 1);
  *out = view(r, config);
  if (last == KY_LAST_WRITE) KY_TRY(ky_out_probe(job, config->out_dir)); /* before the long work */
  KY_TRY(read_room(job, config, last, r));
  KY_TRY(network_room(job, config, r));
  KY_TRY(place_room(job, config, r, out));
  KY_TRY(transit_room(job, config, r, out));
  KY_TRY(years_room(job, config, r, out));
  if (last == KY_LAST_PLACE) return KY_OK;
  KY_TRY(walk_room(job, config, r));
  KY_TRY(coverage_room(job, config, r));
  KY_TRY(profiles_room(job, config, r, out));
  if (last == KY_LAST_COVERAGE) return KY_OK;
  KY_TRY(access_room(job, config, r, out));
  KY_TRY(sites_room(job, config, r));
  KY_TRY(gaps_room(job, config, r));
  KY_TRY(mobility_room(job, config, r));
  KY_TRY(targets_room(job, config, r));
  return write_room(job, config, out);
}
