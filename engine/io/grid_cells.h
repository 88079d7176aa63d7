/* Residential cells from grid codes alone: the rectangle of each code, and where a grid file is complete. */
#ifndef KAYOI_GRID_CELLS_H
#define KAYOI_GRID_CELLS_H

#include "io/raw_build.h"

/* The rectangle of the newest record's code as its geometry; false: the code breaks the pattern (reported). */
ky_err ky_grid_cell(ky_raw_builder *b, const char *code, int level_m, bool *is_good);
/* The first-level meshes (4 digits) that the records' codes lie in, as polygons in degrees. */
ky_err ky_grid_extent(ky_job *job, const ky_raw *raw, const char *mesh_of_file, ky_shapes *out);

#endif
