/* What the program says at the end: the summary of a run, the report of a check, the issues. */
#ifndef KAYOI_CLI_REPORT_H
#define KAYOI_CLI_REPORT_H

#include <stdio.h>

#include "cli_issues.h"
#include "config.h"

/* Ten lines that a planner understands. */
void ky_report_run(FILE *out, const ky_config *config, const ky_result *result);
/* Every source, how it was understood and what is wrong with it; then what came of all of them, and the verdict. A
 * check that failed shows what it had got. */
void ky_report_check(FILE *out, const ky_job *job, const ky_config *config, const ky_result *result);
/* The same as one JSON document. config: NULL when it could not be read. */
void ky_report_check_json(FILE *out, const ky_job *job, const char *path, const ky_config *config,
                          const ky_result *result);
/* One source of them. */
void ky_report_source(FILE *out, const ky_job *job, const ky_source_report *report);
void ky_report_source_json(FILE *out, const ky_job *job, const ky_source_report *report);
/* Issues grouped by reason, with the first records. */
void ky_report_issues(FILE *out, const ky_issues *issues);
/* Groups of one source, which need not be named again, or of several. */
void ky_report_issue_groups(FILE *out, const ky_issues *issues, const ky_issue_groups *groups, bool is_of_source);
/* The same as JSON lines. run: its id for the log, "" none. */
void ky_report_issues_json(FILE *out, const ky_issues *issues, const char *run);
/* Issues that are more than notes. */
uint32_t ky_doubt_count(const ky_job *job);
/* ready, ready with N doubts, not ready. */
void ky_report_verdict(FILE *out, const ky_job *job);

/* Issues of one source (ky_source_report.where), and those of none of the sources of a config, as filters. */
bool ky_issue_is_of(const void *report, const ky_issue *issue);
bool ky_issue_is_of_none(const void *read_opts, const ky_issue *issue);

/* What the rooms that a check runs have made of the inputs. */
typedef struct ky_check_places {
  bool is_made;
  uint32_t zones, streets, cells, venues, venues_counting;
  int64_t people, people_65; /* thousandths; KY_NULL: not known */
} ky_check_places;
ky_check_places ky_check_places_of(const ky_result *result);

#endif
