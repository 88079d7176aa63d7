/* Profiles on small networks: stairs, closed classes, slopes and stairs together, minutes; and random networks beside
 * Bellman-Ford over the streets that are open. */
#include <kayoi/profiles.h>

#include "town.h"

#define BIT(name) (UINT32_C(1) << KY_STREET_##name)
#define NETWORKS  200

/* Stairs of 300 m straight from the venue at (0, 0) to (300, 0), or around by streets: 200 + 300 (a track) + 200 m. */
static void build_hill(ky_job *job, ky_network *network) {
  static town_lines lines;
  ky_ways ways;
  ky_job_init(job, 1);
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[][2]){{0, 0}, {300, 0}});
  town_line(&lines, 2, (const double[][2]){{0, 0}, {0, 200}});
  town_line(&lines, 2, (const double[][2]){{0, 200}, {300, 200}});
  town_line(&lines, 2, (const double[][2]){{300, 200}, {300, 0}});
  town_ways(job, &lines, NULL, NULL, &ways);
  ways.class_bits[0] = BIT(STEPS);
  ways.class_bits[1] = ways.class_bits[3] = BIT(RESIDENTIAL);
  ways.class_bits[2] = BIT(TRACK);
  assert_int_equal(ky_network_build(job, &ways, network), KY_OK);
}

/* Walk from the venue at (0, 0) to a home, and where the home joins the streets. */
static uint32_t walk(ky_job *job, const ky_network *network, const ky_walk_opts *profile, double x, double y,
                     uint32_t *access_mm) {
  const ky_network_opts snap = {.snap_cap_m = 200};
  ky_network view;
  ky_contraction contraction;
  ky_anchors venue, home;
  ky_field field;
  ky_walks walks;
  assert_int_equal(ky_profile_network(job, network, profile, &view), KY_OK);
  assert_null(ky_network_check(&view));
  assert_int_equal(ky_network_anchor(job, &view, (const double[]){0}, (const double[]){0}, 1, NULL, &snap, &venue),
                   KY_OK);
  assert_int_equal(ky_network_anchor(job, &view, &x, &y, 1, NULL, &snap, &home), KY_OK);
  assert_int_equal(ky_contract(job, &view, &contraction), KY_OK);
  assert_int_equal(ky_walk_field(job, &view, &contraction, &venue, NULL, &field), KY_OK);
  assert_int_equal(ky_walk_places(job, &view, &field, &venue, NULL, &home, &walks), KY_OK);
  if (access_mm != NULL) *access_mm = home.edge[0] == KY_NONE ? KY_NONE : home.access_mm[0];
  return walks.walk_mm[0];
}

static void test_stairs(void **state) {
  (void)state;
  ky_job job;
  ky_network network;
  build_hill(&job, &network);
  const ky_walk_opts allowed = {.profile = "p"}, doubled = {.profile = "p", .stairs_milli = 2000},
                     tripled = {.profile = "p", .stairs_milli = 3000},
                     avoided = {.profile = "p", .closed_bits = BIT(STEPS)};
  assert_int_equal(walk(&job, &network, &allowed, 300, 0, NULL), 300000);
  assert_int_equal(walk(&job, &network, &doubled, 300, 0, NULL), 600000);
  assert_int_equal(walk(&job, &network, &tripled, 300, 0, NULL), 700000); /* 900 m of stairs: around is nearer */
  assert_int_equal(walk(&job, &network, &avoided, 300, 0, NULL), 700000);
  ky_job_free(&job);
}

/* Without stairs and track two streets are left that do not meet; who lives at the track joins the nearest open one. */
static void test_closed(void **state) {
  (void)state;
  ky_job job;
  ky_network network, view;
  uint32_t access_mm;
  build_hill(&job, &network);
  const ky_walk_opts all = {.profile = "p"}, closed = {.profile = "p", .closed_bits = BIT(STEPS) | BIT(TRACK)};
  assert_int_equal(walk(&job, &network, &closed, 300, 0, &access_mm), KY_NONE);
  assert_int_equal(access_mm, 0);
  assert_int_equal(walk(&job, &network, &all, 140, 205, &access_mm), 200000 + 140000 + 5000);
  assert_int_equal(access_mm, 5000);
  /* hypot(140, 5) = 140.08926...: to the end of the street at (0, 200) */
  assert_int_equal(walk(&job, &network, &closed, 140, 205, &access_mm), 200000 + 140090);
  assert_int_equal(access_mm, 140090);
  assert_int_equal(ky_profile_network(&job, &network, &closed, &view), KY_OK);
  assert_int_equal(view.component_count, 2);
  assert_int_equal(view.component_mm[0], 200000);
  assert_int_equal(view.component_mm[1], 200000);
  assert_int_equal(network.component_count, 1); /* the streets themselves stay as they are */
  assert_int_equal(view.edge_count, network.edge_count);
  ky_profile_report(&job, &view, &closed);
  assert_int_equal(job.issues.count, 1);
  assert_string_equal(job.issues.rows[0].reason, "profile_closes_streets");
  assert_string_equal(job.issues.rows[0].source, "walk.profiles.p");
  ky_job_free(&job);
}

static void test_nothing_open(void **state) {
  (void)state;
  ky_job job;
  ky_network network, view;
  build_hill(&job, &network);
  const ky_walk_opts none = {.profile = "p", .closed_bits = BIT(STEPS) | BIT(TRACK) | BIT(RESIDENTIAL)},
                     unused = {.profile = "p", .closed_bits = BIT(TRUNK)};
  assert_int_equal(ky_profile_network(&job, &network, &unused, &view), KY_OK);
  ky_profile_report(&job, &view, &unused);
  assert_string_equal(job.issues.rows[0].reason, "profile_rule_unused");
  assert_int_equal(job.issues.rows[0].severity, KY_WARNING);
  assert_int_equal(ky_profile_network(&job, &network, &none, &view), KY_E_INPUT);
  assert_non_null(strstr(job.message, "walk.profiles.p"));
  ky_job_free(&job);
}

static void test_classes(void **state) {
  (void)state;
  const ky_walk_opts p = {.closed_bits = BIT(STEPS) | BIT(TRUNK)};
  assert_true(ky_profile_closes(&p, BIT(STEPS)));
  assert_true(ky_profile_closes(&p, BIT(STEPS) | BIT(TRUNK)));
  assert_false(ky_profile_closes(&p, BIT(STEPS) | BIT(FOOTWAY))); /* a street is what any of its classes is */
  assert_false(ky_profile_closes(&p, 0));
}

/* Slope first, then stairs, then up to a whole millimetre: 100.001 m x 2.5 = 250.0025 m. */
static void test_slope_and_stairs(void **state) {
  (void)state;
  ky_job job;
  ky_network network, view;
  build_hill(&job, &network);
  network.sloped_mm = ky_arena_alloc(&job.keep, network.edge_count, sizeof *network.sloped_mm);
  for (uint32_t e = 0; e < network.edge_count; e++) network.sloped_mm[e] = network.length_mm[e] + 100001;
  const ky_walk_opts flat = {.profile = "p", .stairs_milli = 2500},
                     steep = {.profile = "p", .stairs_milli = 2500, .with_slope = true};
  for (int is_steep = 0; is_steep < 2; is_steep++) {
    assert_int_equal(ky_profile_network(&job, &network, is_steep ? &steep : &flat, &view), KY_OK);
    for (uint32_t e = 0; e < network.edge_count; e++) {
      const uint32_t base = network.length_mm[e] + (is_steep ? 100001 : 0);
      const bool is_stairs = network.class_bits[e] == BIT(STEPS);
      assert_int_equal(view.cost_mm[e], is_stairs ? (is_steep ? 1000003 : 750000) : base); /* 400,001 x 2.5 */
    }
  }
  ky_job_free(&job);
}

static void test_minutes(void **state) {
  (void)state;
  const ky_walk_opts p = {.speed_mm_per_min = 60000};
  assert_int_equal(ky_profile_minutes(&p, 0), 0);
  assert_int_equal(ky_profile_minutes(&p, 500000), 833); /* 8.333 */
  assert_int_equal(ky_profile_minutes(&p, 300), 1);      /* 0.005: up */
  assert_int_equal(ky_profile_minutes(&p, 299), 0);
  assert_true(ky_profile_minutes(&p, KY_NONE) == KY_NULL);
}

static void random_town(uint64_t *seed, town_lines *lines, ky_job *job, ky_network *network) {
  const uint32_t side = 3 + (uint32_t)(town_random(seed) % 4), count = 4 + (uint32_t)(town_random(seed) % 40);
  static const uint32_t classes[] = {0, BIT(RESIDENTIAL), BIT(STEPS), BIT(TRACK), BIT(STEPS) | BIT(TRACK)};
  ky_ways ways;
  lines->count = lines->vertex_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    double xy[2][2];
    do
      for (int k = 0; k < 4; k++) xy[k / 2][k % 2] = (double)(town_random(seed) % side) * 100;
    while (xy[0][0] == xy[1][0] && xy[0][1] == xy[1][1]);
    town_line(lines, 2, (const double(*)[2])xy);
  }
  town_ways(job, lines, NULL, NULL, &ways);
  for (uint32_t i = 0; i < count; i++) ways.class_bits[i] = classes[town_random(seed) % 5];
  assert_int_equal(ky_network_build(job, &ways, network), KY_OK);
}

/* Costs by their own definition, relaxed until nothing changes; KY_NONE: no way. */
static void bellman_ford(const ky_network *network, const ky_walk_opts *profile, uint32_t from, uint64_t *cost) {
  for (uint32_t v = 0; v < network->node_count; v++) cost[v] = v == from ? 0 : KY_NONE;
  for (bool is_changed = true; is_changed;) {
    is_changed = false;
    for (uint32_t e = 0; e < network->edge_count; e++) {
      const uint32_t bits = network->class_bits[e], a = network->edge_from[e], b = network->edge_to[e];
      uint64_t c = network->length_mm[e];
      if (bits != 0 && (bits | profile->closed_bits) == profile->closed_bits) continue;
      if (bits == BIT(STEPS)) c = (c * profile->stairs_milli + 999) / 1000;
      if (cost[a] != KY_NONE && cost[a] + c < cost[b]) cost[b] = cost[a] + c, is_changed = true;
      if (cost[b] != KY_NONE && cost[b] + c < cost[a]) cost[a] = cost[b] + c, is_changed = true;
    }
  }
}

static void test_against_bellman_ford(void **state) {
  (void)state;
  static town_lines lines;
  uint64_t seed = 20261122, cost[64];
  uint32_t closed_count = 0, looked = 0;
  for (uint32_t trial = 0; trial < NETWORKS; trial++) {
    const ky_walk_opts profile = {
        .profile = "p",
        .stairs_milli = 1000 + (uint32_t)(town_random(&seed) % 4) * 777,
        .closed_bits = (town_random(&seed) % 2 ? BIT(STEPS) : 0) | (town_random(&seed) % 2 ? BIT(TRACK) : 0)};
    ky_job job;
    ky_network network, view;
    ky_contraction contraction;
    ky_field field;
    ky_job_init(&job, 1 + (int)(trial % 2));
    random_town(&seed, &lines, &job, &network);
    if (ky_profile_network(&job, &network, &profile, &view) != KY_OK) { /* all of it is closed */
      closed_count++;
      ky_job_free(&job);
      continue;
    }
    assert_null(ky_network_check(&view));
    uint32_t edge = 0, along = 0, access = 0;
    while (ky_edge_is_closed(&view, edge)) edge++;
    const ky_anchors source = {.count = 1, .edge = &edge, .along_mm = &along, .access_mm = &access};
    assert_int_equal(ky_contract(&job, &view, &contraction), KY_OK);
    assert_null(ky_contraction_check(&contraction));
    assert_int_equal(ky_walk_field(&job, &view, &contraction, &source, NULL, &field), KY_OK);
    bellman_ford(&network, &profile, network.edge_from[edge], cost);
    for (uint32_t v = 0; v < network.node_count; v++, looked++)
      if (field.cost_mm[v] != cost[v]) {
        print_error("network %u, node %u: %u, by definition %llu\n", trial, v, field.cost_mm[v],
                    (unsigned long long)cost[v]);
        fail();
      }
    ky_job_free(&job);
  }
  assert_true(closed_count < NETWORKS / 4);
  assert_true(looked > 2000);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_stairs),
                                     cmocka_unit_test(test_closed),
                                     cmocka_unit_test(test_nothing_open),
                                     cmocka_unit_test(test_classes),
                                     cmocka_unit_test(test_slope_and_stairs),
                                     cmocka_unit_test(test_minutes),
                                     cmocka_unit_test(test_against_bellman_ford)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
