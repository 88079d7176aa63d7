/* What the directory of a zip says that GDAL does not tell. */
#ifndef KAYOI_ZIP_DIRECTORY_H
#define KAYOI_ZIP_DIRECTORY_H

#include <stdbool.h>

typedef struct ky_zip_directory {
  bool is_locked;       /* a member needs a password; GDAL would take it for damaged data */
  const char *encoding; /* of the names that are not marked as UTF-8: "CP932" (Windows), "UTF-8" (macOS) */
} ky_zip_directory;

/* For what is no zip: not locked, CP932. */
ky_zip_directory ky_zip_directory_read(const char *path);

/* The names in a zip (CPLStringList, to be destroyed), read in their encoding; GDAL remembers them for what follows. */
char **ky_zip_names(const char *path, const char *root);

#endif
