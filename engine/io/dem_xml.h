/* Elevation tiles of the Geospatial Information Authority (FG-GML-*-DEM5A/DEM10B*.xml), which GDAL does not read. */
#ifndef KAYOI_DEM_XML_H
#define KAYOI_DEM_XML_H

#include <kayoi/read.h>

typedef struct ky_dem_tile {
  bool is_dem; /* false: XML of something else, or none */
  double south, west, north, east;
  uint32_t columns, rows;
  const char *crs;   /* "EPSG:6668"; NULL: the file names none that is known */
  uint64_t given;    /* heights in the file, voids (-9999) included; fewer than cells: the others are voids too */
  float *z;          /* [rows x columns] from the north-west corner, metres, NAN: void; VSIFree; NULL without heights */
  const char *wrong; /* what is wrong with it (translated, static or scratch); NULL: nothing */
} ky_dem_tile;

/* Reads the head (where it lies), and the heights if asked for. A file that cannot be read is a tile that is `wrong`;
 * fails only when memory is out. Streams: what is in memory is the tile's own size. */
ky_err ky_dem_xml_read(ky_job *job, const char *vsi_path, bool with_heights, ky_dem_tile *out);

#endif
