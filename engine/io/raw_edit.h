/* Changes of sources that were read: records taken out, a column put in. */
#ifndef KAYOI_RAW_EDIT_H
#define KAYOI_RAW_EDIT_H

#include <kayoi/read.h>

/* Keeps the records (or, where place_only, just their places) that keep[] allows. */
void ky_raw_keep(const bool *keep, bool place_only, ky_raw *raw);

/* The values of an attribute to be written, those of the source or a new column of nulls; column: where the attribute
 * comes from, for reports. */
ky_err ky_raw_set_column(ky_job *job, ky_raw *raw, const char *attribute, const char *column, const char ***value);

#endif
