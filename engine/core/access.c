/* One distance field per class, several at a time. Each thread has a job of its own for memory, which is emptied after
 * every class; what is kept was allocated before. */
#include <kayoi/access.h>
#include <string.h>

#include "core/thread.h"
#include "core/weighted.h"

typedef struct building {
  const ky_network *network;
  const ky_contraction *contraction;
  const ky_points *points;
  const ky_cells *cells;
  const ky_zones *zones;
  const ky_anchors *point_anchors;
  const ky_catchments *catchments; /* of venues */
  const ky_coverage *coverage;
  uint32_t primary_mm;
  ky_access *out;
} building;

typedef struct worker {
  ky_job job;
  ky_weighted *items; /* room for the points of the largest cell */
} worker;

/* Median walk, nearest place and covered people of a cell. */
static void fill_cell(const building *b, const ky_walks *walks, ky_weighted *items, uint32_t cell, size_t at) {
  const ky_points *points = b->points;
  const uint32_t first = points->first_point[cell], end = points->first_point[cell + 1];
  const uint32_t *people = points->people[KY_65];
  uint32_t n = 0;
  for (uint32_t i = first; i < end; i++)
    if (walks->walk_mm[i] != KY_NONE) items[n++] = (ky_weighted){walks->walk_mm[i], points->weight_um[i]};
  b->out->cell_walk_mm[at] = ky_weighted_median(items, n);
  n = 0;
  for (uint32_t i = first; i < end; i++)
    if (walks->walk_mm[i] != KY_NONE) items[n++] = (ky_weighted){walks->source[i], points->weight_um[i]};
  b->out->cell_place[at] = ky_weighted_mode(items, n);
  if (people == NULL || b->cells->people[KY_65][cell] == KY_NULL) {
    b->out->cell_covered[at] = KY_NULL;
    return;
  }
  for (uint32_t i = first; i < end; i++)
    if (walks->walk_mm[i] <= b->primary_mm) b->out->cell_covered[at] += people[i];
}

static void add_rows(const building *b, const ky_walks *walks, int64_t *covered) {
  const ky_points *points = b->points;
  for (uint32_t i = 0; points->people[KY_65] != NULL && i < points->count; i++) {
    const uint32_t people = points->people[KY_65][i], row = points->row[i];
    if (people == KY_NONE || walks->walk_mm[i] > b->primary_mm) continue;
    covered[row] += people;
    if (row < KY_ROW_OUTSIDE(b->zones)) covered[KY_ROW_MUNICIPALITY(b->zones)] += people;
  }
}

/* Where the walks of single points are kept; NULL: they are not. */
static uint32_t *kept_walks(const ky_access *access, const ky_class *class) {
  if (class->kind != KY_CLASS_RESOURCE) return NULL;
  return strcmp(class->name, "shop") == 0     ? access->shop_mm
         : strcmp(class->name, "clinic") == 0 ? access->clinic_mm
                                              : NULL;
}

static ky_err walk_class(const building *b, worker *w, uint32_t c) {
  static const ky_catchments everybody = {0};
  const ky_class *class = &b->out->classes.of[c];
  uint32_t *kept = kept_walks(b->out, class);
  ky_field field;
  ky_walks walks;
  KY_TRY(ky_walk_points(&w->job, b->network, b->contraction, class->anchors, class->use,
                        class->kind == KY_CLASS_RESOURCE ? &everybody : b->catchments, b->points->row, b->point_anchors,
                        &field, &walks));
  for (uint32_t cell = 0; cell < b->cells->count; cell++)
    fill_cell(b, &walks, w->items, cell, (size_t)c * b->cells->count + cell);
  add_rows(b, &walks, b->out->covered + (size_t)c * b->out->row_count);
  if (kept != NULL) memcpy(kept, walks.walk_mm, walks.count * sizeof *kept);
  return KY_OK;
}

static ky_err new_columns(ky_job *job, const building *b) {
  ky_access *out = b->out;
  const size_t cells = (size_t)out->classes.count * b->cells->count;
  KY_NEW(job, keep, out->cell_walk_mm, cells);
  KY_NEW(job, keep, out->cell_place, cells);
  KY_NEW(job, keep, out->cell_covered, cells);
  KY_NEW(job, keep, out->covered, (size_t)out->classes.count * out->row_count);
  for (uint32_t c = 0; c < out->classes.count; c++) {
    if (out->classes.of[c].kind != KY_CLASS_RESOURCE) continue;
    if (strcmp(out->classes.of[c].name, "shop") == 0) KY_NEW(job, keep, out->shop_mm, b->points->count);
    if (strcmp(out->classes.of[c].name, "clinic") == 0) KY_NEW(job, keep, out->clinic_mm, b->points->count);
  }
  return KY_OK;
}

static ky_err walk_classes(ky_job *job, const building *b) {
  worker *workers;
  uint32_t most = 0;
  for (uint32_t c = 0; c < b->cells->count; c++)
    if (b->points->first_point[c + 1] - b->points->first_point[c] > most)
      most = b->points->first_point[c + 1] - b->points->first_point[c];
  KY_NEW(job, scratch, workers, job->threads);
  for (int t = 0; t < job->threads; t++) {
    ky_job_init(&workers[t].job, 1);
    KY_NEW(job, scratch, workers[t].items, most);
  }
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
  for (uint32_t c = 0; c < b->out->classes.count; c++) {
    worker *w = &workers[ky_thread()];
    if (w->job.err == KY_OK) walk_class(b, w, c); /* a failure is only ever memory; it stays in the worker's job */
    ky_arena_reset(&w->job.keep);
    ky_arena_reset(&w->job.scratch);
  }
  bool is_out = false;
  for (int t = 0; t < job->threads; t++) {
    is_out = is_out || workers[t].job.err != KY_OK;
    ky_job_free(&workers[t].job);
  }
  return is_out ? ky_fail_memory(job) : KY_OK;
}

/* People 65+ of the municipality without a shop within the primary distance, by whether a venue is there. Whom the road
 * data cannot tell about is in neither. */
static ky_err find_no_shop(ky_job *job, const building *b) {
  const ky_points *points = b->points;
  ky_access *out = b->out;
  if (out->shop_mm == NULL || points->people[KY_65] == NULL) return KY_OK;
  KY_NEW(job, keep, out->no_venue_no_shop, out->row_count);
  KY_NEW(job, keep, out->covered_no_shop, out->row_count);
  for (uint32_t i = 0; i < points->count; i++) {
    const uint32_t people = points->people[KY_65][i], row = points->row[i], reach = b->coverage->reach[i];
    if (people == KY_NONE || row >= KY_ROW_OUTSIDE(b->zones)) continue;
    if (reach == KY_UNKNOWN || out->shop_mm[i] <= b->primary_mm) continue;
    int64_t *rows = reach == KY_COVERED ? out->covered_no_shop : out->no_venue_no_shop;
    rows[row] += people;
    rows[KY_ROW_MUNICIPALITY(b->zones)] += people;
  }
  out->no_venue_no_shop[KY_ROW_OUTSIDE(b->zones)] = out->covered_no_shop[KY_ROW_OUTSIDE(b->zones)] = KY_NULL;
  return KY_OK;
}

ky_err ky_access_build(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                       const ky_points *points, const ky_cells *cells, const ky_zones *zones,
                       const ky_anchors *point_anchors, const ky_catchments *catchments, const ky_coverage *coverage,
                       uint32_t primary_mm, ky_access *out) {
  const building b = {.network = network,
                      .contraction = contraction,
                      .points = points,
                      .cells = cells,
                      .zones = zones,
                      .point_anchors = point_anchors,
                      .catchments = catchments,
                      .coverage = coverage,
                      .primary_mm = primary_mm,
                      .out = out};
  out->cell_count = cells->count;
  out->row_count = KY_ROW_COUNT(zones);
  KY_TRY(new_columns(job, &b));
  KY_TRY(walk_classes(job, &b));
  return find_no_shop(job, &b);
}

/* Median walk of each area's points by their people 65+, or one each where an area has none, as ky_gaps has it. */
static ky_err area_medians(ky_job *job, const ky_points *points, const ky_gaps *gaps, const uint32_t *walk_mm,
                           uint32_t **out) {
  const uint32_t *people = points->people[KY_65];
  ky_weighted *items;
  if (walk_mm == NULL) return KY_OK;
  KY_NEW(job, keep, *out, gaps->count);
  KY_NEW(job, scratch, items, points->count);
  for (uint32_t a = 0; a < gaps->count; a++) {
    uint32_t n = 0;
    uint64_t total = 0;
    for (uint32_t p = gaps->first_point[a]; p < gaps->first_point[a + 1]; p++) {
      const uint32_t i = gaps->point[p];
      if (walk_mm[i] == KY_NONE) continue;
      items[n] = (ky_weighted){walk_mm[i], people == NULL || people[i] == KY_NONE ? 0 : people[i]};
      total += items[n++].weight;
    }
    for (uint32_t i = 0; total == 0 && i < n; i++) items[i].weight = 1;
    (*out)[a] = ky_weighted_median(items, n);
  }
  return KY_OK;
}

ky_err ky_access_gaps(ky_job *job, const ky_points *points, const ky_gaps *gaps, ky_access *access) {
  KY_TRY(area_medians(job, points, gaps, access->shop_mm, &access->gap_shop_mm));
  return area_medians(job, points, gaps, access->clinic_mm, &access->gap_clinic_mm);
}
