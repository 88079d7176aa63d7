/* Participants: what the venues report, how complete that is, and what it means against people and target. */
#include <stdlib.h>

#include "core/ratio.h"
#include "core/targets_steps.h"

/* Reports of the venues of a row that count for the rate. */
typedef struct tally {
  int64_t venue_count, report_count, people;
  int64_t weekly_count, weekly, m_count, m, f_count, f;
} tally;

static void add_known(int64_t value, int64_t *count, int64_t *sum) {
  if (value == KY_NULL) return;
  *count += 1;
  *sum = ky_add(*sum, value);
}

/* A sum of reports: 0 where there is no venue, null where no venue reports. */
static int64_t sum_of(const tally *t, int64_t count, int64_t sum) {
  return t->venue_count != 0 && count == 0 ? KY_NULL : sum;
}

static void add_tally(const tally *from, tally *to) {
  to->venue_count += from->venue_count;
  to->report_count += from->report_count;
  to->people = ky_add(to->people, from->people);
  to->weekly_count += from->weekly_count;
  to->weekly = ky_add(to->weekly, from->weekly);
  to->m_count += from->m_count;
  to->m = ky_add(to->m, from->m);
  to->f_count += from->f_count;
  to->f = ky_add(to->f, from->f);
}

/* Tallies of all rows; the municipality's is the sum of its zones. */
static ky_err count_reports(const ky_targets_step *step, tally **out) {
  ky_job *job = step->job;
  const ky_venues *venues = step->venues;
  tally *tallies;
  KY_NEW(job, scratch, tallies, KY_ROW_COUNT(step->zones));
  for (uint32_t v = 0; v < venues->count; v++) {
    if (!ky_is_rate_venue(venues, v)) continue;
    tally *t = &tallies[venues->row[v]];
    t->venue_count++;
    add_known(venues->participants[v], &t->report_count, &t->people);
    add_known(venues->participants_weekly[v], &t->weekly_count, &t->weekly);
    add_known(venues->participants_m[v], &t->m_count, &t->m);
    add_known(venues->participants_f[v], &t->f_count, &t->f);
  }
  for (uint32_t z = 0; z < step->zones->count; z++) add_tally(&tallies[z], &tallies[KY_ROW_MUNICIPALITY(step->zones)]);
  *out = tallies;
  return KY_OK;
}

static bool is_incomplete(const ky_targets_step *step, int64_t report_count, int64_t venue_count) {
  return (ky_wide)report_count * KY_WHOLE < (ky_wide)step->opts->min_report_share * venue_count;
}

/* P of the zones: the distinct total where it is given, else the sum of the reports with what is missing beside it. */
static void fill_zone(const ky_targets_step *step, const tally *t, uint32_t zone, ky_targets *out) {
  int64_t given = step->zones->participants[zone];
  if (given != KY_NULL) {
    out->participants[zone] = given;
    out->is_at_least[zone] = 0;
    return;
  }
  if (out->participants[zone] != KY_NULL) out->is_at_least[zone] = is_incomplete(step, t->report_count, t->venue_count);
  if (out->is_at_least[zone] == 0) return;
  int64_t missing = t->venue_count - t->report_count;
  out->imputed_low[zone] = t->people;
  out->imputed_high[zone] = ky_add(t->people, ky_ratio(missing, step->typical_milli[zone], 1000));
}

/* The municipality: sums over its zones. A zone of which nothing is known makes the sum "at least". */
static void fill_municipality(const ky_targets_step *step, const tally *tallies, ky_targets *out) {
  const ky_zones *zones = step->zones;
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  int64_t sum = 0, high = 0, report_count = 0, venue_count = 0;
  uint32_t known_count = 0;
  for (uint32_t z = 0; z < zones->count; z++) {
    int64_t participants = out->participants[z];
    if (participants != KY_NULL) {
      sum = ky_add(sum, participants);
      known_count++;
    }
    high = ky_add(high, out->imputed_high[z] != KY_NULL ? out->imputed_high[z] : participants);
    if (zones->participants[z] != KY_NULL) continue;
    venue_count += tallies[z].venue_count;
    report_count += tallies[z].report_count;
  }
  out->participants[all] = known_count == 0 && zones->count != 0 ? KY_NULL : sum;
  if (out->participants[all] != KY_NULL)
    out->is_at_least[all] = known_count < zones->count || is_incomplete(step, report_count, venue_count);
  if (out->is_at_least[all] == 0) return;
  out->imputed_low[all] = sum;
  out->imputed_high[all] = high;
}

/* Participants of each venue where the people 65+ within its range live; all in its own row when nobody is. */
static ky_err allocate(const ky_targets_step *step, const tally *tallies, ky_targets *out) {
  ky_job *job = step->job;
  const ky_venues *venues = step->venues;
  const ky_zones *zones = step->zones;
  const ky_venue_rows *in_range = &step->coverage->venue_rows;
  const uint32_t rows = KY_ROW_COUNT(zones), all = KY_ROW_MUNICIPALITY(zones);
  int64_t venue_count = 0, report_count = 0, *share;
  uint64_t *weight;
  uint32_t *order;
  KY_NEW(job, scratch, share, all);
  KY_NEW(job, scratch, weight, all);
  KY_NEW(job, scratch, order, all);
  for (uint32_t row = 0; row < all; row++) {
    venue_count += tallies[row].venue_count;
    report_count += tallies[row].report_count;
  }
  if (venue_count != 0 && report_count == 0) return KY_OK;
  for (uint32_t row = 0; row < rows; row++) out->participants_allocated[row] = 0;
  for (uint32_t v = 0; v < venues->count; v++) {
    if (!ky_is_rate_venue(venues, v) || venues->participants[v] == KY_NULL) continue;
    const uint32_t first = in_range->first[v], count = in_range->first[v + 1] - first;
    for (uint32_t k = 0; k < count; k++) weight[k] = (uint64_t)in_range->people[first + k];
    if (count == 0) weight[0] = 1;
    ky_share_largest_remainder(venues->participants[v], weight, count == 0 ? 1 : count, share, order);
    for (uint32_t k = 0; k < (count == 0 ? 1 : count); k++) {
      const uint32_t row = count == 0 ? venues->row[v] : in_range->row[first + k];
      out->participants_allocated[row] = ky_add(out->participants_allocated[row], share[k]);
    }
  }
  for (uint32_t z = 0; z < zones->count; z++)
    out->participants_allocated[all] = ky_add(out->participants_allocated[all], out->participants_allocated[z]);
  return KY_OK;
}

/* Rates and shortfall of a zone or the municipality. Over 100 % stays as it is. */
static void fill_rates(uint32_t row, ky_targets *out) {
  int64_t participants = out->participants[row], base = out->base_65[row], target = out->target[row];
  int64_t weekly = out->participants_weekly[row];
  if (base > 0 && participants != KY_NULL)
    out->participation_rate[row] = ky_wide_round((ky_wide)participants * KY_PERSON * KY_WHOLE, base);
  if (base > 0 && weekly != KY_NULL)
    out->weekly_rate[row] = ky_wide_round((ky_wide)weekly * KY_PERSON * KY_WHOLE, base);
  out->attainment[row] = ky_ratio_share(participants, target);
  if (participants == KY_NULL || out->is_at_least[row] != 0) return;
  out->net_shortfall[row] = target - participants;
  out->shortfall[row] = target > participants ? target - participants : 0;
}

static void report_excess(const ky_targets_step *step, uint32_t zone, const ky_targets *out) {
  int64_t participants = out->participants[zone], base = out->base_65[zone];
  if (participants == KY_NULL || (ky_wide)participants * KY_PERSON <= base) return;
  ky_issue_add(
      step->job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = "targets",
                  .record = step->zones->id[zone],
                  .field = "participants",
                  .reason = "participants_exceed_people",
                  .action = ky_tr("shown as they are; a person at two venues counts twice: look at the venues, or "
                                  "give the zone's distinct participants")},
      ky_tr("%lld participants, but only %lld.%03lld people 65+"), (long long)participants,
      (long long)(base / KY_PERSON), (long long)(base % KY_PERSON));
}

ky_err ky_targets_participants(const ky_targets_step *step, ky_targets *out) {
  const ky_zones *zones = step->zones;
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  tally *tallies = NULL;
  KY_TRY(count_reports(step, &tallies));
  for (uint32_t row = 0; row <= all; row++) {
    const tally *t = &tallies[row];
    out->participants[row] = sum_of(t, t->report_count, t->people);
    out->participants_weekly[row] = sum_of(t, t->weekly_count, t->weekly);
    out->participants_m[row] = sum_of(t, t->m_count, t->m);
    out->participants_f[row] = sum_of(t, t->f_count, t->f);
    if (t->venue_count != 0) out->report_share[row] = ky_ratio(t->report_count, KY_WHOLE, t->venue_count);
    if (row < zones->count) fill_zone(step, t, row, out);
  }
  fill_municipality(step, tallies, out);
  KY_TRY(allocate(step, tallies, out));
  for (uint32_t z = 0; z < zones->count; z++) {
    fill_rates(z, out);
    report_excess(step, z, out);
  }
  fill_rates(all, out);
  out->shortfall[all] = 0;
  for (uint32_t z = 0; z < zones->count; z++)
    out->shortfall[all] = ky_sum_or_null(out->shortfall[all], out->shortfall[z]);
  return KY_OK;
}

static int compare_numbers(const void *a, const void *b) {
  int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;
  return p < q ? -1 : p > q;
}

/* In thousandths; the mean of the middle two of an even number. */
static int64_t median_milli(int64_t *value, uint32_t count) {
  qsort(value, count, sizeof *value, compare_numbers);
  return ky_wide_round(((ky_wide)value[(count - 1) / 2] + value[count / 2]) * 1000, 2);
}

/* Reports of the venues in a zone (KY_NONE: in any zone); returns how many. */
static uint32_t reports_of(const ky_targets_step *step, uint32_t zone, int64_t *out) {
  const ky_venues *venues = step->venues;
  uint32_t n = 0;
  for (uint32_t v = 0; v < venues->count; v++) {
    if (!ky_is_rate_venue(venues, v) || venues->participants[v] == KY_NULL) continue;
    if (zone == KY_NONE ? venues->row[v] < step->zones->count : venues->row[v] == zone)
      out[n++] = venues->participants[v];
  }
  return n;
}

ky_err ky_targets_typical(ky_targets_step *step) {
  ky_job *job = step->job;
  const uint32_t least = step->opts->min_reports > 0 ? step->opts->min_reports : 1;
  int64_t *reports, typical = step->opts->typical_milli;
  KY_NEW(job, scratch, reports, step->venues->count);
  KY_NEW(job, scratch, step->typical_milli, step->zones->count);
  uint32_t n = reports_of(step, KY_NONE, reports);
  int64_t median = n >= least ? median_milli(reports, n) : 0;
  if (median > 0) typical = median; /* a median of nobody says nothing about a venue's size */
  for (uint32_t z = 0; z < step->zones->count; z++) {
    n = reports_of(step, z, reports);
    median = n >= least ? median_milli(reports, n) : 0;
    step->typical_milli[z] = median > 0 ? median : typical;
  }
  return KY_OK;
}
