/* Which buildings people of a cell are placed on. */
#ifndef KAYOI_PLACE_BUILDINGS_H
#define KAYOI_PLACE_BUILDINGS_H

#include <kayoi/buildings.h>

typedef struct ky_cell_buildings {
  const ky_buildings *buildings;
  const uint32_t *first; /* [cells + 1] into item; NULL: no buildings are given */
  const uint32_t *item;  /* buildings of a cell in their order, only those that count there */
} ky_cell_buildings;

/* Buildings by cell (scratch arena). One on the border of two cells belongs to the cell of its place; a place on the
 * border itself, or in cells that overlap, to the lower cell. Cells that are points have none. */
ky_err ky_cell_buildings_find(ky_job *job, const ky_cells *cells, const ky_place_opts *opts, ky_cell_buildings *out);

static inline uint32_t ky_cell_building_count(const ky_cell_buildings *b, uint32_t cell) {
  return b->first == NULL ? 0 : b->first[cell + 1] - b->first[cell];
}

/* Points of a cell, one for each of its buildings, from point `at` on. */
void ky_cell_buildings_fill(const ky_cell_buildings *b, uint32_t cell, uint32_t at, ky_points *out);

#endif
