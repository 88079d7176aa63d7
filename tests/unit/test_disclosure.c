/* Which counts are hidden, by hand-made tables; and that the attack finds what is not hidden well enough. */
#include <kayoi/disclosure.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define P KY_PERSON

/* A table of rows x columns; the last of each is the sum of the others. */
typedef struct grid {
  uint32_t rows, columns;
  int64_t value[400];
  uint32_t loss[400];
  uint8_t state[400], wanted[400];
  uint32_t first[128], cell[2048];
  int8_t coefficient[2048];
  int64_t sum[128], seen[400];
  uint8_t is_most[128];
  ky_counts counts;
} grid;

static void grid_equations(grid *g) {
  uint32_t terms = 0, e = 0;
  for (uint32_t r = 0; r < g->rows; r++) {
    for (uint32_t c = 0; c < g->columns; c++, terms++) {
      g->cell[terms] = r * g->columns + c;
      g->coefficient[terms] = c + 1 == g->columns ? -1 : 1;
    }
    g->first[++e] = terms;
  }
  for (uint32_t c = 0; c < g->columns; c++) {
    for (uint32_t r = 0; r < g->rows; r++, terms++) {
      g->cell[terms] = r * g->columns + c;
      g->coefficient[terms] = r + 1 == g->rows ? -1 : 1;
    }
    g->first[++e] = terms;
  }
  for (uint32_t i = 0; i < g->rows * g->columns; i++) g->loss[i] = 10;
  g->counts = (ky_counts){.count = g->rows * g->columns,
                          .value = g->value,
                          .loss = g->loss,
                          .state = g->state,
                          .equation_count = e,
                          .first = g->first,
                          .cell = g->cell,
                          .coefficient = g->coefficient};
}

/* Whole people inside, the sums are worked out. */
static void grid_make(grid *g, uint32_t rows, uint32_t columns, const int64_t *people) {
  memset(g, 0, sizeof *g);
  g->rows = rows;
  g->columns = columns;
  for (uint32_t r = 0; r + 1 < rows; r++) {
    for (uint32_t c = 0; c + 1 < columns; c++) {
      const int64_t value = people[r * (columns - 1) + c] * P;
      g->value[r * columns + c] = value;
      g->value[r * columns + columns - 1] += value;
      g->value[(rows - 1) * columns + c] += value;
      g->value[rows * columns - 1] += value;
    }
  }
  grid_equations(g);
}

static ky_counts_done grid_hide(grid *g, bool with_companions) {
  ky_job job;
  ky_counts_done done;
  const ky_counts_opts opts = {.threshold = 10 * P, .with_companions = with_companions};
  ky_job_init(&job, 1);
  assert_null(ky_counts_check(&g->counts));
  assert_int_equal(ky_counts_hide(&job, &opts, &g->counts, &done), KY_OK);
  ky_job_free(&job);
  return done;
}

static ky_attack_found grid_attack(grid *g) {
  ky_job job;
  ky_attack_found found;
  for (uint32_t i = 0; i < g->counts.count; i++) {
    g->seen[i] = g->state[i] == KY_COUNT_SHOWN || g->state[i] == KY_COUNT_KNOWN ? g->value[i] : KY_NULL;
    g->wanted[i] = g->state[i] == KY_COUNT_SMALL;
  }
  const ky_attack attack = {.count = g->counts.count,
                            .value = g->seen,
                            .equation_count = g->counts.equation_count,
                            .first = g->first,
                            .cell = g->cell,
                            .coefficient = g->coefficient,
                            .sum = g->sum,
                            .is_most = g->is_most};
  ky_job_init(&job, 1);
  assert_int_equal(ky_attack_run(&job, &attack, g->wanted, 10 * P, 0, &found), KY_OK);
  ky_job_free(&job);
  return found;
}

/* Three zones by sex:
 *            men women all
 *   A          4    30  34      4 is small: its row needs a second one (women or all), its column another zone
 *   B         50    60 110
 *   C         70    80 150
 *   town     124   170 294
 * Four corners of a rectangle are the least: A men, A women, and the same of B or C; never the town's row. */
static void three_zones_by_sex(void **state) {
  (void)state;
  static const int64_t people[] = {4, 30, 50, 60, 70, 80};
  grid g;
  grid_make(&g, 4, 3, people);
  for (uint32_t i = 0; i < 12; i++) g.loss[i] = i >= 9 || i % 3 == 2 ? 40 : 10; /* totals matter more */
  const ky_counts_done done = grid_hide(&g, true);
  assert_int_equal(done.small, 1);
  assert_int_equal(done.companions, 3);
  assert_int_equal(done.bare, 0);
  assert_int_equal(g.state[0], KY_COUNT_SMALL);
  assert_int_equal(g.state[1], KY_COUNT_COMPANION);
  assert_true((g.state[3] == KY_COUNT_COMPANION && g.state[4] == KY_COUNT_COMPANION) ||
              (g.state[6] == KY_COUNT_COMPANION && g.state[7] == KY_COUNT_COMPANION));
  const ky_attack_found found = grid_attack(&g);
  assert_int_equal(found.recovered, 0);
  assert_int_equal(found.narrowed, 0);
}

/* The same without companions: the attack finds 4, by its row and by its column. */
static void without_companions_it_is_found(void **state) {
  (void)state;
  static const int64_t people[] = {4, 30, 50, 60, 70, 80};
  grid g;
  grid_make(&g, 4, 3, people);
  const ky_counts_done done = grid_hide(&g, false);
  assert_int_equal(done.small, 1);
  assert_int_equal(done.companions, 0);
  const ky_attack_found found = grid_attack(&g);
  assert_int_equal(found.recovered, 1);
  assert_int_equal(found.cell, 0);
  assert_int_equal(found.narrowed, 1);
  assert_int_equal(found.low, 4 * P);
  assert_int_equal(found.high, 4 * P);
}

/* Two small ones in one row hide each other exactly, but 3 + 4 = 7 says that neither is 8 or 9: one more is hidden. */
static void two_small_ones_are_not_enough(void **state) {
  (void)state;
  static const int64_t people[] = {3, 4, 90};
  grid g;
  grid_make(&g, 2, 4, people);
  g.state[4] = g.state[5] = g.state[6] = g.state[7] = KY_COUNT_LATENT; /* the row alone */
  const ky_counts_done done = grid_hide(&g, true);
  assert_int_equal(done.small, 2);
  assert_int_equal(done.companions, 1);
  assert_int_equal(grid_attack(&g).narrowed, 0);
}

/* What was published before cannot hide anything: B and C are known, so the town's row has to go too. */
static void what_is_known_hides_nothing(void **state) {
  (void)state;
  static const int64_t people[] = {4, 30, 50, 60, 70, 80};
  grid g;
  grid_make(&g, 4, 3, people);
  for (uint32_t i = 3; i < 9; i++) g.state[i] = KY_COUNT_KNOWN;
  assert_int_equal(grid_hide(&g, true).bare, 0);
  assert_int_equal(g.state[9], KY_COUNT_COMPANION);
  assert_int_equal(grid_attack(&g).recovered, 0);
  grid_make(&g, 4, 3, people);
  for (uint32_t i = 3; i < 12; i++) g.state[i] = KY_COUNT_KNOWN;
  const ky_counts_done done = grid_hide(&g, true); /* nothing is left to hide it with */
  assert_int_equal(done.bare, 1);
  assert_int_equal(done.first_bare, 0);
  assert_int_equal(grid_attack(&g).recovered, 1);
}

static uint32_t next_number(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

/* 200 small towns: zones x kinds with many small counts. Nothing is found; without companions nearly always something
 * is. */
static void random_towns(void **state) {
  (void)state;
  uint32_t seed = 7, found_without = 0, companions = 0;
  static grid g;
  for (int town = 0; town < 200; town++) {
    int64_t people[19 * 5];
    const uint32_t zones = 2 + next_number(&seed) % 10, kinds = 2 + next_number(&seed) % 4;
    for (uint32_t i = 0; i < zones * kinds; i++) {
      const uint32_t size = next_number(&seed) % 4;
      people[i] = next_number(&seed) % (size == 0 ? 1u : size == 1 ? 12u : size == 2 ? 60u : 900u);
    }
    grid_make(&g, zones + 1, kinds + 1, people);
    const ky_counts_done done = grid_hide(&g, true);
    companions += done.companions;
    assert_int_equal(done.bare, 0);
    const ky_attack_found found = grid_attack(&g);
    assert_int_equal(found.recovered, 0);
    assert_int_equal(found.narrowed, 0);
    grid_make(&g, zones + 1, kinds + 1, people);
    grid_hide(&g, false);
    found_without += grid_attack(&g).recovered != 0;
  }
  assert_true(found_without > 100);
  assert_true(companions > 200);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(three_zones_by_sex),
      cmocka_unit_test(without_companions_it_is_found),
      cmocka_unit_test(two_small_ones_are_not_enough),
      cmocka_unit_test(what_is_known_hides_nothing),
      cmocka_unit_test(random_towns),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
