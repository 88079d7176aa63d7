/* Rings to shapes: count, allocate exactly, copy. */
#include "core/rings.h"

#include <string.h>

ky_err ky_rings_shapes(ky_job *job, const ky_rings *rings, uint32_t count, ky_shapes *out) {
  uint64_t part_count = 0, vertex_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    part_count += rings[i].part_count;
    vertex_count += rings[i].vertex_count;
  }
  if (vertex_count >= KY_NONE) return ky_fail_memory(job);
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POLYGON, count, (uint32_t)part_count, (uint32_t)vertex_count, out));
  uint32_t part = 0, vertex = 0;
  for (uint32_t i = 0; i < count; i++) {
    const ky_rings *r = &rings[i];
    out->first_part[i] = part;
    for (uint32_t p = 0; p < r->part_count; p++, part++) {
      out->first_vertex[part] = vertex + r->first_vertex[p];
      out->is_hole[part] = r->is_hole[p];
    }
    if (r->vertex_count != 0) {
      memcpy(out->x + vertex, r->x, r->vertex_count * sizeof *out->x);
      memcpy(out->y + vertex, r->y, r->vertex_count * sizeof *out->y);
    }
    vertex += r->vertex_count;
  }
  out->first_part[count] = part;
  out->first_vertex[part] = vertex;
  return KY_OK;
}
