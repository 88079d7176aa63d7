/* Layer resources: shops, clinics, halls, providers with vehicles as they were listed, and the zone they lie in. */
#include <kayoi/write.h>

#include "core/table_columns.h"

#define CAPACITY (16 + KY_RESOURCE_TEXT_COUNT)

/* Whether walks lead to it, and where it stands on the network. */
static ky_err add_walks(ky_job *job, const ky_result *result, ky_table *table) {
  if (result->access == NULL) return KY_OK;
  const ky_resource_walks *walks = &result->access->resources;
  ky_table_bool(table, "counts", "徒歩距離の計算に数える", walks->counts);
  ky_table_text(table, "reason", "数えない理由", walks->reason);
  return ky_table_anchors(job, table, result->network, &walks->anchors);
}

ky_err ky_resources_table(ky_job *job, const ky_result *result, ky_table *out) {
  static const struct {
    const char *name, *alias;
  } texts[KY_RESOURCE_TEXT_COUNT] = {
#define KY_X(name, text, alias) [name] = {text, alias},
      KY_RESOURCE_TEXTS(KY_X)
#undef KY_X
  };
  const ky_resources *resources = result->resources;
  const char **zone_id;
  KY_TRY(ky_table_new(job, "resources", "社会資源", resources->count, &resources->shapes, CAPACITY, out));
  ky_table_text(out, "resource_id", "資源番号", resources->id);
  for (int t = 0; t < KY_RESOURCE_TEXT_COUNT; t++)
    ky_table_text(out, texts[t].name, texts[t].alias, resources->text[t]);
  ky_table_fixed(out, "seats", "乗車定員", "people", 0, resources->seats);
  ky_table_bool(out, "willing", "協力意向", resources->is_willing);
  KY_NEW(job, keep, zone_id, resources->count);
  for (uint32_t i = 0; i < resources->count; i++)
    zone_id[i] = resources->row[i] < result->zones->count ? result->zones->id[resources->row[i]] : NULL;
  ky_table_text(out, "zone_id", "日常生活圏域", zone_id);
  ky_table_text(out, "coord_source", "位置の出所", resources->coord_source);
  ky_table_text(out, "source", "出所", resources->source);
  ky_table_text(out, "date", "時点", resources->date);
  return add_walks(job, result, out);
}
