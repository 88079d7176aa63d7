/* Which streets can be walked (formats.md 8), as a table that a domain expert can read. */
#include "io/osm_walk.h"

#include "town.h"

#define BIT(name) (1u << KY_STREET_##name)

static const struct {
  ky_street_tags tags;
  bool with_ferries;
  ky_walkable walkable;
  uint32_t class_bits;
} cases[] = {
    /* the class decides */
    {{.highway = "residential"}, false, KY_WALK_YES, BIT(RESIDENTIAL)},
    {{.highway = "trunk"}, false, KY_WALK_YES, BIT(TRUNK)},
    {{.highway = "trunk_link"}, false, KY_WALK_YES, BIT(TRUNK)},
    {{.highway = "tertiary_link"}, false, KY_WALK_YES, BIT(TERTIARY)},
    {{.highway = "steps"}, false, KY_WALK_YES, BIT(STEPS)},
    {{.highway = "cycleway"}, false, KY_WALK_YES, BIT(CYCLEWAY)},
    {{.highway = "bridleway"}, false, KY_WALK_YES, BIT(BRIDLEWAY)},
    {{.highway = "road"}, false, KY_WALK_YES, BIT(ROAD)},
    {{.highway = "corridor"}, false, KY_WALK_YES, BIT(OTHER)},
    {{.highway = "track_grade3"}, false, KY_WALK_YES, BIT(TRACK)},
    {{.highway = "motorway"}, false, KY_WALK_NO, 0},
    {{.highway = "motorway_link"}, false, KY_WALK_NO, 0},
    {{.highway = "construction"}, false, KY_WALK_NO, 0},
    {{.highway = "proposed"}, false, KY_WALK_NO, 0},
    {{.highway = "busway"}, false, KY_WALK_NO, 0},
    {{.highway = "platform"}, false, KY_WALK_NO, 0},
    {{.highway = "elevator"}, false, KY_WALK_NO, 0},
    {{.highway = "raceway"}, false, KY_WALK_NO, 0},
    {{.highway = "bus_guideway"}, false, KY_WALK_NO, 0},
    {{.highway = "abandoned"}, false, KY_WALK_NO, 0},
    /* motorroad closes trunk only; foot opens it again */
    {{.highway = "trunk", .motorroad = "yes"}, false, KY_WALK_NO, 0},
    {{.highway = "trunk", .motorroad = "no"}, false, KY_WALK_YES, BIT(TRUNK)},
    {{.highway = "trunk", .motorroad = "yes", .foot = "yes"}, false, KY_WALK_YES, BIT(TRUNK)},
    {{.highway = "primary", .motorroad = "yes"}, false, KY_WALK_YES, BIT(PRIMARY)},
    /* foot beats access beats class */
    {{.highway = "motorway", .foot = "designated"}, false, KY_WALK_YES, BIT(OTHER)},
    {{.highway = "residential", .foot = "no"}, false, KY_WALK_NO, 0},
    {{.highway = "residential", .foot = "private"}, false, KY_WALK_NO, 0},
    {{.highway = "cycleway", .foot = "use_sidepath"}, false, KY_WALK_NO, 0},
    {{.highway = "service", .access = "private"}, false, KY_WALK_NO, 0},
    {{.highway = "service", .access = "no"}, false, KY_WALK_NO, 0},
    {{.highway = "service", .access = "private", .foot = "permissive"}, false, KY_WALK_YES, BIT(SERVICE)},
    {{.highway = "service", .access = "yes", .foot = "no"}, false, KY_WALK_NO, 0},
    {{.highway = "motorway", .access = "yes"}, false, KY_WALK_NO, 0},
    {{.highway = "service", .access = "destination"}, false, KY_WALK_YES, BIT(SERVICE)},
    {{.highway = "construction", .foot = "yes"}, false, KY_WALK_YES, BIT(OTHER)},
    {{.highway = "bus_guideway", .foot = "yes"}, false, KY_WALK_YES, BIT(OTHER)},
    {{.highway = "elevator", .foot = "designated"}, false, KY_WALK_YES, BIT(OTHER)},
    {{.highway = "footway", .foot = "use_sidepath"}, false, KY_WALK_NO, 0},
    {{.highway = "residential", .foot = "destination"}, false, KY_WALK_YES, BIT(RESIDENTIAL)},
    /* never, even with foot=yes */
    {{.highway = "corridor", .indoor = "yes"}, false, KY_WALK_NO, 0},
    {{.highway = "corridor", .indoor = "yes", .foot = "yes"}, false, KY_WALK_NO, 0},
    {{.highway = "corridor", .indoor = "no"}, false, KY_WALK_YES, BIT(OTHER)},
    {{.highway = "footway", .indoor = "yes"}, false, KY_WALK_YES, BIT(FOOTWAY)},
    /* several values */
    {{.highway = "['residential', 'service']"}, false, KY_WALK_YES, BIT(RESIDENTIAL) | BIT(SERVICE)},
    {{.highway = "motorway;footway"}, false, KY_WALK_YES, BIT(FOOTWAY)},
    {{.highway = "motorway;construction"}, false, KY_WALK_NO, 0},
    /* ferries only when asked, whatever else they are called */
    {{.route = "ferry"}, false, KY_WALK_NO, 0},
    {{.route = "ferry"}, true, KY_WALK_YES, BIT(FERRY)},
    {{.route = "ferry", .foot = "no"}, true, KY_WALK_NO, 0},
    {{.route = "ferry", .highway = "footway"}, false, KY_WALK_NO, 0},
    {{.route = "bus"}, true, KY_WALK_OTHER, 0},
    /* no class, or one that is none of OpenStreetMap's */
    {{.highway = NULL}, false, KY_WALK_OTHER, 0},
    {{.highway = NULL, .access = "private"}, false, KY_WALK_NO, 0},
    {{.highway = "市道"}, false, KY_WALK_OTHER, 0},
    {{.highway = "3"}, false, KY_WALK_OTHER, 0},
    {{.highway = "rest_area"}, false, KY_WALK_OTHER, 0},
    {{.highway = "rest_area", .foot = "yes"}, false, KY_WALK_YES, BIT(OTHER)},
    {{.highway = "rest_area", .foot = "no"}, false, KY_WALK_NO, 0},
};

static void test_table(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint32_t class_bits = 99;
    ky_walkable walkable = ky_osm_walkable(&cases[i].tags, cases[i].with_ferries, &class_bits);
    if (walkable != cases[i].walkable || class_bits != cases[i].class_bits)
      fail_msg("case %zu (highway=%s): walkable %d, classes %x", i,
               cases[i].tags.highway != NULL ? cases[i].tags.highway : "", walkable, class_bits);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_table)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
