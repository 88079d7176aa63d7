/* Transit supply: days and hours of venues out of their texts, the calls that a feed keeps, the days of its week.
 * What stops lead to is compared with another computation in tests/check/transit.py. */
#include <kayoi/supply.h>

#include "core/service_days.h"
#include "feed.h"

static void test_sessions(void **state) {
  (void)state;
  static const struct {
    const char *weekday, *hours;
    uint8_t days;
    int32_t from_min, to_min; /* -1: unknown */
  } cases[] = {
      {"毎週水曜日", "10:00-11:30", 0x04, 600, 690},
      {"月・木", "１０：００～１１：３０", 0x09, 600, 690},
      {"火曜日と金曜日", "10時から11時半まで", 0x12, 600, 690},
      {"第1・3木曜", "午後1時30分～3時", 0x08, 810, 900},
      {"月～金", "13:30〜15:00", 0x1F, 810, 900},
      {"土~月", "午前9時-午後1時", 0x61, 540, 780},
      {"平日", NULL, 0x1F, -1, -1},
      {"毎日", "", 0x7F, -1, -1},
      {"日", "14:00-13:00", 0x40, -1, -1},
      {NULL, "平日 10:00-11:30", 0x1F, 600, 690},
      {"火", "平日 10:00-11:30", 0x02, 600, 690},
      {NULL, "土曜 13:00-15:00", 0x20, 780, 900},
      {NULL, "平日 10:00-12:00 土曜 13:00-15:00", 0, -1, -1}, /* two of them: which one? */
      {"毎月10日", "10:00-", 0, -1, -1},
      {"月2回", "25:00-26:00", 0, -1, -1},
      {"不定期", "10時頃", 0, -1, -1},
      {"月-", "10:00-11:30（8月は休み）", 0, -1, -1},
      {"祝日を除く火曜", "1000-1130", 0, -1, -1},
  };
  enum { COUNT = sizeof cases / sizeof *cases };
  const char *weekday[COUNT], *hours[COUNT];
  ky_job job;
  ky_sessions sessions;
  ky_venues venues = {.count = COUNT};
  ky_job_init(&job, 1);
  for (int i = 0; i < COUNT; i++) weekday[i] = cases[i].weekday, hours[i] = cases[i].hours;
  venues.text[KY_VENUE_WEEKDAY] = weekday;
  venues.text[KY_VENUE_HOURS] = hours;
  assert_int_equal(ky_sessions_read(&job, &venues, &sessions), KY_OK);
  for (int i = 0; i < COUNT; i++) {
    const int32_t from = cases[i].from_min < 0 ? KY_NO_TIME : cases[i].from_min * 60;
    const int32_t to = cases[i].to_min < 0 ? KY_NO_TIME : cases[i].to_min * 60;
    if (sessions.days[i] != cases[i].days || sessions.from_s[i] != from || sessions.to_s[i] != to)
      fail_msg("case %d: days %#x, %d to %d", i, sessions.days[i], sessions.from_s[i], sessions.to_s[i]);
  }
  ky_job_free(&job);
}

/* Calls of the plain feed: t1 p1-p4-p2 (nobody boards at p2), t2 p1-p4 with a night call, t3 on Saturdays. */
static void test_timetable(void **state) {
  (void)state;
  reading r;
  read_feed(&r, plain);
  const ky_timetable *t = &r.inputs.feeds[0].feed->timetable;
  const ky_raw *poles = &r.inputs.feeds[0];
  assert_int_equal(t->pattern_count, 3);
  assert_int_equal(t->first_run[3], 3);
  assert_int_equal(t->first_call[3], 6);
  for (int w = 0; w < 7; w++) assert_int_equal(ky_day_weekday(t->day[w]), w);
  assert_int_equal(t->day[2], r.inputs.feeds[0].feed->day);
  bool has_three = false, has_night = false, has_saturday = false;
  for (uint32_t p = 0; p < 3; p++) {
    const uint32_t first = t->first_call[p], n = t->first_call[p + 1] - first;
    const ky_trip_run *run = &t->run[t->first_run[p]];
    assert_int_equal(run->count, 1);
    assert_string_equal(ky_raw_value(poles, "id", t->call_pole[first]), "p1");
    if (n == 3) {
      has_three = true;
      assert_int_equal(run->days, 0x1F);
      assert_int_equal(t->call_may[first + 2], KY_MAY_ALIGHT);
      assert_int_equal(t->leave_s[run->first_time], 8 * 3600 + 59 * 60 + 59);
    }
    if (n == 2) {
      has_night = true;
      assert_int_equal(t->arrive_s[run->first_time + 1], 25 * 3600 + 600);
    }
    if (n == 1) {
      has_saturday = true;
      assert_int_equal(run->days, 0x20);
    }
  }
  assert_true(has_three && has_night && has_saturday);
  /* the poles p1 and p2 are one stop, the station */
  assert_int_equal(r.stops.feed_stop[0][t->call_pole[0]], stop(&r, "p1"));
  ky_job_free(&r.job);
}

/* Headways: as many starts as before the end; trips on request only are left out. */
static void test_runs(void **state) {
  (void)state;
  table tables[TABLES];
  reading r;
  memcpy(tables, plain, sizeof tables);
  tables[FREQUENCIES] = (table){"frequencies.txt",
                                "trip_id,start_time,end_time,headway_secs\nt1,8:00:00,10:00:00,1800\nt1,15:00:00,"
                                "15:00:01,600\nt1,9:00:00,8:00:00,600\n"};
  tables[TIMES] = (table){"stop_times.txt",
                          "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
                          "t1,9:20:00,9:20:00,p4,20,0,1\nt1,9:00:00,9:01:00,p1,3,0,0\n"
                          "t2,9:00:00,9:00:00,p1,1,2,0\nt2,9:10:00,9:10:00,p4,2,3,0\n"};
  read_feed(&r, tables);
  const ky_timetable *t = &r.inputs.feeds[0].feed->timetable;
  assert_int_equal(t->pattern_count, 1);
  assert_string_equal(ky_raw_value(&r.inputs.feeds[0], "id", t->call_pole[0]), "p1"); /* by stop_sequence */
  assert_int_equal(t->call_may[1], KY_MAY_BOARD);
  uint32_t starts = 0;
  bool has_eight = false;
  for (uint32_t n = 0; n < t->first_run[1]; n++) {
    starts += t->run[n].count;
    if (t->run[n].count != 4) continue;
    has_eight = true;
    assert_int_equal(t->run[n].headway_s, 1800);
    assert_int_equal(t->leave_s[t->run[n].first_time] + t->run[n].start_s, 8 * 3600); /* first departure 9:01 */
  }
  assert_int_equal(starts, 5);
  assert_true(has_eight);
  ky_job_free(&r.job);
}

/* Monday 4 May is a holiday: the Monday with most trips nearby stands for it; its own day stands for itself. */
static void test_week(void **state) {
  (void)state;
  const int32_t wednesday = day(2026, 5, 13);
  uint8_t weekdays[] = {0x1F, 0x00}, active[2];
  int32_t first[] = {day(2026, 5, 1), day(2026, 5, 1)}, last[] = {day(2026, 5, 31), day(2026, 5, 31)}, week[7];
  uint32_t trips[] = {10, 3}, service[] = {0, 0, 1};
  int32_t dates[] = {day(2026, 5, 11), wednesday, day(2026, 5, 18)};
  uint8_t added[] = {0, 0, 1};
  const ky_services services = {2, weekdays, first, last, trips, 3, service, dates, added};
  ky_service_week(&services, wednesday, first[0], last[0], active, week);
  assert_int_equal(week[0], day(2026, 5, 18)); /* 13 trips: the 11th has none, the 4th 10 */
  assert_int_equal(week[1], day(2026, 5, 12));
  assert_int_equal(week[2], wednesday); /* though nothing runs */
  assert_int_equal(week[6], day(2026, 5, 17));
  ky_service_week(&services, day(2026, 5, 1), first[0], day(2026, 5, 2), active, week);
  assert_int_equal(week[0], KY_NO_DAY);
  assert_int_equal(week[4], day(2026, 5, 1));
  assert_int_equal(week[5], day(2026, 5, 2));
  ky_service_week(&services, KY_NO_DAY, 0, 0, active, week);
  for (int w = 0; w < 7; w++) assert_int_equal(week[w], KY_NO_DAY);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_sessions), cmocka_unit_test(test_timetable),
                                     cmocka_unit_test(test_runs), cmocka_unit_test(test_week)};
  return cmocka_run_group_tests(tests, setup, teardown);
}
