/* Vertices, segments and components of lines, and lines made new from moved and added vertices. */
#include "core/noding_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/sort.h"

static ky_err number_vertices(ky_job *job, const ky_ways *ways, ky_noding_lines *out) {
  const uint32_t n = ways->shapes.vertex_count;
  double *x, *y, x_min = INFINITY, y_min = INFINITY, x_max = -INFINITY, y_max = -INFINITY;
  uint64_t *key;
  uint32_t *order;
  KY_NEW(job, scratch, x, n);
  KY_NEW(job, scratch, y, n);
  KY_NEW(job, scratch, key, n);
  KY_NEW(job, scratch, order, n);
  KY_NEW(job, scratch, out->vertex, n);
  KY_NEW(job, scratch, out->x_mm, n);
  KY_NEW(job, scratch, out->y_mm, n);
  for (uint32_t v = 0; v < n; v++) {
    x[v] = round(ways->shapes.x[v] * 1000.0);
    y[v] = round(ways->shapes.y[v] * 1000.0);
    x_min = fmin(x_min, x[v]);
    y_min = fmin(y_min, y[v]);
    x_max = fmax(x_max, x[v]);
    y_max = fmax(y_max, y[v]);
  }
  if (n != 0 && (x_max - x_min > UINT32_MAX || y_max - y_min > UINT32_MAX))
    return ky_fail(
        job, KY_E_INPUT,
        ky_tr("roads: they reach over %.0f x %.0f km; kayoi takes up to 4,294 km: cut them to the region, or "
              "look for coordinates that are far off"),
        (x_max - x_min) / 1e6, (y_max - y_min) / 1e6);
  for (uint32_t v = 0; v < n; v++) {
    key[v] = (uint64_t)(x[v] - x_min) << 32 | (uint64_t)(y[v] - y_min);
    order[v] = v;
  }
  KY_TRY(ky_sort_pairs(job, key, order, n));
  for (uint32_t i = 0; i < n; i++) {
    if (i == 0 || key[i] != key[i - 1]) {
      out->x_mm[out->distinct_count] = x[order[i]];
      out->y_mm[out->distinct_count++] = y[order[i]];
    }
    out->vertex[order[i]] = out->distinct_count - 1;
  }
  return KY_OK;
}

ky_err ky_noding_lines_index(ky_job *job, const ky_ways *ways, ky_noding_lines *out) {
  const ky_shapes *shapes = &ways->shapes;
  double(*box)[4];
  memset(out, 0, sizeof *out);
  out->ways = ways;
  KY_TRY(number_vertices(job, ways, out));
  KY_NEW(job, scratch, out->use, out->distinct_count);
  KY_NEW(job, scratch, out->part, shapes->vertex_count);
  KY_NEW(job, scratch, out->way, shapes->part_count);
  KY_NEW(job, scratch, out->segment, shapes->vertex_count);
  KY_NEW(job, scratch, box, shapes->vertex_count);
  for (uint32_t way = 0; way < shapes->count; way++)
    for (uint32_t p = shapes->first_part[way]; p < shapes->first_part[way + 1]; p++) out->way[p] = way;
  for (uint32_t p = 0; p < shapes->part_count; p++) {
    const uint32_t first = shapes->first_vertex[p], end = shapes->first_vertex[p + 1];
    for (uint32_t v = first; v < end; v++) {
      const uint32_t a = out->vertex[v], b = v + 1 < end ? out->vertex[v + 1] : a;
      out->use[a] |= v == first || v + 1 == end ? KY_IS_LINE_END : KY_IS_LINE_INNER;
      out->part[v] = p;
      if (v + 1 == end) continue;
      double *of = box[out->segment_count];
      of[0] = fmin(out->x_mm[a], out->x_mm[b]);
      of[1] = fmin(out->y_mm[a], out->y_mm[b]);
      of[2] = fmax(out->x_mm[a], out->x_mm[b]);
      of[3] = fmax(out->y_mm[a], out->y_mm[b]);
      out->segment[out->segment_count++] = v;
    }
  }
  return ky_rtree_build(job, &job->scratch, &box[0][0], out->segment_count, &out->tree);
}

static uint32_t root_of(uint32_t *parent, uint32_t v) {
  while (parent[v] != v) v = parent[v] = parent[parent[v]];
  return v;
}

ky_err ky_noding_lines_components(ky_job *job, const ky_noding_lines *lines, uint32_t *count) {
  uint32_t *parent;
  KY_NEW(job, scratch, parent, lines->distinct_count);
  for (uint32_t d = 0; d < lines->distinct_count; d++) parent[d] = d;
  *count = lines->distinct_count;
  for (uint32_t s = 0; s < lines->segment_count; s++) {
    const uint32_t v = lines->segment[s];
    const uint32_t a = root_of(parent, lines->vertex[v]), b = root_of(parent, lines->vertex[v + 1]);
    if (a == b) continue;
    parent[a < b ? b : a] = a < b ? a : b;
    --*count;
  }
  return KY_OK;
}

void ky_noding_lines_ends(const ky_noding_lines *lines, uint32_t segment, uint32_t *low, uint32_t *high) {
  const uint32_t a = lines->vertex[segment], b = lines->vertex[segment + 1];
  *low = a < b ? a : b;
  *high = a < b ? b : a;
}

bool ky_noding_lines_level(const ky_noding_lines *lines, uint32_t part, uint32_t other) {
  const ky_ways *ways = lines->ways;
  const uint32_t a = lines->way[part], b = lines->way[other];
  const uint32_t ferry = 1u << KY_STREET_FERRY;
  if (ways->class_bits[a] == ferry || ways->class_bits[b] == ferry) return false;
  if (ways->is_bridge[a] != ways->is_bridge[b]) return false;
  if (ways->layer == NULL) return true;
  return ways->layer[a] == ways->layer[b] && ways->layer[a] != KY_LAYER_UNKNOWN;
}

static int by_segment(const void *left, const void *right) {
  const ky_insertion *a = left, *b = right;
  if (a->segment != b->segment) return a->segment < b->segment ? -1 : 1;
  if (a->along != b->along) return a->along < b->along ? -1 : 1;
  if (a->x_mm != b->x_mm) return a->x_mm < b->x_mm ? -1 : 1;
  return (a->y_mm > b->y_mm) - (a->y_mm < b->y_mm);
}

/* A line under construction. */
typedef struct writing {
  ky_shapes *shapes;
  uint32_t first; /* vertex at which it begins */
} writing;

/* Adds a vertex unless the line stands there already. */
static void write_vertex(writing *w, double x_mm, double y_mm) {
  ky_shapes *shapes = w->shapes;
  const double x = x_mm / 1000.0, y = y_mm / 1000.0;
  const uint32_t n = shapes->vertex_count;
  if (n > w->first && shapes->x[n - 1] == x && shapes->y[n - 1] == y) return;
  shapes->x[n] = x;
  shapes->y[n] = y;
  shapes->vertex_count++;
}

/* The insertions [from, to) of one segment, in the line's direction. */
static void write_insertions(writing *w, const ky_insertion *insertions, uint32_t from, uint32_t to,
                             bool is_backwards) {
  for (uint32_t i = from; i < to; i++) {
    const ky_insertion *at = &insertions[is_backwards ? to - 1 - (i - from) : i];
    write_vertex(w, at->x_mm, at->y_mm);
  }
}

ky_err ky_noding_lines_rebuild(ky_job *job, const ky_noding_lines *lines, const double *x_mm, const double *y_mm,
                               ky_insertion *insertions, uint32_t insertion_count, ky_ways *out, uint32_t *lost) {
  const ky_shapes *in = &lines->ways->shapes;
  const uint32_t count = in->count;
  uint32_t *claimed_mm, next = 0;
  *out = *lines->ways;
  KY_TRY(ky_shapes_new(job, KY_SHAPE_LINE, count, in->part_count, in->vertex_count + insertion_count, &out->shapes));
  KY_NEW(job, keep, claimed_mm, count);
  if (count != 0) memcpy(claimed_mm, lines->ways->claimed_mm, count * sizeof *claimed_mm);
  out->claimed_mm = claimed_mm;
  ky_shapes *shapes = &out->shapes;
  shapes->part_count = shapes->vertex_count = 0;
  if (insertion_count != 0) qsort(insertions, insertion_count, sizeof *insertions, by_segment);
  for (uint32_t way = 0; way < count; way++) {
    shapes->first_part[way] = shapes->part_count;
    for (uint32_t p = in->first_part[way]; p < in->first_part[way + 1]; p++) {
      writing w = {shapes, shapes->vertex_count};
      for (uint32_t v = in->first_vertex[p]; v < in->first_vertex[p + 1]; v++) {
        const uint32_t from = next;
        write_vertex(&w, x_mm[lines->vertex[v]], y_mm[lines->vertex[v]]);
        while (next < insertion_count && insertions[next].segment == v) next++;
        if (from < next) write_insertions(&w, insertions, from, next, lines->vertex[v] > lines->vertex[v + 1]);
      }
      shapes->first_vertex[shapes->part_count] = w.first;
      if (shapes->vertex_count - w.first >= 2) {
        shapes->part_count++;
        continue;
      }
      shapes->vertex_count = w.first;
      claimed_mm[way] = KY_NONE;
      ++*lost;
    }
  }
  shapes->first_part[count] = shapes->part_count;
  shapes->first_vertex[shapes->part_count] = shapes->vertex_count;
  return KY_OK;
}
