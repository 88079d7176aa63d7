/* What the program says at the end: the summary of a run, the report of a check, the issues. */
#ifndef KAYOI_CLI_REPORT_H
#define KAYOI_CLI_REPORT_H

#include <stdio.h>

#include "config.h"

/* Ten lines that a planner understands. */
void ky_report_run(FILE *out, const ky_config *config, const ky_result *result);
/* Every source that was read, and what came of them. A check that failed shows what it had got. */
void ky_report_check(FILE *out, const ky_config *config, const ky_result *result);
/* Issues grouped by reason, with the first records. */
void ky_report_issues(FILE *out, const ky_issues *issues);
/* The same as JSON lines. */
void ky_report_issues_json(FILE *out, const ky_issues *issues);
/* ready, ready with N doubts, not ready. */
void ky_report_verdict(FILE *out, const ky_job *job);

#endif
