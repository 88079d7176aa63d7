/* Raw records into the run's CRS; records that end nowhere or far off are taken out. */
#ifndef KAYOI_PROJECT_H
#define KAYOI_PROJECT_H

#include <kayoi/read.h>

/* Projects shapes and extent in place. A record whose coordinates cannot be projected, or whose first vertex lies more
 * than 500 km from the middle of its own source, is an issue; venues then stay without a place, others are left out. */
ky_err ky_project(ky_job *job, const char *crs, ky_raw *raw);

#endif
