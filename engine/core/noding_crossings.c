/* Crossings of lines on the ground: two segments with the ends of each on both sides of the other, or a vertex that
 * lies on a segment to the millimetre. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/noding_lines.h"

typedef struct crossing {
  ky_job *job;
  const ky_noding_lines *lines;
  uint32_t segment; /* looked at */
  ky_insertion *insertions;
  uint32_t count, capacity;
  ky_err err;
} crossing;

static ky_err insert(crossing *c, uint32_t segment, double x_mm, double y_mm) {
  const ky_noding_lines *lines = c->lines;
  uint32_t low, high;
  ky_noding_lines_ends(lines, segment, &low, &high);
  if (c->count == c->capacity) {
    const uint32_t capacity = c->capacity == 0 ? 1024 : c->capacity * 2;
    ky_insertion *larger;
    KY_NEW(c->job, scratch, larger, capacity);
    if (c->count != 0) memcpy(larger, c->insertions, c->count * sizeof *larger);
    c->insertions = larger;
    c->capacity = capacity;
  }
  c->insertions[c->count++] = (ky_insertion){
      .segment = segment, .along = hypot(x_mm - lines->x_mm[low], y_mm - lines->y_mm[low]), .x_mm = x_mm, .y_mm = y_mm};
  return KY_OK;
}

/* Twice the area of the triangle of a segment's ends and a vertex: its sign is the side. Differences of millimetres
 * are whole and small, so the products lose no digit that could turn the sign. */
static double side(const ky_noding_lines *lines, uint32_t a, uint32_t b, uint32_t v) {
  const double bx = lines->x_mm[b] - lines->x_mm[a], by = lines->y_mm[b] - lines->y_mm[a];
  const double vx = lines->x_mm[v] - lines->x_mm[a], vy = lines->y_mm[v] - lines->y_mm[a];
  return bx * vy - by * vx;
}

static bool is_between(const ky_noding_lines *lines, uint32_t a, uint32_t b, uint32_t v) {
  const double bx = lines->x_mm[b] - lines->x_mm[a], by = lines->y_mm[b] - lines->y_mm[a];
  const double t = bx * (lines->x_mm[v] - lines->x_mm[a]) + by * (lines->y_mm[v] - lines->y_mm[a]);
  return t > 0 && t < bx * bx + by * by;
}

/* A vertex of one on the other. */
static ky_err touch(crossing *c, uint32_t segment, uint32_t low, uint32_t high, uint32_t v, double side_of_v) {
  if (side_of_v != 0 || !is_between(c->lines, low, high, v)) return KY_OK;
  return insert(c, segment, c->lines->x_mm[v], c->lines->y_mm[v]);
}

static ky_err cross(crossing *c, uint32_t s, uint32_t t) {
  const ky_noding_lines *lines = c->lines;
  uint32_t a, b, p, q;
  ky_noding_lines_ends(lines, s, &a, &b);
  ky_noding_lines_ends(lines, t, &p, &q);
  if (a == p || a == q || b == p || b == q) return KY_OK;
  if (p < a || (p == a && q < b)) { /* the lower segment first, so that rounding does not depend on the order */
    const uint32_t other[3] = {s, a, b};
    s = t, a = p, b = q;
    t = other[0], p = other[1], q = other[2];
  }
  const double of_p = side(lines, a, b, p), of_q = side(lines, a, b, q);
  const double of_a = side(lines, p, q, a), of_b = side(lines, p, q, b);
  KY_TRY(touch(c, s, a, b, p, of_p));
  KY_TRY(touch(c, s, a, b, q, of_q));
  KY_TRY(touch(c, t, p, q, a, of_a));
  KY_TRY(touch(c, t, p, q, b, of_b));
  if (of_p * of_q >= 0 || of_a * of_b >= 0) return KY_OK;
  const double along = of_a / (of_a - of_b);
  const double x = lines->x_mm[a] + round(along * (lines->x_mm[b] - lines->x_mm[a]));
  const double y = lines->y_mm[a] + round(along * (lines->y_mm[b] - lines->y_mm[a]));
  KY_TRY(insert(c, s, x, y));
  return insert(c, t, x, y);
}

static bool visit(void *user, uint32_t item) {
  crossing *c = user;
  const ky_noding_lines *lines = c->lines;
  const uint32_t other = lines->segment[item], part = lines->part[c->segment], other_part = lines->part[other];
  if (other <= c->segment || part == other_part || lines->ways->is_bridge[lines->way[part]]) return true;
  if (!ky_noding_lines_level(lines, part, other_part)) return true;
  c->err = cross(c, c->segment, other);
  return c->err == KY_OK;
}

static int by_place(const void *left, const void *right) {
  const ky_insertion *a = left, *b = right;
  if (a->x_mm != b->x_mm) return a->x_mm < b->x_mm ? -1 : 1;
  return (a->y_mm > b->y_mm) - (a->y_mm < b->y_mm);
}

ky_err ky_noding_cross(ky_job *job, const ky_noding_lines *lines, ky_insertion **out, uint32_t *count,
                       uint32_t *place_count) {
  crossing c = {.job = job, .lines = lines};
  for (uint32_t s = 0; s < lines->segment_count; s++) {
    uint32_t low, high;
    c.segment = lines->segment[s];
    ky_noding_lines_ends(lines, c.segment, &low, &high);
    const double y_low = fmin(lines->y_mm[low], lines->y_mm[high]), y_high = fmax(lines->y_mm[low], lines->y_mm[high]);
    ky_rtree_query(&lines->tree, (ky_box){lines->x_mm[low], y_low, lines->x_mm[high], y_high}, visit, &c);
    KY_TRY(c.err);
  }
  *place_count = 0;
  if (c.count != 0) qsort(c.insertions, c.count, sizeof *c.insertions, by_place);
  for (uint32_t i = 0; i < c.count; i++)
    *place_count += i == 0 || by_place(&c.insertions[i - 1], &c.insertions[i]) != 0;
  *out = c.insertions;
  *count = c.count;
  return KY_OK;
}
