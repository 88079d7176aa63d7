/* Layer zones: the columns of targets. */
#include "core/table_columns.h"
#include "core/table_zones.h"

/* What the zones' numbers add up to is said beside each column: run.json lists it, a test adds them up. */
static void add_people(ky_table *table, const char *name, const char *alias, ky_adds adds, const int64_t *values) {
  ky_table_fixed(table, name, alias, "people", 0, values);
  ky_table_adds(table, adds);
}

static void add_count(ky_table *table, const char *name, const char *alias, ky_adds adds, const int64_t *values) {
  ky_table_fixed(table, name, alias, NULL, 0, values);
  ky_table_adds(table, adds);
}

#define PEOPLE(name, alias, values)      add_people(table, name, alias, KY_ADDS_ZONES, values)
#define SHARE(name, alias, values)       ky_table_fixed(table, name, alias, "share", 6, values)
#define COUNT_ROWS(name, alias, values)  add_count(table, name, alias, KY_ADDS_ROWS, values)
#define COUNT_ZONES(name, alias, values) add_count(table, name, alias, KY_ADDS_ZONES, values)

static void add_target(const ky_targets *t, ky_table *table) {
  SHARE("target_rate", "目標参加率", t->rate);
  ky_table_text(table, "target_basis", "目標の根拠", t->basis);
  PEOPLE("target_participants", "目標参加者数", t->target);
  PEOPLE("target_participants_m", "目標参加者数（男）", t->target_m);
  PEOPLE("target_participants_f", "目標参加者数（女）", t->target_f);
  PEOPLE("target_too_far", "目標のうち場が遠い人", t->too_far);
  PEOPLE("target_no_seats", "目標のうち席がない人", t->no_seats);
  PEOPLE("target_within_reach", "目標のうち歩いて通える人（席がない人を除く）", t->within_reach);
  PEOPLE("target_unknown", "目標のうち判定できない人", t->unknown);
  ky_table_text(table, "target_no_seats_reason", "席の割当がない理由", t->no_seats_reason);
}

static void add_participants(const ky_targets *t, ky_table *table) {
  PEOPLE("participants", "参加者数", t->participants);
  ky_table_text(table, "participants_kind", "参加者数の数え方（sum: 場ごとの合計で重複を含む、distinct: 実人数）",
                t->participants_kind);
  PEOPLE("participants_sum", "参加者数（場ごとの合計・重複を含む）", t->participants_sum);
  PEOPLE("participants_allocated", "参加者数（住まいの圏域へ配分）", t->participants_allocated);
  PEOPLE("participants_weekly", "週1回以上の参加者数", t->participants_weekly);
  PEOPLE("participants_m", "参加者数（男）", t->participants_m);
  PEOPLE("participants_f", "参加者数（女）", t->participants_f);
  PEOPLE("participants_allocated_m", "参加者数（男・住まいの圏域へ配分）", t->participants_allocated_m);
  PEOPLE("participants_allocated_f", "参加者数（女・住まいの圏域へ配分）", t->participants_allocated_f);
  ky_table_bool(table, "participants_at_least", "参加者数は下限", t->is_at_least);
  ky_table_bool(table, "participants_sexes_at_least", "男女別の参加者数は下限", t->is_sexes_at_least);
  ky_table_bool(table, "participants_weekly_at_least", "週1回以上の参加者数は下限", t->is_weekly_at_least);
  ky_table_bool(table, "participants_over", "参加者数が65歳以上の人数を超える", t->is_over);
  PEOPLE("participants_low", "参加者数の推計（下）", t->imputed_low);
  PEOPLE("participants_high", "参加者数の推計（上）", t->imputed_high);
  SHARE("report_share", "参加者数を報告した場の割合", t->report_share);
  SHARE("report_share_sexes", "男女別の参加者数を報告した場の割合", t->sexes_report_share);
  SHARE("report_share_weekly", "週1回以上の参加者数を報告した場の割合", t->weekly_report_share);
}

static void add_rates(const ky_targets *t, ky_table *table) {
  SHARE("participation_rate", "参加率", t->participation_rate);
  SHARE("participation_rate_m", "参加率（男）", t->participation_rate_m);
  SHARE("participation_rate_f", "参加率（女）", t->participation_rate_f);
  SHARE("participation_rate_weekly", "参加率（週1回以上）", t->weekly_rate);
  SHARE("weekly_reference", "週1回以上の参照線（目標ではない）", t->weekly_reference);
  SHARE("attainment", "目標達成率", t->attainment);
  PEOPLE("shortfall", "目標までの不足", t->shortfall);
  PEOPLE("net_shortfall", "目標と参加者数の差", t->net_shortfall);
}

/* participants_75 ...: counted for another age band, with a rate of that band. */
static ky_err add_bands(ky_job *job, const ky_targets *t, ky_table *table) {
  for (uint32_t b = 0; b < t->band_count; b++) {
    const char *band = ky_measure_name(t->band[b].measure), *of = ky_measure_alias(t->band[b].measure);
    const char *name = ky_format(&job->keep, "participants_%s", band),
               *alias = ky_format(&job->keep, "参加者数（%s）", of);
    const char *rate = ky_format(&job->keep, "participation_rate_%s", band);
    const char *rate_alias = ky_format(&job->keep, "参加率（%s）", of);
    if (name == NULL || alias == NULL || rate == NULL || rate_alias == NULL) return ky_fail_memory(job);
    PEOPLE(name, alias, t->band[b].participants);
    SHARE(rate, rate_alias, t->band[b].rate);
  }
  return KY_OK;
}

static void add_places(const ky_targets *t, ky_table *table) {
  COUNT_ROWS("venues_count", "箇所数", t->venues_count);
  COUNT_ROWS("venues_counting", "数える場の箇所数", t->venues_counting);
  COUNT_ROWS("seats", "席数", t->seats);
  COUNT_ROWS("free_seats", "空き席数（圏域内の場）", t->free_seats);
  COUNT_ZONES("free_seats_in_range", "空き席数（歩いて通える範囲・按分）", t->free_in_range);
  COUNT_ZONES("places_by_participants", "不足から見た必要箇所数", t->places_by_participants);
  /* each on its own: two zones may reach their goals by the same site */
  add_count(table, "places_by_reach", "徒歩圏から見た必要箇所数", KY_ADDS_NOT, t->places_by_reach);
  ky_table_text(table, "places_by_reach_reason", "徒歩圏から見た必要箇所数がない理由", t->places_by_reach_reason);
}

ky_err ky_zones_table_targets(ky_job *job, const ky_result *result, ky_table *table) {
  add_target(result->targets, table);
  add_participants(result->targets, table);
  add_rates(result->targets, table);
  KY_TRY(add_bands(job, result->targets, table));
  add_places(result->targets, table);
  return KY_OK;
}
