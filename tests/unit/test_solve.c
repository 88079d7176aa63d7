/* Choosing places against every set of candidates on random small problems; what ends a search early; bad problems. */
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "own_folder.h"
#include "town.h"

#define CANDIDATES 13
#define DEMAND     40
#define ZONES      3

typedef struct problem {
  ky_choices choices;
  int64_t weight[DEMAND], floor[ZONES];
  uint64_t first[CANDIDATES + 1];
  uint32_t demand[CANDIDATES * DEMAND * 2], cost[CANDIDATES * DEMAND * 2], base[DEMAND], price[CANDIDATES];
  uint32_t zone[DEMAND], seats[CANDIDATES];
  uint8_t is_given[CANDIDATES];
  uint64_t budget;
} problem;

typedef struct kind {
  ky_objective objective;
  bool has_prices, has_given, has_floors;
} kind;

static uint32_t below(uint64_t *seed, uint32_t limit) {
  return (uint32_t)(town_random(seed) % limit);
}

static void random_problem(uint64_t *seed, kind of, problem *p) {
  memset(p, 0, sizeof *p);
  const bool is_hard = below(seed, 3) == 0 &&
                       of.objective != KY_BY_SEATS; /* many places that each serve a little: bounds are some way off */
  uint32_t n = is_hard ? CANDIDATES : 1 + below(seed, 9), m = is_hard ? DEMAND : 1 + below(seed, 24), entries = 0;
  const uint32_t few = below(seed, 2) == 0 ? 3 : 5000; /* few different weights: many ties */
  const uint32_t share = is_hard ? 4 : 2 + below(seed, 4);
  for (uint32_t d = 0; d < m; d++) {
    p->weight[d] = below(seed, few);
    p->base[d] = 20 + below(seed, 60);
    p->zone[d] = below(seed, ZONES + 1);
    if (p->zone[d] == ZONES) p->zone[d] = KY_NONE;
  }
  for (uint32_t c = 0; c < n; c++) {
    for (uint32_t d = 0; d < m; d++) {
      if (below(seed, share) != 0) continue;
      for (uint32_t twice = 0; twice < (below(seed, 9) == 0 ? 2 : 1); twice++) {
        p->cost[entries] = below(seed, 100);
        p->demand[entries++] = d;
      }
    }
    p->first[c + 1] = entries;
    p->price[c] = 1 + below(seed, 9);
    p->is_given[c] = below(seed, 6) == 0;
    p->seats[c] = below(seed, 3 * few);
  }
  for (uint32_t z = 0; z < ZONES; z++) p->floor[z] = below(seed, 2) == 0 ? 0 : below(seed, 3 * few);
  p->budget = of.has_prices ? below(seed, 30) : below(seed, n + 2);
  if (is_hard) p->budget = of.has_prices ? 12 + below(seed, 20) : 3 + below(seed, 4);
  p->choices = (ky_choices){.objective = of.objective,
                            .candidate_count = n,
                            .demand_count = m,
                            .weight = p->weight,
                            .first = p->first,
                            .demand = p->demand};
  if (of.objective == KY_BY_WALK) p->choices.cost = p->cost;
  if (of.objective == KY_BY_WALK) p->choices.base = p->base;
  if (of.objective == KY_BY_SEATS) p->choices.seats = p->seats;
  if (of.has_prices) p->choices.price = p->price;
  if (of.has_given) p->choices.is_given = p->is_given;
  if (!of.has_floors) return;
  p->choices.zone = p->zone;
  p->choices.zone_count = ZONES;
  p->choices.floor = p->floor;
}

static uint32_t given_of(const problem *p) {
  uint32_t set = 0;
  for (uint32_t c = 0; p->choices.is_given != NULL && c < p->choices.candidate_count; c++)
    if (p->is_given[c]) set |= UINT32_C(1) << c;
  return set;
}

static uint64_t price_of(const problem *p, uint32_t set) {
  uint64_t price = 0;
  for (uint32_t c = 0; c < p->choices.candidate_count; c++)
    if (set >> c & 1) price += p->choices.price != NULL ? p->price[c] : 1;
  return price;
}

/* Most weight that finds a seat: by Hall's theorem for flows, the least over sets of demand of (what is outside the set
 * and in reach) + (seats that the set can reach); over sets of places it is as well, and those are fewer. */
static int64_t seated(const problem *p, uint32_t set) {
  int64_t best = INT64_MAX;
  for (uint32_t cut = set;; cut = (cut - 1) & set) { /* these places are full, whoever reaches another one is seated */
    int64_t sum = 0;
    for (uint32_t c = 0; c < p->choices.candidate_count; c++)
      if (cut >> c & 1) sum += p->seats[c];
    for (uint32_t d = 0; d < p->choices.demand_count; d++) {
      bool reaches = false;
      for (uint32_t c = 0; c < p->choices.candidate_count; c++)
        for (uint64_t e = p->first[c]; e < p->first[c + 1]; e++)
          reaches |= p->demand[e] == d && ((set & ~cut) >> c & 1) != 0;
      if (reaches) sum += p->weight[d];
    }
    if (sum < best) best = sum;
    if (cut == 0) return best;
  }
}

/* What a set is worth, and what it covers in each zone. */
static int64_t value_of(const problem *p, uint32_t set, int64_t *covered) {
  int64_t value = 0;
  memset(covered, 0, ZONES * sizeof *covered);
  if (p->choices.objective == KY_BY_SEATS) return seated(p, set);
  uint32_t least[DEMAND];
  memset(least, 0xff, sizeof least);
  for (uint32_t c = 0; c < p->choices.candidate_count; c++)
    for (uint64_t e = p->first[c]; (set >> c & 1) && e < p->first[c + 1]; e++)
      if (p->cost[e] < least[p->demand[e]]) least[p->demand[e]] = p->cost[e];
  for (uint32_t d = 0; d < p->choices.demand_count; d++) {
    if (p->choices.objective == KY_BY_WALK) value += p->weight[d] * (least[d] < p->base[d] ? least[d] : p->base[d]);
    if (p->choices.objective == KY_BY_COVERAGE && least[d] != KY_NONE) value += p->weight[d];
    if (least[d] != KY_NONE && p->zone[d] != KY_NONE) covered[p->zone[d]] += p->weight[d];
  }
  return value;
}

static bool keeps_floors(const problem *p, const int64_t *covered) {
  for (uint32_t z = 0; p->choices.floor != NULL && z < ZONES; z++)
    if (covered[z] < p->floor[z]) return false;
  return true;
}

/* The best allowed set by looking at all of them; false: there is none. */
static bool best_of_all(const problem *p, int64_t *best) {
  const uint32_t given = given_of(p);
  bool is_found = false;
  for (uint32_t set = 0; set < UINT32_C(1) << p->choices.candidate_count; set++) {
    int64_t covered[ZONES];
    if ((set & given) != given || price_of(p, set) > p->budget) continue;
    int64_t value = value_of(p, set, covered);
    if (!keeps_floors(p, covered)) continue;
    if (!is_found || (p->choices.objective == KY_BY_WALK ? value < *best : value > *best)) *best = value;
    is_found = true;
  }
  return is_found;
}

static uint32_t set_of(const ky_chosen *chosen) {
  uint32_t set = 0;
  for (uint32_t i = 0; i < chosen->count; i++) {
    if (i != 0) assert_true(chosen->candidate[i - 1] < chosen->candidate[i]);
    set |= UINT32_C(1) << chosen->candidate[i];
  }
  return set;
}

/* The answer is what it says it is, and the best one. */
static void check_answer(const problem *p, const ky_chosen *chosen) {
  const uint32_t set = set_of(chosen);
  int64_t covered[ZONES], best = 0;
  assert_int_equal(chosen->value, value_of(p, set, covered));
  assert_int_equal(chosen->price, price_of(p, set));
  assert_int_equal(set & given_of(p), given_of(p));
  if (!best_of_all(p, &best)) {
    assert_int_equal(chosen->end, KY_SOLVE_IMPOSSIBLE);
    assert_false(chosen->is_allowed);
    return;
  }
  assert_true(chosen->is_allowed);
  assert_true(keeps_floors(p, covered));
  assert_true(chosen->price <= p->budget);
  assert_int_equal(chosen->end, KY_SOLVE_PROVEN);
  assert_int_equal(chosen->value, best);
  assert_int_equal(chosen->bound, best);
  assert_int_equal(ky_chosen_gap(chosen), 0);
}

static void ask(const problem *p, int threads, const ky_solve_opts *opts, ky_job *job, ky_chosen *chosen) {
  ky_choice *choice;
  ky_job_init(job, threads);
  assert_int_equal(ky_choices_prepare(job, &p->choices, &choice), KY_OK);
  assert_int_equal(ky_choose_best(job, choice, p->budget, opts, chosen), KY_OK);
}

static void check_kind(kind of, uint32_t count) {
  const ky_solve_opts opts = ky_solve_defaults();
  ky_solve_opts by_cbc = opts;
  by_cbc.work_limit = 1; /* one bound, and all the rest for CBC */
  uint64_t seed = 20261121 + of.objective * 8 + of.has_prices * 4 + of.has_given * 2 + of.has_floors;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t before = seed;
    static problem p;
    ky_job job, again;
    ky_chosen chosen, other;
    random_problem(&seed, of, &p);
    print_message("seed %llu\n", (unsigned long long)before);
    ask(&p, 1, &opts, &job, &chosen);
    check_answer(&p, &chosen);
    ask(&p, 3, &opts, &again, &other);
    assert_int_equal(set_of(&chosen), set_of(&other));
    assert_int_equal(chosen.bound, other.bound);
    ky_job_free(&again);
    ky_job_free(&job);
    if (i % 2 != 0) continue;
    ask(&p, 1, &by_cbc, &job, &chosen);
    check_answer(&p, &chosen);
    ky_job_free(&job);
  }
}

static void test_coverage(void **state) {
  (void)state;
  check_kind((kind){KY_BY_COVERAGE, false, false, false}, 150);
  check_kind((kind){KY_BY_COVERAGE, false, true, false}, 50);
}

static void test_coverage_budget(void **state) {
  (void)state;
  check_kind((kind){KY_BY_COVERAGE, true, false, false}, 100);
  check_kind((kind){KY_BY_COVERAGE, true, true, false}, 50);
}

static void test_coverage_floors(void **state) {
  (void)state;
  check_kind((kind){KY_BY_COVERAGE, false, false, true}, 100);
  check_kind((kind){KY_BY_COVERAGE, true, true, true}, 100);
}

static void test_walk(void **state) {
  (void)state;
  check_kind((kind){KY_BY_WALK, false, false, false}, 100);
  check_kind((kind){KY_BY_WALK, true, true, false}, 100);
}

static void test_seats(void **state) {
  (void)state;
  check_kind((kind){KY_BY_SEATS, false, false, false}, 60);
  check_kind((kind){KY_BY_SEATS, true, true, false}, 60);
}

/* The smallest set that reaches a goal, by looking at all of them. */
static void test_smallest(void **state) {
  (void)state;
  const ky_solve_opts opts = ky_solve_defaults();
  uint64_t seed = 7;
  for (uint32_t i = 0; i < 150; i++) {
    static problem p;
    ky_job job;
    ky_choice *choice;
    ky_chosen chosen;
    print_message("seed %llu\n", (unsigned long long)seed);
    random_problem(&seed, (kind){KY_BY_COVERAGE, false, i % 3 == 0, i % 2 == 0}, &p);
    int64_t sum = 0, covered[ZONES], most = 0, goal;
    for (uint32_t d = 0; d < p.choices.demand_count; d++) sum += p.weight[d];
    goal = below(&seed, (uint32_t)sum + 2);
    uint32_t least = KY_NONE;
    for (uint32_t set = 0; set < UINT32_C(1) << p.choices.candidate_count; set++) {
      if ((set & given_of(&p)) != given_of(&p) || value_of(&p, set, covered) < goal || !keeps_floors(&p, covered))
        continue;
      uint32_t places = (uint32_t)__builtin_popcount(set);
      int64_t value = value_of(&p, set, covered);
      if (places > least || (places == least && value <= most)) continue;
      least = places;
      most = value;
    }
    ky_job_init(&job, 2);
    assert_int_equal(ky_choices_prepare(&job, &p.choices, &choice), KY_OK);
    assert_int_equal(ky_choose_smallest(&job, choice, goal, &opts, &chosen), KY_OK);
    assert_int_equal(chosen.least_count, least);
    assert_int_equal(chosen.is_allowed, least != KY_NONE);
    assert_int_equal(chosen.end, least == KY_NONE ? KY_SOLVE_IMPOSSIBLE : KY_SOLVE_PROVEN);
    assert_int_equal(chosen.value, value_of(&p, set_of(&chosen), covered));
    if (least != KY_NONE) {
      assert_int_equal(chosen.count, least);
      assert_int_equal(chosen.value, most);
      assert_true(keeps_floors(&p, covered));
    }
    ky_job_free(&job);
  }
}

/* Four places in a row serve 10, 20, 30, 40 people each; zone 1 is the last one. */
static ky_choices row_of_four(void) {
  static const int64_t weight[] = {10, 20, 30, 40};
  static const uint64_t first[] = {0, 1, 2, 3, 4};
  static const uint32_t demand[] = {0, 1, 2, 3}, zone[] = {0, 0, 0, 1};
  return (ky_choices){.objective = KY_BY_COVERAGE,
                      .candidate_count = 4,
                      .demand_count = 4,
                      .weight = weight,
                      .first = first,
                      .demand = demand,
                      .zone = zone,
                      .zone_count = 2};
}

static void ask_for(const ky_choices *choices, uint64_t budget, ky_job *job, ky_chosen *chosen) {
  const ky_solve_opts opts = ky_solve_defaults();
  ky_choice *choice;
  ky_job_init(job, 1);
  assert_int_equal(ky_choices_prepare(job, choices, &choice), KY_OK);
  assert_int_equal(ky_choose_best(job, choice, budget, &opts, chosen), KY_OK);
}

static void test_impossible_floors(void **state) {
  (void)state;
  static const char *const names[] = {"north", "south"};
  const int64_t too_much[] = {0, 41}, too_few_places[] = {31, 40};
  ky_choices choices = row_of_four();
  ky_job job;
  ky_chosen chosen;
  choices.floor = too_much;
  ask_for(&choices, 2, &job, &chosen);
  assert_int_equal(chosen.end, KY_SOLVE_IMPOSSIBLE);
  assert_int_equal(chosen.short_zone, 1);
  assert_int_equal(chosen.short_value, 40);
  assert_int_equal(chosen.short_bound, 40);
  ky_chosen_report(&job, &chosen, "2 sites", names);
  assert_int_equal(job.issues.count, 1);
  assert_string_equal(job.issues.rows[0].reason, "floor_impossible");
  assert_string_equal(job.issues.rows[0].record, "south");
  assert_non_null(strstr(job.issues.rows[0].message, "0.040"));
  ky_job_free(&job);
  choices.floor = too_few_places;
  ask_for(&choices, 1, &job, &chosen); /* the south's place leaves least to be wished for */
  assert_int_equal(chosen.end, KY_SOLVE_IMPOSSIBLE);
  assert_int_equal(chosen.candidate[0], 3);
  assert_int_equal(chosen.short_zone, 0);
  assert_int_equal(chosen.short_value, 0);
  assert_int_equal(chosen.short_bound, 30);
  ky_job_free(&job);
  ask_for(&choices, 3, &job, &chosen);
  assert_int_equal(chosen.end, KY_SOLVE_PROVEN);
  assert_int_equal(chosen.value, 90);
  ky_job_free(&job);
}

/* Nothing to choose from, nobody to serve, more places than there are, equal candidates, weights of 0. */
static void test_edges(void **state) {
  (void)state;
  static const int64_t none[] = {0, 0, 0, 0};
  static const uint64_t no_list[] = {0}, twins[] = {0, 2, 4, 6};
  static const uint32_t pairs[] = {0, 1, 1, 0, 0, 1};
  ky_choices choices = row_of_four();
  ky_job job;
  ky_chosen chosen;
  ask_for(&choices, 1000, &job, &chosen);
  assert_int_equal(chosen.count, 4);
  assert_int_equal(chosen.value, 100);
  assert_int_equal(chosen.end, KY_SOLVE_PROVEN);
  ky_job_free(&job);
  ask_for(&choices, 0, &job, &chosen);
  assert_int_equal(chosen.count, 0);
  assert_int_equal(chosen.end, KY_SOLVE_PROVEN);
  ky_job_free(&job);
  choices.weight = none;
  ask_for(&choices, 2, &job, &chosen);
  assert_int_equal(chosen.count, 0);
  assert_int_equal(chosen.bound, 0);
  assert_int_equal(chosen.end, KY_SOLVE_PROVEN);
  ky_job_free(&job);
  choices = row_of_four();
  choices.candidate_count = 0;
  choices.first = no_list;
  ask_for(&choices, 2, &job, &chosen);
  assert_int_equal(chosen.count, 0);
  assert_int_equal(chosen.end, KY_SOLVE_PROVEN);
  ky_job_free(&job);
  choices = row_of_four();
  choices.candidate_count = 3;
  choices.first = twins;
  choices.demand = pairs;
  ask_for(&choices, 2, &job, &chosen); /* three that serve the same: the lowest is enough */
  assert_int_equal(chosen.count, 1);
  assert_int_equal(chosen.candidate[0], 0);
  ky_job_free(&job);
}

static void check_refused(const ky_choices *choices, const char *text) {
  ky_job job;
  ky_choice *choice;
  ky_job_init(&job, 1);
  assert_int_equal(ky_choices_prepare(&job, choices, &choice), KY_E_INPUT);
  assert_non_null(strstr(job.message, text));
  ky_job_free(&job);
}

static void test_refused(void **state) {
  (void)state;
  static const int64_t negative[] = {1, -2, 3, 4}, huge[] = {INT64_MAX / 5, INT64_MAX / 5, 1, 1};
  static const int64_t large[] = {INT64_MAX / 1000, 1, 1, 1};
  static const uint32_t free_of_charge[] = {1, 2, 0, 4}, base[] = {1000000, 1, 1, 1}, cost[] = {1, 1, 1, 1};
  ky_choices choices = row_of_four();
  choices.weight = negative;
  check_refused(&choices, "demand 1 is negative");
  choices.weight = huge;
  check_refused(&choices, "larger units");
  choices = row_of_four();
  choices.price = free_of_charge;
  check_refused(&choices, "candidate 2");
  choices = row_of_four();
  choices.objective = KY_BY_WALK;
  choices.weight = large;
  choices.base = base;
  choices.cost = cost;
  check_refused(&choices, "larger units");
}

/* Each place of a circle serves itself and the 4th, 10th and 18th after it: the linear relaxation is far from any set.
 */
#define CIRCLE 31
static void circle(int64_t *weight, uint64_t *first, uint32_t *demand, ky_choices *choices) {
  uint64_t seed = 5;
  for (uint32_t c = 0; c < CIRCLE; c++) {
    weight[c] = 1000 + below(&seed, 10);
    first[c + 1] = 4 * (uint64_t)(c + 1);
    for (uint32_t i = 0; i < 4; i++) demand[4 * c + i] = (c + i * (i + 3)) % CIRCLE;
  }
  *choices = (ky_choices){.objective = KY_BY_COVERAGE,
                          .candidate_count = CIRCLE,
                          .demand_count = CIRCLE,
                          .weight = weight,
                          .first = first,
                          .demand = demand};
}

/* The circle's answer when the solver is this program. */
static void ask_circle(const ky_solve_opts *opts, ky_job *job, ky_chosen *chosen) {
  static int64_t weight[CIRCLE];
  static uint64_t first[CIRCLE + 1];
  static uint32_t demand[4 * CIRCLE];
  ky_choices choices;
  ky_choice *choice;
  circle(weight, first, demand, &choices);
  ky_job_init(job, 2);
  assert_int_equal(ky_choices_prepare(job, &choices, &choice), KY_OK);
  assert_int_equal(ky_choose_best(job, choice, 7, opts, chosen), KY_OK);
}

/* A script in the test's folder that stands for kayoi-solver. */
static const char *script(const char *name, const char *body) {
  const char *path = path_in(name);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fprintf(file, "#!/bin/sh\n%s\n", body);
  fclose(file);
  assert_int_equal(chmod(path, 0755), 0);
  return path;
}

static void check_end(const ky_solve_opts *opts, ky_solve_end end, const char *reason, const ky_chosen *best) {
  ky_job job;
  ky_chosen chosen;
  ask_circle(opts, &job, &chosen);
  assert_int_equal(chosen.end, end);
  assert_int_equal(chosen.count, 7);
  assert_true(chosen.is_allowed);
  assert_true(chosen.value <= best->value);
  assert_true(chosen.bound >= best->value);
  assert_true(ky_chosen_gap(&chosen) > 0);
  ky_chosen_report(&job, &chosen, "7 sites", NULL);
  assert_int_equal(job.issues.count, 1);
  assert_string_equal(job.issues.rows[0].reason, reason);
  ky_job_free(&job);
}

/* Whatever becomes of CBC's process, there is an answer with a true bound, and it comes in time. */
static void test_ends(void **state) {
  (void)state;
  ky_solve_opts opts = ky_solve_defaults(), other;
  opts.work_limit = 1;
  ky_job job;
  ky_chosen best;
  ask_circle(&opts, &job, &best);
  assert_int_equal(best.end, KY_SOLVE_PROVEN);
  other = opts;
  other.size_limit = 0;
  check_end(&other, KY_SOLVE_WORK, "solver_work_limit", &best);
  other = opts;
  other.time_limit_ms = 0;
  check_end(&other, KY_SOLVE_TIME, "solver_time_limit", &best);
  other = opts;
  other.memory_limit_mb = 1;
  check_end(&other, KY_SOLVE_MEMORY, "solver_memory_limit", &best);
  other = opts;
  other.program = "/nowhere/kayoi-solver";
  check_end(&other, KY_SOLVE_FAILED, "solver_failed", &best);
  other.program = script("killed", "kill -9 $$");
  check_end(&other, KY_SOLVE_FAILED, "solver_failed", &best);
  other.program = script("nonsense", "head -c 4096 /dev/zero");
  check_end(&other, KY_SOLVE_FAILED, "solver_failed", &best);
  other.program = script("echo", "cat");
  check_end(&other, KY_SOLVE_FAILED, "solver_failed", &best);
  other.program = script("short", "printf 1amy");
  check_end(&other, KY_SOLVE_FAILED, "solver_failed", &best);
  /* One that is not killed lives on, and is waited for, until it has left its mark. */
  other.program = script("hangs", "sleep 4\n: > \"$0.outlived\"");
  other.time_limit_ms = 1000;
  check_end(&other, KY_SOLVE_TIME, "solver_time_limit", &best);
  assert_int_equal(access(path_in("hangs.outlived"), F_OK), -1);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_coverage),
      cmocka_unit_test(test_coverage_budget),
      cmocka_unit_test(test_coverage_floors),
      cmocka_unit_test(test_walk),
      cmocka_unit_test(test_seats),
      cmocka_unit_test(test_smallest),
      cmocka_unit_test(test_impossible_floors),
      cmocka_unit_test(test_edges),
      cmocka_unit_test(test_refused),
      cmocka_unit_test_setup_teardown(test_ends, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
