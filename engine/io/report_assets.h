/* The page's own files: made at build, found at run time beside the program, as the catalogue of messages is. */
#ifndef KAYOI_REPORT_ASSETS_H
#define KAYOI_REPORT_ASSETS_H

#include <kayoi/job.h>

/* The folder that holds index.html (scratch); NULL: this program came without it. */
const char *ky_report_assets_find(ky_job *job);

/* Copies its files into a folder that is there. origin: a site that the pages may ask for background tiles
 * ("https://tiles.example.jp"); NULL: none. */
ky_err ky_report_assets_copy(ky_job *job, const char *assets, const char *origin, const char *folder);

#endif
