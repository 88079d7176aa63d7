/* Layer target_path: one record per year and zone or municipality. */
#include <kayoi/write.h>

#include "core/table_columns.h"
#include "core/table_zones.h"

typedef struct rows {
  const ky_result *result;
  const ky_target_path *path;
  uint32_t per_year; /* zones and the municipality */
} rows;

static uint32_t row_of(const rows *r, uint32_t i) {
  const uint32_t row = i % r->per_year;
  return row < r->result->zones->count ? row : KY_ROW_MUNICIPALITY(r->result->zones);
}

static uint32_t at_of(const rows *r, uint32_t i) {
  return i / r->per_year * r->path->row_count + row_of(r, i);
}

static ky_err add_keys(ky_job *job, const rows *r, ky_table *table) {
  const char **id, **name, **level, **from;
  int64_t *year, *people_year;
  KY_NEW(job, keep, id, table->count);
  KY_NEW(job, keep, name, table->count);
  KY_NEW(job, keep, level, table->count);
  KY_NEW(job, keep, from, table->count);
  KY_NEW(job, keep, year, table->count);
  KY_NEW(job, keep, people_year, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const uint32_t row = row_of(r, i), y = i / r->per_year;
    id[i] = row < r->result->zones->count ? r->result->zones->id[row] : NULL;
    name[i] = ky_row_name(r->result, row);
    level[i] = ky_row_level(r->result->zones, row);
    year[i] = r->path->year[y];
    from[i] = r->path->people_from[y];
    people_year[i] = r->path->people_year[y];
  }
  ky_table_fixed(table, "year", "年", "year", 0, year);
  ky_table_text(table, "zone_id", "日常生活圏域番号", id);
  ky_table_text(table, "name", "日常生活圏域", name);
  ky_table_text(table, "level", "区分", level);
  ky_table_text(table, "people_from", "人口の出所", from);
  ky_table_fixed(table, "people_year", "人口の年", "year", 0, people_year);
  return KY_OK;
}

static ky_err add_number(ky_job *job, const rows *r, ky_table *table, const char *name, const char *alias,
                         const char *unit, uint8_t decimals, const int64_t *of) {
  int64_t *values;
  KY_NEW(job, keep, values, table->count);
  for (uint32_t i = 0; i < table->count; i++) values[i] = of[at_of(r, i)];
  ky_table_fixed(table, name, alias, unit, decimals, values);
  return KY_OK;
}

ky_err ky_target_path_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_target_path *path = result->target_path;
  const rows r = {result, path, result->zones->count + 1};
  const char **basis;
  int64_t *participants;
  KY_TRY(ky_table_new(job, "target_path", "目標の道筋", path->year_count * r.per_year, NULL, 14, out));
  KY_TRY(add_keys(job, &r, out));
  KY_NEW(job, keep, basis, out->count);
  KY_NEW(job, keep, participants, out->count);
  for (uint32_t i = 0; i < out->count; i++) {
    basis[i] = path->basis[at_of(&r, i)];
    participants[i] = result->targets->participants[row_of(&r, i)];
  }
  KY_TRY(add_number(job, &r, out, "target_base_65", "目標のもとになる65歳以上", "people", 3, path->base_65));
  KY_TRY(add_number(job, &r, out, "target_rate", "目標参加率", "share", 6, path->rate));
  ky_table_text(out, "target_basis", "目標の根拠", basis);
  KY_TRY(add_number(job, &r, out, "target_participants", "目標参加者数", "people", 0, path->target));
  ky_table_fixed(out, "participants", "今の参加者数", "people", 0, participants);
  KY_TRY(add_number(job, &r, out, "attainment", "目標達成率（今の参加者数）", "share", 6, path->attainment));
  KY_TRY(add_number(job, &r, out, "shortfall", "目標までの不足（今の参加者数）", "people", 0, path->shortfall));
  return add_number(job, &r, out, "net_shortfall", "目標と今の参加者数の差", "people", 0, path->net_shortfall);
}
