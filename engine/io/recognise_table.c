/* Facts of a text table: header, records, encoding, the municipality that it names. */
#include <string.h>

#include "io/column_prefix.h"
#include "io/degree_columns.h"
#include "io/delimited.h"
#include "io/recognise.h"
#include "io/table_header.h"
#include "io/text_key.h"

#define BRIEF_BYTES 65536
#define NAMING_ROWS 5000 /* rows that are looked at for the municipality's name */

/* The first column that is one of the labels, with or without what the list is of; KY_NONE. */
static ky_err find_column(ky_job *job, const ky_recognised *out, const char *labels, uint32_t *column) {
  const char **plain;
  *column = KY_NONE;
  KY_TRY(ky_columns_plain(job, out->columns, out->column_count, &plain));
  for (int pass = 0; pass < 2; pass++) {
    const char *const *names = pass == 0 ? out->columns : plain;
    for (uint32_t i = 0; i < out->column_count && *column == KY_NONE; i++) {
      const char *key = names[i] != NULL ? ky_text_label(&job->scratch, names[i]) : "";
      if (key == NULL) return ky_fail_memory(job);
      if (ky_text_label_place(key, labels) >= 0) *column = i;
    }
  }
  return KY_OK;
}

/* A field of the newest row as text; NULL when it is blank or does not decode. */
static ky_err field_text(ky_job *job, const ky_delimited *table, uint32_t column, const char **out) {
  ky_decoder decoder = {.name = table->encoding};
  *out = NULL;
  if (column >= table->field_count || column >= KY_FIELDS_MAX) return KY_OK;
  ky_decoded decoded = ky_decoder_text(&decoder, &job->scratch, table->field[column], table->length[column], out);
  if (decoded == KY_DECODED_NO_MEMORY) return ky_fail_memory(job);
  if (decoded == KY_DECODED_BAD) *out = NULL;
  return KY_OK;
}

static ky_err read_rows(ky_job *job, const ky_source *source, ky_delimited *table, ky_recognised *out) {
  uint32_t code_column, name_column;
  KY_TRY(find_column(job, out, "市区町村コード|全国地方公共団体コード|市町村コード", &code_column));
  KY_TRY(find_column(job, out, "市区町村名|市町村名", &name_column));
  for (out->count = 0; ky_delimited_next(table);) {
    const char *code, *name;
    if (table->is_blank) continue;
    if (out->count++ >= NAMING_ROWS) continue;
    KY_TRY(field_text(job, table, code_column, &code));
    KY_TRY(field_text(job, table, name_column, &name));
    KY_TRY(ky_recognise_municipality(job, code, name, out));
  }
  return ky_delimited_close(job, source, table);
}

ky_err ky_recognise_table(ky_job *job, const ky_source *source, const char *vsi_path, ky_recognised *out) {
  ky_delimited table;
  uint32_t lon, lat, both;
  uint64_t title_rows;
  out->format = "CSV";
  if (out->is_brief) { /* the header is in the first bytes */
    vsi_path = ky_format(&job->scratch, "/vsisubfile/0_%d,%s", BRIEF_BYTES, vsi_path);
    if (vsi_path == NULL) return ky_fail_memory(job);
  }
  KY_TRY(ky_delimited_open(job, source, vsi_path, &table));
  if (table.separator == '\t') out->format = "TSV";
  out->encoding = table.encoding != NULL ? table.encoding : ky_tr("mixed");
  KY_TRY(ky_table_header(job, source, KY_ROLE_COUNT, &table, &out->columns, &out->column_count, &title_rows));
  KY_TRY(find_column(job, out, KY_LON_LABELS "|lon", &lon));
  KY_TRY(find_column(job, out, KY_LAT_LABELS "|lat", &lat));
  KY_TRY(find_column(job, out, KY_COORDINATES_LABELS, &both));
  bool has_place = (lon != KY_NONE && lat != KY_NONE) || both != KY_NONE;
  if (!has_place) {
    ky_degree_columns parts;
    KY_TRY(ky_degree_columns_find(job, source, out->columns, out->column_count, &parts, &has_place));
  }
  if (has_place) out->geometry = KY_SHAPE_POINT;
  const uint64_t header_row = table.row;
  ky_err err = out->is_brief ? KY_OK : read_rows(job, source, &table, out);
  out->dialect = ky_delimited_dialect(&table, header_row, out->columns, out->column_count);
  return err;
}
