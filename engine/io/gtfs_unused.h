/* Ids of a feed that nothing refers to. */
#ifndef KAYOI_GTFS_UNUSED_H
#define KAYOI_GTFS_UNUSED_H

#include "io/gtfs_feed.h"

/* One issue with how many poles no stop time names, and how many routes, trips and services are without trips, stop
 * times and trips. is_named: [poles], has_times: [trips]. */
ky_err ky_feed_report_unused(const ky_feed_reading *r, const uint8_t *is_named, const uint8_t *has_times);

#endif
