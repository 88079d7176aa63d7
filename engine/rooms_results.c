/* The rooms of what follows from it: walks, coverage, sites, gaps, targets, and the writing of them. */
#include <string.h>

#include "rooms.h"

/* The same streets with slopes left aside, to tell whom only they keep away; stairs and closed streets stay. */
static ky_err level_out(ky_job *job, const ky_town *t, const ky_walk_opts *walk, ky_ground *out) {
  ky_walk_opts level = *walk;
  level.with_slope = false;
  out->has_flat = true;
  KY_TRY(ky_profile_network(job, &t->streets, &level, &out->flat));
  return ky_contract(job, &out->flat, &out->flat_contraction);
}

ky_err ky_ground_build(ky_job *job, const ky_config *c, const ky_town *t, const ky_walk_opts *walk,
                       const ky_network *network, const ky_contraction *contraction, const ky_cells *cells,
                       const ky_points *points, ky_ground *out) {
  const ky_anchors on_street = {
      .count = points->count, .edge = points->edge, .along_mm = points->along_mm, .access_mm = points->access_mm};
  memset(out, 0, sizeof *out);
  out->network = network;
  out->contraction = contraction;
  out->cells = cells;
  out->points = points;
  if (walk->with_slope && ky_town_has_heights(t)) KY_TRY(level_out(job, t, walk, out));
  KY_TRY(ky_network_anchor(job, network, points->x_m, points->y_m, points->count, &on_street, &c->network,
                           &out->point_anchors));
  if (ky_town_slope(c).is_used) ky_slope_people(job, network, points, &t->zones, &out->point_anchors);
  return KY_OK;
}

ky_err ky_outcome_start(ky_job *job, const ky_town *t, const ky_ground *ground, ky_outcome *out) {
  const uint32_t n = t->venues.count;
  memset(out, 0, sizeof *out);
  out->ground = ground;
  out->venues = t->venues;
  KY_NEW(job, keep, out->venues.counts, n);
  KY_NEW(job, keep, out->venues.counts_for_rate, n);
  KY_NEW(job, keep, out->venues.reason, n);
  KY_NEW(job, keep, out->venues.rate_reason, n);
  if (n == 0) return KY_OK;
  memcpy(out->venues.counts, t->venues.counts, n * sizeof *out->venues.counts);
  memcpy(out->venues.counts_for_rate, t->venues.counts_for_rate, n * sizeof *out->venues.counts_for_rate);
  memcpy(out->venues.reason, t->venues.reason, n * sizeof *out->venues.reason);
  memcpy(out->venues.rate_reason, t->venues.rate_reason, n * sizeof *out->venues.rate_reason);
  return KY_OK;
}

/* Walks by length alone. */
static ky_err walk_flat(ky_job *job, const ky_ground *g, ky_outcome *o) {
  ky_field field;
  return ky_walk_points(job, &g->flat, &g->flat_contraction, &o->venue_anchors, o->venues.counts, &o->venues.catchments,
                        g->points->row, &g->point_anchors, &field, &o->flat_walks);
}

ky_err ky_walk_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o) {
  const ky_ground *g = o->ground;
  ky_job_room_start(job, "walk");
  KY_TRY(ky_network_anchor(job, g->network, o->venues.x_m, o->venues.y_m, o->venues.count, NULL, &c->network,
                           &o->venue_anchors));
  KY_TRY(ky_venues_settle(job, &o->venue_anchors, &o->venues));
  KY_TRY(ky_snapping_count(job, g->network, &t->zones, g->points, &g->point_anchors, &o->venues, &o->venue_anchors,
                           &c->network, &o->snapping));
  KY_TRY(ky_walk_points(job, g->network, g->contraction, &o->venue_anchors, o->venues.counts, &o->venues.catchments,
                        g->points->row, &g->point_anchors, &o->field, &o->walks));
  if (g->has_flat) KY_TRY(walk_flat(job, g, o));
  ky_job_room_end(job, ky_tr("distances for %u nodes and %u points"), g->network->node_count, g->points->count);
  return KY_OK;
}

ky_err ky_coverage_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o) {
  const ky_ground *g = o->ground;
  ky_job_room_start(job, "coverage");
  KY_TRY(ky_coverage_build(job, g->cells, g->points, &t->zones, &o->venues, g->network, &g->point_anchors,
                           &o->venue_anchors, &o->walks, &c->walk, &o->coverage));
  o->coverage.flat_mm = o->flat_walks.walk_mm;
  KY_TRY(ky_coverage_balance(job, g->cells, g->points, &t->zones, &o->coverage));
  ky_job_room_end(job, ky_tr("the ledger balances"));
  return KY_OK;
}

static ky_err list_classes(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o, const ky_result *result) {
  const ky_ground *g = o->ground;
  ky_classes *classes = &o->access.classes;
  if (c->access.by_activity) KY_TRY(ky_classes_by_activity(job, &o->venues, &o->venue_anchors, classes));
  if (c->access.by_frequency) KY_TRY(ky_classes_by_frequency(job, &o->venues, &o->venue_anchors, &c->access, classes));
  if (result->resources == NULL) return KY_OK;
  KY_TRY(ky_access_resources(job, &t->resources, g->network, &c->network, &o->access.resources));
  return ky_classes_of_resources(job, &t->resources, &o->access.resources, classes);
}

/* Only when it is asked for, or when there are resources. */
ky_err ky_access_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o, ky_result *result) {
  const ky_ground *g = o->ground;
  const bool has_classes = c->access.by_activity || c->access.by_frequency || result->resources != NULL;
  if (!has_classes && c->access.nearest == 0) return KY_OK;
  ky_job_room_start(job, "access");
  if (c->access.nearest != 0) {
    KY_TRY(ky_nearest_cells(job, g->network, g->contraction, g->points, &g->point_anchors, &o->venue_anchors,
                            &o->venues, &o->coverage, c->access.nearest, &o->cell_nearest));
    result->cell_nearest = &o->cell_nearest;
  }
  if (has_classes) {
    KY_TRY(list_classes(job, c, t, o, result));
    KY_TRY(ky_access_build(job, g->network, g->contraction, g->points, g->cells, &t->zones, &g->point_anchors,
                           &o->venues.catchments, &o->coverage, c->walk.primary_mm, &o->access));
    result->access = &o->access;
  }
  ky_job_room_end(job, ky_tr("%u classes of venues and resources"), o->access.classes.count);
  return KY_OK;
}

/* Only with further profiles. */
ky_err ky_profiles_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o, ky_result *result) {
  const ky_ground *g = o->ground;
  const ky_profiles_in in = {.streets = &t->streets,
                             .cells = g->cells,
                             .points = g->points,
                             .zones = &t->zones,
                             .venues = &o->venues,
                             .venue_anchors = &o->venue_anchors,
                             .point_anchors = &g->point_anchors,
                             .walks = &o->walks,
                             .coverage = &o->coverage,
                             .first = &c->walk,
                             .snap = &c->network};
  if (c->further_count == 0) return KY_OK;
  ky_job_room_start(job, "profiles");
  KY_TRY(ky_profiles_build(job, &in, c->further, c->further_count, &o->profiles));
  result->profiles = &o->profiles;
  ky_job_room_end(job, ky_tr("%u profiles"), o->profiles.count);
  return KY_OK;
}

ky_err ky_sites_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o) {
  const ky_ground *g = o->ground;
  ky_job_room_start(job, "sites");
  KY_TRY(ky_sites_candidates(job, &t->inputs, &t->zones, g->network, g->points, &g->point_anchors, &o->coverage,
                             &c->network, &c->sites, &o->candidates));
  if (o->covers != NULL) KY_TRY(ky_covers_match(job, o->covers, &o->candidates));
  KY_TRY(ky_sites_choose(job, &o->candidates, g->network, g->points, &g->point_anchors, &t->zones, &o->coverage,
                         &c->sites, &o->sites));
  KY_TRY(ky_names_sites(job, &t->names, &o->sites, &o->candidates));
  ky_job_room_end(job, ky_tr("%u candidates, %u sites"), o->candidates.count, o->sites.count);
  return KY_OK;
}

ky_err ky_gaps_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o) {
  const ky_ground *g = o->ground;
  ky_job_room_start(job, "gaps");
  KY_TRY(ky_gaps_build(job, g->cells, g->points, &t->zones, &o->venues, &o->coverage, &o->sites,
                       o->has_supply ? o->supply.by_bus : NULL, &c->gaps, &o->gaps));
  KY_TRY(ky_gaps_balance(job, &t->zones, &o->coverage, &o->gaps));
  KY_TRY(ky_gaps_terrain(job, g->points, &g->point_anchors, g->network, &t->slope_grid, &c->gaps, &o->gaps));
  if (!o->is_without_outlines) KY_TRY(ky_gaps_polygons(job, g->points, &c->gaps, &o->gaps));
  KY_TRY(ky_names_gaps(job, &t->names, g->points, &o->gaps));
  KY_TRY(ky_access_gaps(job, g->points, &o->gaps, &o->access));
  KY_TRY(ky_supply_of_gaps(job, t, o));
  ky_job_room_end(job, ky_tr("%u gap areas"), o->gaps.count);
  return KY_OK;
}

ky_err ky_mobility_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o) {
  const bool has_resources = t->inputs.resource_source_count != 0;
  const ky_mobility_in in = {.gaps = &o->gaps,
                             .points = o->ground->points,
                             .venues = &o->venues,
                             .streets = &t->streets,
                             .snap = &c->network,
                             .resources = has_resources ? &t->resources : NULL,
                             .candidates = &o->candidates,
                             .shop_mm = o->access.shop_mm,
                             .primary_mm = c->walk.primary_mm};
  ky_job_room_start(job, "mobility");
  KY_TRY(ky_mobility_build(job, &in, &c->mobility, &o->mobility));
  ky_job_room_end(job, ky_tr("%u areas"), o->mobility.count);
  return KY_OK;
}

ky_err ky_targets_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o) {
  const ky_ground *g = o->ground;
  ky_job_room_start(job, "targets");
  KY_TRY(ky_venue_sets_build(job, g->points, &t->zones, &o->venues, g->network, &g->point_anchors, &o->venue_anchors,
                             &o->coverage, c->walk.primary_mm, &o->venue_sets));
  KY_TRY(ky_targets_build(job, &t->zones, &o->venues, g->points, &o->coverage, &o->venue_sets, &o->candidates,
                          &o->sites, &c->targets, &o->targets));
  KY_TRY(ky_seats_report(job, &o->venues, &o->targets.assigned));
  ky_job_room_end(job, ky_tr("%u zones"), t->zones.count);
  return KY_OK;
}

ky_err ky_closures_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o, ky_result *result) {
  const ky_ground *g = o->ground;
  if (g->points->people[KY_65] == NULL) return KY_OK;
  ky_job_room_start(job, "closures");
  KY_TRY(ky_closures_build(job, g->network, g->contraction, g->points, &g->point_anchors, &o->venue_anchors, &o->venues,
                           &t->zones, &o->coverage, c->walk.primary_mm, c->targets.attendances_milli, &o->closures));
  result->closures = &o->closures;
  ky_job_room_end(job, ky_tr("%u venues"), o->closures.count);
  return KY_OK;
}
