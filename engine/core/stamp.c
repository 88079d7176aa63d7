/* Time as text. */
#define _DEFAULT_SOURCE /* tm_gmtoff */
#include <kayoi/stamp.h>
#include <time.h>

#define DAY_S 86400

/* Year, month and day of a day counted from 1970-01-01, by the calendar of 400 years that begins on a 1 March
 * (Hinnant, "chrono-compatible low-level date algorithms"). */
static void date_of(int64_t day, int64_t *year, int64_t *month, int64_t *month_day) {
  const int64_t shifted = day + 719468;
  const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097, of_era = shifted - era * 146097;
  const int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t from_march = (5 * of_year + 2) / 153;
  *month_day = of_year - (153 * from_march + 2) / 5 + 1;
  *month = from_march < 10 ? from_march + 3 : from_march - 9;
  *year = year_of_era + era * 400 + (*month <= 2);
}

/* The number with leading zeros, and what stands behind it. */
static char *put(char *at, int64_t value, int digits, char behind) {
  for (int i = digits - 1; i >= 0; i--, value /= 10) at[i] = (char)('0' + value % 10);
  at[digits] = behind;
  return at + digits + 1;
}

ky_stamp ky_stamp_of(int64_t unix_ms, int32_t offset_s) {
  ky_stamp stamp;
  int64_t local = unix_ms + (int64_t)offset_s * 1000, milli = (local % 1000 + 1000) % 1000;
  const int64_t seconds = (local - milli) / 1000, in_day = (seconds % DAY_S + DAY_S) % DAY_S;
  const int32_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
  int64_t year, month, day;
  date_of((seconds - in_day) / DAY_S, &year, &month, &day);
  char *at = put(stamp.text, year < 0 || year > 9999 ? 0 : year, 4, '-');
  at = put(at, month, 2, '-');
  at = put(at, day, 2, 'T');
  at = put(at, in_day / 3600, 2, ':');
  at = put(at, in_day / 60 % 60, 2, ':');
  at = put(at, in_day % 60, 2, '.');
  at = put(at, milli, 3, offset_s < 0 ? '-' : '+');
  at = put(at, minutes / 60, 2, ':');
  put(at, minutes % 60, 2, '\0');
  return stamp;
}

int32_t ky_stamp_offset(void) {
  const time_t now = time(NULL);
  struct tm local;
  return localtime_r(&now, &local) != NULL ? (int32_t)local.tm_gmtoff : 0;
}

int64_t ky_stamp_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

ky_stamp ky_stamp_now(void) {
  return ky_stamp_of(ky_stamp_clock(), ky_stamp_offset());
}
