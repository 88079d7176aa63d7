/* OGR geometries as parts of a record. */
#ifndef KAYOI_FEATURE_GEOMETRY_H
#define KAYOI_FEATURE_GEOMETRY_H

#include <ogr_api.h>

#include "io/raw_build.h"

/* Gives the newest record the geometry, flattened to 2D and to parts. A missing, bad or wrong one is reported;
 * *is_wrong_kind says that it was of a kind that the role does not take. */
ky_err ky_feature_geometry(ky_raw_builder *b, OGRGeometryH geometry, bool is_geographic, bool *is_wrong_kind);

/* Does it lie beside the box altogether? No: without geometry, or without a box. */
bool ky_feature_is_outside(OGRGeometryH geometry, const ky_box *box);

#endif
