/* The section `transit`: its fields, and the dates and hours in it. */
#include <stdio.h>
#include <string.h>

#include "config_reader.h"

#define AT(member) offsetof(ky_config, member)
#define ASSUMPTION KY_MSG("assumption")
#define METHOD     KY_MSG("method of kayoi")

const ky_config_field ky_transit_fields[KY_TRANSIT_FIELD_COUNT] = {
    {.key = "feeds",
     .type = KY_FIELD_SOURCES,
     .min = 1,
     .role = KY_ROLE_FEEDS,
     .example = "\n  - path: data/bus.gtfs.zip",
     .help = KY_MSG("Timetables: GTFS or GTFS-JP zips, one for each operator.")},
    {.key = "stops",
     .type = KY_FIELD_SOURCES,
     .min = 1,
     .role = KY_ROLE_STOPS,
     .example = "\n  - path: data/P11-22_46_SHP.zip",
     .help =
         KY_MSG("Stops without a timetable: bus stops of KSJ (P11, 2022 or older), stations (N02, with riders S12), "
                "any layer of points.")},
    {.key = "routes",
     .type = KY_FIELD_SOURCES,
     .min = 1,
     .role = KY_ROLE_BUS_ROUTES,
     .example = "\n  - path: data/N07-11_46_GML.zip",
     .help = KY_MSG("Bus routes with their trips on a weekday (KSJ N07 of 2011), for the stops without a timetable.")},
    {.key = "route_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = AT(read.transit.route_m),
     .decimals = 3,
     .min = 0,
     .max = 500000,
     .standard = "50",
     .origin = ASSUMPTION,
     .help =
         KY_MSG("A stop that names no route of the routes' data is served by the routes that pass nearer than this.")},
    {.key = "weekday",
     .type = KY_FIELD_DATE,
     .store = KY_STORE_INT,
     .offset = AT(read.transit.weekday),
     .origin = METHOD,
     .example = " 2026-05-13",
     .help = KY_MSG("The day whose trips are counted, a Monday to Friday that is no holiday. Left out: among the "
                    "Wednesdays of the first eight weeks in which all feeds hold, the one with most trips.")},
    {.key = "hours",
     .type = KY_FIELD_HOURS,
     .store = KY_STORE_U32,
     .offset = AT(read.transit.from_s),
     .standard = "[9:00, 16:00]",
     .origin = METHOD,
     .help = KY_MSG("Departures in these hours, both ends included, are counted apart.")},
    {.key = "group_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = AT(read.transit.group_m),
     .decimals = 3,
     .min = 0,
     .max = 2000000,
     .standard = "200",
     .origin = ASSUMPTION,
     .help =
         KY_MSG("Poles of one source with the same name that are nearer than this are one stop. 0: each is its own.")},
    {.key = "overlap_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = AT(read.transit.overlap_m),
     .decimals = 3,
     .min = 0,
     .max = 2000000,
     .standard = "50",
     .origin = ASSUMPTION,
     .help = KY_MSG("Stops of two sources with the same name that are nearer than this are reported, never merged.")},
    {.key = "stop_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(supply.stop_mm),
     .decimals = 3,
     .min = 1000,
     .max = 5000000,
     .standard = "300",
     .origin = METHOD,
     .help = KY_MSG("How far people walk to a stop, and from a stop to a venue; farther from every stop is a transit "
                    "blank.")},
    {.key = "station_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(supply.station_mm),
     .decimals = 3,
     .min = 1000,
     .max = 5000000,
     .standard = "800",
     .origin = KY_MSG("in official use beside 300 m to a stop"),
     .help = KY_MSG("The same for railway stations; 500 m and 1,000 m, or 300 m and 600 m, are in official use too.")},
    {.key = "departures",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(supply.departures),
     .decimals = 0,
     .min = 1,
     .max = 1000,
     .standard = "2",
     .origin = METHOD,
     .help = KY_MSG("Departures each way, in the hours above and on one day of the week, with which a venue can be "
                    "reached by bus.")},
    {.key = "wait_min",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(supply.wait_min),
     .decimals = 0,
     .min = 0,
     .max = 1440,
     .standard = "60",
     .origin = ASSUMPTION,
     .help = KY_MSG("Where the hours of a session are known, one ride that arrives at most this many minutes before it "
                    "and one that leaves at most as many after it are enough.")},
    {.key = "poor_below",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(supply.poor_below),
     .decimals = 0,
     .min = 0,
     .max = 100000,
     .standard = "20",
     .origin = ASSUMPTION,
     .help = KY_MSG("Fewer departures than this on a weekday, both directions together, from the best stop in reach "
                    "are poor supply.")},
    {.key = "route_trips",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(supply.route_trips_milli),
     .decimals = 3,
     .min = 0,
     .max = 100000000,
     .standard = "8",
     .origin = ASSUMPTION,
     .help = KY_MSG("Weekday trips of a route without a timetable that are taken for 2 departures each way in the "
                    "hours of venues: both directions counted together, half of them in these hours. 0: never.")},
};

/* Digits of exactly this many places; -1 when they are not there. */
static int take_digits(const char **at, int places) {
  int value = 0;
  for (int i = 0; i < places; i++, ++*at) {
    if (**at < '0' || **at > '9') return -1;
    value = value * 10 + (**at - '0');
  }
  return value;
}

void ky_config_read_date(ky_config_reader *reader, const ky_config_field *field, const char *name,
                         const yaml_node_t *node) {
  const char *text;
  if (!ky_yaml_text(&reader->problems, node, name, &text)) return;
  const char *at = text;
  const int year = take_digits(&at, 4), month = year >= 0 && *at++ == '-' ? take_digits(&at, 2) : -1;
  const int day = month >= 0 && *at++ == '-' ? take_digits(&at, 2) : -1;
  const int32_t number = day >= 0 && *at == '\0' ? ky_day_of(year, month, day) : KY_NO_DAY;
  if (number == KY_NO_DAY)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: '%.40s' is no date; write it as 2026-05-13"), name,
                   text);
  else if (ky_day_weekday(number) > 4)
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: %s is a Saturday or Sunday; choose a weekday"), name,
                   text);
  else
    *(int32_t *)(void *)((char *)reader->config + field->offset) = number;
}

/* "9:00" or "09:00" as seconds; UINT32_MAX when it is neither. */
static uint32_t seconds_of(const char *text) {
  const char *at = text;
  const int places = text[0] != '\0' && text[1] == ':' ? 1 : 2;
  const int hours = take_digits(&at, places), minutes = hours >= 0 && *at++ == ':' ? take_digits(&at, 2) : -1;
  if (minutes < 0 || minutes > 59 || *at != '\0' || hours * 60 + minutes > 24 * 60) return UINT32_MAX;
  return (uint32_t)(hours * 60 + minutes) * 60;
}

void ky_config_read_hours(ky_config_reader *reader, const ky_config_field *field, const char *name,
                          const yaml_node_t *node) {
  uint32_t *hours = (uint32_t *)(void *)((char *)reader->config + field->offset);
  if (node->type != YAML_SEQUENCE_NODE || node->data.sequence.items.top - node->data.sequence.items.start != 2) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a list is needed here, e.g. %s"), name,
                   "[9:00, 16:00]");
    return;
  }
  for (size_t i = 0; i < 2; i++) {
    const yaml_node_t *item = yaml_document_get_node(reader->document, node->data.sequence.items.start[i]);
    const char *item_name = ky_config_item_name(reader, name, i), *text;
    if (!ky_yaml_text(&reader->problems, item, item_name, &text)) return;
    hours[i] = seconds_of(text);
    if (hours[i] != UINT32_MAX) continue;
    ky_problem_add(&reader->problems, item->start_mark, ky_tr("%s: '%.40s' is no time of day; write it as 9:00"),
                   item_name, text);
    return;
  }
  if (hours[0] >= hours[1])
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: ends before it begins; write it as %s"), name,
                   "[9:00, 16:00]");
}

void ky_config_set_hours(ky_config_reader *reader, const ky_config_field *field) {
  uint32_t *hours = (uint32_t *)(void *)((char *)reader->config + field->offset);
  unsigned from = 0, to = 0;
  if (sscanf(field->standard, "[%u:00, %u:00]", &from, &to) == 2) {
    hours[0] = from * 3600;
    hours[1] = to * 3600;
  }
}

void ky_config_transit_text(const ky_config_field *field, const ky_config *config, char *text) {
  const char *member = (const char *)config + field->offset;
  if (field->type == KY_FIELD_DATE) {
    const int32_t day = *(const int32_t *)(const void *)member;
    char number[16];
    snprintf(text, 32, "%s", day == KY_NO_DAY ? "auto" : ky_day_text(number, day));
    return;
  }
  const uint32_t *hours = (const uint32_t *)(const void *)member;
  snprintf(text, 32, "%u:%02u, %u:%02u", hours[0] / 3600 % 100, hours[0] / 60 % 60, hours[1] / 3600 % 100,
           hours[1] / 60 % 60);
}
