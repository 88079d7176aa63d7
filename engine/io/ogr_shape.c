/* Shapes of a table as geometries of GDAL. */
#include "io/ogr_shape.h"

#include <ogr_api.h>

OGRwkbGeometryType ky_ogr_type(ky_layer_form form) {
  static const OGRwkbGeometryType types[][2] = {[KY_SHAPE_NONE] = {wkbNone, wkbNone},
                                                [KY_SHAPE_POINT] = {wkbPoint, wkbMultiPoint},
                                                [KY_SHAPE_LINE] = {wkbLineString, wkbMultiLineString},
                                                [KY_SHAPE_POLYGON] = {wkbPolygon, wkbMultiPolygon},
                                                [KY_SHAPE_MIXED] = {wkbUnknown, wkbUnknown}};
  return types[form.kind][form.is_multi];
}

static OGRGeometryH simple_part(const ky_shapes *shapes, uint32_t part, OGRwkbGeometryType type) {
  OGRGeometryH line = OGR_G_CreateGeometry(type);
  uint32_t from = shapes->first_vertex[part], count = shapes->first_vertex[part + 1] - from;
  OGR_G_SetPoints(line, (int)count, shapes->x + from, sizeof *shapes->x, shapes->y + from, sizeof *shapes->y, NULL, 0);
  return line;
}

static OGRGeometryH member(const ky_shapes *shapes, ky_shape_kind kind, uint32_t part, uint32_t end) {
  if (kind != KY_SHAPE_POLYGON) return simple_part(shapes, part, kind == KY_SHAPE_POINT ? wkbPoint : wkbLineString);
  OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
  for (uint32_t p = part; p < end; p++) OGR_G_AddGeometryDirectly(polygon, simple_part(shapes, p, wkbLinearRing));
  return polygon;
}

void *ky_ogr_geometry(const ky_shapes *shapes, uint32_t record, ky_layer_form form) {
  ky_shape_kind kind = ky_record_kind(shapes, record);
  if (kind == KY_SHAPE_NONE) return NULL;
  bool is_multi = ky_record_is_multi(shapes, record, form);
  static const OGRwkbGeometryType multi[] = {
      [KY_SHAPE_POINT] = wkbMultiPoint, [KY_SHAPE_LINE] = wkbMultiLineString, [KY_SHAPE_POLYGON] = wkbMultiPolygon};
  OGRGeometryH all = is_multi ? OGR_G_CreateGeometry(multi[kind]) : NULL;
  for (uint32_t p = shapes->first_part[record], end = shapes->first_part[record + 1]; p < end;) {
    uint32_t next = kind == KY_SHAPE_POLYGON ? ky_polygon_end(shapes, p, end) : p + 1;
    OGRGeometryH one = member(shapes, kind, p, next);
    if (!is_multi) return one;
    OGR_G_AddGeometryDirectly(all, one);
    p = next;
  }
  return all;
}
