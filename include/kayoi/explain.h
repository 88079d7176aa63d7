/* Explanation: what is behind the numbers of one cell. Made from the rooms up to coverage; changes nothing. */
#ifndef KAYOI_EXPLAIN_H
#define KAYOI_EXPLAIN_H

#include <kayoi/route.h>
#include <kayoi/write.h>

typedef struct ky_explain_opts {
  uint32_t cell;
  uint32_t venue;   /* KY_NONE: to each point's nearest */
  bool with_points; /* routes from every point, not only from the one that stands for the cell */
} ky_explain_opts;

/* A venue as seen from the point that stands for the cell. */
typedef struct ky_near_venue {
  uint32_t venue;
  uint32_t walk_mm;     /* KY_NONE: no way on foot */
  uint32_t straight_mm; /* KY_NONE: it has no coordinates */
} ky_near_venue;

#define KY_NEAR_VENUES 5

typedef struct ky_explained_route {
  uint32_t point, venue; /* venue KY_NONE: the point has a way to none */
  ky_walk_route route;   /* leg_count 0: there is no way */
  ky_route_part *part;
  uint32_t part_count;
} ky_explained_route;

typedef struct ky_explanation {
  uint32_t cell;
  uint32_t point; /* stands for the cell: the first whose walk is the cell's median (layer cells, walk_m_median);
                     without any way the point of most weight, then the first */
  bool is_median;
  uint32_t
      near_count; /* venues that count: by walk, ties to the lower; then those without a way, by straight distance */
  ky_near_venue near[KY_NEAR_VENUES];
  uint32_t passed_count; /* venues that do not count and are nearer in a straight line than the first of `near` */
  ky_near_venue passed[KY_NEAR_VENUES];
  uint32_t route_count;
  ky_explained_route *route; /* of that point; with_points: of all points of the cell, in their order */
} ky_explanation;

/* The same run with another of its profiles as the first one (an index into result->profiles): network, anchors, walks,
 * coverage and the venues that count. */
ky_err ky_explain_profile(ky_job *job, const ky_result *result, uint32_t profile, ky_result *out);

/* KY_E_INTERNAL unless every route to a point's nearest venue adds up to the walk of the point in `coverage`. */
ky_err ky_explain(ky_job *job, const ky_result *result, const ky_explain_opts *opts, ky_explanation *out);

/* Writes cell, points, venues and the legs of all routes as GeoJSON (RFC 7946, WGS 84, 9 decimals: 0.1 mm). Replaces an
 * earlier explanation of that name, and nothing else. (engine/io/explain_geojson.c) */
ky_err ky_explain_write(ky_job *job, const ky_result *result, const ky_explanation *explanation, const char *path);

/* Why the venue does not count for people at the point: its reason, or "other_zones" when it serves these only; NULL:
 * it counts. */
const char *ky_venue_reason_at(const ky_result *result, uint32_t venue, uint32_t point);

/* Straight distance of a point to a venue; KY_NONE without coordinates. */
uint32_t ky_straight_mm(const ky_points *points, uint32_t point, const ky_venues *venues, uint32_t venue);

#endif
