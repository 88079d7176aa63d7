/* Tables closures and closure_zones: one record per venue that counts; per venue and zone where somebody would lose. */
#include <kayoi/write.h>

#include "core/table_columns.h"
#include "core/table_zones.h"

/* A column of the venues in the order of the closures. */
static ky_err add_number(ky_job *job, const ky_closures *c, const char *name, const char *alias, const char *unit,
                         uint8_t decimals, const int64_t *of, ky_table *table) {
  int64_t *values;
  KY_NEW(job, keep, values, table->count);
  for (uint32_t k = 0; k < table->count; k++) values[k] = of != NULL ? of[c->venue[k]] : KY_NULL;
  ky_table_fixed(table, name, alias, unit, decimals, values);
  return KY_OK;
}

static ky_err add_venue(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_closures *c = result->closures;
  const ky_venues *venues = result->venues;
  const char **zone_id;
  KY_TRY(ky_table_lookup(job, table, "venue_id", "通いの場番号", venues->id, c->venue));
  KY_TRY(ky_table_lookup(job, table, "name", "名称", venues->text[KY_VENUE_NAME], c->venue));
  KY_NEW(job, keep, zone_id, table->count);
  for (uint32_t k = 0; k < table->count; k++) {
    const uint32_t row = venues->row[c->venue[k]];
    zone_id[k] = row < result->zones->count ? result->zones->id[row] : NULL;
  }
  ky_table_text(table, "zone_id", "日常生活圏域", zone_id);
  return KY_OK;
}

/* What its end would cost. */
static ky_err add_people(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_closures *c = result->closures;
  ky_table_fixed(table, "losing_65", "やめると徒歩圏外となる65歳以上", "people", 3, c->losing[0]);
  if (c->losing[1] != NULL)
    ky_table_fixed(table, "losing_75", "やめると徒歩圏外となる75歳以上", "people", 3, c->losing[1]);
  else
    KY_TRY(ky_table_nulls(job, table, "losing_75", "やめると徒歩圏外となる75歳以上", "people", 3));
  ky_table_fixed(table, "staying_65", "最寄りがここで、ほかの場も徒歩圏にある65歳以上", "people", 3, c->staying_65);
  KY_TRY(ky_table_mm(job, table, "extra_walk_m_mean", "その人たちが余計に歩く距離の平均", c->extra_mm));
  KY_TRY(ky_table_lookup(job, table, "next_venue_id", "次に近い場", result->venues->id, c->next));
  KY_TRY(
      ky_table_lookup(job, table, "next_venue_name", "次に近い場の名称", result->venues->text[KY_VENUE_NAME], c->next));
  ky_table_fixed(table, "next_free_seats", "次に近い場の空き席数", "people", 0, c->next_free);
  return KY_OK;
}

/* How likely it is: who carries it, and whether more or fewer come. */
static ky_err add_strength(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_closures *c = result->closures;
  const ky_venues *v = result->venues;
  int64_t *change;
  KY_TRY(add_number(job, c, "sessions_per_month", "月の開催回数", NULL, 3, v->sessions_milli, table));
  KY_TRY(add_number(job, c, "participants", "参加者実人数", "people", 0, v->participants, table));
  KY_TRY(add_number(job, c, "participants_before", "参加者実人数（前回）", "people", 0, v->participants_before, table));
  KY_NEW(job, keep, change, table->count);
  for (uint32_t k = 0; k < table->count; k++) {
    const int64_t now = v->participants[c->venue[k]];
    const int64_t before = v->participants_before != NULL ? v->participants_before[c->venue[k]] : KY_NULL;
    change[k] = now != KY_NULL && before != KY_NULL ? now - before : KY_NULL;
  }
  ky_table_fixed(table, "participants_change", "参加者実人数の増減", "people", 0, change);
  return add_number(job, c, "supporters", "担い手の人数", "people", 0, v->supporters, table);
}

ky_err ky_closures_table(ky_job *job, const ky_result *result, ky_table *out) {
  KY_TRY(ky_table_new(job, "closures", "場がなくなった場合", result->closures->count, NULL, 20, out));
  KY_TRY(add_venue(job, result, out));
  KY_TRY(add_people(job, result, out));
  return add_strength(job, result, out);
}

ky_err ky_closure_zones_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_closures *c = result->closures;
  const char **zone_id, **name, **level;
  uint32_t *venue;
  KY_TRY(
      ky_table_new(job, "closure_zones", "場がなくなった場合（日常生活圏域）", c->first_row[c->count], NULL, 8, out));
  KY_NEW(job, scratch, venue, out->count);
  KY_NEW(job, keep, zone_id, out->count);
  KY_NEW(job, keep, name, out->count);
  KY_NEW(job, keep, level, out->count);
  for (uint32_t k = 0; k < c->count; k++) {
    for (uint32_t i = c->first_row[k]; i < c->first_row[k + 1]; i++) {
      venue[i] = c->venue[k];
      zone_id[i] = c->row[i] < result->zones->count ? result->zones->id[c->row[i]] : NULL;
      name[i] = ky_row_name(result, c->row[i]);
      level[i] = ky_row_level(result->zones, c->row[i]);
    }
  }
  KY_TRY(ky_table_lookup(job, out, "venue_id", "通いの場番号", result->venues->id, venue));
  ky_table_text(out, "zone_id", "日常生活圏域番号", zone_id);
  ky_table_text(out, "name", "日常生活圏域", name);
  ky_table_text(out, "level", "区分", level);
  ky_table_fixed(out, "losing_65", "やめると徒歩圏外となる65歳以上", "people", 3, c->row_losing[0]);
  if (c->row_losing[1] == NULL)
    return ky_table_nulls(job, out, "losing_75", "やめると徒歩圏外となる75歳以上", "people", 3);
  ky_table_fixed(out, "losing_75", "やめると徒歩圏外となる75歳以上", "people", 3, c->row_losing[1]);
  return KY_OK;
}
