/* Lines that should meet: what a tolerance joins, what it never does, the same whatever the order of the lines. */
#include "town.h"

/* Network and counts of lines noded with the options. */
typedef struct noded {
  ky_job job;
  ky_ways ways;
  ky_noding did;
  ky_network network;
} noded;

static town_lines lines;

static void start(void) {
  lines.count = lines.vertex_count = 0;
}

static void make(noded *n) {
  ky_job_init(&n->job, 1);
  town_ways(&n->job, &lines, NULL, NULL, &n->ways);
  n->ways.layer = ky_arena_alloc(&n->job.keep, lines.count, sizeof *n->ways.layer);
}

static void node(noded *n, double tolerance_m, bool with_crossings) {
  const ky_noding_opts opts = {tolerance_m, with_crossings};
  assert_int_equal(ky_ways_node(&n->job, &n->ways, &opts, &n->ways, &n->did), KY_OK);
  assert_null(ky_shapes_check(&n->ways.shapes));
  assert_int_equal(ky_network_build(&n->job, &n->ways, &n->network), KY_OK);
  assert_null(ky_network_check(&n->network));
  if (n->did.components_after != 0) assert_int_equal(n->network.component_count, n->did.components_after);
}

static void test_off_does_nothing(void **state) {
  (void)state;
  noded n;
  start();
  town_line(&lines, 2, (const double[][2]){{0, 0}, {100, 0}});
  town_line(&lines, 2, (const double[][2]){{50, 0.001}, {50, 40}});
  make(&n);
  node(&n, 0, false);
  assert_int_equal(n.network.component_count, 2);
  assert_int_equal(n.job.issues.count, 0);
  ky_job_free(&n.job);
}

/* The end stands 0.3 m before a line without a vertex there: it moves onto it, the line is cut. */
static void test_end_meets_a_line(void **state) {
  (void)state;
  noded n;
  start();
  town_line(&lines, 2, (const double[][2]){{0, 0}, {100, 0}});
  town_line(&lines, 2, (const double[][2]){{50, 0.3}, {50, 40}});
  make(&n);
  node(&n, 0.5, false);
  assert_int_equal(n.did.ends_joined, 1);
  assert_int_equal(n.did.lines_cut, 1);
  assert_int_equal(n.did.components_before, 2);
  assert_int_equal(n.did.components_after, 1);
  assert_true(n.did.longest_move_m == 0.3);
  assert_int_equal(n.network.node_count, 4);
  assert_int_equal(n.network.edge_count, 3);
  assert_int_equal(n.network.component_mm[0], 140000);
  assert_string_equal(n.job.issues.rows[0].reason, "streets_noded");
  assert_int_equal(n.job.issues.count, 1);
  ky_job_free(&n.job);
}

/* A vertex of the line is there: the end goes to it, and the line keeps its shape. */
static void test_end_meets_a_vertex(void **state) {
  (void)state;
  noded n;
  start();
  town_line(&lines, 3, (const double[][2]){{0, 0}, {50, 0}, {100, 0}});
  town_line(&lines, 2, (const double[][2]){{49.8, 0.1}, {50, 40}});
  make(&n);
  node(&n, 0.5, false);
  assert_int_equal(n.did.ends_joined, 1);
  assert_int_equal(n.did.lines_cut, 0);
  assert_int_equal(n.network.component_mm[0], 140000);
  ky_job_free(&n.job);
}

/* Two vertices equally near: the one with the lower x, whichever way the line runs. */
static void test_ties(void **state) {
  (void)state;
  for (int is_backwards = 0; is_backwards < 2; is_backwards++) {
    noded n;
    start();
    if (is_backwards)
      town_line(&lines, 4, (const double[][2]){{100, 0}, {50.1, 0}, {49.9, 0}, {0, 0}});
    else
      town_line(&lines, 4, (const double[][2]){{0, 0}, {49.9, 0}, {50.1, 0}, {100, 0}});
    town_line(&lines, 2, (const double[][2]){{50, 0.2}, {50, 40}});
    make(&n);
    node(&n, 0.5, false);
    bool is_there = false;
    for (uint32_t v = 0; v < n.network.node_count; v++) is_there = is_there || n.network.node_x_m[v] == 49.9;
    assert_true(is_there);
    assert_int_equal(n.network.node_count, 4);
    ky_job_free(&n.job);
  }
}

/* Three ends: the one with the lowest x stays. */
static void test_ends_meet(void **state) {
  (void)state;
  noded n;
  start();
  town_line(&lines, 2, (const double[][2]){{100, 0.1}, {0, 0.1}});
  town_line(&lines, 2, (const double[][2]){{100.2, 0}, {200, 0}});
  town_line(&lines, 2, (const double[][2]){{100.1, 0.2}, {100, 90}});
  make(&n);
  node(&n, 0.5, false);
  assert_int_equal(n.did.ends_joined, 3);
  assert_int_equal(n.network.node_count, 4);
  bool is_there = false;
  for (uint32_t v = 0; v < n.network.node_count; v++)
    is_there = is_there || (n.network.node_x_m[v] == 100 && n.network.node_y_m[v] == 0.1);
  assert_true(is_there);
  ky_job_free(&n.job);
}

static void test_beyond_the_tolerance(void **state) {
  (void)state;
  noded n;
  start();
  town_line(&lines, 2, (const double[][2]){{0, 0}, {100, 0}});
  town_line(&lines, 2, (const double[][2]){{50, 0.501}, {50, 40}});
  make(&n);
  node(&n, 0.5, false);
  assert_int_equal(n.did.ends_joined, 0);
  assert_int_equal(n.network.component_count, 2);
  ky_job_free(&n.job);
}

/* A bridge (line 1) runs over a street (0); a street (2) ends below its middle, another (3) where it begins. */
static void test_bridges_pass(void **state) {
  (void)state;
  noded n;
  start();
  town_line(&lines, 2, (const double[][2]){{0, 0}, {100, 0}});
  town_line(&lines, 2, (const double[][2]){{50, -30}, {50, 30}});
  town_line(&lines, 2, (const double[][2]){{50.2, 10}, {90, 10}});
  town_line(&lines, 2, (const double[][2]){{50.1, -30.1}, {50, -90}});
  make(&n);
  n.ways.is_bridge[1] = 1;
  node(&n, 0.5, true);
  assert_int_equal(n.did.ends_joined, 2); /* the beginning of the bridge */
  assert_int_equal(n.did.crossings, 0);
  assert_int_equal(n.did.components_after, 3);
  ky_job_free(&n.job);
}

static void test_crossings(void **state) {
  (void)state;
  static const struct {
    int8_t layer, other;
    bool is_bridge, is_other_bridge, is_ferry;
    uint32_t components;
  } cases[] = {{0, 0, false, false, false, 1},
               {0, 1, false, false, false, 2},
               {1, 1, false, false, false, 1},
               {0, 0, true, false, false, 2},
               {1, 1, true, true, false, 2},
               {0, 0, false, false, true, 2},
               {KY_LAYER_UNKNOWN, KY_LAYER_UNKNOWN, false, false, false, 2}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    noded n;
    start();
    town_line(&lines, 2, (const double[][2]){{0, 0}, {100, 50}});
    town_line(&lines, 2, (const double[][2]){{0, 50}, {100, 0}});
    make(&n);
    n.ways.layer[0] = cases[i].layer;
    n.ways.layer[1] = cases[i].other;
    n.ways.is_bridge[0] = cases[i].is_bridge;
    n.ways.is_bridge[1] = cases[i].is_other_bridge;
    if (cases[i].is_ferry) n.ways.class_bits[0] = 1u << KY_STREET_FERRY;
    node(&n, 0, true);
    if (n.did.components_after != cases[i].components) fail_msg("case %zu: %u", i, n.did.components_after);
    assert_int_equal(n.did.crossings, cases[i].components == 1);
    assert_int_equal(n.network.node_count, cases[i].components == 1 ? 5 : 4);
    ky_job_free(&n.job);
  }
}

/* A vertex of one line lies on the other to the millimetre; and overlapping lines meet where they begin and end. */
static void test_touching(void **state) {
  (void)state;
  noded n;
  start();
  town_line(&lines, 2, (const double[][2]){{0, 0}, {100, 0}});
  town_line(&lines, 3, (const double[][2]){{20, 30}, {40, 0}, {60, 30}});
  town_line(&lines, 2, (const double[][2]){{80, 0}, {150, 0}});
  make(&n);
  node(&n, 0, true);
  assert_int_equal(n.did.components_after, 1);
  assert_int_equal(n.did.crossings, 3); /* (40, 0), (80, 0), (100, 0) */
  ky_job_free(&n.job);
}

/* Ends that follow each other at 0.4 m become one place, and that is said. */
static void test_chain(void **state) {
  (void)state;
  noded n;
  start();
  town_line(&lines, 2, (const double[][2]){{-50, 0}, {0, 0}});
  town_line(&lines, 2, (const double[][2]){{0.4, 0}, {0, 50}});
  town_line(&lines, 2, (const double[][2]){{0.8, 0}, {60, 0}});
  make(&n);
  node(&n, 0.5, false);
  assert_int_equal(n.did.components_after, 1);
  assert_int_equal(n.network.node_count, 4);
  assert_int_equal(n.job.issues.count, 2);
  assert_string_equal(n.job.issues.rows[1].reason, "noding_chain");
  assert_true(n.did.longest_move_m == 0.8);
  ky_job_free(&n.job);
}

/* A line of 0.2 m between ends that are joined vanishes in them. */
static void test_short_line_vanishes(void **state) {
  (void)state;
  noded n;
  start();
  town_line(&lines, 2, (const double[][2]){{-50, 0}, {0, 0}});
  town_line(&lines, 2, (const double[][2]){{0.2, 0}, {0.4, 0}});
  town_line(&lines, 2, (const double[][2]){{0.45, 0}, {60, 0}});
  make(&n);
  node(&n, 0.5, false);
  assert_int_equal(n.did.lines_lost, 1);
  assert_int_equal(n.did.components_after, 1);
  assert_int_equal(n.network.edge_count, 2);
  ky_job_free(&n.job);
}

/* The two ends of one line near each other are no other line's: a nearly closed loop stays open. */
static void test_a_line_does_not_join_itself(void **state) {
  (void)state;
  noded n;
  start();
  town_line(&lines, 4, (const double[][2]){{0, 0}, {30, 0}, {30, 30}, {0, 0.3}});
  make(&n);
  node(&n, 0.5, false);
  assert_int_equal(n.did.ends_joined, 0);
  assert_int_equal(n.network.node_count, 2);
  ky_job_free(&n.job);
}

/* A grid of streets, some through, every vertex moved by up to 0.3 m. */
static void draw_broken_grid(uint64_t seed) {
  start();
  uint64_t random = seed;
  for (int i = 0; i < 12; i++)
    for (int half = 0; half < 2; half++)
      for (int part = 0; part < 4; part++) {
        double xy[4][2];
        for (int k = 0; k < 4; k++) {
          const double along = 60.0 * (3 * part + k), across = 60.0 * i;
          xy[k][0] = (half ? across : along) + (double)(town_random(&random) % 601) / 1000 - 0.3;
          xy[k][1] = (half ? along : across) + (double)(town_random(&random) % 601) / 1000 - 0.3;
        }
        town_line(&lines, 4, (const double(*)[2])xy);
      }
}

static void build_shuffled(ky_job *job, uint64_t *random, bool is_shuffled, ky_network *out) {
  uint32_t order[256];
  bool is_reversed[256];
  ky_ways ways;
  ky_noding did;
  for (uint32_t i = 0; i < lines.count; i++) {
    order[i] = i;
    is_reversed[i] = is_shuffled && town_random(random) % 2 == 0;
  }
  for (uint32_t i = lines.count; is_shuffled && i > 1; i--) {
    const uint32_t at = (uint32_t)(town_random(random) % i), kept = order[at];
    order[at] = order[i - 1];
    order[i - 1] = kept;
  }
  ky_job_init(job, 1);
  town_ways(job, &lines, order, is_reversed, &ways);
  assert_int_equal(ky_ways_node(job, &ways, &(ky_noding_opts){1.0, true}, &ways, &did), KY_OK);
  assert_int_equal(did.components_after, 1);
  assert_int_equal(ky_network_build(job, &ways, out), KY_OK);
}

static void test_order_does_not_matter(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 20; seed++) {
    ky_job job, shuffled_job;
    ky_network network, shuffled;
    uint64_t random = seed * 7919;
    draw_broken_grid(seed);
    build_shuffled(&job, &random, false, &network);
    build_shuffled(&shuffled_job, &random, true, &shuffled);
    assert_int_equal(network.node_count, shuffled.node_count);
    assert_int_equal(network.edge_count, shuffled.edge_count);
    assert_memory_equal(network.node_x_m, shuffled.node_x_m, network.node_count * sizeof *network.node_x_m);
    assert_memory_equal(network.node_y_m, shuffled.node_y_m, network.node_count * sizeof *network.node_y_m);
    assert_memory_equal(network.edge_from, shuffled.edge_from, network.edge_count * sizeof *network.edge_from);
    assert_memory_equal(network.length_mm, shuffled.length_mm, network.edge_count * sizeof *network.length_mm);
    assert_memory_equal(network.vertex_x_m, shuffled.vertex_x_m,
                        network.first_vertex[network.edge_count] * sizeof *network.vertex_x_m);
    ky_job_free(&job);
    ky_job_free(&shuffled_job);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_off_does_nothing),
                                     cmocka_unit_test(test_end_meets_a_line),
                                     cmocka_unit_test(test_end_meets_a_vertex),
                                     cmocka_unit_test(test_ends_meet),
                                     cmocka_unit_test(test_ties),
                                     cmocka_unit_test(test_beyond_the_tolerance),
                                     cmocka_unit_test(test_bridges_pass),
                                     cmocka_unit_test(test_crossings),
                                     cmocka_unit_test(test_touching),
                                     cmocka_unit_test(test_chain),
                                     cmocka_unit_test(test_short_line_vanishes),
                                     cmocka_unit_test(test_a_line_does_not_join_itself),
                                     cmocka_unit_test(test_order_does_not_matter)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
