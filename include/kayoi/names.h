/* Names of places (大字・町丁): what people call where they live, from small areas or from points with names. */
#ifndef KAYOI_NAMES_H
#define KAYOI_NAMES_H

#include <kayoi/gaps.h>
#include <kayoi/rtree.h>

typedef struct ky_names_opts {
  double max_m;        /* a point's name holds as far as this, 1000 */
  bool with_residents; /* where no names are given: those of the residents' small areas */
} ky_names_opts;

/* One polygon or point with a name. */
typedef struct ky_named {
  const char *name;
  const ky_shapes *shapes;
  uint32_t record;
} ky_named;

typedef struct ky_names {
  uint32_t count;
  const char **name;               /* [count] each once, bytewise ascending; count 0: nothing has a name */
  const ky_named *area;            /* polygons by name, then by place */
  const ky_named *spot;            /* points likewise */
  uint32_t *area_name, *spot_name; /* index into name[] */
  ky_rtree areas, spots;
  double max_m;
} ky_names;

/* From the sources of names, else from the residents' small areas, which is said as a notice. Records of water and
 * those without a name have none. */
ky_err ky_names_build(ky_job *job, const ky_inputs *inputs, const ky_names_opts *opts, ky_names *out);
/* name[i]: that of the polygon around the place (ties: the lower name), else of the nearest point with a name within
 * max_m (ties likewise), else KY_NONE. is_wanted: NULL for all; others get KY_NONE. */
void ky_names_find(ky_job *job, const ky_names *names, const double *x_m, const double *y_m, uint32_t count,
                   const bool *is_wanted, uint32_t *name);

/* Name of each cell: where most of its people live, ties to the lower name. Nothing without names. */
ky_err ky_names_cells(ky_job *job, const ky_names *names, const ky_points *points, ky_cells *cells);
/* Name of each area: that of most of its people 65+ and 付近; areas of one name get 北, 東, ... as they lie to each
 * other, or numbers in the order of rank. Nothing without names. */
ky_err ky_names_gaps(ky_job *job, const ky_names *names, const ky_points *points, ky_gaps *gaps);
/* The same for chosen sites on streets, by where they are. Nothing without names, nor for sites that were given. */
ky_err ky_names_sites(ky_job *job, const ky_names *names, const ky_sites *sites, ky_candidates *candidates);

#endif
