/* Edits a YAML document and writes it. Comments do not survive, and its first line says where they are. */
#include "batch_config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_yaml.h"
#include "io/out_file.h"

#define WIDTH 120

static bool is_text(const yaml_node_t *node, const char *text) {
  return node != NULL && node->type == YAML_SCALAR_NODE && node->data.scalar.length == strlen(text) &&
         memcmp(node->data.scalar.value, text, node->data.scalar.length) == 0;
}

static int add_text(yaml_document_t *document, const char *text, yaml_scalar_style_t style) {
  return yaml_document_add_scalar(document, NULL, (const yaml_char_t *)text, (int)strlen(text), style);
}

/* The pair of a key; NULL: there is none. */
static yaml_node_pair_t *pair_of(yaml_document_t *document, int mapping, const char *key) {
  const yaml_node_t *node = yaml_document_get_node(document, mapping);
  if (node == NULL || node->type != YAML_MAPPING_NODE) return NULL;
  for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++)
    if (is_text(yaml_document_get_node(document, p->key), key)) return p;
  return NULL;
}

/* Sets key: value in a mapping. False: memory is out. */
static bool set_value(yaml_document_t *document, int mapping, const char *key, int value) {
  yaml_node_pair_t *pair = pair_of(document, mapping, key);
  if (value == 0) return false;
  if (pair != NULL) {
    pair->value = value;
    return true;
  }
  const int name = add_text(document, key, YAML_PLAIN_SCALAR_STYLE);
  return name != 0 && yaml_document_append_mapping_pair(document, mapping, name, value) == 1;
}

/* "section.key": text. */
static bool set_setting(yaml_document_t *document, const char *key, const char *text, yaml_scalar_style_t style) {
  char section[64];
  const char *dot = strchr(key, '.');
  if (dot == NULL || (size_t)(dot - key) >= sizeof section) return false;
  memcpy(section, key, (size_t)(dot - key));
  section[dot - key] = '\0';
  const yaml_node_pair_t *pair = pair_of(document, 1, section);
  int mapping = pair != NULL ? pair->value : 0;
  const yaml_node_t *node = mapping != 0 ? yaml_document_get_node(document, mapping) : NULL;
  if (node == NULL || node->type != YAML_MAPPING_NODE) {
    mapping = yaml_document_add_mapping(document, NULL, YAML_ANY_MAPPING_STYLE);
    if (mapping == 0 || !set_value(document, 1, section, mapping)) return false;
  }
  return set_value(document, mapping, dot + 1, add_text(document, text, style));
}

static void remove_pair(yaml_node_t *mapping, yaml_node_pair_t *pair) {
  const size_t behind = (size_t)(mapping->data.mapping.pairs.top - pair - 1);
  memmove(pair, pair + 1, behind * sizeof *pair);
  mapping->data.mapping.pairs.top--;
}

static void remove_item(yaml_node_t *sequence, yaml_node_item_t *item) {
  const size_t behind = (size_t)(sequence->data.sequence.items.top - item - 1);
  memmove(item, item + 1, behind * sizeof *item);
  sequence->data.sequence.items.top--;
}

static bool is_empty_list(yaml_document_t *document, int index) {
  const yaml_node_t *node = yaml_document_get_node(document, index);
  return node->type == YAML_SEQUENCE_NODE && node->data.sequence.items.start == node->data.sequence.items.top;
}

/* Is the node a source at this path: the text itself, or a mapping with path: text? */
static bool is_source(yaml_document_t *document, int index, const char *shown) {
  const yaml_node_pair_t *path = pair_of(document, index, "path");
  return is_text(yaml_document_get_node(document, path != NULL ? path->value : index), shown);
}

/* Takes the source out of lists and mappings below the node; a list that becomes empty goes too. */
static void remove_source(yaml_document_t *document, int index, const char *shown) {
  yaml_node_t *node = yaml_document_get_node(document, index);
  if (node->type == YAML_SEQUENCE_NODE) {
    for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top;)
      if (is_source(document, *item, shown))
        remove_item(node, item);
      else
        remove_source(document, *item++, shown);
  } else if (node->type == YAML_MAPPING_NODE) {
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;) {
      const bool is_it = is_source(document, pair->value, shown);
      if (!is_it) remove_source(document, pair->value, shown);
      if (is_it || is_empty_list(document, pair->value))
        remove_pair(node, pair);
      else
        pair++;
    }
  }
}

/* Puts another path wherever the template has this one. */
static bool replace_text(yaml_document_t *document, const char *from, const char *to) {
  for (yaml_node_t *node = document->nodes.start; node < document->nodes.top; node++) {
    if (!is_text(node, from)) continue;
    char *copy = strdup(to);
    if (copy == NULL) return false;
    free(node->data.scalar.value); /* libyaml's own memory is malloc's */
    node->data.scalar.value = (yaml_char_t *)copy;
    node->data.scalar.length = strlen(copy);
    node->data.scalar.style = YAML_DOUBLE_QUOTED_SCALAR_STYLE;
  }
  return true;
}

static bool edit(yaml_document_t *document, const ky_batch_area *area, const ky_batch_path *paths, uint32_t count) {
  bool is_good = true;
  for (uint32_t p = 0; p < count && is_good; p++) {
    if (paths[p].path == NULL)
      remove_source(document, 1, paths[p].shown);
    else
      is_good = replace_text(document, paths[p].shown, paths[p].path);
  }
  is_good = is_good && set_setting(document, "municipality.name", area->name, YAML_DOUBLE_QUOTED_SCALAR_STYLE) &&
            set_setting(document, "municipality.code", area->code, YAML_DOUBLE_QUOTED_SCALAR_STYLE) &&
            set_setting(document, "municipality.border", area->border, YAML_PLAIN_SCALAR_STYLE) &&
            set_setting(document, "outputs.dir", "out", YAML_PLAIN_SCALAR_STYLE);
  for (uint32_t o = 0; o < area->override_count; o++)
    is_good =
        is_good && set_setting(document, area->overrides[o].key, area->overrides[o].value, YAML_PLAIN_SCALAR_STYLE);
  return is_good;
}

static int write_bytes(void *user, unsigned char *bytes, size_t count) {
  ky_out_bytes(user, (const char *)bytes, count);
  return 1;
}

/* Takes the document, whatever happens. */
static bool dump(yaml_document_t *document, ky_out_file *file) {
  yaml_emitter_t emitter;
  if (yaml_emitter_initialize(&emitter) != 1) {
    yaml_document_delete(document);
    return false;
  }
  yaml_emitter_set_output(&emitter, write_bytes, file);
  yaml_emitter_set_unicode(&emitter, 1);
  yaml_emitter_set_width(&emitter, WIDTH);
  document->start_implicit = document->end_implicit = 1;
  const bool is_good = yaml_emitter_open(&emitter) == 1 && yaml_emitter_dump(&emitter, document) == 1 &&
                       yaml_emitter_close(&emitter) == 1;
  yaml_emitter_delete(&emitter);
  return is_good;
}

ky_err ky_batch_config_write(ky_job *job, const ky_config *template, const ky_batch_area *area,
                             const ky_batch_path *paths, uint32_t path_count, const char *path) {
  ky_problems problems = {.job = job, .path = template->path, .example = KY_CONFIG_EXAMPLE_COMMAND};
  yaml_document_t document;
  ky_out_file file;
  KY_TRY(ky_out_open(job, path, &file));
  ky_out_text(&file, "# ");
  ky_out_text(&file, ky_tr("Made by kayoi batch plan; change the template, with its comments, and plan again"));
  ky_out_text(&file, "\n");
  bool is_good = ky_yaml_open(&problems, template->text, template->text_bytes, &document);
  if (is_good && !edit(&document, area, paths, path_count)) {
    yaml_document_delete(&document);
    is_good = false;
  } else if (is_good) {
    is_good = dump(&document, &file);
  }
  KY_TRY(ky_out_close(job, &file));
  return is_good ? KY_OK : ky_fail_memory(job);
}
