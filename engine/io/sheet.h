/* Spreadsheets (.xlsx, .ods) as text tables. */
#ifndef KAYOI_SHEET_H
#define KAYOI_SHEET_H

#include <kayoi/read.h>

/* Is the file a spreadsheet, by its first bytes and its name? A .csv that is one inside counts. */
bool ky_is_sheet(const char *vsi_path);

/* Writes the sheet that source->layer names, else the only one with rows, to a CSV in memory (UTF-8, every value as
 * text). *csv_path (keep arena) must be given to ky_sheet_release. *format: "XLSX" or "ODS". KY_E_INPUT: damaged, too
 * large, no such sheet, several sheets to choose from. */
ky_err ky_sheet_to_csv(ky_job *job, const ky_source *source, const char *vsi_path, const char **csv_path,
                       const char **format);
typedef struct ky_sheet_name {
  const char *name;
  bool has_rows; /* under a header */
} ky_sheet_name;

/* All sheets of the file (keep arena). Fails as ky_sheet_to_csv does. */
ky_err ky_sheet_names(ky_job *job, const ky_source *source, const char *vsi_path, ky_sheet_name **names,
                      uint32_t *count, const char **format);
void ky_sheet_release(const char *csv_path);

#endif
