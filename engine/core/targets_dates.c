/* Reference dates of the participants. Their age is counted against the newest date of the inputs, never against today,
 * so that equal inputs give equal results. */
#include <stdlib.h>
#include <string.h>

#include "core/participants_of.h"
#include "core/targets_steps.h"

#define SHOWN_DATES 4

/* The date of some participants in a row. */
typedef struct dated {
  uint32_t row;
  const char *date;
} dated;

static int by_row_and_date(const void *left, const void *right) {
  const dated *a = left, *b = right;
  if (a->row != b->row) return a->row < b->row ? -1 : 1;
  return strcmp(a->date, b->date);
}

/* Each zone's dates, and all of them once more for the municipality. */
static uint32_t list(const ky_targets_step *step, dated *out) {
  const ky_zones *zones = step->zones;
  uint32_t n = 0;
  for (uint32_t z = 0; z < zones->count; z++)
    if (ky_zone_is_distinct(zones, z) && zones->participants_date[z] != NULL)
      out[n++] = (dated){z, zones->participants_date[z]};
  for (uint32_t v = 0; v < step->venues->count; v++) {
    const uint32_t row = step->venues->row[v];
    const char *date = step->venues->participants_date[v];
    if (!ky_is_rate_venue(step->venues, v) || row >= zones->count || date == NULL || ky_zone_is_distinct(zones, row))
      continue;
    if (ky_venue_report(step->venues, v).all != KY_NULL) out[n++] = (dated){row, date};
  }
  for (uint32_t i = 0, last = n; i < last; i++) out[n++] = (dated){KY_ROW_MUNICIPALITY(zones), out[i].date};
  return n;
}

/* "2025-04-01 / 2025-05-10"; of more than SHOWN_DATES the first and the last in the order of their texts. */
static ky_err join(ky_job *job, const dated *of, uint32_t count, const char **out) {
  uint32_t distinct = 1;
  for (uint32_t i = 1; i < count; i++) distinct += strcmp(of[i].date, of[i - 1].date) != 0;
  *out = of[0].date;
  if (distinct > SHOWN_DATES) {
    *out = ky_format(&job->keep, "%s / … / %s", of[0].date, of[count - 1].date);
    return *out != NULL ? KY_OK : ky_fail_memory(job);
  }
  for (uint32_t i = 1; i < count; i++) {
    if (strcmp(of[i].date, of[i - 1].date) == 0) continue;
    *out = ky_format(&job->keep, "%s / %s", *out, of[i].date);
    if (*out == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

static int32_t newest_of(const ky_targets_step *step) {
  const char *const dates[] = {step->points->date, step->zones->official_date, step->venues->date};
  int32_t newest = -1;
  for (size_t d = 0; d < sizeof dates / sizeof *dates; d++) {
    const int32_t latest = ky_months_of(dates[d]).latest;
    if (latest > newest) newest = latest;
  }
  return newest;
}

/* A date that nobody understands makes no participants new. */
static void report_unknown(const ky_targets_step *step, const dated *of) {
  ky_issue_add(step->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = "targets",
                           .record = of->row < step->zones->count ? step->zones->id[of->row] : NULL,
                           .field = "participants_date",
                           .reason = "date_not_understood",
                           .action = ky_tr("whether the participants are old is not known; write a date such as "
                                           "2025-03-31")},
               ky_tr("'%.60s' is no date"), of->date);
}

static void set_age(const ky_targets_step *step, const dated *of, uint32_t count, int32_t newest, ky_targets *out) {
  int32_t earliest = -1;
  for (uint32_t i = 0; i < count; i++) {
    const int32_t months = ky_months_of(of[i].date).earliest;
    const bool is_new = i == 0 || strcmp(of[i].date, of[i - 1].date) != 0;
    if (months < 0 && is_new && of[i].row < step->zones->count) report_unknown(step, &of[i]);
    if (months >= 0 && (earliest < 0 || months < earliest)) earliest = months;
  }
  if (earliest < 0 || newest < 0) return;
  const int64_t age = newest > earliest ? newest - earliest : 0;
  out->age_months[of[0].row] = age;
  out->is_stale[of[0].row] = age > step->opts->max_age_months;
}

static void report_stale(const ky_targets_step *step, const ky_targets *out) {
  const uint32_t all = KY_ROW_MUNICIPALITY(step->zones);
  uint32_t stale = 0;
  for (uint32_t z = 0; z < step->zones->count; z++) stale += out->is_stale[z] == 1;
  if (stale == 0) return;
  ky_issue_add(
      step->job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = "targets",
                  .field = "participants_date",
                  .reason = "participants_stale",
                  .action = ky_tr("they are used and flagged (participants_stale); ask the venues again, or raise "
                                  "targets.max_age_months")},
      ky_tr("participants of %u zones are of %s, up to %lld months older than the newest date of people and "
            "venues"),
      stale, out->participants_date[all], (long long)out->age_months[all]);
}

ky_err ky_targets_dates(const ky_targets_step *step, ky_targets *out) {
  ky_job *job = step->job;
  const int32_t newest = newest_of(step);
  dated *of;
  KY_NEW(job, scratch, of, 2 * ((uint64_t)step->zones->count + step->venues->count));
  const uint32_t count = list(step, of);
  if (count != 0) qsort(of, count, sizeof *of, by_row_and_date);
  for (uint32_t from = 0, to; from < count; from = to) {
    for (to = from + 1; to < count && of[to].row == of[from].row; to++) continue;
    KY_TRY(join(job, of + from, to - from, &out->participants_date[of[from].row]));
    set_age(step, of + from, to - from, newest, out);
  }
  report_stale(step, out);
  return KY_OK;
}
