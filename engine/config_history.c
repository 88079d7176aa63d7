/* The field table, section `history`: what is kept of earlier results. */
#include "config_fields.h"

const ky_config_field ky_history_fields[KY_HISTORY_FIELD_COUNT] = {
    {.key = "dir",
     .type = KY_FIELD_PATH,
     .store = KY_STORE_TEXT,
     .offset = offsetof(ky_config, history.dir),
     .example = " history",
     .help = KY_MSG("Folder that keeps something of every published result, one for each configuration: run.json and "
                    "the layers that a comparison needs, under the date and time of the run. Left out: nothing is "
                    "kept.")},
    {.key = "keep_runs",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = offsetof(ky_config, history.keep_runs),
     .min = 0,
     .max = 100000,
     .standard = "30",
     .help = KY_MSG("The newest of them that stay, whatever their age. Results with a name (--name) always stay.")},
    {.key = "keep_days",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = offsetof(ky_config, history.keep_days),
     .min = 0,
     .max = 100000,
     .standard = "0",
     .help = KY_MSG("Those of the last so many days stay too.")},
    {.key = "name",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = offsetof(ky_config, history.name),
     .example = " 第10期計画",
     .help =
         KY_MSG("Name of a result that is kept whole and for good; a name is never used twice. --name goes first.")},
};
