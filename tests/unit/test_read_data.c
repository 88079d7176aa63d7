/* Reading real files: the shared data beside the project. Without it every test here is skipped, and says so. */
#include "bench_read.h"
#include "close_to.h"
#include "io/crs.h"
#include "io/grid_code.h"

static bench b;

static int open_bench(void **state) {
  (void)state;
  bench_open(&b);
  return 0;
}

static int close_bench(void **state) {
  (void)state;
  bench_close(&b);
  return 0;
}

static int64_t sum(const ky_raw *raw, const char *attribute) {
  int64_t total = 0;
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *text = ky_raw_value(raw, attribute, i);
    if (text != NULL) total += strtoll(text, NULL, 10);
  }
  return total;
}

static void read_grid(const char *path, uint32_t cells, int64_t people) {
  bench_need(path);
  bench_street(&b);
  bench_add(&b, KY_ROLE_RESIDENTS, path);
  bench_read(&b);
  bench_good(&b);
  const ky_raw *grid = &b.inputs.residents[0];
  assert_int_equal(grid->count, cells);
  assert_int_equal(grid->bad_count, 0);
  assert_true(sum(grid, "pop_total") == people);
  assert_true(sum(grid, "pop_total_m") + sum(grid, "pop_total_f") == people);
  assert_string_equal(grid->encoding, "CP932");
  assert_string_equal(grid->crs, "EPSG:4612");
  assert_int_equal(grid->extent.count, 1);
  for (uint32_t i = 0; i < grid->count; i++) { /* hidden: no ages; all others: ages */
    const char *hidden = ky_raw_value(grid, "htksyori", i);
    assert_non_null(hidden);
    assert_true((ky_raw_value(grid, "pop_65", i) == NULL) == (hidden[0] == '2'));
  }
  assert_null(bench_issue(&b, "count_missing", 0));
}

static void test_grid_ube(void **state) {
  (void)state;
  read_grid(SHARED "ube/tblT001101H5031.txt", 4707, 532512);
}

static void test_grid_kumamoto(void **state) {
  (void)state;
  read_grid(SHARED "kumamoto/tblT001101H4930.txt", 11945, 2644586);
}

/* The rectangles of the codes against polygons that somebody else drew: third-level meshes, names of fields in CP932.
 */
static void test_mesh_polygons(void **state) {
  (void)state;
  const char *path = SHARED "formats/L03_mesh3_6642_cp932.shp";
  bench_need(path);
  b.opts.crs = "EPSG:6680";
  bench_add(&b, KY_ROLE_RESIDENTS, path);
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "roads", "walked"); /* all that is missing is a road; the meshes were read */
  const ky_raw *meshes = &b.inputs.residents[0];
  assert_string_equal(ky_raw_column_of(meshes, "id")->column, "メッシュ");
  assert_true(meshes->count > 0);
  double x[5], y[5];
  for (uint32_t i = 0; i < meshes->count; i++) {
    ky_grid_box box;
    const char *code = ky_raw_value(meshes, "id", i);
    assert_true(ky_grid_code_box(code, 1000, &box));
    uint32_t part = meshes->shapes.first_part[i], first = meshes->shapes.first_vertex[part];
    assert_int_equal(meshes->shapes.first_vertex[part + 1] - first, 5);
    memcpy(x, meshes->shapes.x + first, sizeof x);
    memcpy(y, meshes->shapes.y + first, sizeof y);
    assert_int_equal(ky_crs_transform(&b.job, "EPSG:6680", "EPSG:6668", x, y, 5), KY_OK);
    double west = x[0], east = x[0], south = y[0], north = y[0];
    for (int k = 1; k < 5; k++) {
      west = fmin(west, x[k]);
      east = fmax(east, x[k]);
      south = fmin(south, y[k]);
      north = fmax(north, y[k]);
    }
    assert_close(west, box.west / KY_GRID_LON_UNITS, 1e-6);
    assert_close(east, box.east / KY_GRID_LON_UNITS, 1e-6);
    assert_close(south, box.south / KY_GRID_LAT_UNITS, 1e-6);
    assert_close(north, box.north / KY_GRID_LAT_UNITS, 1e-6);
  }
}

static void read_roads(const char *path, const char *crs) {
  bench_need(path);
  b.count = 0;
  b.opts.crs = crs;
  bench_add(&b, KY_ROLE_ROADS, path);
  bench_read(&b);
  bench_good(&b);
}

/* 2,753 highway ways, 2,742 of them walkable: counted in the XML by a script of a few lines. The same data as PBF and
 * as bzip2 of XML gives the same streets. */
static void test_liechtenstein(void **state) {
  (void)state;
  read_roads(SHARED "osm/liechtenstein-2013-08-03.osm.pbf", "EPSG:32632");
  const ky_ways pbf = b.inputs.ways;
  assert_int_equal(b.inputs.roads[0].count, 2753);
  assert_int_equal(pbf.shapes.count, 2742);
  read_roads(SHARED "osm/liechtenstein-2013-08-03.osm.bz2", "EPSG:32632");
  const ky_ways xml = b.inputs.ways;
  assert_int_equal(xml.shapes.count, pbf.shapes.count);
  assert_int_equal(xml.shapes.vertex_count, pbf.shapes.vertex_count);
  assert_memory_equal(xml.shapes.x, pbf.shapes.x, pbf.shapes.vertex_count * sizeof *pbf.shapes.x);
  assert_memory_equal(xml.shapes.y, pbf.shapes.y, pbf.shapes.vertex_count * sizeof *pbf.shapes.y);
  assert_memory_equal(xml.class_bits, pbf.class_bits, pbf.shapes.count * sizeof *pbf.class_bits);
  for (uint32_t i = 0; i < pbf.shapes.count; i++) assert_string_equal(xml.record[i], pbf.record[i]);
}

/* 54 highway ways, one of them a closed way with area=yes. */
static void test_tsukuba(void **state) {
  (void)state;
  read_roads(SHARED "osm/tsukuba-jp_tsukuba.osm", "EPSG:6677");
  assert_int_equal(b.inputs.ways.shapes.count, 54);
}

/* 209 highway ways, four with area=yes, in a file that is not sorted. */
static void test_sidewalk(void **state) {
  (void)state;
  read_roads(SHARED "osm/graphhopper_map-sidewalk-no.osm.gz", "EPSG:25830");
  assert_int_equal(b.inputs.ways.shapes.count, 209);
  assert_int_equal(bench_issues(&b, "osm_unsorted"), 1);
}

static void test_missing_nodes(void **state) {
  (void)state;
  read_roads(SHARED "osm/missing-nodes.pbf", "EPSG:32632");
  const ky_issue *issue = bench_issue(&b, "osm_missing_nodes", 0);
  assert_non_null(issue);
  assert_non_null(strstr(issue->message, "26659127"));
}

/* Streets on both sides of the 180th meridian lie beside each other. */
static void test_antimeridian(void **state) {
  (void)state;
  read_roads(SHARED "osm/fiji-ferry.pbf", "EPSG:32760");
  ky_box box = ky_shapes_box(&b.inputs.ways.shapes);
  assert_true(box.x_max - box.x_min < 500000);
  assert_true(b.inputs.ways.shapes.count > 1000);
}

static void test_shapefile_in_zip(void **state) {
  (void)state;
  read_roads(SHARED "ube/ube_roads.zip", "EPSG:6671");
  const ky_raw *roads = &b.inputs.roads[0];
  assert_int_equal(roads->read_count, 30750);
  assert_int_equal(roads->count, 30750);
  assert_string_equal(roads->encoding, "UTF-8");
  assert_string_equal(roads->crs, "EPSG:6668");
  assert_string_equal(ky_raw_value(roads, "from", 0), "324886414"); /* stored as a real number */
  assert_int_equal(bench_issues(&b, "multiline"), 1);
}

static void test_border(void **state) {
  (void)state;
  bench_need(SHARED "ube/N03_35202.json");
  bench_street(&b);
  bench_add(&b, KY_ROLE_BORDER, SHARED "ube/N03_35202.json");
  b.opts.crs = NULL;
  b.opts.municipality_code = "35202";
  bench_read(&b);
  bench_good(&b);
  assert_string_equal(b.inputs.crs, "EPSG:6671");
  assert_int_equal(b.inputs.borders[0].count, 131);
  assert_null(ky_shapes_check(&b.inputs.borders[0].shapes));
}

/* Lists of municipalities in their original bytes are read or refused with words, never with a crash. */
static void test_municipal_lists(void **state) {
  (void)state;
  static const char *const lists[] = {"yamaguchi/education/【下関市】公共施設一覧（公民館）.csv",
                                      "yamaguchi/medical/353434_hospital.csv",
                                      "yamaguchi/education/【美祢市】公民館一覧（令和3年10月1日時点）.csv",
                                      "ube/lists/山口県内の医療機関一覧（csv）.csv"};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    char path[512];
    snprintf(path, sizeof path, "%s%s", SHARED, lists[i]);
    bench_need(path);
    b.count = 0;
    bench_street(&b);
    ky_source *venues = bench_add(&b, KY_ROLE_VENUES, path);
    venues->crs = "EPSG:6668";
    b.job.err = KY_OK;
    bench_read(&b);
    bench_good(&b);
    assert_true(b.inputs.venues[0].count > 0);
    assert_non_null(ky_raw_column_of(&b.inputs.venues[0], "name"));
  }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(test_grid_ube), CASE(test_grid_kumamoto),    CASE(test_mesh_polygons),   CASE(test_liechtenstein),
      CASE(test_tsukuba),  CASE(test_sidewalk),         CASE(test_missing_nodes),   CASE(test_antimeridian),
      CASE(test_border),   CASE(test_shapefile_in_zip), CASE(test_municipal_lists),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
