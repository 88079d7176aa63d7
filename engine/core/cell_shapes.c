/* Geometry of cells: copied, compared, measured. */
#include "core/cell_shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool ky_record_same_box(const ky_record *a, const ky_record *b) {
  ky_box x = ky_shape_box(&a->raw->shapes, a->record), y = ky_shape_box(&b->raw->shapes, b->record);
  return fabs(x.x_min - y.x_min) < 1 && fabs(x.y_min - y.y_min) < 1 && fabs(x.x_max - y.x_max) < 1 &&
         fabs(x.y_max - y.y_max) < 1;
}

ky_err ky_cell_shapes(ky_job *job, const ky_cell_draft *drafts, uint32_t count, ky_shapes *out) {
  uint32_t parts = 0, vertices = 0, part = 0, vertex = 0;
  for (uint32_t i = 0; i < count; i++) {
    const ky_shapes *in = &drafts[i].record.raw->shapes;
    uint32_t from = in->first_part[drafts[i].record.record], to = in->first_part[drafts[i].record.record + 1];
    parts += to - from;
    vertices += in->first_vertex[to] - in->first_vertex[from];
  }
  KY_TRY(ky_shapes_new(job, KY_SHAPE_MIXED, count, parts, vertices, out));
  for (uint32_t i = 0; i < count; i++) {
    const ky_shapes *in = &drafts[i].record.raw->shapes;
    uint32_t record = drafts[i].record.record;
    out->first_part[i] = part;
    for (uint32_t p = in->first_part[record]; p < in->first_part[record + 1]; p++) {
      uint32_t n = in->first_vertex[p + 1] - in->first_vertex[p];
      out->first_vertex[part] = vertex;
      out->is_hole[part++] = in->is_hole != NULL && in->is_hole[p];
      memcpy(out->x + vertex, in->x + in->first_vertex[p], n * sizeof *out->x);
      memcpy(out->y + vertex, in->y + in->first_vertex[p], n * sizeof *out->y);
      vertex += n;
    }
  }
  out->first_part[count] = part;
  out->first_vertex[part] = vertex;
  return KY_OK;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

ky_err ky_cell_spacing(ky_job *job, const ky_shapes *shapes, double *out) {
  double *area;
  uint32_t n = 0;
  KY_NEW(job, scratch, area, shapes->count);
  for (uint32_t i = 0; i < shapes->count; i++) {
    double m2 = ky_shape_area_m2(shapes, i);
    if (m2 > 0) area[n++] = m2;
  }
  if (n != 0) qsort(area, n, sizeof *area, by_value);
  *out = n == 0 ? 0 : sqrt(area[n / 2]);
  return KY_OK;
}
