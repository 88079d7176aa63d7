/* Poles of one source that are one stop, and stops that two sources share. */
#ifndef KAYOI_STOPS_GROUP_H
#define KAYOI_STOPS_GROUP_H

#include "core/records.h"

#include <kayoi/stops.h>

/* A pole, station or stop record. All poles of a run are in one list by source (its path, bytewise) and id. */
typedef struct ky_pole {
  ky_record record;
  const char *name_key; /* NULL without a name */
  bool has_place;
  double x_m, y_m;
  bool is_station; /* location_type 1 */
  uint32_t group;  /* first pole of its stop in the list */
} ky_pole;

/* Sets group: by parent_station, else by name and distance within a source. Unknown parents are issues. */
ky_err ky_poles_group(ky_job *job, ky_pole *poles, uint32_t count, double group_m);

/* Pairs of poles of two sources with one name, not farther apart than overlap_m: `meet` is called with their groups,
 * the earlier one first, perhaps several times for a pair. */
ky_err ky_poles_overlap(ky_job *job, const ky_pole *poles, uint32_t count, double overlap_m,
                        ky_err (*meet)(void *user, uint32_t a, uint32_t b), void *user);

#endif
