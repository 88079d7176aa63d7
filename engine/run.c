/* The rooms in their order: data flows one way, each room takes what earlier ones made. */
#include "rooms_scenarios.h"

static ky_result view(const ky_config *config, const ky_town *t, const ky_ground *g, const ky_outcome *o) {
  return (ky_result){.municipality_name = config->name,
                     .inputs = &t->inputs,
                     .streets = &t->streets,
                     .network = &t->network,
                     .zones = &t->zones,
                     .cells = &t->cells,
                     .points = &t->points,
                     .venues = &o->venues,
                     .venue_anchors = &o->venue_anchors,
                     .point_anchors = &g->point_anchors,
                     .snapping = &o->snapping,
                     .field = &o->field,
                     .walks = &o->walks,
                     .coverage = &o->coverage,
                     .candidates = &o->candidates,
                     .sites = &o->sites,
                     .gaps = &o->gaps,
                     .mobility = &o->mobility,
                     .targets = &o->targets,
                     .walk_opts = &config->walk,
                     .gaps_opts = &config->gaps,
                     .mobility_opts = &config->mobility,
                     .targets_opts = &config->targets};
}

/* What there is. */
static ky_err find_town(ky_job *job, const ky_config *config, ky_last_room last, ky_town *t, ky_result *out) {
  KY_TRY(ky_read_room(job, config, last, t));
  KY_TRY(ky_network_room(job, config, t));
  KY_TRY(ky_place_room(job, config, t, out));
  KY_TRY(ky_transit_room(job, config, t, out));
  return ky_years_room(job, config, t, out);
}

ky_err ky_run(ky_job *job, const ky_config *config, ky_last_room last, ky_result *out) {
  ky_town *t;
  ky_ground *g;
  ky_outcome *o;
  KY_NEW(job, keep, t, 1);
  KY_NEW(job, keep, g, 1);
  KY_NEW(job, keep, o, 1);
  *out = view(config, t, g, o);
  ky_published_run *publication;
  KY_TRY(ky_publish_prepare(job, config, last, &publication)); /* before the long work */
  if (last == KY_LAST_WRITE) KY_TRY(ky_history_check(job, &config->history));
  KY_TRY(find_town(job, config, last, t, out));
  o->venues = t->venues;
  if (config->scenarios != NULL) KY_TRY(ky_scenarios_check(job, config, t));
  if (last == KY_LAST_PLACE) return KY_OK;
  KY_TRY(ky_ground_build(job, config, t, &config->walk, &t->network, &t->contraction, &t->cells, &t->points, g));
  KY_TRY(ky_outcome_start(job, t, g, o));
  KY_TRY(ky_walk_room(job, config, t, o));
  KY_TRY(ky_coverage_room(job, config, t, o));
  KY_TRY(ky_profiles_room(job, config, t, o, out));
  if (last == KY_LAST_COVERAGE) return KY_OK;
  KY_TRY(ky_access_room(job, config, t, o, out));
  KY_TRY(ky_sites_room(job, config, t, o));
  KY_TRY(ky_supply_room(job, config, t, o));
  if (o->has_supply) out->supply = &o->supply;
  KY_TRY(ky_gaps_room(job, config, t, o));
  KY_TRY(ky_mobility_room(job, config, t, o));
  KY_TRY(ky_targets_room(job, config, t, o));
  KY_TRY(ky_sensitivity_room(job, config, t, o, out));
  KY_TRY(ky_strengths_room(job, config, t, o, out));
  KY_TRY(ky_outlook_room(job, config, t, o, out));
  KY_TRY(ky_site_plan_room(job, config, t, o, out));
  KY_TRY(ky_closures_room(job, config, t, o, out));
  return ky_publish_room(job, config, t, o, publication, out);
}
