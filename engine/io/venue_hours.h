/* Opening hours of the national open data: eight columns become one text. */
#ifndef KAYOI_VENUE_HOURS_H
#define KAYOI_VENUE_HOURS_H

#include <kayoi/read.h>

/* Adds the column `hours` ("平日 10:00-12:00 土曜 13:00-15:00") to venues that have the eight columns and none of it.
 */
ky_err ky_venue_hours(ky_job *job, ky_raw *raw);

#endif
