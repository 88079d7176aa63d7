/* Weekday trips of stops that no timetable names, from routes with their trips. */
#ifndef KAYOI_STOPS_TRIPS_H
#define KAYOI_STOPS_TRIPS_H

#include <kayoi/stops.h>

/* Lists of keys for every stop, joined by "; "; NULL where the stop names none, and for stops of timetables. */
typedef struct ky_stop_keys {
  const char **routes, **operators;
  uint8_t *is_layer; /* the stop is of a layer, not of a timetable */
} ky_stop_keys;

/* Stops of layers get trips_weekday and trips_demand (routes of kind 4, on demand) and trips_source:
 *   n07       from the routes that the stop names, by route and operator where both have one;
 *   n07_near  where none of its names is known, from the routes that pass within route_m.
 * Of one route in several records the largest number counts, so a route cut in pieces counts once. Sums are rounded to
 * whole trips. What matched nothing is reported. */
ky_err ky_stops_trips(ky_job *job, const ky_inputs *inputs, double route_m, const ky_stop_keys *keys, ky_stops *out);

#endif
