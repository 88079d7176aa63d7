/* Twins in zips: see zip_twins.h. */
#include "io/zip_twins.h"

#include <string.h>

#include "io/source_file.h"

/* 0: not a format that has twins. */
static int rank_of(const char *member) {
  if (strncmp(member, "__MACOSX/", 9) == 0 || ky_path_name(member)[0] == '.') return 0;
  if (ky_path_has(member, "geojson")) return 3;
  if (!ky_path_has(member, "shp")) return 0;
  return strstr(member, "UTF-8") != NULL || strstr(member, "utf-8") != NULL || strstr(member, "UTF8") != NULL ? 2 : 1;
}

static bool is_same_stem(const char *a, const char *b) {
  const char *left = ky_path_name(a), *right = ky_path_name(b);
  const size_t n = (size_t)(strrchr(left, '.') - left);
  return (size_t)(strrchr(right, '.') - right) == n && strncmp(left, right, n) == 0;
}

bool ky_zip_has_better_twin(char *const *members, int count, int member) {
  const int rank = rank_of(members[member]);
  for (int i = 0; rank != 0 && i < count; i++) {
    const int other = rank_of(members[i]);
    if (i == member || other == 0 || !is_same_stem(members[i], members[member])) continue;
    if (other > rank || (other == rank && strcmp(members[i], members[member]) < 0)) return true;
  }
  return false;
}
