/* Columns that begin with what the list is of: see column_prefix.h. */
#include "io/column_prefix.h"

#include <string.h>

/* Bytes up to and with the first '_'; 0: the name has no such beginning. */
static size_t prefix_length(const char *name) {
  const char *bar = name != NULL ? strchr(name, '_') : NULL;
  if (bar == NULL || bar == name || bar[1] == '\0') return 0;
  for (const char *at = name; at < bar; at++)
    if ((unsigned char)*at < 0x80) return 0;
  return (size_t)(bar - name) + 1;
}

ky_err ky_columns_plain(ky_job *job, const char *const *names, uint32_t count, const char ***out) {
  KY_NEW(job, scratch, *out, (size_t)count + 1);
  const size_t length = count > 0 ? prefix_length(names[0]) : 0;
  for (uint32_t i = 0; length > 0 && i < count; i++)
    if (names[i] != NULL && strncmp(names[i], names[0], length) == 0) (*out)[i] = names[i] + length;
  return KY_OK;
}
