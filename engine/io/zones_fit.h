/* Do zones fit each other and the border? Overlaps and gaps, measured and reported as issues. */
#ifndef KAYOI_ZONES_FIT_H
#define KAYOI_ZONES_FIT_H

#include <kayoi/place.h>

#include "io/geos.h"

/* zone, box: of each zone, valid. With a border a gap is what of it is in no zone. Without one it is what the zones
 * enclose, and the strips between neighbours that are open at their ends. */
ky_err ky_zones_fit(ky_job *job, ky_geos *geos, const ky_zones *zones, GEOSGeometry *const *zone, const ky_box *box,
                    const ky_zone_fit_opts *opts);

#endif
