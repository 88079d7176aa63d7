/* What run.json lists of the profiles: every number, and where it comes from. */
#include <stdio.h>
#include <string.h>

#include "config_profiles.h"

#define ASSUMPTION KY_MSG("assumption")
#define METHOD     KY_MSG("method of kayoi")

void ky_config_bands_text(const ky_config_bands *bands, char *text, size_t size) {
  text[0] = '\0';
  for (uint32_t b = 0; b < bands->count; b++) {
    char band[32];
    const size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", b > 0 ? ", " : "", ky_yaml_number_text(band, bands->value[b], 3));
  }
}

void ky_config_also_text(const ky_config *config, char *text, size_t size) {
  snprintf(text, size, "%s", config->further_count == 0 ? "none" : "");
  for (uint32_t p = 0; p < config->further_count; p++) {
    const size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", p > 0 ? ", " : "", config->further[p].profile);
  }
}

bool ky_config_says_otherwise(const ky_config_reader *reader, const ky_config_field *field) {
  const ky_config *config = reader->config;
  const ky_config_profile *first = ky_config_find_profile(reader, config->walk.profile);
  const ky_config_range *walk = &config->range, *own = first != NULL && first->node != NULL ? &first->range : NULL;
  if (field->offset == offsetof(ky_config, range.primary_mm))
    return walk->primary_milli_min != 0 || (own != NULL && own->primary_mm + own->primary_milli_min != 0);
  if (field->offset == offsetof(ky_config, range.bands_mm))
    return walk->bands_milli_min.count != 0 || (own != NULL && own->bands_mm.count + own->bands_milli_min.count != 0);
  return field->offset == offsetof(ky_config, range.basis) && own != NULL && own->basis != NULL;
}

/* One rule of a profile. source: where it comes from when the config does not say it. */
static ky_err add(ky_config_reader *reader, const ky_walk_opts *of, const char *key, const char *value, bool is_given,
                  const char *source) {
  ky_config *config = reader->config;
  if (strncmp(value, KY_NO_BASIS, sizeof KY_NO_BASIS - 1) == 0) source = NULL;
  ky_setting setting = {.origin = is_given ? "config" : "default", .source = is_given ? NULL : source};
  setting.key = ky_format(&reader->job->keep, "walk.profiles.%s.%s", of->profile, key);
  setting.value = ky_arena_text(&reader->job->keep, value, strlen(value));
  if (setting.key == NULL || setting.value == NULL) return ky_fail_memory(reader->job);
  config->settings[config->setting_count++] = setting;
  return KY_OK;
}

static void classes_text(uint32_t bits, char *text, size_t size) {
  snprintf(text, size, "%s", bits == 0 ? "none" : "");
  for (int c = 0; c < KY_STREET_CLASS_COUNT; c++) {
    const size_t used = strlen(text);
    if ((bits >> c & 1) != 0)
      snprintf(text + used, size - used, "%s%s", used != 0 ? ", " : "", ky_street_class_name((ky_street_class)c));
  }
}

/* Distances and why. The first profile takes those of walk, bands of walk are for all that state none. */
static ky_err add_range(ky_config_reader *reader, const ky_walk_opts *of, const ky_config_profile *profile) {
  const ky_config *config = reader->config;
  const ky_config_range *own = &profile->range;
  const bool is_own = profile->node != NULL, is_first = of == &config->walk;
  const bool has_bands = own->bands_mm.count + own->bands_milli_min.count != 0 ||
                         ky_config_given(reader, &config->range.bands_mm) != NULL ||
                         ky_config_given(reader, &config->range.bands_milli_min) != NULL;
  const bool has_range = is_own || (is_first && (ky_config_given(reader, &config->range.primary_mm) != NULL ||
                                                 ky_config_given(reader, &config->range.primary_milli_min) != NULL));
  const bool has_basis =
      (is_own && own->basis != NULL) || (is_first && ky_config_given(reader, &config->range.basis) != NULL);
  ky_config_bands bands = {.count = of->band_count};
  char text[160], minutes[32];
  memcpy(bands.value, of->bands_mm, sizeof of->bands_mm);
  KY_TRY(add(reader, of, "threshold_m", ky_yaml_number_text(text, of->primary_mm, 3), has_range, ASSUMPTION));
  const bool is_by_metres = is_first && ky_config_given(reader, &config->range.primary_mm) != NULL;
  const uint32_t by_walk = is_first ? config->range.primary_milli_min : 0;
  const uint32_t milli_min = is_by_metres ? 0 : by_walk != 0 ? by_walk : own->primary_milli_min;
  if (milli_min != 0)
    KY_TRY(add(reader, of, "threshold_min", ky_yaml_number_text(minutes, milli_min, 3), has_range, ASSUMPTION));
  ky_config_bands_text(&bands, text, sizeof text);
  KY_TRY(add(reader, of, "bands_m", text, has_bands, ASSUMPTION));
  return add(reader, of, "basis", of->basis, has_basis, is_own ? NULL : ASSUMPTION);
}

static ky_err list_profile(ky_config_reader *reader, const ky_walk_opts *of) {
  const ky_config_profile *profile = ky_config_find_profile(reader, of->profile);
  const bool is_own = profile->node != NULL;
  const bool has_slope = profile->slope != NULL || ky_config_given(reader, &reader->config->slope_by_default) != NULL;
  char text[300];
  KY_TRY(add(reader, of, "speed_m_per_min", ky_yaml_number_text(text, of->speed_mm_per_min, 3), is_own, METHOD));
  KY_TRY(add(reader, of, "slope", of->with_slope ? "tobler" : "none", has_slope, METHOD));
  KY_TRY(add(reader, of, "stairs", profile->avoids_stairs ? "avoided" : ky_yaml_number_text(text, of->stairs_milli, 3),
             profile->is_stairs_given, ASSUMPTION));
  classes_text(of->closed_bits, text, sizeof text);
  KY_TRY(add(reader, of, "closed", text, profile->closed_bits != 0 || profile->avoids_stairs, ASSUMPTION));
  return add_range(reader, of, profile);
}

ky_err ky_config_list_profiles(ky_config_reader *reader) {
  const ky_config *config = reader->config;
  KY_TRY(list_profile(reader, &config->walk));
  for (uint32_t p = 0; p < config->further_count; p++) KY_TRY(list_profile(reader, &config->further[p]));
  return KY_OK;
}
