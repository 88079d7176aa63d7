/* Polygons: gap areas, service areas, zones, repair. Validity and overlaps are judged by GEOS, which did not make the
 * service areas and made the gap areas by another way than the one they are checked by. */
#include <math.h>

#include "core/around.h"
#include "core/voronoi.h"
#include "io/geos.h"
#include "io/shapes_valid.h"
#include "world.h"

#include <kayoi/write.h>

static const ky_gaps_opts OPTS = {.clip_m = 100, .dense_per_km2 = 400};

/* Area that two records share, m2. */
static double shared_m2(const ky_shapes *a, uint32_t i, const ky_shapes *b, uint32_t j) {
  ky_geos geos;
  double area;
  assert_true(ky_geos_open(&geos));
  GEOSGeometry *left = ky_geos_polygons(&geos, a, i), *right = ky_geos_polygons(&geos, b, j);
  GEOSGeometry *both = GEOSIntersection_r(geos.handle, left, right);
  assert_non_null(both);
  area = ky_geos_area(&geos, both);
  GEOSGeom_destroy_r(geos.handle, left);
  GEOSGeom_destroy_r(geos.handle, right);
  GEOSGeom_destroy_r(geos.handle, both);
  ky_geos_close(&geos);
  return area;
}

static bool is_valid(const ky_shapes *shapes, uint32_t record) {
  ky_geos geos;
  assert_true(ky_geos_open(&geos));
  GEOSGeometry *polygons = ky_geos_polygons(&geos, shapes, record);
  bool valid = ky_geos_is_valid(&geos, polygons);
  if (!valid) print_message("record %u: %s\n", record, geos.message);
  GEOSGeom_destroy_r(geos.handle, polygons);
  ky_geos_close(&geos);
  return valid;
}

typedef struct scene {
  ky_job job;
  ky_points points;
  ky_gaps gaps;
} scene;

static void scene_new(scene *s, uint32_t points, uint32_t areas, int threads) {
  memset(s, 0, sizeof *s);
  ky_job_init(&s->job, threads);
  s->job.room = "gaps";
  s->points.count = s->gaps.point_count = points;
  s->gaps.count = areas;
  s->points.x_m = ky_arena_alloc(&s->job.keep, points, sizeof(double));
  s->points.y_m = ky_arena_alloc(&s->job.keep, points, sizeof(double));
  s->gaps.point_area = ky_arena_alloc(&s->job.keep, points, sizeof(uint32_t));
  s->gaps.id = ky_arena_alloc(&s->job.keep, areas, sizeof *s->gaps.id);
  s->gaps.people[KY_65] = ky_arena_alloc(&s->job.keep, areas, sizeof(int64_t));
  for (uint32_t a = 0; a < areas; a++) s->gaps.id[a] = ky_format(&s->job.keep, "g%u", a);
}

static void scene_point(scene *s, uint32_t i, double x, double y, uint32_t area) {
  s->points.x_m[i] = x;
  s->points.y_m[i] = y;
  s->gaps.point_area[i] = area;
}

/* A polygon of 32 sides in the circle of 100 m. */
static const double DISC_M2 = 31214.4515;

static void test_gap_alone(void **state) {
  (void)state;
  scene s;
  scene_new(&s, 2, 1, 1);
  scene_point(&s, 0, 1000, 2000, 0);
  scene_point(&s, 1, 1300, 2000, KY_NONE); /* too far to matter */
  s.gaps.people[KY_65][0] = 12 * KY_PERSON;
  assert_int_equal(ky_gaps_polygons(&s.job, &s.points, &OPTS, &s.gaps), KY_OK);
  assert_true(fabs(s.gaps.area_m2[0] - DISC_M2) < 1);
  assert_int_equal(s.gaps.is_dense[0], 0); /* 12 / 0.0312 km2 = 384 */
  s.gaps.people[KY_65][0] = 13 * KY_PERSON;
  assert_int_equal(ky_gaps_polygons(&s.job, &s.points, &OPTS, &s.gaps), KY_OK);
  assert_int_equal(s.gaps.is_dense[0], 1); /* 416 */
  ky_job_free(&s.job);
}

/* Two points 60 m apart: each keeps its own side; a covered point between two of an area makes two parts. */
static void test_gap_neighbours(void **state) {
  (void)state;
  scene s;
  scene_new(&s, 2, 2, 1);
  scene_point(&s, 0, 0, 0, 0);
  scene_point(&s, 1, 60, 0, 1);
  assert_int_equal(ky_gaps_polygons(&s.job, &s.points, &OPTS, &s.gaps), KY_OK);
  assert_true(fabs(s.gaps.area_m2[0] - s.gaps.area_m2[1]) < 1);
  assert_true(s.gaps.area_m2[0] < DISC_M2 && s.gaps.area_m2[0] > DISC_M2 / 2);
  assert_true(shared_m2(&s.gaps.shapes, 0, &s.gaps.shapes, 1) < 1e-9);
  ky_job_free(&s.job);
  scene_new(&s, 3, 1, 1);
  scene_point(&s, 0, -150, 0, 0);
  scene_point(&s, 1, 0, 0, KY_NONE);
  scene_point(&s, 2, 150, 0, 0);
  assert_int_equal(ky_gaps_polygons(&s.job, &s.points, &OPTS, &s.gaps), KY_OK);
  assert_int_equal(s.gaps.shapes.part_count, 2);
  assert_int_equal(ky_shape_locate(&s.gaps.shapes, 0, -80, 0), 1);
  assert_int_equal(ky_shape_locate(&s.gaps.shapes, 0, -70, 0), -1);
  ky_job_free(&s.job);
}

/* Points at one place belong to the area of the first of them; an area that has nothing else is reported. */
static void test_gap_same_place(void **state) {
  (void)state;
  scene s;
  scene_new(&s, 3, 2, 1);
  scene_point(&s, 0, 5, 5, KY_NONE);
  scene_point(&s, 1, 5, 5, 1);
  scene_point(&s, 2, 5, 5, 0);
  assert_int_equal(ky_gaps_polygons(&s.job, &s.points, &OPTS, &s.gaps), KY_OK);
  assert_true(fabs(s.gaps.area_m2[1] - DISC_M2) < 1);
  assert_true(s.gaps.area_m2[0] == 0 && s.gaps.is_dense[0] == 0);
  const ky_issue *issue = world_issue(&s.job, "gap_without_polygon");
  assert_non_null(issue);
  assert_string_equal(issue->record, "g0");
  ky_job_free(&s.job);
}

static void no_gap(void **state) {
  (void)state;
  scene s;
  scene_new(&s, 1, 0, 1);
  scene_point(&s, 0, 5, 5, KY_NONE);
  assert_int_equal(ky_gaps_polygons(&s.job, &s.points, &OPTS, &s.gaps), KY_OK);
  assert_int_equal(s.gaps.shapes.count, 0);
  ky_job_free(&s.job);
}

/* Kinds of towns: exact grids (four cells meet in every corner), random places, streets, and a heap within 2 m. */
static void fill(scene *s, int kind, uint64_t *seed) {
  for (uint32_t i = 0; i < s->points.count; i++) {
    double x, y, span = 40 * sqrt((double)s->points.count);
    if (kind == 0) {
      x = 25.001 * (i % 30);
      y = 25.001 * (i / 30);
    } else if (kind == 1) {
      x = floor((double)(town_random(seed) % 1000000) * span / 1000) / 1000;
      y = floor((double)(town_random(seed) % 1000000) * span / 1000) / 1000;
    } else if (kind == 2) {
      x = (i & 1) ? 100.0 * (double)(town_random(seed) % 10) : 12.5 * (double)(town_random(seed) % 80);
      y = (i & 1) ? 12.5 * (double)(town_random(seed) % 80) : 100.0 * (double)(town_random(seed) % 10);
    } else {
      x = 0.001 * (double)(town_random(seed) % 2000);
      y = 0.001 * (double)(town_random(seed) % 2000);
    }
    uint32_t area = (uint32_t)(x / 260) + 5 * (uint32_t)(y / 260);
    bool is_covered = town_random(seed) % 20 == 0 || area >= s->gaps.count;
    scene_point(s, i, x, y, is_covered ? KY_NONE : kind == 3 ? (uint32_t)(town_random(seed) % s->gaps.count) : area);
  }
}

/* Another point at the same place may have taken it for its own area. */
static bool is_shared_place(const scene *s, uint32_t point) {
  for (uint32_t k = 0; k < s->points.count; k++)
    if (k != point && s->points.x_m[k] == s->points.x_m[point] && s->points.y_m[k] == s->points.y_m[point] &&
        s->gaps.point_area[k] != s->gaps.point_area[point])
      return true;
  return false;
}

static void check_gaps(const scene *s) {
  const ky_shapes *shapes = &s->gaps.shapes;
  assert_null(ky_shapes_check(shapes));
  for (uint32_t a = 0; a < shapes->count; a++) {
    assert_true(is_valid(shapes, a));
    for (uint32_t b = 0; b < a; b++) assert_true(shared_m2(shapes, a, shapes, b) < 1e-3);
  }
  for (uint32_t i = 0; i < s->points.count; i++) {
    uint32_t area = s->gaps.point_area[i];
    if (is_shared_place(s, i)) continue;
    for (uint32_t a = 0; a < shapes->count; a++) {
      int where = ky_shape_locate(shapes, a, s->points.x_m[i], s->points.y_m[i]);
      if (a == area)
        assert_true(where >= 0);
      else
        assert_true(where <= 0);
    }
  }
}

/* Smooth outlines lose vertices, no home and hardly any ground. */
static void check_smooth(const ky_gaps *plain, const ky_gaps *smooth, double corner_m2) {
  assert_true(smooth->shapes.vertex_count < plain->shapes.vertex_count);
  for (uint32_t a = 0; a < plain->count; a++) {
    uint32_t corners = 0;
    for (uint32_t p = plain->shapes.first_part[a]; p < plain->shapes.first_part[a + 1]; p++)
      corners += plain->shapes.first_vertex[p + 1] - plain->shapes.first_vertex[p];
    assert_true(fabs(smooth->area_m2[a] - plain->area_m2[a]) <= corner_m2 * corners);
  }
}

static void test_gaps_random(void **state) {
  (void)state;
  uint64_t seed = 20261125;
  print_message("seed %llu\n", (unsigned long long)seed);
  for (int trial = 0; trial < 12; trial++) {
    scene s[3];
    for (int t = 0; t < 3; t++) {
      ky_gaps_opts opts = OPTS;
      uint64_t same = seed + (uint64_t)trial;
      opts.smooth_m = t == 2 ? 0 : 10 + 10 * trial;
      scene_new(&s[t], 900, 20, 1 + t);
      fill(&s[t], trial % 3, &same);
      assert_int_equal(ky_gaps_polygons(&s[t].job, &s[t].points, &opts, &s[t].gaps), KY_OK);
    }
    check_gaps(&s[0]);
    check_gaps(&s[2]);
    check_smooth(&s[2].gaps, &s[0].gaps, (10 + 10 * trial) * (10 + 10 * trial));
    const ky_shapes *one = &s[0].gaps.shapes, *two = &s[1].gaps.shapes;
    assert_int_equal(one->vertex_count, two->vertex_count);
    assert_memory_equal(one->x, two->x, one->vertex_count * sizeof *one->x);
    assert_memory_equal(one->y, two->y, one->vertex_count * sizeof *one->y);
    for (int t = 0; t < 3; t++) ky_job_free(&s[t].job);
  }
}

/* Homes millimetres apart: nothing but validity and disjointness can be asked for. */
static void test_gaps_heap(void **state) {
  (void)state;
  uint64_t seed = 7;
  scene s;
  ky_gaps_opts opts = OPTS;
  opts.smooth_m = 25;
  scene_new(&s, 400, 4, 2);
  fill(&s, 3, &seed);
  assert_int_equal(ky_gaps_polygons(&s.job, &s.points, &opts, &s.gaps), KY_OK);
  for (uint32_t a = 0; a < 4; a++) {
    assert_true(is_valid(&s.gaps.shapes, a));
    for (uint32_t b = 0; b < a; b++) assert_true(shared_m2(&s.gaps.shapes, a, &s.gaps.shapes, b) < 1e-3);
  }
  ky_job_free(&s.job);
}

static ky_err gaps_room(world *w) {
  ky_gaps gaps = {.count = 1};
  uint32_t area[3] = {0, 0, KY_NONE};
  double x[3] = {0, 50, 100}, y[3] = {0, 0, 0};
  const char *id = "g";
  int64_t people = 0;
  ky_points points = {.count = 3, .x_m = x, .y_m = y};
  gaps.point_area = area;
  gaps.id = &id;
  gaps.people[KY_65] = &people;
  ky_gaps_opts opts = OPTS;
  opts.smooth_m = 25;
  return ky_gaps_polygons(&w->job, &points, &opts, &gaps);
}

static void test_gaps_memory(void **state) {
  (void)state;
  world w = {0};
  ky_job_init(&w.job, 1);
  world_starve(&w, &w.job.keep, gaps_room);
  world_starve(&w, &w.job.scratch, gaps_room);
  ky_job_free(&w.job);
}

static void test_around(void **state) {
  (void)state;
  ky_arena scratch = {0}, results = {0};
  ky_around map;
  ky_rings one, two;
  const double x[3] = {0, 100, 100}, y[3] = {0, 0, 100};
  assert_true(ky_around_open(&map, &scratch, (ky_box){0, 0, 100, 100}));
  assert_true(ky_around_rings(&map, &scratch, &results, &one));
  assert_int_equal(one.part_count, 0);
  assert_true(ky_around_line(&map, x, y, 1));
  assert_true(ky_around_rings(&map, &scratch, &results, &one));
  assert_true(ky_around_line(&map, x, y, 3));
  assert_true(ky_around_rings(&map, &scratch, &results, &two));
  assert_int_equal(one.part_count, 1);
  assert_int_equal(two.part_count, 1);
  ky_job job;
  ky_job_init(&job, 1);
  ky_shapes shapes;
  const ky_rings both[2] = {one, two};
  assert_int_equal(ky_rings_shapes(&job, both, 2, &shapes), KY_OK);
  assert_true(fabs(ky_shape_area_m2(&shapes, 0) - 3.14159 * 900) < 0.15 * 3.14159 * 900);
  assert_true(fabs(ky_shape_area_m2(&shapes, 1) - (200 * 60 + 3.14159 * 900)) < 0.05 * 14827);
  assert_true(fabs(shared_m2(&shapes, 0, &shapes, 1) - ky_shape_area_m2(&shapes, 0)) < 1e-6);
  assert_false(ky_around_open(&map, &scratch, (ky_box){0, 0, 1e300, 100}));
  assert_false(ky_around_open(&map, &scratch, (ky_box){NAN, 0, 1, 100}));
  ky_job_free(&job);
  ky_arena_free(&scratch);
  ky_arena_free(&results);
}

#define SIDE   10
#define HOMES  400
#define PLACES 6

/* A net of streets 90 m apart with homes and venues up to 120 m from them; two bands. */
typedef struct net {
  ky_job job;
  ky_network network;
  ky_anchors homes, places;
  ky_points points;
  ky_venues venues;
  ky_zones zones;
  ky_coverage coverage;
  ky_walk_opts walk;
  int64_t zeros[PLACES + 3];
} net;

static double anywhere(uint64_t *seed) {
  return (double)(town_random(seed) % (SIDE * 90000)) / 1000.0;
}

static void net_new(net *n, int threads) {
  static town_lines lines;
  uint64_t seed = 42;
  ky_ways ways;
  memset(n, 0, sizeof *n);
  memset(&lines, 0, sizeof lines);
  ky_job_init(&n->job, threads);
  n->job.room = "write";
  for (int r = 0; r < SIDE; r++)
    for (int c = 0; c < SIDE; c++) {
      double x = 90 * c, y = 90 * r, bend = (double)(town_random(&seed) % 20);
      if (c + 1 < SIDE) town_line(&lines, 3, (const double[][2]){{x, y}, {x + 45, y + bend}, {x + 90, y}});
      if (r + 1 < SIDE && town_random(&seed) % 4 != 0) town_line(&lines, 2, (const double[][2]){{x, y}, {x, y + 90}});
    }
  town_ways(&n->job, &lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&n->job, &ways, &n->network), KY_OK);
  n->points.count = HOMES;
  n->points.x_m = ky_arena_alloc(&n->job.keep, HOMES, sizeof(double));
  n->points.y_m = ky_arena_alloc(&n->job.keep, HOMES, sizeof(double));
  n->venues.count = PLACES;
  n->venues.id = ky_arena_alloc(&n->job.keep, PLACES, sizeof *n->venues.id);
  n->venues.counts = ky_arena_alloc(&n->job.keep, PLACES, 1);
  n->venues.x_m = ky_arena_alloc(&n->job.keep, PLACES, sizeof(double));
  n->venues.y_m = ky_arena_alloc(&n->job.keep, PLACES, sizeof(double));
  for (uint32_t i = 0; i < HOMES; i++) {
    n->points.x_m[i] = anywhere(&seed);
    n->points.y_m[i] = anywhere(&seed);
  }
  for (uint32_t v = 0; v < PLACES; v++) {
    n->venues.id[v] = ky_format(&n->job.keep, "v%u", v);
    n->venues.counts[v] = v != 2;
    n->venues.x_m[v] = v == 4 ? 1e6 : anywhere(&seed);
    n->venues.y_m[v] = anywhere(&seed);
  }
  const ky_network_opts opts = {.snap_cap_m = 200, .min_component_mm = 1000000};
  assert_int_equal(ky_network_anchor(&n->job, &n->network, n->points.x_m, n->points.y_m, HOMES, NULL, &opts, &n->homes),
                   KY_OK);
  assert_int_equal(
      ky_network_anchor(&n->job, &n->network, n->venues.x_m, n->venues.y_m, PLACES, NULL, &opts, &n->places), KY_OK);
  n->walk = (ky_walk_opts){.bands_mm = {250000, 400000}, .band_count = 2, .primary_mm = 400000};
  for (int b = 0; b < 2; b++) n->coverage.venue_people[b] = n->coverage.covered_band[b] = n->zeros;
}

static ky_err net_table(net *n, ky_table *table) {
  const ky_result result = {.network = &n->network,
                            .zones = &n->zones,
                            .venues = &n->venues,
                            .points = &n->points,
                            .venue_anchors = &n->places,
                            .point_anchors = &n->homes,
                            .coverage = &n->coverage,
                            .walk_opts = &n->walk};
  return ky_service_areas_table(&n->job, &result, table);
}

/* Valid, nested, inside the whole, and around every home that is within the band. */
static void test_service_areas(void **state) {
  (void)state;
  static net n[2];
  ky_table table[2];
  for (int t = 0; t < 2; t++) {
    net_new(&n[t], 1 + t);
    assert_int_equal(net_table(&n[t], &table[t]), KY_OK);
  }
  const ky_shapes *shapes = table[0].shapes;
  assert_null(ky_table_check(&table[0]));
  assert_int_equal(table[0].count, 2 * (4 + 1)); /* venue 2 does not count, venue 4 has no street */
  assert_int_equal(shapes->vertex_count, table[1].shapes->vertex_count);
  assert_memory_equal(shapes->x, table[1].shapes->x, shapes->vertex_count * sizeof *shapes->x);
  assert_string_equal(ky_table_column(&table[0], "venue_id")->of.text[4], "v3");
  assert_null(ky_table_column(&table[0], "venue_id")->of.text[8]);
  assert_int_equal(ky_table_column(&table[0], "band_m")->of.fixed[9], 400000);
  static const uint32_t venue[4] = {0, 1, 3, 5};
  ky_search search;
  assert_int_equal(ky_search_new(&n[0].job, &n[0].network, &search), KY_OK);
  uint32_t covered = 0;
  for (uint32_t i = 0; i < table[0].count; i++) {
    assert_true(is_valid(shapes, i));
    double own = ky_shape_area_m2(shapes, i);
    if (i % 2 == 0) assert_true(fabs(shared_m2(shapes, i, shapes, i + 1) - own) < 1e-3);
    assert_true(fabs(shared_m2(shapes, i, shapes, 8 + i % 2) - own) < 1e-3);
    if (i >= 8) continue;
    uint32_t v = venue[i / 2], limit = n[0].walk.bands_mm[i % 2];
    ky_search_run(&search, n[0].places.edge[v], n[0].places.along_mm[v], n[0].places.access_mm[v], limit);
    for (uint32_t k = 0; k < HOMES; k++) {
      uint32_t edge = n[0].homes.edge[k],
               cost = edge == KY_NONE ? KY_NONE : ky_search_cost(&search, edge, n[0].homes.along_mm[k]);
      if (cost == KY_NONE || cost + n[0].homes.access_mm[k] > limit) continue;
      assert_int_equal(ky_shape_locate(shapes, i, n[0].points.x_m[k], n[0].points.y_m[k]), 1);
      covered++;
    }
  }
  assert_true(covered > 100);
  for (int t = 0; t < 2; t++) ky_job_free(&n[t].job);
}

static void test_no_venue(void **state) {
  (void)state;
  static net n;
  ky_table table;
  net_new(&n, 1);
  memset(n.venues.counts, 0, PLACES);
  assert_int_equal(net_table(&n, &table), KY_OK);
  assert_int_equal(table.count, 2);
  assert_int_equal(table.shapes->part_count, 0);
  ky_job_free(&n.job);
}

static const ky_zone_fit_opts fit_opts = {.min_overlap_m2 = 1, .sliver_m = 10};

static void zones_of(ky_job *job, const double (*box)[4], uint32_t count, ky_zones *zones) {
  static const char *const ids[] = {"a", "b", "c"};
  memset(zones, 0, sizeof *zones);
  zones->count = count;
  zones->id = zones->name = (const char **)(uintptr_t)ids;
  town_boxes(job, box, count, &zones->shapes);
  zones->grid_share = ky_arena_alloc(&job->keep, count, sizeof(int64_t));
  zones->road_share = ky_arena_alloc(&job->keep, count, sizeof(int64_t));
  for (uint32_t z = 0; z < count; z++) zones->grid_share[z] = zones->road_share[z] = KY_NULL;
}

static void test_zones(void **state) {
  (void)state;
  ky_job job;
  ky_zones zones;
  ky_cells cells = {0};
  ky_network network = {0};
  ky_job_init(&job, 1);
  zones_of(&job, (const double[][4]){{0, 0, 1000, 1000}, {1000, 0, 2000, 1000}, {1900, 0, 3000, 1000}}, 3, &zones);
  town_boxes(&job, (const double[][4]){{-10, -10, 1500, 2000}}, 1, &cells.extent);
  town_boxes(&job, (const double[][4]){{-10, -10, 2000, 2000}, {1990, -10, 4000, 2000}}, 2, &network.extent);
  assert_int_equal(ky_zones_finish(&job, &cells, &network, &fit_opts, &zones), KY_OK);
  assert_int_equal(zones.grid_share[0], KY_WHOLE);
  assert_int_equal(zones.grid_share[1], KY_WHOLE / 2);
  assert_int_equal(zones.grid_share[2], 0);
  assert_int_equal(zones.road_share[2], KY_WHOLE);
  assert_int_equal(zones.municipality.count, 1);
  assert_true(fabs(ky_shape_area_m2(&zones.municipality, 0) - 3e6) < 1e-3);
  const ky_issue *overlap = world_issue(&job, "zone_overlap"), *partial = world_issue(&job, "partial_data");
  assert_non_null(overlap);
  assert_string_equal(overlap->record, "b, c");
  assert_non_null(strstr(overlap->message, "100000 m2"));
  assert_non_null(partial);
  assert_string_equal(partial->record, "b");
  assert_non_null(strstr(partial->message, "50.0 %"));
  assert_int_equal(job.issues.count, 3);
  ky_job_free(&job);
}

/* A zone like a bow tie, and one drawn twice over itself: written as valid polygons, with the same places inside. */
static void test_invalid_zone(void **state) {
  (void)state;
  ky_job job;
  ky_zones zones;
  ky_cells cells = {0};
  ky_network network = {0};
  ky_job_init(&job, 1);
  zones_of(&job, (const double[][4]){{0, 0, 100, 100}, {200, 0, 300, 100}}, 2, &zones);
  zones.shapes.y[2] = 0; /* corners 1 and 2 change places: 0,0 100,100 100,0 0,100 */
  zones.shapes.y[1] = 100;
  assert_int_equal(ky_shape_locate(&zones.shapes, 0, 50, 10), -1);
  assert_int_equal(ky_zones_finish(&job, &cells, &network, &fit_opts, &zones), KY_OK);
  assert_true(is_valid(&zones.shapes, 0) && is_valid(&zones.shapes, 1));
  assert_null(ky_shapes_check(&zones.shapes));
  assert_true(fabs(ky_shape_area_m2(&zones.shapes, 0) - 5000) < 1e-6);
  assert_int_equal(ky_shape_locate(&zones.shapes, 0, 50, 10), -1);
  assert_int_equal(ky_shape_locate(&zones.shapes, 0, 90, 50), 1);
  assert_int_equal(zones.grid_share[0], KY_NULL); /* no data extent is known */
  const ky_issue *issue = world_issue(&job, "invalid_polygon");
  assert_non_null(issue);
  assert_string_equal(issue->record, "a");
  assert_int_equal(job.issues.count, 1);
  ky_job_free(&job);
}

static void test_border(void **state) {
  (void)state;
  ky_job job;
  ky_zones zones;
  ky_cells cells = {0};
  ky_network network = {0};
  ky_job_init(&job, 1);
  zones_of(&job, (const double[][4]){{0, 0, 1000, 1000}}, 1, &zones);
  town_boxes(&job, (const double[][4]){{0, 0, 2000, 1000}, {1500, 0, 2500, 1000}, {5000, 0, 6000, 1000}}, 3,
             &zones.border);
  assert_int_equal(ky_zones_finish(&job, &cells, &network, &fit_opts, &zones), KY_OK);
  assert_int_equal(zones.municipality.part_count, 2);
  assert_true(fabs(ky_shape_area_m2(&zones.municipality, 0) - 3.5e6) < 1e-3);
  ky_job_free(&job);
}

static void test_repair_on_grid(void **state) {
  (void)state;
  ky_job job;
  ky_shapes shapes, out;
  ky_job_init(&job, 1);
  town_boxes(&job, (const double[][4]){{0, 0, 10, 10}, {0, 0, 10, 0.2}, {5, 5, 9, 9}}, 3, &shapes);
  assert_int_equal(ky_shapes_repair(&job, &shapes, (const uint32_t[]){0, 1}, 2, 1, &out), KY_OK);
  assert_null(ky_shapes_check(&out));
  assert_int_equal(out.first_part[1] - out.first_part[0], 1);
  assert_int_equal(out.first_part[2] - out.first_part[1], 0); /* narrower than the grid */
  assert_true(fabs(ky_shape_area_m2(&out, 0) - 100) < 1e-9 && fabs(ky_shape_area_m2(&out, 2) - 16) < 1e-9);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_gap_alone),   cmocka_unit_test(test_gap_neighbours), cmocka_unit_test(test_gap_same_place),
      cmocka_unit_test(no_gap),           cmocka_unit_test(test_gaps_random),    cmocka_unit_test(test_gaps_heap),
      cmocka_unit_test(test_gaps_memory), cmocka_unit_test(test_around),         cmocka_unit_test(test_service_areas),
      cmocka_unit_test(test_no_venue),    cmocka_unit_test(test_zones),          cmocka_unit_test(test_invalid_zone),
      cmocka_unit_test(test_border),      cmocka_unit_test(test_repair_on_grid),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
