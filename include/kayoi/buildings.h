/* Buildings where people may live: one place and one floor area each (method.md 2). */
#ifndef KAYOI_BUILDINGS_H
#define KAYOI_BUILDINGS_H

#include <kayoi/place.h>

/* Homes and unspecified buildings, by place (x, then y), never by the order of the input. The others are only counted.
 */
typedef struct ky_buildings {
  uint32_t count;
  double *x_m, *y_m; /* [count] inside the footprint, whole millimetres */
  uint64_t *floor;   /* [count] footprint x storeys, millionths of a square metre, > 0 */
  uint8_t *use;      /* [count] KY_BUILDING_HOME or KY_BUILDING_UNSPECIFIED */
  uint32_t read_count, other_count, no_area_count, duplicate_count, overlap_count;
  uint32_t no_storeys_count; /* of `count`: counted with one storey */
} ky_buildings;

/* Buildings of all sources. The same building given twice (same place and footprint) counts once; those that stand in
 * the footprint of another are counted and stay. */
ky_err ky_buildings_build(ky_job *job, const ky_inputs *inputs, const ky_place_opts *opts, ky_buildings *out);

/* Says how many cells were placed by them, and how the others were. */
void ky_buildings_tell(ky_job *job, const ky_cells *cells, const ky_points *points);

/* Cells of each ky_placement. */
#define KY_PLACEMENT_COUNT (KY_PLACED_GIVEN + 1)
void ky_placement_counts(const ky_cells *cells, const ky_points *points, uint32_t count[KY_PLACEMENT_COUNT]);
const char *ky_placement_name(ky_placement placement);

#endif
