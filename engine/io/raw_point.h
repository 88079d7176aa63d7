/* A pair of coordinates as a record has it: finite, in range, not swapped. */
#ifndef KAYOI_RAW_POINT_H
#define KAYOI_RAW_POINT_H

#include "io/raw_build.h"

/* Gives the newest record the point, or reports why not. Swapped degrees of a place in Japan are put right and said. */
ky_err ky_raw_point(ky_raw_builder *b, double x, double y, bool is_geographic);
/* Are all coordinates finite and, in degrees, on the globe? */
bool ky_coordinates_good(const double *x, const double *y, uint32_t n, bool is_geographic);

#endif
