/* Layer provider_areas: for every provider with vehicles the areas in its reach, those of most people first: where
 * would our vehicle help? */
#include <kayoi/write.h>
#include <stdlib.h>

#include "core/table_columns.h"

typedef struct reach {
  uint32_t provider, record, road_mm; /* record of mobility: by people 65+ */
} reach;

static int compare(const void *left, const void *right) {
  const reach *a = left, *b = right;
  if (a->provider != b->provider) return a->provider < b->provider ? -1 : 1;
  return (a->record > b->record) - (a->record < b->record);
}

typedef struct columns {
  uint32_t *provider, *area, *road_mm;
  int64_t *rank, *minutes, *people, *riders, *seats;
  int8_t *willing;
  const char **class;
} columns;

static ky_err new_columns(ky_job *job, uint32_t count, columns *out) {
  KY_NEW(job, keep, out->provider, count);
  KY_NEW(job, keep, out->area, count);
  KY_NEW(job, keep, out->road_mm, count);
  KY_NEW(job, keep, out->rank, count);
  KY_NEW(job, keep, out->minutes, count);
  KY_NEW(job, keep, out->people, count);
  KY_NEW(job, keep, out->riders, count);
  KY_NEW(job, keep, out->seats, count);
  KY_NEW(job, keep, out->willing, count);
  KY_NEW(job, keep, out->class, count);
  return KY_OK;
}

static ky_err list(ky_job *job, const ky_mobility *m, uint32_t count, reach **out) {
  uint32_t at = 0;
  KY_NEW(job, scratch, *out, count);
  for (uint32_t i = 0; i < m->count; i++)
    for (uint32_t p = m->first_provider[i]; p < m->first_provider[i + 1]; p++)
      (*out)[at++] = (reach){m->provider[p], i, m->provider_road_mm[p]};
  if (count > 1) qsort(*out, count, sizeof **out, compare);
  return KY_OK;
}

static void fill(const ky_result *result, const reach *pairs, uint32_t i, columns *out) {
  const ky_mobility *m = result->mobility;
  const uint32_t area = m->area[pairs[i].record], r = pairs[i].provider;
  out->provider[i] = r;
  out->area[i] = area;
  out->road_mm[i] = pairs[i].road_mm;
  out->rank[i] = i == 0 || pairs[i - 1].provider != r ? 1 : out->rank[i - 1] + 1;
  out->minutes[i] = pairs[i].road_mm / result->mobility_opts->speed_m_per_min;
  out->people[i] = result->gaps->people[KY_65] != NULL ? result->gaps->people[KY_65][area] : KY_NULL;
  out->riders[i] = result->gaps->riders_milli[area];
  out->seats[i] = result->resources->seats[r];
  out->willing[i] = result->resources->is_willing[r];
  out->class[i] = ky_remedy_name((ky_remedy)result->gaps->remedy[area]);
}

ky_err ky_provider_areas_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_mobility *m = result->mobility;
  const ky_resources *resources = result->resources;
  const uint32_t count = m->first_provider[m->count];
  reach *pairs;
  columns c = {0};
  KY_TRY(list(job, m, count, &pairs));
  KY_TRY(new_columns(job, count, &c));
  for (uint32_t i = 0; i < count; i++) fill(result, pairs, i, &c);
  KY_TRY(ky_table_new(job, "provider_areas", "担い手ごとの候補区域", count, NULL, 18, out));
  KY_TRY(ky_table_lookup(job, out, "resource_id", "担い手番号", resources->id, c.provider));
  KY_TRY(ky_table_lookup(job, out, "name", "担い手", resources->text[KY_RESOURCE_NAME], c.provider));
  ky_table_fixed(out, "rank", "担い手ごとの順位", NULL, 0, c.rank);
  KY_TRY(ky_table_lookup(job, out, "gap_id", "空白地帯番号", result->gaps->id, c.area));
  if (result->gaps->name != NULL) KY_TRY(ky_table_lookup(job, out, "gap_name", "名称", result->gaps->name, c.area));
  ky_table_text(out, "class", "手立て", c.class);
  KY_TRY(ky_table_mm(job, out, "road_m", "区域までの道のり", c.road_mm));
  ky_table_fixed(out, "minutes", "区域までの所要時間", "min", 3, c.minutes);
  ky_table_fixed(out, "people_65", "区域の65歳以上", "people", 3, c.people);
  ky_table_fixed(out, "riders_per_session", "1回あたりの利用見込み（上限）", "people", 3, c.riders);
  ky_table_bool(out, "willing", "協力の意向", c.willing);
  ky_table_fixed(out, "seats", "車両の席数", NULL, 0, c.seats);
  KY_TRY(ky_table_lookup(job, out, "idle_hours", "空き時間", resources->text[KY_RESOURCE_IDLE_HOURS], c.provider));
  KY_TRY(ky_table_lookup(job, out, "legal_type", "運送の区分", resources->text[KY_RESOURCE_LEGAL_TYPE], c.provider));
  return ky_table_lookup(job, out, "survey_date", "調査日", resources->text[KY_RESOURCE_SURVEY_DATE], c.provider);
}
