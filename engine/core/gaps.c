/* Gaps: why a place is missing for each uncovered point, what would help, and the second part of the ledger. */
#include <kayoi/gaps.h>

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/gaps_areas.h"
#include "core/gaps_join.h"

static const struct {
  const char *name, *alias;
} REMEDIES[KY_REMEDY_COUNT] =
    {
        [KY_NEW_VENUE] = {"new_venue", "新しい通いの場"},
        [KY_TRANSIT] = {"transit", "バスで通える"},
        [KY_MOBILITY_SUPPORT] = {"mobility_support", "移動支援の候補"},
        [KY_OUTREACH] = {"outreach", "訪問・出張の候補"},
},
  CAUSES[KY_CAUSE_COUNT] = {
      [KY_CAUSE_DISCONNECTED] = {"disconnected", "道路がつながらない"},
      [KY_CAUSE_NO_STREET_NEAR] = {"no_street_near", "近くに道路がない"},
      [KY_CAUSE_SLOPE] = {"slope", "坂道"},
      [KY_CAUSE_DETOUR] = {"detour", "遠回り"},
      [KY_CAUSE_NO_VENUE] = {"no_venue", "近くに場がない"},
};

const char *ky_remedy_name(ky_remedy remedy) {
  return remedy < KY_REMEDY_COUNT ? REMEDIES[remedy].name : NULL;
}

const char *ky_remedy_alias(ky_remedy remedy) {
  return remedy < KY_REMEDY_COUNT ? REMEDIES[remedy].alias : NULL;
}

const char *ky_cause_name(ky_cause cause) {
  return cause < KY_CAUSE_COUNT ? CAUSES[cause].name : NULL;
}

const char *ky_cause_alias(ky_cause cause) {
  return cause < KY_CAUSE_COUNT ? CAUSES[cause].alias : NULL;
}

/* The first cause that holds, in the order of ky_cause. Where no venue counts at all, the cause is that, not a broken
 * road. */
static uint8_t cause_of(const ky_coverage *coverage, uint32_t primary_mm, uint32_t point) {
  if (coverage->reason[point] == KY_DISCONNECTED) return KY_CAUSE_DISCONNECTED;
  if (coverage->reason[point] == KY_NO_STREET_NEAR || coverage->reason[point] == KY_BEHIND_BARRIER)
    return KY_CAUSE_NO_STREET_NEAR; /* none on its side */
  if (coverage->reach[point] == KY_BEYOND && coverage->flat_mm != NULL && coverage->flat_mm[point] <= primary_mm)
    return KY_CAUSE_SLOPE;
  if (coverage->reach[point] == KY_BEYOND && coverage->straight_mm[point] <= primary_mm) return KY_CAUSE_DETOUR;
  return KY_CAUSE_NO_VENUE;
}

static ky_err check_opts(ky_job *job, const ky_gaps_opts *opts) {
  if (!(opts->link_m >= 1 && opts->link_m <= 100000))
    return ky_fail(job, KY_E_CONFIG, ky_tr("gaps.link_m is %g; give metres from 1 to 100000"), opts->link_m);
  if (opts->sessions_milli <= 0 || opts->attendances_milli < 0 || opts->rate < 0)
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("gaps: riders need a rate, attendances and sessions per month that are not negative, and more "
                         "than 0 sessions"));
  return KY_OK;
}

/* Points that no site of the order covers, as places for the clusters. */
typedef struct rest {
  uint32_t count;
  uint32_t *point, *people, *group;
  double *x_m, *y_m;
} rest;

/* Of these, those whom a bus serves, or those whom it does not. */
static bool is_left(const ky_gaps *gaps, const ky_sites *sites, const int8_t *by_bus, bool with_bus, uint32_t point) {
  if (gaps->point_cause[point] == KY_CAUSE_COUNT || sites->point_site[point] != KY_NONE) return false;
  return (by_bus != NULL && by_bus[point] == 1) == with_bus;
}

static ky_err rest_new(ky_job *job, const ky_points *points, const ky_sites *sites, const ky_gaps *gaps,
                       const int8_t *by_bus, bool with_bus, rest *out) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < points->count; i++) n += is_left(gaps, sites, by_bus, with_bus, i);
  *out = (rest){.count = 0};
  KY_NEW(job, scratch, out->point, n);
  KY_NEW(job, scratch, out->people, n);
  KY_NEW(job, scratch, out->group, n);
  KY_NEW(job, scratch, out->x_m, n);
  KY_NEW(job, scratch, out->y_m, n);
  for (uint32_t i = 0; i < points->count; i++) {
    if (!is_left(gaps, sites, by_bus, with_bus, i)) continue;
    uint32_t r = out->count++, people = points->people[KY_65][i];
    out->point[r] = i;
    out->people[r] = people == KY_NONE ? 0 : people;
    out->x_m[r] = points->x_m[i];
    out->y_m[r] = points->y_m[i];
  }
  return KY_OK;
}

/* Groups 0 .. sites->count - 1 are those of the sites, then come the clusters of those whom a bus serves, then those of
 * the others. */
static ky_err group_points(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_sites *sites,
                           const int8_t *by_bus, const ky_gaps_opts *opts, ky_gaps *gaps, ky_gap_groups *out) {
  rest left[2]; /* by bus, others */
  uint32_t cluster_count[2], first[2];
  gaps->link_used_m = fmax(opts->link_m, 1.5 * cells->spacing_m);
  const ky_groups_opts grouping = {
      .link_m = opts->link_m, .far_m = gaps->link_used_m, .width_m = 2 * (opts->primary_mm / 1000.0)};
  for (int k = 0; k < 2; k++) {
    rest *of = &left[k];
    KY_TRY(rest_new(job, points, sites, gaps, by_bus, k == 0, of));
    KY_TRY(ky_group_points(job, of->x_m, of->y_m, of->people, of->count, &grouping, of->group, &cluster_count[k]));
  }
  first[0] = sites->count;
  first[1] = first[0] + cluster_count[0];
  out->count = first[1] + cluster_count[1];
  KY_NEW(job, scratch, out->point_group, points->count);
  KY_NEW(job, scratch, out->people_65, out->count);
  KY_NEW(job, scratch, out->remedy, out->count);
  KY_NEW(job, scratch, out->site, out->count);
  memset(out->point_group, 0xff, points->count * sizeof *out->point_group);
  for (int k = 0; k < 2; k++)
    for (uint32_t r = 0; r < left[k].count; r++) out->point_group[left[k].point[r]] = first[k] + left[k].group[r];
  for (uint32_t i = 0; i < points->count; i++) {
    if (gaps->point_cause[i] == KY_CAUSE_COUNT) continue;
    if (sites->point_site[i] != KY_NONE) out->point_group[i] = sites->point_site[i];
    uint32_t people = points->people[KY_65][i];
    if (people != KY_NONE) out->people_65[out->point_group[i]] += people;
  }
  for (uint32_t g = 0; g < out->count; g++) {
    bool is_site = g < sites->count;
    bool is_ride = ky_gap_riders_milli(opts, out->people_65[g]) >= opts->min_riders_milli;
    out->site[g] = is_site ? g : KY_NONE;
    out->remedy[g] = is_site ? KY_NEW_VENUE : g < first[1] ? KY_TRANSIT : is_ride ? KY_MOBILITY_SUPPORT : KY_OUTREACH;
  }
  return KY_OK;
}

/* beyond + unreachable once more, from the points, now by whether they are in an area. */
static ky_err count_ledger(ky_job *job, const ky_points *points, const ky_zones *zones, const ky_coverage *coverage,
                           ky_gaps *gaps) {
  const size_t cells = (size_t)KY_ROW_COUNT(zones) * KY_MEASURE_COUNT;
  KY_NEW(job, keep, gaps->in_gap, cells);
  KY_NEW(job, keep, gaps->not_in_gap, cells);
  for (uint32_t i = 0; i < points->count; i++) {
    if (coverage->reach[i] != KY_BEYOND && coverage->reach[i] != KY_UNREACHABLE) continue;
    int64_t *side = gaps->point_area[i] != KY_NONE ? gaps->in_gap : gaps->not_in_gap;
    for (int m = 0; m < KY_MEASURE_COUNT; m++) {
      if (points->people[m] == NULL || points->people[m][i] == KY_NONE) continue;
      side[(size_t)points->row[i] * KY_MEASURE_COUNT + (size_t)m] += points->people[m][i];
    }
  }
  for (uint32_t row = 0; row <= KY_ROW_OUTSIDE_ZONES(zones); row++) {
    for (size_t m = 0; m < KY_MEASURE_COUNT; m++) {
      size_t from = (size_t)row * KY_MEASURE_COUNT + m, to = (size_t)KY_ROW_MUNICIPALITY(zones) * KY_MEASURE_COUNT + m;
      gaps->in_gap[to] += gaps->in_gap[from];
      gaps->not_in_gap[to] += gaps->not_in_gap[from];
    }
  }
  return KY_OK;
}

ky_err ky_gaps_build(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                     const ky_venues *venues, const ky_coverage *coverage, const ky_sites *sites, const int8_t *by_bus,
                     const ky_gaps_opts *opts, ky_gaps *out) {
  assert(points->people[KY_65] != NULL && venues->count == coverage->venue_count);
  (void)venues;
  memset(out, 0, sizeof *out);
  KY_TRY(check_opts(job, opts));
  out->point_count = points->count;
  KY_NEW(job, keep, out->point_remedy, points->count);
  KY_NEW(job, keep, out->point_cause, points->count);
  KY_NEW(job, keep, out->point_area, points->count);
  memset(out->point_area, 0xff, points->count * sizeof *out->point_area);
  for (uint32_t i = 0; i < points->count; i++)
    out->point_cause[i] = ky_point_is_demand(points, coverage, zones, i) ? cause_of(coverage, opts->primary_mm, i)
                                                                         : (uint8_t)KY_CAUSE_COUNT;
  ky_gap_groups groups = {0};
  KY_TRY(group_points(job, cells, points, sites, by_bus, opts, out, &groups));
  for (uint32_t i = 0; i < points->count; i++)
    out->point_remedy[i] =
        groups.point_group[i] == KY_NONE ? (uint8_t)KY_REMEDY_COUNT : groups.remedy[groups.point_group[i]];
  KY_TRY(ky_gaps_areas(job, cells, points, zones, coverage, opts, &groups, out));
  return count_ledger(job, points, zones, coverage, out);
}

static const char *row_name(const ky_zones *zones, uint32_t row) {
  if (row < zones->count) return zones->id[row];
  return row == KY_ROW_OUTSIDE_ZONES(zones) ? "outside_zones"
         : row == KY_ROW_OUTSIDE(zones)     ? "outside"
                                            : "municipality";
}

ky_err ky_gaps_balance(ky_job *job, const ky_zones *zones, const ky_coverage *coverage, const ky_gaps *gaps) {
  for (uint32_t row = 0; row < KY_ROW_COUNT(zones); row++) {
    for (int m = 0; m < KY_MEASURE_COUNT; m++) {
      if (gaps->people[m] == NULL) continue;
      size_t at = (size_t)row * KY_MEASURE_COUNT + (size_t)m;
      int64_t beyond = coverage->people[KY_BEYOND][at], unreachable = coverage->people[KY_UNREACHABLE][at];
      int64_t in_gap = gaps->in_gap[at], not_in_gap = gaps->not_in_gap[at];
      if (beyond + unreachable == in_gap + not_in_gap) continue;
      return ky_fail(
          job, KY_E_INTERNAL,
          ky_tr("the ledger of gaps does not balance in row %s, measure %s: beyond %lld + unreachable %lld is "
                "not in_gap %lld + not_in_gap %lld (thousandths of a person); no result is written; please "
                "report this with the config"),
          row_name(zones, row), ky_measure_name((ky_measure)m), (long long)beyond, (long long)unreachable,
          (long long)in_gap, (long long)not_in_gap);
    }
  }
  return KY_OK;
}
