/* Tables: a view of any struct as columns, the one form that writers, dumps and golden tests read.
 *
 * Numbers are integers with a fixed count of decimals (12.345 is 12345 with 3), so every format prints the
 * same digits. A table owns nothing: columns point into the job's keep arena. */
#ifndef KAYOI_TABLE_H
#define KAYOI_TABLE_H

#include <kayoi/shape.h>

typedef enum ky_column_type {
  KY_COLUMN_TEXT,  /* const char *const *text, UTF-8; NULL = null */
  KY_COLUMN_FIXED, /* const int64_t *fixed / 10^decimals; KY_NULL = null; decimals = 0: an integer */
  KY_COLUMN_BOOL   /* const int8_t *flag: 0 false, 1 true, -1 null */
} ky_column_type;

/* What the numbers of the zones add up to in a layer with a record of the municipality. */
typedef enum ky_adds {
  KY_ADDS_NOT,   /* rates, medians, what each record reaches on its own */
  KY_ADDS_ZONES, /* municipality = sum of the zones: targets and what is held against them */
  KY_ADDS_ROWS   /* municipality = sum of the zones + outside_zones: people and places */
} ky_adds;

typedef struct ky_column {
  const char *name;  /* layers.md, stable */
  const char *alias; /* Japanese */
  const char *unit;  /* "m", "m2", "people", "share", NULL */
  ky_column_type type;
  uint8_t decimals;
  uint8_t adds; /* ky_adds */
  union {
    const char *const *text;
    const int64_t *fixed;
    const int8_t *flag;
  } of;
} ky_column;

typedef struct ky_table {
  const char *layer; /* "cells" */
  const char *alias; /* "居住エリア" */
  uint32_t count;
  const ky_shapes *shapes;     /* NULL: no geometry; else shapes->count == count, metres in the run's CRS */
  const ky_shapes *shapes_deg; /* the same in WGS 84, 7 decimals, set by ky_write for the writers; else NULL */
  uint32_t column_count, capacity;
  ky_column *columns;
} ky_table;

/* Builder: room for `capacity` columns; then one call a column. Arrays are used in place, not copied. */
ky_err ky_table_new(ky_job *job, const char *layer, const char *alias, uint32_t count, const ky_shapes *shapes,
                    uint32_t capacity, ky_table *out);
void ky_table_text(ky_table *table, const char *name, const char *alias, const char *const *text);
void ky_table_fixed(ky_table *table, const char *name, const char *alias, const char *unit, uint8_t decimals,
                    const int64_t *fixed);
/* Says what the column added last adds up to. */
void ky_table_adds(ky_table *table, ky_adds adds);
/* "zones", "zones+outside_zones"; NULL for KY_ADDS_NOT. */
const char *ky_adds_name(ky_adds adds);
void ky_table_bool(ky_table *table, const char *name, const char *alias, const int8_t *flag);
/* A uint32_t array of millimetres as metres with 3 decimals (KY_NONE = null); allocates the wide copy. */
ky_err ky_table_mm(ky_job *job, ky_table *table, const char *name, const char *alias, const uint32_t *mm);
/* Column by name; NULL when there is none. */
const ky_column *ky_table_column(const ky_table *table, const char *name);
/* Decimal text of a fixed value, e.g. -0.050 (buffer of 32 bytes); "" for null. Returns the length. */
size_t ky_fixed_text(char *buffer, int64_t value, uint8_t decimals);
/* One table of several with the same layer behind each other, after a first column `key` (0 decimals) that says which:
 * values[i] for the records of tables[i]. Columns are those of all tables, by name, in the order of their first
 * appearance; null where a table lacks one. Shapes are stacked when every table has them and keep_shapes is set. There
 * is room for one column more. */
ky_err ky_table_stack(ky_job *job, const char *layer, const char *alias, const char *key, const char *key_alias,
                      const int64_t *values, const ky_table *tables, uint32_t table_count, bool keep_shapes,
                      ky_table *out);
const char *ky_table_check(const ky_table *table);

#endif
