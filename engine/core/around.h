/* The area around lines: what is within 30 m of any of them, drawn by a grid of 20 m.
 *
 * The distance to the lines is known at the nodes of the grid (multiples of 20 m in the run's CRS, so all areas have
 * the same ones); the outline crosses each side of a square where the distance, taken as even along the side, is 30 m.
 * What follows from that, for every area:
 *   - it is valid: no two crossings meet, and outlines of different squares have nothing but crossings in common;
 *   - every place on a line is inside, because all corners of its square are within 28.3 m of it;
 *   - an area with more lines contains the one with fewer, because no distance at a node is larger. */
#ifndef KAYOI_AROUND_H
#define KAYOI_AROUND_H

#include "core/rings.h"

#define KY_AROUND_M 30.0

/* Distances at nodes, in square tiles that exist only near lines. A node's value is 65535 minus the distance in mm, at
 * most 51 m away; 0: nothing near. */
typedef struct ky_around {
  ky_arena *arena;
  int64_t column, row; /* node at the south-west corner */
  uint32_t tile_columns, tile_rows;
  uint16_t **tile;
} ky_around;

/* An empty map for lines inside the box. False: memory is out, or the box is no place on earth. */
bool ky_around_open(ky_around *map, ky_arena *arena, ky_box box);
/* Adds a line of count >= 1 places inside the box. False: memory is out. */
bool ky_around_line(ky_around *map, const double *x, const double *y, uint32_t count);
/* Adds all lines of another map, whose box is inside this one's. */
bool ky_around_add(ky_around *map, const ky_around *other);
/* The outline: exteriors counter-clockwise, each followed by its holes. `scratch` may be emptied afterwards. */
bool ky_around_rings(const ky_around *map, ky_arena *scratch, ky_arena *arena, ky_rings *out);

#endif
