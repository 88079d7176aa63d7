/* Choosing places: which candidates together serve most, or cost least, with a proven bound.
 *
 * No geometry: candidates, demand classes (people who stand at one place, or are served by the same candidates) and
 * lists of what each candidate serves. Three objectives:
 *   coverage  most weight within reach of a chosen candidate (maximal covering location)
 *   walk      least sum of weight x cost to the nearest chosen candidate, or to what is there already (p-median)
 *   seats     most weight that finds a seat: each candidate has seats, weight may be shared between candidates
 *
 * How (core/choice.c and those beside it, solve/): equal demand is merged and dominated candidates go, exactly; greedy
 * and swaps find a set; a Lagrangian bound in whole numbers says how good any set can be and decides candidates one by
 * one, and so does a small tree on it; what is left goes to CBC, in a process of its own that is killed when its time
 * is over (the program `kayoi-solver` beside the program that runs). Everything is the same on every machine and for
 * any number of threads, unless the time limit strikes, and then the answer says so. Between equally good sets the one
 * that was found first stays.
 *
 * Sizes: 20,000 candidates, 100,000 demand points, 15 million pairs of them take 300 MB, 20 bytes a pair (walk 40). */
#ifndef KAYOI_SOLVE_H
#define KAYOI_SOLVE_H

#include <kayoi/job.h>

typedef enum ky_objective { KY_BY_COVERAGE, KY_BY_WALK, KY_BY_SEATS } ky_objective;

/* A problem as given. Arrays belong to the caller and are not kept. */
typedef struct ky_choices {
  ky_objective objective;
  uint32_t candidate_count, demand_count;
  const int64_t *weight;  /* [demand] >= 0: thousandths of people, participants ... */
  const uint64_t *first;  /* [candidates + 1] candidate c serves demand[first[c] .. first[c + 1]), in any order; */
  const uint32_t *demand; /* what is named twice counts once, at its least cost */
  const uint32_t *cost;   /* walk: of serving it from there, beside `demand`; else NULL */
  const uint32_t
      *base; /* walk: [demand] cost where no chosen candidate is nearer: the nearest venue there is, or a cap */
  const uint32_t *seats;   /* seats: [candidates] weight that it can take */
  const uint32_t *price;   /* [candidates] >= 1 of the budget; NULL: 1 each, so that the budget is a number of places */
  const uint8_t *is_given; /* [candidates] 1: in every set, and paid for; NULL: none */
  const uint32_t *zone;    /* coverage: [demand] < zone_count, or KY_NONE; NULL: no floors */
  uint32_t zone_count;
  const int64_t *floor; /* [zones] least weight to be covered there; 0: none */
} ky_choices;

/* A problem checked and made small. In job->scratch. */
typedef struct ky_choice ky_choice;

typedef struct ky_solve_opts {
  uint32_t time_limit_ms;   /* for one answer, wall clock; 0: only the greedy set and one bound */
  uint32_t memory_limit_mb; /* of the process that runs CBC */
  uint32_t node_limit;      /* of CBC's search: the same on every machine */
  uint64_t work_limit; /* of the Lagrangian bound and its tree: entries of lists looked at; the same on every machine */
  uint64_t size_limit; /* nonzeros of the largest model that is given to CBC; 0: never CBC */
  const char *program; /* the process that runs CBC; NULL: `kayoi-solver` beside the running program */
} ky_solve_opts;

/* 30 s, 2 GB, 20,000 nodes, 4e9 entries, 200,000 nonzeros. */
ky_solve_opts ky_solve_defaults(void);

/* What ended the search. All but the last give the best set known, with its true bound. */
typedef enum ky_solve_end {
  KY_SOLVE_PROVEN,     /* no set is better (bound = value) */
  KY_SOLVE_WORK,       /* nodes or work used up, or the model too large: the same on every machine */
  KY_SOLVE_TIME,       /* the time limit struck: another run may give another set */
  KY_SOLVE_MEMORY,     /* CBC ran out of its memory */
  KY_SOLVE_FAILED,     /* CBC's process crashed, or could not be started */
  KY_SOLVE_IMPOSSIBLE, /* proven: no set keeps the floors (or reaches the goal); the set is the one that comes nearest
                        */
  KY_SOLVE_END_COUNT
} ky_solve_end;

/* An answer. Arrays in job->keep. */
typedef struct ky_chosen {
  ky_solve_end end;
  bool is_allowed;      /* the set keeps the budget and every floor (and reaches the goal) */
  uint32_t count;       /* of the set, those given included */
  uint32_t *candidate;  /* [count] ascending */
  uint64_t price;       /* of the set */
  int64_t value;        /* coverage, seats: weight served; walk: weight x cost */
  int64_t bound;        /* no allowed set has a better value: >= value; walk: <= value */
  uint32_t least_count; /* ky_choose_smallest: no smaller set reaches the goal */
  uint32_t short_zone;  /* a floor that the set does not keep, the one that lacks most; KY_NONE */
  int64_t short_value;  /* covered there by the set */
  int64_t short_bound;  /* and no set within the budget covers more there */
} ky_chosen;

/* Checks the problem (KY_E_INPUT: a negative weight, a price of 0, sums beyond 64 bits) and makes it small. */
ky_err ky_choices_prepare(ky_job *job, const ky_choices *choices, ky_choice **out);
/* The best set within the budget: a number of places, or what they cost in all. More than there are is all of them. */
ky_err ky_choose_best(ky_job *job, const ky_choice *choice, uint64_t budget, const ky_solve_opts *opts, ky_chosen *out);
/* The smallest set (without prices; coverage) that covers the goal and keeps the floors; of those, the best.
 * Impossible: the set of all that serve anybody, and `bound` is what they cover. The time limit is for the whole. */
ky_err ky_choose_smallest(ky_job *job, const ky_choice *choice, int64_t goal, const ky_solve_opts *opts,
                          ky_chosen *out);

/* |bound - value| in millionths of the larger one, rounded up: 0 means equal. */
int64_t ky_chosen_gap(const ky_chosen *chosen);
/* Says in the issues what kept an answer from being proven, or that it is impossible (solver_time_limit,
 * solver_work_limit, solver_memory_limit, solver_failed, floor_impossible, goal_impossible). `what` is the question
 * ("12 sites by coverage"); `zone_names` may be NULL. */
void ky_chosen_report(ky_job *job, const ky_chosen *chosen, const char *what, const char *const *zone_names);

#endif
