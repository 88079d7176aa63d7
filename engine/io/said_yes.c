/* Yes and no in columns: see said_yes.h. */
#include "io/said_yes.h"

#include <string.h>
#include <strings.h>

bool ky_said_yes(const char *text) {
  static const char *const no[] = {"no", "0", "false", "f", "n", "-", "－", "無", "無し", "なし", "×"};
  for (size_t i = 0; text != NULL && i < sizeof no / sizeof *no; i++)
    if (strcasecmp(text, no[i]) == 0) return false;
  return text != NULL;
}
