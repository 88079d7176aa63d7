/* The configuration: what is accepted, what every wrong value is told, defaults and where they come from. */
#include <config_fields.h>
#include <config_suggest.h>

#include "config_text.h"

static void test_defaults(void **state) {
  (void)state;
  reading r;
  read_good(&r, HEAD);
  const ky_config *c = &r.config;
  assert_string_equal(c->name, "X");
  assert_null(c->code);
  assert_null(c->lang);
  assert_int_equal(c->read.source_count, 4);
  assert_int_equal(c->read.sources[0].role, KY_ROLE_RESIDENTS);
  assert_string_equal(c->read.sources[0].name, "residents[0]");
  assert_string_equal(c->read.sources[0].shown, "r.txt");
  char path[128];
  snprintf(path, sizeof path, "%s/r.txt", folder);
  assert_string_equal(c->read.sources[0].path, path);
  assert_string_equal(c->read.sources[2].name, "zones");
  assert_false(c->read.sources[0].is_open);
  assert_true(c->place.margin_m == 2000.0 && c->place.step_m == 25.0 && c->place.min_street_m == 50.0);
  assert_true(c->place.by_streets);
  assert_int_equal(c->venue.min_sessions_milli, 1000);
  assert_true(c->venue.unknown_counts && c->venue.rate_needs_resident_led);
  assert_true(c->network.snap_cap_m == 200.0);
  assert_int_equal(c->network.min_component_mm, 1000000);
  assert_string_equal(c->walk.profile, "elderly");
  assert_int_equal(c->walk.speed_mm_per_min, 60000);
  assert_int_equal(c->walk.band_count, 3);
  assert_int_equal(c->walk.bands_mm[1], 500000);
  assert_int_equal(c->walk.primary_mm, 500000);
  assert_string_equal(c->walk.basis, "高齢者の徒歩圏 500 m（仮定）");
  assert_int_equal(c->targets.rate, 80000);
  assert_string_equal(c->targets.basis, KY_STANDARD_TARGET_BASIS);
  assert_int_equal(c->targets.typical_milli, 15300);
  assert_int_equal(c->targets.min_reports, 3);
  assert_int_equal(c->targets.primary_mm, 500000);
  assert_int_equal(c->gaps.primary_mm, 500000);
  assert_int_equal(c->gaps.rate, 80000);
  assert_int_equal(c->gaps.attendances_milli, 4000);
  assert_int_equal(c->gaps.min_people_65, 1000);
  assert_int_equal(c->gaps.min_riders_milli, 1000);
  assert_true(c->gaps.link_m == 200.0 && c->gaps.clip_m == 100.0 && c->gaps.dense_per_km2 == 400.0);
  assert_int_equal(c->sites.min_people_65, 20000);
  assert_int_equal(c->sites.primary_mm, 500000);
  assert_int_equal(c->mobility.speed_m_per_min, 400);
  assert_int_equal(c->max_bad_share, 100000);
  assert_int_equal(c->format_count, 5);
  assert_string_equal(c->formats[1], "gpkg");
  snprintf(path, sizeof path, "%s/out", folder);
  assert_string_equal(c->out_dir, path);
  ky_job_free(&r.job);
}

static const ky_setting *find_setting(const ky_config *config, const char *key) {
  for (uint32_t s = 0; s < config->setting_count; s++)
    if (strcmp(config->settings[s].key, key) == 0) return &config->settings[s];
  fail_msg("no setting %s", key);
  return NULL;
}

static void test_settings_say_their_origin(void **state) {
  (void)state;
  reading r;
  read_good(&r, HEAD "walk: {primary_m: 600}\nplacement: {method: centroid}\ntargets: {rate: 0.1}\n");
  const ky_setting *s = find_setting(&r.config, "walk.primary_m");
  assert_string_equal(s->value, "600");
  assert_string_equal(s->origin, "config");
  assert_null(s->source);
  s = find_setting(&r.config, "walk.bands_m");
  assert_string_equal(s->value, "300, 500, 600, 800");
  assert_string_equal(s->origin, "default");
  s = find_setting(&r.config, "walk.basis");
  assert_string_equal(s->value, "根拠の記載なし（設定で 600 m を指定）");
  assert_null(s->source);
  s = find_setting(&r.config, "targets.basis");
  assert_string_equal(s->value, "根拠の記載なし（設定で 10 % を指定）");
  s = find_setting(&r.config, "targets.typical_participants");
  assert_string_equal(s->value, "15.3");
  assert_string_equal(s->source, "national survey 2022");
  assert_string_equal(find_setting(&r.config, "placement.method")->value, "centroid");
  assert_string_equal(find_setting(&r.config, "counting.unknown_counts")->value, "true");
  ky_job_free(&r.job);
}

static void test_everything_given(void **state) {
  (void)state;
  reading r;
  read_good(
      &r,
      "municipality: {name: 出水市, code: 462080, border: {path: /data/b.shp, crs: EPSG:6668}}\n"
      "crs: EPSG:6670\nlang: ja\n"
      "residents:\n"
      "  - path: a.zip/tbl.txt\n    encoding: CP932\n    grid_level_m: 250\n    date: 2020-10-01\n    open: true\n"
      "    columns: {pop_65: 老年人口}\n"
      "  - b.gpkg\n"
      "venues: []\n"
      "zones:\n  path: z.shp\n  layer: z\n  official:\n"
      "    - {zone: 01, pop_65: 100.5, pop_65_m: 40, pop_65_f: 60.5}\n"
      "    - {zone: 02, pop_65: 7}\n"
      "  official_date: 2025-03-31\n  official_source: 住民基本台帳\n"
      "roads: r.osm.pbf\nroads_extent: e.geojson\n"
      "study: {margin_m: 0}\n"
      "walk: {profile: general, bands_m: [250.5, 900], basis: 条例, ferries: true}\n"
      "targets: {rate: 0.081234, basis: 計画, zones: [{zone: 01, rate: 0.12, participants: 30}]}\n"
      "outputs: {dir: /tmp/o, formats: [csv]}\n");
  const ky_config *c = &r.config;
  assert_string_equal(c->code, "462080");
  assert_string_equal(c->read.municipality_code, "462080");
  assert_string_equal(c->read.crs, "EPSG:6670");
  assert_true(c->read.with_ferries);
  assert_int_equal(c->read.source_count, 6);
  assert_string_equal(c->read.sources[0].path, "/data/b.shp");
  assert_int_equal(c->read.sources[1].grid_level_m, 250);
  assert_true(c->read.sources[1].is_open);
  assert_string_equal(c->read.sources[1].date, "2020-10-01");
  assert_int_equal(c->read.sources[1].column_count, 1);
  assert_string_equal(c->read.sources[1].columns[0].column, "老年人口");
  assert_string_equal(c->read.sources[2].name, "residents[1]");
  assert_string_equal(c->read.sources[4].name, "roads");
  assert_int_equal(c->zone_count, 3);
  assert_string_equal(c->zones[0].zone_id, "01");
  assert_int_equal(c->zones[0].people[KY_65], 100500);
  assert_true(c->zones[0].people[KY_75] == KY_NULL && c->zones[0].rate == KY_NULL);
  assert_int_equal(c->zones[2].rate, 120000);
  assert_string_equal(c->zones[2].basis, "根拠の記載なし（設定で 12 % を指定）");
  assert_int_equal(c->zones[2].participants, 30);
  assert_non_null(strstr(c->zones[0].where, "kayoi.yaml:17:7"));
  assert_int_equal(c->walk.speed_mm_per_min, 80000);
  assert_int_equal(c->walk.primary_mm, 800000);
  assert_int_equal(c->walk.band_count, 3);
  assert_int_equal(c->walk.bands_mm[0], 250500);
  assert_int_equal(c->walk.bands_mm[1], 800000);
  assert_int_equal(c->targets.rate, 81234);
  assert_int_equal(c->gaps.rate, 81234);
  assert_string_equal(c->out_dir, "/tmp/o");
  assert_int_equal(c->format_count, 1);
  ky_job_free(&r.job);
}

static void test_numbers_are_strict(void **state) {
  (void)state;
  static const struct {
    const char *value, *part;
  } bad[] = {
      {"5oo", "not a number"},
      {"070", "starts with 0"},
      {"0x1F", "not a number"},
      {"nan", "not a number"},
      {".inf", "not a number"},
      {"1e3", "not a number"},
      {"+5", "not a number"},
      {"5.", "not a number"},
      {".5", "not a number"},
      {"1_000", "not a number"},
      {"'500'", "in quotes"},
      {"500m", "not a number"},
      {"5 00", "not a number"},
      {"５００", "not a number"},
      {"-1", "out of range"},
      {"1.0001", "decimals"},
      {"99999999999999999999", "out of range"},
      {"~", "is empty"},
      {"", "is empty"},
      {"[500]", "a list"},
      {"{a: 5}", "a mapping"},
      {"true", "not a number"},
      {"--5", "not a number"},
      {"1e309", "not a number"},
      {"0.0.1", "not a number"},
      {"2,000", "not a number"},
      {"50000.001", "out of range"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char text[400];
    snprintf(text, sizeof text, HEAD "study:\n  margin_m: %s\n", bad[i].value);
    expect_problem(text, bad[i].value[0] == '\0' ? "7:12" : "7:13", bad[i].part);
  }
  expect_problem(HEAD "targets: {min_reports: 2.5}\n", "6:24", "not a whole number");
  expect_problem(HEAD "targets: {min_reports: 5.0}\n", "6:24", "not a whole number");
  expect_problem(HEAD "targets: {min_reports: 1e1}\n", "6:24", "not a number");
  reading r;
  read_good(&r, HEAD "study: {margin_m: 12.5000}\ntargets: {min_reports: 5}\n");
  assert_true(r.config.place.margin_m == 12.5);
  ky_job_free(&r.job);
}

static void test_shares_are_asked_back(void **state) {
  (void)state;
  expect_problem(HEAD "targets: {rate: 8}\n", "6:17", "8? A share is at most 1; for 8 % write 0.08");
  expect_problem(HEAD "targets: {rate: 8.5}\n", "6:17", "write 0.085");
  expect_problem(HEAD "targets: {rate: 8%}\n", "6:17", "write 0.08");
  expect_problem(HEAD "targets: {rate: 0}\n", "6:17", "out of range");
  expect_problem(HEAD "targets: {rate: 800}\n", "6:17", "out of range");
  expect_problem(HEAD "targets: {rate: 0.0800001}\n", "6:17", "more than 6 decimals");
}

static void test_words_are_strict(void **state) {
  (void)state;
  static const char *const flags[] = {"ture", "yes", "on", "1", "True", "TRUE", "'true'", "[]"};
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    char text[400];
    snprintf(text, sizeof text, HEAD "walk: {ferries: %s}\n", flags[i]);
    expect_problem(text, "6:17", "walk.ferries: ");
  }
  expect_problem(HEAD "walk: {profile: eldery}\n", "6:17", "did you mean 'elderly'?");
  expect_problem(HEAD "lang: fr\n", "6:7", "none of ja|en");
  expect_problem(HEAD "crs:\n", "6:5", "is empty");
  expect_problem(HEAD "crs: \"a\\nb\"\n", "6:6", "line break");
  expect_problem(HEAD "crs: \"a\\0b\"\n", "6:6", "control character");
  expect_problem(HEAD "crs: '  '\n", "6:6", "is empty");
}

static void test_keys(void **state) {
  (void)state;
  expect_problem("residents:\n  - a\n  - b\n  - path: c\n    enconding: CP932\n", "5:5",
                 "residents[2].enconding: unknown key, did you mean 'encoding'?");
  expect_problem(HEAD "wlak: {}\n", "6:1", "wlak: unknown key, did you mean 'walk'?");
  expect_problem(HEAD "zzzzzz: 1\n", "6:1", "unknown key; known here: municipality, crs");
  expect_problem(HEAD "crs: a\ncrs: b\n", "7:1", "given twice");
  expect_problem(HEAD "walk: {profile: short, profile: short}\n", "6:24", "given twice");
  expect_problem(HEAD "walk: 5\n", "6:7", "keys and values");
  expect_problem(HEAD "walk: [a]\n", "6:7", "keys and values");
  expect_problem(HEAD "? [a]\n: b\n", "6:3", "plain word");
  expect_problem("venues: []\nzones: z\nroads: r\nresidents: r\n", "1:1", "municipality is missing");
  expect_problem("municipality: {code: 46208}\n", "1:15", "municipality.name is missing");
  expect_problem("municipality: {name: X}\nvenues: []\nroads: r\nresidents: r\n", "1:1", "municipality.border");
  expect_problem(HEAD "<<: {lang: ja}\n", "6:1", "unknown key");
}

/* A database in place of a file: one place, one table or query, and nothing that only files have. */
static void test_postgis(void **state) {
  (void)state;
  expect_problem(HEAD "roads_extent: {postgis: {service: gis}}\n", "6:25", "either table or query");
  expect_problem(HEAD "roads_extent: {postgis: {table: a, query: select 1}}\n", "6:25", "either table or query");
  expect_problem(HEAD "roads_extent: {postgis: {table: a, tabel: b}}\n", "6:36", "did you mean 'table'");
  expect_problem(HEAD "roads_extent: {path: a, postgis: {table: a}}\n", "6:15", "keep one");
  expect_problem(HEAD "roads_extent: {layer: b, postgis: {table: a}}\n", "6:15", "for files only");
  expect_problem(HEAD "roads_extent: {postgis: {service: a, conninfo: host=b, table: c}}\n", "6:25", "keep one");
  expect_problem(HEAD "roads_extent: {postgis: {conninfo: host=b password=geheim5, table: c}}\n", "6:25",
                 "holds a password");
  expect_problem(HEAD "roads_extent: {postgis: {conninfo: geheim5, table: c}}\n", "6:25", "cannot be read");
  expect_problem(HEAD "elevation: {postgis: {table: dem}}\n", "6:12", "from files only");
}

/* Sources of one place share a connection; the query may have several lines. */
static void test_postgis_places(void **state) {
  (void)state;
  reading r;
  read_good(&r, HEAD
            "roads_extent: {postgis: {service: gis, table: r}}\n"
            "resources:\n  - postgis:\n      service: gis\n      query: |\n        select *\n"
            "        from p -- all\n  - {postgis: {service: other, table: 公開.通いの場, timeout_s: 5}}\n");
  const ky_source *sources[3] = {NULL, NULL, NULL};
  uint32_t n = 0;
  for (uint32_t s = 0; s < r.config.read.source_count; s++)
    if (r.config.read.sources[s].postgis != NULL && n < 3) sources[n++] = &r.config.read.sources[s];
  assert_int_equal(n, 3);
  assert_string_equal(sources[0]->shown, "PostGIS r");
  assert_null(sources[0]->path);
  assert_int_equal(sources[0]->postgis->timeout_s, 600);
  assert_string_equal(sources[1]->postgis->query, "select *\nfrom p -- all\n");
  assert_string_equal(sources[2]->shown, "PostGIS 公開.通いの場");
  assert_int_equal(sources[2]->postgis->timeout_s, 5);
  assert_ptr_equal(sources[0]->postgis->session, sources[1]->postgis->session);
  assert_ptr_not_equal(sources[0]->postgis->session, sources[2]->postgis->session);
  ky_job_free(&r.job);
}

static void test_sources(void **state) {
  (void)state;
  expect_problem(HEAD "roads_extent: [a]\n", "6:15", "a path is needed");
  expect_problem(HEAD "roads_extent: {layer: a}\n", "6:15", "roads_extent.path is missing");
  expect_problem(HEAD "roads_extent: {path: a, lon: x}\n", "6:15", "lat is missing");
  expect_problem(HEAD "roads_extent: {path: a, format: nosuch}\n", "6:33", "unknown format 'nosuch'");
  expect_problem(HEAD "roads_extent: {path: a, grid_level_m: 300}\n", "6:39", "none of 1000|500");
  expect_problem(HEAD "sites: {sources: []}\n", "6:18", "at least one source");
  expect_problem(HEAD "sites: {sources: [{path: a, columns: {nmae: b}}]}\n", "6:39", "did you mean 'name'?");
  expect_problem(HEAD "sites: {sources: [{path: a, columns: [a]}]}\n", "6:38", "pairs are needed");
  expect_problem(HEAD "sites: {sources: [{path: a, columns: {name: b, name: c}}]}\n", "6:48", "given twice");
  expect_problem(HEAD "resources: [{path: a, kind: clinc}]\n", "6:29", "did you mean 'clinic'?");
  expect_problem(HEAD "sites: {sources: [{path: a, kind: clinic}]}\n", "6:19", "for resources only");
  expect_problem(HEAD "workbook: {path: k.xlsx, layer: a}\n", "6:11", "its sheets and columns are fixed");
  expect_problem("municipality: {name: X}\nresidents: r\nroads: r\nzones: z\n", "1:1", "venues is missing");
  reading r;
  read_good(&r, "municipality: {name: X}\nresidents: r\nroads: r\nzones: z\nworkbook: k.xlsx\n");
  assert_int_equal(r.config.read.source_count, 7); /* its four sheets, no venues: */
  ky_job_free(&r.job);
  expect_problem(HEAD "outputs: {formats: [geojson, shpp]}\n", "6:30", "unknown format 'shpp'");
  expect_problem(HEAD "outputs: {formats: []}\n", "6:20", "empty list");
  expect_problem(HEAD "outputs: {formats: [csv, csv]}\n", "6:26", "given twice");
  expect_problem(HEAD "outputs: {formats: csv}\n", "6:20", "a list is needed");
}

static void test_bands(void **state) {
  (void)state;
  expect_problem(HEAD "walk: {bands_m: [500, 300]}\n", "6:23", "increasing order");
  expect_problem(HEAD "walk: {bands_m: [500, 500]}\n", "6:23", "increasing order");
  expect_problem(HEAD "walk: {bands_m: []}\n", "6:17", "empty list");
  expect_problem(HEAD "walk: {bands_m: 500}\n", "6:17", "a list is needed");
  expect_problem(HEAD "walk: {bands_m: [1,2,3,4,5,6,7,8,9]}\n", "6:17", "more than 8 items");
  expect_problem(HEAD "walk: {bands_m: [1,2,3,4,5,6,7,8]}\n", "6:8",
                 "no room for the primary distance of elderly, 500 m");
}

static void test_zones(void **state) {
  (void)state;
#define NO_ZONES "municipality: {name: X}\nresidents: [r]\nvenues: []\nroads: [r]\n"
  expect_problem(NO_ZONES "zones: {path: z, official: [{zone: A, pop_65: 10, pop_65_m: 4, pop_65_f: 5}]}\n", "5:29",
                 "pop_65 is not pop_65_m + pop_65_f");
  expect_problem(NO_ZONES "zones: {path: z, official: [{zone: A, pop_65: 10, pop_75: 11}]}\n", "5:29",
                 "pop_75 is larger");
  expect_problem(NO_ZONES "zones: {path: z, official: [{zone: A}, {zone: A}]}\n", "5:40", "given twice");
  expect_problem(NO_ZONES "zones: {path: z, official: [{pop_65: 10}]}\n", "5:29", "zone is missing");
  expect_problem(NO_ZONES "zones: {path: z, official: [{zone: A, pop65: 10}]}\n", "5:39", "did you mean 'pop_65'?");
  expect_problem(NO_ZONES "zones: {path: z, official_date: 2025}\n", "5:18", "zones.official");
  expect_problem(HEAD "targets: {zones: {zone: A}}\n", "6:18", "a list is needed");
  expect_problem(HEAD "targets: {zones: [{zone: A, rate: 12}]}\n", "6:35", "write 0.12");
  reading r;
  read_good(&r, NO_ZONES "zones: {path: z, official: {path: t.csv}, official_date: 2025-03-31}\n");
  assert_int_equal(r.config.read.source_count, 4);
  bool has_official = false;
  for (uint32_t s = 0; s < r.config.read.source_count; s++) {
    if (r.config.read.sources[s].role != KY_ROLE_OFFICIAL) continue;
    has_official = true;
    assert_string_equal(r.config.read.sources[s].name, "zones.official");
    assert_string_equal(r.config.read.sources[s].date, "2025-03-31");
  }
  assert_true(has_official);
  ky_job_free(&r.job);
}

static void test_codes(void **state) {
  (void)state;
  expect_problem("municipality: {name: X, code: 462081}\n", "1:31",
                 "check digit of '462081' does not fit (46208 has 0)");
  expect_problem("municipality: {name: X, code: 4620}\n", "1:31", "no municipality code");
  expect_problem("municipality: {name: X, code: 48208}\n", "1:31", "no municipality code");
  expect_problem("municipality: {name: X, code: 4620a}\n", "1:31", "no municipality code");
}

static void test_not_yaml(void **state) {
  (void)state;
  expect_problem("", "1:1", "the file is empty");
  expect_problem("# only a comment\n", "1:1", "the file is empty");
  expect_problem("---\n", "2:1", "keys and values");
  expect_problem("- a\n", "1:1", "keys and values");
  expect_problem(HEAD "---\nlang: ja\n", "6:1", "second document");
  expect_problem(HEAD "...\n---\n", "7:1", "second document");
  expect_problem(HEAD "walk: &w {profile: short}\n", "6:7", "anchors");
  expect_problem(HEAD "walk: *w\n", "6:7", "aliases");
  expect_problem(HEAD "crs: !!str x\n", "6:6", "tags");
  expect_problem(HEAD "walk:\n\tprofile: short\n", "7:1", "a tab");
  expect_problem(HEAD "walk: {profile: short\n", "7:1", "not YAML");
  expect_problem(HEAD "a: b: c\n", "6:5", "not YAML");
  expect_bytes_problem("a: b\nc: \x82\xa0\n", 10, "2:4", "not UTF-8");
  expect_bytes_problem("\xff\xfe\0a", 4, "1:1", "not UTF-8");
  expect_bytes_problem("a: \xed\xa0\x80\n", 7, "1:4", "not UTF-8");
  expect_bytes_problem("a\0b: c\n", 7, "1:2", "control character");
  expect_problem("名: [", "2:1", "not YAML");
  expect_problem("名: あ\nb:\n\tc: 1\n", "3:1", "a tab");
}

static void test_bombs_end_early(void **state) {
  (void)state;
  char *deep = malloc(200001);
  assert_non_null(deep);
  memset(deep, '[', 200000);
  deep[200000] = '\0';
  expect_problem(deep, "1:17", "nested deeper than 16 levels");
  free(deep);
  expect_problem("a: &a [x]\nb: &b [*a, *a]\n", "1:4", "anchors");
  char *large = malloc(1100001);
  assert_non_null(large);
  memset(large, '#', 1100000);
  large[1100000] = '\0';
  reading r;
  read_bytes(&r, large, 1100000);
  assert_int_equal(r.err, KY_E_CONFIG);
  assert_non_null(strstr(r.job.message, "larger than 1 MB"));
  ky_job_free(&r.job);
  size_t used = 0;
  while (used < 1000000) used += (size_t)sprintf(large + used, "k%zu: 1\n", used);
  expect_problem(large, "1:1", "... and many more"); /* stops at 64, does not read them all */
  free(large);
}

static void test_problems_in_file_order(void **state) {
  (void)state;
  reading r;
  const char *text = HEAD "walk:\n  ferries: ture\n  snap_cap_m: 5oo\nlnag: ja\n";
  read_bytes(&r, text, strlen(text));
  assert_int_equal(r.err, KY_E_CONFIG);
  const char *first = strstr(r.job.message, ":7:12: "), *second = strstr(r.job.message, ":8:15: "),
             *third = strstr(r.job.message, ":9:1: ");
  assert_true(first != NULL && second != NULL && third != NULL && first < second && second < third);
  ky_job_free(&r.job);
}

static void test_files(void **state) {
  (void)state;
  ky_job job;
  ky_config config;
  ky_job_init(&job, 1);
  assert_int_equal(ky_config_read(&job, "/nonexistent/kayoi.yaml", &config), KY_E_CONFIG);
  assert_non_null(strstr(job.message, "/nonexistent/kayoi.yaml: cannot be opened"));
  ky_job_free(&job);
  ky_job_init(&job, 1);
  assert_int_equal(ky_config_read(&job, folder, &config), KY_E_CONFIG);
  assert_non_null(strstr(job.message, "is a folder"));
  ky_job_free(&job);
}

/* A byte order mark and Windows line ends, as Notepad writes them. */
static void test_windows_text(void **state) {
  (void)state;
  reading r;
  read_good(&r, "\xef\xbb\xbfmunicipality: {name: X}\r\nresidents: [r]\r\nvenues: []\r\nzones: z\r\nroads: [r]\r\n");
  assert_string_equal(r.config.name, "X");
  ky_job_free(&r.job);
  expect_problem("municipality: {name: X}\r\nlnag: ja\r\n", "2:1", "did you mean 'lang'?");
}

static void test_example_is_read_back(void **state) {
  (void)state;
  FILE *file = fopen(file_path, "wb");
  assert_non_null(file);
  ky_config_example(file, NULL);
  assert_int_equal(fclose(file), 0);
  char text[80000];
  file = fopen(file_path, "rb");
  assert_non_null(file);
  size_t length = fread(text, 1, sizeof text - 1, file);
  assert_true(length < sizeof text - 1);
  text[length] = '\0';
  fclose(file);
  reading r;
  read_good(&r, text);
  assert_int_equal(r.config.walk.primary_mm, 500000);
  ky_job_free(&r.job);
  /* with every key taken out of its comment it is still right */
  char *open = malloc(length + 1), *to = open;
  assert_non_null(open);
  bool is_key = false;
  for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    size_t indent = strspn(line, " ");
    const char *rest = line + indent;
    size_t word = rest[0] == '#' ? strspn(rest + 2, "abcdefghijklmnopqrstuvwxyz_0123456789") : 0;
    is_key = word > 0 && rest[2 + word] == ':' && indent + 2 + word < strlen(line)
                 ? true
                 : is_key && strncmp(rest, "#   - ", 6) == 0;
    if (is_key && strstr(rest, "Configuration") == NULL)
      to += sprintf(to, "%.*s%s\n", (int)indent, line, rest + 2);
    else
      to += sprintf(to, "%s\n", line);
  }
  read_good(&r, open);
  for (uint32_t s = 0; s < r.config.setting_count; s++) /* rules of built-in profiles stay their own */
    if (strncmp(r.config.settings[s].key, "walk.profiles.", 14) != 0)
      assert_string_equal(r.config.settings[s].origin, "config");
  free(open);
  ky_job_free(&r.job);
}

#define MEMORY_TEXT                                                                                                \
  HEAD "walk: {primary_min: 6, also: [pp, short], profiles: {pp: {speed_m_per_min: 50, threshold_min: 8, closed: " \
       "[path], bands_min: [3, 4]}}}\ntargets: {zones: [{zone: A, rate: 0.1}]}\n"

static void test_memory_runs_out(void **state) {
  (void)state;
  write_bytes(MEMORY_TEXT, strlen(MEMORY_TEXT));
  for (int is_scratch = 0; is_scratch < 2; is_scratch++) {
    ky_err err = KY_E_RESOURCE;
    for (uint64_t n = 1; n < 400 && err != KY_OK; n++) {
      ky_job job;
      ky_config config;
      ky_job_init(&job, 1);
      *(is_scratch ? &job.scratch.fail_after : &job.keep.fail_after) = n;
      err = ky_config_read(&job, file_path, &config);
      assert_true(err == KY_OK || err == KY_E_RESOURCE);
      ky_job_free(&job);
    }
    assert_int_equal(err, KY_OK);
  }
}

static void test_page_tiles(void **state) {
  (void)state;
  reading r;
  read_good(&r, HEAD "page: {tiles: \"https://t.example.jp:8443/a/{z}/{x}/{y}.png?k=1\", tiles_words: 地形図}\n");
  assert_string_equal(r.config.page_tiles, "https://t.example.jp:8443/a/{z}/{x}/{y}.png?k=1");
  ky_job_free(&r.job);
  static const char *const bad[] = {"ftp://t.example.jp/{z}/{x}/{y}",
                                    "https://t.example.jp/{z}/{x}",
                                    "https:///{z}/{x}/{y}",
                                    "https://a b/{z}/{x}/{y}",
                                    "https://*/{z}/{x}/{y}",
                                    "https://a@b/{z}/{x}/{y}",
                                    "https://t.example.jp; script-src */{z}/{x}/{y}",
                                    "tiles/{z}/{x}/{y}.png"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char text[512];
    snprintf(text, sizeof text, HEAD "page: {tiles: \"%s\"}\n", bad[i]);
    expect_problem(text, "6:8", "page.tiles");
  }
}

static void test_suggestions(void **state) {
  (void)state;
  static const struct {
    const char *word, *known, *best;
  } cases[] = {{"enconding", "encoding", "encoding"},
               {"wlak", "walk", "walk"},
               {"walk", "zones", NULL},
               {"a", "b", NULL},
               {"csb", "csv", "csv"},
               {"", "csv", NULL}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ky_suggestion suggestion = {.word = cases[i].word};
    ky_suggestion_offer(&suggestion, cases[i].known);
    if (cases[i].best == NULL)
      assert_null(suggestion.best);
    else
      assert_string_equal(suggestion.best, cases[i].best);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_defaults),
      cmocka_unit_test(test_settings_say_their_origin),
      cmocka_unit_test(test_everything_given),
      cmocka_unit_test(test_numbers_are_strict),
      cmocka_unit_test(test_shares_are_asked_back),
      cmocka_unit_test(test_words_are_strict),
      cmocka_unit_test(test_keys),
      cmocka_unit_test(test_sources),
      cmocka_unit_test(test_postgis),
      cmocka_unit_test(test_postgis_places),
      cmocka_unit_test(test_bands),
      cmocka_unit_test(test_zones),
      cmocka_unit_test(test_codes),
      cmocka_unit_test(test_not_yaml),
      cmocka_unit_test(test_bombs_end_early),
      cmocka_unit_test(test_problems_in_file_order),
      cmocka_unit_test(test_files),
      cmocka_unit_test(test_windows_text),
      cmocka_unit_test(test_example_is_read_back),
      cmocka_unit_test(test_memory_runs_out),
      cmocka_unit_test(test_page_tiles),
      cmocka_unit_test(test_suggestions),
  };
  return cmocka_run_group_tests_name("config", tests, make_folder, remove_folder);
}
