/* Layer stops: stops of buses and trains with their supply on a weekday. */
#include <kayoi/write.h>

#include "core/table_columns.h"
#include "core/table_supply.h"

#define CAPACITY 36

/* Where each leads, and on which street it stands. */
static ky_err add_supply(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_stop_supply *supply = &result->supply->stop;
  uint32_t *self, *venues;
  KY_NEW(job, scratch, self, table->count);
  KY_NEW(job, keep, venues, table->count);
  for (uint32_t s = 0; s < table->count; s++) {
    self[s] = s;
    venues[s] = supply->first_venue[s + 1] - supply->first_venue[s];
  }
  KY_TRY(ky_table_stop_supply(job, result, self, table));
  ky_table_bool(table, "by_bus", "場へ通える", supply->reaches);
  KY_TRY(ky_table_count(job, table, "venues_by_bus", "乗り換えなしで通える場の数", venues));
  return ky_table_anchors(job, table, result->network, &supply->anchors);
}

ky_err ky_stops_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_stops *stops = result->stops;
  const char **zone_id;
  KY_TRY(ky_table_new(job, "stops", "停留所・駅", stops->count, &stops->shapes, CAPACITY, out));
  ky_table_text(out, "stop_id", "停留所番号", stops->id);
  ky_table_text(out, "name", "名称", stops->name);
  ky_table_text(out, "source", "出所", stops->source);
  ky_table_text(out, "kind", "種別", stops->kind);
  ky_table_text(out, "routes", "路線", stops->routes);
  ky_table_fixed(out, "trips_weekday", "平日の便数", NULL, 0, stops->trips_weekday);
  ky_table_fixed(out, "trips_venue_hours", "平日の便数（通いの場の時間帯）", NULL, 0, stops->trips_venue_hours);
  ky_table_fixed(out, "trips_demand", "平日の便数（予約制）", NULL, 0, stops->trips_demand);
  ky_table_text(out, "trips_date", "便数を数えた日", stops->date);
  ky_table_text(out, "trips_source", "便数の出所", stops->trips_source);
  ky_table_fixed(out, "riders", "1日の乗降客数", NULL, 0, stops->riders);
  ky_table_text(out, "riders_year", "乗降客数の年度", stops->riders_year);
  ky_table_text(out, "operator", "事業者", stops->operator_name);
  KY_NEW(job, keep, zone_id, stops->count);
  for (uint32_t i = 0; i < stops->count; i++)
    zone_id[i] = stops->row[i] < result->zones->count ? result->zones->id[stops->row[i]] : NULL;
  ky_table_text(out, "zone_id", "日常生活圏域", zone_id);
  ky_table_bool(out, "is_demand_bus", "予約制のみ", stops->is_demand_bus);
  KY_TRY(ky_table_count(job, out, "pole_count", "標柱の数", stops->pole_count));
  ky_table_text(out, "pole_ids", "標柱番号", stops->pole_ids);
  ky_table_text(out, "also_in", "同じ停留所がある他の出所", stops->also_in);
  return add_supply(job, result, out);
}
