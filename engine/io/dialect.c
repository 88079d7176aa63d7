/* Dialects of text tables: see dialect.h. */
#include "io/dialect.h"

#include <stdio.h>
#include <string.h>

#include "io/source_file.h"

const char *ky_dialect_separator(const ky_dialect *dialect) {
  switch (dialect->separator) {
    case ',':
      return "comma";
    case '\t':
      return "tab";
    case ';':
      return "semicolon";
    default:
      return NULL;
  }
}

/* U+FF10 to U+FF19 are digits, U+FF21 to U+FF3A and U+FF41 to U+FF5A letters of full width; U+FF66 to U+FF9F kana of
 * half width. All of them are three bytes that begin with EF BC, EF BD or EF BE. */
bool ky_text_has_other_width(const char *text, bool with_letters) {
  for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
    if (p[0] != 0xEF || p[1] < 0xBC || p[1] > 0xBE || p[2] < 0x80) continue;
    const unsigned code = 0xF000u | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    if (code >= 0xFF10 && code <= 0xFF19) return true;
    if (!with_letters) continue;
    if ((code >= 0xFF21 && code <= 0xFF3A) || (code >= 0xFF41 && code <= 0xFF5A) || (code >= 0xFF66 && code <= 0xFF9F))
      return true;
  }
  return false;
}

/* Words behind the others; one that does not fit is left away whole. */
static void add(char buffer[KY_DIALECT_BYTES], const char *words) {
  const size_t used = strlen(buffer);
  if (used + strlen(words) + 3 > KY_DIALECT_BYTES) return;
  snprintf(buffer + used, KY_DIALECT_BYTES - used, "%s%s", used > 0 ? ", " : "", words);
}

const char *ky_dialect_text(char buffer[KY_DIALECT_BYTES], const ky_source *source, const ky_dialect *dialect) {
  const bool is_csv = source->path != NULL && (ky_path_has(source->path, "csv") || ky_path_has(source->path, "csv.gz"));
  char header[80];
  snprintf(header, sizeof header, ky_tr("header in row %u"), dialect->header_row);
  const struct {
    bool is_so;
    const char *words;
  } all[] = {
      {dialect->is_sheet && is_csv, ky_tr("a spreadsheet though named .csv")},
      {dialect->separator == ',', ky_tr("comma-separated")},
      {dialect->separator == '\t', is_csv ? ky_tr("tab-separated though named .csv") : ky_tr("tab-separated")},
      {dialect->separator == ';', ky_tr("semicolon-separated")},
      {dialect->says_separator, ky_tr("first line sep=")},
      {dialect->has_bom, ky_tr("byte order mark")},
      {dialect->has_quoted_lines, ky_tr("line feeds in quotes")},
      {dialect->header_row > 1, header},
      {dialect->has_wide_names, ky_tr("full-width letters or half-width kana in the header")},
      {dialect->has_wide_digits, ky_tr("full-width digits")},
  };
  buffer[0] = '\0';
  for (size_t w = 0; w < sizeof all / sizeof *all; w++)
    if (all[w].is_so) add(buffer, all[w].words);
  return buffer;
}
