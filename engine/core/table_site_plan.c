/* Layers site_curve (how coverage grows with the sites of the order, beside the best sets) and site_sets (the answers
 * to questions about sets of sites, one record per site of each). */
#include <inttypes.h>
#include <kayoi/write.h>
#include <string.h>

#include "core/ratio.h"
#include "core/table_columns.h"

/* Per cent with six decimals by which the bound is above a value. */
static int64_t gap_of(int64_t value, int64_t bound) {
  return bound > 0 ? ky_ratio(bound - value, 100 * (int64_t)KY_WHOLE, bound) : 0;
}

typedef struct curve {
  int64_t *k, *sum, *after, *share, *bound, *gap, *best, *best_gap;
  int8_t *is_flat;
} curve;

static ky_err new_curve(ky_job *job, uint32_t n, curve *out) {
  int64_t **const columns[] = {&out->k,     &out->sum, &out->after, &out->share,
                               &out->bound, &out->gap, &out->best,  &out->best_gap};
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) KY_NEW(job, keep, *columns[c], n);
  KY_NEW(job, keep, out->is_flat, n);
  return KY_OK;
}

static void fill_curve(const ky_result *result, curve *out) {
  const ky_sites *sites = result->sites;
  const ky_site_plan *plan = result->site_plan;
  int64_t sum = 0;
  for (uint32_t i = 0; i < sites->count; i++) {
    const ky_site_set *best = ky_site_best(plan, i + 1);
    sum += sites->gain_65[i];
    out->k[i] = i + 1;
    out->sum[i] = sum;
    out->after[i] = sites->covered_65[i];
    out->share[i] = ky_ratio_share(sites->covered_65[i], sites->demand_65);
    out->bound[i] = ky_site_bound(plan, sites, i);
    out->gap[i] = gap_of(sum, out->bound[i]);
    out->best[i] = best != NULL ? best->chosen.value : KY_NULL;
    out->best_gap[i] = best != NULL ? gap_of(best->chosen.value, out->bound[i]) : KY_NULL;
    out->is_flat[i] = plan->knee != 0 && i + 1 > plan->knee;
  }
}

ky_err ky_site_curve_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_sites *sites = result->sites;
  curve c;
  KY_TRY(new_curve(job, sites->count, &c));
  fill_curve(result, &c);
  KY_TRY(ky_table_new(job, "site_curve", "候補地の数と徒歩圏", sites->count, NULL, 12, out));
  ky_table_fixed(out, "k", "候補地の数", NULL, 0, c.k);
  KY_TRY(ky_table_lookup(job, out, "site_id", "加わる候補地番号", result->candidates->id, sites->candidate));
  KY_TRY(ky_table_lookup(job, out, "site_name", "加わる候補地", result->candidates->name, sites->candidate));
  ky_table_fixed(out, "gain_65", "加わる65歳以上", "people", 3, sites->gain_65);
  ky_table_fixed(out, "gain_so_far_65", "ここまでの合計（65歳以上）", "people", 3, c.sum);
  ky_table_fixed(out, "covered_after_65", "開設後の徒歩圏内65歳以上", "people", 3, c.after);
  ky_table_fixed(out, "covered_after_share", "開設後の徒歩圏内の割合", "share", 6, c.share);
  ky_table_bool(out, "diminishing", "ここから先は伸びが小さい", c.is_flat);
  ky_table_fixed(out, "bound", "同じ数の候補地で得られる上限（65歳以上）", "people", 3, c.bound);
  ky_table_fixed(out, "gap_pct", "上限との差", "%", 6, c.gap);
  ky_table_fixed(out, "best_65", "最もよい組み合わせで加わる65歳以上", "people", 3, c.best);
  ky_table_fixed(out, "best_gap_pct", "最もよい組み合わせと上限との差", "%", 6, c.best_gap);
  return KY_OK;
}

/* Records of site_sets: a set without a site has one all the same. */
typedef struct member {
  const ky_site_set *set;
  uint32_t candidate; /* KY_NONE */
} member;

static ky_err list_members(ky_job *job, const ky_site_plan *plan, member **out, uint32_t *count) {
  uint32_t n = 0;
  for (uint32_t s = 0; s < plan->count; s++) n += plan->set[s].chosen.count > 0 ? plan->set[s].chosen.count : 1;
  KY_NEW(job, scratch, *out, n);
  *count = 0;
  for (uint32_t s = 0; s < plan->count; s++) {
    const ky_chosen *chosen = &plan->set[s].chosen;
    for (uint32_t i = 0; i < chosen->count; i++) (*out)[(*count)++] = (member){&plan->set[s], chosen->candidate[i]};
    if (chosen->count == 0) (*out)[(*count)++] = (member){&plan->set[s], KY_NONE};
  }
  return KY_OK;
}

static const char *end_name(ky_solve_end end) {
  static const char *const names[KY_SOLVE_END_COUNT] = {"proven",       "work_limit",    "time_limit",
                                                        "memory_limit", "solver_failed", "impossible"};
  return names[end];
}

/* Thousandths of people or participants; walk: metres walked by all, from thousandths of people x millimetres. */
static int64_t shown_value(const ky_site_set *set, int64_t value) {
  return strcmp(set->objective, "walk") == 0 ? ky_ratio(value, 1, KY_PERSON) : value;
}

static ky_err add_questions(ky_job *job, const ky_result *result, const member *members, ky_table *table) {
  const char **question, **objective, **end, **short_zone;
  int64_t *size, *value, *bound, *gap, *in_order;
  int8_t *is_allowed;
  KY_NEW(job, keep, question, table->count);
  KY_NEW(job, keep, objective, table->count);
  KY_NEW(job, keep, end, table->count);
  KY_NEW(job, keep, short_zone, table->count);
  KY_NEW(job, keep, size, table->count);
  KY_NEW(job, keep, value, table->count);
  KY_NEW(job, keep, bound, table->count);
  KY_NEW(job, keep, gap, table->count);
  KY_NEW(job, keep, in_order, table->count);
  KY_NEW(job, keep, is_allowed, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const ky_site_set *set = members[i].set;
    question[i] = set->question;
    objective[i] = set->objective;
    end[i] = end_name(set->chosen.end);
    size[i] = set->chosen.count;
    value[i] = shown_value(set, set->chosen.value);
    bound[i] = shown_value(set, set->chosen.bound);
    gap[i] = set->gap * 100;
    in_order[i] = set->in_order;
    is_allowed[i] = set->chosen.is_allowed;
    if (set->chosen.short_zone != KY_NONE && set->chosen.short_zone < result->zones->count)
      short_zone[i] = result->zones->id[set->chosen.short_zone];
  }
  ky_table_text(table, "question", "問い", question);
  ky_table_text(table, "objective", "めあて", objective);
  ky_table_fixed(table, "sites_count", "組み合わせの候補地の数", NULL, 0, size);
  ky_table_fixed(table, "value", "得られる値（人、歩く距離は人・m）", NULL, 3, value);
  ky_table_fixed(table, "in_order_65", "順番どおりに同じ数を開いたとき（65歳以上）", "people", 3, in_order);
  ky_table_fixed(table, "bound", "どの組み合わせでも超えられない値", NULL, 3, bound);
  ky_table_fixed(table, "gap_pct", "上限との差", "%", 6, gap);
  ky_table_text(table, "proof", "証明", end);
  ky_table_bool(table, "reached", "条件を満たす", is_allowed);
  ky_table_text(table, "short_zone_id", "下限に届かない圏域", short_zone);
  return KY_OK;
}

static ky_err add_sites(ky_job *job, const ky_result *result, const member *members, ky_table *table) {
  const ky_candidates *candidates = result->candidates;
  uint32_t *candidate;
  int64_t *price;
  const char **zone_id;
  KY_NEW(job, keep, candidate, table->count);
  KY_NEW(job, keep, price, table->count);
  KY_NEW(job, keep, zone_id, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const uint32_t c = candidate[i] = members[i].candidate;
    price[i] = c != KY_NONE ? candidates->price[c] : KY_NULL;
    if (c != KY_NONE && candidates->row[c] < result->zones->count) zone_id[i] = result->zones->id[candidates->row[c]];
  }
  KY_TRY(ky_table_lookup(job, table, "site_id", "候補地番号", candidates->id, candidate));
  KY_TRY(ky_table_lookup(job, table, "site_name", "候補地", candidates->name, candidate));
  ky_table_text(table, "zone_id", "日常生活圏域", zone_id);
  ky_table_fixed(table, "cost", "開設費用", NULL, 0, price);
  return KY_OK;
}

ky_err ky_site_sets_table(ky_job *job, const ky_result *result, ky_table *out) {
  member *members;
  uint32_t count = 0;
  KY_TRY(list_members(job, result->site_plan, &members, &count));
  KY_TRY(ky_table_new(job, "site_sets", "候補地の組み合わせ", count, NULL, 14, out));
  KY_TRY(add_questions(job, result, members, out));
  return add_sites(job, result, members, out);
}
