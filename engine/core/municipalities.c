/* Municipalities side by side: completeness, ranks above a floor of it, the ones most alike. */
#include <kayoi/municipalities.h>

#include <kayoi/base.h>
#include <kayoi/job.h>
#include <math.h>

#include "core/ratio.h"

const ky_town_measure_info ky_town_measures[KY_TOWN_MEASURE_COUNT] = {
#define KY_X(id, column, alias, unit, decimals, group, rank, needs) \
  {column, alias, unit, decimals, group, rank != 0, needs},
    KY_TOWN_MEASURES(KY_X)
#undef KY_X
};

#define SIMILAR_BY 3

const char *ky_town_group_name(ky_town_group group) {
  static const char *const names[KY_GROUP_COUNT] = {"データのそろい具合", "大きさと高齢化", "徒歩圏", "目標と参加",
                                                    "支援の必要"};
  return names[group];
}

ky_err ky_municipalities_new(ky_job *job, uint32_t count, ky_municipalities *out) {
  *out = (ky_municipalities){.count = count};
  KY_NEW(job, keep, out->code, count);
  KY_NEW(job, keep, out->name, count);
  KY_NEW(job, keep, out->people_date, count);
  KY_NEW(job, keep, out->official_date, count);
  KY_NEW(job, keep, out->participants_date, count);
  KY_NEW(job, keep, out->venues_date, count);
  KY_NEW(job, keep, out->left_out, count);
  KY_NEW(job, keep, out->similar, count);
  for (int m = 0; m < KY_TOWN_MEASURE_COUNT; m++) {
    KY_NEW(job, keep, out->value[m], count);
    for (uint32_t i = 0; i < count; i++) out->value[m][i] = KY_NULL;
    if (!ky_town_measures[m].is_ranked) continue;
    KY_NEW(job, keep, out->rank[m], count);
    for (uint32_t i = 0; i < count; i++) out->rank[m][i] = KY_NONE;
  }
  return KY_OK;
}

/* part / whole x scale, halves up; both of one unit. */
static int64_t divided(int64_t part, int64_t whole, int64_t scale) {
  return part == KY_NULL || part < 0 || whole == KY_NULL || whole <= 0 ? KY_NULL : ky_ratio(part, scale, whole);
}

static void derive(ky_municipalities *t, uint32_t i) {
  const int64_t people = t->value[KY_TOWN_POP_65][i], unknown = t->value[KY_TOWN_UNKNOWN_65][i];
  const bool has_walks = people != KY_NULL && unknown != KY_NULL;
  t->value[KY_TOWN_KNOWN][i] = has_walks ? divided(people - unknown, people, KY_WHOLE) : KY_NULL;
  t->value[KY_TOWN_GAP_SHARE][i] = divided(t->value[KY_TOWN_IN_GAP_65][i], people, KY_WHOLE);
  t->value[KY_TOWN_MOBILITY_SHARE][i] = divided(t->value[KY_TOWN_MOBILITY_65][i], people, KY_WHOLE);
  /* thousandths of people over thousandths of a square kilometre; tenths */
  t->value[KY_TOWN_DENSITY][i] = divided(t->value[KY_TOWN_POP][i], t->value[KY_TOWN_AREA][i], 10);
  /* venues per 1,000 people, thousandths of a venue: venues x 1000 x 1000 over whole people */
  t->value[KY_TOWN_VENUES_PER_1000][i] = divided(t->value[KY_TOWN_VENUES][i], people, (int64_t)1000000 * KY_PERSON);
  int64_t least = KY_WHOLE;
  for (int m = KY_TOWN_LOCATED; m < KY_TOWN_COMPLETENESS && least != KY_NULL; m++)
    if (t->value[m][i] < least) least = t->value[m][i]; /* KY_NULL is the least of all */
  t->value[KY_TOWN_COMPLETENESS][i] = least;
}

/* Bit b stands for the measure of completeness b. */
static unsigned missing_of(const ky_municipalities *t, uint32_t i, int64_t floor) {
  unsigned missing = 0;
  for (int m = KY_TOWN_LOCATED; m < KY_TOWN_COMPLETENESS; m++)
    if (t->value[m][i] < floor) missing |= 1u << m;
  return missing;
}

static ky_err say_left_out(ky_job *job, unsigned missing, const char **out) {
  for (int m = KY_TOWN_LOCATED; m < KY_TOWN_COMPLETENESS; m++) {
    if ((missing & 1u << m) == 0) continue;
    *out = *out == NULL ? ky_town_measures[m].alias : ky_format(&job->keep, "%s、%s", *out, ky_town_measures[m].alias);
    if (*out == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

/* One more than those that come before; equal ones share it. */
static void rank_measure(ky_municipalities *t, int m, const unsigned *missing) {
  for (uint32_t i = 0; i < t->count; i++) {
    if (t->value[m][i] == KY_NULL || (missing[i] & ky_town_measures[m].needs) != 0) continue;
    uint32_t before = 0;
    for (uint32_t j = 0; j < t->count; j++)
      before += (missing[j] & ky_town_measures[m].needs) == 0 && t->value[m][j] > t->value[m][i];
    t->rank[m][i] = before + 1;
  }
}

/* Standard scores; those of a measure that is the same everywhere are 0. */
static void standardise(double *score, uint32_t count) {
  double sum = 0, squares = 0;
  uint32_t known = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (isnan(score[i])) continue;
    sum += score[i];
    known++;
  }
  const double mean = known > 0 ? sum / known : 0;
  for (uint32_t i = 0; i < count; i++)
    if (!isnan(score[i])) squares += (score[i] - mean) * (score[i] - mean);
  const double deviation = known > 0 ? sqrt(squares / known) : 0;
  for (uint32_t i = 0; i < count; i++)
    if (!isnan(score[i])) score[i] = deviation > 0 ? (score[i] - mean) / deviation : 0;
}

static ky_err find_similar(ky_job *job, ky_municipalities *t) {
  static const ky_town_measure by[SIMILAR_BY] = {KY_TOWN_POP_65, KY_TOWN_DENSITY, KY_TOWN_AGING};
  double *score[SIMILAR_BY];
  for (int s = 0; s < SIMILAR_BY; s++) {
    KY_NEW(job, scratch, score[s], t->count);
    for (uint32_t i = 0; i < t->count; i++) {
      const int64_t value = t->value[by[s]][i];
      score[s][i] = value == KY_NULL         ? NAN
                    : by[s] == KY_TOWN_AGING ? (double)value
                    : value > 0              ? log((double)value)
                                             : NAN;
    }
    standardise(score[s], t->count);
  }
  for (uint32_t i = 0; i < t->count; i++) {
    uint32_t taken[KY_SIMILAR_MAX];
    for (uint32_t n = 0; n < KY_SIMILAR_MAX; n++) {
      double nearest = INFINITY;
      taken[n] = KY_NONE;
      for (uint32_t j = 0; j < t->count; j++) {
        bool is_free = j != i;
        double apart = 0;
        for (uint32_t k = 0; k < n; k++) is_free = is_free && taken[k] != j;
        for (int s = 0; s < SIMILAR_BY; s++) apart += (score[s][i] - score[s][j]) * (score[s][i] - score[s][j]);
        if (!is_free || !(apart < nearest)) continue; /* unknown ones are never nearer */
        nearest = apart;
        taken[n] = j;
      }
      if (taken[n] == KY_NONE) break;
      t->similar[i] = n == 0 ? t->name[taken[n]] : ky_format(&job->keep, "%s、%s", t->similar[i], t->name[taken[n]]);
      if (t->similar[i] == NULL) return ky_fail_memory(job);
    }
  }
  return KY_OK;
}

ky_err ky_municipalities_rank(ky_job *job, int64_t floor, ky_municipalities *towns) {
  unsigned *missing;
  KY_NEW(job, scratch, missing, towns->count);
  for (uint32_t i = 0; i < towns->count; i++) {
    derive(towns, i);
    missing[i] = missing_of(towns, i, floor);
    KY_TRY(say_left_out(job, missing[i], &towns->left_out[i]));
  }
  for (int m = 0; m < KY_TOWN_MEASURE_COUNT; m++)
    if (ky_town_measures[m].is_ranked) rank_measure(towns, m, missing);
  return find_similar(job, towns);
}

static ky_err add_measure(ky_job *job, const ky_municipalities *t, int m, ky_table *out) {
  const ky_town_measure_info *info = &ky_town_measures[m];
  ky_table_fixed(out, info->column, info->alias, info->unit, info->decimals, t->value[m]);
  if (!info->is_ranked) return KY_OK;
  int64_t *rank;
  const char *column = ky_format(&job->keep, "%s_rank", info->column);
  const char *alias = ky_format(&job->keep, "%s（順位）", info->alias);
  if (column == NULL || alias == NULL) return ky_fail_memory(job);
  KY_NEW(job, keep, rank, t->count);
  for (uint32_t i = 0; i < t->count; i++) rank[i] = t->rank[m][i] == KY_NONE ? KY_NULL : (int64_t)t->rank[m][i];
  ky_table_fixed(out, column, alias, NULL, 0, rank);
  return KY_OK;
}

ky_err ky_municipalities_table(ky_job *job, const ky_municipalities *towns, ky_table *out) {
  KY_TRY(ky_table_new(job, "municipalities", "市町村の比較", towns->count, NULL, 8 + 2 * KY_TOWN_MEASURE_COUNT, out));
  ky_table_text(out, "municipality_code", "市町村コード", towns->code);
  ky_table_text(out, "name", "市町村", towns->name);
  for (int group = 0; group < KY_GROUP_COUNT; group++) {
    for (int m = 0; m < KY_TOWN_MEASURE_COUNT; m++)
      if ((int)ky_town_measures[m].group == group) KY_TRY(add_measure(job, towns, m, out));
    if (group != KY_GROUP_COMPLETENESS) continue;
    ky_table_text(out, "left_out", "順位を付けない理由（足りないもの）", towns->left_out);
    ky_table_text(out, "people_date", "人口の基準日", towns->people_date);
    ky_table_text(out, "official_date", "住民基本台帳の基準日", towns->official_date);
    ky_table_text(out, "participants_date", "参加者の基準日", towns->participants_date);
    ky_table_text(out, "venues_date", "通いの場の基準日", towns->venues_date);
  }
  ky_table_text(out, "similar", "似た市町村（大きさ・密度・高齢化率）", towns->similar);
  return KY_OK;
}
