/* Census grid text of e-Stat (formats.md 2): CP932, two header rows (column ids, then labels), grid codes instead of
 * geometry, hidden cells marked with `*`. Columns are found by label, not by number. */
#include <stdio.h>
#include <string.h>

#include "io/crs.h"
#include "io/delimited.h"
#include "io/grid_cells.h"
#include "io/reader.h"
#include "io/source_file.h"

/* Datum of the tables by their number (formats.md 2). */
static const struct {
  const char *table, *crs;
} datums[] = {{"T000846", "EPSG:4612"}, {"T000847", "EPSG:4612"}, {"T000876", "EPSG:4612"},
              {"T001100", "EPSG:4612"}, {"T001101", "EPSG:4612"}, {"T001102", "EPSG:4612"},
              {"T001140", "EPSG:6668"}, {"T001141", "EPSG:6668"}, {"T001142", "EPSG:6668"}};

/* tbl{T001101}{H}{4930}.txt: table, level letter, first-level mesh. */
typedef struct file_name {
  char table[8], level;
  char mesh[5];
} file_name;

static bool read_name(const char *vsi_path, file_name *out) {
  const char *name = ky_path_name(vsi_path);
  memset(out, 0, sizeof *out);
  return sscanf(name, "tbl%7[T0-9]%c%4[0-9].", out->table, &out->level, out->mesh) == 3 &&
         strchr("SHQE", out->level) != NULL;
}

static int level_of(const file_name *name) {
  return name->level == 'S' ? 1000 : name->level == 'H' ? 500 : name->level == 'Q' ? 250 : name->level == 'E' ? 125 : 0;
}

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
  if (ky_decode(&b->job->scratch, encoding, text, length, &shown) != KY_DECODED || shown == NULL) shown = (char[]){"?"};
  ky_issue_add(b->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = b->where,
                           .record = b->record[b->count - 1],
                           .field = attribute,
                           .reason = "count_missing",
                           .action = ky_tr("taken as unknown, not as 0; its people are in no sum of that band")},
               ky_tr("the count is '%s'"), shown);
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

static ky_err read_rows(ky_raw_builder *b, const ky_source *source, ky_delimited *table, int level_m,
                        uint32_t columns) {
  while (ky_delimited_next(table)) {
    char name[32];
    bool is_good;
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
    KY_TRY(ky_grid_cell(b, ky_raw_get(b, "id"), level_m, &is_good));
  }
  return ky_delimited_close(b->job, source, table);
}

static ky_err read_source(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  ky_delimited table;
  ky_picks picks;
  ky_raw_builder b;
  file_name name;
  const char **ids, **labels, *crs = NULL;
  uint32_t id_count = 0, label_count = 0;
  const bool has_name = read_name(vsi_path, &name);
  KY_TRY(ky_delimited_open(job, source, vsi_path, &table));
  if (ky_delimited_next(&table)) KY_TRY(ky_delimited_names(job, source, &table, &ids, &id_count));
  if (ky_delimited_next(&table)) KY_TRY(ky_delimited_names(job, source, &table, &labels, &label_count));
  if (id_count == 0 || label_count != id_count)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: a census grid has two header rows of equal length; here they have %u and %u "
                         "columns"),
                   source->name, source->shown, id_count, label_count);
  for (size_t i = 0; has_name && i < sizeof datums / sizeof *datums; i++)
    if (strcmp(datums[i].table, name.table) == 0) crs = datums[i].crs;
  KY_TRY(ky_crs_settle(job, source, crs, out));
  KY_TRY(ky_columns_pick(job, source, labels, ids, label_count, &picks));
  KY_TRY(ky_raw_begin(job, source, &picks, &b));
  b.decoder.name = table.encoding;
  KY_TRY(
      read_rows(&b, source, &table, source->grid_level_m != 0 ? source->grid_level_m : level_of(&name), label_count));
  KY_TRY(ky_raw_finish(&b, labels, out));
  out->format = "e-Stat grid";
  out->encoding = ky_decoder_met(&b.decoder);
  return ky_grid_extent(job, out, has_name ? name.mesh : NULL, &out->extent);
}

const ky_reader ky_reader_estat = {.name = "estat",
                                   .help = KY_MSG("census grid text of e-Stat (two header rows, KEY_CODE)"),
                                   .recognise = recognise,
                                   .read = read_source};
