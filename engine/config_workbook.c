/* The key `workbook`: one file, a source for each of its sheets. */
#include <string.h>

#include "config_reader.h"
#include "io/workbook.h"

/* The workbook says of its coordinates that they are of JGD2011 (sheet 説明). */
#define WORKBOOK_CRS "EPSG:6668"

const yaml_mark_t *ky_config_given_key(const ky_config_reader *reader, const char *key) {
  for (uint32_t g = 0; g < reader->given_count; g++)
    if (strcmp(reader->given[g].field->key, key) == 0) return &reader->given[g].mark;
  return NULL;
}

static bool is_plain(const ky_source *source) {
  return source->layer == NULL && source->kind == NULL && source->column_count == 0 && source->lon == NULL &&
         source->encoding == NULL && source->grid_level_m == 0;
}

void ky_config_read_workbook(ky_config_reader *reader, const char *name, const yaml_node_t *node) {
  ky_read_opts *read = &reader->config->read;
  const uint32_t first = read->source_count;
  ky_config_read_source(reader, KY_ROLE_RESOURCES, name, node, NULL);
  if (read->source_count != first && reader->sources[first].postgis != NULL)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a workbook is a file; give path:"), name);
  if (read->source_count == first || reader->sources[first].path == NULL) return; /* a problem says why */
  const ky_source book = reader->sources[first];
  read->source_count = first;
  if (!is_plain(&book))
    ky_problem_add(&reader->problems, node->start_mark,
                   ky_tr("%s: takes path, date, crs and format only; its sheets and columns are fixed"), name);
  if (first + KY_BOOK_SHEETS > KY_CONFIG_SOURCES_MAX) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: more than %d sources"), name, KY_CONFIG_SOURCES_MAX);
    return;
  }
  for (uint32_t s = 0; s < KY_BOOK_SHEETS; s++) {
    const ky_book_sheet *sheet = &ky_book_sheets[s];
    ky_source *source = &reader->sources[read->source_count++];
    *source = book;
    source->role = sheet->role;
    source->layer = sheet->name;
    source->kind = sheet->kind;
    source->is_workbook = true;
    source->name = ky_format(&reader->job->keep, "%s[%s]", name, sheet->name);
    if (source->name == NULL) ky_fail_memory(reader->job);
    if (source->crs == NULL && sheet->role != KY_ROLE_OFFICIAL) source->crs = WORKBOOK_CRS;
  }
}
