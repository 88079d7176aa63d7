/* The room of transit supply: what stops near homes lead to. */
#include "rooms.h"

static ky_supply_in supply_in(const ky_town *t, const ky_outcome *o) {
  const ky_ground *g = o->ground;
  return (ky_supply_in){.inputs = &t->inputs,
                        .stops = &t->stops,
                        .network = g->network,
                        .contraction = g->contraction,
                        .cells = g->cells,
                        .points = g->points,
                        .zones = &t->zones,
                        .point_anchors = &g->point_anchors,
                        .venues = &o->venues,
                        .venue_anchors = &o->venue_anchors,
                        .sessions = &o->sessions,
                        .coverage = &o->coverage};
}

/* Only with transit sources: without them supply is unknown. */
ky_err ky_supply_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o) {
  const ky_supply_in in = supply_in(t, o);
  ky_supply_opts opts = c->supply;
  uint32_t used = 0;
  if (t->inputs.feed_count + t->inputs.stop_source_count == 0) return KY_OK;
  ky_job_room_start(job, "supply");
  opts.from_s = c->read.transit.from_s;
  opts.to_s = c->read.transit.to_s;
  opts.speed_mm_per_min = c->walk.speed_mm_per_min;
  opts.snap = &c->network;
  KY_TRY(ky_sessions_read(job, &o->venues, &o->sessions));
  KY_TRY(ky_supply_build(job, &in, &opts, &o->supply));
  o->has_supply = true;
  for (uint32_t s = 0; s < t->stops.count; s++) used += o->supply.stop.reaches[s] == 1;
  ky_job_room_end(job, ky_tr("%u stops lead to a venue and back"), used);
  return KY_OK;
}

ky_err ky_supply_again(ky_job *job, const ky_town *t, ky_outcome *o) {
  const ky_supply_in in = supply_in(t, o);
  return !o->has_supply ? KY_OK : ky_supply_sums(job, &in, &o->supply);
}

ky_err ky_supply_of_gaps(ky_job *job, const ky_town *t, ky_outcome *o) {
  const ky_supply_in in = supply_in(t, o);
  return !o->has_supply ? KY_OK : ky_supply_gaps(job, &in, &o->gaps, &o->supply);
}
