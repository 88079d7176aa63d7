/* The graph: junctions only at shared vertices, the same whatever the order and direction of the input. */
#include "town.h"

static void start(ky_job *job, town_lines *lines) {
  ky_job_init(job, 1);
  lines->count = lines->vertex_count = 0;
}

static void build(ky_job *job, const town_lines *lines, ky_network *network) {
  ky_ways ways;
  town_ways(job, lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(job, &ways, network), KY_OK);
  assert_null(ky_network_check(network));
}

static void test_crossing_without_shared_vertex_is_no_junction(void **state) {
  (void)state;
  static town_lines lines;
  ky_job job;
  ky_network network;
  start(&job, &lines);
  town_line(&lines, 2, (const double[][2]){{-50, 0}, {50, 0}});
  town_line(&lines, 2, (const double[][2]){{0, -50}, {0, 50}});
  build(&job, &lines, &network);
  assert_int_equal(network.node_count, 4);
  assert_int_equal(network.component_count, 2);
  ky_job_free(&job);
}

static void test_shared_vertex_is_a_junction(void **state) {
  (void)state;
  static town_lines lines;
  ky_job job;
  ky_network network;
  start(&job, &lines);
  town_line(&lines, 3, (const double[][2]){{-50, 0}, {0, 0}, {50, 0}});
  town_line(&lines, 3, (const double[][2]){{0, -50}, {0.0003, 0.0004}, {0, 50}}); /* equal to the millimetre */
  build(&job, &lines, &network);
  assert_int_equal(network.node_count, 5);
  assert_int_equal(network.edge_count, 4);
  assert_int_equal(network.component_count, 1);
  assert_int_equal(network.component_mm[0], 200000);
  ky_job_free(&job);
}

/* A street given in both directions is one street: the vertices inside it are no junctions. */
static void test_both_directions_are_one_street(void **state) {
  (void)state;
  static town_lines lines;
  ky_job job;
  ky_network network;
  ky_ways ways;
  start(&job, &lines);
  town_line(&lines, 4, (const double[][2]){{0, 0}, {10, 5}, {20, -5}, {30, 0}});
  town_line(&lines, 4, (const double[][2]){{30, 0}, {20, -5}, {10, 5}, {0, 0}});
  town_ways(&job, &lines, NULL, NULL, &ways);
  ways.class_bits[0] = 1u << KY_STREET_RESIDENTIAL;
  ways.class_bits[1] = 1u << KY_STREET_SERVICE;
  assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
  assert_int_equal(network.node_count, 2);
  assert_int_equal(network.edge_count, 1);
  assert_int_equal(network.class_bits[0], 1u << KY_STREET_RESIDENTIAL | 1u << KY_STREET_SERVICE);
  assert_string_equal(job.issues.rows[0].reason, "repeated_street");
  ky_job_free(&job);
}

/* A loop, a parallel street, the same street twice and backwards, an island. */
static void test_odd_streets(void **state) {
  (void)state;
  static town_lines lines;
  ky_job job;
  ky_network network;
  start(&job, &lines);
  town_line(&lines, 2, (const double[][2]){{0, 0}, {100, 0}});
  town_line(&lines, 2, (const double[][2]){{100, 0}, {0, 0}});
  town_line(&lines, 3, (const double[][2]){{0, 0}, {50, 20}, {100, 0}});
  town_line(&lines, 4, (const double[][2]){{100, 0}, {150, 0}, {150, 50}, {100, 0}});
  town_line(&lines, 2, (const double[][2]){{900, 900}, {910, 900}});
  build(&job, &lines, &network);
  assert_int_equal(network.edge_count, 4);
  assert_int_equal(network.component_count, 2);
  uint32_t loops = 0;
  for (uint32_t e = 0; e < network.edge_count; e++) loops += network.edge_from[e] == network.edge_to[e];
  assert_int_equal(loops, 1);
  assert_int_equal(job.issues.count, 1);
  assert_string_equal(job.issues.rows[0].reason, "repeated_street");
  ky_job_free(&job);
}

/* Length is rounded up to the millimetre: a walk is never shorter than the straight line. */
static void test_length_is_rounded_up(void **state) {
  (void)state;
  static town_lines lines;
  ky_job job;
  ky_network network;
  start(&job, &lines);
  town_line(&lines, 2, (const double[][2]){{0, 0}, {1, 1}});
  build(&job, &lines, &network);
  assert_int_equal(network.length_mm[0], 1415);
  ky_job_free(&job);
}

static void test_order_of_input_does_not_matter(void **state) {
  (void)state;
  static town_lines lines;
  uint64_t seed = 99;
  for (uint32_t trial = 0; trial < 100; trial++) {
    ky_job job;
    start(&job, &lines);
    uint32_t count = 2 + (uint32_t)(town_random(&seed) % 30), order[32];
    bool is_reversed[32];
    for (uint32_t i = 0; i < count; i++) {
      double xy[3][2];
      for (uint32_t k = 0; k < 3; k++) {
        xy[k][0] = (double)(town_random(&seed) % 4) * 50 + k; /* distinct */
        xy[k][1] = (double)(town_random(&seed) % 4) * 50;
      }
      town_line(&lines, 3, (const double(*)[2])xy);
      order[i] = i;
      is_reversed[i] = town_random(&seed) % 2;
    }
    for (uint32_t i = count; i-- > 1;) {
      uint32_t k = (uint32_t)(town_random(&seed) % (i + 1)), swap = order[i];
      order[i] = order[k];
      order[k] = swap;
    }
    ky_ways a, b;
    ky_network na, nb;
    town_ways(&job, &lines, NULL, NULL, &a);
    town_ways(&job, &lines, order, is_reversed, &b);
    assert_int_equal(ky_network_build(&job, &a, &na), KY_OK);
    assert_int_equal(ky_network_build(&job, &b, &nb), KY_OK);
    assert_int_equal(na.node_count, nb.node_count);
    assert_int_equal(na.edge_count, nb.edge_count);
    assert_memory_equal(na.edge_from, nb.edge_from, na.edge_count * sizeof *na.edge_from);
    assert_memory_equal(na.edge_to, nb.edge_to, na.edge_count * sizeof *na.edge_to);
    assert_memory_equal(na.length_mm, nb.length_mm, na.edge_count * sizeof *na.length_mm);
    assert_memory_equal(na.vertex_x_m, nb.vertex_x_m, na.first_vertex[na.edge_count] * sizeof *na.vertex_x_m);
    assert_memory_equal(na.vertex_y_m, nb.vertex_y_m, na.first_vertex[na.edge_count] * sizeof *na.vertex_y_m);
    ky_job_free(&job);
  }
}

/* A small island 20 m away loses to the main network 60 m away, but not beyond the cap. */
static void test_snapping_prefers_the_main_network(void **state) {
  (void)state;
  static town_lines lines;
  ky_job job;
  ky_network network;
  ky_anchors anchors;
  const ky_network_opts opts = {.snap_cap_m = 200, .min_component_mm = 1000000};
  start(&job, &lines);
  town_line(&lines, 2, (const double[][2]){{0, 0}, {1500, 0}});
  town_line(&lines, 2, (const double[][2]){{100, 80}, {200, 80}});
  town_line(&lines, 2, (const double[][2]){{100, 280}, {200, 280}});
  build(&job, &lines, &network);
  assert_int_equal(
      ky_network_anchor(&job, &network, (double[]){150, 150, 150}, (double[]){60, 290, 600}, 3, NULL, &opts, &anchors),
      KY_OK);
  assert_int_equal(network.component_mm[network.component[network.edge_from[anchors.edge[0]]]], 1500000);
  assert_int_equal(anchors.access_mm[0], 60000);
  assert_int_equal(network.length_mm[anchors.edge[1]], 100000);
  assert_int_equal(anchors.edge[2], KY_NONE);
  ky_job_free(&job);
}

static void test_claims_that_contradict(void **state) {
  (void)state;
  static town_lines lines;
  ky_job job;
  ky_ways ways;
  ky_network network;
  start(&job, &lines);
  town_line(&lines, 2, (const double[][2]){{0, 0}, {100, 0}});
  town_line(&lines, 2, (const double[][2]){{100, 0}, {200, 0}});
  town_line(&lines, 2, (const double[][2]){{100, 0}, {100, 100}});
  town_ways(&job, &lines, NULL, NULL, &ways);
  ways.claimed_mm[0] = 100400; /* within a metre */
  ways.claimed_mm[1] = 250000;
  const char *from[3] = {"1", "2", "1"},
             *to[3] = {"2", "3", "4"}; /* the third says node 1, but starts at node 2's place */
  ways.from_claim = from;
  ways.to_claim = to;
  assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
  assert_int_equal(job.issues.count, 2);
  assert_string_equal(job.issues.rows[0].reason, "length_contradicts");
  assert_string_equal(job.issues.rows[1].reason, "node_contradicts");
  assert_int_equal(network.component_count, 1); /* joined by geometry all the same */
  ky_job_free(&job);
}

static void test_no_street_at_all(void **state) {
  (void)state;
  static town_lines lines;
  ky_job job;
  ky_ways ways;
  ky_network network;
  start(&job, &lines);
  town_ways(&job, &lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&job, &ways, &network), KY_E_INPUT);
  assert_non_null(strstr(job.message, "no walkable street"));
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_crossing_without_shared_vertex_is_no_junction),
      cmocka_unit_test(test_shared_vertex_is_a_junction),
      cmocka_unit_test(test_both_directions_are_one_street),
      cmocka_unit_test(test_odd_streets),
      cmocka_unit_test(test_length_is_rounded_up),
      cmocka_unit_test(test_order_of_input_does_not_matter),
      cmocka_unit_test(test_snapping_prefers_the_main_network),
      cmocka_unit_test(test_claims_that_contradict),
      cmocka_unit_test(test_no_street_at_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
