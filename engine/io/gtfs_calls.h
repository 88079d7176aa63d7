/* The calls of a feed's trips, gathered row by row, as its timetable. */
#ifndef KAYOI_GTFS_CALLS_H
#define KAYOI_GTFS_CALLS_H

#include "io/gtfs_feed.h"

/* One row of stop_times.txt. */
typedef struct ky_feed_call {
  uint32_t trip, sequence, pole;
  int32_t leave_s, arrive_s; /* KY_NO_TIME unknown */
  uint8_t may;               /* KY_MAY_... */
} ky_feed_call;

/* All of them so far. Scratch. */
typedef struct ky_feed_calls {
  uint32_t count, capacity;
  ky_feed_call *call;
  uint8_t *service_days; /* [services] bits of the days of the week on which it runs */
} ky_feed_calls;

/* Chooses the days of the week around feed->day. */
ky_err ky_feed_calls_begin(ky_feed_reading *r, ky_feed_calls *calls);
/* Trips that run on none of the seven days are left out. */
ky_err ky_feed_call_add(ky_feed_reading *r, ky_feed_calls *calls, const ky_feed_call *call);
/* Fills feed->timetable. start_s: [trips] first departure, from which headways count; KY_NO_TIME unknown. */
ky_err ky_feed_calls_finish(ky_feed_reading *r, const ky_feed_calls *calls, const int32_t *start_s);

#endif
