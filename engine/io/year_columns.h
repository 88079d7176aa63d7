/* Columns that hold a year in their name: which are wanted, and what follows from several of them. */
#ifndef KAYOI_YEAR_COLUMNS_H
#define KAYOI_YEAR_COLUMNS_H

#include "io/role_columns.h"

/* Year at the end of an attribute's name ("pop_65_2030"); 0: none. */
int ky_attribute_year(const char *attribute);
/* Leaves the picks of the years that the source asks for. KY_E_INPUT, with the years that are there, when it asks for
 * none of them. */
ky_err ky_year_picks(ky_job *job, const ky_source *source, ky_picks *picks);
/* Residents that name no year, from columns that are all of some year: KY_E_INPUT with the years. */
ky_err ky_year_needed(ky_job *job, const ky_source *source, const char *const *names, uint32_t count,
                      const ky_picks *picks);
/* After reading: people 85 and over from the classes above 85 (KSJ has no column for them). Residents of one year: the
 * attributes lose their year. */
ky_err ky_year_columns(ky_job *job, ky_raw *raw);

#endif
