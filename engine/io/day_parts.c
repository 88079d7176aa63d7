/* Parts of the day from hours as registers write them: 13:30-15:00, 平日 10:00〜11:30 土曜 13:00〜, 午後1時半から,
 * 10〜12時. Where a meeting begins decides; ends are only told from beginnings by the mark before them. */
#include <kayoi/strengths.h>
#include <string.h>

#include "io/text_key.h"

enum { MORNING, AFTERNOON, EVENING, PART_COUNT };

/* Bytes of the mark of a range that the text starts with; 0: none. */
static size_t range_mark(const char *text) {
  static const char *const marks[] = {"-", "~", "〜", "ー", "−", "→", "から", "より"};
  for (size_t m = 0; m < sizeof marks / sizeof *marks; m++)
    if (strncmp(text, marks[m], strlen(marks[m])) == 0) return strlen(marks[m]);
  return 0;
}

static bool starts(const char *text, const char *word) {
  return strncmp(text, word, strlen(word)) == 0;
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* The hour at the text, its bytes in *length; -1: none. */
static int hour_at(const char *text, size_t *length) {
  int hour = 0;
  size_t n = 0;
  for (; is_digit(text[n]); n++) hour = n < 2 ? hour * 10 + (text[n] - '0') : 99;
  *length = n;
  return n == 0 || hour > 24 ? -1 : hour;
}

/* A time with a sign that it is one, 10:30, 10時, 10時半, 10時30分: minutes of the day; -1: none. */
static int signed_clock_at(const char *text, size_t *length) {
  int minute = 0;
  const int hour = hour_at(text, length);
  const char *rest = text + *length;
  if (hour < 0) return -1;
  if (rest[0] == ':' && is_digit(rest[1]) && is_digit(rest[2])) {
    minute = (rest[1] - '0') * 10 + (rest[2] - '0');
    *length += 3;
  } else if (starts(rest, "時") && !starts(rest, "時間")) {
    *length += strlen("時");
    rest = text + *length;
    if (starts(rest, "半")) minute = 30;
    if (is_digit(rest[0]) && is_digit(rest[1]) && starts(rest + 2, "分"))
      minute = (rest[0] - '0') * 10 + (rest[1] - '0');
  } else {
    return -1;
  }
  return minute < 60 ? hour * 60 + minute : -1;
}

/* The same, or the bare hour before a range mark and such a time (10〜12時). */
static int clock_at(const char *text, size_t *length) {
  size_t ignored;
  const int minutes = signed_clock_at(text, length);
  if (minutes >= 0) return minutes;
  const int hour = hour_at(text, length);
  if (hour < 0) return -1;
  const size_t mark = range_mark(text + *length);
  return mark != 0 && signed_clock_at(text + *length + mark, &ignored) >= 0 ? hour * 60 : -1;
}

static unsigned part_of(int minutes, const ky_strengths_opts *opts) {
  const uint32_t seconds = (uint32_t)minutes * 60;
  return 1U << (seconds < opts->afternoon_s ? MORNING : seconds < opts->evening_s ? AFTERNOON : EVENING);
}

/* Where no clock is named: the words alone. */
static unsigned parts_by_words(const char *key) {
  unsigned parts = 0;
  if (strstr(key, "午前") != NULL || strstr(key, "朝") != NULL) parts |= 1U << MORNING;
  if (strstr(key, "午後") != NULL || strstr(key, "昼") != NULL) parts |= 1U << AFTERNOON;
  if (strstr(key, "夜") != NULL || strstr(key, "夕") != NULL) parts |= 1U << EVENING;
  return parts;
}

unsigned ky_day_parts(ky_arena *scratch, const char *hours, const ky_strengths_opts *opts) {
  const char *key = hours != NULL ? ky_text_label(scratch, hours) : NULL;
  unsigned parts = 0;
  bool is_end = false, is_pm = false;
  if (key == NULL) return 0;
  for (const char *p = key; *p != '\0';) {
    size_t length = 0;
    const int minutes = clock_at(p, &length);
    if (minutes >= 0) {
      if (!is_end) parts |= part_of(is_pm && minutes < 720 ? minutes + 720 : minutes, opts);
      is_end = is_pm = false;
      p += length;
    } else if (is_digit(*p)) {
      while (is_digit(*p)) p++;
      is_end = is_pm = false;
    } else if (range_mark(p) != 0) {
      is_end = true;
      p += range_mark(p);
    } else if (starts(p, "午後") || starts(p, "pm")) {
      is_pm = true;
      p += starts(p, "pm") ? 2 : strlen("午後");
    } else if (starts(p, "午前") || starts(p, "am")) {
      p += starts(p, "am") ? 2 : strlen("午前");
    } else {
      is_end = is_pm = false;
      p++;
    }
  }
  return parts != 0 ? parts : parts_by_words(key);
}

ky_err ky_classes_by_day_part(ky_job *job, const ky_venues *venues, const ky_anchors *anchors,
                              const ky_strengths_opts *opts, ky_classes *out) {
  static const struct {
    const char *name, *alias;
  } words[PART_COUNT + 1] = {[MORNING] = {"morning", "午前"},
                             [AFTERNOON] = {"afternoon", "午後"},
                             [EVENING] = {"evening", "夕方・夜"},
                             [PART_COUNT] = {"unknown", "時間帯不明"}};
  uint8_t *parts;
  KY_NEW(job, scratch, parts, venues->count);
  for (uint32_t v = 0; v < venues->count; v++) {
    const ky_arena_mark mark = ky_arena_now(&job->scratch);
    const char *hours = venues->text[KY_VENUE_HOURS] != NULL ? venues->text[KY_VENUE_HOURS][v] : NULL;
    const unsigned known = ky_day_parts(&job->scratch, hours, opts);
    parts[v] = (uint8_t)(known != 0 ? known : 1U << PART_COUNT);
    ky_arena_rewind(&job->scratch, mark);
  }
  for (int p = 0; p <= PART_COUNT; p++) {
    ky_class *class = NULL;
    for (uint32_t v = 0; v < venues->count; v++) {
      if (venues->counts[v] == 0 || (parts[v] >> p & 1) == 0) continue;
      if (class == NULL)
        KY_TRY(ky_classes_add(job, KY_CLASS_DAY_PART, words[p].name, words[p].alias, anchors, out, &class));
      class->use[v] = 1;
      class->count++;
    }
  }
  return KY_OK;
}
