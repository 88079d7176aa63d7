/* The language of messages. */
#ifndef KAYOI_CLI_LANGUAGE_H
#define KAYOI_CLI_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Call first: finds the catalogue and takes the language of the environment (LC_ALL, LC_MESSAGES, LANG). */
void ky_language_start(void);
/* "ja" or "en". Is it another language than before? */
bool ky_language_set(const char *language);
/* "ja" or "en": what was set last. */
const char *ky_language(void);
/* Where the catalogue of messages is or would be. */
void ky_language_file(char *path, size_t size);
/* Is the catalogue of the language not there? Then the text says which file is missing, in both languages. */
bool ky_language_is_missing(char *text, size_t size);

#endif
