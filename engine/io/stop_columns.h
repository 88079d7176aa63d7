/* Columns of stops in one form, whatever the file calls them. */
#ifndef KAYOI_STOP_COLUMNS_H
#define KAYOI_STOP_COLUMNS_H

#include <kayoi/read.h>

/* Feeds and stop layers: adds `name_key`, the name as it is compared. Stop layers: recognises the vintage of KSJ P11
 * (by its columns) and N02, folds their numbered columns into `operator`, `routes` and `kind` (codes of ky_stop_kind,
 * lists joined by "; "), and makes a point of a station's line. */
ky_err ky_stop_columns(ky_job *job, ky_raw *raw);

#endif
