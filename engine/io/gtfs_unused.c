/* What stands in a feed and is used by nothing: see gtfs_unused.h. */
#include "io/gtfs_unused.h"

#include <string.h>

/* Stations and their parts are named by poles, not by stop times. */
static bool is_pole(const ky_raw *raw, uint32_t record) {
  const char *type = ky_raw_value(raw, "location_type", record);
  return type == NULL || strcmp(type, "0") == 0;
}

ky_err ky_feed_report_unused(const ky_feed_reading *r, const uint8_t *is_named, const uint8_t *has_times) {
  ky_job *job = r->gtfs.job;
  uint32_t poles = 0, routes = 0, trips = 0, services = 0;
  const char *first = "-";
  uint8_t *has_trips;
  KY_NEW(job, scratch, has_trips, r->routes.count);
  for (uint32_t p = 0; p < r->raw->count; p++)
    if (!is_named[p] && is_pole(r->raw, p) && poles++ == 0) first = r->raw->record[p];
  for (uint32_t t = 0; t < r->trips.count; t++) {
    trips += !has_times[t];
    if (r->trip_route[t] != KY_NONE) has_trips[r->trip_route[t]] = 1;
  }
  for (uint32_t i = 0; i < r->routes.count; i++) routes += !has_trips[i];
  for (uint32_t s = 0; s < r->calendar.count; s++) services += r->calendar.trip_count[s] == 0;
  if (poles + routes + trips + services == 0) return KY_OK;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = r->gtfs.where,
                           .reason = "unreferenced_ids",
                           .action = ky_tr("kept; such stops have 0 trips")},
               ky_tr("defined but not used: %u stops that no stop time names (first: %s), %u routes without trips, %u "
                     "trips without stop times, %u services without trips"),
               poles, first, routes, trips, services);
  return KY_OK;
}
