/* Tables priority and priority_sensitivity: need and feasibility of zones, by uncovered people, and what becomes of the
 * composite when a weight changes. And the components as columns of the zones. */
#include <kayoi/write.h>

#include "core/table_columns.h"
#include "core/table_zones.h"

static const struct {
  const char *column, *alias, *unit;
  uint8_t decimals;
  ky_adds adds; /* of the zones */
} components[KY_COMPONENT_COUNT] = {
#define KY_X(id, key, column, alias, unit, decimals, adds) {column, alias, unit, decimals, adds},
    KY_PRIORITY_COMPONENTS(KY_X)
#undef KY_X
};

/* Value and rank of each component. zone_of: row of the ledger of each record; ranks are those of zones. */
static ky_err add_components(ky_job *job, const ky_priority *p, const uint32_t *row_of, ky_table *table) {
  for (int c = 0; c < KY_COMPONENT_COUNT; c++) {
    int64_t *value, *rank;
    const char *name = ky_format(&job->keep, "%s_rank", components[c].column);
    const char *alias = ky_format(&job->keep, "%s（順位）", components[c].alias);
    if (name == NULL || alias == NULL) return ky_fail_memory(job);
    KY_NEW(job, keep, value, table->count);
    KY_NEW(job, keep, rank, table->count);
    for (uint32_t i = 0; i < table->count; i++) {
      value[i] = rank[i] = KY_NULL;
      if (p == NULL) continue;
      value[i] = p->value[c][row_of[i]];
      if (row_of[i] < p->zone_count && p->rank[c][row_of[i]] != KY_NONE) rank[i] = p->rank[c][row_of[i]];
    }
    ky_table_fixed(table, components[c].column, components[c].alias, components[c].unit, components[c].decimals, value);
    ky_table_adds(table, components[c].adds);
    ky_table_fixed(table, name, alias, NULL, 0, rank);
  }
  return KY_OK;
}

static ky_err add_composite(ky_job *job, const ky_priority *p, const uint32_t *row_of, ky_table *table) {
  int64_t *composite, *rank;
  KY_NEW(job, keep, composite, table->count);
  KY_NEW(job, keep, rank, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const uint32_t z = row_of[i];
    composite[i] = rank[i] = KY_NULL;
    if (p == NULL || z >= p->zone_count) continue;
    composite[i] = p->composite[z];
    if (p->composite_rank[z] != KY_NONE) rank[i] = p->composite_rank[z];
  }
  ky_table_fixed(table, "priority_score", "優先度（設定の重みによる）", "share", 6, composite);
  ky_table_fixed(table, "priority_rank", "優先順位（設定の重みによる）", NULL, 0, rank);
  return KY_OK;
}

static ky_err add_names(ky_job *job, const ky_result *result, const uint32_t *zone_of, ky_table *table) {
  const char **id, **name;
  KY_NEW(job, keep, id, table->count);
  KY_NEW(job, keep, name, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    id[i] = result->zones->id[zone_of[i]];
    name[i] = result->zones->name[zone_of[i]];
  }
  ky_table_text(table, "zone_id", "日常生活圏域番号", id);
  ky_table_text(table, "name", "日常生活圏域", name);
  return KY_OK;
}

static ky_err add_beside(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_priority *p = result->priority;
  const char **missing, **survey, **initiative;
  int64_t *growth;
  KY_NEW(job, keep, missing, table->count);
  KY_NEW(job, keep, survey, table->count);
  KY_NEW(job, keep, initiative, table->count);
  KY_NEW(job, keep, growth, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const uint32_t z = p->order[i];
    missing[i] = p->missing[z];
    survey[i] = p->survey_date[z];
    initiative[i] = p->initiative_date[z];
    growth[i] = p->growth_share[z];
  }
  ky_table_text(table, "priority_missing", "重みがあるのに分からない項目", missing);
  ky_table_fixed(table, "growth_75_share", "75歳以上の増減率", "share", 6, growth);
  KY_TRY(ky_table_constant(job, table, "growth_years", "増減を数えた年", p->growth_years));
  ky_table_text(table, "providers_survey_date", "協力の意向の調査日", survey);
  ky_table_text(table, "initiative_date", "地域の主体的な取組の時点", initiative);
  KY_TRY(ky_table_constant(job, table, "people_date", "人口の時点", result->cells->date));
  return ky_table_constant(job, table, "venues_date", "通いの場の時点", result->venues->date);
}

ky_err ky_priority_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_priority *p = result->priority;
  int64_t *order;
  KY_TRY(ky_table_new(job, "priority", "取り組みの優先度", p->zone_count, NULL, 16 + 2 * KY_COMPONENT_COUNT, out));
  KY_TRY(add_names(job, result, p->order, out));
  KY_NEW(job, keep, order, out->count);
  for (uint32_t i = 0; i < out->count; i++) order[i] = (int64_t)i + 1;
  ky_table_fixed(out, "order", "並び（徒歩圏外の65歳以上が多い順）", NULL, 0, order);
  KY_TRY(add_components(job, p, p->order, out));
  KY_TRY(add_composite(job, p, p->order, out));
  return add_beside(job, result, out);
}

ky_err ky_priority_sensitivity_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_priority *p = result->priority;
  uint32_t *zone_of;
  int64_t *factor, *score, *rank, *before, *change;
  const char **weight;
  KY_TRY(ky_table_new(job, "priority_sensitivity", "重みを変えたときの優先順位", p->trial_count, NULL, 10, out));
  KY_NEW(job, scratch, zone_of, out->count);
  KY_NEW(job, keep, weight, out->count);
  KY_NEW(job, keep, factor, out->count);
  KY_NEW(job, keep, score, out->count);
  KY_NEW(job, keep, rank, out->count);
  KY_NEW(job, keep, before, out->count);
  KY_NEW(job, keep, change, out->count);
  for (uint32_t t = 0; t < out->count; t++) {
    const ky_priority_trial *trial = &p->trial[t];
    const uint32_t base = p->composite_rank[trial->zone];
    zone_of[t] = trial->zone;
    weight[t] = ky_component_key((ky_component)trial->component);
    factor[t] = trial->halves * 5;
    score[t] = trial->composite;
    rank[t] = trial->rank == KY_NONE ? KY_NULL : (int64_t)trial->rank;
    before[t] = base == KY_NONE ? KY_NULL : (int64_t)base;
    change[t] = rank[t] == KY_NULL ? KY_NULL : rank[t] - before[t];
  }
  KY_TRY(add_names(job, result, zone_of, out));
  ky_table_text(out, "weight", "変えた重み", weight);
  ky_table_fixed(out, "factor", "重みの倍率", NULL, 1, factor);
  ky_table_fixed(out, "score", "優先度", "share", 6, score);
  ky_table_fixed(out, "rank", "優先順位", NULL, 0, rank);
  ky_table_fixed(out, "rank_before", "設定の重みでの優先順位", NULL, 0, before);
  ky_table_fixed(out, "rank_change", "順位の変化", NULL, 0, change);
  return KY_OK;
}

ky_err ky_zones_table_priority(ky_job *job, const ky_result *result, ky_table *table) {
  uint32_t *row_of;
  KY_NEW(job, scratch, row_of, table->count);
  for (uint32_t row = 0; row < table->count; row++) row_of[row] = row;
  KY_TRY(add_components(job, result->priority, row_of, table));
  return add_composite(job, result->priority, row_of, table);
}
