/* Layer gaps: one record per gap area, in the order of rank. */
#include <kayoi/write.h>
#include <math.h>

#include "core/table_columns.h"
#include "core/table_supply.h"

#define CAPACITY (32 + KY_MEASURE_COUNT + KY_CAUSE_COUNT + KY_SUPPLY_AREA_COLUMNS)

/* Zone ids; an area in no zone has none. */
static ky_err add_zone(ky_job *job, const ky_result *result, ky_table *table) {
  const char **zone_id;
  KY_NEW(job, keep, zone_id, table->count);
  for (uint32_t a = 0; a < table->count; a++)
    zone_id[a] = result->gaps->row[a] < result->zones->count ? result->zones->id[result->gaps->row[a]] : NULL;
  ky_table_text(table, "zone_id", "日常生活圏域", zone_id);
  return KY_OK;
}

static ky_err add_causes(ky_job *job, const ky_gaps *gaps, ky_table *table) {
  const char **cause;
  KY_NEW(job, keep, cause, table->count);
  for (uint32_t a = 0; a < table->count; a++) cause[a] = ky_cause_name((ky_cause)gaps->cause[a]);
  ky_table_text(table, "cause", "主な原因", cause);
  for (int c = 0; c < KY_CAUSE_COUNT; c++) {
    const char *name = ky_format(&job->keep, "cause_65_%s", ky_cause_name((ky_cause)c));
    const char *alias = ky_format(&job->keep, "原因別 65歳以上（%s）", ky_cause_alias((ky_cause)c));
    if (name == NULL || alias == NULL) return ky_fail_memory(job);
    ky_table_fixed(table, name, alias, "people", 3, gaps->cause_65[c]);
  }
  return KY_OK;
}

/* What terrain is judged by. */
static ky_err add_slope(ky_job *job, const ky_gaps *gaps, ky_table *table) {
  static const char name[] = "mean_slope_share", alias[] = "道路の平均の傾き";
  int64_t *slope;
  if (gaps->mean_slope == NULL) return ky_table_nulls(job, table, name, alias, "share", 6);
  KY_NEW(job, keep, slope, table->count);
  for (uint32_t a = 0; a < table->count; a++)
    slope[a] = gaps->mean_slope[a] == KY_NONE ? KY_NULL : (int64_t)gaps->mean_slope[a];
  ky_table_fixed(table, name, alias, "share", 6, slope);
  return KY_OK;
}

/* Area, density and settlement; null until the polygons are made. */
static ky_err add_land(ky_job *job, const ky_gaps *gaps, ky_table *table) {
  int64_t *area, *density;
  int8_t *is_small;
  const char **settlement, **terrain;
  KY_NEW(job, keep, is_small, table->count);
  KY_NEW(job, keep, area, table->count);
  KY_NEW(job, keep, density, table->count);
  KY_NEW(job, keep, settlement, table->count);
  for (uint32_t a = 0; a < table->count; a++) {
    area[a] = density[a] = KY_NULL;
    is_small[a] = gaps->is_small != NULL ? (int8_t)gaps->is_small[a] : -1;
    if (gaps->area_m2 == NULL) continue;
    area[a] = llround(gaps->area_m2[a] * 1000);
    int64_t people = gaps->people[KY_65][a];
    /* thousandths of people x 1e6 m2 per km2 / m2: thousandths of people per km2 */
    if (people != KY_NULL && gaps->area_m2[a] >= 0.001) density[a] = llround((double)people * 1e6 / gaps->area_m2[a]);
    if (gaps->is_dense != NULL) settlement[a] = gaps->is_dense[a] ? "dense" : "scattered";
  }
  ky_table_fixed(table, "area_m2", "面積", "m2", 3, area);
  ky_table_bool(table, "is_small", "図では小さすぎる", is_small);
  ky_table_fixed(table, "density_65_km2", "65歳以上の密度", "people/km2", 3, density);
  ky_table_text(table, "settlement", "集落の形", settlement);
  KY_NEW(job, keep, terrain, table->count);
  for (uint32_t a = 0; a < table->count; a++)
    terrain[a] = gaps->terrain != NULL ? ky_terrain_name((ky_terrain)gaps->terrain[a]) : NULL;
  ky_table_text(table, "terrain", "地形", terrain);
  return add_slope(job, gaps, table);
}

static ky_err add_remedy(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_gaps *gaps = result->gaps;
  const char **class, **site_id, **site_name; /* the name helps to recognise the place */
  KY_NEW(job, keep, class, table->count);
  KY_NEW(job, keep, site_id, table->count);
  KY_NEW(job, keep, site_name, table->count);
  for (uint32_t a = 0; a < table->count; a++) {
    class[a] = ky_remedy_name((ky_remedy)gaps->remedy[a]);
    if (gaps->site[a] == KY_NONE) continue;
    uint32_t candidate = result->sites->candidate[gaps->site[a]];
    site_id[a] = result->candidates->id[candidate];
    site_name[a] = result->candidates->name[candidate];
  }
  ky_table_text(table, "class", "手立て", class);
  ky_table_text(table, "site_id", "候補地番号", site_id);
  ky_table_text(table, "site_name", "候補地", site_name);
  ky_table_fixed(table, "riders_per_session", "1回あたりの利用見込み（上限）", "people", 3, gaps->riders_milli);
  ky_table_fixed(table, "target_participants", "目標参加者数（人口データの65歳以上×目標参加率）", "people", 3,
                 gaps->target_participants_milli);
  return ky_table_count(job, table, "rank", "順位", gaps->rank);
}

static ky_err add_resource(ky_job *job, ky_table *table, const char *name, const char *alias, const uint32_t *mm) {
  return mm != NULL ? ky_table_mm(job, table, name, alias, mm) : ky_table_nulls(job, table, name, alias, "m", 3);
}

ky_err ky_gaps_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_gaps *gaps = result->gaps;
  bool has_shapes = gaps->shapes.kind != KY_SHAPE_NONE && gaps->shapes.count == gaps->count;
  KY_TRY(ky_table_new(job, "gaps", "空白地帯", gaps->count, has_shapes ? &gaps->shapes : NULL, CAPACITY, out));
  ky_table_text(out, "gap_id", "空白地帯番号", gaps->id);
  if (gaps->name != NULL)
    ky_table_text(out, "gap_name", "名称", gaps->name);
  else
    KY_TRY(ky_table_constant(job, out, "gap_name", "名称", NULL));
  KY_TRY(add_zone(job, result, out));
  for (int m = 0; m < KY_MEASURE_COUNT; m++)
    if (gaps->people[m] != NULL) KY_TRY(ky_table_people(job, out, "people", "人口", (ky_measure)m, gaps->people[m]));
  KY_TRY(add_land(job, gaps, out));
  KY_TRY(ky_table_mm(job, out, "walk_m_min", "最寄りの場までの徒歩距離（最小）", gaps->walk_min_mm));
  KY_TRY(ky_table_mm(job, out, "walk_m_median", "最寄りの場までの徒歩距離（中央値）", gaps->walk_median_mm));
  KY_TRY(ky_table_mm(job, out, "walk_m_max", "最寄りの場までの徒歩距離（最大）", gaps->walk_max_mm));
  KY_TRY(ky_table_lookup(job, out, "nearest_venue_id", "最寄りの場", result->venues->id, gaps->venue));
  KY_TRY(add_resource(job, out, "walk_m_shop", "買い物までの徒歩距離（中央値）",
                      result->access != NULL ? result->access->gap_shop_mm : NULL));
  KY_TRY(add_resource(job, out, "walk_m_clinic", "医療までの徒歩距離（中央値）",
                      result->access != NULL ? result->access->gap_clinic_mm : NULL));
  KY_TRY(ky_table_area_supply(job, result, NULL, out));
  KY_TRY(add_causes(job, gaps, out));
  return add_remedy(job, result, out);
}
