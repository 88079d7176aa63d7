/* Reading what is wrong, odd or in another layout: each case ends in a clear message or in an issue that says so. Files
 * are written by the tests; tests/unit/test_read_data.c reads real ones. */
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <sys/stat.h>

#include "bench_street.h"
#include "close_to.h"

static const ky_issue *need_issue(const char *reason) {
  const ky_issue *issue = bench_issue(&b, reason, 0);
  if (issue == NULL) {
    for (uint32_t i = 0; i < b.job.issues.count; i++)
      print_message("  %s: %s\n", b.job.issues.rows[i].reason, b.job.issues.rows[i].message);
    fail_msg("no issue %s (%s)", reason, b.job.message);
  }
  assert_non_null(issue->action);
  return issue;
}

#define ZONE(properties, ring)                                                                                    \
  "{\"type\":\"Feature\",\"properties\":" properties ",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" ring \
  "]}"                                                                                                            \
  "}"
#define RING                 "[[131.2,33.9],[131.3,33.9],[131.3,34],[131.2,34],[131.2,33.9]]"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

static void test_files_that_are_not(void **state) {
  (void)state;
  static const struct {
    const char *name, *word;
  } cases[] = {{"missing.geojson", "no such file"},
               {"folder.geojson", "folder"},
               {"dangling.geojson", "link"},
               {"empty.geojson", "empty"},
               {"text.geojson/zones.shp", "not a zip"},
               {"broken.zip", "not a zip"},
               {"broken.geojson", "cannot be read"},
               {"fake.gpkg", "cannot be read"},
               {"notes.doc", "format"},
               {"cut.osm.bz2", "bzip2"}};
  assert_int_equal(mkdir(bench_path(&b, "folder.geojson"), 0700), 0);
  assert_int_equal(symlink("/nowhere/at/all", bench_path(&b, "dangling.geojson")), 0);
  bench_file(&b, "empty.geojson", "");
  bench_file(&b, "text.geojson", "x");
  bench_file(&b, "broken.zip", "PK\003\004 and no more");
  bench_file(&b, "broken.geojson", "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feat");
  bench_file(&b, "fake.gpkg", "not a database");
  bench_file(&b, "notes.doc", "notes");
  bench_file(&b, "cut.osm.bz2", "BZh9");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    b.count = 1;
    b.job.err = KY_OK;
    bench_add(&b, KY_ROLE_ZONES, cases[i].name);
    bench_read(&b);
    bench_failed(&b, KY_E_INPUT, cases[i].word, "zones");
  }
}

static void test_empty_layer(void **state) {
  (void)state;
  bench_file(&b, "zones.geojson", COLLECTION(""));
  bench_add(&b, KY_ROLE_ZONES, "zones.geojson");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "zones.geojson", "no usable record");
}

static void test_wrong_geometry(void **state) {
  (void)state;
  bench_file(
      &b, "zones.geojson",
      COLLECTION(
          "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Point\",\"coordinates\":[131.2,33.9]}}"));
  bench_add(&b, KY_ROLE_ZONES, "zones.geojson");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "cannot be zones", "right file");
}

/* One empty part costs nothing but itself; a zone without any ring is left out. */
static void test_empty_parts(void **state) {
  (void)state;
  bench_file(
      &b, "zones.geojson",
      COLLECTION("{\"type\":\"Feature\",\"properties\":{\"zone_id\":\"a\"},\"geometry\":{\"type\":\"MultiPolygon\","
                 "\"coordinates\":"
                 "[[[[131.2,33.9],[131.3,33.9],[131.2,33.9]]],[" RING "]]}}," ZONE(
                     "{\"zone_id\":\"b\"}", "[[131.2,33.9],[131.3,33.9]]") ","
                                                                           "{\"type\":\"Feature\",\"properties\":{"
                                                                           "\"zone_id\":\"c\"},\"geometry\":null}"));
  bench_add(&b, KY_ROLE_ZONES, "zones.geojson");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.zones[0].count, 1);
  assert_int_equal(b.inputs.zones[0].bad_count, 2);
  assert_string_equal(need_issue("empty_part")->record, "a");
  assert_string_equal(need_issue("bad_geometry")->record, "b");
  assert_string_equal(need_issue("geometry_missing")->record, "c");
  assert_string_equal(need_issue("empty_part")->source, "zones zones.geojson");
}

static void test_unknown_columns(void **state) {
  (void)state;
  bench_file(&b, "venues.csv", "番号,名称,定員,経度,緯度\n1,あ,20,131.25,33.95\n");
  ky_source *venues = bench_add(&b, KY_ROLE_VENUES, "venues.csv");
  bench_map(venues, "capacity", "定数");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "\"定数\"", "番号, 名称, 定員, 経度, 緯度");
  b.job.err = KY_OK;
  venues->columns[0].attribute = "capasity";
  bench_read(&b);
  bench_failed(&b, KY_E_CONFIG, "capasity", "did you mean \"capacity\"");
}

static void test_no_header(void **state) {
  (void)state;
  bench_file(&b, "venues.csv", "通いの場一覧（令和6年度）,,\nあ,い,う\n1,あ,131.25\n");
  bench_add(&b, KY_ROLE_VENUES, "venues.csv");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "first rows", "通いの場一覧");
}

/* Venues with a place that cannot be stay in the list, without it. */
static void test_coordinates(void **state) {
  (void)state;
  bench_file(&b, "venues.csv",
             "No,名称,経度,緯度\n1,良い,131.25,33.95\n2,逆,33.95,131.25\n3,空,,\n4,文字,東経131度,北緯33度\n5,零,0,"
             "0\n6,外,1312.5,33.95\n"
             "7,全角,１３１．２５,３３．９５\n8,nan,nan,nan\n9,余り,131.25,33.95,,\n10,不足,131.25\n");
  ky_source *venues = bench_add(&b, KY_ROLE_VENUES, "venues.csv");
  bench_map(venues, "name", "名称");
  bench_file(&b, "zones.geojson", COLLECTION(ZONE("{}", RING)));
  bench_add(&b, KY_ROLE_ZONES, "zones.geojson");
  bench_read(&b);
  bench_good(&b);
  const ky_raw *raw = &b.inputs.venues[0];
  static const bool has_place[] = {true, true, false, false, false, false, true, false, true, false};
  assert_int_equal(raw->count, 10);
  for (uint32_t i = 0; i < raw->count; i++)
    if ((raw->shapes.first_part[i] != raw->shapes.first_part[i + 1]) != has_place[i]) fail_msg("venue %u", i + 1);
  assert_string_equal(need_issue("coordinates_swapped")->record, "2");
  assert_true(bench_issues(&b, "coordinates_missing") >=
              2); /* and those whose coordinates cannot be, if nothing finds them */
  assert_non_null(strstr(need_issue("coordinates_not_finite")->message, "東経131度"));
  assert_string_equal(need_issue("coordinates_far")->record, "5");
  assert_string_equal(need_issue("coordinates_out_of_range")->record, "6");
  assert_int_equal(bench_issues(&b, "row_length"), 1); /* empty fields behind the last column are no fault */
  assert_string_equal(need_issue("row_length")->record, "10");
  need_issue("datum_not_stated");
  assert_close(raw->shapes.x[1], raw->shapes.x[0], 1e-6); /* the swapped one lies on the good one */
  assert_close(raw->shapes.y[1], raw->shapes.y[0], 1e-6);
}

static void test_wrong_crs(void **state) {
  (void)state;
  bench_file(&b, "venues.csv", "No,経度,緯度\n1,-84728,-227026\n2,-84700,-227000\n");
  ky_source *venues = bench_add(&b, KY_ROLE_VENUES, "venues.csv");
  venues->crs = "EPSG:6679";
  bench_file(&b, "zones.geojson", COLLECTION(ZONE("{}", RING)));
  bench_add(&b, KY_ROLE_ZONES, "zones.geojson");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "500 km", "EPSG:6679");
  b.job.err = KY_OK;
  venues->crs = "JGD2011";
  bench_read(&b);
  bench_failed(&b, KY_E_CONFIG, "JGD2011", "EPSG:6668");
}

static void test_known_layout(void **state) {
  (void)state;
  bench_file(&b, "venues.csv",
             "\xEF\xBB\xBFNo,名称（ふりがな）,名称,所在地（都道府県から番地まで）,所在地（建物名・部屋番号など）,"
             "活動内容,定員,運営日（平日）－開始,"
             "運営日（平日）－終了,緯度,経度\n"
             "1,たいそう,体操の会,宇部市常盤町1-1,集会所 2階,体操（改行）茶話会,２０人,10:00,12:00,33.95,131.25\n"
             "2,,茶の間,宇部市常盤町2,,茶話会（改行）,15,10:00,,33.95,131.25\n");
  ky_source *venues = bench_add(&b, KY_ROLE_VENUES, "venues.csv");
  venues->crs = "EPSG:6668";
  bench_read(&b);
  bench_good(&b);
  const ky_raw *raw = &b.inputs.venues[0];
  assert_string_equal(ky_raw_value(raw, "address", 0), "宇部市常盤町1-1 集会所 2階");
  assert_string_equal(ky_raw_value(raw, "address", 1), "宇部市常盤町2");
  assert_string_equal(ky_raw_value(raw, "activity", 0), "体操（改行）茶話会") /* as given */;
  assert_string_equal(ky_raw_value(raw, "activity", 1), "茶話会（改行）");
  assert_string_equal(ky_raw_value(raw, "capacity", 0), "20");
  assert_string_equal(ky_raw_value(raw, "hours", 0), "平日 10:00-12:00");
  assert_string_equal(ky_raw_value(raw, "name", 1), "茶の間");
  assert_int_equal(b.job.issues.count, 0);
}

static void test_wrong_encoding(void **state) {
  (void)state;
  bench_file(&b, "venues.csv", "No,\x96\xBC\x8F\xCC,lon,lat\n1,\x8C\xF6\x96\xAF\x8A\xD9,131.25,33.95\n");
  ky_source *venues = bench_add(&b, KY_ROLE_VENUES, "venues.csv");
  venues->encoding = "UTF-8";
  venues->crs = "EPSG:6668";
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "not text in UTF-8", "encoding: CP932"); /* the header already */
  bench_file(&b, "venues.csv", "No,name,lon,lat\n1,\x8C\xF6\x96\xAF\x8A\xD9,131.25,33.95\n");
  b.job.err = KY_OK;
  bench_read(&b);
  bench_good(&b);
  assert_non_null(strstr(need_issue("bad_encoding")->action, "encoding: CP932"));
  assert_string_equal(need_issue("bad_encoding")->record, "1");
  venues->encoding = NULL;
  bench_read(&b);
  assert_string_equal(ky_raw_value(&b.inputs.venues[0], "name", 0), "公民館");
  assert_string_equal(b.inputs.venues[0].encoding, "CP932");
}

#define GRID_HEAD \
  "KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T001101001,T001101019\r\n,,,,　人口（総数）,　６５歳以上人口　総数\r\n"

static void test_grid(void **state) {
  (void)state;
  bench_file(&b, "tblT001141H5031.txt",
             "\xEF\xBB\xBF" GRID_HEAD
             "503152221,0,,,100,40\r\n503152222,0,,,50,*\r\n503152223,2,503152221,,5,*\r\n503152224,0,,,-,…\r\n"
             "503152229,0,,,77,7\r\n5031522,0,,,8,8\r\n503152231,0,,,9\r\n503152232,0,,,,3\r\n");
  bench_add(&b, KY_ROLE_RESIDENTS, "tblT001141H5031.txt");
  bench_read(&b);
  bench_good(&b);
  const ky_raw *grid = &b.inputs.residents[0];
  assert_int_equal(grid->read_count, 8);
  assert_int_equal(grid->count, 5);
  assert_int_equal(grid->bad_count, 3);
  assert_string_equal(grid->crs, "EPSG:6668"); /* T001141 */
  assert_int_equal(bench_issues(&b, "bad_grid_code"), 2);
  assert_non_null(strstr(need_issue("bad_grid_code")->message, "77 people"));
  assert_int_equal(bench_issues(&b, "row_length"), 1);
  assert_int_equal(bench_issues(&b, "count_missing"), 4); /* not the `*` of the hidden cell */
  assert_string_equal(need_issue("count_missing")->record, "503152222");
  assert_int_equal(grid->extent.count, 1);
}

static void test_grid_without_datum(void **state) {
  (void)state;
  bench_file(&b, "grid.txt", GRID_HEAD "503152221,0,,,100,40\r\n");
  bench_add(&b, KY_ROLE_RESIDENTS, "grid.txt");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "grid.txt", "crs:");
}

static void test_twice(void **state) {
  (void)state;
  bench_file(&b, "tblT001141H5031.txt", GRID_HEAD "503152221,0,,,100,40\r\n");
  bench_file(&b, "tblT001141H5031 copy.txt", GRID_HEAD "503152221,0,,,100,40\r\n");
  bench_add(&b, KY_ROLE_RESIDENTS, "tblT001141H5031.txt");
  bench_add(&b, KY_ROLE_RESIDENTS, "tblT001141H5031 copy.txt")->crs = "EPSG:6668";
  bench_read(&b);
  bench_failed(&b, KY_E_CONFIG, "copy", "twice");
}

/* Layers, encodings and CRS of real formats, written by GDAL. */
static void make_layer(const char *driver, const char *file, const char *layer_name, const char *field,
                       const char *text, bool has_crs) {
  GDALDriverH handle = GDALGetDriverByName(driver);
  const char *const bytes[] = {"ENCODING=", NULL};
  GDALDatasetH dataset = access(bench_path(&b, file), F_OK) == 0
                             ? GDALOpenEx(bench_path(&b, file), GDAL_OF_VECTOR | GDAL_OF_UPDATE, NULL, NULL, NULL)
                             : GDALCreate(handle, bench_path(&b, file), 0, 0, 0, GDT_Unknown, NULL);
  assert_non_null(dataset);
  OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
  OSRImportFromEPSG(crs, 6668);
  OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
  OGRLayerH layer = GDALDatasetCreateLayer(dataset, layer_name, has_crs ? crs : NULL, wkbPolygon,
                                           strcmp(driver, "ESRI Shapefile") == 0 ? (char **)(uintptr_t)bytes : NULL);
  assert_non_null(layer);
  OGRFieldDefnH definition = OGR_Fld_Create(field, OFTString);
  OGR_Fld_SetWidth(definition, 40);
  OGR_L_CreateField(layer, definition, TRUE);
  OGR_Fld_Destroy(definition);
  OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
  OGR_F_SetFieldString(feature, 0, text);
  OGRGeometryH polygon = NULL;
  char wkt[] = "POLYGON((131.2 33.9,131.3 33.9,131.3 34,131.2 34,131.2 33.9))", *at = wkt;
  OGR_G_CreateFromWkt(&at, NULL, &polygon);
  OGR_F_SetGeometryDirectly(feature, polygon);
  assert_int_equal(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
  OGR_F_Destroy(feature);
  OSRDestroySpatialReference(crs);
  GDALClose(dataset);
}

#define TOWN_CP932 "\x92\x86\x89\x9B" /* 中央 */

static void read_shape(const char *text, const char *cpg, const char *encoding) {
  make_layer("ESRI Shapefile", "z.shp", "z", "zone_name", text, true);
  unlink(bench_path(&b, "z.cpg"));
  if (cpg != NULL) bench_file(&b, "z.cpg", cpg);
  b.count = 1;
  b.job.issues.count = 0;
  b.job.err = KY_OK;
  bench_add(&b, KY_ROLE_ZONES, "z.shp")->encoding = encoding;
  bench_read(&b);
  static const char *const parts[] = {"z.shp", "z.shx", "z.dbf", "z.prj", "z.cpg"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) unlink(bench_path(&b, parts[i]));
}

static const char *zone_name(void) {
  const char *name = ky_raw_value(&b.inputs.zones[0], "name", 0);
  return name != NULL ? name : "";
}

static void test_shapefile_text(void **state) {
  (void)state;
  read_shape(TOWN_CP932, NULL, NULL);
  bench_good(&b);
  assert_string_equal(zone_name(), "中央");
  assert_string_equal(b.inputs.zones[0].encoding, "CP932");
  read_shape("中央", NULL, NULL);
  assert_string_equal(zone_name(), "中央");
  read_shape(TOWN_CP932, "Shift_JIS", NULL);
  assert_string_equal(zone_name(), "中央");
  read_shape(TOWN_CP932, "UTF-8", NULL);
  assert_string_equal(zone_name(), "");
  assert_non_null(strstr(need_issue("bad_encoding")->action, "CP932"));
  read_shape(TOWN_CP932, "UTF-8", "CP932"); /* the config is right, the .cpg wrong */
  assert_string_equal(zone_name(), "中央");
  assert_int_equal(b.job.issues.count, 0);
  read_shape(TOWN_CP932, "ISO-8859-1", NULL);
  assert_non_null(strstr(need_issue("encoding_doubtful")->message, "CP932"));
  read_shape(TOWN_CP932, "martian", NULL);
  assert_string_equal(zone_name(), "中央");
  need_issue("encoding_unknown");
  read_shape(TOWN_CP932, NULL, "martian");
  bench_failed(&b, KY_E_CONFIG, "martian", "iconv");
}

/* A name of a column that is cut inside a character. */
static void test_shapefile_names(void **state) {
  (void)state;
  make_layer("ESRI Shapefile", "z.shp", "z", "\x83\x81\x83\x62\x83\x56\x83\x85", "x", true); /* メッシュ */
  ky_source *zones = bench_add(&b, KY_ROLE_ZONES, "z.shp");
  bench_map(zones, "id", "メッシュ");
  bench_read(&b);
  bench_good(&b);
  assert_string_equal(ky_raw_value(&b.inputs.zones[0], "id", 0), "x");
}

static void test_shapefile_without_prj(void **state) {
  (void)state;
  make_layer("ESRI Shapefile", "z.shp", "z", "zone_id", "x", false);
  ky_source *zones = bench_add(&b, KY_ROLE_ZONES, "z.shp");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, ".prj", "crs: EPSG:6668");
  b.job.err = KY_OK;
  zones->crs = "EPSG:6668";
  bench_read(&b);
  bench_good(&b);
  assert_string_equal(b.inputs.zones[0].crs_origin, "config");
}

static void test_layers(void **state) {
  (void)state;
  make_layer("GPKG", "z.gpkg", "north", "zone_id", "n", true);
  make_layer("GPKG", "z.gpkg", "south", "zone_id", "s", true);
  ky_source *zones = bench_add(&b, KY_ROLE_ZONES, "z.gpkg");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "layer:", "north, south");
  b.job.err = KY_OK;
  zones->layer = "east";
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "'east'", "north, south");
  b.job.err = KY_OK;
  zones->layer = "south";
  bench_read(&b);
  bench_good(&b);
  assert_string_equal(ky_raw_value(&b.inputs.zones[0], "id", 0), "s");
  make_layer("FlatGeobuf", "z.fgb", "z", "zone_id", "f", true);
  b.count = 1;
  bench_add(&b, KY_ROLE_ZONES, "z.fgb");
  bench_read(&b);
  bench_good(&b);
  assert_string_equal(b.inputs.zones[0].format, "FlatGeobuf");
  assert_string_equal(b.inputs.zones[0].crs, "EPSG:6668");
}

static void test_geojson_crs(void **state) {
  (void)state;
  bench_file(&b, "zones.geojson",
             "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:"
             "EPSG::6671\"}},"
             "\"features\":[" ZONE("{}", "[[-84800,-227000],[-84700,-227000],[-84700,-226900],[-84800,-227000]]") "]}");
  ky_source *zones = bench_add(&b, KY_ROLE_ZONES, "zones.geojson");
  bench_read(&b);
  bench_good(&b);
  assert_string_equal(b.inputs.zones[0].crs, "EPSG:6671");
  assert_close(b.inputs.zones[0].shapes.x[0], -84800, 1e-6);
  zones->crs = "EPSG:2445";
  bench_read(&b);
  bench_good(&b);
  assert_non_null(strstr(need_issue("crs_contradicts")->message, "EPSG:2445"));
}

static void test_zip(void **state) {
  (void)state;
  char command[512];
  if (system("command -v python3 >/dev/null") != 0) skip();
  bench_file(&b, "one.geojson", COLLECTION(ZONE("{\"zone_id\":\"1\"}", RING)));
  bench_file(&b, "two.geojson", COLLECTION(ZONE("{\"zone_id\":\"2\"}", RING)));
  snprintf(command, sizeof command,
           "cd %s && python3 -m zipfile -c a.zip one.geojson two.geojson && python3 -m zipfile -c b.zip two.geojson && "
           "python3 -c \"import zipfile; z=zipfile.ZipFile('bomb.zip','w',zipfile.ZIP_DEFLATED); "
           "f=z.open('x.geojson','w'); [f.write(bytes(1<<24)) for i in range(20)]; f.close(); z.close()\"",
           b.folder);
  assert_int_equal(system(command), 0);
  ky_source *zones = bench_add(&b, KY_ROLE_ZONES, "a.zip");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "one.geojson, two.geojson", "name one");
  static const struct {
    const char *path, *id;
  } good[] = {{"a.zip/two.geojson", "2"}, {"b.zip", "2"}, {"a.zip/one.geojson", "1"}};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    b.count = 1;
    b.job.err = KY_OK;
    bench_add(&b, KY_ROLE_ZONES, good[i].path);
    bench_read(&b);
    bench_good(&b);
    assert_string_equal(ky_raw_value(&b.inputs.zones[0], "id", 0), good[i].id);
  }
  b.count = 1;
  zones = bench_add(&b, KY_ROLE_ZONES, "a.zip");
  zones->layer = "one";
  bench_read(&b);
  bench_good(&b);
  b.count = 1;
  bench_add(&b, KY_ROLE_ZONES, "a.zip/three.geojson");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "three.geojson", "one.geojson, two.geojson");
  b.count = 1;
  b.job.err = KY_OK;
  bench_add(&b, KY_ROLE_ZONES, "bomb.zip");
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "would unpack", "500 times");
}

/* Layers of lines: classes, permissions, ferries, empty and several lines, claims. */
static void test_road_layers(void **state) {
  (void)state;
#define LINE(properties, shape) "{\"type\":\"Feature\",\"properties\":" properties ",\"geometry\":" shape "}"
#define SIMPLE                  "{\"type\":\"LineString\",\"coordinates\":[[131.25,33.951],[131.251,33.951]]}"
  bench_file(
      &b, "roads.geojson",
      COLLECTION(LINE("{\"highway\":\"motorway\"}", SIMPLE) "," LINE(
          "{\"highway\":\"常盤通り\",\"source\":\"survey\"}",
          SIMPLE) "," LINE("{\"access\":\"private\"}",
                           SIMPLE) "," LINE("{\"route\":\"ferry\"}",
                                            SIMPLE) "," LINE("{}",
                                                             SIMPLE) "," LINE("{\"highway\":[\"service\",\"footway\"]}",
                                                                              "{\"type\":\"MultiLineString\","
                                                                              "\"coordinates\":[[[131.25,33.952],[131."
                                                                              "251,33.952]],[[131.25,33.953],[131.25,"
                                                                              "33.953]],[[131.25,33.954],[131.251,33."
                                                                              "954]]]}")));
  bench_add(&b, KY_ROLE_ROADS, "roads.geojson");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.ways.shapes.count, 1 + 4);
  assert_int_equal(b.inputs.ways.class_bits[1], 1u << KY_STREET_OTHER);
  assert_null(b.inputs.ways.from_claim[1]); /* `source` without `target` is no node */
  assert_int_equal(b.inputs.ways.class_bits[3], 1u << KY_STREET_SERVICE | 1u << KY_STREET_FOOTWAY);
  assert_non_null(strstr(need_issue("not_walkable")->message, "3 of 6"));
  assert_non_null(strstr(need_issue("unknown_street_class")->message, "2 of 6"));
  need_issue("multiline");
  need_issue("street_without_length");
}

static void test_osm(void **state) {
  (void)state;
  bench_file(&b, "roads.osm",
             "<?xml version=\"1.0\"?><osm version=\"0.6\"><node id=\"9\" lat=\"33.95\" lon=\"131.25\"/><node id=\"2\" "
             "lat=\"33.951\" "
             "lon=\"131.251\"/><node id=\"1\" lat=\"33.95\" lon=\"131.252\"/><way id=\"4\"><nd ref=\"2\"/><nd "
             "ref=\"9\"/><nd ref=\"77\"/>"
             "<tag k=\"highway\" v=\"residential\"/></way><way id=\"3\"><nd ref=\"1\"/><nd ref=\"2\"/><nd "
             "ref=\"9\"/><nd ref=\"1\"/>"
             "<tag k=\"highway\" v=\"pedestrian\"/><tag k=\"area\" v=\"yes\"/></way></osm>");
  b.count = 0;
  bench_add(&b, KY_ROLE_ROADS, "roads.osm");
  bench_read(&b);
  bench_good(&b);
  assert_int_equal(b.inputs.ways.shapes.count, 2);
  need_issue("osm_unsorted");
  assert_non_null(strstr(need_issue("osm_missing_nodes")->message, "way 4"));
  bench_file(&b, "roads.osm", "<?xml version=\"1.0\"?><osm version=\"0.6\"><node id=\"9\" lat=\"33.95\" lon=\"131");
  b.job.err = KY_OK;
  bench_read(&b);
  bench_failed(&b, KY_E_INPUT, "roads.osm", "damaged");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(test_files_that_are_not),
      CASE(test_empty_layer),
      CASE(test_wrong_geometry),
      CASE(test_empty_parts),
      CASE(test_unknown_columns),
      CASE(test_no_header),
      CASE(test_coordinates),
      CASE(test_wrong_crs),
      CASE(test_known_layout),
      CASE(test_wrong_encoding),
      CASE(test_grid),
      CASE(test_grid_without_datum),
      CASE(test_twice),
      CASE(test_shapefile_text),
      CASE(test_shapefile_names),
      CASE(test_shapefile_without_prj),
      CASE(test_layers),
      CASE(test_geojson_crs),
      CASE(test_zip),
      CASE(test_road_layers),
      CASE(test_osm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
