/* Zips: which member is meant, and is the archive sane? */
#include "io/source_zip.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdio.h>
#include <string.h>

#include "io/elevation_tiles.h"
#include "io/encoding.h"
#include "io/gdal_log.h"
#include "io/source_file.h"
#include "io/zip_directory.h"
#include "io/zip_twins.h"

#define UNPACKED_MAX ((uint64_t)8 << 30)
#define RATIO_FROM   ((uint64_t)256 << 20) /* below this a high ratio harms nobody */
#define RATIO_MAX    500
#define MEMBERS_MAX  100000
#define LIST_MAX     8

static bool is_hidden(const char *member) {
  return strncmp(member, "__MACOSX/", 9) == 0 || ky_path_name(member)[0] == '.' || ky_path_name(member)[0] == '\0';
}

/* 2: data in a format we read. 1: a .txt, which may be data or a note. 0: something else. */
static int usefulness(const char *member) {
  static const char *const data[] = {"shp", "gpkg", "geojson", "json", "fgb",  "csv",
                                     "tsv", "osm",  "pbf",     "tif",  "tiff", "hgt"};
  if (is_hidden(member)) return 0;
  for (size_t i = 0; i < sizeof data / sizeof *data; i++)
    if (ky_path_has(member, data[i])) return 2;
  return ky_path_has(member, "txt") ? 1 : 0;
}

/* Unpacked size of all members; the first sin found goes into the message. */
static ky_err check_size(ky_job *job, const ky_source *source, const char *root, char **members, int count,
                         uint64_t zip_bytes) {
  uint64_t total = 0;
  if (count > MEMBERS_MAX)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: the zip holds %d files; unpack it and name the one file"),
                   source->name, source->shown, count);
  for (int i = 0; i < count; i++) {
    VSIStatBufL status;
    char *path = ky_format(&job->scratch, "%s/%s", root, members[i]);
    if (path == NULL) return ky_fail_memory(job);
    if (VSIStatL(path, &status) == 0 && status.st_size > 0) total += (uint64_t)status.st_size;
  }
  if (total > UNPACKED_MAX || (total > RATIO_FROM && total / RATIO_MAX > zip_bytes))
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: the zip would unpack to %.1f GB (limits: 8 GB, and 500 times the size of the zip); "
                         "unpack it yourself if you trust it, and name the file"),
                   source->name, source->shown, (double)total / 1e9);
  return KY_OK;
}

/* "a.shp, b.shp and 3 more", with names that are not UTF-8 left out. */
static const char *list_members(ky_job *job, char **members, int count, int at_least) {
  char text[1024] = "";
  size_t used = 0;
  int listed = 0, total = 0;
  for (int i = 0; i < count; i++) {
    if (usefulness(members[i]) < at_least) continue;
    total++;
    if (listed == LIST_MAX || !ky_utf8_valid(members[i], strlen(members[i]))) continue;
    int n = snprintf(text + used, sizeof text - used, "%s%s", listed == 0 ? "" : ", ", members[i]);
    if (n < 0 || (size_t)n >= sizeof text - used) {
      text[used] = '\0';
      break;
    }
    used += (size_t)n;
    listed++;
  }
  if (listed == total) return ky_format(&job->scratch, "%s", text);
  return ky_format(&job->scratch, ky_tr("%s and %d more"), text, total - listed);
}

static bool has_stem(const char *member, const char *stem) {
  const char *name = ky_path_name(member), *dot = strrchr(name, '.');
  size_t n = dot != NULL ? (size_t)(dot - name) : strlen(name);
  return strlen(stem) == n && memcmp(name, stem, n) == 0;
}

/* That the zip holds a layer more than once is said, with the one that is read. */
static void say_twins(ky_job *job, const ky_source *source, char **members, int count, const char *member) {
  int twins = 0;
  for (int i = 0; i < count; i++) twins += ky_zip_has_better_twin(members, count, i);
  if (twins == 0 || !ky_utf8_valid(member, strlen(member))) return;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = ky_source_where(job, source),
                           .reason = "same_layer_in_zip",
                           .action = ky_tr("nothing, if they are the same; else name the file: path: ZIP/FILE")},
               ky_tr("the zip holds the layer in several formats; %s was read"), member);
}

/* The one member that is data; source->layer may choose among several by the name of the file. */
static ky_err choose_member(ky_job *job, const ky_source *source, char **members, int count, const char **member) {
  for (int level = 2; level >= 1; level--) {
    int found = 0, named = 0;
    const char *only = NULL, *by_layer = NULL;
    for (int i = 0; i < count; i++) {
      if (usefulness(members[i]) < level || ky_zip_has_better_twin(members, count, i)) continue;
      found++;
      only = members[i];
      if (source->layer != NULL && has_stem(members[i], source->layer)) {
        named++;
        by_layer = members[i];
      }
    }
    if (found == 1 || named == 1) {
      *member = found == 1 ? only : by_layer;
      say_twins(job, source, members, count, *member);
      return KY_OK;
    }
    if (found > 1) {
      const char *list = list_members(job, members, count, level);
      return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: the zip holds several data files: %s; name one: path: %s/FILE"),
                     source->name, source->shown, list != NULL ? list : "", source->shown);
    }
  }
  for (int i = 0; i < count; i++)
    if (!is_hidden(members[i]) && ky_path_has(members[i], "zip"))
      return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: the zip holds another zip, %s; unpack it and name that one"),
                     source->name, source->shown, ky_utf8_valid(members[i], strlen(members[i])) ? members[i] : "?");
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s %s: the zip holds no file of a known format (.shp, .gpkg, .geojson, .fgb, .csv, .txt, "
                       ".osm, .pbf)"),
                 source->name, source->shown);
}

/* Is the zip as a whole the data? A timetable; tiles of elevation, unless a layer is in it. */
static bool is_whole(const ky_source *source, char **members) {
  if (source->role != KY_ROLE_ELEVATION) return source->role == KY_ROLE_FEEDS;
  for (int i = 0; members[i] != NULL; i++)
    if (!is_hidden(members[i]) && ky_elevation_is_layer(members[i])) return false;
  return true;
}

ky_err ky_source_zip_find(ky_job *job, const ky_source *source, const char *zip, const char *inside, uint64_t zip_bytes,
                          const char **vsi_path) {
  ky_gdal_log log = {0};
  ky_err err = KY_OK;
  char **members = NULL;
  const char *member = inside;
  VSIStatBufL status;
  char *root = ky_format(&job->keep, "/vsizip/{%s}", zip);
  if (root == NULL) return ky_fail_memory(job);
  ky_gdal_log_open(&log);
  members = ky_zip_names(zip, root);
  const int count = CSLCount(members);
  if (count == 0) {
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: not a zip, or a damaged or empty one; fetch it again"), source->name,
                  source->shown);
    goto done;
  }
  if (ky_zip_directory_read(zip).is_locked) {
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: the zip is locked with a password; unpack it and name the file"),
                  source->name, source->shown);
    goto done;
  }
  err = check_size(job, source, root, members, count, zip_bytes);
  if (err == KY_OK && inside[0] == '\0' && is_whole(source, members)) {
    *vsi_path = root;
    goto done;
  }
  if (err == KY_OK && inside[0] == '\0') err = choose_member(job, source, members, count, &member);
  if (err != KY_OK) goto done;
  char *path = ky_format(&job->keep, "%s/%s", root, member);
  if (path == NULL) {
    err = ky_fail_memory(job);
    goto done;
  }
  if (VSIStatL(path, &status) != 0) {
    const char *list = list_members(job, members, count, 1);
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: the zip holds no \"%s\"; it holds: %s"), source->name, source->shown,
                  inside, list != NULL ? list : "");
    goto done;
  }
  *vsi_path = path;
done:
  CSLDestroy(members);
  ky_gdal_log_close();
  return err;
}
