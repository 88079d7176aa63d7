/* Which streets can be walked, by OpenStreetMap's tags. The rules, in their order:
 *
 *   route=ferry                     only when ferries are asked for and foot does not close it, whatever else it is
 *   highway=corridor + indoor=yes   never
 *   foot=yes, designated, permissive            opens any highway, motorways and construction included
 *   foot=no, private, use_sidepath              closes it
 *   access=no, private                          closes it, unless foot opens
 *   motorroad=yes on trunk, trunk_link          closes it
 *   highway=trunk primary secondary tertiary (and their _link) unclassified residential living_street service track
 *     path footway pedestrian steps cycleway bridleway road corridor      is walked
 *   highway=motorway motorway_link construction proposed raceway busway bus_guideway platform elevator abandoned
 *     is not walked
 *   any other highway (rest_area ...)           is no street, unless foot opens it
 *
 * Direction does not matter, nor do sidewalk (also =separate: people cross such streets), covered and steps. area=yes:
 * its outline is walked. Highways with several values are what any of their values is. */
#ifndef KAYOI_OSM_WALK_H
#define KAYOI_OSM_WALK_H

#include <kayoi/read.h>

/* Tags of one way; NULL where it has none. `highway` may hold several values: "['residential', 'service']", "a;b". */
typedef struct ky_street_tags {
  const char *highway, *route, *foot, *access, *motorroad, *indoor;
} ky_street_tags;

typedef enum ky_walkable {
  KY_WALK_NO, /* a street that may not be walked, or no street */
  KY_WALK_YES,
  KY_WALK_OTHER /* no class, or none that the rules know, and nothing that forbids walking */
} ky_walkable;

/* foot beats access beats class; a ferry is one whatever else it is. *class_bits: 1 << ky_street_class for every value
 * that can be walked. */
ky_walkable ky_osm_walkable(const ky_street_tags *tags, bool with_ferries, uint32_t *class_bits);

#endif
