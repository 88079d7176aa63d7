/* Demand points: where in a cell people live (method.md 2). On its buildings, where those are given
 * (place_buildings.h), else streets inside the cell are cut into parts of at most step_m; one point stands in the
 * middle of each part, its weight is the part's length. */
#include <kayoi/place.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/place_buildings.h"
#include "core/thread.h"

#define STREET_BITS                                                                             \
  (1u << KY_STREET_RESIDENTIAL | 1u << KY_STREET_LIVING_STREET | 1u << KY_STREET_UNCLASSIFIED | \
   1u << KY_STREET_PEDESTRIAN)

/* A maximal part of an edge inside a cell, metres along it. */
typedef struct street_part {
  uint32_t edge;
  double from_m, to_m, edge_m;
} street_part;

/* Parts are collected in blocks of this many, so that threads seldom ask for memory. */
#define BLOCK_PARTS 65536

/* What one thread needs to place a cell. */
typedef struct placer {
  ky_job *job;
  const ky_cells *cells;
  const ky_network *network;
  const ky_place_opts *opts;
  const ky_cell_buildings *homes;
  uint32_t *edge, edge_count; /* streets that may enter the cell, ascending */
  double *crossing;           /* places where a segment crosses the cell's edges */
  uint32_t cell;
  ky_box box;                     /* of the cell */
  street_part *part;              /* those of the cell that is being placed, */
  uint32_t part_count, part_room; /*   at the end of the block */
  uint32_t point_count;           /* points they will make */
  double placed_m;                /* street inside the cell */
  bool is_out_of_memory;
} placer;

/* How a cell was placed; its parts lie in some thread's block. */
typedef struct cell_parts {
  const street_part *part;
  uint32_t count;
} cell_parts;

static bool take_edge(void *user, uint32_t piece) {
  placer *p = user;
  p->edge[p->edge_count++] = p->network->piece_edge[piece];
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

/* Room for one more part of this cell; those it has move along to the new block. */
static bool has_room(placer *p) {
  if (p->part_room > p->part_count) return true;
  const street_part *old = p->part;
  const uint32_t room = p->part_count + BLOCK_PARTS;
#pragma omp critical(kayoi_place_parts)
  p->part = ky_arena_alloc(&p->job->scratch, room, sizeof *p->part);
  p->is_out_of_memory = p->part == NULL;
  p->part_room = p->is_out_of_memory ? 0 : room;
  if (p->is_out_of_memory) p->part_count = 0;
  if (p->part_count != 0) memcpy(p->part, old, p->part_count * sizeof *old);
  return !p->is_out_of_memory;
}

static uint32_t points_of(const placer *p, double length_m) {
  return (uint32_t)fmax(1, ceil(length_m / p->opts->step_m - 1e-9));
}

static void add_part(placer *p, uint32_t edge, double edge_m, double from_m, double to_m) {
  double length_m = to_m - from_m;
  if (!(length_m > 1e-6) || !has_room(p)) return;
  p->placed_m += length_m;
  p->point_count += points_of(p, length_m);
  p->part[p->part_count++] = (street_part){edge, from_m, to_m, edge_m};
}

static bool is_beside(const ky_box *box, double ax, double ay, double bx, double by) {
  return (ax < box->x_min && bx < box->x_min) || (ax > box->x_max && bx > box->x_max) ||
         (ay < box->y_min && by < box->y_min) || (ay > box->y_max && by > box->y_max);
}

static void clip_edge(placer *p, uint32_t edge) {
  const ky_network *network = p->network;
  double edge_m = ky_edge_m(network, edge), start = -1, done = 0; /* start: where the open part began; -1: none is */
  uint32_t first = network->first_vertex[edge], last = network->first_vertex[edge + 1] - 1;
  for (uint32_t v = first; v < last; v++) {
    double ax = network->vertex_x_m[v], ay = network->vertex_y_m[v], bx = network->vertex_x_m[v + 1],
           by = network->vertex_y_m[v + 1];
    double dx = bx - ax, dy = by - ay, length = sqrt(dx * dx + dy * dy);
    uint32_t count = start < 0 && is_beside(&p->box, ax, ay, bx, by) ? 0 : find_crossings(p, ax, ay, bx, by);
    for (uint32_t c = 0; c + 1 < count; c++) {
      double middle = (p->crossing[c] + p->crossing[c + 1]) / 2, at = done + p->crossing[c] * length;
      if (p->crossing[c] == p->crossing[c + 1]) continue;
      bool is_inside = ky_shape_locate(&p->cells->shapes, p->cell, ax + middle * dx, ay + middle * dy) >= 0;
      if (is_inside && start < 0) start = at;
      if (!is_inside && start >= 0) {
        add_part(p, edge, edge_m, start, at);
        start = -1;
      }
    }
    done += length;
  }
  if (start >= 0) add_part(p, edge, edge_m, start, edge_m);
}

static bool is_home_street(const ky_network *network, uint32_t edge) {
  return network->class_bits[edge] == 0 ||
         ((network->class_bits[edge] & STREET_BITS) != 0 && !network->is_bridge[edge]);
}

static bool is_any_street(const ky_network *network, uint32_t edge) {
  return (network->class_bits[edge] & ~(1u << KY_STREET_FERRY)) != 0 || network->class_bits[edge] == 0;
}

static void clip_streets(placer *p, bool (*is_street)(const ky_network *, uint32_t)) {
  p->placed_m = 0;
  p->part_count = p->point_count = 0;
  for (uint32_t i = 0; i < p->edge_count; i++)
    if ((i == 0 || p->edge[i] != p->edge[i - 1]) && is_street(p->network, p->edge[i])) clip_edge(p, p->edge[i]);
}

static bool is_point_cell(const ky_shapes *shapes, uint32_t cell) {
  uint32_t part = shapes->first_part[cell];
  return shapes->first_vertex[part + 1] - shapes->first_vertex[part] == 1;
}

/* Finds the buildings or streets of a cell that people are placed on; a cell without any is one point. */
static ky_placement place_cell(placer *p, uint32_t cell, cell_parts *out) {
  p->cell = cell;
  p->point_count = 1;
  *out = (cell_parts){0};
  if (is_point_cell(&p->cells->shapes, cell)) return KY_PLACED_GIVEN;
  if (ky_cell_building_count(p->homes, cell) != 0) {
    p->point_count = ky_cell_building_count(p->homes, cell);
    return KY_PLACED_BUILDINGS;
  }
  if (!p->opts->by_streets) return KY_PLACED_CENTROID;
  p->edge_count = 0;
  p->box = ky_shape_box(&p->cells->shapes, cell);
  ky_rtree_query(&p->network->pieces, p->box, take_edge, p);
  if (p->edge_count > 1) qsort(p->edge, p->edge_count, sizeof *p->edge, by_number);
  for (int rule = 0; rule < 2; rule++) {
    clip_streets(p, rule == 0 ? is_home_street : is_any_street);
    if (p->placed_m < p->opts->min_street_m || p->part_count == 0) continue;
    *out = (cell_parts){p->part, p->part_count};
    p->part += p->part_count;
    p->part_room -= p->part_count;
    p->part_count = 0;
    return rule == 0 ? KY_PLACED_STREETS : KY_PLACED_STREETS_ANY;
  }
  p->part_count = 0;
  p->point_count = 1;
  return KY_PLACED_CENTROID;
}

/* The points of a cell: its buildings, or evenly along its parts, or its centre. */
static void fill_points(const placer *p, uint32_t cell, const cell_parts *parts, ky_points *out) {
  uint32_t at = out->first_point[cell];
  for (uint32_t i = at; i < out->first_point[cell + 1]; i++) out->cell[i] = cell;
  if (out->placement[cell] == KY_PLACED_BUILDINGS) {
    ky_cell_buildings_fill(p->homes, cell, at, out);
  } else if (parts->count == 0) {
    ky_shape_centroid(&p->cells->shapes, cell, &out->x_m[at], &out->y_m[at]);
    out->edge[at] = KY_NONE;
    out->weight_um[at] = 1;
  }
  for (uint32_t i = 0; i < parts->count; i++) {
    const street_part *part = &parts->part[i];
    const double length_m = part->to_m - part->from_m;
    const uint32_t n = points_of(p, length_m), edge_mm = p->network->length_mm[part->edge];
    const uint64_t weight_um = (uint64_t)llround(length_m / n * 1e6);
    for (uint32_t k = 0; k < n; k++, at++) {
      double mm = round((part->from_m + (k + 0.5) * length_m / n) / part->edge_m * edge_mm);
      out->edge[at] = part->edge;
      out->along_mm[at] = (uint32_t)fmin(fmax(mm, 0), edge_mm);
      out->weight_um[at] = weight_um;
      ky_edge_place(p->network, part->edge, out->along_mm[at], &out->x_m[at], &out->y_m[at]);
    }
  }
}

static ky_err new_placers(ky_job *job, const ky_cells *cells, const ky_network *network, const ky_place_opts *opts,
                          const ky_cell_buildings *homes, placer **out) {
  uint32_t ring_max = 0;
  for (uint32_t c = 0; c < cells->count; c++) {
    uint32_t vertices = cells->shapes.first_vertex[cells->shapes.first_part[c + 1]] -
                        cells->shapes.first_vertex[cells->shapes.first_part[c]];
    if (vertices > ring_max) ring_max = vertices;
  }
  KY_NEW(job, scratch, *out, job->threads);
  for (int t = 0; t < job->threads; t++) {
    placer *p = &(*out)[t];
    *p = (placer){.job = job, .cells = cells, .network = network, .opts = opts, .homes = homes};
    KY_NEW(job, scratch, p->edge, network->pieces.item_count);
    KY_NEW(job, scratch, p->crossing, (size_t)ring_max + 2);
  }
  return KY_OK;
}

static ky_err new_points(ky_job *job, const ky_cells *cells, uint32_t count, ky_points *out) {
  out->count = count;
  out->date = cells->date;
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

/* What one thread needs to share people. */
typedef struct sharer {
  uint32_t *order;
  int64_t *part;
  uint64_t *sum; /* [rows] zero between cells */
} sharer;

static ky_err new_sharers(ky_job *job, const ky_cells *cells, const ky_zones *zones, const ky_points *points,
                          sharer **out) {
  uint32_t most = 0;
  for (uint32_t c = 0; c < cells->count; c++)
    if (points->first_point[c + 1] - points->first_point[c] > most)
      most = points->first_point[c + 1] - points->first_point[c];
  KY_NEW(job, scratch, *out, job->threads);
  for (int t = 0; t < job->threads; t++) {
    KY_NEW(job, scratch, (*out)[t].order, most);
    KY_NEW(job, scratch, (*out)[t].part, most);
    KY_NEW(job, scratch, (*out)[t].sum, KY_ROW_COUNT(zones));
  }
  return KY_OK;
}

/* Each band of a cell over its points by largest remainder; an unknown band is unknown at every point. */
static void share_people(const ky_cells *cells, uint32_t c, const sharer *s, ky_points *out) {
  const uint32_t first = out->first_point[c], n = out->first_point[c + 1] - first;
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    if (cells->people[m] == NULL) continue;
    bool is_known = cells->people[m][c] != KY_NULL;
    if (is_known) ky_share_largest_remainder(cells->people[m][c], out->weight_um + first, n, s->part, s->order);
    for (uint32_t i = 0; i < n; i++) out->people[m][first + i] = is_known ? (uint32_t)s->part[i] : KY_NONE;
  }
}

/* A cell's row: the one with most of its people (total, else 65+, else weight), ties to the lower. */
static uint32_t row_of_most(const ky_cells *cells, uint32_t c, const sharer *s, const ky_points *points) {
  const uint32_t measure = cells->people[KY_TOTAL] != NULL ? KY_TOTAL : KY_65;
  const bool by_people = cells->people[measure][c] != KY_NULL && cells->people[measure][c] > 0;
  uint32_t best = KY_NONE;
  for (uint32_t i = points->first_point[c]; i < points->first_point[c + 1]; i++) {
    uint32_t row = points->row[i];
    s->sum[row] += by_people ? points->people[measure][i] : points->weight_um[i];
    if (best == KY_NONE || s->sum[row] > s->sum[best] || (s->sum[row] == s->sum[best] && row < best)) best = row;
  }
  for (uint32_t i = points->first_point[c]; i < points->first_point[c + 1]; i++) s->sum[points->row[i]] = 0;
  return best;
}

/* Rows of the points of a cell: one look for all where no edge of a zone passes between them. */
static void find_rows(const ky_zone_index *index, uint32_t first, uint32_t end, ky_points *out) {
  ky_box box = {out->x_m[first], out->y_m[first], out->x_m[first], out->y_m[first]};
  for (uint32_t i = first + 1; i < end; i++) {
    if (out->x_m[i] < box.x_min) box.x_min = out->x_m[i];
    if (out->x_m[i] > box.x_max) box.x_max = out->x_m[i];
    if (out->y_m[i] < box.y_min) box.y_min = out->y_m[i];
    if (out->y_m[i] > box.y_max) box.y_max = out->y_m[i];
  }
  const bool is_plain = ky_zone_index_is_plain(index, box);
  for (uint32_t i = first; i < end; i++)
    out->row[i] = is_plain && i != first ? out->row[first] : ky_zone_index_row(index, out->x_m[i], out->y_m[i]);
}

/* People and ledger rows of the points. */
static ky_err settle_points(ky_job *job, const ky_cells *cells, const ky_zones *zones, ky_points *out) {
  ky_zone_index *index = NULL;
  sharer *sharers = NULL;
  KY_TRY(ky_zone_index_new(job, zones, &index));
  KY_TRY(new_sharers(job, cells, zones, out, &sharers));
#pragma omp parallel for schedule(dynamic, 64) num_threads(job->threads) if (cells->count > 64)
  for (uint32_t c = 0; c < cells->count; c++) {
    const sharer *s = &sharers[ky_thread()];
    find_rows(index, out->first_point[c], out->first_point[c + 1], out);
    share_people(cells, c, s, out);
    out->cell_zone[c] = row_of_most(cells, c, s, out);
  }
  return KY_OK;
}

ky_err ky_place_points(ky_job *job, const ky_cells *cells, const ky_zones *zones, const ky_network *network,
                       const ky_place_opts *opts, ky_points *out) {
  memset(out, 0, sizeof *out);
  placer *placers = NULL;
  cell_parts *parts;
  ky_cell_buildings homes;
  KY_TRY(ky_cell_buildings_find(job, cells, opts, &homes));
  KY_TRY(new_placers(job, cells, network, opts, &homes, &placers));
  KY_NEW(job, scratch, parts, cells->count);
  KY_NEW(job, keep, out->first_point, (size_t)cells->count + 1);
  KY_NEW(job, keep, out->placement, cells->count);
#pragma omp parallel for schedule(dynamic, 64) num_threads(job->threads) if (cells->count > 64)
  for (uint32_t c = 0; c < cells->count; c++) {
    placer *p = &placers[ky_thread()];
    out->placement[c] = (uint8_t)place_cell(p, c, &parts[c]);
    out->first_point[c + 1] = p->point_count;
  }
  uint64_t count = 0;
  for (int t = 0; t < job->threads; t++)
    if (placers[t].is_out_of_memory) return ky_fail_memory(job);
  for (uint32_t c = 0; c < cells->count; c++) {
    count += out->first_point[c + 1];
    out->first_point[c + 1] = (uint32_t)count;
  }
  if (count >= KY_NONE / 2) return ky_fail(job, KY_E_RESOURCE, ky_tr("place: more than 2,000,000,000 demand points"));
  KY_TRY(new_points(job, cells, (uint32_t)count, out));
#pragma omp parallel for schedule(dynamic, 64) num_threads(job->threads) if (cells->count > 64)
  for (uint32_t c = 0; c < cells->count; c++) fill_points(&placers[ky_thread()], c, &parts[c], out);
  return settle_points(job, cells, zones, out);
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
