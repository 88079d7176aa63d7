/* Targets: people, rates, and where the target people are. Whole numbers throughout. */
#include <kayoi/targets.h>

#include <string.h>

#include "core/ratio.h"
#include "core/targets_steps.h"

static ky_err new_columns(ky_job *job, uint32_t rows, ky_targets *out) {
  int64_t **const columns[] = {
      &out->base_65,
      &out->rate,
      &out->target,
      &out->too_far,
      &out->no_seats,
      &out->within_reach,
      &out->unknown,
      &out->participants,
      &out->participants_allocated,
      &out->participants_weekly,
      &out->participants_m,
      &out->participants_f,
      &out->imputed_low,
      &out->imputed_high,
      &out->report_share,
      &out->participation_rate,
      &out->weekly_rate,
      &out->attainment,
      &out->shortfall,
      &out->net_shortfall,
      &out->venues_count,
      &out->venues_counting,
      &out->seats,
      &out->free_seats,
      &out->free_in_range,
      &out->places_by_participants,
      &out->places_by_reach,
  };
  out->row_count = rows;
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
    KY_NEW(job, keep, *columns[c], rows);
    for (uint32_t row = 0; row < rows; row++) (*columns[c])[row] = KY_NULL;
  }
  KY_NEW(job, keep, out->is_register, rows);
  KY_NEW(job, keep, out->is_at_least, rows);
  for (uint32_t row = 0; row < rows; row++) out->is_register[row] = out->is_at_least[row] = -1;
  KY_NEW(job, keep, out->basis, rows);
  KY_NEW(job, keep, out->no_seats_reason, rows);
  KY_NEW(job, keep, out->places_by_reach_reason, rows);
  return KY_OK;
}

static int64_t ledger(const int64_t *column, uint32_t row) {
  return column[(size_t)row * KY_MEASURE_COUNT + KY_65];
}

/* E and its origin: the register where it is given, else the grid. */
static void fill_base(const ky_targets_step *step, ky_targets *out) {
  const ky_zones *zones = step->zones;
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  const int64_t *official = zones->official[KY_65];
  uint32_t register_count = 0;
  out->base_65[all] = 0;
  for (uint32_t z = 0; z < zones->count; z++) {
    bool is_register = official != NULL && official[z] != KY_NULL;
    out->base_65[z] = is_register ? official[z] : ledger(step->coverage->total, z);
    out->is_register[z] = is_register;
    out->base_65[all] += out->base_65[z];
    register_count += is_register;
  }
  if (register_count == 0 || register_count == zones->count) out->is_register[all] = register_count != 0;
}

static const char *basis_of(const ky_targets_step *step, uint32_t zone) {
  if (step->zones->rate_basis[zone] != NULL) return step->zones->rate_basis[zone];
  return step->zones->rate[zone] == KY_NULL ? step->opts->basis : "圏域ごとの設定（根拠の記載なし）";
}

/* T: the municipality's total is rounded first (halves up), then shared, so zones add up to it. */
static ky_err fill_target(const ky_targets_step *step, ky_targets *out) {
  ky_job *job = step->job;
  const ky_zones *zones = step->zones;
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  const ky_wide unit = (ky_wide)KY_WHOLE * KY_PERSON;
  ky_wide *wanted, sum = 0;
  KY_NEW(job, scratch, wanted, zones->count);
  out->basis[all] = zones->count == 0 ? step->opts->basis : basis_of(step, 0);
  for (uint32_t z = 0; z < zones->count; z++) {
    out->rate[z] = zones->rate[z] != KY_NULL ? zones->rate[z] : step->opts->rate;
    out->basis[z] = basis_of(step, z);
    if (out->basis[all] == NULL || out->basis[z] == NULL || strcmp(out->basis[z], out->basis[all]) != 0)
      out->basis[all] = "圏域ごとの目標の合計";
    wanted[z] = (ky_wide)out->rate[z] * out->base_65[z];
    sum += wanted[z];
  }
  out->target[all] = ky_wide_round(sum, unit);
  if (out->base_65[all] > 0) out->rate[all] = ky_wide_round(sum, out->base_65[all]);
  return ky_round_largest_remainder(job, wanted, unit, out->target[all], zones->count, out->target);
}

/* Numbers that no zone can have would overflow its products. */
static ky_err check_zones(ky_job *job, const ky_zones *zones) {
  const int64_t most_people = INT64_C(100000000) * KY_PERSON, most_rate = 100 * (int64_t)KY_WHOLE;
  for (uint32_t z = 0; z < zones->count; z++) {
    int64_t people = zones->official[KY_65] != NULL ? zones->official[KY_65][z] : KY_NULL, rate = zones->rate[z];
    if (people != KY_NULL && (people < 0 || people > most_people))
      return ky_fail(job, KY_E_INPUT, ky_tr("zone %s: %lld official people 65+ cannot be; correct zones.official"),
                     zones->id[z], (long long)(people / KY_PERSON));
    if (rate != KY_NULL && (rate < 0 || rate > most_rate))
      return ky_fail(job, KY_E_INPUT, ky_tr("zone %s: a target rate of %.6f cannot be; 8 %% is written 0.08"),
                     zones->id[z], (double)rate / KY_WHOLE);
  }
  return KY_OK;
}

ky_err ky_targets_build(ky_job *job, const ky_zones *zones, const ky_venues *venues, const ky_points *points,
                        const ky_coverage *coverage, const ky_venue_sets *sets, const ky_candidates *candidates,
                        const ky_sites *sites, const ky_targets_opts *opts, ky_targets *out) {
  (void)candidates;
  memset(out, 0, sizeof *out);
  if (opts->typical_milli <= 0)
    return ky_fail(job, KY_E_CONFIG, ky_tr("targets: the typical participants of a venue must be more than 0"));
  ky_targets_step step = {.job = job,
                          .zones = zones,
                          .venues = venues,
                          .points = points,
                          .coverage = coverage,
                          .sets = sets,
                          .sites = sites,
                          .opts = opts};
  KY_TRY(check_zones(job, zones));
  KY_TRY(new_columns(job, KY_ROW_COUNT(zones), out));
  fill_base(&step, out);
  KY_TRY(fill_target(&step, out));
  KY_TRY(ky_targets_parts(&step, out));
  KY_TRY(ky_targets_typical(&step));
  KY_TRY(ky_targets_participants(&step, out));
  return ky_targets_places(&step, out);
}
