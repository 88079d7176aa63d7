/* Columns that several tables have. */
#include "core/table_columns.h"

const char *ky_measure_alias(ky_measure measure) {
  static const char *const aliases[KY_MEASURE_COUNT] = {
      [KY_TOTAL] = "総数",       [KY_TOTAL_M] = "総数 男",  [KY_TOTAL_F] = "総数 女",  [KY_65] = "65歳以上",
      [KY_65_M] = "65歳以上 男", [KY_65_F] = "65歳以上 女", [KY_75] = "75歳以上",      [KY_75_M] = "75歳以上 男",
      [KY_75_F] = "75歳以上 女", [KY_85] = "85歳以上",      [KY_85_M] = "85歳以上 男", [KY_85_F] = "85歳以上 女",
  };
  return measure < KY_MEASURE_COUNT ? aliases[measure] : NULL;
}

ky_err ky_table_people(ky_job *job, ky_table *table, const char *prefix, const char *alias, ky_measure measure,
                       const int64_t *values) {
  const char *name = ky_format(&job->keep, "%s_%s", prefix, ky_measure_name(measure));
  const char *label = ky_format(&job->keep, "%s（%s）", alias, ky_measure_alias(measure));
  if (name == NULL || label == NULL) return ky_fail_memory(job);
  ky_table_fixed(table, name, label, "people", 3, values);
  return KY_OK;
}

ky_err ky_table_nulls(ky_job *job, ky_table *table, const char *name, const char *alias, const char *unit,
                      uint8_t decimals) {
  int64_t *values;
  KY_NEW(job, keep, values, table->count);
  for (uint32_t i = 0; i < table->count; i++) values[i] = KY_NULL;
  ky_table_fixed(table, name, alias, unit, decimals, values);
  return KY_OK;
}

ky_err ky_table_lookup(ky_job *job, ky_table *table, const char *name, const char *alias, const char *const *of,
                       const uint32_t *index) {
  const char **text;
  KY_NEW(job, keep, text, table->count);
  for (uint32_t i = 0; i < table->count; i++) text[i] = index[i] == KY_NONE ? NULL : of[index[i]];
  ky_table_text(table, name, alias, text);
  return KY_OK;
}

ky_err ky_table_count(ky_job *job, ky_table *table, const char *name, const char *alias, const uint32_t *values) {
  int64_t *wide;
  KY_NEW(job, keep, wide, table->count);
  for (uint32_t i = 0; i < table->count; i++) wide[i] = values[i] == KY_NONE ? KY_NULL : (int64_t)values[i];
  ky_table_fixed(table, name, alias, NULL, 0, wide);
  return KY_OK;
}

ky_err ky_table_anchors(ky_job *job, ky_table *table, const ky_network *network, const ky_anchors *anchors) {
  int64_t *street, *fraction, *snap;
  KY_NEW(job, keep, street, table->count);
  KY_NEW(job, keep, fraction, table->count);
  KY_NEW(job, keep, snap, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    street[i] = fraction[i] = snap[i] = KY_NULL;
    uint32_t edge = anchors->edge[i];
    if (edge == KY_NONE) continue;
    int64_t length = network->length_mm[edge];
    street[i] = (int64_t)edge + 1;
    fraction[i] = ((int64_t)anchors->along_mm[i] * 1000000000 + length / 2) / length;
    snap[i] = anchors->access_mm[i];
  }
  ky_table_fixed(table, "street_id", "道路番号", NULL, 0, street);
  ky_table_fixed(table, "street_frac", "道路上の位置（始点0、終点1）", "share", 9, fraction);
  ky_table_fixed(table, "snap_m", "道路までの距離", "m", 3, snap);
  return KY_OK;
}

ky_err ky_table_constant(ky_job *job, ky_table *table, const char *name, const char *alias, const char *text) {
  const char **column;
  KY_NEW(job, keep, column, table->count);
  for (uint32_t i = 0; i < table->count; i++) column[i] = text;
  ky_table_text(table, name, alias, column);
  return KY_OK;
}
