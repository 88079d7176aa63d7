/* The municipality's place: see geocode_home.h. */
#include "io/geocode_home.h"

#include <math.h>

/* Published borders are generalised by tens to hundreds of metres; coasts most. */
#define NEAR_M 500.0

static void find_box(ky_home *home) {
  home->box = (ky_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (uint32_t r = 0; r < home->raw_count; r++) {
    if (home->raws[r].source->role != home->role || home->raws[r].shapes.vertex_count == 0) continue;
    const ky_box box = ky_shapes_box(&home->raws[r].shapes);
    home->box = (ky_box){fmin(home->box.x_min, box.x_min), fmin(home->box.y_min, box.y_min),
                         fmax(home->box.x_max, box.x_max), fmax(home->box.y_max, box.y_max)};
  }
}

void ky_home_find(const ky_raw *raws, uint32_t raw_count, ky_home *out) {
  *out = (ky_home){.raws = raws, .raw_count = raw_count, .role = KY_ROLE_BORDER};
  find_box(out);
  if (out->box.x_min <= out->box.x_max) return;
  out->role = KY_ROLE_ZONES;
  find_box(out);
}

double ky_home_distance_m(const ky_home *home, double x, double y) {
  const double dx = fmax(0, fmax(home->box.x_min - x, x - home->box.x_max));
  const double dy = fmax(0, fmax(home->box.y_min - y, y - home->box.y_max));
  return hypot(dx, dy);
}

static double segment_distance_m(double x, double y, double ax, double ay, double bx, double by) {
  const double dx = bx - ax, dy = by - ay, length2 = dx * dx + dy * dy;
  double t = length2 > 0 ? ((x - ax) * dx + (y - ay) * dy) / length2 : 0;
  t = fmin(1, fmax(0, t));
  return hypot(x - (ax + t * dx), y - (ay + t * dy));
}

static bool is_near_edge(const ky_shapes *shapes, uint32_t record, double x, double y, double margin_m) {
  for (uint32_t p = shapes->first_part[record]; p < shapes->first_part[record + 1]; p++)
    for (uint32_t v = shapes->first_vertex[p]; v + 1 < shapes->first_vertex[p + 1]; v++)
      if (segment_distance_m(x, y, shapes->x[v], shapes->y[v], shapes->x[v + 1], shapes->y[v + 1]) <= margin_m)
        return true;
  return false;
}

bool ky_home_near(const ky_home *home, double x, double y, double margin_m) {
  if (!(ky_home_distance_m(home, x, y) <= margin_m)) return false;
  for (uint32_t r = 0; r < home->raw_count; r++) {
    const ky_shapes *shapes = &home->raws[r].shapes;
    if (home->raws[r].source->role != home->role || shapes->kind != KY_SHAPE_POLYGON) continue;
    for (uint32_t i = 0; i < shapes->count; i++)
      if (ky_shape_locate(shapes, i, x, y) >= 0 || is_near_edge(shapes, i, x, y, margin_m)) return true;
  }
  return false;
}

bool ky_home_has(const ky_home *home, double x, double y) {
  return ky_home_near(home, x, y, NEAR_M);
}
