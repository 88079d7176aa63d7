/* Is a zip locked: bit 0 of the general purpose flags of its members (APPNOTE.TXT 4.4.4 of the ZIP format). */
#include "io/zip_password.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define END_SIZE    22    /* of the end record, without a comment */
#define COMMENT_MAX 65535
#define ENTRY_SIZE  46    /* of an entry of the directory, without its name */
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

bool ky_zip_has_password(const char *path) {
  unsigned char entry[ENTRY_SIZE];
  bool is_locked = false;
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  const long at = directory_at(file);
  bool is_good = at >= 0 && fseek(file, at, SEEK_SET) == 0;
  for (int i = 0; is_good && !is_locked && i < ENTRIES_MAX; i++) {
    is_good = fread(entry, 1, ENTRY_SIZE, file) == ENTRY_SIZE && memcmp(entry, "PK\1\2", 4) == 0;
    if (!is_good) break;
    is_locked = (entry[8] & 1) != 0;
    const uint32_t rest = number(entry + 28, 2) + number(entry + 30, 2) + number(entry + 32, 2);
    is_good = fseek(file, (long)rest, SEEK_CUR) == 0;
  }
  fclose(file);
  return is_locked;
}
