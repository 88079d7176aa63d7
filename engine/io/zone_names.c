/* Zones as registers and plans write them: 三カ所圏域 is the map's 三ヵ所圏域. */
#include <kayoi/place.h>
#include <kayoi/read.h>
#include <string.h>

#include "io/text_key.h"

/* A zone of the map: its id and name as given, and their keys. */
typedef struct zone_name {
  const char *text[2], *key[2];
} zone_name;

static ky_err list_zones(ky_job *job, const ky_inputs *inputs, zone_name **out, uint32_t *count) {
  uint64_t most = 0;
  for (uint32_t r = 0; r < inputs->zone_count; r++) most += inputs->zones[r].count;
  KY_NEW(job, scratch, *out, most);
  *count = 0;
  for (uint32_t r = 0; r < inputs->zone_count; r++) {
    const ky_raw *raw = &inputs->zones[r];
    for (uint32_t i = 0; i < raw->count; i++) {
      zone_name zone = {{ky_raw_value(raw, "id", i), ky_raw_value(raw, "name", i)}, {NULL, NULL}};
      if (zone.text[0] == NULL) zone.text[0] = zone.text[1] != NULL ? zone.text[1] : raw->record[i];
      for (int k = 0; k < 2; k++) {
        if (zone.text[k] == NULL) continue;
        zone.key[k] = ky_text_label(&job->scratch, zone.text[k]);
        if (zone.key[k] == NULL) return ky_fail_memory(job);
      }
      (*out)[(*count)++] = zone;
    }
  }
  return KY_OK;
}

/* The id of the one zone that the text means; the text itself where it is the map's own, or means none or several. */
static ky_err find(ky_job *job, const zone_name *zone, uint32_t count, const char *text, const char **out) {
  *out = text;
  if (text == NULL) return KY_OK;
  for (uint32_t z = 0; z < count; z++)
    for (int k = 0; k < 2; k++)
      if (zone[z].text[k] != NULL && strcmp(zone[z].text[k], text) == 0) return KY_OK;
  const char *key = ky_text_label(&job->scratch, text);
  if (key == NULL) return ky_fail_memory(job);
  for (int k = 0; k < 2; k++) {
    const char *found = NULL;
    for (uint32_t z = 0; z < count; z++) {
      if (zone[z].key[k] == NULL || strcmp(zone[z].key[k], key) != 0) continue;
      if (found != NULL && strcmp(found, zone[z].text[0]) != 0) return KY_OK;
      found = zone[z].text[0];
    }
    if (found == NULL) continue;
    *out = found;
    return KY_OK;
  }
  return KY_OK;
}

ky_err ky_zone_names_join(ky_job *job, ky_inputs *inputs, ky_zone_fact *facts, uint32_t fact_count) {
  zone_name *zone;
  uint32_t count = 0;
  KY_TRY(list_zones(job, inputs, &zone, &count));
  for (uint32_t f = 0; f < fact_count; f++) KY_TRY(find(job, zone, count, facts[f].zone_id, &facts[f].zone_id));
  for (uint32_t r = 0; r < inputs->official_count; r++) {
    ky_raw *raw = &inputs->officials[r];
    const ky_raw_column *column = ky_raw_column_of(raw, "zone_id");
    if (column == NULL) continue;
    for (uint32_t i = 0; i < raw->count; i++) KY_TRY(find(job, zone, count, column->value[i], &column->value[i]));
  }
  return KY_OK;
}
