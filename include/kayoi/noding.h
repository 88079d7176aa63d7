/* Noding: lines that should meet but share no vertex are made to, before they become a network. Off unless asked for:
 * what a tolerance joins is a guess about the data, so its effect is counted and said. */
#ifndef KAYOI_NODING_H
#define KAYOI_NODING_H

#include <kayoi/read.h>

typedef struct ky_noding_opts {
  double tolerance_m;  /* ends nearer than this to another line are joined to it; 0: none */
  bool with_crossings; /* lines that cross on the ground meet where they cross */
} ky_noding_opts;

/* What was done. */
typedef struct ky_noding {
  uint32_t ends_joined; /* places where lines ended apart from a line within the tolerance */
  uint32_t lines_cut;   /* places where a line got a vertex because another ends there */
  uint32_t crossings;   /* places that became junctions of crossing lines */
  uint32_t lines_lost;  /* lines within the tolerance that became one point */
  uint32_t components_before, components_after;
  double longest_move_m;   /* of a vertex, or of the place at which a line was cut */
  double far_x_m, far_y_m; /* where from */
} ky_noding;

/* Makes new lines in the keep arena; `ways` stays. Every end joins, of each other line within the tolerance,
 *   - its end, whatever the level of the two (a bridge begins where a street ends), else
 *   - its nearest vertex, else the nearest place on it, which becomes a vertex - on the same level only: bridges,
 *     tunnels and layers never join the street they pass.
 * What is joined to each other, directly or through others, becomes one place: a vertex inside a line if there is one,
 * else a place on a line, else an end; of several the one with the lowest x, then y. So nothing depends on the order
 * or direction of the lines. Crossings are found after that; of bridges and tunnels they never become junctions. */
ky_err ky_ways_node(ky_job *job, const ky_ways *ways, const ky_noding_opts *opts, ky_ways *out, ky_noding *did);

#endif
