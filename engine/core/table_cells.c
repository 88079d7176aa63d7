/* Layer cells: where people live and how far they walk. */
#include <kayoi/buildings.h>
#include <kayoi/write.h>
#include <math.h>

#include "core/ratio.h"
#include "core/table_columns.h"
#include "core/table_supply.h"

#define CAPACITY (42 + 2 * KY_MEASURE_COUNT + 3 * KY_NEAREST_MAX + 3 * KY_PROFILES_MAX)

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
  if (result->cells->place_name == NULL) return ky_table_constant(job, table, "place_name", "町丁", NULL);
  ky_table_text(table, "place_name", "町丁", result->cells->place_name);
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

/* Minutes at the profile's base speed, hundredths. */
static ky_err add_minutes(ky_job *job, ky_table *table, const char *name, const char *alias,
                          const ky_walk_opts *profile, const uint32_t *walk_mm) {
  int64_t *minutes;
  if (name == NULL || alias == NULL) return ky_fail_memory(job);
  KY_NEW(job, keep, minutes, table->count);
  for (uint32_t c = 0; c < table->count; c++) minutes[c] = ky_profile_minutes(profile, walk_mm[c]);
  ky_table_fixed(table, name, alias, "min", 2, minutes);
  return KY_OK;
}

/* What further profiles say of the cell; the columns carry their names. */
static ky_err add_profiles(ky_job *job, const ky_result *result, ky_table *table) {
  for (uint32_t p = 1; result->profiles != NULL && p < result->profiles->count; p++) {
    const ky_profile_result *of = &result->profiles->result[p];
    const char *profile = of->opts->profile;
    const char *covered = ky_format(&job->keep, "covered_65_%s", profile);
    const char *walk = ky_format(&job->keep, "walk_m_median_%s", profile);
    const char *covered_alias = ky_format(&job->keep, "徒歩圏内（65歳以上） %s", profile);
    const char *walk_alias = ky_format(&job->keep, "徒歩距離の中央値 %s", profile);
    if (covered == NULL || walk == NULL || covered_alias == NULL || walk_alias == NULL) return ky_fail_memory(job);
    if (of->coverage.cell_covered[KY_65] != NULL)
      ky_table_fixed(table, covered, covered_alias, "people", 3, of->coverage.cell_covered[KY_65]);
    KY_TRY(ky_table_mm(job, table, walk, walk_alias, of->coverage.cell_walk_median_mm));
    KY_TRY(add_minutes(job, table, ky_format(&job->keep, "walk_min_median_%s", profile),
                       ky_format(&job->keep, "徒歩時間の中央値 %s", profile), of->opts,
                       of->coverage.cell_walk_median_mm));
  }
  return KY_OK;
}

static ky_err add_walk(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_coverage *coverage = result->coverage;
  const char **reach;
  KY_TRY(ky_table_mm(job, table, "walk_m_median", "徒歩距離の中央値", coverage->cell_walk_median_mm));
  KY_TRY(ky_table_mm(job, table, "walk_m_mean", "徒歩距離の平均", coverage->cell_walk_mean_mm));
  KY_TRY(
      add_minutes(job, table, "walk_min_median", "徒歩時間の中央値", result->walk_opts, coverage->cell_walk_median_mm));
  KY_TRY(ky_table_mm(job, table, "straight_m", "直線距離の中央値", coverage->cell_straight_mm));
  KY_TRY(ky_table_lookup(job, table, "nearest_venue_id", "最寄りの通いの場", result->venues->id, coverage->cell_venue));
  KY_NEW(job, keep, reach, table->count);
  for (uint32_t c = 0; c < table->count; c++) reach[c] = ky_reach_name((ky_reach)coverage->cell_reach[c]);
  ky_table_text(table, "reach", "徒歩圏の判定", reach);
  return KY_OK;
}

/* walk_m_shop, walk_m_clinic ...: the kinds of resources that are there. */
static ky_err add_resources(ky_job *job, const ky_access *access, ky_table *table) {
  for (uint32_t c = 0; access != NULL && c < access->classes.count; c++) {
    const ky_class *class = &access->classes.of[c];
    if (class->kind != KY_CLASS_RESOURCE) continue;
    const char *name = ky_format(&job->keep, "walk_m_%s", class->name);
    const char *alias = ky_format(&job->keep, "徒歩距離の中央値（%s）", class->alias);
    if (name == NULL || alias == NULL) return ky_fail_memory(job);
    KY_TRY(ky_table_mm(job, table, name, alias, access->cell_walk_mm + (size_t)c * access->cell_count));
  }
  return KY_OK;
}

/* The straight distance from the cell's point to a venue. */
static uint32_t straight_mm(const ky_result *result, uint32_t point, uint32_t venue) {
  if (point == KY_NONE || venue == KY_NONE) return KY_NONE;
  double x = result->points->x_m[point] - result->venues->x_m[venue],
         y = result->points->y_m[point] - result->venues->y_m[venue];
  return (uint32_t)llround(hypot(x, y) * 1000.0);
}

static ky_err add_rank(ky_job *job, const ky_result *result, uint32_t rank, ky_table *table) {
  const ky_cell_nearest *nearest = result->cell_nearest;
  uint32_t *walk_mm, *venue, *straight;
  KY_NEW(job, scratch, walk_mm, table->count);
  KY_NEW(job, scratch, venue, table->count);
  KY_NEW(job, scratch, straight, table->count);
  for (uint32_t c = 0; c < table->count; c++) {
    walk_mm[c] = nearest->of.walk_mm[(size_t)c * nearest->of.k + rank];
    venue[c] = nearest->of.source[(size_t)c * nearest->of.k + rank];
    straight[c] = straight_mm(result, nearest->point[c], venue[c]);
  }
  const char *id = ky_format(&job->keep, "venue_id_%u", rank + 1), *walk = ky_format(&job->keep, "walk_m_%u", rank + 1);
  const char *line = ky_format(&job->keep, "straight_m_%u", rank + 1);
  const char *id_alias = ky_format(&job->keep, "%u番目に近い通いの場", rank + 1);
  const char *walk_alias = ky_format(&job->keep, "%u番目に近い場までの徒歩距離", rank + 1);
  const char *line_alias = ky_format(&job->keep, "%u番目に近い場までの直線距離", rank + 1);
  if (id == NULL || walk == NULL || line == NULL || id_alias == NULL || walk_alias == NULL || line_alias == NULL)
    return ky_fail_memory(job);
  KY_TRY(ky_table_lookup(job, table, id, id_alias, result->venues->id, venue));
  KY_TRY(ky_table_mm(job, table, walk, walk_alias, walk_mm));
  return ky_table_mm(job, table, line, line_alias, straight);
}

static ky_err add_nearest(ky_job *job, const ky_result *result, ky_table *table) {
  for (uint32_t rank = 0; result->cell_nearest != NULL && rank < result->cell_nearest->of.k; rank++)
    KY_TRY(add_rank(job, result, rank, table));
  return KY_OK;
}

static ky_err add_origin(ky_job *job, const ky_result *result, ky_table *table) {
  const char **placement, **age_source;
  KY_NEW(job, keep, placement, table->count);
  KY_NEW(job, keep, age_source, table->count);
  for (uint32_t c = 0; c < table->count; c++) {
    placement[c] = ky_placement_name(result->points->placement[c]);
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
  KY_TRY(add_resources(job, result->access, out));
  KY_TRY(ky_table_cell_supply(job, result, out));
  KY_TRY(add_nearest(job, result, out));
  KY_TRY(add_origin(job, result, out));
  KY_TRY(add_target(job, result, out));
  return add_profiles(job, result, out);
}
