/* The k nearest venues of a cell, as one of its points has them. */
#include <kayoi/nearest.h>

/* The earliest point whose walk is the cell's median; the median is the walk of some point. */
static uint32_t median_point(const ky_points *points, const ky_coverage *coverage, uint32_t cell) {
  if (coverage->cell_walk_median_mm[cell] == KY_NONE) return KY_NONE;
  for (uint32_t i = points->first_point[cell]; i < points->first_point[cell + 1]; i++)
    if (coverage->walk_mm[i] == coverage->cell_walk_median_mm[cell]) return i;
  return KY_NONE;
}

/* Places of all classes of catchments, and what they are near to. */
typedef struct nearing {
  const ky_network *network;
  const ky_contraction *contraction;
  const ky_anchors *venue_anchors;
  const ky_venues *venues;
  ky_by_class by_class;
  ky_anchors anchors; /* of the places, in that order */
  ky_nearest *out;
} nearing;

static ky_err gather(ky_job *job, const ky_anchors *places, nearing *n) {
  n->anchors.count = n->by_class.first[n->by_class.count];
  KY_NEW(job, scratch, n->anchors.edge, n->anchors.count);
  KY_NEW(job, scratch, n->anchors.along_mm, n->anchors.count);
  KY_NEW(job, scratch, n->anchors.access_mm, n->anchors.count);
  for (uint32_t k = 0; k < n->anchors.count; k++) {
    const uint32_t place = n->by_class.order[k];
    n->anchors.edge[k] = places->edge[place];
    n->anchors.along_mm[k] = places->along_mm[place];
    n->anchors.access_mm[k] = places->access_mm[place];
  }
  return KY_OK;
}

/* keep and scratch are given back by the caller. */
static ky_err find_class(ky_job *job, const nearing *n, uint32_t class) {
  const uint32_t first = n->by_class.first[class], count = n->by_class.first[class + 1] - first, k = n->out->k;
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
      const size_t at = (size_t)n->by_class.order[first + i] * k + r;
      n->out->walk_mm[at] = found.walk_mm[(size_t)i * k + r];
      n->out->source[at] = found.source[(size_t)i * k + r];
    }
  }
  return KY_OK;
}

ky_err ky_nearest_serving(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                          const ky_anchors *venue_anchors, const ky_venues *venues, const ky_anchors *places,
                          const uint32_t *row, uint32_t k, ky_nearest *out) {
  nearing n = {network, contraction, venue_anchors, venues, .out = out};
  *out = (ky_nearest){.count = places->count, .k = k};
  KY_NEW(job, keep, out->walk_mm, (size_t)places->count * k);
  KY_NEW(job, keep, out->source, (size_t)places->count * k);
  for (size_t i = 0; i < (size_t)places->count * k; i++) out->walk_mm[i] = out->source[i] = KY_NONE;
  KY_TRY(ky_by_class_new(job, &venues->catchments, row, places->count, &n.by_class));
  KY_TRY(gather(job, places, &n));
  for (uint32_t c = 0; c < n.by_class.count; c++) {
    const ky_arena_mark keep = ky_arena_now(&job->keep), scratch = ky_arena_now(&job->scratch);
    if (n.by_class.first[c] != n.by_class.first[c + 1]) KY_TRY(find_class(job, &n, c));
    ky_arena_rewind(&job->keep, keep);
    ky_arena_rewind(&job->scratch, scratch);
  }
  return KY_OK;
}

ky_err ky_nearest_cells(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                        const ky_points *points, const ky_anchors *point_anchors, const ky_anchors *venue_anchors,
                        const ky_venues *venues, const ky_coverage *coverage, uint32_t k, ky_cell_nearest *out) {
  ky_anchors chosen = {.count = coverage->cell_count};
  uint32_t *row;
  KY_NEW(job, keep, out->point, chosen.count);
  KY_NEW(job, scratch, chosen.edge, chosen.count);
  KY_NEW(job, scratch, chosen.along_mm, chosen.count);
  KY_NEW(job, scratch, chosen.access_mm, chosen.count);
  KY_NEW(job, scratch, row, chosen.count);
  for (uint32_t c = 0; c < chosen.count; c++) {
    const uint32_t point = out->point[c] = median_point(points, coverage, c);
    row[c] = point == KY_NONE ? KY_NONE : points->row[point];
    if (point == KY_NONE) continue;
    chosen.edge[c] = point_anchors->edge[point];
    chosen.along_mm[c] = point_anchors->along_mm[point];
    chosen.access_mm[c] = point_anchors->access_mm[point];
  }
  return ky_nearest_serving(job, network, contraction, venue_anchors, venues, &chosen, row, k, &out->of);
}
