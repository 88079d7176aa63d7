/* The newest riders of KSJ S12: see station_riders.h. */
#include "io/station_riders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_YEAR 2011
#define LAST_YEAR  2030

typedef struct year_columns {
  const ky_raw_column *riders, *place, *state;
  const char *year;
} year_columns;

static ky_err find_year(ky_job *job, const ky_raw *raw, int year, year_columns *out) {
  char name[32];
  snprintf(name, sizeof name, "riders_%d", year);
  out->riders = ky_raw_column_of(raw, name);
  snprintf(name, sizeof name, "riders_place_%d", year);
  out->place = ky_raw_column_of(raw, name);
  snprintf(name, sizeof name, "riders_state_%d", year);
  out->state = ky_raw_column_of(raw, name);
  out->year = ky_format(&job->keep, "%d", year);
  return out->year != NULL ? KY_OK : ky_fail_memory(job);
}

static bool has_code(const ky_raw_column *column, uint32_t record, const char *code) {
  return column != NULL && column->value[record] != NULL && strcmp(column->value[record], code) == 0;
}

static bool is_whole(const char *text) {
  return text != NULL && text[0] != '\0' && strlen(text) <= 9 && strspn(text, "0123456789") == strlen(text);
}

static bool is_no_station(const year_columns *of, uint32_t record) {
  return has_code(of->state, record, "4") || has_code(of->place, record, "3");
}

/* Leaves the records in `kept` only. */
static ky_err keep(ky_job *job, ky_raw *raw, const uint32_t *kept, uint32_t count, ky_raw_column *riders,
                   ky_raw_column *year) {
  ky_shapes shapes;
  KY_TRY(ky_shapes_pick(job, &raw->shapes, kept, count, &shapes));
  raw->shapes = shapes;
  for (uint32_t i = 0; i < count; i++) { /* kept[i] >= i */
    raw->record[i] = raw->record[kept[i]];
    riders->value[i] = riders->value[kept[i]];
    year->value[i] = year->value[kept[i]];
    for (uint32_t c = 0; c < raw->column_count; c++) raw->columns[c].value[i] = raw->columns[c].value[kept[i]];
  }
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = ky_source_where(job, raw->source),
                           .reason = "no_station_now",
                           .action = ky_tr("left out")},
               ky_tr("%u records are no station in the newest year"), raw->count - count);
  raw->count = count;
  return KY_OK;
}

ky_err ky_station_riders(ky_job *job, ky_raw *raw, ky_raw_column *riders, ky_raw_column *year) {
  year_columns newest = {0};
  uint32_t *kept, count = 0;
  *riders = (ky_raw_column){.attribute = "riders", .column = "S12"};
  *year = (ky_raw_column){.attribute = "riders_year", .column = "S12"};
  KY_NEW(job, keep, riders->value, raw->count);
  KY_NEW(job, keep, year->value, raw->count);
  KY_NEW(job, scratch, kept, raw->count);
  for (int y = LAST_YEAR; y >= FIRST_YEAR; y--) {
    year_columns of;
    KY_TRY(find_year(job, raw, y, &of));
    if (of.riders == NULL) continue;
    if (newest.year == NULL) {
      newest = of;
      riders->column = of.riders->column;
    }
    for (uint32_t i = 0; i < raw->count; i++) {
      const bool is_known = has_code(of.place, i, "1") && has_code(of.state, i, "1") && is_whole(of.riders->value[i]);
      if (riders->value[i] != NULL || !is_known) continue;
      riders->value[i] = of.riders->value[i];
      year->value[i] = of.year;
    }
  }
  for (uint32_t i = 0; newest.year != NULL && i < raw->count; i++)
    if (!is_no_station(&newest, i)) kept[count++] = i;
  return newest.year != NULL && count < raw->count ? keep(job, raw, kept, count, riders, year) : KY_OK;
}
