/* Columns that several tables have. */
#ifndef KAYOI_TABLE_COLUMNS_H
#define KAYOI_TABLE_COLUMNS_H

#include <kayoi/network.h>
#include <kayoi/table.h>

/* "65歳以上 男" */
const char *ky_measure_alias(ky_measure measure);
/* People, thousandths: name <prefix>_<measure>, alias "<alias>（65歳以上 男）". values is used in place. */
ky_err ky_table_people(ky_job *job, ky_table *table, const char *prefix, const char *alias, ky_measure measure,
                       const int64_t *values);
/* count nulls, for a column that this version has no data for. */
ky_err ky_table_nulls(ky_job *job, ky_table *table, const char *name, const char *alias, const char *unit,
                      uint8_t decimals);
/* Texts by index: text[i] = of[index[i]], null for KY_NONE. */
ky_err ky_table_lookup(ky_job *job, ky_table *table, const char *name, const char *alias, const char *const *of,
                       const uint32_t *index);
/* A uint32_t array as whole numbers. */
ky_err ky_table_count(ky_job *job, ky_table *table, const char *name, const char *alias, const uint32_t *values);
/* Where each record stands on the network: street_id, street_frac, snap_m. */
ky_err ky_table_anchors(ky_job *job, ky_table *table, const ky_network *network, const ky_anchors *anchors);
/* The same text in every record; NULL = null. */
ky_err ky_table_constant(ky_job *job, ky_table *table, const char *name, const char *alias, const char *text);

#endif
