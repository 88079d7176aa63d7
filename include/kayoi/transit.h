/* Transit inputs: what a timetable feed (GTFS, GTFS-JP) says about its stops, counted while it is read.
 *
 * Days are counted from 1970-01-01, so that 0 can mean "none": no feed is that old. Times are seconds from the start of
 * the service day and may pass 24 hours: 25:10:00 is ten past one in the night after it. */
#ifndef KAYOI_TRANSIT_H
#define KAYOI_TRANSIT_H

#include <kayoi/job.h>

#define KY_NO_DAY 0

typedef struct ky_transit_opts {
  int32_t weekday;       /* the day whose trips are counted; KY_NO_DAY: chosen (core/service_days.h) */
  uint32_t from_s, to_s; /* hours of venues: departures at both ends count */
  double group_m;        /* poles of one name nearer than this are one stop; 0: every pole is a stop */
  double route_m;        /* a bus route that passes nearer than this serves a stop that names none of its routes */
  double overlap_m;      /* stops of one name in two sources nearer than this are reported */
} ky_transit_opts;

/* Kinds of stops, in the order in which a stop that is of several lists them. */
#define KY_STOP_KINDS(X)                    \
  X(KY_STOP_BUS, "bus")                     \
  X(KY_STOP_COMMUNITY_BUS, "community_bus") \
  X(KY_STOP_DEMAND_BUS, "demand_bus")       \
  X(KY_STOP_TRAM, "tram")                   \
  X(KY_STOP_RAIL, "rail")                   \
  X(KY_STOP_FERRY, "ferry")                 \
  X(KY_STOP_OTHER, "other")

typedef enum ky_stop_kind {
#define KY_X(name, text) name,
  KY_STOP_KINDS(KY_X)
#undef KY_X
      KY_STOP_KIND_COUNT
} ky_stop_kind;

const char *ky_stop_kind_name(ky_stop_kind kind);

typedef struct ky_route {
  const char *name;          /* short name, else long name, else id */
  const char *operator_name; /* NULL unknown */
  ky_stop_kind kind;
} ky_route;

/* Bits of ky_feed.served: by whom a pole is ever served, on any day. */
#define KY_SERVED_REGULAR 1u
#define KY_SERVED_DEMAND  2u

#define KY_NO_TIME INT32_MIN

/* Bits of ky_timetable.call_may: what a trip lets people do at a stop. */
#define KY_MAY_BOARD  1u
#define KY_MAY_ALIGHT 2u

/* One trip; with a headway, several after each other. */
typedef struct ky_trip_run {
  uint32_t first_time; /* its times stand at [first_time + place of the call in the pattern] */
  uint32_t count;      /* it runs this often, headway_s apart */
  int32_t start_s;     /* what is added to its times; 0 without a headway */
  int32_t headway_s;
  uint8_t days; /* bit 0 Monday ... bit 6 Sunday */
} ky_trip_run;

/* Which trips call where, in their order: patterns are trips that call at the same poles in the same way. Trips on
 * request only are not among them, nor those that run on none of the seven days. */
typedef struct ky_timetable {
  int32_t day[7]; /* the day that stands for each day of the week; KY_NO_DAY: none */
  uint32_t pattern_count;
  uint32_t *first_call; /* [patterns + 1] */
  uint32_t *call_pole;  /* record of the feed's ky_raw */
  uint8_t *call_may;    /* KY_MAY_... */
  uint32_t *first_run;  /* [patterns + 1] */
  ky_trip_run *run;
  int32_t *leave_s, *arrive_s; /* KY_NO_TIME unknown */
} ky_timetable;

struct ky_feed_reading;

/* One feed. Its poles are the records of the ky_raw that holds it: [poles] is [raw->count]. */
typedef struct ky_feed {
  struct ky_feed_reading *reading; /* only inside the read room (io/gtfs_feed.h); NULL after it */
  int32_t first_day, last_day;     /* validity; KY_NO_DAY when no service has a date */
  int32_t day;                     /* the day counted; KY_NO_DAY: none, then departures are unknown */
  uint32_t trip_count, day_trip_count;
  uint64_t stop_time_count;
  uint32_t route_count;
  ky_route *routes;
  int64_t *departures;        /* [poles] on that day, demand trips not among them */
  int64_t *departures_hours;  /* [poles] of them within the hours of venues */
  int64_t *departures_demand; /* [poles] of trips that run on request only */
  uint8_t *served;            /* [poles] KY_SERVED_... */
  uint32_t *first_call;       /* [poles + 1] into call_route */
  uint32_t *call_route;       /* routes that take people there on any day, ascending */
  ky_timetable timetable;     /* empty when day is KY_NO_DAY */
} ky_feed;

/* Day of a date; KY_NO_DAY when there is no such date between 1980 and 2200. */
int32_t ky_day_of(int year, int month, int day_of_month);
/* "2026-05-13" into a buffer of 16 bytes, "-" for KY_NO_DAY; returns the buffer. */
const char *ky_day_text(char *buffer, int32_t day);
/* 0 Monday ... 6 Sunday. */
int ky_day_weekday(int32_t day);

#endif
