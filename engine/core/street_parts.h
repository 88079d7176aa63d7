/* Parts of streets that a bounded search reaches, as lines. */
#ifndef KAYOI_STREET_PARTS_H
#define KAYOI_STREET_PARTS_H

#include <kayoi/walk.h>

#define KY_PARTS_MAX 3 /* from either end, and around the origin */

/* From from_mm to to_mm of an edge's length. */
typedef struct ky_street_part {
  uint32_t from_mm, to_mm;
} ky_street_part;

/* Parts of an edge that cost no more than limit_mm from the origin, apart and ascending; how many. limit_mm is at most
 * the limit of the search. Ends are rounded outwards to whole millimetres. */
uint32_t ky_search_parts(const ky_search *search, uint32_t edge, uint32_t limit_mm, ky_street_part *parts);

/* Vertices of a part, ends included: x and y have room for all vertices of the edge. Returns their number, >= 2; a part
 * of no length gives the same place twice. */
uint32_t ky_street_part_line(const ky_network *network, uint32_t edge, const ky_street_part *part, double *x,
                             double *y);

#endif
