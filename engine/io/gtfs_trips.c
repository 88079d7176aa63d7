/* Who runs which routes, and the trips on them. */
#include <string.h>

#include "io/gtfs_feed.h"

static const ky_gtfs_column agency_columns[] = {{"agency_id", false}, {"agency_name", true}};

static ky_err take_agency(void *user, const ky_gtfs_row *row) {
  ky_feed_reading *r = user;
  uint32_t agency;
  bool is_new;
  KY_TRY(ky_ids_add(r->gtfs.job, &r->agencies, row->field[0], row->length[0], &agency, &is_new));
  if (!is_new) return KY_OK;
  r->agency_name = ky_feed_grow(r->gtfs.job, r->agency_name, agency, &r->agency_capacity, sizeof *r->agency_name);
  if (r->agency_name == NULL) return ky_fail_memory(r->gtfs.job);
  return ky_gtfs_text(&r->gtfs, row, 1, &r->agency_name[agency]);
}

/* Basic types of GTFS and the hundreds of its extended ones. */
static ky_stop_kind kind_of(int32_t type) {
  if (type == 3 || type == 11 || (type >= 200 && type < 300) || (type >= 700 && type < 900)) return KY_STOP_BUS;
  if (type == 0 || (type >= 900 && type < 1000)) return KY_STOP_TRAM;
  if (type == 1 || type == 2 || (type >= 100 && type < 200) || (type >= 400 && type < 700)) return KY_STOP_RAIL;
  if (type == 4 || type == 1000 || type == 1200) return KY_STOP_FERRY;
  return KY_STOP_OTHER;
}

static const ky_gtfs_column route_columns[] = {{"route_id", true},
                                               {"agency_id", false},
                                               {"route_short_name", false},
                                               {"route_long_name", false},
                                               {"route_type", true}};

static ky_err take_route(void *user, const ky_gtfs_row *row) {
  ky_feed_reading *r = user;
  ky_feed *feed = r->feed;
  uint32_t route;
  bool is_new;
  if (row->length[0] == 0) {
    ky_gtfs_issue(&r->gtfs, row, KY_ERROR, "route_id", "id_missing", ky_tr("the row was left out"),
                  ky_tr("%s is blank"), "route_id");
    return KY_OK;
  }
  KY_TRY(ky_ids_add(r->gtfs.job, &r->routes, row->field[0], row->length[0], &route, &is_new));
  if (!is_new) {
    ky_gtfs_issue(&r->gtfs, row, KY_ERROR, "route_id", "duplicate_id", ky_tr("the first row of this id was used"),
                  ky_tr("route %s is there more than once"), r->routes.text[route]);
    return KY_OK;
  }
  feed->routes = ky_feed_grow(r->gtfs.job, feed->routes, route, &r->route_capacity, sizeof *feed->routes);
  if (feed->routes == NULL) return ky_fail_memory(r->gtfs.job);
  ky_route *to = &feed->routes[route];
  *to = (ky_route){.kind = kind_of(ky_gtfs_number(row, 4))};
  for (uint32_t c = 2; c <= 3 && to->name == NULL; c++) KY_TRY(ky_gtfs_text(&r->gtfs, row, c, &to->name));
  if (to->name == NULL) KY_TRY(ky_gtfs_text(&r->gtfs, row, 0, &to->name));
  const uint32_t agency = ky_ids_find(&r->agencies, row->field[1], row->length[1]);
  if (agency != KY_NONE)
    to->operator_name = r->agency_name[agency];
  else if (row->length[1] == 0 && r->agencies.count == 1)
    to->operator_name = r->agency_name[0];
  else
    ky_gtfs_issue(&r->gtfs, row, KY_WARNING, "agency_id", "unknown_agency", ky_tr("its operator is unknown"),
                  ky_tr("agency \"%.*s\" is not in agency.txt"), (int)(row->length[1] < 60 ? row->length[1] : 60),
                  row->length[1] != 0 ? row->field[1] : "");
  feed->route_count++;
  return KY_OK;
}

static const ky_gtfs_column trip_columns[] = {{"trip_id", true}, {"route_id", true}, {"service_id", true}};

/* Number of a referenced id; KY_NONE with an issue. */
static uint32_t reference(ky_feed_reading *r, const ky_gtfs_row *row, uint32_t column, const ky_ids *ids,
                          const char *field, const char *reason, const char *action) {
  const uint32_t found = ky_ids_find(ids, row->field[column], row->length[column]);
  if (found == KY_NONE)
    ky_gtfs_issue(&r->gtfs, row, KY_ERROR, field, reason, action, ky_tr("%s \"%.*s\" is defined nowhere in the feed"),
                  field, (int)(row->length[column] < 60 ? row->length[column] : 60),
                  row->length[column] != 0 ? row->field[column] : "");
  return found;
}

static ky_err take_trip(void *user, const ky_gtfs_row *row) {
  ky_feed_reading *r = user;
  ky_job *job = r->gtfs.job;
  uint32_t trip, same = r->trip_capacity;
  bool is_new;
  if (row->length[0] == 0) {
    ky_gtfs_issue(&r->gtfs, row, KY_ERROR, "trip_id", "id_missing", ky_tr("the row was left out"), ky_tr("%s is blank"),
                  "trip_id");
    return KY_OK;
  }
  KY_TRY(ky_ids_add(job, &r->trips, row->field[0], row->length[0], &trip, &is_new));
  if (!is_new) {
    ky_gtfs_issue(&r->gtfs, row, KY_ERROR, "trip_id", "duplicate_id", ky_tr("the first row of this id was used"),
                  ky_tr("trip %s is there more than once"), r->trips.text[trip]);
    return KY_OK;
  }
  r->trip_service = ky_feed_grow(job, r->trip_service, trip, &same, sizeof *r->trip_service);
  r->trip_route = ky_feed_grow(job, r->trip_route, trip, &r->trip_capacity, sizeof *r->trip_route);
  if (r->trip_service == NULL || r->trip_route == NULL) return ky_fail_memory(job);
  r->trip_route[trip] =
      reference(r, row, 1, &r->routes, "route_id", "unknown_route", ky_tr("the trip counts, on no route"));
  r->trip_service[trip] = reference(r, row, 2, &r->services, "service_id", "unknown_service",
                                    ky_tr("the trip runs on no day, so it does not count"));
  if (r->trip_service[trip] != KY_NONE) r->calendar.trip_count[r->trip_service[trip]]++;
  r->feed->trip_count++;
  return KY_OK;
}

static const ky_gtfs_column frequency_columns[] = {
    {"trip_id", true}, {"start_time", true}, {"end_time", true}, {"headway_secs", true}};

static ky_err take_frequency(void *user, const ky_gtfs_row *row) {
  ky_feed_reading *r = user;
  ky_job *job = r->gtfs.job;
  uint32_t same = r->headway_capacity;
  const uint32_t n = r->headway_count,
                 trip = reference(r, row, 0, &r->trips, "trip_id", "unknown_trip", ky_tr("the row was left out"));
  const ky_headway headway = {ky_time_of(row->field[1], row->length[1]), ky_time_of(row->field[2], row->length[2]),
                              ky_gtfs_number(row, 3)};
  if (trip == KY_NONE) return KY_OK;
  if (headway.start_s == KY_NO_TIME || headway.end_s == KY_NO_TIME || headway.headway_s < 1) {
    ky_gtfs_issue(&r->gtfs, row, KY_ERROR, "start_time/end_time/headway_secs", "bad_frequency",
                  ky_tr("the row was left out"), "%s",
                  ky_tr("times are written 8:00:00 and headways are whole seconds above 0"));
    return KY_OK;
  }
  r->headways = ky_feed_grow(job, r->headways, n, &same, sizeof *r->headways);
  r->next_headway = ky_feed_grow(job, r->next_headway, n, &r->headway_capacity, sizeof *r->next_headway);
  if (r->headways == NULL || r->next_headway == NULL) return ky_fail_memory(job);
  r->headways[n] = headway;
  r->next_headway[n] = r->trip_headway[trip];
  r->trip_headway[trip] = r->headway_count++;
  return KY_OK;
}

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof *(array))

ky_err ky_feed_read_trips(ky_feed_reading *r) {
  ky_job *job = r->gtfs.job;
  KY_TRY(ky_gtfs_each(&r->gtfs, "agency.txt", true, agency_columns, COUNT(agency_columns), take_agency, r));
  KY_TRY(ky_gtfs_each(&r->gtfs, "routes.txt", true, route_columns, COUNT(route_columns), take_route, r));
  KY_TRY(ky_gtfs_each(&r->gtfs, "trips.txt", true, trip_columns, COUNT(trip_columns), take_trip, r));
  KY_NEW(job, scratch, r->trip_headway, r->trips.count);
  memset(r->trip_headway, 0xFF, r->trips.count * sizeof *r->trip_headway); /* KY_NONE */
  KY_TRY(
      ky_gtfs_each(&r->gtfs, "frequencies.txt", false, frequency_columns, COUNT(frequency_columns), take_frequency, r));
  ky_route *routes; /* out of scratch */
  KY_NEW(job, keep, routes, r->feed->route_count);
  if (r->feed->route_count != 0) memcpy(routes, r->feed->routes, r->feed->route_count * sizeof *routes);
  r->feed->routes = routes;
  return KY_OK;
}
