/* Scenarios: what is different from the run, as their files say it (config_scenarios.c reads them). */
#ifndef KAYOI_SCENARIO_H
#define KAYOI_SCENARIO_H

#include "config.h"

#define KY_SCENARIOS_MAX       1000 /* of one run */
#define KY_SCENARIO_ITEMS_MAX  1000 /* of one list */
#define KY_SCENARIO_LAYERS_MAX 64

/* An attribute of a venue as its register would give it. */
typedef struct ky_scenario_value {
  const char *attribute, *text;
} ky_scenario_value;

/* A venue that is added, moved or changed. */
typedef struct ky_scenario_venue {
  const char *where; /* "trial.yaml:4:7" */
  const char *venue; /* id, or a name that only one has; NULL: added */
  const char *site;  /* stands where this site of the run does; NULL: at the coordinates */
  bool has_place, is_degrees;
  double x, y;
  const char *crs; /* of x and y; NULL: that of the run */
  ky_scenario_value *values;
  uint32_t value_count;
} ky_scenario_venue;

typedef struct ky_scenario_close {
  const char *where, *venue;
} ky_scenario_close;

typedef struct ky_scenario {
  const char *name, *where;
  const char *folder; /* safe name, distinct within the run */
  uint32_t file;      /* index into the files */
  ky_scenario_venue *adds, *moves, *changes;
  ky_scenario_close *closes;
  uint32_t add_count, move_count, change_count, close_count;
  int year; /* 0: that of the residents */
  const char **layers;
  uint32_t layer_count;
  const ky_config *config;   /* of the run, with the scenario's rates, distance and profile */
  const ky_zone_fact *rates; /* of zones, those of the scenario alone, with their basis */
  uint32_t rate_count;
} ky_scenario;

typedef struct ky_scenario_file {
  const char *path, *text;
  size_t bytes;
} ky_scenario_file;

struct ky_scenarios {
  uint32_t count, file_count;
  ky_scenario *of;
  ky_scenario_file *file;
};

/* Reads the files; every problem is file:line:col in the message (KY_E_CONFIG). */
ky_err ky_scenarios_read(ky_job *job, const ky_config *base, const char *const *paths, uint32_t path_count,
                         ky_scenarios *out);
/* The commented template of such a file. */
void ky_scenario_example(void *stream /* FILE */);

#endif
