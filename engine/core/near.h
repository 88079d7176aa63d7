/* Places within a walk of others, each pair once: one bounded search per origin, over origins in parallel. */
#ifndef KAYOI_NEAR_H
#define KAYOI_NEAR_H

#include <kayoi/walk.h>

/* Origins in reach of each place, ascending: [first[place] .. first[place + 1]). */
typedef struct ky_near {
  uint32_t count;
  uint32_t *first; /* [places + 1] */
  uint32_t *origin, *walk_mm;
} ky_near;

/* use: as in ky_walk_field; limit_mm: [origins] how far each reaches. Scratch. */
ky_err ky_near_build(ky_job *job, const ky_network *network, const ky_anchors *origins, const int8_t *use,
                     const uint32_t *limit_mm, const ky_anchors *places, ky_near *out);

#endif
