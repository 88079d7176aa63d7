/* stops.txt: poles, stations and whatever else has a place in a feed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/gtfs_feed.h"
#include "io/raw_point.h"

/* In the order of the role's attributes, so that pick p is column p. */
enum { ID, NAME, PARENT, TYPE, LON, LAT, COLUMNS };

static const ky_gtfs_column columns[COLUMNS] = {{"stop_id", true},         {"stop_name", false},
                                                {"parent_station", false}, {"location_type", false},
                                                {"stop_lon", true},        {"stop_lat", true}};

typedef struct pole_reading {
  ky_feed_reading *feed;
  ky_raw_builder builder;
} pole_reading;

static double degrees(const ky_gtfs_row *row, uint32_t column) {
  char text[40], *end;
  if (row->length[column] == 0 || row->length[column] >= sizeof text) return NAN;
  memcpy(text, row->field[column], row->length[column]);
  text[row->length[column]] = '\0';
  if (strspn(text, "+-.0123456789eE") != row->length[column]) return NAN;
  const double value = strtod(text, &end);
  return *end == '\0' ? value : NAN;
}

static ky_err take_pole(void *user, const ky_gtfs_row *row) {
  pole_reading *p = user;
  ky_feed_reading *r = p->feed;
  ky_raw_builder *b = &p->builder;
  uint32_t pole;
  char name[48];
  b->read_count++;
  if (row->length[ID] == 0 || ky_ids_find(&r->poles, row->field[ID], row->length[ID]) != KY_NONE) {
    b->bad_count++;
    ky_gtfs_issue(&r->gtfs, row, KY_ERROR, "stop_id", row->length[ID] == 0 ? "id_missing" : "duplicate_id",
                  ky_tr("the row was left out"), "%s",
                  row->length[ID] == 0 ? ky_tr("stop_id is blank") : ky_tr("a stop of this id stands above"));
    return KY_OK;
  }
  bool is_new;
  KY_TRY(ky_ids_add(r->gtfs.job, &r->poles, row->field[ID], row->length[ID], &pole, &is_new));
  snprintf(name, sizeof name, "stops.txt row %llu", (unsigned long long)row->number);
  KY_TRY(ky_raw_add(b, name));
  for (uint32_t c = 0; c < COLUMNS; c++)
    if (row->length[c] != 0) KY_TRY(ky_raw_set(b, c, row->field[c], row->length[c]));
  ky_raw_name(b);
  const bool is_inner = ky_gtfs_is(row, TYPE, "3") || ky_gtfs_is(row, TYPE, "4"); /* may have no coordinates */
  if (row->length[LON] != 0 && row->length[LAT] != 0)
    return ky_raw_point(b, degrees(row, LON), degrees(row, LAT), true);
  if (!is_inner)
    ky_raw_bad_place(b, "stop_lon/stop_lat", "coordinates_missing", "%s", ky_tr("longitude or latitude is blank"));
  return KY_OK;
}

ky_err ky_feed_read_poles(ky_feed_reading *r) {
  ky_job *job = r->gtfs.job;
  const char **names;
  pole_reading p = {.feed = r};
  ky_picks picks;
  KY_NEW(job, scratch, names, COLUMNS);
  for (uint32_t c = 0; c < COLUMNS; c++) names[c] = columns[c].name;
  KY_TRY(ky_columns_pick(job, r->gtfs.source, names, NULL, COLUMNS, &picks));
  KY_TRY(ky_raw_begin(job, r->gtfs.source, &picks, &p.builder));
  p.builder.decoder = r->gtfs.decoder;
  KY_TRY(ky_gtfs_each(&r->gtfs, "stops.txt", true, columns, COLUMNS, take_pole, &p));
  r->gtfs.decoder = p.builder.decoder;
  return ky_raw_finish(&p.builder, names, r->raw);
}
