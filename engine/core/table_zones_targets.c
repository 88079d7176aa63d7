/* Layer zones: the columns of targets. */
#include "core/table_zones.h"

#define PEOPLE(name, alias, values) ky_table_fixed(table, name, alias, "people", 0, values)
#define SHARE(name, alias, values)  ky_table_fixed(table, name, alias, "share", 6, values)
#define COUNT(name, alias, values)  ky_table_fixed(table, name, alias, NULL, 0, values)

static void add_target(const ky_targets *t, ky_table *table) {
  SHARE("target_rate", "目標参加率", t->rate);
  ky_table_text(table, "target_basis", "目標の根拠", t->basis);
  PEOPLE("target_participants", "目標参加者数", t->target);
  PEOPLE("target_too_far", "目標のうち場が遠い人", t->too_far);
  PEOPLE("target_no_seats", "目標のうち席がない人", t->no_seats);
  PEOPLE("target_within_reach", "目標のうち徒歩圏内の人", t->within_reach);
  PEOPLE("target_unknown", "目標のうち判定できない人", t->unknown);
  ky_table_text(table, "target_no_seats_reason", "席の割当がない理由", t->no_seats_reason);
}

static void add_participants(const ky_targets *t, ky_table *table) {
  PEOPLE("participants", "参加者数（場ごとの合計・重複を含む）", t->participants);
  PEOPLE("participants_allocated", "参加者数（住まいの圏域へ配分）", t->participants_allocated);
  PEOPLE("participants_weekly", "週1回以上の参加者数", t->participants_weekly);
  PEOPLE("participants_m", "参加者数（男）", t->participants_m);
  PEOPLE("participants_f", "参加者数（女）", t->participants_f);
  ky_table_bool(table, "participants_at_least", "参加者数は下限", t->is_at_least);
  PEOPLE("participants_low", "参加者数の推計（下）", t->imputed_low);
  PEOPLE("participants_high", "参加者数の推計（上）", t->imputed_high);
  SHARE("report_share", "参加者数を報告した場の割合", t->report_share);
  SHARE("participation_rate", "参加率", t->participation_rate);
  SHARE("participation_rate_weekly", "参加率（週1回以上）", t->weekly_rate);
  SHARE("attainment", "目標達成率", t->attainment);
  PEOPLE("shortfall", "目標までの不足", t->shortfall);
  PEOPLE("net_shortfall", "目標と参加者数の差", t->net_shortfall);
}

static void add_places(const ky_targets *t, ky_table *table) {
  COUNT("venues_count", "箇所数", t->venues_count);
  COUNT("venues_counting", "数える場の箇所数", t->venues_counting);
  COUNT("seats", "席数", t->seats);
  COUNT("free_seats", "空き席数（圏域内の場）", t->free_seats);
  COUNT("free_seats_in_range", "空き席数（歩いて通える範囲・按分）", t->free_in_range);
  COUNT("places_by_participants", "不足から見た必要箇所数", t->places_by_participants);
  COUNT("places_by_reach", "徒歩圏から見た必要箇所数", t->places_by_reach);
  ky_table_text(table, "places_by_reach_reason", "徒歩圏から見た必要箇所数がない理由", t->places_by_reach_reason);
}

ky_err ky_zones_table_targets(ky_job *job, const ky_result *result, ky_table *table) {
  (void)job;
  add_target(result->targets, table);
  add_participants(result->targets, table);
  add_places(result->targets, table);
  return KY_OK;
}
