/* Timetables written by tests, and a run of nothing but transit sources. */
#ifndef KAYOI_TEST_FEED_H
#define KAYOI_TEST_FEED_H

#include <cpl_conv.h>
#include <unistd.h>

#include "town.h"

typedef struct table {
  const char *file, *text;
} table;

#define TABLES 10
enum { AGENCY, STOPS, ROUTES, TRIPS, TIMES, CALENDAR, DATES, FREQUENCIES, INFO, MORE };

static const table plain[TABLES] = {
    [AGENCY] = {"agency.txt", "agency_id,agency_name\na,市営バス\n"},
    [STOPS] =
        {"stops.txt",
         "stop_id,stop_name,stop_lat,stop_lon\n"
         "p1,駅前,32.8000,130.7000\np2,駅前,32.8005,130.7000\np3,駅前,32.9000,130.7000\np4,学校,32.8000,130.7100\n"},
    [ROUTES] = {"routes.txt",
                "route_id,agency_id,route_short_name,route_long_name,route_type\nr1,a,1系統,,3\nr2,a,,環状,0\n"},
    [TRIPS] = {"trips.txt", "trip_id,route_id,service_id\nt1,r1,week\nt2,r2,week\nt3,r1,sat\n"},
    [TIMES] = {"stop_times.txt",
               "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\n"
               "t1,8:59:59,8:59:59,p1,1,0\nt1,9:00:00,9:00:00,p4,2,\nt1,9:30:00,9:30:00,p2,3,1\n"
               "t2,16:00:00,16:00:00,p1,1,0\nt2,25:10:00,25:10:00,p4,2,0\nt3,10:00:00,10:00:00,p1,1,0\n"},
    [CALENDAR] = {"calendar.txt",
                  "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
                  "week,1,1,1,1,1,0,0,20260501,20260831\nsat,0,0,0,0,0,1,0,20260501,20260831\n"},
};

static char folder[64];

static inline int setup(void **state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/kayoi-gtfs-XXXXXX");
  return mkdtemp(folder) == NULL;
}

static inline int teardown(void **state) {
  (void)state;
  char command[192];
  snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command);
}

/* A zip of the tables, in a folder inside it if that is not "". Returns its path (of four in turn). */
static inline const char *write_zip(const char *name, const char *inside, const table *tables) {
  static char path[4][160];
  static int turn = 0;
  turn = (turn + 1) % 4;
  snprintf(path[turn], sizeof path[turn], "%.60s/%.60s", folder, name);
  remove(path[turn]);
  void *zip = CPLCreateZip(path[turn], NULL);
  assert_non_null(zip);
  for (int t = 0; t < TABLES; t++) {
    char member[96];
    if (tables[t].file == NULL) continue;
    snprintf(member, sizeof member, "%.40s%.50s", inside, tables[t].file);
    assert_int_equal(CPLCreateFileInZip(zip, member, NULL), CE_None);
    assert_int_equal(CPLWriteFileInZip(zip, tables[t].text, (int)strlen(tables[t].text)), CE_None);
    assert_int_equal(CPLCloseFileInZip(zip), CE_None);
  }
  assert_int_equal(CPLCloseZip(zip), CE_None);
  return path[turn];
}

/* A run of nothing but transit sources. */
typedef struct reading {
  ky_job job;
  ky_source source[4];
  ky_read_opts opts;
  ky_inputs inputs;
  ky_zones zones;
  ky_stops stops;
  ky_err err;
} reading;

static inline void begin(reading *r) {
  memset(r, 0, sizeof *r);
  ky_job_init(&r->job, 1);
  r->opts = (ky_read_opts){.sources = r->source,
                           .crs = "EPSG:6670",
                           .transit = {.from_s = 9 * 3600, .to_s = 16 * 3600, .group_m = 200, .overlap_m = 50}};
}

static inline void add(reading *r, ky_role role, const char *path) {
  r->source[r->opts.source_count++] = (ky_source){.role = role, .name = "transit", .path = path, .shown = path};
}

/* A run has streets. */
static inline void add_street(reading *r) {
  static char path[160];
  snprintf(path, sizeof path, "%.60s/street.geojson", folder);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  fputs("{\"type\":\"LineString\",\"coordinates\":[[130.7,32.8],[130.71,32.8]]}", file);
  assert_int_equal(fclose(file), 0);
  add(r, KY_ROLE_ROADS, path);
}

static inline void finish(reading *r) {
  add_street(r);
  r->err = ky_read(&r->job, &r->opts, &r->inputs);
  if (r->err == KY_OK) r->err = ky_stops_build(&r->job, &r->inputs, &r->zones, &r->opts.transit, &r->stops);
  if (r->err == KY_OK) assert_null(ky_shapes_check(&r->stops.shapes));
}

static inline void read_feed(reading *r, const table *tables) {
  begin(r);
  add(r, KY_ROLE_FEEDS, write_zip("feed.zip", "", tables));
  finish(r);
  if (r->err != KY_OK) print_error("%s\n", r->job.message);
  assert_int_equal(r->err, KY_OK);
}

static inline uint32_t stop(const reading *r, const char *id) {
  for (uint32_t s = 0; s < r->stops.count; s++)
    if (strcmp(r->stops.id[s], id) == 0) return s;
  fail_msg("no stop %s", id);
  return 0;
}

static inline uint32_t issues_of(const reading *r, const char *reason) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < r->job.issues.count; i++) n += strcmp(r->job.issues.rows[i].reason, reason) == 0;
  return n;
}

static inline int32_t day(int y, int m, int d) {
  return ky_day_of(y, m, d);
}

#endif
