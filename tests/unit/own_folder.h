/* A folder of its own for every test, gone after it, and files in it. */
#ifndef KAYOI_TEST_OWN_FOLDER_H
#define KAYOI_TEST_OWN_FOLDER_H

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "town.h"

static char folder[64];

static inline int setup(void **state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/kayoi-write-XXXXXX");
  return mkdtemp(folder) == NULL;
}

static inline int teardown(void **state) {
  (void)state;
  char command[192];
  snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -rf %s", folder, folder);
  return system(command);
}

static inline const char *path_in(const char *name) {
  static char path[4][256];
  static int next = 0;
  next = (next + 1) % 4;
  snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
  return path[next];
}

static inline size_t load(const char *name, char *text, size_t size) {
  FILE *file = fopen(path_in(name), "rb");
  assert_non_null(file);
  size_t n = fread(text, 1, size - 1, file);
  fclose(file);
  text[n] = '\0';
  return n;
}

static inline void save(const char *name, const char *text) {
  FILE *file = fopen(path_in(name), "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
  assert_int_equal(fclose(file), 0);
}

static inline bool exists(const char *name) {
  struct stat info;
  return lstat(path_in(name), &info) == 0;
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
