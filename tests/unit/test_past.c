/* A past run read back: run.json, layers from each format, and folders that are no run. */
#include <gdal.h>
#include <math.h>
#include <sys/stat.h>

#include "io/degrees.h"
#include "own_folder.h"
#include "write_one.h"

#include <kayoi/past.h>
#include <kayoi/write.h>

extern const ky_writer ky_writer_geojson, ky_writer_csv, ky_writer_gpkg;

#define RUN(format, rows)                                                                                          \
  "{\"kayoi\":{\"version\":\"0.1.0\",\"format\":" format                                                           \
  "},\"municipality\":{\"name\":\"通井町\",\"code\":\"43999\"},\"crs\":{\"code\":\"EPSG:6670\"},"               \
  "\"dates\":{\"people\":\"2020-10-01\",\"venues\":null},"                                                         \
  "\"inputs\":[{\"role\":\"venues\",\"path\":\"venues.csv\",\"records_read\":28,\"records_bad\":1,\"bytes\":100,"  \
  "\"xxh3_64\":\"00000000000000ab\",\"table\":{\"xxh3_64\":\"cd\"}}],"                                             \
  "\"definitions\":[{\"key\":\"walk.primary_m\",\"value\":\"500\",\"origin\":\"config\"}],"                        \
  "\"layers\":{\"internal\":{\"zones\":{\"rows\":" rows                                                            \
  ",\"columns\":{\"id\":\"text\",\"day\":\"text\",\"people\":3,\"count\":0,\"flag\":\"bool\"}}}},"                 \
  "\"counting\":{\"venues_counting\":25},"                                                                         \
  "\"ledger\":[{\"level\":\"municipality\",\"zone_id\":null,\"people\":{\"65\":{\"pop\":12.345,\"covered\":0.001," \
  "\"in_gap\":null}}}],"                                                                                           \
  "\"outputs\":[{\"path\":\"internal/zones.csv\",\"bytes\":5,\"xxh3_64\":\"ef\"}],"                                \
  "\"timings\":{\"published_at\":\"2026-11-21T13:45:01Z\"}}"

/* Ids that look like numbers, days that look like dates, a null in every column, a hole, a record without geometry. */
static void table_of(ky_job *job, ky_table *table) {
  static const char *const id[] = {"007", "通い\n\"A\"", NULL}, *const day[] = {"2025-04-01", NULL, "2025-04-02"};
  static const int64_t people[] = {12345, KY_NULL, -1}, count[] = {KY_NULL, 9007199254740991, 0};
  static const int8_t flag[] = {1, 0, -1};
  static const double box[3][4] = {{0, 0, 100, 100}, {20, 20, 40, 40}, {200, 0, 300, 100}};
  static ky_shapes shapes;
  town_boxes(job, box, 3, &shapes);
  const uint32_t first[4] = {0, 2, 3, 3};
  memcpy(shapes.first_part, first, sizeof first);
  shapes.is_hole[1] = 1;
  for (uint32_t v = 0; v < shapes.vertex_count; v++) {
    shapes.x[v] -= 40000;
    shapes.y[v] -= 80000;
  }
  assert_int_equal(ky_table_new(job, "zones", "圏域", 3, &shapes, 5, table), KY_OK);
  ky_table_text(table, "id", "番号", id);
  ky_table_text(table, "day", "日", day);
  ky_table_fixed(table, "people", "人口", "people", 3, people);
  ky_table_fixed(table, "count", "数", NULL, 0, count);
  ky_table_bool(table, "flag", "印", flag);
  assert_int_equal(ky_table_degrees(job, "EPSG:6670", table), KY_OK);
}

static void same_text(const char *a, const char *b) {
  if (a == NULL || b == NULL)
    assert_ptr_equal(a, b);
  else
    assert_string_equal(a, b);
}

static void same_values(const ky_table *a, const ky_table *b) {
  assert_int_equal(a->count, b->count);
  assert_int_equal(a->column_count, b->column_count);
  for (uint32_t c = 0; c < a->column_count; c++) {
    const ky_column *one = &a->columns[c], *two = ky_table_column(b, one->name);
    assert_non_null(two);
    assert_int_equal(one->type, two->type);
    assert_int_equal(one->decimals, two->decimals);
    for (uint32_t i = 0; i < a->count; i++) {
      if (one->type == KY_COLUMN_TEXT) same_text(one->of.text[i], two->of.text[i]);
      if (one->type == KY_COLUMN_FIXED) assert_int_equal(one->of.fixed[i], two->of.fixed[i]);
      if (one->type == KY_COLUMN_BOOL) assert_int_equal(one->of.flag[i], two->of.flag[i]);
    }
  }
}

/* Within the millimetre of the GeoPackage, or the centimetre of degrees. Rings may begin elsewhere and turn around. */
static void same_shapes(const ky_shapes *a, const ky_shapes *b, double within_m) {
  assert_non_null(b);
  assert_int_equal(a->kind, b->kind);
  assert_int_equal(a->part_count, b->part_count);
  for (uint32_t i = 0; i < a->count; i++) {
    const ky_box one = ky_shape_box(a, i), two = ky_shape_box(b, i);
    assert_int_equal(a->first_part[i], b->first_part[i]);
    if (a->first_part[i] == a->first_part[i + 1]) continue;
    assert_true(fabs(one.x_min - two.x_min) <= within_m && fabs(one.y_max - two.y_max) <= within_m);
    assert_true(fabs(ky_shape_area_m2(a, i) - ky_shape_area_m2(b, i)) <= 500 * within_m);
  }
  for (uint32_t p = 0; p < a->part_count; p++) assert_int_equal(a->is_hole[p], b->is_hole[p]);
}

static void test_layers(void **state) {
  (void)state;
  static const struct {
    const ky_writer *writer;
    const char *file;
    double within_m; /* 0: no geometry */
  } formats[] = {{&ky_writer_csv, "run/internal/zones.csv", 0},
                 {&ky_writer_geojson, "run/internal/zones.geojson", 0.02},
                 {&ky_writer_gpkg, "run/internal/kayoi.gpkg", 1e-6}};
  ky_job job;
  ky_table table, back;
  const ky_past *past;
  ky_job_init(&job, 1);
  table_of(&job, &table);
  mkdir(path_in("run"), 0700);
  mkdir(path_in("run/internal"), 0700);
  save("run/run.json", RUN("1", "3"));
  assert_int_equal(ky_past_open(&job, path_in("run"), &past), KY_OK);
  assert_int_equal(ky_past_table(&job, past, "internal", "zones", &back), KY_OK);
  assert_null(back.layer);         /* no file that can be read back */
  for (size_t f = 0; f < 3; f++) { /* each goes before those that are there already */
    assert_int_equal(write_one(formats[f].writer, &job, path_in("run/internal"), &table), KY_OK);
    assert_int_equal(ky_past_table(&job, past, "internal", "zones", &back), KY_OK);
    assert_string_equal(back.layer, "zones");
    same_values(&table, &back);
    if (formats[f].within_m == 0)
      assert_null(back.shapes);
    else
      same_shapes(table.shapes, back.shapes, formats[f].within_m);
  }
  const char *why;
  assert_int_equal(ky_past_table_look(&job, past, "internal", "zones", "EPSG:6669", &back, &why), KY_OK);
  assert_true(fabs(ky_shapes_box(back.shapes).x_min - ky_shapes_box(table.shapes).x_min) > 10000); /* another plane */
  assert_int_equal(ky_past_table(&job, past, "internal", "gaps", &back), KY_OK);
  assert_null(back.layer);
  assert_int_equal(ky_past_table(&job, past, "public", "zones", &back), KY_OK);
  assert_null(back.layer);
  ky_job_free(&job);
}

static void test_run_json(void **state) {
  (void)state;
  ky_job job;
  const ky_past *past;
  ky_job_init(&job, 1);
  save("run.json", RUN("1", "3"));
  assert_int_equal(ky_past_open(&job, folder, &past), KY_OK);
  assert_string_equal(past->name, "通井町");
  assert_string_equal(past->crs, "EPSG:6670");
  assert_string_equal(past->people_date, "2020-10-01");
  assert_null(past->venues_date);
  assert_string_equal(past->published, "2026-11-21T13:45:01Z");
  assert_int_equal(past->venues_counting, 25);
  assert_int_equal(past->input_count, 1);
  assert_string_equal(past->inputs[0].hash, "00000000000000ab");
  assert_string_equal(past->inputs[0].table_hash, "cd");
  assert_int_equal(past->inputs[0].records, 28);
  assert_string_equal(ky_past_setting_of(past, "walk.primary_m")->value, "500");
  assert_null(ky_past_setting_of(past, "walk"));
  assert_int_equal(ky_past_row_of(past, "municipality", NULL)->pop_65, 12345);
  assert_int_equal(ky_past_row_of(past, "municipality", NULL)->covered_65, 1);
  assert_int_equal(ky_past_row_of(past, "municipality", NULL)->in_gap_65, KY_NULL);
  assert_null(ky_past_row_of(past, "zone", NULL));
  assert_string_equal(past->outputs[0].path, "internal/zones.csv");
  ky_job_free(&job);
}

/* What the message must name. */
static void refused(const char *text, const char *named) {
  ky_job job;
  const ky_past *past;
  ky_job_init(&job, 1);
  if (text != NULL) save("run.json", text);
  assert_int_equal(ky_past_open(&job, folder, &past), KY_E_INPUT);
  if (strstr(job.message, named) == NULL) fail_msg("%s", job.message);
  assert_null(past);
  ky_job_free(&job);
}

static void test_refused(void **state) {
  (void)state;
  char text[4096];
  refused(NULL, "there is no run");
  refused("", "cut off or damaged");
  snprintf(text, sizeof text, "%.*s", 400, RUN("1", "3"));
  refused(text, "cut off or damaged");
  refused("[1, 2]", "not written by kayoi");
  refused("{\"name\": \"package\", \"version\": 1}", "not written by kayoi");
  refused(RUN("2", "3"), "newer");
  refused(RUN("null", "3"), "older kayoi");
  refused(RUN("1", "-1"), "not as kayoi writes it");
  refused(RUN("1", "3") "x", "cut off or damaged");
}

/* A file of fewer records, of another layer, or one that ends in the middle is not taken for the layer. */
static void test_cut_off(void **state) {
  (void)state;
  ky_job job;
  ky_table table, back;
  const ky_past *past;
  char text[8192];
  ky_job_init(&job, 1);
  table_of(&job, &table);
  mkdir(path_in("internal"), 0700);
  save("run.json", RUN("1", "3"));
  assert_int_equal(write_one(&ky_writer_geojson, &job, path_in("internal"), &table), KY_OK);
  const size_t length = load("internal/zones.geojson", text, sizeof text);
  for (size_t keep = 0; keep + 3 < length; keep += 97) {
    ky_job part;
    ky_job_init(&part, 1);
    FILE *file = fopen(path_in("internal/zones.geojson"), "wb");
    assert_non_null(file);
    fwrite(text, 1, keep, file);
    fclose(file);
    assert_int_equal(ky_past_open(&part, folder, &past), KY_OK);
    assert_int_equal(ky_past_table(&part, past, "internal", "zones", &back), KY_E_INPUT);
    assert_non_null(strstr(part.message, "zones"));
    ky_job_free(&part);
  }
  /* a whole CSV beside it will do */
  assert_int_equal(write_one(&ky_writer_csv, &job, path_in("internal"), &table), KY_OK);
  assert_int_equal(ky_past_open(&job, folder, &past), KY_OK);
  assert_int_equal(ky_past_table(&job, past, "internal", "zones", &back), KY_OK);
  same_values(&table, &back);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {IN_FOLDER(test_layers), IN_FOLDER(test_run_json), IN_FOLDER(test_refused),
                                     IN_FOLDER(test_cut_off)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
