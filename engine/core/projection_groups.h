/* Hidden cells of projected grids (KSJ), as links of the census grid (cell_groups.h). */
#ifndef KAYOI_PROJECTION_GROUPS_H
#define KAYOI_PROJECTION_GROUPS_H

#include "core/cell_groups.h"

/* What a cell's row says: "*" its details are in the cell `to`, "@" it holds details of others; NULL: neither. */
typedef struct ky_hidden_mark {
  const char *mark, *to;
} ky_hidden_mark;

/* Sets hidden, receiver and sources of the drafts, which are sorted by id. A hidden cell's bands stand as 0 in the file
 * and become unknown until ky_cell_groups_dissolve gives it its share. */
ky_err ky_projection_link(ky_job *job, ky_cell_draft *drafts, uint32_t count, const ky_hidden_mark *marks);
/* After the dissolving: a further band of the receivers over the same groups by the same rule. people: [count] */
ky_err ky_projection_share(ky_job *job, const ky_cell_draft *drafts, uint32_t count, int64_t *people);

#endif
