/* OpenDocument spreadsheets as GDAL can read them. */
#ifndef KAYOI_SHEET_ODS_H
#define KAYOI_SHEET_ODS_H

#include <kayoi/job.h>

/* GDAL takes the text of a note for part of its cell's text: makes `plain`, a copy of the file without notes. *is_made:
 * false when it has none. Both paths are in memory (/vsimem/). */
ky_err ky_ods_without_notes(ky_job *job, const char *ods, const char *plain, bool *is_made);

#endif
