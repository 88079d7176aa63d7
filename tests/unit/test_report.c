/* The page's data: scripts that hold exactly what the tables hold, read back by a JSON library; what is too large is
 * left out and said; names are never anything but text. */
#include <jansson.h>
#include <kayoi/report.h>

#include "io/out_folder.h"
#include "io/report_script.h"
#include "own_folder.h"

static char said[1024];

static void hear(void *user, const ky_event *event) {
  (void)user;
  if (event->kind == KY_NOTICE) snprintf(said, sizeof said, "%s", event->text);
}

static void start(ky_job *job) {
  ky_job_init(job, 1);
  job->on_event = hear;
  said[0] = '\0';
}

/* What a script says of its layer. */
static json_t *read_script(const char *path, const char *layer) {
  static char text[1 << 16];
  char begins[64];
  json_error_t error;
  load(path, text, sizeof text);
  snprintf(begins, sizeof begins, "window.kayoi.layers.%s=", layer);
  assert_memory_equal(text, begins, strlen(begins));
  const size_t length = strlen(text);
  assert_memory_equal(text + length - 2, ";\n", 2);
  assert_null(strpbrk(text, "<>&"));
  assert_null(strstr(text, "\xE2\x80\xA8"));
  json_t *root = json_loadb(text + strlen(begins), length - 2 - strlen(begins), 0, &error);
  if (root == NULL) fail_msg("%s: %s", path, error.text);
  return root;
}

static void make_gaps(ky_job *job, ky_table *out) {
  static const char *ids[] = {"</script><b>", "a\xE2\x80\xA8\"b\\", NULL};
  static const char *classes[] = {"new_venue", "outreach", "new_venue"};
  static const int64_t people[] = {918399, 58000, KY_NULL};
  static const int8_t small[] = {1, 0, -1};
  ky_shapes *shapes = ky_arena_alloc(&job->keep, 1, sizeof *shapes);
  assert_int_equal(ky_shapes_new(job, KY_SHAPE_POLYGON, 3, 2, 9, shapes), KY_OK);
  const double x[] = {130.5, 130.500001, 130.500001, 130.5, 130.5, -0.000001, 0, 0, -0.000001};
  const double y[] = {32, 32, 32.000002, 32.000002, 32, -1, -1, -0.999999, -1};
  memcpy(shapes->x, x, sizeof x);
  memcpy(shapes->y, y, sizeof y);
  shapes->first_part[1] = 1;
  shapes->first_part[2] = shapes->first_part[3] = 2;
  shapes->first_vertex[1] = 5;
  shapes->first_vertex[2] = 9;
  assert_int_equal(ky_table_new(job, "gaps", "空白地帯", 3, NULL, 5, out), KY_OK);
  ky_table_text(out, "gap_id", "空白地帯番号", ids);
  ky_table_text(out, "class", "打つ手", classes);
  ky_table_fixed(out, "people_65", "65歳以上", "people", 3, people);
  ky_table_bool(out, "is_small", "小さい", small);
  ky_table_fixed(out, "gap_pct", "差", NULL, 3, people);
  out->shapes = out->shapes_deg = shapes;
}

static json_t *column(json_t *root, const char *name, const char *what) {
  return json_object_get(json_object_get(json_object_get(root, "columns"), name), what);
}

static const char *dumped(const json_t *value) {
  static char text[4096];
  assert_non_null(value);
  const size_t length = json_dumpb(value, text, sizeof text - 1, JSON_COMPACT | JSON_ENCODE_ANY);
  assert_true(length < sizeof text);
  text[length] = '\0';
  return text;
}

static void test_script(void **state) {
  (void)state;
  static const ky_report_layer all = {.layer = "gaps", .decimals = 6};
  ky_job job;
  ky_table gaps;
  start(&job);
  make_gaps(&job, &gaps);
  assert_int_equal(ky_report_script(&job, folder, &gaps, &all, NULL), KY_OK);
  json_t *root = read_script("gaps.js", "gaps");
  assert_int_equal(json_integer_value(json_object_get(root, "count")), 3);
  json_t *ids = column(root, "gap_id", "dictionary");
  assert_string_equal(json_string_value(json_array_get(ids, 0)), "</script><b>");
  assert_string_equal(json_string_value(json_array_get(ids, 1)), "a\xE2\x80\xA8\"b\\");
  assert_string_equal(dumped(column(root, "gap_id", "codes")), "[0,1,-1]");
  assert_string_equal(dumped(column(root, "class", "codes")), "[0,1,0]");
  assert_string_equal(json_string_value(json_object_get(column(root, "class", "words"), "outreach")),
                      "訪問・出張の候補");
  json_t *people = column(root, "people_65", "values");
  assert_true(json_real_value(json_array_get(people, 0)) == 918.399);
  assert_int_equal(json_integer_value(json_array_get(people, 1)), 58);
  assert_true(json_is_null(json_array_get(people, 2)));
  assert_string_equal(dumped(column(root, "is_small", "flags")), "[1,0,-1]");
  assert_null(column(root, "gap_pct", "values")); /* how sure a solver is stays off the page */
  json_t *shapes = json_object_get(root, "shapes");
  assert_string_equal(dumped(json_object_get(shapes, "parts")), "[1,1,0]");
  assert_string_equal(dumped(json_object_get(shapes, "sizes")), "[4,3]");
  assert_string_equal(dumped(json_object_get(shapes, "xy")),
                      "[130500000,32000000,1,0,0,2,-1,0,-130500001,-33000002,1,0,0,1]");
  json_decref(root);
  ky_job_free(&job);
}

/* A layer of many records: left out, or only what is of all venues together. */
static void make_many(ky_job *job, const char *layer, uint32_t count, ky_table *out) {
  const char **id = ky_arena_alloc(&job->keep, count, sizeof *id);
  for (uint32_t i = 0; i + 3 < count; i++) id[i] = "v";
  assert_int_equal(ky_table_new(job, layer, "多い", count, NULL, 1, out), KY_OK);
  ky_table_text(out, strcmp(layer, "cells") == 0 ? "cell_id" : "venue_id", "番号", id);
}

static void test_large(void **state) {
  (void)state;
  ky_job job;
  static ky_layers layers;
  start(&job);
  const char *kept_assets = ky_format(&job.keep, "%s", path_in("assets"));
  const char *kept_out = ky_format(&job.keep, "%s", path_in("large")), *unused;
  assert_int_equal(ky_folder_inside(&job, kept_assets, "x", &unused), KY_OK); /* makes assets */
  assert_int_equal(ky_folder_inside(&job, kept_out, "x", &unused), KY_OK);
  save("assets/index.html", "<meta content=\"connect-src blob: data:; x\">");
  layers = (ky_layers){.crs = "EPSG:6670", .count = 2};
  make_many(&job, "cells", 1000000, &layers.tables[0]);
  make_many(&job, "service_areas", KY_REPORT_RECORDS_MAX + 1, &layers.tables[1]);
  const ky_report_opts opts = {.audience = "internal",
                               .municipality_name = "<b>",
                               .tiles_url = "https://t.example.jp/{z}/{x}/{y}.png",
                               .assets = kept_assets};
  assert_int_equal(ky_report_write(&job, &layers, &opts, kept_out), KY_OK);
  assert_non_null(strstr(said, "service_areas"));
  char text[8192];
  load("large/report/index.html", text, sizeof text);
  assert_string_equal(text, "<meta content=\"connect-src blob: data: https://t.example.jp; x\">");
  load("large/report/data/run.js", text, sizeof text);
  assert_non_null(strstr(text, "{\"layer\":\"cells\",\"alias\":\"多い\",\"records\":1000000,\"shown\":0}"));
  assert_non_null(strstr(text, "\"records\":300001,\"shown\":3}"));
  assert_non_null(strstr(text, "\"layers\":[{\"layer\":\"service_areas\",\"later\":true}]"));
  assert_null(strpbrk(text, "<>&"));
  assert_false(exists("large/report/data/cells.js"));
  json_t *areas = read_script("large/report/data/service_areas.js", "service_areas");
  assert_int_equal(json_integer_value(json_object_get(areas, "count")), 3);
  json_decref(areas);
  ky_job_free(&job);
}

/* What a town weighs stays out of the public page. */
static void test_public(void **state) {
  (void)state;
  static const ky_setting settings[] = {
      {.key = "priority.weights.uncovered", .value = "2", .origin = "config"},
      {.key = "walk.primary_m", .value = "500", .origin = "config"},
      {.key = "checks.max_bad_share", .value = "0.1", .origin = "default", .source = "assumption"}};
  ky_job job;
  static ky_layers layers;
  char text[4096];
  start(&job);
  layers = (ky_layers){.crs = "EPSG:6670"};
  const char *assets = ky_format(&job.keep, "%s", path_in("assets")), *unused;
  assert_int_equal(ky_folder_inside(&job, assets, "x", &unused), KY_OK);
  save("assets/index.html", "");
  for (int is_public = 0; is_public < 2; is_public++) {
    const char *name = is_public ? "public" : "internal";
    const ky_report_opts opts = {.audience = name, .settings = settings, .setting_count = 3, .assets = assets};
    const char *kept = ky_format(&job.keep, "%s", path_in(name));
    assert_int_equal(ky_folder_inside(&job, kept, "x", &unused), KY_OK);
    assert_int_equal(ky_report_write(&job, &layers, &opts, kept), KY_OK);
    load(is_public ? "public/report/data/run.js" : "internal/report/data/run.js", text, sizeof text);
    assert_non_null(strstr(text, "\"walk.primary_m\""));
    assert_int_equal(strstr(text, "priority.weights") == NULL, is_public);
    assert_int_equal(strstr(text, "checks.max_bad_share") == NULL, is_public);
  }
  ky_job_free(&job);
}

/* Without the page's files there is no page, and somebody hears why. */
static void test_no_assets(void **state) {
  (void)state;
  ky_job job;
  static ky_layers layers;
  start(&job);
  const ky_report_opts opts = {.audience = "internal", .assets = path_in("nowhere")};
  layers = (ky_layers){.crs = "EPSG:6670"};
  const char *out, *kept = ky_format(&job.keep, "%s", path_in("none"));
  assert_int_equal(ky_folder_inside(&job, kept, "x", &out), KY_OK);
  assert_int_equal(ky_report_write(&job, &layers, &opts, kept), KY_E_OUTPUT);
  assert_non_null(strstr(job.message, "nowhere"));
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(test_script),
      IN_FOLDER(test_large),
      IN_FOLDER(test_public),
      IN_FOLDER(test_no_assets),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
