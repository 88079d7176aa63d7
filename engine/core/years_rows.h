/* Sums of further years by row of the ledger. */
#ifndef KAYOI_YEARS_ROWS_H
#define KAYOI_YEARS_ROWS_H

#include <kayoi/years.h>

/* Measure of the residents that the band is; KY_MEASURE_COUNT: none. */
int ky_year_measure(ky_year_band band);
/* Fills row_people and row_without_65 of every year. Cells must be placed. */
ky_err ky_years_rows(ky_job *job, const ky_zones *zones, ky_years *years);

#endif
