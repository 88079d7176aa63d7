/* Tables of ages by small area: see area_table.h. */
#include "io/area_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/delimited.h"
#include "io/source_file.h"
#include "io/text_key.h"

const char *ky_area_key(ky_arena *arena, const char *text) {
  char *key = ky_text_key(arena, text);
  if (key == NULL) return NULL;
  char digits[24];
  size_t n = 0;
  for (const char *at = key; *at != '\0'; at++) {
    if (*at == '-') continue;
    if (at[0] == '.' && strspn(at + 1, "0") == strlen(at + 1)) break; /* a number of a spreadsheet */
    if (*at < '0' || *at > '9' || n + 1 == sizeof digits) return key;
    digits[n++] = *at;
  }
  digits[n] = '\0';
  if (n == 0) return key;
  return ky_format(arena, "%s%s", n == 4 || n == 8 || n == 10 ? "0" : "", digits);
}

typedef struct head {
  const char **names, **others; /* labels and ids; others NULL: one header row */
  uint32_t count;
  uint32_t level, name; /* columns; KY_NONE */
  ky_picks picks;
} head;

/* Normalised, a column has this name. */
static ky_err find_column(ky_job *job, const head *h, const char *name, uint32_t *out) {
  const char *wanted = ky_text_label(&job->scratch, name);
  if (wanted == NULL) return ky_fail_memory(job);
  *out = KY_NONE;
  for (uint32_t c = 0; c < h->count && *out == KY_NONE; c++) {
    const char *both[2] = {h->names[c], h->others != NULL ? h->others[c] : NULL};
    for (int k = 0; k < 2; k++) {
      const char *key = both[k] != NULL ? ky_text_label(&job->scratch, both[k]) : "";
      if (key == NULL) return ky_fail_memory(job);
      if (strcmp(key, wanted) == 0) *out = c;
    }
  }
  return KY_OK;
}

/* What `columns` maps to a column of the table is the table's; the key may have one name in both files. */
static ky_err divide_columns(ky_job *job, const ky_source *source, const head *h, ky_source *table, ky_source *layer) {
  *layer = *source;
  KY_NEW(job, keep, table->columns, (size_t)source->column_count + 1);
  KY_NEW(job, keep, layer->columns, (size_t)source->column_count + 1);
  table->column_count = layer->column_count = 0;
  for (uint32_t c = 0; c < source->column_count; c++) {
    const bool is_key = strcmp(source->columns[c].attribute, "id") == 0;
    uint32_t at;
    KY_TRY(find_column(job, h, source->columns[c].column, &at));
    if (at != KY_NONE) table->columns[table->column_count++] = source->columns[c];
    if (at == KY_NONE || is_key) layer->columns[layer->column_count++] = source->columns[c];
  }
  return KY_OK;
}

/* One header row, or two: then the second has no text in the column of the keys. */
static ky_err read_head(ky_job *job, const ky_source *table, ky_delimited *text, bool *is_row_waiting, head *out) {
  const char **first;
  uint32_t count = 0;
  memset(out, 0, sizeof *out);
  *is_row_waiting = false;
  if (!ky_delimited_next(text))
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: the table has no header row"), table->name, table->shown);
  KY_TRY(ky_delimited_names(job, table, text, &first, &out->count));
  out->names = first;
  uint32_t key;
  KY_TRY(find_column(job, out, "key_code", &key));
  if (ky_delimited_next(text)) {
    *is_row_waiting = true;
    if (key != KY_NONE && text->field_count == out->count && text->length[key] == 0) {
      KY_TRY(ky_delimited_names(job, table, text, &out->names, &count));
      out->others = first;
      *is_row_waiting = false;
    }
  }
  KY_TRY(find_column(job, out, "hyosyo", &out->level));
  return find_column(job, out, "name", &out->name);
}

static ky_err check_head(ky_job *job, const ky_source *table, const head *h, uint32_t people) {
  const char *columns = ky_columns_list(job, h->names, h->count);
  if (ky_picks_field(&h->picks, "id") == KY_NONE)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: the table has no key (KEY_CODE); name it: columns: {id: COLUMN}. Its columns: %s"),
                   table->name, table->shown, columns);
  if (people == 0)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: no column of the table is a number of people; map it: columns: {pop_65: COLUMN}. Its "
                         "columns: %s"),
                   table->name, table->shown, columns);
  return KY_OK;
}

/* A field as text; NULL when it is blank. Bad bytes are an issue. */
static ky_err field(ky_job *job, const ky_area_table *table, const ky_delimited *text, uint32_t column,
                    ky_decoder *decoder, const char **out) {
  *out = NULL;
  if (column >= text->field_count || column >= KY_FIELDS_MAX) return KY_OK;
  switch (ky_decoder_text(decoder, &job->keep, text->field[column], text->length[column], out)) {
    case KY_DECODED_NO_MEMORY:
      return ky_fail_memory(job);
    case KY_DECODED_BAD:
      ky_issue_add(job,
                   &(ky_issue){.severity = KY_ERROR,
                               .source = table->where,
                               .reason = "bad_encoding",
                               .action = ky_tr("the value is missing; look at the record in the file")},
                   ky_tr("row %llu: \"%s\" is not text in %s"), (unsigned long long)text->row, *out,
                   decoder->name != NULL ? decoder->name : "UTF-8 / CP932");
      *out = NULL;
      break;
    case KY_DECODED:
      break;
  }
  return KY_OK;
}

static bool is_hidden_mark(const char *text) {
  static const char *const marks[] = {"X", "x", "Ｘ", "*", "***", "＊", "…"};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (strcmp(marks[i], text) == 0) return true;
  return false;
}

/* A count: "-" is none (該当なし), X and * are hidden; anything else that is no number is said. */
static ky_err count_of(ky_job *job, const ky_area_table *table, const ky_area_row *row, uint32_t column,
                       const char *text, const char **out) {
  static const char *const none[] = {"-", "‐", "－", "−", "―"};
  *out = NULL;
  for (size_t i = 0; text != NULL && i < sizeof none / sizeof *none; i++)
    if (strcmp(none[i], text) == 0) *out = "0";
  if (*out != NULL) return KY_OK;
  const char *number = text != NULL ? ky_text_number(&job->keep, text) : NULL;
  if (number != NULL) {
    *out = number;
    return KY_OK;
  }
  if (row->hidden == '2' && (text == NULL || is_hidden_mark(text))) return KY_OK;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = table->where,
                           .record = row->key,
                           .field = table->attribute[column],
                           .reason = "count_missing",
                           .action = ky_tr("taken as unknown, not as 0; its people are in no sum of that band")},
               ky_tr("the count is '%s'"), text != NULL ? text : "");
  return KY_OK;
}

static ky_err read_row(ky_job *job, const head *h, const ky_delimited *text, ky_decoder *decoder, ky_area_table *table,
                       ky_area_row *out) {
  const char *id, *hidden;
  *out = (ky_area_row){.hidden = '0', .area = KY_NONE, .level = "", .name = ""};
  KY_TRY(field(job, table, text, ky_picks_field(&h->picks, "id"), decoder, &id));
  KY_TRY(field(job, table, text, ky_picks_field(&h->picks, "htksyori"), decoder, &hidden));
  KY_TRY(field(job, table, text, ky_picks_field(&h->picks, "htksaki"), decoder, &out->to));
  KY_TRY(field(job, table, text, ky_picks_field(&h->picks, "gassan"), decoder, &out->parts));
  KY_TRY(field(job, table, text, h->level, decoder, &out->level));
  KY_TRY(field(job, table, text, h->name, decoder, &out->name));
  if (out->level == NULL) out->level = "";
  if (out->name == NULL) out->name = "";
  if (hidden != NULL) out->hidden = hidden[0];
  out->key = ky_area_key(&job->keep, id != NULL ? id : "");
  KY_NEW(job, keep, out->value, table->column_count);
  if (out->key == NULL) return ky_fail_memory(job);
  for (uint32_t p = 0, c = 0; p < h->picks.count; p++) {
    const char *count;
    if (strncmp(h->picks.pick[p].attribute->name, "pop_", 4) != 0) continue;
    KY_TRY(field(job, table, text, h->picks.pick[p].field, decoder, &count));
    KY_TRY(count_of(job, table, out, c, count, &out->value[c]));
    c++;
  }
  return KY_OK;
}

static ky_err read_rows(ky_job *job, const head *h, ky_delimited *text, bool is_row_waiting, ky_area_table *out) {
  ky_decoder decoder = {.name = text->encoding};
  uint32_t capacity = 0;
  while (is_row_waiting || ky_delimited_next(text)) {
    is_row_waiting = false;
    if (text->is_blank) continue;
    if (out->row_count == capacity) {
      ky_area_row *larger;
      capacity = capacity == 0 ? 1024 : capacity * 2;
      KY_NEW(job, scratch, larger, capacity);
      if (out->row_count != 0) memcpy(larger, out->rows, out->row_count * sizeof *larger);
      out->rows = larger;
    }
    if (text->field_count != h->count)
      ky_issue_add(job,
                   &(ky_issue){.severity = KY_WARNING,
                               .source = out->where,
                               .reason = "row_length",
                               .action = ky_tr("read as far as the columns go; look for a stray separator or quote")},
                   ky_tr("row %llu has %u fields, the header has %u"), (unsigned long long)text->row, text->field_count,
                   h->count);
    KY_TRY(read_row(job, h, text, &decoder, out, &out->rows[out->row_count]));
    out->row_count += out->rows[out->row_count].key[0] != '\0';
  }
  out->encoding = ky_decoder_met(&decoder);
  return KY_OK;
}

static int by_key(const void *a, const void *b) {
  return strcmp(((const ky_area_row *)a)->key, ((const ky_area_row *)b)->key);
}

/* Sorted; a key that is there twice keeps its first row in the order of all its texts. */
static void sort_rows(ky_job *job, ky_area_table *table) {
  uint32_t kept = 0;
  if (table->row_count != 0) qsort(table->rows, table->row_count, sizeof *table->rows, by_key);
  for (uint32_t i = 0; i < table->row_count; i++) {
    if (kept != 0 && strcmp(table->rows[kept - 1].key, table->rows[i].key) == 0) {
      ky_issue_add(job,
                   &(ky_issue){.severity = KY_ERROR,
                               .source = table->where,
                               .record = table->rows[i].key,
                               .reason = "duplicate_row",
                               .action = ky_tr("one of its rows was used; delete the other")},
                   "%s", ky_tr("the table has two rows of this key"));
      continue;
    }
    table->rows[kept++] = table->rows[i];
  }
  table->row_count = kept;
  for (uint32_t i = 1; i < kept; i++) {
    const char *before = table->rows[i - 1].key;
    table->rows[i - 1].is_divided = strncmp(before, table->rows[i].key, strlen(before)) == 0;
  }
}

ky_err ky_area_table_read(ky_job *job, const ky_source *source, ky_source *layer, ky_area_table *out) {
  ky_source_file file;
  ky_delimited text;
  head h;
  bool is_row_waiting;
  ky_source table = *source;
  memset(out, 0, sizeof *out);
  table.path = source->table;
  table.shown = source->table_shown;
  table.layer = table.encoding = NULL;
  out->where = ky_source_where(job, &table);
  KY_TRY(ky_source_file_find(job, &table, &file));
  out->bytes = file.bytes;
  out->hash = file.hash;
  KY_TRY(ky_delimited_open(job, &table, file.vsi_path, &text));
  KY_TRY(read_head(job, &table, &text, &is_row_waiting, &h));
  KY_TRY(divide_columns(job, source, &h, &table, layer));
  KY_TRY(ky_columns_pick(job, &table, h.names, h.others, h.count, &h.picks));
  KY_NEW(job, keep, out->attribute, h.picks.count);
  KY_NEW(job, keep, out->column, h.picks.count);
  for (uint32_t p = 0; p < h.picks.count; p++) {
    if (strncmp(h.picks.pick[p].attribute->name, "pop_", 4) != 0) continue;
    out->attribute[out->column_count] = h.picks.pick[p].attribute->name;
    out->column[out->column_count++] = h.names[h.picks.pick[p].field];
  }
  KY_TRY(check_head(job, &table, &h, out->column_count));
  KY_TRY(read_rows(job, &h, &text, is_row_waiting, out));
  KY_TRY(ky_delimited_close(job, &table, &text));
  sort_rows(job, out);
  return KY_OK;
}

ky_area_row *ky_area_table_find(const ky_area_table *table, const char *key) {
  const ky_area_row wanted = {.key = key};
  return table->row_count != 0 ? bsearch(&wanted, table->rows, table->row_count, sizeof *table->rows, by_key) : NULL;
}

uint32_t ky_area_table_column(const ky_area_table *table, const char *attribute) {
  for (uint32_t c = 0; c < table->column_count; c++)
    if (strcmp(table->attribute[c], attribute) == 0) return c;
  return KY_NONE;
}
