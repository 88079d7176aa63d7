/* Terrain of gap areas: town, hills or mountain by the mean slope of their streets. */
#include <kayoi/gaps.h>

const char *ky_terrain_name(ky_terrain terrain) {
  static const char *const name[] = {"town", "hills", "mountain", NULL};
  return name[terrain];
}

#define HOME_UM 25000000.0 /* a home on no street of its own counts as one part of a street (placement.step_m) */

/* Steepness of the streets that the area's points stand for, weighted by their length; of homes beside streets
 * those that they are reached from. KY_NONE when unknown. */
static uint32_t street_slope(const ky_points *points, const ky_anchors *anchors, const ky_network *network,
                             const ky_gaps *gaps, uint32_t area) {
  double sum = 0, weight = 0;
  for (uint32_t i = gaps->first_point[area]; network->slope != NULL && i < gaps->first_point[area + 1]; i++) {
    const uint32_t point = gaps->point[i];
    const bool is_on_street = points->edge[point] != KY_NONE;
    const uint32_t edge = is_on_street ? points->edge[point] : anchors->edge[point];
    const double um = is_on_street ? (double)points->weight_um[point] : HOME_UM;
    if (edge == KY_NONE || network->slope[edge] == KY_NONE) continue;
    sum += (double)network->slope[edge] * um;
    weight += um;
  }
  return weight > 0 ? (uint32_t)(sum / weight + 0.5) : KY_NONE;
}

/* Steepness of the ground at the area's points: each counts once. */
static uint32_t ground_slope(const ky_points *points, const ky_slope_grid *grid, const ky_gaps *gaps, uint32_t area) {
  uint64_t sum = 0, count = 0;
  for (uint32_t i = gaps->first_point[area]; i < gaps->first_point[area + 1]; i++) {
    const uint32_t point = gaps->point[i], slope = ky_slope_grid_at(grid, points->x_m[point], points->y_m[point]);
    if (slope == KY_NONE) continue;
    sum += slope;
    count++;
  }
  return count > 0 ? (uint32_t)((sum + count / 2) / count) : KY_NONE;
}

ky_err ky_gaps_terrain(ky_job *job, const ky_points *points, const ky_anchors *anchors, const ky_network *network,
                       const ky_slope_grid *grid, const ky_gaps_opts *opts, ky_gaps *gaps) {
  if (network->slope == NULL && grid->count == 0) return KY_OK;
  KY_NEW(job, keep, gaps->terrain, gaps->count);
  KY_NEW(job, keep, gaps->mean_slope, gaps->count);
  for (uint32_t a = 0; a < gaps->count; a++) {
    uint32_t slope = street_slope(points, anchors, network, gaps, a);
    if (slope == KY_NONE) slope = ground_slope(points, grid, gaps, a);
    gaps->mean_slope[a] = slope;
    gaps->terrain[a] = (uint8_t)(slope == KY_NONE              ? KY_TERRAIN_UNKNOWN
                                 : slope < opts->hills_from    ? KY_TERRAIN_TOWN
                                 : slope < opts->mountain_from ? KY_TERRAIN_HILLS
                                                               : KY_TERRAIN_MOUNTAIN);
  }
  return KY_OK;
}
