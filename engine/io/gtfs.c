/* Feeds: open all, agree on a day, count. */
#include "io/gtfs.h"

#include <string.h>
#include <time.h>

#include "io/gtfs_feed.h"
#include "io/stop_columns.h"

/* A feed says what it is; what the config could say besides its path would be ignored, so it is refused. */
static ky_err check_source(ky_job *job, const ky_source *source) {
  const char *key = source->format != NULL  ? "format"
                    : source->layer != NULL ? "layer"
                    : source->crs != NULL   ? "crs"
                    : source->lon != NULL   ? "lon"
                    : source->column_count  ? "columns"
                    : source->grid_level_m  ? "grid_level_m"
                                            : NULL;
  if (key == NULL) return KY_OK;
  return ky_fail(job, KY_E_CONFIG, ky_tr("%s: %s: has no meaning for a GTFS feed; delete it"), source->name, key);
}

ky_err ky_feed_open(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  ky_feed_reading *r;
  KY_TRY(check_source(job, source));
  if (strncmp(vsi_path, "/vsizip/", 8) != 0)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: is not a zip; a GTFS feed is one zip of .txt tables"), source->name,
                   source->shown);
  KY_NEW(job, scratch, r, 1);
  KY_NEW(job, keep, r->feed, 1);
  r->raw = out;
  out->crs = "EPSG:4326"; /* by the definition of GTFS */
  out->crs_origin = "file";
  out->is_geographic = true;
  KY_TRY(ky_gtfs_open(job, source, vsi_path, &r->gtfs));
  KY_TRY(ky_feed_read_poles(r));
  KY_TRY(ky_feed_read_calendar(r));
  KY_TRY(ky_feed_read_trips(r));
  out->format = ky_gtfs_has(&r->gtfs, "agency_jp.txt") || ky_gtfs_has(&r->gtfs, "office_jp.txt") ? "GTFS-JP" : "GTFS";
  out->encoding = ky_decoder_met(&r->gtfs.decoder);
  r->feed->reading = r;
  out->feed = r->feed;
  return ky_stop_columns(job, out);
}

/* Dates that all feeds have in common; last < first: none. Feeds without dates do not count. */
static void common_days(ky_feed_reading *const *r, uint32_t count, int32_t *first, int32_t *last) {
  *first = KY_NO_DAY;
  *last = INT32_MAX;
  for (uint32_t f = 0; f < count; f++) {
    const ky_feed *feed = r[f]->feed;
    if (feed->first_day == KY_NO_DAY) continue;
    if (feed->first_day > *first) *first = feed->first_day;
    if (feed->last_day < *last) *last = feed->last_day;
  }
}

static uint64_t day_trips(const ky_feed_reading *r, int32_t day, uint8_t *active) {
  uint64_t trips = 0;
  if (day == KY_NO_DAY) return 0;
  ky_services_on(&r->calendar, day, active);
  for (uint32_t s = 0; s < r->calendar.count; s++) trips += active[s] ? r->calendar.trip_count[s] : 0;
  return trips;
}

static bool holds_on(const ky_feed *feed, int32_t day) {
  return feed->first_day != KY_NO_DAY && feed->first_day <= day && day <= feed->last_day;
}

/* The day of the config: a feed that does not hold then says nothing about it. */
static void take_given_day(ky_job *job, ky_feed_reading *r, int32_t day, uint64_t trips) {
  ky_feed *feed = r->feed;
  char text[3][16];
  ky_issue issue = {.severity = KY_WARNING, .source = r->gtfs.where, .field = "weekday"};
  ky_day_text(text[0], day);
  ky_day_text(text[1], feed->first_day);
  ky_day_text(text[2], feed->last_day);
  feed->day = holds_on(feed, day) ? day : KY_NO_DAY;
  if (feed->day == KY_NO_DAY) {
    issue.reason = "feed_out_of_dates";
    issue.action = ky_tr("its trips are unknown; fetch the feed of that time, or change transit.weekday");
    ky_issue_add(job, &issue, ky_tr("transit.weekday is %s, the feed holds from %s to %s"), text[0], text[1], text[2]);
  } else if (trips == 0) {
    issue.reason = "no_trip_on_weekday";
    issue.action = ky_tr("its stops have 0 trips; is the day a holiday, or does it run on other days?");
    ky_issue_add(job, &issue, ky_tr("no trip of the feed runs on %s (transit.weekday)"), text[0]);
  }
}

/* A feed that has no trips on the common day, or no common day: its own weekday. */
static ky_err take_own_day(ky_job *job, ky_feed_reading *r, int32_t common) {
  ky_feed *feed = r->feed;
  uint64_t trips;
  char text[4][16];
  ky_issue issue = {.severity = KY_WARNING, .source = r->gtfs.where, .reason = "feed_out_of_dates"};
  KY_TRY(ky_service_day_choose(job, &r->calendar, 1, feed->first_day, feed->last_day, &feed->day, &trips));
  ky_day_text(text[0], feed->day);
  ky_day_text(text[1], feed->first_day);
  ky_day_text(text[2], feed->last_day);
  ky_day_text(text[3], common);
  if (trips == 0) {
    issue.reason = "no_weekday_trip";
    issue.action =
        feed->day == KY_NO_DAY ? ky_tr("its trips are unknown") : ky_tr("its stops have 0 trips on weekdays");
    ky_issue_add(job, &issue, ky_tr("no trip runs on a weekday in the first weeks of the feed (%s to %s)"), text[1],
                 text[2]);
  } else if (common == KY_NO_DAY) {
    issue.action = ky_tr("counted on a day of its own; fetch feeds of one time");
    ky_issue_add(job, &issue,
                 ky_tr("the feed holds from %s to %s, and there is no day on which all feeds hold; counted on %s"),
                 text[1], text[2], text[0]);
  } else {
    issue.severity = KY_INFO;
    issue.reason = "other_weekday";
    issue.action = ky_tr("counted on a day of its own");
    ky_issue_add(job, &issue, ky_tr("no trip of the feed runs on %s, the day of the others; counted on %s"), text[3],
                 text[0]);
  }
  return KY_OK;
}

/* Data layers do not depend on the day of the run, so this is a notice. */
static void say_when_over(ky_job *job, const ky_feed_reading *r) {
  const int32_t today = (int32_t)(time(NULL) / 86400), last = r->feed->last_day;
  char text[16];
  if (last != KY_NO_DAY && last < today)
    ky_job_notice(job, ky_tr("%s: the feed held until %s; its trips are those of that time"), r->gtfs.where,
                  ky_day_text(text, last));
}

static ky_err choose_days(ky_job *job, ky_feed_reading *const *r, uint32_t count, int32_t given) {
  ky_services *services;
  int32_t first, last, day = given;
  uint64_t trips;
  uint8_t *active;
  uint32_t most = 0;
  KY_NEW(job, scratch, services, count);
  for (uint32_t f = 0; f < count; f++) {
    services[f] = r[f]->calendar;
    if (services[f].count > most) most = services[f].count;
  }
  KY_NEW(job, scratch, active, most);
  if (given == KY_NO_DAY) {
    common_days(r, count, &first, &last);
    KY_TRY(ky_service_day_choose(job, services, count, first, last, &day, &trips));
  }
  for (uint32_t f = 0; f < count; f++) {
    trips = day_trips(r[f], day, active);
    say_when_over(job, r[f]);
    if (given != KY_NO_DAY)
      take_given_day(job, r[f], given, trips);
    else if (trips == 0)
      KY_TRY(take_own_day(job, r[f], day));
    else
      r[f]->feed->day = day;
  }
  return KY_OK;
}

ky_err ky_feeds_choose_days(ky_job *job, ky_raw *raws, uint32_t count, int32_t given) {
  ky_feed_reading **r;
  uint32_t feeds = 0;
  KY_NEW(job, scratch, r, count);
  for (uint32_t i = 0; i < count; i++)
    if (raws[i].feed != NULL) r[feeds++] = raws[i].feed->reading;
  return choose_days(job, r, feeds, given);
}

ky_err ky_feed_count(const ky_transit_opts *opts, ky_raw *raw) {
  ky_feed_reading *r = raw->feed->reading;
  r->raw = raw;
  KY_TRY(ky_feed_read_times(r, opts));
  ky_gtfs_close(&r->gtfs);
  raw->feed->reading = NULL;
  return KY_OK;
}
