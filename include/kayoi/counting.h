/* What the counting rules rest on: how much of it is known, and the gatherings that never count. */
#ifndef KAYOI_COUNTING_H
#define KAYOI_COUNTING_H

#include <kayoi/place.h>

/* Numbers of venues in one ledger row. */
typedef struct ky_counted {
  int64_t coverage, rate;       /* that count for each */
  int64_t bound;                /* of those for coverage: for people of some zones only */
  int64_t sessions_unknown;     /* nobody wrote how often they meet */
  int64_t catchment_unknown;    /* whom they serve is not known, so they are open to all */
  int64_t resident_led_unknown; /* of those for the rate */
  int64_t informal;             /* informal gatherings: venues that are, and resources of that kind */
} ky_counted;

/* resources: NULL without sources of them. The municipality is what lies inside its border. */
ky_err ky_counting_rows(ky_job *job, const ky_zones *zones, const ky_venues *venues, const ky_resources *resources,
                        ky_counted **out);
ky_counted ky_counting_municipality(const ky_zones *zones, const ky_venues *venues, const ky_resources *resources);
/* KY_WHOLE parts; KY_NULL of nothing. */
int64_t ky_counted_share(int64_t part, int64_t whole);

#endif
