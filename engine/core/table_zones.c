/* Layer zones: the ledger and the targets, one record per zone, then people in no zone, people outside, and the
 * municipality. */
#include <inttypes.h>
#include <kayoi/write.h>
#include <string.h>

#include "core/ratio.h"
#include "core/table_columns.h"
#include "core/table_supply.h"
#include "core/table_zones.h"

#define CAPACITY (220 + 10 * KY_MEASURE_COUNT + 2 * KY_BANDS_MAX + KY_UNREACH_COUNT)

const char *ky_row_level(const ky_zones *zones, uint32_t row) {
  if (row < zones->count) return "zone";
  if (row == KY_ROW_OUTSIDE_ZONES(zones)) return "outside_zones";
  if (row == KY_ROW_NO_PLACE(zones)) return "no_place";
  return row == KY_ROW_OUTSIDE(zones) ? "outside" : "municipality";
}

const char *ky_row_name(const ky_result *result, uint32_t row) {
  const ky_zones *zones = result->zones;
  if (row < zones->count) return zones->name[row];
  if (row == KY_ROW_OUTSIDE_ZONES(zones)) return "圏域外（市町村内）";
  if (row == KY_ROW_OUTSIDE(zones)) return "市町村外";
  if (row == KY_ROW_NO_PLACE(zones)) return "位置不明";
  return result->municipality_name != NULL ? result->municipality_name : "市町村全体";
}

static ky_err add_names(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_zones *zones = result->zones;
  const char **id, **name, **level;
  KY_NEW(job, keep, id, table->count);
  KY_NEW(job, keep, name, table->count);
  KY_NEW(job, keep, level, table->count);
  for (uint32_t row = 0; row < table->count; row++) {
    id[row] = row < zones->count ? zones->id[row] : NULL;
    name[row] = ky_row_name(result, row);
    level[row] = ky_row_level(zones, row);
  }
  ky_table_text(table, "zone_id", "日常生活圏域番号", id);
  ky_table_text(table, "name", "日常生活圏域", name);
  ky_table_text(table, "level", "区分", level);
  return KY_OK;
}

/* One measure of a ledger column [rows x measures]. */
static ky_err measure_of(ky_job *job, const int64_t *ledger, int measure, uint32_t rows, int64_t **out) {
  KY_NEW(job, keep, *out, rows);
  for (uint32_t row = 0; row < rows; row++) (*out)[row] = ledger[(size_t)row * KY_MEASURE_COUNT + (size_t)measure];
  return KY_OK;
}

static ky_err add_ledger(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_coverage *coverage = result->coverage;
  const struct {
    const char *prefix, *alias;
    const int64_t *ledger;
  } parts[] = {
      {"pop", "人口", coverage->total},
      {"covered", "徒歩圏内", coverage->people[KY_COVERED]},
      {"beyond", "徒歩圏外", coverage->people[KY_BEYOND]},
      {"unreachable", "経路なし", coverage->people[KY_UNREACHABLE]},
      {"unknown", "判定できない", coverage->people[KY_UNKNOWN]},
      {"in_gap", "空白地帯の中", result->gaps->in_gap},
      {"not_in_gap", "徒歩圏外だが空白地帯に数えない", result->gaps->not_in_gap},
  };
  for (int m = 0; m < KY_MEASURE_COUNT; m++) {
    if (result->points->people[m] == NULL) continue;
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
      int64_t *column;
      KY_TRY(measure_of(job, parts[p].ledger, m, table->count, &column));
      KY_TRY(ky_table_people(job, table, parts[p].prefix, parts[p].alias, (ky_measure)m, column));
      ky_table_adds(table, KY_ADDS_ROWS);
    }
  }
  return KY_OK;
}

static ky_err add_named_people(ky_job *job, ky_table *table, const char *name, const char *alias,
                               const int64_t *values) {
  if (name == NULL || alias == NULL) return ky_fail_memory(job);
  ky_table_fixed(table, name, alias, "people", 3, values);
  ky_table_adds(table, KY_ADDS_ROWS);
  return KY_OK;
}

/* "500" for 500 m, "437_500" for 437.5 m. */
static const char *band_name(ky_job *job, uint32_t band_mm) {
  if (band_mm % 1000 == 0) return ky_format(&job->keep, "%" PRIu32, band_mm / 1000);
  return ky_format(&job->keep, "%" PRIu32 "_%03" PRIu32, band_mm / 1000, band_mm % 1000);
}

static ky_err add_bands(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_coverage *coverage = result->coverage;
  for (uint32_t b = 0; b < coverage->band_count; b++) {
    const char *band = band_name(job, result->walk_opts->bands_mm[b]);
    if (band == NULL) return ky_fail_memory(job);
    KY_TRY(add_named_people(job, table, ky_format(&job->keep, "covered_65_%s", band),
                            ky_format(&job->keep, "徒歩%sm以内（65歳以上）", band), coverage->covered_band[b]));
    KY_TRY(add_named_people(job, table, ky_format(&job->keep, "straight_65_%s", band),
                            ky_format(&job->keep, "直線%sm以内（65歳以上）", band), coverage->straight_band[b]));
  }
  for (int r = KY_NO_STREET_NEAR; r <= KY_BEHIND_BARRIER; r++) {
    static const char *const aliases[KY_UNREACH_COUNT] = {[KY_NO_STREET_NEAR] = "近くに道路がない",
                                                          [KY_DISCONNECTED] = "道路がつながらない",
                                                          [KY_NO_COUNTING_VENUE] = "数える場がない",
                                                          [KY_BEHIND_BARRIER] = "川や線路に隔てられる"};
    KY_TRY(add_named_people(job, table, ky_format(&job->keep, "unreachable_65_%s", ky_unreach_name((ky_unreach)r)),
                            ky_format(&job->keep, "経路なし（65歳以上）: %s", aliases[r]), coverage->unreached[r]));
  }
  return KY_OK;
}

static ky_err add_shares(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_coverage *coverage = result->coverage;
  int64_t *share, *aging, *share_75;
  KY_NEW(job, keep, share, table->count);
  KY_NEW(job, keep, aging, table->count);
  KY_NEW(job, keep, share_75, table->count);
  for (uint32_t row = 0; row < table->count; row++) {
    size_t at = (size_t)row * KY_MEASURE_COUNT;
    share[row] = ky_ratio_share(coverage->people[KY_COVERED][at + KY_65], coverage->total[at + KY_65]);
    bool is_known = result->points->people[KY_TOTAL] != NULL && coverage->cells_without_count[KY_65][row] == 0;
    const bool has_75 =
        is_known && result->points->people[KY_75] != NULL && coverage->cells_without_count[KY_75][row] == 0;
    share_75[row] = has_75 ? ky_ratio_share(coverage->total[at + KY_75], coverage->total[at + KY_TOTAL]) : KY_NULL;
    aging[row] = is_known ? ky_ratio_share(coverage->total[at + KY_65], coverage->total[at + KY_TOTAL]) : KY_NULL;
  }
  ky_table_fixed(table, "covered_share_65", "徒歩圏内の割合（65歳以上）", "share", 6, share);
  ky_table_fixed(table, "aging_rate", "高齢化率", "share", 6, aging);
  ky_table_fixed(table, "share_75", "75歳以上の割合", "share", 6, share_75);
  ky_table_fixed(table, "cells_without_count_65", "65歳以上の人数がない区画数", NULL, 0,
                 coverage->cells_without_count[KY_65]);
  ky_table_adds(table, KY_ADDS_ROWS);
  ky_table_fixed(table, "people_without_count_65", "65歳以上の人数がない区画の総人口", "people", 3,
                 coverage->people_without_count[KY_65]);
  ky_table_adds(table, KY_ADDS_ROWS);
  return KY_OK;
}

/* Register people of a measure; the municipality has a sum only when every zone has a count. */
static ky_err official_of(ky_job *job, const ky_zones *zones, ky_measure measure, uint32_t rows, int64_t **out) {
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  const int64_t *given = zones->official[measure];
  KY_NEW(job, keep, *out, rows);
  for (uint32_t row = 0; row < rows; row++) (*out)[row] = KY_NULL;
  if (given == NULL) return KY_OK;
  (*out)[all] = 0;
  for (uint32_t z = 0; z < zones->count; z++) {
    (*out)[z] = given[z];
    (*out)[all] = ky_sum_or_null((*out)[all], given[z]);
  }
  return KY_OK;
}

/* The register beside the grid, and their ratio, for every band and sex that the register has; 65+ always. */
static ky_err add_register(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_zones *zones = result->zones;
  for (ky_measure m = KY_TOTAL; m < KY_MEASURE_COUNT; m++) {
    if (zones->official[m] == NULL && m != KY_65) continue;
    int64_t *people, *ratio;
    KY_TRY(official_of(job, zones, m, table->count, &people));
    KY_TRY(ky_table_people(job, table, "official", "住民基本台帳", m, people));
    ky_table_adds(table, KY_ADDS_ZONES);
    KY_NEW(job, keep, ratio, table->count);
    for (uint32_t row = 0; row < table->count; row++)
      ratio[row] =
          result->points->people[m] == NULL
              ? KY_NULL
              : ky_ratio_share(people[row], result->coverage->total[(size_t)row * KY_MEASURE_COUNT + (size_t)m]);
    const char *name = ky_format(&job->keep, "official_grid_ratio_%s", ky_measure_name(m));
    const char *alias = ky_format(&job->keep, "台帳と国勢調査の比（%s）", ky_measure_alias(m));
    if (name == NULL || alias == NULL) return ky_fail_memory(job);
    ky_table_fixed(table, name, alias, "ratio", 6, ratio);
  }
  return KY_OK;
}

/* Whom the targets are for, and where their number comes from. */
static ky_err add_base(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_targets *targets = result->targets;
  const char **base;
  KY_NEW(job, keep, base, table->count);
  for (uint32_t row = 0; row < table->count; row++) {
    const int8_t is_register = targets->is_register[row];
    base[row] = is_register == 1                            ? "register"
                : is_register == 0                          ? "grid"
                : row == KY_ROW_MUNICIPALITY(result->zones) ? "mixed"
                                                            : NULL;
  }
  ky_table_text(table, "target_base", "目標の基礎人口", base);
  ky_table_fixed(table, "target_base_65", "目標の基礎人口（65歳以上）", "people", 3, targets->base_65);
  ky_table_adds(table, KY_ADDS_ZONES);
  ky_table_fixed(table, "target_base_65_m", "目標の基礎人口（65歳以上 男）", "people", 3, targets->base_m);
  ky_table_adds(table, KY_ADDS_ZONES);
  ky_table_fixed(table, "target_base_65_f", "目標の基礎人口（65歳以上 女）", "people", 3, targets->base_f);
  ky_table_adds(table, KY_ADDS_ZONES);
  ky_table_text(table, "target_base_sexes", "基礎人口の男女別の出所", targets->base_sexes);
  return KY_OK;
}

static ky_err add_partial(ky_job *job, const ky_zones *zones, ky_table *table) {
  int64_t *grid, *road;
  int8_t *is_partial, all = 0;
  KY_NEW(job, keep, grid, table->count);
  KY_NEW(job, keep, road, table->count);
  KY_NEW(job, keep, is_partial, table->count);
  for (uint32_t row = 0; row < table->count; row++) {
    grid[row] = row < zones->count ? zones->grid_share[row] : KY_NULL;
    road[row] = row < zones->count ? zones->road_share[row] : KY_NULL;
    is_partial[row] = row < zones->count ? ky_zone_is_partial(zones, row) : -1;
    if (row >= zones->count || all == 1) continue;
    if (is_partial[row] != 0) all = is_partial[row];
  }
  is_partial[KY_ROW_MUNICIPALITY(zones)] = all;
  ky_table_bool(table, "partial", "データが圏域の一部のみ", is_partial);
  ky_table_fixed(table, "grid_share", "人口データのある面積の割合", "share", 6, grid);
  ky_table_fixed(table, "road_share", "道路データのある面積の割合", "share", 6, road);
  return KY_OK;
}

/* People that are not known at all when values is NULL. */
static ky_err add_or_null(ky_job *job, ky_table *table, const char *name, const char *alias, const int64_t *values) {
  if (values == NULL)
    KY_TRY(ky_table_nulls(job, table, name, alias, "people", 3));
  else
    ky_table_fixed(table, name, alias, "people", 3, values);
  ky_table_adds(table, KY_ADDS_ROWS);
  return KY_OK;
}

/* Gap areas by the zone of most of their people; people in areas of mobility support by where they live. */
static ky_err add_gaps(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_gaps *gaps = result->gaps;
  const uint32_t outside = KY_ROW_OUTSIDE(result->zones), all = KY_ROW_MUNICIPALITY(result->zones);
  int64_t *count, *people;
  KY_NEW(job, keep, count, table->count);
  KY_NEW(job, keep, people, table->count);
  for (uint32_t a = 0; a < gaps->count; a++) {
    count[gaps->row[a]]++;
    count[all]++;
    for (uint32_t p = gaps->first_point[a]; gaps->remedy[a] == KY_MOBILITY_SUPPORT && p < gaps->first_point[a + 1];
         p++) {
      uint32_t here = result->points->people[KY_65][gaps->point[p]];
      if (here == KY_NONE) continue;
      people[result->points->row[gaps->point[p]]] += here;
      people[all] += here;
    }
  }
  count[outside] = people[outside] = KY_NULL; /* nobody's target: not looked at */
  ky_table_fixed(table, "gaps_count", "空白地帯の数", NULL, 0, count);
  ky_table_adds(table, KY_ADDS_ROWS);
  ky_table_fixed(table, "mobility_65", "移動支援の候補区域の65歳以上", "people", 3, people);
  ky_table_adds(table, KY_ADDS_ROWS);
  const ky_access *access = result->access;
  KY_TRY(add_or_null(job, table, "no_venue_no_shop_65", "場も店も徒歩圏にない65歳以上",
                     access != NULL ? access->no_venue_no_shop : NULL));
  return add_or_null(job, table, "covered_no_shop_65", "場は徒歩圏にあるが店はない65歳以上",
                     access != NULL ? access->covered_no_shop : NULL);
}

static ky_err add_dates(ky_job *job, const ky_result *result, ky_table *table) {
  KY_TRY(ky_table_constant(job, table, "people_date", "人口の時点", result->cells->date));
  ky_table_text(table, "participants_date", "参加者数の時点", result->targets->participants_date);
  ky_table_fixed(table, "participants_age_months", "参加者数の古さ（もっとも新しい時点からの月数）", "months", 0,
                 result->targets->age_months);
  ky_table_bool(table, "participants_stale", "参加者数が古い", result->targets->is_stale);
  KY_TRY(ky_table_constant(job, table, "venues_date", "通いの場の時点", result->venues->date));
  KY_TRY(ky_table_constant(job, table, "official_date", "住民基本台帳の時点", result->zones->official_date));
  return ky_table_constant(job, table, "official_source", "住民基本台帳の出所", result->zones->official_source);
}

static void append(const ky_shapes *from, uint32_t record, ky_shapes *to, uint32_t *part, uint32_t *vertex) {
  for (uint32_t p = from->first_part[record]; p < from->first_part[record + 1]; p++) {
    uint32_t first = from->first_vertex[p], n = from->first_vertex[p + 1] - first;
    to->first_vertex[*part] = *vertex;
    to->is_hole[*part] = from->is_hole != NULL && from->is_hole[p];
    memcpy(to->x + *vertex, from->x + first, n * sizeof *to->x);
    memcpy(to->y + *vertex, from->y + first, n * sizeof *to->y);
    *vertex += n;
    *part += 1;
  }
}

/* Zones, two records without geometry, the municipality. */
static ky_err make_shapes(ky_job *job, const ky_zones *zones, ky_shapes **out) {
  const ky_shapes *whole = &zones->municipality;
  const bool has_whole = whole->kind != KY_SHAPE_NONE && whole->count == 1;
  ky_shapes *shapes;
  KY_NEW(job, keep, shapes, 1);
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POLYGON, KY_ROW_COUNT(zones),
                       zones->shapes.part_count + (has_whole ? whole->part_count : 0),
                       zones->shapes.vertex_count + (has_whole ? whole->vertex_count : 0), shapes));
  uint32_t part = 0, vertex = 0;
  for (uint32_t row = 0; row < KY_ROW_COUNT(zones); row++) {
    if (row < zones->count) append(&zones->shapes, row, shapes, &part, &vertex);
    if (row == KY_ROW_MUNICIPALITY(zones) && has_whole) append(whole, 0, shapes, &part, &vertex);
    shapes->first_part[row + 1] = part;
  }
  shapes->first_vertex[part] = vertex;
  *out = shapes;
  return KY_OK;
}

ky_err ky_zones_table(ky_job *job, const ky_result *result, ky_table *out) {
  ky_shapes *shapes = NULL;
  KY_TRY(make_shapes(job, result->zones, &shapes));
  KY_TRY(ky_table_new(job, "zones", "日常生活圏域", KY_ROW_COUNT(result->zones), shapes, CAPACITY, out));
  KY_TRY(add_names(job, result, out));
  KY_TRY(add_ledger(job, result, out));
  KY_TRY(add_shares(job, result, out));
  KY_TRY(add_bands(job, result, out));
  KY_TRY(add_register(job, result, out));
  KY_TRY(add_base(job, result, out));
  KY_TRY(add_partial(job, result->zones, out));
  KY_TRY(ky_zones_table_targets(job, result, out));
  KY_TRY(ky_zones_table_venues(job, result, out));
  KY_TRY(add_gaps(job, result, out));
  KY_TRY(ky_zones_table_strengths(job, result, out));
  KY_TRY(ky_zones_table_facts(job, result, out));
  KY_TRY(ky_zones_table_inventory(job, result, out));
  KY_TRY(ky_table_row_supply(job, result, out));
  KY_TRY(ky_zones_table_priority(job, result, out));
  return add_dates(job, result, out);
}
