/* Grid files of residents that hold the same people: counted twice, they would spoil every number. */
#ifndef KAYOI_GRID_TWICE_H
#define KAYOI_GRID_TWICE_H

#include <kayoi/read.h>

/* KY_E_CONFIG when two grid sources of residents have cells in common and are two tables, two cell sizes, or one table
 * with the same counts. Border cells that two prefectures share pass: each file holds its own part of them. */
ky_err ky_grids_check_twice(ky_job *job, const ky_raw *raws, uint32_t count);

#endif
