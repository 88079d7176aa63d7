/* Roads as vehicles drive them, and the stops where people of an area are picked up. */
#include <kayoi/seats.h>
#include <stdlib.h>
#include <string.h>

#include "core/mobility_parts.h"

uint32_t ky_mobility_closed(void) {
  return 1u << KY_STREET_PEDESTRIAN | 1u << KY_STREET_PATH | 1u << KY_STREET_FOOTWAY | 1u << KY_STREET_STEPS |
         1u << KY_STREET_CYCLEWAY | 1u << KY_STREET_BRIDLEWAY | 1u << KY_STREET_FERRY;
}

typedef struct home {
  uint32_t point, people;
} home;

static int compare_homes(const void *left, const void *right) {
  const home *a = left, *b = right;
  if (a->people != b->people) return a->people > b->people ? -1 : 1;
  return (a->point > b->point) - (a->point < b->point);
}

/* Homes at least `apart` from each other, those of most people first; returns how many, at most KY_STOPS_MAX + 1. */
static uint32_t thin(const ky_points *points, const home *homes, uint32_t count, double apart_m, uint32_t *stop) {
  uint32_t n = 0;
  for (uint32_t h = 0; h < count && n <= KY_STOPS_MAX; h++) {
    const double x = points->x_m[homes[h].point], y = points->y_m[homes[h].point];
    bool is_near = false;
    for (uint32_t s = 0; s < n && !is_near; s++) {
      const double dx = points->x_m[stop[s]] - x, dy = points->y_m[stop[s]] - y;
      is_near = dx * dx + dy * dy < apart_m * apart_m;
    }
    if (!is_near) stop[n++] = homes[h].point;
  }
  return n;
}

/* Stops of one area; in a large one they lie farther apart. */
static uint32_t find_stops(const ky_mobility_in *in, uint32_t area, double apart_m, home *homes, uint32_t *stop) {
  const ky_gaps *gaps = in->gaps;
  const uint32_t *people = in->points->people[KY_65];
  uint32_t count = 0, n;
  for (uint32_t i = gaps->first_point[area]; i < gaps->first_point[area + 1]; i++) {
    const uint32_t p = gaps->point[i];
    homes[count++] = (home){p, people == NULL || people[p] == KY_NONE ? 0 : people[p]};
  }
  qsort(homes, count, sizeof *homes, compare_homes);
  while ((n = thin(in->points, homes, count, apart_m, stop)) > KY_STOPS_MAX) apart_m *= 1.25;
  return n;
}

static ky_err place_stops(ky_job *job, const ky_mobility_in *in, const ky_mobility_opts *opts, const ky_mobility *areas,
                          ky_roads *out) {
  const ky_gaps *gaps = in->gaps;
  uint32_t most = 0, count = 0, stop[KY_STOPS_MAX + 1];
  home *homes;
  for (uint32_t a = 0; a < gaps->count; a++) {
    const uint32_t n = gaps->first_point[a + 1] - gaps->first_point[a];
    if (n > most) most = n;
  }
  KY_NEW(job, scratch, homes, most);
  KY_NEW(job, scratch, out->first_stop, areas->count + 1);
  KY_NEW(job, scratch, out->stop_x_m, (size_t)areas->count * KY_STOPS_MAX);
  KY_NEW(job, scratch, out->stop_y_m, (size_t)areas->count * KY_STOPS_MAX);
  for (uint32_t i = 0; i < areas->count; i++) {
    const uint32_t n = find_stops(in, areas->area[i], opts->pickup_mm / 1000.0, homes, stop);
    for (uint32_t s = 0; s < n; s++, count++) {
      out->stop_x_m[count] = in->points->x_m[stop[s]];
      out->stop_y_m[count] = in->points->y_m[stop[s]];
    }
    out->first_stop[i + 1] = count;
  }
  return ky_network_anchor(job, &out->network, out->stop_x_m, out->stop_y_m, count, NULL, in->snap, &out->stops);
}

/* Seats that are free, of venues where both figures are known. */
static ky_err find_free(ky_job *job, const ky_mobility_in *in, const ky_mobility_opts *opts, ky_roads *out) {
  const ky_venues *v = in->venues;
  KY_NEW(job, scratch, out->free_seats, v->count);
  for (uint32_t i = 0; i < v->count; i++) {
    const int64_t seats = ky_venue_seats(v->capacity[i], v->sessions_milli[i], opts->attendances_milli);
    out->free_seats[i] = KY_NULL;
    if (v->counts[i] != 1 || seats == KY_NULL || v->participants[i] == KY_NULL) continue;
    out->free_seats[i] = seats > v->participants[i] ? seats - v->participants[i] : 0;
    out->has_free_seats = out->has_free_seats || (out->free_seats[i] > 0 && out->venues.edge[i] != KY_NONE);
  }
  return KY_OK;
}

ky_err ky_roads_build(ky_job *job, const ky_mobility_in *in, const ky_mobility_opts *opts, const ky_mobility *areas,
                      ky_roads *out) {
  const ky_walk_opts vehicle = {.profile = "vehicle", .speed_mm_per_min = 1, .closed_bits = opts->closed_bits};
  memset(out, 0, sizeof *out);
  KY_TRY(ky_profile_network(job, in->streets, &vehicle, &out->network));
  KY_TRY(ky_network_anchor(job, &out->network, in->venues->x_m, in->venues->y_m, in->venues->count, NULL, in->snap,
                           &out->venues));
  if (in->resources != NULL)
    KY_TRY(ky_network_anchor(job, &out->network, in->resources->x_m, in->resources->y_m, in->resources->count, NULL,
                             in->snap, &out->resources));
  if (in->candidates->is_given)
    KY_TRY(ky_network_anchor(job, &out->network, in->candidates->x_m, in->candidates->y_m, in->candidates->count, NULL,
                             in->snap, &out->sites));
  KY_TRY(find_free(job, in, opts, out));
  return place_stops(job, in, opts, areas, out);
}

uint32_t ky_road_to(const ky_search *search, const ky_anchors *anchors, uint32_t i) {
  if (anchors->edge[i] == KY_NONE) return KY_NONE;
  const uint32_t cost = ky_search_cost(search, anchors->edge[i], anchors->along_mm[i]);
  return cost == KY_NONE || cost > KY_NONE - 1 - anchors->access_mm[i] ? KY_NONE : cost + anchors->access_mm[i];
}

bool ky_road_from(ky_search *search, const ky_anchors *anchors, uint32_t i, uint32_t limit_mm) {
  if (anchors->edge[i] == KY_NONE) return false;
  ky_search_run(search, anchors->edge[i], anchors->along_mm[i], anchors->access_mm[i], limit_mm);
  return true;
}
