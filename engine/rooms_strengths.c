/* The room of what each zone has: resources, strengths, and where to start. */
#include "rooms.h"

ky_err ky_strengths_room(ky_job *job, const ky_config *c, const ky_town *t, ky_outcome *o, ky_result *result) {
  (void)c;
  ky_job_room_start(job, "strengths");
  KY_TRY(ky_inventory_build(job, &t->inputs, &t->zones, result->resources, &o->inventory));
  result->inventory = &o->inventory;
  ky_job_room_end(job, ky_tr("%u kinds of resources"), o->inventory.kind_count);
  return KY_OK;
}
