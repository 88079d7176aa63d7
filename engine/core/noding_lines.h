/* Lines while they are noded: their vertices numbered on the millimetre grid, their segments indexed. */
#ifndef KAYOI_NODING_LINES_H
#define KAYOI_NODING_LINES_H

#include <kayoi/noding.h>
#include <kayoi/rtree.h>

#define KY_IS_LINE_END   1u
#define KY_IS_LINE_INNER 2u

typedef struct ky_noding_lines {
  const ky_ways *ways;
  uint32_t distinct_count;
  uint32_t *vertex;    /* [way vertices] number of the distinct vertex */
  double *x_mm, *y_mm; /* [distinct] whole, ascending by x, then y: the lowest number is the lowest place */
  uint8_t *use;        /* [distinct] KY_IS_LINE_... */
  uint32_t *part;      /* [way vertices] */
  uint32_t *way;       /* [parts] */
  uint32_t segment_count;
  uint32_t *segment; /* [segments] way vertex at which it starts */
  ky_rtree tree;     /* of the segments, millimetres */
} ky_noding_lines;

/* A vertex to be put into a segment. */
typedef struct ky_insertion {
  uint32_t segment; /* way vertex at which it starts */
  double along;     /* order within the segment, from its lower end */
  double x_mm, y_mm;
} ky_insertion;

/* Everything in scratch. */
ky_err ky_noding_lines_index(ky_job *job, const ky_ways *ways, ky_noding_lines *out);
/* Lines that share a vertex, directly or through others. */
ky_err ky_noding_lines_components(ky_job *job, const ky_noding_lines *lines, uint32_t *count);
/* New lines in keep: distinct vertices at their new places, insertions put in (sorted here). lost: lines that became
 * one point. */
ky_err ky_noding_lines_rebuild(ky_job *job, const ky_noding_lines *lines, const double *x_mm, const double *y_mm,
                               ky_insertion *insertions, uint32_t insertion_count, ky_ways *out, uint32_t *lost);
/* The segment's ends as distinct vertices, the lower first: what is computed from them does not depend on the line's
 * direction. */
void ky_noding_lines_ends(const ky_noding_lines *lines, uint32_t segment, uint32_t *low, uint32_t *high);
/* May the inside of these lines be joined? */
bool ky_noding_lines_level(const ky_noding_lines *lines, uint32_t part, uint32_t other);

/* What a tolerance joins (noding_ends.c): new places of the distinct vertices, and insertions. */
typedef struct ky_noding_joins {
  double *x_mm, *y_mm; /* [distinct] */
  ky_insertion *insertions;
  uint32_t insertion_count;
} ky_noding_joins;

ky_err ky_noding_join_ends(ky_job *job, const ky_noding_lines *lines, double tolerance_m, ky_noding_joins *out,
                           ky_noding *did);
/* noding_crossings.c */
ky_err ky_noding_cross(ky_job *job, const ky_noding_lines *lines, ky_insertion **out, uint32_t *count,
                       uint32_t *place_count);

#endif
