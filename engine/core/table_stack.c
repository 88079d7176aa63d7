/* Several tables of one layer behind each other. */
#include <assert.h>
#include <kayoi/table.h>
#include <string.h>

static uint32_t count_columns(const ky_table *tables, uint32_t table_count) {
  uint32_t count = 2; /* the key, and room for one more */
  for (uint32_t t = 0; t < table_count; t++) count += tables[t].column_count;
  return count;
}

/* Records of a table that lacks the column are null. */
static ky_err stack_column(ky_job *job, const ky_table *tables, uint32_t table_count, const ky_column *like,
                           ky_table *out) {
  const char **text = NULL;
  int64_t *fixed = NULL;
  int8_t *flag = NULL;
  uint32_t at = 0;
  if (like->type == KY_COLUMN_TEXT) KY_NEW(job, keep, text, out->count);
  if (like->type == KY_COLUMN_FIXED) KY_NEW(job, keep, fixed, out->count);
  if (like->type == KY_COLUMN_BOOL) KY_NEW(job, keep, flag, out->count);
  for (uint32_t t = 0; t < table_count; t++) {
    const ky_column *column = ky_table_column(&tables[t], like->name);
    assert(column == NULL || (column->type == like->type && column->decimals == like->decimals));
    for (uint32_t i = 0; i < tables[t].count; i++, at++) {
      if (text != NULL) text[at] = column != NULL ? column->of.text[i] : NULL;
      if (fixed != NULL) fixed[at] = column != NULL ? column->of.fixed[i] : KY_NULL;
      if (flag != NULL) flag[at] = column != NULL ? column->of.flag[i] : -1;
    }
  }
  if (text != NULL) ky_table_text(out, like->name, like->alias, text);
  if (fixed != NULL) ky_table_fixed(out, like->name, like->alias, like->unit, like->decimals, fixed);
  if (fixed != NULL) ky_table_adds(out, (ky_adds)like->adds); /* within each of the tables */
  if (flag != NULL) ky_table_bool(out, like->name, like->alias, flag);
  return KY_OK;
}

static ky_err stack_key(ky_job *job, const char *key, const char *key_alias, const int64_t *values,
                        const ky_table *tables, uint32_t table_count, ky_table *out) {
  int64_t *column;
  uint32_t at = 0;
  KY_NEW(job, keep, column, out->count);
  for (uint32_t t = 0; t < table_count; t++)
    for (uint32_t i = 0; i < tables[t].count; i++) column[at++] = values[t];
  ky_table_fixed(out, key, key_alias, "year", 0, column);
  return KY_OK;
}

static ky_err stack_shapes(ky_job *job, const ky_table *tables, uint32_t table_count, ky_shapes **out) {
  const ky_shapes **parts;
  uint32_t count = 0;
  KY_NEW(job, scratch, parts, table_count);
  for (uint32_t t = 0; t < table_count; t++)
    if (tables[t].count != 0) parts[count++] = tables[t].shapes;
  if (count == 0) return KY_OK;
  KY_NEW(job, keep, *out, 1);
  return ky_shapes_stack(job, parts, count, *out);
}

ky_err ky_table_stack(ky_job *job, const char *layer, const char *alias, const char *key, const char *key_alias,
                      const int64_t *values, const ky_table *tables, uint32_t table_count, bool keep_shapes,
                      ky_table *out) {
  uint32_t count = 0;
  ky_shapes *shapes = NULL;
  for (uint32_t t = 0; t < table_count; t++) {
    count += tables[t].count;
    keep_shapes = keep_shapes && (tables[t].shapes != NULL || tables[t].count == 0);
  }
  if (keep_shapes) KY_TRY(stack_shapes(job, tables, table_count, &shapes));
  KY_TRY(ky_table_new(job, layer, alias, count, shapes, count_columns(tables, table_count), out));
  KY_TRY(stack_key(job, key, key_alias, values, tables, table_count, out));
  for (uint32_t t = 0; t < table_count; t++)
    for (uint32_t c = 0; c < tables[t].column_count; c++)
      if (ky_table_column(out, tables[t].columns[c].name) == NULL)
        KY_TRY(stack_column(job, tables, table_count, &tables[t].columns[c], out));
  return KY_OK;
}
