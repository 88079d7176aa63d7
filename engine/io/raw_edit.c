/* Changes of sources that were read: see raw_edit.h. */
#include "io/raw_edit.h"

#include <string.h>

void ky_raw_keep(const bool *keep, bool place_only, ky_raw *raw) {
  ky_shapes *s = &raw->shapes;
  uint32_t record = 0, part = 0, vertex = 0;
  for (uint32_t i = 0; i < raw->count; i++) {
    if (!keep[i] && !place_only) continue;
    uint32_t from = s->first_part[i], to = keep[i] ? s->first_part[i + 1] : from;
    s->first_part[record] = part; /* record <= i, so nothing unread is overwritten */
    for (uint32_t p = from; p < to; p++, part++) {
      uint32_t first = s->first_vertex[p], n = s->first_vertex[p + 1] - first;
      s->first_vertex[part] = vertex;
      if (s->is_hole != NULL) s->is_hole[part] = s->is_hole[p];
      memmove(s->x + vertex, s->x + first, n * sizeof *s->x);
      memmove(s->y + vertex, s->y + first, n * sizeof *s->y);
      vertex += n;
    }
    raw->record[record] = raw->record[i];
    for (uint32_t c = 0; c < raw->column_count; c++) raw->columns[c].value[record] = raw->columns[c].value[i];
    record++;
  }
  s->first_part[record] = part;
  s->first_vertex[part] = vertex;
  s->count = raw->count = record;
  s->part_count = part;
  s->vertex_count = vertex;
}

ky_err ky_raw_set_column(ky_job *job, ky_raw *raw, const char *attribute, const char *column, const char ***value) {
  for (uint32_t c = 0; c < raw->column_count; c++) {
    if (strcmp(raw->columns[c].attribute, attribute) != 0) continue;
    raw->columns[c].column = column;
    *value = raw->columns[c].value;
    return KY_OK;
  }
  ky_raw_column *columns;
  KY_NEW(job, keep, columns, (size_t)raw->column_count + 1);
  if (raw->column_count != 0) memcpy(columns, raw->columns, raw->column_count * sizeof *columns);
  KY_NEW(job, keep, *value, raw->count);
  columns[raw->column_count++] = (ky_raw_column){attribute, column, *value};
  raw->columns = columns;
  return KY_OK;
}
