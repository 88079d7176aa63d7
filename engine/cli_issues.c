/* Issues of one reason belong together: one line with their number, and the first records as examples. */
#include <inttypes.h>
#include <string.h>

#include "cli_issues.h"
#include "cli_log.h"
#include "cli_report.h"
#include "cli_text.h"

static bool is_same(const char *a, const char *b) {
  return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void collect(const ky_issues *issues, const ky_issue_filter *filter, ky_severity severity, ky_issue_groups *g) {
  uint32_t first = g->count;
  for (uint32_t i = 0; i < issues->count; i++) {
    const ky_issue *issue = &issues->rows[i];
    if (issue->severity != severity || (filter != NULL && !filter->is_wanted(filter->user, issue))) continue;
    uint32_t at = first;
    while (at < g->count && !is_same(issues->rows[g->rows[at].example[0]].reason, issue->reason)) at++;
    if (at == KY_ISSUE_GROUPS_MAX) {
      g->others++;
      continue;
    }
    if (at == g->count) g->rows[g->count++] = (ky_issue_group){.count = 0};
    ky_issue_group *row = &g->rows[at];
    if (row->count < KY_ISSUE_EXAMPLES_MAX) row->example[row->count] = i;
    row->count++;
  }
}

ky_issue_groups ky_issue_groups_make(const ky_issues *issues, const ky_issue_filter *filter) {
  ky_issue_groups g = {.count = 0};
  collect(issues, filter, KY_ERROR, &g);
  collect(issues, filter, KY_WARNING, &g);
  collect(issues, filter, KY_INFO, &g);
  return g;
}

const char *ky_severity_name(ky_severity severity) {
  return severity == KY_ERROR ? "error" : severity == KY_WARNING ? "warning" : "info";
}

static const char *severity_text(ky_severity severity) {
  return severity == KY_ERROR ? ky_tr("error") : severity == KY_WARNING ? ky_tr("warning") : ky_tr("info");
}

static void show_example(FILE *out, const char *indent, const char *source, const ky_issue *issue) {
  const char *texts[] = {source, issue->record, issue->field};
  const char *between = "";
  fputs(indent, out);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (texts[i] == NULL) continue;
    fprintf(out, "%s%s", between, texts[i]);
    between = ", ";
  }
  fprintf(out, "%s%s\n", between[0] != '\0' ? ": " : "", issue->message);
}

void ky_report_issue_groups(FILE *out, const ky_issues *issues, const ky_issue_groups *g, bool is_of_source) {
  const char *indent = is_of_source ? "      " : "    ";
  for (uint32_t i = 0; i < g->count; i++) {
    const ky_issue_group *row = &g->rows[i];
    const ky_issue *first = &issues->rows[row->example[0]];
    fprintf(out, "%s%s: %s x %s\n", indent + 2, severity_text(first->severity), ky_show_count(row->count).text,
            first->reason != NULL ? first->reason : "-");
    for (uint32_t e = 0; e < row->count && e < KY_ISSUE_EXAMPLES_MAX; e++) {
      const ky_issue *issue = &issues->rows[row->example[e]];
      show_example(out, indent, is_of_source ? NULL : issue->source, issue);
    }
    if (row->count > KY_ISSUE_EXAMPLES_MAX) {
      fputs(indent, out);
      fprintf(out, ky_tr("... and %u more\n"), row->count - KY_ISSUE_EXAMPLES_MAX);
    }
    if (first->action != NULL) fprintf(out, "%s-> %s\n", indent, first->action);
  }
  if (g->others > 0) {
    fputs(indent + 2, out);
    fprintf(out, ky_tr("... and %u more for other reasons\n"), g->others);
  }
}

void ky_report_issues(FILE *out, const ky_issues *issues) {
  if (issues->count == 0) return;
  ky_issue_groups g = ky_issue_groups_make(issues, NULL);
  fprintf(out, "%s\n", ky_tr("Found in the data:"));
  ky_report_issue_groups(out, issues, &g, false);
}

static void show_json(FILE *out, const char *key, const char *text) {
  fprintf(out, ",\"%s\":", key);
  if (text != NULL)
    ky_json_text(out, text);
  else
    fputs("null", out);
}

void ky_report_issues_json(FILE *out, const ky_issues *issues, const char *run) {
  ky_issue_groups g = ky_issue_groups_make(issues, NULL);
  for (uint32_t i = 0; i < g.count; i++) {
    const ky_issue *first = &issues->rows[g.rows[i].example[0]];
    ky_log_begin(out, "issues", run);
    fprintf(out, ",\"severity\":\"%s\",\"count\":%u,\"reason\":", ky_severity_name(first->severity), g.rows[i].count);
    ky_json_text(out, first->reason != NULL ? first->reason : "");
    fputs(",\"source\":", out);
    ky_json_text(out, first->source);
    show_json(out, "record", first->record);
    show_json(out, "field", first->field);
    show_json(out, "message", first->message);
    show_json(out, "action", first->action);
    fputs("}\n", out);
  }
}

uint32_t ky_doubt_count(const ky_job *job) {
  uint32_t doubts = 0;
  for (uint32_t i = 0; i < job->issues.count; i++) doubts += job->issues.rows[i].severity != KY_INFO;
  return doubts;
}

void ky_report_verdict(FILE *out, const ky_job *job) {
  uint32_t doubts = ky_doubt_count(job);
  if (job->err != KY_OK)
    fprintf(out, "%s\n", ky_tr("Verdict: not ready. Correct what the message says, then check again."));
  else if (doubts > 0)
    fprintf(out, ky_tr("Verdict: ready, with %s doubtful records. The run goes on without or around them.\n"),
            ky_show_count(doubts).text);
  else
    fprintf(out, "%s\n", ky_tr("Verdict: ready."));
}
