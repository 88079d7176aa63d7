/* Overlaps are measured by sample points: exact enough to tell two grids on each other from neighbours that touch. */
#include "core/cell_overlaps.h"

#include <math.h>

#include "core/ratio.h"

#define SAMPLES   16   /* in each direction, over what the two boxes share */
#define MIN_SHARE 0.05 /* of the smaller cell: less comes from rounding, projection and generous outlines */

typedef struct search {
  const ky_cells *cells;
  const double *area_m2;
  uint32_t cell, pairs, first, second; /* the lowest pair */
  int64_t people;
} search;

static int64_t people_of(const ky_cells *cells, uint32_t cell) {
  for (uint32_t m = KY_TOTAL; m <= KY_65; m += KY_65 - KY_TOTAL)
    if (cells->people[m] != NULL && cells->people[m][cell] != KY_NULL) return cells->people[m][cell];
  return 0;
}

/* Area that both hold. */
static double shared_m2(const ky_shapes *shapes, uint32_t a, uint32_t b, ky_box box) {
  uint32_t inside = 0;
  const double width = (box.x_max - box.x_min) / SAMPLES, height = (box.y_max - box.y_min) / SAMPLES;
  for (int row = 0; row < SAMPLES; row++) {
    for (int column = 0; column < SAMPLES; column++) {
      const double x = box.x_min + (column + 0.5) * width, y = box.y_min + (row + 0.5) * height;
      inside += ky_shape_locate(shapes, a, x, y) > 0 && ky_shape_locate(shapes, b, x, y) > 0;
    }
  }
  return inside * width * height;
}

static bool meet(void *user, uint32_t other) {
  search *s = user;
  const ky_shapes *shapes = &s->cells->shapes;
  if (other <= s->cell || people_of(s->cells, other) == 0) return true;
  const ky_box a = ky_shape_box(shapes, s->cell), b = ky_shape_box(shapes, other);
  const ky_box box = {fmax(a.x_min, b.x_min), fmax(a.y_min, b.y_min), fmin(a.x_max, b.x_max), fmin(a.y_max, b.y_max)};
  const double smaller_m2 = fmin(s->area_m2[s->cell], s->area_m2[other]) * MIN_SHARE;
  if (!(smaller_m2 > 0) || !(box.x_max > box.x_min) || !(box.y_max > box.y_min)) return true;
  if ((box.x_max - box.x_min) * (box.y_max - box.y_min) <= smaller_m2) return true;
  if (shared_m2(shapes, s->cell, other, box) <= smaller_m2) return true;
  if (s->pairs++ == 0 || (s->cell == s->first && other < s->second)) {
    s->first = s->cell;
    s->second = other;
  }
  const int64_t mine = people_of(s->cells, s->cell), theirs = people_of(s->cells, other);
  s->people = ky_add(s->people, mine < theirs ? mine : theirs);
  return true;
}

ky_err ky_cells_report_overlaps(ky_job *job, const ky_cells *cells) {
  double(*box)[4], *area_m2;
  ky_rtree tree;
  search s = {.cells = cells};
  KY_NEW(job, scratch, box, cells->count);
  KY_NEW(job, scratch, area_m2, cells->count);
  for (uint32_t c = 0; c < cells->count; c++) {
    const ky_box at = ky_shape_box(&cells->shapes, c);
    box[c][0] = at.x_min;
    box[c][1] = at.y_min;
    box[c][2] = at.x_max;
    box[c][3] = at.y_max;
    area_m2[c] = ky_shape_area_m2(&cells->shapes, c);
  }
  s.area_m2 = area_m2;
  KY_TRY(ky_rtree_build(job, &job->scratch, &box[0][0], cells->count, &tree));
  for (s.cell = 0; s.cell < cells->count; s.cell++)
    if (area_m2[s.cell] > 0 && people_of(cells, s.cell) > 0)
      ky_rtree_query(&tree, (ky_box){box[s.cell][0], box[s.cell][1], box[s.cell][2], box[s.cell][3]}, meet, &s);
  if (s.pairs == 0) return KY_OK;
  ky_issue_add(
      job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = "residents",
                  .record = cells->id[s.first],
                  .field = "geometry",
                  .reason = "overlapping_cells",
                  .action = ky_tr("both cells count; are the same people given twice, as two grids or as areas "
                                  "and their parts? Then remove one of them")},
      ky_tr("cell %s and cell %s lie on each other; so do %u pairs in all, with at most %.0f people twice"),
      cells->id[s.first], cells->id[s.second], s.pairs, (double)s.people / KY_PERSON);
  return KY_OK;
}
