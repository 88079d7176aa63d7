/* Residential cells that lie on each other. */
#ifndef KAYOI_CELL_OVERLAPS_H
#define KAYOI_CELL_OVERLAPS_H

#include <kayoi/place.h>

/* Reports pairs of cells with people that share more than 5 % of the smaller one, as one issue: the first pair and how
 * many there are. Nothing is changed: both cells count. */
ky_err ky_cells_report_overlaps(ky_job *job, const ky_cells *cells);

#endif
