/* Timetable feeds written here, read as a run reads them: days, departures, grouping, and what is wrong with a feed. */
#include "feed.h"

static void change(table *tables, int which, const char *file, const char *text) {
  tables[which] = (table){file, text};
}

static void test_departures(void **state) {
  (void)state;
  reading r;
  read_feed(&r, plain);
  assert_int_equal(r.inputs.feed_count, 1);
  const ky_feed *feed = r.inputs.feeds[0].feed;
  assert_null(feed->reading);
  assert_int_equal(feed->day, day(2026, 5, 6)); /* the first of equal Wednesdays */
  assert_int_equal(feed->trip_count, 3);
  assert_int_equal(feed->day_trip_count, 2);
  assert_int_equal(feed->stop_time_count, 6);
  assert_string_equal(r.inputs.feeds[0].format, "GTFS");
  assert_int_equal(r.stops.count, 3);
  const uint32_t station = stop(&r, "p1"), school = stop(&r, "p4"), far = stop(&r, "p3");
  assert_int_equal(r.stops.pole_count[station], 2);
  assert_string_equal(r.stops.pole_ids[station], "p1; p2");
  assert_int_equal(r.stops.trips_weekday[station], 2);     /* t1 and t2 at p1; t1 lets nobody in at p2 */
  assert_int_equal(r.stops.trips_venue_hours[station], 1); /* 16:00 is in, 8:59:59 is not */
  assert_int_equal(r.stops.trips_weekday[school], 2);      /* 25:10:00 is a departure */
  assert_int_equal(r.stops.trips_venue_hours[school], 1);  /* 9:00 */
  assert_string_equal(r.stops.routes[station], "1系統; 環状");
  assert_string_equal(r.stops.kind[station], "bus; tram");
  assert_string_equal(r.stops.operator_name[station], "市営バス");
  assert_int_equal(r.stops.is_demand_bus[station], 0);
  assert_int_equal(r.stops.trips_weekday[far], 0);
  assert_int_equal(r.stops.is_demand_bus[far], -1);
  assert_null(r.stops.routes[far]);
  assert_string_equal(r.stops.date[far], "2026-05-06");
  assert_string_equal(r.stops.trips_source[far], "feed");
  assert_int_equal(r.job.issues.count, 1);
  assert_string_equal(r.job.issues.rows[0].reason, "unreferenced_ids");
  assert_non_null(strstr(r.job.issues.rows[0].message, "1 stops that no stop time names (first: p3), 0 routes"));
  ky_job_free(&r.job);
}

/* What is defined and used by nothing; stations need no stop times. */
static void test_unused(void **state) {
  (void)state;
  table tables[TABLES];
  reading r;
  memcpy(tables, plain, sizeof tables);
  change(
      tables, STOPS, "stops.txt",
      "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
      "s,駅,32.8,130.7,1,\np1,駅,32.8,130.7,0,s\np2,駅,32.8,130.7,,s\np4,学校,32.8,130.71,0,\np5,門,32.8,130.72,,\n");
  change(tables, TRIPS, "trips.txt", "trip_id,route_id,service_id\nt1,r1,week\nt2,r1,week\nt3,r1,week\nt4,r1,week\n");
  read_feed(&r, tables);
  assert_int_equal(issues_of(&r, "unreferenced_ids"), 1);
  for (uint32_t i = 0; i < r.job.issues.count; i++)
    if (strcmp(r.job.issues.rows[i].reason, "unreferenced_ids") == 0)
      assert_string_equal(
          r.job.issues.rows[i].message,
          "defined but not used: 1 stops that no stop time names (first: p5), 1 routes without trips, 1 "
          "trips without stop times, 1 services without trips");
  ky_job_free(&r.job);
}

/* BOM, quotes, CRLF, other order of columns, spaces, a folder inside the zip. */
static void test_forms(void **state) {
  (void)state;
  table tables[TABLES];
  reading r;
  memcpy(tables, plain, sizeof tables);
  change(tables, STOPS, "stops.txt",
         "\xEF\xBB\xBF\"stop_lon\",\"stop_lat\", stop_id ,\"stop_name\"\r\n130.7,32.8,\" p1\",\"駅\"\"前\"\r\n"
         "130.71,32.8,p4,学校\r\n\r\n130.7,32.8,p2,\"a,b\r\nc\"\r\n");
  begin(&r);
  add(&r, KY_ROLE_FEEDS, write_zip("feed.zip", "feed/", tables));
  finish(&r);
  assert_int_equal(r.err, KY_OK);
  assert_int_equal(r.stops.count, 3);
  assert_string_equal(r.stops.name[stop(&r, "p1")], "駅\"前");
  assert_string_equal(r.stops.name[stop(&r, "p2")], "a,b\r\nc");
  assert_int_equal(r.stops.trips_weekday[stop(&r, "p1")], 2);
  ky_job_free(&r.job);
}

static void test_exceptions(void **state) {
  (void)state;
  table tables[TABLES];
  reading r;
  memcpy(tables, plain, sizeof tables);
  /* The first Wednesday is a holiday, the second has a service of its own; a removal wins over an addition. */
  change(tables, DATES, "calendar_dates.txt",
         "service_id,date,exception_type\nweek,20260506,2\nweek,20260513,2\nextra,20260513,1\nextra,20260520,2\nextra,"
         "20260520,1\n");
  change(tables, TRIPS, "trips.txt",
         "trip_id,route_id,service_id\nt1,r1,week\nt2,r2,week\nt3,r1,extra\nt4,r1,extra\nt5,r1,extra\n");
  change(tables, INFO, "feed_info.txt", "feed_start_date,feed_end_date\n20260504,20260524\n");
  read_feed(&r, tables);
  assert_int_equal(r.inputs.feeds[0].feed->first_day, day(2026, 5, 4));
  assert_int_equal(r.inputs.feeds[0].feed->last_day, day(2026, 5, 24));
  assert_int_equal(r.inputs.feeds[0].feed->day, day(2026, 5, 13));
  assert_int_equal(r.inputs.feeds[0].feed->day_trip_count, 3);
  assert_int_equal(r.stops.trips_weekday[stop(&r, "p1")], 1); /* t3 */
  ky_job_free(&r.job);
  change(tables, CALENDAR, NULL, NULL); /* calendar_dates.txt alone is enough */
  read_feed(&r, tables);
  assert_int_equal(r.inputs.feeds[0].feed->day, day(2026, 5, 13));
  ky_job_free(&r.job);
}

static void test_frequencies(void **state) {
  (void)state;
  table tables[TABLES];
  reading r;
  memcpy(tables, plain, sizeof tables);
  change(tables, FREQUENCIES, "frequencies.txt",
         "trip_id,start_time,end_time,headway_secs\nt1,8:00:00,10:00:00,1800\nt1,15:00:00,15:00:01,600\nt9,8:00:00,9:"
         "00:00,60\n"
         "t1,8:00:00,9:00:00,0\n");
  read_feed(&r, tables);
  /* t1 leaves p1 at 8:00, 8:30, 9:00, 9:30 and 15:00, and p4 one second later, as its own times say; t2 once */
  assert_int_equal(r.stops.trips_weekday[stop(&r, "p4")], 5 + 1);
  assert_int_equal(r.stops.trips_venue_hours[stop(&r, "p4")], 3);
  assert_int_equal(r.stops.trips_weekday[stop(&r, "p1")], 5 + 1);
  assert_int_equal(r.stops.trips_venue_hours[stop(&r, "p1")], 3 + 1);
  assert_int_equal(issues_of(&r, "unknown_trip"), 1);
  assert_int_equal(issues_of(&r, "bad_frequency"), 1);
  ky_job_free(&r.job);
}

static void test_stations(void **state) {
  (void)state;
  table tables[TABLES];
  reading r;
  memcpy(tables, plain, sizeof tables);
  change(
      tables, STOPS, "stops.txt",
      "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
      "p1,A番,32.8000,130.7000,0,z\np2,B番,32.8400,130.7000,,z\nz,中央駅,32.8100,130.7000,1,\ne,入口,32.81,130.70,2,z\n"
      "n,,,,3,z\np3,学校,32.8000,130.7105,0,nowhere\np4,学校,32.8000,130.7100,0,\nlonely,無人駅,32.9,130.8,1,\n");
  read_feed(&r, tables);
  assert_int_equal(r.stops.count, 2);
  const uint32_t s = stop(&r, "z");
  assert_string_equal(r.stops.name[s], "中央駅");
  assert_string_equal(r.stops.pole_ids[s], "p1; p2"); /* however far apart */
  assert_int_equal(r.stops.trips_weekday[s], 2);
  assert_int_equal(r.stops.pole_count[stop(&r, "p3")], 2);
  assert_int_equal(issues_of(&r, "unknown_parent"), 1);
  assert_int_equal(issues_of(&r, "station_without_poles"), 1);
  assert_int_equal(issues_of(&r, "coordinates_missing"), 0);
  ky_job_free(&r.job);
  begin(&r);
  add(&r, KY_ROLE_FEEDS, write_zip("feed.zip", "", plain));
  r.opts.transit.group_m = 0;
  finish(&r);
  assert_int_equal(r.err, KY_OK);
  assert_int_equal(r.stops.count, 4);
  ky_job_free(&r.job);
}

static void test_demand(void **state) {
  (void)state;
  table tables[TABLES];
  reading r;
  memcpy(tables, plain, sizeof tables);
  change(tables, TIMES, "stop_times.txt",
         "trip_id,departure_time,stop_id,stop_sequence,pickup_type,pickup_booking_rule_id,location_id\n"
         "t1,9:00:00,p1,1,2,,\nt1,9:10:00,p4,2,3,,\nt1,9:20:00,p3,3,1,,\n" /* on request only */
         "t2,9:00:00,p1,1,0,,\nt2,9:10:00,p3,2,2,,\n"                      /* regular, one stop on request */
         "t3,9:00:00,p4,1,0,book,\nt3,,,2,2,,area1\n");
  read_feed(&r, tables);
  assert_int_equal(r.stops.trips_weekday[stop(&r, "p1")], 1);
  assert_int_equal(r.stops.trips_demand[stop(&r, "p1")], 1);
  assert_int_equal(r.stops.is_demand_bus[stop(&r, "p1")], 0);
  assert_int_equal(r.stops.trips_weekday[stop(&r, "p3")], 1);
  assert_int_equal(r.stops.trips_demand[stop(&r, "p3")], 0);
  assert_int_equal(r.stops.trips_weekday[stop(&r, "p4")], 0);
  assert_int_equal(r.stops.trips_demand[stop(&r, "p4")], 1);
  assert_int_equal(r.stops.is_demand_bus[stop(&r, "p4")], 1);
  assert_non_null(strstr(r.stops.kind[stop(&r, "p4")], "demand_bus"));
  assert_int_equal(issues_of(&r, "stop_is_area"), 1);
  ky_job_free(&r.job);
}

static void test_missing_files(void **state) {
  (void)state;
  static const int needed[] = {AGENCY, STOPS, ROUTES, TRIPS, TIMES, CALENDAR};
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    table tables[TABLES];
    reading r;
    memcpy(tables, plain, sizeof tables);
    change(tables, needed[i], NULL, NULL);
    for (int is_empty = 0; is_empty < 2; is_empty++) {
      begin(&r);
      add(&r, KY_ROLE_FEEDS, write_zip("feed.zip", "", tables));
      finish(&r);
      assert_int_equal(r.err, KY_E_INPUT);
      assert_non_null(strstr(r.job.message, plain[needed[i]].file));
      assert_non_null(strstr(r.job.message, "feed.zip"));
      ky_job_free(&r.job);
      change(tables, needed[i], plain[needed[i]].file, "");
    }
  }
}

static void expect_failure(const table *tables, const char *part) {
  reading r;
  begin(&r);
  add(&r, KY_ROLE_FEEDS, write_zip("feed.zip", "", tables));
  finish(&r);
  assert_int_equal(r.err, KY_E_INPUT);
  if (strstr(r.job.message, part) == NULL) fail_msg("%s: no '%s'", r.job.message, part);
  ky_job_free(&r.job);
}

static void test_broken(void **state) {
  (void)state;
  table tables[TABLES];
  reading r;
  memcpy(tables, plain, sizeof tables);
  change(tables, STOPS, "stops.txt", "stop_id,stop_name,stop_lat\np1,a,1\n");
  expect_failure(tables, "stop_lon");
  memcpy(tables, plain, sizeof tables);
  change(tables, TRIPS, "trips.txt", "trip_id,route_id,service_id\nt1,\"r1,week\n");
  expect_failure(tables, "trips.txt, row 2");
  static char long_row[(1 << 20) + 4096];
  memset(long_row, 'x', sizeof long_row - 1);
  memcpy(long_row, "trip_id,route_id,service_id\n\"", 29);
  change(tables, TRIPS, "trips.txt", long_row);
  expect_failure(tables, "longer than 1 MB");
  char path[160];
  snprintf(path, sizeof path, "%.60s/no.txt", folder);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  fputs("stop_id\n", file);
  assert_int_equal(fclose(file), 0);
  begin(&r);
  add(&r, KY_ROLE_FEEDS, path);
  finish(&r);
  assert_int_equal(r.err, KY_E_INPUT);
  assert_non_null(strstr(r.job.message, "zip"));
  ky_job_free(&r.job);
}

static void test_doubtful(void **state) {
  (void)state;
  table tables[TABLES];
  reading r;
  memcpy(tables, plain, sizeof tables);
  change(tables, STOPS, "stops.txt",
         "stop_id,stop_name,stop_lat,stop_lon\np1,駅前,32.8,130.7\np2,駅前,,\np4,学校,130.71,32.8\np1,again,32.8,130."
         "7\n,no id,32.8,130.7\n"
         "p5,\xff\xfe,32.8,130.7\n");
  change(tables, TRIPS, "trips.txt", "trip_id,route_id,service_id\nt1,r9,week\nt2,r2,never\nt3,r1,sat\nt1,r1,week\n");
  change(tables, TIMES, "stop_times.txt",
         "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\nt1,,,p1,1,0\nt1,nine,nine,p4,2,7\n"
         "t9,9:00:00,9:00:00,p1,1,0\nt1,9:00:00,9:00:00,p9,3,0\nt1,9:00:00,,p2,4,0\n");
  read_feed(&r, tables);
  static const char *const once[] = {
      "coordinates_swapped", "coordinates_missing", "id_missing", "unknown_route",   "unknown_service", "unknown_trip",
      "unknown_stop",        "time_missing",        "bad_time",   "bad_pickup_type", "bad_encoding"};
  for (size_t i = 0; i < sizeof once / sizeof *once; i++)
    if (issues_of(&r, once[i]) != 1) fail_msg("%s: %u", once[i], issues_of(&r, once[i]));
  assert_int_equal(issues_of(&r, "duplicate_id"), 2);
  assert_int_equal(r.inputs.feeds[0].count, 4);
  assert_int_equal(r.inputs.feeds[0].bad_count, 2);
  assert_int_equal(r.stops.count, 4); /* p2 has no place: it is a stop of its own, without geometry */
  assert_int_equal(r.stops.trips_weekday[stop(&r, "p2")], 1);
  assert_int_equal(r.stops.trips_venue_hours[stop(&r, "p2")], 1); /* its arrival stands for the departure */
  assert_int_equal(r.stops.trips_weekday[stop(&r, "p1")], 1);
  assert_int_equal(r.stops.trips_venue_hours[stop(&r, "p1")], 0);
  assert_int_equal(r.stops.shapes.first_part[r.stops.count], 3);
  ky_job_free(&r.job);
}

/* Many bad rows are five issues and a sum. */
static void test_many_issues(void **state) {
  (void)state;
  table tables[TABLES];
  reading r;
  static char text[64 * 1000];
  size_t used = (size_t)snprintf(text, sizeof text, "trip_id,departure_time,stop_id,stop_sequence\n");
  for (int i = 0; i < 1000; i++) used += (size_t)snprintf(text + used, sizeof text - used, "x%d,9:00:00,p1,1\n", i);
  memcpy(tables, plain, sizeof tables);
  change(tables, TIMES, "stop_times.txt", text);
  read_feed(&r, tables);
  assert_int_equal(issues_of(&r, "unknown_trip"), 6);
  assert_non_null(strstr(r.job.issues.rows[r.job.issues.count - 1].message, "1000"));
  ky_job_free(&r.job);
}

/* Several chunks, with quoted line ends and separators wherever a chunk may end. */
static void test_chunks(void **state) {
  (void)state;
  const size_t size = (size_t)3 << 20;
  table tables[TABLES];
  reading r;
  char *text = malloc(size);
  assert_non_null(text);
  size_t used = (size_t)snprintf(text, size, "stop_headsign,trip_id,departure_time,stop_id,stop_sequence\r\n");
  int64_t rows = 0;
  for (uint64_t seed = 7; used < size - 200; rows++)
    used += (size_t)snprintf(text + used, size - used, "\"%.*s,\"\"\r\n\"\"\",t1,10:00:00,p4,%d\r\n",
                             (int)(town_random(&seed) % 40), "あいうえおかきくけこさしすせそ", (int)rows);
  memcpy(tables, plain, sizeof tables);
  change(tables, TIMES, "stop_times.txt", text);
  read_feed(&r, tables);
  assert_int_equal(r.inputs.feeds[0].feed->stop_time_count, rows);
  assert_int_equal(r.stops.trips_venue_hours[stop(&r, "p4")], rows);
  ky_job_free(&r.job);
  free(text);
}

static void test_given_day(void **state) {
  (void)state;
  reading r;
  begin(&r);
  add(&r, KY_ROLE_FEEDS, write_zip("feed.zip", "", plain));
  r.opts.transit.weekday = day(2026, 5, 14);
  finish(&r);
  assert_int_equal(r.inputs.feeds[0].feed->day, day(2026, 5, 14));
  assert_int_equal(r.stops.trips_weekday[stop(&r, "p1")], 2);
  ky_job_free(&r.job);
  begin(&r);
  add(&r, KY_ROLE_FEEDS, write_zip("feed.zip", "", plain));
  r.opts.transit.weekday = day(2027, 5, 14);
  finish(&r);
  assert_int_equal(r.err, KY_OK);
  assert_int_equal(issues_of(&r, "feed_out_of_dates"), 1);
  assert_true(r.stops.trips_weekday[stop(&r, "p1")] == KY_NULL); /* unknown, not 0 */
  assert_null(r.stops.date[stop(&r, "p1")]);
  ky_job_free(&r.job);
}

static void test_two_feeds(void **state) {
  (void)state;
  table tables[TABLES];
  reading r;
  memcpy(tables, plain, sizeof tables);
  change(tables, CALENDAR, "calendar.txt",
         "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
         "week,0,1,0,0,1,0,0,20260601,20261231\n"); /* Tuesdays and Fridays */
  begin(&r);
  add(&r, KY_ROLE_FEEDS, write_zip("one.zip", "", plain));
  add(&r, KY_ROLE_FEEDS, write_zip("two.zip", "", tables));
  finish(&r);
  assert_int_equal(r.err, KY_OK);
  assert_int_equal(r.inputs.feeds[0].feed->day, day(2026, 6, 3));
  assert_int_equal(r.inputs.feeds[1].feed->day, day(2026, 6, 2));
  assert_int_equal(issues_of(&r, "other_weekday"), 1);
  assert_int_equal(issues_of(&r, "stops_in_two_sources"), 2);
  assert_int_equal(r.stops.count, 6); /* reported, not merged */
  assert_non_null(strstr(r.stops.also_in[0], "two.zip"));
  ky_job_free(&r.job);
  change(tables, CALENDAR, "calendar.txt",
         "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
         "week,1,1,1,1,1,0,0,20270101,20271231\n");
  begin(&r);
  add(&r, KY_ROLE_FEEDS, write_zip("one.zip", "", plain));
  add(&r, KY_ROLE_FEEDS, write_zip("two.zip", "", tables));
  finish(&r);
  assert_int_equal(issues_of(&r, "feed_out_of_dates"), 2);
  assert_int_equal(r.inputs.feeds[1].feed->day, day(2027, 1, 6));
  ky_job_free(&r.job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_departures), cmocka_unit_test(test_unused),        cmocka_unit_test(test_forms),
      cmocka_unit_test(test_exceptions), cmocka_unit_test(test_frequencies),   cmocka_unit_test(test_stations),
      cmocka_unit_test(test_demand),     cmocka_unit_test(test_missing_files), cmocka_unit_test(test_broken),
      cmocka_unit_test(test_doubtful),   cmocka_unit_test(test_many_issues),   cmocka_unit_test(test_chunks),
      cmocka_unit_test(test_given_day),  cmocka_unit_test(test_two_feeds),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
