/* The k nearest venues of a cell, as one of its points has them. */
#include <kayoi/nearest.h>

/* The earliest point whose walk is the cell's median; the median is the walk of some point. */
static uint32_t median_point(const ky_points *points, const ky_coverage *coverage, uint32_t cell) {
  if (coverage->cell_walk_median_mm[cell] == KY_NONE) return KY_NONE;
  for (uint32_t i = points->first_point[cell]; i < points->first_point[cell + 1]; i++)
    if (coverage->walk_mm[i] == coverage->cell_walk_median_mm[cell]) return i;
  return KY_NONE;
}

ky_err ky_nearest_cells(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                        const ky_points *points, const ky_anchors *point_anchors, const ky_anchors *venue_anchors,
                        const ky_venues *venues, const ky_coverage *coverage, uint32_t k, ky_cell_nearest *out) {
  ky_anchors chosen = {.count = coverage->cell_count};
  KY_NEW(job, keep, out->point, chosen.count);
  KY_NEW(job, scratch, chosen.edge, chosen.count);
  KY_NEW(job, scratch, chosen.along_mm, chosen.count);
  KY_NEW(job, scratch, chosen.access_mm, chosen.count);
  for (uint32_t c = 0; c < chosen.count; c++) {
    const uint32_t point = out->point[c] = median_point(points, coverage, c);
    chosen.edge[c] = KY_NONE;
    if (point == KY_NONE) continue;
    chosen.edge[c] = point_anchors->edge[point];
    chosen.along_mm[c] = point_anchors->along_mm[point];
    chosen.access_mm[c] = point_anchors->access_mm[point];
  }
  return ky_nearest_places(job, network, contraction, venue_anchors, venues->counts, &chosen, k, &out->of);
}
