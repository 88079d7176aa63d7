/* Services of a feed and the days they run on. */
#include <string.h>

#include "io/gtfs_feed.h"

#define ALL_DAYS 7

void *ky_feed_grow(ky_job *job, void *items, uint32_t count, uint32_t *capacity, size_t size) {
  if (count < *capacity) return items;
  if (*capacity >= UINT32_C(1) << 30) return NULL;
  const uint32_t larger = *capacity == 0 ? 256 : *capacity * 2;
  void *copy = ky_arena_alloc(&job->scratch, larger, size);
  if (copy == NULL) return NULL;
  if (count != 0) memcpy(copy, items, count * size);
  *capacity = larger;
  return copy;
}

/* Number of a service; a new one runs on no day yet. */
static ky_err service_of(ky_feed_reading *r, const ky_gtfs_row *row, uint32_t column, uint32_t *service, bool *is_new) {
  ky_job *job = r->gtfs.job;
  ky_services *s = &r->calendar;
  uint32_t same[3] = {r->service_capacity, r->service_capacity, r->service_capacity};
  KY_TRY(ky_ids_add(job, &r->services, row->field[column], row->length[column], service, is_new));
  if (!*is_new) return KY_OK;
  s->weekdays = ky_feed_grow(job, s->weekdays, s->count, &same[0], sizeof *s->weekdays);
  s->first_day = ky_feed_grow(job, s->first_day, s->count, &same[1], sizeof *s->first_day);
  s->last_day = ky_feed_grow(job, s->last_day, s->count, &same[2], sizeof *s->last_day);
  s->trip_count = ky_feed_grow(job, s->trip_count, s->count, &r->service_capacity, sizeof *s->trip_count);
  if (s->weekdays == NULL || s->first_day == NULL || s->last_day == NULL || s->trip_count == NULL)
    return ky_fail_memory(job);
  s->weekdays[s->count] = 0;
  s->first_day[s->count] = s->last_day[s->count] = KY_NO_DAY;
  s->trip_count[s->count++] = 0;
  return KY_OK;
}

static bool has_id(ky_feed_reading *r, const ky_gtfs_row *row, uint32_t column, const char *name) {
  if (row->length[column] != 0) return true;
  ky_gtfs_issue(&r->gtfs, row, KY_ERROR, name, "id_missing", ky_tr("the row was left out"), ky_tr("%s is blank"), name);
  return false;
}

static const ky_gtfs_column calendar_columns[] = {
    {"monday", true},   {"tuesday", true}, {"wednesday", true},  {"thursday", true},   {"friday", true},
    {"saturday", true}, {"sunday", true},  {"service_id", true}, {"start_date", true}, {"end_date", true}};

static ky_err take_calendar(void *user, const ky_gtfs_row *row) {
  ky_feed_reading *r = user;
  ky_services *s = &r->calendar;
  uint32_t service;
  bool is_new;
  if (!has_id(r, row, ALL_DAYS, "service_id")) return KY_OK;
  KY_TRY(service_of(r, row, ALL_DAYS, &service, &is_new));
  if (!is_new) {
    ky_gtfs_issue(&r->gtfs, row, KY_ERROR, "service_id", "duplicate_id", ky_tr("the first row of this id was used"),
                  ky_tr("service %s is there more than once"), r->services.text[service]);
    return KY_OK;
  }
  const int32_t first = ky_gtfs_day(&r->gtfs, row, ALL_DAYS + 1, "start_date");
  const int32_t last = ky_gtfs_day(&r->gtfs, row, ALL_DAYS + 2, "end_date");
  if (first == KY_NO_DAY || last == KY_NO_DAY) return KY_OK;
  for (uint32_t d = 0; d < ALL_DAYS; d++)
    if (ky_gtfs_is(row, d, "1")) s->weekdays[service] |= (uint8_t)(1u << d);
  s->first_day[service] = first;
  s->last_day[service] = last;
  return KY_OK;
}

static const ky_gtfs_column date_columns[] = {{"service_id", true}, {"date", true}, {"exception_type", true}};

static ky_err take_date(void *user, const ky_gtfs_row *row) {
  ky_feed_reading *r = user;
  ky_services *s = &r->calendar;
  uint32_t service, same[2] = {r->exception_capacity, r->exception_capacity};
  bool is_new;
  if (!has_id(r, row, 0, "service_id")) return KY_OK;
  KY_TRY(service_of(r, row, 0, &service, &is_new));
  const int32_t day = ky_gtfs_day(&r->gtfs, row, 1, "date"), type = ky_gtfs_number(row, 2);
  if (day == KY_NO_DAY) return KY_OK;
  if (type != 1 && type != 2) {
    ky_gtfs_issue(&r->gtfs, row, KY_ERROR, "exception_type", "bad_exception", ky_tr("the row was left out"), "%s",
                  ky_tr("exception_type is neither 1 (added) nor 2 (removed)"));
    return KY_OK;
  }
  ky_job *job = r->gtfs.job;
  const uint32_t n = s->exception_count;
  s->exception_service = ky_feed_grow(job, s->exception_service, n, &same[0], sizeof *s->exception_service);
  s->exception_day = ky_feed_grow(job, s->exception_day, n, &same[1], sizeof *s->exception_day);
  s->exception_added = ky_feed_grow(job, s->exception_added, n, &r->exception_capacity, sizeof *s->exception_added);
  if (s->exception_service == NULL || s->exception_day == NULL || s->exception_added == NULL)
    return ky_fail_memory(job);
  s->exception_service[n] = service;
  s->exception_day[n] = day;
  s->exception_added[n] = type == 1;
  s->exception_count++;
  return KY_OK;
}

static const ky_gtfs_column info_columns[] = {{"feed_start_date", false}, {"feed_end_date", false}};

static ky_err take_info(void *user, const ky_gtfs_row *row) {
  ky_feed_reading *r = user;
  if (row->length[0] != 0) r->info_first = ky_gtfs_day(&r->gtfs, row, 0, "feed_start_date");
  if (row->length[1] != 0) r->info_last = ky_gtfs_day(&r->gtfs, row, 1, "feed_end_date");
  return KY_OK;
}

static void widen(ky_feed *feed, int32_t first, int32_t last) {
  if (feed->first_day == KY_NO_DAY || first < feed->first_day) feed->first_day = first;
  if (feed->last_day == KY_NO_DAY || last > feed->last_day) feed->last_day = last;
}

/* First to last day of any service, cut to what feed_info.txt says. */
static void settle_validity(ky_feed_reading *r) {
  const ky_services *s = &r->calendar;
  ky_feed *feed = r->feed;
  char text[4][16];
  for (uint32_t i = 0; i < s->count; i++)
    if (s->weekdays[i] != 0 && s->first_day[i] <= s->last_day[i]) widen(feed, s->first_day[i], s->last_day[i]);
  for (uint32_t e = 0; e < s->exception_count; e++)
    if (s->exception_added[e]) widen(feed, s->exception_day[e], s->exception_day[e]);
  const int32_t first = r->info_first > feed->first_day ? r->info_first : feed->first_day;
  const int32_t last = r->info_last != KY_NO_DAY && r->info_last < feed->last_day ? r->info_last : feed->last_day;
  if (first <= last) {
    feed->first_day = first;
    feed->last_day = last;
    return;
  }
  ky_issue_add(r->gtfs.job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = r->gtfs.where,
                           .record = "feed_info.txt",
                           .reason = "feed_dates_contradict",
                           .action = ky_tr("the dates of the calendars were used")},
               ky_tr("feed_info.txt says the feed holds from %s to %s, its services run from %s to %s"),
               ky_day_text(text[0], r->info_first), ky_day_text(text[1], r->info_last),
               ky_day_text(text[2], feed->first_day), ky_day_text(text[3], feed->last_day));
}

ky_err ky_feed_read_calendar(ky_feed_reading *r) {
  const bool has_dates = ky_gtfs_has(&r->gtfs, "calendar_dates.txt");
  KY_TRY(ky_gtfs_each(&r->gtfs, "calendar.txt", !has_dates, calendar_columns,
                      sizeof calendar_columns / sizeof *calendar_columns, take_calendar, r));
  KY_TRY(ky_gtfs_each(&r->gtfs, "calendar_dates.txt", false, date_columns, sizeof date_columns / sizeof *date_columns,
                      take_date, r));
  KY_TRY(ky_gtfs_each(&r->gtfs, "feed_info.txt", false, info_columns, sizeof info_columns / sizeof *info_columns,
                      take_info, r));
  settle_validity(r);
  return KY_OK;
}
