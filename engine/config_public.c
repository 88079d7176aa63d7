/* The section `public`: what leaves the town hall. */
#include <stdio.h>
#include <string.h>

#include "config_reader.h"
#include "config_suggest.h"

#define AT(member)     offsetof(ky_config, member)
#define LAYERS_MAX     32
#define LAYERS_EXAMPLE "[gaps, mobility]"

const ky_config_field ky_public_fields[KY_PUBLIC_FIELD_COUNT] = {
    {.key = "write",
     .type = KY_FIELD_FLAG,
     .store = KY_STORE_BOOL,
     .offset = AT(public_part.is_wanted),
     .standard = "false",
     .help = KY_MSG("Whether every run also writes OUT/public, the layers that may leave the town hall; --public asks "
                    "for it once.")},
    {.key = "layers",
     .type = KY_FIELD_LAYERS,
     .offset = AT(public_part.layers),
     .origin = KY_MSG("assumption"),
     .example = " " LAYERS_EXAMPLE,
     .help = KY_MSG("Further layers that are published, beside venues, resources, zones and service_areas: gaps, "
                    "mobility, sites, streets, cells, stops, inventory, issues. Left out: none.")},
    {.key = "threshold",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(public_part.threshold),
     .decimals = 3,
     .min = 3000,
     .max = 1000000,
     .standard = "10",
     .origin = KY_MSG("assumption (minimum of the national anonymised care data)"),
     .help = KY_MSG("People: counts from sources that are not open are hidden in public layers when they are below "
                    "this and not 0, with those from which they could be worked out.")},
    {.key = "homes",
     .type = KY_FIELD_CHOICE,
     .store = KY_STORE_BOOL,
     .offset = AT(public_part.are_homes_shown),
     .choices = "generalise|withhold",
     .standard = "generalise",
     .origin = KY_MSG("assumption"),
     .help = KY_MSG("Publishable venues in private homes: at the middle of a 500 m square without name and address, or "
                    "not at all.")},
    {.key = "official",
     .type = KY_FIELD_CHOICE,
     .store = KY_STORE_BOOL,
     .offset = AT(public_part.is_official_open),
     .choices = "open|restricted",
     .standard = "restricted",
     .origin = KY_MSG("assumption"),
     .help = KY_MSG("Whether the register's people per zone (zones.official) are published already: open, or "
                    "restricted. Of every other source `open: true` says it.")},
};

static bool is_publishable(ky_config_reader *reader, const char *name, const yaml_node_t *item, const char *text) {
  ky_suggestion suggestion = {.word = text};
  for (size_t l = 0; ky_layer_publishable(l) != NULL; l++) {
    if (strcmp(ky_layer_publishable(l), text) == 0) return true;
    ky_suggestion_offer(&suggestion, ky_layer_publishable(l));
  }
  if (suggestion.best != NULL)
    ky_problem_add(&reader->problems, item->start_mark,
                   ky_tr("%s: '%.40s' is no layer that can be published, did you mean '%s'?"), name, text,
                   suggestion.best);
  else
    ky_problem_add(&reader->problems, item->start_mark,
                   ky_tr("%s: '%.40s' is no layer that can be published; it stays internal"), name, text);
  return false;
}

void ky_config_read_public_layers(ky_config_reader *reader, const char *name, const yaml_node_t *node) {
  ky_config_public *public_part = &reader->config->public_part;
  if (node->type != YAML_SEQUENCE_NODE) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a list is needed here, e.g. %s"), name,
                   LAYERS_EXAMPLE);
    return;
  }
  const size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
  public_part->layers = ky_arena_alloc(&reader->job->keep, LAYERS_MAX, sizeof *public_part->layers);
  if (public_part->layers == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    const yaml_node_t *item = yaml_document_get_node(reader->document, node->data.sequence.items.start[i]);
    const char *item_name = ky_config_item_name(reader, name, i), *text;
    if (!ky_yaml_text(&reader->problems, item, item_name, &text) || !is_publishable(reader, item_name, item, text))
      continue;
    bool is_known = public_part->layer_count == LAYERS_MAX;
    for (uint32_t l = 0; l < public_part->layer_count; l++)
      is_known = is_known || strcmp(public_part->layers[l], text) == 0;
    if (is_known)
      ky_problem_add(&reader->problems, item->start_mark, ky_tr("%s: given twice; keep one"), item_name);
    else
      public_part->layers[public_part->layer_count++] = text;
  }
}

void ky_config_public_layers_text(const ky_config *config, char *text, size_t size) {
  size_t used = 0;
  for (uint32_t l = 0; l < config->public_part.layer_count && used + 20 < size; l++)
    used += (size_t)snprintf(text + used, size - used, "%s%s", l > 0 ? ", " : "", config->public_part.layers[l]);
}
