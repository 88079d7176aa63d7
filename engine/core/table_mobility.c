/* Layer mobility: gap areas that a ride or a visit would serve, with the evidence and the assumptions. */
#include <kayoi/write.h>

#include "core/table_columns.h"
#include "core/table_supply.h"

#define CAPACITY (64 + KY_MEASURE_COUNT + KY_SUPPLY_AREA_COLUMNS)

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

static ky_err add_people(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_mobility *mobility = result->mobility;
  int64_t *column;
  for (int m = 0; m < KY_MEASURE_COUNT; m++) {
    if (result->gaps->people[m] == NULL) continue;
    KY_TRY(pick(job, result->gaps->people[m], mobility->area, mobility->count, &column));
    KY_TRY(ky_table_people(job, table, "people", "人口", (ky_measure)m, column));
  }
  ky_table_fixed(table, "no_venue_no_shop_65", "店も徒歩圏にない65歳以上", "people", 3, mobility->no_venue_no_shop);
  KY_TRY(pick(job, result->gaps->riders_milli, mobility->area, mobility->count, &column));
  ky_table_fixed(table, "riders_per_session", "1回あたりの利用見込み（上限）", "people", 3, column);
  ky_table_fixed(table, "riders_per_session_75", "うち75歳以上（上限）", "people", 3, mobility->riders_75_milli);
  return KY_OK;
}

static ky_err add_venues(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_mobility *m = result->mobility;
  const char *const *names = result->venues->text[KY_VENUE_NAME];
  KY_TRY(ky_table_lookup(job, table, "nearest_venue_id", "車で最寄りの場", result->venues->id, m->venue));
  KY_TRY(ky_table_lookup(job, table, "nearest_venue_name", "車で最寄りの場の名称", names, m->venue));
  KY_TRY(ky_table_mm(job, table, "road_m", "最寄りの場までの道のり", m->venue_mm));
  ky_table_fixed(table, "km_round_trip", "往復距離", "km", 3, m->km_round_trip_milli);
  ky_table_fixed(table, "minutes", "片道の所要時間", "min", 3, m->minutes_milli);
  KY_TRY(ky_table_lookup(job, table, "free_venue_id", "空き席のある最寄りの場", result->venues->id, m->free_venue));
  KY_TRY(ky_table_lookup(job, table, "free_venue_name", "空き席のある最寄りの場の名称", names, m->free_venue));
  ky_table_fixed(table, "free_seats", "その空き席数", NULL, 0, m->free_seats);
  KY_TRY(ky_table_mm(job, table, "free_road_m", "空き席のある場までの道のり", m->free_venue_mm));
  ky_table_fixed(table, "free_minutes", "空き席のある場までの所要時間（片道）", "min", 3, m->free_minutes_milli);
  return KY_OK;
}

static ky_err add_tour(ky_job *job, const ky_mobility *m, ky_table *table) {
  int64_t *km;
  KY_NEW(job, keep, km, table->count);
  for (uint32_t i = 0; i < table->count; i++) km[i] = m->tour_mm[i] == KY_NULL ? KY_NULL : (m->tour_mm[i] + 500) / 1000;
  KY_TRY(ky_table_count(job, table, "stops_count", "巡回で立ち寄る所", m->stop_count));
  KY_TRY(ky_table_count(job, table, "stops_left_out", "車道がなく立ち寄れない所", m->left_out_count));
  ky_table_fixed(table, "tour_km", "巡回1回の距離（見積り・上限）", "km", 3, km);
  ky_table_fixed(table, "tour_minutes", "巡回1回の時間（見積り・上限）", "min", 3, m->tour_minutes_milli);
  ky_table_fixed(table, "tours_per_session", "開催1回に要る巡回の数（片道）", NULL, 0, m->trips);
  ky_table_fixed(table, "vehicle_hours_per_month", "月あたりの車両の時間（見積り・上限）", "h", 3,
                 m->vehicle_hours_milli);
  return KY_OK;
}

static ky_err add_places(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_mobility *m = result->mobility;
  const ky_resources *resources = result->resources;
  const char *const *names = resources != NULL ? resources->text[KY_RESOURCE_NAME] : NULL;
  const char **hub;
  KY_TRY(ky_table_lookup(job, table, "shop_name", "途中で寄れる店", names, m->shop));
  KY_TRY(ky_table_mm(job, table, "shop_detour_m", "店に寄る遠回り", m->shop_detour_mm));
  KY_TRY(ky_table_lookup(job, table, "clinic_name", "途中で寄れる医療機関", names, m->clinic));
  KY_TRY(ky_table_mm(job, table, "clinic_detour_m", "医療機関に寄る遠回り", m->clinic_detour_mm));
  ky_table_bool(table, "shopping_package", "運動と買い物を組み合わせられる", m->has_package);
  KY_NEW(job, keep, hub, table->count);
  for (uint32_t i = 0; i < table->count; i++)
    if (m->hub[i] != KY_NONE) hub[i] = m->hub_is_site[i] ? result->candidates->name[m->hub[i]] : names[m->hub[i]];
  ky_table_text(table, "hub_name", "専門職が出向いて集まれる所", hub);
  return ky_table_mm(job, table, "hub_road_m", "集まれる所までの道のり", m->hub_road_mm);
}

/* Texts of the providers of a record behind each other; what is not known is a dash. NULL: no provider. */
static ky_err join(ky_job *job, const ky_mobility *m, const char *const *texts, uint32_t i, const char **out) {
  const char *text = NULL;
  for (uint32_t p = m->first_provider[i]; p < m->first_provider[i + 1]; p++) {
    const char *own = texts != NULL && texts[m->provider[p]] != NULL ? texts[m->provider[p]] : "-";
    text = ky_format(&job->keep, "%s%s%s", text != NULL ? text : "", text != NULL ? "、" : "", own);
    if (text == NULL) return ky_fail_memory(job);
  }
  *out = text;
  return KY_OK;
}

static ky_err add_providers(ky_job *job, const ky_result *result, ky_table *table) {
  static const struct {
    int text;
    const char *name, *alias;
  } columns[] = {{KY_RESOURCE_NAME, "provider_names", "近くの車両の担い手"},
                 {KY_RESOURCE_IDLE_HOURS, "provider_idle_hours", "担い手の空き時間"},
                 {KY_RESOURCE_LEGAL_TYPE, "provider_legal_types", "担い手の運送の区分"},
                 {KY_RESOURCE_SURVEY_DATE, "provider_survey_dates", "担い手の調査日"}};
  const ky_mobility *m = result->mobility;
  const ky_resources *resources = result->resources;
  int64_t *count, *willing, *seats;
  KY_NEW(job, keep, count, table->count);
  KY_NEW(job, keep, willing, table->count);
  KY_NEW(job, keep, seats, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    if (resources == NULL) {
      count[i] = willing[i] = seats[i] = KY_NULL;
      continue;
    }
    seats[i] = KY_NULL;
    for (uint32_t p = m->first_provider[i]; p < m->first_provider[i + 1]; p++) {
      const uint32_t r = m->provider[p];
      count[i]++;
      willing[i] += resources->is_willing[r] == 1;
      if (resources->seats[r] != KY_NULL) seats[i] = (seats[i] == KY_NULL ? 0 : seats[i]) + resources->seats[r];
    }
  }
  ky_table_fixed(table, "providers_count", "近くの車両の担い手の数", NULL, 0, count);
  ky_table_fixed(table, "providers_willing", "近くの車両の担い手のうち協力の意向あり", NULL, 0, willing);
  ky_table_fixed(table, "provider_seats", "担い手の車両の席数（わかる分）", NULL, 0, seats);
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
    const char **text;
    KY_NEW(job, keep, text, table->count);
    for (uint32_t i = 0; resources != NULL && i < table->count; i++)
      KY_TRY(join(job, m, resources->text[columns[c].text], i, &text[i]));
    ky_table_text(table, columns[c].name, columns[c].alias, text);
  }
  ky_table_bool(table, "needs_provider", "担い手が必要", m->needs_provider);
  return KY_OK;
}

static ky_err add_constant(ky_job *job, ky_table *table, const char *name, const char *alias, const char *unit,
                           uint8_t decimals, int64_t value) {
  int64_t *values;
  KY_NEW(job, keep, values, table->count);
  for (uint32_t i = 0; i < table->count; i++) values[i] = value;
  ky_table_fixed(table, name, alias, unit, decimals, values);
  return KY_OK;
}

/* What the figures rest on; all assumptions unless the configuration says them. */
static ky_err add_assumptions(ky_job *job, const ky_mobility_opts *opts, ky_table *table) {
  KY_TRY(add_constant(job, table, "assumed_speed_m_per_min", "仮定: 車の速さ", "m/min", 0, opts->speed_m_per_min));
  KY_TRY(add_constant(job, table, "assumed_sessions_per_month", "仮定: 月の開催回数", NULL, 3, opts->sessions_milli));
  KY_TRY(add_constant(job, table, "assumed_vehicle_seats", "仮定: 1台に乗れる人数", NULL, 0, opts->vehicle_seats));
  KY_TRY(add_constant(job, table, "assumed_boarding_min", "仮定: 乗り降りの時間", "min", 3, opts->boarding_milli_min));
  return add_constant(job, table, "assumed_pickup_m", "仮定: 立ち寄る所まで歩く距離", "m", 3, opts->pickup_mm);
}

ky_err ky_mobility_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_mobility *mobility = result->mobility;
  const ky_shapes *shapes = &mobility->shapes;
  bool has_shapes = shapes->kind != KY_SHAPE_NONE && shapes->count == mobility->count;
  KY_TRY(ky_table_new(job, "mobility", "移動支援の候補", mobility->count, has_shapes ? shapes : NULL, CAPACITY, out));
  KY_TRY(add_texts(job, result, out));
  KY_TRY(ky_table_count(job, out, "rank", "順位", mobility->rank));
  KY_TRY(add_people(job, result, out));
  KY_TRY(ky_table_area_supply(job, result, result->mobility->area, out));
  KY_TRY(add_venues(job, result, out));
  KY_TRY(add_tour(job, mobility, out));
  KY_TRY(add_places(job, result, out));
  KY_TRY(add_providers(job, result, out));
  KY_TRY(add_assumptions(job, result->mobility_opts, out));
  return ky_table_constant(job, out, "status", "状態", "candidate");
}
