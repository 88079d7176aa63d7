/* Convex hull: where data is taken to be complete when nothing better is known. */
#ifndef KAYOI_HULL_H
#define KAYOI_HULL_H

#include <kayoi/shape.h>

/* One polygon (counter-clockwise); no record when the places do not span an area. */
ky_err ky_hull(ky_job *job, const double *x_m, const double *y_m, uint32_t count, ky_shapes *out);

#endif
