/* Slopes (坂道): heights along streets become flat-equivalent costs. Part of room 2, after the network is built. */
#ifndef KAYOI_SLOPE_H
#define KAYOI_SLOPE_H

#include <kayoi/network.h>
#include <kayoi/place.h>
#include <kayoi/rtree.h>

/* Places along every street where the height is wanted: both ends and in between, evenly, at most step_m apart; on
 * bridges and tunnels the ends only, because the ground is not the road there. */
typedef struct ky_heights {
  uint32_t *first; /* [edges + 1] */
  uint32_t count;
  double *x_m, *y_m; /* [count] run's CRS */
  float *z_m;        /* [count] NAN: not known; set by ky_elevation_sample */
} ky_heights;

typedef struct ky_slope_opts {
  bool is_used;  /* a profile follows the slope (rule `tobler`); false: it is only measured, for the terrain */
  double step_m; /* 30 */
} ky_slope_opts;

ky_err ky_slope_places(ky_job *job, const ky_network *network, const ky_slope_opts *opts, ky_heights *out);

/* Sets slope (mean steepness per street), no_height_mm and sloped_mm of the network: relative speed on slope s after
 * Tobler (1993) f(s) = min(1, exp(-3.5 |s + 0.05|) / exp(-0.175)); a piece costs length x (1/f(s) + 1/f(-s)) / 2, the
 * mean of there and back. Pieces without heights count as flat; how much street that is becomes an issue. */
ky_err ky_slope_apply(ky_job *job, const ky_heights *heights, const ky_slope_opts *opts, ky_network *network);

/* How many people of the municipality live on streets with a part without heights, as an issue. */
void ky_slope_people(ky_job *job, const ky_network *network, const ky_points *points, const ky_zones *zones,
                     const ky_anchors *anchors);

/* Flat-equivalent length of one metre at slope s (rise over run), >= 1. */
double ky_slope_factor(double s);

/* Heights of all places from tiles of elevation (GeoTIFF, SRTM .hgt, XML of the Geospatial Information Authority),
 * the finest that knows a place; between pixels bilinear. Voids and places outside are NAN. KY_E_INPUT: not elevation,
 * no CRS. (engine/io/elevation.c) */
ky_err ky_elevation_sample(ky_job *job, const ky_raw *sources, uint32_t source_count, const char *crs,
                           ky_heights *heights);

/* Mean slopes of meshes (KSJ G04): only for the terrain of gap areas. */
typedef struct ky_slope_mesh {
  const ky_raw *raw;
  uint32_t record, slope; /* KY_WHOLE parts */
  double size;            /* of its box, m2 */
} ky_slope_mesh;

typedef struct ky_slope_grid {
  uint32_t count;
  ky_slope_mesh *mesh;
  ky_rtree tree;
} ky_slope_grid;

/* From the sources of elevation that are layers of meshes; the others have no records. Unknown slopes are counted. */
ky_err ky_slope_grid_build(ky_job *job, const ky_raw *sources, uint32_t source_count, ky_slope_grid *out);
/* Mean slope of the smallest mesh at a place, KY_WHOLE parts; KY_NONE: unknown. */
uint32_t ky_slope_grid_at(const ky_slope_grid *grid, double x, double y);

#endif
