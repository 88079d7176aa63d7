/* kayoi compare: several municipalities side by side. */
#ifndef KAYOI_CLI_COMPARE_H
#define KAYOI_CLI_COMPARE_H

#include "cli_options.h"

/* The whole command; returns the exit status. */
int ky_compare_show(const ky_options *options);

#endif
