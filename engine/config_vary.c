/* Settings of a scenario in place of those of the configuration's file. */
#include <string.h>

#include "config_profiles.h"

/* A profile that the run walks first is none of the further ones. */
static void leave_out_of_also(ky_config_reader *reader, const char *profile) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < reader->also_count; i++) {
    if (strcmp(reader->also[i], profile) == 0) continue;
    reader->also[kept] = reader->also[i];
    reader->also_node[kept++] = reader->also_node[i];
  }
  reader->also_count = kept;
}

static void forget_range(ky_config_range *range) {
  range->primary_mm = range->primary_milli_min = 0;
  range->basis = NULL;
}

/* The distance of the change, which goes before that of walk and of the profile. */
static void apply_range(ky_config_reader *reader, const ky_config_change *change) {
  ky_config_range *walk = &reader->config->range;
  for (uint32_t i = 0; i < reader->profile_count; i++)
    if (strcmp(reader->profiles[i].name, reader->config->walk.profile) == 0) forget_range(&reader->profiles[i].range);
  forget_range(walk);
  walk->primary_mm = change->primary_mm;
  walk->primary_milli_min = change->primary_milli_min;
  walk->basis = change->basis;
}

static void apply_rates(ky_config_reader *reader, const ky_config_change *change) {
  ky_config *config = reader->config;
  if (change->rate != KY_NULL) {
    config->targets.rate = change->rate;
    config->targets.basis = change->rate_basis;
    config->targets.year_rate_count = 0; /* it holds in every year */
  }
  if (change->zone_count == 0) return;
  ky_zone_fact *zones = ky_arena_alloc(&reader->job->keep, config->zone_count + change->zone_count, sizeof *zones);
  if (zones == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  if (config->zone_count != 0) memcpy(zones, config->zones, config->zone_count * sizeof *zones);
  memcpy(zones + config->zone_count, change->zones, change->zone_count * sizeof *zones);
  config->zones = zones;
  config->zone_count += change->zone_count;
}

void ky_config_apply_change(ky_config_reader *reader, const ky_config_change *change) {
  if (change->profile != NULL) {
    reader->config->walk.profile = change->profile;
    reader->profile_node = yaml_document_get_root_node(reader->document);
    leave_out_of_also(reader, change->profile);
    forget_range(&reader->config->range);
  }
  if (change->primary_mm != 0 || change->primary_milli_min != 0) apply_range(reader, change);
  apply_rates(reader, change);
}
