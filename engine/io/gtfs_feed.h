/* A feed while it is read, table by table. All of this is scratch; what remains is ky_feed and the raw of its poles. */
#ifndef KAYOI_GTFS_FEED_H
#define KAYOI_GTFS_FEED_H

#include "core/departures.h"
#include "core/service_days.h"
#include "io/gtfs_ids.h"
#include "io/gtfs_table.h"

typedef struct ky_feed_reading {
  ky_gtfs gtfs;
  ky_raw *raw;
  ky_feed *feed;
  ky_ids services, agencies, routes, trips, poles;
  ky_services calendar;
  uint32_t service_capacity, exception_capacity;
  int32_t info_first, info_last; /* feed_info.txt; KY_NO_DAY */
  const char **agency_name;      /* [agencies] */
  uint32_t agency_capacity, route_capacity;
  uint32_t *trip_service, *trip_route; /* [trips] KY_NONE unknown */
  uint32_t trip_capacity;
  uint32_t *trip_headway; /* [trips] first of its headways, KY_NONE */
  ky_headway *headways;
  uint32_t *next_headway; /* [headways] */
  uint32_t headway_count, headway_capacity;
} ky_feed_reading;

/* Room for one more in an array of `count` items: *capacity doubles and a copy is returned, or the array itself. NULL:
 * memory is out. Several arrays of one capacity: pass the old capacity to each. */
void *ky_feed_grow(ky_job *job, void *items, uint32_t count, uint32_t *capacity, size_t size);

/* calendar.txt, calendar_dates.txt, feed_info.txt; one of the first two has to be there. */
ky_err ky_feed_read_calendar(ky_feed_reading *r);
/* agency.txt, routes.txt, trips.txt, frequencies.txt; counts the trips of each service. */
ky_err ky_feed_read_trips(ky_feed_reading *r);
/* stops.txt into the raw. */
ky_err ky_feed_read_poles(ky_feed_reading *r);
/* stop_times.txt, twice: which trips run on request only, then departures and routes of each pole on feed->day. */
ky_err ky_feed_read_times(ky_feed_reading *r, const ky_transit_opts *opts);

#endif
