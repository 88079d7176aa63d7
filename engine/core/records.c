/* Sorting and reading records. */
#include "core/records.h"

#include <stdlib.h>
#include <string.h>

#include "core/number.h"

const char *ky_record_id(const ky_raw *raw, uint32_t record) {
  const char *id = ky_raw_value(raw, "id", record);
  if (id == NULL) id = ky_raw_value(raw, "name", record);
  return id != NULL ? id : raw->record[record];
}

static int by_place(const ky_record *a, const ky_record *b) {
  const ky_shapes *sa = &a->raw->shapes, *sb = &b->raw->shapes;
  if (sa->kind == KY_SHAPE_NONE || sb->kind == KY_SHAPE_NONE) return (sa->kind > sb->kind) - (sa->kind < sb->kind);
  uint32_t pa = sa->first_part[a->record], pb = sb->first_part[b->record];
  uint32_t na = sa->first_part[a->record + 1] - pa, nb = sb->first_part[b->record + 1] - pb;
  if (na != nb || na == 0) return (na > nb) - (na < nb);
  uint32_t va = sa->first_vertex[pa], vb = sb->first_vertex[pb];
  if (sa->x[va] != sb->x[vb]) return sa->x[va] < sb->x[vb] ? -1 : 1;
  return (sa->y[va] > sb->y[vb]) - (sa->y[va] < sb->y[vb]);
}

static int by_text(const char *a, const char *b) {
  return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int by_id(const void *left, const void *right) {
  const ky_record *a = left, *b = right;
  int order = strcmp(a->id, b->id);
  if (order == 0) order = by_place(a, b);
  if (order == 0) order = by_text(ky_raw_value(a->raw, "name", a->record), ky_raw_value(b->raw, "name", b->record));
  for (uint32_t c = 0; order == 0 && c < a->raw->column_count && c < b->raw->column_count; c++)
    order = by_text(a->raw->columns[c].value[a->record], b->raw->columns[c].value[b->record]);
  if (order == 0) order = (a->source > b->source) - (a->source < b->source);
  return order != 0 ? order : (a->record > b->record) - (a->record < b->record);
}

ky_err ky_records_new(ky_job *job, const ky_raw *raws, uint32_t raw_count, ky_record **out, uint32_t *out_count) {
  uint64_t count = 0;
  for (uint32_t r = 0; r < raw_count; r++) count += raws[r].count;
  if (count >= KY_NONE / 2) return ky_fail(job, KY_E_RESOURCE, ky_tr("more than 2,000,000,000 records in one role"));
  ky_record *records;
  KY_NEW(job, scratch, records, count);
  count = 0;
  for (uint32_t r = 0; r < raw_count; r++)
    for (uint32_t i = 0; i < raws[r].count; i++)
      records[count++] = (ky_record){ky_record_id(&raws[r], i), &raws[r], r, i};
  if (count != 0) qsort(records, count, sizeof *records, by_id);
  *out = records;
  *out_count = (uint32_t)count;
  return KY_OK;
}

const char *ky_raw_label(ky_job *job, const ky_raw *raw) {
  return ky_source_where(job, raw->source);
}

ky_err ky_raw_dates(ky_job *job, const ky_raw *raws, uint32_t raw_count, const char **out) {
  *out = NULL;
  for (uint32_t r = 0; r < raw_count; r++) {
    const char *date = raws[r].source->date;
    if (date == NULL || (*out != NULL && strstr(*out, date) != NULL)) continue;
    *out = *out == NULL ? date : ky_format(&job->keep, "%s / %s", *out, date);
    if (*out == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

/* How messages name a record and a column: in the workbook by row and header, for those who filled it in. */
static const char *shown_record(const ky_record *record) {
  return record->raw->source->is_workbook ? record->raw->record[record->record] : record->id;
}

static const char *shown_column(const ky_record *record, const char *attribute) {
  const ky_raw_column *column = ky_raw_column_of(record->raw, attribute);
  return record->raw->source->is_workbook && column != NULL ? column->column : attribute;
}

int64_t ky_record_number(ky_job *job, const ky_record *record, const char *attribute, uint8_t decimals) {
  const char *text = ky_raw_value(record->raw, attribute, record->record);
  if (text == NULL) return KY_NULL;
  int64_t value = ky_number_fixed(text, decimals);
  if (value != KY_NULL && value >= 0) return value;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_raw_label(job, record->raw),
                           .record = shown_record(record),
                           .field = shown_column(record, attribute),
                           .reason = value == KY_NULL ? "not_a_number" : "negative_number",
                           .action = ky_tr("taken as unknown; correct it in the source")},
               ky_tr("'%.60s' is not a number that can stand here"), text);
  return KY_NULL;
}

int8_t ky_record_flag(ky_job *job, const ky_record *record, const char *attribute) {
  static const char *const yes[] = {"1", "true", "yes", "有", "あり", "○", "はい", "可"};
  static const char *const no[] = {"0", "false", "no", "無", "なし", "×", "いいえ", "否", "不可"};
  const char *text = ky_raw_value(record->raw, attribute, record->record);
  if (text == NULL) return -1;
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
    if (strcmp(text, yes[i]) == 0) return 1;
  for (size_t i = 0; i < sizeof no / sizeof *no; i++)
    if (strcmp(text, no[i]) == 0) return 0;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_raw_label(job, record->raw),
                           .record = shown_record(record),
                           .field = shown_column(record, attribute),
                           .reason = "not_yes_or_no",
                           .action = ky_tr("taken as unknown; write yes or no (はい, いいえ)")},
               ky_tr("'%.60s' is neither yes nor no"), text);
  return -1;
}
