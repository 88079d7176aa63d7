/* Residential cells from grid codes alone: the rectangle of each code, and where a grid file is complete. */
#ifndef KAYOI_GRID_CELLS_H
#define KAYOI_GRID_CELLS_H

#include "io/raw_build.h"

/* The level of one source's codes while they are read. */
typedef struct ky_grid {
  int level_m;         /* declared, or of the file's name; 0: the halving series, by the number of digits */
  uint32_t cells[12];  /* [digits] codes that were good */
  uint32_t only_100_m; /* codes of 10 digits that are none of 250 m, level not declared */
} ky_grid;

/* level_of_name_m: 0: the name says nothing. */
void ky_grid_begin(ky_job *job, const ky_source *source, int level_of_name_m, ky_grid *out);
/* The rectangle of the newest record's code as its geometry; a code that breaks the pattern is a bad record. */
ky_err ky_grid_cell(ky_raw_builder *b, const char *code, ky_grid *grid);
/* After the last record. KY_E_INPUT when nothing declares the level and the codes are of several, or of 100 m. */
ky_err ky_grid_end(ky_raw_builder *b, const ky_grid *grid);
/* The first-level meshes (4 digits) that the records' codes lie in, as polygons in degrees. */
ky_err ky_grid_extent(ky_job *job, const ky_raw *raw, const char *mesh_of_file, ky_shapes *out);

#endif
