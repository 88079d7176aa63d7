/* Parts of the mobility room: the roads, the tours, the places. */
#ifndef KAYOI_MOBILITY_PARTS_H
#define KAYOI_MOBILITY_PARTS_H

#include <kayoi/mobility.h>
#include <kayoi/walk.h>

#define KY_STOPS_MAX 40 /* of a tour; more homes than that lie farther from their stops */

/* The streets as vehicles drive them, and what stands on them. */
typedef struct ky_roads {
  ky_network network;
  ky_anchors venues, resources, sites;
  int64_t *free_seats; /* [venues] KY_NULL unknown or not counting */
  bool has_free_seats; /* any venue */
  ky_anchors stops;    /* of all areas */
  double *stop_x_m, *stop_y_m;
  uint32_t *first_stop; /* [records + 1] stops of an area, the main one first */
} ky_roads;

/* Stops: homes of most people first, none nearer than pickup_mm to another; then anchors on the roads. Records of out
 * are the areas. */
ky_err ky_roads_build(ky_job *job, const ky_mobility_in *in, const ky_mobility_opts *opts, const ky_mobility *areas,
                      ky_roads *out);
/* Cost of the search to an anchor; KY_NONE: none, or beyond its limit. */
uint32_t ky_road_to(const ky_search *search, const ky_anchors *anchors, uint32_t i);
/* A search from an anchor; false: it has no road. */
bool ky_road_from(ky_search *search, const ky_anchors *anchors, uint32_t i, uint32_t limit_mm);

/* The tour of record i from the venue `from`. */
void ky_tour_find(const ky_roads *roads, uint32_t from, uint32_t i, const ky_mobility_opts *opts, ky_search *search,
                  ky_mobility *out);

/* What lies within reach of record i by the search from its main stop. shops and clinics: by a second search from the
 * tour's venue `to`. */
void ky_mobility_hub(const ky_mobility_in *in, const ky_roads *roads, const ky_mobility_opts *opts,
                     const ky_search *search, uint32_t i, ky_mobility *out);
void ky_mobility_on_the_way(const ky_mobility_in *in, const ky_roads *roads, const ky_mobility_opts *opts,
                            const ky_search *search, ky_search *back, uint32_t to, uint32_t i, ky_mobility *out);
/* Providers of all records: provider_mm [records x resources of the kind] is filled by ky_mobility_reach. */
typedef struct ky_providers {
  uint32_t count;
  uint32_t *resource; /* [count] */
  uint32_t *road_mm;  /* [records * count] KY_NONE: not in reach */
} ky_providers;
ky_err ky_providers_new(ky_job *job, const ky_mobility_in *in, uint32_t record_count, ky_providers *out);
void ky_providers_reach(const ky_roads *roads, const ky_mobility_opts *opts, const ky_search *search, uint32_t i,
                        ky_providers *providers);
ky_err ky_providers_list(ky_job *job, const ky_mobility_in *in, const ky_providers *providers, ky_mobility *out);

#endif
