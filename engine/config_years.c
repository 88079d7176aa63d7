/* The section `years`: people of further years. */
#include <stdio.h>
#include <string.h>

#include "config_reader.h"
#include "io/role_years.h"

#define AT(member) offsetof(ky_config, member)
#define METHOD     KY_MSG("method of kayoi")

const ky_config_field ky_years_fields[KY_YEARS_FIELD_COUNT] = {
    {.key = "sources",
     .type = KY_FIELD_SOURCES,
     .min = 1,
     .role = KY_ROLE_YEARS,
     .example = "\n  - path: data/500m_mesh_2024_46.geojson\n    open: true",
     .help = KY_MSG("Projected people by grid (KSJ 将来推計人口メッシュ as it comes; of 2017 map the ages), or any "
                    "layer with a column for each "
                    "year and age: columns: {pop_total_2030: COLUMN, pop_65_2030: COLUMN}.")},
    {.key = "use",
     .type = KY_FIELD_YEARS,
     .store = KY_STORE_NONE,
     .offset = AT(years.use),
     .origin = METHOD,
     .example = " [2030, 2040, 2050]",
     .help = KY_MSG("The years to use, the first one is what growth is counted from. Left out: all that are there.")},
    {.key = "basis",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = AT(years.basis),
     .example = " 国土数値情報 将来推計人口メッシュ（令和6年推計）",
     .help = KY_MSG("Which projection it is. Left out: by the columns of KSJ. The text stands beside every figure.")},
};

void ky_config_read_years(ky_config_reader *reader, const char *name, const yaml_node_t *node) {
  ky_years_opts *opts = &reader->config->years;
  if (node->type != YAML_SEQUENCE_NODE || node->data.sequence.items.top == node->data.sequence.items.start) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a list is needed here, e.g. %s"), name,
                   "[2030, 2040]");
    return;
  }
  const size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
  if (count > KY_YEAR_LAST - KY_YEAR_FIRST + 1) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: more than %zu items"), name,
                   (size_t)(KY_YEAR_LAST - KY_YEAR_FIRST + 1));
    return;
  }
  int *use = ky_arena_alloc(&reader->job->keep, count, sizeof *use);
  if (use == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    const yaml_node_t *item = yaml_document_get_node(reader->document, node->data.sequence.items.start[i]);
    const char *item_name = ky_config_item_name(reader, name, i);
    int64_t year;
    if (!ky_yaml_number(&reader->problems, item, item_name, 0, KY_YEAR_FIRST, KY_YEAR_LAST, &year)) return;
    if (opts->use_count != 0 && year <= use[opts->use_count - 1])
      ky_problem_add(&reader->problems, item->start_mark,
                     ky_tr("%s: not larger than the one before; write them in increasing order"), item_name);
    use[opts->use_count++] = (int)year;
  }
  opts->use = use;
}

void ky_config_years_text(const ky_config *config, char *text, size_t size) {
  size_t used = 0;
  if (config->years.use_count == 0) snprintf(text, size, "all");
  for (uint32_t i = 0; i < config->years.use_count && used + 8 < size; i++)
    used += (size_t)snprintf(text + used, size - used, "%s%d", i > 0 ? ", " : "", config->years.use[i]);
}

void ky_config_hand_on_years(ky_config_reader *reader) {
  ky_read_opts *read = &reader->config->read;
  for (uint32_t s = 0; s < read->source_count; s++) {
    if (reader->sources[s].role != KY_ROLE_YEARS) continue;
    reader->sources[s].years = reader->config->years.use;
    reader->sources[s].year_count = reader->config->years.use_count;
  }
  read->margin_m = reader->config->place.margin_m;
}
