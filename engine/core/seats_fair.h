/* The fairest of all largest assignments of demand to seats. */
#ifndef KAYOI_SEATS_FAIR_H
#define KAYOI_SEATS_FAIR_H

#include <kayoi/job.h>

/* Demand of zones, in classes that may take the seats of certain venues. The demands of a zone's classes add up to the
 * zone's; a class may have no venue. All sums must be below 2^62. */
typedef struct ky_fair {
  uint32_t zone_count, class_count, venue_count;
  const int64_t *demand;               /* [zones] */
  const uint32_t *zone;                /* [classes] */
  const int64_t *class_demand;         /* [classes] */
  const uint32_t *first_venue, *venue; /* [classes + 1], venues of a class */
  const int64_t *seats;                /* [venues] KY_NULL: unlimited */
} ky_fair;

/* served: [zones]. is_short: [venues] set to 1 where one seat more would seat one more, others stay as they are. */
ky_err ky_fair_assign(ky_job *job, const ky_fair *fair, int64_t *served, int8_t *is_short);

#endif
