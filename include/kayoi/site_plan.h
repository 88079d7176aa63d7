/* Beside room 6: questions about sets of sites, answered with a proof (solve.h): the best k, by whom they cover, by how
 * far people walk or by seats; the fewest that reach the coverage goal; and how the chosen ones stand at other
 * distances. The order of sites.h is for reading; these sets need not contain one another. */
#ifndef KAYOI_SITE_PLAN_H
#define KAYOI_SITE_PLAN_H

#include <kayoi/sites.h>
#include <kayoi/solve.h>

#define KY_BEST_MAX 30 /* sites of a best set that is asked for */

typedef struct ky_site_plan_opts {
  uint32_t best;          /* the best sets of 1, 2 ... this many sites */
  bool with_goal;         /* the fewest sites that reach goal_share */
  int64_t goal_share;     /* of people 65+ covered in the municipality, KY_WHOLE parts */
  int64_t floor_share;    /* least covered share in every zone, for one more question; 0: none */
  int64_t budget;         /* that the prices of sites may come to; 0: none */
  bool by_walk, by_seats; /* the best set of `best` sites by these too */
  uint32_t walk_cap_mm;   /* a walk counts no farther: 2 km; whoever has none counts as much */
  int64_t seats_milli;    /* of a new venue, thousandths of participants */
  int64_t rate;           /* participants are this share of people 65+ */
  uint32_t time_limit_ms; /* of one question */
} ky_site_plan_opts;

/* What candidates would do, as lists: only those that newly cover min_people_65 or more. Scratch. */
typedef struct ky_site_lists {
  uint32_t candidate_count, demand_count;
  uint32_t *candidate; /* [candidates] index into ky_candidates, ascending */
  uint32_t *point;     /* [demand] */
  int64_t *weight;     /* [demand] people 65+, thousandths */
  uint32_t *zone;      /* [demand] KY_NONE: in none */
  uint32_t *base;      /* walk: [demand] the walk there is now, at most cap_mm */
  uint64_t *first;     /* [candidates + 1] */
  uint32_t *demand;    /* those within the limit; walk: whose walk becomes shorter */
  uint32_t *cost;      /* walk: beside demand */
} ky_site_lists;

/* Coverage: uncovered demand points within primary_mm. */
ky_err ky_site_lists_cover(ky_job *job, const ky_candidates *candidates, const ky_network *network,
                           const ky_points *points, const ky_anchors *point_anchors, const ky_zones *zones,
                           const ky_coverage *coverage, const ky_sites_opts *opts, ky_site_lists *out);
/* Walk: of the same candidates, all people of the municipality whose walk becomes shorter, up to cap_mm. */
ky_err ky_site_lists_walk(ky_job *job, const ky_candidates *candidates, const ky_network *network,
                          const ky_points *points, const ky_anchors *point_anchors, const ky_zones *zones,
                          const ky_coverage *coverage, const ky_site_lists *cover, uint32_t cap_mm, ky_site_lists *out);

typedef struct ky_site_set {
  const char *question;  /* "best", "smallest", "smallest_with_floor", "budget" */
  const char *objective; /* "coverage", "walk", "seats" */
  uint32_t k;            /* asked for; 0: the answer is how many */
  ky_chosen chosen;      /* candidate: index into ky_candidates */
  int64_t gap;           /* ky_chosen_gap: value and bound, KY_WHOLE parts of the larger */
  int64_t in_order;      /* coverage of the first k of the order, thousandths; KY_NULL: another question */
} ky_site_set;

typedef struct ky_site_plan {
  uint32_t count;
  ky_site_set *set;
  /* How the sites of the order stand alone at each band of the run: [band * sites + site] people 65+ that it would
   * newly cover there; and whether that is enough at every band. */
  uint32_t band_count;
  uint32_t band_mm[KY_BANDS_MAX];
  int64_t *alone_65;
  int8_t *is_robust;
  uint32_t knee; /* the curve flattens behind this many sites of the order; 0: it has no bend */
} ky_site_plan;

ky_err ky_site_robustness(ky_job *job, const ky_candidates *candidates, const ky_sites *sites,
                          const ky_network *network, const ky_points *points, const ky_anchors *point_anchors,
                          const ky_zones *zones, const ky_coverage *coverage, const ky_walk_opts *walk,
                          const ky_sites_opts *opts, ky_site_plan *out);
/* The place on the curve of gains that is farthest above its chord (the knee of Satopaa et al. 2011); 0: fewer than
 * three sites, or a straight line. */
uint32_t ky_site_knee(const ky_sites *sites);
/* The best set of k places by coverage; NULL: not asked. */
const ky_site_set *ky_site_best(const ky_site_plan *plan, uint32_t k);
/* What the first s + 1 sites of the order cannot exceed: by the order itself, or by a best set, which proves more.
 * plan: NULL for none. */
int64_t ky_site_bound(const ky_site_plan *plan, const ky_sites *sites, uint32_t s);

#endif
