/* Demand points: where in a cell people live (method.md 2). Streets inside the cell are cut into parts of at most
 * step_m; one point stands in the middle of each part, its weight is the part's length. */
#include <kayoi/place.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/thread.h"

#define STREET_BITS                                                                             \
  (1u << KY_STREET_RESIDENTIAL | 1u << KY_STREET_LIVING_STREET | 1u << KY_STREET_UNCLASSIFIED | \
   1u << KY_STREET_PEDESTRIAN)

/* What one thread needs to place a cell. */
typedef struct placer {
  const ky_cells *cells;
  const ky_network *network;
  const ky_place_opts *opts;
  uint32_t *edge, edge_count; /* streets that may enter the cell, ascending */
  uint32_t *stamp, round;     /* [edges] */
  double *crossing;           /* places where a segment crosses the cell's edges */
  uint32_t cell;
  /* where points go: NULL while they are only counted */
  ky_points *out;
  uint32_t at;     /* next point */
  double placed_m; /* street inside the cell */
} placer;

static bool take_edge(void *user, uint32_t segment) {
  placer *p = user;
  uint32_t edge = p->network->segment_edge[segment];
  if (p->stamp[edge] != p->round) {
    p->stamp[edge] = p->round;
    p->edge[p->edge_count++] = edge;
  }
  return true;
}

static int by_number(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Where (0 .. 1) the segment a-b crosses the edges of the cell, ascending, with 0 and 1 at the ends. */
static uint32_t find_crossings(placer *p, double ax, double ay, double bx, double by) {
  const ky_shapes *shapes = &p->cells->shapes;
  uint32_t count = 0;
  p->crossing[count++] = 0;
  for (uint32_t part = shapes->first_part[p->cell]; part < shapes->first_part[p->cell + 1]; part++) {
    for (uint32_t v = shapes->first_vertex[part]; v + 1 < shapes->first_vertex[part + 1]; v++) {
      double cx = shapes->x[v], cy = shapes->y[v], ex = shapes->x[v + 1] - cx, ey = shapes->y[v + 1] - cy;
      double dx = bx - ax, dy = by - ay, cross = dx * ey - dy * ex;
      if (cross == 0) continue;
      double t = ((cx - ax) * ey - (cy - ay) * ex) / cross, u = ((cx - ax) * dy - (cy - ay) * dx) / cross;
      if (t > 0 && t < 1 && u >= 0 && u <= 1) p->crossing[count++] = t;
    }
  }
  p->crossing[count++] = 1;
  if (count > 2) qsort(p->crossing, count, sizeof *p->crossing, by_value);
  return count;
}

/* A maximal part of an edge inside the cell, from..to metres along it. */
static void place_part(placer *p, uint32_t edge, double edge_m, double from_m, double to_m) {
  double length_m = to_m - from_m;
  if (!(length_m > 1e-6)) return;
  uint32_t n = (uint32_t)fmax(1, ceil(length_m / p->opts->step_m - 1e-9));
  p->placed_m += length_m;
  if (p->out == NULL) {
    p->at += n;
    return;
  }
  uint64_t weight_um = (uint64_t)llround(length_m / n * 1e6);
  for (uint32_t k = 0; k < n; k++, p->at++) {
    double along_m = from_m + (k + 0.5) * length_m / n, mm = round(along_m / edge_m * p->network->length_mm[edge]);
    uint32_t along_mm = (uint32_t)fmin(fmax(mm, 0), p->network->length_mm[edge]);
    p->out->edge[p->at] = edge;
    p->out->along_mm[p->at] = along_mm;
    p->out->weight_um[p->at] = weight_um;
    ky_edge_place(p->network, edge, along_mm, &p->out->x_m[p->at], &p->out->y_m[p->at]);
  }
}

static void place_edge(placer *p, uint32_t edge) {
  const ky_network *network = p->network;
  double edge_m = 0, start = -1, done = 0; /* start: where the open part began; -1: none is open */
  uint32_t first = network->first_vertex[edge], last = network->first_vertex[edge + 1] - 1;
  for (uint32_t v = first; v < last; v++)
    edge_m +=
        hypot(network->vertex_x_m[v + 1] - network->vertex_x_m[v], network->vertex_y_m[v + 1] - network->vertex_y_m[v]);
  for (uint32_t v = first; v < last; v++) {
    double ax = network->vertex_x_m[v], ay = network->vertex_y_m[v];
    double dx = network->vertex_x_m[v + 1] - ax, dy = network->vertex_y_m[v + 1] - ay, length = hypot(dx, dy);
    uint32_t count = find_crossings(p, ax, ay, ax + dx, ay + dy);
    for (uint32_t c = 0; c + 1 < count; c++) {
      double middle = (p->crossing[c] + p->crossing[c + 1]) / 2, at = done + p->crossing[c] * length;
      if (p->crossing[c] == p->crossing[c + 1]) continue;
      bool is_inside = ky_shape_locate(&p->cells->shapes, p->cell, ax + middle * dx, ay + middle * dy) >= 0;
      if (is_inside && start < 0) start = at;
      if (!is_inside && start >= 0) {
        place_part(p, edge, edge_m, start, at);
        start = -1;
      }
    }
    done += length;
  }
  if (start >= 0) place_part(p, edge, edge_m, start, edge_m);
}

static bool is_home_street(const ky_network *network, uint32_t edge) {
  return network->class_bits[edge] == 0 ||
         ((network->class_bits[edge] & STREET_BITS) != 0 && !network->is_bridge[edge]);
}

static bool is_any_street(const ky_network *network, uint32_t edge) {
  return (network->class_bits[edge] & ~(1u << KY_STREET_FERRY)) != 0 || network->class_bits[edge] == 0;
}

static void place_streets(placer *p, bool (*is_street)(const ky_network *, uint32_t)) {
  p->placed_m = 0;
  for (uint32_t i = 0; i < p->edge_count; i++)
    if (is_street(p->network, p->edge[i])) place_edge(p, p->edge[i]);
}

/* Area-weighted centroid of the rings; a point cell is its own. */
static void centroid(const ky_shapes *shapes, uint32_t record, double *x, double *y) {
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
    double sign = (ring < 0) == (shapes->is_hole[p] != 0) ? 1 : -1; /* holes take away whatever their direction */
    area += sign * ring;
    sx += sign * rx;
    sy += sign * ry;
  }
  *x = area != 0 ? x0 + sx / (3 * area) : x0;
  *y = area != 0 ? y0 + sy / (3 * area) : y0;
}

static void place_single(placer *p) {
  if (p->out != NULL) {
    centroid(&p->cells->shapes, p->cell, &p->out->x_m[p->at], &p->out->y_m[p->at]);
    p->out->edge[p->at] = KY_NONE;
    p->out->weight_um[p->at] = 1;
  }
  p->at++;
}

static bool is_point_cell(const ky_shapes *shapes, uint32_t cell) {
  uint32_t part = shapes->first_part[cell];
  return shapes->first_vertex[part + 1] - shapes->first_vertex[part] == 1;
}

/* Places one cell, starting at p->at. Both passes (count, fill) take the same way through here. */
static ky_placement place_cell(placer *p, uint32_t cell) {
  uint32_t start = p->at;
  p->cell = cell;
  if (is_point_cell(&p->cells->shapes, cell)) {
    place_single(p);
    return KY_PLACED_GIVEN;
  }
  if (p->opts->by_streets) {
    p->edge_count = 0;
    p->round++;
    ky_rtree_query(&p->network->segments, ky_shape_box(&p->cells->shapes, cell), take_edge, p);
    if (p->edge_count > 1) qsort(p->edge, p->edge_count, sizeof *p->edge, by_number);
    ky_points *out = p->out;
    for (int pass = 0; pass < 2; pass++) {
      bool (*is_street)(const ky_network *, uint32_t) = pass == 0 ? is_home_street : is_any_street;
      p->out = NULL; /* measure first: is there enough street? */
      place_streets(p, is_street);
      p->out = out;
      bool is_enough = p->placed_m >= p->opts->min_street_m && p->at > start;
      if (is_enough && out == NULL) return pass == 0 ? KY_PLACED_STREETS : KY_PLACED_STREETS_ANY;
      p->at = start;
      if (!is_enough) continue;
      place_streets(p, is_street);
      return pass == 0 ? KY_PLACED_STREETS : KY_PLACED_STREETS_ANY;
    }
  }
  place_single(p);
  return KY_PLACED_CENTROID;
}

static ky_err new_placers(ky_job *job, const ky_cells *cells, const ky_network *network, const ky_place_opts *opts,
                          placer **out) {
  uint32_t ring_max = 0;
  for (uint32_t c = 0; c < cells->count; c++) {
    uint32_t vertices = cells->shapes.first_vertex[cells->shapes.first_part[c + 1]] -
                        cells->shapes.first_vertex[cells->shapes.first_part[c]];
    if (vertices > ring_max) ring_max = vertices;
  }
  KY_NEW(job, scratch, *out, job->threads);
  for (int t = 0; t < job->threads; t++) {
    placer *p = &(*out)[t];
    *p = (placer){.cells = cells, .network = network, .opts = opts};
    KY_NEW(job, scratch, p->edge, network->edge_count);
    KY_NEW(job, scratch, p->stamp, network->edge_count);
    KY_NEW(job, scratch, p->crossing, (size_t)ring_max + 2);
  }
  return KY_OK;
}

static ky_err new_points(ky_job *job, const ky_cells *cells, uint32_t count, ky_points *out) {
  out->count = count;
  KY_NEW(job, keep, out->cell, count);
  KY_NEW(job, keep, out->row, count);
  KY_NEW(job, keep, out->x_m, count);
  KY_NEW(job, keep, out->y_m, count);
  KY_NEW(job, keep, out->edge, count);
  KY_NEW(job, keep, out->along_mm, count);
  KY_NEW(job, keep, out->access_mm, count);
  KY_NEW(job, keep, out->weight_um, count);
  KY_NEW(job, keep, out->cell_zone, cells->count);
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++)
    if (cells->people[m] != NULL) KY_NEW(job, keep, out->people[m], count);
  return KY_OK;
}

/* Each band of each cell over its points by largest remainder; an unknown band is unknown at every point. */
static ky_err share_people(ky_job *job, const ky_cells *cells, ky_points *out) {
  uint32_t most = 0, *order;
  int64_t *part;
  for (uint32_t c = 0; c < cells->count; c++)
    if (out->first_point[c + 1] - out->first_point[c] > most) most = out->first_point[c + 1] - out->first_point[c];
  KY_NEW(job, scratch, order, most);
  KY_NEW(job, scratch, part, most);
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    if (cells->people[m] == NULL) continue;
    for (uint32_t c = 0; c < cells->count; c++) {
      uint32_t first = out->first_point[c], n = out->first_point[c + 1] - first;
      bool is_known = cells->people[m][c] != KY_NULL;
      if (is_known) ky_share_largest_remainder(cells->people[m][c], out->weight_um + first, n, part, order);
      for (uint32_t i = 0; i < n; i++) out->people[m][first + i] = is_known ? (uint32_t)part[i] : KY_NONE;
    }
  }
  return KY_OK;
}

/* Rows of the points, and each cell's row: the one with most of its people (total, else 65+, else weight). */
static ky_err find_rows(ky_job *job, const ky_cells *cells, const ky_zones *zones, ky_points *out) {
  ky_zone_index *index = NULL;
  uint64_t *sum;
  KY_TRY(ky_zone_index_new(job, zones, &index));
  KY_NEW(job, scratch, sum, KY_ROW_COUNT(zones));
#pragma omp parallel for schedule(dynamic, 512) num_threads(job->threads)
  for (uint32_t i = 0; i < out->count; i++) out->row[i] = ky_zone_index_row(index, out->x_m[i], out->y_m[i]);
  for (uint32_t c = 0; c < cells->count; c++) {
    uint32_t measure = cells->people[KY_TOTAL] != NULL ? KY_TOTAL : KY_65;
    bool by_people = cells->people[measure][c] != KY_NULL && cells->people[measure][c] > 0;
    uint32_t best = KY_NONE;
    for (uint32_t i = out->first_point[c]; i < out->first_point[c + 1]; i++) {
      uint32_t row = out->row[i];
      sum[row] += by_people ? out->people[measure][i] : out->weight_um[i];
      if (best == KY_NONE || sum[row] > sum[best] || (sum[row] == sum[best] && row < best)) best = row;
    }
    out->cell_zone[c] = best;
    for (uint32_t i = out->first_point[c]; i < out->first_point[c + 1]; i++) sum[out->row[i]] = 0;
  }
  return KY_OK;
}

ky_err ky_place_points(ky_job *job, const ky_cells *cells, const ky_zones *zones, const ky_network *network,
                       const ky_place_opts *opts, ky_points *out) {
  memset(out, 0, sizeof *out);
  placer *placers = NULL;
  KY_TRY(new_placers(job, cells, network, opts, &placers));
  KY_NEW(job, keep, out->first_point, (size_t)cells->count + 1);
  KY_NEW(job, keep, out->placement, cells->count);
#pragma omp parallel for schedule(dynamic, 16) num_threads(job->threads)
  for (uint32_t c = 0; c < cells->count; c++) {
    placer *p = &placers[ky_thread()];
    p->at = 0;
    out->placement[c] = (uint8_t)place_cell(p, c);
    out->first_point[c + 1] = p->at;
  }
  uint64_t count = 0;
  for (uint32_t c = 0; c < cells->count; c++) {
    count += out->first_point[c + 1];
    out->first_point[c + 1] = (uint32_t)count;
  }
  if (count >= KY_NONE / 2) return ky_fail(job, KY_E_RESOURCE, ky_tr("place: more than 2,000,000,000 demand points"));
  KY_TRY(new_points(job, cells, (uint32_t)count, out));
#pragma omp parallel for schedule(dynamic, 16) num_threads(job->threads)
  for (uint32_t c = 0; c < cells->count; c++) {
    placer *p = &placers[ky_thread()];
    p->at = out->first_point[c];
    for (uint32_t i = p->at; i < out->first_point[c + 1]; i++) out->cell[i] = c;
    p->out = out;
    place_cell(p, c);
  }
  KY_TRY(share_people(job, cells, out));
  return find_rows(job, cells, zones, out);
}

const char *ky_points_check(const ky_points *points, const ky_cells *cells) {
  if (points->first_point[cells->count] != points->count) return "points do not fill the cells";
  for (uint32_t c = 0; c < cells->count; c++) {
    if (points->first_point[c] >= points->first_point[c + 1]) return "a cell has no point";
    for (uint32_t i = points->first_point[c]; i < points->first_point[c + 1]; i++)
      if (points->cell[i] != c) return "a point does not know its cell";
    for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
      if (cells->people[m] == NULL || cells->people[m][c] == KY_NULL) continue;
      int64_t sum = 0;
      for (uint32_t i = points->first_point[c]; i < points->first_point[c + 1]; i++) sum += points->people[m][i];
      if (sum != cells->people[m][c]) return "a cell's points do not sum to its people";
    }
  }
  return NULL;
}
