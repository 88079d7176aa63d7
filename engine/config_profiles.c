/* Profiles of the configuration: those built in, those of `walk.profiles`, and what each of a run walks in the end. */
#include "config_profiles.h"

#include <stdio.h>
#include <string.h>

#include "config_suggest.h"

#define AT(member) offsetof(ky_config_profile, member)
#define ASSUMPTION KY_MSG("assumption")

const ky_config_field ky_profile_fields[KY_PROFILE_FIELD_COUNT] = {
    {.key = "speed_m_per_min",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(speed_mm_per_min),
     .decimals = 3,
     .min = 10000,
     .max = 200000,
     .is_required = true,
     .help = KY_MSG("Walking speed on the flat, metres per minute, 10 to 200.")},
    {.key = "slope",
     .type = KY_FIELD_CHOICE,
     .store = KY_STORE_TEXT,
     .offset = AT(slope),
     .choices = "tobler|none",
     .help = KY_MSG("Whether slopes make a walk longer. Left out: walk.slope.")},
    {.key = "stairs",
     .type = KY_FIELD_STAIRS,
     .offset = AT(stairs_milli),
     .decimals = 3,
     .min = 1000,
     .max = 100000,
     .help = KY_MSG("Stairs: allowed (as any street), avoided (closed), or a number from 1 to 100: how many metres a "
                    "metre of stairs counts. Left out: allowed.")},
    {.key = "closed",
     .type = KY_FIELD_CLASSES,
     .offset = AT(closed_bits),
     .help = KY_MSG("Classes of streets that are not walked, as in [track, trunk].")},
    {.key = "threshold_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(range.primary_mm),
     .decimals = 3,
     .min = 1000,
     .max = KY_REACH_MAX_MM,
     .help = KY_MSG("The distance that decides who is covered.")},
    {.key = "threshold_min",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(range.primary_milli_min),
     .decimals = 3,
     .min = 100,
     .max = KY_MINUTES_MAX_MILLI,
     .help = KY_MSG("The same in minutes at the speed; give one of the two.")},
    {.key = "bands_m",
     .type = KY_FIELD_BANDS,
     .offset = AT(range.bands_mm),
     .decimals = 3,
     .min = 1000,
     .max = KY_REACH_MAX_MM,
     .help = KY_MSG("Distances that are counted. Left out: those of walk.")},
    {.key = "bands_min",
     .type = KY_FIELD_BANDS,
     .offset = AT(range.bands_milli_min),
     .decimals = 3,
     .min = 100,
     .max = KY_MINUTES_MAX_MILLI,
     .help = KY_MSG("The same in minutes at the speed; give one of the two.")},
    {.key = "basis",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = AT(range.basis),
     .help = KY_MSG("Why this distance. The text stands beside the results.")},
};

/* Built in; speeds and ranges of method.md 3. */
static const ky_config_profile built_in[] = {
    {.name = "elderly",
     .speed_mm_per_min = 60000,
     .range = {.primary_mm = 500000, .basis = "高齢者の徒歩圏 500 m（仮定）"}},
    {.name = "general",
     .speed_mm_per_min = 80000,
     .range = {.primary_mm = 800000, .basis = "一般の徒歩圏 800 m（仮定）"}},
    {.name = "short",
     .speed_mm_per_min = 60000,
     .range = {.primary_milli_min = 5000, .basis = "高齢者の徒歩 5 分 300 m（仮定）"}},
};
#define BUILT_IN_COUNT ((uint32_t)(sizeof built_in / sizeof *built_in))

static const ky_config_profile *find_built_in(const char *name) {
  for (uint32_t i = 0; i < BUILT_IN_COUNT; i++)
    if (strcmp(built_in[i].name, name) == 0) return &built_in[i];
  return NULL;
}

const ky_config_profile *ky_config_find_profile(const ky_config_reader *reader, const char *name) {
  for (uint32_t i = 0; i < reader->profile_count; i++)
    if (strcmp(reader->profiles[i].name, name) == 0) return &reader->profiles[i];
  return find_built_in(name);
}

/* A name becomes part of attribute names: covered_65_<name>. One letter would look like a sex. */
static bool is_name(const char *text) {
  const size_t length = strlen(text);
  return length >= 2 && length <= 20 && text[0] >= 'a' && text[0] <= 'z' &&
         strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == length && text[length - 1] != '_';
}

static bool check_name(ky_config_reader *reader, const char *name, const yaml_node_t *key, const char *word) {
  if (!is_name(word))
    ky_problem_add(&reader->problems, key->start_mark,
                   ky_tr("%s: '%.40s' is no name for a profile: 2 to 20 of a to z, 0 to 9 and _, a letter first, no _ "
                         "at the end; names of attributes are made of it"),
                   name, word);
  else if (find_built_in(word) != NULL)
    ky_problem_add(&reader->problems, key->start_mark,
                   ky_tr("%s: '%s' is built in and stays as it is; choose another name"), name, word);
  else if (ky_config_find_profile(reader, word) != NULL)
    ky_problem_add(&reader->problems, key->start_mark, ky_tr("%s: given twice; keep one"),
                   ky_config_name(reader, name, word));
  else if (reader->profile_count == KY_CONFIG_PROFILES_MAX)
    ky_problem_add(&reader->problems, key->start_mark, ky_tr("%s: more than %zu items"), name,
                   (size_t)KY_CONFIG_PROFILES_MAX);
  else
    return true;
  return false;
}

void ky_config_read_profiles(ky_config_reader *reader, const char *name, const yaml_node_t *node) {
  if (node->type != YAML_MAPPING_NODE) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: names with their keys are needed here, e.g. %s"),
                   name, "{slow: {speed_m_per_min: 45, threshold_min: 10}}");
    return;
  }
  for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
       pair < node->data.mapping.pairs.top && !ky_problems_full(&reader->problems); pair++) {
    const yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);
    const char *word;
    if (!ky_yaml_text(&reader->problems, key, name, &word) || !check_name(reader, name, key, word)) continue;
    ky_config_profile *profile = &reader->profiles[reader->profile_count++];
    *profile = (ky_config_profile){.name = word, .node = yaml_document_get_node(reader->document, pair->value)};
    const ky_config_scope scope = {ky_profile_fields, KY_PROFILE_FIELD_COUNT, profile};
    ky_config_read_mapping(reader, ky_config_name(reader, name, word), profile->node, &scope, 1);
  }
}

void ky_config_read_profile_name(ky_config_reader *reader, const char *name, const yaml_node_t *node) {
  if (ky_yaml_text(&reader->problems, node, name, &reader->config->walk.profile)) reader->profile_node = node;
}

void ky_config_read_also(ky_config_reader *reader, const char *name, const yaml_node_t *node) {
  if (node->type != YAML_SEQUENCE_NODE) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a list is needed here, e.g. %s"), name,
                   "[general, short]");
    return;
  }
  const size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
  if (count >= KY_PROFILES_MAX) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: more than %zu items"), name,
                   (size_t)KY_PROFILES_MAX - 1);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    const yaml_node_t *item = yaml_document_get_node(reader->document, node->data.sequence.items.start[i]);
    const char *word;
    if (!ky_yaml_text(&reader->problems, item, ky_config_item_name(reader, name, i), &word)) continue;
    reader->also_node[reader->also_count] = item;
    reader->also[reader->also_count++] = word;
  }
}

void ky_config_read_stairs(ky_config_reader *reader, const ky_config_field *field, void *base, const char *name,
                           const yaml_node_t *node) {
  ky_config_profile *profile = base;
  const char *word = node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
  int64_t value;
  profile->is_stairs_given = true;
  if (strcmp(word, "avoided") == 0) {
    profile->avoids_stairs = true;
  } else if (strcmp(word, "allowed") == 0) {
    profile->stairs_milli = KY_STAIRS_AS_FLAT;
  } else if (word[0] != '\0' && strspn(word, "abcdefghijklmnopqrstuvwxyz") == strlen(word)) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: '%.40s' is none of %s"), name, word,
                   "allowed|avoided|1 ... 100");
  } else if (ky_yaml_number(&reader->problems, node, name, field->decimals, field->min, field->max, &value)) {
    profile->stairs_milli = (uint32_t)value;
  }
}

/* The class of a word; KY_STREET_CLASS_COUNT with a problem. */
static ky_street_class find_class(ky_config_reader *reader, const char *name, const yaml_node_t *node,
                                  const char *word) {
  ky_suggestion suggestion = {.word = word};
  char known[300] = "";
  for (int c = 0; c < KY_STREET_CLASS_COUNT; c++) {
    const char *class_name = ky_street_class_name((ky_street_class)c);
    const size_t used = strlen(known);
    if (strcmp(class_name, word) == 0) return (ky_street_class)c;
    ky_suggestion_offer(&suggestion, class_name);
    snprintf(known + used, sizeof known - used, "%s%s", used != 0 ? ", " : "", class_name);
  }
  if (suggestion.best != NULL)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: '%.40s' is no class of streets, did you mean '%s'?"),
                   name, word, suggestion.best);
  else
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: '%.40s' is no class of streets; known: %s"), name,
                   word, known);
  return KY_STREET_CLASS_COUNT;
}

void ky_config_read_classes(ky_config_reader *reader, void *base, const char *name, const yaml_node_t *node) {
  ky_config_profile *profile = base;
  if (node->type != YAML_SEQUENCE_NODE) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a list is needed here, e.g. %s"), name,
                   "[track, trunk]");
    return;
  }
  const size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
  for (size_t i = 0; i < count && !ky_problems_full(&reader->problems); i++) {
    const yaml_node_t *item = yaml_document_get_node(reader->document, node->data.sequence.items.start[i]);
    const char *item_name = ky_config_item_name(reader, name, i), *word;
    if (!ky_yaml_text(&reader->problems, item, item_name, &word)) continue;
    const ky_street_class found = find_class(reader, item_name, item, word);
    if (found == KY_STREET_CLASS_COUNT) continue;
    if ((profile->closed_bits >> found & 1) != 0)
      ky_problem_add(&reader->problems, item->start_mark, ky_tr("%s: given twice; keep one"), item_name);
    profile->closed_bits |= UINT32_C(1) << found;
  }
}

const yaml_mark_t *ky_config_profile_mark(const ky_config_reader *reader, const ky_config_profile *profile,
                                          const char *key) {
  const yaml_node_t *node = profile->node;
  if (node == NULL || node->type != YAML_MAPPING_NODE) return NULL;
  for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
    const yaml_node_t *found = yaml_document_get_node(reader->document, pair->key);
    if (found->type == YAML_SCALAR_NODE && strcmp((const char *)found->data.scalar.value, key) == 0)
      return &found->start_mark;
  }
  return NULL;
}

void ky_config_add_unknown_profile(ky_config_reader *reader, const char *name, const yaml_node_t *node,
                                   const char *word) {
  ky_suggestion suggestion = {.word = word};
  char known[400] = "";
  for (uint32_t i = 0; i < BUILT_IN_COUNT + reader->profile_count; i++) {
    const char *one = i < BUILT_IN_COUNT ? built_in[i].name : reader->profiles[i - BUILT_IN_COUNT].name;
    const size_t used = strlen(known);
    ky_suggestion_offer(&suggestion, one);
    snprintf(known + used, sizeof known - used, "%s%s", used != 0 ? "|" : "", one);
  }
  if (suggestion.best != NULL)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: '%.40s' is none of %s; did you mean '%s'?"), name,
                   word, known, suggestion.best);
  else
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s: '%.40s' is none of %s; write your own into walk.profiles"), name, word, known);
}
