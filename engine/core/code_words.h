/* The Japanese words of codes, for pages that people read (layers.md). */
#ifndef KAYOI_CODE_WORDS_H
#define KAYOI_CODE_WORDS_H

#include <stddef.h>

/* The word of a code in a column: "class", "new_venue" -> 新しい通いの場. NULL: the column holds no codes, or this is
 * none of them; then the text stands for itself. */
const char *ky_code_word(const char *column, const char *code);

/* Days of the week in words: "mon 4/3; tue 4/3" -> 月 4/3、火 4/3, in room. NULL: the column has no days, or no room.
 */
const char *ky_days_words(const char *column, const char *text, char *room, size_t size);

#endif
