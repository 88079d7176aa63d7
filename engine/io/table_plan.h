/* How rows of a table without geometry get their places: by coordinate columns, by grid codes, or not at all. */
#ifndef KAYOI_TABLE_PLAN_H
#define KAYOI_TABLE_PLAN_H

#include "io/degree_columns.h"
#include "io/delimited.h"
#include "io/grid_cells.h"
#include "io/table_place.h"

/* How the rows of this table get a place. */
typedef enum ky_place_by { KY_BY_NOTHING, KY_BY_COORDINATES, KY_BY_PARTS, KY_BY_PAIR, KY_BY_GRID_CODE } ky_place_by;

typedef struct ky_table_plan {
  ky_place_by by;
  uint32_t lon, lat;       /* columns, KY_BY_COORDINATES; KY_BY_PAIR: lon is the column of both */
  ky_degree_columns parts; /* KY_BY_PARTS */
  ky_grid grid;            /* KY_BY_GRID_CODE */
} ky_table_plan;

/* KY_E_INPUT: the role needs a place and no column gives one. picks may get lon and lat. */
ky_err ky_table_plan_make(ky_job *job, const ky_source *source, const char *const *names, uint32_t count,
                          ky_picks *picks, ky_table_plan *plan);
/* A table of which no column is known is another table: KY_E_INPUT with its columns. */
ky_err ky_table_plan_check(ky_job *job, const ky_source *source, const char *const *names, uint32_t count,
                           const ky_picks *picks);
/* The CRS of the coordinates; an assumption is an issue. Not for KY_BY_NOTHING. */
ky_err ky_table_plan_crs(ky_job *job, const ky_source *source, const ky_table_plan *plan, ky_raw *out);
/* Values of the newest record from the fields of the newest row; then its place. */
ky_err ky_table_plan_values(ky_raw_builder *b, const ky_delimited *table);
ky_err ky_table_plan_place(ky_raw_builder *b, const ky_delimited *table, ky_table_plan *plan, bool is_geographic,
                           ky_table_places *places);

#endif
