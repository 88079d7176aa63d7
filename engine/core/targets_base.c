/* Whom a target is for: people 65+ of the register or the grid, men and women; and the target itself. */
#include <kayoi/table.h>
#include <string.h>

#include "core/ratio.h"
#include "core/targets_steps.h"

static int64_t ledger(const ky_targets_step *step, uint32_t row, ky_measure measure) {
  return step->points->people[measure] != NULL ? step->coverage->total[(size_t)row * KY_MEASURE_COUNT + (size_t)measure]
                                               : KY_NULL;
}

static int64_t official(const ky_zones *zones, uint32_t zone, ky_measure measure) {
  return zones->official[measure] != NULL ? zones->official[measure][zone] : KY_NULL;
}

/* E and its origin: the register where it is given, else the grid. */
static void fill_base(const ky_targets_step *step, ky_targets *out) {
  const ky_zones *zones = step->zones;
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  uint32_t register_count = 0;
  out->base_65[all] = 0;
  for (uint32_t z = 0; z < zones->count; z++) {
    const int64_t people = official(zones, z, KY_65);
    out->is_register[z] = people != KY_NULL;
    out->base_65[z] = people != KY_NULL ? people : step->coverage->total[(size_t)z * KY_MEASURE_COUNT + KY_65];
    out->base_65[all] += out->base_65[z];
    register_count += people != KY_NULL;
  }
  if (register_count == 0 || register_count == zones->count) out->is_register[all] = register_count != 0;
}

/* E in two parts by the weights of men and women; false when these say nothing. */
static bool share_base(int64_t people, int64_t m, int64_t f, int64_t *out) {
  if (m == KY_NULL || f == KY_NULL || (m + f == 0 && people != 0)) return false;
  const uint64_t weight[2] = {(uint64_t)m, (uint64_t)f};
  uint32_t order[2];
  ky_share_largest_remainder(people, weight, 2, out, order);
  return true;
}

/* Men and women of E: the register's own where they add up to it, else E by their shares there or in the grid. */
static const char *split_zone(const ky_targets_step *step, uint32_t zone, bool is_register, int64_t people,
                              int64_t *out) {
  const int64_t grid_m = ledger(step, zone, KY_65_M), grid_f = ledger(step, zone, KY_65_F);
  if (!is_register) return share_base(people, grid_m, grid_f, out) ? "grid" : NULL;
  int64_t m = official(step->zones, zone, KY_65_M), f = official(step->zones, zone, KY_65_F);
  if (m == KY_NULL && f != KY_NULL && f <= people) m = people - f;
  if (f == KY_NULL && m != KY_NULL && m <= people) f = people - m;
  if (share_base(people, m, f, out)) return m + f == people ? "register" : "shared";
  return share_base(people, grid_m, grid_f, out) ? "shared" : NULL;
}

static void fill_sexes(const ky_targets_step *step, ky_targets *out) {
  const uint32_t all = KY_ROW_MUNICIPALITY(step->zones);
  out->base_m[all] = out->base_f[all] = 0;
  for (uint32_t z = 0; z < step->zones->count; z++) {
    int64_t part[2] = {KY_NULL, KY_NULL};
    out->base_sexes[z] = split_zone(step, z, out->is_register[z] == 1, out->base_65[z], part);
    if (out->base_sexes[z] != NULL) {
      out->base_m[z] = part[0];
      out->base_f[z] = part[1];
    }
    out->base_m[all] = ky_sum_or_null(out->base_m[all], out->base_m[z]);
    out->base_f[all] = ky_sum_or_null(out->base_f[all], out->base_f[z]);
    const char *before = out->base_sexes[all], *here = out->base_sexes[z];
    out->base_sexes[all] = z == 0 ? here : before == NULL || here == NULL || strcmp(before, here) != 0 ? NULL : here;
  }
}

/* Numbers that no zone can have would overflow its products. */
static ky_err check_zones(ky_job *job, const ky_zones *zones) {
  const int64_t most_people = INT64_C(100000000) * KY_PERSON, most_rate = 100 * (int64_t)KY_WHOLE;
  for (uint32_t z = 0; z < zones->count; z++) {
    const int64_t rate = zones->rate[z];
    for (ky_measure m = KY_TOTAL; m < KY_MEASURE_COUNT; m++) {
      const int64_t people = official(zones, z, m);
      if (people != KY_NULL && (people < 0 || people > most_people))
        return ky_fail(job, KY_E_INPUT, ky_tr("zone %s: %lld official people (%s) cannot be; correct zones.official"),
                       zones->id[z], (long long)(people / KY_PERSON), ky_measure_name(m));
    }
    if (rate != KY_NULL && (rate < 0 || rate > most_rate))
      return ky_fail(job, KY_E_INPUT, ky_tr("zone %s: a target rate of %.6f cannot be; 8 %% is written 0.08"),
                     zones->id[z], (double)rate / KY_WHOLE);
  }
  return KY_OK;
}

/* A register of another extent, of another zone, or with a digit too many: far from what the grid has. */
static void report_apart(const ky_targets_step *step, const char *record, ky_measure measure, int64_t people,
                         int64_t grid) {
  char given[32], found[32], ratio[32];
  const int64_t apart = step->opts->official_apart;
  if (people == KY_NULL || grid == KY_NULL || apart <= 0) return;
  const ky_wide most = (ky_wide)grid * (KY_WHOLE + apart), given_parts = (ky_wide)people * KY_WHOLE;
  const bool is_near = given_parts <= most && given_parts + (ky_wide)grid * apart >= (ky_wide)grid * KY_WHOLE;
  if (is_near) return;
  ky_fixed_text(given, people, 3);
  ky_fixed_text(found, grid, 3);
  if (grid > 0)
    ky_fixed_text(ratio, ky_ratio(people, 1000, grid), 3);
  else
    strcpy(ratio, "-");
  ky_issue_add(step->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = "zones.official",
                           .record = record,
                           .field = ky_format(&step->job->scratch, "pop_%s", ky_measure_name(measure)),
                           .reason = "official_far_from_grid",
                           .action = ky_tr("the official people are used; look whether they are of the same zone and "
                                           "extent, or raise zones.official_apart")},
               ky_tr("%s official people, but %s in the residents' data (ratio %s)"), given, found, ratio);
}

static void compare_official(const ky_targets_step *step) {
  static const ky_measure totals[] = {KY_TOTAL, KY_65, KY_75, KY_85};
  const ky_zones *zones = step->zones;
  for (size_t t = 0; t < sizeof totals / sizeof *totals; t++) {
    int64_t people = 0;
    for (uint32_t z = 0; z < zones->count; z++) {
      report_apart(step, zones->id[z], totals[t], official(zones, z, totals[t]), ledger(step, z, totals[t]));
      people = ky_sum_or_null(people, official(zones, z, totals[t]));
    }
    if (zones->count > 1)
      report_apart(step, "municipality", totals[t], people, ledger(step, KY_ROW_MUNICIPALITY(zones), totals[t]));
  }
}

ky_err ky_targets_base(const ky_targets_step *step, ky_targets *out) {
  KY_TRY(check_zones(step->job, step->zones));
  fill_base(step, out);
  fill_sexes(step, out);
  compare_official(step);
  return KY_OK;
}

/* T of men and women: T by E_m and E_f. */
static void split_target(uint32_t row, ky_targets *out) {
  int64_t part[2];
  if (out->base_m[row] == KY_NULL || !share_base(out->target[row], out->base_m[row], out->base_f[row], part)) return;
  out->target_m[row] = part[0];
  out->target_f[row] = part[1];
}

ky_err ky_target_people(ky_job *job, const int64_t *base_65, const int64_t *rate, uint32_t zone_count, int64_t *target,
                        int64_t *target_all, int64_t *rate_all) {
  const ky_wide unit = (ky_wide)KY_WHOLE * KY_PERSON;
  ky_wide *wanted, sum = 0;
  int64_t people = 0;
  KY_NEW(job, scratch, wanted, zone_count);
  for (uint32_t z = 0; z < zone_count; z++) {
    wanted[z] = (ky_wide)rate[z] * base_65[z];
    sum += wanted[z];
    people += base_65[z];
  }
  *target_all = ky_wide_round(sum, unit);
  *rate_all = people > 0 ? ky_wide_round(sum, people) : KY_NULL;
  return ky_round_largest_remainder(job, wanted, unit, *target_all, zone_count, target);
}

ky_err ky_targets_goal(const ky_targets_step *step, ky_targets *out) {
  ky_job *job = step->job;
  const ky_zones *zones = step->zones;
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  out->basis[all] = zones->count == 0 ? step->opts->basis : ky_rate_of(zones, step->opts, 0, 0).basis;
  for (uint32_t z = 0; z < zones->count; z++) {
    const ky_rate rate = ky_rate_of(zones, step->opts, z, 0);
    out->rate[z] = rate.rate;
    out->basis[z] = rate.basis;
    if (out->basis[all] == NULL || out->basis[z] == NULL || strcmp(out->basis[z], out->basis[all]) != 0)
      out->basis[all] = "圏域ごとの目標の合計";
  }
  KY_TRY(ky_target_people(job, out->base_65, out->rate, zones->count, out->target, &out->target[all], &out->rate[all]));
  out->target_m[all] = out->target_f[all] = 0;
  for (uint32_t z = 0; z < zones->count; z++) {
    split_target(z, out);
    out->target_m[all] = ky_sum_or_null(out->target_m[all], out->target_m[z]);
    out->target_f[all] = ky_sum_or_null(out->target_f[all], out->target_f[z]);
  }
  return KY_OK;
}
