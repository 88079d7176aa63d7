/* Table zone_facts: values stated of zones, as given, with their date. */
#include <kayoi/write.h>

#include "core/table_columns.h"
#include "core/table_zones.h"

ky_err ky_zone_facts_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_facts *facts = result->facts;
  const char **id, **name, **level, **code;
  KY_TRY(ky_table_new(job, "zone_facts", "圏域ごとの調査値", facts->count, NULL, 12, out));
  KY_NEW(job, keep, id, facts->count);
  KY_NEW(job, keep, name, facts->count);
  KY_NEW(job, keep, level, facts->count);
  KY_NEW(job, keep, code, facts->count);
  for (uint32_t f = 0; f < facts->count; f++) {
    id[f] = facts->row[f] < result->zones->count ? result->zones->id[facts->row[f]] : NULL;
    name[f] = ky_row_name(result, facts->row[f]);
    level[f] = ky_row_level(result->zones, facts->row[f]);
    code[f] = ky_fact_code_name((ky_fact_code)facts->code[f]);
  }
  ky_table_text(out, "zone_id", "日常生活圏域番号", id);
  ky_table_text(out, "name", "日常生活圏域", name);
  ky_table_text(out, "level", "区分", level);
  ky_table_text(out, "item", "項目", facts->item);
  ky_table_text(out, "code", "項目コード", code);
  ky_table_text(out, "value", "値（出所のまま）", facts->value);
  ky_table_fixed(out, "value_number", "値（数値）", NULL, 3, facts->number);
  ky_table_text(out, "unit", "単位", facts->unit);
  ky_table_text(out, "date", "時点", facts->date);
  ky_table_text(out, "source", "出所", facts->source);
  return KY_OK;
}

ky_err ky_zones_table_facts(ky_job *job, const ky_result *result, ky_table *table) {
  int64_t *number;
  const char **date;
  KY_TRY(ky_facts_newest(job, result->zones, result->facts, KY_FACT_SINGLE, &number, &date));
  ky_table_fixed(table, "single_households", "ひとり暮らし高齢者世帯", NULL, 3, number);
  ky_table_text(table, "single_households_date", "ひとり暮らし高齢者世帯の時点", date);
  return KY_OK;
}
