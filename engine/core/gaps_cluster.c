/* Chains by a grid and union-find, then halving.
 *
 * Grid squares have the diagonal link_m, so the points of one square are all linked, and links reach no farther than
 * two squares. Work per pair of squares is then one test that ends at the first link found. */
#include "core/gaps_cluster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/sort.h"

typedef struct square {
  uint64_t key;                      /* row << 32 | column */
  uint32_t from, to;                 /* in order[] */
  double x_min, y_min, x_max, y_max; /* of its points */
} square;

typedef struct linker {
  const double *x_m, *y_m;
  double link2;
  uint32_t *order; /* points by square */
  uint32_t *parent;
  square *squares; /* ascending keys */
  uint32_t square_count;
} linker;

static uint32_t find_root(uint32_t *parent, uint32_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

/* The lower point is the root. */
static void join(uint32_t *parent, uint32_t a, uint32_t b) {
  a = find_root(parent, a);
  b = find_root(parent, b);
  if (a < b) parent[b] = a;
  if (b < a) parent[a] = b;
}

static ky_err fill_squares(ky_job *job, linker *l, uint32_t count, double link_m) {
  double x_min = INFINITY, y_min = INFINITY, x_max = -INFINITY, y_max = -INFINITY;
  uint64_t *key;
  for (uint32_t i = 0; i < count; i++) {
    x_min = fmin(x_min, l->x_m[i]);
    y_min = fmin(y_min, l->y_m[i]);
    x_max = fmax(x_max, l->x_m[i]);
    y_max = fmax(y_max, l->y_m[i]);
  }
  const double side_m = link_m / sqrt(2) * (1 - 1e-9), span_m = fmax(x_max - x_min, y_max - y_min);
  if (span_m / side_m >= 4e9)
    return ky_fail(job, KY_E_INPUT, ky_tr("gaps: people live over %.0f km; look for coordinates that are far off"),
                   span_m / 1000);
  KY_NEW(job, scratch, key, count);
  for (uint32_t i = 0; i < count; i++) {
    key[i] = (uint64_t)((l->y_m[i] - y_min) / side_m) << 32 | (uint64_t)((l->x_m[i] - x_min) / side_m);
    l->order[i] = i;
  }
  KY_TRY(ky_sort_pairs(job, key, l->order, count));
  KY_NEW(job, scratch, l->squares, count);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t p = l->order[i];
    if (i == 0 || key[i] != key[i - 1])
      l->squares[l->square_count++] = (square){key[i], i, i, l->x_m[p], l->y_m[p], l->x_m[p], l->y_m[p]};
    square *s = &l->squares[l->square_count - 1];
    s->to = i + 1;
    s->x_min = fmin(s->x_min, l->x_m[p]);
    s->y_min = fmin(s->y_min, l->y_m[p]);
    s->x_max = fmax(s->x_max, l->x_m[p]);
    s->y_max = fmax(s->y_max, l->y_m[p]);
    join(l->parent, l->order[s->from], p);
  }
  return KY_OK;
}

/* From a place to the box around a square's points, squared. */
static double box_distance2(const square *s, double x, double y) {
  double dx = fmax(fmax(s->x_min - x, x - s->x_max), 0), dy = fmax(fmax(s->y_min - y, y - s->y_max), 0);
  return dx * dx + dy * dy;
}

static bool are_linked(const linker *l, const square *a, const square *b) {
  double dx = fmax(fmax(b->x_min - a->x_max, a->x_min - b->x_max), 0);
  double dy = fmax(fmax(b->y_min - a->y_max, a->y_min - b->y_max), 0);
  if (dx * dx + dy * dy > l->link2) return false;
  for (uint32_t i = a->from; i < a->to; i++) {
    double x = l->x_m[l->order[i]], y = l->y_m[l->order[i]];
    if (box_distance2(b, x, y) > l->link2) continue;
    for (uint32_t k = b->from; k < b->to; k++) {
      double px = l->x_m[l->order[k]] - x, py = l->y_m[l->order[k]] - y;
      if (px * px + py * py <= l->link2) return true;
    }
  }
  return false;
}

static const square *square_at(const linker *l, uint64_t key) {
  uint32_t low = 0, high = l->square_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (l->squares[middle].key < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low < l->square_count && l->squares[low].key == key ? &l->squares[low] : NULL;
}

static void link_squares(linker *l) {
  for (uint32_t i = 0; i < l->square_count; i++) {
    const square *a = &l->squares[i];
    const int64_t row = (int64_t)(a->key >> 32), column = (int64_t)(a->key & UINT32_MAX);
    for (int64_t up = 0; up <= 2; up++) {
      for (int64_t right = up == 0 ? 1 : -2; right <= 2; right++) {
        if (column + right < 0) continue;
        const square *b = square_at(l, (uint64_t)(row + up) << 32 | (uint64_t)(column + right));
        if (b == NULL) continue;
        uint32_t pa = l->order[a->from], pb = l->order[b->from];
        if (find_root(l->parent, pa) != find_root(l->parent, pb) && are_linked(l, a, b)) join(l->parent, pa, pb);
      }
    }
  }
}

/* A point of a cluster seen along one axis. */
typedef struct spot {
  double along, across;
  uint32_t point;
  uint32_t people;
} spot;

static int compare_spots(const void *p, const void *q) {
  const spot *a = p, *b = q;
  if (a->along != b->along) return a->along < b->along ? -1 : 1;
  if (a->across != b->across) return a->across < b->across ? -1 : 1;
  return a->point < b->point ? -1 : a->point > b->point;
}

/* Where to cut sorted spots: between two that differ along the axis, so that both sides have as equal people as can
 * be; of equal cuts the one nearer to the middle by count, then the earlier. */
static uint32_t best_cut(const spot *spots, uint32_t count) {
  int64_t total = 0, left = 0, best_off = INT64_MAX, best_skew = INT64_MAX;
  uint32_t cut = 0;
  for (uint32_t i = 0; i < count; i++) total += spots[i].people;
  const bool by_count = total == 0;
  if (by_count) total = count;
  for (uint32_t i = 1; i < count; i++) {
    left += by_count ? 1 : spots[i - 1].people;
    if (spots[i].along == spots[i - 1].along) continue;
    int64_t off = llabs(2 * left - total), skew = llabs(2 * (int64_t)i - (int64_t)count);
    if (off > best_off || (off == best_off && skew >= best_skew)) continue;
    best_off = off;
    best_skew = skew;
    cut = i;
  }
  return cut;
}

typedef struct segment {
  uint32_t from, to; /* in order[] */
} segment;

typedef struct halver {
  const double *x_m, *y_m;
  const uint32_t *people;
  double width_m;
  uint32_t *order; /* points by cluster */
  spot *spots;     /* [points] */
  segment *stack;  /* [points] open segments: never more than points, as they are disjoint */
  uint32_t *group;
  uint32_t group_count;
} halver;

/* Cuts the segment in two and returns where; 0 when it is narrow enough. */
static uint32_t halve(halver *h, segment s) {
  double x_min = INFINITY, y_min = INFINITY, x_max = -INFINITY, y_max = -INFINITY;
  for (uint32_t i = s.from; i < s.to; i++) {
    uint32_t p = h->order[i];
    x_min = fmin(x_min, h->x_m[p]);
    y_min = fmin(y_min, h->y_m[p]);
    x_max = fmax(x_max, h->x_m[p]);
    y_max = fmax(y_max, h->y_m[p]);
  }
  const double wide_m = x_max - x_min, high_m = y_max - y_min;
  if (fmax(wide_m, high_m) <= h->width_m) return 0;
  const uint32_t n = s.to - s.from;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t p = h->order[s.from + i];
    h->spots[i] = wide_m >= high_m ? (spot){h->x_m[p], h->y_m[p], p, h->people[p]}
                                   : (spot){h->y_m[p], h->x_m[p], p, h->people[p]};
  }
  qsort(h->spots, n, sizeof *h->spots, compare_spots);
  for (uint32_t i = 0; i < n; i++) h->order[s.from + i] = h->spots[i].point;
  return best_cut(h->spots, n);
}

static void halve_all(halver *h, segment whole) {
  uint32_t open = 0;
  h->stack[open++] = whole;
  while (open != 0) {
    segment s = h->stack[--open];
    uint32_t cut = halve(h, s);
    if (cut != 0) {
      h->stack[open++] = (segment){s.from + cut, s.to};
      h->stack[open++] = (segment){s.from, s.from + cut};
      continue;
    }
    for (uint32_t i = s.from; i < s.to; i++) h->group[h->order[i]] = h->group_count;
    h->group_count++;
  }
}

ky_err ky_cluster(ky_job *job, const double *x_m, const double *y_m, const uint32_t *people, uint32_t count,
                  const ky_cluster_opts *opts, uint32_t *group, uint32_t *group_count) {
  *group_count = 0;
  if (count == 0) return KY_OK;
  linker l = {.x_m = x_m, .y_m = y_m, .link2 = opts->link_m * opts->link_m};
  KY_NEW(job, scratch, l.order, count);
  KY_NEW(job, scratch, l.parent, count);
  for (uint32_t i = 0; i < count; i++) l.parent[i] = i;
  KY_TRY(fill_squares(job, &l, count, opts->link_m));
  link_squares(&l);

  halver h = {.x_m = x_m, .y_m = y_m, .people = people, .width_m = opts->width_m, .order = l.order, .group = group};
  uint64_t *root;
  KY_NEW(job, scratch, root, count);
  KY_NEW(job, scratch, h.spots, count);
  KY_NEW(job, scratch, h.stack, count);
  for (uint32_t i = 0; i < count; i++) {
    h.order[i] = i;
    root[i] = find_root(l.parent, i);
  }
  KY_TRY(ky_sort_pairs(job, root, h.order, count));
  for (uint32_t from = 0, to = 0; from < count; from = to) {
    while (to < count && root[to] == root[from]) to++;
    halve_all(&h, (segment){from, to});
  }
  *group_count = h.group_count;
  return KY_OK;
}
