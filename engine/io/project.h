/* Raw records into the run's CRS; records that end nowhere or far off are taken out. */
#ifndef KAYOI_PROJECT_H
#define KAYOI_PROJECT_H

#include <kayoi/read.h>

/* A place farther from the municipality than this is no place of it in any sense: it is not used. */
#define KY_UNUSED_M 500000.0

/* The middle of a source in its own coordinates: the median of its first vertices, so that no outlier moves it. NAN
 * when it has no geometry. */
ky_err ky_shapes_middle(ky_job *job, const ky_shapes *shapes, double *x, double *y);

/* Projects shapes and extent in place. */
ky_err ky_project(ky_job *job, const char *crs, ky_raw *raw);

/* Of projected records: one whose coordinates could not be projected, or with a vertex more than 500 km from the
 * municipality (x, y in the run's CRS; NAN: unknown, then the middle of the source), is an issue; venues then stay
 * without a place, others are left out. Cells of a grid may be anywhere: their code is their place. KY_E_INPUT when
 * that befalls every record: then the CRS is wrong. */
ky_err ky_project_check(ky_job *job, double x, double y, ky_raw *raw);

#endif
