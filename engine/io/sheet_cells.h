/* What a spreadsheet's own file says about its cells and no table of values shows. */
#ifndef KAYOI_SHEET_CELLS_H
#define KAYOI_SHEET_CELLS_H

#include <kayoi/read.h>

/* Reports merged cells under the header, formulas without a result and formulas that ended in an error. xlsx: path that
 * GDAL can open; sheet: its place among the sheets. Sheets of other formats, and of more than 64 MB, are not looked at.
 */
ky_err ky_sheet_cells_check(ky_job *job, const ky_source *source, const char *xlsx, int sheet);

#endif
