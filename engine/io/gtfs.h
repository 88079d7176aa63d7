/* Timetable feeds. They are opened one by one and counted together: on one day, where their dates allow it. */
#ifndef KAYOI_GTFS_H
#define KAYOI_GTFS_H

#include <kayoi/read.h>

/* Reads all but the times: poles as records of *out, and out->feed. vsi_path: of the zip. KY_E_INPUT: not a zip, or a
 * file or column that GTFS requires is missing. */
ky_err ky_feed_open(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out);
/* Sets feed->day of all raws that have a feed. given: transit.weekday, or KY_NO_DAY. */
ky_err ky_feeds_choose_days(ky_job *job, ky_raw *raws, uint32_t count, int32_t given);
/* Reads the times and counts departures on feed->day. */
ky_err ky_feed_count(const ky_transit_opts *opts, ky_raw *raw);

#endif
