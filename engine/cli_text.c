#include "cli_text.h"

#include <inttypes.h>
#include <kayoi/job.h>
#include <string.h>

ky_shown ky_show_count(int64_t count) {
  ky_shown shown;
  if (count == KY_NULL) {
    snprintf(shown.text, sizeof shown.text, "%s", ky_tr("unknown"));
    return shown;
  }
  char digits[32];
  int length = snprintf(digits, sizeof digits, "%" PRIu64, count < 0 ? 0 - (uint64_t)count : (uint64_t)count);
  size_t used = 0;
  if (count < 0) shown.text[used++] = '-';
  for (int i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0) shown.text[used++] = ',';
    shown.text[used++] = digits[i];
  }
  shown.text[used] = '\0';
  return shown;
}

ky_shown ky_show_people(int64_t milli) {
  if (milli == KY_NULL) return ky_show_count(KY_NULL);
  return ky_show_count(milli >= 0 ? (milli + KY_PERSON / 2) / KY_PERSON : -((-milli + KY_PERSON / 2) / KY_PERSON));
}

ky_shown ky_show_percent(int64_t part, int64_t whole) {
  ky_shown shown = {"-"};
  if (part == KY_NULL || whole == KY_NULL || whole <= 0) return shown;
  snprintf(shown.text, sizeof shown.text, "%.1f", (double)part * 100.0 / (double)whole);
  return shown;
}

ky_shown ky_show_metres(uint32_t mm) {
  ky_shown shown;
  int length = snprintf(shown.text, sizeof shown.text, "%u.%03u", mm / 1000, mm % 1000);
  while (shown.text[length - 1] == '0') shown.text[--length] = '\0';
  if (shown.text[length - 1] == '.') shown.text[--length] = '\0';
  return shown;
}

/* Bytes of the valid UTF-8 sequence at p, 0 when there is none. */
static size_t sequence(const unsigned char *p) {
  size_t size = p[0] < 0x80                   ? 1
                : p[0] >= 0xf0 && p[0] < 0xf5 ? 4
                : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
                : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
                                              : 0;
  for (size_t i = 1; i < size; i++)
    if ((p[i] & 0xc0) != 0x80) return 0; /* the final NUL ends here too */
  bool is_surrogate = size == 3 && p[0] == 0xed && p[1] >= 0xa0;
  bool is_long = (size == 3 && p[0] == 0xe0 && p[1] < 0xa0) || (size == 4 && p[0] == 0xf0 && p[1] < 0x90);
  bool is_beyond = size == 4 && p[0] == 0xf4 && p[1] >= 0x90;
  return is_surrogate || is_long || is_beyond ? 0 : size;
}

bool ky_text_is_utf8(const char *text) {
  const unsigned char *p = (const unsigned char *)text;
  for (size_t size; *p != '\0'; p += size)
    if ((size = sequence(p)) == 0) return false;
  return true;
}

int ky_text_width(const char *text) {
  const unsigned char *p = (const unsigned char *)text;
  int width = 0;
  while (*p != '\0') {
    size_t size = sequence(p);
    width += size >= 3 ? 2 : 1;
    p += size == 0 ? 1 : size;
  }
  return width;
}

void ky_text_pad(FILE *out, const char *text, int width) {
  fputs(text, out);
  for (int i = ky_text_width(text); i < width; i++) fputc(' ', out);
}

void ky_json_text(FILE *out, const char *text) {
  fputc('"', out);
  for (const unsigned char *p = (const unsigned char *)text; *p != '\0';) {
    size_t size = sequence(p);
    if (size == 0)
      fputs("\xef\xbf\xbd", out);
    else if (*p == '"' || *p == '\\')
      fprintf(out, "\\%c", *p);
    else if (*p < 0x20 || *p == 0x7f)
      fprintf(out, "\\u%04x", (unsigned)*p);
    else
      fwrite(p, 1, size, out);
    p += size == 0 ? 1 : size;
  }
  fputc('"', out);
}
