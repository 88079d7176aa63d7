/* The Japanese words of codes, for pages that people read (layers.md). */
#ifndef KAYOI_CODE_WORDS_H
#define KAYOI_CODE_WORDS_H

/* The word of a code in a column: "class", "new_venue" -> 新しい通いの場. NULL: the column holds no codes, or this is
 * none of them; then the text stands for itself. */
const char *ky_code_word(const char *column, const char *code);

#endif
