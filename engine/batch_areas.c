/* The table of municipalities: code, name, border, and settings that are different there. */
#include <kayoi/batch.h>
#include <stdlib.h>
#include <string.h>

#include "config_fields.h"
#include "io/delimited.h"
#include "io/source_file.h"

#define NO_COLUMN KY_NONE

static const char *const code_names[] = {"code",         "municipality_code", "市区町村コード",
                                         "市町村コード", "自治体コード",      "全国地方公共団体コード"};
static const char *const name_names[] = {"name", "municipality", "市区町村名", "市町村名", "自治体名", "名称"};
static const char *const border_names[] = {"border", "境界"};

static uint32_t column_of(const char *const *wanted, size_t wanted_count, const char *const *names, uint32_t count) {
  for (size_t w = 0; w < wanted_count; w++)
    for (uint32_t c = 0; c < count; c++)
      if (strcmp(names[c], wanted[w]) == 0) return c;
  return NO_COLUMN;
}

/* Is it a key of a section that takes one number, word or yes/no? */
static bool is_setting(const char *key) {
  const char *dot = strchr(key, '.');
  for (uint32_t s = 0; dot != NULL && s < ky_config_field_count; s++) {
    const ky_config_field *section = &ky_config_fields[s];
    if (section->type != KY_FIELD_SECTION || strlen(section->key) != (size_t)(dot - key) ||
        strncmp(section->key, key, (size_t)(dot - key)) != 0)
      continue;
    for (uint32_t f = 0; f < section->child_count; f++) {
      const ky_field_type type = section->children[f].type;
      const bool is_one = type == KY_FIELD_TEXT || type == KY_FIELD_FLAG || type == KY_FIELD_NUMBER ||
                          type == KY_FIELD_CHOICE || type == KY_FIELD_PROFILE || type == KY_FIELD_DATE;
      if (strcmp(section->children[f].key, dot + 1) == 0) return is_one;
    }
  }
  return false;
}

typedef struct area_columns {
  const char **names;
  uint32_t count, code, name, border;
} area_columns;

static ky_err find_columns(ky_job *job, const ky_source *source, const ky_delimited *table, area_columns *out) {
  KY_TRY(ky_delimited_names(job, source, table, &out->names, &out->count));
  out->code = column_of(code_names, sizeof code_names / sizeof *code_names, out->names, out->count);
  out->name = column_of(name_names, sizeof name_names / sizeof *name_names, out->names, out->count);
  out->border = column_of(border_names, sizeof border_names / sizeof *border_names, out->names, out->count);
  if (out->code == NO_COLUMN)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s: there is no column 'code' (or 市区町村コード); it has: %s"),
                   source->shown, ky_columns_list(job, out->names, out->count));
  for (uint32_t c = 0; c < out->count; c++) {
    if (c == out->code || c == out->name || c == out->border || is_setting(out->names[c])) continue;
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s: the column '%s' is neither code, name, border nor a single setting of the configuration "
                         "like targets.rate; rename or remove it"),
                   source->shown, out->names[c]);
  }
  return KY_OK;
}

/* NULL for blank. */
static ky_err text_of(ky_job *job, const ky_source *source, const ky_delimited *table, ky_decoder *decoder,
                      uint32_t column, const char **out) {
  *out = NULL;
  if (column >= table->field_count || column >= KY_FIELDS_MAX) return KY_OK;
  switch (ky_decoder_text(decoder, &job->keep, table->field[column], table->length[column], out)) {
    case KY_DECODED:
      return KY_OK;
    case KY_DECODED_NO_MEMORY:
      return ky_fail_memory(job);
    case KY_DECODED_BAD:
      break;
  }
  return ky_fail(job, KY_E_INPUT, ky_tr("%s: row %llu: '%s' is not text in UTF-8 or CP932"), source->shown,
                 (unsigned long long)table->row, *out);
}

/* Five digits; the check digit of six goes. A leading zero that a spreadsheet took away comes back. */
static ky_err settle_code(ky_job *job, const ky_source *source, uint64_t row, const char *text, const char **code) {
  const size_t length = text != NULL ? strlen(text) : 0;
  if (length >= 4 && length <= 6 && strspn(text, "0123456789") == length) {
    const char *five = ky_format(&job->keep, "%s%.5s", length == 4 ? "0" : "", text);
    if (five == NULL) return ky_fail_memory(job);
    const int prefecture = (five[0] - '0') * 10 + five[1] - '0';
    *code = five;
    if (prefecture >= 1 && prefecture <= 47) return KY_OK;
  }
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s: row %llu: '%s' is no municipality code; it has 5 or 6 digits and starts with 01 to 47"),
                 source->shown, (unsigned long long)row, text != NULL ? text : "");
}

static ky_err read_row(ky_job *job, const ky_source *source, const ky_delimited *table, ky_decoder *decoder,
                       const area_columns *columns, ky_batch_area *out) {
  const char *code, *border;
  KY_TRY(text_of(job, source, table, decoder, columns->code, &code));
  KY_TRY(settle_code(job, source, table->row, code, &out->code));
  KY_TRY(text_of(job, source, table, decoder, columns->name, &out->name));
  if (out->name == NULL) out->name = out->code;
  KY_TRY(text_of(job, source, table, decoder, columns->border, &border));
  if (border != NULL) {
    const size_t folder = (size_t)(ky_path_name(source->path) - source->path);
    out->border = border[0] == '/' ? border : ky_format(&job->keep, "%.*s%s", (int)folder, source->path, border);
    if (out->border == NULL) return ky_fail_memory(job);
  }
  KY_NEW(job, keep, out->overrides, columns->count);
  for (uint32_t c = 0; c < columns->count; c++) {
    const char *value;
    if (c == columns->code || c == columns->name || c == columns->border) continue;
    KY_TRY(text_of(job, source, table, decoder, c, &value));
    if (value != NULL) out->overrides[out->override_count++] = (ky_batch_override){columns->names[c], value};
  }
  return KY_OK;
}

static int by_code(const void *a, const void *b) {
  return strcmp(((const ky_batch_area *)a)->code, ((const ky_batch_area *)b)->code);
}

/* A row is at least a code and a line end. */
#define ROW_BYTES 5

ky_err ky_batch_areas_read(ky_job *job, const char *path, ky_batch_area **areas, uint32_t *count) {
  const ky_source source = {.name = "areas", .path = path, .shown = path};
  ky_source_file file;
  ky_delimited table;
  area_columns found = {NULL, 0, NO_COLUMN, NO_COLUMN, NO_COLUMN};
  *count = 0;
  KY_TRY(ky_source_file_find(job, &source, &file));
  KY_TRY(ky_delimited_open(job, &source, file.vsi_path, &table));
  ky_decoder decoder = {.name = table.encoding};
  KY_NEW(job, keep, *areas, (size_t)(table.end - table.at) / ROW_BYTES + 1);
  if (!ky_delimited_next(&table)) return ky_fail(job, KY_E_INPUT, ky_tr("%s: is empty"), path);
  KY_TRY(find_columns(job, &source, &table, &found));
  while (ky_delimited_next(&table)) {
    if (table.is_blank) continue;
    KY_TRY(read_row(job, &source, &table, &decoder, &found, &(*areas)[*count]));
    ++*count;
  }
  KY_TRY(ky_delimited_close(job, &source, &table));
  if (*count == 0) return ky_fail(job, KY_E_INPUT, ky_tr("%s: names no municipality"), path);
  qsort(*areas, *count, sizeof **areas, by_code);
  for (uint32_t i = 1; i < *count; i++)
    if (strcmp((*areas)[i - 1].code, (*areas)[i].code) == 0)
      return ky_fail(job, KY_E_INPUT,
                     ky_tr("%s: the code %s is there twice (%s, %s); keep one row for each municipality"), path,
                     (*areas)[i].code, (*areas)[i - 1].name, (*areas)[i].name);
  return KY_OK;
}
