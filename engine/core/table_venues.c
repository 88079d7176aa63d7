/* Layer venues: the register as given, whether each one counts, where it stands on the streets, and whom it serves. */
#include <inttypes.h>
#include <kayoi/write.h>

#include "core/table_columns.h"

#define CAPACITY (60 + KY_VENUE_TEXT_COUNT + KY_BANDS_MAX)

static ky_err add_texts(ky_job *job, const ky_venues *venues, ky_table *table) {
  static const struct {
    const char *name, *alias;
  } texts[KY_VENUE_TEXT_COUNT] = {
#define KY_X(name, text, alias) [name] = {text, alias},
      KY_VENUE_TEXTS(KY_X)
#undef KY_X
  };
  for (int k = 0; k < KY_VENUE_TEXT_COUNT; k++) {
    if (venues->text[k] != NULL)
      ky_table_text(table, texts[k].name, texts[k].alias, venues->text[k]);
    else
      KY_TRY(ky_table_constant(job, table, texts[k].name, texts[k].alias, NULL));
  }
  return KY_OK;
}

/* A column that may be missing as a whole. */
static ky_err add_fixed(ky_job *job, ky_table *table, const char *name, const char *alias, const char *unit,
                        uint8_t decimals, const int64_t *values) {
  if (values == NULL) return ky_table_nulls(job, table, name, alias, unit, decimals);
  ky_table_fixed(table, name, alias, unit, decimals, values);
  return KY_OK;
}

static ky_err add_flag(ky_job *job, ky_table *table, const char *name, const char *alias, const int8_t *values) {
  int8_t *unknown;
  if (values == NULL) {
    KY_NEW(job, keep, unknown, table->count);
    for (uint32_t v = 0; v < table->count; v++) unknown[v] = -1;
    values = unknown;
  }
  ky_table_bool(table, name, alias, values);
  return KY_OK;
}

/* Who carries it, and whether more or fewer come than in the survey before. */
static ky_err add_carriers(ky_job *job, const ky_venues *venues, ky_table *table) {
  int64_t *change;
  KY_TRY(
      add_fixed(job, table, "participants_before", "参加者実人数（前回）", "people", 0, venues->participants_before));
  KY_NEW(job, keep, change, table->count);
  for (uint32_t v = 0; v < table->count; v++) {
    const bool is_known = venues->participants != NULL && venues->participants_before != NULL &&
                          venues->participants[v] != KY_NULL && venues->participants_before[v] != KY_NULL;
    change[v] = is_known ? venues->participants[v] - venues->participants_before[v] : KY_NULL;
  }
  ky_table_fixed(table, "participants_change", "参加者実人数の増減", "people", 0, change);
  return add_fixed(job, table, "supporters", "担い手の人数", "people", 0, venues->supporters);
}

static ky_err add_facts(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_venues *venues = result->venues;
  KY_TRY(add_fixed(job, table, "sessions_per_month", "月の開催回数", NULL, 3, venues->sessions_milli));
  KY_TRY(add_fixed(job, table, "capacity", "定員", "people", 0, venues->capacity));
  ky_table_fixed(table, "seats", "席数（月に通える人数）", "people", 0, result->targets->assigned.seats);
  KY_TRY(add_fixed(job, table, "participants", "参加者実人数", "people", 0, venues->participants));
  KY_TRY(add_fixed(job, table, "participants_m", "参加者実人数（男）", "people", 0, venues->participants_m));
  KY_TRY(add_fixed(job, table, "participants_f", "参加者実人数（女）", "people", 0, venues->participants_f));
  KY_TRY(add_fixed(job, table, "participants_weekly", "週1回以上の参加者", "people", 0, venues->participants_weekly));
  KY_TRY(add_carriers(job, venues, table));
  KY_TRY(add_flag(job, table, "resident_led", "住民主体", venues->is_resident_led));
  return add_flag(job, table, "publish", "公開可", venues->is_published);
}

static ky_err add_seats(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_seats *seats = &result->targets->assigned;
  int64_t *left, *over;
  int8_t *is_full, *is_empty;
  KY_NEW(job, keep, left, table->count);
  KY_NEW(job, keep, over, table->count);
  KY_NEW(job, keep, is_full, table->count);
  KY_NEW(job, keep, is_empty, table->count);
  for (uint32_t v = 0; v < table->count; v++) {
    const ky_seat_use use = ky_seat_use_of(seats->seats[v], result->venues->participants[v]);
    left[v] = use.free;
    over[v] = use.over;
    is_full[v] = use.is_full;
    is_empty[v] = use.is_empty;
  }
  ky_table_fixed(table, "free_seats", "空き席数", "people", 0, left);
  ky_table_fixed(table, "participants_over_seats", "席数を超える参加者数", "people", 0, over);
  ky_table_bool(table, "full", "満員", is_full);
  ky_table_bool(table, "empty", "参加者なし", is_empty);
  ky_table_bool(table, "seats_short", "周りの目標人数に席が足りない", seats->is_short);
  return KY_OK;
}

/* What 対象エリア was taken for, and the zones it binds the venue to. */
static ky_err add_catchment(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_catchments *c = &result->venues->catchments;
  const char **state, **zones;
  KY_NEW(job, keep, state, table->count);
  KY_NEW(job, keep, zones, table->count);
  for (uint32_t v = 0; v < table->count; v++) {
    const uint32_t set = ky_catchment_set(c, v);
    state[v] = ky_catchment_state_name(c->state != NULL && v < c->venue_count ? c->state[v] : KY_CATCHMENT_UNKNOWN);
    for (uint32_t k = set == KY_NONE ? 0 : c->first[set]; set != KY_NONE && k < c->first[set + 1]; k++) {
      const char *id = result->zones->id[c->zone[k]];
      zones[v] = zones[v] == NULL ? id : ky_format(&job->keep, "%s;%s", zones[v], id);
      if (zones[v] == NULL) return ky_fail_memory(job);
    }
  }
  ky_table_text(table, "catchment_state", "対象エリアの扱い", state);
  ky_table_text(table, "catchment_zones", "対象の日常生活圏域", zones);
  return KY_OK;
}

/* Who decided whether it counts, and why it does not count for the rate. */
static ky_err add_word(ky_job *job, const ky_venues *venues, ky_table *table) {
  const char **coverage, **rate;
  KY_NEW(job, keep, coverage, table->count);
  KY_NEW(job, keep, rate, table->count);
  for (uint32_t v = 0; v < table->count; v++) {
    coverage[v] = venues->says_coverage[v] == venues->counts[v] ? "register" : "rule";
    rate[v] = venues->says_rate[v] == venues->counts_for_rate[v] ? "register" : "rule";
  }
  ky_table_text(table, "rate_reason", "参加率に数えない理由", venues->rate_reason);
  ky_table_text(table, "counts_basis", "徒歩圏に数えるかの根拠", coverage);
  ky_table_text(table, "counts_for_rate_basis", "参加率に数えるかの根拠", rate);
  ky_table_bool(table, "is_informal", "把握外の集まり", venues->is_informal);
  return KY_OK;
}

static ky_err add_rules(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_venues *venues = result->venues;
  const char **zone_id;
  ky_table_bool(table, "counts", "徒歩圏の計算に数える", venues->counts);
  ky_table_bool(table, "counts_for_rate", "参加率の計算に数える", venues->counts_for_rate);
  ky_table_text(table, "reason", "数えない理由", venues->reason);
  KY_TRY(add_word(job, venues, table));
  KY_NEW(job, keep, zone_id, table->count);
  for (uint32_t v = 0; v < table->count; v++)
    zone_id[v] = venues->row[v] < result->zones->count ? result->zones->id[venues->row[v]] : NULL;
  ky_table_text(table, "zone_id", "日常生活圏域", zone_id);
  return add_catchment(job, result, table);
}

/* "500", or "450_500" for 450.5 m: the name that the zones layer uses too. */
static const char *band_name(ky_job *job, uint32_t band_mm) {
  if (band_mm % 1000 == 0) return ky_format(&job->keep, "%" PRIu32, band_mm / 1000);
  return ky_format(&job->keep, "%" PRIu32 "_%03" PRIu32, band_mm / 1000, band_mm % 1000);
}

static ky_err add_people(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_coverage *coverage = result->coverage;
  for (uint32_t b = 0; b < coverage->band_count; b++) {
    const char *band = band_name(job, result->walk_opts->bands_mm[b]);
    if (band == NULL) return ky_fail_memory(job);
    const char *name = ky_format(&job->keep, "people_65_%s", band);
    const char *alias = ky_format(&job->keep, "徒歩%sm以内の65歳以上", band);
    if (name == NULL || alias == NULL) return ky_fail_memory(job);
    ky_table_fixed(table, name, alias, "people", 3, coverage->venue_people[b]);
  }
  ky_table_fixed(table, "nearest_65", "最寄りとする65歳以上", "people", 3, coverage->venue_nearest);
  ky_table_fixed(table, "only_covered_65", "ここだけが徒歩圏の65歳以上", "people", 3, coverage->venue_only);
  return KY_OK;
}

ky_err ky_venues_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_venues *venues = result->venues;
  KY_TRY(ky_table_new(job, "venues", "通いの場", venues->count, &venues->shapes, CAPACITY, out));
  ky_table_text(out, "venue_id", "通いの場番号", venues->id);
  KY_TRY(add_texts(job, venues, out));
  KY_TRY(add_facts(job, result, out));
  KY_TRY(add_seats(job, result, out));
  KY_TRY(add_rules(job, result, out));
  KY_TRY(ky_table_anchors(job, out, result->network, result->venue_anchors));
  return add_people(job, result, out);
}
