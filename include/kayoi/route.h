/* Routes: the way behind one distance of room 4, leg by leg, so that a walk can be followed on a map and added up by
 * hand. Costs are those of the field (walk.h): the legs of a route sum to the walk exactly. */
#ifndef KAYOI_ROUTE_H
#define KAYOI_ROUTE_H

#include <kayoi/walk.h>

typedef enum ky_leg_kind {
  KY_LEG_ACCESS, /* straight, from the origin's place to its street */
  KY_LEG_STREET, /* along a street, all of it or a part */
  KY_LEG_EGRESS, /* straight, from the street to the target's place */
} ky_leg_kind;

typedef struct ky_leg {
  ky_leg_kind kind;
  uint32_t edge;           /* access and egress: the street at their end */
  uint32_t from_mm, to_mm; /* along the street in the direction of the walk; access and egress: both the same place */
  uint32_t length_mm;      /* geometric */
  uint32_t cost_mm;        /* flat-equivalent, >= length */
} ky_leg;

/* From the origin of a search to one place: access, streets (none when both are at the same place), egress. */
typedef struct ky_walk_route {
  uint32_t leg_count; /* 0: no route within the limit of the search */
  ky_leg *leg;        /* [leg_count] in the order of the walk */
  uint32_t length_mm; /* sums */
  uint32_t walk_mm;
} ky_walk_route;

/* Legs that a person sees as one: streets of the same classes, bridges and tunnels apart. */
typedef struct ky_route_part {
  ky_leg_kind kind;
  uint32_t first_leg, end_leg; /* legs first_leg .. end_leg - 1 */
  uint32_t class_bits;         /* of its streets; 0: not known, and for access and egress */
  bool is_bridge;              /* bridge or tunnel */
  uint32_t length_mm, cost_mm;
} ky_route_part;

/* The route from the search's origin to a place (keep arena). The search must have reached it; of several routes of
 * equal cost, seen from the place: along the one street first, then by its `from`, and at every node by the street with
 * the lowest index. KY_E_INTERNAL: the legs do not add up to the walk. */
ky_err ky_route_trace(ky_job *job, const ky_search *search, uint32_t edge, uint32_t along_mm, uint32_t access_mm,
                      ky_walk_route *out);
/* The legs as parts (keep arena). */
ky_err ky_route_parts(ky_job *job, const ky_network *network, const ky_walk_route *route, ky_route_part **out,
                      uint32_t *count);
/* Codes of street classes: "residential", "residential;service"; NULL for none. buffer: KY_CLASSES_SIZE bytes. */
#define KY_CLASSES_SIZE 256
const char *ky_street_classes(uint32_t class_bits, char *buffer);
/* The line of `count` street legs (keep arena): n vertices, at least two, no two alike side by side. */
ky_err ky_route_line(ky_job *job, const ky_network *network, const ky_leg *leg, uint32_t count, double **x_m,
                     double **y_m, uint32_t *n);

#endif
