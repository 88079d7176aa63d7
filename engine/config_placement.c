/* The section `placement`: where in a cell people live. */
#include <string.h>

#include "config_reader.h"

#define AT(member) offsetof(ky_config, member)
#define ASSUMPTION KY_MSG("assumption")
#define METHOD     KY_MSG("method of kayoi")

const ky_config_field ky_placement_fields[KY_PLACEMENT_FIELD_COUNT] = {
    {.key = "method",
     .type = KY_FIELD_CHOICE,
     .store = KY_STORE_TEXT,
     .offset = AT(place_method),
     .choices = "buildings|streets|centroid",
     .origin = METHOD,
     .example = " streets",
     .help = KY_MSG("Where in a cell people live: in its homes (buildings:), along its residential streets, or all at "
                    "its centre. A cell that has none is placed by the next one. Left out: buildings where those are "
                    "given, else streets.")},
    {.key = "step_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = AT(place.step_m),
     .decimals = 3,
     .min = 1000,
     .max = 1000000,
     .standard = "25",
     .origin = METHOD,
     .help = KY_MSG("Streets are cut into parts no longer than this, one point in the middle of each.")},
    {.key = "min_street_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = AT(place.min_street_m),
     .decimals = 3,
     .min = 0,
     .max = 10000000,
     .standard = "50",
     .origin = METHOD,
     .help = KY_MSG("A cell with less street than this is placed by the next rule (any street, then its centre).")},
    {.key = "home_share",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(place.home_share),
     .decimals = 6,
     .min = 0,
     .max = KY_WHOLE,
     .standard = "0.5",
     .origin = ASSUMPTION,
     .help = KY_MSG("Buildings of which nothing is said (building=yes, 普通建物) count as homes too in cells where "
                    "known homes are a smaller share than this of the floor area of both. 0: they never do; 1: they "
                    "always do.")},
    {.key = "point_m2",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_DOUBLE,
     .offset = AT(place.point_m2),
     .decimals = 3,
     .min = 1000,
     .max = 1000000000,
     .standard = "70",
     .origin = ASSUMPTION,
     .help = KY_MSG("Footprint in square metres of a building that is a point, where no column says it.")},
};

void ky_config_derive_placement(ky_config_reader *reader, bool has_buildings) {
  ky_config *config = reader->config;
  const yaml_mark_t *mark = ky_config_given(reader, &config->place_method);
  if (config->place_method == NULL) config->place_method = has_buildings ? "buildings" : "streets";
  config->place.by_buildings = strcmp(config->place_method, "buildings") == 0;
  config->place.by_streets = strcmp(config->place_method, "centroid") != 0;
  if (mark != NULL && config->place.by_buildings && !has_buildings)
    ky_problem_add(
        &reader->problems, *mark, "%s",
        ky_tr("placement.method: buildings needs buildings: with a layer of them; add it, or write streets"));
}
