/* Issues of one reason belong together: one line with their number, and the first records as examples. */
#include <inttypes.h>
#include <string.h>

#include "cli_report.h"
#include "cli_text.h"

#define GROUPS_MAX   128
#define EXAMPLES_MAX 3

typedef struct group {
  uint32_t count;
  uint32_t example[EXAMPLES_MAX];
} group;

typedef struct groups {
  uint32_t count;
  uint32_t others; /* issues beyond the last group */
  group rows[GROUPS_MAX];
} groups;

static bool is_same(const char *a, const char *b) {
  return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Errors first, then warnings, then notes; in each, in the order in which they came up. */
static void collect(const ky_issues *issues, ky_severity severity, groups *g) {
  uint32_t first = g->count;
  for (uint32_t i = 0; i < issues->count; i++) {
    const ky_issue *issue = &issues->rows[i];
    if (issue->severity != severity) continue;
    uint32_t at = first;
    while (at < g->count && !is_same(issues->rows[g->rows[at].example[0]].reason, issue->reason)) at++;
    if (at == GROUPS_MAX) {
      g->others++;
      continue;
    }
    if (at == g->count) g->rows[g->count++] = (group){.count = 0};
    group *row = &g->rows[at];
    if (row->count < EXAMPLES_MAX) row->example[row->count] = i;
    row->count++;
  }
}

static groups group_issues(const ky_issues *issues) {
  groups g = {.count = 0};
  collect(issues, KY_ERROR, &g);
  collect(issues, KY_WARNING, &g);
  collect(issues, KY_INFO, &g);
  return g;
}

static const char *severity_text(ky_severity severity) {
  return severity == KY_ERROR ? ky_tr("error") : severity == KY_WARNING ? ky_tr("warning") : ky_tr("info");
}

static void show_example(FILE *out, const ky_issue *issue) {
  fprintf(out, "    %s", issue->source);
  if (issue->record != NULL) fprintf(out, ", %s", issue->record);
  if (issue->field != NULL) fprintf(out, ", %s", issue->field);
  fprintf(out, ": %s\n", issue->message);
}

void ky_report_issues(FILE *out, const ky_issues *issues) {
  if (issues->count == 0) return;
  groups g = group_issues(issues);
  fprintf(out, "%s\n", ky_tr("Found in the data:"));
  for (uint32_t i = 0; i < g.count; i++) {
    const group *row = &g.rows[i];
    const ky_issue *first = &issues->rows[row->example[0]];
    fprintf(out, "  %s: %s x %s\n", severity_text(first->severity), ky_show_count(row->count).text,
            first->reason != NULL ? first->reason : "-");
    for (uint32_t e = 0; e < row->count && e < EXAMPLES_MAX; e++) show_example(out, &issues->rows[row->example[e]]);
    if (row->count > EXAMPLES_MAX) fprintf(out, ky_tr("    ... and %u more\n"), row->count - EXAMPLES_MAX);
    if (first->action != NULL) fprintf(out, "    -> %s\n", first->action);
  }
  if (g.others > 0) fprintf(out, ky_tr("  ... and %u more for other reasons\n"), g.others);
}

void ky_report_issues_json(FILE *out, const ky_issues *issues) {
  static const char *const severities[] = {"info", "warning", "error"};
  groups g = group_issues(issues);
  for (uint32_t i = 0; i < g.count; i++) {
    const ky_issue *first = &issues->rows[g.rows[i].example[0]];
    fprintf(out, "{\"event\":\"issues\",\"severity\":\"%s\",\"count\":%u,\"reason\":", severities[first->severity],
            g.rows[i].count);
    ky_json_text(out, first->reason != NULL ? first->reason : "");
    fputs(",\"source\":", out);
    ky_json_text(out, first->source);
    fputs(",\"record\":", out);
    if (first->record != NULL)
      ky_json_text(out, first->record);
    else
      fputs("null", out);
    fputs(",\"message\":", out);
    ky_json_text(out, first->message);
    fputs("}\n", out);
  }
}

void ky_report_verdict(FILE *out, const ky_job *job) {
  uint32_t doubts = 0;
  for (uint32_t i = 0; i < job->issues.count; i++) doubts += job->issues.rows[i].severity != KY_INFO;
  if (job->err != KY_OK)
    fprintf(out, "%s\n", ky_tr("Verdict: not ready. Correct what the message says, then check again."));
  else if (doubts > 0)
    fprintf(out, ky_tr("Verdict: ready, with %s doubtful records. The run goes on without or around them.\n"),
            ky_show_count(doubts).text);
  else
    fprintf(out, "%s\n", ky_tr("Verdict: ready."));
}
