/* Transit supply of homes: the stops within their reach, and the best of what these offer. */
#include <kayoi/supply.h>

#include <string.h>

#include "core/supply_parts.h"
#include "core/thread.h"

const char *ky_supply_class_name(ky_supply_class class) {
  static const char *const names[KY_SUPPLY_CLASS_COUNT] = {
      [KY_SUPPLY_BLANK] = "blank", [KY_SUPPLY_POOR] = "poor", [KY_SUPPLY_OK] = "ok"};
  return class < KY_SUPPLY_CLASS_COUNT ? names[class] : NULL;
}

/* Pairs by venue turned to pairs by stop. */
static ky_err venues_of_stops(ky_job *job, const ky_supply_in *in, const ky_stop_supply *stop, const uint32_t *limit_mm,
                              ky_stop_venues *out) {
  ky_near near;
  const uint32_t stops = in->stops->count, venues = in->venues->count;
  uint32_t *next;
  KY_TRY(ky_near_build(job, in->network, &stop->anchors, stop->use, limit_mm, in->venue_anchors, &near));
  KY_NEW(job, scratch, out->first, (size_t)stops + 1);
  KY_NEW(job, scratch, out->venue, near.count);
  KY_NEW(job, scratch, out->walk_mm, near.count);
  KY_NEW(job, scratch, next, stops);
  for (uint32_t v = 0; v < venues; v++)
    for (uint32_t i = near.first[v]; in->venues->counts[v] != 0 && i < near.first[v + 1]; i++)
      out->first[near.origin[i] + 1]++;
  for (uint32_t s = 0; s < stops; s++) {
    out->first[s + 1] += out->first[s];
    next[s] = out->first[s];
  }
  for (uint32_t v = 0; v < venues; v++)
    for (uint32_t i = near.first[v]; in->venues->counts[v] != 0 && i < near.first[v + 1]; i++) {
      const uint32_t at = next[near.origin[i]]++;
      out->venue[at] = v;
      out->walk_mm[at] = near.walk_mm[i];
    }
  return KY_OK;
}

/* Walks to the nearest stop in use, on a field of their own. */
static ky_err walk_to_stops(ky_job *job, const ky_supply_in *in, ky_supply *out) {
  ky_job inner;
  ky_field field;
  ky_walks walks = {0};
  ky_job_init(&inner, job->threads);
  ky_err err = ky_walk_field(&inner, in->network, in->contraction, &out->stop.anchors, out->stop.use, &field);
  if (err == KY_OK)
    err = ky_walk_places(&inner, in->network, &field, &out->stop.anchors, out->stop.use, in->point_anchors, &walks);
  if (err == KY_OK && walks.count != 0) {
    memcpy(out->nearest_mm, walks.walk_mm, walks.count * sizeof *out->nearest_mm);
    memcpy(out->nearest, walks.source, walks.count * sizeof *out->nearest);
  }
  ky_job_free(&inner);
  return err == KY_OK ? KY_OK : ky_fail_memory(job); /* nothing else can fail */
}

/* Does rule 2 hold from the stop for people of the row? 1, 0, -1: cannot be known. A venue for other zones is none. */
static int8_t leads(const ky_supply_in *in, const ky_stop_supply *stop, uint32_t s, uint32_t row) {
  const ky_catchments *catchments = &in->venues->catchments;
  if (stop->reaches[s] != 1 || catchments->set == NULL) return stop->reaches[s];
  for (uint32_t v = stop->first_venue[s]; v < stop->first_venue[s + 1]; v++)
    if (ky_venue_serves(catchments, stop->venues[v], row)) return 1;
  return 0;
}

/* How good a stop is for a home: what it leads to first, then what leaves. */
static uint64_t score_of(const ky_supply_in *in, const ky_stop_supply *stop, uint32_t s, uint32_t row) {
  uint64_t most = 0;
  for (int d = 0; d < KY_WEEK_DAYS; d++) {
    const uint32_t to = stop->to[(size_t)s * KY_WEEK_DAYS + (size_t)d],
                   back = stop->back[(size_t)s * KY_WEEK_DAYS + (size_t)d];
    if (to == KY_NONE) continue;
    const uint32_t least = to < back ? to : back, kept = least < 0xFFFFFF ? least : 0xFFFFFF;
    if (kept > most) most = kept;
  }
  const int64_t departures = stop->departures[s] == KY_NULL ? 0 : stop->departures[s];
  return (uint64_t)(leads(in, stop, s, row) == 1) << 62 | most << 32 |
         (uint64_t)(departures < INT32_MAX ? departures : INT32_MAX);
}

static bool is_better(const ky_supply_in *in, const ky_stop_supply *stop, uint32_t row, uint32_t s, uint32_t walk_mm,
                      uint32_t best, uint32_t best_mm) {
  if (best == KY_NONE) return true;
  const uint64_t one = score_of(in, stop, s, row), other = score_of(in, stop, best, row);
  if (one != other) return one > other;
  return walk_mm != best_mm ? walk_mm < best_mm : s < best;
}

/* Venues for which rule 2 holds from any of the stops. seen: [venues] of the thread, the number of the last point. */
static uint32_t count_venues(const ky_supply_in *in, const ky_supply *out, const ky_near *near, uint32_t point,
                             uint32_t *seen) {
  const uint32_t row = in->points->row[point];
  uint32_t n = 0;
  for (uint32_t i = near->first[point]; i < near->first[point + 1]; i++) {
    const uint32_t s = near->origin[i];
    for (uint32_t v = out->stop.first_venue[s]; v < out->stop.first_venue[s + 1]; v++) {
      if (seen[out->stop.venues[v]] == point + 1) continue;
      seen[out->stop.venues[v]] = point + 1;
      n += ky_venue_serves(&in->venues->catchments, out->stop.venues[v], row);
    }
  }
  return n;
}

static void settle_point(const ky_supply_in *in, const ky_supply_opts *opts, const ky_near *near, uint32_t point,
                         uint32_t *seen, ky_supply *out) {
  const ky_stop_supply *stop = &out->stop;
  const uint32_t row = in->points->row[point];
  bool is_any = false, is_unknown = false;
  int64_t most = KY_NULL;
  out->best[point] = out->best_mm[point] = KY_NONE;
  for (uint32_t i = near->first[point]; i < near->first[point + 1]; i++) {
    const uint32_t s = near->origin[i];
    if (stop->is_demand[s]) out->has_demand[point] = 1;
    if (!stop->use[s]) continue;
    is_any = true;
    if (stop->departures[s] == KY_NULL)
      is_unknown = true;
    else if (most == KY_NULL || stop->departures[s] > most)
      most = stop->departures[s];
    const int8_t is_led = leads(in, stop, s, row);
    if (is_led == 1)
      out->by_bus[point] = 1;
    else if (is_led < 0 && out->by_bus[point] == 0)
      out->by_bus[point] = -1;
    if (is_better(in, stop, row, s, near->walk_mm[i], out->best[point], out->best_mm[point])) {
      out->best[point] = s;
      out->best_mm[point] = near->walk_mm[i];
    }
  }
  const bool is_blind = in->coverage->reason[point] == KY_NO_ROAD_DATA;
  out->departures[point] = is_any ? most : is_blind ? KY_NULL : 0;
  if (is_blind && !is_any) out->by_bus[point] = -1;
  out->venues[point] = count_venues(in, out, near, point, seen);
  if (!is_any)
    out->class[point] = is_blind ? KY_SUPPLY_UNKNOWN : KY_SUPPLY_BLANK;
  else if (most != KY_NULL && most >= opts->poor_below)
    out->class[point] = KY_SUPPLY_OK;
  else
    out->class[point] = is_unknown ? KY_SUPPLY_UNKNOWN : KY_SUPPLY_POOR;
}

static ky_err new_points(ky_job *job, uint32_t n, ky_supply *out) {
  out->point_count = n;
  KY_NEW(job, keep, out->nearest_mm, n);
  KY_NEW(job, keep, out->nearest, n);
  KY_NEW(job, keep, out->best, n);
  KY_NEW(job, keep, out->best_mm, n);
  KY_NEW(job, keep, out->departures, n);
  KY_NEW(job, keep, out->class, n);
  KY_NEW(job, keep, out->by_bus, n);
  KY_NEW(job, keep, out->venues, n);
  KY_NEW(job, keep, out->has_demand, n);
  return KY_OK;
}

static ky_err settle_points(ky_job *job, const ky_supply_in *in, const ky_supply_opts *opts, const uint32_t *limit_mm,
                            ky_supply *out) {
  const uint32_t n = in->points->count;
  const ky_stop_supply *stop = &out->stop;
  ky_near near;
  int8_t *use;
  uint32_t **seen;
  KY_NEW(job, scratch, use, in->stops->count);
  for (uint32_t s = 0; s < in->stops->count; s++) use[s] = stop->use[s] || stop->is_demand[s];
  KY_TRY(ky_near_build(job, in->network, &stop->anchors, use, limit_mm, in->point_anchors, &near));
  KY_NEW(job, scratch, seen, job->threads);
  for (int t = 0; t < job->threads; t++) KY_NEW(job, scratch, seen[t], in->venues->count);
#pragma omp parallel for schedule(static) num_threads(job->threads)
  for (uint32_t i = 0; i < n; i++) settle_point(in, opts, &near, i, seen[ky_thread()], out);
  return KY_OK;
}

ky_err ky_supply_build(ky_job *job, const ky_supply_in *in, const ky_supply_opts *opts, ky_supply *out) {
  ky_stop_venues venues = {0};
  uint32_t *limit_mm;
  memset(out, 0, sizeof *out);
  KY_TRY(ky_supply_limits(job, in->stops, opts, &limit_mm));
  KY_TRY(ky_supply_stops(job, in, opts, &out->stop));
  KY_TRY(venues_of_stops(job, in, &out->stop, limit_mm, &venues));
  KY_TRY(ky_supply_rides(job, in, opts, &venues, &out->stop));
  KY_TRY(new_points(job, in->points->count, out));
  KY_TRY(walk_to_stops(job, in, out));
  KY_TRY(settle_points(job, in, opts, limit_mm, out));
  return ky_supply_sums(job, in, out);
}
