/* Layer profiles: the ledger of people 65+ by row, profile and distance, one record each; the first profile's numbers
 * are those of the zones. Written when a run has several profiles. */
#include <kayoi/write.h>

#include "core/ratio.h"
#include "core/table_columns.h"
#include "core/table_zones.h"

#define CAPACITY 18

/* The record that is being filled: row of the ledger, profile, band. */
typedef struct place {
  uint32_t row, band;
  const ky_profile_result *of;
} place;

static uint32_t record_count(const ky_result *result) {
  uint32_t bands = 0;
  for (uint32_t p = 0; p < result->profiles->count; p++) bands += result->profiles->result[p].opts->band_count;
  return bands * KY_ROW_COUNT(result->zones);
}

/* Rows of the ledger, in each the profiles in their order, in each the bands. */
static ky_err list_places(ky_job *job, const ky_result *result, uint32_t count, place **out) {
  uint32_t n = 0;
  KY_NEW(job, scratch, *out, count);
  for (uint32_t row = 0; row < KY_ROW_COUNT(result->zones); row++)
    for (uint32_t p = 0; p < result->profiles->count; p++)
      for (uint32_t b = 0; b < result->profiles->result[p].opts->band_count; b++)
        (*out)[n++] = (place){.row = row, .band = b, .of = &result->profiles->result[p]};
  return KY_OK;
}

static ky_err add_keys(ky_job *job, const ky_result *result, const place *places, ky_table *table) {
  const char **id, **name, **level, **profile;
  int64_t *band_mm, *minutes, *speed;
  int8_t *is_first, *is_primary;
  KY_NEW(job, keep, id, table->count);
  KY_NEW(job, keep, name, table->count);
  KY_NEW(job, keep, level, table->count);
  KY_NEW(job, keep, profile, table->count);
  KY_NEW(job, keep, band_mm, table->count);
  KY_NEW(job, keep, minutes, table->count);
  KY_NEW(job, keep, speed, table->count);
  KY_NEW(job, keep, is_first, table->count);
  KY_NEW(job, keep, is_primary, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const ky_walk_opts *opts = places[i].of->opts;
    const uint32_t row = places[i].row, band = opts->bands_mm[places[i].band];
    id[i] = row < result->zones->count ? result->zones->id[row] : NULL;
    name[i] = ky_row_name(result, row);
    level[i] = ky_row_level(result->zones, row);
    profile[i] = opts->profile;
    band_mm[i] = band;
    minutes[i] = ky_profile_minutes(opts, band);
    speed[i] = opts->speed_mm_per_min;
    is_first[i] = places[i].of == &result->profiles->result[0];
    is_primary[i] = band == opts->primary_mm;
  }
  ky_table_text(table, "zone_id", "日常生活圏域番号", id);
  ky_table_text(table, "name", "日常生活圏域", name);
  ky_table_text(table, "level", "区分", level);
  ky_table_text(table, "profile", "歩く人の設定", profile);
  ky_table_fixed(table, "band_m", "徒歩距離", "m", 3, band_mm);
  ky_table_fixed(table, "band_min", "徒歩時間", "min", 2, minutes);
  ky_table_fixed(table, "speed_m_per_min", "歩く速さ", "m/min", 3, speed);
  ky_table_bool(table, "decides", "この設定で空白地帯と目標を決める", is_first);
  ky_table_bool(table, "primary", "この距離で徒歩圏を判定する", is_primary);
  return KY_OK;
}

/* pop = covered + beyond + unreachable + unknown, with this distance as the threshold. */
static ky_err add_people(ky_job *job, const place *places, ky_table *table) {
  int64_t *pop, *covered, *beyond, *unreachable, *unknown, *share;
  KY_NEW(job, keep, pop, table->count);
  KY_NEW(job, keep, covered, table->count);
  KY_NEW(job, keep, beyond, table->count);
  KY_NEW(job, keep, unreachable, table->count);
  KY_NEW(job, keep, unknown, table->count);
  KY_NEW(job, keep, share, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const ky_coverage *c = &places[i].of->coverage;
    const uint32_t row = places[i].row;
    const size_t at = (size_t)row * KY_MEASURE_COUNT + KY_65;
    pop[i] = c->total[at];
    covered[i] = c->covered_band[places[i].band][row];
    unreachable[i] = c->people[KY_UNREACHABLE][at];
    unknown[i] = c->people[KY_UNKNOWN][at];
    beyond[i] = c->people[KY_COVERED][at] + c->people[KY_BEYOND][at] - covered[i];
    share[i] = ky_ratio_share(covered[i], pop[i]);
  }
  KY_TRY(ky_table_people(job, table, "pop", "人口", KY_65, pop));
  KY_TRY(ky_table_people(job, table, "covered", "徒歩圏内", KY_65, covered));
  KY_TRY(ky_table_people(job, table, "beyond", "徒歩圏外", KY_65, beyond));
  KY_TRY(ky_table_people(job, table, "unreachable", "経路なし", KY_65, unreachable));
  KY_TRY(ky_table_people(job, table, "unknown", "判定できない", KY_65, unknown));
  ky_table_fixed(table, "covered_share_65", "徒歩圏内の割合（65歳以上）", "share", 6, share);
  return KY_OK;
}

static ky_err add_rules(ky_job *job, const place *places, ky_table *table) {
  const char **slope, **basis;
  KY_NEW(job, keep, slope, table->count);
  KY_NEW(job, keep, basis, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    slope[i] = places[i].of->opts->with_slope ? "tobler" : "none";
    basis[i] = places[i].of->opts->basis;
  }
  ky_table_text(table, "slope", "坂道の数え方", slope);
  ky_table_text(table, "basis", "距離の根拠", basis);
  return KY_OK;
}

ky_err ky_profiles_table(ky_job *job, const ky_result *result, ky_table *out) {
  const uint32_t count = record_count(result);
  place *places = NULL;
  KY_TRY(list_places(job, result, count, &places));
  KY_TRY(ky_table_new(job, "profiles", "歩く人の設定別の徒歩圏", count, NULL, CAPACITY, out));
  KY_TRY(add_keys(job, result, places, out));
  KY_TRY(add_people(job, places, out));
  return add_rules(job, places, out);
}
