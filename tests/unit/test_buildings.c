/* People in buildings: a town of three cells by hand, uses and storeys as files write them. */
#include <math.h>

#include "io/building_use.h"
#include "town.h"

typedef struct house {
  double x0, y0, x1, y1; /* a box; x0 == x1: a point */
  uint8_t use;
  uint32_t storeys_milli;
} house;

#define HOME    KY_BUILDING_HOME
#define UNKNOWN KY_BUILDING_UNSPECIFIED
#define OTHER   KY_BUILDING_OTHER

typedef struct town {
  ky_job job;
  ky_network network;
  ky_zones zones;
  ky_cells cells;
  ky_source source;
  ky_raw raw;
  ky_inputs inputs;
  ky_place_opts opts;
  ky_buildings buildings;
  ky_points points;
} town;

/* Cells A, B and C of 500 m from west to east, 70, 100 and 30 people of whom all are 65+; a street through all. */
static void make_town(town *t, int threads) {
  static town_lines lines;
  static const char *zone_id[1] = {"z"}, *cell_id[3] = {"A", "B", "C"};
  ky_ways ways;
  memset(t, 0, sizeof *t);
  ky_job_init(&t->job, threads);
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[][2]){{-250, 0.5}, {1750, 0.5}});
  town_ways(&t->job, &lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&t->job, &ways, &t->network), KY_OK);
  t->zones = (ky_zones){.count = 1, .id = zone_id, .name = zone_id};
  town_boxes(&t->job, (const double[][4]){{-1000, -1000, 3000, 2000}}, 1, &t->zones.shapes);
  t->cells = (ky_cells){.count = 3, .id = cell_id};
  town_boxes(&t->job, (const double[][4]){{0, 0, 500, 500}, {500, 0, 1000, 500}, {1000, 0, 1500, 500}}, 3,
             &t->cells.shapes);
  t->cells.shapes.kind = KY_SHAPE_MIXED;
  for (uint32_t m = KY_TOTAL; m <= KY_65; m += KY_65) {
    t->cells.people[m] = ky_arena_alloc(&t->job.keep, 3, sizeof(int64_t));
    memcpy(t->cells.people[m], (const int64_t[]){70 * KY_PERSON, 100 * KY_PERSON, 30 * KY_PERSON}, 3 * sizeof(int64_t));
  }
  t->opts = (ky_place_opts){.margin_m = 2000,
                            .by_buildings = true,
                            .by_streets = true,
                            .step_m = 25,
                            .min_street_m = 50,
                            .point_m2 = 70,
                            .home_share = KY_WHOLE / 2};
}

static void add_houses(town *t, const house *houses, uint32_t count) {
  ky_shapes *s = &t->raw.shapes;
  assert_int_equal(ky_shapes_new(&t->job, KY_SHAPE_MIXED, count, count, 5 * count, s), KY_OK);
  t->source = (ky_source){.role = KY_ROLE_BUILDINGS, .name = "buildings[0]", .shown = "town.gpkg"};
  t->raw.source = &t->source;
  t->raw.count = count;
  t->raw.record = ky_arena_alloc(&t->job.keep, count, sizeof *t->raw.record);
  t->raw.buildings.use = ky_arena_alloc(&t->job.keep, count, 1);
  t->raw.buildings.storeys_milli = ky_arena_alloc(&t->job.keep, count, sizeof(uint32_t));
  t->raw.buildings.area_dm2 = ky_arena_alloc(&t->job.keep, count, sizeof(uint32_t));
  uint32_t vertex = 0;
  for (uint32_t i = 0; i < count; i++) {
    const house *h = &houses[i];
    const double x[5] = {h->x0, h->x1, h->x1, h->x0, h->x0}, y[5] = {h->y0, h->y0, h->y1, h->y1, h->y0};
    const uint32_t n = h->x0 == h->x1 ? 1 : 5;
    memcpy(s->x + vertex, x, n * sizeof *x);
    memcpy(s->y + vertex, y, n * sizeof *y);
    s->first_part[i + 1] = i + 1;
    s->first_vertex[i + 1] = vertex += n;
    t->raw.record[i] = "house";
    t->raw.buildings.use[i] = h->use;
    t->raw.buildings.storeys_milli[i] = h->storeys_milli;
    t->raw.buildings.area_dm2[i] = KY_NONE;
  }
  s->vertex_count = vertex;
  t->inputs.buildings = &t->raw;
  t->inputs.building_source_count = 1;
  assert_int_equal(ky_buildings_build(&t->job, &t->inputs, &t->opts, &t->buildings), KY_OK);
  t->opts.buildings = &t->buildings;
  assert_int_equal(ky_place_points(&t->job, &t->cells, &t->zones, &t->network, &t->opts, &t->points), KY_OK);
  assert_null(ky_points_check(&t->points, &t->cells));
}

static void expect_point(const town *t, uint32_t i, double x, double y, uint32_t people) {
  assert_true(i < t->points.count);
  if (t->points.x_m[i] != x || t->points.y_m[i] != y || t->points.people[KY_65][i] != people)
    fail_msg("point %u: %.3f %.3f with %u, expected %.3f %.3f with %u", i, t->points.x_m[i], t->points.y_m[i],
             t->points.people[KY_65][i], x, y, people);
}

/* A: 100 m2 of one storey and 200 m2 of three, 70 people: 10 and 60. B: one house. C: a shop, so its street. */
static void test_town(void **state) {
  (void)state;
  static const house houses[] = {{400, 400, 410, 420, HOME, 3000},
                                 {100, 100, 110, 110, HOME, KY_NONE},
                                 {200, 200, 290, 290, OTHER, 9000},
                                 {700, 50, 710, 60, HOME, 2000},
                                 {1200, 200, 1210, 210, OTHER, 1000}};
  town t;
  make_town(&t, 2);
  add_houses(&t, houses, 5);
  assert_int_equal(t.buildings.count, 3);
  assert_int_equal(t.buildings.other_count, 2);
  assert_int_equal(t.buildings.no_storeys_count, 1);
  assert_int_equal(t.points.placement[0], KY_PLACED_BUILDINGS);
  assert_int_equal(t.points.placement[1], KY_PLACED_BUILDINGS);
  assert_int_equal(t.points.placement[2], KY_PLACED_STREETS);
  expect_point(&t, 0, 105, 105, 10 * KY_PERSON);
  expect_point(&t, 1, 405, 410, 60 * KY_PERSON);
  expect_point(&t, 2, 705, 55, 100 * KY_PERSON);
  assert_int_equal(t.points.weight_um[0], 100000000);
  assert_int_equal(t.points.weight_um[1], 600000000);
  assert_int_equal(t.points.first_point[3] - t.points.first_point[2], 20); /* 500 m of street */
  uint32_t count[KY_PLACEMENT_COUNT];
  ky_placement_counts(&t.cells, &t.points, count);
  assert_int_equal(count[KY_PLACED_BUILDINGS], 2);
  assert_int_equal(count[KY_PLACED_STREETS], 1);
  ky_anchors anchors;
  const ky_network_opts opts = {.snap_cap_m = 200, .min_component_mm = 1000};
  assert_int_equal(ky_network_anchor(&t.job, &t.network, t.points.x_m, t.points.y_m, 3, NULL, &opts, &anchors), KY_OK);
  assert_int_equal(anchors.access_mm[0], 104500); /* from the house to the street at y = 0.5 */
  assert_int_equal(anchors.edge[1], KY_NONE);     /* 409.5 m are beyond the cap */
  ky_job_free(&t.job);
}

/* A house across the border is of the cell of its middle; on the border itself, of the lower cell. */
static void test_borders(void **state) {
  (void)state;
  static const house houses[] = {{480, 100, 530, 110, HOME, 1000},   /* middle 505: B */
                                 {490, 200, 510, 210, HOME, 1000},   /* middle 500: A and B */
                                 {990, 500, 1010, 510, HOME, 1000},  /* above all cells */
                                 {-20, 300, 10, 310, HOME, 1000},    /* middle -5: outside */
                                 {995, 499, 1005, 501, HOME, 1000}}; /* the corner of B and C */
  town t;
  make_town(&t, 1);
  add_houses(&t, houses, 5);
  assert_int_equal(t.points.first_point[1], 1);
  expect_point(&t, 0, 500, 205, 70 * KY_PERSON);
  assert_int_equal(t.points.first_point[2], 3);
  assert_true(t.points.x_m[1] == 505 && t.points.x_m[2] == 1000);
  assert_int_equal(t.points.placement[2], KY_PLACED_STREETS);
  ky_job_free(&t.job);
}

/* Equal floors: thousandths that are left go to the houses farther west. 70 people over 3. */
static void test_ties(void **state) {
  (void)state;
  static const house houses[] = {
      {300, 100, 310, 110, HOME, 1000}, {100, 300, 110, 310, HOME, 1000}, {100, 100, 110, 110, HOME, 1000}};
  town t;
  make_town(&t, 1);
  add_houses(&t, houses, 3);
  expect_point(&t, 0, 105, 105, 23334);
  expect_point(&t, 1, 105, 305, 23333);
  expect_point(&t, 2, 305, 105, 23333);
  ky_job_free(&t.job);
}

/* Unspecified buildings count where known homes are less than half of the floor: in A 100 of 300, in B 200 of 300; C
 * has no known home. With 0 they never count, with 1 always. */
static void test_unspecified(void **state) {
  (void)state;
  static const house houses[] = {{100, 100, 110, 110, HOME, 1000},
                                 {200, 100, 220, 110, UNKNOWN, 1000},
                                 {600, 100, 620, 110, HOME, 1000},
                                 {700, 100, 710, 110, UNKNOWN, 1000},
                                 {1100, 100, 1110, 110, UNKNOWN, 1000}};
  static const struct {
    uint32_t share, count[3];
    uint8_t placement;
  } cases[] = {{KY_WHOLE / 2, {2, 1, 1}, KY_PLACED_BUILDINGS},
               {0, {1, 1, 20}, KY_PLACED_STREETS},
               {1, {1, 1, 1}, KY_PLACED_BUILDINGS},
               {KY_WHOLE, {2, 2, 1}, KY_PLACED_BUILDINGS}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    town t;
    make_town(&t, 1);
    t.opts.home_share = cases[k].share;
    add_houses(&t, houses, 5);
    for (uint32_t c = 0; c < 3; c++)
      assert_int_equal(t.points.first_point[c + 1] - t.points.first_point[c], cases[k].count[c]);
    assert_int_equal(t.points.placement[2], cases[k].placement);
    ky_job_free(&t.job);
  }
}

/* The same house twice counts once, as a home and with its storeys; a house in a house is said; a point is 70 m2; one
 * of no area is left out. In any order. */
static void test_duplicates(void **state) {
  (void)state;
  static const house houses[] = {{100, 100, 110, 110, UNKNOWN, 5000}, {100, 100, 110, 110, HOME, KY_NONE},
                                 {100, 100, 110, 110, HOME, 2000},    {101, 101, 104, 104, HOME, 1000},
                                 {300, 300, 300, 300, HOME, 1000},    {200, 200, 210, 200, HOME, 1000}};
  for (int turn = 0; turn < 2; turn++) {
    house order[6];
    for (int i = 0; i < 6; i++) order[i] = houses[turn == 0 ? i : 5 - i];
    town t;
    make_town(&t, 1 + turn);
    add_houses(&t, order, 6);
    assert_int_equal(t.buildings.count, 3);
    assert_int_equal(t.buildings.duplicate_count, 2);
    assert_int_equal(t.buildings.overlap_count, 1);
    assert_int_equal(t.buildings.no_area_count, 1);
    assert_int_equal(t.buildings.floor[0], 9000000);
    assert_int_equal(t.buildings.floor[1], 200000000);
    assert_int_equal(t.buildings.floor[2], 70000000);
    ky_job_free(&t.job);
  }
}

/* The middle of a U lies outside it: its place is in the wider arm of the line through that middle. */
static void test_place_inside(void **state) {
  (void)state;
  town t;
  make_town(&t, 1);
  add_houses(&t, (const house[]){{0, 0, 1, 1, OTHER, 1000}}, 1);
  const double x[9] = {0, 30, 30, 20, 20, 5, 5, 0, 0}, y[9] = {0, 0, 40, 40, 2, 2, 40, 40, 0};
  ky_shapes *s = &t.raw.shapes;
  assert_int_equal(ky_shapes_new(&t.job, KY_SHAPE_POLYGON, 1, 1, 9, s), KY_OK);
  memcpy(s->x, x, sizeof x);
  memcpy(s->y, y, sizeof y);
  s->first_part[1] = 1;
  s->first_vertex[1] = 9;
  t.raw.buildings.use[0] = HOME;
  assert_int_equal(ky_buildings_build(&t.job, &t.inputs, &t.opts, &t.buildings), KY_OK);
  /* areas 5 x 40, 15 x 2, 10 x 40: 630 m2, middle x (200 x 2.5 + 30 x 12.5 + 400 x 25) / 630 = 17.262 */
  assert_int_equal(t.buildings.floor[0], 630000000);
  assert_true(t.buildings.x_m[0] == 25);
  assert_true(fabs(t.buildings.y_m[0] - (200 * 20 + 30 * 1 + 400 * 20) / 630.0) < 0.001);
  ky_job_free(&t.job);
}

static void test_memory_runs_out(void **state) {
  (void)state;
  static const house houses[] = {{100, 100, 110, 110, HOME, 1000}, {102, 102, 106, 106, HOME, 1000}};
  for (int arena = 0; arena < 2; arena++)
    for (uint64_t n = 1;; n++) {
      town t;
      make_town(&t, 2);
      add_houses(&t, houses, 2);
      *(arena == 0 ? &t.job.keep.fail_after : &t.job.scratch.fail_after) = n;
      ky_err err = ky_buildings_build(&t.job, &t.inputs, &t.opts, &t.buildings);
      if (err == KY_OK) err = ky_place_points(&t.job, &t.cells, &t.zones, &t.network, &t.opts, &t.points);
      ky_job_free(&t.job);
      if (err == KY_OK) break;
      assert_int_equal(err, KY_E_RESOURCE);
      assert_true(n < 1000);
    }
}

static void test_uses(void **state) {
  (void)state;
  static const struct {
    const char *text;
    ky_building_use use;
  } cases[] = {{"house", HOME},
               {"apartments", HOME},
               {"semidetached_house", HOME},
               {"yes", UNKNOWN},
               {"garage", OTHER},
               {"hotel", OTHER},
               {"hut", OTHER},
               {"yes;house", HOME},
               {"retail;yes", UNKNOWN},
               {"411", HOME},
               {"４１２", HOME},
               {"415", HOME},
               {"401", OTHER},
               {"454", OTHER},
               {"461", UNKNOWN},
               {"店舗等併用共同住宅", HOME},
               {"作業所併用住宅", HOME},
               {"業務施設", OTHER},
               {"非住宅", OTHER},
               {"住宅以外", OTHER},
               {"普通建物", UNKNOWN},
               {"堅ろう建物", UNKNOWN},
               {"普通無壁舎", OTHER},
               {"3102", UNKNOWN},
               {"3111", OTHER},
               {NULL, UNKNOWN},
               {" ", UNKNOWN},
               {"no", OTHER}};
  ky_job job;
  ky_source source = {.role = KY_ROLE_BUILDINGS};
  ky_building_use use;
  ky_job_init(&job, 1);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(ky_building_use_of(&job, &source, cases[i].text, &use), KY_OK);
    if (use != cases[i].use) fail_msg("%s: %d", cases[i].text, use);
  }
  const char *mine[] = {"131", "集合"};
  source.residential = mine;
  source.residential_count = 2;
  assert_int_equal(ky_building_use_of(&job, &source, "131", &use), KY_OK);
  assert_int_equal(use, HOME);
  assert_int_equal(ky_building_use_of(&job, &source, "411", &use), KY_OK);
  assert_int_equal(use, OTHER);
  ky_job_free(&job);
}

static void test_storeys(void **state) {
  (void)state;
  static const struct {
    const char *text;
    ky_storeys_state state;
    uint32_t milli;
  } cases[] = {{"2", KY_STOREYS_KNOWN, 2000},
               {"2;3", KY_STOREYS_KNOWN, 2500},
               {"2-3", KY_STOREYS_KNOWN, 2500},
               {"約3", KY_STOREYS_KNOWN, 3000},
               {"３階建", KY_STOREYS_KNOWN, 3000},
               {"1.5", KY_STOREYS_KNOWN, 1500},
               {"地上3階地下1階", KY_STOREYS_KNOWN, 3000},
               {"平屋建", KY_STOREYS_KNOWN, 1000},
               {"0", KY_STOREYS_UNKNOWN, 0},
               {"9999", KY_STOREYS_UNKNOWN, 0},
               {"-9999", KY_STOREYS_UNKNOWN, 0},
               {"不明", KY_STOREYS_UNKNOWN, 0},
               {NULL, KY_STOREYS_UNKNOWN, 0},
               {"", KY_STOREYS_UNKNOWN, 0},
               {"-1", KY_STOREYS_BAD, 0},
               {"△2", KY_STOREYS_BAD, 0},
               {"201", KY_STOREYS_BAD, 0},
               {"many", KY_STOREYS_BAD, 0},
               {"地下1階", KY_STOREYS_BAD, 0},
               {"200", KY_STOREYS_KNOWN, 200000}};
  ky_job job;
  ky_job_init(&job, 1);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint32_t milli;
    ky_storeys_state got;
    assert_int_equal(ky_storeys_of(&job, cases[i].text, &milli, &got), KY_OK);
    if (got != cases[i].state || milli != (got == KY_STOREYS_KNOWN ? cases[i].milli : KY_NONE))
      fail_msg("%s: %d %u", cases[i].text, got, milli);
  }
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_town),
      cmocka_unit_test(test_borders),
      cmocka_unit_test(test_ties),
      cmocka_unit_test(test_unspecified),
      cmocka_unit_test(test_duplicates),
      cmocka_unit_test(test_place_inside),
      cmocka_unit_test(test_memory_runs_out),
      cmocka_unit_test(test_uses),
      cmocka_unit_test(test_storeys),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
