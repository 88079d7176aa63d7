/* How people, shares and columns of text are shown on a terminal. */
#ifndef KAYOI_CLI_TEXT_H
#define KAYOI_CLI_TEXT_H

#include <kayoi/base.h>
#include <stdio.h>

typedef struct ky_shown {
  char text[48];
} ky_shown;

/* Thousandths of a person as whole people, halves up: "17,713"; "unknown" for KY_NULL. */
ky_shown ky_show_people(int64_t milli);
/* "17,713"; "unknown" for KY_NULL. */
ky_shown ky_show_count(int64_t count);
/* Tenths of a percent: "55.4"; "-" without a whole. */
ky_shown ky_show_percent(int64_t part, int64_t whole);
/* Millimetres as metres: "500", "250.5". */
ky_shown ky_show_metres(uint32_t mm);

/* Strict UTF-8 throughout? */
bool ky_text_is_utf8(const char *text);
/* Columns that a UTF-8 text takes on a terminal: Japanese characters are two wide. */
int ky_text_width(const char *text);
/* The text and spaces up to `width` columns. */
void ky_text_pad(FILE *out, const char *text, int width);
/* The text as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. */
void ky_json_text(FILE *out, const char *text);

#endif
