/* The room of what each zone has: gathering places in groups, resources, and where to start. */
#include "rooms.h"

/* Classes that the room access has made are not made again. */
static ky_err list_groups(ky_job *job, const ky_config *c, const ky_outcome *o, ky_classes *out) {
  const ky_venues *venues = &o->venues;
  const ky_anchors *anchors = &o->venue_anchors;
  KY_TRY(ky_classes_all(job, venues, anchors, out));
  if (c->access.by_activity)
    KY_TRY(ky_classes_take(job, &o->access.classes, KY_CLASS_ACTIVITY, out));
  else
    KY_TRY(ky_classes_by_activity(job, venues, anchors, out));
  KY_TRY(ky_classes_rest(job, venues, anchors, out));
  KY_TRY(ky_classes_by_operator(job, venues, anchors, c->name, out));
  KY_TRY(ky_classes_by_frequency(job, venues, anchors, &c->access, out));
  KY_TRY(ky_classes_by_day_part(job, venues, anchors, &c->strengths, out));
  return ky_classes_not_counting(job, venues, anchors, out);
}

ky_err ky_strengths_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o, ky_result *result) {
  ky_job_room_start(job, "strengths");
  KY_TRY(list_groups(job, c, o, &o->strengths.groups));
  KY_TRY(ky_strengths_build(job, &t->zones, &o->venues, c->access.weekly_milli, &o->strengths));
  KY_TRY(ky_inventory_build(job, &t->inputs, &t->zones, result->resources, &o->inventory));
  result->strengths = &o->strengths;
  result->inventory = &o->inventory;
  const ky_priority_in in = {.zones = &t->zones,
                             .points = o->ground->points,
                             .coverage = &o->coverage,
                             .gaps = &o->gaps,
                             .access = result->access,
                             .targets = &o->targets,
                             .years = result->years,
                             .inventory = &o->inventory,
                             .strengths = &o->strengths,
                             .facts = result->facts};
  KY_TRY(ky_priority_build(job, &in, &c->priority, &o->priority));
  result->priority = &o->priority;
  ky_job_room_end(job, ky_tr("%u groups of venues, %u kinds of resources"), o->strengths.groups.count,
                  o->inventory.kind_count);
  return KY_OK;
}
