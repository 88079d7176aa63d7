/* The binary format of COPY (PostgreSQL 15, "COPY", File Formats): a signature, records as a count of fields and per
 * field its length and its value in network order, -1 at the end. */
#include "io/pg_copy.h"

#include <string.h>

#include "io/out_shape.h"
#include "io/pg_bytes.h"

#define NULL_FIELD UINT32_MAX

/* Numeric as numeric_send gives it: groups of four decimal digits aligned at the point, without groups of zeros at
 * either end; how many, the power of 10000 of the first, the sign, and the decimals to show. */
#define GROUP        10000
#define GROUP_DIGITS 4
#define GROUPS_MAX   8 /* int64_t has 19 digits, cut at the point */
#define NEGATIVE     0x4000

/* Groups of value / 10^decimals, most significant first, zeros included. */
static int split(uint64_t value, uint8_t decimals, uint16_t *groups, int *whole_count) {
  const int fraction_count = (decimals + GROUP_DIGITS - 1) / GROUP_DIGITS;
  uint64_t unit = 1;
  for (uint8_t d = 0; d < decimals; d++) unit *= 10;
  uint64_t fraction = value % unit, whole = value / unit;
  for (int d = decimals; d < fraction_count * GROUP_DIGITS; d++) fraction *= 10;
  *whole_count = 0;
  for (uint64_t rest = whole; rest != 0; rest /= GROUP) ++*whole_count;
  for (int i = *whole_count; i > 0; whole /= GROUP) groups[--i] = (uint16_t)(whole % GROUP);
  for (int i = fraction_count; i > 0; fraction /= GROUP) groups[*whole_count + --i] = (uint16_t)(fraction % GROUP);
  return *whole_count + fraction_count;
}

static void put_numeric(ky_pg_bytes *out, int64_t value, uint8_t decimals) {
  uint16_t groups[GROUPS_MAX];
  int whole_count, from = 0;
  int count = split(value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value, decimals, groups, &whole_count);
  while (count > 0 && groups[count - 1] == 0) count--;
  while (from < count && groups[from] == 0) from++;
  count -= from;
  ky_pg_bytes_int32(out, (uint32_t)(8 + 2 * count));
  ky_pg_bytes_int16(out, count);
  ky_pg_bytes_int16(out, count == 0 ? 0 : whole_count - 1 - from);
  ky_pg_bytes_int16(out, value < 0 ? NEGATIVE : 0);
  ky_pg_bytes_int16(out, decimals);
  for (int i = 0; i < count; i++) ky_pg_bytes_int16(out, groups[from + i]);
}

static ky_err put_text(ky_job *job, ky_pg_bytes *out, const char *text) {
  const char *clean = ky_pg_text(job, text);
  if (clean == NULL) return ky_fail_memory(job);
  const size_t length = strlen(clean);
  ky_pg_bytes_int32(out, (uint32_t)length);
  ky_pg_bytes_add(out, clean, length);
  return KY_OK;
}

static ky_err put_field(ky_job *job, ky_pg_bytes *out, const ky_column *column, uint32_t record) {
  if (column->type == KY_COLUMN_TEXT && column->of.text[record] != NULL)
    return put_text(job, out, column->of.text[record]);
  if (column->type == KY_COLUMN_BOOL && column->of.flag[record] >= 0) {
    ky_pg_bytes_int32(out, 1);
    ky_pg_bytes_add(out, column->of.flag[record] != 0 ? "\x01" : "\x00", 1);
  } else if (column->type == KY_COLUMN_FIXED && column->of.fixed[record] != KY_NULL && column->decimals == 0) {
    ky_pg_bytes_int32(out, 8);
    ky_pg_bytes_int64(out, (uint64_t)column->of.fixed[record]);
  } else if (column->type == KY_COLUMN_FIXED && column->of.fixed[record] != KY_NULL) {
    put_numeric(out, column->of.fixed[record], column->decimals);
  } else {
    ky_pg_bytes_int32(out, NULL_FIELD);
  }
  return KY_OK;
}

static void put_geometry(ky_pg_bytes *out, const ky_table *table, uint32_t record, ky_layer_form form, int32_t srid) {
  const bool is_multi = ky_record_is_multi(table->shapes, record, form);
  const size_t bytes = ky_pg_ewkb_bytes(table->shapes, record, is_multi);
  ky_pg_bytes_int32(out, bytes != 0 ? (uint32_t)bytes : NULL_FIELD);
  ky_pg_ewkb(out, ky_pg_bytes_add, table->shapes, record, is_multi, srid);
}

ky_err ky_pg_copy_binary(ky_job *job, const ky_table *table, int64_t run_id, int32_t srid, ky_pg_put put, void *user) {
  ky_pg_bytes out;
  const bool has_shapes = ky_pg_geometry_type(table->shapes) != NULL;
  const ky_layer_form form = ky_shapes_form(table->shapes);
  const uint32_t fields = 2 + table->column_count + has_shapes;
  KY_TRY(ky_pg_bytes_open(job, put, user, &out));
  ky_pg_bytes_add(&out, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
  for (uint32_t i = 0; i < table->count && out.err == KY_OK; i++) {
    ky_pg_bytes_int16(&out, (int)fields);
    ky_pg_bytes_int32(&out, 8);
    ky_pg_bytes_int64(&out, (uint64_t)run_id);
    ky_pg_bytes_int32(&out, 4);
    ky_pg_bytes_int32(&out, i + 1);
    for (uint32_t c = 0; c < table->column_count; c++) KY_TRY(put_field(job, &out, &table->columns[c], i));
    if (has_shapes) put_geometry(&out, table, i, form, srid);
  }
  ky_pg_bytes_int16(&out, -1);
  return ky_pg_bytes_close(&out);
}

const char *ky_pg_column_type(const ky_column *column) {
  if (column->type == KY_COLUMN_TEXT) return "text";
  if (column->type == KY_COLUMN_BOOL) return "boolean";
  return column->decimals == 0 ? "bigint" : "numeric";
}

const char *ky_pg_geometry_type(const ky_shapes *shapes) {
  static const char *const names[][2] = {[KY_SHAPE_NONE] = {NULL, NULL},
                                         [KY_SHAPE_POINT] = {"Point", "MultiPoint"},
                                         [KY_SHAPE_LINE] = {"LineString", "MultiLineString"},
                                         [KY_SHAPE_POLYGON] = {"Polygon", "MultiPolygon"},
                                         [KY_SHAPE_MIXED] = {"Geometry", "Geometry"}};
  const ky_layer_form form = ky_shapes_form(shapes);
  if (shapes != NULL && shapes->kind == KY_SHAPE_MIXED) return "Geometry"; /* another night has other kinds */
  return names[form.kind][form.is_multi];
}
