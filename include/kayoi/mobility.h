/* Room 8, mobility: evidence for gap areas where walking will not work. */
#ifndef KAYOI_MOBILITY_H
#define KAYOI_MOBILITY_H

#include <kayoi/gaps.h>

typedef struct ky_mobility_opts {
  int64_t speed_m_per_min; /* by road vehicle, 400 m/min = 24 km/h, assumption */
} ky_mobility_opts;

/* One record per gap area of class transit, mobility_support or outreach. */
typedef struct ky_mobility {
  uint32_t count;
  uint32_t *area;               /* index into ky_gaps */
  uint32_t *venue;              /* nearest counting venue by road from the area's median point; KY_NONE */
  uint32_t *venue_mm;           /* median walk_mm of the area to it, as road distance */
  int64_t *riders_75_milli;     /* the same upper figure with people 75+; KY_NULL without the band */
  int64_t *km_round_trip_milli; /* 2 x road distance, thousandths of a km; KY_NULL */
  int64_t *minutes_milli;       /* one way at speed; KY_NULL */
  uint32_t *rank;               /* by people 65+ */
  ky_shapes shapes;             /* of the areas */
} ky_mobility;

ky_err ky_mobility_build(ky_job *job, const ky_gaps *gaps, const ky_mobility_opts *opts, ky_mobility *out);

#endif
