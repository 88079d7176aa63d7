/* Lists, sources and zones of the configuration. */
#include <stdio.h>
#include <string.h>

#include "config_reader.h"
#include "config_suggest.h"
#include "io/reader.h"

static const yaml_node_t *item_of(const ky_config_reader *reader, const yaml_node_t *list, size_t index) {
  return yaml_document_get_node(reader->document, list->data.sequence.items.start[index]);
}

static size_t item_count(const yaml_node_t *list) {
  return (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
}

/* A list with at most `max` items, else a problem. */
static bool check_list(ky_config_reader *reader, const char *name, const yaml_node_t *node, size_t max,
                       const char *example) {
  if (node->type != YAML_SEQUENCE_NODE) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a list is needed here, e.g. %s"), name, example);
    return false;
  }
  if (item_count(node) > max) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: more than %zu items"), name, max);
    return false;
  }
  return true;
}

void ky_config_read_bands(ky_config_reader *reader, const ky_config_field *field, void *base, const char *name,
                          const yaml_node_t *node) {
  ky_config_bands *bands = (ky_config_bands *)(void *)((char *)base + field->offset);
  const char *example = strstr(field->key, "_min") != NULL ? "[5, 10, 15]" : "[300, 500, 800]";
  if (!check_list(reader, name, node, KY_BANDS_MAX, example)) return;
  if (item_count(node) == 0) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: an empty list; delete the line for the default"),
                   name);
    return;
  }
  int64_t before = 0;
  bands->count = 0;
  for (size_t i = 0; i < item_count(node); i++) {
    const yaml_node_t *item = item_of(reader, node, i);
    int64_t value;
    if (!ky_yaml_number(&reader->problems, item, ky_config_item_name(reader, name, i), field->decimals, field->min,
                        field->max, &value))
      continue;
    if (value <= before)
      ky_problem_add(&reader->problems, item->start_mark,
                     ky_tr("%s: not larger than the one before; write them in increasing order"),
                     ky_config_item_name(reader, name, i));
    before = value;
    bands->value[bands->count++] = (uint32_t)value;
  }
}

static void add_unknown_format(ky_config_reader *reader, const char *name, const yaml_node_t *node, const char *text,
                               const char *best, const char *known) {
  if (best != NULL)
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s: unknown format '%.40s', did you mean '%s'? Known: %s"), name, text, best, known);
  else
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: unknown format '%.40s'; known: %s"), name, text,
                   known);
}

/* "a, b, c" growing in a buffer; what does not fit is left out. */
static void append_name(char *list, size_t size, const char *name) {
  size_t used = strlen(list);
  if (used + strlen(name) + 3 < size) snprintf(list + used, size - used, "%s%s", used > 0 ? ", " : "", name);
}

static bool check_writer(ky_config_reader *reader, const char *name, const yaml_node_t *node, const char *text) {
  ky_suggestion suggestion = {.word = text};
  char known[300] = "";
  for (uint32_t w = 0; ky_writers[w] != NULL; w++) {
    if (strcmp(ky_writers[w]->name, text) == 0) return true;
    ky_suggestion_offer(&suggestion, ky_writers[w]->name);
    append_name(known, sizeof known, ky_writers[w]->name);
  }
  add_unknown_format(reader, name, node, text, suggestion.best, known);
  return false;
}

static bool has_format(const ky_config *config, const char *name) {
  for (uint32_t f = 0; f < config->format_count; f++)
    if (strcmp(config->formats[f], name) == 0) return true;
  return false;
}

void ky_config_read_formats(ky_config_reader *reader, const char *name, const yaml_node_t *node) {
  ky_config *config = reader->config;
  if (!check_list(reader, name, node, 32, "[geojson, gpkg, csv, xlsx, qgis]")) return;
  if (item_count(node) == 0) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: an empty list; delete the line for the default"),
                   name);
    return;
  }
  config->format_count = 0;
  config->formats = ky_arena_alloc(&reader->job->keep, item_count(node), sizeof *config->formats);
  if (config->formats == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  for (size_t i = 0; i < item_count(node); i++) {
    const yaml_node_t *item = item_of(reader, node, i);
    const char *item_name = ky_config_item_name(reader, name, i), *text;
    if (!ky_yaml_text(&reader->problems, item, item_name, &text) || !check_writer(reader, item_name, item, text))
      continue;
    if (has_format(config, text))
      ky_problem_add(&reader->problems, item->start_mark, ky_tr("%s: given twice; keep one"), item_name);
    else
      config->formats[config->format_count++] = text;
  }
  if (has_format(config, "qgis") && !has_format(config, "gpkg"))
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s: qgis needs gpkg too: the project opens the GeoPackage"), name);
}

void ky_config_read_format(ky_config_reader *reader, const char *name, const yaml_node_t *node, ky_source *source) {
  const char *text;
  if (!ky_yaml_text(&reader->problems, node, name, &text)) return;
  ky_suggestion suggestion = {.word = text};
  char known[300] = "";
  for (uint32_t r = 0; ky_readers[r] != NULL; r++) {
    if (strcmp(ky_readers[r]->name, text) == 0) {
      source->format = text;
      return;
    }
    ky_suggestion_offer(&suggestion, ky_readers[r]->name);
    append_name(known, sizeof known, ky_readers[r]->name);
  }
  add_unknown_format(reader, name, node, text, suggestion.best, known);
}

/* Index of the attribute, KY_NONE with a problem. */
static uint32_t find_attribute(ky_config_reader *reader, const ky_role_info *role, const char *name,
                               const yaml_node_t *key) {
  ky_suggestion suggestion = {.word = (const char *)key->data.scalar.value};
  char known[400] = "";
  for (uint32_t a = 0; a < role->attribute_count; a++) {
    if (strcmp(role->attributes[a].name, suggestion.word) == 0) return a;
    ky_suggestion_offer(&suggestion, role->attributes[a].name);
    append_name(known, sizeof known, role->attributes[a].name);
  }
  if (suggestion.best != NULL)
    ky_problem_add(&reader->problems, key->start_mark, ky_tr("%s: '%.40s' is no attribute of %s, did you mean '%s'?"),
                   name, suggestion.word, role->name, suggestion.best);
  else
    ky_problem_add(&reader->problems, key->start_mark, ky_tr("%s: '%.40s' is no attribute of %s; known: %s"), name,
                   suggestion.word, role->name, known);
  return KY_NONE;
}

void ky_config_read_columns(ky_config_reader *reader, const char *name, const yaml_node_t *node, ky_source *source) {
  const ky_role_info *role = ky_role_get(source->role);
  if (node->type != YAML_MAPPING_NODE) {
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s: attribute: column pairs are needed here, e.g. {name: 名称}"), name);
    return;
  }
  size_t count = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
  if (count > role->attribute_count) count = role->attribute_count;
  source->columns = ky_arena_alloc(&reader->job->keep, count, sizeof *source->columns);
  if (source->columns == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
       pair < node->data.mapping.pairs.top && !ky_problems_full(&reader->problems); pair++) {
    const yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);
    const char *attribute, *column;
    if (!ky_yaml_text(&reader->problems, key, name, &attribute)) continue;
    uint32_t a = find_attribute(reader, role, name, key);
    if (a == KY_NONE) continue;
    const char *item_name = ky_config_name(reader, name, attribute);
    bool is_known = false;
    for (uint32_t c = 0; c < source->column_count; c++)
      is_known = is_known || strcmp(source->columns[c].attribute, attribute) == 0;
    if (is_known)
      ky_problem_add(&reader->problems, key->start_mark, ky_tr("%s: given twice; keep one"), item_name);
    else if (ky_yaml_text(&reader->problems, yaml_document_get_node(reader->document, pair->value), item_name,
                          &column) &&
             source->column_count < count)
      source->columns[source->column_count++] = (ky_mapping){attribute, column};
  }
}

void ky_config_read_source(ky_config_reader *reader, ky_role role, const char *name, const yaml_node_t *node,
                           const ky_config_scope *more) {
  ky_read_opts *read = &reader->config->read;
  if (read->source_count == KY_CONFIG_SOURCES_MAX) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: more than %d sources"), name, KY_CONFIG_SOURCES_MAX);
    return;
  }
  ky_source *source = &reader->sources[read->source_count++];
  char *kept_name = ky_arena_text(&reader->job->keep, name, strlen(name));
  if (kept_name == NULL) ky_fail_memory(reader->job);
  *source = (ky_source){.role = role, .name = kept_name};
  if (node->type == YAML_SCALAR_NODE && !ky_yaml_is_null(node)) {
    if (!ky_yaml_text(&reader->problems, node, name, &source->shown)) return;
  } else if (node->type == YAML_MAPPING_NODE) {
    ky_config_scope scopes[2] = {{ky_source_fields, ky_source_field_count, source}};
    if (more != NULL) scopes[1] = *more;
    ky_config_read_mapping(reader, name, node, scopes, more != NULL ? 2 : 1);
    ky_config_check_postgis(reader, name, node, source);
  } else {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a path is needed here, or {path: ...}"), name);
    return;
  }
  if ((source->lon == NULL) != (source->lat == NULL))
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: lon and lat go together; %s is missing"), name,
                   source->lon == NULL ? "lon" : "lat");
  if (source->table_shown != NULL && role != KY_ROLE_RESIDENTS)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: table: is for residents only; delete it"), name);
  if (source->table_shown != NULL) source->table = ky_config_resolve(reader, source->table_shown);
  if (source->is_informal && role != KY_ROLE_VENUES)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: informal: is for venues only; delete it"), name);
  if (source->kind != NULL && role != KY_ROLE_RESOURCES)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: kind: is for resources only; delete it"), name);
  if ((source->participants_band != NULL || source->participants_extent != NULL || source->participants_date != NULL) &&
      role != KY_ROLE_VENUES && role != KY_ROLE_OFFICIAL && role != KY_ROLE_ZONES)
    ky_problem_add(
        &reader->problems, node->start_mark,
        ky_tr("%s: participants_band, participants_extent and participants_date are for venues and tables of "
              "zones only; delete them"),
        name);
  if (source->year != 0 && role != KY_ROLE_RESIDENTS)
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s: year: is for residents only; further years are chosen with years.use"), name);
  if (source->shown != NULL && source->postgis == NULL) source->path = ky_config_resolve(reader, source->shown);
}

void ky_config_read_sources(ky_config_reader *reader, const ky_config_field *field, const char *name,
                            const yaml_node_t *node) {
  if (node->type != YAML_SEQUENCE_NODE) { /* one source needs no list */
    ky_config_read_source(reader, field->role, name, node, NULL);
    return;
  }
  if ((int64_t)item_count(node) < field->min)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: an empty list; at least one source is needed"),
                   name);
  for (size_t i = 0; i < item_count(node) && !ky_problems_full(&reader->problems); i++)
    ky_config_read_source(reader, field->role, ky_config_item_name(reader, name, i), item_of(reader, node, i), NULL);
}

/* Room for `count` more zones behind those of the config; NULL: memory is out (recorded). */
static ky_config_zone *more_zones(ky_config_reader *reader, size_t count) {
  ky_config *config = reader->config;
  ky_config_zone *zones = ky_arena_alloc(&reader->job->keep, config->zone_count + count, sizeof *zones);
  if (zones == NULL) {
    ky_fail_memory(reader->job);
    return NULL;
  }
  if (config->zone_count > 0) memcpy(zones, config->zones, config->zone_count * sizeof *zones);
  config->zones = zones;
  return zones + config->zone_count;
}

/* Reads a list of zones by their fields; each zone once. Returns the first of them. */
static ky_config_zone *read_zones(ky_config_reader *reader, const char *name, const yaml_node_t *node,
                                  const ky_config_field *fields, uint32_t field_count, const char *example) {
  if (!check_list(reader, name, node, KY_CONFIG_ITEMS_MAX, example)) return NULL;
  ky_config_zone *first = more_zones(reader, item_count(node));
  if (first == NULL) return NULL;
  for (size_t i = 0; i < item_count(node) && !ky_problems_full(&reader->problems); i++) {
    const yaml_node_t *item = item_of(reader, node, i);
    ky_config_zone *zone = &first[i];
    const char *item_name = ky_config_item_name(reader, name, i);
    *zone = ky_zone_fact_none();
    zone->where = ky_format(&reader->job->keep, "%s:%zu:%zu", reader->problems.path, item->start_mark.line + 1,
                            item->start_mark.column + 1);
    if (zone->where == NULL) ky_fail_memory(reader->job);
    const ky_config_scope scope = {fields, field_count, zone};
    ky_config_read_mapping(reader, item_name, item, &scope, 1);
    for (size_t j = 0; j < i && zone->zone_id != NULL; j++)
      if (first[j].zone_id != NULL && strcmp(first[j].zone_id, zone->zone_id) == 0 && first[j].year == zone->year) {
        ky_problem_add(&reader->problems, item->start_mark, ky_tr("%s: zone '%.60s' is given twice; keep one"),
                       item_name, zone->zone_id);
        break;
      }
  }
  reader->config->zone_count += (uint32_t)item_count(node);
  return first;
}

/* Sexes add up to their total, and an older band is never larger than a younger one that holds it. */
static void check_people(ky_config_reader *reader, const char *name, const yaml_node_t *item,
                         const ky_config_zone *zone) {
  static const ky_measure totals[] = {KY_TOTAL, KY_65, KY_75, KY_85};
  int64_t larger = KY_NULL;
  for (size_t t = 0; t < sizeof totals / sizeof *totals; t++) {
    int64_t all = zone->people[totals[t]], male = zone->people[totals[t] + 1], female = zone->people[totals[t] + 2];
    const char *band = ky_measure_name(totals[t]);
    if (all != KY_NULL && male != KY_NULL && female != KY_NULL && male + female != all)
      ky_problem_add(&reader->problems, item->start_mark,
                     ky_tr("%s: pop_%s is not pop_%s_m + pop_%s_f; check the three"), name, band, band, band);
    if (all != KY_NULL && larger != KY_NULL && all > larger)
      ky_problem_add(&reader->problems, item->start_mark,
                     ky_tr("%s: pop_%s is larger than the people of the wider age band; check them"), name, band);
    if (all != KY_NULL) larger = all;
  }
}

void ky_config_read_official(ky_config_reader *reader, const ky_config_field *field, const char *name,
                             const yaml_node_t *node) {
  if (node->type != YAML_SEQUENCE_NODE) {
    ky_config_read_source(reader, field->role, name, node, NULL);
    return;
  }
  const ky_config_zone *first =
      read_zones(reader, name, node, ky_official_fields, ky_official_field_count, "[{zone: A, pop_65: 3456}]");
  if (first == NULL) return;
  for (size_t i = 0; i < item_count(node) && !ky_problems_full(&reader->problems); i++)
    check_people(reader, ky_config_item_name(reader, name, i), item_of(reader, node, i), &first[i]);
}

void ky_config_read_zone_targets(ky_config_reader *reader, const char *name, const yaml_node_t *node) {
  const ky_config_zone *first =
      read_zones(reader, name, node, ky_zone_target_fields, ky_zone_target_field_count, "[{zone: A, rate: 0.1}]");
  for (size_t i = 0; first != NULL && i < item_count(node) && !ky_problems_full(&reader->problems); i++)
    ky_config_check_zone_target(reader, ky_config_item_name(reader, name, i), item_of(reader, node, i), &first[i]);
}

#define VALUES_MAX 100

void ky_config_read_values(ky_config_reader *reader, const ky_config_field *field, const char *name,
                           const yaml_node_t *node, ky_source *source) {
  const bool is_roads = field->role == KY_ROLE_ROADS;
  const char **values;
  uint32_t *value_count = is_roads ? &source->walkable_count : &source->residential_count;
  if (source->role != field->role) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: only sources of %s have it; delete the line"), name,
                   ky_role_get(field->role)->name);
    return;
  }
  const size_t count = node->type == YAML_SEQUENCE_NODE ? item_count(node) : 0;
  if (count == 0 || count > VALUES_MAX) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a list of 1 to %d values is needed here, e.g. %s"),
                   name, VALUES_MAX, is_roads ? "[市道, 県道]" : "[独立住宅, 集合住宅]");
    return;
  }
  values = ky_arena_alloc(&reader->job->keep, count, sizeof *values);
  if (values == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  *(is_roads ? &source->walkable : &source->residential) = values;
  for (size_t i = 0; i < count; i++) {
    const yaml_node_t *item = yaml_document_get_node(reader->document, node->data.sequence.items.start[i]);
    const char *text;
    if (ky_yaml_text(&reader->problems, item, ky_config_item_name(reader, name, i), &text))
      values[(*value_count)++] = text;
  }
}
