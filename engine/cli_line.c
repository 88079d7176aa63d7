#define _DEFAULT_SOURCE /* timegm */
#include "cli_line.h"

#include <inttypes.h>
#include <kayoi/stamp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli_report.h"
#include "cli_text.h"

#define WHY_BYTES 600

/* Tenths of a percent, as ky_show_percent shows them; KY_NULL: unknown. */
static int64_t tenths(int64_t part, int64_t whole) {
  if (part == KY_NULL || whole == KY_NULL || whole <= 0) return KY_NULL;
  return (int64_t)((double)part * 1000.0 / (double)whole + 0.5);
}

static void share_text(char *text, size_t size, int64_t now, int64_t before) {
  if (now == KY_NULL) {
    snprintf(text, size, "%s", ky_tr("unknown"));
    return;
  }
  const int64_t change = before == KY_NULL ? 0 : now - before, up = change < 0 ? -change : change;
  const int length = snprintf(text, size, "%" PRId64 ".%" PRId64 " %%", now / 10, now % 10);
  if (before == KY_NULL) return;
  snprintf(text + length, size - (size_t)length, ky_tr(" (%s%lld.%lld points)"),
           change < 0   ? "-"
           : change > 0 ? "+"
                        : "±",
           (long long)(up / 10), (long long)(up % 10));
}

static void count_text(char *text, size_t size, int64_t now, int64_t before) {
  const int length = snprintf(text, size, "%s", ky_show_count(now).text);
  if (now == KY_NULL || before == KY_NULL) return;
  const int64_t change = now - before;
  snprintf(text + length, size - (size_t)length, " (%s%s)",
           change > 0    ? "+"
           : change == 0 ? "±"
                         : "",
           ky_show_count(change).text);
}

void ky_line_published(char *line, const char *name, const char *out_dir, const ky_job *job, const ky_result *result,
                       const ky_line_before *before) {
  const size_t at = (size_t)KY_ROW_MUNICIPALITY(result->zones) * KY_MEASURE_COUNT + KY_65;
  const bool is_known = result->cells->people[KY_65] != NULL;
  char share[80], gaps[80];
  share_text(share, sizeof share,
             is_known ? tenths(result->coverage->people[KY_COVERED][at], result->coverage->total[at]) : KY_NULL,
             tenths(before->covered_65, before->pop_65));
  count_text(gaps, sizeof gaps, result->gaps->count, before->gaps);
  snprintf(line, KY_LINE_BYTES,
           ky_tr("kayoi %s: published: people 65 and over within walking range %s, gaps %s, doubts %u: %s"), name,
           share, gaps, ky_doubt_count(job), out_dir);
}

/* "2026-11-21T02:00:13Z" in the machine's zone, to the minute; as it is where it is something else. */
static const char *local_time(char text[KY_STAMP_BYTES], const char *utc) {
  struct tm t = {.tm_isdst = 0};
  char end;
  if (utc == NULL) return ky_tr("unknown");
  if (sscanf(utc, "%4d-%2d-%2dT%2d:%2d:%2d%c", &t.tm_year, &t.tm_mon, &t.tm_mday, &t.tm_hour, &t.tm_min, &t.tm_sec,
             &end) != 7 ||
      end != 'Z')
    return utc;
  t.tm_year -= 1900;
  t.tm_mon -= 1;
  const ky_stamp stamp = ky_stamp_of((int64_t)timegm(&t) * 1000, ky_stamp_offset());
  snprintf(text, KY_STAMP_BYTES, "%.10s %.5s", stamp.text, stamp.text + 11);
  return text;
}

void ky_line_unchanged(char *line, const char *name, const char *out_dir, const ky_line_before *before) {
  char since[KY_STAMP_BYTES];
  snprintf(line, KY_LINE_BYTES, ky_tr("kayoi %s: unchanged: inputs and settings are those of the result of %s: %s"),
           name, local_time(since, before->published), out_dir);
}

/* The message on one line, cut at a character. */
static void flatten(char *text, size_t size, const char *message) {
  snprintf(text, size, "%s", message);
  for (size_t length = strlen(text); length != 0 && !ky_text_is_utf8(text); length--) text[length - 1] = '\0';
  for (char *c = text; *c != '\0'; c++)
    if (*c == '\n' || *c == '\r' || *c == '\t') *c = ' ';
  for (size_t length = strlen(text); length != 0 && text[length - 1] == ' '; length--) text[length - 1] = '\0';
}

void ky_line_failed(char *line, const char *name, ky_err err, const char *message) {
  char why[WHY_BYTES];
  flatten(why, sizeof why, message != NULL ? message : ky_tr(ky_err_text(err)));
  if (err == KY_E_BUSY)
    snprintf(line, KY_LINE_BYTES, ky_tr("kayoi %s: did not run: %s"), name, why);
  else if (err == KY_E_HELD)
    snprintf(line, KY_LINE_BYTES, "kayoi %s: %s", name, why);
  else if (err == KY_E_HELD)
    snprintf(line, KY_LINE_BYTES, "kayoi %s: %s", name, why);
  else
    snprintf(line, KY_LINE_BYTES, ky_tr("kayoi %s: FAILED (exit status %d: %s): %s"), name, ky_err_status(err),
             ky_tr(ky_err_text(err)), why);
}
