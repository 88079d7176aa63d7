/* Bus routes of KSJ N07 in one form. 2011: 001 kind, 002 operator, 003 route, 004 trips on a weekday, 005 Saturday, 006
 * Sunday, 007 note; 999.9 trips mean unknown. 2022: 001 operator, 002 note, and nothing about trips. */
#ifndef KAYOI_BUS_ROUTES_H
#define KAYOI_BUS_ROUTES_H

#include <kayoi/read.h>

/* Leaves the columns kind, operator, operator_key, route, route_key and weekday (thousandths of trips as text; NULL
 * unknown), says the vintage in the format, and reports routes whose trips are unknown. */
ky_err ky_bus_routes(ky_job *job, ky_raw *raw);

#endif
