/* kayoi db migrate, kayoi db status. */
#ifndef KAYOI_CLI_DB_H
#define KAYOI_CLI_DB_H

#include "cli_options.h"

/* Exit status of the program. */
int ky_db(const ky_options *options);

#endif
