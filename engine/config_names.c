/* The field table, section `names`: what people call the places where they live. */
#include "config_fields.h"

const ky_config_field ky_names_fields[KY_NAMES_FIELD_COUNT] = {
    {.key = "sources",
     .type = KY_FIELD_SOURCES,
     .min = 1,
     .role = KY_ROLE_NAMES,
     .example = "\n  - path: data/r2ka43443.shp",
     .help =
         KY_MSG("Small areas with names (国勢調査 小地域 境界, S_NAME) or points with names (位置参照情報 "
                "大字・町丁目レベル or 街区レベル). A gap is called after the name where most of its people live.")},
    {.key = "max_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = offsetof(ky_config, names.max_m),
     .decimals = 3,
     .min = 0,
     .max = 100000000,
     .standard = "1000",
     .origin = KY_MSG("assumption"),
     .help = KY_MSG("A point with a name gives it to places as near as this.")},
    {.key = "residents",
     .type = KY_FIELD_FLAG,
     .store = KY_STORE_BOOL,
     .offset = offsetof(ky_config, names.with_residents),
     .standard = "true",
     .origin = KY_MSG("method of kayoi"),
     .help = KY_MSG("Whether the names of the residents' own small areas are used where names.sources gives none.")},
};
