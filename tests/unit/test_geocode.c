/* Venues without coordinates: by the name of a hall, by block, by town; what is ambiguous or unknown stays out. Every
 * file is made here: a municipality of 0.1 degrees, registers, and 位置参照情報 in CP932. */
#include <iconv.h>
#include <io/geocode.h>
#include <kayoi/place.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/kayoi-geocode-XXXXXX";

#define ZONES                                                                                                 \
  "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"id\":\"A\"},"        \
  "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[131.2,33.9],[131.3,33.9],[131.3,34.0],[131.2,34.0]," \
  "[131.2,33.9]]]}}]}"
#define ROADS                                                                                           \
  "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{},\"geometry\":" \
  "{\"type\":\"LineString\",\"coordinates\":[[131.2,33.95],[131.3,33.95]]}}]}"
#define HALLS                                       \
  "名称,住所,緯度,経度\n"                   \
  "上町公民館,上町1,33.950000,131.250000\n"  \
  "中央公民館,下町1,33.960000,131.260000\n"  \
  "中央公民館,海町1,33.990000,131.290000\n"  \
  "二重集会所,下町2,33.9700000,131.270000\n" \
  "二重集会所,下町2,33.9700500,131.270000\n" \
  "隣町会館,隣町1,34.300000,131.250000\n"
#define BLOCKS                                                                                                                                                           \
  "都道府県名,市区町村名,大字・丁目名,小字・通称名,街区符号・地番,座標系番号,Ｘ座標,Ｙ座標,緯度,経度,住居表示フラグ," \
  "代表フラグ,更新前履歴フラグ,更新後履歴フラグ\n"                                                                                                  \
  "山口県,試験市,常盤町一丁目,,7,3,0,0,33.951000,131.251000,1,1,0,0\n"                                                                                       \
  "山口県,試験市,常盤町一丁目,,8,3,0,0,33.952000,131.252000,1,1,0,0\n"                                                                                       \
  "山口県,試験市,常盤町,,1,3,0,0,33.990000,131.210000,0,1,0,0\n"                                                                                                \
  "山口県,試験市,大字藤曲,,123,3,0,0,33.953000,131.253000,0,0,0,0\n"                                                                                           \
  "山口県,試験市,大字藤曲,,123,3,0,0,33.963000,131.263000,0,1,0,0\n"                                                                                           \
  "山口県,試験市,岩根,下桶,126,3,0,0,33.954000,131.254000,0,1,0,0\n"                                                                                           \
  "山口県,試験市,岩根,上桶,127,3,0,0,33.955000,131.255000,0,1,0,0\n"                                                                                           \
  "山口県,試験市,岩根,中桶,127,3,0,0,33.975000,131.275000,0,1,0,0\n"                                                                                           \
  "山口県,隣郡隣町,本町,,5,3,0,0,34.300000,131.250000,0,1,0,0\n"                                                                                                \
  "山口県,試験市,本町,,5,3,0,0,33.956000,131.256000,0,1,0,0\n"
#define TOWNS                                                                                                                                        \
  "\"都道府県コード\",\"都道府県名\",\"市区町村コード\",\"市区町村名\",\"大字町丁目コード\",\"大字町丁目名\"," \
  "\"緯度\","                                                                                                                                      \
  "\"経度\",\"原典資料コード\",\"大字・字・丁目区分コード\"\n"                                                                  \
  "\"35\",\"山口県\",\"35999\",\"試験市\",\"359990001000\",\"つつじヶ丘\",\"33.957000\",\"131.257000\",\"0\",\"1\"\n"                     \
  "\"35\",\"山口県\",\"35999\",\"試験市\",\"359990002000\",\"岩根\",\"33.958000\",\"131.258000\",\"0\",\"1\"\n"                              \
  "\"35\",\"山口県\",\"35999\",\"試験市\",\"359990003001\",\"旭町二丁目\",\"33.959000\",\"131.259000\",\"0\",\"3\"\n"

static const char *path_of(ky_job *job, const char *name) {
  return ky_format(&job->keep, "%s/%s", folder, name);
}

static void write_file(const char *name, const char *text, bool is_cp932) {
  char path[100];
  size_t length = strlen(text), left = length * 2 + 1;
  char *bytes = malloc(left), *to = bytes, *from = strdup(text), *at = from;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  if (is_cp932) {
    iconv_t way = iconv_open("CP932", "UTF-8");
    assert_true(way != (iconv_t)-1);
    assert_int_equal(iconv(way, &at, &length, &to, &left), 0);
    iconv_close(way);
  } else {
    memcpy(bytes, text, length);
    to += length;
  }
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, (size_t)(to - bytes), file), to - bytes);
  fclose(file);
  free(bytes);
  free(from);
}

typedef struct reading {
  ky_job job;
  ky_source sources[8];
  ky_inputs inputs;
  ky_err err;
} reading;

/* Reads the town with these venues; reference files as named, NULL: without. fail_after: of the scratch arena. */
static void try_town(reading *r, const char *venues, const char *halls, const char *blocks, const char *towns,
                     uint64_t fail_after) {
  const struct {
    ky_role role;
    const char *name, *file;
  } all[] = {{KY_ROLE_ZONES, "zones", "zones.geojson"},       {KY_ROLE_ROADS, "roads[0]", "roads.geojson"},
             {KY_ROLE_VENUES, "venues[0]", "venues.csv"},     {KY_ROLE_HALLS, "geocoding.halls[0]", halls},
             {KY_ROLE_BLOCKS, "geocoding.blocks[0]", blocks}, {KY_ROLE_TOWNS, "geocoding.towns[0]", towns}};
  uint32_t count = 0;
  ky_job_init(&r->job, 1);
  write_file("venues.csv", venues, false);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    if (all[i].file == NULL) continue;
    r->sources[count++] = (ky_source){.role = all[i].role,
                                      .name = all[i].name,
                                      .shown = all[i].file,
                                      .path = path_of(&r->job, all[i].file),
                                      .crs = i < 2 ? NULL : "EPSG:6668"};
  }
  const ky_read_opts opts = {
      .sources = r->sources, .source_count = count, .crs = "EPSG:6671", .municipality_name = "試験市"};
  r->job.scratch.fail_after = fail_after;
  r->err = ky_read(&r->job, &opts, &r->inputs);
}

static void read_town(reading *r, const char *venues, const char *halls, const char *blocks, const char *towns) {
  try_town(r, venues, halls, blocks, towns, 0);
  if (r->err != KY_OK) print_error("%s\n", r->job.message);
  assert_int_equal(r->err, KY_OK);
}

static const ky_issue *find_issue(const reading *r, const char *record, const char *reason) {
  for (uint32_t i = 0; i < r->job.issues.count; i++) {
    const ky_issue *issue = &r->job.issues.rows[i];
    if (strcmp(issue->reason, reason) == 0 &&
        (record == NULL || (issue->record != NULL && strcmp(issue->record, record) == 0)))
      return issue;
  }
  return NULL;
}

static void print_issues(const reading *r) {
  for (uint32_t i = 0; i < r->job.issues.count; i++)
    print_error("  %s %s: %s\n", r->job.issues.rows[i].record != NULL ? r->job.issues.rows[i].record : "-",
                r->job.issues.rows[i].reason, r->job.issues.rows[i].message);
}

/* Where the venue went: its coord_source, "none" without a place. */
static void expect(reading *r, const char *id, const char *coord_source) {
  const ky_raw *raw = &r->inputs.venues[0];
  for (uint32_t i = 0; i < raw->count; i++) {
    double x, y;
    if (strcmp(raw->record[i], id) != 0) continue;
    const char *found = ky_raw_place(raw, i, &x, &y) ? "given" : "none";
    if (raw->coord_source != NULL && raw->coord_source[i] != NULL) found = raw->coord_source[i];
    if (strcmp(found, coord_source) != 0) {
      print_error("venue %s: want %s, got %s\n", id, coord_source, found);
      print_issues(r);
    }
    assert_string_equal(found, coord_source);
    return;
  }
  fail_msg("no venue %s", id);
}

/* Exactly the place of a venue that was given with coordinates. */
static void expect_same(reading *r, const char *id, const char *given) {
  const ky_raw *raw = &r->inputs.venues[0];
  double x[2] = {NAN, NAN}, y[2] = {NAN, NAN};
  for (uint32_t i = 0; i < raw->count; i++)
    for (int k = 0; k < 2; k++)
      if (strcmp(raw->record[i], k == 0 ? id : given) == 0) assert_true(ky_raw_place(raw, i, &x[k], &y[k]));
  assert_true(x[0] == x[1] && y[0] == y[1]);
}

static void test_halls(void **state) {
  (void)state;
  reading r;
  read_town(&r,
            "ID,名称,会場,住所,緯度,経度\n"
            "1,試験市上町公民館,,,,\n"
            "2,いきいきサロン,上町 公民館,,,\n"
            "3,中央公民館,,,,\n"
            "4,二重集会所,,,,\n"
            "5,隣町会館,,,,\n"
            "6,ほがらか会,,上町公民館,,\n"
            "7,遠い会,,どこか,,\n"
            "8,与えられた所,,,33.95,131.25\n"
            "9,与えられた所,,,33.9501,131.25\n",
            "halls.csv", NULL, NULL);
  expect(&r, "1", "hall");
  expect_same(&r, "1", "8");
  expect(&r, "2", "hall");
  expect_same(&r, "2", "8");
  expect(&r, "3", "none");
  assert_non_null(find_issue(&r, "3", "geocoding_ambiguous"));
  expect(&r, "4", "hall");
  expect(&r, "5", "none"); /* that hall is in the next town */
  expect(&r, "6", "hall");
  expect(&r, "7", "none");
  const ky_issue *issue = find_issue(&r, "7", "coordinates_missing");
  assert_non_null(issue);
  assert_non_null(strstr(issue->message, "どこか"));
  assert_int_equal(issue->severity, KY_WARNING);
  issue = find_issue(&r, "1", "placed_by_hall");
  assert_non_null(issue);
  assert_int_equal(issue->severity, KY_INFO);
  assert_non_null(strstr(issue->message, "上町公民館"));
  assert_true(issue->has_place);
  expect(&r, "8", "given");
  assert_null(find_issue(&r, "8", "coordinates_missing"));
  assert_non_null(find_issue(&r, "9", "duplicate_venue"));
  ky_job_free(&r.job);
}

#define ADDRESSES                                             \
  "ID,名称,住所,緯度,経度\n"                          \
  "1,a,山口県試験市常盤町一丁目7番1号,,\n"      \
  "2,b,試験市常盤町１丁目７－２　ビル3階,,\n" \
  "3,c,常盤町1丁目8,,\n"                                 \
  "4,d,常盤町1-7-1,,\n"                                    \
  "5,e,試験市大字藤曲123番地の4,,\n"                \
  "6,f,試験市岩根字下桶126,,\n"                       \
  "7,g,試験市岩根126,,\n"                                \
  "8,h,試験市岩根127,,\n"                                \
  "9,i,本町5,,\n"                                           \
  "10,j,山口県隣郡隣町本町5,,\n"                     \
  "11,k,隣町本町5番地,,\n"                              \
  "12,l,つつじが丘99,,\n"                                \
  "13,m,試験市岩根字奥山1,,\n"                        \
  "14,n,旭町2-55,,\n"                                       \
  "15,o,旭町3-55,,\n"                                       \
  "16,p,他県本町5,,\n"                                    \
  "17,q,,,\n"                                                 \
  "18,r,常盤町1番地,,\n"                                 \
  "101,s,,33.951,131.251\n"                                   \
  "102,t,,33.963,131.263\n"                                   \
  "103,u,,33.957,131.257\n"                                   \
  "104,v,,33.956,131.256\n"                                   \
  "105,w,,34.3,131.25\n"

static void test_addresses(void **state) {
  (void)state;
  reading r;
  read_town(&r, ADDRESSES, NULL, "blocks.csv", "towns.csv");
  expect(&r, "1", "block");
  expect_same(&r, "1", "101");
  expect_same(&r, "2", "101");
  expect(&r, "3", "block");
  expect(&r, "4", "none"); /* 一丁目7番 or lot 1-7: both exist, kilometres apart */
  assert_non_null(find_issue(&r, "4", "geocoding_ambiguous"));
  expect_same(&r, "5", "102"); /* the representative point of the lot */
  assert_non_null(strstr(find_issue(&r, "5", "placed_by_block")->message, "apart"));
  expect(&r, "6", "block");
  expect(&r, "7", "block");
  expect(&r, "8", "town"); /* two 小字 have a lot 127 */
  assert_non_null(find_issue(&r, "8", "geocoding_ambiguous"));
  expect_same(&r, "9", "104"); /* an address without a city is one of the municipality */
  expect_same(&r, "10", "105");
  expect_same(&r, "11", "105");
  expect_same(&r, "12", "103");
  expect(&r, "12", "town");
  expect(&r, "13", "town");
  expect(&r, "14", "town");
  expect(&r, "15", "none");
  expect(&r, "16", "none");
  expect(&r, "17", "none");
  expect(&r, "18", "block");
  assert_string_equal(r.inputs.references[0].encoding, "CP932");
  assert_int_equal(r.inputs.reference_count, 2);
  ky_job_free(&r.job);
}

/* Does not depend on the order of the reference files' rows. */
static void test_order(void **state) {
  (void)state;
  reading r[2];
  char turned[sizeof HALLS] = "";
  const char *header_end = strchr(HALLS, '\n') + 1;
  size_t used = (size_t)(header_end - HALLS);
  memcpy(turned, HALLS, used);
  for (const char *end = strrchr(HALLS, '\n'); end > header_end;) { /* at a line's final \n */
    const char *start = end;
    while (start > header_end && start[-1] != '\n') start--;
    memcpy(turned + used, start, (size_t)(end - start) + 1);
    used += (size_t)(end - start) + 1;
    end = start - 1;
  }
  write_file("turned.csv", turned, false);
  for (int k = 0; k < 2; k++)
    read_town(&r[k], "ID,名称,緯度,経度\n1,二重集会所,,\n2,上町公民館,,\n", k == 0 ? "halls.csv" : "turned.csv", NULL,
              NULL);
  for (uint32_t i = 0; i < 2; i++) {
    double x[2], y[2];
    for (int k = 0; k < 2; k++) assert_true(ky_raw_place(&r[k].inputs.venues[0], i, &x[k], &y[k]));
    assert_true(x[0] == x[1] && y[0] == y[1]);
  }
  for (int k = 0; k < 2; k++) ky_job_free(&r[k].job);
}

static void test_without_columns(void **state) {
  (void)state;
  reading r;
  read_town(&r, "ID,名称,住所\n1,上町公民館,\n2,なし,下町9\n", "halls.csv", NULL, NULL);
  expect(&r, "1", "hall");
  expect(&r, "2", "none");
  assert_non_null(strstr(find_issue(&r, "2", "coordinates_missing")->message, "下町9"));
  ky_job_free(&r.job);
  read_town(&r, "ID,名称,住所\n1,上町公民館,\n2,なし,下町9\n", NULL, NULL, NULL);
  expect(&r, "1", "none");
  assert_non_null(find_issue(&r, "1", "coordinates_missing"));
  ky_job_free(&r.job);
}

/* Of a file of addresses only the towns that some address names are kept. */
static void test_towns_asked_for(void **state) {
  (void)state;
  reading r;
  read_town(&r, "ID,名称,住所\n1,a,常盤町一丁目７番１号\n2,b,岩根字下桶126\n", NULL, "blocks.csv", NULL);
  expect(&r, "1", "block");
  expect(&r, "2", "block");
  const ky_raw *blocks = &r.inputs.references[0];
  assert_int_equal(blocks->read_count, 10);
  assert_int_equal(blocks->count, 6); /* 常盤町 3, 岩根 3; not 藤曲 and 本町 */
  assert_int_equal(blocks->unneeded_count, 4);
  ky_job_free(&r.job);
  read_town(&r, "ID,名称,住所\n1,a,どこか1\n", NULL, "blocks.csv", NULL); /* nothing is asked for: no failure */
  expect(&r, "1", "none");
  assert_int_equal(r.inputs.references[0].unneeded_count, 10);
  ky_job_free(&r.job);
}

static void test_far(void **state) {
  (void)state;
  reading r;
  read_town(&r, "ID,名称,緯度,経度\n1,ここ,33.95,131.25\n2,隣,34.1,131.25\n3,遠く,35.2,131.25\n", NULL, NULL, NULL);
  assert_null(find_issue(&r, "1", "far_from_municipality"));
  assert_null(find_issue(&r, "2", "far_from_municipality"));
  assert_non_null(find_issue(&r, "3", "far_from_municipality"));
  ky_job_free(&r.job);
}

static void test_counting(void **state) {
  (void)state;
  for (int allow = 0; allow < 2; allow++) {
    reading r;
    ky_zones zones;
    ky_venues venues;
    const ky_venue_opts opts = {.unknown_counts = true, .allow_town = allow == 1};
    read_town(&r, "ID,名称,住所,緯度,経度\n1,a,つつじヶ丘1,,\n2,b,本町5,,\n3,c,,,\n", NULL, "blocks.csv", "towns.csv");
    assert_int_equal(ky_place_zones(&r.job, &r.inputs, NULL, 0, &zones), KY_OK);
    assert_int_equal(ky_place_venues(&r.job, &r.inputs, &zones, &opts, &venues), KY_OK);
    assert_string_equal(venues.text[KY_VENUE_COORD_SOURCE][0], "town");
    assert_string_equal(venues.text[KY_VENUE_COORD_SOURCE][1], "block");
    assert_string_equal(venues.text[KY_VENUE_COORD_SOURCE][2], "none");
    assert_true(isfinite(venues.x_m[0]) != 0);
    assert_int_equal(venues.counts[0], allow);
    if (allow == 0) assert_string_equal(venues.reason[0], "town_level_position");
    assert_int_equal(venues.counts[1], 1);
    assert_int_equal(venues.counts[2], 0);
    ky_job_free(&r.job);
  }
}

static void test_memory_runs_out(void **state) {
  (void)state;
  reading r;
  ky_err err = KY_E_RESOURCE;
  for (uint64_t n = 1; err != KY_OK; n += 1 + n / 20) {
    try_town(&r, ADDRESSES, "halls.csv", "blocks.csv", "towns.csv", n);
    err = r.err;
    assert_true(err == KY_OK || err == KY_E_RESOURCE ||
                err == KY_E_INPUT); /* a number that cannot be read is a bad one */
    ky_job_free(&r.job);
    assert_true(n < 1000000);
  }
}

static int make_files(void **state) {
  (void)state;
  if (mkdtemp(folder) == NULL) return -1;
  write_file("zones.geojson", ZONES, false);
  write_file("roads.geojson", ROADS, false);
  write_file("halls.csv", HALLS, false);
  write_file("blocks.csv", BLOCKS, true);
  write_file("towns.csv", TOWNS, true);
  return 0;
}

static int remove_files(void **state) {
  (void)state;
  static const char *const names[] = {"zones.geojson", "roads.geojson", "halls.csv", "blocks.csv",
                                      "towns.csv",     "turned.csv",    "venues.csv"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char path[100];
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    unlink(path);
  }
  return rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_halls),           cmocka_unit_test(test_addresses),       cmocka_unit_test(test_order),
      cmocka_unit_test(test_without_columns), cmocka_unit_test(test_towns_asked_for), cmocka_unit_test(test_far),
      cmocka_unit_test(test_counting),        cmocka_unit_test(test_memory_runs_out),
  };
  return cmocka_run_group_tests(tests, make_files, remove_files);
}
