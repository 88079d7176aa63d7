/* A table's records as COPY ... TO STDOUT (FORMAT csv) prints them, and the hash of that. */
#include <string.h>
#include <xxhash.h>

#include "io/out_shape.h"
#include "io/pg_bytes.h"

/* PostgreSQL quotes a field that holds the delimiter, a quote, CR or LF, one that equals the text of null, which is
 * empty, and the end mark where it is alone in its line. */
static bool is_plain(const char *text, bool is_alone) {
  return text[0] != '\0' && strpbrk(text, ",\"\r\n") == NULL && !(is_alone && strcmp(text, "\\.") == 0);
}

static ky_err put_text(ky_job *job, ky_pg_bytes *out, const char *given, bool is_alone) {
  const char *text = ky_pg_text(job, given);
  if (text == NULL) return ky_fail_memory(job);
  if (is_plain(text, is_alone)) {
    ky_pg_bytes_add(out, text, strlen(text));
    return KY_OK;
  }
  ky_pg_bytes_add(out, "\"", 1);
  for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
    ky_pg_bytes_add(out, text, (size_t)(quote - text) + 1);
    ky_pg_bytes_add(out, "\"", 1);
  }
  ky_pg_bytes_add(out, text, strlen(text));
  ky_pg_bytes_add(out, "\"", 1);
  return KY_OK;
}

/* Digits as ky_out_fixed prints them. */
static void put_fixed(ky_pg_bytes *out, int64_t value, uint8_t decimals) {
  char digits[40];
  size_t at = sizeof digits;
  uint64_t rest = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
  for (uint8_t d = 0; d < decimals; d++, rest /= 10) digits[--at] = (char)('0' + rest % 10);
  if (decimals != 0) digits[--at] = '.';
  do {
    digits[--at] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (value < 0) digits[--at] = '-';
  ky_pg_bytes_add(out, digits + at, sizeof digits - at);
}

static ky_err put_field(ky_job *job, ky_pg_bytes *out, const ky_column *column, uint32_t record, bool is_alone) {
  if (column->type == KY_COLUMN_TEXT && column->of.text[record] != NULL)
    return put_text(job, out, column->of.text[record], is_alone);
  if (column->type == KY_COLUMN_FIXED && column->of.fixed[record] != KY_NULL)
    put_fixed(out, column->of.fixed[record], column->decimals);
  else if (column->type == KY_COLUMN_BOOL && column->of.flag[record] >= 0)
    ky_pg_bytes_add(out, column->of.flag[record] != 0 ? "t" : "f", 1);
  return KY_OK;
}

static void add_hex(ky_pg_bytes *out, const void *bytes, size_t count) {
  static const char hex[] = "0123456789ABCDEF";
  const unsigned char *from = bytes;
  char pairs[32];
  for (size_t n; count != 0; from += n, count -= n) {
    n = count < sizeof pairs / 2 ? count : sizeof pairs / 2;
    for (size_t i = 0; i < n; i++) {
      pairs[2 * i] = hex[from[i] >> 4];
      pairs[2 * i + 1] = hex[from[i] & 15];
    }
    ky_pg_bytes_add(out, pairs, 2 * n);
  }
}

ky_err ky_pg_copy_text(ky_job *job, const ky_table *table, int32_t srid, ky_pg_put put, void *user) {
  ky_pg_bytes out;
  const bool has_shapes = ky_pg_geometry_type(table->shapes) != NULL;
  const ky_layer_form form = ky_shapes_form(table->shapes);
  const bool is_alone = table->column_count + has_shapes == 1;
  KY_TRY(ky_pg_bytes_open(job, put, user, &out));
  for (uint32_t i = 0; i < table->count && out.err == KY_OK; i++) {
    for (uint32_t c = 0; c < table->column_count; c++) {
      if (c != 0) ky_pg_bytes_add(&out, ",", 1);
      KY_TRY(put_field(job, &out, &table->columns[c], i, is_alone));
    }
    if (has_shapes) {
      if (table->column_count != 0) ky_pg_bytes_add(&out, ",", 1);
      ky_pg_ewkb(&out, add_hex, table->shapes, i, ky_record_is_multi(table->shapes, i, form), srid);
    }
    ky_pg_bytes_add(&out, "\n", 1);
  }
  return ky_pg_bytes_close(&out);
}

static ky_err add_to_hash(void *state, const char *bytes, size_t count) {
  XXH3_64bits_update(state, bytes, count);
  return KY_OK;
}

ky_err ky_pg_copy_hash(ky_job *job, const ky_table *table, int32_t srid, uint64_t *hash) {
  XXH3_state_t *state = XXH3_createState();
  if (state == NULL) return ky_fail_memory(job);
  XXH3_64bits_reset(state);
  const ky_err err = ky_pg_copy_text(job, table, srid, add_to_hash, state);
  *hash = XXH3_64bits_digest(state);
  XXH3_freeState(state);
  return err;
}
