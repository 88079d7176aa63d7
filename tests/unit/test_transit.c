/* Transit beside timetables: dates, times, headways, stop layers of every vintage, the section of the config. */
#include "config.h"
#include "core/departures.h"
#include "core/service_days.h"
#include "feed.h"

static void test_days(void **state) {
  (void)state;
  char text[16];
  assert_int_equal(day(1980, 1, 1), 3652);
  assert_int_equal(day(2000, 3, 1), 11017);
  assert_int_equal(day(2026, 2, 29), KY_NO_DAY);
  assert_int_equal(day(2026, 13, 1), KY_NO_DAY);
  assert_int_equal(ky_day_weekday(day(2026, 5, 13)), 2);
  int32_t previous = day(1980, 1, 1) - 1;
  for (int y = 1980; y <= 2200; y++)
    for (int m = 1; m <= 12; m++)
      for (int d = 1; d <= 31; d++) {
        char want[24];
        const int32_t number = day(y, m, d);
        if (number == KY_NO_DAY) continue;
        assert_int_equal(number, ++previous);
        snprintf(want, sizeof want, "%04d-%02d-%02d", y, m, d);
        assert_string_equal(ky_day_text(text, number), want);
      }
  assert_string_equal(ky_day_text(text, KY_NO_DAY), "-");
}

static void test_times(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int32_t seconds;
  } cases[] = {{"8:05:00", 29100},       {"08:05:00", 29100},        {"25:10:00", 90600},
               {"0:00:00", 0},           {"8:5:00", 29100},          {"", KY_NO_TIME},
               {"8:60:00", KY_NO_TIME},  {"8:05", KY_NO_TIME},       {"-1:00:00", KY_NO_TIME},
               {"8:05:00x", KY_NO_TIME}, {"9999:00:00", KY_NO_TIME}, {"8:05:000", KY_NO_TIME}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(ky_time_of(cases[i].text, strlen(cases[i].text)), cases[i].seconds);
}

/* Against counting one by one. */
static void test_headways(void **state) {
  (void)state;
  uint64_t seed = 4711;
  for (int n = 0; n < 20000; n++) {
    const ky_headway h = {(int32_t)(town_random(&seed) % 500), (int32_t)(town_random(&seed) % 500),
                          1 + (int32_t)(town_random(&seed) % 90)};
    const int32_t offset = (int32_t)(town_random(&seed) % 400) - 100;
    const uint32_t from = (uint32_t)(town_random(&seed) % 400), to = from + (uint32_t)(town_random(&seed) % 300);
    int64_t all = 0, in_hours = 0, got_all, got_in_hours;
    for (int64_t t = h.start_s; t < h.end_s; t += h.headway_s, all++)
      in_hours += t + offset >= from && t + offset <= to;
    ky_headway_count(&h, offset, from, to, &got_all, &got_in_hours);
    assert_int_equal(got_all, all);
    assert_int_equal(got_in_hours, in_hours);
  }
}

static const char *write_layer(const char *name, const char *properties, const char *geometry) {
  static char path[160];
  snprintf(path, sizeof path, "%.60s/%.60s.geojson", folder, name);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  fprintf(file,
          "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{%s},\"geometry\":%s}]}",
          properties, geometry);
  assert_int_equal(fclose(file), 0);
  return path;
}

static void read_layer(reading *r, const char *name, const char *properties, const char *geometry) {
  begin(r);
  add(r, KY_ROLE_STOPS, write_layer(name, properties, geometry));
  finish(r);
  if (r->err != KY_OK) print_error("%s\n", r->job.message);
  assert_int_equal(r->err, KY_OK);
  assert_int_equal(r->stops.count, 1);
  assert_true(r->stops.trips_weekday[0] == KY_NULL);
}

#define POINT "{\"type\":\"Point\",\"coordinates\":[130.7,32.8]}"

static void test_layers(void **state) {
  (void)state;
  reading r;
  read_layer(&r, "new",
             "\"P11_001\":\"駅前\",\"P11_002\":\"市営\",\"P11_003_01\":\"1系統\",\"P11_003_02\":\"2系統\",\"P11_003_"
             "10\":\"3系統\","
             "\"P11_004_01\":\"4\",\"P11_004_02\":\"4\",\"P11_004_10\":\"4\"",
             POINT);
  assert_non_null(strstr(r.inputs.stops[0].format, "KSJ P11 2022"));
  assert_string_equal(r.stops.name[0], "駅前");
  assert_string_equal(r.stops.operator_name[0], "市営");
  assert_string_equal(r.stops.routes[0], "1系統; 2系統; 3系統");
  assert_string_equal(r.stops.kind[0], "demand_bus");
  assert_int_equal(r.stops.is_demand_bus[0], 1);
  ky_job_free(&r.job);
  read_layer(&r, "old",
             "\"P11_001\":\"駅前\",\"P11_002\":\"3\",\"P11_003_1\":\"市\",\"P11_003_2\":\"町\",\"P11_003_10\":\"村\","
             "\"P11_004_1\":\"循環\",\"P11_004_10\":\"山線\"",
             POINT);
  assert_non_null(strstr(r.inputs.stops[0].format, "before 2022"));
  assert_string_equal(r.stops.operator_name[0], "市; 村; 町");
  assert_string_equal(r.stops.routes[0], "山線; 循環");
  assert_string_equal(r.stops.kind[0], "community_bus");
  assert_int_equal(r.stops.is_demand_bus[0], 0);
  ky_job_free(&r.job);
  read_layer(&r, "rail", "\"N02_003\":\"本線\",\"N02_004\":\"鉄道\",\"N02_005\":\"中央\"",
             "{\"type\":\"LineString\",\"coordinates\":[[130.699,32.8],[130.7,32.8],[130.701,32.8]]}");
  assert_string_equal(r.stops.kind[0], "rail");
  assert_string_equal(r.stops.routes[0], "本線");
  assert_int_equal(r.stops.shapes.vertex_count, 1);
  ky_job_free(&r.job);
  read_layer(&r, "own", "\"バス停名\":\"駅前\",\"種別\":\"宇宙船\"", POINT);
  assert_string_equal(r.stops.kind[0], "other");
  assert_int_equal(issues_of(&r, "unknown_kind"), 1);
  ky_job_free(&r.job);
}

static ky_err read_config(ky_job *job, const char *transit, ky_config *config) {
  char path[160];
  snprintf(path, sizeof path, "%.60s/kayoi.yaml", folder);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  fprintf(file, "municipality: {name: X}\nresidents: [r.txt]\nvenues: []\nzones: z.geojson\nroads: [r.osm]\n%s",
          transit);
  assert_int_equal(fclose(file), 0);
  ky_job_init(job, 1);
  return ky_config_read(job, path, config);
}

static bool has_setting(const ky_config *config, const char *key, const char *value) {
  for (uint32_t s = 0; s < config->setting_count; s++)
    if (strcmp(config->settings[s].key, key) == 0 && (value == NULL || strcmp(config->settings[s].value, value) == 0))
      return true;
  return false;
}

static void test_config(void **state) {
  (void)state;
  static const char *const wrong[][2] = {
      {"weekday: 2026-05-16", "Saturday"},     {"weekday: 2026-02-30", "no date"},
      {"weekday: 13.5.2026", "no date"},       {"hours: [9:00]", "list"},
      {"hours: [16:00, 9:00]", "ends before"}, {"hours: [9:00, 24:01]", "time of day"},
      {"hours: [nine, 16:00]", "time of day"}, {"group_m: -1", "group_m"}};
  ky_job job;
  ky_config config;
  assert_int_equal(read_config(&job, "", &config), KY_OK);
  assert_false(has_setting(&config, "transit.hours", NULL)); /* without sources it defines nothing */
  ky_job_free(&job);
  assert_int_equal(read_config(&job, "transit: {feeds: a.zip, weekday: 2026-05-13, hours: [9:30, 24:00]}\n", &config),
                   KY_OK);
  assert_int_equal(config.read.transit.weekday, day(2026, 5, 13));
  assert_int_equal(config.read.transit.from_s, 34200);
  assert_int_equal(config.read.transit.to_s, 86400);
  assert_true(config.read.transit.group_m == 200);
  assert_true(has_setting(&config, "transit.hours", "9:30, 24:00"));
  assert_true(has_setting(&config, "transit.weekday", "2026-05-13"));
  ky_job_free(&job);
  for (size_t w = 0; w < sizeof wrong / sizeof *wrong; w++) {
    char text[120];
    snprintf(text, sizeof text, "transit:\n  feeds: [a.zip]\n  %s\n", wrong[w][0]);
    assert_int_equal(read_config(&job, text, &config), KY_E_CONFIG);
    if (strstr(job.message, wrong[w][1]) == NULL) fail_msg("%s: %s", wrong[w][0], job.message);
    ky_job_free(&job);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_days),   cmocka_unit_test(test_times),  cmocka_unit_test(test_headways),
      cmocka_unit_test(test_layers), cmocka_unit_test(test_config),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
