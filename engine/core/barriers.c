/* Barriers: an index of their segments, and an exact test of a way against them. */
#include <kayoi/barriers.h>
#include <kayoi/read.h>
#include <math.h>
#include <string.h>

__extension__ typedef __int128 wide;

static int64_t to_mm(double m) {
  return llround(m * 1000.0);
}

static bool is_closed(const ky_shapes *shapes, uint32_t part) {
  const uint32_t from = shapes->first_vertex[part], last = shapes->first_vertex[part + 1] - 1;
  return last - from >= 3 && shapes->x[from] == shapes->x[last] && shapes->y[from] == shapes->y[last];
}

static bool is_area(const ky_shapes *shapes, uint32_t record) {
  const uint32_t first = shapes->first_part[record], end = shapes->first_part[record + 1];
  for (uint32_t p = first; p < end; p++)
    if (!is_closed(shapes, p)) return false;
  return first < end;
}

static bool is_near(const ky_shapes *shapes, uint32_t v, ky_box box) {
  const double *x = shapes->x + v, *y = shapes->y + v;
  return fmin(x[0], x[1]) <= box.x_max && fmax(x[0], x[1]) >= box.x_min && fmin(y[0], y[1]) <= box.y_max &&
         fmax(y[0], y[1]) >= box.y_min;
}

/* Takes the segments near the box, and an area for each record of closed lines that has any. Only counts while out->end
 * is NULL. */
static void take_records(const ky_shapes *shapes, ky_box box, ky_barriers *out) {
  for (uint32_t i = 0; i < shapes->count; i++) {
    const uint32_t before = out->count, area = is_area(shapes, i) ? out->area_count : KY_NONE;
    for (uint32_t p = shapes->first_part[i]; p < shapes->first_part[i + 1]; p++) {
      for (uint32_t v = shapes->first_vertex[p]; v + 1 < shapes->first_vertex[p + 1]; v++) {
        if (!is_near(shapes, v, box)) continue;
        if (out->end != NULL) {
          const int64_t end[4] = {to_mm(shapes->x[v]), to_mm(shapes->y[v]), to_mm(shapes->x[v + 1]),
                                  to_mm(shapes->y[v + 1])};
          memcpy(out->end[out->count], end, sizeof end);
          out->area[out->count] = area;
        }
        out->count++;
      }
    }
    if (area == KY_NONE || out->count == before) continue;
    if (out->end != NULL) {
      out->area_shapes[area] = shapes;
      out->area_record[area] = i;
    }
    out->area_count++;
  }
}

static ky_err index_segments(ky_job *job, ky_barriers *barriers) {
  double(*box)[4];
  KY_NEW(job, scratch, box, barriers->count);
  for (uint32_t s = 0; s < barriers->count; s++) {
    const int64_t *end = barriers->end[s];
    box[s][0] = (double)(end[0] < end[2] ? end[0] : end[2]);
    box[s][1] = (double)(end[1] < end[3] ? end[1] : end[3]);
    box[s][2] = (double)(end[0] < end[2] ? end[2] : end[0]);
    box[s][3] = (double)(end[1] < end[3] ? end[3] : end[1]);
  }
  return ky_rtree_build(job, &job->keep, &box[0][0], barriers->count, &barriers->tree);
}

ky_err ky_barriers_build(ky_job *job, const ky_raw *raws, uint32_t raw_count, ky_box box, ky_barriers *out) {
  memset(out, 0, sizeof *out);
  for (uint32_t r = 0; r < raw_count; r++) take_records(&raws[r].shapes, box, out);
  KY_NEW(job, keep, out->end, out->count);
  KY_NEW(job, keep, out->area, out->count);
  KY_NEW(job, keep, out->area_shapes, out->area_count);
  KY_NEW(job, keep, out->area_record, out->area_count);
  out->count = out->area_count = 0;
  for (uint32_t r = 0; r < raw_count; r++) take_records(&raws[r].shapes, box, out);
  return index_segments(job, out);
}

typedef struct way {
  const ky_barriers *barriers;
  double place_x_m, place_y_m;
  int64_t ax, ay, bx, by;
  bool is_crossed;
} way;

/* On which side of the line a -> b the place c lies: 1, 0 (on it), -1. */
static int side(int64_t ax, int64_t ay, int64_t bx, int64_t by, int64_t cx, int64_t cy) {
  const wide turn = (wide)(bx - ax) * (cy - ay) - (wide)(by - ay) * (cx - ax);
  return (turn > 0) - (turn < 0);
}

/* Their boxes meet (the tree says so), and neither lies wholly on one side of the other: they have a place in common.
 */
static bool meets(const way *w, const int64_t *s) {
  return side(w->ax, w->ay, w->bx, w->by, s[0], s[1]) * side(w->ax, w->ay, w->bx, w->by, s[2], s[3]) <= 0 &&
         side(s[0], s[1], s[2], s[3], w->ax, w->ay) * side(s[0], s[1], s[2], s[3], w->bx, w->by) <= 0;
}

static bool is_inside(const way *w, uint32_t area) {
  const ky_barriers *b = w->barriers;
  return ky_shape_locate(b->area_shapes[area], b->area_record[area], w->place_x_m, w->place_y_m) == 1;
}

static bool try_segment(void *user, uint32_t item) {
  way *w = user;
  const uint32_t area = w->barriers->area[item];
  if (!meets(w, w->barriers->end[item])) return true;
  if (area != KY_NONE && is_inside(w, area)) return true;
  w->is_crossed = true;
  return false;
}

bool ky_barriers_cross(const ky_barriers *barriers, double place_x_m, double place_y_m, double street_x_m,
                       double street_y_m) {
  const double dx = street_x_m - place_x_m, dy = street_y_m - place_y_m, length_mm = hypot(dx, dy) * 1000;
  if (barriers->count == 0 || !(length_mm > 2 * KY_BARRIER_END_MM)) return false;
  const double cut = KY_BARRIER_END_MM / length_mm;
  way w = {.barriers = barriers,
           .place_x_m = place_x_m,
           .place_y_m = place_y_m,
           .ax = to_mm(place_x_m + cut * dx),
           .ay = to_mm(place_y_m + cut * dy),
           .bx = to_mm(street_x_m - cut * dx),
           .by = to_mm(street_y_m - cut * dy)};
  const double ax = (double)w.ax, ay = (double)w.ay, bx = (double)w.bx, by = (double)w.by;
  const ky_box box = {fmin(ax, bx), fmin(ay, by), fmax(ax, bx), fmax(ay, by)};
  ky_rtree_query(&barriers->tree, box, try_segment, &w);
  return w.is_crossed;
}
