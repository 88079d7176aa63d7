/* EWKB as GEOS writes it, read back by GDAL behind kayoi's own check; then cut off and with bytes turned. */
#include "io/ewkb.h"

#include <cpl_error.h>
#include <geos_c.h>
#include <ogr_api.h>

#include "town.h"

static const char *const shapes[] = {
    "POINT (130.5 32.25)",
    "POINT Z (130.5 32.25 7)",
    "LINESTRING (0 0,1 2,3 4)",
    "LINESTRING Z (0 0 1,1 2 1,3 4 9)",
    "POLYGON ((0 0,10 0,10 10,0 10,0 0),(1 1,2 1,2 2,1 1))",
    "MULTIPOINT (1 2,3 4)",
    "MULTILINESTRING ((0 0,1 1),(2 2,3 3,4 4))",
    "MULTIPOLYGON (((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))",
    "GEOMETRYCOLLECTION (POINT (1 2),LINESTRING (0 0,1 1))",
    "POLYGON EMPTY",
};
#define SHAPES (sizeof shapes / sizeof *shapes)

static unsigned char *write_ewkb(const char *wkt, int order, int srid, size_t *length) {
  GEOSContextHandle_t geos = GEOS_init_r();
  GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
  GEOSWKBWriter *writer = GEOSWKBWriter_create_r(geos);
  GEOSGeometry *g = GEOSWKTReader_read_r(geos, reader, wkt);
  assert_non_null(g);
  GEOSSetSRID_r(geos, g, srid);
  GEOSWKBWriter_setIncludeSRID_r(geos, writer, srid != 0);
  GEOSWKBWriter_setOutputDimension_r(geos, writer, 3);
  GEOSWKBWriter_setByteOrder_r(geos, writer, order);
  unsigned char *bytes = GEOSWKBWriter_write_r(geos, writer, g, length), *copy = malloc(*length);
  assert_non_null(copy);
  memcpy(copy, bytes, *length);
  GEOSFree_r(geos, bytes);
  GEOSGeom_destroy_r(geos, g);
  GEOSWKBWriter_destroy_r(geos, writer);
  GEOSWKTReader_destroy_r(geos, reader);
  GEOS_finish_r(geos);
  return copy;
}

static void test_shapes(void **state) {
  (void)state;
  for (size_t s = 0; s < SHAPES; s++)
    for (int order = 0; order < 2; order++)
      for (int srid = 0; srid <= 6668; srid += 6668) {
        size_t length;
        ky_ewkb ewkb;
        unsigned char *bytes = write_ewkb(shapes[s], order, srid, &length), *wkb = malloc(length);
        OGRGeometryH geometry = NULL, expected = NULL;
        char *wkt = (char *)(uintptr_t)shapes[s];
        assert_true(ky_ewkb_read(bytes, length, wkb, &ewkb));
        assert_int_equal(ewkb.srid, (uint32_t)srid);
        assert_int_equal(ewkb.wkb_length, length - (srid != 0 ? 4 : 0));
        assert_int_equal(OGR_G_CreateFromWkb(wkb, NULL, &geometry, (int)ewkb.wkb_length), OGRERR_NONE);
        assert_int_equal(OGR_G_CreateFromWkt(&wkt, NULL, &expected), OGRERR_NONE);
        assert_true(OGR_G_Equals(geometry, expected));
        assert_int_equal(ewkb.is_xy, s < 2);
        if (s < 2) assert_true(ewkb.x == 130.5 && ewkb.y == 32.25);
        OGR_G_DestroyGeometry(geometry);
        OGR_G_DestroyGeometry(expected);
        free(bytes);
        free(wkb);
      }
}

/* The buffers are exactly as long as they are said to be, so a sanitizer sees every byte too far. */
static bool read_exactly(const unsigned char *bytes, size_t length, ky_ewkb *out) {
  unsigned char *from = malloc(length != 0 ? length : 1), *wkb = malloc(length != 0 ? length : 1);
  assert_non_null(from);
  assert_non_null(wkb);
  memcpy(from, bytes, length);
  const bool is_read = ky_ewkb_read(from, length, wkb, out);
  if (is_read) {
    OGRGeometryH geometry = NULL;
    assert_true(out->wkb_length <= length);
    OGR_G_CreateFromWkb(wkb, NULL, &geometry, (int)out->wkb_length);
    OGR_G_DestroyGeometry(geometry);
  }
  free(from);
  free(wkb);
  return is_read;
}

static void test_cut(void **state) {
  (void)state;
  ky_ewkb ewkb;
  for (size_t s = 0; s < SHAPES; s++) {
    size_t length;
    unsigned char *bytes = write_ewkb(shapes[s], 1, 6668, &length), longer[1024] = {0};
    for (size_t n = 0; n < length; n++) assert_false(read_exactly(bytes, n, &ewkb));
    memcpy(longer, bytes, length);
    assert_false(read_exactly(longer, length + 1, &ewkb));
    free(bytes);
  }
}

static void test_turned(void **state) {
  (void)state;
  uint64_t random = 20261121;
  ky_ewkb ewkb;
  uint32_t read = 0;
  for (int round = 0; round < 20000; round++) {
    size_t length;
    unsigned char *bytes = write_ewkb(shapes[(size_t)round % SHAPES], round & 1, round & 2 ? 6668 : 0, &length);
    for (uint64_t n = 1 + town_random(&random) % 4; n > 0; n--)
      bytes[town_random(&random) % length] = (unsigned char)town_random(&random);
    read += read_exactly(bytes, length, &ewkb);
    free(bytes);
  }
  assert_true(read > 1000); /* turned coordinates are still coordinates */
}

/* Collections in collections: sixteen deep is read, seventeen is not. */
static void test_deep(void **state) {
  (void)state;
  ky_ewkb ewkb;
  for (int depth = 15; depth <= 17; depth++) {
    unsigned char bytes[400] = {0};
    size_t n = 0;
    for (int d = 0; d < depth; d++, n += 9) memcpy(bytes + n, "\1\7\0\0\0\1\0\0\0", 9);
    memcpy(bytes + n, "\1\1\0\0\0", 5);
    assert_int_equal(read_exactly(bytes, n + 5 + 16, &ewkb), depth <= 16);
  }
  /* more members, rings or vertices than bytes */
  assert_false(read_exactly((const unsigned char *)"\1\2\0\0\0\377\377\377\377", 9, &ewkb));
  assert_false(read_exactly((const unsigned char *)"\1\3\0\0\0\377\377\377\377", 9, &ewkb));
  assert_false(read_exactly((const unsigned char *)"\1\4\0\0\0\377\377\377\377", 9, &ewkb));
  assert_false(read_exactly((const unsigned char *)"\2\1\0\0\0", 5, &ewkb));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_shapes), cmocka_unit_test(test_cut),
                                     cmocka_unit_test(test_turned), cmocka_unit_test(test_deep)};
  OGRRegisterAll();
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  CPLPopErrorHandler();
  return failed;
}
