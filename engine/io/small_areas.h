/* Small areas of the census (小地域, formats.md 3) as residents: boundaries whose records are brought to one per area,
 * and the table of ages that belongs to them. */
#ifndef KAYOI_SMALL_AREAS_H
#define KAYOI_SMALL_AREAS_H

#include "io/area_table.h"

/* A source of residents right after reading. Areas of water (HCODE 8154) are dropped and counted, records of one
 * KEY_CODE become one multipolygon whose people are the sum of theirs, and the table's counts are joined by key.
 * Without a table (NULL) and without HCODE nothing changes. */
ky_err ky_small_areas(ky_job *job, const ky_area_table *table, ky_raw *raw);

/* Keeps the records of `order` (in that order): shapes and all columns. */
ky_err ky_areas_keep(ky_job *job, const uint32_t *order, uint32_t count, ky_raw *raw);

#endif
