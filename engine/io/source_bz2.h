/* Files packed with bzip2, which GDAL does not read: unpacked in memory. */
#ifndef KAYOI_SOURCE_BZ2_H
#define KAYOI_SOURCE_BZ2_H

#include <kayoi/read.h>

/* Unpacks the file to a path that GDAL reads (keep arena), with the file's name without ".bz2". KY_E_INPUT: damaged,
 * cut off, or larger than 2 GB. hash: of the file, which tells one from another. */
ky_err ky_source_bz2_unpack(ky_job *job, const ky_source *source, const char *file, uint64_t hash,
                            const char **vsi_path);
/* Frees what was unpacked; harmless for any other path. */
void ky_source_bz2_release(const char *vsi_path);

#endif
