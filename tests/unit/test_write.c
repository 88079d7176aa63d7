/* Writing: text of numbers and strings, GeoJSON, CSV and GeoPackage of one small table, degrees. */
#include <gdal.h>
#include <jansson.h>
#include <math.h>
#include <ogr_api.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/degrees.h"
#include "io/gdal_log.h"
#include "io/out_file.h"
#include "io/shapes_valid.h"
#include "own_folder.h"
#include "write_one.h"

#include <kayoi/write.h>

extern const ky_writer ky_writer_geojson, ky_writer_csv, ky_writer_gpkg;

static void test_text(void **state) {
  (void)state;
  ky_job job;
  ky_out_file out;
  char text[512];
  ky_job_init(&job, 1);
  assert_int_equal(ky_out_open(&job, path_in("text"), &out), KY_OK);
  ky_out_fixed(&out, 12345, 3);
  ky_out_fixed(&out, -5, 3);
  ky_out_fixed(&out, 0, 9);
  ky_out_fixed(&out, INT64_MIN + 1, 0);
  ky_out_json(&out, "a\"\\\n\t\x01\x7f\xE9\x80\x9A\xE3\x81\xFF/");
  ky_out_json(&out, "");
  ky_out_csv(&out, "plain");
  ky_out_csv(&out, "a,\"b\"\r\n");
  ky_out_csv(&out, "");
  ky_out_csv(&out, " x");
  ky_out_csv(&out, "=1+1");
  assert_int_equal(ky_out_close(&job, &out), KY_OK);
  load("text", text, sizeof text);
  assert_string_equal(text,
                      "12.345-0.0050.000000000-9223372036854775807"
                      "\"a\\\"\\\\\\n\\t\\u0001\\u007f\xE9\x80\x9A\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD/\"\"\""
                      "plain\"a,\"\"b\"\"\r\n\"\"\"\" x\"=1+1");
  assert_int_equal(ky_out_open(&job, path_in("text"), &out), KY_E_OUTPUT); /* never over something */
  ky_job_free(&job);
}

/* Three records: a square with a hole, two squares, nothing; every type of column with a null in it. */
static void small_table(ky_job *job, ky_table *table) {
  static const char *const name[] = {"通い\"A\"", NULL, ""};
  static const int64_t people[] = {12345, KY_NULL, 0}, count[] = {1, 2, KY_NULL};
  static const int8_t flag[] = {1, 0, -1};
  static const double box[4][4] = {{0, 0, 100, 100}, {20, 20, 40, 40}, {200, 0, 300, 100}, {400, 0, 500, 100}};
  static ky_shapes shapes;
  town_boxes(job, box, 4, &shapes);
  const uint32_t first[4] = {0, 2, 4, 4};
  shapes.count = 3;
  memcpy(shapes.first_part, first, sizeof first);
  shapes.is_hole[1] = 1;
  for (uint32_t v = 0; v < shapes.vertex_count; v++) {
    shapes.x[v] -= 40000;
    shapes.y[v] -= 80000;
  }
  assert_int_equal(ky_table_new(job, "cells", "居住エリア", 3, &shapes, 4, table), KY_OK);
  ky_table_text(table, "name", "名称", name);
  ky_table_fixed(table, "people", "人口", "people", 3, people);
  ky_table_fixed(table, "count", "数", NULL, 0, count);
  ky_table_bool(table, "flag", "印", flag);
  assert_int_equal(ky_table_degrees(job, "EPSG:6670", table), KY_OK);
}

/* Twice the signed area of a ring of [lon, lat]. */
static double turn(const json_t *ring) {
  double twice = 0;
  for (size_t i = 0; i + 1 < json_array_size(ring); i++) {
    const json_t *a = json_array_get(ring, i), *b = json_array_get(ring, i + 1);
    twice += json_real_value(json_array_get(a, 0)) * json_real_value(json_array_get(b, 1)) -
             json_real_value(json_array_get(b, 0)) * json_real_value(json_array_get(a, 1));
  }
  return twice;
}

static void test_geojson(void **state) {
  (void)state;
  ky_job job;
  ky_table table;
  char text[8192];
  ky_job_init(&job, 1);
  small_table(&job, &table);
  assert_int_equal(write_one(&ky_writer_geojson, &job, folder, &table), KY_OK);
  load("cells.geojson", text, sizeof text);
  json_t *root = json_loads(text, 0, NULL);
  assert_non_null(root);
  assert_null(json_object_get(root, "crs"));
  assert_string_equal(json_string_value(json_object_get(root, "type")), "FeatureCollection");
  assert_int_equal(json_array_size(json_object_get(root, "bbox")), 4);
  const json_t *features = json_object_get(root, "features");
  assert_int_equal(json_array_size(features), 3);
  const json_t *one = json_object_get(json_array_get(features, 0), "geometry");
  const json_t *two = json_object_get(json_array_get(features, 1), "geometry");
  assert_string_equal(json_string_value(json_object_get(one, "type")), "Polygon");
  assert_string_equal(json_string_value(json_object_get(two, "type")), "MultiPolygon");
  assert_true(json_is_null(json_object_get(json_array_get(features, 2), "geometry")));
  const json_t *rings = json_object_get(one, "coordinates");
  assert_int_equal(json_array_size(rings), 2);
  assert_true(turn(json_array_get(rings, 0)) > 0);
  assert_true(turn(json_array_get(rings, 1)) < 0);
  const json_t *corner = json_array_get(json_array_get(rings, 0), 0);
  assert_true(json_real_value(json_array_get(corner, 0)) > 130 && json_real_value(json_array_get(corner, 0)) < 131);
  assert_true(json_real_value(json_array_get(corner, 1)) > 32 && json_real_value(json_array_get(corner, 1)) < 33);
  assert_non_null(
      strstr(text, "\"properties\":{\"name\":\"通い\\\"A\\\"\",\"people\":12.345,\"count\":1,\"flag\":true}}"));
  assert_non_null(strstr(text, "\"properties\":{\"name\":null,\"people\":null,\"count\":2,\"flag\":false}}"));
  assert_non_null(
      strstr(text, "\"geometry\":null,\"properties\":{\"name\":\"\",\"people\":0.000,\"count\":null,\"flag\":null}}"));
  json_decref(root);
  ky_job_free(&job);
}

static void test_csv(void **state) {
  (void)state;
  ky_job job;
  ky_table table, points;
  char text[1024];
  ky_job_init(&job, 1);
  small_table(&job, &table);
  assert_int_equal(write_one(&ky_writer_csv, &job, folder, &table), KY_OK);
  load("cells.csv", text, sizeof text);
  assert_string_equal(
      text, "\xEF\xBB\xBFname,people,count,flag\r\n\"通い\"\"A\"\"\",12.345,1,true\r\n,,2,false\r\n\"\",0.000,,\r\n");
  ky_shapes places;
  static const char *const id[] = {"-v1", "v2"};
  assert_int_equal(ky_shapes_new(&job, KY_SHAPE_POINT, 2, 1, 1, &places), KY_OK);
  places.first_part[1] = places.first_part[2] = places.first_vertex[1] = 1; /* the second has no place */
  assert_int_equal(ky_table_new(&job, "venues", NULL, 2, &places, 1, &points), KY_OK);
  ky_table_text(&points, "venue_id", NULL, id);
  assert_int_equal(ky_table_degrees(&job, "EPSG:6670", &points), KY_OK);
  assert_int_equal(write_one(&ky_writer_csv, &job, folder, &points), KY_OK);
  load("venues.csv", text, sizeof text);
  assert_string_equal(text,
                      "\xEF\xBB\xBFvenue_id,lon,lat\r\n-v1,131.0000000,33.0000000\r\nv2,,\r\n"); /* origin of zone II */
  ky_job_free(&job);
}

static void check_gpkg(const char *path) {
  GDALDatasetH file = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
  assert_non_null(file);
  OGRLayerH layer = GDALDatasetGetLayerByName(file, "cells");
  assert_non_null(layer);
  assert_int_equal(OGR_L_GetGeomType(layer), wkbMultiPolygon);
  assert_int_equal(OGR_L_GetFeatureCount(layer, TRUE), 3);
  assert_true(OGR_L_TestCapability(layer, OLCFastSpatialFilter));
  OGRFeatureDefnH columns = OGR_L_GetLayerDefn(layer);
  assert_int_equal(OGR_Fld_GetType(OGR_FD_GetFieldDefn(columns, 1)), OFTReal);
  assert_int_equal(OGR_Fld_GetType(OGR_FD_GetFieldDefn(columns, 2)), OFTInteger64);
  assert_int_equal(OGR_Fld_GetSubType(OGR_FD_GetFieldDefn(columns, 3)), OFSTBoolean);
  OGRFeatureH first = OGR_L_GetFeature(layer, 1), last = OGR_L_GetFeature(layer, 3);
  assert_string_equal(OGR_F_GetFieldAsString(first, 0), "通い\"A\"");
  assert_true(OGR_F_GetFieldAsDouble(first, 1) == 12.345);
  assert_int_equal(OGR_F_GetFieldAsInteger64(first, 2), 1);
  assert_true(fabs(OGR_G_Area(OGR_F_GetGeometryRef(first)) - 9600) < 1e-9);
  assert_null(OGR_F_GetGeometryRef(last));
  assert_true(OGR_F_IsFieldNull(last, 2) && OGR_F_IsFieldNull(last, 3));
  OGR_F_Destroy(first);
  OGR_F_Destroy(last);
  GDALClose(file);
}

/* The same bytes twice, and what was written comes back. */
static void test_gpkg(void **state) {
  (void)state;
  static char text[2][400000];
  size_t size[2];
  for (int run = 0; run < 2; run++) {
    ky_job job;
    ky_table table;
    ky_job_init(&job, 1);
    small_table(&job, &table);
    assert_int_equal(write_one(&ky_writer_gpkg, &job, folder, &table), KY_OK);
    size[run] = load("kayoi.gpkg", text[run], sizeof text[run]);
    assert_true(size[run] + 1 < sizeof text[run]);
    if (run == 0) check_gpkg(path_in("kayoi.gpkg"));
    assert_int_equal(unlink(path_in("kayoi.gpkg")), 0);
    ky_job_free(&job);
  }
  assert_int_equal(size[0], size[1]);
  assert_memory_equal(text[0], text[1], size[0]);
}

static void test_gpkg_unwritable(void **state) {
  (void)state;
  ky_job job;
  ky_table table;
  ky_job_init(&job, 1);
  small_table(&job, &table);
  assert_int_equal(write_one(&ky_writer_gpkg, &job, path_in("nowhere"), &table), KY_E_OUTPUT);
  assert_non_null(strstr(job.message, "kayoi.gpkg"));
  ky_job_free(&job);
}

/* A needle 3 mm wide has no area at 1e-7 degrees; a spike of a square goes, the square stays. */
static void test_degrees(void **state) {
  (void)state;
  ky_job job;
  ky_table table;
  ky_shapes shapes;
  static const char *const id[] = {"needle", "spiked", "square"};
  ky_job_init(&job, 1);
  town_boxes(&job, (const double[][4]){{0, 0.001, 50, 0.004}, {0, 0, 100, 100}, {0, 0, 50, 50}}, 3, &shapes);
  assert_int_equal(ky_table_new(&job, "gaps", NULL, 3, &shapes, 1, &table), KY_OK);
  ky_table_text(&table, "gap_id", NULL, id);
  shapes.x[7] = 300; /* corner 100, 100 -> 300, 0.001: nearly flat */
  shapes.y[7] = 0.001;
  assert_int_equal(ky_table_degrees(&job, "EPSG:6670", &table), KY_OK);
  assert_null(ky_shapes_check(table.shapes_deg));
  assert_int_equal(table.shapes_deg->first_part[1], 0);
  assert_int_equal(table.shapes_deg->first_part[3], 2);
  uint32_t *record, count;
  assert_int_equal(ky_shapes_invalid(&job, table.shapes_deg, &record, &count), KY_OK);
  assert_int_equal(count, 0);
  assert_int_equal(job.issues.count, 1);
  assert_string_equal(job.issues.rows[0].reason, "shape_collapsed");
  assert_string_equal(job.issues.rows[0].record, "needle");
  assert_int_equal(shapes.first_part[1], 1); /* the plane keeps it */
  for (uint32_t v = 0; v < table.shapes_deg->vertex_count; v++)
    assert_true(table.shapes_deg->x[v] == (double)ky_degree_fixed(table.shapes_deg->x[v]) / 1e7);
  ky_job_free(&job);
}

static void test_gpkg_disk_full(void **state) {
  (void)state;
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    ky_job job;
    ky_table table;
    ky_job_init(&job, 1);
    small_table(&job, &table);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){60000, 60000});
    _exit(write_one(&ky_writer_gpkg, &job, folder, &table) == KY_E_OUTPUT ? 0 : 1);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(test_text),    IN_FOLDER(test_geojson),         IN_FOLDER(test_csv),
      IN_FOLDER(test_gpkg),    IN_FOLDER(test_gpkg_unwritable), IN_FOLDER(test_gpkg_disk_full),
      IN_FOLDER(test_degrees),
  };
  ky_gdal_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
