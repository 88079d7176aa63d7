/* Classes of Japanese road data: see road_class.h. */
#include "io/road_class.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/role_columns.h"
#include "io/text_key.h"

bool ky_road_is_n13(const ky_raw *raw) {
  const ky_raw_column *category = ky_raw_column_of(raw, "class");
  return category != NULL && strcasecmp(category->column, "N13_003") == 0;
}

ky_err ky_road_settle(ky_job *job, ky_raw *raw) {
  if (raw->source->walkable_count != 0 && ky_raw_column_of(raw, "class") == NULL)
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("%s %s: walkable names values of the class, but no column is the class; name it: columns: "
                         "{class: COLUMN}"),
                   raw->source->name, raw->source->shown);
  if (!ky_road_is_n13(raw)) return KY_OK;
  raw->format = ky_format(&job->keep, "KSJ N13, %s", raw->format);
  return raw->format != NULL ? KY_OK : ky_fail_memory(job);
}

/* -1: no code. */
static int code_of(const ky_raw *raw, const char *attribute, uint32_t record) {
  const char *text = ky_raw_value(raw, attribute, record);
  char *end;
  if (text == NULL) return -1;
  const long code = strtol(text, &end, 10);
  return end != text && *end == '\0' && code >= 0 && code <= 99 ? (int)code : -1;
}

ky_road_verdict ky_road_n13(const ky_raw *raw, uint32_t record, uint32_t *class_bits) {
  static const ky_street_class categories[] = {KY_STREET_OTHER,       KY_STREET_TRUNK, KY_STREET_SECONDARY,
                                               KY_STREET_RESIDENTIAL, KY_STREET_OTHER, KY_STREET_ROAD,
                                               KY_STREET_ROAD};
  const int kind = code_of(raw, "n13_002", record), category = code_of(raw, "class", record);
  *class_bits = 0;
  if (code_of(raw, "n13_004", record) == 5) return KY_ROAD_UNDER_WORK;
  if (category == 4) return KY_ROAD_CARS_ONLY;
  if (kind >= 2 && kind <= 4) {
    *class_bits = 1u << (kind == 2 ? KY_STREET_PATH : kind == 3 ? KY_STREET_FOOTWAY : KY_STREET_STEPS);
    return KY_ROAD_OPEN;
  }
  if (category < 1 || category > 6) return KY_ROAD_UNKNOWN;
  *class_bits = 1u << categories[category];
  return KY_ROAD_OPEN;
}

/* The first word that stands in a class decides: 高速自動車国道 is no 国道. */
static const struct {
  const char *word;
  ky_road_verdict verdict;
  ky_street_class street_class;
} words[] = {
    {"高速自動車国道", KY_ROAD_CARS_ONLY, KY_STREET_OTHER},
    {"高速道路", KY_ROAD_CARS_ONLY, KY_STREET_OTHER},
    {"都市高速", KY_ROAD_CARS_ONLY, KY_STREET_OTHER},
    {"自動車専用", KY_ROAD_CARS_ONLY, KY_STREET_OTHER},
    {"建設中", KY_ROAD_UNDER_WORK, KY_STREET_OTHER},
    {"工事中", KY_ROAD_UNDER_WORK, KY_STREET_OTHER},
    {"未供用", KY_ROAD_UNDER_WORK, KY_STREET_OTHER},
    {"石段", KY_ROAD_OPEN, KY_STREET_STEPS},
    {"階段", KY_ROAD_OPEN, KY_STREET_STEPS},
    {"歩道", KY_ROAD_OPEN, KY_STREET_FOOTWAY},
    {"歩行者", KY_ROAD_OPEN, KY_STREET_FOOTWAY},
    {"自転車", KY_ROAD_OPEN, KY_STREET_CYCLEWAY},
    {"庭園路", KY_ROAD_OPEN, KY_STREET_PATH},
    {"里道", KY_ROAD_OPEN, KY_STREET_PATH},
    {"農道", KY_ROAD_OPEN, KY_STREET_TRACK},
    {"林道", KY_ROAD_OPEN, KY_STREET_TRACK},
    {"軽車道", KY_ROAD_OPEN, KY_STREET_TRACK},
    {"私道", KY_ROAD_OPEN, KY_STREET_SERVICE},
    {"国道", KY_ROAD_OPEN, KY_STREET_TRUNK},
    {"主要地方道", KY_ROAD_OPEN, KY_STREET_SECONDARY},
    {"県道", KY_ROAD_OPEN, KY_STREET_SECONDARY},
    {"府道", KY_ROAD_OPEN, KY_STREET_SECONDARY},
    {"都道", KY_ROAD_OPEN, KY_STREET_SECONDARY},
    {"道道", KY_ROAD_OPEN, KY_STREET_SECONDARY},
    {"市道", KY_ROAD_OPEN, KY_STREET_RESIDENTIAL},
    {"区道", KY_ROAD_OPEN, KY_STREET_RESIDENTIAL},
    {"町道", KY_ROAD_OPEN, KY_STREET_RESIDENTIAL},
    {"村道", KY_ROAD_OPEN, KY_STREET_RESIDENTIAL},
};

ky_err ky_road_word(ky_job *job, const char *word, ky_road_verdict *verdict, uint32_t *class_bits) {
  *verdict = KY_ROAD_UNKNOWN;
  *class_bits = 0;
  if (word == NULL) return KY_OK;
  const char *key = ky_text_key(&job->scratch, word);
  if (key == NULL) return ky_fail_memory(job);
  for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
    if (strstr(key, words[w].word) == NULL) continue;
    *verdict = words[w].verdict;
    if (*verdict == KY_ROAD_OPEN) *class_bits = 1u << words[w].street_class;
    return KY_OK;
  }
  return KY_OK;
}

ky_err ky_road_listed(ky_job *job, const ky_source *source, const char *word, uint32_t *place) {
  *place = KY_NONE;
  if (word == NULL) return KY_OK;
  const char *key = ky_text_key(&job->scratch, word);
  if (key == NULL) return ky_fail_memory(job);
  for (uint32_t w = 0; w < source->walkable_count; w++) {
    const char *listed = ky_text_key(&job->scratch, source->walkable[w]);
    if (listed == NULL) return ky_fail_memory(job);
    if (strcmp(listed, key) != 0) continue;
    *place = w;
    return KY_OK;
  }
  return KY_OK;
}
