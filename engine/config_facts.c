/* zones.facts: what is stated of zones, a list or a table. */
#include <string.h>

#include "config_reader.h"

#define AT(member) offsetof(ky_fact_text, member)

const ky_config_field ky_fact_fields[KY_FACT_FIELD_COUNT] = {
    {.key = "zone", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(zone), .is_required = true},
    {.key = "item", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(item), .is_required = true},
    {.key = "value", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(value)},
    {.key = "unit", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(unit)},
    {.key = "date", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(date)},
    {.key = "source", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(source)},
};

void ky_config_read_facts(ky_config_reader *reader, const ky_config_field *field, const char *name,
                          const yaml_node_t *node) {
  ky_config *config = reader->config;
  if (node->type != YAML_SEQUENCE_NODE) {
    ky_config_read_source(reader, field->role, name, node, NULL);
    return;
  }
  const size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
  if (count > KY_CONFIG_ITEMS_MAX) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: more than %zu items"), name,
                   (size_t)KY_CONFIG_ITEMS_MAX);
    return;
  }
  config->facts = ky_arena_alloc(&reader->job->keep, count, sizeof *config->facts);
  if (config->facts == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  for (size_t i = 0; i < count && !ky_problems_full(&reader->problems); i++) {
    const yaml_node_t *item = yaml_document_get_node(reader->document, node->data.sequence.items.start[i]);
    ky_fact_text *fact = &config->facts[config->fact_count++];
    fact->where = ky_format(&reader->job->keep, "%s:%zu:%zu", reader->problems.path, item->start_mark.line + 1,
                            item->start_mark.column + 1);
    if (fact->where == NULL) ky_fail_memory(reader->job);
    const ky_config_scope scope = {ky_fact_fields, KY_FACT_FIELD_COUNT, fact};
    ky_config_read_mapping(reader, ky_config_item_name(reader, name, i), item, &scope, 1);
  }
}
