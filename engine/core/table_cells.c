/* Layer cells: where people live and how far they walk. */
#include <kayoi/write.h>

#include "core/ratio.h"
#include "core/table_columns.h"

#define CAPACITY (16 + 2 * KY_MEASURE_COUNT)

static const char *const placement_names[] = {[KY_PLACED_BUILDINGS] = "buildings",
                                              [KY_PLACED_STREETS] = "streets",
                                              [KY_PLACED_STREETS_ANY] = "streets_any",
                                              [KY_PLACED_CENTROID] = "centroid",
                                              [KY_PLACED_GIVEN] = "given"};
static const char *const age_source_names[] = {[KY_AGE_OWN] = "own", [KY_AGE_GROUP] = "group"};

/* zone_id is null outside the zones; `place` says which outside. */
static ky_err add_place(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_zones *zones = result->zones;
  const uint32_t *row = result->points->cell_zone;
  const char **zone_id, **place;
  KY_NEW(job, keep, zone_id, table->count);
  KY_NEW(job, keep, place, table->count);
  for (uint32_t c = 0; c < table->count; c++) {
    bool is_zone = row[c] < zones->count;
    zone_id[c] = is_zone ? zones->id[row[c]] : NULL;
    place[c] = is_zone ? "zone" : row[c] == KY_ROW_OUTSIDE_ZONES(zones) ? "outside_zones" : "outside";
  }
  ky_table_text(table, "zone_id", "日常生活圏域", zone_id);
  ky_table_text(table, "place", "区分", place);
  return KY_OK;
}

static ky_err add_people(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_cells *cells = result->cells;
  const ky_coverage *coverage = result->coverage;
  int64_t *share;
  for (int m = 0; m < KY_MEASURE_COUNT; m++)
    if (cells->people[m] != NULL) KY_TRY(ky_table_people(job, table, "pop", "人口", (ky_measure)m, cells->people[m]));
  for (int m = 0; m < KY_MEASURE_COUNT; m++)
    if (cells->people[m] != NULL && coverage->cell_covered[m] != NULL)
      KY_TRY(ky_table_people(job, table, "covered", "徒歩圏内", (ky_measure)m, coverage->cell_covered[m]));
  if (cells->people[KY_65] == NULL || coverage->cell_covered[KY_65] == NULL)
    return ky_table_nulls(job, table, "covered_share_65", "徒歩圏内の割合（65歳以上）", "share", 6);
  KY_NEW(job, keep, share, table->count);
  for (uint32_t c = 0; c < table->count; c++)
    share[c] = ky_ratio_share(coverage->cell_covered[KY_65][c], cells->people[KY_65][c]);
  ky_table_fixed(table, "covered_share_65", "徒歩圏内の割合（65歳以上）", "share", 6, share);
  return KY_OK;
}

static ky_err add_walk(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_coverage *coverage = result->coverage;
  const char **reach;
  KY_TRY(ky_table_mm(job, table, "walk_m_median", "徒歩距離の中央値", coverage->cell_walk_median_mm));
  KY_TRY(ky_table_mm(job, table, "walk_m_mean", "徒歩距離の平均", coverage->cell_walk_mean_mm));
  KY_TRY(ky_table_mm(job, table, "straight_m", "直線距離の中央値", coverage->cell_straight_mm));
  KY_TRY(ky_table_lookup(job, table, "nearest_venue_id", "最寄りの通いの場", result->venues->id, coverage->cell_venue));
  KY_NEW(job, keep, reach, table->count);
  for (uint32_t c = 0; c < table->count; c++) reach[c] = ky_reach_name((ky_reach)coverage->cell_reach[c]);
  ky_table_text(table, "reach", "徒歩圏の判定", reach);
  return KY_OK;
}

static ky_err add_origin(ky_job *job, const ky_result *result, ky_table *table) {
  const char **placement, **age_source;
  KY_NEW(job, keep, placement, table->count);
  KY_NEW(job, keep, age_source, table->count);
  for (uint32_t c = 0; c < table->count; c++) {
    placement[c] = placement_names[result->points->placement[c]];
    age_source[c] = age_source_names[result->cells->age_source[c]];
  }
  ky_table_text(table, "placement", "人の位置の決め方", placement);
  ky_table_text(table, "age_source", "年齢別人口の出所", age_source);
  return KY_OK;
}

/* The handbook's density x rate: people 65+ times the rate of the cell's zone; null outside the zones. */
static ky_err add_target(ky_job *job, const ky_result *result, ky_table *table) {
  const int64_t *people = result->cells->people[KY_65];
  int64_t *target;
  KY_NEW(job, keep, target, table->count);
  for (uint32_t c = 0; c < table->count; c++) {
    uint32_t row = result->points->cell_zone[c];
    int64_t rate = row < result->zones->count ? result->targets->rate[row] : KY_NULL;
    bool is_known = people != NULL && people[c] != KY_NULL && rate != KY_NULL;
    target[c] = is_known ? ky_ratio(people[c], rate, KY_WHOLE) : KY_NULL;
  }
  ky_table_fixed(table, "target_participants", "目標参加者数（人口データの65歳以上×目標参加率）", "people", 3, target);
  return KY_OK;
}

ky_err ky_cells_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_cells *cells = result->cells;
  KY_TRY(ky_table_new(job, "cells", "居住エリア", cells->count, &cells->shapes, CAPACITY, out));
  ky_table_text(out, "cell_id", "メッシュ番号", cells->id);
  KY_TRY(add_place(job, result, out));
  KY_TRY(add_people(job, result, out));
  KY_TRY(add_walk(job, result, out));
  KY_TRY(add_origin(job, result, out));
  return add_target(job, result, out);
}
