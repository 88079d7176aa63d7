/* Where the target people are: too far, without a seat, within reach, unknown (method.md 6). */
#include "core/ratio.h"
#include "core/targets_steps.h"

enum { TOO_FAR, COVERED, UNKNOWN, STATES };
enum { PART_TOO_FAR, PART_NO_SEATS, PART_WITHIN_REACH, PART_UNKNOWN, PARTS };

static int64_t people_65(const int64_t *column, uint32_t row) {
  return column[(size_t)row * KY_MEASURE_COUNT + KY_65];
}

/* T by the grid's shares, in micro; a zone whose people the grid does not know is unknown as a whole. */
static ky_err share_target(const ky_targets_step *step, uint32_t z, int64_t target, int64_t *state) {
  const ky_coverage *coverage = step->coverage;
  int64_t people[STATES] = {
      [TOO_FAR] = people_65(coverage->people[KY_BEYOND], z) + people_65(coverage->people[KY_UNREACHABLE], z),
      [COVERED] = people_65(coverage->people[KY_COVERED], z),
      [UNKNOWN] = people_65(coverage->people[KY_UNKNOWN], z),
  };
  int64_t grid = people[TOO_FAR] + people[COVERED] + people[UNKNOWN];
  if (grid == 0) grid = people[UNKNOWN] = 1;
  ky_wide value[STATES];
  for (int s = 0; s < STATES; s++) value[s] = (ky_wide)target * KY_MICRO * people[s];
  return ky_round_largest_remainder(step->job, value, grid, target * KY_MICRO, STATES, state);
}

/* Both count the same covered people, in different rooms. */
static ky_err check_sets(const ky_targets_step *step) {
  ky_job *job = step->job;
  int64_t *people;
  KY_NEW(job, scratch, people, step->zones->count);
  for (uint32_t c = 0; c < step->sets->count; c++) people[step->sets->row[c]] += step->sets->people_65[c];
  for (uint32_t z = 0; z < step->zones->count; z++) {
    const int64_t covered = people_65(step->coverage->people[KY_COVERED], z);
    if (people[z] != covered)
      return ky_fail(job, KY_E_INTERNAL,
                     ky_tr("zone %s: %.3f people 65+ are covered, but venues in range are known of %.3f; no result is "
                           "written; please report this with the config"),
                     step->zones->id[z], (double)covered / 1e3, (double)people[z] / 1e3);
  }
  return KY_OK;
}

static ky_err fill_zone(const ky_targets_step *step, uint32_t z, const int64_t *state, ky_targets *out) {
  const int64_t served = out->assigned.served[z];
  const bool is_assigned = served != KY_NULL;
  const ky_wide value[PARTS] = {
      [PART_TOO_FAR] = state[TOO_FAR],
      [PART_NO_SEATS] = is_assigned ? state[COVERED] - served : 0,
      [PART_WITHIN_REACH] = is_assigned ? served : state[COVERED],
      [PART_UNKNOWN] = state[UNKNOWN],
  };
  int64_t part[PARTS];
  KY_TRY(ky_round_largest_remainder(step->job, value, KY_MICRO, out->target[z], PARTS, part));
  out->too_far[z] = part[PART_TOO_FAR];
  if (is_assigned) out->no_seats[z] = part[PART_NO_SEATS];
  out->no_seats_reason[z] = out->assigned.reason;
  out->within_reach[z] = part[PART_WITHIN_REACH];
  out->unknown[z] = part[PART_UNKNOWN];
  return KY_OK;
}

static void add_up(const ky_zones *zones, ky_targets *out) {
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  out->too_far[all] = out->no_seats[all] = out->within_reach[all] = out->unknown[all] = 0;
  out->no_seats_reason[all] = out->assigned.reason;
  for (uint32_t z = 0; z < zones->count; z++) {
    out->too_far[all] += out->too_far[z];
    out->no_seats[all] = ky_sum_or_null(out->no_seats[all], out->no_seats[z]);
    out->within_reach[all] += out->within_reach[z];
    out->unknown[all] += out->unknown[z];
  }
  if (out->assigned.reason != NULL) out->no_seats[all] = KY_NULL;
}

ky_err ky_targets_parts(const ky_targets_step *step, ky_targets *out) {
  ky_job *job = step->job;
  const uint32_t zones = step->zones->count;
  const ky_seats_opts opts = {step->opts->attendances_milli, step->opts->max_unknown_seats};
  int64_t(*state)[STATES], *demand;
  KY_NEW(job, scratch, state, zones);
  KY_NEW(job, scratch, demand, zones);
  if (out->target[KY_ROW_MUNICIPALITY(step->zones)] > KY_DEMAND_MOST / KY_MICRO)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("targets: more target participants than there can be people; correct zones.official and the "
                         "target rates"));
  KY_TRY(check_sets(step));
  for (uint32_t z = 0; z < zones; z++) {
    KY_TRY(share_target(step, z, out->target[z], state[z]));
    demand[z] = state[z][COVERED];
  }
  KY_TRY(ky_seats_assign(job, zones, step->venues, step->sets, demand, &opts, &out->assigned));
  for (uint32_t z = 0; z < zones; z++) KY_TRY(fill_zone(step, z, state[z], out));
  add_up(step->zones, out);
  return KY_OK;
}
