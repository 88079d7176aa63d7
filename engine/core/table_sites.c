/* Layer sites: the proposed sites, in order. */
#include <kayoi/write.h>

#include "core/ratio.h"
#include "core/table_columns.h"

#define CAPACITY (18 + KY_BANDS_MAX)

static ky_err make_points(ky_job *job, const ky_candidates *candidates, const ky_sites *sites, ky_shapes **out) {
  ky_shapes *shapes;
  const uint32_t n = sites->count;
  KY_NEW(job, keep, shapes, 1);
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POINT, n, n, n, shapes));
  for (uint32_t i = 0; i < n; i++) {
    shapes->first_part[i + 1] = shapes->first_vertex[i + 1] = i + 1;
    shapes->x[i] = candidates->x_m[sites->candidate[i]];
    shapes->y[i] = candidates->y_m[sites->candidate[i]];
  }
  *out = shapes;
  return KY_OK;
}

static ky_err add_numbers(ky_job *job, const ky_site_plan *plan, const ky_sites *sites, ky_table *table) {
  int64_t *order, *share, *total, *bound, *gap, sum = 0;
  KY_NEW(job, keep, order, sites->count);
  KY_NEW(job, keep, share, sites->count);
  KY_NEW(job, keep, total, sites->count);
  KY_NEW(job, keep, bound, sites->count);
  KY_NEW(job, keep, gap, sites->count);
  for (uint32_t i = 0; i < sites->count; i++) {
    sum += sites->gain_65[i];
    order[i] = i + 1;
    total[i] = sum;
    share[i] = ky_ratio_share(sites->covered_65[i], sites->demand_65);
    /* per cent with six decimals */
    bound[i] = ky_site_bound(plan, sites, i);
    gap[i] = bound[i] > 0 ? ky_ratio(bound[i] - sum, 100 * (int64_t)KY_WHOLE, bound[i]) : 0;
  }
  ky_table_fixed(table, "order", "順番", NULL, 0, order);
  ky_table_fixed(table, "gain_65", "新たに徒歩圏に入る65歳以上", "people", 3, sites->gain_65);
  ky_table_fixed(table, "gain_so_far_65", "ここまでの合計（65歳以上）", "people", 3, total);
  ky_table_fixed(table, "covered_after_65", "開設後の徒歩圏内65歳以上", "people", 3, sites->covered_65);
  ky_table_fixed(table, "covered_after_share", "開設後の徒歩圏内の割合", "share", 6, share);
  ky_table_fixed(table, "bound", "同じ数の候補地で得られる上限（65歳以上）", "people", 3, bound);
  ky_table_fixed(table, "gap_pct", "上限との差", "%", 6, gap);
  return KY_OK;
}

/* What each would newly cover alone at the bands of the run. */
static ky_err add_robustness(ky_job *job, const ky_site_plan *plan, const ky_sites *sites, ky_table *table) {
  for (uint32_t b = 0; b < plan->band_count; b++) {
    const char *name = ky_format(&job->keep, "alone_65_%g", plan->band_mm[b] / 1000.0);
    const char *alias = ky_format(&job->keep, "単独で加わる65歳以上（徒歩 %g m）", plan->band_mm[b] / 1000.0);
    if (name == NULL || alias == NULL) return ky_fail_memory(job);
    ky_table_fixed(table, name, alias, "people", 3, plan->alone_65 + (size_t)b * sites->count);
  }
  ky_table_bool(table, "robust", "どの距離でも候補になる", plan->is_robust);
  return KY_OK;
}

ky_err ky_sites_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_sites *sites = result->sites;
  const ky_candidates *candidates = result->candidates;
  ky_shapes *shapes = NULL;
  const char **zone_id;
  KY_TRY(make_points(job, candidates, sites, &shapes));
  KY_TRY(ky_table_new(job, "sites", "候補地", sites->count, shapes, CAPACITY, out));
  KY_TRY(ky_table_lookup(job, out, "site_id", "候補地番号", candidates->id, sites->candidate));
  KY_TRY(ky_table_lookup(job, out, "site_name", "名称", candidates->name, sites->candidate));
  KY_TRY(ky_table_lookup(job, out, "kind", "種別", candidates->kind, sites->candidate));
  KY_TRY(ky_table_lookup(job, out, "kind_code", "種別コード", candidates->kind_code, sites->candidate));
  KY_TRY(add_numbers(job, result->site_plan, sites, out));
  KY_NEW(job, keep, zone_id, sites->count);
  for (uint32_t i = 0; i < sites->count; i++) {
    uint32_t row = candidates->row[sites->candidate[i]];
    zone_id[i] = row < result->zones->count ? result->zones->id[row] : NULL;
  }
  ky_table_text(out, "zone_id", "日常生活圏域", zone_id);
  if (result->site_plan != NULL) KY_TRY(add_robustness(job, result->site_plan, sites, out));
  return ky_table_constant(job, out, "source", "出所", candidates->is_given ? "given" : "street");
}
