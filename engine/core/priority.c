/* The components of need and feasibility, from what the rooms before found. */
#include <kayoi/priority.h>
#include <string.h>

#include "core/ratio.h"

const char *ky_component_key(ky_component component) {
  static const char *const keys[KY_COMPONENT_COUNT] = {
#define KY_X(id, key, column, alias, unit, decimals, adds) key,
      KY_PRIORITY_COMPONENTS(KY_X)
#undef KY_X
  };
  return component < KY_COMPONENT_COUNT ? keys[component] : NULL;
}

static void fill_uncovered(const ky_priority_in *in, ky_priority *out) {
  for (uint32_t row = 0; row < out->row_count; row++) {
    const size_t at = (size_t)row * KY_MEASURE_COUNT + KY_65;
    const int64_t far = in->coverage->people[KY_BEYOND][at] + in->coverage->people[KY_UNREACHABLE][at];
    if (row == KY_ROW_OUTSIDE(in->zones) || in->points->people[KY_65] == NULL) continue;
    out->value[KY_NEED_UNCOVERED][row] = far;
    out->value[KY_NEED_SHARE][row] = ky_ratio_share(far, in->coverage->total[at]);
  }
}

/* People 65+ in gap areas of the classes after new_venue, where they live. */
static void fill_mobility(const ky_priority_in *in, ky_priority *out) {
  const uint32_t *people = in->points->people[KY_65], all = KY_ROW_MUNICIPALITY(in->zones);
  int64_t *value = out->value[KY_NEED_MOBILITY];
  if (people == NULL) return;
  for (uint32_t row = 0; row < out->row_count; row++)
    if (row != KY_ROW_OUTSIDE(in->zones)) value[row] = 0;
  for (uint32_t a = 0; a < in->gaps->count; a++) {
    for (uint32_t p = in->gaps->first_point[a]; in->gaps->remedy[a] != KY_NEW_VENUE && p < in->gaps->first_point[a + 1];
         p++) {
      const uint32_t point = in->gaps->point[p];
      if (people[point] == KY_NONE) continue;
      value[in->points->row[point]] += people[point];
      value[all] += people[point];
    }
  }
}

/* From the first to the last year in which the row's people 75+ are known; both of one projection, never of the census.
 */
static ky_err fill_growth(ky_job *job, const ky_priority_in *in, ky_priority *out) {
  const ky_year *first = NULL, *last = NULL;
  for (uint32_t y = 0; in->years != NULL && y < in->years->count; y++) {
    if (in->years->year[y].row_people[KY_YEAR_75] == NULL) continue;
    if (first == NULL) first = &in->years->year[y];
    last = &in->years->year[y];
  }
  for (uint32_t z = 0; z < out->zone_count; z++) out->growth_share[z] = KY_NULL;
  if (first == last) return KY_OK;
  out->growth_years = ky_format(&job->keep, "%d-%d", first->year, last->year);
  if (out->growth_years == NULL) return ky_fail_memory(job);
  for (uint32_t row = 0; row < out->row_count; row++) {
    const int64_t before = first->row_people[KY_YEAR_75][row], after = last->row_people[KY_YEAR_75][row];
    if (row == KY_ROW_OUTSIDE(in->zones) || before == KY_NULL || after == KY_NULL) continue;
    out->value[KY_NEED_GROWTH][row] = after - before;
    if (row < out->zone_count) out->growth_share[row] = ky_year_growth(before, after);
  }
  return KY_OK;
}

static void fill_feasibility(const ky_priority_in *in, ky_priority *out) {
  for (uint32_t row = 0; row < out->row_count; row++) {
    const ky_venue_sum *sum = &in->strengths->sum[row]; /* of the first group, all that count */
    int64_t *resources = &out->value[KY_FEASIBLE_RESOURCES][row];
    if (row == KY_ROW_OUTSIDE(in->zones)) continue;
    for (uint32_t k = 0; k < in->inventory->kind_count; k++) {
      const int64_t count = in->inventory->item[(size_t)row * in->inventory->kind_count + k].count;
      if (count != KY_NULL) *resources = (*resources == KY_NULL ? 0 : *resources) + count;
    }
    out->value[KY_FEASIBLE_PROVIDERS][row] = ky_inventory_willing(in->inventory, row);
    out->value[KY_FEASIBLE_SUPPORTERS][row] = ky_venue_sum_of(sum, sum->supporters_known, sum->supporters);
    if (row < out->zone_count)
      out->survey_date[row] = ky_inventory_find(in->inventory, row, "vehicle_provider")->survey_date;
  }
}

static ky_err new_columns(ky_job *job, ky_priority *out) {
  for (int c = 0; c < KY_COMPONENT_COUNT; c++) {
    KY_NEW(job, keep, out->value[c], out->row_count);
    for (uint32_t row = 0; row < out->row_count; row++) out->value[c][row] = KY_NULL;
  }
  KY_NEW(job, keep, out->growth_share, out->zone_count);
  KY_NEW(job, keep, out->survey_date, out->zone_count);
  return KY_OK;
}

ky_err ky_priority_build(ky_job *job, const ky_priority_in *in, const ky_priority_opts *opts, ky_priority *out) {
  const uint32_t outside = KY_ROW_OUTSIDE(in->zones);
  int64_t *initiative;
  memset(out, 0, sizeof *out);
  out->zone_count = in->zones->count;
  out->row_count = KY_ROW_COUNT(in->zones);
  KY_TRY(new_columns(job, out));
  fill_uncovered(in, out);
  fill_mobility(in, out);
  KY_TRY(fill_growth(job, in, out));
  fill_feasibility(in, out);
  KY_TRY(ky_facts_newest(job, in->zones, in->facts, KY_FACT_INITIATIVE, &initiative, &out->initiative_date));
  for (uint32_t row = 0; row < out->row_count; row++) {
    if (row == outside) continue;
    out->value[KY_FEASIBLE_INITIATIVE][row] = initiative[row];
    if (row != KY_ROW_OUTSIDE_ZONES(in->zones)) out->value[KY_NEED_SHORTFALL][row] = in->targets->shortfall[row];
    if (in->access != NULL && in->access->no_venue_no_shop != NULL)
      out->value[KY_NEED_NO_SHOP][row] = in->access->no_venue_no_shop[row];
  }
  return ky_priority_rank(job, in->zones, opts, out);
}
