/* Keys for matching: column labels and names that people typed in many ways. Never shown, never stored. */
#ifndef KAYOI_TEXT_KEY_H
#define KAYOI_TEXT_KEY_H

#include <kayoi/job.h>

/* NFKC, kanji radicals as kanji, no white space, variation selectors or （改行） at all, one hyphen, か所 for ヵ所,
 * カ所, ヶ所, ケ所 and 箇所. The text must be valid UTF-8. NULL when memory is out. */
char *ky_text_key(ky_arena *arena, const char *text);
/* The same with ASCII letters in lower case: for labels of columns, where No, NO and ｎｏ are one. */
char *ky_text_label(ky_arena *arena, const char *text);
/* Is the key one of the '|'-separated labels? Gives its place among them, -1 if not. A label that ends in '*'
 * matches every key that starts with it. */
int ky_text_label_place(const char *key, const char *labels);
/* The text nearest to `word` by edits, for "did you mean"; NULL when none is near. */
const char *ky_text_nearest(const char *word, const char *const *texts, uint32_t count);

/* A number as people write it (full-width digits, 1,234, △5, 20人, 12 名) as plain ASCII; NULL when it is not
 * one, or when memory is out. */
char *ky_text_number(ky_arena *arena, const char *text);

#endif
