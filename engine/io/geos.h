/* The only entrance to GEOS: shapes in, geometries between, shapes out.
 *
 * A context belongs to one thread and collects the message of what went wrong. Geometries are destroyed by whoever got
 * them, before the context is closed. */
#ifndef KAYOI_GEOS_H
#define KAYOI_GEOS_H

#include <geos_c.h>
#include <kayoi/shape.h>

#include "core/rings.h"

typedef struct ky_geos {
  GEOSContextHandle_t handle;
  char message[256]; /* of the last error; "" when there was none */
} ky_geos;

/* The struct must stay where it is until it is closed: GEOS keeps its address for messages. */
bool ky_geos_open(ky_geos *geos);
void ky_geos_close(ky_geos *geos);

/* A failure that GEOS reported: memory, or a geometry that it cannot work on. `what` is being made: "gap polygons". */
ky_err ky_geos_fail(ky_job *job, const ky_geos *geos, const char *what);

/* Polygons of a record as a multipolygon (empty without polygons; vertices of points are left out), as it is: it may be
 * invalid. NULL on failure. */
GEOSGeometry *ky_geos_polygons(ky_geos *geos, const ky_shapes *shapes, uint32_t record);
/* A line through count >= 2 places. NULL on failure. */
GEOSGeometry *ky_geos_line(ky_geos *geos, const double *x, const double *y, uint32_t count);
/* A collection that owns its members; on failure they are destroyed too. */
GEOSGeometry *ky_geos_collect(ky_geos *geos, int type, GEOSGeometry **members, uint32_t count);
/* The same area without self-crossings, overlapping parts and lines (even-odd, as ky_shape_locate sees it); takes the
 * geometry. NULL on failure. */
GEOSGeometry *ky_geos_valid(ky_geos *geos, GEOSGeometry *polygons);
/* All records as one area, each made valid first. NULL on failure. */
GEOSGeometry *ky_geos_united(ky_geos *geos, const ky_shapes *shapes);
/* Area that two geometries share; NAN on failure. */
double ky_geos_shared_m2(ky_geos *geos, const GEOSGeometry *a, const GEOSGeometry *b);
/* Valid according to GEOS; failures count as not valid. */
bool ky_geos_is_valid(ky_geos *geos, const GEOSGeometry *geometry);
/* NAN on failure. */
double ky_geos_area(ky_geos *geos, const GEOSGeometry *geometry);

/* All polygons of a geometry, exteriors counter-clockwise, holes clockwise, each after its exterior; other parts of a
 * collection (lines, points) are left out. False on failure. */
bool ky_geos_rings(ky_geos *geos, const GEOSGeometry *geometry, ky_arena *arena, ky_rings *out);
#endif
