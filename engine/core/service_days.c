/* Dates and days of service. */
#include "core/service_days.h"

#include <stdio.h>
#include <string.h>

#define WEEKS     8
#define WEDNESDAY 2
#define SATURDAY  5
/* Weeks before and after the counted day in which the other days of the week are looked for. */
#define HALF_WINDOW 4

static bool is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days before 1 January of the year, from 1970. */
static int32_t days_before(int year) {
  const int y = year - 1;
  return (int32_t)(365 * (year - 1970) + (y / 4 - y / 100 + y / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400));
}

static int month_length(int year, int month) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return lengths[month - 1] + (month == 2 && is_leap(year));
}

int32_t ky_day_of(int year, int month, int day_of_month) {
  if (year < 1980 || year > 2200 || month < 1 || month > 12 || day_of_month < 1) return KY_NO_DAY;
  if (day_of_month > month_length(year, month)) return KY_NO_DAY;
  int32_t day = days_before(year) + day_of_month - 1;
  for (int m = 1; m < month; m++) day += month_length(year, m);
  return day;
}

const char *ky_day_text(char *buffer, int32_t day) {
  int year = 1970, month = 1;
  snprintf(buffer, 16, "-");
  if (day == KY_NO_DAY) return buffer;
  while (year < 2200 && days_before(year + 1) <= day) year++;
  int32_t left = day - days_before(year);
  for (; month < 12 && left >= month_length(year, month); month++) left -= month_length(year, month);
  snprintf(buffer, 16, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100, ((unsigned)left + 1) % 100);
  return buffer;
}

int ky_day_weekday(int32_t day) {
  return (int)((day + 3) % 7); /* 1970-01-01 was a Thursday */
}

void ky_services_on(const ky_services *services, int32_t day, uint8_t *active) {
  const unsigned bit = 1u << ky_day_weekday(day);
  for (uint32_t s = 0; s < services->count; s++)
    active[s] = (services->weekdays[s] & bit) != 0 && services->first_day[s] <= day && day <= services->last_day[s];
  for (int added = 1; added >= 0; added--) /* removals last: they win over additions */
    for (uint32_t e = 0; e < services->exception_count; e++)
      if (services->exception_day[e] == day && services->exception_added[e] == added)
        active[services->exception_service[e]] = (uint8_t)added;
}

static uint64_t trips_on(const ky_services *feeds, uint32_t count, int32_t day, uint8_t *active) {
  uint64_t trips = 0;
  for (uint32_t f = 0; f < count; f++) {
    ky_services_on(&feeds[f], day, active);
    for (uint32_t s = 0; s < feeds[f].count; s++) trips += active[s] ? feeds[f].trip_count[s] : 0;
  }
  return trips;
}

ky_err ky_service_day_choose(ky_job *job, const ky_services *feeds, uint32_t count, int32_t first, int32_t last,
                             int32_t *day, uint64_t *trips) {
  uint32_t most = 0;
  uint8_t *active;
  *day = KY_NO_DAY;
  *trips = 0;
  for (uint32_t f = 0; f < count; f++) most = feeds[f].count > most ? feeds[f].count : most;
  KY_NEW(job, scratch, active, most);
  if (first == KY_NO_DAY || last < first) return KY_OK;
  if (last - first >= 7 * WEEKS) last = first + 7 * WEEKS - 1;
  for (int any = 0; any < 2 && *trips == 0; any++) {
    for (int32_t d = first; d <= last; d++) {
      const int weekday = ky_day_weekday(d);
      if (any == 0 ? weekday != WEDNESDAY : weekday >= SATURDAY) continue;
      uint64_t found = trips_on(feeds, count, d, active);
      if (*day != KY_NO_DAY && found <= *trips) continue;
      *day = d;
      *trips = found;
    }
  }
  return KY_OK;
}

void ky_service_week(const ky_services *services, int32_t day, int32_t first, int32_t last, uint8_t *active,
                     int32_t week[7]) {
  const int own = day != KY_NO_DAY ? ky_day_weekday(day) : 0;
  for (int w = 0; w < 7; w++) {
    uint64_t most = 0;
    week[w] = w == own ? day : KY_NO_DAY;
    for (int step = 0; step < 2 * HALF_WINDOW + 1 && day != KY_NO_DAY && w != own; step++) {
      const int32_t away = (step + 1) / 2, found = day + (w - own) + 7 * (step % 2 == 1 ? -away : away);
      if (found < first || found > last) continue;
      const uint64_t trips = trips_on(services, 1, found, active);
      if (week[w] != KY_NO_DAY && trips <= most) continue;
      week[w] = found;
      most = trips;
    }
  }
}
