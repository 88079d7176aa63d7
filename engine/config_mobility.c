/* The field table, section `mobility`: what rides and visits are assumed to be. */
#include "config_fields.h"

#define AT(member) offsetof(ky_config, mobility.member)
#define ASSUMPTION KY_MSG("assumption")

/* A distance in metres, kept in millimetres. */
#define METRES(name, member, least, most, default_m, text)                                                          \
  {                                                                                                                 \
    .key = name, .type = KY_FIELD_NUMBER, .store = KY_STORE_U32, .offset = AT(member), .decimals = 3, .min = least, \
    .max = most, .standard = default_m, .origin = ASSUMPTION, .help = text                                          \
  }

const ky_config_field ky_mobility_fields[KY_MOBILITY_FIELD_COUNT] = {
    {.key = "speed_m_per_min",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(speed_m_per_min),
     .min = 50,
     .max = 2000,
     .standard = "400",
     .origin = ASSUMPTION,
     .help = KY_MSG("Speed of a pick-up vehicle on the road: 400 m/min is 24 km/h.")},
    {.key = "vehicle_seats",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(vehicle_seats),
     .min = 1,
     .max = 100,
     .standard = "8",
     .origin = ASSUMPTION,
     .help = KY_MSG("People that a vehicle takes beside its driver.")},
    {.key = "boarding_min",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(boarding_milli_min),
     .decimals = 3,
     .min = 0,
     .max = 60000,
     .standard = "2",
     .origin = ASSUMPTION,
     .help = KY_MSG("Minutes that a stop of a pick-up tour takes.")},
    METRES("pickup_m", pickup_mm, 1000, 5000000, "200",
           KY_MSG("Homes within this distance of a stop of the tour walk to it; so the tour stops about this often.")),
    METRES("detour_m", detour_mm, 0, 100000000, "1000",
           KY_MSG("A shop or clinic is on the way when the ride becomes longer by no more than this.")),
    METRES("provider_m", provider_mm, 0, 100000000, "5000",
           KY_MSG("A provider with vehicles is in reach of an area when it is no farther by road.")),
    METRES("hub_m", hub_mm, 0, 100000000, "1000",
           KY_MSG("A hall or centre no farther by road is a place where a visiting professional could meet people.")),
};
