/* Placing people: shares, hidden census groups, streets in cells, zones and their edges. */
#include "core/cell_groups.h"
#include "town.h"

static void test_largest_remainder(void **state) {
  (void)state;
  int64_t out[4];
  uint32_t order[4];
  ky_share_largest_remainder(10, (const uint64_t[]){1, 1, 1}, 3, out, order);
  assert_int_equal(out[0], 4); /* ties to the earlier */
  assert_int_equal(out[1], 3);
  assert_int_equal(out[2], 3);
  ky_share_largest_remainder(7, (const uint64_t[]){10, 20, 30, 40}, 4, out, order); /* 0.7 1.4 2.1 2.8 */
  assert_int_equal(out[0], 1);
  assert_int_equal(out[1], 1);
  assert_int_equal(out[2], 2);
  assert_int_equal(out[3], 3);
  ky_share_largest_remainder(5, (const uint64_t[]){0, 0}, 2, out, order);
  assert_int_equal(out[0], 5);
  assert_int_equal(out[1], 0);
}

static void test_shares_are_exact(void **state) {
  (void)state;
  uint64_t seed = 5;
  for (uint32_t trial = 0; trial < 300; trial++) {
    uint64_t weight[200];
    int64_t out[200], sum = 0, people = (int64_t)(town_random(&seed) % 4000000000);
    uint32_t order[200], n = 1 + (uint32_t)(town_random(&seed) % 200);
    uint64_t total = 0;
    for (uint32_t i = 0; i < n; i++) total += weight[i] = town_random(&seed) % 60000000000;
    ky_share_largest_remainder(people, weight, n, out, order);
    for (uint32_t i = 0; i < n; i++) {
      sum += out[i];
      double quota = (double)people * (double)weight[i] / (double)(total == 0 ? 1 : total);
      if (total != 0) assert_true((double)out[i] > quota - 1.001 && (double)out[i] < quota + 1.001);
    }
    assert_int_equal(sum, people);
  }
}

static ky_cell_draft draft(const ky_raw *raw, const char *id, char hidden, const char *receiver, const char *sources,
                           int64_t total) {
  ky_cell_draft d = {
      .id = id, .record = {.id = id, .raw = raw}, .hidden = hidden, .receiver = receiver, .sources = sources};
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) d.people[m] = KY_NULL;
  d.people[KY_TOTAL] = total * KY_PERSON;
  return d;
}

/* 100 people in a, 40 in b, 10 in c; a holds the details of all: 65+ 30 = 12 men + 18 women. */
static void test_hidden_group(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  const ky_source source = {.name = "residents[0]", .shown = "grid.txt"};
  const ky_raw raw = {.source = &source};
  ky_cell_draft d[3] = {draft(&raw, "a", '1', NULL, "b;c", 100), draft(&raw, "b", '2', "a", NULL, 40),
                        draft(&raw, "c", '2', "a", NULL, 10)};
  d[0].people[KY_65] = 30 * KY_PERSON;
  d[0].people[KY_65_M] = 12 * KY_PERSON;
  d[0].people[KY_65_F] = 18 * KY_PERSON;
  assert_int_equal(ky_cell_groups_dissolve(&job, d, 3), KY_OK);
  assert_int_equal(job.issues.count, 0);
  const int64_t men[3] = {8000, 3200, 800}, women[3] = {12000, 4800, 1200};
  for (int i = 0; i < 3; i++) {
    assert_int_equal(d[i].people[KY_65_M], men[i]);
    assert_int_equal(d[i].people[KY_65_F], women[i]);
    assert_int_equal(d[i].people[KY_65], men[i] + women[i]);
    assert_int_equal(d[i].age_source, KY_AGE_GROUP);
    assert_true(d[i].people[KY_75] == KY_NULL);
  }
  ky_job_free(&job);
}

static void test_hidden_links_that_break(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  const ky_source source = {.name = "residents[0]", .shown = "grid.txt"};
  const ky_raw raw = {.source = &source};
  ky_cell_draft d[4] = {draft(&raw, "a", '1', NULL, "b;x", 100), draft(&raw, "b", '2', "d", NULL, 40),
                        draft(&raw, "c", '2', "nowhere", NULL, 10), draft(&raw, "d", '0', NULL, NULL, 10)};
  d[0].people[KY_65] = 30 * KY_PERSON;
  assert_int_equal(ky_cell_groups_dissolve(&job, d, 4), KY_OK);
  assert_int_equal(d[0].people[KY_65], 30 * KY_PERSON);
  assert_true(d[1].people[KY_65] == KY_NULL && d[2].people[KY_65] == KY_NULL);
  uint32_t broken = 0, missing = 0, source_missing = 0;
  for (uint32_t i = 0; i < job.issues.count; i++) {
    broken += strcmp(job.issues.rows[i].reason, "hidden_link_broken") == 0;
    missing += strcmp(job.issues.rows[i].reason, "hidden_receiver_missing") == 0;
    source_missing += strcmp(job.issues.rows[i].reason, "hidden_source_missing") == 0;
  }
  assert_int_equal(broken, 2); /* from both ends */
  assert_int_equal(missing, 1);
  assert_int_equal(source_missing, 1);
  ky_job_free(&job);
}

typedef struct town {
  ky_job job;
  ky_network network;
  ky_zones zones;
  ky_cells cells;
} town;

/* Two zones side by side, one cell of 500 m across both, a street of 1 km through it. */
static void make_town(town *t, const town_lines *lines) {
  ky_ways ways;
  ky_job_init(&t->job, 2);
  town_ways(&t->job, lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&t->job, &ways, &t->network), KY_OK);
  t->zones = (ky_zones){.count = 2};
  static const char *id[2] = {"east", "west"};
  t->zones.id = id;
  t->zones.name = id;
  town_boxes(&t->job, (const double[][4]){{300, -1000, 2000, 1000}, {-1000, -1000, 300, 1000}}, 2, &t->zones.shapes);
  t->cells = (ky_cells){.count = 1};
  static const char *cell_id[1] = {"c1"};
  t->cells.id = cell_id;
  town_boxes(&t->job, (const double[][4]){{0, 0, 500, 500}}, 1, &t->cells.shapes);
  t->cells.shapes.kind = KY_SHAPE_MIXED;
  for (uint32_t m = KY_TOTAL; m <= KY_65; m += KY_65) {
    t->cells.people[m] = ky_arena_alloc(&t->job.keep, 1, sizeof(int64_t));
    t->cells.people[m][0] = m == KY_TOTAL ? 100 * KY_PERSON : 30 * KY_PERSON;
  }
}

static const ky_place_opts OPTS = {.margin_m = 2000, .by_streets = true, .step_m = 25, .min_street_m = 50};

/* 500 m of street in the cell: 20 parts of 25 m; 60 % of them west of x = 300. */
static void test_points_on_streets(void **state) {
  (void)state;
  static town_lines lines;
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[][2]){{-250, 100}, {750, 100}});
  town t;
  make_town(&t, &lines);
  ky_points points;
  assert_int_equal(ky_place_points(&t.job, &t.cells, &t.zones, &t.network, &OPTS, &points), KY_OK);
  assert_null(ky_points_check(&points, &t.cells));
  assert_int_equal(points.count, 20);
  assert_int_equal(points.placement[0], KY_PLACED_STREETS);
  int64_t west = 0;
  for (uint32_t i = 0; i < points.count; i++) {
    assert_int_equal(points.weight_um[i], 25000000);
    assert_int_equal(points.people[KY_65][i], 1500);
    if (points.row[i] == 1) west += points.people[KY_65][i];
  }
  assert_int_equal(west, 18 * KY_PERSON);
  assert_int_equal(points.cell_zone[0], 1);
  ky_job_free(&t.job);
}

/* Classes decide: a service road carries nobody while a residential street of 50 m is there. */
static void test_classes_and_fallbacks(void **state) {
  (void)state;
  static town_lines lines;
  for (int kind = 0; kind < 4; kind++) {
    lines.count = lines.vertex_count = 0;
    double length = kind == 0 ? 60 : 40;
    town_line(&lines, 2, (const double[][2]){{0, 100}, {length, 100}});
    town_line(&lines, 2, (const double[][2]){{0, 300}, {kind == 2 ? 5 : 400, 300}});
    town t;
    make_town(&t, &lines);
    for (uint32_t e = 0; e < t.network.edge_count; e++)
      t.network.class_bits[e] = t.network.vertex_y_m[t.network.first_vertex[e]] == 100 ? 1u << KY_STREET_RESIDENTIAL
                                                                                       : 1u << KY_STREET_SERVICE;
    ky_place_opts opts = OPTS;
    opts.by_streets = kind != 3;
    ky_points points;
    assert_int_equal(ky_place_points(&t.job, &t.cells, &t.zones, &t.network, &opts, &points), KY_OK);
    assert_null(ky_points_check(&points, &t.cells));
    const uint8_t expected[4] = {KY_PLACED_STREETS, KY_PLACED_STREETS_ANY, KY_PLACED_CENTROID, KY_PLACED_CENTROID};
    const uint32_t count[4] = {3, 18, 1, 1};
    assert_int_equal(points.placement[0], expected[kind]);
    assert_int_equal(points.count, count[kind]);
    if (kind >= 2) assert_true(points.x_m[0] == 250 && points.y_m[0] == 250);
    ky_job_free(&t.job);
  }
}

/* A place on the shared edge belongs to the lower zone, whichever polygon is drawn first. */
static void test_zone_edges(void **state) {
  (void)state;
  static town_lines lines;
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[][2]){{0, 0}, {10, 0}});
  town t;
  make_town(&t, &lines);
  ky_zone_index *index;
  bool is_on_edge;
  assert_int_equal(ky_zone_index_new(&t.job, &t.zones, &index), KY_OK);
  assert_int_equal(ky_zone_index_row_edge(index, 300, 10, &is_on_edge), 0);
  assert_true(is_on_edge);
  assert_int_equal(ky_zone_index_row(index, 299.999, 10), 1);
  assert_int_equal(ky_zone_index_row(index, 300.001, 10), 0);
  assert_int_equal(ky_zone_index_row(index, 5000, 10), KY_ROW_OUTSIDE(&t.zones));
  assert_true(ky_zone_index_near(index, &t.cells.shapes, 0, 0));
  ky_shapes far;
  town_boxes(&t.job, (const double[][4]){{4100, 0, 4600, 500}, {3900, 0, 4400, 500}, {-9000, -9000, 9000, 9000}}, 3,
             &far);
  assert_false(ky_zone_index_near(index, &far, 0, 2000));
  assert_true(ky_zone_index_near(index, &far, 1, 2000));
  assert_true(ky_zone_index_near(index, &far, 2, 2000)); /* around the municipality */
  ky_job_free(&t.job);
}

/* The n-th allocation fails, for every n: a clean KY_E_RESOURCE each time. */
static void test_memory_runs_out(void **state) {
  (void)state;
  static town_lines lines;
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[][2]){{-250, 100}, {750, 100}});
  for (int arena = 0; arena < 2; arena++) {
    for (uint64_t n = 1;; n++) {
      town t;
      make_town(&t, &lines);
      *(arena == 0 ? &t.job.keep.fail_after : &t.job.scratch.fail_after) = n;
      ky_points points;
      ky_err err = ky_place_points(&t.job, &t.cells, &t.zones, &t.network, &OPTS, &points);
      ky_job_free(&t.job);
      if (err == KY_OK) break;
      assert_int_equal(err, KY_E_RESOURCE);
      assert_true(n < 1000);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_largest_remainder), cmocka_unit_test(test_shares_are_exact),
      cmocka_unit_test(test_hidden_group),      cmocka_unit_test(test_hidden_links_that_break),
      cmocka_unit_test(test_points_on_streets), cmocka_unit_test(test_classes_and_fallbacks),
      cmocka_unit_test(test_zone_edges),        cmocka_unit_test(test_memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
