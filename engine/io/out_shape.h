/* What one record's shape is, for the formats that name it. */
#ifndef KAYOI_OUT_SHAPE_H
#define KAYOI_OUT_SHAPE_H

#include <kayoi/shape.h>

/* NONE (no geometry), POINT, LINE or POLYGON. A record of MIXED shapes is what its first part is. */
static inline ky_shape_kind ky_record_kind(const ky_shapes *shapes, uint32_t record) {
  if (shapes == NULL || shapes->kind == KY_SHAPE_NONE) return KY_SHAPE_NONE;
  uint32_t part = shapes->first_part[record];
  if (part == shapes->first_part[record + 1]) return KY_SHAPE_NONE;
  if (shapes->kind != KY_SHAPE_MIXED) return shapes->kind;
  return shapes->first_vertex[part + 1] - shapes->first_vertex[part] == 1 ? KY_SHAPE_POINT : KY_SHAPE_POLYGON;
}

/* The exterior ring at `part` and its holes end before this part; at most `end`. */
static inline uint32_t ky_polygon_end(const ky_shapes *shapes, uint32_t part, uint32_t end) {
  uint32_t next = part + 1;
  while (next < end && shapes->is_hole[next] != 0) next++;
  return next;
}

/* Polygons (exterior rings), lines or points of a record. */
static inline uint32_t ky_record_members(const ky_shapes *shapes, uint32_t record) {
  uint32_t count = 0, end = shapes->first_part[record + 1];
  bool has_holes = ky_record_kind(shapes, record) == KY_SHAPE_POLYGON;
  for (uint32_t p = shapes->first_part[record]; p < end; count++)
    p = has_holes ? ky_polygon_end(shapes, p, end) : p + 1;
  return count;
}

/* The one form that all records of a layer fit: polygons always as several, points and lines only when a record has
 * several. MIXED: of its records some are polygons, some are points, each in its own form. */
typedef struct ky_layer_form {
  ky_shape_kind kind;
  bool is_multi;
} ky_layer_form;
ky_layer_form ky_shapes_form(const ky_shapes *shapes);

/* Is this record written as a collection of its members? */
static inline bool ky_record_is_multi(const ky_shapes *shapes, uint32_t record, ky_layer_form form) {
  return form.is_multi || ky_record_members(shapes, record) > 1;
}

#endif
