/* Keys for matching: see text_key.h. */
#include "io/text_key.h"

#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

/* Radicals that OCR and some fonts put in place of kanji: U+2E80 to U+2EF3, which NFKC leaves alone but for two; those
 * of Kangxi (U+2F00 ...) are done by it. Unicode's EquivalentUnifiedIdeograph; 0: none. */
#define RADICAL_FIRST 0x2E80
static const ucs4_t radicals[] = {
    0x0000, 0x5382,  0x4E5B, 0x4E5A,  0x4E59,  0x4EBB, 0x5182,  0x20628, 0x5200, 0x5202,  0x535C, 0x353E, 0x5C0F,
    0x5C10, 0x5140,  0x5C23, 0x5C22,  0x21BC2, 0x5DF3, 0x5E7A,  0x5F51,  0x5F50, 0x5FC4,  0x5FC3, 0x624C, 0x6535,
    0x0000, 0x65E1,  0x65E5, 0x6708,  0x6B7A,  0x6BCD, 0x6C11,  0x6C35,  0x6C3A, 0x706C,  0x722B, 0x722C, 0x4E2C,
    0x725B, 0x72AD,  0x738B, 0x24D14, 0x76EE,  0x793A, 0x793B,  0x25AD7, 0x7CF9, 0x7E9F,  0x7F53, 0x7F52, 0x34C1,
    0x5197, 0x2626B, 0x7F8A, 0x2634C, 0x2634B, 0x8002, 0x8080,  0x807F,  0x8089, 0x26951, 0x8279, 0x827A, 0x827B,
    0x864E, 0x8864,  0x8980, 0x897F,  0x89C1,  0x89D2, 0x278B2, 0x8BA0,  0x8D1D, 0x27FB7, 0x8F66, 0x8FB6, 0x8FB7,
    0x8FB8, 0x9091,  0x9485, 0x9577,  0x9578,  0x957F, 0x95E8,  0x28E0F, 0x961D, 0x96E8,  0x9752, 0x97E6, 0x9875,
    0x98CE, 0x98DE,  0x98DF, 0x2967F, 0x98E0,  0x9963, 0x29810, 0x9A6C,  0x9AA8, 0x9B3C,  0x9C7C, 0x9E1F, 0x5364,
    0x9EA6, 0x9EC4,  0x9EFE, 0x6589,  0x9F50,  0x6B6F, 0x9F7F,  0x7ADC,  0x9F99, 0x9F9C,  0x4E80, 0x9F9F,
};

/* One spelling of what looks the same: radicals, hyphens and minus signs (CP932 has another one than Unicode's
 * keyboards), the wave dash. */
static ucs4_t in_one_spelling(ucs4_t c) {
  if (c >= RADICAL_FIRST && c - RADICAL_FIRST < sizeof radicals / sizeof *radicals)
    return radicals[c - RADICAL_FIRST] != 0 ? radicals[c - RADICAL_FIRST] : c;
  if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) return '-';
  return c == 0x301C ? '~' : c;
}

/* White space, marks without a width, and what chooses the look of the character before (U+FE0F of emoji, U+E0100 ...
 * of kanji). */
static bool is_space(ucs4_t c) {
  return c <= 0x20 || c == 0x7F || c == 0x85 || c == 0xA0 || c == 0xAD || c == 0x1680 || (c >= 0x2000 && c <= 0x200F) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 || c == 0xFEFF ||
         (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static bool is_ka(ucs4_t c) {
  return c == 0x30F5 || c == 0x30AB || c == 0x30F6 || c == 0x30B1 || c == 0x7B87; /* ヵ カ ヶ ケ 箇 */
}

/* (改行): how the national open data writes a line feed. */
#define LINE_BREAK 4
static bool is_line_break(const ucs4_t *at, size_t left) {
  return left >= LINE_BREAK && at[0] == '(' && at[1] == 0x6539 && at[2] == 0x884C && at[3] == ')';
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
    ucs4_t c = in_one_spelling(wide[i]);
    if (is_space(c)) continue;
    if (is_line_break(wide + i, count - i)) {
      i += LINE_BREAK - 1;
      continue;
    }
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
