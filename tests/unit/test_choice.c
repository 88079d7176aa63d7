/* The tree and CBC without a good set to begin with: each finds the best set by itself. */
#include "core/choice.h"
#include "solve/process.h"
#include "town.h"

#include <math.h>

#define N 16
#define M 60

typedef struct random_choice {
  int64_t weight[M];
  uint64_t first[N + 1];
  uint32_t demand[N * M], cost[N * M], base[M];
  ky_choices choices;
} random_choice;

static void fill(uint64_t *seed, ky_objective objective, random_choice *r) {
  uint64_t n = 0;
  memset(r, 0, sizeof *r);
  for (uint32_t d = 0; d < M; d++) {
    r->weight[d] = 1 + (int64_t)(town_random(seed) % 9);
    r->base[d] = 90;
  }
  for (uint32_t c = 0; c < N; c++) {
    for (uint32_t d = 0; d < M; d++) {
      if (town_random(seed) % 4 != 0) continue;
      r->cost[n] = (uint32_t)(town_random(seed) % 90);
      r->demand[n++] = d;
    }
    r->first[c + 1] = n;
  }
  r->choices = (ky_choices){.objective = objective,
                            .candidate_count = N,
                            .demand_count = M,
                            .weight = r->weight,
                            .first = r->first,
                            .demand = r->demand,
                            .cost = r->cost,
                            .base = r->base};
}

/* Best savings by the tree alone, and by CBC alone. */
static void check_alone(const random_choice *r, uint64_t places, ky_objective objective) {
  const ky_solve_opts opts = ky_solve_defaults();
  ky_until until = {.ms = 1e18};
  ky_job job;
  ky_choice *choice;
  ky_chosen chosen;
  ky_pick best;
  ky_bound known;
  ky_job_init(&job, 1);
  assert_int_equal(ky_choices_prepare(&job, &r->choices, &choice), KY_OK);
  assert_int_equal(ky_choose_best(&job, choice, places, &opts, &chosen), KY_OK);
  assert_int_equal(chosen.end, KY_SOLVE_PROVEN);
  int64_t saving = objective == KY_BY_WALK ? choice->base_value - chosen.value : chosen.value;
  assert_int_equal(ky_pick_new(&job, choice, &best), KY_OK);
  assert_int_equal(ky_choice_bound(&job, choice, places, KY_NULL, 0, &until, &best, &known), KY_OK);
  assert_false(known.is_proven);
  uint8_t decided[N];
  memcpy(decided, known.decided, choice->candidate_count);
  int64_t aim = known.aim;
  assert_int_equal(ky_choice_branch(&job, KY_NULL, UINT64_C(1) << 40, &until, &best, &known), KY_OK);
  assert_true(known.is_proven);
  assert_int_equal(best.saving, saving);
  ky_model model;
  ky_process_end end;
  ky_model_answer answer;
  uint8_t set[N];
  memcpy(known.decided, decided, choice->candidate_count);
  known.aim = aim;
  until = (ky_until){.ms = 1e15};
  assert_int_equal(ky_model_make(&job, choice, places, &known, opts.size_limit, &model), KY_OK);
  assert_int_equal(ky_process_solve(&job, &model, &opts, &until, &end, &answer, set), KY_OK);
  assert_int_equal(end, KY_PROCESS_ANSWERED);
  assert_int_equal(answer.end, KY_MODEL_PROVEN);
  assert_int_equal(llround((double)model.fixed - answer.bound / model.unit), saving);
  ky_job_free(&job);
}

static void test_alone(void **state) {
  (void)state;
  uint64_t seed = 3;
  for (uint32_t i = 0; i < 12; i++) {
    static random_choice r;
    ky_objective objective = i % 2 == 0 ? KY_BY_COVERAGE : KY_BY_WALK;
    print_message("seed %llu\n", (unsigned long long)seed);
    fill(&seed, objective, &r);
    check_alone(&r, 4 + i % 9, objective);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_alone)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
