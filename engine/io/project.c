/* Projection of one source. */
#include "io/project.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/crs.h"
#include "io/role_columns.h"

#define FAR_M 500000.0

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static uint32_t first_vertex(const ky_shapes *shapes, uint32_t record) {
  uint32_t part = shapes->first_part[record];
  return part == shapes->first_part[record + 1] ? KY_NONE : shapes->first_vertex[part];
}

/* Median of the first vertices: the middle of the source, whatever its outliers. */
static ky_err find_middle(ky_job *job, const ky_shapes *shapes, double *x, double *y) {
  double *values;
  KY_NEW(job, scratch, values, shapes->count);
  for (int axis = 0; axis < 2; axis++) {
    const double *at = axis == 0 ? shapes->x : shapes->y;
    uint32_t n = 0;
    for (uint32_t i = 0; i < shapes->count; i++) {
      uint32_t v = first_vertex(shapes, i);
      if (v != KY_NONE && isfinite(at[v])) values[n++] = at[v];
    }
    if (n != 0) qsort(values, n, sizeof *values, by_value);
    *(axis == 0 ? x : y) = n == 0 ? NAN : values[n / 2];
  }
  return KY_OK;
}

/* NULL: a good place; else the reason. */
static const char *judge(const ky_shapes *shapes, uint32_t record, double x, double y) {
  uint32_t first = first_vertex(shapes, record);
  if (first == KY_NONE) return NULL;
  for (uint32_t v = first; v < shapes->first_vertex[shapes->first_part[record + 1]]; v++)
    if (!isfinite(shapes->x[v]) || !isfinite(shapes->y[v])) return "coordinates_not_projectable";
  return hypot(shapes->x[first] - x, shapes->y[first] - y) > FAR_M ? "coordinates_far" : NULL;
}

/* Keeps the records (or, where place_only, just their places) that keep[] allows. */
static void compact(const bool *keep, bool place_only, ky_raw *raw) {
  ky_shapes *s = &raw->shapes;
  uint32_t record = 0, part = 0, vertex = 0;
  for (uint32_t i = 0; i < raw->count; i++) {
    if (!keep[i] && !place_only) continue;
    uint32_t from = s->first_part[i], to = keep[i] ? s->first_part[i + 1] : from;
    s->first_part[record] = part; /* record <= i, so nothing unread is overwritten */
    for (uint32_t p = from; p < to; p++, part++) {
      uint32_t first = s->first_vertex[p], n = s->first_vertex[p + 1] - first;
      s->first_vertex[part] = vertex;
      if (s->is_hole != NULL) s->is_hole[part] = s->is_hole[p];
      memmove(s->x + vertex, s->x + first, n * sizeof *s->x);
      memmove(s->y + vertex, s->y + first, n * sizeof *s->y);
      vertex += n;
    }
    raw->record[record] = raw->record[i];
    for (uint32_t c = 0; c < raw->column_count; c++) raw->columns[c].value[record] = raw->columns[c].value[i];
    record++;
  }
  s->first_part[record] = part;
  s->first_vertex[part] = vertex;
  s->count = raw->count = record;
  s->part_count = part;
  s->vertex_count = vertex;
}

static ky_err take_out(ky_job *job, ky_raw *raw) {
  const bool place_only = raw->source->role == KY_ROLE_VENUES;
  const char *where = ky_source_where(job, raw->source);
  double x = NAN, y = NAN;
  bool *keep;
  uint32_t bad = 0;
  KY_TRY(find_middle(job, &raw->shapes, &x, &y));
  KY_NEW(job, scratch, keep, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *reason = judge(&raw->shapes, i, x, y);
    keep[i] = reason == NULL;
    if (keep[i]) continue;
    bad++;
    const char *people = ky_raw_value(raw, "pop_total", i);
    ky_issue_add(job, &(ky_issue){.severity = place_only ? KY_WARNING : KY_ERROR, .source = where, .record = raw->record[i],
                                  .field = "geometry", .reason = reason,
                                  .action = place_only ? ky_tr("listed without a position, so it does not count; correct its coordinates")
                                                       : ky_tr("left out; correct its coordinates, or crs: of the source")},
                 people != NULL ? ky_tr("its place is not in the region of the other records (people there: %s)")
                                : ky_tr("its place is not in the region of the other records%s"),
                 people != NULL ? people : "");
  }
  if (bad == 0) return KY_OK;
  if (!place_only) raw->bad_count += bad;
  compact(keep, place_only, raw);
  return KY_OK;
}

ky_err ky_project(ky_job *job, const char *crs, ky_raw *raw) {
  if (raw->shapes.kind == KY_SHAPE_NONE || raw->crs == NULL) return KY_OK;
  KY_TRY(ky_crs_transform(job, raw->crs, crs, raw->shapes.x, raw->shapes.y, raw->shapes.vertex_count));
  KY_TRY(ky_crs_transform(job, raw->crs, crs, raw->extent.x, raw->extent.y, raw->extent.vertex_count));
  KY_TRY(ky_crs_warn_datum(job, ky_source_where(job, raw->source), raw->crs, crs));
  return take_out(job, raw);
}
