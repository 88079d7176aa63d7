/* Distances against Bellman-Ford on small random networks: parallel edges, loops, islands, same-edge pairs, ties;
 * and the laws that must hold for any network. */
#include "town.h"

#define NETWORKS 200

/* Bellman-Ford over node labels (cost, source): relaxes every edge both ways until nothing changes. */
static void bellman_ford(const ky_network *network, const ky_anchors *sources, uint64_t *cost, uint32_t *source) {
  for (uint32_t v = 0; v < network->node_count; v++) {
    cost[v] = UINT64_MAX;
    source[v] = KY_NONE;
  }
  for (uint32_t s = 0; s < sources->count; s++) {
    uint32_t e = sources->edge[s];
    if (e == KY_NONE) continue;
    uint64_t to_from = (uint64_t)sources->access_mm[s] + sources->along_mm[s];
    uint64_t to_to = (uint64_t)sources->access_mm[s] + network->length_mm[e] - sources->along_mm[s];
    uint32_t end[2] = {network->edge_from[e], network->edge_to[e]};
    uint64_t c[2] = {to_from, to_to};
    for (int k = 0; k < 2; k++) {
      if (c[k] < cost[end[k]] || (c[k] == cost[end[k]] && s < source[end[k]])) {
        cost[end[k]] = c[k];
        source[end[k]] = s;
      }
    }
  }
  for (bool is_changed = true; is_changed;) {
    is_changed = false;
    for (uint32_t e = 0; e < network->edge_count; e++) {
      uint32_t end[2] = {network->edge_from[e], network->edge_to[e]};
      for (int k = 0; k < 2; k++) {
        uint32_t a = end[k], b = end[1 - k];
        if (cost[a] == UINT64_MAX) continue;
        uint64_t c = cost[a] + network->length_mm[e];
        if (c < cost[b] || (c == cost[b] && source[a] < source[b])) {
          cost[b] = c;
          source[b] = source[a];
          is_changed = true;
        }
      }
    }
  }
}

static void better(uint64_t c, uint32_t s, uint64_t *best, uint32_t *best_source) {
  if (c < *best || (c == *best && s < *best_source)) {
    *best = c;
    *best_source = s;
  }
}

static void make_field(ky_job *job, const ky_network *network, const ky_anchors *sources, const int8_t *use,
                       ky_field *out) {
  ky_contraction contraction;
  assert_int_equal(ky_contract(job, network, &contraction), KY_OK);
  assert_null(ky_contraction_check(&contraction));
  assert_int_equal(ky_walk_field(job, network, &contraction, sources, use, out), KY_OK);
}

/* The walk of a place by its own definition: through either end of its edge, or along the edge itself. */
static uint64_t place_walk(const ky_network *network, const ky_anchors *sources, const ky_anchors *places, uint32_t i,
                           const uint64_t *cost, const uint32_t *source, uint32_t *best_source) {
  uint64_t best = UINT64_MAX;
  uint32_t e = places->edge[i];
  *best_source = KY_NONE;
  if (e == KY_NONE) return best;
  uint32_t from = network->edge_from[e], to = network->edge_to[e];
  uint64_t access = places->access_mm[i], along = places->along_mm[i];
  if (cost[from] != UINT64_MAX) better(access + along + cost[from], source[from], &best, best_source);
  if (cost[to] != UINT64_MAX) better(access + network->length_mm[e] - along + cost[to], source[to], &best, best_source);
  for (uint32_t s = 0; s < sources->count; s++) {
    if (sources->edge[s] != e) continue;
    uint64_t apart = along > sources->along_mm[s] ? along - sources->along_mm[s] : sources->along_mm[s] - along;
    better(access + apart + sources->access_mm[s], s, &best, best_source);
  }
  return best;
}

static void check_search(ky_job *job, const ky_network *network, const ky_anchors *sources, const ky_anchors *places,
                         uint32_t limit_mm) {
  ky_search search;
  assert_int_equal(ky_search_new(job, network, &search), KY_OK);
  uint64_t cost[4096];
  uint32_t source[4096];
  for (uint32_t s = 0; s < sources->count; s++) {
    if (sources->edge[s] == KY_NONE) continue;
    ky_anchors one = {
        .count = 1, .edge = &sources->edge[s], .along_mm = &sources->along_mm[s], .access_mm = &sources->access_mm[s]};
    bellman_ford(network, &one, cost, source);
    ky_search_run(&search, sources->edge[s], sources->along_mm[s], sources->access_mm[s], limit_mm);
    for (uint32_t i = 0; i < places->count; i++) {
      if (places->edge[i] == KY_NONE) continue;
      ky_anchors bare = {
          .count = 1, .edge = &places->edge[i], .along_mm = &places->along_mm[i], .access_mm = (uint32_t[]){0}};
      uint32_t found;
      uint64_t expected = place_walk(network, &one, &bare, 0, cost, source, &found);
      uint32_t got = ky_search_cost(&search, places->edge[i], places->along_mm[i]);
      assert_int_equal(got, expected <= limit_mm ? expected : KY_NONE);
    }
  }
}

static void test_against_bellman_ford(void **state) {
  (void)state;
  uint64_t seed = 20261121;
  static town_lines lines;
  static uint64_t cost[4096];
  static uint32_t source[4096];
  for (uint32_t trial = 0; trial < NETWORKS; trial++) {
    uint64_t trial_seed = seed;
    ky_job job;
    ky_job_init(&job, 1 + (int)(trial % 2));
    town_random_lines(&seed, &lines);
    ky_ways ways;
    ky_network network;
    town_ways(&job, &lines, NULL, NULL, &ways);
    assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
    assert_null(ky_network_check(&network));
    ky_anchors sources = town_anchors(&job, 1 + (uint32_t)(town_random(&seed) % 6)), places = town_anchors(&job, 50);
    town_random_anchors(&seed, &network, &sources);
    town_random_anchors(&seed, &network, &places);
    ky_field field;
    ky_walks walks;
    make_field(&job, &network, &sources, NULL, &field);
    assert_int_equal(ky_walk_places(&job, &network, &field, &sources, NULL, &places, &walks), KY_OK);
    bellman_ford(&network, &sources, cost, source);
    for (uint32_t v = 0; v < network.node_count; v++) {
      if (field.cost_mm[v] != (cost[v] == UINT64_MAX ? KY_NONE : cost[v]) || field.source[v] != source[v])
        fail_msg("seed %llu: node %u differs", (unsigned long long)trial_seed, v);
    }
    for (uint32_t i = 0; i < places.count; i++) {
      uint32_t expected_source;
      uint64_t expected = place_walk(&network, &sources, &places, i, cost, source, &expected_source);
      if (walks.walk_mm[i] != (expected == UINT64_MAX ? KY_NONE : expected) || walks.source[i] != expected_source)
        fail_msg("seed %llu: place %u differs", (unsigned long long)trial_seed, i);
    }
    check_search(&job, &network, &sources, &places, (uint32_t)(town_random(&seed) % 400000));
    ky_job_free(&job);
  }
}

/* Blocks of a town with streets left out, avenues over several blocks and curved streets: dead ends, chains, junctions
 * of three and four, and a core that is left after contraction. */
static void town_blocks(uint64_t *seed, uint32_t side, town_lines *lines) {
  lines->count = lines->vertex_count = 0;
  for (uint32_t y = 0; y < side; y++) {
    for (uint32_t x = 0; x < side; x++) {
      double ax = x * 90, ay = y * 70, bend = (double)(town_random(seed) % 30);
      if (x + 1 < side && town_random(seed) % 8 != 0)
        town_line(lines, 3, (const double[][2]){{ax, ay}, {ax + 45, ay + bend}, {ax + 90, ay}});
      if (y + 1 < side && town_random(seed) % 8 != 0) town_line(lines, 2, (const double[][2]){{ax, ay}, {ax, ay + 70}});
      if (x + 4 < side && y + 3 < side && town_random(seed) % 40 == 0)
        town_line(lines, 2, (const double[][2]){{ax, ay}, {ax + 360, ay + 210}});
    }
  }
}

static void test_blocks_against_bellman_ford(void **state) {
  (void)state;
  uint64_t seed = 4;
  static town_lines lines;
  static uint64_t cost[4096];
  static uint32_t source[4096];
  for (uint32_t trial = 0; trial < 6; trial++) {
    ky_job job;
    ky_job_init(&job, 2);
    ky_ways ways;
    ky_network network;
    ky_contraction contraction;
    ky_field field;
    town_blocks(&seed, 20 + 5 * trial, &lines);
    town_ways(&job, &lines, NULL, NULL, &ways);
    assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
    assert_int_equal(ky_contract(&job, &network, &contraction), KY_OK);
    assert_true(contraction.out_count > network.node_count / 4 && contraction.out_count < network.node_count);
    ky_anchors sources = town_anchors(&job, 1 + 9 * trial);
    town_random_anchors(&seed, &network, &sources);
    make_field(&job, &network, &sources, NULL, &field);
    bellman_ford(&network, &sources, cost, source);
    for (uint32_t v = 0; v < network.node_count; v++) {
      assert_int_equal(field.cost_mm[v], cost[v] == UINT64_MAX ? KY_NONE : cost[v]);
      assert_int_equal(field.source[v], source[v]);
    }
    ky_job_free(&job);
  }
}

/* 100,000 venues at one place: the lowest is everybody's nearest. */
static void test_many_venues_at_one_place(void **state) {
  (void)state;
  enum { MANY = 100000 };
  static town_lines lines;
  uint64_t seed = 11;
  ky_job job;
  ky_job_init(&job, 2);
  ky_ways ways;
  ky_network network;
  ky_field one, many;
  town_blocks(&seed, 12, &lines);
  town_ways(&job, &lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
  ky_anchors sources = town_anchors(&job, MANY);
  for (uint32_t i = 0; i < MANY; i++) {
    sources.edge[i] = network.edge_count / 2;
    sources.along_mm[i] = sources.access_mm[i] = 1000;
  }
  make_field(&job, &network, &sources, NULL, &many);
  sources.count = 1;
  make_field(&job, &network, &sources, NULL, &one);
  for (uint32_t v = 0; v < network.node_count; v++) {
    assert_int_equal(many.cost_mm[v], one.cost_mm[v]);
    assert_int_equal(many.source[v], one.source[v]);
  }
  ky_job_free(&job);
}

/* Adding a venue never makes a walk longer. */
static void test_more_venues_are_never_farther(void **state) {
  (void)state;
  uint64_t seed = 7;
  static town_lines lines;
  for (uint32_t trial = 0; trial < 50; trial++) {
    ky_job job;
    ky_job_init(&job, 1);
    town_random_lines(&seed, &lines);
    ky_ways ways;
    ky_network network;
    ky_field few, many;
    town_ways(&job, &lines, NULL, NULL, &ways);
    assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
    ky_anchors sources = town_anchors(&job, 5);
    town_random_anchors(&seed, &network, &sources);
    const int8_t use[5] = {1, 1, 0, 1, 0};
    make_field(&job, &network, &sources, use, &few);
    make_field(&job, &network, &sources, NULL, &many);
    for (uint32_t v = 0; v < network.node_count; v++) assert_true(many.cost_mm[v] <= few.cost_mm[v]);
    ky_job_free(&job);
  }
}

/* 100 m along a street, venue and place on it: the walk is along the edge, not through its ends. */
static void test_same_edge(void **state) {
  (void)state;
  static town_lines lines;
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 3, (const double[][2]){{0, 0}, {100, 0}, {100, 100}});
  ky_job job;
  ky_job_init(&job, 1);
  ky_ways ways;
  ky_network network;
  ky_anchors venue, place;
  ky_field field;
  ky_walks walks;
  const ky_network_opts opts = {.snap_cap_m = 200, .min_component_mm = 1000000};
  town_ways(&job, &lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
  assert_int_equal(network.edge_count, 1);
  assert_int_equal(network.length_mm[0], 200000);
  assert_int_equal(ky_network_anchor(&job, &network, (double[]){30}, (double[]){5}, 1, NULL, &opts, &venue), KY_OK);
  assert_int_equal(ky_network_anchor(&job, &network, (double[]){108}, (double[]){50}, 1, NULL, &opts, &place), KY_OK);
  make_field(&job, &network, &venue, NULL, &field);
  assert_int_equal(ky_walk_places(&job, &network, &field, &venue, NULL, &place, &walks), KY_OK);
  assert_int_equal(walks.walk_mm[0], 5000 + 120000 + 8000);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_against_bellman_ford),
      cmocka_unit_test(test_blocks_against_bellman_ford),
      cmocka_unit_test(test_many_venues_at_one_place),
      cmocka_unit_test(test_more_venues_are_never_farther),
      cmocka_unit_test(test_same_edge),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
