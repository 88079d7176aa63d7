/* Shapes as flat arrays: counting, measuring, locating. */
#include <kayoi/shape.h>
#include <math.h>
#include <string.h>

__extension__ typedef __int128 wide;

ky_err ky_shapes_new(ky_job *job, ky_shape_kind kind, uint32_t count, uint32_t part_count, uint32_t vertex_count,
                     ky_shapes *out) {
  memset(out, 0, sizeof *out);
  out->kind = kind;
  out->count = count;
  out->part_count = part_count;
  out->vertex_count = vertex_count;
  KY_NEW(job, keep, out->first_part, (size_t)count + 1);
  KY_NEW(job, keep, out->first_vertex, (size_t)part_count + 1);
  if (kind == KY_SHAPE_POLYGON || kind == KY_SHAPE_MIXED) KY_NEW(job, keep, out->is_hole, part_count);
  KY_NEW(job, keep, out->x, vertex_count);
  KY_NEW(job, keep, out->y, vertex_count);
  return KY_OK;
}

static ky_box vertices_box(const ky_shapes *shapes, uint32_t from, uint32_t to) {
  ky_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (uint32_t v = from; v < to; v++) {
    box.x_min = fmin(box.x_min, shapes->x[v]);
    box.x_max = fmax(box.x_max, shapes->x[v]);
    box.y_min = fmin(box.y_min, shapes->y[v]);
    box.y_max = fmax(box.y_max, shapes->y[v]);
  }
  return box;
}

ky_box ky_shapes_box(const ky_shapes *shapes) {
  return vertices_box(shapes, 0, shapes->vertex_count);
}

ky_box ky_shape_box(const ky_shapes *shapes, uint32_t record) {
  return vertices_box(shapes, shapes->first_vertex[shapes->first_part[record]],
                      shapes->first_vertex[shapes->first_part[record + 1]]);
}

double ky_shape_area_m2(const ky_shapes *shapes, uint32_t record) {
  double area = 0;
  for (uint32_t p = shapes->first_part[record]; p < shapes->first_part[record + 1]; p++) {
    uint32_t from = shapes->first_vertex[p], to = shapes->first_vertex[p + 1];
    if (to - from < 4) continue;
    double x0 = shapes->x[from], y0 = shapes->y[from], twice = 0;
    for (uint32_t v = from; v + 1 < to; v++)
      twice += (shapes->x[v] - x0) * (shapes->y[v + 1] - y0) - (shapes->x[v + 1] - x0) * (shapes->y[v] - y0);
    area += shapes->is_hole[p] ? -fabs(twice) / 2 : fabs(twice) / 2;
  }
  return area;
}

void ky_shape_centroid(const ky_shapes *shapes, uint32_t record, double *x, double *y) {
  double area = 0, sx = 0, sy = 0;
  uint32_t first = shapes->first_vertex[shapes->first_part[record]];
  double x0 = shapes->x[first], y0 = shapes->y[first];
  for (uint32_t p = shapes->first_part[record]; p < shapes->first_part[record + 1]; p++) {
    double ring = 0, rx = 0, ry = 0;
    for (uint32_t v = shapes->first_vertex[p]; v + 1 < shapes->first_vertex[p + 1]; v++) {
      double ax = shapes->x[v] - x0, ay = shapes->y[v] - y0, bx = shapes->x[v + 1] - x0, by = shapes->y[v + 1] - y0;
      double twice = ax * by - bx * ay;
      ring += twice;
      rx += (ax + bx) * twice;
      ry += (ay + by) * twice;
    }
    const bool is_hole = shapes->is_hole != NULL && shapes->is_hole[p] != 0;
    double sign = (ring < 0) == is_hole ? 1 : -1; /* holes take away whatever their direction */
    area += sign * ring;
    sx += sign * rx;
    sy += sign * ry;
  }
  *x = area != 0 ? x0 + sx / (3 * area) : x0;
  *y = area != 0 ? y0 + sy / (3 * area) : y0;
}

static int64_t to_mm(double m) {
  return llround(m * 1000.0);
}

/* Even-odd over all rings at once: a ray to +x; a point on a segment is on the boundary. All in integers of a
 * millimetre, so neighbours that share an edge agree about every point. */
int ky_shape_locate(const ky_shapes *shapes, uint32_t record, double x, double y) {
  const int64_t px = to_mm(x), py = to_mm(y);
  bool inside = false;
  for (uint32_t p = shapes->first_part[record]; p < shapes->first_part[record + 1]; p++) {
    uint32_t from = shapes->first_vertex[p], to = shapes->first_vertex[p + 1];
    if (to - from < 4) continue;
    int64_t ax = to_mm(shapes->x[from]), ay = to_mm(shapes->y[from]);
    for (uint32_t v = from + 1; v < to; v++) {
      int64_t bx = to_mm(shapes->x[v]), by = to_mm(shapes->y[v]);
      if ((ay <= py || by <= py) && (ay >= py || by >= py)) {
        wide turn = (wide)(bx - ax) * (py - ay) - (wide)(by - ay) * (px - ax);
        if (turn == 0 && ((ax <= px && px <= bx) || (bx <= px && px <= ax))) return 0;
        if ((ay > py) != (by > py) && (by > ay) == (turn > 0)) inside = !inside;
      }
      ax = bx;
      ay = by;
    }
  }
  return inside ? 1 : -1;
}

ky_err ky_shapes_pick(ky_job *job, const ky_shapes *in, const uint32_t *order, uint32_t order_count, ky_shapes *out) {
  uint32_t part_count = 0, vertex_count = 0;
  for (uint32_t i = 0; i < order_count; i++) {
    uint32_t from = in->first_part[order[i]], to = in->first_part[order[i] + 1];
    part_count += to - from;
    vertex_count += in->first_vertex[to] - in->first_vertex[from];
  }
  KY_TRY(ky_shapes_new(job, in->kind, order_count, part_count, vertex_count, out));
  uint32_t part = 0, vertex = 0;
  for (uint32_t i = 0; i < order_count; i++) {
    out->first_part[i] = part;
    for (uint32_t p = in->first_part[order[i]]; p < in->first_part[order[i] + 1]; p++) {
      uint32_t from = in->first_vertex[p], n = in->first_vertex[p + 1] - from;
      out->first_vertex[part] = vertex;
      if (out->is_hole != NULL) out->is_hole[part] = in->is_hole[p];
      memcpy(out->x + vertex, in->x + from, n * sizeof *out->x);
      memcpy(out->y + vertex, in->y + from, n * sizeof *out->y);
      vertex += n;
      part++;
    }
  }
  out->first_part[order_count] = part;
  out->first_vertex[part] = vertex;
  return KY_OK;
}

ky_err ky_shapes_stack(ky_job *job, const ky_shapes *const *in, uint32_t in_count, ky_shapes *out) {
  uint32_t count = 0, part_count = 0, vertex_count = 0, record = 0, part = 0, vertex = 0;
  for (uint32_t s = 0; s < in_count; s++) {
    count += in[s]->count;
    part_count += in[s]->part_count;
    vertex_count += in[s]->vertex_count;
  }
  KY_TRY(ky_shapes_new(job, in[0]->kind, count, part_count, vertex_count, out));
  for (uint32_t s = 0; s < in_count; s++) {
    for (uint32_t i = 0; i < in[s]->count; i++) out->first_part[record++] = part + in[s]->first_part[i];
    for (uint32_t p = 0; p < in[s]->part_count; p++) out->first_vertex[part + p] = vertex + in[s]->first_vertex[p];
    if (out->is_hole != NULL && in[s]->part_count != 0) memcpy(out->is_hole + part, in[s]->is_hole, in[s]->part_count);
    if (in[s]->vertex_count != 0) {
      memcpy(out->x + vertex, in[s]->x, in[s]->vertex_count * sizeof *out->x);
      memcpy(out->y + vertex, in[s]->y, in[s]->vertex_count * sizeof *out->y);
    }
    part += in[s]->part_count;
    vertex += in[s]->vertex_count;
  }
  out->first_part[count] = part;
  out->first_vertex[part_count] = vertex;
  return KY_OK;
}

const char *ky_shapes_check(const ky_shapes *shapes) {
  if (shapes->kind == KY_SHAPE_NONE) return NULL;
  if (shapes->first_part[0] != 0 || shapes->first_part[shapes->count] != shapes->part_count)
    return "parts do not fill the records";
  if (shapes->first_vertex[0] != 0 || shapes->first_vertex[shapes->part_count] != shapes->vertex_count)
    return "vertices do not fill the parts";
  for (uint32_t i = 0; i < shapes->count; i++)
    if (shapes->first_part[i] > shapes->first_part[i + 1]) return "parts are not ascending";
  for (uint32_t p = 0; p < shapes->part_count; p++) {
    uint32_t from = shapes->first_vertex[p], to = shapes->first_vertex[p + 1];
    if (from >= to) return "a part is empty";
    if (shapes->kind == KY_SHAPE_POINT && to - from != 1) return "a point has more than one vertex";
    if (shapes->kind == KY_SHAPE_LINE && to - from < 2) return "a line has fewer than two vertices";
    bool is_ring = shapes->kind == KY_SHAPE_POLYGON || (shapes->kind == KY_SHAPE_MIXED && to - from > 1);
    if (is_ring && to - from < 4) return "a ring has fewer than four vertices";
    if (is_ring && (shapes->x[from] != shapes->x[to - 1] || shapes->y[from] != shapes->y[to - 1]))
      return "a ring is not closed";
  }
  for (uint32_t v = 0; v < shapes->vertex_count; v++)
    if (!isfinite(shapes->x[v]) || !isfinite(shapes->y[v])) return "a coordinate is not finite";
  return NULL;
}
