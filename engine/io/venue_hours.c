/* Hours of venues. */
#include "io/venue_hours.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *start, *end, *day;
} days[] = {{"hours_start", "hours_end", ""},
            {"weekdays_start", "weekdays_end", "平日 "},
            {"saturday_start", "saturday_end", "土曜 "},
            {"sunday_start", "sunday_end", "日曜 "},
            {"holiday_start", "holiday_end", "祝日 "}};

#define CLOCK_BYTES 24

/* A time as people write it. Cells of spreadsheets come as 10:00:00, as PT10H00M00S, or as a fraction of
 * the day (0.4166667). */
static const char *clock_text(const char *text, char *clock) {
  const size_t length = text != NULL ? strlen(text) : 0;
  const bool has_seconds = length >= 7 && length <= 8 && strcmp(text + length - 3, ":00") == 0 &&
                           text[length - 6] == ':' && strspn(text, "0123456789:") == length;
  unsigned hour, minute;
  if (length > 0 && sscanf(text, "PT%2uH%2uM", &hour, &minute) == 2) {
    snprintf(clock, CLOCK_BYTES, "%02u:%02u", hour, minute);
  } else if (length > 3 && strncmp(text, "0.", 2) == 0 && strspn(text + 2, "0123456789") == length - 2) {
    const int minutes = (int)lround(strtod(text, NULL) * 1440);
    snprintf(clock, CLOCK_BYTES, "%02d:%02d", minutes / 60, minutes % 60);
  } else {
    snprintf(clock, CLOCK_BYTES, "%.*s", has_seconds ? (int)length - 3 : 20, text != NULL ? text : "");
  }
  return clock;
}

static const char *compose(ky_job *job, const ky_raw *raw, uint32_t record) {
  char text[256] = "";
  size_t used = 0;
  for (size_t d = 0; d < sizeof days / sizeof *days; d++) {
    const char *start = ky_raw_value(raw, days[d].start, record), *end = ky_raw_value(raw, days[d].end, record);
    if (start == NULL && end == NULL) continue;
    char clock[2][CLOCK_BYTES];
    int n = snprintf(text + used, sizeof text - used, "%s%s%s-%s", used == 0 ? "" : " ", days[d].day,
                     clock_text(start, clock[0]), clock_text(end, clock[1]));
    if (n < 0 || (size_t)n >= sizeof text - used) break;
    used += (size_t)n;
  }
  return used == 0 ? NULL : ky_arena_text(&job->keep, text, used);
}

ky_err ky_venue_hours(ky_job *job, ky_raw *raw) {
  bool has_days = false;
  for (size_t d = 0; d < sizeof days / sizeof *days; d++)
    has_days = has_days || ky_raw_column_of(raw, days[d].start) != NULL;
  if (!has_days || ky_raw_column_of(raw, "hours") != NULL) return KY_OK;
  ky_raw_column *columns;
  KY_NEW(job, keep, columns, (size_t)raw->column_count + 1);
  memcpy(columns, raw->columns, raw->column_count * sizeof *columns);
  ky_raw_column *hours = &columns[raw->column_count];
  *hours = (ky_raw_column){.attribute = "hours", .column = "hours"};
  KY_NEW(job, keep, hours->value, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) hours->value[i] = compose(job, raw, i);
  raw->columns = columns;
  raw->column_count++;
  return KY_OK;
}
