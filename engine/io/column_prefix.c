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

/* The only column that is 施設_緯度, whatever 施設 is, and has 施設_経度 beside it; NULL when there is none, or
 * several. */
static const char *find_place(const char *const *names, uint32_t count) {
  const char *found = NULL;
  for (uint32_t i = 0; i < count; i++) {
    const size_t length = prefix_length(names[i]);
    if (length == 0 || strcmp(names[i] + length, "緯度") != 0) continue;
    bool has_lon = false;
    for (uint32_t k = 0; k < count; k++)
      has_lon = has_lon || (names[k] != NULL && strncmp(names[k], names[i], length) == 0 &&
                            strcmp(names[k] + length, "経度") == 0);
    if (!has_lon) continue;
    if (found != NULL) return NULL;
    found = names[i];
  }
  return found;
}

ky_err ky_columns_plain(ky_job *job, const char *const *names, uint32_t count, const char ***out) {
  KY_NEW(job, scratch, *out, (size_t)count + 1);
  const char *leader = find_place(names, count);
  if (leader == NULL && count > 0) leader = names[0];
  const size_t length = prefix_length(leader);
  for (uint32_t i = 0; length > 0 && i < count; i++)
    if (names[i] != NULL && strncmp(names[i], leader, length) == 0) (*out)[i] = names[i] + length;
  return KY_OK;
}
