/* A tour over the stops of an area: the nearest stop next, then exchanges of two legs as long as they shorten it (Croes
 * 1958). An estimate: at most KY_STOPS_MAX stops, and none of them may be the best tour. */
#include <math.h>

#include "core/mobility_parts.h"

typedef struct tour {
  uint32_t count;                                  /* places; 0 is the venue */
  uint32_t mm[KY_STOPS_MAX + 1][KY_STOPS_MAX + 1]; /* by road; symmetric */
  uint32_t order[KY_STOPS_MAX + 1];
} tour;

/* Legs between stops reach this far at first: roads are seldom longer than this many times the straight line. */
#define ROUNDABOUT 1.7
#define ROUND_MM   400000

/* Straight extent of the area's stops, in millimetres. */
static uint32_t width_mm(const ky_roads *roads, uint32_t i) {
  double x_min = INFINITY, x_max = -INFINITY, y_min = INFINITY, y_max = -INFINITY;
  for (uint32_t s = roads->first_stop[i]; s < roads->first_stop[i + 1]; s++) {
    x_min = fmin(x_min, roads->stop_x_m[s]);
    x_max = fmax(x_max, roads->stop_x_m[s]);
    y_min = fmin(y_min, roads->stop_y_m[s]);
    y_max = fmax(y_max, roads->stop_y_m[s]);
  }
  return (uint32_t)lround(hypot(x_max - x_min, y_max - y_min) * 1000);
}

/* Distances from a stop to those behind it; the far ones by a wider search. */
static void measure(const ky_roads *roads, const uint32_t *stop, uint32_t from, uint32_t width, uint32_t far_mm,
                    ky_search *search, tour *t) {
  uint32_t limit = (uint32_t)(width * ROUNDABOUT) + ROUND_MM;
  for (bool is_last = limit >= far_mm;; limit = far_mm, is_last = true) {
    bool has_all = true;
    ky_road_from(search, &roads->stops, stop[from], limit);
    for (uint32_t to = from + 1; to < t->count; to++) {
      t->mm[from][to] = t->mm[to][from] = ky_road_to(search, &roads->stops, stop[to]);
      has_all = has_all && t->mm[from][to] != KY_NONE;
    }
    if (has_all || is_last) return;
  }
}

static void nearest_first(tour *t) {
  bool is_in[KY_STOPS_MAX + 1] = {true};
  t->order[0] = 0;
  for (uint32_t n = 1; n < t->count; n++) {
    uint32_t best = KY_NONE;
    for (uint32_t s = 1; s < t->count; s++)
      if (!is_in[s] && (best == KY_NONE || t->mm[t->order[n - 1]][s] < t->mm[t->order[n - 1]][best])) best = s;
    t->order[n] = best;
    is_in[best] = true;
  }
}

static void exchange(tour *t) {
  for (bool is_better = true; is_better;) {
    is_better = false;
    for (uint32_t a = 0; a + 2 < t->count; a++) {
      for (uint32_t b = a + 2; b < t->count; b++) {
        const uint32_t p = t->order[a], q = t->order[a + 1], r = t->order[b], s = t->order[(b + 1) % t->count];
        if ((uint64_t)t->mm[p][r] + t->mm[q][s] >= (uint64_t)t->mm[p][q] + t->mm[r][s]) continue;
        for (uint32_t left = a + 1, right = b; left < right; left++, right--) {
          const uint32_t swap = t->order[left];
          t->order[left] = t->order[right];
          t->order[right] = swap;
        }
        is_better = true;
      }
    }
  }
}

/* The venue and the stops that it reaches; distances from the venue are known then. */
static void gather(const ky_roads *roads, uint32_t from, uint32_t i, uint32_t far_mm, ky_search *search, uint32_t *stop,
                   tour *t, ky_mobility *out) {
  t->count = 1;
  ky_road_from(search, &roads->venues, from, far_mm);
  for (uint32_t s = roads->first_stop[i]; s < roads->first_stop[i + 1]; s++) {
    const uint32_t mm = ky_road_to(search, &roads->stops, s);
    if (mm == KY_NONE) {
      out->left_out_count[i]++;
      continue;
    }
    stop[t->count] = s;
    t->mm[0][t->count] = t->mm[t->count][0] = mm;
    t->count++;
  }
}

void ky_tour_find(const ky_roads *roads, uint32_t from, uint32_t i, const ky_mobility_opts *opts, ky_search *search,
                  ky_mobility *out) {
  const uint32_t road_mm = from == out->venue[i] ? out->venue_mm[i] : out->free_venue_mm[i];
  const uint32_t width = width_mm(roads, i), far_mm = 2 * road_mm + 10 * width + 10 * ROUND_MM;
  uint32_t stop[KY_STOPS_MAX + 1];
  tour t;
  gather(roads, from, i, far_mm, search, stop, &t, out);
  for (uint32_t s = 1; s + 1 < t.count; s++) measure(roads, stop, s, width, far_mm, search, &t);
  nearest_first(&t);
  exchange(&t);
  int64_t mm = 0;
  for (uint32_t n = 0; n < t.count; n++) mm += t.mm[t.order[n]][t.order[(n + 1) % t.count]];
  out->stop_count[i] = t.count - 1;
  out->tour_mm[i] = mm;
  out->tour_minutes_milli[i] = mm / opts->speed_m_per_min + opts->boarding_milli_min * (t.count - 1);
}
