/* Parts of a past run by their names. */
#include <kayoi/past.h>
#include <string.h>

const ky_past_setting *ky_past_setting_of(const ky_past *past, const char *key) {
  for (uint32_t i = 0; i < past->setting_count; i++)
    if (strcmp(past->settings[i].key, key) == 0) return &past->settings[i];
  return NULL;
}

const ky_past_layer *ky_past_layer_of(const ky_past *past, const char *audience, const char *layer) {
  for (uint32_t i = 0; i < past->layer_count; i++)
    if (strcmp(past->layers[i].audience, audience) == 0 && strcmp(past->layers[i].layer, layer) == 0)
      return &past->layers[i];
  return NULL;
}

const ky_past_row *ky_past_row_of(const ky_past *past, const char *level, const char *zone_id) {
  for (uint32_t i = 0; i < past->row_count; i++) {
    const ky_past_row *row = &past->rows[i];
    if (strcmp(row->level, level) == 0 &&
        (zone_id == NULL || (row->zone_id != NULL && strcmp(row->zone_id, zone_id) == 0)))
      return row;
  }
  return NULL;
}
