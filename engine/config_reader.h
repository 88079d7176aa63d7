/* What the parts of the configuration's reader share while one file is read: config.c walks the field table,
 * config_lists.c reads lists and sources, config_settings.c knows defaults and says where each value comes from. */
#ifndef KAYOI_CONFIG_READER_H
#define KAYOI_CONFIG_READER_H

#include "config_fields.h"
#include "config_yaml.h"

#define KY_CONFIG_GIVEN_MAX    256
#define KY_CONFIG_SOURCES_MAX  256
#define KY_CONFIG_ITEMS_MAX    5000
#define KY_CONFIG_PROFILES_MAX 16 /* own ones */

typedef struct ky_config_profile ky_config_profile; /* config_profiles.h */

typedef struct ky_config_reader {
  ky_job *job;
  ky_config *config;
  yaml_document_t *document;
  ky_problems problems;
  const char *folder; /* of the config, with its final slash; "" when it is the current one */
  ky_source *sources; /* scratch, KY_CONFIG_SOURCES_MAX */
  struct {
    const ky_config_field *field;
    yaml_mark_t mark;
  } given[KY_CONFIG_GIVEN_MAX]; /* fields of ky_config that the file gives */
  uint32_t given_count;
  ky_config_profile *profiles; /* scratch, KY_CONFIG_PROFILES_MAX: walk.profiles */
  uint32_t profile_count;
  const yaml_node_t *profile_node; /* walk.profile; NULL: not given */
  const char *also[KY_PROFILES_MAX];
  const yaml_node_t *also_node[KY_PROFILES_MAX];
  uint32_t also_count;
  ky_year_rate *year_rates; /* targets.rates */
  bool is_slope_told;       /* that walk.slope needs heights */
} ky_config_reader;

/* Fields that a mapping may hold, and the struct they go to. */
typedef struct ky_config_scope {
  const ky_config_field *fields;
  uint32_t count;
  void *base;
} ky_config_scope;

/* Reads a mapping by the table; unknown, repeated and missing keys are problems. `name`: its path, "" for the root. */
void ky_config_read_mapping(ky_config_reader *reader, const char *name, const yaml_node_t *node,
                            const ky_config_scope *scopes, uint32_t scope_count);
/* "a.b"; never NULL (memory that ran out is recorded in the job). */
const char *ky_config_name(ky_config_reader *reader, const char *outer, const char *key);
const char *ky_config_item_name(ky_config_reader *reader, const char *list, size_t index);
/* path against the folder of the config; NULL: memory is out (recorded). */
const char *ky_config_resolve(ky_config_reader *reader, const char *path);

/* config_lists.c: the fields that are more than one scalar. */
void ky_config_read_bands(ky_config_reader *reader, const ky_config_field *field, void *base, const char *name,
                          const yaml_node_t *node);
void ky_config_read_formats(ky_config_reader *reader, const char *name, const yaml_node_t *node);
void ky_config_read_source(ky_config_reader *reader, ky_role role, const char *name, const yaml_node_t *node,
                           const ky_config_scope *more);
void ky_config_read_sources(ky_config_reader *reader, const ky_config_field *field, const char *name,
                            const yaml_node_t *node);
void ky_config_read_official(ky_config_reader *reader, const ky_config_field *field, const char *name,
                             const yaml_node_t *node);
void ky_config_read_zone_targets(ky_config_reader *reader, const char *name, const yaml_node_t *node);
void ky_config_read_format(ky_config_reader *reader, const char *name, const yaml_node_t *node, ky_source *source);
void ky_config_read_columns(ky_config_reader *reader, const char *name, const yaml_node_t *node, ky_source *source);

/* config_postgis.c: the database of a source; what may stand beside it */
void ky_config_read_postgis(ky_config_reader *reader, const char *name, const yaml_node_t *node, ky_source *source);
void ky_config_check_postgis(ky_config_reader *reader, const char *name, const yaml_node_t *node, ky_source *source);

/* config_public.c */
void ky_config_read_public_layers(ky_config_reader *reader, const char *name, const yaml_node_t *node);
void ky_config_public_layers_text(const ky_config *config, char *text, size_t size);

/* config_priority.c: weights that are all 0; what run.json lists of them */
void ky_config_check_priority(ky_config_reader *reader);
/* page.tiles is an address of tiles (config_page.c). */
void ky_config_check_page(ky_config_reader *reader);
ky_err ky_config_list_priority(ky_config_reader *reader);

/* config_publication.c: is it whole, and what the municipality adds to it */
ky_err ky_config_check_publication(ky_config_reader *reader);

/* config_facts.c */
void ky_config_read_facts(ky_config_reader *reader, const ky_config_field *field, const char *name,
                          const yaml_node_t *node);
/* config_lists.c: `walkable` of a source of roads, `residential` of one of buildings */
void ky_config_read_values(ky_config_reader *reader, const ky_config_field *field, const char *name,
                           const yaml_node_t *node, ky_source *source);
/* config_placement.c: what follows from placement.method, given or not */
void ky_config_derive_placement(ky_config_reader *reader, bool has_buildings);

/* config_profiles.c. base: the ky_config_profile */
void ky_config_read_profile_name(ky_config_reader *reader, const char *name, const yaml_node_t *node);
void ky_config_read_also(ky_config_reader *reader, const char *name, const yaml_node_t *node);
void ky_config_read_profiles(ky_config_reader *reader, const char *name, const yaml_node_t *node);
void ky_config_read_stairs(ky_config_reader *reader, const ky_config_field *field, void *base, const char *name,
                           const yaml_node_t *node);
void ky_config_read_classes(ky_config_reader *reader, void *base, const char *name, const yaml_node_t *node);
/* config_range.c: whether the names of profiles are known; the profiles of the run out of all that walk says. */
void ky_config_check_profiles(ky_config_reader *reader);
ky_err ky_config_derive_walk(ky_config_reader *reader);

/* config_definitions.c: what run.json lists of walking. Texts of lists; whether a field that the file does not give is
 * decided by it all the same, by another key or by an own profile; one setting for each rule of each profile. */
void ky_config_bands_text(const ky_config_bands *bands, char *text, size_t size);
void ky_config_also_text(const ky_config *config, char *text, size_t size);
bool ky_config_says_otherwise(const ky_config_reader *reader, const ky_config_field *field);
ky_err ky_config_list_profiles(ky_config_reader *reader);

/* config_vary.c: what a scenario says in place of the file, before anything follows from it. */
void ky_config_apply_change(ky_config_reader *reader, const ky_config_change *change);

/* config_workbook.c */
void ky_config_read_workbook(ky_config_reader *reader, const char *name, const yaml_node_t *node);
/* Mark of a key at the top that the file gives; NULL: not given. */
const yaml_mark_t *ky_config_given_key(const ky_config_reader *reader, const char *key);

/* config_transit.c */
void ky_config_read_date(ky_config_reader *reader, const ky_config_field *field, const char *name,
                         const yaml_node_t *node);
void ky_config_read_hours(ky_config_reader *reader, const ky_config_field *field, const char *name,
                          const yaml_node_t *node);
void ky_config_set_hours(ky_config_reader *reader, const ky_config_field *field);
/* Value of a date or of hours as the config would write it; text: at least 32 bytes. */
void ky_config_transit_text(const ky_config_field *field, const ky_config *config, char *text);

/* config_targets.c. What items of targets.zones may say together; reasons that nobody gave; extents that are the
 * municipality itself. */
void ky_config_read_rates(ky_config_reader *reader, const char *name, const yaml_node_t *node);
void ky_config_rates_text(const ky_config *config, char *text, size_t size);
void ky_config_check_zone_target(ky_config_reader *reader, const char *name, const yaml_node_t *item,
                                 const ky_config_zone *zone);
ky_err ky_config_derive_targets(ky_config_reader *reader);
void ky_config_derive_extents(ky_config_reader *reader);

/* config_years.c */
void ky_config_read_years(ky_config_reader *reader, const char *name, const yaml_node_t *node);
void ky_config_years_text(const ky_config *config, char *text, size_t size);
/* What readers of files need of other sections: the years wanted, the margin. */
void ky_config_hand_on_years(ky_config_reader *reader);

/* config_settings.c. Defaults go in before the file is read; what follows from other values after it. */
ky_err ky_config_set_defaults(ky_config_reader *reader);
ky_err ky_config_derive(ky_config_reader *reader);
ky_err ky_config_list_settings(ky_config_reader *reader);
void ky_config_store_number(const ky_config_field *field, void *base, int64_t value);
const yaml_mark_t *ky_config_given(const ky_config_reader *reader, const void *member); /* NULL: not given */

#endif
