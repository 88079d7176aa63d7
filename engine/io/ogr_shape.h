/* Shapes of a table as geometries of GDAL, for the formats that it writes. */
#ifndef KAYOI_OGR_SHAPE_H
#define KAYOI_OGR_SHAPE_H

#include <ogr_core.h>

#include "io/out_shape.h"

OGRwkbGeometryType ky_ogr_type(ky_layer_form form);
/* The caller's to destroy. NULL: the record has no geometry. */
void *ky_ogr_geometry(const ky_shapes *shapes, uint32_t record, ky_layer_form form);

#endif
