/* The same venue given twice, in one file or in two: one name within 50 m. */
#ifndef KAYOI_VENUE_TWINS_H
#define KAYOI_VENUE_TWINS_H

#include <kayoi/read.h>

/* Reports them (duplicate_venue); both are kept. raws: all sources, projected. */
ky_err ky_venue_twins(ky_job *job, const ky_raw *raws, uint32_t raw_count);

#endif
