/* Layer zones is made in several files: the ledger (table_zones.c), the targets (table_zones_targets.c), what the
 * counting of venues rests on (table_zones_venues.c), resources (table_inventory.c). */
#ifndef KAYOI_TABLE_ZONES_H
#define KAYOI_TABLE_ZONES_H

#include <kayoi/write.h>

ky_err ky_zones_table_targets(ky_job *job, const ky_result *result, ky_table *table);
ky_err ky_zones_table_strengths(ky_job *job, const ky_result *result, ky_table *table);
ky_err ky_zones_table_facts(ky_job *job, const ky_result *result, ky_table *table);
ky_err ky_zones_table_venues(ky_job *job, const ky_result *result, ky_table *table);
ky_err ky_zones_table_priority(ky_job *job, const ky_result *result, ky_table *table);
ky_err ky_zones_table_inventory(ky_job *job, const ky_result *result, ky_table *table);

/* Of a row of the ledger: "zone", "municipality", "outside_zones", "outside", "no_place" (KY_ROW_NO_PLACE); and its
 * name in Japanese. */
const char *ky_row_level(const ky_zones *zones, uint32_t row);
const char *ky_row_name(const ky_result *result, uint32_t row);

#endif
