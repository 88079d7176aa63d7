/* Stops: poles of feeds and records of stop layers as the places people know by one name. */
#ifndef KAYOI_STOPS_H
#define KAYOI_STOPS_H

#include <kayoi/place.h>

/* In the order of source and id, whatever the order in the config. */
typedef struct ky_stops {
  uint32_t count;
  const char **id; /* of its station, else the lowest id of its poles; unique within a source */
  const char **name, **source, **kind, **routes, **operator_name; /* lists are joined by "; "; NULL unknown */
  const char **pole_ids, **also_in, **date;
  uint32_t *pole_count;
  int64_t *trips_weekday, *trips_venue_hours, *trips_demand; /* KY_NULL unknown */
  const char **trips_source; /* feed, n07, n07_near (core/stops_trips.h); NULL: trips are unknown */
  int64_t *riders;           /* of a station per day; KY_NULL unknown */
  const char **riders_year;
  int8_t *is_demand_bus; /* 1: served on request only, -1 unknown */
  uint32_t *row;         /* ledger row (place.h); KY_NONE without a place */
  ky_shapes shapes;      /* points; a stop without coordinates has none */
  uint32_t **feed_stop;  /* [feeds][poles of the feed] stop of the pole, KY_NONE: none */
  /* routes with known weekday trips at stops without a timetable; first_line NULL: no data of bus routes */
  uint32_t line_count;
  uint32_t *first_line, *line; /* [count + 1]; lines of each stop, ascending */
  int64_t *line_trips_milli;   /* [line_count] on a weekday, thousandths */
} ky_stops;

/* Groups poles within each source: by their station, else by name (attribute name_key) and distance. Stops that two
 * sources share are reported and named in also_in, never merged: each keeps its own counts. */
ky_err ky_stops_build(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_transit_opts *opts,
                      ky_stops *out);

#endif
