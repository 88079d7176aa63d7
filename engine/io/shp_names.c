/* Names of attributes in shapefiles: see shp_names.h. */
#include "io/shp_names.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define MARK 3 /* characters that tell one long name from another */

typedef struct row {
  const char *attribute, *name;
} row;

static const row fixed[] = {
#include "io/shp_names.inc"
};

/* Beginnings; the first that fits counts. */
static const row beginnings[] = {
    {"covered_65_", "c65_"},        {"straight_65_", "s65_"},    {"people_65_", "p65_"},  {"alone_65_", "a65_"},
    {"walk_m_median_", "wmd_"},     {"walk_min_median_", "wt_"}, {"venue_id_", "vn_id_"}, {"walk_m_", "wm_"},
    {"straight_m_", "sm_"},         {"participants_", "pa_"},    {"cause_65_", "cau65_"}, {"unreachable_65_", "u65_"},
    {"participation_rate_", "pr_"},
};

static int compare_attributes(const void *p, const void *q) {
  return strcmp(p, ((const row *)q)->attribute);
}

/* What a name may hold: a-z, 0-9, _; capitals become small, points of numbers _, the rest is left out. Must begin with
 * a letter. */
static void append(char *out, size_t size, const char *text) {
  size_t used = strlen(out);
  for (; *text != '\0' && used + 1 < size; text++) {
    const char c = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text == '.' ? '_' : *text;
    const bool is_letter = c >= 'a' && c <= 'z', is_other = (c >= '0' && c <= '9') || c == '_';
    if (used == 0 && !is_letter) out[used++] = 'f';
    if ((is_letter || is_other) && used + 1 < size) out[used++] = c;
  }
  out[used] = '\0';
}

static bool is_plain(const char *text) {
  return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_.") == strlen(text);
}

/* Three characters from the whole attribute; `attempt` gives others. */
static void mark(const char *attribute, uint64_t attempt, char *out) {
  uint64_t hash = XXH3_64bits_withSeed(attribute, strlen(attribute), attempt);
  for (int i = 0; i < MARK; i++, hash /= 36) out[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[hash % 36];
  out[MARK] = '\0';
}

static void name_of(const char *attribute, uint64_t attempt, ky_shp_name name) {
  const row *found = bsearch(attribute, fixed, sizeof fixed / sizeof *fixed, sizeof *fixed, compare_attributes);
  const char *rest = attribute;
  name[0] = '\0';
  if (attempt == 0 && found != NULL) {
    append(name, sizeof(ky_shp_name), found->name);
    return;
  }
  if (strlen(attribute) > KY_SHP_NAME_MAX)
    for (size_t b = 0; b < sizeof beginnings / sizeof *beginnings && rest == attribute; b++) {
      if (strncmp(attribute, beginnings[b].attribute, strlen(beginnings[b].attribute)) != 0) continue;
      rest = attribute + strlen(beginnings[b].attribute);
      append(name, sizeof(ky_shp_name), beginnings[b].name);
    }
  const bool fits = attempt == 0 && is_plain(rest) && strlen(name) + strlen(rest) <= KY_SHP_NAME_MAX &&
                    (name[0] != '\0' || (rest[0] >= 'a' && rest[0] <= 'z'));
  append(name, sizeof(ky_shp_name) - (fits ? 0 : MARK), rest);
  if (fits) return;
  if (name[0] == '\0') append(name, sizeof(ky_shp_name), "f");
  mark(attribute, attempt, name + strlen(name));
}

void ky_shp_names(const ky_table *table, ky_shp_name *names) {
  for (uint32_t c = 0; c < table->column_count; c++) {
    bool is_taken = true;
    for (uint64_t attempt = 0; is_taken; attempt++) {
      name_of(table->columns[c].name, attempt, names[c]);
      is_taken = false;
      for (uint32_t other = 0; other < c && !is_taken; other++) is_taken = strcmp(names[other], names[c]) == 0;
    }
  }
}
