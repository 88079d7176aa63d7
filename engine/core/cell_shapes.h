/* Geometry of cells while they are being placed. */
#ifndef KAYOI_CELL_SHAPES_H
#define KAYOI_CELL_SHAPES_H

#include "core/cell_groups.h"

/* Geometry of the drafts' records, in their order. */
ky_err ky_cell_shapes(ky_job *job, const ky_cell_draft *drafts, uint32_t count, ky_shapes *out);
/* Square root of the median area of the polygons, the distance from one cell to the next; 0 without polygons. */
ky_err ky_cell_spacing(ky_job *job, const ky_shapes *shapes, double *out);
/* Within a metre the same box? */
bool ky_record_same_box(const ky_record *a, const ky_record *b);

#endif
