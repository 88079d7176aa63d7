/* Pockets joined by complete linkage: the distance of two is the longer side of the box around both. It never shrinks
 * when pockets are joined, so chains of nearest neighbours find the same pairs as looking through all of them (nearest
 * neighbour chain, Murtagh 1983). A pocket stays in the square of the corner it began with: whatever it is joined with,
 * a partner within width_m begins within one square of side width_m from it. */
#include "core/gaps_join.h"

#include <kayoi/shape.h>

#include <math.h>
#include <string.h>

#include "core/sort.h"

typedef struct joiner {
  double width_m;
  uint32_t count;         /* pockets */
  ky_box *box;            /* [count] */
  uint32_t *chain;        /* [count] the group of points linked at far_m that it is part of */
  uint32_t *into;         /* [count] the pocket that it was joined to; itself: it stands */
  uint64_t *key;          /* [count] square of each entry of order[], ascending */
  uint32_t *order;        /* [count] pockets by square */
  uint32_t *column, *row; /* [count] square of each pocket */
} joiner;

static uint64_t square_key(uint32_t column, uint32_t row) {
  return (uint64_t)row << 32 | column;
}

static ky_err find_pockets(ky_job *job, const double *x_m, const double *y_m, uint32_t points, const uint32_t *pocket,
                           const uint32_t *chain, joiner *j) {
  double x_min = INFINITY, y_min = INFINITY;
  KY_NEW(job, scratch, j->box, j->count);
  KY_NEW(job, scratch, j->chain, j->count);
  KY_NEW(job, scratch, j->into, j->count);
  KY_NEW(job, scratch, j->key, j->count);
  KY_NEW(job, scratch, j->order, j->count);
  KY_NEW(job, scratch, j->column, j->count);
  KY_NEW(job, scratch, j->row, j->count);
  for (uint32_t p = 0; p < j->count; p++) j->box[p] = (ky_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (uint32_t i = 0; i < points; i++) {
    ky_box *box = &j->box[pocket[i]];
    *box = (ky_box){fmin(box->x_min, x_m[i]), fmin(box->y_min, y_m[i]), fmax(box->x_max, x_m[i]),
                    fmax(box->y_max, y_m[i])};
    j->chain[pocket[i]] = chain[i];
    x_min = fmin(x_min, x_m[i]);
    y_min = fmin(y_min, y_m[i]);
  }
  for (uint32_t p = 0; p < j->count; p++) {
    j->column[p] = 1 + (uint32_t)((j->box[p].x_min - x_min) / j->width_m);
    j->row[p] = 1 + (uint32_t)((j->box[p].y_min - y_min) / j->width_m);
    j->key[p] = square_key(j->column[p], j->row[p]);
    j->order[p] = j->into[p] = p;
  }
  return ky_sort_pairs(job, j->key, j->order, j->count);
}

static ky_box around_both(const ky_box *a, const ky_box *b) {
  return (ky_box){fmin(a->x_min, b->x_min), fmin(a->y_min, b->y_min), fmax(a->x_max, b->x_max),
                  fmax(a->y_max, b->y_max)};
}

static double longer_side(ky_box box) {
  return fmax(box.x_max - box.x_min, box.y_max - box.y_min);
}

/* First entry of order[] whose square is not before `key`. */
static uint32_t first_at(const joiner *j, uint64_t key) {
  uint32_t low = 0, high = j->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (j->key[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The pocket that makes the smallest group with p; of equal ones `liked`, else the lowest; KY_NONE: none fits. */
static uint32_t best_partner(const joiner *j, uint32_t p, uint32_t liked) {
  uint32_t best = KY_NONE;
  double best_m = j->width_m;
  for (uint32_t row = j->row[p] - 1; row <= j->row[p] + 1; row++) {
    const uint64_t last = square_key(j->column[p] + 1, row);
    for (uint32_t i = first_at(j, square_key(j->column[p] - 1, row)); i < j->count && j->key[i] <= last; i++) {
      const uint32_t q = j->order[i];
      if (q == p || j->into[q] != q || j->chain[q] != j->chain[p]) continue;
      const double side_m = longer_side(around_both(&j->box[p], &j->box[q]));
      if (side_m > best_m || (side_m == best_m && best != KY_NONE && (best == liked || (q != liked && q > best))))
        continue;
      best = q;
      best_m = side_m;
    }
  }
  return best;
}

static ky_err join_pockets(ky_job *job, joiner *j) {
  uint32_t *path, length = 0;
  KY_NEW(job, scratch, path, (size_t)j->count + 1);
  for (uint32_t from = 0; from < j->count; from++) {
    if (j->into[from] != from) continue;
    path[length++] = from;
    while (length != 0) {
      const uint32_t top = path[length - 1], before = length > 1 ? path[length - 2] : KY_NONE;
      const uint32_t next = best_partner(j, top, before);
      if (next == KY_NONE) {
        length--; /* it stands alone, and nothing leads to it */
      } else if (next == before) {
        const uint32_t kept = top < before ? top : before, gone = top < before ? before : top;
        j->box[kept] = around_both(&j->box[kept], &j->box[gone]);
        j->into[gone] = kept;
        length -= 2;
        if (length == 0) path[length++] = kept;
      } else {
        path[length++] = next;
      }
    }
  }
  return KY_OK;
}

/* Numbers of the groups in the order of their first pockets. */
static ky_err number_groups(ky_job *job, joiner *j, uint32_t points, uint32_t *group, uint32_t *group_count) {
  uint32_t *number;
  KY_NEW(job, scratch, number, j->count);
  *group_count = 0;
  for (uint32_t p = 0; p < j->count; p++) {
    if (j->into[p] == p)
      number[p] = (*group_count)++;
    else
      number[p] = number[j->into[p]]; /* lower, so it has one already */
  }
  for (uint32_t i = 0; i < points; i++) group[i] = number[group[i]];
  return KY_OK;
}

ky_err ky_group_points(ky_job *job, const double *x_m, const double *y_m, const uint32_t *people, uint32_t count,
                       const ky_groups_opts *opts, uint32_t *group, uint32_t *group_count) {
  uint32_t *chain, chain_count;
  joiner j = {.width_m = fmax(opts->width_m, 1)};
  *group_count = 0;
  if (count == 0) return KY_OK;
  KY_NEW(job, scratch, chain, count);
  KY_TRY(ky_cluster(job, x_m, y_m, people, count, &(ky_cluster_opts){fmax(opts->link_m, opts->far_m), INFINITY}, chain,
                    &chain_count));
  KY_TRY(ky_cluster(job, x_m, y_m, people, count, &(ky_cluster_opts){opts->link_m, opts->width_m}, group, &j.count));
  KY_TRY(find_pockets(job, x_m, y_m, count, group, chain, &j));
  KY_TRY(join_pockets(job, &j));
  return number_groups(job, &j, count, group, group_count);
}
