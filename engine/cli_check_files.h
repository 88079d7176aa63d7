/* kayoi check FILE...: what files of data are, before any configuration names them. */
#ifndef KAYOI_CLI_CHECK_FILES_H
#define KAYOI_CLI_CHECK_FILES_H

#include <kayoi/job.h>

#include "cli_options.h"

/* Are the operands files or folders of data, and not one configuration? A configuration is named .yaml or .yml, has no
 * extension, or says `municipality:` near its beginning. */
bool ky_operands_are_data(const ky_options *options);

/* Looks at each file as `kayoi init --from` does, reads it in the role of what it is, and reports on stdout. Returns
 * the exit status: that of the first file that cannot be read. */
int ky_check_files(const ky_options *options, ky_interrupt *interrupt);

#endif
