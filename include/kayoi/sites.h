/* Room 6, sites: where a next venue newly covers most people 65+. Lazy greedy with a proven bound. */
#ifndef KAYOI_SITES_H
#define KAYOI_SITES_H

#include <kayoi/coverage.h>

/* Points within reach of candidates, whoever is uncovered: on one ground and with one distance, several outcomes share
 * them. They are the run's candidates; others are searched from. */
typedef struct ky_covers {
  uint32_t count;
  const char **id;      /* [count] bytewise ascending */
  const uint32_t **set; /* [count] points of the municipality with people; NULL: not kept, there are too many */
  uint32_t *size;       /* [count] */
  ky_arena *arena;      /* of each thread */
  int arena_count;
} ky_covers;

/* Candidate sites before choosing: from layers, or street junctions and points every 100 m near uncovered people. */
typedef struct ky_candidates {
  uint32_t count;
  const char **id;   /* as given; generated: "s" + number of the place among all junctions and street points of the
                      * network, so that it is the same for any input order, venues and people */
  const char **name; /* NULL for generated ones */
  const char **kind, **kind_code; /* in words, and the code as given; NULL where not known */
  int64_t *price;                 /* what opening there costs, as given; KY_NULL unknown */
  bool is_given;                  /* from layers */
  double *x_m, *y_m;
  ky_anchors anchors;      /* generated ones lie on their street: access 0 */
  uint32_t *row;           /* ledger row; only candidates inside the municipality remain */
  const ky_covers *covers; /* NULL: none are known */
  uint32_t *cover;         /* [count] index into them, KY_NONE; NULL without covers */
} ky_candidates;

typedef struct ky_sites_opts {
  int64_t min_people_65; /* viable: newly covers at least this many, thousandths (20 people = 20000) */
  double spacing_m;      /* generated candidates on streets, 100 */
  uint32_t primary_mm;
} ky_sites_opts;

/* The whole greedy sequence of viable sites, in order. */
typedef struct ky_sites {
  uint32_t count;
  uint32_t *candidate;  /* [count] */
  int64_t *gain_65;     /* [count] newly covered by this one, thousandths */
  int64_t *covered_65;  /* [count] covered in the municipality after it */
  int64_t *bound_65;    /* [count] no set of order+1 sites newly covers more */
  uint32_t *point_site; /* [points] the site that covers an uncovered point first; KY_NONE */
  int64_t demand_65;    /* people 65+ of the municipality, the denominator of shares */
  int64_t covered_before_65;
  uint32_t candidate_count;
} ky_sites;

/* Whether a point asks for a place: inside the municipality, beyond or unreachable, with people in any measure. */
bool ky_point_is_demand(const ky_points *points, const ky_coverage *coverage, const ky_zones *zones, uint32_t point);

/* raws: candidate layers (may be 0: generate). Excludes candidates outside the municipality or without a street
 * (issues for given ones). */
ky_err ky_sites_candidates(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_network *network,
                           const ky_points *points, const ky_anchors *point_anchors, const ky_coverage *coverage,
                           const ky_network_opts *network_opts, const ky_sites_opts *opts, ky_candidates *out);
/* candidates: must outlive the covers, which hold memory of their own (ky_covers_free). */
ky_err ky_covers_build(ky_job *job, const ky_candidates *candidates, const ky_network *network, const ky_points *points,
                       const ky_anchors *point_anchors, const ky_zones *zones, uint32_t limit_mm, ky_covers *out);
void ky_covers_free(ky_covers *covers);
/* Finds other candidates among them by id, for ky_sites_choose. */
ky_err ky_covers_match(ky_job *job, const ky_covers *covers, ky_candidates *candidates);
/* Greedy: the site that newly covers most uncovered people 65+ of the municipality (ties: lower candidate, which
 * are sorted by id bytewise), until none covers min_people_65. Covered: walk from the site <= primary_mm. */
ky_err ky_sites_choose(ky_job *job, const ky_candidates *candidates, const ky_network *network, const ky_points *points,
                       const ky_anchors *point_anchors, const ky_zones *zones, const ky_coverage *coverage,
                       const ky_sites_opts *opts, ky_sites *out);

#endif
