/* How places came to their streets: how many had a way to it, how long against the cap, and whom a barrier kept back.
 */
#ifndef KAYOI_SNAPPING_H
#define KAYOI_SNAPPING_H

#include <kayoi/place.h>

/* Each place is of one state. */
typedef enum ky_snap {
  KY_SNAP_ON_STREET,       /* no way to it */
  KY_SNAP_WITHIN_HALF_CAP, /* at most half of the cap */
  KY_SNAP_WITHIN_CAP,
  KY_SNAP_BEYOND_CAP, /* no street */
  KY_SNAP_BARRIER,    /* streets within the cap, all of them behind a barrier */
  KY_SNAP_STATE_COUNT,
  /* and may be, beside it */
  KY_SNAP_TURNED = KY_SNAP_STATE_COUNT, /* a nearer street lies behind a barrier */
  KY_SNAP_SMALL,                        /* on a component smaller than walk.min_component_m */
  KY_SNAP_COUNT
} ky_snap;

const char *ky_snap_name(ky_snap snap); /* "within_half_cap" */

typedef struct ky_snap_tally {
  uint32_t count[KY_SNAP_COUNT];
  int64_t people_65[KY_SNAP_COUNT]; /* thousandths; KY_NULL: not known, or no people */
  uint32_t longest_mm;              /* way to a street */
} ky_snap_tally;

/* Of places in the municipality. */
typedef struct ky_snapping {
  double cap_m;
  ky_snap_tally points, venues;
} ky_snapping;

/* Counts, and says in issues what the cap and the barriers did. */
ky_err ky_snapping_count(ky_job *job, const ky_network *network, const ky_zones *zones, const ky_points *points,
                         const ky_anchors *point_anchors, const ky_venues *venues, const ky_anchors *venue_anchors,
                         const ky_network_opts *opts, ky_snapping *out);

#endif
