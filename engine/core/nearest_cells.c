/* The k nearest venues of a cell, as one of its points has them. */
#include <kayoi/nearest.h>

/* The earliest point whose walk is the cell's median; the median is the walk of some point. */
static uint32_t median_point(const ky_points *points, const ky_coverage *coverage, uint32_t cell) {
  if (coverage->cell_walk_median_mm[cell] == KY_NONE) return KY_NONE;
  for (uint32_t i = points->first_point[cell]; i < points->first_point[cell + 1]; i++)
    if (coverage->walk_mm[i] == coverage->cell_walk_median_mm[cell]) return i;
  return KY_NONE;
}

typedef struct nearing {
  const ky_network *network;
  const ky_contraction *contraction;
  const ky_anchors *venue_anchors;
  const ky_venues *venues;
  uint32_t *point;    /* [cells] KY_NONE: none */
  ky_by_class cells;  /* those with a point, by the class of the point */
  ky_anchors anchors; /* of the points, in that order */
  ky_nearest *out;
} nearing;

static ky_err gather(ky_job *job, const ky_anchors *point_anchors, nearing *n) {
  n->anchors.count = n->cells.first[n->cells.count];
  KY_NEW(job, scratch, n->anchors.edge, n->anchors.count);
  KY_NEW(job, scratch, n->anchors.along_mm, n->anchors.count);
  KY_NEW(job, scratch, n->anchors.access_mm, n->anchors.count);
  for (uint32_t k = 0; k < n->anchors.count; k++) {
    const uint32_t point = n->point[n->cells.order[k]];
    n->anchors.edge[k] = point_anchors->edge[point];
    n->anchors.along_mm[k] = point_anchors->along_mm[point];
    n->anchors.access_mm[k] = point_anchors->access_mm[point];
  }
  return KY_OK;
}

/* keep and scratch are given back by the caller. */
static ky_err find_class(ky_job *job, const nearing *n, uint32_t class) {
  const uint32_t first = n->cells.first[class], count = n->cells.first[class + 1] - first, k = n->out->k;
  const ky_anchors places = {.count = count,
                             .edge = n->anchors.edge + first,
                             .along_mm = n->anchors.along_mm + first,
                             .access_mm = n->anchors.access_mm + first};
  bool is_open;
  int8_t *use;
  ky_nearest found;
  KY_NEW(job, scratch, use, n->venues->count);
  ky_catchment_use(&n->venues->catchments, class, n->venues->counts, n->venues->count, use, &is_open);
  KY_TRY(ky_nearest_places(job, n->network, n->contraction, n->venue_anchors, use, &places, k, &found));
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t r = 0; r < k; r++) {
      const size_t at = (size_t)n->cells.order[first + i] * k + r;
      n->out->walk_mm[at] = found.walk_mm[(size_t)i * k + r];
      n->out->source[at] = found.source[(size_t)i * k + r];
    }
  }
  return KY_OK;
}

ky_err ky_nearest_cells(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                        const ky_points *points, const ky_anchors *point_anchors, const ky_anchors *venue_anchors,
                        const ky_venues *venues, const ky_coverage *coverage, uint32_t k, ky_cell_nearest *out) {
  const uint32_t cells = coverage->cell_count;
  nearing n = {network, contraction, venue_anchors, venues, .out = &out->of};
  uint32_t *row;
  out->of = (ky_nearest){.count = cells, .k = k};
  KY_NEW(job, keep, out->point, cells);
  KY_NEW(job, keep, out->of.walk_mm, (size_t)cells * k);
  KY_NEW(job, keep, out->of.source, (size_t)cells * k);
  KY_NEW(job, scratch, row, cells);
  for (uint32_t c = 0; c < cells; c++) {
    out->point[c] = median_point(points, coverage, c);
    row[c] = out->point[c] == KY_NONE ? KY_NONE : points->row[out->point[c]];
  }
  for (size_t i = 0; i < (size_t)cells * k; i++) out->of.walk_mm[i] = out->of.source[i] = KY_NONE;
  n.point = out->point;
  KY_TRY(ky_by_class_new(job, &venues->catchments, row, cells, &n.cells));
  KY_TRY(gather(job, point_anchors, &n));
  for (uint32_t c = 0; c < n.cells.count; c++) {
    const ky_arena_mark keep = ky_arena_now(&job->keep), scratch = ky_arena_now(&job->scratch);
    if (n.cells.first[c] != n.cells.first[c + 1]) KY_TRY(find_class(job, &n, c));
    ky_arena_rewind(&job->keep, keep);
    ky_arena_rewind(&job->scratch, scratch);
  }
  return KY_OK;
}
