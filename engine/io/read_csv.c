/* Text tables: points by coordinate columns, cells by grid codes, or rows without a place (official people). */
#include <stdio.h>
#include <string.h>

#include "io/delimited.h"
#include "io/dialect.h"
#include "io/reader.h"
#include "io/source_file.h"
#include "io/table_header.h"
#include "io/table_plan.h"
#include "io/town_filter.h"

static int recognise(const ky_source *source, const char *vsi_path) {
  (void)source;
  if (ky_path_has(vsi_path, "csv.gz") || ky_path_has(vsi_path, "tsv.gz") || ky_path_has(vsi_path, "txt.gz")) return 50;
  return ky_path_has(vsi_path, "csv") || ky_path_has(vsi_path, "tsv") || ky_path_has(vsi_path, "txt") ? 50 : 0;
}

static bool is_blank(const ky_delimited *table, uint32_t field) {
  if (field >= table->field_count) return true;
  for (size_t i = 0; i < table->length[field]; i++)
    if ((unsigned char)table->field[field][i] > ' ') return false;
  return true;
}

/* As many fields as the header, or empty ones behind them, as spreadsheets leave. */
static bool is_row_length_good(const ky_delimited *table, uint32_t columns) {
  for (uint32_t f = columns; f < table->field_count; f++)
    if (f >= KY_FIELDS_MAX || !is_blank(table, f)) return false;
  return table->field_count >= columns;
}

/* Rows of addresses that nobody asks for are passed over before anything of them is copied. */
static ky_err is_needed(ky_raw_builder *b, const ky_delimited *table, uint32_t town, bool *out) {
  *out = true;
  if (town >= table->field_count || town >= KY_FIELDS_MAX) return KY_OK;
  return ky_town_filter_wants(b->job, b->source->towns, b->decoder.name, table->field[town], table->length[town], out);
}

static ky_err read_rows(ky_raw_builder *b, const ky_source *source, ky_delimited *table, ky_table_plan *plan,
                        bool is_geographic, uint32_t columns) {
  ky_table_places places = {0};
  const uint32_t town = source->towns != NULL ? ky_picks_field(b->picks, "town") : KY_NONE;
  bool is_wanted;
  while (ky_delimited_next(table)) {
    if (table->is_blank) continue;
    b->read_count++;
    KY_TRY(is_needed(b, table, town, &is_wanted));
    if (!is_wanted) {
      b->unneeded_count++;
      continue;
    }
    KY_TRY(ky_raw_add_nth(b, "row", table->row));
    KY_TRY(ky_table_plan_values(b, table));
    if (!is_row_length_good(table, columns))
      ky_issue_add(b->job,
                   &(ky_issue){.severity = KY_WARNING,
                               .source = b->where,
                               .record = b->record[b->count - 1],
                               .reason = "row_length",
                               .action = ky_tr("read as far as the columns go; look for a stray separator or quote")},
                   ky_tr("row %llu has %u fields, the header has %u"), (unsigned long long)table->row,
                   table->field_count, columns);
    KY_TRY(ky_table_plan_place(b, table, plan, is_geographic, &places));
  }
  ky_table_places_report(b, &places);
  return ky_delimited_close(b->job, source, table);
}

/* Rows that were put together from files of two encodings. */
static void report_mixed(ky_raw_builder *b) {
  const ky_decoder *met = &b->decoder;
  if (met->name != NULL || met->utf8_count == 0 || met->cp932_count == 0) return;
  ky_issue_add(b->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = b->where,
                           .field = "encoding",
                           .record = met->utf8_count < met->cp932_count ? b->first_utf8 : b->first_cp932,
                           .reason = "encoding_mixed",
                           .action = ky_tr("each text was read in its own; look at the names from that record on, and "
                                           "save the file again in one encoding")},
               ky_tr("%llu texts are in UTF-8 and %llu in CP932; this record is the first of the fewer"),
               (unsigned long long)met->utf8_count, (unsigned long long)met->cp932_count);
}

static ky_err read_source(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  ky_delimited table;
  ky_picks picks;
  ky_raw_builder b;
  ky_table_plan plan;
  const char **names;
  uint32_t count = 0;
  uint64_t title_rows;
  KY_TRY(ky_delimited_open(job, source, vsi_path, &table));
  KY_TRY(ky_table_header(job, source, source->role, &table, &names, &count, &title_rows));
  const uint64_t header_row = table.row;
  KY_TRY(ky_columns_pick(job, source, names, NULL, count, &picks));
  KY_TRY(ky_table_plan_check(job, source, names, count, &picks));
  KY_TRY(ky_table_plan_make(job, source, names, count, &picks, &plan));
  if (plan.by != KY_BY_NOTHING) KY_TRY(ky_table_plan_crs(job, source, &plan, out));
  KY_TRY(ky_raw_begin(job, source, &picks, &b));
  b.decoder.name = table.encoding;
  KY_TRY(read_rows(&b, source, &table, &plan, out->is_geographic, count));
  if (plan.by == KY_BY_GRID_CODE) KY_TRY(ky_grid_end(&b, &plan.grid));
  KY_TRY(ky_raw_finish(&b, names, out));
  out->format = table.separator == '\t' ? "TSV" : "CSV";
  out->encoding = ky_decoder_met(&b.decoder);
  out->dialect = ky_delimited_dialect(&table, header_row, names, count);
  out->dialect.has_wide_digits = b.has_wide_digits;
  report_mixed(&b);
  return plan.by == KY_BY_GRID_CODE ? ky_grid_extent(job, out, NULL, &out->extent) : KY_OK;
}

const ky_reader ky_reader_csv = {.name = "csv",
                                 .help = KY_MSG("text table: comma, tab or semicolon; longitude and latitude columns"),
                                 .recognise = recognise,
                                 .read = read_source};
