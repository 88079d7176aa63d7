/* Room 10, write: results become tables, tables become files. A run's folder is written beside its final place
 * and renamed whole, so a failed run leaves the previous result as it was. */
#ifndef KAYOI_WRITE_H
#define KAYOI_WRITE_H

#include <kayoi/access.h>
#include <kayoi/buildings.h>
#include <kayoi/closures.h>
#include <kayoi/facts.h>
#include <kayoi/inventory.h>
#include <kayoi/layers.h>
#include <kayoi/mobility.h>
#include <kayoi/past.h>
#include <kayoi/priority.h>
#include <kayoi/profiles.h>
#include <kayoi/public.h>
#include <kayoi/scenarios.h>
#include <kayoi/sensitivity.h>
#include <kayoi/site_plan.h>
#include <kayoi/snapping.h>
#include <kayoi/stops.h>
#include <kayoi/strengths.h>
#include <kayoi/supply.h>
#include <kayoi/table.h>
#include <kayoi/target_path.h>
#include <kayoi/targets.h>
#include <kayoi/years.h>

typedef struct ky_year_result ky_year_result;

/* The public part of a run: finished layers, the rules, and what became of what is not in them. */
typedef struct ky_public_result {
  ky_layers layers;
  ky_public_opts opts;
  ky_public_layers made;
} ky_public_result;

/* All structs of a run, read-only, for the tables and run.json. */
struct ky_result {
  const char *municipality_name; /* of the config; NULL unknown */
  const ky_inputs *inputs;
  const ky_network *streets; /* as read, every street open */
  const ky_network *network; /* as the first profile walks it */
  const ky_zones *zones;
  const ky_cells *cells;
  const ky_points *points;
  const ky_venues *venues;
  const ky_stops *stops;         /* NULL: the config names no transit source */
  const ky_resources *resources; /* NULL: the config names no source of resources */
  const ky_buildings *buildings; /* NULL: the config names no buildings */
  const ky_years *years;         /* NULL: the config names no source of further years */
  const ky_anchors *venue_anchors, *point_anchors;
  const ky_snapping *snapping;
  const ky_field *field;
  const ky_walks *walks;
  const ky_coverage *coverage;
  const ky_access *access;             /* NULL: no resources, no classes asked for */
  const ky_cell_nearest *cell_nearest; /* NULL: not asked for */
  const ky_supply *supply;             /* NULL: the config names no transit source */
  const ky_candidates *candidates;
  const ky_sites *sites;
  const ky_site_plan *site_plan; /* NULL: of another year or scenario */
  const ky_gaps *gaps;
  const ky_mobility *mobility;
  const ky_targets *targets;
  const ky_profiles *profiles;        /* NULL: one profile alone */
  const ky_sensitivity *sensitivity;  /* NULL: not asked for */
  const ky_year_result *year_results; /* [year_result_count] the run's own first; 0: no further years */
  uint32_t year_result_count;
  const ky_target_path *target_path; /* NULL: no people or rates of further years */
  const ky_inventory *inventory;
  const ky_facts *facts; /* NULL: none are stated */
  const ky_strengths *strengths;
  const ky_closures *closures;     /* NULL: the residents' data has no people 65+ */
  const ky_comparison *comparison; /* NULL: no scenarios */
  const ky_priority *priority;
  const ky_public_result *public_part;  /* NULL: not asked for */
  const struct ky_run_changes *changes; /* changes.h; NULL: of another year or scenario */
  const struct ky_gate *gate;           /* gate.h; NULL: likewise */
  const ky_walk_opts *walk_opts;
  const ky_gaps_opts *gaps_opts;
  const ky_mobility_opts *mobility_opts;
  const ky_targets_opts *targets_opts;
};

/* What a run says of one year: coverage, sites, gaps, mobility and targets of its people; streets, venues and rules are
 * those of today. */
struct ky_year_result {
  int64_t year;            /* KY_NULL: the residents' date is not known */
  const char *people_from; /* "residents", "projection" */
  ky_result result;
};

/* One table per layer (layers.md). Each in its own file engine/core/table_<layer>.c. */
ky_err ky_cells_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_streets_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_venues_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_gaps_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_zones_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_sites_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_site_curve_table(ky_job *job, const ky_result *result, ky_table *out); /* result->site_plan is there */
ky_err ky_site_sets_table(ky_job *job, const ky_result *result, ky_table *out);  /* likewise */
ky_err ky_mobility_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_provider_areas_table(ky_job *job, const ky_result *result, ky_table *out); /* result->resources is there */
ky_err ky_stops_table(ky_job *job, const ky_result *result, ky_table *out);          /* result->stops is there */
ky_err ky_resources_table(ky_job *job, const ky_result *result, ky_table *out);      /* result->resources is there */
ky_err ky_inventory_table(ky_job *job, const ky_result *result, ky_table *out);      /* result->resources is there */
ky_err ky_population_table(ky_job *job, const ky_result *result, ky_table *out);     /* result->years is there */
ky_err ky_access_table(ky_job *job, const ky_result *result, ky_table *out);         /* result->access has classes */
ky_err ky_cell_access_table(ky_job *job, const ky_result *result, ky_table *out);    /* some of them of venues */
ky_err ky_profiles_table(ky_job *job, const ky_result *result, ky_table *out);       /* result->profiles is there */
ky_err ky_distance_curve_table(ky_job *job, const ky_result *result, ky_table *out); /* there are people 65+ */
ky_err ky_target_path_table(ky_job *job, const ky_result *result, ky_table *out);    /* result->target_path is there */
ky_err ky_year_zones_table(ky_job *job, const ky_result *result, ky_table *out);     /* result->year_results is there */
ky_err ky_year_gaps_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_sensitivity_table(ky_job *job, const ky_result *result, ky_table *out); /* result->sensitivity is there */
ky_err ky_cell_sensitivity_table(ky_job *job, const ky_result *result, ky_table *out); /* likewise */
ky_err ky_zone_facts_table(ky_job *job, const ky_result *result, ky_table *out);       /* result->facts is there */
ky_err ky_priority_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_priority_sensitivity_table(ky_job *job, const ky_result *result, ky_table *out); /* priority has weights */
ky_err ky_venue_groups_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_cross_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_closures_table(ky_job *job, const ky_result *result, ky_table *out); /* result->closures is there */
ky_err ky_closure_zones_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_scenarios_table(ky_job *job, const ky_result *result, ky_table *out); /* result->comparison is there */
ky_err ky_scenario_zones_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_scenario_cells_table(ky_job *job, const ky_result *result, ky_table *out);
ky_err ky_issues_table(ky_job *job, ky_table *out);
ky_err ky_service_areas_table(ky_job *job, const ky_result *result, ky_table *out);

/* Union of the zones as the municipality's outline, when no border is given (GEOS; engine/io/shapes_zones.c), shares of
 * zones inside the data's extents, and overlaps and gaps of zones as issues. Fills municipality, grid_share,
 * road_share. */
ky_err ky_zones_finish(ky_job *job, const ky_cells *cells, const ky_network *network, const ky_zone_fit_opts *opts,
                       ky_zones *zones);

typedef struct ky_write_opts ky_write_opts;

/* A writer of one format; found by the build in write_*.c. */
typedef struct ky_writer {
  const char *name; /* "geojson" */
  const char *help;
  /* Writes all layers into the folder. The job is the writer's own: issues that it adds are the run's in the end. */
  ky_err (*write)(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder);
} ky_writer;

extern const ky_writer *const ky_writers[]; /* NULL-terminated, sorted by name; generated by the build */

/* One definition of the run and where it comes from. */
typedef struct ky_setting {
  const char *key;    /* "walk.primary_m" */
  const char *value;  /* "500"; "300, 500, 800"; "true" */
  const char *origin; /* "config" or "default" */
  const char *source; /* of a default: "assumption", "handbook", ...; NULL for values of the config */
} ky_setting;

struct ky_write_opts {
  const char *dir;      /* OUT */
  const char **formats; /* writer names */
  uint32_t format_count;
  const char *shapefile_encoding; /* "cp932", "utf-8"; NULL: the first */
  const char *postgis_service;    /* where the run is published; at most one of them */
  const char *postgis_conninfo;
  bool is_public;          /* the public part is written */
  const char *config_path; /* for run.json */
  const char *config_text; /* as read */
  const char *municipality_name, *municipality_code;
  const ky_setting *settings; /* every definition, for run.json */
  uint32_t setting_count;
  const struct ky_seen *seen; /* what decided the run (io/seen.h), kept with its result; NULL: nobody looked */
};

/* Can a result be put there? Called before the long work, so that a wrong folder fails at once; leaves nothing behind.
 */
ky_err ky_out_probe(ky_job *job, const char *dir);

/* A run writes in steps, and whatever comes of them ends with ky_write_close: the folder beside its final place, into
 * which everything is written; its part for internal layers; layers in all formats asked for; run.json; state.json; the
 * exchange, after which the new result is the one that everybody sees. */
typedef struct ky_folder ky_folder; /* io/out_folder.h */
ky_err ky_write_open(ky_job *job, const ky_write_opts *opts, ky_folder **out);
const char *ky_write_folder(const ky_folder *folder);
ky_err ky_write_layers(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder);
/* The same in <parent>/<name>, which is made; without layers nothing is. */
ky_err ky_write_layers_inside(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *parent,
                              const char *name);
/* Of the layers in the part for internal layers, which must be complete. */
ky_err ky_write_run_json(ky_job *job, const ky_result *result, const ky_layers *layers, const ky_write_opts *opts,
                         const ky_folder *folder);
/* Of everything in the folder, which must be complete: state.json. */
ky_err ky_write_state(ky_job *job, const ky_write_opts *opts, const ky_folder *folder);
ky_err ky_write_commit(ky_job *job, ky_folder *folder);
/* Instead: the result is put beside OUT as OUT.held (out: its path), and OUT stays. */
ky_err ky_write_hold(ky_job *job, ky_folder *folder, const char **out);
/* This run as its run.json will tell it, in the form of a past one; without layers and outputs. */
ky_err ky_run_describe(ky_job *job, const ky_result *result, const ky_write_opts *opts, const ky_past **out);
void ky_write_close(ky_job *job, ky_err err, ky_folder *folder);
/* Fails when a signal has asked to end. */
ky_err ky_write_check(ky_job *job);

#endif
