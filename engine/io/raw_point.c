/* Points of records. */
#include "io/raw_point.h"

#include <math.h>

#include "io/crs.h"

bool ky_coordinates_good(const double *x, const double *y, uint32_t n, bool is_geographic) {
  for (uint32_t i = 0; i < n; i++) {
    if (!(fabs(x[i]) < 1e9) || !(fabs(y[i]) < 1e9)) return false;
    if (is_geographic && (fabs(x[i]) > 180 || fabs(y[i]) > 90)) return false;
  }
  return true;
}

ky_err ky_raw_point(ky_raw_builder *b, double x, double y, bool is_geographic) {
  double *to_x, *to_y;
  if (is_geographic && !ky_crs_is_japan(x, y) && ky_crs_is_japan(y, x)) {
    ky_issue_add(b->job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = b->where,
                             .record = b->record[b->count - 1],
                             .field = "lon/lat",
                             .reason = "coordinates_swapped",
                             .action = ky_tr("put right; exchange the two columns in the source")},
                 ky_tr("longitude %.7g and latitude %.7g are the other way round"), x, y);
    double swap = x;
    x = y;
    y = swap;
  }
  if (!ky_coordinates_good(&x, &y, 1, is_geographic)) {
    ky_raw_bad_place(b, "lon/lat", isfinite(x) && isfinite(y) ? "coordinates_out_of_range" : "coordinates_not_finite",
                     ky_tr("x %.7g, y %.7g cannot be a place"), x, y);
    return KY_OK;
  }
  KY_TRY(ky_raw_part(b, 1, false, &to_x, &to_y));
  *to_x = x;
  *to_y = y;
  return KY_OK;
}
