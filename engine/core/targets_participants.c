/* Participants: what the venues report, how complete that is, and what it means against people and target. */
#include <stdlib.h>
#include <string.h>

#include "core/ratio.h"
#include "core/targets_steps.h"

ky_report ky_venue_report(const ky_venues *venues, uint32_t venue) {
  ky_report r = {venues->participants[venue], venues->participants_m[venue], venues->participants_f[venue],
                 venues->participants_weekly[venue]};
  if (venues->participants_of[venue] != KY_65 || venues->is_other_extent[venue] == 1)
    return (ky_report){KY_NULL, KY_NULL, KY_NULL, KY_NULL};
  if (r.m == KY_NULL || r.f == KY_NULL || (r.all != KY_NULL && ky_add(r.m, r.f) > r.all)) r.m = r.f = KY_NULL;
  if (r.all != KY_NULL && r.weekly != KY_NULL && r.weekly > r.all) r.weekly = KY_NULL;
  return r;
}

/* Reports of the venues of a row that count for the rate. */
typedef struct tally {
  int64_t venue_count, report_count, people;
  int64_t weekly_count, weekly, sexes_count, m, f;
} tally;

static void add_report(const ky_report *r, tally *t) {
  t->venue_count++;
  if (r->all != KY_NULL) {
    t->report_count++;
    t->people = ky_add(t->people, r->all);
  }
  if (r->weekly != KY_NULL) {
    t->weekly_count++;
    t->weekly = ky_add(t->weekly, r->weekly);
  }
  if (r->m != KY_NULL) {
    t->sexes_count++;
    t->m = ky_add(t->m, r->m);
    t->f = ky_add(t->f, r->f);
  }
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
  to->sexes_count += from->sexes_count;
  to->m = ky_add(to->m, from->m);
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
    const ky_report report = ky_venue_report(venues, v);
    add_report(&report, &tallies[venues->row[v]]);
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
  const ky_zones *zones = step->zones;
  if (ky_zone_is_distinct(zones, zone)) {
    out->participants[zone] = zones->participants[zone];
    out->participants_m[zone] = zones->participants_m[zone];
    out->participants_f[zone] = zones->participants_f[zone];
    out->participants_weekly[zone] = zones->participants_weekly[zone];
    out->participants_kind[zone] = "distinct";
    out->is_at_least[zone] = 0;
    if (out->participants_m[zone] != KY_NULL) out->is_sexes_at_least[zone] = 0;
    if (out->participants_weekly[zone] != KY_NULL) out->is_weekly_at_least[zone] = 0;
    out->imputed_low[zone] = out->imputed_high[zone] = zones->participants[zone];
    return;
  }
  if (out->participants[zone] != KY_NULL) out->participants_kind[zone] = "sum";
  if (out->participants[zone] != KY_NULL) out->is_at_least[zone] = is_incomplete(step, t->report_count, t->venue_count);
  if (out->participants_m[zone] != KY_NULL)
    out->is_sexes_at_least[zone] = is_incomplete(step, t->sexes_count, t->venue_count);
  if (out->participants_weekly[zone] != KY_NULL)
    out->is_weekly_at_least[zone] = is_incomplete(step, t->weekly_count, t->venue_count);
  const int64_t missing = t->venue_count - t->report_count;
  out->imputed_low[zone] = t->people;
  out->imputed_high[zone] = ky_add(t->people, ky_ratio(missing, step->typical_milli[zone], 1000));
}

/* The municipality: sums over what is known of its zones; returns in how many it is. */
static uint32_t sum_zones(const ky_zones *zones, int64_t *column) {
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  uint32_t known_count = 0;
  int64_t sum = 0;
  for (uint32_t z = 0; z < zones->count; z++) {
    if (column[z] == KY_NULL) continue;
    sum = ky_add(sum, column[z]);
    known_count++;
  }
  column[all] = known_count == 0 && zones->count != 0 ? KY_NULL : sum;
  return known_count;
}

/* What the venues of the zones without distinct totals report, for the municipality. */
static tally sum_of_venues(const ky_zones *zones, const tally *tallies) {
  tally sum = {0};
  for (uint32_t z = 0; z < zones->count; z++)
    if (!ky_zone_is_distinct(zones, z)) add_tally(&tallies[z], &sum);
  return sum;
}

/* A zone of which nothing is known makes the sum "at least". */
static void fill_municipality(const ky_targets_step *step, const tally *tallies, ky_targets *out) {
  const ky_zones *zones = step->zones;
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  const tally sum = sum_of_venues(zones, tallies);
  const struct {
    int64_t *column, report_count;
    int8_t *is_at_least;
  } of[] = {{out->participants, sum.report_count, out->is_at_least},
            {out->participants_weekly, sum.weekly_count, out->is_weekly_at_least},
            {out->participants_m, sum.sexes_count, out->is_sexes_at_least},
            {out->participants_f, sum.sexes_count, out->is_sexes_at_least}};
  for (size_t c = 0; c < sizeof of / sizeof *of; c++) {
    const uint32_t known_count = sum_zones(zones, of[c].column);
    if (of[c].column[all] != KY_NULL)
      of[c].is_at_least[all] = known_count < zones->count || is_incomplete(step, of[c].report_count, sum.venue_count);
  }
  sum_zones(zones, out->imputed_low);
  sum_zones(zones, out->imputed_high);
  for (uint32_t z = 0; z < zones->count; z++) {
    const char *kind = out->participants_kind[z], *before = out->participants_kind[all];
    if (kind != NULL) out->participants_kind[all] = before == NULL || strcmp(before, kind) == 0 ? kind : "mixed";
  }
}

static int64_t rate_of(int64_t participants, int64_t base) {
  if (participants == KY_NULL || base == KY_NULL || base <= 0) return KY_NULL;
  return ky_wide_round((ky_wide)participants * KY_PERSON * KY_WHOLE, base);
}

/* Rates and shortfall of a zone or the municipality. Over 100 % stays as it is. */
static void fill_rates(const ky_targets_step *step, uint32_t row, ky_targets *out) {
  const int64_t participants = out->participants[row], target = out->target[row];
  out->participation_rate[row] = rate_of(participants, out->base_65[row]);
  out->weekly_rate[row] = rate_of(out->participants_weekly[row], out->base_65[row]);
  out->participation_rate_m[row] = rate_of(out->participants_m[row], out->base_m[row]);
  out->participation_rate_f[row] = rate_of(out->participants_f[row], out->base_f[row]);
  out->weekly_reference[row] = step->opts->weekly_reference;
  out->attainment[row] = ky_ratio_share(participants, target);
  if (participants != KY_NULL) out->is_over[row] = (ky_wide)participants * KY_PERSON > out->base_65[row];
  if (participants == KY_NULL || out->is_at_least[row] != 0) return;
  out->net_shortfall[row] = target - participants;
  out->shortfall[row] = target > participants ? target - participants : 0;
}

static void report_excess(const ky_targets_step *step, uint32_t zone, const ky_targets *out) {
  int64_t participants = out->participants[zone], base = out->base_65[zone];
  if (out->is_over[zone] != 1) return;
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

static int64_t share_of(const tally *t, int64_t count) {
  return t->venue_count != 0 ? ky_ratio(count, KY_WHOLE, t->venue_count) : KY_NULL;
}

ky_err ky_targets_participants(const ky_targets_step *step, ky_targets *out) {
  const ky_zones *zones = step->zones;
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  tally *tallies = NULL;
  KY_TRY(count_reports(step, &tallies));
  for (uint32_t row = 0; row <= all; row++) {
    const tally *t = &tallies[row];
    out->participants[row] = out->participants_sum[row] = sum_of(t, t->report_count, t->people);
    out->participants_weekly[row] = sum_of(t, t->weekly_count, t->weekly);
    out->participants_m[row] = sum_of(t, t->sexes_count, t->m);
    out->participants_f[row] = sum_of(t, t->sexes_count, t->f);
    out->report_share[row] = share_of(t, t->report_count);
    out->weekly_report_share[row] = share_of(t, t->weekly_count);
    out->sexes_report_share[row] = share_of(t, t->sexes_count);
    if (row < zones->count) fill_zone(step, t, row, out);
  }
  fill_municipality(step, tallies, out);
  KY_TRY(ky_targets_allocate(step, out));
  for (uint32_t z = 0; z < zones->count; z++) {
    fill_rates(step, z, out);
    report_excess(step, z, out);
  }
  fill_rates(step, all, out);
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
    if (!ky_is_rate_venue(venues, v)) continue;
    const int64_t people = ky_venue_report(venues, v).all;
    if (people == KY_NULL) continue;
    if (zone == KY_NONE ? venues->row[v] < step->zones->count : venues->row[v] == zone) out[n++] = people;
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
