/* Geometry of one feature, whatever its nesting. */
#include "io/feature_geometry.h"

#include "io/raw_point.h"

static ky_shape_kind kind_of(OGRGeometryH geometry) {
  switch (wkbFlatten(OGR_G_GetGeometryType(geometry))) {
    case wkbPoint:
    case wkbMultiPoint:
      return KY_SHAPE_POINT;
    case wkbLineString:
    case wkbMultiLineString:
    case wkbLinearRing:
      return KY_SHAPE_LINE;
    case wkbPolygon:
    case wkbMultiPolygon:
      return KY_SHAPE_POLYGON;
    default:
      return KY_SHAPE_NONE;
  }
}

/* A line or ring; its vertices go straight into the arrays. */
static ky_err add_line(ky_raw_builder *b, OGRGeometryH line, bool is_hole, bool is_geographic, bool *is_good) {
  const int n = OGR_G_GetPointCount(line);
  double *x, *y;
  if (n < 1) return KY_OK;
  KY_TRY(ky_raw_part(b, (uint32_t)n, is_hole, &x, &y));
  OGR_G_GetPoints(line, x, sizeof *x, y, sizeof *y, NULL, 0);
  *is_good = *is_good && ky_coordinates_good(x, y, (uint32_t)n, is_geographic);
  if (wkbFlatten(OGR_G_GetGeometryType(line)) == wkbLineString && n < 2) *is_good = false;
  return KY_OK;
}

static ky_err add_rings(ky_raw_builder *b, OGRGeometryH polygon, bool is_geographic, bool *is_good) {
  OGR_G_CloseRings(polygon);
  for (int r = 0; r < OGR_G_GetGeometryCount(polygon); r++) {
    OGRGeometryH ring = OGR_G_GetGeometryRef(polygon, r);
    if (OGR_G_GetPointCount(ring) < 4) { /* no area: an empty exterior spoils the polygon, an empty hole is none */
      if (r == 0) *is_good = false;
      continue;
    }
    KY_TRY(add_line(b, ring, r > 0, is_geographic, is_good));
  }
  return KY_OK;
}

static ky_err add_any(ky_raw_builder *b, OGRGeometryH geometry, bool is_geographic, bool *is_good) {
  switch (wkbFlatten(OGR_G_GetGeometryType(geometry))) {
    case wkbLineString:
      return add_line(b, geometry, false, is_geographic, is_good);
    case wkbPolygon:
      return add_rings(b, geometry, is_geographic, is_good);
    default:
      for (int g = 0; g < OGR_G_GetGeometryCount(geometry); g++)
        KY_TRY(add_any(b, OGR_G_GetGeometryRef(geometry, g), is_geographic, is_good));
      return KY_OK;
  }
}

static ky_err add_point(ky_raw_builder *b, OGRGeometryH geometry, bool is_geographic) {
  if (wkbFlatten(OGR_G_GetGeometryType(geometry)) == wkbMultiPoint) {
    if (OGR_G_GetGeometryCount(geometry) > 1)
      ky_issue_add(b->job, &(ky_issue){.severity = KY_WARNING, .source = b->where, .record = b->record[b->count - 1],
                                       .field = "geometry", .reason = "several_points",
                                       .action = ky_tr("the first one is used")},
                   ky_tr("one record with %d points"), OGR_G_GetGeometryCount(geometry));
    geometry = OGR_G_GetGeometryRef(geometry, 0);
  }
  return ky_raw_point(b, OGR_G_GetX(geometry, 0), OGR_G_GetY(geometry, 0), is_geographic);
}

ky_err ky_feature_geometry(ky_raw_builder *b, OGRGeometryH geometry, bool is_geographic, bool *is_wrong_kind) {
  const unsigned kinds = ky_role_get(b->source->role)->kinds;
  *is_wrong_kind = false;
  if (kinds == 1u << KY_SHAPE_NONE) return KY_OK;
  if (geometry == NULL || OGR_G_IsEmpty(geometry)) {
    ky_raw_bad_place(b, "geometry", "geometry_missing", "%s", ky_tr("the record has no geometry"));
    return KY_OK;
  }
  if (OGR_G_HasCurveGeometry(geometry, FALSE) || wkbFlatten(OGR_G_GetGeometryType(geometry)) == wkbGeometryCollection) {
    ky_raw_bad(b, "geometry", "geometry_unsupported", ky_tr("a %s is not read; convert it to simple features"),
               OGR_G_GetGeometryName(geometry));
    return KY_OK;
  }
  const ky_shape_kind kind = kind_of(geometry);
  if ((kinds & 1u << kind) == 0 || kind == KY_SHAPE_NONE) {
    *is_wrong_kind = true;
    ky_raw_bad(b, "geometry", "wrong_geometry", ky_tr("a %s cannot be one of %s"), OGR_G_GetGeometryName(geometry),
               ky_role_get(b->source->role)->name);
    return KY_OK;
  }
  if (kind == KY_SHAPE_POINT) return add_point(b, geometry, is_geographic);
  bool is_good = true;
  KY_TRY(add_any(b, geometry, is_geographic, &is_good));
  if (!is_good || b->first_part[b->count - 1] == b->part_count)
    ky_raw_bad_place(b, "geometry", "bad_geometry", "%s",
                     ky_tr("the geometry has too few vertices, or coordinates that cannot be"));
  return KY_OK;
}
