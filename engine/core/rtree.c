/* Static packed R-tree. Items are sorted by the Hilbert place of their box's centre, then every FANOUT items share a
 * leaf, every FANOUT leaves a node, and so on up to one root. Children of node i of a level are FANOUT x i ... of the
 * level below, so no pointers are stored.
 *   Kamel & Faloutsos (1993), On packing R-trees. */
#include <kayoi/network.h>
#include <math.h>
#include <string.h>

#include "core/sort.h"

#define FANOUT 16

static uint32_t grid_place(double value, double min, double span) {
  double place = span > 0 ? (value - min) / span * 4294967295.0 : 0;
  return place <= 0 ? 0 : place >= 4294967295.0 ? UINT32_MAX : (uint32_t)place;
}

/* Not fmin and fmax: those are calls, for the sake of NAN, which no box holds. */
static void box_grow(double *box, const double *other) {
  if (other[0] < box[0]) box[0] = other[0];
  if (other[1] < box[1]) box[1] = other[1];
  if (other[2] > box[2]) box[2] = other[2];
  if (other[3] > box[3]) box[3] = other[3];
}

static const double EMPTY[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};

/* Boxes of the groups of FANOUT boxes. */
static uint32_t group_boxes(const double *box, uint32_t count, double *out) {
  uint32_t groups = (count + FANOUT - 1) / FANOUT;
  for (uint32_t g = 0; g < groups; g++) {
    memcpy(out + 4 * (size_t)g, EMPTY, sizeof EMPTY);
    for (uint32_t i = g * FANOUT; i < count && i < (g + 1) * FANOUT; i++)
      box_grow(out + 4 * (size_t)g, box + 4 * (size_t)i);
  }
  return groups;
}

ky_err ky_rtree_build(ky_job *job, ky_arena *arena, const double *boxes, uint32_t count, ky_rtree *out) {
  memset(out, 0, sizeof *out);
  if (count == 0) return KY_OK;
  double all[4];
  memcpy(all, EMPTY, sizeof all);
  for (uint32_t i = 0; i < count; i++) box_grow(all, boxes + 4 * (size_t)i);
  double span = fmax(all[2] - all[0], all[3] - all[1]);
  uint64_t *key;
  out->item_count = count;
  out->item = ky_arena_alloc(arena, count, sizeof *out->item);
  out->item_box = ky_arena_alloc(arena, count, 4 * sizeof *out->item_box);
  if (out->item == NULL || out->item_box == NULL) return ky_fail_memory(job);
  const ky_arena_mark before = ky_arena_now(&job->scratch);
  KY_NEW(job, scratch, key, count);
  for (uint32_t i = 0; i < count; i++) {
    const double *box = boxes + 4 * (size_t)i;
    key[i] =
        ky_hilbert(grid_place((box[0] + box[2]) / 2, all[0], span), grid_place((box[1] + box[3]) / 2, all[1], span));
    out->item[i] = i;
  }
  KY_TRY(ky_sort_pairs(job, key, out->item, count));
  ky_arena_rewind(&job->scratch, before);
  for (uint32_t i = 0; i < count; i++)
    memcpy(out->item_box + 4 * (size_t)i, boxes + 4 * (size_t)out->item[i], 4 * sizeof *boxes);

  uint32_t node_count = 0;
  for (uint32_t n = count; node_count == 0 || n > 1;) {
    n = (n + FANOUT - 1) / FANOUT;
    node_count += n;
  }
  out->box = ky_arena_alloc(arena, node_count, 4 * sizeof *out->box);
  if (out->box == NULL) return ky_fail_memory(job);
  out->node_count = node_count;
  uint32_t n = group_boxes(out->item_box, count, out->box), start = 0;
  out->level_count = 1;
  while (n > 1) {
    uint32_t next = start + n;
    n = group_boxes(out->box + 4 * (size_t)start, n, out->box + 4 * (size_t)next);
    start = next;
    out->level_start[out->level_count++] = start;
  }
  return KY_OK;
}

/* Nodes of a level are numbered from 0; children of the node in the level below (or items, below level 0). */
static uint32_t level_size(const ky_rtree *tree, uint32_t level) {
  return (level + 1 < tree->level_count ? tree->level_start[level + 1] : tree->node_count) - tree->level_start[level];
}

static bool meets(const double *box, ky_box with) {
  return box[0] <= with.x_max && box[2] >= with.x_min && box[1] <= with.y_max && box[3] >= with.y_min;
}

static bool query(const ky_rtree *tree, uint32_t level, uint32_t node, ky_box box,
                  bool (*visit)(void *user, uint32_t item), void *user) {
  uint32_t from = node * FANOUT, end = level == 0 ? tree->item_count : level_size(tree, level - 1);
  uint32_t to = from + FANOUT < end ? from + FANOUT : end;
  for (uint32_t i = from; i < to; i++) {
    if (level == 0) {
      if (meets(tree->item_box + 4 * (size_t)i, box) && !visit(user, tree->item[i])) return false;
    } else if (meets(tree->box + 4 * (size_t)(tree->level_start[level - 1] + i), box)) {
      if (!query(tree, level - 1, i, box, visit, user)) return false;
    }
  }
  return true;
}

void ky_rtree_query(const ky_rtree *tree, ky_box box, bool (*visit)(void *user, uint32_t item), void *user) {
  if (tree->item_count != 0) query(tree, tree->level_count - 1, 0, box, visit, user);
}

static double distance2(const double *box, double x, double y) {
  double dx = x < box[0] ? box[0] - x : x > box[2] ? x - box[2] : 0;
  double dy = y < box[1] ? box[1] - y : y > box[3] ? y - box[3] : 0;
  return dx * dx + dy * dy;
}

typedef struct nearest {
  const ky_rtree *tree;
  double x, y, limit2;
  double (*visit)(void *user, uint32_t item, double limit2);
  void *user;
} nearest;

/* Depth first, children in the order of their distance: the limit shrinks early and prunes the rest. */
static void nearest_in(nearest *search, uint32_t level, uint32_t node) {
  const ky_rtree *tree = search->tree;
  const double *boxes = level == 0 ? tree->item_box : tree->box + 4 * (size_t)tree->level_start[level - 1];
  uint32_t from = node * FANOUT, end = level == 0 ? tree->item_count : level_size(tree, level - 1);
  uint32_t to = from + FANOUT < end ? from + FANOUT : end, n = 0, order[FANOUT];
  double d2[FANOUT];
  for (uint32_t i = from; i < to; i++) {
    double d = distance2(boxes + 4 * (size_t)i, search->x, search->y);
    if (d > search->limit2) continue;
    uint32_t at = n++;
    while (at > 0 && d2[at - 1] > d) {
      d2[at] = d2[at - 1];
      order[at] = order[at - 1];
      at--;
    }
    d2[at] = d;
    order[at] = i;
  }
  for (uint32_t i = 0; i < n && d2[i] <= search->limit2; i++) {
    if (level == 0)
      search->limit2 = search->visit(search->user, tree->item[order[i]], search->limit2);
    else
      nearest_in(search, level - 1, order[i]);
  }
}

void ky_rtree_nearest(const ky_rtree *tree, double x, double y, double limit2,
                      double (*visit)(void *user, uint32_t item, double limit2), void *user) {
  nearest search = {tree, x, y, limit2, visit, user};
  if (tree->item_count != 0) nearest_in(&search, tree->level_count - 1, 0);
}
