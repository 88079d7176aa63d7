/* stop_times.txt: the only large table of a feed. Nothing of a row is kept; sums are, per pole and per trip. */
#include <string.h>

#include "core/sort.h"
#include "io/gtfs_calls.h"
#include "io/gtfs_unused.h"

enum { TRIP, DEPARTURE, ARRIVAL, STOP, PICKUP, BOOKING, WINDOW, GROUP, AREA, SEQUENCE, DROP_OFF, COLUMNS };

static const ky_gtfs_column columns[COLUMNS] = {{"trip_id", true},
                                                {"departure_time", false},
                                                {"arrival_time", false},
                                                {"stop_id", true},
                                                {"pickup_type", false},
                                                {"pickup_booking_rule_id", false},
                                                {"start_pickup_drop_off_window", false},
                                                {"location_group_id", false},
                                                {"location_id", false},
                                                {"stop_sequence", false},
                                                {"drop_off_type", false}};

typedef enum boarding { NOBODY, ON_REQUEST, REGULAR } boarding;

/* Pairs pole << 32 | route that were met: a hash set, at most half full. */
typedef struct calls {
  uint64_t *slot; /* pair + 1; 0 free */
  uint32_t slot_count, count;
} calls;

typedef struct times {
  ky_feed_reading *feed;
  const ky_transit_opts *opts;
  const uint8_t *active; /* [services] on the day */
  uint8_t *is_named;     /* [poles] some row names it */
  uint8_t *has_times;    /* [trips] */
  uint8_t *is_regular;   /* [trips] somebody may board without asking before */
  int32_t *start_s;      /* [trips] first departure; KY_NO_TIME */
  uint32_t newest_trip;  /* rows of a trip come together */
  calls calls;
  ky_feed_calls sequences;
} times;

static boarding boarding_of(const ky_gtfs_row *row) {
  if (ky_gtfs_is(row, PICKUP, "1")) return NOBODY;
  if (ky_gtfs_is(row, PICKUP, "2") || ky_gtfs_is(row, PICKUP, "3")) return ON_REQUEST;
  return row->length[BOOKING] != 0 || row->length[WINDOW] != 0 ? ON_REQUEST : REGULAR;
}

static uint32_t trip_of(times *t, const ky_gtfs_row *row) {
  const ky_ids *trips = &t->feed->trips;
  const uint32_t newest = t->newest_trip;
  if (newest != KY_NONE && trips->length[newest] == row->length[TRIP] && row->length[TRIP] != 0 &&
      memcmp(trips->text[newest], row->field[TRIP], row->length[TRIP]) == 0)
    return newest;
  t->newest_trip = ky_ids_find(trips, row->field[TRIP], row->length[TRIP]);
  return t->newest_trip;
}

static int32_t time_of(const ky_gtfs_row *row) {
  const uint32_t column = row->length[DEPARTURE] != 0 ? DEPARTURE : ARRIVAL;
  return row->length[column] != 0 ? ky_time_of(row->field[column], row->length[column]) : KY_NO_TIME;
}

static ky_err survey_row(void *user, const ky_gtfs_row *row) {
  times *t = user;
  const uint32_t trip = trip_of(t, row);
  if (trip == KY_NONE) return KY_OK;
  const int32_t time = time_of(row);
  t->has_times[trip] = 1;
  if (boarding_of(row) == REGULAR) t->is_regular[trip] = 1;
  if (time != KY_NO_TIME && (t->start_s[trip] == KY_NO_TIME || time < t->start_s[trip])) t->start_s[trip] = time;
  return KY_OK;
}

static uint32_t slot_of(const calls *c, uint64_t pair) {
  uint32_t at = (uint32_t)((pair * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (c->slot_count - 1);
  while (c->slot[at] != 0 && c->slot[at] != pair + 1) at = (at + 1) & (c->slot_count - 1);
  return at;
}

static ky_err add_call(ky_job *job, calls *c, uint32_t pole, uint32_t route) {
  if (c->count >= c->slot_count / 2) {
    const calls old = *c;
    if (old.slot_count >= UINT32_C(1) << 30) return ky_fail_memory(job);
    c->slot_count = old.slot_count == 0 ? 8192 : old.slot_count * 2;
    KY_NEW(job, scratch, c->slot, c->slot_count);
    for (uint32_t i = 0; i < old.slot_count; i++)
      if (old.slot[i] != 0) c->slot[slot_of(c, old.slot[i] - 1)] = old.slot[i];
  }
  const uint64_t pair = (uint64_t)pole << 32 | route;
  const uint32_t at = slot_of(c, pair);
  if (c->slot[at] == 0) c->count++;
  c->slot[at] = pair + 1;
  return KY_OK;
}

/* Departures of a trip from one of its stops on a day it runs. */
static void count_departures(const times *t, uint32_t trip, int32_t time, int64_t *all, int64_t *in_hours) {
  const ky_feed_reading *r = t->feed;
  const ky_transit_opts *opts = t->opts;
  *all = *in_hours = 0;
  if (r->trip_headway[trip] == KY_NONE) {
    *all = 1;
    *in_hours = time != KY_NO_TIME && (int64_t)time >= opts->from_s && (int64_t)time <= opts->to_s;
  }
  for (uint32_t h = r->trip_headway[trip]; h != KY_NONE; h = r->next_headway[h]) {
    int64_t n, m;
    const int32_t offset = time != KY_NO_TIME && t->start_s[trip] != KY_NO_TIME ? time - t->start_s[trip] : 0;
    ky_headway_count(&r->headways[h], offset, opts->from_s, opts->to_s, &n, &m);
    *all += n;
    *in_hours += time != KY_NO_TIME ? m : 0;
  }
}

static uint32_t reference(times *t, const ky_gtfs_row *row, uint32_t column, uint32_t found, const char *field,
                          const char *reason) {
  if (found == KY_NONE)
    ky_gtfs_issue(&t->feed->gtfs, row, KY_ERROR, field, reason, ky_tr("the row was left out"),
                  ky_tr("%s \"%.*s\" is defined nowhere in the feed"), field,
                  (int)(row->length[column] < 60 ? row->length[column] : 60),
                  row->length[column] != 0 ? row->field[column] : "");
  return found;
}

/* A row as a call of its trip; times of the one kind stand for the other where that is blank. */
static ky_err keep_call(times *t, const ky_gtfs_row *row, uint32_t trip, uint32_t pole) {
  const int32_t sequence = ky_gtfs_number(row, SEQUENCE);
  const uint32_t arrival = row->length[ARRIVAL] != 0 ? ARRIVAL : DEPARTURE;
  ky_feed_call call = {.trip = trip, .pole = pole, .leave_s = time_of(row), .arrive_s = KY_NO_TIME};
  call.sequence = sequence < 0 ? 0 : (uint32_t)sequence;
  if (row->length[arrival] != 0) call.arrive_s = ky_time_of(row->field[arrival], row->length[arrival]);
  if (boarding_of(row) != NOBODY) call.may |= KY_MAY_BOARD;
  if (!ky_gtfs_is(row, DROP_OFF, "1")) call.may |= KY_MAY_ALIGHT;
  return t->is_regular[trip] ? ky_feed_call_add(t->feed, &t->sequences, &call) : KY_OK;
}

/* Says what is odd about a row that counts. */
static void judge(times *t, const ky_gtfs_row *row, int32_t time) {
  ky_gtfs *gtfs = &t->feed->gtfs;
  const bool is_blank = row->length[DEPARTURE] == 0 && row->length[ARRIVAL] == 0;
  if (time == KY_NO_TIME && row->length[WINDOW] == 0) {
    const uint32_t column = row->length[DEPARTURE] != 0 ? DEPARTURE : ARRIVAL;
    const char *action = ky_tr("counted for the day, but not in the hours of venues");
    if (is_blank)
      ky_gtfs_issue(gtfs, row, KY_INFO, "departure_time", "time_missing", action, "%s", ky_tr("the row has no time"));
    else
      ky_gtfs_issue(gtfs, row, KY_ERROR, "departure_time", "bad_time", action,
                    ky_tr("\"%.*s\" is no time; it is written 8:05:00, or 25:10:00 after midnight"),
                    (int)(row->length[column] < 40 ? row->length[column] : 40), row->field[column]);
  }
  if (row->length[PICKUP] != 0 && (ky_gtfs_number(row, PICKUP) < 0 || ky_gtfs_number(row, PICKUP) > 3))
    ky_gtfs_issue(gtfs, row, KY_WARNING, "pickup_type", "bad_pickup_type", ky_tr("taken as 0: people may board"), "%s",
                  ky_tr("pickup_type is none of 0, 1, 2, 3"));
}

static ky_err count_row(void *user, const ky_gtfs_row *row) {
  times *t = user;
  ky_feed_reading *r = t->feed;
  ky_feed *feed = r->feed;
  feed->stop_time_count++;
  if (row->length[STOP] == 0 && (row->length[GROUP] != 0 || row->length[AREA] != 0)) {
    ky_gtfs_issue(&r->gtfs, row, KY_INFO, "stop_id", "stop_is_area",
                  ky_tr("areas served on request are no stops; left out"), "%s",
                  ky_tr("the row is about an area, not a stop"));
    return KY_OK;
  }
  const uint32_t trip = reference(t, row, TRIP, trip_of(t, row), "trip_id", "unknown_trip");
  const uint32_t pole =
      reference(t, row, STOP, ky_ids_find(&r->poles, row->field[STOP], row->length[STOP]), "stop_id", "unknown_stop");
  if (pole != KY_NONE) t->is_named[pole] = 1;
  if (trip == KY_NONE || pole == KY_NONE) return KY_OK;
  KY_TRY(keep_call(t, row, trip, pole));
  if (boarding_of(row) == NOBODY) return KY_OK;
  const bool is_demand = !t->is_regular[trip];
  const int32_t time = time_of(row);
  judge(t, row, time);
  feed->served[pole] |= is_demand ? KY_SERVED_DEMAND : KY_SERVED_REGULAR;
  if (r->trip_route[trip] != KY_NONE) KY_TRY(add_call(r->gtfs.job, &t->calls, pole, r->trip_route[trip]));
  if (r->trip_service[trip] == KY_NONE || !t->active[r->trip_service[trip]]) return KY_OK;
  int64_t all, in_hours;
  count_departures(t, trip, time, &all, &in_hours);
  if (is_demand) {
    feed->departures_demand[pole] += all;
  } else {
    feed->departures[pole] += all;
    feed->departures_hours[pole] += in_hours;
  }
  return KY_OK;
}

/* The pairs met as lists per pole. */
static ky_err list_calls(ky_job *job, const calls *c, uint32_t pole_count, ky_feed *feed) {
  uint64_t *pairs;
  uint32_t *unused, n = 0;
  KY_NEW(job, scratch, pairs, c->count);
  KY_NEW(job, scratch, unused, c->count);
  for (uint32_t i = 0; i < c->slot_count; i++)
    if (c->slot[i] != 0) pairs[n++] = c->slot[i] - 1;
  KY_TRY(ky_sort_pairs(job, pairs, unused, n));
  KY_NEW(job, keep, feed->first_call, (size_t)pole_count + 1);
  KY_NEW(job, keep, feed->call_route, n);
  for (uint32_t i = 0; i < n; i++) {
    feed->call_route[i] = (uint32_t)pairs[i];
    feed->first_call[(pairs[i] >> 32) + 1]++;
  }
  for (uint32_t p = 0; p < pole_count; p++) feed->first_call[p + 1] += feed->first_call[p];
  return KY_OK;
}

static void settle_day(ky_feed_reading *r, uint8_t *active) {
  if (r->feed->day == KY_NO_DAY) return;
  ky_services_on(&r->calendar, r->feed->day, active);
  for (uint32_t s = 0; s < r->calendar.count; s++) r->feed->day_trip_count += active[s] ? r->calendar.trip_count[s] : 0;
}

ky_err ky_feed_read_times(ky_feed_reading *r, const ky_transit_opts *opts) {
  ky_job *job = r->gtfs.job;
  ky_feed *feed = r->feed;
  const uint32_t poles = r->raw->count, trips = r->trips.count;
  times t = {.feed = r, .opts = opts, .newest_trip = KY_NONE};
  uint8_t *active;
  KY_NEW(job, scratch, active, r->calendar.count);
  KY_NEW(job, scratch, t.is_named, poles);
  KY_NEW(job, scratch, t.has_times, trips);
  KY_NEW(job, scratch, t.is_regular, trips);
  KY_NEW(job, scratch, t.start_s, trips);
  for (uint32_t i = 0; i < trips; i++) t.start_s[i] = KY_NO_TIME;
  KY_NEW(job, keep, feed->departures, poles);
  KY_NEW(job, keep, feed->departures_hours, poles);
  KY_NEW(job, keep, feed->departures_demand, poles);
  KY_NEW(job, keep, feed->served, poles);
  settle_day(r, active);
  KY_TRY(ky_feed_calls_begin(r, &t.sequences));
  t.active = active;
  KY_TRY(ky_gtfs_each(&r->gtfs, "stop_times.txt", true, columns, COLUMNS, survey_row, &t));
  t.newest_trip = KY_NONE;
  KY_TRY(ky_gtfs_each(&r->gtfs, "stop_times.txt", true, columns, COLUMNS, count_row, &t));
  KY_TRY(ky_feed_report_unused(r, t.is_named, t.has_times));
  KY_TRY(ky_feed_calls_finish(r, &t.sequences, t.start_s));
  return list_calls(job, &t.calls, poles, feed);
}
