/* What is behind the numbers of one cell: a search from each point that is explained, and the routes in it. */
#include <kayoi/explain.h>
#include <math.h>
#include <string.h>

/* The first search for near venues looks this far; the next ones each four times as far. */
#define FIRST_LIMIT 2000000u
#define NO_LIMIT    (KY_NONE - 1)

uint32_t ky_straight_mm(const ky_points *points, uint32_t point, const ky_venues *venues, uint32_t venue) {
  const double dx = venues->x_m[venue] - points->x_m[point], dy = venues->y_m[venue] - points->y_m[point];
  const double mm = sqrt(dx * dx + dy * dy) * 1000.0;
  return mm < (double)KY_NONE ? (uint32_t)llround(mm) : KY_NONE; /* NAN: false */
}

/* The first whose walk is the median, as in ky_nearest_cells, so that both name the same venues. */
static void choose_point(const ky_result *result, ky_explanation *out) {
  const ky_points *points = result->points;
  const uint32_t median = result->coverage->cell_walk_median_mm[out->cell];
  const uint32_t first = points->first_point[out->cell], end = points->first_point[out->cell + 1];
  out->is_median = median != KY_NONE;
  out->point = first;
  if (out->is_median)
    while (out->point + 1 < end && result->coverage->walk_mm[out->point] != median) out->point++;
  for (uint32_t i = first + 1; i < end && !out->is_median; i++)
    if (points->weight_um[i] > points->weight_um[out->point]) out->point = i;
}

static void search_from(ky_search *search, const ky_anchors *anchors, uint32_t point, uint32_t limit_mm) {
  ky_search_run(search, anchors->edge[point], anchors->along_mm[point], anchors->access_mm[point], limit_mm);
}

/* Walk to a venue in the search; KY_NONE: not within its limit. */
static uint32_t walk_to(const ky_search *search, const ky_anchors *venues, uint32_t v) {
  if (venues->edge[v] == KY_NONE) return KY_NONE;
  uint32_t cost = ky_search_cost(search, venues->edge[v], venues->along_mm[v]);
  uint64_t walk = (uint64_t)cost + venues->access_mm[v];
  return cost != KY_NONE && walk <= search->limit_mm ? (uint32_t)walk : KY_NONE;
}

static bool is_before(const ky_near_venue *a, const ky_near_venue *b) {
  if (a->walk_mm != b->walk_mm) return a->walk_mm < b->walk_mm;
  if (a->walk_mm == KY_NONE && a->straight_mm != b->straight_mm) return a->straight_mm < b->straight_mm;
  return a->venue < b->venue;
}

/* Into the list if it belongs to the first of them. */
static void insert(ky_near_venue *list, uint32_t *count, ky_near_venue item) {
  uint32_t at = *count;
  while (at > 0 && is_before(&item, &list[at - 1])) at--;
  if (at == KY_NEAR_VENUES) return;
  if (*count < KY_NEAR_VENUES) ++*count;
  for (uint32_t k = *count - 1; k > at; k--) list[k] = list[k - 1];
  list[at] = item;
}

/* Does the venue count for people at the point? */
static bool is_for(const ky_result *result, uint32_t venue, uint32_t point) {
  const ky_venues *venues = result->venues;
  if (venues->counts[venue] == 0 || ky_catchment_set(&venues->catchments, venue) == KY_NONE)
    return venues->counts[venue] != 0;
  return ky_venue_serves(&venues->catchments, venue, result->points->row[point]);
}

const char *ky_venue_reason_at(const ky_result *result, uint32_t venue, uint32_t point) {
  if (result->venues->counts[venue] == 0) return result->venues->reason[venue];
  return is_for(result, venue, point) ? NULL : "other_zones";
}

static void find_near(const ky_result *result, ky_search *search, ky_explanation *out) {
  const ky_venues *venues = result->venues;
  for (uint64_t limit = FIRST_LIMIT;; limit *= 4) {
    if (limit > NO_LIMIT) limit = NO_LIMIT;
    search_from(search, result->point_anchors, out->point, (uint32_t)limit);
    out->near_count = 0;
    for (uint32_t v = 0; v < venues->count; v++) {
      if (!is_for(result, v, out->point)) continue;
      insert(out->near, &out->near_count,
             (ky_near_venue){.venue = v,
                             .walk_mm = walk_to(search, result->venue_anchors, v),
                             .straight_mm = ky_straight_mm(result->points, out->point, venues, v)});
    }
    if (limit == NO_LIMIT) return;
    if (out->near_count == 0 || out->near[out->near_count - 1].walk_mm != KY_NONE) return;
  }
}

/* Why is the hall next door not the nearest? True when one of them may have a way beyond the limit of the search. */
static bool list_passed(const ky_result *result, const ky_search *search, ky_explanation *out) {
  const ky_venues *venues = result->venues;
  const ky_near_venue *first = out->near_count > 0 ? &out->near[0] : NULL;
  const uint32_t limit = first == NULL ? KY_NONE : first->walk_mm != KY_NONE ? first->walk_mm : first->straight_mm;
  bool is_open = false;
  out->passed_count = 0;
  for (uint32_t v = 0; v < venues->count; v++) {
    const ky_near_venue item = {.venue = v,
                                .walk_mm = walk_to(search, result->venue_anchors, v),
                                .straight_mm = ky_straight_mm(result->points, out->point, venues, v)};
    if (is_for(result, v, out->point) || item.straight_mm >= limit) continue;
    is_open = is_open || (item.walk_mm == KY_NONE && result->venue_anchors->edge[v] != KY_NONE);
    insert(out->passed, &out->passed_count, item);
  }
  return is_open && search->limit_mm < NO_LIMIT;
}

static void find_passed(const ky_result *result, ky_search *search, ky_explanation *out) {
  if (!list_passed(result, search, out)) return;
  search_from(search, result->point_anchors, out->point, NO_LIMIT);
  list_passed(result, search, out);
}

/* What was found, venue KY_NONE: nothing, is not what the run has counted. */
static ky_err fail_walk(ky_job *job, const ky_result *result, uint32_t point, uint32_t venue, uint32_t route_mm) {
  const char **id = result->venues->id;
  const uint32_t cell = result->points->cell[point], counted = result->coverage->venue[point];
  return ky_fail(
      job, KY_E_INTERNAL,
      ky_tr("cell %s, point %u: the route to venue %s is %.3f m, but the run counts a walk of %.3f m to venue "
            "%s; please report this with the config"),
      result->cells->id[cell], point - result->points->first_point[cell] + 1, venue != KY_NONE ? id[venue] : "-",
      (double)route_mm / 1e3, (double)result->coverage->walk_mm[point] / 1e3, counted != KY_NONE ? id[counted] : "-");
}

static ky_err explain_point(ky_job *job, const ky_result *result, ky_search *search, uint32_t point, uint32_t venue,
                            ky_explained_route *out) {
  const ky_anchors *to = result->venue_anchors;
  const uint32_t nearest = result->coverage->venue[point], walk = result->coverage->walk_mm[point];
  *out = (ky_explained_route){.point = point, .venue = venue != KY_NONE ? venue : nearest};
  if (out->venue == KY_NONE) return KY_OK;
  search_from(search, result->point_anchors, point, out->venue == nearest ? walk : NO_LIMIT);
  const uint32_t v = out->venue;
  KY_TRY(ky_route_trace(job, search, to->edge[v], to->along_mm[v], to->access_mm[v], &out->route));
  if (v == nearest && out->route.walk_mm != walk) return fail_walk(job, result, point, v, out->route.walk_mm);
  if (is_for(result, v, point) && out->route.leg_count != 0 && out->route.walk_mm < walk)
    return fail_walk(job, result, point, v, out->route.walk_mm);
  return ky_route_parts(job, result->network, &out->route, &out->part, &out->part_count);
}

ky_err ky_explain(ky_job *job, const ky_result *result, const ky_explain_opts *opts, ky_explanation *out) {
  const ky_points *points = result->points;
  ky_search search;
  memset(out, 0, sizeof *out);
  out->cell = opts->cell;
  choose_point(result, out);
  KY_TRY(ky_search_new(job, result->network, &search));
  find_near(result, &search, out);
  find_passed(result, &search, out);
  const ky_near_venue none = {.venue = KY_NONE}, *nearest = out->near_count > 0 ? &out->near[0] : &none;
  if (out->is_median && (nearest->walk_mm != result->coverage->walk_mm[out->point] ||
                         nearest->venue != result->coverage->venue[out->point]))
    return fail_walk(job, result, out->point, nearest->venue, nearest->walk_mm);
  const uint32_t first = opts->with_points ? points->first_point[opts->cell] : out->point;
  const uint32_t end = opts->with_points ? points->first_point[opts->cell + 1] : out->point + 1;
  out->route_count = end - first;
  KY_NEW(job, keep, out->route, out->route_count);
  for (uint32_t i = first; i < end; i++)
    KY_TRY(explain_point(job, result, &search, i, opts->venue, &out->route[i - first]));
  return KY_OK;
}

/* Which venues count depends on the streets that are open. */
static ky_err venues_of(ky_job *job, const ky_venues *venues, const int8_t *counts, ky_venues *out) {
  *out = *venues;
  KY_NEW(job, keep, out->counts, venues->count);
  KY_NEW(job, keep, out->reason, venues->count);
  for (uint32_t v = 0; v < venues->count; v++) {
    out->counts[v] = counts[v];
    out->reason[v] = counts[v] != 0 ? NULL : venues->counts[v] != 0 ? "no_street_near" : venues->reason[v];
  }
  return KY_OK;
}

ky_err ky_explain_profile(ky_job *job, const ky_result *result, uint32_t profile, ky_result *out) {
  const ky_profile_result *of = &result->profiles->result[profile];
  ky_network *network;
  ky_venues *venues;
  *out = *result;
  if (profile == 0) return KY_OK;
  KY_NEW(job, keep, network, 1);
  KY_NEW(job, keep, venues, 1);
  KY_TRY(ky_profile_network(job, result->streets, of->opts, network));
  KY_TRY(venues_of(job, result->venues, of->counts, venues));
  out->network = network;
  out->venues = venues;
  out->venue_anchors = &of->venue_anchors;
  out->point_anchors = &of->point_anchors;
  out->walks = &of->walks;
  out->coverage = &of->coverage;
  out->walk_opts = of->opts;
  return KY_OK;
}
