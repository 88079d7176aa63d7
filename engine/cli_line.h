/* What came of a run in one line, for the mail of a nightly job. */
#ifndef KAYOI_CLI_LINE_H
#define KAYOI_CLI_LINE_H

#include "config.h"

#define KY_LINE_BYTES 1024

/* What the result before this one says of people 65+ and gaps; KY_NULL: unknown. */
typedef struct ky_line_before {
  const char *published; /* when; NULL: not known */
  int64_t covered_65, pop_65, gaps;
} ky_line_before;

/* "kayoi 益城町: published: 62.3 % ...". name: of the municipality, or of the configuration. */
void ky_line_published(char *line, const char *name, const char *out_dir, const ky_job *job, const ky_result *result,
                       const ky_line_before *before);
void ky_line_unchanged(char *line, const char *name, const char *out_dir, const ky_line_before *before);
/* message: why, perhaps of several lines; NULL: the kind of failure says all. */
void ky_line_failed(char *line, const char *name, ky_err err, const char *message);

#endif
