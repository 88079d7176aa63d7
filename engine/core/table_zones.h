/* Layer zones is made in two files: the ledger (table_zones.c) and the targets (table_zones_targets.c). */
#ifndef KAYOI_TABLE_ZONES_H
#define KAYOI_TABLE_ZONES_H

#include <kayoi/write.h>

ky_err ky_zones_table_targets(ky_job *job, const ky_result *result, ky_table *table);

#endif
