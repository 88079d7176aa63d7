/* A shapefile is three files: see shape_parts.h. */
#include "io/shape_parts.h"

#include <cpl_vsi.h>
#include <string.h>

#include "io/gdal_log.h"
#include "io/source_file.h"

static bool is_there(char *path, const char *extension) {
  VSIStatBufL status;
  memcpy(path + strlen(path) - 3, extension, 3);
  return VSIStatL(path, &status) == 0;
}

ky_err ky_shape_parts_check(ky_job *job, const ky_source *source, const char *vsi_path) {
  static const char *const parts[][2] = {{"shx", "SHX"}, {"dbf", "DBF"}};
  ky_gdal_log log = {0};
  const char *lost = NULL;
  if (!ky_path_has(vsi_path, "shp")) return KY_OK;
  char *path = ky_format(&job->scratch, "%s", vsi_path);
  if (path == NULL) return ky_fail_memory(job);
  ky_gdal_log_open(&log);
  for (size_t i = 0; i < sizeof parts / sizeof *parts && lost == NULL; i++)
    if (!is_there(path, parts[i][0]) && !is_there(path, parts[i][1])) lost = parts[i][0];
  ky_gdal_log_close();
  if (lost == NULL) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s %s: its .%s is not beside it: a shapefile is .shp, .shx and .dbf together; give all of "
                       "them, of the same name"),
                 source->name, source->shown, lost);
}
