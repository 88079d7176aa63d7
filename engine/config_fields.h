/* The field table: every key of the configuration with its type, range, default, the default's origin and help.
 * The reader (config.c), the commented example of `kayoi init` and the settings in run.json all follow it. */
#ifndef KAYOI_CONFIG_FIELDS_H
#define KAYOI_CONFIG_FIELDS_H

#include "config.h"

typedef enum ky_field_type {
  KY_FIELD_SECTION, /* a mapping of further fields */
  KY_FIELD_TEXT,
  KY_FIELD_LINES,        /* a text that may have several lines */
  KY_FIELD_CODE,         /* municipality code: 5 digits, or 6 with their check digit */
  KY_FIELD_PATH,         /* resolved against the config's folder */
  KY_FIELD_FLAG,         /* true or false */
  KY_FIELD_NUMBER,       /* decimal, read exactly */
  KY_FIELD_CHOICE,       /* one of `choices` */
  KY_FIELD_BANDS,        /* a ky_config_bands */
  KY_FIELD_PROFILE,      /* walk.profile */
  KY_FIELD_ALSO,         /* walk.also: a list of profiles */
  KY_FIELD_PROFILES,     /* walk.profiles: names with ky_profile_fields */
  KY_FIELD_STAIRS,       /* stairs of a profile */
  KY_FIELD_CLASSES,      /* closed of a profile */
  KY_FIELD_FORMATS,      /* outputs.formats: names of ky_writers */
  KY_FIELD_SOURCE,       /* a path or a mapping of ky_source_fields */
  KY_FIELD_SOURCES,      /* a list of them, or one alone */
  KY_FIELD_WORKBOOK,     /* a source that becomes one of each sheet (config_workbook.c) */
  KY_FIELD_ZONES,        /* a source whose mapping also takes the children */
  KY_FIELD_OFFICIAL,     /* zones.official: a list of ky_official_fields, or a source */
  KY_FIELD_FACTS,        /* zones.facts: a list of ky_fact_fields, or a source */
  KY_FIELD_ZONE_TARGETS, /* targets.zones: a list of ky_zone_target_fields */
  KY_FIELD_RATES,        /* targets.rates: a list of years with their rates */
  KY_FIELD_FORMAT,       /* source: the name of a reader */
  KY_FIELD_COLUMNS,      /* source: attribute <- column */
  KY_FIELD_VALUES,       /* source of `role`: a list of values of its class or use */
  KY_FIELD_DATE,         /* YYYY-MM-DD, a day of ky_day_of */
  KY_FIELD_YEARS,        /* years.use: a list of years */
  KY_FIELD_LAYERS,       /* public.layers: layers that may be published */
  KY_FIELD_NODE,         /* a const yaml_node_t * for whoever reads on */
  KY_FIELD_POSTGIS,      /* source: a ky_pg_source */
  KY_FIELD_HOURS         /* [9:00, 16:00]: two uint32_t, seconds of a day */
} ky_field_type;

/* The C type behind `offset`. Numbers are held as integers of 10^-decimals, doubles in units. */
typedef enum ky_store {
  KY_STORE_NONE,
  KY_STORE_TEXT, /* const char * */
  KY_STORE_BOOL, /* bool; for a choice: whether it is the first one */
  KY_STORE_DOUBLE,
  KY_STORE_INT,
  KY_STORE_U32,
  KY_STORE_U64,
  KY_STORE_I64
} ky_store;

typedef struct ky_config_field {
  const char *key;
  ky_field_type type;
  ky_store store;
  size_t offset; /* in ky_config, ky_source or ky_config_zone */
  uint8_t decimals;
  int64_t min, max;     /* in units of 10^-decimals; of a list of sources: fewest items */
  const char *standard; /* the default as it would be written; NULL: none */
  const char *origin;   /* where the default comes from (KY_MSG); NULL: the field defines no number of the results */
  const char *choices;  /* '|'-separated */
  const char *help;     /* KY_MSG */
  const char *example;  /* lines of YAML for lists and sources, indented from the field's own column */
  bool is_required;
  bool is_other_way; /* says what another field says; listed in run.json only when given */
  ky_role role;      /* sources */
  const struct ky_config_field *children;
  uint32_t child_count;
} ky_config_field;

extern const ky_config_field ky_config_fields[];
extern const uint32_t ky_config_field_count;
/* geocoding: in config_geocoding.c. */
#define KY_GEOCODING_FIELD_COUNT 4
extern const ky_config_field ky_geocoding_fields[KY_GEOCODING_FIELD_COUNT];
/* Section names: config_names.c. */
#define KY_NAMES_FIELD_COUNT 3
extern const ky_config_field ky_names_fields[KY_NAMES_FIELD_COUNT];
/* Section noding: config_noding.c. */
#define KY_NODING_FIELD_COUNT 2
extern const ky_config_field ky_noding_fields[KY_NODING_FIELD_COUNT];
/* Section placement: config_placement.c. */
#define KY_PLACEMENT_FIELD_COUNT 5
extern const ky_config_field ky_placement_fields[KY_PLACEMENT_FIELD_COUNT];
/* Section walk: config_walk.c. */
#define KY_WALK_FIELD_COUNT 12
extern const ky_config_field ky_walk_fields[KY_WALK_FIELD_COUNT];
/* A profile of walk.profiles: config_profiles.c. */
#define KY_PROFILE_FIELD_COUNT 9
extern const ky_config_field ky_profile_fields[KY_PROFILE_FIELD_COUNT];
/* The section `transit` (config_transit.c). */
#define KY_TRANSIT_FIELD_COUNT 14
extern const ky_config_field ky_transit_fields[KY_TRANSIT_FIELD_COUNT];
/* The section `access` (config_access.c). */
#define KY_ACCESS_FIELD_COUNT 5
extern const ky_config_field ky_access_fields[KY_ACCESS_FIELD_COUNT];
/* The section `sites` (config_sites.c). */
#define KY_SITES_FIELD_COUNT 12
extern const ky_config_field ky_sites_fields[KY_SITES_FIELD_COUNT];
/* The section `mobility` (config_mobility.c). */
#define KY_MOBILITY_FIELD_COUNT 7
extern const ky_config_field ky_mobility_fields[KY_MOBILITY_FIELD_COUNT];
/* The section `years` (config_years.c). */
#define KY_YEARS_FIELD_COUNT 3
extern const ky_config_field ky_years_fields[KY_YEARS_FIELD_COUNT];
/* Section strengths: config_strengths.c. */
#define KY_STRENGTHS_FIELD_COUNT 1
extern const ky_config_field ky_strengths_fields[KY_STRENGTHS_FIELD_COUNT];
/* Section gate: config_gate.c. */
#define KY_GATE_FIELD_COUNT 5
extern const ky_config_field ky_gate_fields[KY_GATE_FIELD_COUNT];
/* Section history: config_history.c. */
#define KY_HISTORY_FIELD_COUNT 4
extern const ky_config_field ky_history_fields[KY_HISTORY_FIELD_COUNT];
/* Section priority: config_priority.c. */
#define KY_PRIORITY_FIELD_COUNT 1
extern const ky_config_field ky_priority_fields[KY_PRIORITY_FIELD_COUNT];
/* Section outputs.postgis: config_publication.c. */
#define KY_PUBLICATION_FIELD_COUNT 5
extern const ky_config_field ky_publication_fields[KY_PUBLICATION_FIELD_COUNT];
/* Section zones, beside its source: config_zones.c. */
#define KY_ZONES_FIELD_COUNT 9
extern const ky_config_field ky_zones_fields[KY_ZONES_FIELD_COUNT];
/* Section public: config_public.c. */
#define KY_PUBLIC_FIELD_COUNT 5
extern const ky_config_field ky_public_fields[KY_PUBLIC_FIELD_COUNT];
/* An item of zones.facts: config_facts.c. */
#define KY_FACT_FIELD_COUNT 6
extern const ky_config_field ky_fact_fields[KY_FACT_FIELD_COUNT];
/* Section page: config_page.c. */
#define KY_PAGE_FIELD_COUNT 2
extern const ky_config_field ky_page_fields[KY_PAGE_FIELD_COUNT];
/* `postgis` of a source: config_postgis.c. */
#define KY_POSTGIS_FIELD_COUNT 7
extern const ky_config_field ky_postgis_fields[KY_POSTGIS_FIELD_COUNT];
extern const ky_config_field ky_source_fields[];
extern const uint32_t ky_source_field_count;
extern const ky_config_field ky_official_fields[];
extern const uint32_t ky_official_field_count;
/* Section targets: config_targets.c. */
#define KY_TARGETS_FIELD_COUNT 12
extern const ky_config_field ky_targets_fields[KY_TARGETS_FIELD_COUNT];
extern const ky_config_field ky_zone_target_fields[];
extern const uint32_t ky_zone_target_field_count;

/* Parts of an example (config_example.c): fields with help and value, keys with help alone, a comment. */
void ky_config_example_fields(void *stream, int indent, const ky_config_field *fields, uint32_t count);
void ky_config_example_keys(void *stream, int indent, const ky_config_field *fields, uint32_t count);
void ky_config_example_text(void *stream, int indent, const char *text);

/* Bands of every profile, in millimetres. */
#define KY_STANDARD_BANDS_MM \
  { 300000, 500000, 800000 }
#define KY_STANDARD_BAND_COUNT 3
/* A rate or distance that the config sets without saying why. In Japanese, as it stands beside results. */
#define KY_NO_BASIS "根拠の記載なし"
/* Why 8 %: the text of the handbook's aim, and the last year it speaks of. */
#define KY_STANDARD_TARGET_BASIS "国の目安 8 %（2025年まで）"
#define KY_STANDARD_TARGET_YEAR  2025

#endif
