/* How a text table is written, in words: a separator or a title row that was taken for granted would be a guess. */
#ifndef KAYOI_DIALECT_H
#define KAYOI_DIALECT_H

#include <kayoi/read.h>

#define KY_DIALECT_BYTES 512

/* "tab-separated, line feeds in quotes, header in row 3" in the language of messages; "" when there is nothing to say:
 * neither a text table nor a spreadsheet. */
const char *ky_dialect_text(char buffer[KY_DIALECT_BYTES], const ky_source *source, const ky_dialect *dialect);
/* "comma", "tab", "semicolon"; NULL: no text table. */
const char *ky_dialect_separator(const ky_dialect *dialect);
/* Is a character a digit of full width (with_letters: or a letter of full width, or kana of half width)? */
bool ky_text_has_other_width(const char *text, bool with_letters);

#endif
