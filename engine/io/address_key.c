/* Addresses as keys: see address_key.h. The text goes through four steps: NFKC, characters written in two ways,
 * numerals of kanji where they are numbers, and the cut into area and numbers. */
#include "io/address_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "io/text_key.h"

/* Stands for white space until the numbers are cut, so that 1-2 101号室 does not become 1-2101. */
#define SPACE '|'

typedef struct wide_text {
  ucs4_t *at; /* [length], 0 behind it */
  size_t length;
} wide_text;

static bool is_digit(ucs4_t c) {
  return c >= '0' && c <= '9';
}

/* 0 to 9, -1 for no digit of kanji. */
static int kanji_digit(ucs4_t c) {
  static const ucs4_t digits[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
  for (int d = 0; d < 10; d++)
    if (digits[d] == c) return d;
  return c == 0x96F6 /* 零 */ ? 0 : -1;
}

static uint32_t kanji_tens(ucs4_t c) {
  return c == 0x5341 ? 10 : c == 0x767E ? 100 : c == 0x5343 ? 1000 : 0; /* 十 百 千 */
}

static bool is_kanji_number(ucs4_t c) {
  return kanji_digit(c) >= 0 || kanji_tens(c) != 0;
}

static bool is_number(ucs4_t c) {
  return is_digit(c) || is_kanji_number(c);
}

static bool is_hyphen(ucs4_t c) {
  return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500;
}

static size_t skip_spaces(const ucs4_t *at) {
  size_t n = 0;
  while (at[n] == SPACE) n++;
  return n;
}

/* Does the wide text begin with the UTF-8 one? Gives its length in characters, 0 if not. */
static size_t begins(const ucs4_t *at, const char *text) {
  const uint8_t *byte = (const uint8_t *)text;
  size_t n = 0;
  while (*byte != 0) {
    ucs4_t c;
    byte += u8_mbtouc(&c, byte, strlen((const char *)byte));
    if (at[n] != c) return 0;
    n++;
  }
  return n;
}

static size_t begins_any(const ucs4_t *at, const char *const *texts, size_t count) {
  for (size_t i = 0; i < count; i++) {
    size_t n = begins(at, texts[i]);
    if (n != 0) return n;
  }
  return 0;
}

/* NFKC as wide characters, every run of white space as SPACE. False: memory is out. */
static bool widen(ky_arena *arena, const char *text, wide_text *out) {
  char *marked = ky_arena_text(arena, text, strlen(text));
  if (marked == NULL) return false;
  size_t kept = 0;
  for (size_t i = 0; text[i] != '\0'; i++) {
    const bool is_wide = strncmp(text + i, "\u3000", 3) == 0;
    marked[kept++] = is_wide || (unsigned char)text[i] <= ' ' ? SPACE : text[i];
    if (is_wide) i += 2;
  }
  marked[kept] = '\0';
  char *key = ky_text_key(arena, marked);
  if (key == NULL) return false;
  size_t length = strlen(key), count = 0;
  ucs4_t *wide = u8_to_u32((const uint8_t *)key, length, NULL, &count);
  if (wide == NULL && length != 0) return false;
  out->at = ky_arena_alloc(arena, count + 1, sizeof *out->at);
  if (out->at != NULL && count != 0) memcpy(out->at, wide, count * sizeof *wide);
  out->length = count;
  free(wide);
  return out->at != NULL;
}

/* One spelling for characters that stand for each other in names of places: ヶ ケ が ガ ヵ 箇, ノ 之, ッ, and か of
 * か所. */
static ucs4_t fold_kana(ucs4_t c, ucs4_t next) {
  switch (c) {
    case 0x30F6:
    case 0x30F5:
    case 0x30AC:
    case 0x304C:
    case 0x7B87:
      return 0x30B1;
    case 0x304B:
      return next == 0x6240 ? 0x30B1 : c;
    case 0x30CE:
    case 0x4E4B:
      return 0x306E;
    case 0x30C3:
      return 0x30C4;
    default:
      return c;
  }
}

static void fold(wide_text *text) {
  for (size_t i = 0; i < text->length; i++) {
    ucs4_t *c = &text->at[i];
    const ucs4_t before = i > 0 ? text->at[i - 1] : 0;
    const bool is_after_number =
        is_number(before) || before == 0x76EE || before == 0x756A || before == 0x5730; /* 目番地 */
    if (is_hyphen(*c) || (*c == 0x30FC && is_after_number && is_number(text->at[i + 1])))
      *c = '-';
    else
      *c = fold_kana(*c, text->at[i + 1]);
  }
}

/* 二十三, 二三 and 百五; false for what is no number. */
static bool kanji_value(const ucs4_t *at, size_t length, uint32_t *value) {
  uint32_t total = 0, last_tens = 10000;
  int digit = -1;
  bool has_tens = false;
  if (length > 8) return false;
  for (size_t i = 0; i < length; i++) has_tens = has_tens || kanji_tens(at[i]) != 0;
  for (size_t i = 0; i < length; i++) {
    const uint32_t tens = kanji_tens(at[i]);
    if (!has_tens) {
      total = total * 10 + (uint32_t)kanji_digit(at[i]);
    } else if (tens != 0) {
      if (tens >= last_tens || digit == 0) return false;
      total += (digit < 0 ? 1 : (uint32_t)digit) * tens;
      last_tens = tens;
      digit = -1;
    } else {
      if (digit >= 0) return false;
      digit = kanji_digit(at[i]);
    }
  }
  *value = total + (digit > 0 ? (uint32_t)digit : 0);
  return true;
}

/* Does what follows make a number of the numeral before it? */
static bool is_unit_next(const ucs4_t *at) {
  static const char *const units[] = {"丁目", "番", "号", "条", "線", "地割", "区"};
  if (begins_any(at + skip_spaces(at), units, sizeof units / sizeof *units) != 0) return true;
  if (at[0] == 0x4E01) return at[1] == 0 || at[1] == SPACE || at[1] == '-' || is_number(at[1]); /* 丁 */
  return (at[0] == '-' || at[0] == 0x306E) && is_number(at[1]);                                 /* の */
}

/* Does the text written so far end in a number with its unit or connector? 2丁目, 2-, 2番地の */
static bool is_after_unit(const ucs4_t *at, size_t length) {
  static const char *const units[] = {"丁目", "丁", "番地", "番", "号"};
  const size_t whole = length;
  while (length > 0 && (at[length - 1] == SPACE || at[length - 1] == '-' || at[length - 1] == 0x306E)) length--;
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    size_t n = u8_mbsnlen((const uint8_t *)units[i], strlen(units[i]));
    if (length > n && begins(at + length - n, units[i]) == n && is_digit(at[length - n - 1])) return true;
  }
  return length < whole && length > 0 && is_digit(at[length - 1]);
}

/* Numerals of kanji as digits where they are numbers; 八幡 and 三浦 stay. */
static bool to_digits(ky_arena *arena, const wide_text *text, wide_text *out) {
  out->at = ky_arena_alloc(arena, text->length * 4 + 1, sizeof *out->at); /* 千 is 1000 */
  out->length = 0;
  if (out->at == NULL) return false;
  for (size_t i = 0; i < text->length;) {
    size_t end = i;
    uint32_t value;
    while (end < text->length && is_kanji_number(text->at[end])) end++;
    const ucs4_t next = text->at[end];
    const bool is_alone = (i == 0 || !is_digit(text->at[i - 1])) && !is_digit(next);
    if (end == i) {
      out->at[out->length++] = text->at[i++];
    } else if (is_alone && kanji_value(text->at + i, end - i, &value) &&
               (is_unit_next(text->at + end) ||
                ((next == 0 || next == SPACE) && is_after_unit(out->at, out->length)))) {
      char digits[16];
      int n = snprintf(digits, sizeof digits, "%u", value);
      for (int d = 0; d < n; d++) out->at[out->length++] = (ucs4_t)digits[d];
      i = end;
    } else {
      while (i < end) out->at[out->length++] = text->at[i++];
    }
  }
  out->at[out->length] = 0;
  return true;
}

/* Digits that belong to the name: 北1条, 3番町, 第5地割. */
static bool is_part_of_name(const ucs4_t *behind) {
  static const char *const names[] = {"条", "線", "区", "町", "軒", "地割", "番町", "番丁", "番街", "号線"};
  return begins_any(behind, names, sizeof names / sizeof *names) != 0;
}

/* 〒755-0033 at the beginning. */
static size_t skip_postcode(const ucs4_t *at) {
  size_t n = skip_spaces(at), digits = 0;
  const bool has_mark = at[n] == 0x3012;
  if (has_mark) n += 1 + skip_spaces(at + n + 1);
  const size_t first = n;
  bool has_hyphen = false;
  for (; is_digit(at[n]) || (digits == 3 && at[n] == '-' && !has_hyphen); n++) {
    if (at[n] == '-')
      has_hyphen = true;
    else
      digits++;
  }
  if (digits == 7 && (has_mark || has_hyphen)) return n;
  return has_mark ? first : 0;
}

/* One number with its unit; 0 when it is too long, or counts 組, 班 or floors. Gives the characters read. */
static size_t read_number(const ucs4_t *at, uint32_t *value, ky_address_unit *unit) {
  static const struct {
    const char *text;
    ky_address_unit unit;
  } units[] = {{"丁目", KY_UNIT_CHOME},
               {"丁", KY_UNIT_CHOME},
               {"番地", KY_UNIT_BANCHI},
               {"番", KY_UNIT_BAN},
               {"号", KY_UNIT_GO}};
  static const char *const others[] = {"組", "班", "階", "棟", "F", "f"};
  size_t n = 0;
  *value = 0;
  *unit = KY_UNIT_NONE;
  for (; is_digit(at[n]); n++) {
    if (n == 9) return 0;
    *value = *value * 10 + (at[n] - '0');
  }
  if (begins_any(at + n, others, sizeof others / sizeof *others) != 0) return 0;
  for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
    const size_t spaces = skip_spaces(at + n), length = begins(at + n + spaces, units[u].text);
    if (length == 0) continue;
    *unit = units[u].unit;
    return n + spaces + length;
  }
  return n;
}

static void read_numbers(const ucs4_t *at, ky_address *out) {
  while (out->number_count < KY_ADDRESS_NUMBERS) {
    const uint32_t i = out->number_count;
    size_t n = read_number(at, &out->number[i], &out->unit[i]);
    if (n == 0) return;
    out->number_count++;
    at += n;
    size_t spaces = skip_spaces(at);
    if (at[spaces] == '-' || at[spaces] == 0x306E) {
      at += spaces + 1;
      at += skip_spaces(at);
    } else if (out->unit[i] != KY_UNIT_NONE) {
      at += spaces;
    } else {
      return;
    }
    if (!is_digit(*at)) return;
  }
}

static void add_cut(ky_address *out, size_t bytes) {
  const bool is_new = out->cut_count == 0 || out->cut[out->cut_count - 1] != bytes;
  if (bytes != 0 && is_new && out->cut_count < KY_ADDRESS_CUTS) out->cut[out->cut_count++] = (uint32_t)bytes;
}

/* The area as UTF-8 up to the first number; gives the characters read. */
static size_t read_area(const ucs4_t *at, char *area, ky_address *out) {
  size_t i = 0, bytes = 0;
  while (at[i] != 0) {
    size_t digits = 0;
    while (is_digit(at[i + digits])) digits++;
    if (digits != 0 && !is_part_of_name(at + i + digits)) break;
    for (size_t end = i + (digits != 0 ? digits : 1); i < end; i++) {
      if (at[i] == SPACE) continue;
      if (at[i] == 0x5B57) { /* 字, 大字, 小字 */
        if (i > 0 && (at[i - 1] == 0x5927 || at[i - 1] == 0x5C0F)) bytes -= 3;
        add_cut(out, bytes);
        continue;
      }
      bytes += (size_t)u8_uctomb((uint8_t *)area + bytes, at[i], 6);
    }
  }
  area[bytes] = '\0';
  return i;
}

bool ky_address_read(ky_arena *arena, const char *text, ky_address *out) {
  wide_text wide, plain;
  memset(out, 0, sizeof *out);
  if (!widen(arena, text, &wide)) return false;
  fold(&wide);
  if (!to_digits(arena, &wide, &plain)) return false;
  const ucs4_t *at = plain.at + skip_postcode(plain.at);
  char *area = ky_arena_alloc(arena, plain.length * 4 + 8, 1);
  if (area == NULL) return false;
  at += read_area(at, area, out);
  out->area = area;
  if (is_digit(*at)) read_numbers(at, out);
  return true;
}

bool ky_address_town(ky_arena *arena, const ky_address *address, uint32_t area_bytes, uint32_t numbers,
                     const char **out) {
  char text[KY_ADDRESS_NUMBERS * 16] = "";
  size_t used = 0;
  *out = NULL;
  for (uint32_t i = 0; i < numbers; i++) {
    if (address->unit[i] == KY_UNIT_BANCHI || address->unit[i] == KY_UNIT_GO) return true;
    const char *unit = address->unit[i] == KY_UNIT_BAN ? "b" : "c";
    used += (size_t)snprintf(text + used, sizeof text - used, "|%u%s", address->number[i], unit);
  }
  *out = ky_format(arena, "%.*s%s", (int)area_bytes, address->area, text);
  return *out != NULL;
}

static char *folded_name(ky_arena *arena, const char *name) {
  wide_text wide;
  const char *label = ky_text_label(arena, name);
  if (label == NULL || !widen(arena, label, &wide)) return NULL;
  fold(&wide);
  char *key = ky_arena_alloc(arena, wide.length * 4 + 8, 1);
  size_t bytes = 0;
  for (size_t i = 0; key != NULL && i < wide.length; i++)
    bytes += (size_t)u8_uctomb((uint8_t *)key + bytes, wide.at[i], 6);
  return key;
}

char *ky_name_key(ky_arena *arena, const char *name, const char *municipality) {
  char *key = folded_name(arena, name);
  if (key == NULL || municipality == NULL) return key;
  const char *prefix = folded_name(arena, municipality);
  if (prefix == NULL) return NULL;
  const size_t n = strlen(prefix);
  return n != 0 && strncmp(key, prefix, n) == 0 && key[n] != '\0' ? key + n : key;
}
