/* GEOS contexts and the two ways across: ky_shapes -> GEOSGeometry -> rings -> ky_shapes. */
#include "io/geos.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_error(const char *message, void *user) {
  ky_geos *geos = user;
  snprintf(geos->message, sizeof geos->message, "%s", message);
}

bool ky_geos_open(ky_geos *geos) {
  geos->message[0] = '\0';
  geos->handle = GEOS_init_r();
  if (geos->handle == NULL) return false;
  GEOSContext_setErrorMessageHandler_r(geos->handle, on_error, geos);
  return true;
}

void ky_geos_close(ky_geos *geos) {
  if (geos->handle != NULL) GEOS_finish_r(geos->handle);
  geos->handle = NULL;
}

ky_err ky_geos_fail(ky_job *job, const ky_geos *geos, const char *what) {
  if (geos->message[0] == '\0' || strstr(geos->message, "bad_alloc") != NULL) return ky_fail_memory(job);
  return ky_fail(job, KY_E_INTERNAL, ky_tr("%s: the geometry library gave up: %s"), what, geos->message);
}

GEOSGeometry *ky_geos_line(ky_geos *geos, const double *x, const double *y, uint32_t count) {
  GEOSCoordSequence *places = GEOSCoordSeq_copyFromArrays_r(geos->handle, x, y, NULL, NULL, count);
  return places == NULL ? NULL : GEOSGeom_createLineString_r(geos->handle, places);
}

GEOSGeometry *ky_geos_collect(ky_geos *geos, int type, GEOSGeometry **members, uint32_t count) {
  return GEOSGeom_createCollection_r(geos->handle, type, members, count);
}

static GEOSGeometry *ring(ky_geos *geos, const ky_shapes *shapes, uint32_t part) {
  uint32_t from = shapes->first_vertex[part], count = shapes->first_vertex[part + 1] - from;
  GEOSCoordSequence *places =
      GEOSCoordSeq_copyFromArrays_r(geos->handle, shapes->x + from, shapes->y + from, NULL, NULL, count);
  return places == NULL ? NULL : GEOSGeom_createLinearRing_r(geos->handle, places);
}

/* The exterior ring `part` with the holes behind it. */
static GEOSGeometry *polygon(ky_geos *geos, const ky_shapes *shapes, uint32_t part, uint32_t hole_count) {
  GEOSGeometry **holes = calloc((size_t)hole_count + 1, sizeof *holes), *exterior = NULL, *result = NULL;
  bool is_whole = holes != NULL && (exterior = ring(geos, shapes, part)) != NULL;
  for (uint32_t h = 0; is_whole && h < hole_count; h++)
    is_whole = (holes[h] = ring(geos, shapes, part + 1 + h)) != NULL;
  if (is_whole) {
    result = GEOSGeom_createPolygon_r(geos->handle, exterior, holes, hole_count);
  } else if (holes != NULL) {
    if (exterior != NULL) GEOSGeom_destroy_r(geos->handle, exterior);
    for (uint32_t h = 0; h < hole_count; h++)
      if (holes[h] != NULL) GEOSGeom_destroy_r(geos->handle, holes[h]);
  }
  free(holes);
  return result;
}

static bool is_ring(const ky_shapes *shapes, uint32_t part) {
  return shapes->first_vertex[part + 1] - shapes->first_vertex[part] >= 4;
}

GEOSGeometry *ky_geos_polygons(ky_geos *geos, const ky_shapes *shapes, uint32_t record) {
  uint32_t from = shapes->first_part[record], to = shapes->first_part[record + 1], count = 0;
  GEOSGeometry **members = calloc((size_t)(to - from) + 1, sizeof *members), *result = NULL;
  if (members == NULL) return NULL;
  bool is_whole = true;
  for (uint32_t p = from; is_whole && p < to;) {
    uint32_t end = p + 1;
    while (end < to && shapes->is_hole[end]) end++;
    if (is_ring(shapes, p)) is_whole = (members[count++] = polygon(geos, shapes, p, end - p - 1)) != NULL;
    p = end;
  }
  if (is_whole) {
    result = ky_geos_collect(geos, GEOS_MULTIPOLYGON, members, count);
  } else {
    for (uint32_t i = 0; i < count; i++)
      if (members[i] != NULL) GEOSGeom_destroy_r(geos->handle, members[i]);
  }
  free(members);
  return result;
}

GEOSGeometry *ky_geos_valid(ky_geos *geos, GEOSGeometry *polygons) {
  if (polygons == NULL || GEOSisValid_r(geos->handle, polygons) == 1) return polygons;
  geos->message[0] = '\0'; /* GEOSisValid says why, which is not a failure */
  GEOSGeometry *valid = GEOSMakeValid_r(geos->handle, polygons);
  GEOSGeom_destroy_r(geos->handle, polygons);
  return valid;
}

GEOSGeometry *ky_geos_united(ky_geos *geos, const ky_shapes *shapes) {
  GEOSGeometry **members = calloc((size_t)shapes->count + 1, sizeof *members), *all = NULL, *joined = NULL;
  uint32_t count = 0;
  if (members == NULL) return NULL;
  while (count < shapes->count) {
    members[count] = ky_geos_valid(geos, ky_geos_polygons(geos, shapes, count));
    if (members[count] == NULL) break;
    count++;
  }
  bool is_whole = count == shapes->count;
  all = ky_geos_collect(geos, GEOS_GEOMETRYCOLLECTION, members, count);
  if (all != NULL && is_whole) joined = GEOSUnaryUnion_r(geos->handle, all);
  if (all != NULL) GEOSGeom_destroy_r(geos->handle, all);
  free(members);
  return joined;
}

double ky_geos_shared_m2(ky_geos *geos, const GEOSGeometry *a, const GEOSGeometry *b) {
  GEOSGeometry *both = GEOSIntersection_r(geos->handle, a, b);
  if (both == NULL) return NAN;
  double area = ky_geos_area(geos, both);
  GEOSGeom_destroy_r(geos->handle, both);
  return area;
}

bool ky_geos_is_valid(ky_geos *geos, const GEOSGeometry *geometry) {
  return GEOSisValid_r(geos->handle, geometry) == 1;
}

double ky_geos_area(ky_geos *geos, const GEOSGeometry *geometry) {
  double area = NAN;
  return GEOSArea_r(geos->handle, geometry, &area) == 1 ? area : NAN;
}

/* First pass of a walk over polygons counts, the second one (out->x set) copies. */
static bool take_ring(ky_geos *geos, const GEOSGeometry *from, bool is_hole, ky_rings *out) {
  const GEOSCoordSequence *places = GEOSGeom_getCoordSeq_r(geos->handle, from);
  unsigned count = 0;
  if (places == NULL || GEOSCoordSeq_getSize_r(geos->handle, places, &count) == 0) return false;
  if (out->x != NULL && count != 0) {
    double *x = out->x + out->vertex_count, *y = out->y + out->vertex_count;
    char is_ccw = 0;
    if (GEOSCoordSeq_copyToArrays_r(geos->handle, places, x, y, NULL, NULL) == 0) return false;
    if (GEOSCoordSeq_isCCW_r(geos->handle, places, &is_ccw) == 0) return false;
    for (unsigned i = 0, j = count - 1; (is_ccw != 0) == is_hole && i < j; i++, j--) {
      double swap_x = x[i], swap_y = y[i];
      x[i] = x[j];
      y[i] = y[j];
      x[j] = swap_x;
      y[j] = swap_y;
    }
    out->is_hole[out->part_count] = is_hole;
    out->first_vertex[out->part_count + 1] = out->vertex_count + count;
  }
  out->part_count += count != 0;
  out->vertex_count += count;
  return true;
}

static bool take(ky_geos *geos, const GEOSGeometry *from, ky_rings *out) {
  int type = GEOSGeomTypeId_r(geos->handle, from);
  if (type == GEOS_POLYGON) {
    if (GEOSisEmpty_r(geos->handle, from) == 1) return true;
    const GEOSGeometry *exterior = GEOSGetExteriorRing_r(geos->handle, from);
    if (exterior == NULL || !take_ring(geos, exterior, false, out)) return false;
    int holes = GEOSGetNumInteriorRings_r(geos->handle, from);
    for (int h = 0; h < holes; h++) {
      const GEOSGeometry *hole = GEOSGetInteriorRingN_r(geos->handle, from, h);
      if (hole == NULL || !take_ring(geos, hole, true, out)) return false;
    }
    return holes >= 0;
  }
  if (type != GEOS_MULTIPOLYGON && type != GEOS_GEOMETRYCOLLECTION) return type >= 0;
  int count = GEOSGetNumGeometries_r(geos->handle, from);
  for (int i = 0; i < count; i++) {
    const GEOSGeometry *member = GEOSGetGeometryN_r(geos->handle, from, i);
    if (member == NULL || !take(geos, member, out)) return false;
  }
  return count >= 0;
}

bool ky_geos_rings(ky_geos *geos, const GEOSGeometry *geometry, ky_arena *arena, ky_rings *out) {
  ky_rings count = {0};
  *out = (ky_rings){0};
  if (!take(geos, geometry, &count)) return false;
  out->first_vertex = ky_arena_alloc(arena, (size_t)count.part_count + 1, sizeof *out->first_vertex);
  out->is_hole = ky_arena_alloc(arena, count.part_count, sizeof *out->is_hole);
  out->x = ky_arena_alloc(arena, count.vertex_count, sizeof *out->x);
  out->y = ky_arena_alloc(arena, count.vertex_count, sizeof *out->y);
  if (out->first_vertex == NULL || out->is_hole == NULL || out->x == NULL || out->y == NULL) return false;
  return take(geos, geometry, out);
}
