/* Geometries as RFC 7946 wants them: longitude first, exteriors counter-clockwise, holes clockwise. */
#ifndef KAYOI_OUT_GEOJSON_H
#define KAYOI_OUT_GEOJSON_H

#include <kayoi/shape.h>

#include "io/out_file.h"

/* "bbox":[west,south,east,north], with its comma. Shapes are degrees throughout. */
void ky_out_bbox(ky_out_file *out, ky_box box, uint8_t decimals);
/* "geometry":{...}; null for a record without parts. */
void ky_out_geometry(ky_out_file *out, const ky_shapes *shapes, uint32_t record, uint8_t decimals);

#endif
