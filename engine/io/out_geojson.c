/* GeoJSON geometries with exactly the decimals asked for. */
#include "io/out_geojson.h"

#include <math.h>

#include "io/out_shape.h"

static void put_degree(ky_out_file *out, double degrees, uint8_t decimals) {
  double unit = 1;
  for (uint8_t d = 0; d < decimals; d++) unit *= 10;
  ky_out_fixed(out, llround(degrees * unit), decimals);
}

static void put_place(ky_out_file *out, const ky_shapes *shapes, uint32_t vertex, uint8_t decimals) {
  ky_out_bytes(out, "[", 1);
  put_degree(out, shapes->x[vertex], decimals);
  ky_out_bytes(out, ",", 1);
  put_degree(out, shapes->y[vertex], decimals);
  ky_out_bytes(out, "]", 1);
}

/* Twice the area with its sign: positive is counter-clockwise. */
static double turn_of(const ky_shapes *shapes, uint32_t part) {
  uint32_t from = shapes->first_vertex[part], to = shapes->first_vertex[part + 1];
  double x0 = shapes->x[from], y0 = shapes->y[from], twice = 0;
  for (uint32_t v = from; v + 1 < to; v++)
    twice += (shapes->x[v] - x0) * (shapes->y[v + 1] - y0) - (shapes->x[v + 1] - x0) * (shapes->y[v] - y0);
  return twice;
}

static void put_part(ky_out_file *out, const ky_shapes *shapes, uint32_t part, bool is_reversed, uint8_t decimals) {
  uint32_t from = shapes->first_vertex[part], count = shapes->first_vertex[part + 1] - from;
  ky_out_bytes(out, "[", 1);
  for (uint32_t i = 0; i < count; i++) {
    if (i != 0) ky_out_bytes(out, ",", 1);
    put_place(out, shapes, is_reversed ? from + count - 1 - i : from + i, decimals);
  }
  ky_out_bytes(out, "]", 1);
}

/* One member of a record: a place, a line, or an exterior with its holes (parts up to `end`). */
static void put_member(ky_out_file *out, const ky_shapes *shapes, ky_shape_kind kind, uint32_t part, uint32_t end,
                       uint8_t decimals) {
  if (kind == KY_SHAPE_POINT) {
    put_place(out, shapes, shapes->first_vertex[part], decimals);
  } else if (kind == KY_SHAPE_LINE) {
    put_part(out, shapes, part, false, decimals);
  } else {
    ky_out_bytes(out, "[", 1);
    for (uint32_t p = part; p < end; p++) {
      if (p != part) ky_out_bytes(out, ",", 1);
      put_part(out, shapes, p, (turn_of(shapes, p) > 0) != (p == part), decimals);
    }
    ky_out_bytes(out, "]", 1);
  }
}

void ky_out_bbox(ky_out_file *out, ky_box box, uint8_t decimals) {
  const double sides[4] = {box.x_min, box.y_min, box.x_max, box.y_max};
  ky_out_text(out, "\"bbox\":[");
  for (int i = 0; i < 4; i++) {
    if (i != 0) ky_out_bytes(out, ",", 1);
    put_degree(out, sides[i], decimals);
  }
  ky_out_text(out, "],");
}

void ky_out_geometry(ky_out_file *out, const ky_shapes *shapes, uint32_t record, uint8_t decimals) {
  static const char *const names[] = {
      [KY_SHAPE_POINT] = "Point", [KY_SHAPE_LINE] = "LineString", [KY_SHAPE_POLYGON] = "Polygon"};
  ky_shape_kind kind = ky_record_kind(shapes, record);
  if (kind == KY_SHAPE_NONE) {
    ky_out_text(out, "\"geometry\":null");
    return;
  }
  bool is_multi = ky_record_members(shapes, record) > 1;
  ky_out_text(out, "\"geometry\":{\"type\":\"");
  if (is_multi) ky_out_text(out, "Multi");
  ky_out_text(out, names[kind]);
  ky_out_text(out, "\",\"coordinates\":");
  if (is_multi) ky_out_bytes(out, "[", 1);
  for (uint32_t p = shapes->first_part[record], end = shapes->first_part[record + 1]; p < end;) {
    uint32_t next = kind == KY_SHAPE_POLYGON ? ky_polygon_end(shapes, p, end) : p + 1;
    if (p != shapes->first_part[record]) ky_out_bytes(out, ",", 1);
    put_member(out, shapes, kind, p, next, decimals);
    p = next;
  }
  ky_out_text(out, is_multi ? "]}" : "}");
}
