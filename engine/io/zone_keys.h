/* Zones by the keys of their ids and names. */
#ifndef KAYOI_ZONE_KEYS_H
#define KAYOI_ZONE_KEYS_H

#include <kayoi/place.h>

typedef struct ky_zone_key {
  const char *key;
  uint32_t is_name, zone;
} ky_zone_key;

typedef struct ky_zone_keys {
  ky_zone_key *of; /* sorted */
  uint32_t count;
} ky_zone_keys;

/* Scratch. */
ky_err ky_zone_keys_list(ky_job *job, const ky_zones *zones, ky_zone_keys *out);
/* The one zone whose id, or else whose name, has that key (ky_text_label); KY_NONE: none, or several. */
uint32_t ky_zone_keys_find(const ky_zone_keys *keys, const char *key);

#endif
