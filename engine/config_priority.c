/* The section `priority`: weights of the components of need and feasibility. */
#include <string.h>

#include "config_reader.h"

#define WEIGHT(id, name, column, alias, unit, places, adds)  \
  {.key = name,                                              \
   .type = KY_FIELD_NUMBER,                                  \
   .store = KY_STORE_U32,                                    \
   .offset = offsetof(ky_config, priority.weight_milli[id]), \
   .decimals = 3,                                            \
   .min = 0,                                                 \
   .max = 1000000},

static const ky_config_field weight_fields[] = {KY_PRIORITY_COMPONENTS(WEIGHT)};

const ky_config_field ky_priority_fields[KY_PRIORITY_FIELD_COUNT] = {
    {.key = "weights",
     .type = KY_FIELD_SECTION,
     .children = weight_fields,
     .child_count = KY_COMPONENT_COUNT,
     .example = " {uncovered: 2, shortfall: 1, no_venue_no_shop: 1, supporters: 1}",
     .help = KY_MSG("Weights of a composite of need (uncovered, uncovered_share, shortfall, growth_75, mobility, "
                    "no_venue_no_shop) and feasibility (resources, providers_willing, supporters, initiative); what is "
                    "not named weighs nothing. Each counts as a share of the largest zone's. Left out: no composite, "
                    "the components and their ranks alone.")},
};

void ky_config_check_priority(ky_config_reader *reader) {
  const uint32_t *weight = reader->config->priority.weight_milli;
  const yaml_mark_t *given = NULL;
  for (int c = 0; c < KY_COMPONENT_COUNT; c++) {
    if (weight[c] != 0) return;
    if (given == NULL) given = ky_config_given(reader, &weight[c]);
  }
  if (given != NULL)
    ky_problem_add(&reader->problems, *given, "%s",
                   ky_tr("priority.weights: all weights are 0; make one of them larger, or delete the section"));
}

static ky_err add(ky_config_reader *reader, const char *key, const char *value, const char *origin,
                  const char *source) {
  ky_setting setting = {.origin = origin, .source = source};
  setting.key = ky_arena_text(&reader->job->keep, key, strlen(key));
  setting.value = ky_arena_text(&reader->job->keep, value, strlen(value));
  if (setting.key == NULL || setting.value == NULL) return ky_fail_memory(reader->job);
  reader->config->settings[reader->config->setting_count++] = setting;
  return KY_OK;
}

ky_err ky_config_list_priority(ky_config_reader *reader) {
  bool has_weights = false;
  for (int c = 0; c < KY_COMPONENT_COUNT; c++) {
    const uint32_t weight = reader->config->priority.weight_milli[c];
    char text[32];
    const char *key = ky_format(&reader->job->scratch, "priority.weights.%s", ky_component_key((ky_component)c));
    if (key == NULL) return ky_fail_memory(reader->job);
    if (weight == 0) continue;
    KY_TRY(add(reader, key, ky_yaml_number_text(text, weight, 3), "config", NULL));
    has_weights = true;
  }
  if (!has_weights) return add(reader, "priority.weights", "none", "default", KY_MSG("method of kayoi"));
  return add(reader, "priority.normalisation", "share of the largest zone's value, 0 where it is not above 0", "config",
             NULL);
}
