/* Census grid text of e-Stat (formats.md 2): CP932, two header rows (column ids, then labels), grid codes instead of
 * geometry, hidden cells marked with `*`. Columns are found by label, not by number. */
#include <stdio.h>
#include <string.h>

#include "io/crs.h"
#include "io/delimited.h"
#include "io/estat_name.h"
#include "io/grid_cells.h"
#include "io/reader.h"
#include "io/source_file.h"

static int recognise(const ky_source *source, const char *vsi_path) {
  char head[64];
  if (source->role != KY_ROLE_RESIDENTS || ky_source_file_peek(vsi_path, head, sizeof head - 1) == 0) return 0;
  const char *text = strncmp(head, "\xEF\xBB\xBF", 3) == 0 ? head + 3 : head;
  return strncmp(text, "KEY_CODE,HTKSYORI", 17) == 0 || strncmp(text, "\"KEY_CODE\",\"HTKSYORI\"", 21) == 0 ? 90 : 0;
}

/* Tokens for a count that is not there; the number of them that need a word is reported per field. */
static bool is_missing(const char *text, size_t length) {
  static const char *const tokens[] = {"*",  "-",  "X",  "x",        "***",      "…",        "‐",
                                       "－", "Ｘ", "＊", "\x81\x63", "\x81\x7C", "\x82\x77", "\x81\x96"};
  for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
    if (strlen(tokens[i]) == length && memcmp(tokens[i], text, length) == 0) return true;
  return length == 0;
}

/* A hidden cell's `*` is as it should be, but for its total, which is never hidden; any other missing count is said. */
static void report_missing(ky_raw_builder *b, const char *attribute, const char *text, size_t length) {
  const char *hidden = ky_raw_get(b, "htksyori");
  if (hidden != NULL && hidden[0] == '2' && strcmp(attribute, "pop_total") != 0) return;
  char *shown = NULL;
  const char *encoding = ky_utf8_valid(text, length) ? "UTF-8" : "CP932";
  const bool is_text = ky_decode(&b->job->scratch, encoding, text, length, &shown) == KY_DECODED && shown != NULL;
  ky_issue_add(b->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = b->where,
                           .record = b->record[b->count - 1],
                           .field = attribute,
                           .reason = "count_missing",
                           .action = ky_tr("taken as unknown, not as 0; its people are in no sum of that band")},
               ky_tr("the count is '%s'"), is_text ? shown : "?");
}

static ky_err set_values(ky_raw_builder *b, const ky_delimited *table) {
  for (int pass = 0; pass < 2; pass++) { /* keys first: they decide what a missing count means */
    for (uint32_t p = 0; p < b->picks->count; p++) {
      const ky_pick *pick = &b->picks->pick[p];
      bool is_count = strncmp(pick->attribute->name, "pop_", 4) == 0;
      if (is_count != (pass == 1)) continue;
      if (pick->field >= table->field_count) continue;
      const char *text = table->field[pick->field];
      size_t length = table->length[pick->field];
      if (is_count && is_missing(text, length))
        report_missing(b, pick->attribute->name, text, length);
      else
        KY_TRY(ky_raw_set(b, p, text, length));
    }
    if (pass == 0) ky_raw_name(b);
  }
  return KY_OK;
}

static ky_err read_rows(ky_raw_builder *b, const ky_source *source, ky_delimited *table, ky_grid *grid,
                        uint32_t columns) {
  while (ky_delimited_next(table)) {
    char name[32];
    if (table->is_blank) continue;
    snprintf(name, sizeof name, "row %llu", (unsigned long long)table->row);
    b->read_count++;
    KY_TRY(ky_raw_add(b, name));
    KY_TRY(set_values(b, table));
    if (table->field_count != columns) {
      ky_raw_bad(b, NULL, "row_length", ky_tr("row %llu has %u fields, the header has %u"),
                 (unsigned long long)table->row, table->field_count, columns);
      continue;
    }
    KY_TRY(ky_grid_cell(b, ky_raw_get(b, "id"), grid));
  }
  return ky_delimited_close(b->job, source, table);
}

/* Both header rows: ids of columns and their labels. */
static ky_err read_header(ky_job *job, const ky_source *source, ky_delimited *table, const char ***ids,
                          const char ***labels, uint32_t *count) {
  uint32_t id_count = 0, label_count = 0;
  if (ky_delimited_next(table)) KY_TRY(ky_delimited_names(job, source, table, ids, &id_count));
  if (ky_delimited_next(table)) KY_TRY(ky_delimited_names(job, source, table, labels, &label_count));
  if (id_count == 0 || label_count != id_count)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: a census grid has two header rows of equal length; here they have %u and %u "
                         "columns"),
                   source->name, source->shown, id_count, label_count);
  *count = id_count;
  return KY_OK;
}

/* Columns by their labels; those without one (the keys) by their ids. table: its newest row holds the labels. */
static ky_err shown_names(ky_job *job, const ky_delimited *table, const char *const *ids, const char *const *labels,
                          uint32_t count, const char ***out) {
  ky_decoder decoder = {.name = table->encoding};
  KY_NEW(job, keep, *out, count);
  for (uint32_t c = 0; c < count; c++) {
    const char *label;
    if (ky_decoder_text(&decoder, &job->scratch, table->field[c], table->length[c], &label) == KY_DECODED_NO_MEMORY)
      return ky_fail_memory(job);
    (*out)[c] = label != NULL ? labels[c] : ids[c];
  }
  return KY_OK;
}

/* The text holds no datum: the table's number fixes it, else the config has to say it. */
static ky_err settle_datum(ky_job *job, const ky_source *source, const ky_estat_name *name, ky_raw *out) {
  if (name->crs != NULL || source->crs != NULL) return ky_crs_settle(job, source, name->crs, out);
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s %s: the datum of this census table (%s) is not known; e-Stat names it where the file is "
                       "fetched: add crs: EPSG:6668 (JGD2011), crs: EPSG:4612 (JGD2000) or crs: EPSG:4301 (Tokyo) to "
                       "this source"),
                 source->name, source->shown, name->table[0] != '\0' ? name->table : ky_tr("no table number"));
}

static ky_err read_source(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  ky_delimited table;
  ky_picks picks;
  ky_raw_builder b;
  ky_estat_name name;
  ky_grid grid;
  const char **ids, **labels, **shown;
  uint32_t count = 0;
  if (!ky_estat_name_read(vsi_path, &name)) memset(&name, 0, sizeof name);
  KY_TRY(ky_delimited_open(job, source, vsi_path, &table));
  KY_TRY(read_header(job, source, &table, &ids, &labels, &count));
  KY_TRY(shown_names(job, &table, ids, labels, count, &shown));
  KY_TRY(settle_datum(job, source, &name, out));
  KY_TRY(ky_columns_pick(job, source, labels, ids, count, &picks));
  KY_TRY(ky_raw_begin(job, source, &picks, &b));
  b.decoder.name = table.encoding;
  ky_grid_begin(job, source, name.level_m, &grid);
  KY_TRY(read_rows(&b, source, &table, &grid, count));
  KY_TRY(ky_grid_end(&b, &grid));
  KY_TRY(ky_raw_finish(&b, shown, out));
  out->format = "e-Stat grid";
  out->dialect = ky_delimited_dialect(&table, 1, ids, count);
  out->encoding = ky_decoder_met(&b.decoder);
  return ky_grid_extent(job, out, strlen(name.area) == 4 ? name.area : NULL, &out->extent);
}

const ky_reader ky_reader_estat = {.name = "estat",
                                   .help = KY_MSG("census grid text of e-Stat (two header rows, KEY_CODE)"),
                                   .recognise = recognise,
                                   .read = read_source};
