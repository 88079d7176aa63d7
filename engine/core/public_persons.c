/* No name of a person leaves the town hall. Doubt is decided for the person. */
#include "core/public_persons.h"

#include <stddef.h>
#include <string.h>

#define PART_BYTES 256

static bool holds_any(const char *text, const char *const *words, size_t count) {
  for (size_t w = 0; w < count; w++)
    if (strstr(text, words[w]) != NULL) return true;
  return false;
}

#define HOLDS(text, words) holds_any(text, words, sizeof(words) / sizeof *(words))

static bool ends_with(const char *text, const char *end) {
  const size_t length = strlen(text), size = strlen(end);
  return length >= size && strcmp(text + length - size, end) == 0;
}

static size_t count_letters(const char *text) {
  size_t n = 0;
  for (; *text != '\0'; text++) n += ((unsigned char)*text & 0xC0) != 0x80;
  return n;
}

/* Surnames hold 会, 市, 町, 所 ... too (会田, 市川, 田所): an ending counts from three letters on. */
static bool is_body(const char *part) {
  static const char *const persons[] = {"さん", "氏", "様", "代表", "会長", "世話人", "個人"};
  static const char *const bodies[] = {"クラブ", "センター", "法人",         "団体",     "組合",     "会社",
                                       "協議会", "社協",     "NPO",          "ＮＰＯ",   "npo",      "有志",
                                       "住民",   "サロン",   "ボランティア", "グループ", "サークル", "自治会",
                                       "町内会", "区会",     "役場",         "役所",     "教室",     "事業所"};
  static const char *const ends[] = {"会", "課", "館", "園", "室", "所", "部", "班", "組", "区", "局",
                                     "院", "店", "社", "団", "校", "市", "町", "村", "県", "家"};
  if (HOLDS(part, persons)) return false;
  if (HOLDS(part, bodies)) return true;
  for (size_t e = 0; e < sizeof ends / sizeof *ends; e++)
    if (ends_with(part, ends[e]) && count_letters(part) >= 3) return true;
  return false;
}

/* Bytes of the separator at the text; 0: none. */
static size_t separator_at(const char *text) {
  static const char *const separators[] = {" ", "　", "、", ",",  "，", "・", "/",  "／", ";",
                                           "(", ")",  "（", "）", ":",  "：", "\t", "\n"};
  for (size_t s = 0; s < sizeof separators / sizeof *separators; s++)
    if (strncmp(text, separators[s], strlen(separators[s])) == 0) return strlen(separators[s]);
  return 0;
}

bool ky_text_names_bodies(const char *text) {
  char part[PART_BYTES];
  size_t n = 0, parts = 0;
  for (;; text++) {
    const size_t skip = separator_at(text);
    if (skip == 0 && *text != '\0') {
      if (n + 1 == PART_BYTES) return false;
      part[n++] = *text;
      continue;
    }
    part[n] = '\0';
    if (n != 0 && !is_body(part)) return false;
    parts += n != 0;
    n = 0;
    if (*text == '\0') return parts != 0;
    text += skip - 1;
  }
}

/* The text from here on without one of the words that may stand beside a number; NULL: another letter. */
static const char *skip_contact(const char *text) {
  static const char *const words[] = {"電話番号", "電話", "ファックス", "ＦＡＸ", "ＴＥＬ", "TEL", "Tel", "tel",
                                      "FAX",      "Fax",  "fax",        "内線",   "代表",   "（",  "）",  "－",
                                      "―",        "ー",   "‐",          "：",     "　",     "、",  "・"};
  if (strchr("0123456789-()+ ,:;./", *text) != NULL) return text + 1;
  for (size_t w = 0; w < sizeof words / sizeof *words; w++)
    if (strncmp(text, words[w], strlen(words[w])) == 0) return text + strlen(words[w]);
  if (strncmp(text, "\xEF\xBC", 2) == 0 && (unsigned char)text[2] >= 0x90 && (unsigned char)text[2] <= 0x99)
    return text + 3; /* full-width digits */
  return NULL;
}

bool ky_text_is_contact(const char *text) {
  if (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0) return strchr(text, '@') == NULL;
  while (text != NULL && *text != '\0') text = skip_contact(text);
  return text != NULL;
}

bool ky_venue_is_home(const char *kind, const char *name) {
  static const char *const kinds[] = {"個人宅", "自宅", "民家", "居宅", "住宅", "個人の家"};
  static const char *const names[] = {"個人宅", "自宅", "さん宅", "様宅", "氏宅", "宅サロン", "宅の", "民家"};
  if (kind != NULL && HOLDS(kind, kinds)) return true;
  return name != NULL && (HOLDS(name, names) || (ends_with(name, "宅") && !ends_with(name, "住宅")));
}
