/* Riders of stations: KSJ S12 has four columns for every year from 2011 - where the number stands (1 here, 2 with
 * another line of the station, 3 no station), whether there is one (1 yes, 2 no, 3 not published, 4 no station), a
 * note, the number per day. */
#ifndef KAYOI_STATION_RIDERS_H
#define KAYOI_STATION_RIDERS_H

#include <kayoi/read.h>

/* The newest known number of every record, and its year; NULL where none. Records that are no station in the newest
 * year of the file are left out of the raw, and counted in an issue. Does nothing to other layers. */
ky_err ky_station_riders(ky_job *job, ky_raw *raw, ky_raw_column *riders, ky_raw_column *year);

#endif
