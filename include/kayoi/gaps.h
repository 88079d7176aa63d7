/* Room 7, gaps: every uncovered demand point of the municipality gets one remedy class and one gap area, or is
 * not_in_gap (method.md 5 and 8). Areas of class new_venue line up with sites. */
#ifndef KAYOI_GAPS_H
#define KAYOI_GAPS_H

#include <kayoi/sites.h>
#include <kayoi/slope.h>

typedef enum ky_remedy { KY_NEW_VENUE, KY_TRANSIT, KY_MOBILITY_SUPPORT, KY_OUTREACH, KY_REMEDY_COUNT } ky_remedy;
typedef enum ky_cause {
  KY_CAUSE_DISCONNECTED,
  KY_CAUSE_NO_STREET_NEAR,
  KY_CAUSE_SLOPE,
  KY_CAUSE_DETOUR,
  KY_CAUSE_NO_VENUE,
  KY_CAUSE_COUNT
} ky_cause;
const char *ky_remedy_name(ky_remedy remedy);  /* "new_venue" */
const char *ky_remedy_alias(ky_remedy remedy); /* 新しい通いの場 */
const char *ky_cause_name(ky_cause cause);
const char *ky_cause_alias(ky_cause cause);

typedef enum ky_terrain { KY_TERRAIN_TOWN, KY_TERRAIN_HILLS, KY_TERRAIN_MOUNTAIN, KY_TERRAIN_UNKNOWN } ky_terrain;
const char *ky_terrain_name(ky_terrain terrain); /* "town"; NULL for unknown */

typedef struct ky_gaps_opts {
  uint32_t primary_mm;
  double link_m;                      /* 200; the distance used is max(link_m, 1.5 x cell spacing) */
  int64_t min_people_65;              /* 1000 = one person: smaller areas are not_in_gap */
  double dense_per_km2;               /* 400 */
  int64_t rate;                       /* r, KY_WHOLE parts */
  int64_t attendances_milli;          /* a: attendances per participant and month, 4000 */
  int64_t sessions_milli;             /* sessions per month of a venue that riders would go to, 4000 */
  int64_t min_riders_milli;           /* 1000: one rider per session */
  uint32_t hills_from, mountain_from; /* mean slope, KY_WHOLE parts: 30000, 80000 */
  double clip_m;                      /* 100: polygons reach this far around their points */
  double smooth_m;                    /* 25: corners smaller than a square of this side go; 0: none */
  double small_m2;                    /* 10,000: smaller areas are hard to see on a map of the city */
} ky_gaps_opts;

typedef struct ky_gaps {
  uint32_t point_count, count;   /* areas, ordered by rank */
  uint8_t *point_remedy;         /* [points] ky_remedy; KY_REMEDY_COUNT: covered, unknown, outside, or nobody there */
  uint8_t *point_cause;          /* [points] ky_cause; KY_CAUSE_COUNT likewise */
  uint32_t *point_area;          /* [points] KY_NONE: in none */
  uint32_t *first_point, *point; /* [count + 1]; points of each area, ascending */
  const char **id;               /* cell with most of its people + running letter */
  const char **name;             /* set by ky_names_gaps; NULL where no place has a name */
  uint8_t *remedy, *cause;
  uint32_t *site;                    /* index into ky_sites, KY_NONE */
  uint32_t *row;                     /* zone row of most people 65+ */
  uint32_t *venue;                   /* nearest venue of most people 65+; KY_NONE */
  int64_t *people[KY_MEASURE_COUNT]; /* thousandths; NULL: no measure */
  int64_t *cause_65[KY_CAUSE_COUNT];
  uint32_t *walk_min_mm, *walk_median_mm, *walk_max_mm; /* over reachable points, median weighted by people 65+ */
  int64_t *riders_milli;              /* expected riders per session at most: r x people x a / sessions; per area */
  int64_t *riders_75_milli;           /* the same with people 75+; KY_NULL without the band */
  int64_t *target_participants_milli; /* r x people 65+ */
  uint32_t *rank;                     /* 1 = most people 65+; ties by id */
  double link_used_m;
  /* set by ky_gaps_polygons (io/shapes, GEOS) */
  ky_shapes shapes;
  double *area_m2;
  uint8_t *is_dense, *is_small;
  uint8_t *terrain;     /* ky_terrain, set by ky_gaps_terrain; NULL without elevation */
  uint32_t *mean_slope; /* KY_WHOLE parts; KY_NONE: not known; NULL likewise */
  /* the ledger's second part: [row * KY_MEASURE_COUNT + measure] */
  int64_t *in_gap, *not_in_gap;
} ky_gaps;

/* by_bus: [points] 1 where a bus or train brings people to a venue and back (supply.h); NULL: unknown everywhere. */
ky_err ky_gaps_build(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                     const ky_venues *venues, const ky_coverage *coverage, const ky_sites *sites, const int8_t *by_bus,
                     const ky_gaps_opts *opts, ky_gaps *out);
/* Fails with KY_E_INTERNAL unless beyond + unreachable = in_gap + not_in_gap per row and measure. */
ky_err ky_gaps_balance(ky_job *job, const ky_zones *zones, const ky_coverage *coverage, const ky_gaps *gaps);

/* Town, hills or mountain per area by the mean slope of its streets; where they have no heights, of the ground by the
 * grid. Nothing without elevation. */
ky_err ky_gaps_terrain(ky_job *job, const ky_points *points, const ky_anchors *anchors, const ky_network *network,
                       const ky_slope_grid *grid, const ky_gaps_opts *opts, ky_gaps *gaps);

/* Union of the Voronoi cells of each area's points among all demand points, clipped to clip_m around them: valid,
 * disjoint, containing its points. Fills shapes, area_m2, is_dense, is_small. (GEOS; engine/io/shapes_gaps.c) */
ky_err ky_gaps_polygons(ky_job *job, const ky_points *points, const ky_gaps_opts *opts, ky_gaps *gaps);

#endif
