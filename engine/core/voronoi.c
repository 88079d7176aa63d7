/* Voronoi cells one by one: a square around the place is cut by the bisectors to its neighbours, nearest first, until
 * no farther place can matter, and then cut to the disc. A place q of the disc around p belongs to the cell of p if no
 * other place is nearer to q; such a place would lie within twice the disc's radius, so farther ones are never looked
 * at.
 *
 * Two neighbours see the bisector between them, and where it leaves both discs, at the same places (both discs have
 * the same radius), so cells meet side to side without gaps; only rounding errors of about 1e-9 m differ. */
#include "core/voronoi.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/thread.h"

#define PI        3.14159265358979323846
#define ARC_STEPS 32            /* chords in a full circle */
#define CHUNK     512           /* places that one thread takes at a time */
#define FRAME     (KY_NONE - 1) /* side of the first square, never seen: it lies outside the disc */

typedef struct neighbour {
  double d2, dx, dy; /* from the place */
  uint32_t place;
} neighbour;

/* A convex polygon around the origin; side i runs from vertex i to i + 1 and faces the place side[i]. */
typedef struct cell {
  uint32_t count, capacity;
  double *x, *y, *new_x, *new_y;
  uint32_t *side, *new_side;
} cell;

/* What one thread works with. Memory comes from its own arena; `is_out` = no memory. */
typedef struct worker {
  ky_arena *arena;
  const double *x, *y;
  const uint32_t *label;
  const ky_rtree *tree;
  double clip_m;
  uint32_t place;
  double from2, to2; /* neighbours wanted: from2 < d2 <= to2 */
  neighbour *neighbours;
  uint32_t neighbour_count, neighbour_capacity;
  cell cell;
  ky_wall *walls;
  uint32_t wall_count, wall_capacity;
  bool is_out;
} worker;

/* Room for one more item in an array that grows inside an arena (old copies stay there until it is freed). */
static bool grow(ky_arena *arena, void **array, uint32_t count, uint32_t *capacity, size_t size) {
  if (count < *capacity) return true;
  uint32_t more = *capacity == 0 ? 256 : *capacity * 2;
  void *copy = ky_arena_alloc(arena, more, size);
  if (copy == NULL) return false;
  if (count != 0) memcpy(copy, *array, count * size);
  *array = copy;
  *capacity = more;
  return true;
}

static bool add_neighbour(void *user, uint32_t item) {
  worker *w = user;
  double dx = w->x[item] - w->x[w->place], dy = w->y[item] - w->y[w->place], d2 = dx * dx + dy * dy;
  if (item == w->place || d2 <= w->from2 || d2 > w->to2) return true;
  void *array = w->neighbours;
  w->is_out = w->is_out || !grow(w->arena, &array, w->neighbour_count, &w->neighbour_capacity, sizeof *w->neighbours);
  if (w->is_out) return false;
  w->neighbours = array;
  w->neighbours[w->neighbour_count++] = (neighbour){d2, dx, dy, item};
  return true;
}

static int compare_neighbours(const void *p, const void *q) {
  const neighbour *a = p, *b = q;
  if (a->d2 != b->d2) return a->d2 < b->d2 ? -1 : 1;
  return a->place < b->place ? -1 : a->place > b->place;
}

static bool reserve_cell(worker *w, uint32_t count) {
  cell *c = &w->cell;
  if (count <= c->capacity) return true;
  uint32_t capacity = c->capacity == 0 ? 64 : c->capacity * 2;
  cell more = {.count = c->count, .capacity = capacity};
  more.x = ky_arena_alloc(w->arena, capacity, sizeof *more.x);
  more.y = ky_arena_alloc(w->arena, capacity, sizeof *more.y);
  more.new_x = ky_arena_alloc(w->arena, capacity, sizeof *more.x);
  more.new_y = ky_arena_alloc(w->arena, capacity, sizeof *more.y);
  more.side = ky_arena_alloc(w->arena, capacity, sizeof *more.side);
  more.new_side = ky_arena_alloc(w->arena, capacity, sizeof *more.side);
  if (more.x == NULL || more.y == NULL || more.new_x == NULL || more.new_y == NULL || more.side == NULL ||
      more.new_side == NULL)
    return false;
  if (c->count != 0) {
    memcpy(more.x, c->x, c->count * sizeof *c->x);
    memcpy(more.y, c->y, c->count * sizeof *c->y);
    memcpy(more.side, c->side, c->count * sizeof *c->side);
  }
  *c = more;
  return true;
}

static void put(cell *c, uint32_t *n, double x, double y, uint32_t side) {
  c->new_x[*n] = x;
  c->new_y[*n] = y;
  c->new_side[(*n)++] = side;
}

/* Keeps the part nearer to the origin than to the neighbour: dx x + dy y <= d2 / 2. */
static void cut(worker *w, const neighbour *by) {
  cell *c = &w->cell;
  w->is_out = w->is_out || !reserve_cell(w, c->count + 2);
  if (w->is_out) return;
  uint32_t n = 0;
  double half = by->d2 / 2, at = by->dx * c->x[0] + by->dy * c->y[0] - half;
  for (uint32_t i = 0; i < c->count; i++) {
    uint32_t j = i + 1 == c->count ? 0 : i + 1;
    double next = by->dx * c->x[j] + by->dy * c->y[j] - half;
    if (at <= 0) put(c, &n, c->x[i], c->y[i], c->side[i]);
    if ((at <= 0) != (next <= 0)) {
      double t = at / (at - next);
      put(c, &n, c->x[i] + t * (c->x[j] - c->x[i]), c->y[i] + t * (c->y[j] - c->y[i]),
          at <= 0 ? by->place : c->side[i]);
    }
    at = next;
  }
  double *swap_x = c->x, *swap_y = c->y;
  uint32_t *swap_side = c->side;
  c->x = c->new_x;
  c->y = c->new_y;
  c->side = c->new_side;
  c->new_x = swap_x;
  c->new_y = swap_y;
  c->new_side = swap_side;
  c->count = n;
}

/* Squared distance of the farthest vertex, but not more than the disc reaches. */
static double reach2(const worker *w) {
  double most = 0, limit = w->clip_m * w->clip_m;
  for (uint32_t i = 0; i < w->cell.count; i++)
    most = fmax(most, w->cell.x[i] * w->cell.x[i] + w->cell.y[i] * w->cell.y[i]);
  return fmin(most, limit);
}

static void build_cell(worker *w) {
  static const double corner_x[4] = {-1, 1, 1, -1}, corner_y[4] = {-1, -1, 1, 1};
  cell *c = &w->cell;
  const double side = 1.01 * w->clip_m, px = w->x[w->place], py = w->y[w->place];
  w->is_out = w->is_out || !reserve_cell(w, 4);
  if (w->is_out) return;
  for (c->count = 0; c->count < 4; c->count++) {
    c->x[c->count] = side * corner_x[c->count];
    c->y[c->count] = side * corner_y[c->count];
    c->side[c->count] = FRAME;
  }
  w->from2 = 0;
  for (double radius = w->clip_m / 4; !w->is_out; radius *= 2) {
    w->to2 = radius * radius;
    w->neighbour_count = 0;
    ky_rtree_query(w->tree, (ky_box){px - radius, py - radius, px + radius, py + radius}, add_neighbour, w);
    if (w->is_out) return;
    if (w->neighbour_count > 1) qsort(w->neighbours, w->neighbour_count, sizeof *w->neighbours, compare_neighbours);
    double far2 = 4 * reach2(w);
    for (uint32_t i = 0; i < w->neighbour_count && w->neighbours[i].d2 <= far2 && !w->is_out; i++) {
      cut(w, &w->neighbours[i]);
      far2 = 4 * reach2(w);
    }
    if (w->to2 >= far2) return;
    w->from2 = w->to2;
  }
}

/* One side of the final cell: a wall if it faces another label or nobody. */
static void add_side(worker *w, double x0, double y0, double x1, double y1, uint32_t facing) {
  if (facing != KY_NONE && w->label[facing] == w->label[w->place]) return;
  void *array = w->walls;
  w->is_out = w->is_out || !grow(w->arena, &array, w->wall_count, &w->wall_capacity, sizeof *w->walls);
  if (w->is_out) return;
  w->walls = array;
  const double px = w->x[w->place], py = w->y[w->place];
  w->walls[w->wall_count++] = (ky_wall){px + x0, py + y0, px + x1, py + y1};
}

/* Counter-clockwise along the disc from one place on it to another. Two places that differ by rounding only are joined
 * directly: coordinates are whole millimetres, so no real arc comes that near to a full circle. */
static void add_arc(worker *w, double x0, double y0, double x1, double y1, bool is_full) {
  double a = atan2(y0, x0), b = atan2(y1, x1), step = 2 * PI / ARC_STEPS;
  if (b <= a) b += 2 * PI;
  if (!is_full && b - a > 2 * PI - 1e-6) b = a;
  double x = x0, y = y0;
  for (double k = floor(a / step) + 1; k * step < b - 1e-6; k++) {
    if (k * step < a + 1e-6) continue;
    double next_x = w->clip_m * cos(k * step), next_y = w->clip_m * sin(k * step);
    add_side(w, x, y, next_x, next_y, KY_NONE);
    x = next_x;
    y = next_y;
  }
  add_side(w, x, y, x1, y1, KY_NONE);
}

/* Where the segment lies inside the disc: parts t[0] .. t[1] of it; false: nowhere. */
static bool inside_disc(double x0, double y0, double x1, double y1, double radius, double t[2]) {
  double dx = x1 - x0, dy = y1 - y0, a = dx * dx + dy * dy, b = x0 * dx + y0 * dy;
  double c = x0 * x0 + y0 * y0 - radius * radius, root2 = b * b - a * c;
  if (a <= 0 || root2 <= 0) return false;
  double root = sqrt(root2);
  t[0] = fmax((-b - root) / a, 0);
  t[1] = fmin((-b + root) / a, 1);
  return t[0] < t[1];
}

/* Sides inside the disc, and arcs from where one leaves it to where the next one enters it. */
static void cut_to_disc(worker *w) {
  const cell *c = &w->cell;
  double first_x = w->clip_m, first_y = 0, last_x = w->clip_m, last_y = 0;
  bool is_first = true, is_on_disc = true;
  for (uint32_t i = 0; i < c->count; i++) {
    uint32_t j = i + 1 == c->count ? 0 : i + 1;
    double t[2], dx = c->x[j] - c->x[i], dy = c->y[j] - c->y[i];
    if (!inside_disc(c->x[i], c->y[i], c->x[j], c->y[j], w->clip_m, t)) continue;
    double x0 = t[0] == 0 ? c->x[i] : c->x[i] + t[0] * dx, y0 = t[0] == 0 ? c->y[i] : c->y[i] + t[0] * dy;
    double x1 = t[1] == 1 ? c->x[j] : c->x[i] + t[1] * dx, y1 = t[1] == 1 ? c->y[j] : c->y[i] + t[1] * dy;
    if (is_first) {
      first_x = x0;
      first_y = y0;
    } else if (is_on_disc) {
      add_arc(w, last_x, last_y, x0, y0, false);
    }
    add_side(w, x0, y0, x1, y1, c->side[i]);
    is_first = false;
    is_on_disc = t[1] < 1;
    last_x = x1;
    last_y = y1;
  }
  if (is_first || is_on_disc) add_arc(w, last_x, last_y, first_x, first_y, is_first);
}

/* The walls of one chunk of places; the arrays are the chunk's from now on. */
typedef struct chunk {
  ky_wall *walls;
  uint32_t wall_count;
} chunk;

static chunk do_chunk(worker *w, uint32_t from, uint32_t to) {
  w->walls = NULL;
  w->wall_count = w->wall_capacity = 0;
  for (uint32_t i = from; i < to && !w->is_out; i++) {
    if (w->label[i] == KY_NONE) continue;
    w->place = i;
    build_cell(w);
    if (!w->is_out) cut_to_disc(w);
  }
  return (chunk){w->walls, w->wall_count};
}

static ky_err gather(ky_job *job, const chunk *chunks, uint32_t chunk_count, ky_walls *out) {
  uint64_t count = 0;
  for (uint32_t k = 0; k < chunk_count; k++) count += chunks[k].wall_count;
  if (count >= KY_NONE) return ky_fail_memory(job);
  KY_NEW(job, scratch, out->wall, count);
  for (uint32_t k = 0; k < chunk_count; k++) {
    if (chunks[k].wall_count != 0)
      memcpy(out->wall + out->count, chunks[k].walls, chunks[k].wall_count * sizeof *out->wall);
    out->count += chunks[k].wall_count;
  }
  return KY_OK;
}

ky_err ky_voronoi_walls(ky_job *job, const double *x, const double *y, const uint32_t *label, uint32_t count,
                        const ky_rtree *tree, double clip_m, ky_walls *out) {
  const uint32_t chunk_count = (count + CHUNK - 1) / CHUNK;
  memset(out, 0, sizeof *out);
  chunk *chunks;
  ky_arena *arenas;
  KY_NEW(job, scratch, chunks, chunk_count);
  KY_NEW(job, scratch, arenas, job->threads);
  bool is_out = false;
#pragma omp parallel num_threads(job->threads) reduction(|| : is_out)
  {
    worker w = {.arena = &arenas[ky_thread()], .x = x, .y = y, .label = label, .tree = tree, .clip_m = clip_m};
#pragma omp for schedule(dynamic, 1)
    for (uint32_t k = 0; k < chunk_count; k++) {
      uint32_t to = (k + 1) * CHUNK < count ? (k + 1) * CHUNK : count;
      if (!w.is_out) chunks[k] = do_chunk(&w, k * CHUNK, to);
    }
    is_out = is_out || w.is_out;
  }
  ky_err err = is_out ? ky_fail_memory(job) : gather(job, chunks, chunk_count, out);
  for (int t = 0; t < job->threads; t++) ky_arena_free(&arenas[t]);
  return err;
}
