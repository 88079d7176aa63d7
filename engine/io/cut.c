/* Which way an input is cut. */
#include "io/cut.h"

#include <errno.h>
#include <kayoi/job.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/out_file.h"

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

/* Each part keeps the name of its input, from which readers tell what it is: <folder>/<number>/<name>. */
static ky_err make_stem(ky_job *job, const char *path, const ky_cut_windows *windows, uint32_t number,
                        const char **stem) {
  const char *name = ky_path_name(path);
  *stem = ky_format(&job->keep, "%u/%.*s", number, (int)strcspn(name, "."), name);
  if (*stem == NULL) return ky_fail_memory(job);
  for (uint32_t w = 0; w < windows->count; w++) {
    const char *folder = ky_format(&job->scratch, "%s/%u", windows->folder[w], number);
    if (folder == NULL) return ky_fail_memory(job);
    if (mkdir(folder, 0777) != 0) return ky_out_fail(job, folder, errno);
  }
  return KY_OK;
}

/* Folders into which nothing was put. */
static ky_err remove_empty(ky_job *job, const ky_cut_windows *windows, uint32_t number) {
  for (uint32_t w = 0; w < windows->count; w++) {
    const char *folder = ky_format(&job->scratch, "%s/%u", windows->folder[w], number);
    if (folder == NULL) return ky_fail_memory(job);
    rmdir(folder);
  }
  return KY_OK;
}

ky_err ky_cut_source(ky_job *job, const ky_source *source, const ky_cut_windows *windows, uint32_t number,
                     ky_cut *out) {
  ky_source_file file;
  const char *stem;
  *out = (ky_cut){.method = KY_CUT_LINKED};
  KY_NEW(job, keep, out->path, windows->count);
  KY_NEW(job, keep, out->records, windows->count);
  KY_NEW(job, keep, out->bytes, windows->count);
  if (windows->count == 0 || source->path == NULL || !is_cuttable(source->role) || source->table != NULL) return KY_OK;
  if (is_osm(source->path)) {
    KY_TRY(make_stem(job, source->path, windows, number, &stem));
    KY_TRY(ky_cut_osm(job, source, windows, stem, out));
  } else {
    KY_TRY(ky_source_file_find(job, source, &file));
    KY_TRY(make_stem(job, file.vsi_path, windows, number, &stem));
    KY_TRY(ky_cut_lines(job, source, &file, windows, stem, out));
    if (out->method == KY_CUT_LINKED) KY_TRY(ky_cut_features(job, source, &file, windows, stem, out));
  }
  KY_TRY(remove_empty(job, windows, number));
  measure(windows, out);
  return KY_OK;
}
