/* Binary COPY against bytes worked out by hand from the format's description. tests/db/copy.py compares with what a
 * server gives for the same values. */
#include "io/pg_copy.h"

#include "town.h"

typedef struct bytes {
  unsigned char of[4096];
  size_t count;
} bytes;

static ky_err gather(void *user, const char *from, size_t count) {
  bytes *to = user;
  assert_true(to->count + count <= sizeof to->of);
  memcpy(to->of + to->count, from, count);
  to->count += count;
  return KY_OK;
}

static ky_err refuse(void *user, const char *from, size_t count) {
  (void)from, (void)count;
  ++*(int *)user;
  return KY_E_DATABASE;
}

#define HEADER "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
#define FIRST  "\0\0\0\x08\0\0\0\0\0\0\0\x07\0\0\0\x04\0\0\0" /* run 7, row: its last byte follows */

/* Each numeric: count of groups, weight, sign, decimals, groups. */
static void test_numbers(void **state) {
  (void)state;
  static const struct {
    int64_t value;
    uint8_t decimals;
    const char *bytes;
    size_t count;
  } cases[] = {
      {12345, 3, "\0\0\0\x0c\0\x02\0\0\0\0\0\x03\0\x0c\x0d\x7a", 16}, /* 12 | 3450 */
      {0, 3, "\0\0\0\x08\0\0\0\0\0\0\0\x03", 12},                     /* no group */
      {-50, 3, "\0\0\0\x0a\0\x01\xff\xff\x40\0\0\x03\x01\xf4", 14},   /* | 0500 */
      {1, 9, "\0\0\0\x0a\0\x01\xff\xfd\0\0\0\x09\x03\xe8", 14},       /* | 0000 0000 1000 */
      {100000000, 4, "\0\0\0\x0a\0\x01\0\x01\0\0\0\x04\0\x01", 14},   /* 1 0000 | 0000 */
      {10000, 0, "\0\0\0\x08\0\0\0\0\0\0\x27\x10", 12},               /* bigint */
      {-1, 0, "\0\0\0\x08\xff\xff\xff\xff\xff\xff\xff\xff", 12},      /* bigint */
      {KY_NULL, 0, "\xff\xff\xff\xff", 4},                            /* null */
      {KY_NULL, 6, "\xff\xff\xff\xff", 4},                            /* null */
      {INT64_MAX, 1, "\0\0\0\x14\0\x06\0\x04\0\0\0\x01\0\x5c\x09\x21\x07\xf4\x21\x63\x1d\x9c\x1b\x58", 24},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ky_job job;
    ky_table table;
    bytes out = {.count = 0};
    ky_job_init(&job, 1);
    assert_int_equal(ky_table_new(&job, "t", NULL, 1, NULL, 1, &table), KY_OK);
    ky_table_fixed(&table, "n", NULL, NULL, cases[i].decimals, &cases[i].value);
    assert_int_equal(ky_pg_copy_binary(&job, &table, 7, 0, gather, &out), KY_OK);
    assert_int_equal(out.count, 19 + 2 + 20 + cases[i].count + 2);
    assert_memory_equal(out.of, HEADER "\0\x03" FIRST "\x01", 41);
    assert_memory_equal(out.of + 41, cases[i].bytes, cases[i].count);
    assert_memory_equal(out.of + 41 + cases[i].count, "\xff\xff", 2);
    ky_job_free(&job);
  }
}

/* Texts and flags; what is not UTF-8 becomes U+FFFD. */
static void small_table(ky_job *job, ky_table *table) {
  static const char *const name[] = {"通い", NULL, "", "a\xE9z"};
  static const int8_t flag[] = {1, 0, -1, 1};
  assert_int_equal(ky_table_new(job, "t", NULL, 4, NULL, 2, table), KY_OK);
  ky_table_text(table, "name", NULL, name);
  ky_table_bool(table, "flag", NULL, flag);
}

static void test_texts(void **state) {
  (void)state;
  static const char expected[] = HEADER "\0\x04" FIRST
                                        "\x01\0\0\0\x06\xE9\x80\x9A\xE3\x81\x84\0\0\0\x01\x01"
                                        "\0\x04" FIRST
                                        "\x02\xff\xff\xff\xff\0\0\0\x01\0"
                                        "\0\x04" FIRST
                                        "\x03\0\0\0\0\xff\xff\xff\xff"
                                        "\0\x04" FIRST
                                        "\x04\0\0\0\x05"
                                        "a\xEF\xBF\xBDz"
                                        "\0\0\0\x01\x01\xff\xff";
  ky_job job;
  ky_table table;
  bytes out = {.count = 0};
  ky_job_init(&job, 1);
  small_table(&job, &table);
  assert_int_equal(ky_pg_copy_binary(&job, &table, 7, 0, gather, &out), KY_OK);
  assert_int_equal(out.count, sizeof expected - 1);
  assert_memory_equal(out.of, expected, sizeof expected - 1);
  out.count = 0;
  assert_int_equal(ky_pg_copy_text(&job, &table, 0, gather, &out), KY_OK);
  static const char text[] = "通い,t\n,f\n\"\",\na\xEF\xBF\xBDz,t\n";
  assert_int_equal(out.count, sizeof text - 1);
  assert_memory_equal(out.of, text, sizeof text - 1);
  ky_job_free(&job);
}

/* Two vertices of the shapes at (1, 2) and (-1, 0.5); coordinates as IEEE doubles, low byte first. */
#define X1 "\0\0\0\0\0\0\xf0\x3f"
#define Y1 "\0\0\0\0\0\0\0\x40"
#define X2 "\0\0\0\0\0\0\xf0\xbf"
#define Y2 "\0\0\0\0\0\0\xe0\x3f"

static void check_shape(ky_shape_kind kind, uint32_t parts, const uint32_t *first_vertex, const uint8_t *is_hole,
                        const char *type, const char *expected, size_t count) {
  ky_job job;
  ky_shapes shapes;
  ky_table table;
  bytes out = {.count = 0};
  ky_job_init(&job, 1);
  assert_int_equal(ky_shapes_new(&job, kind, 2, parts, first_vertex[parts], &shapes), KY_OK);
  shapes.first_part[1] = shapes.first_part[2] = parts; /* the second record has no shape */
  for (uint32_t p = 0; p <= parts; p++) shapes.first_vertex[p] = first_vertex[p];
  for (uint32_t p = 0; p < parts && is_hole != NULL; p++) shapes.is_hole[p] = is_hole[p];
  for (uint32_t v = 0; v < first_vertex[parts]; v++) {
    shapes.x[v] = v % 2 == 0 ? 1 : -1;
    shapes.y[v] = v % 2 == 0 ? 2 : 0.5;
  }
  assert_int_equal(ky_table_new(&job, "t", NULL, 2, &shapes, 0, &table), KY_OK);
  assert_string_equal(ky_pg_geometry_type(&shapes), type);
  assert_int_equal(ky_pg_copy_binary(&job, &table, 7, 6670, gather, &out), KY_OK);
  const unsigned char length[] = {0, 0, 0, (unsigned char)count};
  assert_int_equal(out.count, 19 + 22 + 4 + count + 22 + 4 + 2);
  assert_memory_equal(out.of + 41, length, 4);
  assert_memory_equal(out.of + 45, expected, count);
  assert_memory_equal(out.of + 45 + count + 22, "\xff\xff\xff\xff\xff\xff", 6);
  ky_job_free(&job);
}

#define SRID "\x0e\x1a\0\0"
#define RING X1 Y1 X2 Y2 X1 Y1 X2 Y2

static void test_shapes(void **state) {
  (void)state;
#define CHECK(kind, parts, firsts, holes, type, expected) \
  check_shape(kind, parts, firsts, holes, type, expected, sizeof expected - 1)
  static const uint32_t one[] = {0, 1, 2}, two[] = {0, 2, 4}, four[] = {0, 4, 8, 12};
  static const uint8_t holes[] = {0, 1, 0};
  CHECK(KY_SHAPE_POINT, 1, one, NULL, "Point", "\x01\x01\0\0\x20" SRID X1 Y1);
  CHECK(KY_SHAPE_POINT, 2, one, NULL, "MultiPoint",
        "\x01\x04\0\0\x20" SRID "\x02\0\0\0\x01\x01\0\0\0" X1 Y1 "\x01\x01\0\0\0" X2 Y2);
  CHECK(KY_SHAPE_LINE, 1, two, NULL, "LineString", "\x01\x02\0\0\x20" SRID "\x02\0\0\0" X1 Y1 X2 Y2);
  CHECK(KY_SHAPE_LINE, 2, two, NULL, "MultiLineString",
        "\x01\x05\0\0\x20" SRID "\x02\0\0\0\x01\x02\0\0\0\x02\0\0\0" X1 Y1 X2 Y2
        "\x01\x02\0\0\0\x02\0\0\0" X1 Y1 X2 Y2);
  CHECK(KY_SHAPE_POLYGON, 3, four, holes, "MultiPolygon",
        "\x01\x06\0\0\x20" SRID "\x02\0\0\0\x01\x03\0\0\0\x02\0\0\0\x04\0\0\0" RING "\x04\0\0\0" RING
        "\x01\x03\0\0\0\x01\0\0\0\x04\0\0\0" RING);
  CHECK(KY_SHAPE_MIXED, 1, one, NULL, "Geometry", "\x01\x01\0\0\x20" SRID X1 Y1);
}

/* The hash is that of the text (XXH3 of nothing is known: 2d06800538d394c2); a refusal ends the copy at once. */
static void test_hash(void **state) {
  (void)state;
  ky_job job;
  ky_table table, none;
  uint64_t first, again;
  int calls = 0;
  ky_job_init(&job, 1);
  small_table(&job, &table);
  none = table;
  none.count = 0;
  assert_int_equal(ky_pg_copy_hash(&job, &none, 0, &first), KY_OK);
  assert_true(first == UINT64_C(0x2d06800538d394c2));
  assert_int_equal(ky_pg_copy_hash(&job, &table, 0, &first), KY_OK);
  assert_int_equal(ky_pg_copy_hash(&job, &table, 0, &again), KY_OK);
  assert_true(first == again);
  assert_int_equal(ky_pg_copy_binary(&job, &table, 7, 0, refuse, &calls), KY_E_DATABASE);
  assert_int_equal(calls, 1);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_texts),
      cmocka_unit_test(test_shapes),
      cmocka_unit_test(test_hash),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
