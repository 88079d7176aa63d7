/* Pixels of a raster as people. */
#ifndef KAYOI_PEOPLE_PIXELS_H
#define KAYOI_PEOPLE_PIXELS_H

#include <gdal.h>

#include "io/people_window.h"
#include "io/role_columns.h"

typedef struct ky_people_pixels {
  int64_t **people;               /* [picks][pixels of the window] thousandths, KY_NULL no data; NULL: not a band */
  uint32_t read_count, bad_count; /* pixels of the window with data; of them without a number of people */
} ky_people_pixels;

/* Values x scale + offset as thousandths that add up to the rounded sum of the band in the window (largest remainder,
 * ties to the earlier pixel). Masked pixels have no data; what is no number of people (NaN, infinite, negative, too
 * many) is reported and has none either. Says how much lies outside of the window. names: of the bands. Scratch. */
ky_err ky_people_pixels_read(ky_job *job, const ky_source *source, GDALDatasetH dataset, const ky_picks *picks,
                             const char *const *names, const ky_pixel_window *window, ky_people_pixels *out);

#endif
