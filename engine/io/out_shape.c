/* The form of a layer's shapes. */
#include "io/out_shape.h"

ky_layer_form ky_shapes_form(const ky_shapes *shapes) {
  if (shapes == NULL || shapes->kind == KY_SHAPE_NONE) return (ky_layer_form){KY_SHAPE_NONE, false};
  bool is_multi = false, has_points = false, has_polygons = false;
  for (uint32_t i = 0; i < shapes->count; i++) {
    ky_shape_kind kind = ky_record_kind(shapes, i);
    is_multi = is_multi || (kind != KY_SHAPE_NONE && ky_record_members(shapes, i) > 1);
    has_points = has_points || kind == KY_SHAPE_POINT;
    has_polygons = has_polygons || kind == KY_SHAPE_POLYGON;
  }
  if (shapes->kind == KY_SHAPE_LINE) return (ky_layer_form){KY_SHAPE_LINE, is_multi};
  if (shapes->kind == KY_SHAPE_POLYGON || (has_polygons && !has_points)) return (ky_layer_form){KY_SHAPE_POLYGON, true};
  if (shapes->kind == KY_SHAPE_POINT || !has_polygons) return (ky_layer_form){KY_SHAPE_POINT, is_multi};
  return (ky_layer_form){KY_SHAPE_MIXED, false};
}
