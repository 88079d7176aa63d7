/* Corners are taken out, those of the smallest triangle first (Visvalingam and Whyatt 1993). A small one that a place
 * holds back is drawn in as far as that place lets it, so that teeth between two rows of homes become a line in the
 * next round. In the end every corner that is left is cut at a quarter of its walls, once (Chaikin 1974). All three
 * move a wall over triangles; that is done only where these hold no other corner and no place, and no other wall can
 * then be crossed: a wall that has no end in a triangle, and may not cross two of its sides, cannot cross the third one
 * twice. */
#include "core/walls_smooth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/walls_graph.h"

#define ROUNDS      3
#define SMALL_RING  8    /* times the largest corner that may go */
#define RING_CORNER 16   /* parts of such a ring */
#define LEAST_MM    1000 /* walls shorter than this are not cut */

/* A corner that may go, as it was when it was looked at. */
typedef struct corner {
  int64_t area2; /* twice the area of its triangle, mm2 */
  uint32_t v, stamp;
} corner;

typedef struct smoother {
  const double *x, *y; /* places */
  uint32_t place_count;
  ky_wall_graph graph;
  double smooth_mm;
  int64_t limit2;
  int64_t *most2;  /* [corners] twice the area of the largest triangle that may go there */
  uint32_t *stamp; /* [corners] how often its neighbours changed */
  corner *heap;
  uint32_t heap_count;
} smoother;

static bool comes_first(corner a, corner b) {
  return a.area2 != b.area2 ? a.area2 < b.area2 : a.v != b.v ? a.v < b.v : a.stamp < b.stamp;
}

static void push(smoother *s, corner one) {
  uint32_t at = s->heap_count++;
  while (at > 0 && comes_first(one, s->heap[(at - 1) / 2])) {
    s->heap[at] = s->heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  s->heap[at] = one;
}

static corner pop(smoother *s) {
  const corner top = s->heap[0], last = s->heap[--s->heap_count];
  uint32_t at = 0;
  for (;;) {
    uint32_t child = 2 * at + 1;
    if (child >= s->heap_count) break;
    if (child + 1 < s->heap_count && comes_first(s->heap[child + 1], s->heap[child])) child++;
    if (!comes_first(s->heap[child], last)) break;
    s->heap[at] = s->heap[child];
    at = child;
  }
  s->heap[at] = last;
  return top;
}

/* The two corners beside v, and v between them. */
static void triangle_of(const ky_wall_graph *g, uint32_t v, uint32_t id[3], ky_spot spot[3]) {
  id[0] = g->beside[g->first[v]];
  id[1] = v;
  id[2] = g->beside[g->first[v] + 1];
  for (int k = 0; k < 3; k++) spot[k] = g->spot[id[k]];
}

static void offer(smoother *s, uint32_t v) {
  const ky_wall_graph *g = &s->graph;
  uint32_t id[3];
  ky_spot spot[3];
  if (g->is_gone[v] || g->degree[v] != 2) return;
  triangle_of(g, v, id, spot);
  const int64_t area2 = llabs(ky_spot_turn(spot[0], spot[1], spot[2]));
  if (area2 < s->most2[v]) push(s, (corner){area2, v, s->stamp[v]});
}

static void take_out_corners(smoother *s) {
  ky_wall_graph *g = &s->graph;
  for (uint32_t v = 0; v < g->count; v++) offer(s, v);
  while (s->heap_count != 0) {
    const corner least = pop(s);
    uint32_t id[3];
    ky_spot spot[3];
    if (g->is_gone[least.v] || s->stamp[least.v] != least.stamp) continue;
    triangle_of(g, least.v, id, spot);
    if (id[0] == id[2] || ky_wall_graph_joins(g, id[0], id[2]) || !ky_wall_graph_is_free(g, spot, id)) continue;
    ky_wall_graph_remove(g, least.v);
    for (int k = 0; k <= 2; k += 2) {
      s->stamp[id[k]]++;
      offer(s, id[k]);
    }
  }
}

static bool is_between(ky_spot a, ky_spot b, ky_spot c, ky_spot at) {
  const int64_t p = ky_spot_turn(a, b, at), q = ky_spot_turn(b, c, at), r = ky_spot_turn(c, a, at);
  return (p >= 0 && q >= 0 && r > 0) || (p <= 0 && q <= 0 && r < 0);
}

/* A small corner that could not go moves towards the middle between its neighbours. */
static void draw_in(smoother *s, uint32_t v) {
  ky_wall_graph *g = &s->graph;
  uint32_t id[3];
  ky_spot t[3];
  if (g->is_gone[v] || g->degree[v] != 2 || s->most2[v] < s->limit2) return;
  triangle_of(g, v, id, t);
  if (llabs(ky_spot_turn(t[0], t[1], t[2])) >= s->limit2) return;
  const double dx = (double)(t[0].x + t[2].x) / 2 - (double)t[1].x, dy = (double)(t[0].y + t[2].y) / 2 - (double)t[1].y;
  for (int quarters = 3; quarters > 0; quarters--) {
    const ky_spot to = {t[1].x + llround(quarters * dx / 4), t[1].y + llround(quarters * dy / 4)};
    if (!is_between(t[0], t[1], t[2], to) || !ky_wall_graph_is_free(g, (const ky_spot[3]){t[0], t[1], to}, id) ||
        !ky_wall_graph_is_free(g, (const ky_spot[3]){to, t[1], t[2]}, id))
      continue;
    ky_wall_graph_replace(g, v, &to, 1);
    return;
  }
}

/* From v towards u, a quarter of the way, but no farther than smooth_m. */
static ky_spot towards(const smoother *s, ky_spot v, ky_spot u) {
  const double dx = (double)(u.x - v.x), dy = (double)(u.y - v.y), share = fmin(0.25, s->smooth_mm / hypot(dx, dy));
  return (ky_spot){v.x + llround(share * dx), v.y + llround(share * dy)};
}

/* before, after: where the neighbours of v were before any corner was cut. */
static void cut_corner(smoother *s, uint32_t v, ky_spot before, ky_spot after) {
  ky_wall_graph *g = &s->graph;
  uint32_t id[3];
  ky_spot t[3];
  triangle_of(g, v, id, t);
  const ky_spot a = towards(s, t[1], before), b = towards(s, t[1], after);
  if (hypot((double)(before.x - t[1].x), (double)(before.y - t[1].y)) < LEAST_MM ||
      hypot((double)(after.x - t[1].x), (double)(after.y - t[1].y)) < LEAST_MM)
    return;
  /* rounding may put them a millimetre outside the triangle: then the corner stays */
  if (!is_between(t[0], t[1], t[2], a) || !is_between(t[0], t[1], t[2], b)) return;
  if (!ky_wall_graph_is_free(g, (const ky_spot[3]){t[0], a, t[1]}, id) ||
      !ky_wall_graph_is_free(g, (const ky_spot[3]){a, t[1], b}, id) ||
      !ky_wall_graph_is_free(g, (const ky_spot[3]){b, t[1], t[2]}, id))
    return;
  ky_wall_graph_replace(g, v, (const ky_spot[2]){a, b}, 2);
}

static ky_err cut_corners(ky_job *job, smoother *s) {
  ky_wall_graph *g = &s->graph;
  const uint32_t count = g->count;
  ky_spot *before, *after;
  KY_NEW(job, scratch, before, count);
  KY_NEW(job, scratch, after, count);
  for (uint32_t v = 0; v < count; v++) {
    uint32_t id[3];
    ky_spot spot[3];
    if (g->degree[v] != 2) continue;
    triangle_of(g, v, id, spot);
    before[v] = spot[0];
    after[v] = spot[2];
  }
  for (uint32_t v = 0; v < count; v++)
    if (g->degree[v] == 2) cut_corner(s, v, before[v], after[v]);
  return KY_OK;
}

/* A closed ring without a junction that is smaller than a few corners would shrink to a dot: only corners that are
 * small beside it go. seen: zeros. */
static void spare_small_rings(smoother *s, uint32_t *seen) {
  const ky_wall_graph *g = &s->graph;
  for (uint32_t from = 0; from < g->count; from++) {
    int64_t area2 = 0;
    uint32_t at = from, before = KY_NONE;
    if (seen[from] || g->degree[from] != 2) continue;
    do {
      const uint32_t *beside = g->beside + g->first[at], next = beside[beside[0] == before ? 1 : 0];
      seen[at] = 1;
      area2 += ky_spot_turn(g->spot[from], g->spot[at], g->spot[next]);
      before = at;
      at = next;
    } while (at != from && g->degree[at] == 2 && !seen[at]);
    if (at != from || llabs(area2) >= SMALL_RING * s->limit2) continue;
    do { /* once more around */
      const uint32_t *beside = g->beside + g->first[at], next = beside[beside[0] == before ? 1 : 0];
      s->most2[at] = llabs(area2) / RING_CORNER;
      before = at;
      at = next;
    } while (at != from);
  }
}

/* A graph of the walls as they are now, with room for `more` corners for each wall. */
static ky_err look_again(ky_job *job, smoother *s, const ky_wall *walls, uint32_t count, uint32_t more) {
  KY_TRY(ky_wall_graph_build(job, walls, count, s->x, s->y, s->place_count, more * count, &s->graph));
  KY_NEW(job, scratch, s->most2, s->graph.count);
  for (uint32_t v = 0; v < s->graph.count; v++) s->most2[v] = s->limit2;
  KY_NEW(job, scratch, s->stamp, s->graph.count);
  KY_NEW(job, scratch, s->heap, 3 * (uint64_t)s->graph.count); /* each corner once, and two each time that one goes */
  spare_small_rings(s, s->stamp);
  memset(s->stamp, 0, s->graph.count * sizeof *s->stamp);
  return KY_OK;
}

ky_err ky_walls_smooth(ky_job *job, const double *x, const double *y, uint32_t place_count, double smooth_m,
                       ky_wall **walls, uint32_t *count) {
  smoother s = {.x = x, .y = y, .place_count = place_count, .smooth_mm = smooth_m * 1000};
  s.limit2 = (int64_t)(2 * s.smooth_mm * s.smooth_mm);
  for (int round = 0; round < ROUNDS; round++) {
    KY_TRY(look_again(job, &s, *walls, *count, 1));
    take_out_corners(&s);
    const uint32_t corners = s.graph.count;
    for (uint32_t v = 0; round + 1 < ROUNDS && v < corners; v++) draw_in(&s, v);
    KY_TRY(ky_wall_graph_walls(job, &s.graph, walls, count));
  }
  KY_TRY(look_again(job, &s, *walls, *count, 2));
  KY_TRY(cut_corners(job, &s));
  return ky_wall_graph_walls(job, &s.graph, walls, count);
}
