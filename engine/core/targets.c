/* Targets: people, rates, and where the target people are. Whole numbers throughout. */
#include <kayoi/targets.h>

#include <string.h>

#include "core/ratio.h"
#include "core/targets_steps.h"

static ky_err new_columns(ky_job *job, uint32_t rows, ky_targets *out) {
  int64_t **const columns[] = {
      &out->base_65,
      &out->base_m,
      &out->base_f,
      &out->rate,
      &out->target,
      &out->target_m,
      &out->target_f,
      &out->too_far,
      &out->no_seats,
      &out->within_reach,
      &out->unknown,
      &out->participants,
      &out->participants_sum,
      &out->participants_allocated,
      &out->participants_allocated_m,
      &out->participants_allocated_f,
      &out->participants_weekly,
      &out->participants_m,
      &out->participants_f,
      &out->imputed_low,
      &out->imputed_high,
      &out->report_share,
      &out->sexes_report_share,
      &out->weekly_report_share,
      &out->age_months,
      &out->participation_rate,
      &out->weekly_rate,
      &out->weekly_reference,
      &out->participation_rate_m,
      &out->participation_rate_f,
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
  int8_t **const flags[] = {&out->is_register,        &out->is_at_least, &out->is_sexes_at_least,
                            &out->is_weekly_at_least, &out->is_over,     &out->is_stale};
  for (size_t f = 0; f < sizeof flags / sizeof *flags; f++) {
    KY_NEW(job, keep, *flags[f], rows);
    memset(*flags[f], -1, rows);
  }
  KY_NEW(job, keep, out->basis, rows);
  KY_NEW(job, keep, out->base_sexes, rows);
  KY_NEW(job, keep, out->participants_kind, rows);
  KY_NEW(job, keep, out->participants_date, rows);
  KY_NEW(job, keep, out->no_seats_reason, rows);
  KY_NEW(job, keep, out->places_by_reach_reason, rows);
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
  KY_TRY(new_columns(job, KY_ROW_COUNT(zones), out));
  KY_TRY(ky_targets_base(&step, out));
  KY_TRY(ky_targets_goal(&step, out));
  KY_TRY(ky_targets_parts(&step, out));
  KY_TRY(ky_targets_typical(&step));
  KY_TRY(ky_targets_participants(&step, out));
  KY_TRY(ky_targets_bands(&step, out));
  KY_TRY(ky_targets_dates(&step, out));
  return ky_targets_places(&step, out);
}
