/* Buildings of an OpenStreetMap extract. */
#ifndef KAYOI_OSM_BUILDINGS_H
#define KAYOI_OSM_BUILDINGS_H

#include <kayoi/read.h>

/* Closed ways and multipolygons with building=*, with their use and storeys (building:levels); building=no is none.
 * Those outside source->window are only counted. */
ky_err ky_osm_buildings_read(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out);

#endif
