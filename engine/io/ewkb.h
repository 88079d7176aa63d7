/* Geometry as PostGIS sends it (EWKB: WKB with flags for Z, M and an SRID), checked before anybody else sees it. */
#ifndef KAYOI_EWKB_H
#define KAYOI_EWKB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ky_ewkb {
  uint32_t srid;     /* 0: none */
  uint32_t type;     /* 1 point ... 17 triangle, without Z and M */
  bool is_xy;        /* a point with a place: x and y are set */
  double x, y;       /* of a point */
  size_t wkb_length; /* bytes written */
} ky_ewkb;

/* Walks over the whole geometry and writes it as ISO WKB without SRID into wkb (room for `length` bytes). False: it is
 * cut off, has bytes behind it, counts more than it holds, nests more than 16 deep, or is of no type that is known. */
bool ky_ewkb_read(const uint8_t *bytes, size_t length, uint8_t *wkb, ky_ewkb *out);

#endif
