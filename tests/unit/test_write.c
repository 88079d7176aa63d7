/* Writing: text of numbers and strings, GeoJSON, CSV and GeoPackage of one small table, degrees, and the folder that
 * appears whole or not at all. */
#include <dirent.h>
#include <fcntl.h>
#include <gdal.h>
#include <jansson.h>
#include <math.h>
#include <ogr_api.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/degrees.h"
#include "io/gdal_log.h"
#include "io/out_file.h"
#include "io/out_folder.h"
#include "io/shapes_valid.h"
#include "town.h"

#include <kayoi/write.h>

extern const ky_writer ky_writer_geojson, ky_writer_csv, ky_writer_gpkg;

static char folder[64];

static int setup(void **state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/kayoi-write-XXXXXX");
  return mkdtemp(folder) == NULL;
}

static int teardown(void **state) {
  (void)state;
  char command[192];
  snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -rf %s", folder, folder);
  return system(command);
}

static const char *path_in(const char *name) {
  static char path[4][256];
  static int next = 0;
  next = (next + 1) % 4;
  snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
  return path[next];
}

static size_t load(const char *name, char *text, size_t size) {
  FILE *file = fopen(path_in(name), "rb");
  assert_non_null(file);
  size_t n = fread(text, 1, size - 1, file);
  fclose(file);
  text[n] = '\0';
  return n;
}

static void save(const char *name, const char *text) {
  FILE *file = fopen(path_in(name), "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
  assert_int_equal(fclose(file), 0);
}

static bool exists(const char *name) {
  struct stat info;
  return lstat(path_in(name), &info) == 0;
}

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
  assert_int_equal(ky_writer_geojson.write(&job, folder, &table, 1, "EPSG:6670"), KY_OK);
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
  assert_int_equal(ky_writer_csv.write(&job, folder, &table, 1, "EPSG:6670"), KY_OK);
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
  assert_int_equal(ky_writer_csv.write(&job, folder, &points, 1, "EPSG:6670"), KY_OK);
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
    assert_int_equal(ky_writer_gpkg.write(&job, folder, &table, 1, "EPSG:6670"), KY_OK);
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
  assert_int_equal(ky_writer_gpkg.write(&job, path_in("nowhere"), &table, 1, "EPSG:6670"), KY_E_OUTPUT);
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

/* Writes a result with this text in run.json and internal/a. */
static ky_err publish(const char *name, const char *text) {
  ky_job job;
  ky_folder out;
  ky_out_file file;
  ky_job_init(&job, 1);
  ky_err err = ky_folder_open(&job, path_in(name), &out);
  if (err == KY_OK) {
    const char *run = ky_format(&job.keep, "%s/run.json", out.temporary),
               *data = ky_format(&job.keep, "%s/a", out.internal);
    if ((err = ky_out_open(&job, data, &file)) == KY_OK) {
      for (int i = 0; i < 1000; i++) ky_out_text(&file, text);
      err = ky_out_close(&job, &file);
    }
    if (err == KY_OK && (err = ky_out_open(&job, run, &file)) == KY_OK) {
      ky_out_text(&file, "{" KY_FOLDER_MARK ": 1, \"text\": ");
      ky_out_json(&file, text);
      ky_out_text(&file, "}");
      err = ky_out_close(&job, &file);
    }
    if (err == KY_OK) err = ky_folder_commit(&job, &out);
    ky_folder_discard(&out);
  }
  if (err != KY_OK) print_message("%s\n", job.message);
  ky_job_free(&job);
  return err;
}

static void assert_published(const char *name, const char *text) {
  char found[256], run[64];
  snprintf(run, sizeof run, "%s/run.json", name);
  load(run, found, sizeof found);
  assert_non_null(strstr(found, text));
}

static int count_entries(void) {
  DIR *entries = opendir(folder);
  int count = 0;
  assert_non_null(entries);
  while (readdir(entries) != NULL) count++;
  closedir(entries);
  return count - 2;
}

static void test_folder(void **state) {
  (void)state;
  assert_int_equal(publish("out", "one"), KY_OK);
  assert_published("out", "one");
  assert_int_equal(publish("out/", "two"), KY_OK); /* over the first */
  assert_published("out", "two");
  assert_int_equal(count_entries(), 1);
  assert_int_equal(mkdir(path_in("empty"), 0777), 0);
  assert_int_equal(publish("empty", "three"), KY_OK);
  assert_published("empty", "three");
  assert_int_equal(publish("new/deep/out", "four"), KY_OK);
  assert_published("new/deep/out", "four");
  assert_int_equal(symlink("out", path_in("link")), 0);
  assert_int_equal(publish("link", "five"), KY_OK); /* what the link points to, not the link */
  assert_published("out", "five");
  assert_true(exists("link"));
  assert_int_equal(count_entries(), 4);
}

/* Only what kayoi made is replaced. */
static void test_folder_foreign(void **state) {
  (void)state;
  assert_int_equal(mkdir(path_in("photos"), 0777), 0);
  save("photos/cat.jpg", "cat");
  assert_int_equal(publish("photos", "x"), KY_E_OUTPUT);
  save("photos/run.json", "{\"something\": \"else\"}");
  assert_int_equal(publish("photos", "x"), KY_E_OUTPUT);
  assert_true(exists("photos/cat.jpg"));
  save("file", "text");
  assert_int_equal(publish("file", "x"), KY_E_OUTPUT);
  assert_int_equal(publish("file/out", "x"), KY_E_OUTPUT);
  assert_int_equal(publish("out", "one"), KY_OK);
  save("out/notes.txt", "mine");
  assert_int_equal(publish("out", "two"), KY_E_OUTPUT);
  assert_published("out", "one");
  assert_true(exists("out/notes.txt"));
  assert_int_equal(count_entries(), 3);
}

/* Half-written folders of dead runs go; of living ones, and things that only look like it, stay. */
static void test_folder_stale(void **state) {
  (void)state;
  assert_int_equal(mkdir(path_in("out.tmp-999999999"), 0777), 0);
  assert_int_equal(mkdir(path_in("out.tmp-999999999/internal"), 0777), 0);
  save("out.tmp-999999999/internal/a", "half");
  assert_int_equal(mkdir(path_in("out.tmp-999999998"), 0777), 0);
  int lock = open(path_in("out.tmp-999999998"), O_RDONLY | O_DIRECTORY);
  assert_int_equal(flock(lock, LOCK_EX | LOCK_NB), 0);
  assert_int_equal(mkdir(path_in("out.tmp-2023"), 0777), 0);
  save("out.tmp-2023/mine.txt", "mine");
  assert_int_equal(mkdir(path_in("out.tmp-old"), 0777), 0);
  assert_int_equal(mkdir(path_in("out.old-999999999"), 0777), 0);
  assert_int_equal(publish("out", "one"), KY_OK);
  assert_false(exists("out.tmp-999999999"));
  assert_true(exists("out.tmp-999999998") && exists("out.tmp-2023/mine.txt") && exists("out.tmp-old"));
  assert_true(exists("out.old-999999999"));
  close(lock);
  assert_int_equal(publish("out", "two"), KY_OK);
  assert_false(exists("out.tmp-999999998"));
  /* a run died between its two renames: the earlier result comes back */
  assert_int_equal(rename(path_in("out"), path_in("out.kayoi-old-999999999")), 0);
  assert_int_equal(publish("out.kayoi", "other"), KY_OK); /* not its business */
  assert_true(exists("out.kayoi-old-999999999"));
  save("blocked", "");
  ky_job job;
  ky_folder open_folder;
  ky_job_init(&job, 1);
  assert_int_equal(ky_folder_open(&job, path_in("out"), &open_folder), KY_OK);
  assert_published("out", "two");
  ky_folder_discard(&open_folder);
  assert_published("out", "two");
  ky_job_free(&job);
}

/* A disk that is full after 100 kB, in a child so that the limit ends with it. */
static void test_disk_full(void **state) {
  (void)state;
  assert_int_equal(publish("out", "one"), KY_OK);
  static char much[1024];
  memset(much, 'x', sizeof much - 1);
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){100000, 100000});
    _exit(publish("out", much) == KY_E_OUTPUT ? 0 : 1);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  assert_published("out", "one");
  assert_int_equal(count_entries(), 1);
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
    _exit(ky_writer_gpkg.write(&job, folder, &table, 1, "EPSG:6670") == KY_E_OUTPUT ? 0 : 1);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void test_unwritable(void **state) {
  (void)state;
  ky_job job;
  assert_int_equal(chmod(folder, 0755), 0);
  assert_int_equal(mkdir(path_in("closed"), 0555), 0);
  const uid_t me = geteuid();
  if (me == 0 && seteuid(65534) != 0) skip(); /* root may write everywhere: be nobody meanwhile */
  const ky_err err = publish("closed/out", "x");
  ky_job_init(&job, 1);
  const ky_err probed = ky_out_probe(&job, path_in("closed/out"));
  ky_job_free(&job);
  assert_int_equal(seteuid(me), 0);
  assert_int_equal(err, KY_E_OUTPUT);
  assert_int_equal(probed, KY_E_OUTPUT);
}

static void test_odd_places(void **state) {
  (void)state;
  ky_job job;
  ky_folder out;
  const char *const places[] = {"", "/", "/proc/kayoi/out", "/dev/null"};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    ky_job_init(&job, 1);
    assert_int_equal(ky_folder_open(&job, places[i], &out), KY_E_OUTPUT);
    assert_true(job.message[0] != '\0');
    ky_job_free(&job);
  }
}

/* Notices of a job, the last one. */
static char notice[1024];

static void on_event(void *user, const ky_event *event) {
  (void)user;
  if (event->kind == KY_NOTICE) snprintf(notice, sizeof notice, "%s", event->text);
}

/* A style that somebody saved beside the layers stays; layers and what SQLite leaves go. */
static void test_carried(void **state) {
  (void)state;
  static const char *const theirs[] = {"cells.qml", "cells.gpkg", "cells", "cells.csv.bak", ".note", "kayoi.csv"};
  static const char *const ours[] = {"cells.csv", "service_areas.geojson", "kayoi.gpkg", "kayoi.gpkg-wal",
                                     "kayoi.gpkg-shm"};
  char name[64], text[64];
  ky_job job;
  ky_folder out;
  assert_int_equal(publish("out", "one"), KY_OK);
  for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
    snprintf(name, sizeof name, "out/internal/%s", theirs[i]);
    save(name, theirs[i]);
  }
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
    snprintf(name, sizeof name, "out/internal/%s", ours[i]);
    save(name, "old");
  }
  assert_int_equal(symlink("nowhere", path_in("out/internal/link")), 0);
  assert_int_equal(publish("out", "two"), KY_OK);
  assert_int_equal(publish("out", "three"), KY_OK);
  assert_published("out", "three");
  for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
    snprintf(name, sizeof name, "out/internal/%s", theirs[i]);
    load(name, text, sizeof text);
    assert_string_equal(text, theirs[i]);
  }
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
    snprintf(name, sizeof name, "out/internal/%s", ours[i]);
    assert_false(exists(name));
  }
  assert_true(exists("out/internal/link"));
  load("out/internal/a", text, sizeof text);
  assert_memory_equal(text, "three", 5); /* this run's, not the carried one */
  ky_job_init(&job, 1);
  job.on_event = on_event;
  assert_int_equal(ky_folder_open(&job, path_in("out"), &out), KY_OK);
  assert_int_equal(ky_folder_commit(&job, &out), KY_OK);
  assert_non_null(strstr(notice, "in all: 8"));
  assert_non_null(strstr(notice, ".note"));
  ky_job_free(&job);
}

static void test_carry_refused(void **state) {
  (void)state;
  ky_job job;
  assert_int_equal(publish("out", "one"), KY_OK);
  assert_int_equal(mkdir(path_in("out/internal/styles"), 0777), 0);
  save("out/internal/styles/cells.qml", "style");
  assert_int_equal(publish("out", "two"), KY_E_OUTPUT);
  ky_job_init(&job, 1);
  assert_int_equal(ky_out_probe(&job, path_in("out")), KY_E_OUTPUT);
  assert_non_null(strstr(job.message, "'internal/styles'"));
  ky_job_free(&job);
  assert_published("out", "one");
  assert_true(exists("out/internal/styles/cells.qml"));
  assert_int_equal(rename(path_in("out/internal/styles"), path_in("styles")), 0);
  assert_int_equal(rename(path_in("out/internal"), path_in("elsewhere")), 0);
  assert_int_equal(symlink("../elsewhere", path_in("out/internal")), 0);
  assert_int_equal(publish("out", "two"), KY_E_OUTPUT);
  assert_true(exists("out/internal") && exists("elsewhere/a"));
}

/* A file of somebody else may often not be linked: it is copied, with its time. */
static void test_carry_copy(void **state) {
  (void)state;
  char text[64];
  struct stat info;
  if (geteuid() != 0) skip();
  assert_int_equal(chown(folder, 65534, 65534), 0);
  assert_int_equal(seteuid(65534), 0);
  const ky_err first = publish("out", "one");
  assert_int_equal(seteuid(0), 0);
  assert_int_equal(first, KY_OK);
  save("out/internal/cells.qml", "style");
  const struct timespec times[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
  assert_int_equal(utimensat(AT_FDCWD, path_in("out/internal/cells.qml"), times, 0), 0);
  assert_int_equal(chmod(path_in("out/internal/cells.qml"), 0644), 0);
  assert_int_equal(seteuid(65534), 0);
  const ky_err second = publish("out", "two");
  assert_int_equal(seteuid(0), 0);
  assert_int_equal(second, KY_OK);
  assert_published("out", "two");
  load("out/internal/cells.qml", text, sizeof text);
  assert_string_equal(text, "style");
  assert_int_equal(stat(path_in("out/internal/cells.qml"), &info), 0);
  assert_int_equal(info.st_mtim.tv_sec, 1000000000);
  assert_int_equal(count_entries(), 1);
}

static mode_t mode_of(const char *name) {
  struct stat info;
  assert_int_equal(stat(path_in(name), &info), 0);
  return info.st_mode & 07777;
}

/* A folder shared by a group stays shared, whatever the umask; files follow the umask. */
static void test_mode(void **state) {
  (void)state;
  struct stat info;
  assert_int_equal(publish("out", "one"), KY_OK);
  assert_int_equal(chmod(path_in("out"), 02775), 0);
  assert_int_equal(chmod(path_in("out/internal"), 0750), 0);
  const gid_t group = geteuid() == 0 ? 12345 : getegid();
  assert_int_equal(chown(path_in("out"), (uid_t)-1, group), 0);
  assert_int_equal(chmod(path_in("out"), 02775), 0);
  const mode_t before = umask(077);
  assert_int_equal(publish("out", "two"), KY_OK);
  umask(before);
  assert_published("out", "two");
  assert_int_equal(mode_of("out"), 02775);
  assert_int_equal(mode_of("out/internal"), 0750);
  assert_int_equal(mode_of("out/run.json"), 0600);
  assert_int_equal(stat(path_in("out"), &info), 0);
  assert_int_equal(info.st_gid, group);
  assert_int_equal(stat(path_in("out/run.json"), &info), 0);
  assert_int_equal(info.st_gid, group);
}

/* What a run would find at its end is found at its start, and nothing is left. */
static void test_probe(void **state) {
  (void)state;
  ky_job job;
  assert_int_equal(mkdir(path_in("photos"), 0777), 0);
  save("photos/cat.jpg", "cat");
  save("file", "text");
  assert_int_equal(publish("out", "one"), KY_OK);
  const char *const good[] = {"out", "new", "new/deep/out"}, *const bad[] = {"photos", "file", "file/out"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    ky_job_init(&job, 1);
    assert_int_equal(ky_out_probe(&job, path_in(good[i])), KY_OK);
    ky_job_free(&job);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    ky_job_init(&job, 1);
    assert_int_equal(ky_out_probe(&job, path_in(bad[i])), KY_E_OUTPUT);
    ky_job_free(&job);
  }
  assert_int_equal(count_entries(), 3);
  const char *const places[] = {"", "/", "/proc/kayoi/out", "/dev/null", "/proc"};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    ky_job_init(&job, 1);
    assert_int_equal(ky_out_probe(&job, places[i]), KY_E_OUTPUT);
    assert_true(job.message[0] != '\0');
    if (strcmp(places[i], "/proc") == 0) assert_non_null(strstr(job.message, "inside it")); /* a mount point */
    ky_job_free(&job);
  }
}

/* A signal while a result is written: nothing of the new result is there, all of the earlier one. */
static void test_interrupt(void **state) {
  (void)state;
  static const char *formats[] = {"csv"};
  ky_interrupt interrupt = {.number = SIGTERM};
  ky_job job;
  ky_result result = {.inputs = NULL};
  assert_int_equal(publish("out", "one"), KY_OK);
  ky_job_init(&job, 1);
  job.interrupt = &interrupt;
  const ky_write_opts opts = {.dir = path_in("out"), .formats = formats, .format_count = 1};
  assert_int_equal(ky_write(&job, &result, &opts), KY_E_OUTPUT);
  assert_non_null(strstr(job.message, "interrupted"));
  assert_int_equal(interrupt.stage, KY_STAGE_CLEAN);
  ky_job_free(&job);
  assert_published("out", "one");
  assert_int_equal(count_entries(), 1);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(test_text),
      IN_FOLDER(test_geojson),
      IN_FOLDER(test_csv),
      IN_FOLDER(test_gpkg),
      IN_FOLDER(test_gpkg_unwritable),
      IN_FOLDER(test_degrees),
      IN_FOLDER(test_folder),
      IN_FOLDER(test_folder_foreign),
      IN_FOLDER(test_folder_stale),
      IN_FOLDER(test_disk_full),
      IN_FOLDER(test_gpkg_disk_full),
      IN_FOLDER(test_unwritable),
      IN_FOLDER(test_odd_places),
      IN_FOLDER(test_carried),
      IN_FOLDER(test_carry_refused),
      IN_FOLDER(test_carry_copy),
      IN_FOLDER(test_mode),
      IN_FOLDER(test_probe),
      IN_FOLDER(test_interrupt),
  };
  ky_gdal_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
