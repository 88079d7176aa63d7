/* Tables: columns over arrays of a struct. */
#include <assert.h>
#include <inttypes.h>
#include <kayoi/table.h>
#include <stdio.h>
#include <string.h>

ky_err ky_table_new(ky_job *job, const char *layer, const char *alias, uint32_t count, const ky_shapes *shapes,
                    uint32_t capacity, ky_table *out) {
  assert(shapes == NULL || shapes->count == count);
  *out = (ky_table){.layer = layer, .alias = alias, .count = count, .shapes = shapes, .capacity = capacity};
  KY_NEW(job, keep, out->columns, capacity);
  return KY_OK;
}

static ky_column *add(ky_table *table, const char *name, const char *alias, ky_column_type type) {
  assert(table->column_count < table->capacity);
  assert(ky_table_column(table, name) == NULL);
  ky_column *column = &table->columns[table->column_count++];
  *column = (ky_column){.name = name, .alias = alias, .type = type};
  return column;
}

void ky_table_text(ky_table *table, const char *name, const char *alias, const char *const *text) {
  add(table, name, alias, KY_COLUMN_TEXT)->of.text = text;
}

void ky_table_fixed(ky_table *table, const char *name, const char *alias, const char *unit, uint8_t decimals,
                    const int64_t *fixed) {
  ky_column *column = add(table, name, alias, KY_COLUMN_FIXED);
  column->unit = unit;
  column->decimals = decimals;
  column->of.fixed = fixed;
}

void ky_table_adds(ky_table *table, ky_adds adds) {
  assert(table->column_count != 0 && table->columns[table->column_count - 1].type == KY_COLUMN_FIXED);
  table->columns[table->column_count - 1].adds = (uint8_t)adds;
}

const char *ky_adds_name(ky_adds adds) {
  static const char *const names[] = {NULL, "zones", "zones+outside_zones"};
  return names[adds];
}

void ky_table_bool(ky_table *table, const char *name, const char *alias, const int8_t *flag) {
  add(table, name, alias, KY_COLUMN_BOOL)->of.flag = flag;
}

ky_err ky_table_mm(ky_job *job, ky_table *table, const char *name, const char *alias, const uint32_t *mm) {
  int64_t *fixed;
  KY_NEW(job, keep, fixed, table->count);
  for (uint32_t i = 0; i < table->count; i++) fixed[i] = mm[i] == KY_NONE ? KY_NULL : (int64_t)mm[i];
  ky_table_fixed(table, name, alias, "m", 3, fixed);
  return KY_OK;
}

const ky_column *ky_table_column(const ky_table *table, const char *name) {
  for (uint32_t i = 0; i < table->column_count; i++)
    if (strcmp(table->columns[i].name, name) == 0) return &table->columns[i];
  return NULL;
}

size_t ky_fixed_text(char *buffer, int64_t value, uint8_t decimals) {
  buffer[0] = '\0';
  if (value == KY_NULL) return 0;
  if (decimals == 0) return (size_t)sprintf(buffer, "%" PRId64, value);
  uint64_t magnitude = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value, whole = 1;
  for (uint8_t d = 0; d < decimals; d++) whole *= 10;
  return (size_t)sprintf(buffer, "%s%" PRIu64 ".%0*" PRIu64, value < 0 ? "-" : "", magnitude / whole, decimals,
                         magnitude % whole);
}

const char *ky_table_check(const ky_table *table) {
  for (uint32_t i = 0; i < table->column_count; i++) {
    const ky_column *column = &table->columns[i];
    if (column->name == NULL || column->name[0] == '\0') return "a column has no name";
    if (column->of.text == NULL) return "a column has no values";
    if (column->decimals > 9) return "a column has more than nine decimals";
  }
  if (table->shapes != NULL && table->shapes->count != table->count) return "shapes and records differ in number";
  return table->shapes != NULL ? ky_shapes_check(table->shapes) : NULL;
}
