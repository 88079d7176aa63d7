/* Keys for matching: see text_key.h. */
#include "io/text_key.h"

#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

/* Radicals that OCR and some fonts put in place of kanji and that NFKC leaves alone. */
static const struct {
  ucs4_t radical, kanji;
} radicals[] = {
    {0x2EA0, 0x6C11} /* 民 */, {0x2EC4, 0x897F} /* 西 */, {0x2ED1, 0x9577} /* 長 */, {0x2ED8, 0x9752} /* 青 */,
    {0x2EDD, 0x98DF} /* 食 */, {0x2EE9, 0x9EC4} /* 黄 */, {0x2EED, 0x6B6F} /* 歯 */, {0x2EF2, 0x4E80} /* 亀 */,
};

static ucs4_t without_radical(ucs4_t c) {
  for (size_t i = 0; i < sizeof radicals / sizeof *radicals; i++)
    if (radicals[i].radical == c) return radicals[i].kanji;
  return c;
}

static bool is_space(ucs4_t c) {
  return c <= 0x20 || c == 0x7F || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200F) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 || c == 0xFEFF;
}

static bool is_ka(ucs4_t c) {
  return c == 0x30F5 || c == 0x30AB || c == 0x30F6 || c == 0x30B1 || c == 0x7B87; /* ヵ カ ヶ ケ 箇 */
}

/* か所 in one spelling: the first character of a pair that ends in 所. */
static void join_places(ucs4_t *text, size_t length) {
  for (size_t i = 0; i + 1 < length; i++)
    if (text[i + 1] == 0x6240 && is_ka(text[i])) text[i] = 0x304B;
}

/* Printable ASCII is its own normal form: only spaces and letters matter. */
static char *ascii_key(ky_arena *arena, const char *text, bool is_lower) {
  char *key = ky_arena_alloc(arena, strlen(text) + 1, 1), *to = key;
  for (const char *from = text; key != NULL && *from != '\0'; from++) {
    if ((unsigned char)*from <= ' ' || *from == 0x7F) continue;
    *to++ = is_lower && *from >= 'A' && *from <= 'Z' ? (char)(*from + ('a' - 'A')) : *from;
  }
  return key;
}

static bool is_ascii(const char *text) {
  while ((unsigned char)*text < 0x80 && *text != '\0') text++;
  return *text == '\0';
}

static char *key_of(ky_arena *arena, const char *text, bool is_lower) {
  if (is_ascii(text)) return ascii_key(arena, text, is_lower);
  size_t length = 0;
  uint8_t *normal = u8_normalize(UNINORM_NFKC, (const uint8_t *)text, strlen(text), NULL, &length);
  if (normal == NULL) return NULL;
  size_t count = 0;
  ucs4_t *wide = u8_to_u32(normal, length, NULL, &count);
  free(normal);
  if (wide == NULL) return NULL;
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    ucs4_t c = without_radical(wide[i]);
    if (is_space(c)) continue;
    wide[kept++] = is_lower && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }
  join_places(wide, kept);
  char *key = ky_arena_alloc(arena, kept * 4 + 1, 1);
  size_t bytes = 0;
  for (size_t i = 0; key != NULL && i < kept; i++) {
    int n = u8_uctomb((uint8_t *)key + bytes, wide[i], (ptrdiff_t)(kept * 4 - bytes));
    if (n > 0) bytes += (size_t)n;
  }
  free(wide);
  return key;
}

char *ky_text_key(ky_arena *arena, const char *text) {
  return key_of(arena, text, false);
}

char *ky_text_label(ky_arena *arena, const char *text) {
  return key_of(arena, text, true);
}

int ky_text_label_place(const char *key, const char *labels) {
  const size_t length = strlen(key);
  int place = 0;
  for (const char *label = labels; label != NULL && *label != '\0'; place++) {
    size_t n = strcspn(label, "|");
    if (n > 1 && label[n - 1] == '*') {
      if (length >= n - 1 && memcmp(key, label, n - 1) == 0) return place;
    } else if (n == length && n != 0 && memcmp(key, label, n) == 0) {
      return place;
    }
    label += n;
    if (*label == '|') label++;
  }
  return -1;
}

#define WORD_MAX 64

/* Edits (insert, delete, replace) between two short texts, bytewise: enough for a hint. */
static size_t edits(const char *a, size_t na, const char *b, size_t nb) {
  size_t row[WORD_MAX + 1];
  for (size_t j = 0; j <= nb; j++) row[j] = j;
  for (size_t i = 1; i <= na; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= nb; j++) {
      size_t cost = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      if (row[j] + 1 < cost) cost = row[j] + 1;
      if (row[j - 1] + 1 < cost) cost = row[j - 1] + 1;
      row[j] = cost;
    }
  }
  return row[nb];
}

const char *ky_text_nearest(const char *word, const char *const *texts, uint32_t count) {
  const size_t length = strlen(word);
  const char *best = NULL;
  size_t best_edits = length < 3 ? 2 : length / 2 + 1;
  if (length > WORD_MAX) return NULL;
  for (uint32_t i = 0; i < count; i++) {
    size_t n = strlen(texts[i]);
    if (n == 0 || n > WORD_MAX) continue;
    size_t distance = edits(word, length, texts[i], n);
    if (distance < best_edits) {
      best_edits = distance;
      best = texts[i];
    }
  }
  return best;
}

/* Drops the commas of 1,234,567 in place; false when they are not every three digits. */
static bool drop_commas(char *text) {
  char *comma = strchr(text, ',');
  if (comma == NULL) return true;
  if (comma == text || comma - text > 4) return false;
  char *to = comma;
  for (const char *from = comma; *from == ','; from += 4) {
    if (strspn(from + 1, "0123456789") < 3) return false;
    memmove(to, from + 1, 3); /* they overlap by two */
    to += 3;
    if (from[4] != ',') {
      if (from[4] >= '0' && from[4] <= '9') return false;
      memmove(to, from + 4, strlen(from + 4) + 1);
      return true;
    }
  }
  return true;
}

char *ky_text_number(ky_arena *arena, const char *text) {
  char *key = ky_text_key(arena, text);
  if (key == NULL) return NULL;
  static const char *const minus[] = {"△", "▲", "−", "‐", "–"};
  for (size_t i = 0; i < sizeof minus / sizeof *minus; i++) {
    size_t n = strlen(minus[i]);
    if (strncmp(key, minus[i], n) == 0 && key[n] != '\0') {
      key[n - 1] = '-';
      key += n - 1;
      break;
    }
  }
  static const char *const units[] = {"人", "名", "席"};
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    size_t n = strlen(units[i]), length = strlen(key);
    if (length > n && strcmp(key + length - n, units[i]) == 0) key[length - n] = '\0';
  }
  if (!drop_commas(key[0] == '-' ? key + 1 : key)) return NULL;
  const char *p = key[0] == '-' ? key + 1 : key;
  size_t whole = strspn(p, "0123456789");
  if (whole == 0) return NULL;
  p += whole;
  if (*p == '.') p += 1 + strspn(p + 1, "0123456789");
  return *p == '\0' && p[-1] != '.' ? key : NULL;
}
