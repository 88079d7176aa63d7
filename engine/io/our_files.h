/* Which files of OUT/internal kayoi writes itself. Everything else there is somebody's own. */
#ifndef KAYOI_OUR_FILES_H
#define KAYOI_OUR_FILES_H

#include <stdbool.h>

/* A folder of internal/ that kayoi writes: "styles", "scenarios" ... */
bool ky_is_our_folder(const char *name);
/* A file by its path inside internal/: "cells.csv", "styles/cells.qml", "scenarios/x/tiles/8/220/102.pbf". */
bool ky_is_our_file(const char *path);

#endif
