/* The language of messages. */
#ifndef KAYOI_CLI_LANGUAGE_H
#define KAYOI_CLI_LANGUAGE_H

/* Call first: finds the catalogue and takes the language of the environment (LC_ALL, LC_MESSAGES, LANG). */
void ky_language_start(void);
/* "ja" or "en". */
void ky_language_set(const char *language);

#endif
