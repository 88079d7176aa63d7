/* Where the header of a text table is: town halls put a title above it. */
#ifndef KAYOI_TABLE_HEADER_H
#define KAYOI_TABLE_HEADER_H

#include "io/delimited.h"

/* Reads rows up to and with the header, and its names. The first row is the header, unless it knows at most one of the
 * columns that the role (KY_ROLE_COUNT: any role) or the mapping of the source asks for, and one of the next rows knows
 * two or more: then that row is, *title_rows are above it, and it is an issue. KY_E_INPUT when there is no row. */
ky_err ky_table_header(ky_job *job, const ky_source *source, ky_role role, ky_delimited *table, const char ***names,
                       uint32_t *count, uint64_t *title_rows);

#endif
