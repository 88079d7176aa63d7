/* run.json with jansson. */
#include "io/run_json.h"

#include <inttypes.h>
#include <jansson.h>
#include <kayoi/counting.h>
#include <kayoi/gate.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <xxhash.h>

#include "io/out_file.h"
#include "io/out_folder.h"
#include "io/past_json.h"
#include "io/run_json_parts.h"
#include "io/run_outputs.h"

static json_t *buildings_value(ky_run_json *b) {
  const ky_buildings *from = b->result->buildings;
  json_t *buildings = json_object();
  uint32_t homes = 0;
  for (uint32_t i = 0; i < from->count; i++) homes += from->use[i] == KY_BUILDING_HOME;
  ky_json_set_count(b, buildings, "read", from->read_count);
  ky_json_set_count(b, buildings, "homes", homes);
  ky_json_set_count(b, buildings, "unspecified", from->count - homes);
  ky_json_set_count(b, buildings, "not_homes", from->other_count);
  ky_json_set_count(b, buildings, "without_area", from->no_area_count);
  ky_json_set_count(b, buildings, "duplicates", from->duplicate_count);
  ky_json_set_count(b, buildings, "in_another", from->overlap_count);
  ky_json_set_count(b, buildings, "storeys_unknown", from->no_storeys_count);
  return buildings;
}

static json_t *placement_value(ky_run_json *b) {
  json_t *placements = json_object();
  uint32_t count[KY_PLACEMENT_COUNT];
  ky_placement_counts(b->result->cells, b->result->points, count);
  for (uint32_t p = 0; p < KY_PLACEMENT_COUNT; p++)
    ky_json_set_count(b, placements, ky_placement_name((ky_placement)p), count[p]);
  return placements;
}

static json_t *counts_value(ky_run_json *b) {
  const ky_result *r = b->result;
  json_t *counts = json_object();
  ky_json_set_count(b, counts, "nodes", r->network->node_count);
  ky_json_set_count(b, counts, "streets", r->network->edge_count);
  ky_json_set_count(b, counts, "components", r->network->component_count);
  ky_json_set_count(b, counts, "zones", r->zones->count);
  ky_json_set_count(b, counts, "cells", r->cells->count);
  ky_json_set_count(b, counts, "points", r->points->count);
  ky_json_set_count(b, counts, "venues", r->venues->count);
  if (r->stops != NULL) ky_json_set_count(b, counts, "stops", r->stops->count);
  if (r->resources != NULL) ky_json_set_count(b, counts, "resources", r->resources->count);
  if (r->years != NULL) ky_json_set_count(b, counts, "cells_of_years", r->years->cells.count);
  ky_json_set_count(b, counts, "sites", r->sites->count);
  ky_json_set_count(b, counts, "gaps", r->gaps->count);
  if (r->buildings != NULL) ky_json_set(b, counts, "buildings", buildings_value(b));
  ky_json_set(b, counts, "cells_by_placement", placement_value(b));
  ky_json_set_count(b, counts, "cells_left_out", r->cells->far_count);
  ky_json_set_milli(b, counts, "people_left_out", r->cells->far_people);
  return counts;
}

static json_t *settings_value(ky_run_json *b) {
  json_t *settings = json_array();
  for (uint32_t i = 0; i < b->opts->setting_count; i++) {
    const ky_setting *from = &b->opts->settings[i];
    json_t *setting = json_object();
    ky_json_set_text(b, setting, "key", from->key);
    ky_json_set_text(b, setting, "value", from->value);
    ky_json_set_text(b, setting, "origin", from->origin);
    ky_json_set_text(b, setting, "source", from->source);
    ky_json_append(b, settings, setting);
  }
  return settings;
}

static json_t *measure_value(ky_run_json *b, uint32_t row, int measure) {
  const ky_coverage *coverage = b->result->coverage;
  const size_t at = (size_t)row * KY_MEASURE_COUNT + (size_t)measure;
  json_t *states = json_object();
  ky_json_set_milli(b, states, "pop", coverage->total[at]);
  for (int reach = 0; reach < KY_REACH_COUNT; reach++)
    ky_json_set_milli(b, states, ky_reach_name((ky_reach)reach), coverage->people[reach][at]);
  ky_json_set_milli(b, states, "in_gap", b->result->gaps->in_gap[at]);
  ky_json_set_milli(b, states, "not_in_gap", b->result->gaps->not_in_gap[at]);
  if (coverage->cells_without_count[measure] != NULL)
    ky_json_set_count(b, states, "cells_without_count", (uint64_t)coverage->cells_without_count[measure][row]);
  if (coverage->people_without_count[measure] != NULL)
    ky_json_set_milli(b, states, "people_without_count", coverage->people_without_count[measure][row]);
  return states;
}

static json_t *ledger_value(ky_run_json *b) {
  const ky_zones *zones = b->result->zones;
  static const char *const levels[] = {"outside_zones", "outside", "municipality"};
  json_t *ledger = json_array();
  for (uint32_t row = 0; row < KY_ROW_COUNT(zones); row++) {
    bool is_zone = row < zones->count;
    json_t *line = json_object(), *measures = json_object();
    ky_json_set_text(b, line, "level", is_zone ? "zone" : levels[row - zones->count]);
    ky_json_set_text(b, line, "zone_id", is_zone ? zones->id[row] : NULL);
    ky_json_set_text(b, line, "zone_name", is_zone ? zones->name[row] : NULL);
    for (int m = 0; m < KY_MEASURE_COUNT; m++)
      if (b->result->points->people[m] != NULL)
        ky_json_set(b, measures, ky_measure_name((ky_measure)m), measure_value(b, row, m));
    ky_json_set(b, line, "people", measures);
    ky_json_append(b, ledger, line);
  }
  return ledger;
}

static json_t *snap_tally_value(ky_run_json *b, const ky_snap_tally *tally, bool has_people) {
  json_t *object = json_object(), *people = json_object();
  for (int snap = 0; snap < KY_SNAP_COUNT; snap++) {
    ky_json_set_count(b, object, ky_snap_name((ky_snap)snap), tally->count[snap]);
    ky_json_set_milli(b, people, ky_snap_name((ky_snap)snap), tally->people_65[snap]);
  }
  ky_json_set_milli(b, object, "longest_m", tally->longest_mm);
  if (has_people)
    ky_json_set(b, object, "people_65", people);
  else
    json_decref(people);
  return object;
}

/* Ways between places and their streets, in the municipality. */
static json_t *snapping_value(ky_run_json *b) {
  const ky_snapping *s = b->result->snapping;
  json_t *snapping = json_object();
  ky_json_set(b, snapping, "cap_m", json_real(s->cap_m));
  ky_json_set(b, snapping, "points", snap_tally_value(b, &s->points, true));
  ky_json_set(b, snapping, "venues", snap_tally_value(b, &s->venues, false));
  return snapping;
}

/* KY_WHOLE parts; null where nothing is shared. */
static void set_share(ky_run_json *b, json_t *object, const char *key, int64_t part, int64_t whole) {
  const int64_t share = ky_counted_share(part, whole);
  ky_json_set(b, object, key, share == KY_NULL ? json_null() : json_real((double)share / KY_WHOLE));
}

/* Of the municipality: how many venues count, and how much the rules had to assume. */
static json_t *counting_value(ky_run_json *b) {
  const ky_counted c = ky_counting_municipality(b->result->zones, b->result->venues, b->result->resources);
  json_t *counting = json_object();
  ky_json_set_count(b, counting, "venues_counting", (uint64_t)c.coverage);
  ky_json_set_count(b, counting, "venues_counting_for_rate", (uint64_t)c.rate);
  ky_json_set_count(b, counting, "venues_bound", (uint64_t)c.bound);
  set_share(b, counting, "sessions_unknown_share", c.sessions_unknown, c.coverage);
  set_share(b, counting, "catchment_unknown_share", c.catchment_unknown, c.coverage);
  set_share(b, counting, "resident_led_unknown_share", c.resident_led_unknown, c.rate);
  ky_json_set_count(b, counting, "informal", (uint64_t)c.informal);
  return counting;
}

/* The ledger of each further year: what was given, and where it is. */
static json_t *years_value(ky_run_json *b) {
  const ky_zones *zones = b->result->zones;
  json_t *list = json_array();
  for (uint32_t y = 0; y < b->result->years->count; y++) {
    const ky_year *year = &b->result->years->year[y];
    json_t *line = json_object(), *bands = json_object();
    ky_json_set_count(b, line, "year", (uint64_t)year->year);
    for (ky_year_band band = 0; band < KY_YEAR_BAND_COUNT; band++) {
      if (year->cell_people[band] == NULL) continue;
      json_t *people = json_object();
      ky_json_set_milli(b, people, "input", year->input[band]);
      ky_json_set_milli(b, people, "municipality", year->row_people[band][KY_ROW_MUNICIPALITY(zones)]);
      ky_json_set_milli(b, people, "outside_zones", year->row_people[band][KY_ROW_OUTSIDE_ZONES(zones)]);
      ky_json_set_milli(b, people, "outside", year->row_people[band][KY_ROW_OUTSIDE(zones)]);
      ky_json_set(b, bands, ky_year_band_name(band), people);
    }
    ky_json_set(b, line, "people", bands);
    ky_json_set_milli(b, line, "farther_than_margin", year->far_people);
    ky_json_set_text(b, line, "source", year->source);
    ky_json_set_text(b, line, "basis", year->basis);
    ky_json_append(b, list, line);
  }
  return list;
}

/* Of layers with a record of the municipality: every number, and what the zones' numbers add up to. */
static json_t *sums_value(ky_run_json *b) {
  json_t *layers = json_object();
  for (uint32_t t = 0; t < b->table_count; t++) {
    const ky_table *table = &b->tables[t];
    bool has_sums = false;
    for (uint32_t c = 0; c < table->column_count; c++) has_sums = has_sums || table->columns[c].adds != KY_ADDS_NOT;
    if (!has_sums) continue;
    json_t *columns = json_object();
    for (uint32_t c = 0; c < table->column_count; c++)
      if (table->columns[c].type == KY_COLUMN_FIXED)
        ky_json_set_text(b, columns, table->columns[c].name, ky_adds_name((ky_adds)table->columns[c].adds));
    ky_json_set(b, layers, table->layer, columns);
  }
  return layers;
}

/* Of each layer its columns with their types ("text", "bool", decimals of a number), so that it can be read back. */
static json_t *layers_value(ky_run_json *b, const ky_table *tables, uint32_t table_count) {
  json_t *layers = json_object();
  for (uint32_t t = 0; t < table_count; t++) {
    json_t *layer = json_object(), *columns = json_object();
    for (uint32_t c = 0; c < tables[t].column_count; c++) {
      const ky_column *column = &tables[t].columns[c];
      if (column->type == KY_COLUMN_FIXED)
        ky_json_set_count(b, columns, column->name, column->decimals);
      else
        ky_json_set_text(b, columns, column->name, column->type == KY_COLUMN_BOOL ? "bool" : "text");
    }
    ky_json_set_count(b, layer, "rows", tables[t].count);
    ky_json_set(b, layer, "columns", columns);
    ky_json_set(b, layers, tables[t].layer, layer);
  }
  return layers;
}

static json_t *compared_value(ky_run_json *b, const ky_compared *of) {
  const uint32_t all = KY_ROW_MUNICIPALITY(b->result->zones);
  json_t *scenario = json_object(), *definitions = json_array();
  ky_json_set_text(b, scenario, "name", of->name);
  ky_json_set_text(b, scenario, "folder", ky_format(&b->job->scratch, "internal/scenarios/%s", of->folder));
  ky_json_set_text(b, scenario, "file", b->result->comparison->file[of->file].path);
  for (uint32_t d = 0; d < of->definition_count; d++) {
    json_t *definition = json_object();
    ky_json_set_text(b, definition, "key", of->definition[d].key);
    ky_json_set_text(b, definition, "before", of->definition[d].before);
    ky_json_set_text(b, definition, "after", of->definition[d].after);
    ky_json_append(b, definitions, definition);
  }
  ky_json_set(b, scenario, "definitions", definitions);
  if (of->year != 0) ky_json_set_count(b, scenario, "year", (uint64_t)of->year);
  ky_json_set_count(b, scenario, "venues_added", of->added);
  ky_json_set_count(b, scenario, "venues_closed", of->closed);
  ky_json_set_count(b, scenario, "venues_moved", of->moved);
  ky_json_set_count(b, scenario, "venues_changed", of->changed);
  ky_json_set_count(b, scenario, "cells_changed", of->cells.count);
  ky_json_set_milli(b, scenario, "gaining_65", of->gaining[0] != NULL ? of->gaining[0][all] : KY_NULL);
  ky_json_set_milli(b, scenario, "losing_65", of->losing[0] != NULL ? of->losing[0][all] : KY_NULL);
  return scenario;
}

/* Files of scenarios with their text, and what each scenario changes. */
static void set_scenarios(ky_run_json *b, json_t *root) {
  const ky_comparison *c = b->result->comparison;
  json_t *files = json_array(), *list = json_array();
  for (uint32_t f = 0; f < c->file_count; f++) {
    json_t *file = json_object();
    ky_json_set_text(b, file, "path", c->file[f].path);
    ky_json_set_count(b, file, "bytes", c->file[f].bytes);
    ky_json_set_hash(b, file, XXH3_64bits(c->file[f].text, c->file[f].bytes));
    ky_json_set_text(b, file, "text", c->file[f].text);
    ky_json_append(b, files, file);
  }
  for (uint32_t i = 0; i < c->count; i++) ky_json_append(b, list, compared_value(b, &c->of[i]));
  ky_json_set(b, root, "scenario_files", files);
  ky_json_set(b, root, "scenarios", list);
}

/* Reasons in the order of their first issue, which is part of the result. */
static json_t *issues_value(ky_run_json *b) {
  static const char *const names[] = {[KY_INFO] = "info", [KY_WARNING] = "warning", [KY_ERROR] = "error"};
  const ky_issues *issues = &b->job->issues;
  json_t *all = json_object(), *severities = json_object(), *reasons = json_object();
  json_int_t count[3] = {0};
  for (uint32_t i = 0; i < issues->count; i++) {
    const char *reason = issues->rows[i].reason != NULL ? issues->rows[i].reason : "";
    const json_t *before = json_object_get(reasons, reason);
    ky_json_set(b, reasons, reason, json_integer((before != NULL ? json_integer_value(before) : 0) + 1));
    count[issues->rows[i].severity]++;
  }
  ky_json_set_count(b, all, "count", issues->count);
  for (int s = KY_ERROR; s >= KY_INFO; s--) ky_json_set(b, severities, names[s], json_integer(count[s]));
  ky_json_set(b, all, "by_severity", severities);
  ky_json_set(b, all, "by_reason", reasons);
  return all;
}

static ky_err list_outputs(ky_run_json *b, const char *folder, const char *audience, json_t *list) {
  const char *path = ky_format(&b->job->scratch, "%s/%s", folder, audience);
  ky_output *outputs;
  uint32_t count;
  if (path == NULL) return ky_fail_memory(b->job);
  KY_TRY(ky_outputs_list(b->job, path, &outputs, &count));
  for (uint32_t i = 0; i < count; i++) {
    json_t *output = json_object();
    ky_json_set_text(b, output, "path", ky_format(&b->job->scratch, "%s/%s", audience, outputs[i].name));
    ky_json_set_count(b, output, "bytes", outputs[i].bytes);
    ky_json_set_hash(b, output, outputs[i].hash);
    ky_json_append(b, list, output);
  }
  return KY_OK;
}

static ky_err outputs_value(ky_run_json *b, const char *folder, json_t *root) {
  json_t *list = json_array();
  ky_err err = list_outputs(b, folder, "internal", list);
  if (err == KY_OK && b->result->public_part != NULL && b->result->public_part->layers.count != 0)
    err = list_outputs(b, folder, "public", list);
  ky_json_set(b, root, "outputs", list);
  return err;
}

static json_t *timings_value(ky_run_json *b) {
  char now[32];
  struct tm utc;
  const time_t at = time(NULL);
  json_t *timings = json_object(), *rooms = json_array();
  double all_ms = 0;
  for (uint32_t i = 0; i < b->job->room_count; i++) {
    json_t *room = json_object();
    ky_json_set_text(b, room, "room", b->job->room_times[i].room);
    ky_json_set(b, room, "ms", json_real((double)(int64_t)(b->job->room_times[i].ms * 1000) / 1000));
    ky_json_append(b, rooms, room);
    all_ms += b->job->room_times[i].ms;
  }
  if (gmtime_r(&at, &utc) != NULL && strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc) != 0)
    ky_json_set_text(b, timings, "published_at", now);
  ky_json_set_count(b, timings, "threads", (uint64_t)b->job->threads);
  ky_json_set(b, timings, "rooms_before_write", rooms);
  ky_json_set(b, timings, "rooms_before_write_ms", json_real((double)(int64_t)(all_ms * 1000) / 1000));
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) == 0)
    ky_json_set_count(b, timings, "peak_memory_bytes", (uint64_t)usage.ru_maxrss * 1024);
  return timings;
}

static void fill(ky_run_json *b, json_t *root) {
  const ky_result *r = b->result;
  json_t *kayoi = json_object(), *municipality = json_object(), *config = json_object(), *crs = json_object();
  json_t *dates = json_object();
  ky_json_set_text(b, kayoi, "version", KY_VERSION);
  ky_json_set_count(b, kayoi, "format", KY_RUN_FORMAT);
  ky_json_set(b, root, "kayoi", kayoi); /* first: KY_FOLDER_MARK */
  ky_json_set_text(b, municipality, "name", b->opts->municipality_name);
  ky_json_set_text(b, municipality, "code", b->opts->municipality_code);
  ky_json_set(b, root, "municipality", municipality);
  ky_json_set_text(b, crs, "code", r->inputs->crs);
  ky_json_set_text(b, crs, "origin", r->inputs->crs_origin);
  ky_json_set(b, root, "crs", crs);
  ky_json_set_text(b, dates, "people", r->cells->date);
  ky_json_set_text(b, dates, "venues", r->venues->date);
  ky_json_set_text(b, dates, "official", r->zones->official_date);
  ky_json_set(b, root, "dates", dates);
  ky_json_set(b, root, "inputs", ky_json_inputs(b));
  ky_json_set(b, root, "counts", counts_value(b));
  ky_json_set(b, root, "definitions", settings_value(b));
  ky_json_set(b, root, "sums", sums_value(b));
  json_t *layers = json_object();
  ky_json_set(b, layers, "internal", layers_value(b, b->tables, b->table_count));
  if (r->public_part != NULL) {
    ky_json_set(b, layers, "public", layers_value(b, r->public_part->layers.tables, r->public_part->layers.count));
    ky_json_set(b, root, "public", ky_json_public(b));
  }
  ky_json_set(b, root, "layers", layers);
  ky_json_set(b, root, "counting", counting_value(b));
  ky_json_set(b, root, "snapping", snapping_value(b));
  ky_json_set(b, root, "ledger", ledger_value(b));
  if (r->years != NULL) ky_json_set(b, root, "years", years_value(b));
  if (r->comparison != NULL) set_scenarios(b, root);
  if (r->changes != NULL) ky_json_set(b, root, "changes", ky_json_changes(b));
  if (r->gate != NULL) ky_json_set(b, root, "gate", ky_json_gate(b));
  ky_json_set(b, root, "issues", issues_value(b));
  ky_json_set_text(b, config, "path", b->opts->config_path);
  ky_json_set_text(b, config, "text", b->opts->config_text);
  ky_json_set(b, root, "config", config);
}

ky_err ky_run_describe(ky_job *job, const ky_result *result, const ky_write_opts *opts, const ky_past **out) {
  ky_run_json b = {.job = job, .result = result, .opts = opts};
  json_t *root = json_object();
  if (root == NULL) return ky_fail_memory(job);
  fill(&b, root);
  ky_json_set(&b, root, "outputs", json_array());
  const ky_err err = b.is_out ? ky_fail_memory(job) : ky_past_of_json(job, root, opts->dir, out);
  json_decref(root);
  return err;
}

static int put(const char *bytes, size_t count, void *user) {
  ky_out_file *out = user;
  ky_out_bytes(out, bytes, count);
  return out->error == 0 ? 0 : -1;
}

ky_err ky_run_json_write(ky_job *job, const ky_result *result, const ky_write_opts *opts, const ky_table *tables,
                         uint32_t table_count, const char *folder) {
  ky_run_json b = {.job = job, .result = result, .opts = opts, .tables = tables, .table_count = table_count};
  ky_out_file out;
  const char *path = ky_format(&job->scratch, "%s/run.json", folder);
  json_t *root = json_object();
  ky_err err = path == NULL || root == NULL ? ky_fail_memory(job) : KY_OK;
  if (err != KY_OK) goto done;
  fill(&b, root);
  if ((err = outputs_value(&b, folder, root)) != KY_OK) goto done;
  ky_json_set(&b, root, "timings", timings_value(&b));
  if (b.is_out) err = ky_fail_memory(job);
  if (err != KY_OK || (err = ky_out_open(job, path, &out)) != KY_OK) goto done;
  int dumped = json_dump_callback(root, put, &out, JSON_INDENT(2) | JSON_REAL_PRECISION(KY_RUN_JSON_DIGITS));
  ky_out_bytes(&out, "\n", 1);
  err = ky_out_close(job, &out);
  if (err == KY_OK && dumped != 0) err = ky_fail_memory(job);
done:
  json_decref(root);
  return err;
}
