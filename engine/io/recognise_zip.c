/* What lies in a zip, as paths that the recogniser and a config can name. */
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

#include "io/encoding.h"
#include "io/gdal_log.h"
#include "io/recognise.h"
#include "io/source_file.h"
#include "io/zip_directory.h"
#include "io/zip_twins.h"

static bool is_data(const char *member) {
  static const char *const extensions[] = {"shp", "gpkg", "geojson", "json", "fgb", "csv", "tsv",
                                           "osm", "pbf",  "txt",     "hgt",  "tif", "tiff"};
  if (strncmp(member, "__MACOSX/", 9) == 0 || ky_path_name(member)[0] == '.') return false;
  for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
    if (ky_path_has(member, extensions[i])) return true;
  return false;
}

/* FG-GML-5131-00-DEM5A-20200101.xml: named by its publisher alone. */
static bool is_dem_name(const char *member) {
  const char *name = ky_path_name(member);
  return ky_path_has(name, "xml") && strstr(name, "-DEM") != NULL && strncmp(name, "FG-GML-", 7) == 0;
}

static bool holds_dem(char **members) {
  for (int i = 0; members != NULL && members[i] != NULL; i++)
    if (is_dem_name(members[i])) return true;
  return false;
}

static bool holds(char **members, const char *name) {
  for (int i = 0; members != NULL && members[i] != NULL; i++)
    if (strcmp(ky_path_name(members[i]), name) == 0) return true;
  return false;
}

/* Also when it lacks a table that it must have: then that is what has to be said of it. */
static bool is_feed(char **members) {
  static const char *const tables[] = {"agency.txt",     "stops.txt",    "routes.txt",        "trips.txt",
                                       "stop_times.txt", "calendar.txt", "calendar_dates.txt"};
  int count = 0;
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) count += holds(members, tables[i]);
  return count >= 3;
}

static int by_bytes(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static ky_err list(ky_job *job, const char *path, char **found, const char ***members, uint32_t *count) {
  const bool is_one = is_feed(found) || holds_dem(found);
  KY_NEW(job, keep, *members, (size_t)CSLCount(found) + 1);
  if (is_one) {
    (*members)[(*count)++] = path;
    return KY_OK;
  }
  for (int i = 0; found != NULL && found[i] != NULL; i++) {
    if (!is_data(found[i]) || ky_zip_has_better_twin(found, CSLCount(found), i) ||
        !ky_utf8_valid(found[i], strlen(found[i])))
      continue;
    const char *member = ky_format(&job->keep, "%s/%s", path, found[i]);
    if (member == NULL) return ky_fail_memory(job);
    (*members)[(*count)++] = member;
  }
  qsort(*members, *count, sizeof **members, by_bytes);
  return KY_OK;
}

ky_err ky_recognise_zip(ky_job *job, const char *path, const char ***members, uint32_t *count) {
  ky_gdal_log log = {0};
  *members = NULL;
  *count = 0;
  char *root = ky_format(&job->scratch, "/vsizip/{%s}", path);
  if (root == NULL) return ky_fail_memory(job);
  ky_gdal_log_open(&log);
  char **found = ky_zip_names(path, root);
  ky_err err = list(job, path, found, members, count);
  CSLDestroy(found);
  ky_gdal_log_close();
  return err;
}
