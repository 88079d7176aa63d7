/* Windows of rasters of people: see people_window.h. */
#include "io/people_window.h"

#include <math.h>
#include <string.h>

#include "io/crs.h"
#include "io/source_file.h"

#define STEPS          16 /* points on each side of a box: in another CRS its corners are not its farthest places */
#define SIDE           (STEPS + 1)
#define M_PER_DEGREE   111000.0 /* of latitude; a little less than anywhere, so that the margin is rather too wide */
#define RAD_PER_DEGREE 0.017453292519943295

bool ky_may_be_people_raster(const ky_source *source) {
  if (source->role != KY_ROLE_RESIDENTS && source->role != KY_ROLE_YEARS) return false;
  if (source->format != NULL) return strcmp(source->format, "raster") == 0;
  static const char *const extensions[] = {"tif", "tiff", "zip"};
  bool may_be = false;
  for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
    may_be = may_be || (source->path != NULL && ky_path_has(source->path, extensions[i]));
  return may_be;
}

static void fill_box(double x_min, double y_min, double x_max, double y_max, double *x, double *y) {
  for (int i = 0; i < SIDE * SIDE; i++) {
    x[i] = x_min + (x_max - x_min) * (i % SIDE) / STEPS;
    y[i] = y_min + (y_max - y_min) * (i / SIDE) / STEPS;
  }
}

static ky_err add_raw(ky_job *job, const ky_raw *raw, ky_read_window *window) {
  double lon[SIDE * SIDE], lat[SIDE * SIDE];
  const ky_box box = ky_shapes_box(&raw->shapes);
  fill_box(box.x_min, box.y_min, box.x_max, box.y_max, lon, lat);
  KY_TRY(ky_crs_transform(job, raw->crs, "EPSG:4326", lon, lat, SIDE * SIDE));
  for (int i = 0; i < SIDE * SIDE; i++) {
    if (!isfinite(lon[i]) || !isfinite(lat[i])) continue;
    window->west_deg = fmin(window->west_deg, lon[i]);
    window->east_deg = fmax(window->east_deg, lon[i]);
    window->south_deg = fmin(window->south_deg, lat[i]);
    window->north_deg = fmax(window->north_deg, lat[i]);
  }
  return KY_OK;
}

bool ky_is_windowed(const ky_source *source) {
  return ky_may_be_people_raster(source) || source->role == KY_ROLE_BUILDINGS;
}

ky_err ky_people_window(ky_job *job, const ky_raw *raws, uint32_t count, double margin_m, const ky_read_window **out) {
  static const ky_role order[] = {KY_ROLE_BORDER, KY_ROLE_ZONES};
  ky_read_window window = {INFINITY, INFINITY, -INFINITY, -INFINITY}, *kept;
  *out = NULL;
  for (size_t k = 0; k < sizeof order / sizeof *order && window.west_deg > window.east_deg; k++)
    for (uint32_t i = 0; i < count; i++)
      if (raws[i].source != NULL && raws[i].source->role == order[k] && raws[i].shapes.vertex_count != 0 &&
          raws[i].crs != NULL)
        KY_TRY(add_raw(job, &raws[i], &window));
  if (window.west_deg > window.east_deg) return KY_OK;
  const double lat = fmin(fmax(fabs(window.south_deg), fabs(window.north_deg)), 89);
  const double margin_deg = margin_m / M_PER_DEGREE;
  KY_NEW(job, keep, kept, 1);
  *kept = (ky_read_window){.west_deg = window.west_deg - margin_deg / cos(lat * RAD_PER_DEGREE),
                           .east_deg = window.east_deg + margin_deg / cos(lat * RAD_PER_DEGREE),
                           .south_deg = window.south_deg - margin_deg,
                           .north_deg = window.north_deg + margin_deg};
  *out = kept;
  return KY_OK;
}

ky_err ky_window_in(ky_job *job, const ky_read_window *window, const char *crs, ky_box *out) {
  double x[SIDE * SIDE], y[SIDE * SIDE];
  *out = (ky_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
  fill_box(window->west_deg, window->south_deg, window->east_deg, window->north_deg, x, y);
  KY_TRY(ky_crs_transform(job, "EPSG:4326", crs, x, y, SIDE * SIDE));
  for (int i = 0; i < SIDE * SIDE; i++) {
    if (!isfinite(x[i]) || !isfinite(y[i])) continue;
    out->x_min = fmin(out->x_min, x[i]);
    out->x_max = fmax(out->x_max, x[i]);
    out->y_min = fmin(out->y_min, y[i]);
    out->y_max = fmax(out->y_max, y[i]);
  }
  return KY_OK;
}

ky_err ky_pixel_window_of(ky_job *job, const ky_read_window *window, const char *crs, const double inverse[6],
                          int columns, int rows, ky_pixel_window *out) {
  double x[SIDE * SIDE], y[SIDE * SIDE], left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
  *out = (ky_pixel_window){0, 0, columns, rows};
  if (window == NULL) return KY_OK;
  fill_box(window->west_deg, window->south_deg, window->east_deg, window->north_deg, x, y);
  KY_TRY(ky_crs_transform(job, "EPSG:4326", crs, x, y, SIDE * SIDE));
  for (int i = 0; i < SIDE * SIDE; i++) {
    if (!isfinite(x[i]) || !isfinite(y[i])) continue;
    const double column = inverse[0] + x[i] * inverse[1] + y[i] * inverse[2];
    const double row = inverse[3] + x[i] * inverse[4] + y[i] * inverse[5];
    left = fmin(left, column);
    right = fmax(right, column);
    top = fmin(top, row);
    bottom = fmax(bottom, row);
  }
  left = fmax(0, floor(left) - 1); /* a pixel more on each side: the sides of a box may bulge between its points */
  top = fmax(0, floor(top) - 1);
  right = fmin(columns, ceil(right) + 1);
  bottom = fmin(rows, ceil(bottom) + 1);
  if (left >= right || top >= bottom)
    *out = (ky_pixel_window){0};
  else
    *out = (ky_pixel_window){(int)left, (int)top, (int)(right - left), (int)(bottom - top)};
  return KY_OK;
}
