/* CSV (RFC 4180, UTF-8 with a byte order mark so that spreadsheets see Japanese text): one file per layer, columns of
 * the layer under their names, then lon and lat (WGS 84) for layers of points. Null is nothing between the commas, an
 * empty text is "".
 *
 * Texts are written as they are, also those that begin with = + - or @: this is data for machines, ids and names have
 * to survive the way there and back. Open it in a spreadsheet as an import with text columns. */
#include <kayoi/write.h>

#include "io/degrees.h"
#include "io/out_file.h"
#include "io/out_shape.h"

static void put_value(ky_out_file *out, const ky_column *column, uint32_t record) {
  if (column->type == KY_COLUMN_TEXT && column->of.text[record] != NULL)
    ky_out_csv(out, column->of.text[record]);
  else if (column->type == KY_COLUMN_FIXED && column->of.fixed[record] != KY_NULL)
    ky_out_fixed(out, column->of.fixed[record], column->decimals);
  else if (column->type == KY_COLUMN_BOOL && column->of.flag[record] >= 0)
    ky_out_text(out, column->of.flag[record] != 0 ? "true" : "false");
}

static void put_place(ky_out_file *out, const ky_shapes *shapes, uint32_t record) {
  bool has_place = ky_record_kind(shapes, record) == KY_SHAPE_POINT;
  uint32_t vertex = shapes->first_vertex[shapes->first_part[record]];
  ky_out_bytes(out, ",", 1);
  if (has_place) ky_out_fixed(out, ky_degree_fixed(shapes->x[vertex]), KY_DEGREE_DECIMALS);
  ky_out_bytes(out, ",", 1);
  if (has_place) ky_out_fixed(out, ky_degree_fixed(shapes->y[vertex]), KY_DEGREE_DECIMALS);
}

static ky_err write_table(ky_job *job, const char *folder, const ky_table *table) {
  ky_out_file out;
  const ky_shapes *places = table->shapes_deg;
  if (places != NULL && places->kind != KY_SHAPE_POINT) places = NULL;
  const char *path = ky_format(&job->scratch, "%s/%s.csv", folder, table->layer);
  if (path == NULL) return ky_fail_memory(job);
  KY_TRY(ky_out_open(job, path, &out));
  ky_out_text(&out, "\xEF\xBB\xBF");
  for (uint32_t c = 0; c < table->column_count; c++) {
    if (c != 0) ky_out_bytes(&out, ",", 1);
    ky_out_csv(&out, table->columns[c].name);
  }
  ky_out_text(&out, places != NULL ? ",lon,lat\r\n" : "\r\n");
  for (uint32_t i = 0; i < table->count && out.error == 0; i++) {
    for (uint32_t c = 0; c < table->column_count; c++) {
      if (c != 0) ky_out_bytes(&out, ",", 1);
      put_value(&out, &table->columns[c], i);
    }
    if (places != NULL) put_place(&out, places, i);
    ky_out_bytes(&out, "\r\n", 2);
  }
  return ky_out_close(job, &out);
}

static ky_err write_csv(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder) {
  (void)opts; /* the same for everybody */
  for (uint32_t t = 0; t < layers->count; t++) KY_TRY(write_table(job, folder, &layers->tables[t]));
  return KY_OK;
}

const ky_writer ky_writer_csv = {.name = "csv", .help = "CSV (UTF-8 with BOM): one file per layer", .write = write_csv};
