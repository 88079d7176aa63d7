/* Degrees as people write them: see degree_text.h. */
#include "io/degree_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/text_key.h"

/* Marks behind degrees, minutes and seconds as they are after NFKC; º becomes o, ″ two primes, ´ a combining acute. */
static const char *const degree_marks[] = {"°", "度", "\u030A", "o", ":", "-", NULL};
static const char *const minute_marks[] = {"'", "′", "’", "‘", "分", "\u0301", "`", ":", "-", NULL};
static const char *const second_marks[] = {"''", "′′", "’’", "\"", "”", "“", "秒", "\u0301\u0301", NULL};
static const char *const positive[] = {"北緯", "東経", "N", "E", "n", "e", "+", NULL};
static const char *const negative[] = {"南緯", "西経", "S", "W", "s", "w", "-", "△", "▲", "−", NULL};

static size_t mark_at(const char *at, const char *const *marks) {
  for (; *marks != NULL; marks++) {
    const size_t n = strlen(*marks);
    if (strncmp(at, *marks, n) == 0) return n;
  }
  return 0;
}

/* Digits with at most one point, not more than 20 of them; 0: none. */
static size_t number_at(const char *at, double *value) {
  char text[24];
  size_t whole = strspn(at, "0123456789"), n = whole;
  if (whole == 0) return 0;
  if (at[n] == '.') n += 1 + strspn(at + n + 1, "0123456789");
  if (at[n - 1] == '.' || n >= sizeof text) return 0;
  memcpy(text, at, n);
  text[n] = '\0';
  *value = strtod(text, NULL);
  return n;
}

static bool has_point(const char *at, size_t n) {
  return memchr(at, '.', n) != NULL;
}

/* Without letters of the compass, signs and what stands before them; *sign -1 or 1. */
static char *strip_sign(char *key, double *sign) {
  *sign = 1;
  size_t n = mark_at(key, positive);
  if (n == 0 && (n = mark_at(key, negative)) != 0) *sign = -1;
  key += n;
  size_t length = strlen(key);
  const char last = length > 1 ? key[length - 1] : '\0';
  if (n == 0 && last != '\0' && strchr("NESWnesw", last) != NULL) {
    if (strchr("SWsw", last) != NULL) *sign = -1;
    key[length - 1] = '\0';
  }
  return key;
}

/* 34°11'09.2": degrees and minutes are whole but for the last of them. */
static bool read_marked(const char *at, double *value) {
  double part[3] = {0, 0, 0};
  int count = 0;
  bool is_fraction = false;
  const char *const *const marks[3] = {degree_marks, minute_marks, second_marks};
  while (*at != '\0' && count < 3) {
    size_t n = number_at(at, &part[count]);
    if (n == 0 || is_fraction) return false;
    is_fraction = has_point(at, n);
    at += n;
    n = mark_at(at, marks[count]);
    if (n == 0 && (count == 0 || *at != '\0')) return false; /* the last mark may be missing */
    at += n;
    count++;
  }
  *value = part[0] + part[1] / 60 + part[2] / 3600;
  return *at == '\0' && count >= 2 && part[0] <= 180 && part[1] < 60 && part[2] < 60;
}

/* 341109.2 is 34 11 09.2, 1312812 is 131 28 12. */
static bool read_packed(double number, double *value) {
  const double degrees = floor(number / 10000), minutes = floor(fmod(number, 10000) / 100);
  const double seconds = fmod(number, 100);
  *value = degrees + minutes / 60 + seconds / 3600;
  return number >= 100000 && degrees <= 180 && minutes < 60 && seconds < 60;
}

static void read_key(char *key, ky_degree *out) {
  double sign, number, value;
  key = strip_sign(key, &sign);
  const size_t n = number_at(key, &number);
  *out = (ky_degree){.form = KY_DEGREE_NONE, .value = NAN};
  if (n == 0) return;
  const char *behind = key + n;
  const bool is_alone = *behind == '\0';
  const bool has_mark = !is_alone && strchr(":-o", *behind) == NULL && behind[mark_at(behind, degree_marks)] == '\0' &&
                        mark_at(behind, degree_marks) != 0 && has_point(key, n);
  if (is_alone && sign > 0 && !(number <= 180) && read_packed(number, &value))
    *out = (ky_degree){.form = KY_DEGREE_PACKED, .value = value};
  else if (is_alone || has_mark)
    *out = (ky_degree){.form = KY_DEGREE_DECIMAL, .value = sign * number};
  else if (read_marked(key, &value))
    *out = (ky_degree){.form = KY_DEGREE_DMS, .value = sign * value};
}

bool ky_degree_read(ky_arena *arena, const char *text, ky_degree *out) {
  char *key = ky_text_key(arena, text);
  if (key == NULL) return false;
  read_key(key, out);
  return true;
}

/* Where the first of two coordinates ends: a comma, else 、 or ; or /, else white space; NULL: nowhere. */
static char *find_cut(char *text, size_t *width) {
  static const char *const cuts[] = {",", "，", "、", ";", "/", "\t", "\u3000", " "};
  for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++) {
    char *at = strstr(text, cuts[c]);
    *width = strlen(cuts[c]);
    if (at == NULL) continue;
    return strstr(at + *width, cuts[c]) == NULL || c >= 5 ? at : NULL;
  }
  return NULL;
}

bool ky_degree_pair(ky_arena *arena, const char *text, ky_degree out[2]) {
  size_t length = strlen(text), width = 0;
  out[0] = out[1] = (ky_degree){.form = KY_DEGREE_NONE, .value = NAN};
  if (strncmp(text, "POINT", 5) == 0) text += 5 + strspn(text + 5, " ");
  text += strspn(text, " ([");
  length = strlen(text);
  while (length > 0 && strchr(" )]", text[length - 1]) != NULL) length--;
  char *copy = ky_arena_text(arena, text, length);
  if (copy == NULL) return false;
  char *cut = find_cut(copy, &width);
  if (cut == NULL) return true;
  *cut = '\0';
  return ky_degree_read(arena, copy, &out[0]) && ky_degree_read(arena, cut + width, &out[1]);
}
