/* Beside room 7, transit supply: which stop is near, how much leaves there, and which venues a ride without a change
 * reaches and brings back from (method.md 8, rule 2). Null, never "no bus", where no transit source is given.
 *
 * What can be reached is known per stop: from there to a venue and back to the same stop, on the same day of the week.
 * A home has the best of the stops within its reach. Demand buses are counted apart and are no supply. */
#ifndef KAYOI_SUPPLY_H
#define KAYOI_SUPPLY_H

#include <kayoi/gaps.h>
#include <kayoi/stops.h>

typedef struct ky_supply_opts {
  uint32_t stop_mm, station_mm; /* walk to a stop, to a railway station: 300 m, 800 m */
  uint32_t departures;          /* needed each way in the hours of venues: 2 */
  uint32_t wait_min;            /* around a session whose hours are known: 60 */
  uint32_t poor_below;          /* departures on a weekday below which supply is poor: 20 */
  int64_t route_trips_milli; /* weekday trips of a route without a timetable that stand for the needed departures: 8 */
  uint32_t from_s, to_s;     /* hours of venues, both ends included */
  int64_t speed_mm_per_min;  /* walking */
  const ky_network_opts *snap;
} ky_supply_opts;

typedef enum ky_supply_class {
  KY_SUPPLY_BLANK, /* no stop within reach: 交通空白 */
  KY_SUPPLY_POOR,  /* fewer departures than asked for: 交通不便 */
  KY_SUPPLY_OK,
  KY_SUPPLY_UNKNOWN, /* trips of the stops in reach are unknown, or the roads are */
  KY_SUPPLY_CLASS_COUNT
} ky_supply_class;
const char *ky_supply_class_name(ky_supply_class class); /* "blank"; NULL for unknown */

/* When venues meet, as far as their texts say it. (engine/io/session_times.c) */
typedef struct ky_sessions {
  uint8_t *days;          /* [venues] bit 0 Monday ... bit 6 Sunday; 0 unknown */
  int32_t *from_s, *to_s; /* [venues] KY_NO_TIME unknown */
} ky_sessions;
ky_err ky_sessions_read(ky_job *job, const ky_venues *venues, ky_sessions *out);

#define KY_WEEK_DAYS 7
/* Bits of Monday to Friday. */
#define KY_WORK_DAYS 0x1Fu

/* What leaves each stop, and where it leads. [stops] */
typedef struct ky_stop_supply {
  ky_anchors anchors;
  int8_t *use;                    /* 1: something leaves there, or its trips are unknown */
  int8_t *is_demand;              /* 1: served on request, too or only */
  int64_t *departures;            /* of Mondays to Fridays the day with most; KY_NULL unknown */
  uint8_t *days;                  /* bits of the days of the week on which something leaves; 0 unknown or none */
  int8_t *reaches;                /* 1: rule 2 holds from here, 0: not, -1: cannot be known */
  uint8_t *rule_days;             /* bits of the days on which it holds */
  uint32_t *venue;                /* to which most leads, both ways counted; KY_NONE */
  uint32_t *to, *back;            /* [stops * 7] departures there and back by day; KY_NONE unknown */
  int64_t *line_trips_milli;      /* of routes without a timetable to that venue, per weekday; KY_NULL: by timetable */
  uint32_t *first_venue, *venues; /* [stops + 1]; venues for which rule 2 holds, ascending */
} ky_stop_supply;

typedef struct ky_supply {
  ky_stop_supply stop;
  /* per point */
  uint32_t point_count;
  uint32_t *nearest_mm, *nearest; /* walk to the nearest stop in use, however far; KY_NONE */
  uint32_t *best;                 /* stop within reach that leads farthest, else that has most departures; KY_NONE */
  uint32_t *best_mm;              /* walk to it */
  int64_t *departures;            /* of the stop within reach that has most; 0 without one, KY_NULL unknown */
  uint8_t *class;                 /* ky_supply_class */
  int8_t *by_bus;                 /* rule 2: 1 holds, 0 does not, -1 cannot be known */
  uint32_t *venues;               /* for which it holds */
  int8_t *has_demand;             /* a stop of a demand bus within reach */
  /* per cell, over its points by weight_um; people 65+ in thousandths, KY_NULL where the cell's are */
  uint32_t *cell_mm, *cell_stop; /* median walk; the nearest of most weight */
  uint8_t *cell_class;           /* of most weight */
  uint32_t *cell_departures;     /* median; KY_NONE unknown */
  uint32_t *cell_venues;         /* median */
  int64_t *cell_by_bus, *cell_demand;
  /* per ledger row, people 65+ in thousandths */
  int64_t *row_class[KY_SUPPLY_CLASS_COUNT];
  int64_t *row_by_bus, *row_demand;
  /* per gap area; NULL before ky_supply_gaps */
  uint8_t *gap_class;               /* of most people 65+ */
  uint32_t *gap_mm;                 /* median walk to the nearest stop */
  uint32_t *gap_stop;               /* best stop of most people 65+, else their nearest; KY_NONE */
  int8_t *gap_in_reach;             /* that stop is within reach */
  uint32_t *gap_venues;             /* median */
  int64_t *gap_by_bus, *gap_demand; /* people 65+ */
} ky_supply;

typedef struct ky_supply_in {
  const ky_inputs *inputs; /* feeds */
  const ky_stops *stops;
  const ky_network *network;
  const ky_contraction *contraction;
  const ky_cells *cells;
  const ky_points *points;
  const ky_zones *zones;
  const ky_anchors *point_anchors;
  const ky_venues *venues;
  const ky_anchors *venue_anchors;
  const ky_sessions *sessions;
  const ky_coverage *coverage;
} ky_supply_in;

ky_err ky_supply_build(ky_job *job, const ky_supply_in *in, const ky_supply_opts *opts, ky_supply *out);
/* Sums of cells and rows once more, for other people in the same places. */
ky_err ky_supply_sums(ky_job *job, const ky_supply_in *in, ky_supply *out);
ky_err ky_supply_gaps(ky_job *job, const ky_supply_in *in, const ky_gaps *gaps, ky_supply *out);

#endif
