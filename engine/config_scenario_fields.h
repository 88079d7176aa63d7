/* The field tables of scenarios, and the drafts that they fill (config_scenario_fields.c, config_scenarios.c). */
#ifndef KAYOI_CONFIG_SCENARIO_FIELDS_H
#define KAYOI_CONFIG_SCENARIO_FIELDS_H

#include "config_reader.h"
#include "scenario.h"

/* A scenario while its mapping is read. */
typedef struct ky_scenario_draft {
  const char *name;
  const yaml_node_t *adds, *closes, *moves, *changes, *zones, *layers;
  int year;
  const char *profile, *basis, *rate_basis;
  uint32_t primary_mm, primary_milli_min;
  int64_t rate;
} ky_scenario_draft;

/* A venue of it. Attributes are read for their form; their text goes on as a register would give it. */
typedef struct ky_scenario_venue_draft {
  const char *venue, *at, *crs;
  double lon, lat, x, y;
  int64_t number;
  bool flag;
  const char *text;
} ky_scenario_venue_draft;

extern const ky_config_field ky_scenario_fields[];
extern const uint32_t ky_scenario_field_count;
extern const ky_config_field ky_scenario_rate_fields[]; /* of a ky_zone_fact */
extern const uint32_t ky_scenario_rate_field_count;
/* Of a ky_scenario_venue_draft: which venue, where it stands, what it is (id and name; then what may change). */
extern const ky_config_field ky_scenario_which_fields[];
extern const uint32_t ky_scenario_which_field_count;
extern const ky_config_field ky_scenario_place_fields[];
extern const uint32_t ky_scenario_place_field_count;
extern const ky_config_field ky_scenario_new_fields[];
extern const uint32_t ky_scenario_new_field_count;
extern const ky_config_field ky_scenario_attribute_fields[];
extern const uint32_t ky_scenario_attribute_field_count;

#endif
