/* What the two files of the map share: its grid. */
#ifndef KAYOI_AROUND_MAP_H
#define KAYOI_AROUND_MAP_H

#include "core/around.h"

#define AROUND_STEP_MM 20000
#define AROUND_TILE    64u /* nodes along a side of a tile */
#define AROUND_FAR     65535u

/* Value of a node of the map (column and row from its south-west corner). */
static inline uint16_t ky_around_value(const ky_around *map, uint32_t column, uint32_t row) {
  if (column / AROUND_TILE >= map->tile_columns || row / AROUND_TILE >= map->tile_rows) return 0;
  const uint16_t *tile = map->tile[(size_t)(row / AROUND_TILE) * map->tile_columns + column / AROUND_TILE];
  return tile == NULL ? 0 : tile[(row % AROUND_TILE) * AROUND_TILE + column % AROUND_TILE];
}

#endif
