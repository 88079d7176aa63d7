/* Projection of one source. */
#include "io/project.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/crs.h"
#include "io/raw_edit.h"

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static uint32_t first_vertex(const ky_shapes *shapes, uint32_t record) {
  uint32_t part = shapes->first_part[record];
  return part == shapes->first_part[record + 1] ? KY_NONE : shapes->first_vertex[part];
}

ky_err ky_shapes_middle(ky_job *job, const ky_shapes *shapes, double *x, double *y) {
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
static const char *judge(const ky_shapes *shapes, uint32_t record, bool is_grid, double x, double y) {
  uint32_t first = first_vertex(shapes, record);
  const char *reason = NULL;
  if (first == KY_NONE) return NULL;
  for (uint32_t v = first; v < shapes->first_vertex[shapes->first_part[record + 1]]; v++) {
    if (!isfinite(shapes->x[v]) || !isfinite(shapes->y[v])) return "coordinates_not_projectable";
    if (!is_grid && hypot(shapes->x[v] - x, shapes->y[v] - y) > KY_UNUSED_M) reason = "coordinates_far";
  }
  return reason;
}

static void report_bad(ky_job *job, const ky_raw *raw, const char *where, uint32_t record, const char *reason,
                       bool place_only) {
  const char *people = ky_raw_value(raw, "pop_total", record);
  const ky_issue issue = {.severity = place_only ? KY_WARNING : KY_ERROR,
                          .source = where,
                          .record = raw->record[record],
                          .field = "geometry",
                          .reason = reason,
                          .action = place_only ? ky_tr("its coordinates are not used; correct them in the file")
                                               : ky_tr("left out; correct its coordinates, or crs: of the source")};
  if (people != NULL)
    ky_issue_add(job, &issue, ky_tr("its place is more than 500 km from the municipality (people there: %s)"), people);
  else
    ky_issue_add(job, &issue, "%s", ky_tr("its place is more than 500 km from the municipality"));
}

/* Takes out the records without a usable place. Distant lines and buildings of a large extract are no fault: they are
 * counted only. */
static ky_err take_out(ky_job *job, double x, double y, ky_raw *raw) {
  const bool place_only = ky_role_is_geocoded(raw->source->role) || raw->source->role == KY_ROLE_FEEDS,
             is_grid = raw->extent.count != 0;
  const bool is_line = raw->source->role == KY_ROLE_ROADS || raw->source->role == KY_ROLE_BARRIERS,
             is_building = raw->source->role == KY_ROLE_BUILDINGS;
  const char *where = ky_source_where(job, raw->source);
  bool *keep;
  uint32_t bad = 0, far_count = 0, placed = 0;
  if (!isfinite(x) || !isfinite(y)) KY_TRY(ky_shapes_middle(job, &raw->shapes, &x, &y));
  KY_NEW(job, scratch, keep, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *reason = judge(&raw->shapes, i, is_grid, x, y);
    placed += first_vertex(&raw->shapes, i) != KY_NONE;
    keep[i] = reason == NULL;
    if (keep[i]) continue;
    if ((is_line || is_building) && strcmp(reason, "coordinates_far") == 0) {
      far_count++;
      continue;
    }
    bad++;
    report_bad(job, raw, where, i, reason, place_only);
  }
  if (bad + far_count == 0) return KY_OK;
  if (bad + far_count == placed && placed > 1)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s: not one of its %u places is within 500 km of the municipality (read as %s); look at "
                         "crs: of this source and at the file"),
                   where, placed, raw->crs);
  if (far_count != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = where,
                             .field = "geometry",
                             .reason = "coordinates_far",
                             .action = ky_tr("left out; a smaller extract is read faster")},
                 is_line ? ky_tr("%u of %u lines are more than 500 km from the municipality")
                         : ky_tr("%u of %u buildings are more than 500 km from the municipality"),
                 far_count, raw->count);
  if (!place_only) raw->bad_count += bad;
  ky_raw_keep(keep, place_only, raw);
  return KY_OK;
}

ky_err ky_project(ky_job *job, const char *crs, ky_raw *raw) {
  if (raw->shapes.kind == KY_SHAPE_NONE || raw->crs == NULL) return KY_OK;
  KY_TRY(ky_crs_transform(job, raw->crs, crs, raw->shapes.x, raw->shapes.y, raw->shapes.vertex_count));
  KY_TRY(ky_crs_transform(job, raw->crs, crs, raw->extent.x, raw->extent.y, raw->extent.vertex_count));
  return ky_crs_warn_datum(job, ky_source_where(job, raw->source), raw->crs, crs);
}

ky_err ky_project_check(ky_job *job, double x, double y, ky_raw *raw) {
  return raw->shapes.kind == KY_SHAPE_NONE || raw->crs == NULL ? KY_OK : take_out(job, x, y, raw);
}
