/* The rooms in their order: data flows one way, each room takes what earlier ones made. */
#include "rooms.h"

static ky_result view(const ky_rooms *r, const ky_config *config) {
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

ky_err ky_run(ky_job *job, const ky_config *config, ky_last_room last, ky_result *out) {
  ky_rooms *r;
  KY_NEW(job, keep, r, 1);
  *out = view(r, config);
  if (last == KY_LAST_WRITE) KY_TRY(ky_out_probe(job, config->out_dir)); /* before the long work */
  KY_TRY(ky_read_room(job, config, last, r));
  KY_TRY(ky_network_room(job, config, r));
  KY_TRY(ky_place_room(job, config, r, out));
  KY_TRY(ky_transit_room(job, config, r, out));
  KY_TRY(ky_years_room(job, config, r, out));
  if (last == KY_LAST_PLACE) return KY_OK;
  KY_TRY(ky_walk_room(job, config, r));
  KY_TRY(ky_coverage_room(job, config, r));
  KY_TRY(ky_profiles_room(job, config, r, out));
  if (last == KY_LAST_COVERAGE) return KY_OK;
  KY_TRY(ky_access_room(job, config, r, out));
  KY_TRY(ky_sites_room(job, config, r));
  KY_TRY(ky_gaps_room(job, config, r));
  KY_TRY(ky_mobility_room(job, config, r));
  KY_TRY(ky_targets_room(job, config, r));
  return ky_write_room(job, config, out);
}
