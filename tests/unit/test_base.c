/* What every room stands on: arena, sorting, R-tree, shapes, hull, tables, numbers. */
#include <math.h>

#include "core/hull.h"
#include "core/number.h"
#include "core/sort.h"
#include "town.h"

static void test_arena(void **state) {
  (void)state;
  ky_arena arena = {0};
  unsigned char *a = ky_arena_alloc(&arena, 100, 1), *b = ky_arena_alloc(&arena, 3, 1 << 20);
  assert_non_null(a);
  assert_non_null(b);
  for (int i = 0; i < 100; i++) assert_int_equal(a[i], 0);
  assert_int_equal((uintptr_t)b % 16, 0);
  assert_null(ky_arena_alloc(&arena, SIZE_MAX / 2, 3)); /* the product overflows */
  assert_non_null(ky_arena_alloc(&arena, 0, 8));
  assert_string_equal(ky_arena_text(&arena, "通いの場xyz", 12), "通いの場");
  size_t peak = arena.peak_bytes;
  ky_arena_reset(&arena);
  assert_int_equal(arena.used_bytes, 0);
  assert_int_equal(arena.peak_bytes, peak);
  arena.fail_after = 2;
  assert_non_null(ky_arena_alloc(&arena, 1, 1));
  assert_null(ky_arena_alloc(&arena, 1, 1));
  assert_null(ky_arena_alloc(&arena, 1, 1));
  ky_arena_free(&arena);
}

/* Across blocks, within one, and to the very beginning; what comes next is zeroed again. */
static void test_arena_rewind(void **state) {
  (void)state;
  ky_arena arena = {0};
  const ky_arena_mark start = ky_arena_now(&arena);
  unsigned char *kept = ky_arena_alloc(&arena, 100, 1);
  memset(kept, 7, 100);
  const ky_arena_mark after = ky_arena_now(&arena);
  for (int round = 0; round < 3; round++) {
    unsigned char *small = ky_arena_alloc(&arena, 1000, 1);
    for (int i = 0; i < 1000; i++) assert_int_equal(small[i], 0);
    memset(small, 9, 1000);
    if (round != 1) memset(ky_arena_alloc(&arena, 3, 1 << 20), 9, 3 << 20);
    ky_arena_rewind(&arena, after);
    assert_int_equal(arena.used_bytes, after.used_bytes);
  }
  for (int i = 0; i < 100; i++) assert_int_equal(kept[i], 7);
  ky_arena_rewind(&arena, start);
  assert_int_equal(arena.used_bytes, 0);
  assert_null(arena.head);
  ky_arena_free(&arena);
}

static void test_sort_is_stable(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  enum { N = 5000 };
  uint64_t key[N], seed = 3;
  uint32_t value[N];
  for (uint32_t i = 0; i < N; i++) {
    key[i] = town_random(&seed) >> (town_random(&seed) % 60);
    if (i % 3 == 0) key[i] = i / 600; /* many equal ones */
    value[i] = i;
  }
  uint64_t before[N];
  memcpy(before, key, sizeof key);
  assert_int_equal(ky_sort_pairs(&job, key, value, N), KY_OK);
  for (uint32_t i = 0; i < N; i++) {
    assert_int_equal(before[value[i]], key[i]);
    if (i > 0) assert_true(key[i - 1] < key[i] || (key[i - 1] == key[i] && value[i - 1] < value[i]));
  }
  ky_job_free(&job);
}

/* The curve visits every cell of a grid once, and each is a neighbour of the one before. */
static void test_hilbert(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  enum { SIDE = 32 };
  uint64_t key[SIDE * SIDE];
  uint32_t value[SIDE * SIDE];
  for (uint32_t i = 0; i < SIDE * SIDE; i++) {
    key[i] = ky_hilbert((i % SIDE) << 27, (i / SIDE) << 27);
    value[i] = i;
  }
  assert_int_equal(ky_sort_pairs(&job, key, value, SIDE * SIDE), KY_OK);
  for (uint32_t i = 1; i < SIDE * SIDE; i++) {
    int dx = (int)(value[i] % SIDE) - (int)(value[i - 1] % SIDE),
        dy = (int)(value[i] / SIDE) - (int)(value[i - 1] / SIDE);
    assert_int_equal(abs(dx) + abs(dy), 1);
  }
  ky_job_free(&job);
}

typedef struct found {
  bool is_in[3000];
  uint32_t count, nearest;
  double best2, x, y;
  const double (*box)[4];
} found;

static bool mark(void *user, uint32_t item) {
  found *f = user;
  f->is_in[item] = true;
  f->count++;
  return true;
}

static double measure(void *user, uint32_t item, double limit2) {
  found *f = user;
  const double *b = f->box[item];
  double dx = fmax(fmax(b[0] - f->x, f->x - b[2]), 0), dy = fmax(fmax(b[1] - f->y, f->y - b[3]), 0),
         d2 = dx * dx + dy * dy;
  if (d2 < f->best2) {
    f->best2 = d2;
    f->nearest = item;
  }
  return d2 < limit2 ? d2 : limit2;
}

static void test_rtree_against_brute_force(void **state) {
  (void)state;
  uint64_t seed = 11;
  for (uint32_t count = 0; count < 3000; count = count * 3 + 1) {
    static double box[3000][4];
    static found f;
    ky_job job;
    ky_rtree tree;
    ky_job_init(&job, 1);
    for (uint32_t i = 0; i < count; i++) {
      box[i][0] = (double)(town_random(&seed) % 1000);
      box[i][1] = (double)(town_random(&seed) % 1000);
      box[i][2] = box[i][0] + (double)(town_random(&seed) % 20);
      box[i][3] = box[i][1] + (double)(town_random(&seed) % 20);
    }
    assert_int_equal(ky_rtree_build(&job, &job.keep, &box[0][0], count, &tree), KY_OK);
    for (uint32_t trial = 0; trial < 50; trial++) {
      double x = (double)(town_random(&seed) % 1000), y = (double)(town_random(&seed) % 1000);
      memset(&f, 0, sizeof f);
      f.best2 = INFINITY;
      f.x = x;
      f.y = y;
      f.box = (const double(*)[4])box;
      ky_rtree_query(&tree, (ky_box){x, y, x + 50, y + 50}, mark, &f);
      double best2 = INFINITY;
      for (uint32_t i = 0; i < count; i++) {
        bool meets = box[i][0] <= x + 50 && box[i][2] >= x && box[i][1] <= y + 50 && box[i][3] >= y;
        assert_int_equal(f.is_in[i], meets);
        double dx = fmax(fmax(box[i][0] - x, x - box[i][2]), 0), dy = fmax(fmax(box[i][1] - y, y - box[i][3]), 0);
        best2 = fmin(best2, dx * dx + dy * dy);
      }
      ky_rtree_nearest(&tree, x, y, INFINITY, measure, &f);
      assert_true(f.best2 == best2);
    }
    ky_job_free(&job);
  }
}

static void test_shapes(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  ky_shapes shapes; /* a square of 100 m with a hole of 20 m */
  assert_int_equal(ky_shapes_new(&job, KY_SHAPE_POLYGON, 1, 2, 10, &shapes), KY_OK);
  const double x[10] = {0, 100, 100, 0, 0, 40, 40, 60, 60, 40}, y[10] = {0, 0, 100, 100, 0, 40, 60, 60, 40, 40};
  memcpy(shapes.x, x, sizeof x);
  memcpy(shapes.y, y, sizeof y);
  shapes.first_part[1] = 2;
  shapes.first_vertex[1] = 5;
  shapes.first_vertex[2] = 10;
  shapes.is_hole[1] = 1;
  assert_null(ky_shapes_check(&shapes));
  assert_true(ky_shape_area_m2(&shapes, 0) == 9600);
  assert_int_equal(ky_shape_locate(&shapes, 0, 10, 10), 1);
  assert_int_equal(ky_shape_locate(&shapes, 0, 50, 50), -1);
  assert_int_equal(ky_shape_locate(&shapes, 0, 40, 50), 0);
  assert_int_equal(ky_shape_locate(&shapes, 0, 0, 0), 0);
  assert_int_equal(ky_shape_locate(&shapes, 0, 100.0004, 50), 0); /* the millimetre grid */
  assert_int_equal(ky_shape_locate(&shapes, 0, 100.001, 50), -1);
  shapes.x[9] = 41;
  assert_non_null(ky_shapes_check(&shapes));
  shapes.x[9] = NAN;
  assert_non_null(ky_shapes_check(&shapes));
  ky_job_free(&job);
}

static void test_hull(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  ky_shapes hull;
  assert_int_equal(ky_hull(&job, (double[]){0, 10, 5, 10, 0, 3, 5}, (double[]){0, 0, 0, 10, 10, 4, -0.001}, 7, &hull),
                   KY_OK);
  assert_null(ky_shapes_check(&hull));
  assert_int_equal(hull.vertex_count, 6);
  assert_int_equal(ky_shape_locate(&hull, 0, 3, 4), 1);
  assert_int_equal(ky_hull(&job, (double[]){0, 1, 2}, (double[]){0, 1, 2}, 3, &hull), KY_OK);
  assert_int_equal(hull.count, 0); /* a line has no area */
  ky_job_free(&job);
}

/* Many points: most are sorted out before the chain. None may be outside, and every corner must be one of them. */
static void test_hull_of_many(void **state) {
  (void)state;
  enum { MANY = 5000 };
  static double x[MANY], y[MANY];
  uint64_t seed = 3;
  for (int shape = 0; shape < 4; shape++) {
    ky_job job;
    ky_shapes hull;
    ky_job_init(&job, 1);
    for (uint32_t i = 0; i < MANY; i++) {
      double along = (double)(town_random(&seed) % 1000000), across = (double)(town_random(&seed) % 1000000);
      x[i] = shape == 0 ? along / 1000 : shape == 1 ? cos(along) * across / 1000 : shape == 2 ? 7 : along;
      y[i] = shape == 0 ? across / 1000 : shape == 1 ? sin(along) * across / 1000 : shape == 2 ? 7 : along;
    }
    assert_int_equal(ky_hull(&job, x, y, MANY, &hull), KY_OK);
    assert_int_equal(hull.count, shape < 2 ? 1 : 0); /* one place, or a line, has no area */
    for (uint32_t i = 0; i < MANY && shape < 2; i++) assert_true(ky_shape_locate(&hull, 0, x[i], y[i]) >= 0);
    for (uint32_t v = 0; v < hull.vertex_count; v++) {
      bool is_point = false;
      for (uint32_t i = 0; i < MANY && !is_point; i++)
        is_point = fabs(x[i] - hull.x[v]) < 0.001 && fabs(y[i] - hull.y[v]) < 0.001;
      assert_true(is_point);
    }
    ky_job_free(&job);
  }
}

static void test_numbers(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t fixed;
  } cases[] = {{"12", 12000},    {"12.3456", 12346}, {"-0.5", -500},   {"0", 0},
               {"+7", 7000},     {"", KY_NULL},      {"5oo", KY_NULL}, {"1e3", KY_NULL},
               {"nan", KY_NULL}, {"1.", KY_NULL},    {".5", KY_NULL},  {"１２", KY_NULL},
               {"1 2", KY_NULL}, {"0.0005", 1},      {"0.00049", 0},   {"99999999999999999999", KY_NULL}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_true(ky_number_fixed(cases[i].text, 3) == cases[i].fixed);
  char text[32];
  ky_fixed_text(text, -50, 3);
  assert_string_equal(text, "-0.050");
  ky_fixed_text(text, 12345, 3);
  assert_string_equal(text, "12.345");
  ky_fixed_text(text, 7, 0);
  assert_string_equal(text, "7");
  assert_int_equal(ky_fixed_text(text, KY_NULL, 3), 0);
}

/* Characters of three bytes, cut by a precision and by the room there is. */
static void test_texts_end_with_whole_characters(void **state) {
  (void)state;
  ky_job job;
  char name[1501];
  for (size_t i = 0; i < 1500; i += 3) memcpy(name + i, "\xe9\x95\xb7", 3);
  name[1500] = '\0';
  ky_job_init(&job, 1);
  const ky_issue head = {.severity = KY_WARNING, .source = "s", .reason = "odd"};
  ky_issue_add(&job, &head, "'%.10s' is long", name);
  ky_issue_add(&job, &head, "'%.11s' is long", name);
  ky_issue_add(&job, &head, "ab%s", name);
  ky_issue_add(&job, &head, "\xc3\xa9 %.5s|", "\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
  assert_string_equal(job.issues.rows[0].message, "'\xe9\x95\xb7\xe9\x95\xb7\xe9\x95\xb7' is long");
  assert_string_equal(job.issues.rows[1].message, job.issues.rows[0].message);
  assert_int_equal(strlen(job.issues.rows[2].message), 2 + 3 * 340); /* of 1023 bytes */
  assert_string_equal(job.issues.rows[3].message, "\xc3\xa9 \xf0\x9f\x98\x80|");
  assert_int_equal(ky_fail(&job, KY_E_INPUT, "x%.4s", name), KY_E_INPUT);
  assert_string_equal(job.message, "x\xe9\x95\xb7");
  ky_job_free(&job);
}

static void test_issues_and_failures(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  for (uint32_t i = 0; i < 1000; i++) {
    char record[16];
    snprintf(record, sizeof record, "r%u", i);
    ky_issue_add(&job, &(ky_issue){.severity = KY_WARNING, .source = "s", .record = record, .reason = "odd"},
                 "number %u", i);
  }
  assert_int_equal(job.issues.count, 1000);
  assert_string_equal(job.issues.rows[999].record, "r999");
  assert_string_equal(job.issues.rows[7].message, "number 7");
  assert_int_equal(ky_fail(&job, KY_E_INPUT, "first"), KY_E_INPUT);
  assert_int_equal(ky_fail(&job, KY_E_OUTPUT, "second"), KY_E_INPUT); /* only the first counts */
  assert_string_equal(job.message, "first");
  assert_int_equal(ky_err_status(KY_E_INTERNAL), 70);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_arena),
      cmocka_unit_test(test_arena_rewind),
      cmocka_unit_test(test_sort_is_stable),
      cmocka_unit_test(test_hilbert),
      cmocka_unit_test(test_rtree_against_brute_force),
      cmocka_unit_test(test_shapes),
      cmocka_unit_test(test_hull),
      cmocka_unit_test(test_hull_of_many),
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_texts_end_with_whole_characters),
      cmocka_unit_test(test_issues_and_failures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
