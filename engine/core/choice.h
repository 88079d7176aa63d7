/* A problem of choosing places (solve.h), checked and made small, and what is known about its answer.
 *
 * Coverage and walk are one problem: a demand class d is served by the chosen candidate that saves most there, and the
 * sum of savings is to be largest. Coverage: saving = weight. Walk: saving = weight x (base - cost). */
#ifndef KAYOI_CHOICE_H
#define KAYOI_CHOICE_H

#include <kayoi/solve.h>

struct ky_choice {
  ky_objective objective;
  uint32_t candidate_count, demand_count; /* what is left of the problem */
  uint64_t *first;                        /* [candidates + 1] */
  uint32_t *demand;                       /* ascending in each list */
  int64_t *saving;                        /* beside demand; NULL: top of the demand */
  uint64_t *from;                         /* [demand + 1] */
  uint32_t *server;                       /* candidates of each demand, largest saving first, then lower index */
  int64_t *served;                        /* saving beside server; NULL: top */
  int64_t *top;                           /* [demand] largest saving > 0; seats: the weight */
  uint32_t *price;                        /* [candidates] */
  uint64_t *seats;                        /* seats: [candidates] */
  uint8_t *is_given;                      /* seats: [candidates]; else those given are no candidates any more */
  uint32_t *origin;                       /* [candidates] index in the problem as given */
  bool has_prices;
  uint32_t *given, given_count; /* as in the problem, ascending */
  uint64_t given_price;
  int64_t base_value;     /* of those given alone: weight covered, or weight x cost (walk) */
  int64_t total;          /* sum of top */
  uint32_t column_count;  /* 1 + zones with a floor still to be kept */
  uint32_t *column;       /* [demand] 0: no floor */
  uint32_t *column_zone;  /* [columns] */
  int64_t *floor;         /* [columns] what those given leave of it; [0] is 0 */
  int64_t *column_given;  /* [columns] covered by those given */
  uint32_t hopeless_zone; /* whose floor all candidates together do not reach, the one that lacks most; KY_NONE */
  int64_t hopeless_bound; /* what they reach there */
};

/* What candidate list entry e of demand d saves. */
static inline int64_t ky_choice_saving(const struct ky_choice *c, uint64_t e) {
  return c->saving != NULL ? c->saving[e] : c->top[c->demand[e]];
}

/* A set while it is looked for, with who serves each demand first and second. */
typedef struct ky_pick {
  uint32_t count;   /* chosen */
  uint32_t *chosen; /* [candidates] the first `count` are the set */
  uint32_t *place;  /* [candidates] index in chosen; KY_NONE: not in the set */
  int64_t *best;    /* [demand] saving of the first server; 0: none */
  int64_t *second;  /* of the second */
  uint32_t *by;     /* [demand] the first server; KY_NONE */
  int64_t *covered; /* [columns] savings per column */
  uint64_t price;
  int64_t saving;    /* sum of covered */
  int64_t shortfall; /* sum over columns of floor - covered, where positive */
} ky_pick;

ky_err ky_pick_new(ky_job *job, const struct ky_choice *choice, ky_pick *out);
void ky_pick_clear(const struct ky_choice *choice, ky_pick *pick);
void ky_pick_add(const struct ky_choice *choice, ky_pick *pick, uint32_t candidate);
void ky_pick_remove(const struct ky_choice *choice, ky_pick *pick, uint32_t candidate);
void ky_pick_copy(const struct ky_choice *choice, const ky_pick *from, ky_pick *to);
/* Less shortfall, then more saving. */
bool ky_pick_is_better(const ky_pick *a, const ky_pick *b);

/* Until when (CLOCK_MONOTONIC, ms), and whether that has passed: asked once in a while, and remembered. */
typedef struct ky_until {
  double ms;
  bool has_struck;
} ky_until;
bool ky_until_struck(ky_until *until);

/* Adds what raises the set most for its price until nothing more fits or helps. */
ky_err ky_pick_fill(ky_job *job, const struct ky_choice *choice, uint64_t budget, ky_pick *pick);
/* Changes one candidate for another, or adds one, while that makes the set better. */
ky_err ky_pick_swap(ky_job *job, const struct ky_choice *choice, uint64_t budget, ky_until *until, ky_pick *pick);

/* `from` with a few of it gone, one by chance in, and what then raises it most; *chance: any number but 0, and the
 * next. */
ky_err ky_pick_shake(ky_job *job, const struct ky_choice *choice, uint64_t budget, const ky_pick *from,
                     uint64_t *chance, ky_pick *pick);

/* What the Lagrangian bound knows: no allowed set that is better than the best one saves more than `bound`, and of
 * such sets all have the candidates that are KY_IN and none has those that are KY_OUT. */
typedef enum ky_decided { KY_FREE, KY_IN, KY_OUT } ky_decided;
struct ky_relaxation;
typedef struct ky_bound {
  int64_t bound;                    /* savings; >= the best set's once that is allowed */
  int64_t aim;                      /* sets that save less than this are of no interest */
  bool is_proven;                   /* no set reaches the aim */
  bool is_exhausted;                /* the work limit struck */
  uint8_t *decided;                 /* [candidates] ky_decided */
  struct ky_relaxation *relaxation; /* for ky_choice_branch; NULL: there is no more to know */
} ky_bound;

/* Lowers the bound and raises `best` until they meet, stop moving, or `work` list entries were looked at. goal: sets
 * that save less are of no interest, and one that does is enough; KY_NULL: the best one is wanted. */
ky_err ky_choice_bound(ky_job *job, const struct ky_choice *choice, uint64_t budget, int64_t goal, uint64_t work,
                       ky_until *until, ky_pick *best, ky_bound *out);

/* Goes on with a tree of what is open, for so much work: proves the best set (known->is_proven), or finds a better one.
 */
ky_err ky_choice_branch(ky_job *job, int64_t goal, uint64_t work, ky_until *until, ky_pick *best, ky_bound *known);
/* Least savings that are of interest: the goal; without one, more than the best set saves. */
int64_t ky_aim_of(const ky_pick *best, int64_t goal);

#endif
