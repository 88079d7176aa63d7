/* The central directory of a zip: general purpose flags and names (APPNOTE.TXT 4.3.12 and 4.4.4 of the ZIP format). */
#include "io/zip_directory.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/encoding.h"

#define FLAG_LOCKED 1u
#define FLAG_UTF8   (1u << 11)
#define END_SIZE    22 /* of the end record, without a comment */
#define COMMENT_MAX 65535
#define ENTRY_SIZE  46 /* of an entry of the directory, without its name */
#define ENTRIES_MAX 65535

static uint32_t number(const unsigned char *at, int bytes) {
  uint32_t value = 0;
  for (int i = bytes - 1; i >= 0; i--) value = value << 8 | at[i];
  return value;
}

/* Where the directory begins; -1: no end record. */
static long directory_at(FILE *file) {
  long found = -1, size = -1;
  unsigned char *tail = malloc(END_SIZE + COMMENT_MAX);
  if (tail == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < END_SIZE) goto done;
  const long length = size < END_SIZE + COMMENT_MAX ? size : END_SIZE + COMMENT_MAX;
  if (fseek(file, size - length, SEEK_SET) != 0 || fread(tail, 1, (size_t)length, file) != (size_t)length) goto done;
  for (long at = length - END_SIZE; at >= 0 && found < 0; at--)
    if (memcmp(tail + at, "PK\5\6", 4) == 0) found = (long)number(tail + at + 16, 4);
done:
  free(tail);
  return found;
}

/* Reads the names that nobody marked as UTF-8; false when the file ends or memory is out. */
static bool skip_name(FILE *file, uint32_t length, uint32_t rest, bool is_marked, bool *is_utf8, bool *has_foreign) {
  char *name = malloc((size_t)length + 1);
  bool is_good = name != NULL && fread(name, 1, length, file) == length && fseek(file, (long)rest, SEEK_CUR) == 0;
  for (uint32_t i = 0; is_good && !is_marked && i < length; i++) *has_foreign = *has_foreign || (name[i] & 0x80) != 0;
  if (is_good && !is_marked && !ky_utf8_valid(name, length)) *is_utf8 = false;
  free(name);
  return is_good;
}

ky_zip_directory ky_zip_directory_read(const char *path) {
  ky_zip_directory out = {.encoding = "CP932"};
  unsigned char entry[ENTRY_SIZE];
  bool is_utf8 = true, has_foreign = false;
  FILE *file = fopen(path, "rb");
  if (file == NULL) return out;
  const long at = directory_at(file);
  bool is_good = at >= 0 && fseek(file, at, SEEK_SET) == 0;
  for (int i = 0; is_good && i < ENTRIES_MAX; i++) {
    if (fread(entry, 1, ENTRY_SIZE, file) != ENTRY_SIZE || memcmp(entry, "PK\1\2", 4) != 0) break;
    const uint32_t flags = number(entry + 8, 2);
    out.is_locked = out.is_locked || (flags & FLAG_LOCKED) != 0;
    is_good = skip_name(file, number(entry + 28, 2), number(entry + 30, 2) + number(entry + 32, 2),
                        (flags & FLAG_UTF8) != 0, &is_utf8, &has_foreign);
  }
  if (is_utf8 && has_foreign) out.encoding = "UTF-8";
  fclose(file);
  return out;
}

char **ky_zip_names(const char *path, const char *root) {
  const ky_zip_directory directory = ky_zip_directory_read(path);
  CPLSetThreadLocalConfigOption("CPL_ZIP_ENCODING", directory.encoding);
  char **names = VSIReadDirRecursive(root);
  CPLSetThreadLocalConfigOption("CPL_ZIP_ENCODING", NULL);
  return names;
}
