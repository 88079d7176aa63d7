/* kayoi init: a new project folder. */
#ifndef KAYOI_CLI_INIT_H
#define KAYOI_CLI_INIT_H

#include <kayoi/job.h>

/* DIR, DIR/data for the user's files, and DIR/kayoi.yaml, which must not exist yet. */
ky_err ky_init_project(ky_job *job, const char *folder);

#endif
