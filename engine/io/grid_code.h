/* Grid codes of JIS X 0410 and their rectangles (formats.md 1). */
#ifndef KAYOI_GRID_CODE_H
#define KAYOI_GRID_CODE_H

#include <kayoi/base.h>

/* Corners in whole units: 1/4800 degree of latitude and 1/3200 degree of longitude, in which every level from 80 km
 * to 125 m and 100 m is whole. So corners that cells share are equal numbers. */
typedef struct ky_grid_box {
  int32_t south, west, north, east;
} ky_grid_box;

#define KY_GRID_LAT_UNITS 4800.0 /* units per degree */
#define KY_GRID_LON_UNITS 3200.0

/* level_m: 80000 (4 digits), 10000 (6), 1000, 500, 250, 125, 100; 0: the halving series by the number of digits (8, 9,
 * 10, 11; a 10-digit code is 250 m). False when the code breaks the pattern of its level. */
bool ky_grid_code_box(const char *code, int level_m, ky_grid_box *out);

#endif
