/* Who is within walking range: the state of every demand point, and the ledger of people by row. */
#include <kayoi/coverage.h>
#include <math.h>
#include <string.h>

#include "core/coverage_parts.h"

const char *ky_reach_name(ky_reach reach) {
  static const char *const name[KY_REACH_COUNT] = {"covered", "beyond", "unreachable", "unknown"};
  return name[reach];
}

const char *ky_unreach_name(ky_unreach reason) {
  static const char *const name[KY_UNREACH_COUNT] = {"reached",           "no_street_near", "disconnected",
                                                     "no_counting_venue", "barrier",        "no_road_data"};
  return name[reason];
}

typedef struct straight_search {
  const ky_venues *venues;
  const uint32_t *venue; /* tree item -> venue */
  uint32_t nearest;      /* tree item found last */
  uint32_t row;          /* of the point */
  double x, y, best2;
} straight_search;

static double try_venue(void *user, uint32_t item, double limit2) {
  straight_search *search = user;
  if (!ky_venue_serves(&search->venues->catchments, search->venue[item], search->row)) return limit2;
  double dx = search->venues->x_m[search->venue[item]] - search->x,
         dy = search->venues->y_m[search->venue[item]] - search->y;
  double d2 = dx * dx + dy * dy;
  if (d2 < search->best2) {
    search->best2 = d2;
    search->nearest = item;
  }
  return d2 < limit2 ? d2 : limit2;
}

/* How many points one after the other: neighbours, so the venue nearest to one bounds the search of the next. */
#define RUN 1024

/* Straight distance to the nearest counting venue, those without a street near included. */
static ky_err find_straight(ky_job *job, const ky_points *points, const ky_venues *venues, ky_coverage *out) {
  double(*box)[4];
  uint32_t *venue, count = 0;
  ky_rtree tree;
  KY_NEW(job, scratch, box, venues->count);
  KY_NEW(job, scratch, venue, venues->count);
  for (uint32_t v = 0; v < venues->count; v++) {
    if (venues->counts[v] == 0 && !ky_venue_is_unsnapped(venues, v)) continue;
    box[count][0] = box[count][2] = venues->x_m[v];
    box[count][1] = box[count][3] = venues->y_m[v];
    venue[count++] = v;
  }
  KY_TRY(ky_rtree_build(job, &job->scratch, &box[0][0], count, &tree));
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
  for (uint32_t run = 0; run < (points->count + RUN - 1) / RUN; run++) {
    straight_search search = {.venues = venues, .venue = venue, .nearest = KY_NONE};
    for (uint32_t i = run * RUN; i < points->count && i < (run + 1) * RUN; i++) {
      search.x = points->x_m[i];
      search.y = points->y_m[i];
      search.row = points->row[i];
      search.best2 = INFINITY;
      if (search.nearest != KY_NONE) try_venue(&search, search.nearest, INFINITY);
      ky_rtree_nearest(&tree, search.x, search.y, search.best2, try_venue, &search);
      double mm = sqrt(search.best2) * 1000.0;
      out->straight_mm[i] = mm < (double)KY_NONE ? (uint32_t)llround(mm) : KY_NONE;
    }
  }
  return KY_OK;
}

static bool is_inside(const ky_shapes *extent, double x, double y) {
  for (uint32_t i = 0; i < extent->count; i++)
    if (ky_shape_locate(extent, i, x, y) >= 0) return true;
  return false;
}

static void judge(const ky_points *points, const ky_network *network, const ky_anchors *anchors, bool has_venue,
                  uint32_t primary_mm, uint32_t i, ky_coverage *out) {
  if (out->walk_mm[i] != KY_NONE) {
    out->reach[i] = out->walk_mm[i] <= primary_mm ? KY_COVERED : KY_BEYOND;
    out->reason[i] = KY_REACHED;
  } else if (anchors->edge[i] != KY_NONE) {
    out->reach[i] = KY_UNREACHABLE;
    out->reason[i] = has_venue ? KY_DISCONNECTED : KY_NO_COUNTING_VENUE;
  } else {
    bool has_data = is_inside(&network->extent, points->x_m[i], points->y_m[i]);
    out->reach[i] = has_data ? KY_UNREACHABLE : KY_UNKNOWN;
    const bool is_barred = anchors->barred != NULL && anchors->barred[i] == KY_BARRED_ALL;
    out->reason[i] = !has_data ? KY_NO_ROAD_DATA : is_barred ? KY_BEHIND_BARRIER : KY_NO_STREET_NEAR;
  }
}

/* [classes] Does any venue that counts serve it? */
static ky_err find_served(ky_job *job, const int8_t *counts, uint32_t venue_count, const ky_catchments *catchments,
                          uint8_t **out) {
  const uint32_t classes = catchments->set != NULL ? catchments->class_count : 1;
  uint8_t *has_set, has_open = 0;
  KY_NEW(job, scratch, *out, classes);
  KY_NEW(job, scratch, has_set, catchments->set_count);
  for (uint32_t v = 0; v < venue_count; v++) {
    const uint32_t set = ky_catchment_set(catchments, v);
    if (counts[v] != 0) *(set == KY_NONE ? &has_open : &has_set[set]) = 1;
  }
  for (uint32_t c = 0; c < classes; c++) {
    (*out)[c] = has_open;
    for (uint32_t s = 0; s < catchments->set_count && (*out)[c] == 0; s++)
      (*out)[c] = has_set[s] != 0 && ky_catchment_holds(catchments, s, c);
  }
  return KY_OK;
}

static ky_err judge_points(ky_job *job, const ky_points *points, const int8_t *counts, uint32_t venue_count,
                           const ky_catchments *catchments, const ky_network *network, const ky_anchors *anchors,
                           const ky_walks *walks, uint32_t primary_mm, ky_coverage *out) {
  uint8_t *is_served;
  KY_TRY(find_served(job, counts, venue_count, catchments, &is_served));
  KY_NEW(job, keep, out->reach, points->count);
  KY_NEW(job, keep, out->reason, points->count);
  out->walk_mm = walks->walk_mm;
  out->venue = walks->source;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(job->threads)
  for (uint32_t i = 0; i < points->count; i++) {
    const uint32_t class = catchments->set != NULL ? catchments->row_class[points->row[i]] : 0;
    judge(points, network, anchors, is_served[class] != 0, primary_mm, i, out);
  }
  return KY_OK;
}

static ky_err new_ledger(ky_job *job, const ky_walk_opts *opts, ky_coverage *out) {
  size_t rows = out->row_count;
  KY_NEW(job, keep, out->total, rows * KY_MEASURE_COUNT);
  for (uint32_t r = 0; r < KY_REACH_COUNT; r++) KY_NEW(job, keep, out->people[r], rows * KY_MEASURE_COUNT);
  for (uint32_t b = 0; b < opts->band_count; b++) {
    KY_NEW(job, keep, out->covered_band[b], rows);
    KY_NEW(job, keep, out->straight_band[b], rows);
  }
  for (uint32_t r = 0; r < KY_UNREACH_COUNT; r++) KY_NEW(job, keep, out->unreached[r], rows);
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    KY_NEW(job, keep, out->cells_without_count[m], rows);
    KY_NEW(job, keep, out->people_without_count[m], rows);
  }
  return KY_OK;
}

/* One measure of every point, into its row and into the municipality's. */
static void add_measure(const ky_points *points, uint32_t m, uint32_t outside, uint32_t municipality,
                        ky_coverage *out) {
  for (uint32_t i = 0; i < points->count; i++) {
    const uint32_t people = points->people[m][i], row = points->row[i];
    if (people == KY_NONE) continue;
    int64_t *state = out->people[out->reach[i]];
    out->total[row * KY_MEASURE_COUNT + m] += people;
    state[row * KY_MEASURE_COUNT + m] += people;
    if (row >= outside) continue;
    out->total[municipality * KY_MEASURE_COUNT + m] += people;
    state[municipality * KY_MEASURE_COUNT + m] += people;
  }
}

/* People 65+ of a point by band and by why no way was found. */
static void add_bands(const ky_points *points, const ky_walk_opts *opts, uint32_t i, uint32_t row, ky_coverage *out) {
  const int64_t people = points->people[KY_65][i];
  for (uint32_t b = 0; b < opts->band_count; b++) {
    if (out->walk_mm[i] <= opts->bands_mm[b]) out->covered_band[b][row] += people;
    if (out->straight_mm[i] <= opts->bands_mm[b]) out->straight_band[b][row] += people;
  }
  out->unreached[out->reason[i]][row] += people;
}

static void add_all_bands(const ky_points *points, const ky_walk_opts *opts, uint32_t outside, uint32_t municipality,
                          ky_coverage *out) {
  for (uint32_t i = 0; i < points->count; i++) {
    if (points->people[KY_65][i] == KY_NONE) continue;
    add_bands(points, opts, i, points->row[i], out);
    if (points->row[i] < outside) add_bands(points, opts, i, municipality, out);
  }
}

/* Each measure is summed by one thread, so rows need no lock; bands are one more. */
static void add_points(const ky_job *job, const ky_points *points, const ky_zones *zones, const ky_walk_opts *opts,
                       ky_coverage *out) {
  const uint32_t outside = KY_ROW_OUTSIDE(zones), municipality = KY_ROW_MUNICIPALITY(zones);
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
  for (uint32_t m = 0; m <= KY_MEASURE_COUNT; m++) {
    if (m == KY_MEASURE_COUNT)
      add_all_bands(points, opts, outside, municipality, out);
    else if (points->people[m] != NULL)
      add_measure(points, m, outside, municipality, out);
  }
}

static void count_cells_without(const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                                ky_coverage *out) {
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    if (cells->people[m] == NULL) continue;
    for (uint32_t c = 0; c < cells->count; c++) {
      if (cells->people[m][c] != KY_NULL) continue;
      int64_t total = cells->people[KY_TOTAL] != NULL ? cells->people[KY_TOTAL][c] : KY_NULL;
      uint32_t row = points->cell_zone[c];
      for (int both = 0; both < 2; both++) {
        out->cells_without_count[m][row]++;
        if (total != KY_NULL) out->people_without_count[m][row] += total;
        if (row >= KY_ROW_OUTSIDE(zones)) break;
        row = KY_ROW_MUNICIPALITY(zones);
      }
    }
  }
}

/* Everything that is a sum over points, whose states are known. */
static ky_err add_up(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                     const ky_walk_opts *opts, ky_coverage *out) {
  KY_TRY(new_ledger(job, opts, out));
  add_points(job, points, zones, opts, out);
  count_cells_without(cells, points, zones, out);
  return ky_coverage_cells(job, cells, points, out);
}

static ky_coverage sized(const ky_cells *cells, const ky_points *points, const ky_zones *zones, uint32_t venue_count,
                         const ky_walk_opts *opts) {
  return (ky_coverage){.point_count = points->count,
                       .cell_count = cells->count,
                       .venue_count = venue_count,
                       .row_count = KY_ROW_COUNT(zones),
                       .band_count = opts->band_count};
}

ky_err ky_coverage_build(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                         const ky_venues *venues, const ky_network *network, const ky_anchors *point_anchors,
                         const ky_anchors *venue_anchors, const ky_walks *walks, const ky_walk_opts *opts,
                         ky_coverage *out) {
  *out = sized(cells, points, zones, venues->count, opts);
  KY_NEW(job, keep, out->straight_mm, points->count);
  KY_TRY(judge_points(job, points, venues->counts, venues->count, &venues->catchments, network, point_anchors, walks,
                      opts->primary_mm, out));
  KY_TRY(find_straight(job, points, venues, out));
  KY_TRY(add_up(job, cells, points, zones, opts, out));
  return ky_coverage_venues(job, points, zones, venues, network, point_anchors, venue_anchors, opts, out);
}

ky_err ky_coverage_further(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                           const int8_t *counts, uint32_t venue_count, const ky_catchments *catchments,
                           const ky_network *network, const ky_anchors *point_anchors, const ky_walks *walks,
                           uint32_t *straight_mm, const ky_walk_opts *opts, ky_coverage *out) {
  *out = sized(cells, points, zones, venue_count, opts);
  out->straight_mm = straight_mm;
  KY_TRY(
      judge_points(job, points, counts, venue_count, catchments, network, point_anchors, walks, opts->primary_mm, out));
  return add_up(job, cells, points, zones, opts, out);
}

/* Largest difference that a ledger may have: none. */
static ky_err compare(ky_job *job, const char *what, const char *where, uint32_t measure, int64_t left, int64_t right) {
  if (left == right) return KY_OK;
  return ky_fail(
      job, KY_E_INTERNAL,
      ky_tr("the ledger does not balance: %s, %s, people %s: %.3f against %.3f; no result is written; please "
            "report this with the config"),
      what, where, ky_measure_name((ky_measure)measure), (double)left / 1e3, (double)right / 1e3);
}

ky_err ky_coverage_balance(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                           const ky_coverage *coverage) {
  const uint32_t outside = KY_ROW_OUTSIDE(zones), municipality = KY_ROW_MUNICIPALITY(zones);
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    if (cells->people[m] == NULL) continue;
    int64_t input = 0, placed = 0, inside = 0, everywhere = 0;
    for (uint32_t c = 0; c < cells->count; c++)
      if (cells->people[m][c] != KY_NULL) input += cells->people[m][c];
    for (uint32_t i = 0; i < points->count; i++)
      if (points->people[m][i] != KY_NONE) placed += points->people[m][i];
    KY_TRY(compare(job, "cells = points", "all", m, input, placed));
    for (uint32_t row = 0; row < coverage->row_count; row++) {
      int64_t states = 0, total = coverage->total[row * KY_MEASURE_COUNT + m];
      for (uint32_t r = 0; r < KY_REACH_COUNT; r++) states += coverage->people[r][row * KY_MEASURE_COUNT + m];
      const char *where = row < zones->count    ? zones->id[row]
                          : row == outside      ? "outside"
                          : row == municipality ? "municipality"
                                                : "outside_zones";
      KY_TRY(compare(job, "pop = covered + beyond + unreachable + unknown", where, m, total, states));
      if (row < outside) inside += total;
      if (row != municipality) everywhere += total;
    }
    KY_TRY(compare(job, "municipality = zones + outside_zones", "municipality", m,
                   coverage->total[municipality * KY_MEASURE_COUNT + m], inside));
    KY_TRY(compare(job, "input = zones + outside_zones + outside", "all", m, input, everywhere));
  }
  return KY_OK;
}
