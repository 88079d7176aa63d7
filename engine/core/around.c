/* The map of distances: see around.h. The outline is made in around_rings.c. */
#include "core/around.h"

#include <math.h>

#include "core/around_map.h"

#define FAR_M 51.0 /* a node inside is at most 30 m away, its neighbour at most 20 m more */

bool ky_around_open(ky_around *map, ky_arena *arena, ky_box box) {
  const double step = AROUND_STEP_MM / 1000.0;
  *map = (ky_around){.arena = arena};
  double west = floor((box.x_min - FAR_M) / step) - 1, south = floor((box.y_min - FAR_M) / step) - 1;
  double columns = ceil((box.x_max + FAR_M) / step) + 2 - west, rows = ceil((box.y_max + FAR_M) / step) + 2 - south;
  if (!(columns > 0 && rows > 0 && columns < 5e6 && rows < 5e6 && fabs(west) < 1e9 && fabs(south) < 1e9)) return false;
  map->column = (int64_t)west;
  map->row = (int64_t)south;
  map->tile_columns = (uint32_t)columns / AROUND_TILE + 1;
  map->tile_rows = (uint32_t)rows / AROUND_TILE + 1;
  map->tile = ky_arena_alloc(arena, (size_t)map->tile_columns * map->tile_rows, sizeof(uint16_t *));
  return map->tile != NULL;
}

/* Where the value of a node is; its tile is made when it is not there yet. NULL: memory is out. */
static uint16_t *node(ky_around *map, uint32_t column, uint32_t row) {
  uint16_t **tile = &map->tile[(size_t)(row / AROUND_TILE) * map->tile_columns + column / AROUND_TILE];
  if (*tile == NULL) *tile = ky_arena_alloc(map->arena, (size_t)AROUND_TILE * AROUND_TILE, sizeof **tile);
  return *tile == NULL ? NULL : *tile + (row % AROUND_TILE) * AROUND_TILE + column % AROUND_TILE;
}

static double distance2(double x, double y, const double *ax, const double *ay, uint32_t to) {
  double dx = ax[to] - ax[0], dy = ay[to] - ay[0], px = x - ax[0], py = y - ay[0], length2 = dx * dx + dy * dy;
  double t = length2 > 0 ? (px * dx + py * dy) / length2 : 0;
  t = t < 0 ? 0 : t > 1 ? 1 : t;
  px -= t * dx;
  py -= t * dy;
  return px * px + py * py;
}

/* One segment, from place 0 to place `to` (0: a single place). */
static bool add_segment(ky_around *map, const double *x, const double *y, uint32_t to) {
  const double step = AROUND_STEP_MM / 1000.0;
  double west = floor((fmin(x[0], x[to]) - FAR_M) / step), east = ceil((fmax(x[0], x[to]) + FAR_M) / step);
  double south = floor((fmin(y[0], y[to]) - FAR_M) / step), north = ceil((fmax(y[0], y[to]) + FAR_M) / step);
  for (int64_t r = (int64_t)south; r <= (int64_t)north; r++) {
    for (int64_t c = (int64_t)west; c <= (int64_t)east; c++) {
      double d2 = distance2((double)c * step, (double)r * step, x, y, to);
      if (d2 > FAR_M * FAR_M) continue;
      uint16_t *value = node(map, (uint32_t)(c - map->column), (uint32_t)(r - map->row));
      if (value == NULL) return false;
      uint16_t near = (uint16_t)(AROUND_FAR - (uint32_t)(sqrt(d2) * 1000));
      if (near > *value) *value = near;
    }
  }
  return true;
}

bool ky_around_line(ky_around *map, const double *x, const double *y, uint32_t count) {
  if (count == 1) return add_segment(map, x, y, 0);
  for (uint32_t i = 0; i + 1 < count; i++)
    if (!add_segment(map, x + i, y + i, 1)) return false;
  return true;
}

bool ky_around_add(ky_around *map, const ky_around *other) {
  const uint32_t columns = other->tile_columns * AROUND_TILE, rows = other->tile_rows * AROUND_TILE;
  for (uint32_t r = 0; r < rows; r++) {
    for (uint32_t c = 0; c < columns; c++) {
      if (other->tile[(size_t)(r / AROUND_TILE) * other->tile_columns + c / AROUND_TILE] == NULL) {
        c += AROUND_TILE - 1;
        continue;
      }
      uint16_t near = ky_around_value(other, c, r);
      if (near == 0) continue;
      uint16_t *value = node(map, (uint32_t)(other->column + c - map->column), (uint32_t)(other->row + r - map->row));
      if (value == NULL) return false;
      if (near > *value) *value = near;
    }
  }
  return true;
}
