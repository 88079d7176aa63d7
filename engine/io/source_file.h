/* The file behind a source: where GDAL finds it (also inside a zip or gz), its size and hash. */
#ifndef KAYOI_SOURCE_FILE_H
#define KAYOI_SOURCE_FILE_H

#include <kayoi/read.h>

typedef struct ky_source_file {
  const char *vsi_path;  /* keep arena */
  const char *disk_path; /* of the file on disk (the zip itself); keep arena */
  uint64_t bytes;        /* of the file on disk */
  uint64_t hash;         /* of its bytes, XXH3-64; 0 until ky_source_file_hash */
} ky_source_file;

/* KY_E_INPUT: missing, a folder, unreadable, a damaged or suspicious zip, a zip with several layers to choose from. */
ky_err ky_source_file_find(ky_job *job, const ky_source *source, ky_source_file *out);
/* Sets bytes and hash; a shapefile's parts count together. Reads the whole file. */
ky_err ky_source_file_hash(ky_job *job, const ky_source *source, ky_source_file *file);

/* All bytes of a (text) file in scratch memory, a NUL behind them. */
ky_err ky_source_file_load(ky_job *job, const ky_source *source, const char *vsi_path, char **bytes, size_t *length);
/* The first bytes of a file, for recognition; 0 when it cannot be read. The rest of the buffer is zeroed. */
size_t ky_source_file_peek(const char *vsi_path, char *buffer, size_t size);

/* Text without the folders before it. */
const char *ky_path_name(const char *path);
/* Does the path end in ".shp" (any case)? extension: "shp", lower case. */
bool ky_path_has(const char *path, const char *extension);

#endif
