/* Open-data standards may begin every column with what the list is of: 教育機関_学校名, 教育機関_緯度. */
#ifndef KAYOI_COLUMN_PREFIX_H
#define KAYOI_COLUMN_PREFIX_H

#include <kayoi/job.h>

/* Names without the beginning that the only pair of coordinates has, else the first column ("教育機関_"; Japanese, so
 * that P05_001 stays whole): (*out)[i] points into names[i], NULL for a column that does not begin so. Entries of names
 * may be NULL. Scratch arena. */
ky_err ky_columns_plain(ky_job *job, const char *const *names, uint32_t count, const char ***out);

#endif
