/* Layer mobility: gap areas that a ride or a visit would serve, with the evidence. */
#include <kayoi/write.h>

#include "core/table_columns.h"
#include "core/table_supply.h"

#define CAPACITY (16 + KY_MEASURE_COUNT + KY_SUPPLY_AREA_COLUMNS)

static ky_err pick(ky_job *job, const int64_t *values, const uint32_t *index, uint32_t count, int64_t **out) {
  KY_NEW(job, keep, *out, count);
  for (uint32_t i = 0; i < count; i++) (*out)[i] = values[index[i]];
  return KY_OK;
}

static ky_err add_texts(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_gaps *gaps = result->gaps;
  const char **class, **zone_id;
  KY_NEW(job, keep, class, table->count);
  KY_NEW(job, keep, zone_id, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    uint32_t area = result->mobility->area[i];
    class[i] = ky_remedy_name((ky_remedy)gaps->remedy[area]);
    zone_id[i] = gaps->row[area] < result->zones->count ? result->zones->id[gaps->row[area]] : NULL;
  }
  KY_TRY(ky_table_lookup(job, table, "gap_id", "空白地帯番号", gaps->id, result->mobility->area));
  if (gaps->name != NULL)
    KY_TRY(ky_table_lookup(job, table, "gap_name", "名称", gaps->name, result->mobility->area));
  else
    KY_TRY(ky_table_constant(job, table, "gap_name", "名称", NULL));
  ky_table_text(table, "class", "手立て", class);
  ky_table_text(table, "zone_id", "日常生活圏域", zone_id);
  return KY_OK;
}

ky_err ky_mobility_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_mobility *mobility = result->mobility;
  const ky_gaps *gaps = result->gaps;
  const ky_shapes *shapes = &mobility->shapes;
  bool has_shapes = shapes->kind != KY_SHAPE_NONE && shapes->count == mobility->count;
  int64_t *column, *riders;
  int8_t *needs_provider;
  KY_TRY(ky_table_new(job, "mobility", "移動支援の候補", mobility->count, has_shapes ? shapes : NULL, CAPACITY, out));
  KY_TRY(add_texts(job, result, out));
  for (int m = 0; m < KY_MEASURE_COUNT; m++) {
    if (gaps->people[m] == NULL) continue;
    KY_TRY(pick(job, gaps->people[m], mobility->area, mobility->count, &column));
    KY_TRY(ky_table_people(job, out, "people", "人口", (ky_measure)m, column));
  }
  KY_TRY(pick(job, gaps->riders_milli, mobility->area, mobility->count, &riders));
  ky_table_fixed(out, "riders_per_session", "1回あたりの利用見込み（上限）", "people", 3, riders);
  ky_table_fixed(out, "riders_per_session_75", "うち75歳以上（上限）", "people", 3, mobility->riders_75_milli);
  KY_TRY(ky_table_lookup(job, out, "nearest_venue_id", "最寄りの場", result->venues->id, mobility->venue));
  KY_TRY(ky_table_mm(job, out, "road_m", "最寄りの場までの道のり（中央値）", mobility->venue_mm));
  ky_table_fixed(out, "km_round_trip", "往復距離", "km", 3, mobility->km_round_trip_milli);
  ky_table_fixed(out, "minutes", "片道の所要時間", "min", 3, mobility->minutes_milli);
  KY_NEW(job, keep, needs_provider, mobility->count);
  for (uint32_t i = 0; i < mobility->count; i++) needs_provider[i] = -1; /* no list of providers: unknown */
  ky_table_bool(out, "needs_provider", "担い手が必要", needs_provider);
  KY_TRY(ky_table_area_supply(job, result, mobility->area, out));
  KY_TRY(ky_table_count(job, out, "rank", "順位", mobility->rank));
  return ky_table_constant(job, out, "status", "状態", "candidate");
}
