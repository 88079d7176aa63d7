/* The locale is always C.UTF-8, which every machine has and which keeps numbers and order as C has them; only the
 * language of messages is chosen, by LANGUAGE. So Japanese works where no Japanese locale is installed. */
#include "cli_language.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 4096

static void bind_catalogue(void) {
  char program[PATH_BYTES], folder[PATH_BYTES + 32];
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (length <= 0) return;
  program[length] = '\0';
  char *slash = strrchr(program, '/');
  if (slash == NULL) return;
  *slash = '\0';
  snprintf(folder, sizeof folder, "%s/locale", program); /* in the build folder */
  if (access(folder, R_OK) != 0) snprintf(folder, sizeof folder, "%s/../share/locale", program);
  bindtextdomain("kayoi", folder);
  bind_textdomain_codeset("kayoi", "UTF-8");
}

bool ky_language_set(const char *language) {
  const char *before = getenv("LANGUAGE");
  bool is_new = before == NULL || strcmp(before, language) != 0;
  setenv("LANGUAGE", language, 1);
  setlocale(LC_ALL, "C.UTF-8"); /* also makes gettext look again */
  return is_new;
}

const char *ky_language(void) {
  const char *language = getenv("LANGUAGE");
  return language != NULL && strcmp(language, "ja") == 0 ? "ja" : "en";
}

void ky_language_file(char *path, size_t size) {
  const char *folder = bindtextdomain("kayoi", NULL);
  snprintf(path, size, "%s/ja/LC_MESSAGES/kayoi.mo", folder != NULL ? folder : "");
}

bool ky_language_is_missing(char *text, size_t size) {
  char path[PATH_BYTES + 80];
  if (strcmp(ky_language(), "ja") != 0) return false;
  ky_language_file(path, sizeof path);
  if (access(path, R_OK) == 0) return false;
  snprintf(text, size,
           "日本語の文言がありません / no Japanese messages: %s is not there; copy the folder locale along with the "
           "program, or install with: cmake --install build",
           path);
  return true;
}

void ky_language_start(void) {
  static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
  const char *value = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && (value == NULL || *value == '\0'); i++)
    value = getenv(names[i]);
  ky_language_set(value != NULL && strncmp(value, "ja", 2) == 0 ? "ja" : "en");
  bind_catalogue();
}
