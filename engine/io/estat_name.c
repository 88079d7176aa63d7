/* Names of e-Stat files, and what a table's number fixes. */
#include "io/estat_name.h"

#include <stdio.h>
#include <string.h>

/* formats.md 2; a table without a CRS here is one whose datum is not confirmed. */
static const struct {
  const char *table, *year, *date, *crs;
} tables[] = {
    {"T000846", "2015", "2015-10-01", "EPSG:4612"}, {"T000847", "2015", "2015-10-01", "EPSG:4612"},
    {"T000876", "2015", "2015-10-01", "EPSG:4612"}, {"T001100", "2020", "2020-10-01", "EPSG:4612"},
    {"T001101", "2020", "2020-10-01", "EPSG:4612"}, {"T001102", "2020", "2020-10-01", "EPSG:4612"},
    {"T001140", "2020", "2020-10-01", "EPSG:6668"}, {"T001141", "2020", "2020-10-01", "EPSG:6668"},
    {"T001142", "2020", "2020-10-01", "EPSG:6668"}, {"T001225", "2020", "2020-10-01", NULL},
    {"T001231", "2020", "2020-10-01", NULL},        {"T000849", "2015", "2015-10-01", NULL},
    {"T001082", "2020", "2020-10-01", NULL},
};

static bool read_at(const char *name, ky_estat_name *out) {
  static const char letters[] = "SHQEC";
  static const int levels[] = {1000, 500, 250, 125, 0};
  char letter;
  memset(out, 0, sizeof *out);
  if (sscanf(name, "tbl%7[T0-9]%c%5[0-9]", out->table, &letter, out->area) < 2) return false;
  const char *at = strlen(out->table) == 7 ? strchr(letters, letter) : NULL;
  if (at == NULL || *at == '\0') return false;
  out->level_m = levels[at - letters];
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    if (strcmp(tables[i].table, out->table) != 0) continue;
    out->year = tables[i].year;
    out->date = tables[i].date;
    out->crs = tables[i].crs;
  }
  return true;
}

bool ky_estat_name_read(const char *path, ky_estat_name *out) {
  bool is_found = false;
  for (const char *at = strstr(path, "tblT"); at != NULL; at = strstr(at + 1, "tblT")) {
    ky_estat_name name;
    if (!read_at(at, &name)) continue;
    *out = name;
    is_found = true;
  }
  return is_found;
}
