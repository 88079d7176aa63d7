/* The table layer_styles of a GeoPackage, from which QGIS takes a layer's style and aliases by itself. */
#ifndef KAYOI_GPKG_STYLES_H
#define KAYOI_GPKG_STYLES_H

#include <kayoi/layers.h>

/* file: a GDALDatasetH that is being written. False: GDAL's log or the job says why. */
bool ky_gpkg_styles(ky_job *job, void *file, const ky_layers *layers);

#endif
