/* Shapes: points, lines or polygons of many records as flat arrays (struct of arrays). */
#ifndef KAYOI_SHAPE_H
#define KAYOI_SHAPE_H

#include <kayoi/job.h>

typedef enum ky_shape_kind {
  KY_SHAPE_NONE,    /* no geometry */
  KY_SHAPE_POINT,   /* every part has one vertex */
  KY_SHAPE_LINE,    /* every part has two or more */
  KY_SHAPE_POLYGON, /* every part is a closed ring (first vertex repeated at the end) */
  KY_SHAPE_MIXED    /* polygons and points; a part of one vertex is a point */
} ky_shape_kind;

/* Record i owns parts first_part[i] .. first_part[i+1]-1; part p owns vertices first_vertex[p] ..
 * first_vertex[p+1]-1. A hole belongs to the last exterior ring before it in its record. A record
 * without parts has no geometry. */
typedef struct ky_shapes {
  ky_shape_kind kind;
  uint32_t count, part_count, vertex_count;
  uint32_t *first_part;   /* [count + 1] */
  uint32_t *first_vertex; /* [part_count + 1] */
  uint8_t *is_hole;       /* [part_count]; NULL unless polygons */
  double *x, *y;          /* [vertex_count]: metres in the run's CRS; in ky_raw before projection: the source's units */
} ky_shapes;

typedef struct ky_box {
  double x_min, y_min, x_max, y_max; /* x_min > x_max: empty */
} ky_box;

/* Allocates arrays for the counts given (keep arena), all zero. */
ky_err ky_shapes_new(ky_job *job, ky_shape_kind kind, uint32_t count, uint32_t part_count, uint32_t vertex_count,
                     ky_shapes *out);
ky_box ky_shapes_box(const ky_shapes *shapes);                     /* of all records */
ky_box ky_shape_box(const ky_shapes *shapes, uint32_t record);     /* of one */
double ky_shape_area_m2(const ky_shapes *shapes, uint32_t record); /* exteriors - holes, shoelace */
/* Area-weighted centre of the rings; of a point, or of rings without area, the first vertex. It may lie outside. */
void ky_shape_centroid(const ky_shapes *shapes, uint32_t record, double *x, double *y);
/* 1 inside, 0 on the boundary, -1 outside (even-odd over all rings of the record, coordinates compared on the
 * millimetre grid in integers, so the answer is exact). */
int ky_shape_locate(const ky_shapes *shapes, uint32_t record, double x, double y);
/* A copy with records in the order given: out record i = in record order[i]. order may drop or repeat records. */
ky_err ky_shapes_pick(ky_job *job, const ky_shapes *in, const uint32_t *order, uint32_t order_count, ky_shapes *out);
/* The records of several behind each other; all of one kind. in_count of them, at least one. */
ky_err ky_shapes_stack(ky_job *job, const ky_shapes *const *in, uint32_t in_count, ky_shapes *out);
/* Invariants; used at the doors in debug builds and in tests. NULL when sound, else what is wrong. */
const char *ky_shapes_check(const ky_shapes *shapes);

#endif
