/* Shapes of tables in WGS 84 for the formats that need it. */
#ifndef KAYOI_DEGREES_H
#define KAYOI_DEGREES_H

#include <kayoi/table.h>

/* Decimals of a degree in every output: 1e-7 degrees is about a centimetre. */
#define KY_DEGREE_DECIMALS 7

/* Sets table->shapes_deg: longitude and latitude rounded to 1e-7 degrees, polygons still valid. A record that does not
 * survive (no area on that grid, or outside of what the CRS can express) has no geometry there and an issue. */
ky_err ky_table_degrees(ky_job *job, const char *crs, ky_table *table);

/* A degree as the whole number of 1e-7 degrees that it is. */
int64_t ky_degree_fixed(double degrees);

#endif
