/* Issues of one reason belong together: their number, and the first of them as examples. */
#ifndef KAYOI_CLI_ISSUES_H
#define KAYOI_CLI_ISSUES_H

#include <kayoi/job.h>

#define KY_ISSUE_GROUPS_MAX   128
#define KY_ISSUE_EXAMPLES_MAX 3

typedef struct ky_issue_group {
  uint32_t count;
  uint32_t example[KY_ISSUE_EXAMPLES_MAX]; /* rows of the issues */
} ky_issue_group;

typedef struct ky_issue_groups {
  uint32_t count;
  uint32_t others; /* issues beyond the last group */
  ky_issue_group rows[KY_ISSUE_GROUPS_MAX];
} ky_issue_groups;

/* Which issues are meant; NULL for all. */
typedef struct ky_issue_filter {
  bool (*is_wanted)(const void *user, const ky_issue *issue);
  const void *user;
} ky_issue_filter;

/* Errors first, then warnings, then notes; in each, in the order in which they came up. */
ky_issue_groups ky_issue_groups_make(const ky_issues *issues, const ky_issue_filter *filter);
/* "error", "warning", "info": for programs. */
const char *ky_severity_name(ky_severity severity);

#endif
