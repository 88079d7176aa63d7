/* Is a zip locked? GDAL reads the members of such a zip as they are, and would take them for damaged data. */
#ifndef KAYOI_ZIP_PASSWORD_H
#define KAYOI_ZIP_PASSWORD_H

#include <stdbool.h>

/* Does a member of the zip need a password? False also for what is no zip. */
bool ky_zip_has_password(const char *path);

#endif
