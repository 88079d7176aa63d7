/* Which part of a large raster of people, or of a layer of buildings, a run needs. */
#ifndef KAYOI_PEOPLE_WINDOW_H
#define KAYOI_PEOPLE_WINDOW_H

#include <kayoi/read.h>

/* Perhaps a raster whose pixels are people (a zip may hold one): such a source is read after the municipality is known,
 * because only its surroundings are needed. */
bool ky_may_be_people_raster(const ky_source *source);
/* Is only the surroundings of the municipality wanted of it? */
bool ky_is_windowed(const ky_source *source);
/* The box of the border, else of the zones, with the margin around it (keep arena); NULL when neither was read. */
ky_err ky_people_window(ky_job *job, const ky_raw *raws, uint32_t count, double margin_m, const ky_read_window **out);
/* The box around the window in another CRS. */
ky_err ky_window_in(ky_job *job, const ky_read_window *window, const char *crs, ky_box *out);
/* Columns and rows of a raster that the window needs, clamped to its size; width 0: none. crs: of the raster; inverse:
 * its plane to columns and rows. */
typedef struct ky_pixel_window {
  int x, y, width, height;
} ky_pixel_window;
ky_err ky_pixel_window_of(ky_job *job, const ky_read_window *window, const char *crs, const double inverse[6],
                          int columns, int rows, ky_pixel_window *out);

#endif
