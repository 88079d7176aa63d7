/* Profiles as the configuration states them, before they are settled (config_profiles.c reads, config_range.c settles).
 */
#ifndef KAYOI_CONFIG_PROFILES_H
#define KAYOI_CONFIG_PROFILES_H

#include "config_reader.h"

#define KY_REACH_MAX_MM      20000000
#define KY_MINUTES_MAX_MILLI 600000

struct ky_config_profile {
  const char *name;
  const yaml_node_t *node; /* its mapping; NULL: built in */
  uint32_t speed_mm_per_min;
  const char *slope; /* NULL: walk.slope */
  uint32_t stairs_milli;
  bool avoids_stairs, is_stairs_given;
  uint32_t closed_bits;
  ky_config_range range;
};

/* A profile by its name, own ones first; NULL: there is none. */
const ky_config_profile *ky_config_find_profile(const ky_config_reader *reader, const char *name);
/* Where a profile says something; NULL: it does not, or is built in. */
const yaml_mark_t *ky_config_profile_mark(const ky_config_reader *reader, const ky_config_profile *profile,
                                          const char *key);
void ky_config_add_unknown_profile(ky_config_reader *reader, const char *name, const yaml_node_t *node,
                                   const char *word);

#endif
