/* The outline of a map of distances: marching squares (Lorensen & Cline 1987, in the plane), then pieces to rings, then
 * holes to the exteriors that they are in.
 *
 * A square with only two opposite corners inside keeps them apart, always: so an area that grows keeps what it had. */
#include <math.h>
#include <string.h>

#include "core/around_map.h"

#define LEVEL ((uint16_t)(AROUND_FAR - 30000)) /* KY_AROUND_M */
#define EMPTY UINT32_MAX

enum side { BOTTOM, RIGHT, TOP, LEFT };

/* From one side of a square to another, the inside on the left. */
typedef struct piece {
  uint64_t from, to;  /* sides, numbered through the whole map */
  int64_t x_mm, y_mm; /* where it begins */
  bool is_used;
} piece;

typedef struct outline {
  const ky_around *map;
  ky_arena *arena;
  piece *pieces;
  uint32_t count, capacity;
  uint32_t *slot; /* hash table: pieces by where they begin */
  uint32_t slot_mask;
} outline;

/* Sides are numbered by their south-west node: 2 n along the row, 2 n + 1 up the column. */
static uint64_t side_number(const ky_around *map, uint32_t column, uint32_t row, enum side side) {
  uint64_t width = (uint64_t)map->tile_columns * AROUND_TILE + 2;
  uint64_t c = column + (side == RIGHT ? 1u : 0u), r = row + (side == TOP ? 1u : 0u);
  return 2 * (r * width + c) + (side == LEFT || side == RIGHT ? 1 : 0);
}

/* How far along a side the level is, from the node with value a to the one with b; never at a node itself. */
static int64_t crossing_mm(uint16_t a, uint16_t b) {
  int64_t at = ((int64_t)a - LEVEL) * AROUND_STEP_MM / ((int64_t)a - b);
  return at < 1 ? 1 : at > AROUND_STEP_MM - 1 ? AROUND_STEP_MM - 1 : at;
}

static bool add_piece(outline *o, uint32_t column, uint32_t row, const uint16_t *corner, enum side from, enum side to) {
  if (o->count == o->capacity) {
    uint32_t capacity = o->capacity == 0 ? 1024 : 2 * o->capacity;
    piece *more = ky_arena_alloc(o->arena, capacity, sizeof *more);
    if (more == NULL) return false;
    if (o->count != 0) memcpy(more, o->pieces, o->count * sizeof *more);
    o->pieces = more;
    o->capacity = capacity;
  }
  int64_t x = (o->map->column + column) * AROUND_STEP_MM, y = (o->map->row + row) * AROUND_STEP_MM;
  if (from == BOTTOM) x += crossing_mm(corner[0], corner[1]);
  if (from == RIGHT) y += crossing_mm(corner[1], corner[2]);
  if (from == TOP) x += crossing_mm(corner[3], corner[2]);
  if (from == LEFT) y += crossing_mm(corner[0], corner[3]);
  if (from == RIGHT) x += AROUND_STEP_MM;
  if (from == TOP) y += AROUND_STEP_MM;
  o->pieces[o->count++] =
      (piece){side_number(o->map, column, row, from), side_number(o->map, column, row, to), x, y, false};
  return true;
}

/* Corners: south-west 1, south-east 2, north-east 4, north-west 8. */
static bool add_square(outline *o, uint32_t column, uint32_t row) {
  static const struct {
    uint8_t count, from[2], to[2];
  } pieces_of[16] = {
      [1] = {1, {BOTTOM}, {LEFT}},
      [2] = {1, {RIGHT}, {BOTTOM}},
      [4] = {1, {TOP}, {RIGHT}},
      [8] = {1, {LEFT}, {TOP}},
      [3] = {1, {RIGHT}, {LEFT}},
      [6] = {1, {TOP}, {BOTTOM}},
      [12] = {1, {LEFT}, {RIGHT}},
      [9] = {1, {BOTTOM}, {TOP}},
      [7] = {1, {TOP}, {LEFT}},
      [14] = {1, {LEFT}, {BOTTOM}},
      [13] = {1, {BOTTOM}, {RIGHT}},
      [11] = {1, {RIGHT}, {TOP}},
      [5] = {2, {BOTTOM, TOP}, {LEFT, RIGHT}},
      [10] = {2, {RIGHT, LEFT}, {BOTTOM, TOP}},
  };
  const uint16_t corner[4] = {ky_around_value(o->map, column, row), ky_around_value(o->map, column + 1, row),
                              ky_around_value(o->map, column + 1, row + 1), ky_around_value(o->map, column, row + 1)};
  unsigned inside = 0;
  for (unsigned i = 0; i < 4; i++) inside |= corner[i] >= LEVEL ? 1u << i : 0u;
  for (unsigned i = 0; i < pieces_of[inside].count; i++)
    if (!add_piece(o, column, row, corner, pieces_of[inside].from[i], pieces_of[inside].to[i])) return false;
  return true;
}

/* Squares of all tiles that exist; a square belongs to the tile of its south-west corner. Lines keep away from the rim
 * of the map, so a tile that does not exist has no square with a corner inside but through one that does. */
static bool add_squares(outline *o) {
  const ky_around *map = o->map;
  for (uint32_t row = 0; row < map->tile_rows * AROUND_TILE; row++) {
    for (uint32_t t = 0; t < map->tile_columns; t++) {
      const size_t at = (size_t)(row / AROUND_TILE) * map->tile_columns + t;
      bool has_tile = map->tile[at] != NULL;
      bool has_north = row % AROUND_TILE == AROUND_TILE - 1 &&
                       at + map->tile_columns < (size_t)map->tile_columns * map->tile_rows &&
                       (map->tile[at + map->tile_columns] != NULL ||
                        (t + 1 < map->tile_columns && map->tile[at + map->tile_columns + 1] != NULL));
      bool has_east = t + 1 < map->tile_columns && map->tile[at + 1] != NULL;
      uint32_t from = has_tile || has_north ? 0 : has_east ? AROUND_TILE - 1 : AROUND_TILE;
      for (uint32_t c = from; c < AROUND_TILE; c++)
        if (!add_square(o, t * AROUND_TILE + c, row)) return false;
    }
  }
  return true;
}

static uint32_t slot_of(const outline *o, uint64_t side) {
  return (uint32_t)((side * 0x9E3779B97F4A7C15u) >> 32) & o->slot_mask;
}

static bool index_pieces(outline *o) {
  uint32_t slots = 16;
  while (slots < 2 * o->count) slots *= 2;
  o->slot_mask = slots - 1;
  o->slot = ky_arena_alloc(o->arena, slots, sizeof *o->slot);
  if (o->slot == NULL) return false;
  memset(o->slot, 0xff, slots * sizeof *o->slot);
  for (uint32_t i = 0; i < o->count; i++) {
    uint32_t s = slot_of(o, o->pieces[i].from);
    while (o->slot[s] != EMPTY) s = (s + 1) & o->slot_mask;
    o->slot[s] = i;
  }
  return true;
}

static uint32_t next_piece(const outline *o, uint32_t i) {
  uint32_t s = slot_of(o, o->pieces[i].to);
  while (o->pieces[o->slot[s]].from != o->pieces[i].to) s = (s + 1) & o->slot_mask;
  return o->slot[s];
}

/* Rings as they come, closed; `rings` has room for every piece and every ring's end. */
static void trace(outline *o, ky_rings *rings) {
  for (uint32_t i = 0; i < o->count; i++) {
    if (o->pieces[i].is_used) continue;
    uint32_t first = rings->vertex_count;
    for (uint32_t at = i; !o->pieces[at].is_used; at = next_piece(o, at)) {
      o->pieces[at].is_used = true;
      rings->x[rings->vertex_count] = (double)o->pieces[at].x_mm / 1000.0;
      rings->y[rings->vertex_count++] = (double)o->pieces[at].y_mm / 1000.0;
    }
    rings->x[rings->vertex_count] = rings->x[first];
    rings->y[rings->vertex_count++] = rings->y[first];
    rings->first_vertex[++rings->part_count] = rings->vertex_count;
  }
}

static bool new_rings(ky_arena *arena, uint32_t parts, uint32_t vertices, ky_rings *out) {
  *out = (ky_rings){0};
  out->first_vertex = ky_arena_alloc(arena, (size_t)parts + 1, sizeof *out->first_vertex);
  out->is_hole = ky_arena_alloc(arena, parts, sizeof *out->is_hole);
  out->x = ky_arena_alloc(arena, vertices, sizeof *out->x);
  out->y = ky_arena_alloc(arena, vertices, sizeof *out->y);
  return out->first_vertex != NULL && out->is_hole != NULL && out->x != NULL && out->y != NULL;
}

static double area2_of(const ky_rings *rings, uint32_t part) {
  uint32_t from = rings->first_vertex[part], to = rings->first_vertex[part + 1];
  double twice = 0, x0 = rings->x[from], y0 = rings->y[from];
  for (uint32_t v = from; v + 1 < to; v++)
    twice += (rings->x[v] - x0) * (rings->y[v + 1] - y0) - (rings->x[v + 1] - x0) * (rings->y[v] - y0);
  return twice;
}

static bool is_inside(const ky_rings *rings, uint32_t part, double x, double y) {
  bool inside = false;
  for (uint32_t v = rings->first_vertex[part]; v + 1 < rings->first_vertex[part + 1]; v++) {
    double ax = rings->x[v], ay = rings->y[v], bx = rings->x[v + 1], by = rings->y[v + 1];
    if ((ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)) inside = !inside;
  }
  return inside;
}

/* The smallest exterior around a hole. Every hole is in one, so where only one box fits nothing else is asked. */
static uint32_t exterior_of(const ky_rings *rings, const double (*box)[4], const double *area2, uint32_t hole) {
  const double x = rings->x[rings->first_vertex[hole]], y = rings->y[rings->first_vertex[hole]];
  uint32_t fitting = 0, last = EMPTY, best = EMPTY;
  for (uint32_t e = 0; e < rings->part_count; e++) {
    if (area2[e] <= 0 || x < box[e][0] || y < box[e][1] || x > box[e][2] || y > box[e][3]) continue;
    fitting++;
    last = e;
  }
  for (uint32_t e = 0; fitting > 1 && e <= last; e++) {
    if (area2[e] <= 0 || x < box[e][0] || y < box[e][1] || x > box[e][2] || y > box[e][3]) continue;
    if ((best == EMPTY || area2[e] < area2[best]) && is_inside(rings, e, x, y)) best = e;
  }
  return best != EMPTY ? best : last;
}

/* The exterior of each hole; EMPTY for exteriors. */
static bool find_exteriors(const ky_rings *rings, ky_arena *arena, uint32_t **exterior) {
  double *area2 = ky_arena_alloc(arena, rings->part_count, sizeof *area2);
  double(*box)[4] = ky_arena_alloc(arena, rings->part_count, sizeof *box);
  *exterior = ky_arena_alloc(arena, rings->part_count, sizeof **exterior);
  if (area2 == NULL || box == NULL || *exterior == NULL) return false;
  for (uint32_t p = 0; p < rings->part_count; p++) {
    area2[p] = area2_of(rings, p);
    memcpy(box[p], (double[4]){INFINITY, INFINITY, -INFINITY, -INFINITY}, sizeof *box);
    for (uint32_t v = rings->first_vertex[p]; v < rings->first_vertex[p + 1]; v++) {
      box[p][0] = fmin(box[p][0], rings->x[v]);
      box[p][1] = fmin(box[p][1], rings->y[v]);
      box[p][2] = fmax(box[p][2], rings->x[v]);
      box[p][3] = fmax(box[p][3], rings->y[v]);
    }
  }
  for (uint32_t p = 0; p < rings->part_count; p++)
    (*exterior)[p] = area2[p] > 0 ? EMPTY : exterior_of(rings, (const double(*)[4])box, area2, p);
  return true;
}

static void put(const ky_rings *from, uint32_t part, bool is_hole, ky_rings *to) {
  uint32_t first = from->first_vertex[part], count = from->first_vertex[part + 1] - first;
  memcpy(to->x + to->vertex_count, from->x + first, count * sizeof *to->x);
  memcpy(to->y + to->vertex_count, from->y + first, count * sizeof *to->y);
  to->is_hole[to->part_count++] = is_hole;
  to->vertex_count += count;
  to->first_vertex[to->part_count] = to->vertex_count;
}

/* Holes in lists behind their exteriors, in their own order. */
static bool order_rings(const ky_rings *rings, const uint32_t *exterior, ky_arena *scratch, ky_rings *out) {
  uint32_t *first = ky_arena_alloc(scratch, rings->part_count, sizeof *first);
  uint32_t *next = ky_arena_alloc(scratch, rings->part_count, sizeof *next);
  if (first == NULL || next == NULL) return false;
  for (uint32_t p = 0; p < rings->part_count; p++) first[p] = EMPTY;
  for (uint32_t p = rings->part_count; p-- > 0;) {
    if (exterior[p] == EMPTY) continue;
    next[p] = first[exterior[p]];
    first[exterior[p]] = p;
  }
  for (uint32_t p = 0; p < rings->part_count; p++) {
    if (exterior[p] != EMPTY) continue;
    put(rings, p, false, out);
    for (uint32_t hole = first[p]; hole != EMPTY; hole = next[hole]) put(rings, hole, true, out);
  }
  return true;
}

bool ky_around_rings(const ky_around *map, ky_arena *scratch, ky_arena *arena, ky_rings *out) {
  outline o = {.map = map, .arena = scratch};
  ky_rings traced;
  uint32_t *exterior;
  /* a ring has at least four pieces */
  if (!add_squares(&o) || !index_pieces(&o)) return false;
  if (!new_rings(scratch, o.count / 4 + 1, o.count + o.count / 4 + 1, &traced)) return false;
  trace(&o, &traced);
  return new_rings(arena, traced.part_count, traced.vertex_count, out) && find_exteriors(&traced, scratch, &exterior) &&
         order_rings(&traced, exterior, scratch, out);
}
