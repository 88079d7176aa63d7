/* See walls_graph.h. Coordinates are integers, so what lies in a triangle is exact: areas of cities fit 64 bits. */
#include "core/walls_graph.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/sort.h"

#define SQUARE_MM   25000
#define SQUARES_MAX 4096 /* a triangle over more squares than this counts as not free */

static ky_spot spot_at(double x, double y) {
  return (ky_spot){llround(x * 1000), llround(y * 1000)};
}

int64_t ky_spot_turn(ky_spot a, ky_spot b, ky_spot c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* Rounds down for negative numbers too. */
static int64_t square_of(int64_t mm) {
  return mm >= 0 ? mm / SQUARE_MM : -((SQUARE_MM - 1 - mm) / SQUARE_MM);
}

static uint32_t *list_of(const ky_wall_graph *g, int64_t column, int64_t row) {
  uint64_t hash = ((uint64_t)column * 0x9E3779B97F4A7C15u) ^ ((uint64_t)row * 0xC2B2AE3D27D4EB4Fu);
  return &g->head[(hash >> 32) & g->head_mask];
}

static void index_spot(ky_wall_graph *g, uint32_t spot) {
  uint32_t *head = list_of(g, square_of(g->spot[spot].x), square_of(g->spot[spot].y));
  g->next[spot] = *head;
  *head = spot;
}

/* corner[i]: the corner of end i. Corners are numbered by y, then by x. */
static ky_err number_corners(ky_job *job, const ky_spot *end, uint32_t count, ky_wall_graph *g, uint32_t *corner) {
  uint64_t *key;
  uint32_t *order;
  KY_NEW(job, scratch, key, count);
  KY_NEW(job, scratch, order, count);
  for (uint32_t i = 0; i < count; i++) order[i] = i;
  for (int pass = 0; pass < 2; pass++) {
    for (uint32_t i = 0; i < count; i++)
      key[i] = (uint64_t)(pass == 0 ? end[order[i]].x : end[order[i]].y) ^ (uint64_t)1 << 63;
    KY_TRY(ky_sort_pairs(job, key, order, count));
  }
  for (uint32_t i = 0; i < count; i++) {
    const ky_spot at = end[order[i]];
    if (i == 0 || at.x != g->spot[g->count - 1].x || at.y != g->spot[g->count - 1].y) g->spot[g->count++] = at;
    corner[order[i]] = g->count - 1;
  }
  return KY_OK;
}

static void link_corners(ky_wall_graph *g, const uint32_t *corner, uint32_t end_count) {
  uint32_t used = 0;
  for (uint32_t i = 0; i < end_count; i++) g->degree[corner[i]]++;
  for (uint32_t v = 0; v < g->count; v++) {
    g->first[v] = used;
    used += g->degree[v];
    g->degree[v] = 0;
  }
  for (uint32_t i = 0; i < end_count; i++) g->beside[g->first[corner[i]] + g->degree[corner[i]]++] = corner[i ^ 1];
  g->beside_used = used;
}

ky_err ky_wall_graph_build(ky_job *job, const ky_wall *walls, uint32_t wall_count, const double *x, const double *y,
                           uint32_t place_count, uint32_t more, ky_wall_graph *out) {
  const uint64_t ends = 2 * (uint64_t)wall_count, all = ends + more + place_count;
  uint32_t *corner, heads = 1024;
  ky_spot *end;
  memset(out, 0, sizeof *out);
  if (all >= KY_NONE / 4) return ky_fail_memory(job);
  out->place_count = place_count;
  out->capacity = (uint32_t)(ends + more);
  KY_NEW(job, scratch, end, ends);
  KY_NEW(job, scratch, corner, ends);
  KY_NEW(job, scratch, out->spot, all);
  KY_NEW(job, scratch, out->is_gone, out->capacity);
  KY_NEW(job, scratch, out->degree, out->capacity);
  KY_NEW(job, scratch, out->first, out->capacity);
  KY_NEW(job, scratch, out->beside, ends + 2 * (uint64_t)more);
  KY_NEW(job, scratch, out->next, all);
  while (heads < all) heads *= 2;
  KY_NEW(job, scratch, out->head, heads);
  memset(out->head, 0xff, heads * sizeof *out->head);
  out->head_mask = heads - 1;
  for (uint32_t w = 0; w < wall_count; w++) {
    end[2 * w] = spot_at(walls[w].x0, walls[w].y0);
    end[2 * w + 1] = spot_at(walls[w].x1, walls[w].y1);
  }
  KY_TRY(number_corners(job, end, (uint32_t)ends, out, corner));
  link_corners(out, corner, (uint32_t)ends);
  for (uint32_t v = 0; v < out->count; v++) index_spot(out, v);
  for (uint32_t p = 0; p < place_count; p++) {
    out->spot[out->capacity + p] = spot_at(x[p], y[p]);
    index_spot(out, out->capacity + p);
  }
  return KY_OK;
}

bool ky_wall_graph_joins(const ky_wall_graph *g, uint32_t a, uint32_t b) {
  for (uint32_t i = 0; i < g->degree[a]; i++)
    if (g->beside[g->first[a] + i] == b) return true;
  return false;
}

/* In the triangle or on its sides. */
static bool holds(const ky_spot t[3], ky_spot at) {
  const int64_t a = ky_spot_turn(t[0], t[1], at), b = ky_spot_turn(t[1], t[2], at), c = ky_spot_turn(t[2], t[0], at);
  if (!((a >= 0 && b >= 0 && c >= 0) || (a <= 0 && b <= 0 && c <= 0))) return false;
  if (a != 0 || b != 0 || c != 0) return true;
  for (int k = 0; k < 2; k++) { /* all on one line: between the outer ones? */
    const int64_t p = k ? t[0].y : t[0].x, q = k ? t[1].y : t[1].x, r = k ? t[2].y : t[2].x, s = k ? at.y : at.x;
    if ((s < p && s < q && s < r) || (s > p && s > q && s > r)) return false;
  }
  return true;
}

static int64_t least(int64_t a, int64_t b, int64_t c) {
  const int64_t low = a < b ? a : b;
  return low < c ? low : c;
}

static int64_t most(int64_t a, int64_t b, int64_t c) {
  return -least(-a, -b, -c);
}

bool ky_wall_graph_is_free(const ky_wall_graph *g, const ky_spot t[3], const uint32_t except[3]) {
  const int64_t left = square_of(least(t[0].x, t[1].x, t[2].x)), right = square_of(most(t[0].x, t[1].x, t[2].x));
  const int64_t low = square_of(least(t[0].y, t[1].y, t[2].y)), high = square_of(most(t[0].y, t[1].y, t[2].y));
  if (right - left >= SQUARES_MAX || high - low >= SQUARES_MAX || (right - left + 1) * (high - low + 1) > SQUARES_MAX)
    return false;
  for (int64_t row = low; row <= high; row++) {
    for (int64_t column = left; column <= right; column++) {
      for (uint32_t s = *list_of(g, column, row); s != KY_NONE; s = g->next[s]) {
        if (s < g->capacity && (g->is_gone[s] || s == except[0] || s == except[1] || s == except[2])) continue;
        if (holds(t, g->spot[s])) return false;
      }
    }
  }
  return true;
}

static void replace(ky_wall_graph *g, uint32_t corner, uint32_t old, uint32_t new) {
  for (uint32_t i = 0; i < g->degree[corner]; i++)
    if (g->beside[g->first[corner] + i] == old) g->beside[g->first[corner] + i] = new;
}

void ky_wall_graph_remove(ky_wall_graph *g, uint32_t v) {
  const uint32_t u = g->beside[g->first[v]], w = g->beside[g->first[v] + 1];
  replace(g, u, v, w);
  replace(g, w, v, u);
  g->is_gone[v] = true;
}

static uint32_t add(ky_wall_graph *g, ky_spot at, uint32_t before, uint32_t after) {
  const uint32_t v = g->count++;
  g->spot[v] = at;
  g->degree[v] = 2;
  g->first[v] = g->beside_used;
  g->beside_used += 2;
  g->beside[g->first[v]] = before;
  g->beside[g->first[v] + 1] = after;
  index_spot(g, v);
  return v;
}

void ky_wall_graph_replace(ky_wall_graph *g, uint32_t v, const ky_spot *path, uint32_t count) {
  const uint32_t u = g->beside[g->first[v]], w = g->beside[g->first[v] + 1];
  uint32_t before = u;
  assert(count >= 1 && g->count + count <= g->capacity);
  replace(g, u, v, g->count);
  for (uint32_t i = 0; i < count; i++) before = add(g, path[i], before, i + 1 < count ? g->count + 1 : w);
  replace(g, w, v, before);
  g->is_gone[v] = true;
}

ky_err ky_wall_graph_walls(ky_job *job, const ky_wall_graph *g, ky_wall **walls, uint32_t *count) {
  ky_wall *out;
  uint32_t n = 0, ends = 0;
  for (uint32_t v = 0; v < g->count; v++) ends += g->is_gone[v] ? 0 : g->degree[v];
  KY_NEW(job, scratch, out, ends / 2 + 1);
  for (uint32_t v = 0; v < g->count; v++) {
    for (uint32_t i = 0; !g->is_gone[v] && i < g->degree[v]; i++) {
      const uint32_t w = g->beside[g->first[v] + i];
      if (w < v) continue;
      out[n++] = (ky_wall){(double)g->spot[v].x / 1000, (double)g->spot[v].y / 1000, (double)g->spot[w].x / 1000,
                           (double)g->spot[w].y / 1000};
    }
  }
  *walls = out;
  *count = n;
  return KY_OK;
}
