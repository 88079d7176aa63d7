/* Which streets can be walked, by OpenStreetMap's tags (formats.md 8). */
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
