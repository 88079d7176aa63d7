/* Files of scenarios: the same strict reader and field tables as the configuration's. */
#include "scenario.h"

#include <stdio.h>
#include <string.h>

#include "config_scenario_fields.h"
#include "config_suggest.h"

#define EXAMPLE_COMMAND "kayoi help scenario"
#define FOLDER_BYTES    80
#define DEFAULT_CRS     "EPSG:6668" /* JGD2011 */

static const char *const standard_layers[] = {"venues", "zones", "sites"};
#define STANDARD_LAYERS ((uint32_t)(sizeof standard_layers / sizeof *standard_layers))

typedef struct loading {
  ky_config_reader *reader;
  const ky_config *base;
  ky_scenarios *out;
  uint32_t file;
} loading;

static size_t item_count(const yaml_node_t *list) {
  return (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
}

static const yaml_node_t *item_of(const ky_config_reader *reader, const yaml_node_t *list, size_t index) {
  return yaml_document_get_node(reader->document, list->data.sequence.items.start[index]);
}

static bool check_list(ky_config_reader *reader, const char *name, const yaml_node_t *node, size_t max,
                       const char *example) {
  if (node->type != YAML_SEQUENCE_NODE)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a list is needed here, e.g. %s"), name, example);
  else if (item_count(node) > max)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: more than %zu items"), name, max);
  else
    return true;
  return false;
}

/* Value of a key that the mapping holds; NULL: it does not. */
static const yaml_node_t *value_of(const ky_config_reader *reader, const yaml_node_t *node, const char *key) {
  if (node->type != YAML_MAPPING_NODE) return NULL;
  for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
    const yaml_node_t *found = yaml_document_get_node(reader->document, pair->key);
    if (found->type == YAML_SCALAR_NODE && strcmp((const char *)found->data.scalar.value, key) == 0)
      return yaml_document_get_node(reader->document, pair->value);
  }
  return NULL;
}

static const char *where_of(ky_config_reader *reader, const yaml_node_t *node) {
  const char *where = ky_format(&reader->job->keep, "%s:%zu:%zu", reader->problems.path, node->start_mark.line + 1,
                                node->start_mark.column + 1);
  if (where == NULL) ky_fail_memory(reader->job);
  return where != NULL ? where : "";
}

/* The text of an attribute as a register would have it; its form has been checked. */
static const char *plain_text(ky_config_reader *reader, const ky_config_field *field, const yaml_node_t *node) {
  const char *text = (const char *)node->data.scalar.value;
  if (field->type == KY_FIELD_FLAG) return strcmp(text, "true") == 0 ? "1" : "0";
  const char *kept = ky_arena_text(&reader->job->keep, text, node->data.scalar.length);
  if (kept == NULL) ky_fail_memory(reader->job);
  return kept;
}

static void collect_values(ky_config_reader *reader, const yaml_node_t *item, const ky_config_field *fields,
                           uint32_t count, ky_scenario_venue *out) {
  for (uint32_t f = 0; f < count; f++) {
    const yaml_node_t *node = value_of(reader, item, fields[f].key);
    if (node != NULL && node->type == YAML_SCALAR_NODE)
      out->values[out->value_count++] =
          (ky_scenario_value){.attribute = fields[f].key, .text = plain_text(reader, &fields[f], node)};
  }
}

/* Exactly one way to say where. */
static void settle_place(ky_config_reader *reader, const char *name, const yaml_node_t *item,
                         const ky_scenario_venue_draft *draft, ky_scenario_venue *out) {
  const bool has_lon = value_of(reader, item, "lon") != NULL, has_lat = value_of(reader, item, "lat") != NULL;
  const bool has_x = value_of(reader, item, "x") != NULL, has_y = value_of(reader, item, "y") != NULL;
  const int ways = (has_lon || has_lat) + (has_x || has_y) + (draft->at != NULL);
  if (ways != 1)
    ky_problem_add(&reader->problems, item->start_mark,
                   ways == 0 ? ky_tr("%s: where is it? Write lon and lat, x and y, or at: with a site of the run")
                             : ky_tr("%s: says where it is in several ways; keep one of lon and lat, x and y, at"),
                   name);
  else if (has_lon != has_lat || has_x != has_y)
    ky_problem_add(&reader->problems, item->start_mark, ky_tr("%s: a coordinate is missing; %s go together"), name,
                   has_lon != has_lat ? "lon, lat" : "x, y");
  else if (draft->at != NULL && draft->crs != NULL)
    ky_problem_add(&reader->problems, item->start_mark, ky_tr("%s: crs: is for coordinates; delete it beside at:"),
                   name);
  out->site = draft->at;
  out->has_place = draft->at == NULL;
  out->is_degrees = has_lon;
  out->x = has_lon ? draft->lon : draft->x;
  out->y = has_lon ? draft->lat : draft->y;
  out->crs = draft->crs != NULL ? draft->crs : has_lon ? DEFAULT_CRS : NULL;
}

/* What a list of venues may say of each. */
typedef struct venue_list {
  const char *name, *example;
  bool has_which, has_place, has_values;
} venue_list;

static void read_venue(ky_config_reader *reader, const venue_list *list, const char *name, const yaml_node_t *item,
                       ky_scenario_venue *out) {
  ky_scenario_venue_draft draft = {.venue = NULL};
  ky_config_scope scopes[3];
  uint32_t count = 0;
  if (list->has_which)
    scopes[count++] = (ky_config_scope){ky_scenario_which_fields, ky_scenario_which_field_count, &draft};
  else
    scopes[count++] = (ky_config_scope){ky_scenario_new_fields, ky_scenario_new_field_count, &draft};
  if (list->has_place)
    scopes[count++] = (ky_config_scope){ky_scenario_place_fields, ky_scenario_place_field_count, &draft};
  if (list->has_values)
    scopes[count++] = (ky_config_scope){ky_scenario_attribute_fields, ky_scenario_attribute_field_count, &draft};
  *out = (ky_scenario_venue){.where = where_of(reader, item)};
  const uint32_t before = reader->problems.count;
  ky_config_read_mapping(reader, name, item, scopes, count);
  if (reader->problems.count != before || item->type != YAML_MAPPING_NODE) return;
  out->venue = draft.venue;
  out->values = ky_arena_alloc(&reader->job->keep, ky_scenario_attribute_field_count + ky_scenario_new_field_count,
                               sizeof *out->values);
  if (out->values == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  if (list->has_place) settle_place(reader, name, item, &draft, out);
  if (!list->has_which) collect_values(reader, item, ky_scenario_new_fields, ky_scenario_new_field_count, out);
  if (list->has_values)
    collect_values(reader, item, ky_scenario_attribute_fields, ky_scenario_attribute_field_count, out);
  if (list->has_which && list->has_values && out->value_count == 0)
    ky_problem_add(&reader->problems, item->start_mark, ky_tr("%s: changes nothing; write e.g. capacity: 30"), name);
}

static void read_venues(ky_config_reader *reader, const venue_list *list, const char *outer, const yaml_node_t *node,
                        ky_scenario_venue **out, uint32_t *count) {
  const char *name = ky_config_name(reader, outer, list->name);
  if (node == NULL || !check_list(reader, name, node, KY_SCENARIO_ITEMS_MAX, list->example)) return;
  *out = ky_arena_alloc(&reader->job->keep, item_count(node), sizeof **out);
  if (*out == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  for (size_t i = 0; i < item_count(node) && !ky_problems_full(&reader->problems); i++)
    read_venue(reader, list, ky_config_item_name(reader, name, i), item_of(reader, node, i), &(*out)[(*count)++]);
}

static void read_closes(ky_config_reader *reader, const char *outer, const yaml_node_t *node, ky_scenario *out) {
  const char *name = ky_config_name(reader, outer, "closes");
  if (node == NULL || !check_list(reader, name, node, KY_SCENARIO_ITEMS_MAX, "[V012, V013]")) return;
  out->closes = ky_arena_alloc(&reader->job->keep, item_count(node), sizeof *out->closes);
  if (out->closes == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  for (size_t i = 0; i < item_count(node); i++) {
    const yaml_node_t *item = item_of(reader, node, i);
    ky_scenario_close *close = &out->closes[out->close_count];
    if (!ky_yaml_text(&reader->problems, item, ky_config_item_name(reader, name, i), &close->venue)) continue;
    close->where = where_of(reader, item);
    out->close_count++;
  }
}

static void read_layers(ky_config_reader *reader, const char *outer, const yaml_node_t *node, ky_scenario *out) {
  const char *name = ky_config_name(reader, outer, "layers");
  const size_t most = node == NULL ? STANDARD_LAYERS : KY_SCENARIO_LAYERS_MAX;
  if (node != NULL && !check_list(reader, name, node, KY_SCENARIO_LAYERS_MAX, "[venues, zones, gaps]")) return;
  out->layers = ky_arena_alloc(&reader->job->keep, most, sizeof *out->layers);
  if (out->layers == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  for (; node == NULL && out->layer_count < STANDARD_LAYERS; out->layer_count++)
    out->layers[out->layer_count] = standard_layers[out->layer_count];
  for (size_t i = 0; node != NULL && i < item_count(node); i++) {
    const yaml_node_t *item = item_of(reader, node, i);
    const char *word, *item_name = ky_config_item_name(reader, name, i);
    if (!ky_yaml_text(&reader->problems, item, item_name, &word)) continue;
    ky_suggestion suggestion = {.word = word};
    bool is_known = false;
    for (size_t l = 0; ky_layer_name(l) != NULL; l++) {
      is_known = is_known || strcmp(ky_layer_name(l), word) == 0;
      ky_suggestion_offer(&suggestion, ky_layer_name(l));
    }
    if (is_known)
      out->layers[out->layer_count++] = word;
    else
      ky_problem_add(&reader->problems, item->start_mark,
                     suggestion.best != NULL ? ky_tr("%s: '%.40s' is no layer of a run, did you mean '%s'?")
                                             : ky_tr("%s: '%.40s' is no layer of a run; they are e.g. %s"),
                     item_name, word, suggestion.best != NULL ? suggestion.best : "venues, zones, gaps, cells");
  }
}

static const ky_zone_fact *read_rates(ky_config_reader *reader, const char *outer, const yaml_node_t *node,
                                      uint32_t *count) {
  const char *name = ky_config_name(reader, outer, "zones");
  if (node == NULL || !check_list(reader, name, node, KY_SCENARIO_ITEMS_MAX, "[{zone: A, rate: 0.1}]")) return NULL;
  ky_zone_fact *facts = ky_arena_alloc(&reader->job->keep, item_count(node), sizeof *facts);
  if (facts == NULL) {
    ky_fail_memory(reader->job);
    return NULL;
  }
  for (size_t i = 0; i < item_count(node) && !ky_problems_full(&reader->problems); i++) {
    const yaml_node_t *item = item_of(reader, node, i);
    ky_zone_fact *fact = &facts[(*count)++];
    *fact = (ky_zone_fact){.rate = KY_NULL, .participants = KY_NULL, .where = where_of(reader, item)};
    for (int m = 0; m < KY_MEASURE_COUNT; m++) fact->people[m] = KY_NULL;
    const ky_config_scope scope = {ky_scenario_rate_fields, ky_scenario_rate_field_count, fact};
    ky_config_read_mapping(reader, ky_config_item_name(reader, name, i), item, &scope, 1);
  }
  return facts;
}

/* The run's settings with those of the scenario. What is wrong with them together is said where the scenario begins. */
static ky_err settle_config(loading *l, const char *name, const yaml_node_t *item, const ky_scenario_draft *draft,
                            ky_scenario *out) {
  ky_config_reader *reader = l->reader;
  ky_config_change change = {.profile = draft->profile,
                             .primary_mm = draft->primary_mm,
                             .primary_milli_min = draft->primary_milli_min,
                             .basis = draft->basis,
                             .rate = draft->rate,
                             .rate_basis = draft->rate_basis};
  const char *problem;
  ky_config *config;
  change.zones = read_rates(reader, name, draft->zones, &change.zone_count);
  out->config = l->base;
  if (reader->problems.count != 0) return KY_OK;
  if (change.profile == NULL && change.primary_mm + change.primary_milli_min == 0 && change.rate == KY_NULL &&
      change.zone_count == 0)
    return KY_OK;
  KY_NEW(reader->job, keep, config, 1);
  KY_TRY(ky_config_vary(reader->job, l->base, &change, config, &problem));
  if (problem != NULL) ky_problem_add(&reader->problems, item->start_mark, "%s: %s", name, problem);
  if (problem == NULL && change.zone_count != 0) out->rates = config->zones + config->zone_count - change.zone_count;
  out->config = config;
  out->rate_count = problem == NULL ? change.zone_count : 0;
  return KY_OK;
}

static void check_together(ky_config_reader *reader, const char *name, const yaml_node_t *item,
                           const ky_scenario_draft *draft) {
  const yaml_mark_t mark = item->start_mark;
  if (draft->primary_mm != 0 && draft->primary_milli_min != 0)
    ky_problem_add(&reader->problems, mark, ky_tr("%s: primary_m and primary_min say the same in two ways; delete one"),
                   name);
  if (draft->basis != NULL && draft->primary_mm + draft->primary_milli_min == 0)
    ky_problem_add(&reader->problems, mark,
                   ky_tr("%s: basis says why of a distance that is not given; add primary_m, or delete it"), name);
  if (draft->rate_basis != NULL && draft->rate == KY_NULL)
    ky_problem_add(&reader->problems, mark,
                   ky_tr("%s: rate_basis says why of a rate that is not given; add rate, or delete it"), name);
}

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The same but for the case of letters. */
static bool is_alike(const char *a, const char *b) {
  while (*a != '\0' && lower(*a) == lower(*b)) a++, b++;
  return lower(*a) == lower(*b);
}

/* A name that every file system takes, distinct among the scenarios even where case is nothing. */
static const char *folder_of(ky_config_reader *reader, const ky_scenarios *all, const char *name) {
  char text[FOLDER_BYTES + 16];
  size_t length = 0;
  for (const char *p = name; *p != '\0';) {
    size_t size = 1;
    while ((p[size] & 0xc0) == 0x80) size++;
    if (length + size > FOLDER_BYTES) break;
    const bool is_plain = size > 1 || (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') ||
                          (*p >= 'A' && *p <= 'Z') || (strchr("-_+.", *p) != NULL && !(*p == '.' && length == 0));
    memcpy(text + length, is_plain ? p : "_", size);
    length += size;
    p += size;
  }
  for (size_t i = length; i > 0 && text[i - 1] == '.'; i--) text[i - 1] = '_';
  text[length] = '\0';
  for (uint32_t nth = 2;; nth++) {
    bool is_taken = false;
    for (uint32_t s = 0; s < all->count && !is_taken; s++) is_taken = is_alike(all->of[s].folder, text);
    if (!is_taken) break;
    snprintf(text + length, sizeof text - length, "-%u", nth);
  }
  const char *kept = ky_arena_text(&reader->job->keep, text, strlen(text));
  if (kept == NULL) ky_fail_memory(reader->job);
  return kept != NULL ? kept : "";
}

static void check_name(ky_config_reader *reader, const ky_scenarios *all, const char *name, const yaml_node_t *item,
                       const char *word) {
  for (uint32_t s = 0; s < all->count; s++)
    if (strcmp(all->of[s].name, word) == 0)
      ky_problem_add(&reader->problems, item->start_mark,
                     ky_tr("%s: the scenario '%.60s' is there already (%s); give each a name of its own"), name, word,
                     all->of[s].where);
}

static ky_err read_scenario(loading *l, const char *name, const yaml_node_t *item) {
  static const venue_list adds = {"adds", "[{name: 東町公民館, lon: 130.7, lat: 32.8}]", false, true, true};
  static const venue_list moves = {"moves", "[{venue: V004, lon: 130.71, lat: 32.81}]", true, true, false};
  static const venue_list changes = {"changes", "[{venue: V005, capacity: 30}]", true, false, true};
  ky_config_reader *reader = l->reader;
  ky_scenario_draft draft = {.rate = KY_NULL};
  const ky_config_scope scope = {ky_scenario_fields, ky_scenario_field_count, &draft};
  if (l->out->count == KY_SCENARIOS_MAX) {
    ky_problem_add(&reader->problems, item->start_mark, ky_tr("more than %d scenarios; divide them over several runs"),
                   KY_SCENARIOS_MAX);
    return KY_OK;
  }
  const uint32_t before = reader->problems.count;
  ky_config_read_mapping(reader, name, item, &scope, 1);
  if (draft.name != NULL) check_name(reader, l->out, name, item, draft.name);
  check_together(reader, name, item, &draft);
  if (draft.name == NULL) return reader->job->err;
  ky_scenario out = {.name = draft.name,
                     .where = where_of(reader, item),
                     .folder = folder_of(reader, l->out, draft.name),
                     .file = l->file,
                     .year = draft.year};
  read_venues(reader, &adds, name, draft.adds, &out.adds, &out.add_count);
  read_venues(reader, &moves, name, draft.moves, &out.moves, &out.move_count);
  read_venues(reader, &changes, name, draft.changes, &out.changes, &out.change_count);
  read_closes(reader, name, draft.closes, &out);
  read_layers(reader, name, draft.layers, &out);
  if (reader->problems.count == before) KY_TRY(settle_config(l, name, item, &draft, &out));
  l->out->of[l->out->count++] = out;
  return reader->job->err;
}

static ky_err read_items(loading *l, const yaml_node_t *list) {
  ky_config_reader *reader = l->reader;
  const ky_arena_mark mark = ky_arena_now(&reader->job->scratch);
  if (!check_list(reader, "scenarios", list, KY_SCENARIOS_MAX, "[{name: A, closes: [V012]}]")) return KY_OK;
  if (item_count(list) == 0)
    ky_problem_add(&reader->problems, list->start_mark, "%s", ky_tr("scenarios: an empty list; nothing to compare"));
  for (size_t i = 0; i < item_count(list) && !ky_problems_full(&reader->problems); i++) {
    KY_TRY(read_scenario(l, ky_config_item_name(reader, "scenarios", i), item_of(reader, list, i)));
    if (reader->problems.count == 0) ky_arena_rewind(&reader->job->scratch, mark); /* texts of problems stay */
  }
  return reader->job->err;
}

static ky_err read_document(loading *l, const char *text, size_t length) {
  static const ky_config_field root_fields[] = {{.key = "scenarios", .type = KY_FIELD_NODE, .is_required = true}};
  ky_config_reader *reader = l->reader;
  yaml_document_t document;
  const yaml_node_t *list = NULL;
  if (!ky_yaml_open(&reader->problems, text, length, &document)) return KY_OK; /* the problems say why */
  reader->document = &document;
  const ky_config_scope root = {root_fields, 1, &list};
  ky_config_read_mapping(reader, "", yaml_document_get_root_node(&document), &root, 1);
  ky_err err = reader->job->err == KY_OK && list != NULL ? read_items(l, list) : reader->job->err;
  yaml_document_delete(&document);
  reader->document = NULL;
  return err;
}

static ky_err read_file(ky_job *job, const ky_config *base, ky_scenarios *out) {
  ky_scenario_file *file = &out->file[out->file_count];
  ky_config_reader *reader;
  KY_NEW(job, scratch, reader, 1);
  reader->job = job;
  reader->problems.job = job;
  reader->problems.path = file->path;
  reader->problems.example = EXAMPLE_COMMAND;
  loading l = {.reader = reader, .base = base, .out = out, .file = out->file_count};
  KY_TRY(ky_yaml_file(job, file->path, EXAMPLE_COMMAND, &file->text, &file->bytes));
  KY_TRY(read_document(&l, file->text, file->bytes));
  if (job->err != KY_OK) return job->err;
  out->file_count++;
  return ky_problems_end(&reader->problems);
}

ky_err ky_scenarios_read(ky_job *job, const ky_config *base, const char *const *paths, uint32_t path_count,
                         ky_scenarios *out) {
  *out = (ky_scenarios){.count = 0};
  KY_NEW(job, keep, out->file, path_count);
  KY_NEW(job, keep, out->of, KY_SCENARIOS_MAX);
  for (uint32_t f = 0; f < path_count; f++) {
    out->file[f].path = paths[f];
    KY_TRY(read_file(job, base, out));
  }
  return KY_OK;
}
