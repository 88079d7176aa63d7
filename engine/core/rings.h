/* Rings of one record, on the way to ky_shapes: rooms that make polygons in parallel make these first. */
#ifndef KAYOI_RINGS_H
#define KAYOI_RINGS_H

#include <kayoi/shape.h>

typedef struct ky_rings {
  uint32_t part_count, vertex_count;
  uint32_t *first_vertex; /* [part_count + 1] */
  uint8_t *is_hole;       /* [part_count] */
  double *x, *y;
} ky_rings;

/* One record of polygons per item (keep arena). */
ky_err ky_rings_shapes(ky_job *job, const ky_rings *rings, uint32_t count, ky_shapes *out);

#endif
