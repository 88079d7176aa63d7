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

/* What was met in one geometry. */
typedef struct part_tally {
  bool is_bad;    /* coordinates that cannot be */
  uint32_t empty; /* lines of one vertex, polygons of fewer than three: they are nothing and are left out */
} part_tally;

/* A line or ring; its vertices go straight into the arrays. */
static ky_err add_line(ky_raw_builder *b, OGRGeometryH line, bool is_hole, bool is_geographic, part_tally *t) {
  const int n = OGR_G_GetPointCount(line);
  double *x, *y;
  if (n < 2) {
    t->empty++;
    return KY_OK;
  }
  KY_TRY(ky_raw_part(b, (uint32_t)n, is_hole, &x, &y));
  OGR_G_GetPoints(line, x, sizeof *x, y, sizeof *y, NULL, 0);
  t->is_bad = t->is_bad || !ky_coordinates_good(x, y, (uint32_t)n, is_geographic);
  return KY_OK;
}

static ky_err add_rings(ky_raw_builder *b, OGRGeometryH polygon, bool is_geographic, part_tally *t) {
  OGR_G_CloseRings(polygon);
  for (int r = 0; r < OGR_G_GetGeometryCount(polygon); r++) {
    OGRGeometryH ring = OGR_G_GetGeometryRef(polygon, r);
    if (OGR_G_GetPointCount(ring) < 4) { /* no area: without an exterior there is no polygon, an empty hole is none */
      if (r != 0) continue;
      t->empty++;
      return KY_OK;
    }
    KY_TRY(add_line(b, ring, r > 0, is_geographic, t));
  }
  return KY_OK;
}

static ky_err add_any(ky_raw_builder *b, OGRGeometryH geometry, bool is_geographic, part_tally *t) {
  switch (wkbFlatten(OGR_G_GetGeometryType(geometry))) {
    case wkbLineString:
      return add_line(b, geometry, false, is_geographic, t);
    case wkbPolygon:
      return add_rings(b, geometry, is_geographic, t);
    default:
      for (int g = 0; g < OGR_G_GetGeometryCount(geometry); g++)
        KY_TRY(add_any(b, OGR_G_GetGeometryRef(geometry, g), is_geographic, t));
      return KY_OK;
  }
}

static ky_err add_point(ky_raw_builder *b, OGRGeometryH geometry, bool is_geographic) {
  if (wkbFlatten(OGR_G_GetGeometryType(geometry)) == wkbMultiPoint) {
    if (OGR_G_GetGeometryCount(geometry) > 1)
      ky_issue_add(b->job,
                   &(ky_issue){.severity = KY_WARNING,
                               .source = b->where,
                               .record = b->record[b->count - 1],
                               .field = "geometry",
                               .reason = "several_points",
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
    if (ky_role_is_geocoded(b->source->role))
      return KY_OK; /* geocode.c looks for its place, and says when there is none */
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
  part_tally t = {0};
  KY_TRY(add_any(b, geometry, is_geographic, &t));
  if (t.is_bad || b->first_part[b->count - 1] == b->part_count)
    ky_raw_bad_place(b, "geometry", "bad_geometry", "%s",
                     ky_tr("the geometry has too few vertices, or coordinates that cannot be"));
  else if (t.empty != 0)
    ky_issue_add(b->job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = b->where,
                             .record = b->record[b->count - 1],
                             .field = "geometry",
                             .reason = "empty_part",
                             .action = ky_tr("they were left out, the rest of the record is used")},
                 ky_tr("%u parts of the geometry have too few vertices"), t.empty);
  return KY_OK;
}

bool ky_feature_is_outside(OGRGeometryH geometry, const ky_box *box) {
  OGREnvelope e;
  if (box == NULL || geometry == NULL || OGR_G_IsEmpty(geometry)) return false;
  OGR_G_GetEnvelope(geometry, &e);
  return e.MaxX < box->x_min || e.MinX > box->x_max || e.MaxY < box->y_min || e.MinY > box->y_max;
}
