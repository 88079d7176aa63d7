/* The inputs of run.json: what was read, from where, and what it was taken for. */
#include "io/dialect.h"
#include "io/elsewhere.h"
#include "io/run_json_parts.h"

static void set_day(ky_run_json *b, json_t *object, const char *key, int32_t day) {
  char text[16];
  ky_json_set_text(b, object, key, day != KY_NO_DAY ? ky_day_text(text, day) : NULL);
}

/* The days whose trips stand for Monday, Tuesday ... Sunday. */
static void set_week(ky_run_json *b, json_t *object, const int32_t *days) {
  static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  json_t *week = json_object();
  for (int d = 0; d < 7; d++) set_day(b, week, names[d], days[d]);
  ky_json_set(b, object, "days_of_week", week);
}

static json_t *timetable_value(ky_run_json *b, const ky_feed *feed) {
  json_t *timetable = json_object();
  set_day(b, timetable, "valid_from", feed->first_day);
  set_day(b, timetable, "valid_to", feed->last_day);
  set_day(b, timetable, "day_counted", feed->day);
  set_week(b, timetable, feed->timetable.day);
  ky_json_set_count(b, timetable, "routes", feed->route_count);
  ky_json_set_count(b, timetable, "trips", feed->trip_count);
  ky_json_set_count(b, timetable, "trips_on_day", feed->day_trip_count);
  ky_json_set_count(b, timetable, "stop_times", feed->stop_time_count);
  return timetable;
}

static json_t *table_value(ky_run_json *b, const ky_raw *raw) {
  json_t *table = json_object();
  ky_json_set_text(b, table, "path", raw->source->table_shown);
  ky_json_set_count(b, table, "bytes", raw->table_bytes);
  ky_json_set_hash(b, table, raw->table_hash);
  return table;
}

static json_t *dialect_value(ky_run_json *b, const ky_raw *raw) {
  const ky_dialect *d = &raw->dialect;
  char text[KY_DIALECT_BYTES];
  json_t *dialect = json_object();
  ky_json_set_text(b, dialect, "separator", ky_dialect_separator(d));
  ky_json_set(b, dialect, "byte_order_mark", json_boolean(d->has_bom));
  ky_json_set(b, dialect, "quoted_line_feeds", json_boolean(d->has_quoted_lines));
  ky_json_set_count(b, dialect, "header_row", d->header_row);
  ky_json_set(b, dialect, "other_width_names", json_boolean(d->has_wide_names));
  ky_json_set(b, dialect, "full_width_digits", json_boolean(d->has_wide_digits));
  ky_json_set_text(b, dialect, "text", ky_dialect_text(text, raw->source, d));
  return dialect;
}

/* Where records of a database came from; the configuration's own words, in which no password can stand. */
static json_t *postgis_value(ky_run_json *b, const ky_pg_origin *o) {
  json_t *postgis = json_object();
  ky_json_set_text(b, postgis, "place", o->place);
  ky_json_set_text(b, postgis, "server", o->server);
  ky_json_set_text(b, postgis, "database", o->database);
  ky_json_set_text(b, postgis, "user", o->user);
  ky_json_set_text(b, postgis, "version", o->version);
  ky_json_set_text(b, postgis, "postgis_version", o->postgis);
  ky_json_set_text(b, postgis, "tls", o->tls);
  ky_json_set_text(b, postgis, "sslmode", o->sslmode);
  ky_json_set_text(b, postgis, "table", o->table);
  ky_json_set_text(b, postgis, "query", o->query);
  ky_json_set_text(b, postgis, "order", o->order);
  ky_json_set_text(b, postgis, "geometry", o->geometry);
  if (o->geometry != NULL) ky_json_set_count(b, postgis, "srid", o->srid);
  return postgis;
}

static json_t *input_value(ky_run_json *b, const ky_raw *raw) {
  json_t *input = json_object();
  ky_json_set_text(b, input, "role", ky_role_get(raw->source->role)->name);
  ky_json_set_text(b, input, "name", raw->source->name);
  ky_json_set_text(b, input, "path", raw->source->shown != NULL ? raw->source->shown : raw->source->path);
  if (raw->postgis != NULL) ky_json_set(b, input, "postgis", postgis_value(b, raw->postgis));
  ky_json_set_text(b, input, "layer", raw->source->layer);
  if (raw->source->is_workbook) ky_json_set(b, input, "workbook", json_true());
  ky_json_set_text(b, input, "format", raw->format);
  ky_json_set_text(b, input, "encoding", raw->encoding);
  if (raw->dialect.separator != 0 || raw->dialect.is_sheet) ky_json_set(b, input, "dialect", dialect_value(b, raw));
  ky_json_set_text(b, input, "crs", raw->crs);
  ky_json_set_text(b, input, "crs_origin", raw->crs_origin);
  ky_json_set_text(b, input, "date", raw->source->date);
  if (raw->source->participants_date != NULL)
    ky_json_set_text(b, input, "participants_date", raw->source->participants_date);
  if (raw->source->participants_band != NULL)
    ky_json_set_text(b, input, "participants_band", raw->source->participants_band);
  if (raw->source->participants_extent != NULL)
    ky_json_set_text(b, input, "participants_extent", raw->source->participants_extent);
  ky_json_set_count(b, input, "records_read", raw->read_count);
  ky_json_set_count(b, input, "records_bad", raw->bad_count);
  if (ky_elsewhere_concerns(raw->source->role)) ky_json_set_count(b, input, "records_elsewhere", raw->elsewhere_count);
  if (raw->unneeded_count != 0) ky_json_set_count(b, input, "records_unneeded", raw->unneeded_count);
  if (raw->kinds_left_out != 0) ky_json_set_count(b, input, "records_of_other_kinds", raw->kinds_left_out);
  if (raw->feed != NULL) ky_json_set(b, input, "timetable", timetable_value(b, raw->feed));
  ky_json_set_count(b, input, "bytes", raw->bytes);
  ky_json_set_hash(b, input, raw->hash);
  if (raw->source->table != NULL) ky_json_set(b, input, "table", table_value(b, raw));
  return input;
}

json_t *ky_json_inputs(ky_run_json *b) {
  const ky_inputs *in = b->result->inputs;
  const struct {
    const ky_raw *raws;
    uint32_t count;
  } groups[] = {{in->residents, in->resident_count},
                {in->venues, in->venue_count},
                {in->zones, in->zone_count},
                {in->borders, in->border_count},
                {in->roads, in->road_count},
                {in->sites, in->site_count},
                {in->officials, in->official_count},
                {in->facts, in->fact_source_count},
                {in->feeds, in->feed_count},
                {in->stops, in->stop_source_count},
                {in->references, in->reference_count},
                {in->names, in->name_source_count},
                {in->bus_routes, in->bus_route_count},
                {in->elevations, in->elevation_count},
                {in->resources, in->resource_source_count},
                {in->years, in->year_source_count},
                {in->buildings, in->building_source_count},
                {in->barriers, in->barrier_count}};
  json_t *inputs = json_array();
  for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
    for (uint32_t i = 0; i < groups[g].count; i++) ky_json_append(b, inputs, input_value(b, &groups[g].raws[i]));
  return inputs;
}
