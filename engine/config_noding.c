/* How roads are taken: the section `noding`, and `walkable` of a source. */
#include "config_reader.h"

#define WALKABLE_MAX 100

const ky_config_field ky_noding_fields[KY_NODING_FIELD_COUNT] = {
    {.key = "tolerance_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = offsetof(ky_config, noding.tolerance_m),
     .decimals = 3,
     .min = 0,
     .max = 10000,
     .standard = "0",
     .origin = KY_MSG("method of kayoi"),
     .help = KY_MSG("Ends of lines nearer than this to another line are joined to it, and how many is said. 0: streets "
                    "meet at shared vertices only.")},
    {.key = "crossings",
     .type = KY_FIELD_FLAG,
     .store = KY_STORE_BOOL,
     .offset = offsetof(ky_config, noding.with_crossings),
     .standard = "false",
     .origin = KY_MSG("method of kayoi"),
     .help =
         KY_MSG("Whether lines that cross on the same level meet there; bridges and tunnels never do. Only for data "
                "that says which streets are bridges.")},
};

void ky_config_read_walkable(ky_config_reader *reader, const char *name, const yaml_node_t *node, ky_source *source) {
  const bool is_list = node->type == YAML_SEQUENCE_NODE;
  const size_t count = is_list ? (size_t)(node->data.sequence.items.top - node->data.sequence.items.start) : 0;
  if (source->role != KY_ROLE_ROADS) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: only sources of roads have it; delete the line"),
                   name);
    return;
  }
  if (count == 0 || count > WALKABLE_MAX) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a list of 1 to %d classes is needed here, e.g. %s"),
                   name, WALKABLE_MAX, "[市道, 県道]");
    return;
  }
  source->walkable = ky_arena_alloc(&reader->job->keep, count, sizeof *source->walkable);
  if (source->walkable == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    const yaml_node_t *item = yaml_document_get_node(reader->document, node->data.sequence.items.start[i]);
    const char *text;
    if (ky_yaml_text(&reader->problems, item, ky_config_item_name(reader, name, i), &text))
      source->walkable[source->walkable_count++] = text;
  }
}
