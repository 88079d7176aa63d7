/* Room 5, coverage: who is within walking range, per point, cell, zone row and venue; and the ledger. */
#ifndef KAYOI_COVERAGE_H
#define KAYOI_COVERAGE_H

#include <kayoi/place.h>
#include <kayoi/profile.h>
#include <kayoi/walk.h>

typedef enum ky_reach { KY_COVERED, KY_BEYOND, KY_UNREACHABLE, KY_UNKNOWN, KY_REACH_COUNT } ky_reach;
typedef enum ky_unreach {
  KY_REACHED,
  KY_NO_STREET_NEAR,
  KY_DISCONNECTED,
  KY_NO_COUNTING_VENUE,
  KY_BEHIND_BARRIER, /* every street within the cap lies behind a barrier */
  KY_NO_ROAD_DATA,
  KY_UNREACH_COUNT
} ky_unreach;

const char *ky_reach_name(ky_reach reach);      /* "covered" */
const char *ky_unreach_name(ky_unreach reason); /* "disconnected" */

/* People 65+ of each ledger row within a venue's primary distance: those of venue v are [first[v] .. first[v + 1]),
 * rows ascending, the municipality's own not among them; rows without people are left out. */
typedef struct ky_venue_rows {
  uint32_t *first; /* [venues + 1] */
  uint32_t *row;
  int64_t *people; /* thousandths, > 0 */
} ky_venue_rows;

typedef struct ky_coverage {
  uint32_t point_count, cell_count, venue_count, row_count, band_count;
  /* per point */
  uint32_t *walk_mm;       /* KY_NONE: no route */
  uint32_t *venue;         /* nearest counting venue by walking */
  uint32_t *straight_mm;   /* to the nearest counting venue, unsnapped ones included; KY_NONE: no venue */
  uint8_t *reach;          /* ky_reach */
  uint8_t *reason;         /* ky_unreach */
  const uint32_t *flat_mm; /* walk by length alone, slopes left aside; NULL: costs are lengths */
  /* per cell */
  int64_t *cell_covered[KY_MEASURE_COUNT]; /* thousandths; KY_NULL where the cell's measure is */
  uint32_t *cell_walk_median_mm, *cell_walk_mean_mm, *cell_straight_mm; /* over its points, by their weight_um */
  uint32_t *cell_venue;
  uint8_t *cell_reach;
  /* per venue; people of the municipality */
  int64_t *venue_people[KY_BANDS_MAX]; /* people 65+ within each band, thousandths */
  int64_t *venue_nearest, *venue_only; /* people 65+: nearest to it; covered only by it */
  ky_venue_rows venue_rows;
  /* the ledger: [row * KY_MEASURE_COUNT + measure] */
  int64_t *people[KY_REACH_COUNT]; /* rows x measures */
  int64_t *total;                  /* rows x measures: what was given, counted apart from the states */
  /* per row, 65+ */
  int64_t *covered_band[KY_BANDS_MAX], *straight_band[KY_BANDS_MAX];
  int64_t *unreached[KY_UNREACH_COUNT];
  int64_t *cells_without_count[KY_MEASURE_COUNT];  /* [rows] cells whose band is missing */
  int64_t *people_without_count[KY_MEASURE_COUNT]; /* [rows] their total people */
} ky_coverage;

/* venue_counts: venues->counts, with those that have no anchor already set to 0 (ky_venues_settle). */
ky_err ky_coverage_build(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                         const ky_venues *venues, const ky_network *network, const ky_anchors *point_anchors,
                         const ky_anchors *venue_anchors, const ky_walks *walks, const ky_walk_opts *opts,
                         ky_coverage *out);

/* The same for a further profile, without venues' people and with the straight distances of the first: counts[v] != 0
 * for venues that count and have an anchor on this profile's streets. network: its extent. */
ky_err ky_coverage_further(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                           const int8_t *counts, uint32_t venue_count, const ky_catchments *catchments,
                           const ky_network *network, const ky_anchors *point_anchors, const ky_walks *walks,
                           uint32_t *straight_mm, const ky_walk_opts *opts, ky_coverage *out);

/* Fails with KY_E_INTERNAL when people were lost: pop = covered + beyond + unreachable + unknown per row and
 * measure, rows add up, input = cells = points. */
ky_err ky_coverage_balance(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                           const ky_coverage *coverage);

/* A venue without a street within the cap, or with none on its side of a barrier, does not count: sets counts and
 * reason, reports it. */
/* Is a street all that keeps the venue from counting? */
bool ky_venue_is_unsnapped(const ky_venues *venues, uint32_t venue);
ky_err ky_venues_settle(ky_job *job, const ky_anchors *anchors, ky_venues *venues);

#endif
