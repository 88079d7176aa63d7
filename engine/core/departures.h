/* Departures of a trip from one stop, repeated by headways or not. */
#ifndef KAYOI_DEPARTURES_H
#define KAYOI_DEPARTURES_H

#include <kayoi/transit.h>

/* The trip starts at start_s, start_s + headway_s, ... before end_s. */
typedef struct ky_headway {
  int32_t start_s, end_s, headway_s; /* headway_s >= 1 */
} ky_headway;

/* Starts of the trip, and how many of them leave the stop within from_s .. to_s (both included); offset_s: from the
 * start of the trip to the departure. */
void ky_headway_count(const ky_headway *headway, int32_t offset_s, uint32_t from_s, uint32_t to_s, int64_t *all,
                      int64_t *in_hours);

/* "8:05:00", "25:10:00" as seconds; KY_NO_TIME when it is no time. */
int32_t ky_time_of(const char *text, size_t length);

#endif
