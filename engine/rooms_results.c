/* The rooms of what follows from it: walks, coverage, sites, gaps, targets, and the writing of them. */
#include "rooms.h"

/* The same walks with slopes left aside, to tell whom only they keep away; stairs and closed streets stay. */
static ky_err walk_flat(ky_job *job, const ky_config *c, ky_rooms *r) {
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

ky_err ky_walk_room(ky_job *job, const ky_config *c, ky_rooms *r) {
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
  if (ky_rooms_slope(c).is_used) ky_slope_people(job, &r->network, &r->points, &r->zones, &r->point_anchors);
  if (ky_rooms_have_heights(r) && c->walk.with_slope) KY_TRY(walk_flat(job, c, r));
  ky_job_room_end(job, ky_tr("distances for %u nodes and %u points"), r->network.node_count, p->count);
  return KY_OK;
}

ky_err ky_coverage_room(ky_job *job, const ky_config *c, ky_rooms *r) {
  ky_job_room_start(job, "coverage");
  KY_TRY(ky_coverage_build(job, &r->cells, &r->points, &r->zones, &r->venues, &r->network, &r->point_anchors,
                           &r->venue_anchors, &r->walks, &c->walk, &r->coverage));
  r->coverage.flat_mm = r->flat_walks.walk_mm;
  KY_TRY(ky_coverage_balance(job, &r->cells, &r->points, &r->zones, &r->coverage));
  ky_job_room_end(job, ky_tr("the ledger balances"));
  return KY_OK;
}

static ky_err list_classes(ky_job *job, const ky_config *c, ky_rooms *r, const ky_result *result) {
  ky_classes *classes = &r->access.classes;
  if (c->access.by_activity) KY_TRY(ky_classes_by_activity(job, &r->venues, &r->venue_anchors, classes));
  if (c->access.by_frequency) KY_TRY(ky_classes_by_frequency(job, &r->venues, &r->venue_anchors, &c->access, classes));
  if (result->resources == NULL) return KY_OK;
  KY_TRY(ky_access_resources(job, &r->resources, &r->network, &c->network, &r->access.resources));
  return ky_classes_of_resources(job, &r->resources, &r->access.resources, classes);
}

/* Only when it is asked for, or when there are resources. */
ky_err ky_access_room(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result) {
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
ky_err ky_profiles_room(ky_job *job, const ky_config *c, ky_rooms *r, ky_result *result) {
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

ky_err ky_sites_room(ky_job *job, const ky_config *c, ky_rooms *r) {
  ky_job_room_start(job, "sites");
  KY_TRY(ky_sites_candidates(job, &r->inputs, &r->zones, &r->network, &r->points, &r->point_anchors, &r->coverage,
                             &c->network, &c->sites, &r->candidates));
  KY_TRY(ky_sites_choose(job, &r->candidates, &r->network, &r->points, &r->point_anchors, &r->zones, &r->coverage,
                         &c->sites, &r->sites));
  ky_job_room_end(job, ky_tr("%u candidates, %u sites"), r->candidates.count, r->sites.count);
  return KY_OK;
}

ky_err ky_gaps_room(ky_job *job, const ky_config *c, ky_rooms *r) {
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

ky_err ky_mobility_room(ky_job *job, const ky_config *c, ky_rooms *r) {
  ky_job_room_start(job, "mobility");
  KY_TRY(ky_mobility_build(job, &r->gaps, &c->mobility, &r->mobility));
  ky_job_room_end(job, ky_tr("%u areas"), r->mobility.count);
  return KY_OK;
}

ky_err ky_targets_room(ky_job *job, const ky_config *c, ky_rooms *r) {
  ky_job_room_start(job, "targets");
  KY_TRY(ky_targets_build(job, &r->zones, &r->venues, &r->points, &r->coverage, &r->candidates, &r->sites, &c->targets,
                          &r->targets));
  ky_job_room_end(job, ky_tr("%u zones"), r->zones.count);
  return KY_OK;
}

ky_err ky_write_room(ky_job *job, const ky_config *c, const ky_result *result) {
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
