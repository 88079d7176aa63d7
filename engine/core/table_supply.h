/* Columns of transit supply that several layers have. Without transit sources they are there and null. */
#ifndef KAYOI_TABLE_SUPPLY_H
#define KAYOI_TABLE_SUPPLY_H

#include <kayoi/write.h>

#define KY_SUPPLY_AREA_COLUMNS 16

/* What leaves a stop and where it leads; stop: [table->count] index, KY_NONE null. NULL: of no record. */
ky_err ky_table_stop_supply(ky_job *job, const ky_result *result, const uint32_t *stop, ky_table *table);
/* What gap areas have: area: [table->count] index into gaps; NULL: records are the areas. At most
 * KY_SUPPLY_AREA_COLUMNS. */
ky_err ky_table_area_supply(ky_job *job, const ky_result *result, const uint32_t *area, ky_table *table);
/* What cells and rows of the ledger have. */
ky_err ky_table_cell_supply(ky_job *job, const ky_result *result, ky_table *table);
ky_err ky_table_row_supply(ky_job *job, const ky_result *result, ky_table *table);

#endif
