/* The layers of a run: every table made once, finished, in one order. */
#include <assert.h>
#include <kayoi/layers.h>
#include <kayoi/write.h>
#include <string.h>

#include "io/degrees.h"
#include "io/shapes_valid.h"

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

static bool has_elderly(const ky_result *result) {
  return result->points->people[KY_65] != NULL;
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

/* In the order in which they are written; issues come last, because making the others may add some. */
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
    {"distance_curve", ky_distance_curve_table, has_elderly},
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
_Static_assert(LAYERS + 2 <= KY_TABLES_MAX, "every layer has a place");

const char *ky_layer_name(size_t index) {
  return index < LAYERS ? layers[index].name : index == LAYERS ? "changes" : index == LAYERS + 1 ? "issues" : NULL;
}

static bool is_named(const char *const *names, uint32_t count, const char *name) {
  for (uint32_t i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

static ky_err make_layer(ky_job *job, const ky_result *result, size_t l, ky_layers *out) {
  KY_TRY(ky_write_check(job));
  KY_TRY(layers[l].make(job, result, &out->tables[out->count]));
  assert(strcmp(out->tables[out->count].layer, layers[l].name) == 0);
  KY_TRY(finish_table(job, out->crs, &out->tables[out->count]));
  out->count++;
  return KY_OK;
}

ky_err ky_layers_make(ky_job *job, const ky_result *result, const char *const *names, uint32_t name_count,
                      ky_layers *out) {
  *out = (ky_layers){.crs = result->inputs->crs};
  for (size_t l = 0; l < LAYERS; l++) {
    if (names != NULL && !is_named(names, name_count, layers[l].name)) continue;
    if (layers[l].is_there != NULL && !layers[l].is_there(result)) continue;
    KY_TRY(make_layer(job, result, l, out));
    ky_job_progress(job, l + 1, LAYERS);
  }
  return KY_OK;
}

ky_err ky_layers_add(ky_job *job, const ky_table *table, ky_layers *made) {
  assert(made->count < KY_TABLES_MAX);
  made->tables[made->count] = *table;
  KY_TRY(finish_table(job, made->crs, &made->tables[made->count]));
  made->count++;
  return KY_OK;
}

ky_err ky_layers_add_issues(ky_job *job, ky_layers *made) {
  ky_table table;
  KY_TRY(ky_issues_table(job, &table));
  return ky_layers_add(job, &table, made);
}

const ky_table *ky_layers_find(const ky_layers *made, const char *layer) {
  for (uint32_t t = 0; t < made->count; t++)
    if (strcmp(made->tables[t].layer, layer) == 0) return &made->tables[t];
  return NULL;
}
