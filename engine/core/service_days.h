/* Which services of a timetable run on a day, and which day stands for "a weekday". */
#ifndef KAYOI_SERVICE_DAYS_H
#define KAYOI_SERVICE_DAYS_H

#include <kayoi/transit.h>

/* calendar.txt and calendar_dates.txt of one feed. */
typedef struct ky_services {
  uint32_t count;
  uint8_t *weekdays;             /* [count] bit 0 Monday ... bit 6 Sunday */
  int32_t *first_day, *last_day; /* [count] the weekdays hold between these, both included */
  uint32_t *trip_count;          /* [count] trips of the service */
  uint32_t exception_count;
  uint32_t *exception_service; /* [exception_count] */
  int32_t *exception_day;
  uint8_t *exception_added; /* 1 added on that day, 0 removed */
} ky_services;

/* active[service] = runs on that day: weekday flags + days added - days removed. */
void ky_services_on(const ky_services *services, int32_t day, uint8_t *active);

/* The day that stands for a weekday, of several feeds together: among the Wednesdays of the first eight weeks from
 * `first` (none after `last`) the one with most trips, the earliest of equals; a holiday has fewer trips where the feed
 * says so. When no trip runs on a Wednesday: the same among Mondays to Fridays. KY_NO_DAY: no such day.
 * *trips: of all feeds on that day. */
ky_err ky_service_day_choose(ky_job *job, const ky_services *feeds, uint32_t count, int32_t first, int32_t last,
                             int32_t *day, uint64_t *trips);

/* For each day of the week the day that stands for it around `day`: `day` itself for its own, else, of the same day of
 * the week at most four weeks before and after and within first .. last, the one with most trips; of equals the
 * nearest, then the earlier. KY_NO_DAY: none. A holiday does not stand for its Monday so. active: [services->count]. */
void ky_service_week(const ky_services *services, int32_t day, int32_t first, int32_t last, uint8_t *active,
                     int32_t week[7]);

#endif
