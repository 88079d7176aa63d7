/* Encodings of text: see encoding.h. */
#include "io/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool ky_utf8_valid(const char *text, size_t length) {
  const unsigned char *s = (const unsigned char *)text;
  for (size_t i = 0; i < length;) {
    unsigned char c = s[i];
    if (c == 0) return false;
    if (c < 0x80) {
      i++;
      continue;
    }
    size_t more = c >= 0xC2 && c <= 0xDF ? 1 : (c & 0xF0) == 0xE0 ? 2 : c >= 0xF0 && c <= 0xF4 ? 3 : 0;
    if (more == 0 || length - i <= more) return false;
    for (size_t k = 1; k <= more; k++)
      if ((s[i + k] & 0xC0) != 0x80) return false;
    if ((c == 0xE0 && s[i + 1] < 0xA0) || (c == 0xED && s[i + 1] > 0x9F) || (c == 0xF0 && s[i + 1] < 0x90) ||
        (c == 0xF4 && s[i + 1] > 0x8F))
      return false;
    i += more + 1;
  }
  return true;
}

static bool is_ascii(const char *bytes, size_t length) {
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)bytes[i] >= 0x80 || bytes[i] == 0) return false;
  return true;
}

const char *ky_encoding_name(ky_arena *arena, const char *name) {
  static const char *const cp932[] = {"SHIFT_JIS", "SHIFT-JIS", "SHIFTJIS", "SJIS",        "MS932",
                                      "CP932",     "932",       "MS_KANJI", "WINDOWS-31J", "X-SJIS"};
  static const char *const utf8[] = {"UTF-8", "UTF8", "65001", "UTF-8-SIG", "UTF-8-BOM"};
  for (size_t i = 0; i < sizeof cp932 / sizeof *cp932; i++)
    if (strcasecmp(name, cp932[i]) == 0) return "CP932";
  for (size_t i = 0; i < sizeof utf8 / sizeof *utf8; i++)
    if (strcasecmp(name, utf8[i]) == 0) return "UTF-8";
  if (name[0] == '\0' || strpbrk(name, "/ ,") != NULL) return NULL; /* iconv options such as //TRANSLIT guess */
  iconv_t handle = iconv_open("UTF-8", name);
  if (handle == (iconv_t)-1) return NULL;
  iconv_close(handle);
  return ky_arena_text(arena, name, strlen(name));
}

bool ky_encoding_is_cuttable(const char *name) {
  static const char *const wide[] = {"UTF-16", "UTF16", "UTF-32", "UTF32",    "UCS",     "UCS-2",
                                     "UCS-4",  "UTF-7", "UTF7",   "ISO-2022", "ISO2022", "HZ"};
  for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
    if (strncasecmp(name, wide[i], strlen(wide[i])) == 0) return false;
  return true;
}

ky_decoded ky_decode(ky_arena *arena, const char *name, const char *bytes, size_t length, char **out) {
  *out = NULL;
  if (strcmp(name, "UTF-8") == 0) {
    if (!ky_utf8_valid(bytes, length)) return KY_DECODED_BAD;
    *out = ky_arena_text(arena, bytes, length);
    return *out != NULL ? KY_DECODED : KY_DECODED_NO_MEMORY;
  }
  if (length > SIZE_MAX / 8) return KY_DECODED_NO_MEMORY;
  const size_t capacity = length * 4 + 4; /* no charset of iconv needs more than 4 bytes of UTF-8 per byte */
  char *text = ky_arena_alloc(arena, capacity + 1, 1);
  if (text == NULL) return KY_DECODED_NO_MEMORY;
  iconv_t handle = iconv_open("UTF-8", name);
  if (handle == (iconv_t)-1) return KY_DECODED_BAD;
  char *from = (char *)(uintptr_t)bytes, *to = text;
  size_t from_left = length, to_left = capacity;
  size_t replaced = iconv(handle, &from, &from_left, &to, &to_left);
  if (replaced == 0 && from_left == 0) replaced = iconv(handle, NULL, NULL, &to, &to_left);
  iconv_close(handle);
  if (replaced != 0 || from_left != 0 || !ky_utf8_valid(text, (size_t)(to - text))) return KY_DECODED_BAD;
  *to = '\0';
  *out = text;
  return KY_DECODED;
}

bool ky_can_decode(const char *name, const char *bytes, size_t length) {
  if (strcmp(name, "UTF-8") == 0) return ky_utf8_valid(bytes, length);
  iconv_t handle = iconv_open("UTF-8", name);
  if (handle == (iconv_t)-1) return false;
  char *from = (char *)(uintptr_t)bytes;
  bool is_good = memchr(bytes, '\0', length) == NULL;
  while (is_good && length > 0) {
    char chunk[4096], *to = chunk;
    size_t left = sizeof chunk;
    size_t replaced = iconv(handle, &from, &length, &to, &left);
    if (replaced == (size_t)-1)
      is_good = errno == E2BIG;
    else
      is_good = replaced == 0;
  }
  iconv_close(handle);
  return is_good;
}

/* Bytes of the white space at p, 0 if there is none: ASCII, NBSP, full-width space, BOM. */
static size_t space_at(const char *p, size_t left) {
  if (left >= 1 && ((unsigned char)*p <= 0x20 || *p == 0x7F)) return 1;
  if (left >= 2 && memcmp(p, "\xC2\xA0", 2) == 0) return 2;
  if (left >= 3 && (memcmp(p, "\xE3\x80\x80", 3) == 0 || memcmp(p, "\xEF\xBB\xBF", 3) == 0)) return 3;
  return 0;
}

static void trim(const char **text, size_t *length) {
  for (size_t n; *length > 0 && (n = space_at(*text, *length)) != 0;) {
    *text += n;
    *length -= n;
  }
  while (*length > 0) {
    size_t n = 0;
    for (size_t k = 1; k <= 3 && k <= *length; k++)
      if (space_at(*text + *length - k, k) == k) n = k;
    if (n == 0) break;
    *length -= n;
  }
}

static const char *escaped(ky_arena *arena, const char *bytes, size_t length) {
  if (length > 24) length = 24;
  char *text = ky_arena_alloc(arena, length * 4 + 1, 1);
  if (text == NULL) return NULL;
  char *to = text;
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (c >= 0x20 && c < 0x7F)
      *to++ = (char)c;
    else
      to += snprintf(to, 5, "\\x%02X", c);
  }
  return text;
}

/* Characters of three bytes, as kanji and kana are in UTF-8: two-byte ones occur by chance in CP932. */
static bool is_japanese_utf8(const char *bytes, size_t length) {
  bool has_three = false;
  for (size_t i = 0; i < length; i++) has_three = has_three || ((unsigned char)bytes[i] & 0xF0) == 0xE0;
  return has_three && ky_utf8_valid(bytes, length);
}

/* A single-byte encoding decodes whatever it is given; what is Japanese text as well is hardly Latin. */
static void weigh_foreign(ky_decoder *decoder, const char *name, const char *bytes, size_t length) {
  static const char *const japanese[] = {"CP932", "EUC-JP", "EUCJP", "ISO-2022-JP", "SHIFT_JISX0213", "EUC-JISX0213"};
  bool is_japanese = !ky_encoding_is_cuttable(name);
  for (size_t i = 0; i < sizeof japanese / sizeof *japanese; i++)
    is_japanese = is_japanese || strncasecmp(name, japanese[i], strlen(japanese[i])) == 0;
  decoder->foreign_count++;
  if (is_japanese_utf8(bytes, length))
    decoder->like_utf8_count++;
  else if (!is_japanese && ky_can_decode("CP932", bytes, length))
    decoder->like_cp932_count++;
}

static ky_decoded decode_foreign(ky_decoder *decoder, ky_arena *arena, const char *name, const char *bytes,
                                 size_t length, const char **out) {
  char *text = NULL;
  ky_decoded decoded = ky_decode(arena, name, bytes, length, &text);
  if (decoded == KY_DECODED) {
    if (strcmp(name, "CP932") == 0) decoder->cp932_count++;
    const char *p = text;
    size_t n = strlen(text);
    trim(&p, &n);
    text[(size_t)(p - text) + n] = '\0';
    *out = n == 0 ? NULL : p;
  }
  return decoded;
}

ky_decoded ky_decoder_text(ky_decoder *decoder, ky_arena *arena, const char *bytes, size_t length, const char **out) {
  *out = NULL;
  const bool may_be_utf8 = decoder->name == NULL || strcmp(decoder->name, "UTF-8") == 0;
  const bool plain = is_ascii(bytes, length) && (may_be_utf8 || ky_encoding_is_cuttable(decoder->name));
  if (plain || (may_be_utf8 && ky_utf8_valid(bytes, length))) {
    if (!plain) decoder->utf8_count++;
    trim(&bytes, &length);
    if (length == 0) return KY_DECODED;
    *out = ky_arena_text(arena, bytes, length);
    return *out != NULL ? KY_DECODED : KY_DECODED_NO_MEMORY;
  }
  ky_decoded decoded = KY_DECODED_BAD;
  if (decoder->name == NULL)
    decoded = decode_foreign(decoder, arena, "CP932", bytes, length, out);
  else if (!may_be_utf8)
    decoded = decode_foreign(decoder, arena, decoder->name, bytes, length, out);
  if (decoded == KY_DECODED && decoder->name != NULL) weigh_foreign(decoder, decoder->name, bytes, length);
  if (decoded != KY_DECODED_BAD) return decoded;
  decoder->bad_count++;
  *out = escaped(arena, bytes, length);
  return *out != NULL ? KY_DECODED_BAD : KY_DECODED_NO_MEMORY;
}

const char *ky_decoder_doubt(const ky_decoder *decoder) {
  if (decoder->name == NULL || decoder->foreign_count == 0) return NULL;
  if (decoder->like_utf8_count * 2 > decoder->foreign_count) return "UTF-8";
  return decoder->like_cp932_count == decoder->foreign_count ? "CP932" : NULL;
}

const char *ky_decoder_met(const ky_decoder *decoder) {
  if (decoder->name != NULL) return decoder->name;
  if (decoder->utf8_count != 0 && decoder->cp932_count != 0) return "UTF-8, CP932";
  return decoder->cp932_count != 0 ? "CP932" : "UTF-8";
}
