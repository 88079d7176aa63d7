/* Facilities of KSJ in their vintages: files with the columns of the product specifications, written by GDAL. */
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "bench_street.h"

/* A shapefile with the columns code_001 to code_0nn; rows: values separated by '|', a record each, NULL behind. */
static void write_ksj(const char *name, const char *code, int columns, const char *const *rows) {
  OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
  assert_int_equal(OSRImportFromEPSG(crs, 6668), OGRERR_NONE);
  OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
  GDALDatasetH dataset =
      GDALCreate(GDALGetDriverByName("ESRI Shapefile"), bench_path(&b, name), 0, 0, 0, GDT_Unknown, NULL);
  char *options[] = {"ENCODING=UTF-8", NULL};
  OGRLayerH layer = GDALDatasetCreateLayer(dataset, "places", crs, wkbPoint, options);
  assert_non_null(layer);
  for (int c = 1; c <= columns; c++) {
    char column[16];
    snprintf(column, sizeof column, "%s_%03d", code, c);
    OGRFieldDefnH field = OGR_Fld_Create(column, OFTString);
    assert_int_equal(OGR_L_CreateField(layer, field, 1), OGRERR_NONE);
    OGR_Fld_Destroy(field);
  }
  for (int r = 0; rows[r] != NULL; r++) {
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    OGRGeometryH point = OGR_G_CreateGeometry(wkbPoint);
    char text[512], *at = text;
    snprintf(text, sizeof text, "%s", rows[r]);
    for (int c = 0; at != NULL && c < columns; c++) {
      char *end = strchr(at, '|');
      if (end != NULL) *end = '\0';
      OGR_F_SetFieldString(feature, c, at);
      at = end != NULL ? end + 1 : NULL;
    }
    OGR_G_SetPoint_2D(point, 0, 131.25 + r * 0.001, 33.95);
    OGR_F_SetGeometryDirectly(feature, point);
    assert_int_equal(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
    OGR_F_Destroy(feature);
  }
  GDALClose(dataset);
  OSRDestroySpatialReference(crs);
}

static void expect(const ky_raw *raw, uint32_t record, const char *attribute, const char *value) {
  const char *got = ky_raw_value(raw, attribute, record);
  if (got == NULL || strcmp(got, value) != 0) fail_msg("%s of record %u: %s", attribute, record, got);
}

/* P05: public halls and meeting places are candidate sites, town halls are counted and left out. */
static void test_p05(void **state) {
  (void)state;
  const char *const rows[] = {"35202|1|宇部市役所|宇部市常盤町1-7-1", "35202|4|上町公民館|宇部市上町1",
                              "35202|5|下町集会所|宇部市下町2", "35202|2|北部支所|宇部市北町3", NULL};
  write_ksj("P05-22_35.shp", "P05", 4, rows);
  ky_source *source = bench_add(&b, KY_ROLE_SITES, "P05-22_35.shp");
  bench_read(&b);
  bench_good(&b);
  const ky_raw *raw = &b.inputs.sites[0];
  assert_int_equal(raw->count, 2);
  expect(raw, 0, "name", "上町公民館");
  expect(raw, 0, "kind", "公立公民館");
  expect(raw, 0, "kind_code", "4");
  expect(raw, 1, "kind", "集会施設");
  expect(raw, 1, "address", "宇部市下町2");
  assert_int_equal(raw->kinds_left_out, 2);
  assert_non_null(strstr(bench_issue(&b, "kinds_left_out", 0)->message, "本庁 1, 支所、出張所、連絡所 1"));
  source->kinds = "all";
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.sites[0].count, 4);
  source->kinds = "2|4";
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.sites[0].count, 2);
}

/* The same column number is the name in one vintage of P14 and a code in the other. */
static void test_p14(void **state) {
  (void)state;
  const char *const old[] = {"山口県|宇部市|常盤町1-1|19|19001|113|常盤老人福祉センター|3|50|資料|資料",
                             "山口県|宇部市|常盤町1-2|19|19013|901|常盤保育園|3|50|資料|資料", NULL};
  const char *const new[] = {"山口県|宇部市|35202|常盤町1-1|02|0203|020301|常盤老人福祉センター|3|1",
                             "山口県|宇部市|35202|常盤町1-2|05|0504|050401|常盤保育園|3|1", NULL};
  for (int is_new = 0; is_new < 2; is_new++) {
    if (is_new) {
      bench_close(&b);
      open_bench(NULL);
    }
    write_ksj("P14.shp", "P14", is_new ? 10 : 11, is_new ? new : old);
    bench_add(&b, KY_ROLE_SITES, "P14.shp");
    bench_add(&b, KY_ROLE_HALLS, "P14.shp");
    bench_read(&b);
    bench_good(&b);
    const ky_raw *sites = &b.inputs.sites[0], *halls = &b.inputs.references[0];
    assert_int_equal(sites->count, 1);
    expect(sites, 0, "name", "常盤老人福祉センター");
    expect(sites, 0, "address", "山口県 宇部市 常盤町1-1");
    expect(sites, 0, "kind", is_new ? "老人福祉センター" : "老人福祉施設");
    assert_int_equal(halls->count, 2);
    expect(halls, 1, "name", "常盤保育園");
  }
}

static void test_others(void **state) {
  (void)state;
  static const struct {
    const char *code;
    int columns;
    const char *row, *name, *address, *kind;
  } cases[] = {
      {"P02", 7, "35202|19|19002|上町憩の家|宇部市上町1|4|資料", "上町憩の家", "宇部市上町1", "19002"},
      {"P02", 11, "35202|1|2|3|公民館|上町公民館|35202|4|宇部市|1990|1970", "上町公民館", NULL, "2"},
      {"P04", 7, "2|上町医院|宇部市上町2|内科|||4", "上町医院", "宇部市上町2", "診療所"},
      {"P04", 10, "1|上町病院|宇部市上町3|内科|||4|100|1|0", "上町病院", "宇部市上町3", "病院"},
      {"P20", 12, "35202|上町小学校|宇部市上町4|小学校|100|0|1|0|0|0|0|0", "上町小学校", "宇部市上町4", "小学校"},
      {"P27", 9, "35202|3|03003|03003|上町図書館|上町5|3|2|1990", "上町図書館", "上町5", "図書館"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *const rows[] = {cases[i].row, NULL};
    if (i > 0) {
      bench_close(&b);
      open_bench(NULL);
    }
    write_ksj("ksj.shp", cases[i].code, cases[i].columns, rows);
    bench_add(&b, KY_ROLE_VENUES, "ksj.shp");
    bench_read(&b);
    bench_good(&b);
    const ky_raw *raw = &b.inputs.venues[0];
    expect(raw, 0, "name", cases[i].name);
    if (cases[i].address != NULL) expect(raw, 0, "address", cases[i].address);
    expect(raw, 0, "kind", cases[i].kind);
  }
}

/* An unknown set of columns is refused with its columns; a mapping helps. */
static void test_unknown(void **state) {
  (void)state;
  const char *const rows[] = {"35202|4|上町公民館|宇部市上町1|x", NULL};
  write_ksj("P05.shp", "P05", 5, rows);
  ky_source *source = bench_add(&b, KY_ROLE_SITES, "P05.shp");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "KSJ P05", "P05_005");
  b.job.err = KY_OK;
  bench_map(source, "name", "P05_003");
  bench_read(&b);
  bench_good(&b);
  expect(&b.inputs.sites[0], 0, "name", "上町公民館");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void) {
  const struct CMUnitTest tests[] = {CASE(test_p05), CASE(test_p14), CASE(test_others), CASE(test_unknown)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
