/* Which zone is a place in? All edges of zones and border in one R-tree; a ray to +x meets few of them and decides
 * every polygon at once (even-odd), in whole millimetres, so neighbours agree about points on their shared edge. */
#include <kayoi/place.h>
#include <math.h>
#include <string.h>

__extension__ typedef __int128 wide;

#define OWNERS_MAX 8192 /* zones + border records in one test: one bit each on the stack */

struct ky_zone_index {
  const ky_zones *zones;
  ky_rtree tree;
  const double (*segment)[4]; /* x y of both ends */
  const uint32_t *owner;      /* [segments] zone, or zones->count + border record */
  uint32_t owner_count;
};

static uint32_t add_segments(const ky_shapes *shapes, uint32_t owner, double (*segment)[4], double (*box)[4],
                             uint32_t *owners, uint32_t at) {
  for (uint32_t i = 0; i < shapes->count; i++) {
    for (uint32_t p = shapes->first_part[i]; p < shapes->first_part[i + 1]; p++) {
      for (uint32_t v = shapes->first_vertex[p]; v + 1 < shapes->first_vertex[p + 1]; v++, at++) {
        double ax = shapes->x[v], ay = shapes->y[v], bx = shapes->x[v + 1], by = shapes->y[v + 1];
        segment[at][0] = ax;
        segment[at][1] = ay;
        segment[at][2] = bx;
        segment[at][3] = by;
        box[at][0] = fmin(ax, bx) - 0.001; /* a millimetre of room for rounding */
        box[at][1] = fmin(ay, by) - 0.001;
        box[at][2] = fmax(ax, bx) + 0.001;
        box[at][3] = fmax(ay, by) + 0.001;
        owners[at] = owner + i;
      }
    }
  }
  return at;
}

ky_err ky_zone_index_new(ky_job *job, const ky_zones *zones, ky_zone_index **out) {
  ky_zone_index *index;
  double(*segment)[4], (*box)[4];
  uint32_t *owner, count;
  if (zones->count + zones->border.count > OWNERS_MAX)
    return ky_fail(job, KY_E_INPUT, ky_tr("zones: %u zones and border polygons; kayoi takes %d: merge border polygons"),
                   zones->count + zones->border.count, OWNERS_MAX);
  count = zones->shapes.vertex_count - zones->shapes.part_count + zones->border.vertex_count - zones->border.part_count;
  KY_NEW(job, scratch, index, 1);
  KY_NEW(job, scratch, segment, count);
  KY_NEW(job, scratch, box, count);
  KY_NEW(job, scratch, owner, count);
  uint32_t at = add_segments(&zones->shapes, 0, segment, box, owner, 0);
  if (zones->border.count != 0) add_segments(&zones->border, zones->count, segment, box, owner, at);
  index->zones = zones;
  index->segment = (const double(*)[4])segment;
  index->owner = owner;
  index->owner_count = zones->count + zones->border.count;
  KY_TRY(ky_rtree_build(job, &job->scratch, &box[0][0], count, &index->tree));
  *out = index;
  return KY_OK;
}

typedef struct ray {
  const ky_zone_index *index;
  int64_t x_mm, y_mm;
  uint64_t inside[OWNERS_MAX / 64], edge[OWNERS_MAX / 64];
} ray;

static bool cross(void *user, uint32_t item) {
  ray *r = user;
  const double *s = r->index->segment[item];
  int64_t ax = llround(s[0] * 1000), ay = llround(s[1] * 1000), bx = llround(s[2] * 1000), by = llround(s[3] * 1000);
  const int64_t px = r->x_mm, py = r->y_mm;
  if ((ay > py && by > py) || (ay < py && by < py)) return true;
  const uint32_t owner = r->index->owner[item];
  const uint64_t bit = UINT64_C(1) << owner % 64;
  wide turn = (wide)(bx - ax) * (py - ay) - (wide)(by - ay) * (px - ax);
  if (turn == 0 && ((ax <= px && px <= bx) || (bx <= px && px <= ax))) r->edge[owner / 64] |= bit;
  if ((ay > py) != (by > py) && (by > ay) == (turn > 0)) r->inside[owner / 64] ^= bit;
  return true;
}

uint32_t ky_zone_index_row_edge(const ky_zone_index *index, double x_m, double y_m, bool *is_on_edge) {
  const uint32_t words = (index->owner_count + 63) / 64, zone_count = index->zones->count;
  ray r;
  r.index = index;
  *is_on_edge = false;
  if (!(fabs(x_m) < 1e12) || !(fabs(y_m) < 1e12)) return KY_ROW_OUTSIDE(index->zones);
  r.x_mm = llround(x_m * 1000);
  r.y_mm = llround(y_m * 1000);
  memset(r.inside, 0, words * sizeof *r.inside);
  memset(r.edge, 0, words * sizeof *r.edge);
  double y = (double)r.y_mm / 1000.0;
  ky_rtree_query(&index->tree, (ky_box){(double)r.x_mm / 1000.0, y, INFINITY, y}, cross, &r);
  bool is_inside = false;
  for (uint32_t owner = 0; owner < index->owner_count; owner++) {
    uint64_t bit = UINT64_C(1) << owner % 64;
    bool is_edge = (r.edge[owner / 64] & bit) != 0;
    if (!is_edge && (r.inside[owner / 64] & bit) == 0) continue;
    if (owner < zone_count) {
      *is_on_edge = is_edge;
      return owner;
    }
    is_inside = true;
  }
  return is_inside ? KY_ROW_OUTSIDE_ZONES(index->zones) : KY_ROW_OUTSIDE(index->zones);
}

uint32_t ky_zone_index_row(const ky_zone_index *index, double x_m, double y_m) {
  bool is_on_edge;
  return ky_zone_index_row_edge(index, x_m, y_m, &is_on_edge);
}

static bool stop_at_segment(void *user, uint32_t item) {
  (void)item;
  *(bool *)user = false;
  return false;
}

bool ky_zone_index_is_plain(const ky_zone_index *index, ky_box box) {
  const double slack_m = 0.002; /* places are compared in whole millimetres */
  bool is_plain = true;
  box = (ky_box){box.x_min - slack_m, box.y_min - slack_m, box.x_max + slack_m, box.y_max + slack_m};
  ky_rtree_query(&index->tree, box, stop_at_segment, &is_plain);
  return is_plain;
}

typedef struct near_search {
  const ky_zone_index *index;
  const ky_shapes *shapes;
  uint32_t record, from, to; /* record, and vertices of one of its parts */
  double margin2;
  bool is_near;
} near_search;

static double point_segment2(double x, double y, const double *s) {
  double dx = s[2] - s[0], dy = s[3] - s[1], along = (x - s[0]) * dx + (y - s[1]) * dy, length2 = dx * dx + dy * dy;
  double t = along <= 0 || length2 == 0 ? 0 : along >= length2 ? 1 : along / length2;
  double ex = x - s[0] - t * dx, ey = y - s[1] - t * dy;
  return ex * ex + ey * ey;
}

static double side(const double *s, double x, double y) {
  return (s[2] - s[0]) * (y - s[1]) - (s[3] - s[1]) * (x - s[0]);
}

static bool do_cross(const double *s, const double *t) {
  return (side(s, t[0], t[1]) > 0) != (side(s, t[2], t[3]) > 0) &&
         (side(t, s[0], s[1]) > 0) != (side(t, s[2], s[3]) > 0);
}

/* Does an edge of the municipality come within the margin of the record's ring: by an end of either, or by crossing? */
static bool near_segment(void *user, uint32_t item) {
  near_search *search = user;
  const double *s = search->index->segment[item];
  const ky_shapes *shapes = search->shapes;
  for (uint32_t v = search->from; v < search->to; v++) {
    if (point_segment2(shapes->x[v], shapes->y[v], s) <= search->margin2) search->is_near = true;
    if (v + 1 == search->to) break;
    double part[4] = {shapes->x[v], shapes->y[v], shapes->x[v + 1], shapes->y[v + 1]};
    if (point_segment2(s[0], s[1], part) <= search->margin2 || point_segment2(s[2], s[3], part) <= search->margin2 ||
        do_cross(s, part))
      search->is_near = true;
  }
  if (search->to - search->from >= 4 && ky_shape_locate(shapes, search->record, s[0], s[1]) >= 0)
    search->is_near = true;
  return !search->is_near;
}

bool ky_zone_index_near(const ky_zone_index *index, const ky_shapes *shapes, uint32_t record, double margin_m) {
  near_search search = {.index = index, .shapes = shapes, .record = record, .margin2 = margin_m * margin_m};
  for (uint32_t p = shapes->first_part[record]; p < shapes->first_part[record + 1] && !search.is_near; p++) {
    search.from = shapes->first_vertex[p];
    search.to = shapes->first_vertex[p + 1];
    for (uint32_t v = search.from; v < search.to && !search.is_near; v++)
      search.is_near = ky_zone_index_row(index, shapes->x[v], shapes->y[v]) != KY_ROW_OUTSIDE(index->zones);
    ky_box box = ky_shape_box(shapes, record);
    box = (ky_box){box.x_min - margin_m, box.y_min - margin_m, box.x_max + margin_m, box.y_max + margin_m};
    if (!search.is_near) ky_rtree_query(&index->tree, box, near_segment, &search);
  }
  return search.is_near;
}
