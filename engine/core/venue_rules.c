/* Which venues count for coverage and which for the rate. The register's own word on a venue stands above the rules,
 * but not above what it is: an informal gathering never counts, and what has no place or is closed cannot. */
#include "core/venue_rules.h"

#include <string.h>

#include "core/venue_status.h"

#define INFORMAL       "informal"
#define NO_COORDINATES "no_coordinates"
#define CLOSED         "closed"
#define SAYS_NO        "register_says_no"

ky_err ky_venue_rules_new(ky_job *job, uint32_t count, ky_venues *out) {
  KY_NEW(job, keep, out->is_informal, count);
  KY_NEW(job, keep, out->says_coverage, count);
  KY_NEW(job, keep, out->says_rate, count);
  KY_NEW(job, keep, out->counts, count);
  KY_NEW(job, keep, out->counts_for_rate, count);
  KY_NEW(job, keep, out->reason, count);
  KY_NEW(job, keep, out->rate_reason, count);
  return KY_OK;
}

/* NULL: it counts. */
static const char *coverage_rule(const ky_venue_opts *opts, const ky_venues *venues, uint32_t i) {
  const int64_t sessions = venues->sessions_milli[i];
  if (sessions == KY_NULL && !opts->unknown_counts) return "sessions_unknown";
  if (sessions != KY_NULL && sessions < opts->min_sessions_milli) return "sessions_too_few";
  if (!opts->allow_town && strcmp(venues->text[KY_VENUE_COORD_SOURCE][i], "town") == 0) return "town_level_position";
  return NULL;
}

/* What it is: no word of the register changes that. */
static const char *nature(const ky_venues *venues, uint32_t i) {
  if (venues->is_informal[i] == 1) return INFORMAL;
  if (venues->row[i] == KY_NONE) return NO_COORDINATES;
  return ky_venue_status_read(venues->text[KY_VENUE_STATUS][i]) == KY_STATUS_CLOSED ? CLOSED : NULL;
}

static void report(ky_job *job, const ky_record *record, const char *reason, const char *action, const char *message) {
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_raw_label(job, record->raw),
                           .record = record->id,
                           .field = "counts_for_coverage",
                           .reason = reason,
                           .action = ky_tr(action)},
               "%s", ky_tr(message));
}

/* Where the register contradicts itself. */
static void check(ky_job *job, const ky_record *record, const ky_venues *venues, const char *is, uint32_t i) {
  if (is == NULL || (venues->says_coverage[i] != 1 && venues->says_rate[i] != 1)) return;
  if (strcmp(is, INFORMAL) == 0)
    report(job, record, "informal_never_counts",
           KY_MSG("it does not count: informal gatherings are drawn and counted beside; say which of the two it is"),
           KY_MSG("the register says that it counts, and that it is an informal gathering"));
  else if (strcmp(is, CLOSED) == 0)
    report(job, record, "closed_never_counts", KY_MSG("it does not count; correct one of the two"),
           KY_MSG("the register says that it counts, and that it is closed"));
}

void ky_venue_rules_apply(ky_job *job, const ky_record *record, const ky_venue_opts *opts, ky_venues *out, uint32_t i) {
  const int8_t informal = ky_record_flag(job, record, "informal");
  out->is_informal[i] = informal >= 0 ? informal : record->raw->source->is_informal;
  out->says_coverage[i] = ky_record_flag(job, record, "counts_for_coverage");
  out->says_rate[i] = ky_record_flag(job, record, "counts_for_rate");
  const char *rule = coverage_rule(opts, out, i), *is = nature(out, i);
  const bool is_led_by_others = opts->rate_needs_resident_led && out->is_resident_led[i] == 0;
  check(job, record, out, is, i);
  out->reason[i] = is != NULL ? is : out->says_coverage[i] == 0 ? SAYS_NO : out->says_coverage[i] == 1 ? NULL : rule;
  out->rate_reason[i] = is != NULL               ? is
                        : out->says_rate[i] == 0 ? SAYS_NO
                        : out->says_rate[i] == 1 ? NULL
                        : out->reason[i] != NULL ? out->reason[i]
                        : is_led_by_others       ? "not_resident_led"
                                                 : NULL;
  out->counts[i] = out->reason[i] == NULL;
  out->counts_for_rate[i] = out->rate_reason[i] == NULL;
}
