/* Routes: their legs add up to the field's walks on random networks, they hang together, and nothing is found where
 * there is no way. */
#include <math.h>

#include "town.h"

#define NETWORKS 200

static uint32_t node_at(const ky_network *network, uint32_t edge, uint32_t along_mm) {
  return along_mm == 0 ? network->edge_from[edge] : network->edge_to[edge];
}

/* Every leg begins where the one before it ends; the sums and the drawn line are right. */
static void check_route(ky_job *job, const ky_network *network, const ky_walk_route *route, const ky_anchors *ends) {
  const ky_leg *leg = route->leg;
  uint64_t length = 0, cost = 0;
  const uint32_t last = route->leg_count - 1;
  assert_true(route->leg_count >= 2);
  assert_int_equal(leg[0].kind, KY_LEG_ACCESS);
  assert_int_equal(leg[0].cost_mm, ends->access_mm[0]);
  assert_int_equal(leg[last].kind, KY_LEG_EGRESS);
  assert_int_equal(leg[last].cost_mm, ends->access_mm[1]);
  for (uint32_t i = 0; i <= last; i++) {
    length += leg[i].length_mm;
    cost += leg[i].cost_mm;
    assert_true(leg[i].cost_mm >= leg[i].length_mm);
    if (i == 0) continue;
    if (leg[i].edge == leg[i - 1].edge && leg[i].from_mm == leg[i - 1].to_mm) continue;
    assert_true(leg[i].from_mm == 0 || leg[i].from_mm == network->length_mm[leg[i].edge]);
    assert_true(leg[i - 1].to_mm == 0 || leg[i - 1].to_mm == network->length_mm[leg[i - 1].edge]);
    assert_int_equal(node_at(network, leg[i].edge, leg[i].from_mm),
                     node_at(network, leg[i - 1].edge, leg[i - 1].to_mm));
  }
  assert_int_equal(length, route->length_mm);
  assert_int_equal(cost, route->walk_mm);
  ky_route_part *part;
  uint32_t parts, n;
  uint64_t parts_mm = 0;
  assert_int_equal(ky_route_parts(job, network, route, &part, &parts), KY_OK);
  for (uint32_t p = 0; p < parts; p++) {
    double *x, *y, drawn = 0;
    parts_mm += part[p].cost_mm;
    assert_int_equal(part[p].first_leg, p == 0 ? 0 : part[p - 1].end_leg);
    if (part[p].kind != KY_LEG_STREET) continue;
    uint32_t legs = part[p].end_leg - part[p].first_leg;
    assert_int_equal(ky_route_line(job, network, leg + part[p].first_leg, legs, &x, &y, &n), KY_OK);
    assert_true(n >= 2);
    for (uint32_t v = 1; v < n; v++) {
      assert_true(x[v] != x[v - 1] || y[v] != y[v - 1]);
      drawn += hypot(x[v] - x[v - 1], y[v] - y[v - 1]) * 1000;
    }
    assert_true(drawn <= part[p].length_mm + 0.01 && drawn > part[p].length_mm - 1.01 * legs);
  }
  assert_int_equal(parts_mm, route->walk_mm);
}

static ky_anchors pair_of(ky_job *job, const ky_anchors *a, uint32_t i, const ky_anchors *b, uint32_t k) {
  ky_anchors pair = town_anchors(job, 2);
  pair.edge[0] = a->edge[i];
  pair.along_mm[0] = a->along_mm[i];
  pair.access_mm[0] = a->access_mm[i];
  pair.edge[1] = b->edge[k];
  pair.along_mm[1] = b->along_mm[k];
  pair.access_mm[1] = b->access_mm[k];
  return pair;
}

/* From every place to its nearest source, and back: equal to the field and to each other. */
static void check_place(ky_job *job, ky_search *search, const ky_anchors *places, uint32_t i, const ky_anchors *sources,
                        const ky_walks *walks) {
  ky_walk_route there, back;
  uint32_t s = walks->source[i];
  ky_search_run(search, places->edge[i], places->along_mm[i], places->access_mm[i], KY_NONE - 1);
  for (uint32_t k = 0; k < sources->count; k++) {
    assert_int_equal(ky_route_trace(job, search, sources->edge[k], sources->along_mm[k], sources->access_mm[k], &there),
                     KY_OK);
    if (there.leg_count != 0) {
      ky_anchors ends = pair_of(job, places, i, sources, k);
      check_route(job, search->network, &there, &ends);
      assert_true(there.walk_mm > walks->walk_mm[i] || (there.walk_mm == walks->walk_mm[i] && k >= s));
    }
    if (k == s) assert_int_equal(there.walk_mm, walks->walk_mm[i]);
    if (s == KY_NONE) assert_int_equal(there.leg_count, 0);
  }
  if (s == KY_NONE) return;
  ky_search_run(search, sources->edge[s], sources->along_mm[s], sources->access_mm[s], KY_NONE - 1);
  assert_int_equal(ky_route_trace(job, search, places->edge[i], places->along_mm[i], places->access_mm[i], &back),
                   KY_OK);
  assert_int_equal(back.walk_mm, walks->walk_mm[i]);
}

/* Slopes of 0 to 40 % more at random: costs that do not divide evenly over a street. */
static void random_costs(uint64_t *seed, ky_network *network) {
  for (uint32_t e = 0; e < network->edge_count; e++)
    network->cost_mm[e] = network->length_mm[e] + (uint32_t)(town_random(seed) % (network->length_mm[e] * 2 / 5 + 1));
}

static void test_routes_equal_the_field(void **state) {
  (void)state;
  uint64_t seed = 925;
  static town_lines lines;
  uint32_t routes = 0, unreached = 0;
  for (uint32_t trial = 0; trial < NETWORKS; trial++) {
    ky_job job;
    ky_ways ways;
    ky_network network;
    ky_contraction contraction;
    ky_field field;
    ky_walks walks;
    ky_search search;
    ky_job_init(&job, 1);
    town_random_lines(&seed, &lines);
    town_ways(&job, &lines, NULL, NULL, &ways);
    assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
    if (trial % 2 != 0) random_costs(&seed, &network);
    ky_anchors sources = town_anchors(&job, 1 + (uint32_t)(town_random(&seed) % 6)), places = town_anchors(&job, 20);
    town_random_anchors(&seed, &network, &sources);
    town_random_anchors(&seed, &network, &places);
    assert_int_equal(ky_contract(&job, &network, &contraction), KY_OK);
    assert_int_equal(ky_walk_field(&job, &network, &contraction, &sources, NULL, &field), KY_OK);
    assert_int_equal(ky_walk_places(&job, &network, &field, &sources, NULL, &places, &walks), KY_OK);
    assert_int_equal(ky_search_new(&job, &network, &search), KY_OK);
    for (uint32_t i = 0; i < places.count; i++) {
      check_place(&job, &search, &places, i, &sources, &walks);
      routes += walks.source[i] != KY_NONE;
      unreached += walks.source[i] == KY_NONE;
    }
    ky_job_free(&job);
  }
  assert_true(routes > 1000 && unreached > 100);
}

/* By hand: a street of 100 m, steps of 100 m at its end, and an island.
 * From (30, 4) to (103, 40): 4 m to the street, 70 m of it, 40 m of steps, 3 m to the place. */
static void test_by_hand(void **state) {
  (void)state;
  static town_lines lines;
  ky_job job;
  ky_ways ways;
  ky_network network;
  ky_anchors anchors;
  ky_search search;
  ky_walk_route route;
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[][2]){{0, 0}, {100, 0}});
  town_line(&lines, 2, (const double[][2]){{100, 0}, {100, 100}});
  town_line(&lines, 2, (const double[][2]){{5000, 0}, {5100, 0}});
  ky_job_init(&job, 1);
  town_ways(&job, &lines, NULL, NULL, &ways);
  ways.class_bits[0] = 1u << KY_STREET_RESIDENTIAL;
  ways.class_bits[1] = 1u << KY_STREET_STEPS;
  assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
  const ky_network_opts opts = {.snap_cap_m = 200};
  const double x[] = {30, 103, 40, 5050}, y[] = {4, 40, 0, 0};
  assert_int_equal(ky_network_anchor(&job, &network, x, y, 4, NULL, &opts, &anchors), KY_OK);
  assert_int_equal(ky_search_new(&job, &network, &search), KY_OK);
  ky_search_run(&search, anchors.edge[0], anchors.along_mm[0], anchors.access_mm[0], KY_NONE - 1);
  assert_int_equal(ky_route_trace(&job, &search, anchors.edge[1], anchors.along_mm[1], anchors.access_mm[1], &route),
                   KY_OK);
  const uint32_t by_hand[] = {4000, 70000, 40000, 3000};
  assert_int_equal(route.leg_count, 4);
  for (uint32_t i = 0; i < 4; i++) assert_int_equal(route.leg[i].cost_mm, by_hand[i]);
  assert_int_equal(route.walk_mm, 117000);
  ky_route_part *part;
  uint32_t parts;
  assert_int_equal(ky_route_parts(&job, &network, &route, &part, &parts), KY_OK);
  assert_int_equal(parts, 4);
  assert_int_equal(part[2].class_bits, 1u << KY_STREET_STEPS);
  /* on the same street */
  assert_int_equal(ky_route_trace(&job, &search, anchors.edge[2], anchors.along_mm[2], anchors.access_mm[2], &route),
                   KY_OK);
  assert_int_equal(route.leg_count, 3);
  assert_int_equal(route.leg[1].cost_mm, 10000);
  assert_int_equal(route.walk_mm, 14000);
  /* on the island, and without a street */
  assert_int_equal(ky_route_trace(&job, &search, anchors.edge[3], anchors.along_mm[3], anchors.access_mm[3], &route),
                   KY_OK);
  assert_int_equal(route.leg_count, 0);
  assert_int_equal(ky_route_trace(&job, &search, KY_NONE, 0, 0, &route), KY_OK);
  assert_int_equal(route.leg_count, 0);
  /* a search whose costs are not those of its streets is a broken rule, not a wrong sum */
  search.cost_mm[network.edge_from[anchors.edge[1]]] += 1;
  search.cost_mm[network.edge_to[anchors.edge[1]]] += 1;
  assert_int_equal(ky_route_trace(&job, &search, anchors.edge[1], anchors.along_mm[1], anchors.access_mm[1], &route),
                   KY_E_INTERNAL);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_routes_equal_the_field), cmocka_unit_test(test_by_hand)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
