/* run.json with jansson. Its functions take NULL for a value that could not be made and answer -1, which the builder
 * remembers: run.json is whole, or the run fails. */
#include "io/run_json.h"

#include <inttypes.h>
#include <jansson.h>
#include <kayoi/counting.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistr.h>
#include <xxhash.h>

#include "io/dialect.h"
#include "io/elsewhere.h"
#include "io/out_file.h"
#include "io/out_folder.h"
#include "io/run_outputs.h"

#define REAL_DIGITS 15 /* people in thousandths print as they are: 12.345 */

typedef struct builder {
  ky_job *job;
  const ky_result *result;
  const ky_write_opts *opts;
  const ky_table *tables;
  uint32_t table_count;
  bool is_out; /* of memory */
} builder;

static void set(builder *b, json_t *object, const char *key, json_t *value) {
  if (json_object_set_new(object, key, value) != 0) b->is_out = true;
}

static void append(builder *b, json_t *array, json_t *value) {
  if (json_array_append_new(array, value) != 0) b->is_out = true;
}

/* NULL is null. A path may hold any bytes: those that are not UTF-8 become '?'. */
static json_t *text_value(builder *b, const char *text) {
  if (text == NULL) return json_null();
  const size_t length = strlen(text);
  if (u8_check((const uint8_t *)text, length) == NULL) return json_string(text);
  char *copy = ky_arena_text(&b->job->scratch, text, length);
  if (copy == NULL) return NULL;
  for (const uint8_t *bad; (bad = u8_check((const uint8_t *)copy, length)) != NULL;)
    copy[(const char *)bad - copy] = '?';
  return json_string(copy);
}

static void set_text(builder *b, json_t *object, const char *key, const char *text) {
  set(b, object, key, text_value(b, text));
}

static void set_count(builder *b, json_t *object, const char *key, uint64_t count) {
  set(b, object, key, json_integer((json_int_t)count));
}

/* Thousandths as a number with up to three decimals; KY_NULL is null. */
static json_t *milli_value(int64_t milli) {
  return milli == KY_NULL ? json_null() : json_real((double)milli / 1000.0);
}

static void set_milli(builder *b, json_t *object, const char *key, int64_t milli) {
  set(b, object, key, milli_value(milli));
}

static void set_hash(builder *b, json_t *object, uint64_t hash) {
  char text[17];
  snprintf(text, sizeof text, "%016" PRIx64, hash);
  set_text(b, object, "xxh3_64", text);
}

static void set_day(builder *b, json_t *object, const char *key, int32_t day) {
  char text[16];
  set_text(b, object, key, day != KY_NO_DAY ? ky_day_text(text, day) : NULL);
}

/* The days whose trips stand for Monday, Tuesday ... Sunday. */
static void set_week(builder *b, json_t *object, const int32_t *days) {
  static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  json_t *week = json_object();
  for (int d = 0; d < 7; d++) set_day(b, week, names[d], days[d]);
  set(b, object, "days_of_week", week);
}

static json_t *timetable_value(builder *b, const ky_feed *feed) {
  json_t *timetable = json_object();
  set_day(b, timetable, "valid_from", feed->first_day);
  set_day(b, timetable, "valid_to", feed->last_day);
  set_day(b, timetable, "day_counted", feed->day);
  set_week(b, timetable, feed->timetable.day);
  set_count(b, timetable, "routes", feed->route_count);
  set_count(b, timetable, "trips", feed->trip_count);
  set_count(b, timetable, "trips_on_day", feed->day_trip_count);
  set_count(b, timetable, "stop_times", feed->stop_time_count);
  return timetable;
}

static json_t *table_value(builder *b, const ky_raw *raw) {
  json_t *table = json_object();
  set_text(b, table, "path", raw->source->table_shown);
  set_count(b, table, "bytes", raw->table_bytes);
  set_hash(b, table, raw->table_hash);
  return table;
}

static json_t *dialect_value(builder *b, const ky_raw *raw) {
  const ky_dialect *d = &raw->dialect;
  char text[KY_DIALECT_BYTES];
  json_t *dialect = json_object();
  set_text(b, dialect, "separator", ky_dialect_separator(d));
  set(b, dialect, "byte_order_mark", json_boolean(d->has_bom));
  set(b, dialect, "quoted_line_feeds", json_boolean(d->has_quoted_lines));
  set_count(b, dialect, "header_row", d->header_row);
  set(b, dialect, "other_width_names", json_boolean(d->has_wide_names));
  set(b, dialect, "full_width_digits", json_boolean(d->has_wide_digits));
  set_text(b, dialect, "text", ky_dialect_text(text, raw->source, d));
  return dialect;
}

static json_t *input_value(builder *b, const ky_raw *raw) {
  json_t *input = json_object();
  set_text(b, input, "role", ky_role_get(raw->source->role)->name);
  set_text(b, input, "name", raw->source->name);
  set_text(b, input, "path", raw->source->shown != NULL ? raw->source->shown : raw->source->path);
  set_text(b, input, "layer", raw->source->layer);
  set_text(b, input, "format", raw->format);
  set_text(b, input, "encoding", raw->encoding);
  if (raw->dialect.separator != 0 || raw->dialect.is_sheet) set(b, input, "dialect", dialect_value(b, raw));
  set_text(b, input, "crs", raw->crs);
  set_text(b, input, "crs_origin", raw->crs_origin);
  set_text(b, input, "date", raw->source->date);
  if (raw->source->participants_date != NULL) set_text(b, input, "participants_date", raw->source->participants_date);
  if (raw->source->participants_band != NULL) set_text(b, input, "participants_band", raw->source->participants_band);
  if (raw->source->participants_extent != NULL)
    set_text(b, input, "participants_extent", raw->source->participants_extent);
  set_count(b, input, "records_read", raw->read_count);
  set_count(b, input, "records_bad", raw->bad_count);
  if (ky_elsewhere_concerns(raw->source->role)) set_count(b, input, "records_elsewhere", raw->elsewhere_count);
  if (raw->unneeded_count != 0) set_count(b, input, "records_unneeded", raw->unneeded_count);
  if (raw->kinds_left_out != 0) set_count(b, input, "records_of_other_kinds", raw->kinds_left_out);
  if (raw->feed != NULL) set(b, input, "timetable", timetable_value(b, raw->feed));
  set_count(b, input, "bytes", raw->bytes);
  set_hash(b, input, raw->hash);
  if (raw->source->table != NULL) set(b, input, "table", table_value(b, raw));
  return input;
}

static json_t *inputs_value(builder *b) {
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
                {in->elevations, in->elevation_count},
                {in->resources, in->resource_source_count},
                {in->years, in->year_source_count},
                {in->buildings, in->building_source_count},
                {in->barriers, in->barrier_count}};
  json_t *inputs = json_array();
  for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
    for (uint32_t i = 0; i < groups[g].count; i++) append(b, inputs, input_value(b, &groups[g].raws[i]));
  return inputs;
}

static json_t *buildings_value(builder *b) {
  const ky_buildings *from = b->result->buildings;
  json_t *buildings = json_object();
  uint32_t homes = 0;
  for (uint32_t i = 0; i < from->count; i++) homes += from->use[i] == KY_BUILDING_HOME;
  set_count(b, buildings, "read", from->read_count);
  set_count(b, buildings, "homes", homes);
  set_count(b, buildings, "unspecified", from->count - homes);
  set_count(b, buildings, "not_homes", from->other_count);
  set_count(b, buildings, "without_area", from->no_area_count);
  set_count(b, buildings, "duplicates", from->duplicate_count);
  set_count(b, buildings, "in_another", from->overlap_count);
  set_count(b, buildings, "storeys_unknown", from->no_storeys_count);
  return buildings;
}

static json_t *placement_value(builder *b) {
  json_t *placements = json_object();
  uint32_t count[KY_PLACEMENT_COUNT];
  ky_placement_counts(b->result->cells, b->result->points, count);
  for (uint32_t p = 0; p < KY_PLACEMENT_COUNT; p++)
    set_count(b, placements, ky_placement_name((ky_placement)p), count[p]);
  return placements;
}

static json_t *counts_value(builder *b) {
  const ky_result *r = b->result;
  json_t *counts = json_object();
  set_count(b, counts, "nodes", r->network->node_count);
  set_count(b, counts, "streets", r->network->edge_count);
  set_count(b, counts, "components", r->network->component_count);
  set_count(b, counts, "zones", r->zones->count);
  set_count(b, counts, "cells", r->cells->count);
  set_count(b, counts, "points", r->points->count);
  set_count(b, counts, "venues", r->venues->count);
  if (r->stops != NULL) set_count(b, counts, "stops", r->stops->count);
  if (r->resources != NULL) set_count(b, counts, "resources", r->resources->count);
  if (r->years != NULL) set_count(b, counts, "cells_of_years", r->years->cells.count);
  set_count(b, counts, "sites", r->sites->count);
  set_count(b, counts, "gaps", r->gaps->count);
  if (r->buildings != NULL) set(b, counts, "buildings", buildings_value(b));
  set(b, counts, "cells_by_placement", placement_value(b));
  set_count(b, counts, "cells_left_out", r->cells->far_count);
  set_milli(b, counts, "people_left_out", r->cells->far_people);
  return counts;
}

static json_t *settings_value(builder *b) {
  json_t *settings = json_array();
  for (uint32_t i = 0; i < b->opts->setting_count; i++) {
    const ky_setting *from = &b->opts->settings[i];
    json_t *setting = json_object();
    set_text(b, setting, "key", from->key);
    set_text(b, setting, "value", from->value);
    set_text(b, setting, "origin", from->origin);
    set_text(b, setting, "source", from->source);
    append(b, settings, setting);
  }
  return settings;
}

static json_t *measure_value(builder *b, uint32_t row, int measure) {
  const ky_coverage *coverage = b->result->coverage;
  const size_t at = (size_t)row * KY_MEASURE_COUNT + (size_t)measure;
  json_t *states = json_object();
  set_milli(b, states, "pop", coverage->total[at]);
  for (int reach = 0; reach < KY_REACH_COUNT; reach++)
    set_milli(b, states, ky_reach_name((ky_reach)reach), coverage->people[reach][at]);
  set_milli(b, states, "in_gap", b->result->gaps->in_gap[at]);
  set_milli(b, states, "not_in_gap", b->result->gaps->not_in_gap[at]);
  if (coverage->cells_without_count[measure] != NULL)
    set_count(b, states, "cells_without_count", (uint64_t)coverage->cells_without_count[measure][row]);
  if (coverage->people_without_count[measure] != NULL)
    set_milli(b, states, "people_without_count", coverage->people_without_count[measure][row]);
  return states;
}

static json_t *ledger_value(builder *b) {
  const ky_zones *zones = b->result->zones;
  static const char *const levels[] = {"outside_zones", "outside", "municipality"};
  json_t *ledger = json_array();
  for (uint32_t row = 0; row < KY_ROW_COUNT(zones); row++) {
    bool is_zone = row < zones->count;
    json_t *line = json_object(), *measures = json_object();
    set_text(b, line, "level", is_zone ? "zone" : levels[row - zones->count]);
    set_text(b, line, "zone_id", is_zone ? zones->id[row] : NULL);
    set_text(b, line, "zone_name", is_zone ? zones->name[row] : NULL);
    for (int m = 0; m < KY_MEASURE_COUNT; m++)
      if (b->result->points->people[m] != NULL)
        set(b, measures, ky_measure_name((ky_measure)m), measure_value(b, row, m));
    set(b, line, "people", measures);
    append(b, ledger, line);
  }
  return ledger;
}

static json_t *snap_tally_value(builder *b, const ky_snap_tally *tally, bool has_people) {
  json_t *object = json_object(), *people = json_object();
  for (int snap = 0; snap < KY_SNAP_COUNT; snap++) {
    set_count(b, object, ky_snap_name((ky_snap)snap), tally->count[snap]);
    set_milli(b, people, ky_snap_name((ky_snap)snap), tally->people_65[snap]);
  }
  set_milli(b, object, "longest_m", tally->longest_mm);
  if (has_people)
    set(b, object, "people_65", people);
  else
    json_decref(people);
  return object;
}

/* Ways between places and their streets, in the municipality. */
static json_t *snapping_value(builder *b) {
  const ky_snapping *s = b->result->snapping;
  json_t *snapping = json_object();
  set(b, snapping, "cap_m", json_real(s->cap_m));
  set(b, snapping, "points", snap_tally_value(b, &s->points, true));
  set(b, snapping, "venues", snap_tally_value(b, &s->venues, false));
  return snapping;
}

/* KY_WHOLE parts; null where nothing is shared. */
static void set_share(builder *b, json_t *object, const char *key, int64_t part, int64_t whole) {
  const int64_t share = ky_counted_share(part, whole);
  set(b, object, key, share == KY_NULL ? json_null() : json_real((double)share / KY_WHOLE));
}

/* Of the municipality: how many venues count, and how much the rules had to assume. */
static json_t *counting_value(builder *b) {
  const ky_counted c = ky_counting_municipality(b->result->zones, b->result->venues, b->result->resources);
  json_t *counting = json_object();
  set_count(b, counting, "venues_counting", (uint64_t)c.coverage);
  set_count(b, counting, "venues_counting_for_rate", (uint64_t)c.rate);
  set_count(b, counting, "venues_bound", (uint64_t)c.bound);
  set_share(b, counting, "sessions_unknown_share", c.sessions_unknown, c.coverage);
  set_share(b, counting, "catchment_unknown_share", c.catchment_unknown, c.coverage);
  set_share(b, counting, "resident_led_unknown_share", c.resident_led_unknown, c.rate);
  set_count(b, counting, "informal", (uint64_t)c.informal);
  return counting;
}

/* The ledger of each further year: what was given, and where it is. */
static json_t *years_value(builder *b) {
  const ky_zones *zones = b->result->zones;
  json_t *list = json_array();
  for (uint32_t y = 0; y < b->result->years->count; y++) {
    const ky_year *year = &b->result->years->year[y];
    json_t *line = json_object(), *bands = json_object();
    set_count(b, line, "year", (uint64_t)year->year);
    for (ky_year_band band = 0; band < KY_YEAR_BAND_COUNT; band++) {
      if (year->cell_people[band] == NULL) continue;
      json_t *people = json_object();
      set_milli(b, people, "input", year->input[band]);
      set_milli(b, people, "municipality", year->row_people[band][KY_ROW_MUNICIPALITY(zones)]);
      set_milli(b, people, "outside_zones", year->row_people[band][KY_ROW_OUTSIDE_ZONES(zones)]);
      set_milli(b, people, "outside", year->row_people[band][KY_ROW_OUTSIDE(zones)]);
      set(b, bands, ky_year_band_name(band), people);
    }
    set(b, line, "people", bands);
    set_milli(b, line, "farther_than_margin", year->far_people);
    set_text(b, line, "source", year->source);
    set_text(b, line, "basis", year->basis);
    append(b, list, line);
  }
  return list;
}

/* Of layers with a record of the municipality: every number, and what the zones' numbers add up to. */
static json_t *sums_value(builder *b) {
  json_t *layers = json_object();
  for (uint32_t t = 0; t < b->table_count; t++) {
    const ky_table *table = &b->tables[t];
    bool has_sums = false;
    for (uint32_t c = 0; c < table->column_count; c++) has_sums = has_sums || table->columns[c].adds != KY_ADDS_NOT;
    if (!has_sums) continue;
    json_t *columns = json_object();
    for (uint32_t c = 0; c < table->column_count; c++)
      if (table->columns[c].type == KY_COLUMN_FIXED)
        set_text(b, columns, table->columns[c].name, ky_adds_name((ky_adds)table->columns[c].adds));
    set(b, layers, table->layer, columns);
  }
  return layers;
}

static json_t *compared_value(builder *b, const ky_compared *of) {
  const uint32_t all = KY_ROW_MUNICIPALITY(b->result->zones);
  json_t *scenario = json_object(), *definitions = json_array();
  set_text(b, scenario, "name", of->name);
  set_text(b, scenario, "folder", ky_format(&b->job->scratch, "internal/scenarios/%s", of->folder));
  set_text(b, scenario, "file", b->result->comparison->file[of->file].path);
  for (uint32_t d = 0; d < of->definition_count; d++) {
    json_t *definition = json_object();
    set_text(b, definition, "key", of->definition[d].key);
    set_text(b, definition, "before", of->definition[d].before);
    set_text(b, definition, "after", of->definition[d].after);
    append(b, definitions, definition);
  }
  set(b, scenario, "definitions", definitions);
  if (of->year != 0) set_count(b, scenario, "year", (uint64_t)of->year);
  set_count(b, scenario, "venues_added", of->added);
  set_count(b, scenario, "venues_closed", of->closed);
  set_count(b, scenario, "venues_moved", of->moved);
  set_count(b, scenario, "venues_changed", of->changed);
  set_count(b, scenario, "cells_changed", of->cells.count);
  set_milli(b, scenario, "gaining_65", of->gaining[0] != NULL ? of->gaining[0][all] : KY_NULL);
  set_milli(b, scenario, "losing_65", of->losing[0] != NULL ? of->losing[0][all] : KY_NULL);
  return scenario;
}

/* Files of scenarios with their text, and what each scenario changes. */
static void set_scenarios(builder *b, json_t *root) {
  const ky_comparison *c = b->result->comparison;
  json_t *files = json_array(), *list = json_array();
  for (uint32_t f = 0; f < c->file_count; f++) {
    json_t *file = json_object();
    set_text(b, file, "path", c->file[f].path);
    set_count(b, file, "bytes", c->file[f].bytes);
    set_hash(b, file, XXH3_64bits(c->file[f].text, c->file[f].bytes));
    set_text(b, file, "text", c->file[f].text);
    append(b, files, file);
  }
  for (uint32_t i = 0; i < c->count; i++) append(b, list, compared_value(b, &c->of[i]));
  set(b, root, "scenario_files", files);
  set(b, root, "scenarios", list);
}

/* Reasons in the order of their first issue, which is part of the result. */
static json_t *issues_value(builder *b) {
  static const char *const names[] = {[KY_INFO] = "info", [KY_WARNING] = "warning", [KY_ERROR] = "error"};
  const ky_issues *issues = &b->job->issues;
  json_t *all = json_object(), *severities = json_object(), *reasons = json_object();
  json_int_t count[3] = {0};
  for (uint32_t i = 0; i < issues->count; i++) {
    const char *reason = issues->rows[i].reason != NULL ? issues->rows[i].reason : "";
    const json_t *before = json_object_get(reasons, reason);
    set(b, reasons, reason, json_integer((before != NULL ? json_integer_value(before) : 0) + 1));
    count[issues->rows[i].severity]++;
  }
  set_count(b, all, "count", issues->count);
  for (int s = KY_ERROR; s >= KY_INFO; s--) set(b, severities, names[s], json_integer(count[s]));
  set(b, all, "by_severity", severities);
  set(b, all, "by_reason", reasons);
  return all;
}

static ky_err outputs_value(builder *b, const char *folder, json_t *root) {
  const char *internal = ky_format(&b->job->scratch, "%s/internal", folder);
  ky_output *outputs;
  uint32_t count;
  if (internal == NULL) return ky_fail_memory(b->job);
  KY_TRY(ky_outputs_list(b->job, internal, &outputs, &count));
  json_t *list = json_array();
  for (uint32_t i = 0; i < count; i++) {
    json_t *output = json_object();
    set_text(b, output, "path", ky_format(&b->job->scratch, "internal/%s", outputs[i].name));
    set_count(b, output, "bytes", outputs[i].bytes);
    set_hash(b, output, outputs[i].hash);
    append(b, list, output);
  }
  set(b, root, "outputs", list);
  return KY_OK;
}

static json_t *timings_value(builder *b) {
  json_t *timings = json_object(), *rooms = json_array();
  double all_ms = 0;
  for (uint32_t i = 0; i < b->job->room_count; i++) {
    json_t *room = json_object();
    set_text(b, room, "room", b->job->room_times[i].room);
    set(b, room, "ms", json_real((double)(int64_t)(b->job->room_times[i].ms * 1000) / 1000));
    append(b, rooms, room);
    all_ms += b->job->room_times[i].ms;
  }
  set_count(b, timings, "threads", (uint64_t)b->job->threads);
  set(b, timings, "rooms_before_write", rooms);
  set(b, timings, "rooms_before_write_ms", json_real((double)(int64_t)(all_ms * 1000) / 1000));
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) == 0) set_count(b, timings, "peak_memory_bytes", (uint64_t)usage.ru_maxrss * 1024);
  return timings;
}

static void fill(builder *b, json_t *root) {
  const ky_result *r = b->result;
  json_t *kayoi = json_object(), *municipality = json_object(), *config = json_object(), *crs = json_object();
  json_t *dates = json_object();
  set_text(b, kayoi, "version", KY_VERSION);
  set(b, root, "kayoi", kayoi); /* first: KY_FOLDER_MARK */
  set_text(b, municipality, "name", b->opts->municipality_name);
  set_text(b, municipality, "code", b->opts->municipality_code);
  set(b, root, "municipality", municipality);
  set_text(b, crs, "code", r->inputs->crs);
  set_text(b, crs, "origin", r->inputs->crs_origin);
  set(b, root, "crs", crs);
  set_text(b, dates, "people", r->cells->date);
  set_text(b, dates, "venues", r->venues->date);
  set_text(b, dates, "official", r->zones->official_date);
  set(b, root, "dates", dates);
  set(b, root, "inputs", inputs_value(b));
  set(b, root, "counts", counts_value(b));
  set(b, root, "definitions", settings_value(b));
  set(b, root, "sums", sums_value(b));
  set(b, root, "counting", counting_value(b));
  set(b, root, "snapping", snapping_value(b));
  set(b, root, "ledger", ledger_value(b));
  if (r->years != NULL) set(b, root, "years", years_value(b));
  if (r->comparison != NULL) set_scenarios(b, root);
  set(b, root, "issues", issues_value(b));
  set_text(b, config, "path", b->opts->config_path);
  set_text(b, config, "text", b->opts->config_text);
  set(b, root, "config", config);
}

static int put(const char *bytes, size_t count, void *user) {
  ky_out_file *out = user;
  ky_out_bytes(out, bytes, count);
  return out->error == 0 ? 0 : -1;
}

ky_err ky_run_json_write(ky_job *job, const ky_result *result, const ky_write_opts *opts, const ky_table *tables,
                         uint32_t table_count, const char *folder) {
  builder b = {.job = job, .result = result, .opts = opts, .tables = tables, .table_count = table_count};
  ky_out_file out;
  const char *path = ky_format(&job->scratch, "%s/run.json", folder);
  json_t *root = json_object();
  ky_err err = path == NULL || root == NULL ? ky_fail_memory(job) : KY_OK;
  if (err != KY_OK) goto done;
  fill(&b, root);
  if ((err = outputs_value(&b, folder, root)) != KY_OK) goto done;
  set(&b, root, "timings", timings_value(&b));
  if (b.is_out) err = ky_fail_memory(job);
  if (err != KY_OK || (err = ky_out_open(job, path, &out)) != KY_OK) goto done;
  int dumped = json_dump_callback(root, put, &out, JSON_INDENT(2) | JSON_REAL_PRECISION(REAL_DIGITS));
  ky_out_bytes(&out, "\n", 1);
  err = ky_out_close(job, &out);
  if (err == KY_OK && dumped != 0) err = ky_fail_memory(job);
done:
  json_decref(root);
  return err;
}
