/* What areas of two layers have in common, counted on a fixed lattice of squares whose centres decide: integers, so the
 * answer does not depend on order, and outlines that cross themselves do no harm. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/changes_parts.h"

#define LARGEST_M 1e7 /* coordinates beyond are no places of a plane */
#define TALLEST_M 5e5 /* an area higher than that is none of one municipality */

typedef struct crossing {
  int64_t row;
  double x;
} crossing;

typedef struct crossings {
  crossing *of;
  uint32_t count;
} crossings;

static int64_t row_from(double y) {
  return (int64_t)ceil(y / KY_OVERLAP_M - 0.5);
}

static double row_y(int64_t row) {
  return ((double)row + 0.5) * KY_OVERLAP_M;
}

static bool is_usable(const ky_box *box) {
  return box->x_min <= box->x_max && box->x_min >= -LARGEST_M && box->x_max <= LARGEST_M && box->y_min >= -LARGEST_M &&
         box->y_max <= LARGEST_M && box->y_max - box->y_min <= TALLEST_M;
}

/* Rows of squares whose middle line the side from vertex v crosses. */
static void rows_of(const ky_shapes *shapes, uint32_t v, int64_t *from, int64_t *to) {
  const double y0 = shapes->y[v], y1 = shapes->y[v + 1];
  *from = row_from(y0 < y1 ? y0 : y1);
  *to = row_from(y0 < y1 ? y1 : y0);
}

static void cross_side(const ky_shapes *shapes, uint32_t v, crossings *out) {
  const double x0 = shapes->x[v], y0 = shapes->y[v], x1 = shapes->x[v + 1], y1 = shapes->y[v + 1];
  int64_t from, to;
  rows_of(shapes, v, &from, &to);
  for (int64_t row = from; row < to; row++)
    out->of[out->count++] = (crossing){.row = row, .x = x0 + (row_y(row) - y0) / (y1 - y0) * (x1 - x0)};
}

static int by_place(const void *p, const void *q) {
  const crossing *a = p, *b = q;
  if (a->row != b->row) return a->row < b->row ? -1 : 1;
  return (a->x > b->x) - (a->x < b->x);
}

static ky_err add_span(ky_job *job, const ky_span *span, ky_spans *spans) {
  if (spans->count == spans->capacity) {
    ky_span *more;
    const uint32_t capacity = spans->capacity == 0 ? 256 : spans->capacity * 2;
    KY_NEW(job, scratch, more, capacity);
    if (spans->count != 0) memcpy(more, spans->of, spans->count * sizeof *more);
    spans->of = more;
    spans->capacity = capacity;
  }
  spans->of[spans->count++] = *span;
  return KY_OK;
}

ky_err ky_spans_add(ky_job *job, const ky_shapes *shapes, uint32_t record, ky_spans *spans) {
  const ky_box box = ky_shape_box(shapes, record);
  const uint32_t first = shapes->first_part[record], end = shapes->first_part[record + 1];
  crossings c = {.count = 0};
  uint64_t needed = 0;
  if (first == end || !is_usable(&box)) return KY_OK;
  for (int pass = 0; pass < 2; pass++) {
    if (pass == 1) KY_NEW(job, scratch, c.of, needed);
    for (uint32_t p = first; p < end; p++) {
      for (uint32_t v = shapes->first_vertex[p]; v + 1 < shapes->first_vertex[p + 1]; v++) {
        int64_t from, to;
        rows_of(shapes, v, &from, &to);
        if (pass == 0) needed += (uint64_t)(to - from);
        if (pass == 1) cross_side(shapes, v, &c);
      }
    }
    if (needed == 0 || needed > UINT32_MAX) return KY_OK;
  }
  qsort(c.of, c.count, sizeof *c.of, by_place);
  for (uint32_t i = 0; i + 1 < c.count; i += 2) { /* even-odd: crossings of a row come in pairs */
    const ky_span span = {
        .row = c.of[i].row, .from = row_from(c.of[i].x), .to = row_from(c.of[i + 1].x), .record = record};
    if (span.from < span.to && c.of[i].row == c.of[i + 1].row) KY_TRY(add_span(job, &span, spans));
  }
  return KY_OK;
}

static int by_row(const void *p, const void *q) {
  const ky_span *a = p, *b = q;
  if (a->row != b->row) return a->row < b->row ? -1 : 1;
  if (a->from != b->from) return a->from < b->from ? -1 : 1;
  return (a->record > b->record) - (a->record < b->record);
}

static ky_err spans_of(ky_job *job, const ky_shapes *shapes, ky_spans *out, uint64_t **squares) {
  *out = (ky_spans){.count = 0};
  KY_NEW(job, scratch, *squares, shapes->count);
  for (uint32_t i = 0; i < shapes->count; i++) KY_TRY(ky_spans_add(job, shapes, i, out));
  for (uint32_t i = 0; i < out->count; i++)
    (*squares)[out->of[i].record] += (uint64_t)(out->of[i].to - out->of[i].from);
  if (out->count > 1) qsort(out->of, out->count, sizeof *out->of, by_row);
  return KY_OK;
}

static int by_pair(const void *p, const void *q) {
  const ky_overlap *a = p, *b = q;
  if (a->a != b->a) return a->a < b->a ? -1 : 1;
  return (a->b > b->b) - (a->b < b->b);
}

/* Every pair of spans of one row that meet; with found = NULL only counts. */
static uint64_t sweep(const ky_spans *a, const ky_spans *b, ky_overlap *found) {
  uint64_t count = 0;
  uint32_t first = 0;
  for (uint32_t i = 0; i < a->count; i++) {
    const ky_span *one = &a->of[i];
    while (first < b->count && b->of[first].row < one->row) first++;
    for (uint32_t j = first; j < b->count && b->of[j].row == one->row && b->of[j].from < one->to; j++) {
      const ky_span *two = &b->of[j];
      const int64_t from = one->from > two->from ? one->from : two->from, to = one->to < two->to ? one->to : two->to;
      if (from >= to) continue;
      if (found != NULL)
        found[count] = (ky_overlap){.a = one->record, .b = two->record, .squares = (uint64_t)(to - from)};
      count++;
    }
  }
  return count;
}

ky_err ky_overlaps_find(ky_job *job, const ky_shapes *a, const ky_shapes *b, ky_overlaps *out) {
  ky_spans one, two;
  *out = (ky_overlaps){.count = 0};
  KY_TRY(spans_of(job, a, &one, &out->squares_a));
  KY_TRY(spans_of(job, b, &two, &out->squares_b));
  const uint64_t count = sweep(&one, &two, NULL);
  KY_NEW(job, scratch, out->of, count);
  sweep(&one, &two, out->of);
  if (count > 1) qsort(out->of, count, sizeof *out->of, by_pair);
  for (uint64_t i = 0; i < count; i++) {
    ky_overlap *last = out->count != 0 ? &out->of[out->count - 1] : NULL;
    if (last != NULL && last->a == out->of[i].a && last->b == out->of[i].b)
      last->squares += out->of[i].squares;
    else
      out->of[out->count++] = out->of[i];
  }
  return KY_OK;
}
