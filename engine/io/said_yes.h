/* Does a column say yes? Any value does but blank and the words for no. */
#ifndef KAYOI_SAID_YES_H
#define KAYOI_SAID_YES_H

#include <stdbool.h>

bool ky_said_yes(const char *text);

#endif
