/* Transit supply in two steps: stops, then homes. */
#ifndef KAYOI_SUPPLY_PARTS_H
#define KAYOI_SUPPLY_PARTS_H

#include <kayoi/supply.h>

#include "core/near.h"

/* Venues that count within reach of each stop, ascending. Scratch. */
typedef struct ky_stop_venues {
  uint32_t *first; /* [stops + 1] */
  uint32_t *venue, *walk_mm;
} ky_stop_venues;

/* How far people walk to each stop. */
ky_err ky_supply_limits(ky_job *job, const ky_stops *stops, const ky_supply_opts *opts, uint32_t **limit_mm);
/* Anchors, use, departures, days. */
ky_err ky_supply_stops(ky_job *job, const ky_supply_in *in, const ky_supply_opts *opts, ky_stop_supply *out);
/* Where each stop leads: the rest of ky_stop_supply. */
ky_err ky_supply_rides(ky_job *job, const ky_supply_in *in, const ky_supply_opts *opts, const ky_stop_venues *near,
                       ky_stop_supply *out);

#endif
