/* Borders of many municipalities: where each is, and whether they share land. */
#ifndef KAYOI_BORDERS_H
#define KAYOI_BORDERS_H

#include <kayoi/read.h>

/* One municipality's border: records of a source that was read, degrees. */
typedef struct ky_border {
  const ky_raw *raw; /* geographic, see ky_border_degrees */
  const char *code;  /* those records of it that have the code; NULL: all */
} ky_border;

typedef struct ky_border_overlap {
  uint32_t a, b; /* a < b */
  double area_m2;
} ky_border_overlap;

/* Brings the shapes of a source that was read into degrees, if they are not yet. */
ky_err ky_border_degrees(ky_job *job, ky_raw *raw);
/* Its box grown by margin_m: west, south, east, north. False: there is no such record. */
bool ky_border_box(const ky_border *border, double margin_m, double box[4]);
/* Land that all borders together leave out though it lies between them. */
typedef struct ky_border_slivers {
  uint32_t count;
  double area_m2, largest_m2;
  double lon, lat; /* of a place on the edge of the largest */
} ky_border_slivers;

/* Borders that share more than min_m2 (keep arena), by a, then b; about: degrees taken as a plane at their latitude.
 * slivers: holes of their union smaller than max_m2 (larger ones are lakes, or municipalities that are not in the
 * table).
 */
ky_err ky_borders_overlaps(ky_job *job, const ky_border *borders, uint32_t count, double min_m2, double max_m2,
                           ky_border_overlap **overlaps, uint32_t *overlap_count, ky_border_slivers *slivers);

/* Writes the border as a GeoPackage in its own CRS. KY_E_OUTPUT when it cannot be. */
ky_err ky_border_write(ky_job *job, const ky_border *border, const char *path);

#endif
