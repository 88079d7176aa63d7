/* kayoi diff: what changed between two runs. */
#ifndef KAYOI_CLI_DIFF_H
#define KAYOI_CLI_DIFF_H

#include <kayoi/changes.h>
#include <stdio.h>

#include "cli_options.h"

/* The whole command; returns the program's exit status. */
int ky_diff(const ky_options *options);
/* For planners: definitions that differ first, then numbers, venues, gaps, zones. */
void ky_diff_text(FILE *out, const ky_run_changes *diff);
/* The same as one JSON document; every change is in it. */
void ky_diff_json(FILE *out, const ky_run_changes *diff);

#endif
