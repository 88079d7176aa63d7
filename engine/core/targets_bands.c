/* Participants counted for another age band than 65+: a rate of their own, with people of the same band. */
#include "core/ratio.h"
#include "core/targets_steps.h"

static bool is_of(const ky_venues *venues, uint32_t v, ky_measure measure) {
  return ky_is_rate_venue(venues, v) && venues->participants_of[v] == measure && venues->is_other_extent[v] != 1 &&
         venues->participants[v] != KY_NULL;
}

static bool is_given(const ky_targets_step *step, ky_measure measure) {
  for (uint32_t v = 0; v < step->venues->count; v++)
    if (is_of(step->venues, v, measure)) return true;
  for (uint32_t z = 0; z < step->zones->count; z++)
    if (step->zones->participants[z] != KY_NULL && step->zones->participants_of[z] == measure) return true;
  return false;
}

/* People of the band: the register's where it has them, else the grid's; thousandths. */
static int64_t people_of(const ky_targets_step *step, uint32_t zone, ky_measure measure) {
  const int64_t *official = step->zones->official[measure];
  if (official != NULL && official[zone] != KY_NULL) return official[zone];
  if (step->points->people[measure] == NULL) return KY_NULL;
  return step->coverage->total[(size_t)zone * KY_MEASURE_COUNT + (size_t)measure];
}

static void add(int64_t value, int64_t *to) {
  *to = ky_add(*to == KY_NULL ? 0 : *to, value);
}

static ky_err fill(const ky_targets_step *step, ky_measure measure, ky_band_rate *out) {
  ky_job *job = step->job;
  const ky_zones *zones = step->zones;
  const uint32_t rows = KY_ROW_COUNT(zones), all = KY_ROW_MUNICIPALITY(zones);
  int64_t people_of_all = 0;
  out->measure = measure;
  KY_NEW(job, keep, out->participants, rows);
  KY_NEW(job, keep, out->rate, rows);
  for (uint32_t row = 0; row < rows; row++) out->participants[row] = out->rate[row] = KY_NULL;
  for (uint32_t v = 0; v < step->venues->count; v++)
    if (is_of(step->venues, v, measure)) add(step->venues->participants[v], &out->participants[step->venues->row[v]]);
  for (uint32_t z = 0; z < zones->count; z++) {
    if (zones->participants[z] != KY_NULL && zones->participants_of[z] == measure)
      out->participants[z] = zones->participants[z];
    const int64_t people = people_of(step, z, measure);
    if (people != KY_NULL && people > 0 && out->participants[z] != KY_NULL)
      out->rate[z] = ky_wide_round((ky_wide)out->participants[z] * KY_PERSON * KY_WHOLE, people);
    if (out->participants[z] != KY_NULL) add(out->participants[z], &out->participants[all]);
    people_of_all = ky_sum_or_null(people_of_all, people);
  }
  if (people_of_all != KY_NULL && people_of_all > 0 && out->participants[all] != KY_NULL)
    out->rate[all] = ky_wide_round((ky_wide)out->participants[all] * KY_PERSON * KY_WHOLE, people_of_all);
  return KY_OK;
}

ky_err ky_targets_bands(const ky_targets_step *step, ky_targets *out) {
  static const ky_measure others[] = {KY_TOTAL, KY_75, KY_85};
  for (size_t m = 0; m < sizeof others / sizeof *others; m++)
    if (is_given(step, others[m])) KY_TRY(fill(step, others[m], &out->band[out->band_count++]));
  return KY_OK;
}
