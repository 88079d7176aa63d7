/* Every polygon that is written is valid: finding those that are not, and repairing them. */
#ifndef KAYOI_SHAPES_VALID_H
#define KAYOI_SHAPES_VALID_H

#include <kayoi/shape.h>

/* Records whose polygons are not valid: their indices, ascending (scratch arena). Lines and points never are among
 * them. */
ky_err ky_shapes_invalid(ky_job *job, const ky_shapes *shapes, uint32_t **record, uint32_t *count);

/* A copy with each of the records (ascending) made valid: the same places are inside (even-odd). With grid > 0 its
 * vertices are put on that grid too. A record may lose all its parts: it had no area (on the grid). */
ky_err ky_shapes_repair(ky_job *job, const ky_shapes *in, const uint32_t *record, uint32_t count, double grid,
                        ky_shapes *out);

/* Shapes as they are when all are valid, else a repaired copy with an issue for each record repaired. id: of the
 * records; NULL: they are numbered from 1. */
ky_err ky_shapes_ensure_valid(ky_job *job, const char *source, const char *const *id, ky_shapes *shapes);

#endif
