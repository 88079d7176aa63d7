/* The tiles of elevation that the sources give: a raster, a tile in XML, or all of them in a zip. */
#ifndef KAYOI_ELEVATION_TILES_H
#define KAYOI_ELEVATION_TILES_H

#include <kayoi/read.h>

typedef struct ky_elevation_tile {
  const ky_raw *raw;    /* its source */
  const char *vsi_path; /* keep arena */
  const char *where;    /* "elevation[0] FG-GML.zip", and which file in it */
  bool is_xml;          /* ky_dem_xml_read, else GDAL */
  uint32_t half_metres; /* size of its pixels, north to south, in steps of 0.5 m */
  uint32_t order;       /* as given; in a zip by name */
} ky_elevation_tile;

/* Is it a vector layer (a grid of slopes) rather than a raster? */
bool ky_elevation_is_layer(const char *vsi_path);

/* All tiles, finest first, equal ones as given (scratch arena). KY_E_INPUT: a file that is none, or does not say where
 * it lies. Files in a zip that are neither rasters nor tiles (their description) are left alone. */
ky_err ky_elevation_tiles(ky_job *job, const ky_raw *sources, uint32_t source_count, ky_elevation_tile **out,
                          uint32_t *count);

#endif
