/* kayoi batch: many municipalities. */
#ifndef KAYOI_CLI_BATCH_H
#define KAYOI_CLI_BATCH_H

#include "cli_options.h"

/* The whole command; returns the exit status. */
int ky_batch_command(const ky_options *options);

#endif
