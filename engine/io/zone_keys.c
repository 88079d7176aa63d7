/* Keys of zones, sorted: ids before names. */
#include "io/zone_keys.h"

#include <stdlib.h>
#include <string.h>

#include "io/text_key.h"

static int by_key(const void *a, const void *b) {
  const ky_zone_key *x = a, *y = b;
  int order = strcmp(x->key, y->key);
  if (order != 0) return order;
  if (x->is_name != y->is_name) return x->is_name < y->is_name ? -1 : 1;
  return (x->zone > y->zone) - (x->zone < y->zone);
}

ky_err ky_zone_keys_list(ky_job *job, const ky_zones *zones, ky_zone_keys *out) {
  out->count = 0;
  KY_NEW(job, scratch, out->of, 2 * (size_t)zones->count);
  for (uint32_t z = 0; z < zones->count; z++) {
    for (uint32_t k = 0; k < 2; k++) {
      const char *text = k == 0 ? zones->id[z] : zones->name[z];
      if (text == NULL) continue;
      const char *key = ky_text_label(&job->scratch, text);
      if (key == NULL) return ky_fail_memory(job);
      if (key[0] != '\0') out->of[out->count++] = (ky_zone_key){key, k, z};
    }
  }
  if (out->count != 0) qsort(out->of, out->count, sizeof *out->of, by_key);
  return KY_OK;
}

uint32_t ky_zone_keys_find(const ky_zone_keys *keys, const char *key) {
  uint32_t low = 0, high = keys->count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (strcmp(keys->of[middle].key, key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == keys->count || strcmp(keys->of[low].key, key) != 0) return KY_NONE;
  const ky_zone_key *first = &keys->of[low], *next = low + 1 < keys->count ? first + 1 : NULL;
  const bool is_other = next != NULL && strcmp(next->key, key) == 0 && next->is_name == first->is_name;
  return is_other && next->zone != first->zone ? KY_NONE : first->zone;
}
