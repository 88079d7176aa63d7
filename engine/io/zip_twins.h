/* The same layer in several formats inside one zip, as KSJ packs them: a.geojson, a.shp, UTF-8/a.shp, Shift-JIS/a.shp.
 */
#ifndef KAYOI_ZIP_TWINS_H
#define KAYOI_ZIP_TWINS_H

#include <stdbool.h>

/* Another member is the same layer and read in its place: GeoJSON before a shapefile in UTF-8 before another one.
 * members: count names. */
bool ky_zip_has_better_twin(char *const *members, int count, int member);

#endif
