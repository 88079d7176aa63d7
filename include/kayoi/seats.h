/* Seats: how many of the target people within walking range find one. Part of room 9 (targets.h), usable for any
 * population and any venues.
 *
 * Assumptions: target participants of a zone live where its covered people 65+ do; each takes one seat of any counting
 * venue in range; venues over the border count when in range, people outside the municipality's zones take no seats;
 * present participants take none either, because the target includes them. */
#ifndef KAYOI_SEATS_H
#define KAYOI_SEATS_H

#include <kayoi/coverage.h>

/* Millionths of a participant: the unit of the assignment. */
#define KY_MICRO INT64_C(1000000)
/* The most that all zones together may ask for. */
#define KY_DEMAND_MOST (INT64_MAX / 4)

/* Covered people 65+ of the zones by what they can walk to: all of one zone with the same venues in range are one
 * class. In the order of the first point of each. */
typedef struct ky_venue_sets {
  uint32_t count;
  uint32_t *row;         /* [count] zone */
  int64_t *people_65;    /* [count] thousandths, > 0 */
  uint32_t *first_venue; /* [count + 1] */
  uint32_t *venue;       /* ascending within a class */
} ky_venue_sets;

/* One bounded search per counting venue. primary_mm is that of the coverage. */
ky_err ky_venue_sets_build(ky_job *job, const ky_points *points, const ky_zones *zones, const ky_venues *venues,
                           const ky_network *network, const ky_anchors *point_anchors, const ky_anchors *venue_anchors,
                           const ky_coverage *coverage, uint32_t primary_mm, ky_venue_sets *out);

/* Seats of a venue: capacity x sessions / min(a, sessions), halves up; KY_NULL when unknown. */
int64_t ky_venue_seats(int64_t capacity, int64_t sessions_milli, int64_t attendances_milli);

typedef struct ky_seats_opts {
  int64_t attendances_milli; /* a, 4000 */
  int64_t max_unknown_share; /* of the venues in range, KY_WHOLE parts: 200000 */
} ky_seats_opts;

typedef struct ky_seats {
  uint32_t zone_count, venue_count;
  uint32_t in_range_count, unknown_count; /* counting venues in range of anybody; of them without known seats */
  const char *reason;                     /* why nothing is assigned: "seats_unknown"; NULL: it is */
  int64_t *seats;                         /* [venues] KY_NULL unknown, that is unlimited */
  int8_t *is_in_range;                    /* [venues] somebody of the municipality can walk there, and it counts */
  int8_t *is_short; /* [venues] one seat more here would seat one person more; 0 in range and not short; else -1 */
  int64_t *served;  /* [zones] micro; KY_NULL when nothing is assigned */
} ky_seats;

/* The largest assignment of target people to seats, and of all largest ones the fairest between zones: the smallest
 * share of a zone's demand that is served is as large as can be, then the second smallest, and so on. That fixes how
 * many each zone has, whatever the order of venues. demand: [zones] micro, >= 0, KY_DEMAND_MOST in all. */
ky_err ky_seats_assign(ky_job *job, uint32_t zone_count, const ky_venues *venues, const ky_venue_sets *sets,
                       const int64_t *demand, const ky_seats_opts *opts, ky_seats *out);

/* Full and empty venues, venues with more participants than seats, venues that are short of seats: as issues, a few
 * lines for all. */
ky_err ky_seats_report(ky_job *job, const ky_venues *venues, const ky_seats *seats);

/* What the present participants of a venue say about its seats; KY_NULL or -1 where either is unknown. */
typedef struct ky_seat_use {
  int64_t free, over; /* seats nobody uses; participants above the seats */
  int8_t is_full, is_empty;
} ky_seat_use;
ky_seat_use ky_seat_use_of(int64_t seats, int64_t participants);

#endif
