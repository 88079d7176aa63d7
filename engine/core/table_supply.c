/* Columns of transit supply. */
#include "core/table_supply.h"

#include <stdio.h>

#include "core/table_columns.h"

static const char *const day_codes[KY_WEEK_DAYS] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/* "mon; wed"; NULL for none. */
static ky_err days_text(ky_job *job, uint8_t days, const char **out) {
  char text[64] = "";
  size_t used = 0;
  for (int d = 0; d < KY_WEEK_DAYS; d++)
    if (((uint32_t)days >> d & 1u) != 0)
      used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used == 0 ? "" : "; ", day_codes[d]);
  *out = used == 0 ? NULL : ky_format(&job->keep, "%s", text);
  return used != 0 && *out == NULL ? ky_fail_memory(job) : KY_OK;
}

/* "mon 3/2; tue 3/2": departures there and back, of the days that have any; NULL for none or unknown. */
static ky_err rides_text(ky_job *job, const ky_stop_supply *stop, uint32_t s, const char **out) {
  char text[KY_WEEK_DAYS * 32] = "";
  size_t used = 0;
  for (size_t d = 0; d < KY_WEEK_DAYS; d++) {
    const uint32_t to = stop->to[s * (size_t)KY_WEEK_DAYS + d], back = stop->back[s * (size_t)KY_WEEK_DAYS + d];
    if (to == KY_NONE || to + back == 0) continue;
    used +=
        (size_t)snprintf(text + used, sizeof text - used, "%s%s %u/%u", used == 0 ? "" : "; ", day_codes[d], to, back);
  }
  *out = used == 0 ? NULL : ky_format(&job->keep, "%s", text);
  return used != 0 && *out == NULL ? ky_fail_memory(job) : KY_OK;
}

/* Departures each way on the best day: one on which rule 2 holds if there is any; the lesser way decides, then the sum,
 * then the earlier day. */
static void best_day(const ky_stop_supply *stop, uint32_t s, int64_t *there, int64_t *back) {
  int64_t best = -1;
  *there = *back = KY_NULL;
  for (size_t d = 0; d < KY_WEEK_DAYS; d++) {
    const uint32_t to = stop->to[s * (size_t)KY_WEEK_DAYS + d], from = stop->back[s * (size_t)KY_WEEK_DAYS + d];
    if (to == KY_NONE || (stop->rule_days[s] != 0 && ((uint32_t)stop->rule_days[s] >> d & 1u) == 0)) continue;
    const int64_t score = (int64_t)(to < from ? to : from) << 32 | (to + from);
    if (score <= best) continue;
    best = score;
    *there = to;
    *back = from;
  }
}

/* One record's columns, filled from its stop. */
typedef struct stop_columns {
  const char **id, **name, **source, **days, **rule_days, **rides, **venue;
  int64_t *departures, *there, *back, *line;
} stop_columns;

static ky_err new_stop_columns(ky_job *job, uint32_t n, stop_columns *c) {
  const char ***texts[] = {&c->id, &c->name, &c->source, &c->days, &c->rule_days, &c->rides, &c->venue};
  int64_t **numbers[] = {&c->departures, &c->there, &c->back, &c->line};
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) KY_NEW(job, keep, *texts[t], n);
  for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
    KY_NEW(job, keep, *numbers[k], n);
    for (uint32_t i = 0; i < n; i++) (*numbers[k])[i] = KY_NULL;
  }
  return KY_OK;
}

static ky_err fill_stop(ky_job *job, const ky_result *result, uint32_t s, uint32_t i, stop_columns *c) {
  const ky_stop_supply *stop = &result->supply->stop;
  c->id[i] = result->stops->id[s];
  c->name[i] = result->stops->name[s];
  c->source[i] = result->stops->trips_source[s];
  c->departures[i] = stop->departures[s];
  c->line[i] = stop->line_trips_milli[s];
  if (stop->venue[s] != KY_NONE) c->venue[i] = result->venues->id[stop->venue[s]];
  best_day(stop, s, &c->there[i], &c->back[i]);
  KY_TRY(days_text(job, stop->days[s], &c->days[i]));
  KY_TRY(days_text(job, stop->rule_days[s], &c->rule_days[i]));
  return rides_text(job, stop, s, &c->rides[i]);
}

/* A stop that is too far leads its area nowhere, whatever leaves there. */
static void forget_leads(stop_columns *c, uint32_t i, bool is_known) {
  c->venue[i] = c->rides[i] = c->rule_days[i] = NULL;
  c->there[i] = c->back[i] = is_known ? 0 : KY_NULL;
  c->line[i] = KY_NULL;
}

static void add_leads(ky_table *table, const stop_columns *c) {
  ky_table_fixed(table, "stop_departures", "平日の便数（最も多い曜日）", NULL, 0, c->departures);
  ky_table_text(table, "days_served", "便のある曜日", c->days);
  ky_table_text(table, "bus_venue_id", "乗り換えなしで行ける場（便の最も多い所）", c->venue);
  ky_table_fixed(table, "departures_to", "そこへ行く便数（1日、場の時間帯）", NULL, 0, c->there);
  ky_table_fixed(table, "departures_back", "そこから帰る便数（1日、場の時間帯）", NULL, 0, c->back);
  ky_table_text(table, "departures_by_day", "曜日ごとの便数（行き/帰り）", c->rides);
  ky_table_fixed(table, "route_trips", "そこへ通じる路線の平日の便数（時刻不明）", NULL, 3, c->line);
  ky_table_text(table, "by_bus_days", "バスで通える曜日", c->rule_days);
}

static ky_err fill_stops(ky_job *job, const ky_result *result, const uint32_t *stop, uint32_t n, stop_columns *c) {
  KY_TRY(new_stop_columns(job, n, c));
  for (uint32_t i = 0; stop != NULL && i < n; i++)
    if (stop[i] != KY_NONE) KY_TRY(fill_stop(job, result, stop[i], i, c));
  return KY_OK;
}

ky_err ky_table_stop_supply(ky_job *job, const ky_result *result, const uint32_t *stop, ky_table *table) {
  stop_columns c;
  KY_TRY(fill_stops(job, result, stop, table->count, &c));
  add_leads(table, &c);
  return KY_OK;
}

/* values[area[i]], null where there are none. */
static ky_err add_people(ky_job *job, ky_table *table, const char *name, const char *alias, const int64_t *values,
                         const uint32_t *area) {
  int64_t *column;
  KY_NEW(job, keep, column, table->count);
  for (uint32_t i = 0; i < table->count; i++) column[i] = values == NULL ? KY_NULL : values[area != NULL ? area[i] : i];
  ky_table_fixed(table, name, alias, "people", 3, column);
  return KY_OK;
}

#define WALK_ALIAS  "最寄りの停留所までの徒歩距離（中央値）"
#define CLASS_ALIAS "交通の状況（blank 交通空白、poor 交通不便、ok 利用できる）"

static ky_err add_class(ky_job *job, ky_table *table, const char *name, const uint8_t *class, const uint32_t *area) {
  const char **column;
  KY_NEW(job, keep, column, table->count);
  for (uint32_t i = 0; class != NULL && i < table->count; i++)
    column[i] = ky_supply_class_name((ky_supply_class) class[area != NULL ? area[i] : i]);
  ky_table_text(table, name, CLASS_ALIAS, column);
  return KY_OK;
}

static ky_err add_count(ky_job *job, ky_table *table, const char *name, const char *alias, const uint32_t *values,
                        const uint32_t *area) {
  int64_t *column;
  KY_NEW(job, keep, column, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const uint32_t value = values == NULL ? KY_NONE : values[area != NULL ? area[i] : i];
    column[i] = value == KY_NONE ? KY_NULL : value;
  }
  ky_table_fixed(table, name, alias, NULL, 0, column);
  return KY_OK;
}

ky_err ky_table_area_supply(ky_job *job, const ky_result *result, const uint32_t *area, ky_table *table) {
  const ky_supply *supply = result->supply;
  uint32_t *stop, *walk_mm;
  stop_columns c;
  KY_NEW(job, scratch, stop, table->count);
  KY_NEW(job, scratch, walk_mm, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    stop[i] = supply == NULL ? KY_NONE : supply->gap_stop[area != NULL ? area[i] : i];
    walk_mm[i] = supply == NULL ? KY_NONE : supply->gap_mm[area != NULL ? area[i] : i];
  }
  KY_TRY(fill_stops(job, result, stop, table->count, &c));
  for (uint32_t i = 0; supply != NULL && i < table->count; i++) {
    const uint32_t at = area != NULL ? area[i] : i;
    if (!supply->gap_in_reach[at]) forget_leads(&c, i, supply->gap_class[at] == KY_SUPPLY_BLANK);
  }
  KY_TRY(add_class(job, table, "transit", supply == NULL ? NULL : supply->gap_class, area));
  KY_TRY(ky_table_mm(job, table, "walk_m_stop", WALK_ALIAS, walk_mm));
  ky_table_text(table, "stop_id", "停留所番号", c.id);
  ky_table_text(table, "stop_name", "停留所", c.name);
  ky_table_text(table, "trips_source", "便数の出所", c.source);
  add_leads(table, &c);
  KY_TRY(add_count(job, table, "venues_by_bus", "乗り換えなしで通える場の数（中央値）",
                   supply == NULL ? NULL : supply->gap_venues, area));
  KY_TRY(add_people(job, table, "by_bus_65", "バスで通える65歳以上", supply == NULL ? NULL : supply->gap_by_bus, area));
  return add_people(job, table, "demand_bus_65", "デマンド交通の停留所が近い65歳以上",
                    supply == NULL ? NULL : supply->gap_demand, area);
}

static ky_err add_nulls_of_cells(ky_job *job, ky_table *table) {
  KY_TRY(ky_table_nulls(job, table, "walk_m_stop", WALK_ALIAS, "m", 3));
  return ky_table_constant(job, table, "stop_id", "最寄りの停留所", NULL);
}

ky_err ky_table_cell_supply(ky_job *job, const ky_result *result, ky_table *table) {
  static const ky_supply none;
  const ky_supply *supply = result->supply != NULL ? result->supply : &none;
  if (result->supply == NULL) {
    KY_TRY(add_nulls_of_cells(job, table));
  } else {
    KY_TRY(ky_table_mm(job, table, "walk_m_stop", WALK_ALIAS, supply->cell_mm));
    KY_TRY(ky_table_lookup(job, table, "stop_id", "最寄りの停留所", result->stops->id, supply->cell_stop));
  }
  KY_TRY(add_count(job, table, "stop_departures", "近い停留所の平日の便数（中央値）", supply->cell_departures, NULL));
  KY_TRY(add_class(job, table, "transit", supply->cell_class, NULL));
  KY_TRY(add_count(job, table, "venues_by_bus", "乗り換えなしで通える場の数（中央値）", supply->cell_venues, NULL));
  KY_TRY(add_people(job, table, "by_bus_65", "バスで通える65歳以上", supply->cell_by_bus, NULL));
  return add_people(job, table, "demand_bus_65", "デマンド交通の停留所が近い65歳以上", supply->cell_demand, NULL);
}

ky_err ky_table_row_supply(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_supply *supply = result->supply;
  static const struct {
    const char *name, *alias;
  } classes[KY_SUPPLY_CLASS_COUNT] = {
      [KY_SUPPLY_BLANK] = {"transit_blank_65", "交通空白の65歳以上"},
      [KY_SUPPLY_POOR] = {"transit_poor_65", "交通不便の65歳以上"},
      [KY_SUPPLY_OK] = {"transit_ok_65", "公共交通を利用できる65歳以上"},
      [KY_SUPPLY_UNKNOWN] = {"transit_unknown_65", "交通の状況がわからない65歳以上"},
  };
  for (int k = 0; k < KY_SUPPLY_CLASS_COUNT; k++)
    KY_TRY(
        add_people(job, table, classes[k].name, classes[k].alias, supply == NULL ? NULL : supply->row_class[k], NULL));
  KY_TRY(add_people(job, table, "by_bus_65", "バスで通える65歳以上（徒歩圏内の人も含む）",
                    supply == NULL ? NULL : supply->row_by_bus, NULL));
  return add_people(job, table, "demand_bus_65", "デマンド交通の停留所が近い65歳以上",
                    supply == NULL ? NULL : supply->row_demand, NULL);
}
