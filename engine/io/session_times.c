/* Days and hours of venues out of their texts, only where there is no doubt: 毎週火・木曜日, 第1月曜, 平日,
 * 10:00～11:30, 午後1時半から3時. Anything else is unknown, and then says nothing. */
#include <kayoi/supply.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/text_key.h"

static const char *const day_signs[KY_WEEK_DAYS] = {"月", "火", "水", "木", "金", "土", "日"};

#define SIGN_BYTES 3 /* of each of them in UTF-8 */

static int day_at(const char *text) {
  for (int d = 0; d < KY_WEEK_DAYS; d++)
    if (strncmp(text, day_signs[d], SIGN_BYTES) == 0) return d;
  return -1;
}

static bool take(const char **at, const char *word) {
  const size_t length = strlen(word);
  if (strncmp(*at, word, length) != 0) return false;
  *at += length;
  return true;
}

static bool take_any(const char **at, const char *const *words) {
  for (; *words != NULL; words++)
    if (take(at, *words)) return true;
  return false;
}

/* What says how often, or nothing: it changes no day. */
static bool take_filler(const char **at) {
  static const char *const words[] = {"毎週",   "隔週",   "毎月", "第", "曜日", "曜",   "週", ",",
                                      ".",      "、",     "・",   "/",  "(",    ")",    "と", "及び",
                                      "および", "または", "又は", "の", ";",    "回目", NULL};
  return take_any(at, words);
}

static bool take_number(const char **at) {
  const char *from = *at;
  while (**at >= '0' && **at <= '9') ++*at;
  return *at != from;
}

static bool take_range(const char **at) {
  static const char *const words[] = {"から", "-", "~", "〜", "～", NULL};
  return take_any(at, words);
}

/* A key (ky_text_key) as bits of days; 0 where a part of it is not understood. */
static uint8_t days_of(const char *key) {
  unsigned days = 0;
  int last = -1;
  bool is_range = false;
  const bool is_nth = strstr(key, "第") != NULL; /* without it 10日 is a date, no Sunday */
  for (const char *at = key; *at != '\0';) {
    if (take(&at, "毎日")) {
      days |= 0x7F;
    } else if (take(&at, "平日")) {
      days |= KY_WORK_DAYS;
    } else if (take_filler(&at) || (is_nth && take_number(&at))) {
    } else if (take_range(&at)) {
      if (last < 0 || is_range) return 0;
      is_range = true;
    } else {
      const int day = day_at(at);
      if (day < 0) return 0;
      at += SIGN_BYTES;
      for (int d = is_range ? last : day; is_range && d != day; d = (d + 1) % KY_WEEK_DAYS) days |= 1u << d;
      days |= 1u << day;
      last = day;
      is_range = false;
    }
  }
  return is_range ? 0 : (uint8_t)days;
}

static int number_at(const char **at) {
  int value = -1;
  for (int n = 0; n < 2 && **at >= '0' && **at <= '9'; n++, ++*at) value = (value < 0 ? 0 : value * 10) + (**at - '0');
  return **at >= '0' && **at <= '9' ? -1 : value;
}

/* 10:00, 10時30分, 10時半, 午後1時; -1 when it is none. */
static int32_t time_at(const char **at, bool *is_afternoon) {
  if (take(at, "午後"))
    *is_afternoon = true;
  else if (take(at, "午前"))
    *is_afternoon = false;
  int hour = number_at(at), minute = 0;
  if (hour < 0) return -1;
  if (take(at, ":")) {
    minute = number_at(at);
    if (minute < 0) return -1;
  } else if (take(at, "時")) {
    if (take(at, "半")) {
      minute = 30;
    } else if (**at >= '0' && **at <= '9') {
      minute = number_at(at);
      if (!take(at, "分")) return -1;
    }
  } else {
    return -1;
  }
  if (*is_afternoon && hour < 12) hour += 12;
  return hour <= 24 && minute < 60 ? (hour * 60 + minute) * 60 : -1;
}

/* One beginning and one end; more, or less, are unknown. Returns bits of the days that stand before it (平日
 * 10:00-11:30 in the national open data); 0: none. */
static uint8_t hours_of(const char *key, int32_t *from_s, int32_t *to_s) {
  static const struct {
    const char *word;
    uint8_t days;
  } before[] = {{"平日", KY_WORK_DAYS}, {"土曜", 0x20}, {"日曜", 0x40}};
  static const char *const ends[] = {"まで", NULL};
  const char *at = key;
  bool is_afternoon = false;
  uint8_t days = 0;
  for (size_t b = 0; days == 0 && b < sizeof before / sizeof *before; b++)
    if (take(&at, before[b].word)) days = before[b].days;
  const int32_t from = time_at(&at, &is_afternoon);
  *from_s = *to_s = KY_NO_TIME;
  if (from < 0 || !take_range(&at)) return 0;
  const int32_t to = time_at(&at, &is_afternoon);
  take_any(&at, ends);
  if (to <= from || *at != '\0') return 0;
  *from_s = from;
  *to_s = to;
  return days;
}

ky_err ky_sessions_read(ky_job *job, const ky_venues *venues, ky_sessions *out) {
  memset(out, 0, sizeof *out);
  KY_NEW(job, keep, out->days, venues->count);
  KY_NEW(job, keep, out->from_s, venues->count);
  KY_NEW(job, keep, out->to_s, venues->count);
  for (uint32_t v = 0; v < venues->count; v++) {
    const char *days = venues->text[KY_VENUE_WEEKDAY] != NULL ? venues->text[KY_VENUE_WEEKDAY][v] : NULL;
    const char *hours = venues->text[KY_VENUE_HOURS] != NULL ? venues->text[KY_VENUE_HOURS][v] : NULL;
    out->from_s[v] = out->to_s[v] = KY_NO_TIME;
    const char *day_key = days != NULL ? ky_text_key(&job->scratch, days) : "";
    const char *hour_key = hours != NULL ? ky_text_key(&job->scratch, hours) : "";
    if (day_key == NULL || hour_key == NULL) return ky_fail_memory(job);
    const uint8_t of_hours = hours_of(hour_key, &out->from_s[v], &out->to_s[v]);
    out->days[v] = days_of(day_key);
    if (out->days[v] == 0) out->days[v] = of_hours;
  }
  return KY_OK;
}
