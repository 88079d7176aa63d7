/* Convex hull by the monotone chain (Andrew 1979) on millimetres, so every turn is decided exactly. */
#include "core/hull.h"

#include <math.h>

#include "core/sort.h"

__extension__ typedef __int128 wide;

static wide turn(const int64_t *a, const int64_t *b, const int64_t *c) {
  return (wide)(b[0] - a[0]) * (c[1] - a[1]) - (wide)(b[1] - a[1]) * (c[0] - a[0]);
}

/* Appends p to the chain hull[from ..), dropping what then lies inside. */
static uint32_t push(int64_t (*hull)[2], uint32_t from, uint32_t count, const int64_t *p) {
  while (count >= from + 2 && turn(hull[count - 2], hull[count - 1], p) <= 0) count--;
  hull[count][0] = p[0];
  hull[count][1] = p[1];
  return count + 1;
}

#define SIDES 8

/* The points farthest out in eight directions, counterclockwise from the east. */
static void find_corners(int64_t (*p)[2], uint32_t n, const int64_t **corner) {
  static const int direction[SIDES][2] = {{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}};
  for (uint32_t k = 0; k < SIDES; k++) {
    int64_t farthest = INT64_MIN;
    for (uint32_t i = 0; i < n; i++) {
      int64_t out = direction[k][0] * p[i][0] + direction[k][1] * p[i][1];
      if (out <= farthest) continue;
      farthest = out;
      corner[k] = p[i];
    }
  }
}

/* Points inside the polygon of the corners are in no hull: of a town's vertices only some thousand are left to sort.
 *   Akl & Toussaint (1978), A fast convex hull algorithm. */
static uint32_t drop_inner(int64_t (*p)[2], uint32_t n) {
  const int64_t *corner[SIDES];
  int64_t at[SIDES][2];
  uint32_t left = 0;
  if (n < 1000) return n;
  find_corners(p, n, corner);
  for (uint32_t k = 0; k < SIDES; k++) {
    at[k][0] = corner[k][0];
    at[k][1] = corner[k][1];
  }
  for (uint32_t i = 0; i < n; i++) {
    bool is_inner = true;
    for (uint32_t k = 0; k < SIDES && is_inner; k++) {
      const int64_t *a = at[k], *b = at[(k + 1) % SIDES];
      is_inner = (a[0] == b[0] && a[1] == b[1]) || turn(a, b, p[i]) > 0;
    }
    if (is_inner) continue;
    p[left][0] = p[i][0];
    p[left][1] = p[i][1];
    left++;
  }
  return left;
}

ky_err ky_hull(ky_job *job, const double *x_m, const double *y_m, uint32_t count, ky_shapes *out) {
  int64_t(*p)[2], (*hull)[2];
  uint64_t *key;
  uint32_t *order, n = 0;
  const ky_arena_mark before = ky_arena_now(&job->scratch);
  KY_NEW(job, scratch, p, count);
  for (uint32_t i = 0; i < count; i++) {
    if (!(fabs(x_m[i]) < 1e15) || !(fabs(y_m[i]) < 1e15)) continue;
    p[n][0] = llround(x_m[i] * 1000.0);
    p[n][1] = llround(y_m[i] * 1000.0);
    n++;
  }
  n = drop_inner(p, n);
  KY_NEW(job, scratch, hull, 2 * (size_t)n + 2);
  KY_NEW(job, scratch, key, n);
  KY_NEW(job, scratch, order, n);
  const uint64_t flip = UINT64_C(1) << 63; /* signed to unsigned order */
  for (uint32_t axis = 2; axis-- > 0;) {   /* by x, then y: the lower digit first */
    for (uint32_t i = 0; i < n; i++) {
      if (axis == 1) order[i] = i;
      key[i] = (uint64_t)p[order[i]][axis] ^ flip;
    }
    KY_TRY(ky_sort_pairs(job, key, order, n));
  }
  uint32_t size = 0;
  for (uint32_t i = 0; i < n; i++) size = push(hull, 0, size, p[order[i]]);
  uint32_t from = size == 0 ? 0 : size - 1;
  for (uint32_t i = n; i-- > 0;) size = push(hull, from, size, p[order[i]]);
  if (size < 4) return ky_shapes_new(job, KY_SHAPE_POLYGON, 0, 0, 0, out); /* scratch goes with the room */
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POLYGON, 1, 1, size, out));
  for (uint32_t i = 0; i < size; i++) {
    out->x[i] = (double)hull[i][0] / 1000.0;
    out->y[i] = (double)hull[i][1] / 1000.0;
  }
  out->first_part[1] = 1;
  out->first_vertex[1] = size;
  ky_arena_rewind(&job->scratch, before);
  return KY_OK;
}
