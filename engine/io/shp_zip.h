/* A zip of files, the same bytes for the same files. */
#ifndef KAYOI_SHP_ZIP_H
#define KAYOI_SHP_ZIP_H

#include <kayoi/job.h>

/* Puts <folder>/<name> for each of the names into the zip, in that order, and removes them. The zip must not be there
 * yet. */
ky_err ky_shp_zip(ky_job *job, const char *path, const char *folder, const char *const *names, uint32_t count);

#endif
