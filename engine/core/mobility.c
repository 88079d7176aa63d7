/* Mobility: the gap areas that no new venue would serve, with the evidence for a ride or a visit. */
#include <kayoi/mobility.h>
#include <string.h>

#include "core/mobility_parts.h"
#include "core/ratio.h"
#include "core/thread.h"

/* Searches from a main stop reach this far at first, then twice as far, until they meet a venue. */
#define FIRST_LIMIT_MM 2000000
#define LAST_LIMIT_MM  128000000

static ky_err new_columns(ky_job *job, uint32_t n, ky_mobility *out) {
  uint32_t **const indices[] = {&out->venue, &out->venue_mm,       &out->free_venue, &out->free_venue_mm,
                                &out->shop,  &out->shop_detour_mm, &out->clinic,     &out->clinic_detour_mm,
                                &out->hub,   &out->hub_road_mm};
  int64_t **const numbers[] = {
      &out->riders_75_milli, &out->no_venue_no_shop,   &out->free_seats, &out->km_round_trip_milli,
      &out->minutes_milli,   &out->free_minutes_milli, &out->tour_mm,    &out->tour_minutes_milli,
      &out->trips,           &out->vehicle_hours_milli};
  for (size_t c = 0; c < sizeof indices / sizeof *indices; c++) {
    KY_NEW(job, keep, *indices[c], n);
    for (uint32_t i = 0; i < n; i++) (*indices[c])[i] = KY_NONE;
  }
  for (size_t c = 0; c < sizeof numbers / sizeof *numbers; c++) {
    KY_NEW(job, keep, *numbers[c], n);
    for (uint32_t i = 0; i < n; i++) (*numbers[c])[i] = KY_NULL;
  }
  KY_NEW(job, keep, out->area, n);
  KY_NEW(job, keep, out->rank, n);
  KY_NEW(job, keep, out->stop_count, n);
  KY_NEW(job, keep, out->left_out_count, n);
  KY_NEW(job, keep, out->has_package, n);
  KY_NEW(job, keep, out->needs_provider, n);
  KY_NEW(job, keep, out->hub_is_site, n);
  KY_NEW(job, keep, out->first_provider, n + 1);
  for (uint32_t i = 0; i < n; i++) out->has_package[i] = out->needs_provider[i] = -1;
  return KY_OK;
}

/* People of the area that have no shop in walking range; a venue none of them has. */
static int64_t without_shop(const ky_mobility_in *in, uint32_t area) {
  const uint32_t *people = in->points->people[KY_65];
  int64_t sum = 0;
  if (in->shop_mm == NULL || people == NULL) return KY_NULL;
  for (uint32_t i = in->gaps->first_point[area]; i < in->gaps->first_point[area + 1]; i++) {
    const uint32_t p = in->gaps->point[i];
    if (people[p] != KY_NONE && in->shop_mm[p] > in->primary_mm) sum += people[p];
  }
  return sum;
}

/* The nearest venue, and the nearest one with free seats, by the search. */
static void find_venues(const ky_mobility_in *in, const ky_roads *roads, const ky_search *search, uint32_t i,
                        ky_mobility *out) {
  for (uint32_t v = 0; v < in->venues->count; v++) {
    if (in->venues->counts[v] != 1) continue;
    const uint32_t mm = ky_road_to(search, &roads->venues, v);
    if (mm < out->venue_mm[i]) {
      out->venue[i] = v;
      out->venue_mm[i] = mm;
    }
    if (roads->free_seats[v] <= 0 || mm >= out->free_venue_mm[i]) continue; /* KY_NULL is less than 0 */
    out->free_venue[i] = v;
    out->free_venue_mm[i] = mm;
    out->free_seats[i] = roads->free_seats[v];
  }
}

static int64_t minutes_milli(uint32_t mm, const ky_mobility_opts *opts) {
  /* millimetres / (m/min) are thousandths of a minute */
  return mm == KY_NONE ? KY_NULL : ky_ratio(mm, 1, opts->speed_m_per_min);
}

/* Tours and vehicle-hours. Riders of the area, thousandths. */
static void find_effort(const ky_mobility_opts *opts, int64_t riders_milli, uint32_t i, ky_mobility *out) {
  if (riders_milli == KY_NULL || out->tour_minutes_milli[i] == KY_NULL) return;
  const int64_t seats_milli = opts->vehicle_seats * 1000;
  out->trips[i] = (riders_milli + seats_milli - 1) / seats_milli;
  out->vehicle_hours_milli[i] =
      (int64_t)ky_wide_round((ky_wide)opts->sessions_milli * out->trips[i] * 2 * out->tour_minutes_milli[i], 60 * 1000);
}

/* The stop of most people that a road leads to; KY_NONE: none. */
static uint32_t main_stop_of(const ky_roads *roads, uint32_t i) {
  for (uint32_t s = roads->first_stop[i]; s < roads->first_stop[i + 1]; s++)
    if (roads->stops.edge[s] != KY_NONE) return s;
  return KY_NONE;
}

/* Everything about record i that a search by road tells. */
static void look_around(const ky_mobility_in *in, const ky_roads *roads, const ky_mobility_opts *opts,
                        ky_providers *providers, ky_search *search, ky_search *back, uint32_t i, ky_mobility *out) {
  const uint32_t main_stop = main_stop_of(roads, i);
  uint32_t limit = FIRST_LIMIT_MM > opts->hub_mm ? FIRST_LIMIT_MM : opts->hub_mm;
  if (providers->count != 0 && limit < opts->provider_mm) limit = opts->provider_mm;
  if (main_stop == KY_NONE) return;
  for (;; limit *= 2) {
    ky_road_from(search, &roads->stops, main_stop, limit);
    find_venues(in, roads, search, i, out);
    const bool has_all = out->venue[i] != KY_NONE && (!roads->has_free_seats || out->free_venue[i] != KY_NONE);
    if (has_all || limit >= LAST_LIMIT_MM) break;
  }
  ky_providers_reach(roads, opts, search, i, providers);
  ky_mobility_hub(in, roads, opts, search, i, out);
  out->minutes_milli[i] = minutes_milli(out->venue_mm[i], opts);
  out->free_minutes_milli[i] = minutes_milli(out->free_venue_mm[i], opts);
  if (out->venue[i] == KY_NONE) return;
  out->km_round_trip_milli[i] = ky_ratio(out->venue_mm[i], 2, 1000);
  const uint32_t to = out->free_venue[i] != KY_NONE ? out->free_venue[i] : out->venue[i];
  const uint32_t there_mm = out->free_venue[i] != KY_NONE ? out->free_venue_mm[i] : out->venue_mm[i];
  if (in->resources != NULL && limit < there_mm + opts->detour_mm)
    ky_road_from(search, &roads->stops, main_stop, there_mm + opts->detour_mm);
  ky_mobility_on_the_way(in, roads, opts, search, back, to, i, out);
  ky_tour_find(roads, to, i, opts, search, out);
  find_effort(opts, in->gaps->riders_milli[out->area[i]], i, out);
}

static ky_err find_ways(ky_job *job, const ky_mobility_in *in, const ky_mobility_opts *opts, ky_mobility *out) {
  ky_roads roads;
  ky_providers providers;
  ky_search *search;
  const uint32_t pairs = 2 * (uint32_t)job->threads;
  KY_TRY(ky_roads_build(job, in, opts, out, &roads));
  KY_TRY(ky_providers_new(job, in, out->count, &providers));
  KY_NEW(job, scratch, search, pairs);
  for (uint32_t s = 0; s < pairs; s++) KY_TRY(ky_search_new(job, &roads.network, &search[s]));
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
  for (uint32_t i = 0; i < out->count; i++) {
    ky_search *own = &search[2 * ky_thread()];
    look_around(in, &roads, opts, &providers, &own[0], &own[1], i, out);
  }
  for (uint32_t i = 0; i < out->count; i++)
    if (in->resources != NULL && out->venue[i] != KY_NONE)
      out->has_package[i] = in->gaps->remedy[out->area[i]] == KY_MOBILITY_SUPPORT && out->shop[i] != KY_NONE;
  return ky_providers_list(job, in, &providers, out);
}

ky_err ky_mobility_build(ky_job *job, const ky_mobility_in *in, const ky_mobility_opts *opts, ky_mobility *out) {
  const ky_gaps *gaps = in->gaps;
  uint32_t n = 0;
  memset(out, 0, sizeof *out);
  if (opts->speed_m_per_min <= 0)
    return ky_fail(job, KY_E_CONFIG, ky_tr("mobility.speed_m_per_min must be more than 0 metres per minute"));
  for (uint32_t a = 0; a < gaps->count; a++) n += gaps->remedy[a] != KY_NEW_VENUE;
  KY_TRY(new_columns(job, n, out));
  for (uint32_t a = 0; a < gaps->count; a++) {
    if (gaps->remedy[a] == KY_NEW_VENUE) continue;
    const uint32_t i = out->count++;
    out->area[i] = a;
    out->rank[i] = i + 1; /* areas come by people 65+ */
    out->riders_75_milli[i] = gaps->riders_75_milli[a];
    out->no_venue_no_shop[i] = without_shop(in, a);
  }
  if (in->streets != NULL && n != 0) KY_TRY(find_ways(job, in, opts, out));
  if (gaps->shapes.kind == KY_SHAPE_NONE || gaps->shapes.count != gaps->count) return KY_OK;
  return ky_shapes_pick(job, &gaps->shapes, out->area, out->count, &out->shapes);
}
