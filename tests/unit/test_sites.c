/* Sites against greedy by hand on random networks, their bound against every set of sites, and candidates. */
#include "world.h"

#define POINTS_MAX     200
#define CANDIDATES_MAX 9

/* All walks between nodes by Floyd and Warshall. */
static void all_walks(const ky_network *network, uint64_t *walk) {
  const uint32_t n = network->node_count;
  for (uint32_t i = 0; i < n * n; i++) walk[i] = i / n == i % n ? 0 : UINT32_MAX;
  for (uint32_t e = 0; e < network->edge_count; e++) {
    uint32_t a = network->edge_from[e], b = network->edge_to[e];
    if (network->length_mm[e] < walk[a * n + b]) walk[a * n + b] = walk[b * n + a] = network->length_mm[e];
  }
  for (uint32_t k = 0; k < n; k++)
    for (uint32_t i = 0; i < n; i++)
      for (uint32_t j = 0; j < n; j++)
        if (walk[i * n + k] + walk[k * n + j] < walk[i * n + j]) walk[i * n + j] = walk[i * n + k] + walk[k * n + j];
}

static uint64_t walk_between(const ky_network *network, const uint64_t *walk, const ky_anchors *a, uint32_t i,
                             const ky_anchors *b, uint32_t j) {
  const uint32_t n = network->node_count, ea = a->edge[i], eb = b->edge[j];
  const uint32_t end_a[2] = {network->edge_from[ea], network->edge_to[ea]};
  const uint32_t end_b[2] = {network->edge_from[eb], network->edge_to[eb]};
  const uint64_t to_a[2] = {a->along_mm[i], network->length_mm[ea] - a->along_mm[i]};
  const uint64_t to_b[2] = {b->along_mm[j], network->length_mm[eb] - b->along_mm[j]};
  uint64_t best = UINT64_MAX;
  for (int k = 0; k < 4; k++) {
    uint64_t w = to_a[k / 2] + walk[end_a[k / 2] * n + end_b[k % 2]] + to_b[k % 2];
    if (w < best) best = w;
  }
  if (ea == eb) {
    uint64_t apart = to_a[0] > to_b[0] ? to_a[0] - to_b[0] : to_b[0] - to_a[0];
    if (apart < best) best = apart;
  }
  return best + a->access_mm[i] + b->access_mm[j];
}

static void random_network(uint64_t *seed, ky_job *job, ky_network *network) {
  static town_lines lines;
  lines.count = lines.vertex_count = 0;
  uint32_t side = 3 + (uint32_t)(town_random(seed) % 4), count = 4 + (uint32_t)(town_random(seed) % 30);
  for (uint32_t i = 0; i < count; i++) {
    double x = (double)(town_random(seed) % side) * 100, y = (double)(town_random(seed) % side) * 100;
    bool is_up = town_random(seed) % 2 == 0;
    town_line(&lines, 2, (const double[2][2]){{x, y}, {x + (is_up ? 0 : 100), y + (is_up ? 100 : 0)}});
  }
  ky_ways ways;
  town_ways(job, &lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(job, &ways, network), KY_OK);
}

static ky_anchors random_anchors(uint64_t *seed, ky_job *job, const ky_network *network, uint32_t count) {
  ky_anchors anchors = town_anchors(job, count);
  for (uint32_t i = 0; i < count; i++) {
    anchors.edge[i] = (uint32_t)(town_random(seed) % network->edge_count);
    anchors.along_mm[i] = (uint32_t)(town_random(seed) % 5) * (network->length_mm[anchors.edge[i]] / 4);
    anchors.access_mm[i] = (uint32_t)(town_random(seed) % 3) * 10000;
  }
  return anchors;
}

typedef struct instance {
  world w;
  ky_network network;
  ky_anchors anchors; /* of the points */
  ky_sites_opts opts;
  uint32_t covers[CANDIDATES_MAX][POINTS_MAX]; /* 1: covers the demand point */
} instance;

static void random_instance(uint64_t *seed, int threads, instance *in) {
  world *w = &in->w;
  memset(in, 0, sizeof *in);
  ky_job_init(&w->job, threads);
  random_network(seed, &w->job, &in->network);
  world_zones(w, 1);
  world_points(w, 5 + (uint32_t)(town_random(seed) % (POINTS_MAX - 5)));
  world_venues(w, 0);
  in->anchors = random_anchors(seed, &w->job, &in->network, w->points.count);
  const uint32_t few = town_random(seed) % 2 == 0 ? 3 : 5000; /* few different counts: many ties */
  for (uint32_t i = 0; i < w->points.count; i++) {
    w->points.people[KY_65][i] = (uint32_t)(town_random(seed) % few);
    w->points.people[KY_TOTAL][i] = w->points.people[KY_65][i] + (uint32_t)(town_random(seed) % 2);
    if (town_random(seed) % 9 == 0) w->points.people[KY_65][i] = KY_NONE;
    if (town_random(seed) % 7 == 0) w->coverage.reach[i] = KY_COVERED;
    if (town_random(seed) % 11 == 0) w->points.row[i] = KY_ROW_OUTSIDE(&w->zones);
    if (town_random(seed) % 13 == 0) in->anchors.edge[i] = KY_NONE;
  }
  world_ledger(w);
  w->candidates.count = 1 + (uint32_t)(town_random(seed) % CANDIDATES_MAX);
  w->candidates.anchors = random_anchors(seed, &w->job, &in->network, w->candidates.count);
  in->opts = (ky_sites_opts){.min_people_65 = (int64_t)(town_random(seed) % 10),
                             .primary_mm = 30000 + (uint32_t)(town_random(seed) % 200000)};
  uint64_t *walk;
  WORLD_NEW(w, walk, (size_t)in->network.node_count * in->network.node_count);
  all_walks(&in->network, walk);
  for (uint32_t c = 0; c < w->candidates.count; c++)
    for (uint32_t i = 0; i < w->points.count; i++)
      in->covers[c][i] =
          in->anchors.edge[i] != KY_NONE && w->points.row[i] == 0 && w->coverage.reach[i] == KY_BEYOND &&
          ((w->points.people[KY_65][i] != KY_NONE && w->points.people[KY_65][i] != 0) ||
           w->points.people[KY_TOTAL][i] != 0) &&
          walk_between(&in->network, walk, &w->candidates.anchors, c, &in->anchors, i) <= in->opts.primary_mm;
}

static int64_t people_of(const instance *in, uint32_t i) {
  uint32_t people = in->w.points.people[KY_65][i];
  return people == KY_NONE ? 0 : people;
}

/* The greedy order counted out; compares it with `sites`. */
static void check_greedy(const instance *in, const ky_sites *sites) {
  uint32_t site[POINTS_MAX], order = 0;
  int64_t covered = sites->covered_before_65;
  for (uint32_t i = 0; i < in->w.points.count; i++) site[i] = KY_NONE;
  for (;; order++) {
    int64_t best = 0;
    uint32_t chosen = KY_NONE;
    for (uint32_t c = 0; c < in->w.candidates.count; c++) {
      int64_t gain = 0;
      for (uint32_t i = 0; i < in->w.points.count; i++)
        if (in->covers[c][i] && site[i] == KY_NONE) gain += people_of(in, i);
      if (gain > best) {
        best = gain;
        chosen = c;
      }
    }
    if (chosen == KY_NONE || best < in->opts.min_people_65) break;
    for (uint32_t i = 0; i < in->w.points.count; i++)
      if (in->covers[chosen][i] && site[i] == KY_NONE) site[i] = order;
    covered += best;
    assert_true(order < sites->count);
    assert_int_equal(sites->candidate[order], chosen);
    assert_int_equal(sites->gain_65[order], best);
    assert_int_equal(sites->covered_65[order], covered);
  }
  assert_int_equal(sites->count, order);
  for (uint32_t i = 0; i < in->w.points.count; i++) assert_int_equal(sites->point_site[i], site[i]);
}

/* No set of k sites covers more than the bound. */
static void check_bound(const instance *in, const ky_sites *sites) {
  int64_t best[CANDIDATES_MAX + 1] = {0}, sum = 0;
  for (uint32_t set = 0; set < 1u << in->w.candidates.count; set++) {
    int64_t total = 0;
    for (uint32_t i = 0; i < in->w.points.count; i++) {
      uint32_t is_covered = 0;
      for (uint32_t c = 0; c < in->w.candidates.count; c++) is_covered |= (set >> c & 1) & in->covers[c][i];
      if (is_covered) total += people_of(in, i);
    }
    int size = __builtin_popcount(set);
    if (total > best[size]) best[size] = total;
  }
  for (uint32_t k = 0; k < sites->count; k++) {
    sum += sites->gain_65[k];
    assert_true(sites->bound_65[k] >= best[k + 1]);
    assert_true(sites->bound_65[k] >= sum);
    if (k > 0) assert_true(sites->bound_65[k] >= sites->bound_65[k - 1]);
  }
  if (sites->count > 0) assert_int_equal(sites->bound_65[0], best[1]);
}

static void test_greedy_and_bound(void **state) {
  (void)state;
  uint64_t seed = 20261123;
  print_message("seed %llu\n", (unsigned long long)seed);
  static instance in;
  uint32_t chosen = 0;
  for (int trial = 0; trial < 400; trial++) {
    random_instance(&seed, 1 + trial % 3, &in);
    ky_sites sites;
    assert_int_equal(ky_sites_choose(&in.w.job, &in.w.candidates, &in.network, &in.w.points, &in.anchors, &in.w.zones,
                                     &in.w.coverage, &in.opts, &sites),
                     KY_OK);
    check_greedy(&in, &sites);
    check_bound(&in, &sites);
    chosen += sites.count;
    ky_job_free(&in.w.job);
  }
  assert_true(chosen > 400); /* the instances are not trivial */
}

/* One street of 1 km, 400 m of it a bridge, and somebody beyond at 300 m. */
static void street(world *w, ky_network *network, const uint32_t *order) {
  static town_lines lines;
  memset(w, 0, sizeof *w);
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[2][2]){{100, 5000}, {650, 5000}});
  town_line(&lines, 2, (const double[2][2]){{650, 5000}, {1050, 5000}});
  town_line(&lines, 2, (const double[2][2]){{1050, 5000}, {1150, 5000}});
  ky_job_init(&w->job, 1);
  ky_ways ways;
  town_ways(&w->job, &lines, order, NULL, &ways);
  for (uint32_t i = 0; i < 3; i++) ways.is_bridge[i] = (order == NULL ? i : order[i]) == 1;
  assert_int_equal(ky_network_build(&w->job, &ways, network), KY_OK);
  world_zones(w, 1);
  world_points(w, 1);
  world_venues(w, 0);
  w->points.x_m[0] = 650;
  w->points.y_m[0] = 5000;
  w->points.people[KY_65][0] = KY_PERSON;
}

static ky_candidates make(world *w, const ky_network *network, const ky_inputs *inputs) {
  ky_candidates out;
  ky_anchors anchors = town_anchors(&w->job, w->points.count);
  assert_int_equal(ky_sites_candidates(&w->job, inputs, &w->zones, network, &w->points, &anchors, &w->coverage,
                                       &(ky_network_opts){.snap_cap_m = 200, .min_component_mm = 1000},
                                       &(ky_sites_opts){.spacing_m = 100, .primary_mm = 405000}, &out),
                   KY_OK);
  return out;
}

/* Within 405 m of x = 650: 245 .. 1055, not on the bridge, not its inner cuts; both of its ends are on the ground.
 * 550 m are cut into 6 parts of 91.667 m: 283.3, 375, 466.7, 558.3. */
static void test_generated(void **state) {
  (void)state;
  world a, b;
  ky_network network_a, network_b;
  street(&a, &network_a, NULL);
  street(&b, &network_b, (const uint32_t[]){2, 0, 1});
  ky_inputs inputs = {0};
  ky_candidates ca = make(&a, &network_a, &inputs), cb = make(&b, &network_b, &inputs);
  assert_int_equal(ca.count, 6);
  assert_int_equal(cb.count, 6);
  assert_false(ca.is_given);
  int nodes = 0;
  for (uint32_t i = 0; i < ca.count; i++) {
    nodes += ca.x_m[i] == 650 || ca.x_m[i] == 1050;
    assert_true(ca.x_m[i] >= 245 && ca.x_m[i] <= 1055);
    assert_false(network_a.is_bridge[ca.anchors.edge[i]]);
    assert_int_equal(ca.anchors.access_mm[i], 0);
    assert_int_equal(ca.row[i], 0);
    if (i > 0) assert_true(strcmp(ca.id[i - 1], ca.id[i]) < 0);
    assert_string_equal(ca.id[i], cb.id[i]);
    assert_true(ca.x_m[i] == cb.x_m[i]);
    double x, y;
    ky_edge_place(&network_a, ca.anchors.edge[i], ca.anchors.along_mm[i], &x, &y);
    assert_true(x > ca.x_m[i] - 0.002 && x < ca.x_m[i] + 0.002);
  }
  assert_int_equal(nodes, 2);
  assert_string_equal(ca.id[0], "s000002"); /* number among all places, so it stays when people move away */
  ky_job_free(&a.job);
  ky_job_free(&b.job);
}

/* Nobody beyond: no candidates, and no sites. */
static void test_nobody(void **state) {
  (void)state;
  world w;
  ky_network network;
  street(&w, &network, NULL);
  w.points.people[KY_65][0] = 0;
  world_ledger(&w);
  ky_candidates candidates = make(&w, &network, &(ky_inputs){0});
  assert_int_equal(candidates.count, 0);
  ky_sites sites;
  ky_anchors anchors = town_anchors(&w.job, 1);
  assert_int_equal(ky_sites_choose(&w.job, &candidates, &network, &w.points, &anchors, &w.zones, &w.coverage,
                                   &(ky_sites_opts){.min_people_65 = 1, .primary_mm = 405000}, &sites),
                   KY_OK);
  assert_int_equal(sites.count, 0);
  assert_int_equal(sites.point_site[0], KY_NONE);
  ky_job_free(&w.job);
}

static void given(world *w, uint32_t count, const char *const *id, const double (*xy)[2], ky_source *source,
                  ky_raw *raw) {
  memset(raw, 0, sizeof *raw);
  *source = (ky_source){.role = KY_ROLE_SITES, .name = "sites[0]", .shown = "halls.csv"};
  raw->source = source;
  raw->count = count;
  assert_int_equal(ky_shapes_new(&w->job, KY_SHAPE_POINT, count, count, count, &raw->shapes), KY_OK);
  WORLD_NEW(w, raw->record, count);
  WORLD_NEW(w, raw->columns, 1);
  raw->column_count = 1;
  raw->columns[0] = (ky_raw_column){.attribute = "id", .column = "ID"};
  WORLD_NEW(w, raw->columns[0].value, count);
  for (uint32_t i = 0; i < count; i++) {
    raw->shapes.x[i] = xy[i][0];
    raw->shapes.y[i] = xy[i][1];
    raw->shapes.first_part[i + 1] = raw->shapes.first_vertex[i + 1] = i + 1;
    raw->record[i] = raw->columns[0].value[i] = id[i];
  }
}

/* Outside, without a street, twice the same, the same id elsewhere: each is said, the rest remain in order of id. */
static void test_given(void **state) {
  (void)state;
  world w;
  ky_network network;
  street(&w, &network, NULL);
  ky_source source;
  ky_raw raw;
  const char *const id[] = {"hall-b", "hall-a", "out", "far", "hall-b", "hall-a"};
  const double xy[][2] = {{300, 5010}, {200, 5020}, {-50, 5000}, {5000, 5000}, {400, 5010}, {200, 5020}};
  given(&w, 6, id, xy, &source, &raw);
  ky_candidates c = make(&w, &network, &(ky_inputs){.sites = &raw, .site_count = 1});
  assert_true(c.is_given);
  assert_int_equal(c.count, 3);
  assert_string_equal(c.id[0], "hall-a");
  assert_string_equal(c.id[1], "hall-b");
  assert_string_equal(c.id[2], "hall-b#2");
  assert_true(c.x_m[1] == 300 && c.x_m[2] == 400);
  assert_int_equal(c.anchors.access_mm[0], 20000);
  assert_string_equal(world_issue(&w.job, "site_outside")->record, "out");
  assert_string_equal(world_issue(&w.job, "site_no_street")->record, "far");
  assert_string_equal(world_issue(&w.job, "duplicate_id")->record, "hall-b");
  assert_string_equal(world_issue(&w.job, "duplicate_site")->record, "hall-a");
  ky_job_free(&w.job);
}

/* Spacings that make no sense are refused. */
static void test_bad_spacing(void **state) {
  (void)state;
  world w;
  ky_network network;
  street(&w, &network, NULL);
  ky_candidates out;
  ky_anchors anchors = town_anchors(&w.job, 1);
  ky_inputs inputs = {0};
  assert_int_equal(ky_sites_candidates(&w.job, &inputs, &w.zones, &network, &w.points, &anchors, &w.coverage,
                                       &(ky_network_opts){0}, &(ky_sites_opts){.spacing_m = 0, .primary_mm = 1}, &out),
                   KY_E_CONFIG);
  assert_non_null(strstr(w.job.message, "spacing_m"));
  ky_job_free(&w.job);
}

static ky_network starved; /* of the world that test_memory builds */

static ky_err room(world *w) {
  ky_sites_opts opts = {.min_people_65 = 1, .spacing_m = 100, .primary_mm = 405000};
  ky_network_opts network_opts = {.snap_cap_m = 200, .min_component_mm = 1000};
  ky_inputs inputs = {0};
  ky_candidates candidates;
  ky_sites sites;
  uint32_t edge = 0, along_mm = 0, access_mm = 0;
  ky_anchors anchors = {.count = 1, .edge = &edge, .along_mm = &along_mm, .access_mm = &access_mm};
  KY_TRY(ky_sites_candidates(&w->job, &inputs, &w->zones, &starved, &w->points, &anchors, &w->coverage, &network_opts,
                             &opts, &candidates));
  return ky_sites_choose(&w->job, &candidates, &starved, &w->points, &anchors, &w->zones, &w->coverage, &opts, &sites);
}

static void test_memory(void **state) {
  (void)state;
  world w;
  street(&w, &starved, NULL);
  world_ledger(&w);
  world_starve(&w, &w.job.keep, room);
  world_starve(&w, &w.job.scratch, room);
  ky_job_free(&w.job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_greedy_and_bound), cmocka_unit_test(test_generated),
      cmocka_unit_test(test_nobody),           cmocka_unit_test(test_given),
      cmocka_unit_test(test_bad_spacing),      cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
