/* kayoi init: a new project folder. */
#ifndef KAYOI_CLI_INIT_H
#define KAYOI_CLI_INIT_H

#include <kayoi/job.h>
#include <stdio.h>

/* DIR, DIR/data for the user's files, DIR/kayoi.yaml, which must not exist yet, and the workbook. */
ky_err ky_init_project(ky_job *job, const char *folder);

/* DIR/kayoi.xlsx, empty, unless it is there. */
ky_err ky_init_workbook(ky_job *job, const char *folder);

/* A new kayoi.yaml while it is written. */
typedef struct ky_init_file {
  const char *path;
  FILE *stream;
} ky_init_file;

/* Makes the folder and the file in it; a file that exists is left as it is (KY_E_OUTPUT). */
ky_err ky_init_open(ky_job *job, const char *folder, ky_init_file *out);
/* Closes it; after a failure (err, or of the writing) it is removed. */
ky_err ky_init_close(ky_job *job, ky_init_file *file, ky_err err);

#endif
