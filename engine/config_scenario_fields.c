/* What a scenario may say, and the template that `kayoi help scenario` prints. */
#include <stdio.h>

#include "config_profiles.h"
#include "config_scenario_fields.h"
#include "io/role_years.h"

#define COUNT(array)  ((uint32_t)(sizeof(array) / sizeof *(array)))
#define AT(member)    offsetof(ky_scenario_draft, member)
#define IN(member)    offsetof(ky_scenario_venue_draft, member)
#define OF(member)    offsetof(ky_zone_fact, member)
#define PICO_DEGREE   INT64_C(1000000000000) /* as many decimals as a double of degrees tells apart */
#define PICO_DECIMALS 12
#define MICRO         INT64_C(1000000)

const ky_config_field ky_scenario_fields[] = {
    {.key = "name",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = AT(name),
     .is_required = true,
     .example = " 東部に1か所",
     .help = KY_MSG("Name of the scenario; its folder is named after it.")},
    {.key = "adds",
     .type = KY_FIELD_NODE,
     .offset = AT(adds),
     .example =
         "\n  - {name: 東町公民館, lon: 130.7, lat: 32.8, capacity: 20, sessions_per_month: 4, resident_led: true}"
         "\n  - {name: 駅前の空き家, at: s001234, participants: 15}",
     .help = KY_MSG("Venues that open: at a longitude and latitude, at x and y (of a crs), or at a site of the run.")},
    {.key = "closes",
     .type = KY_FIELD_NODE,
     .offset = AT(closes),
     .example = " [V012, 中央サロン]",
     .help = KY_MSG("Venues that end, by venue_id, or by a name that only one venue has.")},
    {.key = "moves",
     .type = KY_FIELD_NODE,
     .offset = AT(moves),
     .example = "\n  - {venue: V004, lon: 130.71, lat: 32.81}",
     .help = KY_MSG("Venues that move to another place.")},
    {.key = "changes",
     .type = KY_FIELD_NODE,
     .offset = AT(changes),
     .example = "\n  - {venue: V005, capacity: 30, sessions_per_month: 8, status: 再開}",
     .help = KY_MSG("Venues of which something changes.")},
    {.key = "year",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_INT,
     .offset = AT(year),
     .min = KY_YEAR_FIRST,
     .max = KY_YEAR_LAST,
     .example = " 2040",
     .help =
         KY_MSG("People of another year, one of years.sources. The resident register is of today and is left out.")},
    {.key = "rate",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(rate),
     .decimals = 6,
     .min = 1,
     .max = KY_WHOLE,
     .example = " 0.1",
     .help = KY_MSG("Another target rate, as a share; zones with a rate of their own keep it.")},
    {.key = "rate_basis",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = AT(rate_basis),
     .example = " 第10期計画の案",
     .help = KY_MSG("Why this rate. The text stands beside every target.")},
    {.key = "zones",
     .type = KY_FIELD_NODE,
     .offset = AT(zones),
     .example = "\n  - {zone: A, rate: 0.12, basis: 重点地区}",
     .help = KY_MSG("Target rates of zones.")},
    {.key = "profile",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = AT(profile),
     .example = " general",
     .help = KY_MSG("Who walks: elderly, general, short, or one of walk.profiles, with its own distance unless one is "
                    "given here.")},
    {.key = "primary_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(primary_mm),
     .decimals = 3,
     .min = 1000,
     .max = KY_REACH_MAX_MM,
     .example = " 400",
     .help = KY_MSG("The distance that decides who is covered.")},
    {.key = "primary_min",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(primary_milli_min),
     .decimals = 3,
     .min = 100,
     .max = KY_MINUTES_MAX_MILLI,
     .is_other_way = true,
     .help = KY_MSG("The same in minutes at the speed of the profile, in place of primary_m.")},
    {.key = "basis",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = AT(basis),
     .example = " 冬は400 mまで",
     .help = KY_MSG("Why this distance. The text stands beside the results.")},
    {.key = "layers",
     .type = KY_FIELD_NODE,
     .offset = AT(layers),
     .example = " [venues, zones, sites]",
     .help =
         KY_MSG("Layers of the scenario that are written, any of those of a run. Left out: these three, which cost "
                "little; gaps and mobility draw their areas anew, cells, streets and service_areas are large. [] for "
                "none: the tables that compare are always written.")},
};
const uint32_t ky_scenario_field_count = COUNT(ky_scenario_fields);

const ky_config_field ky_scenario_rate_fields[] = {
    {.key = "zone",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = OF(zone_id),
     .is_required = true,
     .help = KY_MSG("Id of the zone, or its name.")},
    {.key = "rate",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = OF(rate),
     .decimals = 6,
     .min = 1,
     .max = KY_WHOLE,
     .is_required = true,
     .help = KY_MSG("Its target rate, as a share.")},
    {.key = "basis",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = OF(basis),
     .help = KY_MSG("Why this rate. The text stands beside every target.")},
};
const uint32_t ky_scenario_rate_field_count = COUNT(ky_scenario_rate_fields);

const ky_config_field ky_scenario_which_fields[] = {
    {.key = "venue",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = IN(venue),
     .is_required = true,
     .help = KY_MSG("venue_id of the venue, or a name that only one has.")},
};
const uint32_t ky_scenario_which_field_count = COUNT(ky_scenario_which_fields);

const ky_config_field ky_scenario_place_fields[] = {
    {.key = "lon",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = IN(lon),
     .decimals = PICO_DECIMALS,
     .min = -180 * PICO_DEGREE,
     .max = 180 * PICO_DEGREE,
     .help = KY_MSG("Longitude, degrees.")},
    {.key = "lat",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = IN(lat),
     .decimals = PICO_DECIMALS,
     .min = -90 * PICO_DEGREE,
     .max = 90 * PICO_DEGREE,
     .help = KY_MSG("Latitude, degrees.")},
    {.key = "x",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = IN(x),
     .decimals = 6,
     .min = -100000000 * MICRO,
     .max = 100000000 * MICRO,
     .help = KY_MSG("Metres to the east.")},
    {.key = "y",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = IN(y),
     .decimals = 6,
     .min = -100000000 * MICRO,
     .max = 100000000 * MICRO,
     .help = KY_MSG("Metres to the north.")},
    {.key = "crs",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = IN(crs),
     .help = KY_MSG("CRS of the coordinates. Left out: JGD2011 for lon and lat, the plane of the run for x and y.")},
    {.key = "at",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = IN(at),
     .help = KY_MSG("Instead of coordinates: site_id of a site that the run proposes, or of any other candidate.")},
};
const uint32_t ky_scenario_place_field_count = COUNT(ky_scenario_place_fields);

const ky_config_field ky_scenario_new_fields[] = {
    {.key = "name",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = IN(text),
     .is_required = true,
     .help = KY_MSG("Its name.")},
    {.key = "id",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = IN(text),
     .help = KY_MSG("Its venue_id. Left out: the name.")},
};
const uint32_t ky_scenario_new_field_count = COUNT(ky_scenario_new_fields);

/* Attributes of venues with the same names as in the role `venues`. */
#define TEXT(name, words) \
  { .key = name, .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = IN(text), .help = words }
#define FLAG(name, words) \
  { .key = name, .type = KY_FIELD_FLAG, .store = KY_STORE_BOOL, .offset = IN(flag), .help = words }
#define NUMBER(name, places, most, words)                                                                  \
  {                                                                                                        \
    .key = name, .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = IN(number), .decimals = places, \
    .max = most, .help = words                                                                             \
  }

const ky_config_field ky_scenario_attribute_fields[] = {
    NUMBER("sessions_per_month", 3, 1000000, KY_MSG("Sessions per month.")),
    NUMBER("capacity", 0, 1000000, KY_MSG("Seats per session.")),
    NUMBER("participants", 0, 1000000, KY_MSG("Distinct participants in a month.")),
    NUMBER("participants_m", 0, 1000000, KY_MSG("Of them men.")),
    NUMBER("participants_f", 0, 1000000, KY_MSG("Of them women.")),
    NUMBER("participants_weekly", 0, 1000000, KY_MSG("Of them at least weekly.")),
    NUMBER("supporters", 0, 1000000, KY_MSG("People who carry it.")),
    FLAG("resident_led", KY_MSG("Whether residents run it.")),
    FLAG("publish", KY_MSG("Whether it may be shown to the public.")),
    TEXT("status", KY_MSG("Open or closed, in the words of a register: 活動中, 休止, 再開 ...")),
    TEXT("activity", KY_MSG("What people do there.")),
    TEXT("operator", KY_MSG("Who runs it.")),
    TEXT("weekday", KY_MSG("Days of the week.")),
    TEXT("hours", KY_MSG("Hours.")),
    TEXT("catchment", KY_MSG("Where those live whom it serves.")),
};
const uint32_t ky_scenario_attribute_field_count = COUNT(ky_scenario_attribute_fields);

void ky_scenario_example(void *stream) {
  FILE *out = stream;
  ky_config_example_text(out, 0,
                         ky_tr("Scenarios for: kayoi run kayoi.yaml --scenario FILE. Each is the run with what it says "
                               "here; lines behind # are left out: delete the # and the space after it."));
  ky_config_example_text(out, 0, ky_tr("Where a venue stands:"));
  ky_config_example_keys(out, 0, ky_scenario_place_fields, ky_scenario_place_field_count);
  ky_config_example_text(out, 0, ky_tr("What of a venue may be said:"));
  ky_config_example_keys(out, 0, ky_scenario_new_fields, ky_scenario_new_field_count);
  ky_config_example_keys(out, 0, ky_scenario_attribute_fields, ky_scenario_attribute_field_count);
  fprintf(out, "\nscenarios:\n  -\n");
  ky_config_example_fields(out, 4, ky_scenario_fields, ky_scenario_field_count);
}
