/* Where the municipality is, for names and addresses that say no municipality: the same hall and the same town exist
 * next door, too. */
#ifndef KAYOI_GEOCODE_HOME_H
#define KAYOI_GEOCODE_HOME_H

#include <kayoi/read.h>

typedef struct ky_home {
  const ky_raw *raws; /* those of role `role` are it: the border, else the zones */
  uint32_t raw_count;
  ky_role role;
  ky_box box; /* metres, run CRS; empty: nobody says where the municipality is */
} ky_home;

void ky_home_find(const ky_raw *raws, uint32_t raw_count, ky_home *out);
/* Inside the municipality, or so near its edge (500 m) that a coarse border may have cut it off. */
bool ky_home_has(const ky_home *home, double x, double y);
/* Inside the municipality or at most margin_m from its edge. */
bool ky_home_near(const ky_home *home, double x, double y, double margin_m);
/* Metres to the municipality's box, 0 inside it. */
double ky_home_distance_m(const ky_home *home, double x, double y);

#endif
