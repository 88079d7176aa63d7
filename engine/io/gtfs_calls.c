/* Trips in order of their calls; those with the same calls share a pattern, found by a hash of them. */
#include "io/gtfs_calls.h"

#include <string.h>

#include "core/sort.h"

/* The calls of one trip, in their order. */
typedef struct sequence {
  uint32_t trip, from, to; /* order[from .. to) */
} sequence;

typedef struct building {
  ky_feed_reading *reading;
  const ky_feed_calls *calls;
  const int32_t *start_s;
  uint32_t *order; /* [calls] */
  sequence *trips;
  uint32_t trip_count;
  uint32_t *by_pattern; /* [trips] */
  uint32_t call_count, run_count, time_count;
  ky_timetable *out;
} building;

ky_err ky_feed_calls_begin(ky_feed_reading *r, ky_feed_calls *calls) {
  ky_job *job = r->gtfs.job;
  const ky_feed *feed = r->feed;
  uint8_t *active;
  int32_t *week = r->feed->timetable.day;
  KY_NEW(job, scratch, active, r->calendar.count);
  KY_NEW(job, scratch, calls->service_days, r->calendar.count);
  ky_service_week(&r->calendar, feed->day, feed->first_day, feed->last_day, active, week);
  for (int w = 0; w < 7; w++) {
    if (week[w] == KY_NO_DAY) continue;
    ky_services_on(&r->calendar, week[w], active);
    for (uint32_t s = 0; s < r->calendar.count; s++)
      if (active[s]) calls->service_days[s] |= (uint8_t)(1u << w);
  }
  return KY_OK;
}

static uint8_t days_of(const ky_feed_reading *r, const ky_feed_calls *calls, uint32_t trip) {
  return r->trip_service[trip] != KY_NONE ? calls->service_days[r->trip_service[trip]] : 0;
}

ky_err ky_feed_call_add(ky_feed_reading *r, ky_feed_calls *calls, const ky_feed_call *call) {
  if (days_of(r, calls, call->trip) == 0) return KY_OK;
  calls->call = ky_feed_grow(r->gtfs.job, calls->call, calls->count, &calls->capacity, sizeof *calls->call);
  if (calls->call == NULL) return ky_fail_memory(r->gtfs.job);
  calls->call[calls->count++] = *call;
  return KY_OK;
}

/* Calls by trip and stop_sequence; rows of equal numbers as they came. */
static ky_err sort_calls(ky_job *job, building *b) {
  const ky_feed_call *call = b->calls->call;
  const uint32_t n = b->calls->count;
  uint64_t *key;
  KY_NEW(job, scratch, key, n);
  KY_NEW(job, scratch, b->order, n);
  KY_NEW(job, scratch, b->trips, n);
  for (uint32_t i = 0; i < n; i++) {
    key[i] = (uint64_t)call[i].trip << 32 | call[i].sequence;
    b->order[i] = i;
  }
  KY_TRY(ky_sort_pairs(job, key, b->order, n));
  for (uint32_t i = 0; i < n; i++) {
    const uint32_t trip = call[b->order[i]].trip;
    if (i == 0 || call[b->order[i - 1]].trip != trip) b->trips[b->trip_count++] = (sequence){trip, i, i};
    b->trips[b->trip_count - 1].to = i + 1;
  }
  return KY_OK;
}

static const ky_feed_call *call_of(const building *b, const sequence *trip, uint32_t place) {
  return &b->calls->call[b->order[trip->from + place]];
}

static uint64_t hash_of(const building *b, const sequence *trip) {
  uint64_t hash = UINT64_C(0xCBF29CE484222325); /* FNV-1a over words */
  for (uint32_t i = 0; i < trip->to - trip->from; i++) {
    const ky_feed_call *call = call_of(b, trip, i);
    hash = (hash ^ ((uint64_t)call->pole << 8 | call->may)) * UINT64_C(0x100000001B3);
    hash ^= hash >> 29;
  }
  return hash;
}

static bool are_alike(const building *b, const sequence *one, const sequence *other) {
  if (one->to - one->from != other->to - other->from) return false;
  for (uint32_t i = 0; i < one->to - one->from; i++)
    if (call_of(b, one, i)->pole != call_of(b, other, i)->pole || call_of(b, one, i)->may != call_of(b, other, i)->may)
      return false;
  return true;
}

/* Trips with one hash stand together; of two patterns with one hash the trips may alternate, and each time they do is a
 * pattern of its own, which changes no count. */
static ky_err sort_trips(ky_job *job, building *b) {
  uint64_t *key;
  KY_NEW(job, scratch, key, b->trip_count);
  KY_NEW(job, scratch, b->by_pattern, b->trip_count);
  for (uint32_t t = 0; t < b->trip_count; t++) {
    key[t] = hash_of(b, &b->trips[t]);
    b->by_pattern[t] = t;
  }
  return ky_sort_pairs(job, key, b->by_pattern, b->trip_count);
}

static const sequence *sorted(const building *b, uint32_t t) {
  return &b->trips[b->by_pattern[t]];
}

static bool begins_pattern(const building *b, uint32_t t) {
  return t == 0 || !are_alike(b, sorted(b, t - 1), sorted(b, t));
}

static uint32_t runs_of(const building *b, uint32_t trip) {
  const ky_feed_reading *r = b->reading;
  uint32_t n = r->trip_headway[trip] == KY_NONE;
  for (uint32_t h = r->trip_headway[trip]; h != KY_NONE; h = r->next_headway[h]) n++;
  return n;
}

static ky_err new_timetable(ky_job *job, building *b) {
  ky_timetable *out = b->out;
  uint32_t patterns = 0, calls = 0, runs = 0;
  for (uint32_t t = 0; t < b->trip_count; t++) {
    const sequence *trip = sorted(b, t);
    if (begins_pattern(b, t)) patterns++, calls += trip->to - trip->from;
    runs += runs_of(b, trip->trip);
  }
  KY_NEW(job, keep, out->first_call, (size_t)patterns + 1);
  KY_NEW(job, keep, out->first_run, (size_t)patterns + 1);
  KY_NEW(job, keep, out->call_pole, calls);
  KY_NEW(job, keep, out->call_may, calls);
  KY_NEW(job, keep, out->run, runs);
  KY_NEW(job, keep, out->leave_s, b->calls->count);
  KY_NEW(job, keep, out->arrive_s, b->calls->count);
  return KY_OK;
}

/* Starts of a headway before its end; none when it ends before it starts. */
static uint32_t starts_of(const ky_headway *headway) {
  if (headway->end_s <= headway->start_s) return 0;
  return (uint32_t)(((int64_t)headway->end_s - headway->start_s + headway->headway_s - 1) / headway->headway_s);
}

static void add_runs(building *b, const sequence *trip) {
  const ky_feed_reading *r = b->reading;
  ky_timetable *out = b->out;
  const int32_t start_s = b->start_s[trip->trip];
  ky_trip_run run = {.first_time = b->time_count, .count = 1, .days = days_of(r, b->calls, trip->trip)};
  for (uint32_t i = 0; i < trip->to - trip->from; i++, b->time_count++) {
    out->leave_s[b->time_count] = call_of(b, trip, i)->leave_s;
    out->arrive_s[b->time_count] = call_of(b, trip, i)->arrive_s;
  }
  if (r->trip_headway[trip->trip] == KY_NONE) out->run[b->run_count++] = run;
  for (uint32_t h = r->trip_headway[trip->trip]; h != KY_NONE; h = r->next_headway[h]) {
    run.count = starts_of(&r->headways[h]);
    run.headway_s = r->headways[h].headway_s;
    run.start_s = start_s == KY_NO_TIME ? 0 : r->headways[h].start_s - start_s;
    out->run[b->run_count++] = run;
  }
}

ky_err ky_feed_calls_finish(ky_feed_reading *r, const ky_feed_calls *calls, const int32_t *start_s) {
  ky_job *job = r->gtfs.job;
  ky_timetable *out = &r->feed->timetable;
  building b = {.reading = r, .calls = calls, .start_s = start_s, .out = out};
  KY_TRY(sort_calls(job, &b));
  KY_TRY(sort_trips(job, &b));
  KY_TRY(new_timetable(job, &b));
  for (uint32_t t = 0; t < b.trip_count; t++) {
    const sequence *trip = sorted(&b, t);
    if (begins_pattern(&b, t)) {
      for (uint32_t i = 0; i < trip->to - trip->from; i++, b.call_count++) {
        out->call_pole[b.call_count] = call_of(&b, trip, i)->pole;
        out->call_may[b.call_count] = call_of(&b, trip, i)->may;
      }
      out->pattern_count++;
    }
    add_runs(&b, trip);
    out->first_call[out->pattern_count] = b.call_count;
    out->first_run[out->pattern_count] = b.run_count;
  }
  return KY_OK;
}
