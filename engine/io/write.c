/* Room 10, write: structs -> tables -> writers -> run.json -> rename. */
#include <assert.h>
#include <kayoi/write.h>
#include <string.h>

#include "io/degrees.h"
#include "io/out_folder.h"
#include "io/run_json.h"
#include "io/shapes_valid.h"

static const ky_writer *find_writer(const char *name) {
  for (const ky_writer *const *writer = ky_writers; *writer != NULL; writer++)
    if (strcmp((*writer)->name, name) == 0) return *writer;
  return NULL;
}

static ky_err check_formats(ky_job *job, const ky_write_opts *opts) {
  for (uint32_t f = 0; f < opts->format_count; f++) {
    if (find_writer(opts->formats[f]) != NULL) continue;
    const char *names = "";
    for (const ky_writer *const *writer = ky_writers; *writer != NULL && names != NULL; writer++)
      names = ky_format(&job->scratch, "%s%s%s", names, names[0] != '\0' ? ", " : "", (*writer)->name);
    if (names == NULL) return ky_fail_memory(job);
    return ky_fail(job, KY_E_CONFIG, ky_tr("outputs.formats: '%s' is not known; known are: %s"), opts->formats[f],
                   names);
  }
  return KY_OK;
}

static void set_stage(ky_job *job, ky_stage stage) {
  if (job->interrupt != NULL) atomic_store(&job->interrupt->stage, (int)stage);
}

/* Has a signal asked to end meanwhile? Its handler left the temporary folder to this room. */
static ky_err check_interrupt(ky_job *job) {
  if (job->interrupt == NULL || atomic_load(&job->interrupt->number) == 0) return KY_OK;
  return ky_fail(job, KY_E_OUTPUT, "%s", ky_tr("interrupted; the previous result is as it was"));
}

/* Polygons valid in the plane (a copy when one has to be repaired), then the same shapes in WGS 84. */
static ky_err finish_table(ky_job *job, const char *crs, ky_table *table) {
  if (table->shapes != NULL) {
    const ky_column *id = table->column_count != 0 ? &table->columns[0] : NULL;
    ky_shapes *shapes;
    KY_NEW(job, keep, shapes, 1);
    *shapes = *table->shapes;
    KY_TRY(ky_shapes_ensure_valid(job, table->layer, id != NULL && id->type == KY_COLUMN_TEXT ? id->of.text : NULL,
                                  shapes));
    table->shapes = shapes;
  }
  const char *wrong = ky_table_check(table);
  if (wrong != NULL) return ky_fail(job, KY_E_INTERNAL, "%s: %s", table->layer, wrong);
  return ky_table_degrees(job, crs, table);
}

static bool has_profiles(const ky_result *result) {
  return result->profiles != NULL; /* several */
}

static bool has_stops(const ky_result *result) {
  return result->stops != NULL;
}

static bool has_resources(const ky_result *result) {
  return result->resources != NULL;
}

static bool has_priority(const ky_result *result) {
  return result->priority != NULL;
}

static bool has_weights(const ky_result *result) {
  return result->priority != NULL && result->priority->has_weights;
}

static bool has_facts(const ky_result *result) {
  return result->facts != NULL;
}

static bool has_years(const ky_result *result) {
  return result->years != NULL;
}

static bool has_year_results(const ky_result *result) {
  return result->year_result_count != 0;
}

static bool has_site_plan(const ky_result *result) {
  return result->site_plan != NULL;
}

static bool has_target_path(const ky_result *result) {
  return result->target_path != NULL;
}

static bool has_sensitivity(const ky_result *result) {
  return result->sensitivity != NULL;
}

static bool has_closures(const ky_result *result) {
  return result->closures != NULL;
}

static bool has_comparison(const ky_result *result) {
  return result->comparison != NULL;
}

static bool has_classes(const ky_result *result) {
  return result->access != NULL && result->access->classes.count != 0;
}

static bool has_venue_classes(const ky_result *result) {
  for (uint32_t c = 0; has_classes(result) && c < result->access->classes.count; c++)
    if (result->access->classes.of[c].kind != KY_CLASS_RESOURCE) return true;
  return false;
}

/* The layers in their order; issues come last, behind them, because making the others may add some. */
static const struct {
  const char *name;
  ky_err (*make)(ky_job *job, const ky_result *result, ky_table *out);
  bool (*is_there)(const ky_result *result); /* NULL: in every run */
} layers[] = {
    {"cells", ky_cells_table, NULL},
    {"streets", ky_streets_table, NULL},
    {"venues", ky_venues_table, NULL},
    {"service_areas", ky_service_areas_table, NULL},
    {"gaps", ky_gaps_table, NULL},
    {"zones", ky_zones_table, NULL},
    {"priority", ky_priority_table, has_priority},
    {"priority_sensitivity", ky_priority_sensitivity_table, has_weights},
    {"zone_facts", ky_zone_facts_table, has_facts},
    {"venue_groups", ky_venue_groups_table, NULL},
    {"cross", ky_cross_table, NULL},
    {"sites", ky_sites_table, NULL},
    {"site_curve", ky_site_curve_table, has_site_plan},
    {"site_sets", ky_site_sets_table, has_site_plan},
    {"mobility", ky_mobility_table, NULL},
    {"profiles", ky_profiles_table, has_profiles},
    {"stops", ky_stops_table, has_stops},
    {"provider_areas", ky_provider_areas_table, has_resources},
    {"resources", ky_resources_table, has_resources},
    {"inventory", ky_inventory_table, has_resources},
    {"population", ky_population_table, has_years},
    {"target_path", ky_target_path_table, has_target_path},
    {"year_zones", ky_year_zones_table, has_year_results},
    {"year_gaps", ky_year_gaps_table, has_year_results},
    {"sensitivity", ky_sensitivity_table, has_sensitivity},
    {"cell_sensitivity", ky_cell_sensitivity_table, has_sensitivity},
    {"access", ky_access_table, has_classes},
    {"cell_access", ky_cell_access_table, has_venue_classes},
    {"closures", ky_closures_table, has_closures},
    {"closure_zones", ky_closure_zones_table, has_closures},
    {"scenarios", ky_scenarios_table, has_comparison},
    {"scenario_zones", ky_scenario_zones_table, has_comparison},
    {"scenario_cells", ky_scenario_cells_table, has_comparison},
};
#define LAYERS (sizeof layers / sizeof *layers)
_Static_assert(LAYERS + 1 <= KY_TABLES_MAX, "every layer has a place");

const char *ky_layer_name(size_t index) {
  return index < LAYERS ? layers[index].name : index == LAYERS ? "issues" : NULL;
}

static uint32_t count_layers(const ky_result *result) {
  uint32_t count = 1;
  for (size_t l = 0; l < LAYERS; l++) count += layers[l].is_there == NULL || layers[l].is_there(result);
  return count;
}

static ky_err make_tables(ky_job *job, const ky_result *result, ky_table *tables, uint32_t *count, uint64_t of) {
  *count = 0;
  for (size_t l = 0; l < LAYERS; l++) {
    if (layers[l].is_there != NULL && !layers[l].is_there(result)) continue;
    KY_TRY(check_interrupt(job));
    KY_TRY(layers[l].make(job, result, &tables[*count]));
    assert(strcmp(tables[*count].layer, layers[l].name) == 0);
    KY_TRY(finish_table(job, result->inputs->crs, &tables[*count]));
    ky_job_progress(job, ++*count, of);
  }
  KY_TRY(ky_issues_table(job, &tables[*count]));
  KY_TRY(finish_table(job, result->inputs->crs, &tables[*count]));
  ++*count;
  return KY_OK;
}

/* Formats are written at the same time, each with a job of its own for its buffers and its failure; of several failures
 * the first in the order of the config is the run's. */
static ky_err write_formats(ky_job *job, const char *crs, const ky_write_opts *opts, const ky_table *tables,
                            uint32_t table_count, const char *folder) {
  ky_job *part;
  ky_err err = KY_OK;
  KY_NEW(job, scratch, part, opts->format_count);
  for (uint32_t f = 0; f < opts->format_count; f++) ky_job_init(&part[f], 1);
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
  for (uint32_t f = 0; f < opts->format_count; f++) {
    part[f].err = find_writer(opts->formats[f])->write(&part[f], folder, tables, table_count, crs);
  }
  for (uint32_t f = 0; f < opts->format_count; f++) {
    if (err == KY_OK && part[f].err != KY_OK) err = ky_fail(job, part[f].err, "%s", part[f].message);
    ky_job_free(&part[f]);
  }
  return err;
}

static ky_err write_folder(ky_job *job, const ky_result *result, const ky_write_opts *opts, const ky_table *tables,
                           uint32_t table_count, const ky_folder *folder) {
  KY_TRY(check_interrupt(job));
  KY_TRY(write_formats(job, result->inputs->crs, opts, tables, table_count, folder->internal));
  ky_job_progress(job, (uint64_t)table_count + opts->format_count, (uint64_t)table_count + opts->format_count);
  return ky_run_json_write(job, result, opts, tables, table_count, folder->temporary);
}

ky_err ky_write_check(ky_job *job) {
  return check_interrupt(job);
}

ky_err ky_write_open(ky_job *job, const ky_write_opts *opts, ky_folder **out) {
  KY_TRY(check_formats(job, opts));
  KY_NEW(job, keep, *out, 1);
  (*out)->lock_fd = -1;
  set_stage(job, KY_STAGE_WRITING);
  const ky_err err = ky_folder_open(job, opts->dir, *out);
  if (err != KY_OK) ky_write_close(job, err, *out);
  return err;
}

const char *ky_write_folder(const ky_folder *folder) {
  return folder->internal;
}

ky_err ky_write_all(ky_job *job, const ky_result *result, const ky_write_opts *opts, ky_folder *folder) {
  ky_table tables[KY_TABLES_MAX];
  uint32_t table_count = 0;
  KY_TRY(make_tables(job, result, tables, &table_count, (uint64_t)count_layers(result) + opts->format_count));
  KY_TRY(write_folder(job, result, opts, tables, table_count, folder));
  KY_TRY(check_interrupt(job));
  return ky_folder_commit(job, folder);
}

void ky_write_close(ky_job *job, ky_err err, ky_folder *folder) {
  ky_folder_discard(folder);
  set_stage(job, err == KY_OK ? KY_STAGE_PUBLISHED : KY_STAGE_CLEAN);
}

ky_err ky_write(ky_job *job, const ky_result *result, const ky_write_opts *opts) {
  ky_folder *folder;
  KY_TRY(ky_write_open(job, opts, &folder));
  const ky_err err = ky_write_all(job, result, opts, folder);
  ky_write_close(job, err, folder);
  return err;
}

static bool is_named(const char *const *names, uint32_t count, const char *name) {
  for (uint32_t i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

ky_err ky_write_layers(ky_job *job, const ky_result *result, const ky_write_opts *opts, const char *const *names,
                       uint32_t name_count, const char *parent, const char *name) {
  ky_table tables[KY_TABLES_MAX];
  uint32_t count = 0;
  const char *folder;
  for (size_t l = 0; l < LAYERS; l++) {
    if (!is_named(names, name_count, layers[l].name)) continue;
    if (layers[l].is_there != NULL && !layers[l].is_there(result)) continue;
    KY_TRY(layers[l].make(job, result, &tables[count]));
    KY_TRY(finish_table(job, result->inputs->crs, &tables[count]));
    count++;
  }
  if (count == 0) return KY_OK;
  KY_TRY(ky_folder_inside(job, parent, name, &folder));
  return write_formats(job, result->inputs->crs, opts, tables, count, folder);
}
