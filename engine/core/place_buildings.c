/* Buildings by cell: see place_buildings.h. */
#include "core/place_buildings.h"

#include <kayoi/rtree.h>

typedef struct cell_search {
  const ky_shapes *cells;
  double x, y;
  uint32_t cell; /* the lowest that holds the place; KY_NONE */
} cell_search;

static bool try_cell(void *user, uint32_t cell) {
  cell_search *s = user;
  if (cell < s->cell && ky_shape_locate(s->cells, cell, s->x, s->y) >= 0) s->cell = cell;
  return true;
}

/* The cell of each building; KY_NONE: none. A ring has four vertices, so the place is in no cell that is a point. */
static ky_err find_cells(ky_job *job, const ky_buildings *b, const ky_cells *cells, uint32_t *cell) {
  ky_rtree tree;
  double *boxes;
  KY_NEW(job, scratch, boxes, 4 * (size_t)cells->count);
  for (uint32_t c = 0; c < cells->count; c++) {
    const ky_box box = ky_shape_box(&cells->shapes, c);
    boxes[4 * (size_t)c] = box.x_min - 0.001; /* places are compared on the millimetre grid */
    boxes[4 * (size_t)c + 1] = box.y_min - 0.001;
    boxes[4 * (size_t)c + 2] = box.x_max + 0.001;
    boxes[4 * (size_t)c + 3] = box.y_max + 0.001;
  }
  KY_TRY(ky_rtree_build(job, &job->scratch, boxes, cells->count, &tree));
#pragma omp parallel for schedule(dynamic, 1024) num_threads(job->threads)
  for (uint32_t i = 0; i < b->count; i++) {
    cell_search search = {&cells->shapes, b->x_m[i], b->y_m[i], KY_NONE};
    ky_rtree_query(&tree, (ky_box){search.x, search.y, search.x, search.y}, try_cell, &search);
    cell[i] = search.cell;
  }
  return KY_OK;
}

/* Where too few buildings of a cell are known to be homes, those of which nothing is said count too. */
static ky_err find_mixed(ky_job *job, const ky_buildings *b, const uint32_t *cell, uint32_t cell_count,
                         uint32_t home_share, bool **is_mixed) {
  uint64_t *floor[2];
  KY_NEW(job, scratch, floor[KY_BUILDING_HOME], cell_count);
  KY_NEW(job, scratch, floor[KY_BUILDING_UNSPECIFIED], cell_count);
  KY_NEW(job, scratch, *is_mixed, cell_count);
  for (uint32_t i = 0; i < b->count; i++)
    if (cell[i] != KY_NONE) floor[b->use[i]][cell[i]] += (b->floor[i] + 999) / 1000; /* times KY_WHOLE must fit */
  for (uint32_t c = 0; c < cell_count; c++) {
    const uint64_t homes = floor[KY_BUILDING_HOME][c], all = homes + floor[KY_BUILDING_UNSPECIFIED][c];
    (*is_mixed)[c] = homes * KY_WHOLE < all * home_share;
  }
  return KY_OK;
}

ky_err ky_cell_buildings_find(ky_job *job, const ky_cells *cells, const ky_place_opts *opts, ky_cell_buildings *out) {
  const ky_buildings *b = opts->buildings;
  uint32_t *cell, *first, *item, *next;
  bool *is_mixed;
  *out = (ky_cell_buildings){0};
  if (b == NULL) return KY_OK;
  KY_NEW(job, scratch, cell, b->count);
  KY_NEW(job, scratch, first, (size_t)cells->count + 1);
  KY_NEW(job, scratch, next, cells->count);
  KY_TRY(find_cells(job, b, cells, cell));
  KY_TRY(find_mixed(job, b, cell, cells->count, opts->home_share, &is_mixed));
  for (uint32_t i = 0; i < b->count; i++) {
    if (cell[i] != KY_NONE && b->use[i] == KY_BUILDING_UNSPECIFIED && !is_mixed[cell[i]]) cell[i] = KY_NONE;
    if (cell[i] != KY_NONE) first[cell[i] + 1]++;
  }
  for (uint32_t c = 0; c < cells->count; c++) {
    next[c] = first[c];
    first[c + 1] += first[c];
  }
  KY_NEW(job, scratch, item, first[cells->count]);
  for (uint32_t i = 0; i < b->count; i++)
    if (cell[i] != KY_NONE) item[next[cell[i]]++] = i;
  *out = (ky_cell_buildings){b, first, item};
  return KY_OK;
}

void ky_cell_buildings_fill(const ky_cell_buildings *b, uint32_t cell, uint32_t at, ky_points *out) {
  for (uint32_t k = b->first[cell]; k < b->first[cell + 1]; k++, at++) {
    const uint32_t i = b->item[k];
    out->x_m[at] = b->buildings->x_m[i];
    out->y_m[at] = b->buildings->y_m[i];
    out->edge[at] = KY_NONE;
    out->weight_um[at] = b->buildings->floor[i];
  }
}

const char *ky_placement_name(ky_placement placement) {
  static const char *const name[KY_PLACEMENT_COUNT] = {[KY_PLACED_BUILDINGS] = "buildings",
                                                       [KY_PLACED_STREETS] = "streets",
                                                       [KY_PLACED_STREETS_ANY] = "streets_any",
                                                       [KY_PLACED_CENTROID] = "centroid",
                                                       [KY_PLACED_GIVEN] = "given"};
  return name[placement];
}

void ky_placement_counts(const ky_cells *cells, const ky_points *points, uint32_t count[KY_PLACEMENT_COUNT]) {
  for (uint32_t p = 0; p < KY_PLACEMENT_COUNT; p++) count[p] = 0;
  for (uint32_t c = 0; c < cells->count; c++) count[points->placement[c]]++;
}

void ky_buildings_tell(ky_job *job, const ky_cells *cells, const ky_points *points) {
  uint32_t count[KY_PLACEMENT_COUNT];
  ky_placement_counts(cells, points, count);
  ky_job_notice(job,
                ky_tr("%u of %u cells placed by buildings; in cells without homes among them people are placed by "
                      "streets (%u cells) or at the centre (%u)"),
                count[KY_PLACED_BUILDINGS], cells->count - count[KY_PLACED_GIVEN],
                count[KY_PLACED_STREETS] + count[KY_PLACED_STREETS_ANY], count[KY_PLACED_CENTROID]);
}
