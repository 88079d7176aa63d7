/* What is inside a zip. */
#ifndef KAYOI_SOURCE_ZIP_H
#define KAYOI_SOURCE_ZIP_H

#include <kayoi/read.h>

/* GDAL's path of the one layer in the zip, or of `inside` when that is not "". zip_bytes: size of the zip. */
ky_err ky_source_zip_find(ky_job *job, const ky_source *source, const char *zip, const char *inside, uint64_t zip_bytes,
                          const char **vsi_path);

#endif
