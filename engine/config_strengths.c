/* The field table, section `strengths`. */
#include "config_fields.h"

const ky_config_field ky_strengths_fields[KY_STRENGTHS_FIELD_COUNT] = {
    {.key = "day_parts",
     .type = KY_FIELD_HOURS,
     .store = KY_STORE_U32,
     .offset = offsetof(ky_config, strengths.afternoon_s),
     .standard = "[12:00, 17:00]",
     .origin = KY_MSG("assumption"),
     .help = KY_MSG("When afternoon and evening begin: the table venue_groups tells venues by the hour at which they "
                    "begin.")},
};
