/* What the parts of the comparison share. */
#ifndef KAYOI_CHANGES_PARTS_H
#define KAYOI_CHANGES_PARTS_H

#include <kayoi/changes.h>

/* A place; has_place false: none. */
typedef struct ky_change_place {
  bool is_known;
  double x_m, y_m;
} ky_change_place;

/* A venue whose part in coverage changed. */
typedef struct ky_venue_event {
  const char *what, *id; /* "venue_opened", "31" */
  bool gains, loses;     /* may bring people into reach, may leave people out */
  ky_change_place was, is;
} ky_venue_event;

typedef struct ky_changes_build_state {
  ky_job *job;
  const ky_changes_in *in;
  ky_changes *out;
  ky_venue_event *events; /* scratch */
  uint32_t event_count;
} ky_changes_build_state;

/* Puts a change behind the others; its texts are used in place. */
ky_err ky_change_add(ky_changes_build_state *s, const ky_change *change);

ky_err ky_changes_of_venues(ky_changes_build_state *s);
ky_err ky_changes_of_gaps(ky_changes_build_state *s);
ky_err ky_changes_of_zones(ky_changes_build_state *s);
ky_err ky_changes_of_sites(ky_changes_build_state *s);

/* What a change may come from. */
typedef enum ky_change_reach { KY_WHY_VENUES, KY_WHY_PLACES, KY_WHY_ZONES, KY_WHY_GAPS } ky_change_reach;

/* The text of `why`: venues whose event is near the shapes (records of one or two layers; KY_NONE: none), then the
 * causes of the runs that bear on such a change. gains, loses: which events. */
typedef struct ky_why_area {
  const ky_shapes *shapes;
  uint32_t record;
} ky_why_area;
ky_err ky_change_why(ky_changes_build_state *s, ky_change_reach reach, const ky_why_area *areas, uint32_t area_count,
                     bool gains, bool loses, const char **out);

/* Values as the files write them. NULL: null, or no such column. Numbers of fewer decimals than the same column of the
 * other side get zeros. */
ky_err ky_change_text(ky_job *job, const ky_table *table, const char *column, uint32_t record, uint8_t decimals,
                      const char **out);
/* A number at `decimals`; KY_NULL: null, or no such column of numbers. */
int64_t ky_change_number(const ky_table *table, const char *column, uint32_t record, uint8_t decimals);
const char *ky_change_word(const ky_table *table, const char *column, uint32_t record);
/* The more precise of both columns; 0 without numbers. */
uint8_t ky_change_decimals(const ky_table *a, const ky_table *b, const char *column);
bool ky_change_is_same(const char *a, const char *b);
/* Place of a record of points. */
ky_change_place ky_change_place_of(const ky_table *table, uint32_t record);
/* A place inside the area of a record; of points the first. */
ky_err ky_change_inside(ky_job *job, const ky_table *table, uint32_t record, ky_change_place *out);
/* KY_NULL: one of them is not known. */
int64_t ky_change_distance_mm(const ky_change_place *a, const ky_change_place *b);

/* How much areas of two layers have in common, in squares of KY_OVERLAP_M. */
#define KY_OVERLAP_M 5.0
typedef struct ky_overlap {
  uint32_t a, b; /* records */
  uint64_t squares;
} ky_overlap;
typedef struct ky_overlaps {
  uint32_t count;
  ky_overlap *of;                  /* by a, then b */
  uint64_t *squares_a, *squares_b; /* of each record */
} ky_overlaps;
/* All in scratch. */
ky_err ky_overlaps_find(ky_job *job, const ky_shapes *a, const ky_shapes *b, ky_overlaps *out);

/* Runs of squares of an area in one row of squares, for the overlap and for a place inside. */
typedef struct ky_span {
  int64_t row, from, to; /* columns from .. to - 1 */
  uint32_t record;
} ky_span;
/* The spans of one record behind those that are there; `room` grows in scratch. */
typedef struct ky_spans {
  ky_span *of;
  uint32_t count, capacity;
} ky_spans;
ky_err ky_spans_add(ky_job *job, const ky_shapes *shapes, uint32_t record, ky_spans *spans);

#endif
