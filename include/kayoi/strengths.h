/* Beside room 9, strengths: what each zone has of gathering places, in groups: by activity, who runs them, how often
 * and when they meet; who comes, and who carries them. */
#ifndef KAYOI_STRENGTHS_H
#define KAYOI_STRENGTHS_H

#include <kayoi/access.h>

typedef struct ky_strengths_opts {
  uint32_t afternoon_s,
      evening_s; /* seconds of a day: a meeting that begins from then on is one of the afternoon ... */
} ky_strengths_opts;

/* Some venues of a row. Sums are over those that say it; their number stands beside. */
typedef struct ky_venue_sum {
  int64_t venues;
  int64_t resident_led, resident_led_known;
  int64_t weekly, sessions_known, sessions_milli;
  int64_t reports, participants, men_reports, men, women_reports, women;
  int64_t men_of; /* participants of the venues that say how many of them are men */
  int64_t supporters_known, supporters;
  int64_t compared, before, change; /* venues with participants of this and the earlier survey */
} ky_venue_sum;

/* Rows of the ledger (place.h), then one of venues without a place; the municipality is zones + outside_zones. */
typedef struct ky_strengths {
  ky_classes groups; /* the first: all that count. Then classes of those, then those that do not count by reason */
  uint32_t row_count;
  ky_venue_sum *sum; /* [group * rows + row] */
} ky_strengths;

/* Who runs a venue, by words of the operator's name: 老人クラブ, 自治会, 社会福祉協議会 ...
 * (engine/io/operator_classes.c) */
ky_err ky_classes_by_operator(ky_job *job, const ky_venues *venues, const ky_anchors *anchors,
                              const char *municipality_name, ky_classes *out);
/* When it begins: morning, afternoon, evening, unknown. A venue with several times is in the class of each.
 * (engine/io/day_parts.c) */
ky_err ky_classes_by_day_part(ky_job *job, const ky_venues *venues, const ky_anchors *anchors,
                              const ky_strengths_opts *opts, ky_classes *out);
/* Parts of the day in which meetings begin by a text of hours: bits 1 << 0 morning, 1 afternoon, 2 evening; 0 unknown,
 * also when memory is out. */
unsigned ky_day_parts(ky_arena *scratch, const char *hours, const ky_strengths_opts *opts);

/* All that count, one class. */
ky_err ky_classes_all(ky_job *job, const ky_venues *venues, const ky_anchors *anchors, ky_classes *out);
/* Behind classes by activity: venues that count and whose activity is not said, or has no class of its own. */
ky_err ky_classes_rest(ky_job *job, const ky_venues *venues, const ky_anchors *anchors, ky_classes *out);
/* What is there and does not count, by its reason. */
ky_err ky_classes_not_counting(ky_job *job, const ky_venues *venues, const ky_anchors *anchors, ky_classes *out);
/* Copies of the classes of a kind that another room made. */
ky_err ky_classes_take(ky_job *job, const ky_classes *from, ky_class_kind kind, ky_classes *out);

/* Sums of out->groups, which are there. */
ky_err ky_strengths_build(ky_job *job, const ky_zones *zones, const ky_venues *venues, int64_t weekly_milli,
                          ky_strengths *out);

/* A sum over venues as a table shows it: 0 where there is no venue, null where none says it. */
int64_t ky_venue_sum_of(const ky_venue_sum *sum, int64_t known, int64_t value);

#endif
