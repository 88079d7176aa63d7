/* The only reader of the configuration: a YAML tree walked by the field table into ky_config. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "config_profiles.h"
#include "config_suggest.h"

#define FIELDS_MAX 64 /* of one scope */
#define SCOPES_MAX 3

const char *ky_config_name(ky_config_reader *reader, const char *outer, const char *key) {
  if (outer[0] == '\0') return key;
  const char *name = ky_format(&reader->job->scratch, "%s.%.60s", outer, key);
  if (name == NULL) ky_fail_memory(reader->job);
  return name != NULL ? name : key;
}

const char *ky_config_item_name(ky_config_reader *reader, const char *list, size_t index) {
  const char *name = ky_format(&reader->job->keep, "%s[%zu]", list, index);
  if (name == NULL) ky_fail_memory(reader->job);
  return name != NULL ? name : list;
}

const char *ky_config_resolve(ky_config_reader *reader, const char *path) {
  const char *resolved = ky_format(&reader->job->keep, "%s%s", path[0] == '/' ? "" : reader->folder, path);
  if (resolved == NULL) ky_fail_memory(reader->job);
  return resolved;
}

static void read_choice(ky_config_reader *reader, const ky_config_field *field, void *base, const char *name,
                        const yaml_node_t *node) {
  const char *text;
  if (!ky_yaml_text(&reader->problems, node, name, &text)) return;
  ky_suggestion suggestion = {.word = text};
  char known[64];
  const char *p = field->choices;
  for (uint32_t i = 0; *p != '\0'; i++) {
    size_t length = strcspn(p, "|");
    memcpy(known, p, length);
    known[length] = '\0';
    if (strcmp(known, text) == 0) {
      if (field->store == KY_STORE_BOOL) *(bool *)((char *)base + field->offset) = i == 0;
      if (field->store == KY_STORE_TEXT) *(const char **)((char *)base + field->offset) = text;
      return;
    }
    ky_suggestion_offer(&suggestion, known);
    if (suggestion.best == known) suggestion.best = ky_arena_text(&reader->job->scratch, known, length);
    p += length + (p[length] == '|');
  }
  if (suggestion.best != NULL)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: '%.40s' is none of %s; did you mean '%s'?"), name,
                   text, field->choices, suggestion.best);
  else
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: '%.40s' is none of %s"), name, text, field->choices);
}

/* Whether one of the '|'-separated choices is this number. */
static bool is_chosen_number(const char *choices, int64_t value) {
  char text[32];
  ky_yaml_number_text(text, value, 0);
  size_t size = strlen(text);
  for (const char *p = choices; *p != '\0';) {
    size_t length = strcspn(p, "|");
    if (length == size && memcmp(p, text, size) == 0) return true;
    p += length + (p[length] == '|');
  }
  return false;
}

static void read_number(ky_config_reader *reader, const ky_config_field *field, void *base, const char *name,
                        const yaml_node_t *node) {
  int64_t value;
  if (!ky_yaml_number(&reader->problems, node, name, field->decimals, field->min, field->max, &value)) return;
  if (field->choices != NULL && !is_chosen_number(field->choices, value))
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: '%.40s' is none of %s"), name,
                   (const char *)node->data.scalar.value, field->choices);
  else
    ky_config_store_number(field, base, value);
}

/* Last digit of a 6-digit municipality code: 11 - (weighted sum mod 11), its last digit. */
static char check_digit(const char *code) {
  int sum = 0;
  for (int i = 0; i < 5; i++) sum += (code[i] - '0') * (6 - i);
  return (char)('0' + (11 - sum % 11) % 10);
}

static void read_code(ky_config_reader *reader, const char *name, const yaml_node_t *node) {
  const char *code;
  if (!ky_yaml_text(&reader->problems, node, name, &code)) return;
  size_t length = strlen(code);
  int prefecture = length >= 2 ? (code[0] - '0') * 10 + (code[1] - '0') : 0;
  if (strspn(code, "0123456789") != length || (length != 5 && length != 6) || prefecture < 1 || prefecture > 47) {
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s: '%.40s' is no municipality code; it has 5 or 6 digits and starts with 01 to 47"), name,
                   code);
  } else if (length == 6 && code[5] != check_digit(code)) {
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s: the check digit of '%s' does not fit (%.5s has %c); check the digits"), name, code, code,
                   check_digit(code));
  } else {
    reader->config->code = code;
  }
}

static void read_section(ky_config_reader *reader, const ky_config_field *field, void *base, const char *name,
                         const yaml_node_t *node) {
  const ky_config_scope scope = {field->children, field->child_count, base};
  ky_config_read_mapping(reader, name, node, &scope, 1);
}

static void read_path(ky_config_reader *reader, const ky_config_field *field, void *base, const char *name,
                      const yaml_node_t *node) {
  const char *text;
  if (!ky_yaml_text(&reader->problems, node, name, &text)) return;
  *(const char **)((char *)base + field->offset) = ky_config_resolve(reader, text);
}

static void read_field(ky_config_reader *reader, const ky_config_field *field, void *base, const char *name,
                       const yaml_node_t *node) {
  void *member = (char *)base + field->offset;
  const ky_config_scope children = {field->children, field->child_count, base};
  switch (field->type) {
    case KY_FIELD_SECTION:
      read_section(reader, field, base, name, node);
      break;
    case KY_FIELD_TEXT:
      ky_yaml_text(&reader->problems, node, name, member);
      break;
    case KY_FIELD_LINES:
      ky_yaml_lines(&reader->problems, node, name, member);
      break;
    case KY_FIELD_CODE:
      read_code(reader, name, node);
      break;
    case KY_FIELD_PATH:
      read_path(reader, field, base, name, node);
      break;
    case KY_FIELD_FLAG:
      ky_yaml_flag(&reader->problems, node, name, member);
      break;
    case KY_FIELD_NUMBER:
      read_number(reader, field, base, name, node);
      break;
    case KY_FIELD_CHOICE:
      read_choice(reader, field, base, name, node);
      break;
    case KY_FIELD_BANDS:
      ky_config_read_bands(reader, field, base, name, node);
      break;
    case KY_FIELD_PROFILE:
      ky_config_read_profile_name(reader, name, node);
      break;
    case KY_FIELD_ALSO:
      ky_config_read_also(reader, name, node);
      break;
    case KY_FIELD_PROFILES:
      ky_config_read_profiles(reader, name, node);
      break;
    case KY_FIELD_STAIRS:
      ky_config_read_stairs(reader, field, base, name, node);
      break;
    case KY_FIELD_CLASSES:
      ky_config_read_classes(reader, base, name, node);
      break;
    case KY_FIELD_FORMATS:
      ky_config_read_formats(reader, name, node);
      break;
    case KY_FIELD_SOURCE:
      ky_config_read_source(reader, field->role, name, node, NULL);
      break;
    case KY_FIELD_SOURCES:
      ky_config_read_sources(reader, field, name, node);
      break;
    case KY_FIELD_WORKBOOK:
      ky_config_read_workbook(reader, name, node);
      break;
    case KY_FIELD_ZONES:
      ky_config_read_source(reader, field->role, name, node, &children);
      break;
    case KY_FIELD_OFFICIAL:
      ky_config_read_official(reader, field, name, node);
      break;
    case KY_FIELD_FACTS:
      ky_config_read_facts(reader, field, name, node);
      break;
    case KY_FIELD_ZONE_TARGETS:
      ky_config_read_zone_targets(reader, name, node);
      break;
    case KY_FIELD_RATES:
      ky_config_read_rates(reader, name, node);
      break;
    case KY_FIELD_FORMAT:
      ky_config_read_format(reader, name, node, base);
      break;
    case KY_FIELD_COLUMNS:
      ky_config_read_columns(reader, name, node, base);
      break;
    case KY_FIELD_VALUES:
      ky_config_read_values(reader, field, name, node, base);
      break;
    case KY_FIELD_POSTGIS:
      ky_config_read_postgis(reader, name, node, base);
      break;
    case KY_FIELD_DATE:
      ky_config_read_date(reader, field, name, node);
      break;
    case KY_FIELD_NODE:
      *(const yaml_node_t **)member = node;
      break;
    case KY_FIELD_HOURS:
      ky_config_read_hours(reader, field, name, node);
      break;
    case KY_FIELD_YEARS:
      ky_config_read_years(reader, name, node);
      break;
    case KY_FIELD_LAYERS:
      ky_config_read_public_layers(reader, name, node);
      break;
  }
}

static void add_unknown_key(ky_config_reader *reader, const char *outer, const yaml_node_t *key,
                            const ky_config_scope *scopes, uint32_t scope_count) {
  ky_suggestion suggestion = {.word = (const char *)key->data.scalar.value};
  char known[400] = "";
  size_t length = 0;
  for (uint32_t s = 0; s < scope_count; s++)
    for (uint32_t f = 0; f < scopes[s].count; f++) {
      const char *name = scopes[s].fields[f].key;
      size_t size = strlen(name);
      ky_suggestion_offer(&suggestion, name);
      if (length + size + 3 >= sizeof known) continue;
      if (length > 0) memcpy(known + length, ", ", 2), length += 2;
      memcpy(known + length, name, size + 1);
      length += size;
    }
  const char *name = ky_config_name(reader, outer, suggestion.word);
  if (suggestion.best != NULL)
    ky_problem_add(&reader->problems, key->start_mark, ky_tr("%.120s: unknown key, did you mean '%s'?"), name,
                   suggestion.best);
  else
    ky_problem_add(&reader->problems, key->start_mark, ky_tr("%.120s: unknown key; known here: %s"), name, known);
}

static void remember_given(ky_config_reader *reader, const ky_config_field *field, const yaml_node_t *node) {
  if (reader->given_count == KY_CONFIG_GIVEN_MAX) return;
  reader->given[reader->given_count].field = field;
  reader->given[reader->given_count++].mark = node->start_mark;
}

static void read_pair(ky_config_reader *reader, const char *outer, const yaml_node_t *key, const yaml_node_t *value,
                      const ky_config_scope *scopes, uint32_t scope_count, bool seen[][FIELDS_MAX]) {
  if (key->type != YAML_SCALAR_NODE || strlen((const char *)key->data.scalar.value) != key->data.scalar.length) {
    ky_problem_add(&reader->problems, key->start_mark, ky_tr("a key must be a plain word"));
    return;
  }
  const char *word = (const char *)key->data.scalar.value;
  for (uint32_t s = 0; s < scope_count; s++)
    for (uint32_t f = 0; f < scopes[s].count; f++) {
      const ky_config_field *field = &scopes[s].fields[f];
      if (strcmp(field->key, word) != 0) continue;
      const char *name = ky_config_name(reader, outer, word);
      if (seen[s][f]) {
        ky_problem_add(&reader->problems, key->start_mark, ky_tr("%s: given twice; keep one"), name);
        return;
      }
      seen[s][f] = true;
      if (scopes[s].base == reader->config && field->type != KY_FIELD_SECTION) remember_given(reader, field, key);
      read_field(reader, field, scopes[s].base, name, value);
      return;
    }
  add_unknown_key(reader, outer, key, scopes, scope_count);
}

void ky_config_read_mapping(ky_config_reader *reader, const char *name, const yaml_node_t *node,
                            const ky_config_scope *scopes, uint32_t scope_count) {
  bool seen[SCOPES_MAX][FIELDS_MAX] = {{false}};
  for (uint32_t s = 0; s < scope_count; s++) assert(scopes[s].count <= FIELDS_MAX);
  if (node->type == YAML_MAPPING_NODE) {
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top && !ky_problems_full(&reader->problems); pair++)
      read_pair(reader, name, yaml_document_get_node(reader->document, pair->key),
                yaml_document_get_node(reader->document, pair->value), scopes, scope_count, seen);
  } else if (!ky_yaml_is_null(node)) { /* a section whose keys are all commented out is empty, not wrong */
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s: keys and values are needed here, as in %s: {%s: ...}"), name, name,
                   scopes[0].fields[0].key);
    return;
  }
  for (uint32_t s = 0; s < scope_count; s++)
    for (uint32_t f = 0; f < scopes[s].count; f++) {
      const ky_config_field *field = &scopes[s].fields[f];
      if (!field->is_required || seen[s][f]) continue;
      ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s is missing. %s"),
                     ky_config_name(reader, name, field->key), field->help != NULL ? ky_tr(field->help) : "");
    }
}

/* Applies the change, if there is one, to what the file says, before anything follows from it. */
static ky_err read_document(ky_config_reader *reader, const char *text, size_t length, const ky_config_change *change) {
  yaml_document_t document;
  if (!ky_yaml_open(&reader->problems, text, length, &document)) return KY_OK; /* the problems say why */
  reader->document = &document;
  const ky_config_scope root = {ky_config_fields, ky_config_field_count, reader->config};
  ky_config_read_mapping(reader, "", yaml_document_get_root_node(&document), &root, 1);
  if (reader->job->err == KY_OK && change != NULL) ky_config_apply_change(reader, change);
  ky_err err = reader->job->err != KY_OK ? reader->job->err : ky_config_derive(reader);
  yaml_document_delete(&document);
  reader->document = NULL;
  return err;
}

static ky_err keep_sources(ky_config_reader *reader) {
  ky_read_opts *read = &reader->config->read;
  ky_source *sources;
  KY_NEW(reader->job, keep, sources, read->source_count);
  memcpy(sources, reader->sources, read->source_count * sizeof *sources);
  read->sources = sources;
  read->municipality_code = reader->config->code;
  read->municipality_name = reader->config->name;
  read->margin_m = reader->config->place.margin_m;
  return KY_OK;
}

static ky_err new_reader(ky_job *job, const char *path, ky_config *config, ky_config_reader **out) {
  ky_config_reader *reader;
  KY_NEW(job, scratch, reader, 1);
  reader->job = job;
  reader->config = config;
  reader->problems.job = job;
  reader->problems.path = path;
  const char *slash = strrchr(path, '/');
  reader->folder = slash == NULL ? "" : ky_arena_text(&job->scratch, path, (size_t)(slash - path) + 1);
  if (reader->folder == NULL) return ky_fail_memory(job);
  KY_NEW(job, scratch, reader->sources, KY_CONFIG_SOURCES_MAX);
  KY_NEW(job, scratch, reader->profiles, KY_CONFIG_PROFILES_MAX);
  *out = reader;
  return ky_config_set_defaults(reader);
}

/* What is left to do once the file is free of problems. */
static ky_err finish(ky_config_reader *reader) {
  ky_config_hand_on_years(reader);
  KY_TRY(keep_sources(reader));
  return ky_config_list_settings(reader);
}

ky_err ky_config_read(ky_job *job, const char *path, ky_config *out) {
  ky_config_reader *reader;
  *out = (ky_config){.path = path};
  KY_TRY(ky_yaml_file(job, path, KY_CONFIG_EXAMPLE_COMMAND, &out->text, &out->text_bytes));
  KY_TRY(new_reader(job, path, out, &reader));
  KY_TRY(read_document(reader, out->text, out->text_bytes, NULL));
  if (job->err != KY_OK) return job->err;
  KY_TRY(ky_problems_end(&reader->problems));
  return finish(reader);
}

ky_err ky_config_vary(ky_job *job, const ky_config *base, const ky_config_change *change, ky_config *out,
                      const char **problem) {
  ky_config_reader *reader;
  *problem = NULL;
  *out = (ky_config){.path = base->path, .text = base->text, .text_bytes = base->text_bytes};
  KY_TRY(new_reader(job, base->path, out, &reader));
  KY_TRY(read_document(reader, base->text, base->text_bytes, change));
  if (job->err != KY_OK) return job->err;
  out->out_dir = base->out_dir; /* perhaps of the command line */
  if (reader->problems.count == 0) return finish(reader);
  *problem = reader->problems.rows[0].text;
  return KY_OK;
}
