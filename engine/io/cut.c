/* Which way an input is cut. */
#include "io/cut.h"

#include <kayoi/job.h>
#include <string.h>
#include <sys/stat.h>

const char *ky_cut_method_name(ky_cut_method method) {
  static const char *const names[] = {"linked", "lines", "features", "osmium"};
  return names[method];
}

static bool is_osm(const char *path) {
  return ky_path_has(path, "pbf") || ky_path_has(path, "osm") || ky_path_has(path, "osm.bz2") ||
         ky_path_has(path, "osm.gz");
}

/* Roles whose inputs have a place in every record that matters. The border is taken by its code, heights and other
 * rasters are read by window, feeds are used whole. */
static bool is_cuttable(ky_role role) {
  switch (role) {
    case KY_ROLE_RESIDENTS:
    case KY_ROLE_VENUES:
    case KY_ROLE_ROADS:
    case KY_ROLE_SITES:
    case KY_ROLE_RESOURCES:
    case KY_ROLE_BUILDINGS:
    case KY_ROLE_BARRIERS:
    case KY_ROLE_YEARS:
    case KY_ROLE_ZONES:
    case KY_ROLE_NAMES:
      return true;
    default:
      return false;
  }
}

static void measure(const ky_cut_windows *windows, ky_cut *cut) {
  struct stat info;
  for (uint32_t w = 0; w < windows->count; w++)
    if (cut->path[w] != NULL && stat(cut->path[w], &info) == 0) cut->bytes[w] = (uint64_t)info.st_size;
}

ky_err ky_cut_source(ky_job *job, const ky_source *source, const ky_cut_windows *windows, const char *stem,
                     ky_cut *out) {
  ky_source_file file;
  *out = (ky_cut){.method = KY_CUT_LINKED};
  KY_NEW(job, keep, out->path, windows->count);
  KY_NEW(job, keep, out->records, windows->count);
  KY_NEW(job, keep, out->bytes, windows->count);
  if (source->path == NULL || !is_cuttable(source->role) || source->table != NULL) return KY_OK;
  if (is_osm(source->path)) {
    KY_TRY(ky_cut_osm(job, source, windows, stem, out));
  } else {
    KY_TRY(ky_source_file_find(job, source, &file));
    KY_TRY(ky_cut_lines(job, source, &file, windows, stem, out));
    if (out->method == KY_CUT_LINKED) KY_TRY(ky_cut_features(job, source, &file, windows, stem, out));
  }
  measure(windows, out);
  return KY_OK;
}
