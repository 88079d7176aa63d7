/* Validity of polygons: see shapes_valid.h. Quadrangles, which is what grid cells are, are judged here without GEOS. */
#include "io/shapes_valid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/thread.h"
#include "io/geos.h"

#define CHUNK 256 /* records that one thread takes at a time */

/* One ring of four corners that all turn the same way is convex, so it is valid. */
static bool is_convex_quad(const ky_shapes *shapes, uint32_t record) {
  uint32_t part = shapes->first_part[record], v = shapes->first_vertex[part];
  if (shapes->first_part[record + 1] - part != 1 || shapes->first_vertex[part + 1] - v != 5) return false;
  const double *x = shapes->x + v, *y = shapes->y + v;
  int left = 0, right = 0;
  for (int i = 0; i < 4; i++) {
    int j = (i + 1) % 4, k = (i + 2) % 4;
    double turn = (x[j] - x[i]) * (y[k] - y[j]) - (y[j] - y[i]) * (x[k] - x[j]);
    left += turn > 0;
    right += turn < 0;
  }
  return left == 4 || right == 4;
}

static bool has_ring(const ky_shapes *shapes, uint32_t record) {
  for (uint32_t p = shapes->first_part[record]; p < shapes->first_part[record + 1]; p++)
    if (shapes->first_vertex[p + 1] - shapes->first_vertex[p] >= 4) return true;
  return false;
}

/* 1 valid, 0 not, -1 no memory. */
static int judge(ky_geos *geos, const ky_shapes *shapes, uint32_t record) {
  if (!has_ring(shapes, record) || is_convex_quad(shapes, record)) return 1;
  GEOSGeometry *polygons = ky_geos_polygons(geos, shapes, record);
  if (polygons == NULL) return -1;
  int is_valid = ky_geos_is_valid(geos, polygons) ? 1 : 0;
  GEOSGeom_destroy_r(geos->handle, polygons);
  return is_valid;
}

static ky_err judge_all(ky_job *job, const ky_shapes *shapes, int8_t *verdict) {
  ky_geos *geos;
  bool is_open = true;
  KY_NEW(job, scratch, geos, job->threads);
  for (int t = 0; t < job->threads; t++) is_open = ky_geos_open(&geos[t]) && is_open;
#pragma omp parallel for schedule(dynamic, CHUNK) num_threads(job->threads) if (shapes->count > CHUNK)
  for (uint32_t i = 0; i < shapes->count; i++)
    if (is_open) verdict[i] = (int8_t)judge(&geos[ky_thread()], shapes, i);
  for (int t = 0; t < job->threads; t++) ky_geos_close(&geos[t]);
  return is_open ? KY_OK : ky_fail_memory(job);
}

ky_err ky_shapes_invalid(ky_job *job, const ky_shapes *shapes, uint32_t **record, uint32_t *count) {
  *record = NULL;
  *count = 0;
  if (shapes->kind != KY_SHAPE_POLYGON && shapes->kind != KY_SHAPE_MIXED) return KY_OK;
  int8_t *verdict;
  uint32_t invalid = 0;
  KY_NEW(job, scratch, verdict, shapes->count);
  KY_TRY(judge_all(job, shapes, verdict));
  for (uint32_t i = 0; i < shapes->count; i++) {
    if (verdict[i] < 0) return ky_fail_memory(job);
    invalid += verdict[i] == 0;
  }
  KY_NEW(job, scratch, *record, invalid);
  for (uint32_t i = 0; i < shapes->count; i++)
    if (verdict[i] == 0) (*record)[(*count)++] = i;
  return KY_OK;
}

static bool repair(ky_geos *geos, ky_arena *arena, const ky_shapes *in, uint32_t record, double grid, ky_rings *out) {
  GEOSGeometry *polygons = ky_geos_valid(geos, ky_geos_polygons(geos, in, record));
  if (polygons != NULL && grid > 0) {
    GEOSGeometry *rounded = GEOSGeom_setPrecision_r(geos->handle, polygons, grid, 0);
    GEOSGeom_destroy_r(geos->handle, polygons);
    polygons = rounded;
  }
  bool is_done = polygons != NULL && ky_geos_rings(geos, polygons, arena, out);
  if (polygons != NULL) GEOSGeom_destroy_r(geos->handle, polygons);
  return is_done;
}

static ky_err repair_all(ky_job *job, const ky_shapes *in, const uint32_t *record, uint32_t count, double grid,
                         ky_rings *rings) {
  ky_geos geos;
  ky_err err = KY_OK;
  if (!ky_geos_open(&geos)) return ky_fail_memory(job);
  for (uint32_t k = 0; k < count && err == KY_OK; k++)
    if (!repair(&geos, &job->scratch, in, record[k], grid, &rings[k])) err = ky_geos_fail(job, &geos, "polygons");
  ky_geos_close(&geos);
  return err;
}

/* The record of `out` that begins at part, vertex; returns the end through both. */
static void copy_record(const ky_shapes *in, uint32_t record, const ky_rings *rings, ky_shapes *out, uint32_t *part,
                        uint32_t *vertex) {
  const uint32_t from = in->first_part[record];
  const uint32_t parts = rings != NULL ? rings->part_count : in->first_part[record + 1] - from;
  const uint32_t *first = rings != NULL ? rings->first_vertex : in->first_vertex + from;
  const uint8_t *is_hole = rings != NULL ? rings->is_hole : in->is_hole + from;
  if (parts == 0) return;
  const uint32_t start = first[0], vertices = first[parts] - start;
  for (uint32_t p = 0; p < parts; p++) {
    out->first_vertex[*part + p] = *vertex + first[p] - start;
    out->is_hole[*part + p] = is_hole[p];
  }
  memcpy(out->x + *vertex, (rings != NULL ? rings->x : in->x + start), vertices * sizeof *out->x);
  memcpy(out->y + *vertex, (rings != NULL ? rings->y : in->y + start), vertices * sizeof *out->y);
  *part += parts;
  *vertex += vertices;
}

ky_err ky_shapes_repair(ky_job *job, const ky_shapes *in, const uint32_t *record, uint32_t count, double grid,
                        ky_shapes *out) {
  ky_rings *rings;
  KY_NEW(job, scratch, rings, count);
  KY_TRY(repair_all(job, in, record, count, grid, rings));
  uint64_t parts = in->part_count, vertices = in->vertex_count;
  for (uint32_t k = 0; k < count; k++) {
    uint32_t from = in->first_part[record[k]], to = in->first_part[record[k] + 1];
    parts = parts - (to - from) + rings[k].part_count;
    vertices = vertices - (in->first_vertex[to] - in->first_vertex[from]) + rings[k].vertex_count;
  }
  if (vertices >= KY_NONE) return ky_fail_memory(job);
  KY_TRY(ky_shapes_new(job, in->kind, in->count, (uint32_t)parts, (uint32_t)vertices, out));
  uint32_t part = 0, vertex = 0;
  for (uint32_t i = 0, k = 0; i < in->count; i++) {
    bool is_repaired = k < count && record[k] == i;
    out->first_part[i] = part;
    copy_record(in, i, is_repaired ? &rings[k] : NULL, out, &part, &vertex);
    k += is_repaired;
  }
  out->first_part[in->count] = part;
  out->first_vertex[part] = vertex;
  return KY_OK;
}

ky_err ky_shapes_ensure_valid(ky_job *job, const char *source, const char *const *id, ky_shapes *shapes) {
  uint32_t *record, count;
  KY_TRY(ky_shapes_invalid(job, shapes, &record, &count));
  if (count == 0) return KY_OK;
  ky_shapes repaired;
  KY_TRY(ky_shapes_repair(job, shapes, record, count, 0, &repaired));
  for (uint32_t k = 0; k < count; k++) {
    const char *name = id != NULL ? id[record[k]] : ky_format(&job->scratch, "%u", record[k] + 1);
    ky_box box = ky_shape_box(shapes, record[k]);
    ky_issue_add(
        job,
        &(ky_issue){
            .severity = KY_WARNING,
            .source = source,
            .record = name,
            .field = "geometry",
            .reason = "invalid_polygon",
            .action = ky_tr("it was written as valid polygons with the same places inside; repair it in the source"),
            .has_place = true,
            .x_m = (box.x_min + box.x_max) / 2,
            .y_m = (box.y_min + box.y_max) / 2},
        ky_tr("%s %s: its outline crosses itself or its parts overlap (area before %.0f m2, after %.0f m2)"), source,
        name != NULL ? name : "", ky_shape_area_m2(shapes, record[k]), ky_shape_area_m2(&repaired, record[k]));
  }
  *shapes = repaired;
  return KY_OK;
}
