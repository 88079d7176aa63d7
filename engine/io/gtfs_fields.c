/* Fields of GTFS rows as values, and what is wrong with them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/gtfs_table.h"

#include <kayoi/transit.h>

#define SHOWN 5

ky_err ky_gtfs_text(ky_gtfs *gtfs, const ky_gtfs_row *row, uint32_t column, const char **out) {
  *out = NULL;
  if (row->length[column] == 0) return KY_OK;
  switch (ky_decoder_text(&gtfs->decoder, &gtfs->job->keep, row->field[column], row->length[column], out)) {
    case KY_DECODED_NO_MEMORY:
      return ky_fail_memory(gtfs->job);
    case KY_DECODED_BAD:
      ky_gtfs_issue(gtfs, row, KY_ERROR, NULL, "bad_encoding",
                    ky_tr("shown with its bytes escaped; a feed is in UTF-8"), ky_tr("\"%s\" is not text in %s"), *out,
                    ky_decoder_met(&gtfs->decoder));
      break;
    case KY_DECODED:
      break;
  }
  return KY_OK;
}

int32_t ky_gtfs_number(const ky_gtfs_row *row, uint32_t column) {
  int32_t value = 0;
  if (row->length[column] == 0 || row->length[column] > 9) return -1;
  for (size_t i = 0; i < row->length[column]; i++) {
    const char c = row->field[column][i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

int32_t ky_gtfs_day(ky_gtfs *gtfs, const ky_gtfs_row *row, uint32_t column, const char *name) {
  const int32_t number = row->length[column] == 8 ? ky_gtfs_number(row, column) : -1;
  const int32_t day = number < 0 ? KY_NO_DAY : ky_day_of(number / 10000, number / 100 % 100, number % 100);
  if (day == KY_NO_DAY)
    ky_gtfs_issue(gtfs, row, KY_ERROR, name, "bad_date", ky_tr("the row was left out; dates are written 20260513"),
                  ky_tr("\"%.*s\" is not a date"), (int)(row->length[column] < 40 ? row->length[column] : 40),
                  row->length[column] != 0 ? row->field[column] : "");
  return day;
}

bool ky_gtfs_is(const ky_gtfs_row *row, uint32_t column, const char *text) {
  return strlen(text) == row->length[column] &&
         (row->length[column] == 0 || memcmp(row->field[column], text, row->length[column]) == 0);
}

/* Counter of a file and reason; reasons beyond the last are counted with it. */
static uint64_t count_issue(ky_gtfs *gtfs, const char *file, const char *reason, ky_severity severity) {
  const uint32_t most = sizeof gtfs->seen / sizeof *gtfs->seen;
  uint32_t i = 0;
  while (i < gtfs->seen_count && (strcmp(gtfs->seen[i].file, file) != 0 || strcmp(gtfs->seen[i].reason, reason) != 0))
    i++;
  if (i == most) return ++gtfs->seen[most - 1].count;
  if (i == gtfs->seen_count) {
    gtfs->seen[i].file = file;
    gtfs->seen[i].reason = reason;
    gtfs->seen[i].severity = severity;
    gtfs->seen_count++;
  }
  return ++gtfs->seen[i].count;
}

/* Bytes of a row may be anything; an issue is UTF-8. */
static void clean(char *text) {
  for (size_t length = strlen(text); length > 0 && !ky_utf8_valid(text, length);)
    for (size_t i = 0, n; i < length; i += n) {
      for (n = 1; n <= 4 && i + n <= length && !ky_utf8_valid(text + i, n);) n++;
      if (n <= 4 && i + n <= length) continue;
      text[i] = '?';
      n = 1;
    }
}

void ky_gtfs_issue(ky_gtfs *gtfs, const ky_gtfs_row *row, ky_severity severity, const char *field, const char *reason,
                   const char *action, const char *format, ...) {
  char text[400], record[80];
  if (count_issue(gtfs, row->file, reason, severity) > SHOWN) return;
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  clean(text);
  snprintf(record, sizeof record, ky_tr("%.40s row %llu"), row->file, (unsigned long long)row->number);
  ky_issue_add(gtfs->job,
               &(ky_issue){.severity = severity,
                           .source = gtfs->where,
                           .record = record,
                           .field = field,
                           .reason = reason,
                           .action = action},
               "%s", text);
}

void ky_gtfs_close(ky_gtfs *gtfs) {
  for (uint32_t i = 0; i < gtfs->seen_count; i++) {
    if (gtfs->seen[i].count <= SHOWN) continue;
    ky_issue_add(gtfs->job,
                 &(ky_issue){.severity = gtfs->seen[i].severity,
                             .source = gtfs->where,
                             .record = gtfs->seen[i].file,
                             .reason = gtfs->seen[i].reason,
                             .action = ky_tr("the first ones are listed one by one")},
                 ky_tr("%llu rows in all"), (unsigned long long)gtfs->seen[i].count);
  }
}
