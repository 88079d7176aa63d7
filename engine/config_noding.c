/* How roads are taken: the section `noding`. */
#include "config_reader.h"

const ky_config_field ky_noding_fields[KY_NODING_FIELD_COUNT] = {
    {.key = "tolerance_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = offsetof(ky_config, noding.tolerance_m),
     .decimals = 3,
     .min = 0,
     .max = 10000,
     .standard = "0",
     .origin = KY_MSG("method of kayoi"),
     .help = KY_MSG("Ends of lines nearer than this to another line are joined to it, and how many is said. 0: streets "
                    "meet at shared vertices only.")},
    {.key = "crossings",
     .type = KY_FIELD_FLAG,
     .store = KY_STORE_BOOL,
     .offset = offsetof(ky_config, noding.with_crossings),
     .standard = "false",
     .origin = KY_MSG("method of kayoi"),
     .help =
         KY_MSG("Whether lines that cross on the same level meet there; bridges and tunnels never do. Only for data "
                "that says which streets are bridges.")},
};
