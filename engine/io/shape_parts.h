/* A shapefile is three files. */
#ifndef KAYOI_SHAPE_PARTS_H
#define KAYOI_SHAPE_PARTS_H

#include <kayoi/read.h>

/* KY_E_INPUT when the path is a .shp without its .shx or its .dbf beside it; KY_OK for every other file. */
ky_err ky_shape_parts_check(ky_job *job, const ky_source *source, const char *vsi_path);

#endif
