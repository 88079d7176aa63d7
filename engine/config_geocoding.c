/* The field table, part for geocoding: files that give places to venues without coordinates. */
#include "config_fields.h"

const ky_config_field ky_geocoding_fields[KY_GEOCODING_FIELD_COUNT] = {
    {.key = "halls",
     .type = KY_FIELD_SOURCES,
     .min = 1,
     .role = KY_ROLE_HALLS,
     .example = "\n  - path: data/halls.geojson",
     .help =
         KY_MSG("Points with names: a venue of the same name, or that meets in a hall of that name, is placed there "
                "(public halls, welfare facilities, shelters).")},
    {.key = "blocks",
     .type = KY_FIELD_SOURCES,
     .min = 1,
     .role = KY_ROLE_BLOCKS,
     .example = "\n  - path: data/46_2023.csv\n    crs: EPSG:6668",
     .help = KY_MSG("Positions of blocks and lots by address: 位置参照情報 街区レベル.")},
    {.key = "towns",
     .type = KY_FIELD_SOURCES,
     .min = 1,
     .role = KY_ROLE_TOWNS,
     .example = "\n  - path: data/46000-17.0b.zip\n    crs: EPSG:6668",
     .help = KY_MSG("Positions of towns by address: 位置参照情報 大字・町丁目レベル.")},
    {.key = "allow_town",
     .type = KY_FIELD_FLAG,
     .store = KY_STORE_BOOL,
     .offset = offsetof(ky_config, venue.allow_town),
     .standard = "false",
     .origin = KY_MSG("method of kayoi"),
     .help = KY_MSG("Whether a venue counts that is known only by the middle of its town.")},
};
