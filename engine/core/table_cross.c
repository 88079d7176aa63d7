/* Table cross: people by row of the ledger, age and sex, and what becomes of them: covered, one of the classes of gap
 * areas, in no gap, unknown. It adds up to the ledger exactly. */
#include <kayoi/write.h>

#include "core/ratio.h"
#include "core/table_columns.h"
#include "core/table_zones.h"

/* Columns of people: pop, then those it is the sum of. */
enum { POP, COVERED, FIRST_REMEDY, NOT_IN_GAP = FIRST_REMEDY + KY_REMEDY_COUNT, UNKNOWN, STATE_COUNT };

/* What becomes of the people of a point. */
static int state_of(const ky_result *result, uint32_t point) {
  const ky_gaps *gaps = result->gaps;
  switch (result->coverage->reach[point]) {
    case KY_COVERED:
      return COVERED;
    case KY_UNKNOWN:
      return UNKNOWN;
    default:
      return gaps->point_area[point] == KY_NONE ? NOT_IN_GAP : FIRST_REMEDY + gaps->remedy[gaps->point_area[point]];
  }
}

/* [(row * measures + measure) * states + state] */
static ky_err count_people(ky_job *job, const ky_result *result, int64_t **out) {
  const ky_points *points = result->points;
  const size_t all = KY_ROW_MUNICIPALITY(result->zones), step = (size_t)KY_MEASURE_COUNT * STATE_COUNT;
  int64_t *people;
  KY_NEW(job, scratch, people, KY_ROW_COUNT(result->zones) * step);
  for (uint32_t i = 0; i < points->count; i++) {
    const int state = state_of(result, i);
    for (size_t m = 0; m < KY_MEASURE_COUNT; m++) {
      if (points->people[m] == NULL || points->people[m][i] == KY_NONE) continue;
      int64_t *at = people + points->row[i] * step + m * STATE_COUNT;
      at[POP] += points->people[m][i];
      at[state] += points->people[m][i];
    }
  }
  for (size_t row = 0; row <= KY_ROW_OUTSIDE_ZONES(result->zones); row++)
    for (size_t k = 0; k < step; k++) people[all * step + k] += people[row * step + k];
  *out = people;
  return KY_OK;
}

/* The ledger was counted by the rooms before; a table that says otherwise is not written. */
static ky_err compare(ky_job *job, const ky_result *result, const int64_t *people) {
  const ky_coverage *coverage = result->coverage;
  for (size_t k = 0; k < (size_t)KY_ROW_COUNT(result->zones) * KY_MEASURE_COUNT; k++) {
    const int64_t *at = people + k * STATE_COUNT;
    int64_t in_gap = 0;
    for (int r = 0; r < KY_REMEDY_COUNT; r++) in_gap += at[FIRST_REMEDY + r];
    if (result->points->people[k % KY_MEASURE_COUNT] == NULL) continue;
    if (at[POP] == coverage->total[k] && at[COVERED] == coverage->people[KY_COVERED][k] &&
        at[UNKNOWN] == coverage->people[KY_UNKNOWN][k] && in_gap == result->gaps->in_gap[k] &&
        at[NOT_IN_GAP] == result->gaps->not_in_gap[k])
      continue;
    return ky_fail(
        job, KY_E_INTERNAL,
        ky_tr("cross: people of row %s, measure %s do not add up to the ledger; no result is written; please "
              "report this with the config"),
        ky_row_name(result, (uint32_t)(k / KY_MEASURE_COUNT)), ky_measure_name((ky_measure)(k % KY_MEASURE_COUNT)));
  }
  return KY_OK;
}

typedef struct cross_columns {
  const char **zone_id, **name, **level, **age, **sex, **band;
  int64_t *people[STATE_COUNT], *share;
} cross_columns;

static ky_err new_columns(ky_job *job, uint32_t count, cross_columns *out) {
  KY_NEW(job, keep, out->zone_id, count);
  KY_NEW(job, keep, out->name, count);
  KY_NEW(job, keep, out->level, count);
  KY_NEW(job, keep, out->age, count);
  KY_NEW(job, keep, out->sex, count);
  KY_NEW(job, keep, out->band, count);
  KY_NEW(job, keep, out->share, count);
  for (int s = 0; s < STATE_COUNT; s++) KY_NEW(job, keep, out->people[s], count);
  return KY_OK;
}

/* Sexes stand behind their total. */
static const char *sex_of(ky_measure measure) {
  static const char *const sexes[] = {"all", "m", "f"};
  return sexes[measure - ky_measure_total(measure)];
}

static void fill(const ky_result *result, uint32_t row, ky_measure measure, const int64_t *people, uint32_t at,
                 cross_columns *c) {
  c->zone_id[at] = row < result->zones->count ? result->zones->id[row] : NULL;
  c->name[at] = ky_row_name(result, row);
  c->level[at] = ky_row_level(result->zones, row);
  c->age[at] = ky_measure_name(ky_measure_total(measure));
  c->sex[at] = sex_of(measure);
  c->band[at] = ky_measure_alias(measure);
  for (int s = 0; s < STATE_COUNT; s++) c->people[s][at] = people[s];
  c->share[at] = ky_ratio_share(people[COVERED], people[POP]);
}

static ky_err add_people(ky_job *job, const cross_columns *c, ky_table *table) {
  ky_table_fixed(table, "pop", "人口", "people", 3, c->people[POP]);
  ky_table_fixed(table, "covered", "徒歩圏内", "people", 3, c->people[COVERED]);
  for (int r = 0; r < KY_REMEDY_COUNT; r++) {
    const char *alias = ky_format(&job->keep, "空白地帯: %s", ky_remedy_alias((ky_remedy)r));
    if (alias == NULL) return ky_fail_memory(job);
    ky_table_fixed(table, ky_remedy_name((ky_remedy)r), alias, "people", 3, c->people[FIRST_REMEDY + r]);
  }
  ky_table_fixed(table, "not_in_gap", "徒歩圏外だが空白地帯に数えない", "people", 3, c->people[NOT_IN_GAP]);
  ky_table_fixed(table, "unknown", "判定できない", "people", 3, c->people[UNKNOWN]);
  ky_table_fixed(table, "covered_share", "徒歩圏内の割合", "share", 6, c->share);
  return KY_OK;
}

ky_err ky_cross_table(ky_job *job, const ky_result *result, ky_table *out) {
  const uint32_t rows = KY_ROW_COUNT(result->zones);
  cross_columns c = {0};
  int64_t *people = NULL;
  uint32_t measures = 0, at = 0;
  for (int m = 0; m < KY_MEASURE_COUNT; m++) measures += result->points->people[m] != NULL;
  KY_TRY(count_people(job, result, &people));
  KY_TRY(compare(job, result, people));
  KY_TRY(ky_table_new(job, "cross", "圏域・年齢別の徒歩圏と空白地帯", rows * measures, NULL, 16, out));
  KY_TRY(new_columns(job, out->count, &c));
  for (uint32_t row = 0; row < rows; row++)
    for (size_t m = 0; m < KY_MEASURE_COUNT; m++)
      if (result->points->people[m] != NULL)
        fill(result, row, (ky_measure)m, people + (row * (size_t)KY_MEASURE_COUNT + m) * STATE_COUNT, at++, &c);
  ky_table_text(out, "zone_id", "日常生活圏域番号", c.zone_id);
  ky_table_text(out, "name", "日常生活圏域", c.name);
  ky_table_text(out, "level", "区分", c.level);
  ky_table_text(out, "age", "年齢（以上）", c.age);
  ky_table_text(out, "sex", "性別（all 計、m 男、f 女）", c.sex);
  ky_table_text(out, "band_name", "年齢・性別", c.band);
  return add_people(job, &c, out);
}
