/* Rivers, railways, waters: lines that a way between a place and its street never crosses. Streets cross them by their
 * own topology (bridges, crossings, underpasses). */
#ifndef KAYOI_BARRIERS_H
#define KAYOI_BARRIERS_H

#include <kayoi/rtree.h>

typedef struct ky_raw ky_raw;

typedef struct ky_barriers {
  uint32_t count; /* segments; 0: no barriers are given, or none is near a street */
  uint32_t area_count;
  int64_t (*end)[4];             /* [count] x y x y of both ends, whole millimetres */
  uint32_t *area;                /* [count] the area whose outline it is; KY_NONE: of a line */
  ky_rtree tree;                 /* of the segments, millimetres */
  const ky_shapes **area_shapes; /* [area_count] waters: records all of whose parts are closed; those of the sources */
  uint32_t *area_record;         /* [area_count] */
} ky_barriers;

/* How the way from a place to its street stands to the barriers. */
typedef enum ky_barred {
  KY_BARRED_NONE,   /* no nearer street lies behind one */
  KY_BARRED_NEARER, /* one does: this street is farther away */
  KY_BARRED_ALL     /* every street within the cap does: no street */
} ky_barred;

/* Segments of all sources that come into the box; a record all of whose parts are closed lines is an area. */
ky_err ky_barriers_build(ky_job *job, const ky_raw *raws, uint32_t raw_count, ky_box box, ky_barriers *out);

/* Does the straight way from a place to a street cross a barrier? Decided in integers on the millimetre grid: any
 * contact counts but one within KY_BARRIER_END_MM of either end, where rounding cannot tell touching from crossing. A
 * place inside an area may leave it: nobody lives in a river, so such a place is only known roughly. */
bool ky_barriers_cross(const ky_barriers *barriers, double place_x_m, double place_y_m, double street_x_m,
                       double street_y_m);
#define KY_BARRIER_END_MM 2

#endif
