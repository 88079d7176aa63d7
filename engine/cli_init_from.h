/* kayoi init DIR --from FOLDER: what lies in a folder, what a run would use of it, and a config that names it. */
#ifndef KAYOI_CLI_INIT_FROM_H
#define KAYOI_CLI_INIT_FROM_H

#include <stdio.h>

#include "io/recognise.h"

/* One file, or one member of a zip, or one layer of a file with several. */
typedef struct ky_found {
  const char *path;    /* to open it */
  const char *shown;   /* relative to FOLDER: for lists */
  const char *written; /* relative to DIR: for the config; NULL: its name cannot be written there */
  const char *layer;   /* NULL: the only one */
  ky_recognised file;
  ky_file_use use;
  const char *reason; /* why it is not used, or what has to be decided; NULL */
} ky_found;

typedef struct ky_findings {
  ky_found *rows; /* malloc; grows */
  uint32_t count, capacity;
  const char *municipality_name, *municipality_code; /* NULL: nothing tells them */
} ky_findings;

/* A new row (keep arena texts); NULL: memory is out, recorded in the job. */
ky_found *ky_findings_add(ky_job *job, ky_findings *findings, const char *path, const char *shown);

/* Walks the folder: sorted, at most 8 deep, no hidden files, no links to folders. What is not looked at has a row with
 * its reason. shown: how lists name the folder, "" for not at all. KY_E_INPUT when the folder cannot be opened. */
ky_err ky_findings_walk(ky_job *job, const char *folder, const char *shown, ky_findings *findings);
/* Recognises every row; zips and files with several layers become a row for each. */
ky_err ky_findings_recognise(ky_job *job, ky_findings *findings);
/* Settles use and reason of a row by what its file is. */
void ky_finding_settle(ky_found *row);
/* The same for every row, then what follows from all of them together, and the municipality. */
void ky_findings_choose(ky_findings *findings);
/* The commented config; paths relative to DIR are made from the real paths of both. */
ky_err ky_findings_write(ky_job *job, const char *dir, const char *folder, ky_findings *findings, FILE *out);
/* What is used, what waits for a decision, what is left out and why, what is still needed. */
void ky_findings_report(FILE *out, const ky_findings *findings);

/* Rows of a role with that use. */
uint32_t ky_findings_count(const ky_findings *findings, ky_role role, ky_file_use use);

/* The workbook that the config uses; NULL: none in the folder. */
const ky_found *ky_findings_workbook(const ky_findings *findings);

/* The whole command. Writes a new workbook unless the folder holds one. */
ky_err ky_init_from(ky_job *job, const char *dir, const char *folder, ky_findings *findings);

#endif
