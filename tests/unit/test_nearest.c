/* The k nearest sources against one field per source: random networks with parallel streets, loops, islands, equal
 * lengths, sources and places on the same street, fewer sources than k; and towns with a core left after contraction.
 */
#include "town.h"

/* Lines on a coarse grid, so that ties and parallel streets come often. */
static void random_lines(uint64_t *seed, town_lines *lines) {
  uint32_t side = 2 + (uint32_t)(town_random(seed) % 6), count = 1 + (uint32_t)(town_random(seed) % 40);
  lines->count = lines->vertex_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    double x = (double)(town_random(seed) % side) * 100, y = (double)(town_random(seed) % side) * 100;
    double to_x = (double)(town_random(seed) % side) * 100, to_y = (double)(town_random(seed) % side) * 100 + 50;
    town_line(lines, 3, (const double[][2]){{x, y}, {x + 50, y + 50}, {to_x, to_y}});
  }
}

static void random_blocks(uint64_t *seed, uint32_t side, town_lines *lines) {
  lines->count = lines->vertex_count = 0;
  for (uint32_t y = 0; y < side; y++) {
    for (uint32_t x = 0; x < side; x++) {
      double ax = x * 90, ay = y * 90;
      if (x + 1 < side && town_random(seed) % 8 != 0) town_line(lines, 2, (const double[][2]){{ax, ay}, {ax + 90, ay}});
      if (y + 1 < side && town_random(seed) % 8 != 0) town_line(lines, 2, (const double[][2]){{ax, ay}, {ax, ay + 90}});
      if (x + 4 < side && y + 3 < side && town_random(seed) % 40 == 0)
        town_line(lines, 2, (const double[][2]){{ax, ay}, {ax + 360, ay + 270}});
    }
  }
}

/* Some streets cost more than their length. */
static void random_costs(uint64_t *seed, ky_network *network) {
  for (uint32_t e = 0; e < network->edge_count; e++)
    network->cost_mm[e] = network->length_mm[e] + (uint32_t)(town_random(seed) % 3) * 10000;
}

static int ascending(const void *a, const void *b) {
  const uint64_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* cost << 32 | source of every source for every place, from a field of that source alone: all[place * sources + s]. */
static void one_by_one(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                       const ky_anchors *sources, const int8_t *use, const ky_anchors *places, uint64_t *all) {
  int8_t *alone = ky_arena_alloc(&job->keep, sources->count, 1);
  for (uint32_t s = 0; s < sources->count; s++) {
    ky_field field;
    ky_walks walks;
    alone[s] = use[s];
    assert_int_equal(ky_walk_field(job, network, contraction, sources, alone, &field), KY_OK);
    assert_int_equal(ky_walk_places(job, network, &field, sources, alone, places, &walks), KY_OK);
    for (uint32_t i = 0; i < places->count; i++)
      all[(size_t)i * sources->count + s] = (uint64_t)walks.walk_mm[i] << 32 | s;
    alone[s] = 0;
  }
  for (uint32_t i = 0; i < places->count; i++)
    qsort(all + (size_t)i * sources->count, sources->count, sizeof *all, ascending);
}

static void compare(const ky_nearest *found, const uint64_t *all, uint32_t source_count, uint32_t trial) {
  for (uint32_t i = 0; i < found->count; i++) {
    for (uint32_t r = 0; r < found->k; r++) {
      uint64_t expected = r < source_count ? all[(size_t)i * source_count + r] : UINT64_MAX;
      uint32_t walk_mm = (uint32_t)(expected >> 32), source = walk_mm == KY_NONE ? KY_NONE : (uint32_t)expected;
      if (found->walk_mm[(size_t)i * found->k + r] != walk_mm || found->source[(size_t)i * found->k + r] != source)
        fail_msg("trial %u: place %u rank %u: %u of source %u, expected %u of %u", trial, i, r,
                 found->walk_mm[(size_t)i * found->k + r], found->source[(size_t)i * found->k + r], walk_mm, source);
    }
  }
}

static void check_town(const town_lines *lines, uint64_t *seed, uint32_t source_count, int threads, uint32_t trial) {
  ky_job job;
  ky_ways ways;
  ky_network network;
  ky_contraction contraction;
  ky_nearest found;
  ky_job_init(&job, threads);
  town_ways(&job, lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
  random_costs(seed, &network);
  assert_int_equal(ky_contract(&job, &network, &contraction), KY_OK);
  ky_anchors sources = town_anchors(&job, source_count), places = town_anchors(&job, 60);
  town_random_anchors(seed, &network, &sources);
  town_random_anchors(seed, &network, &places);
  for (uint32_t i = 0; i < 20; i++) { /* as many share the street of a source */
    places.edge[i] = sources.edge[i % source_count];
    uint32_t length = places.edge[i] == KY_NONE ? 0 : network.length_mm[places.edge[i]];
    places.along_mm[i] = (uint32_t)(town_random(seed) % (length + 1));
  }
  int8_t *use = ky_arena_alloc(&job.keep, source_count, 1);
  uint64_t *all = ky_arena_alloc(&job.keep, (size_t)source_count * places.count, sizeof *all);
  for (uint32_t s = 0; s < source_count; s++) use[s] = town_random(seed) % 5 != 0;
  one_by_one(&job, &network, &contraction, &sources, use, &places, all);
  for (uint32_t k = 1; k <= KY_NEAREST_MAX; k += k < 3 ? 1 : 7) {
    assert_int_equal(ky_nearest_places(&job, &network, &contraction, &sources, use, &places, k, &found), KY_OK);
    compare(&found, all, source_count, trial);
  }
  ky_job_free(&job);
}

static void test_random_networks(void **state) {
  (void)state;
  static town_lines lines;
  uint64_t seed = 20261122;
  for (uint32_t trial = 0; trial < 200; trial++) {
    random_lines(&seed, &lines);
    check_town(&lines, &seed, 1 + (uint32_t)(town_random(&seed) % 12), 1 + (int)(trial % 2), trial);
  }
}

static void test_blocks(void **state) {
  (void)state;
  static town_lines lines;
  uint64_t seed = 5;
  for (uint32_t trial = 0; trial < 6; trial++) {
    random_blocks(&seed, 12 + 5 * trial, &lines);
    check_town(&lines, &seed, 5 + 8 * trial, 2, trial);
  }
}

/* A thousand sources at one place: the lowest three, at one cost. */
static void test_many_at_one_place(void **state) {
  (void)state;
  enum { MANY = 1000 };
  static town_lines lines;
  uint64_t seed = 3;
  ky_job job;
  ky_ways ways;
  ky_network network;
  ky_contraction contraction;
  ky_nearest found;
  ky_job_init(&job, 2);
  random_blocks(&seed, 12, &lines);
  town_ways(&job, &lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
  assert_int_equal(ky_contract(&job, &network, &contraction), KY_OK);
  ky_anchors sources = town_anchors(&job, MANY), places = town_anchors(&job, 200);
  town_random_anchors(&seed, &network, &places);
  for (uint32_t s = 0; s < MANY; s++) {
    sources.edge[s] = network.edge_count / 2;
    sources.along_mm[s] = sources.access_mm[s] = 1000;
  }
  assert_int_equal(ky_nearest_places(&job, &network, &contraction, &sources, NULL, &places, 3, &found), KY_OK);
  uint32_t reached = 0;
  for (uint32_t i = 0; i < places.count; i++) {
    if (found.source[3 * i] == KY_NONE) continue;
    reached++;
    for (uint32_t r = 0; r < 3; r++) {
      assert_int_equal(found.source[3 * i + r], r);
      assert_int_equal(found.walk_mm[3 * i + r], found.walk_mm[3 * i]);
    }
  }
  assert_true(reached > 100);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_networks),
      cmocka_unit_test(test_blocks),
      cmocka_unit_test(test_many_at_one_place),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
