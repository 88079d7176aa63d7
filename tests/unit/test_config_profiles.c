/* Profiles of the configuration: built in and own ones, metres and minutes, and what every wrong one is told. */
#include "config_text.h"

static const ky_setting *setting(const ky_config *config, const char *key) {
  for (uint32_t i = 0; i < config->setting_count; i++)
    if (strcmp(config->settings[i].key, key) == 0) return &config->settings[i];
  return NULL;
}

static void expect_setting(const ky_config *config, const char *key, const char *value, const char *origin) {
  const ky_setting *found = setting(config, key);
  if (found == NULL) print_error("no setting %s\n", key);
  assert_non_null(found);
  assert_string_equal(found->value, value);
  assert_string_equal(found->origin, origin);
}

static void expect_bands(const ky_walk_opts *walk, uint32_t count, const uint32_t *mm) {
  assert_int_equal(walk->band_count, count);
  for (uint32_t b = 0; b < count; b++) assert_int_equal(walk->bands_mm[b], mm[b]);
}

static void test_built_in(void **state) {
  (void)state;
  reading r;
  const ky_config *c = read_good(&r, HEAD "walk: {profile: short, also: [general, elderly]}\n");
  assert_string_equal(c->walk.profile, "short");
  assert_int_equal(c->walk.primary_mm, 300000);
  assert_int_equal(c->walk.speed_mm_per_min, 60000);
  assert_int_equal(c->walk.stairs_milli, KY_STAIRS_AS_FLAT);
  assert_int_equal(c->walk.closed_bits, 0);
  expect_bands(&c->walk, 3, (const uint32_t[]){300000, 500000, 800000});
  assert_int_equal(c->further_count, 2);
  assert_string_equal(c->further[0].profile, "general");
  assert_int_equal(c->further[0].speed_mm_per_min, 80000);
  assert_int_equal(c->further[0].primary_mm, 800000);
  assert_string_equal(c->further[1].basis, "高齢者の徒歩圏 500 m（仮定）");
  expect_setting(c, "walk.also", "general, elderly", "config");
  expect_setting(c, "walk.profiles.general.speed_m_per_min", "80", "default");
  assert_string_equal(setting(c, "walk.profiles.general.stairs")->source, "assumption");
  expect_setting(c, "walk.profiles.short.threshold_min", "5", "default");
  ky_job_free(&r.job);
}

static void test_minutes(void **state) {
  (void)state;
  reading r;
  /* 15 min x 60 m/min; the bands of walk at the speed of each profile; 8.333 min x 60 = 499.98 m */
  const ky_config *c = read_good(&r, HEAD "walk: {primary_min: 15, bands_min: [5, 8.333], also: [general]}\n");
  assert_int_equal(c->walk.primary_mm, 900000);
  expect_bands(&c->walk, 3, (const uint32_t[]){300000, 499980, 900000});
  assert_string_equal(c->walk.basis, "根拠の記載なし（設定で 15 分・900 m を指定）");
  expect_bands(&c->further[0], 3, (const uint32_t[]){400000, 666640, 800000});
  assert_string_equal(c->further[0].basis, "一般の徒歩圏 800 m（仮定）");
  expect_setting(c, "walk.primary_m", "900", "config");
  expect_setting(c, "walk.primary_min", "15", "config");
  expect_setting(c, "walk.bands_m", "300, 499.98, 900", "config");
  ky_job_free(&r.job);
  /* 66.667 m/min x 8.333 min = 555.536111 m: the part of a millimetre is left away */
  c = read_good(&r, HEAD "walk: {profile: mine, profiles: {mine: {speed_m_per_min: 66.667, threshold_min: 8.333}}}\n");
  assert_int_equal(c->walk.primary_mm, 555536);
  assert_null(setting(c, "walk.primary_min"));
  expect_setting(c, "walk.primary_m", "555.536", "config");
  expect_setting(c, "walk.profiles.mine.threshold_min", "8.333", "config");
  ky_job_free(&r.job);
}

static void test_own(void **state) {
  (void)state;
  reading r;
  const ky_config *c = read_good(
      &r, HEAD
      "elevation: [d.tif]\n"
      "walk:\n  slope: tobler\n  also: [cart, elderly]\n  profile: slow\n  profiles:\n"
      "    slow: {speed_m_per_min: 45.5, slope: none, stairs: 2.5, closed: [track, trunk], threshold_m: 400,\n"
      "           bands_m: [200, 400], basis: 調査}\n"
      "    cart: {speed_m_per_min: 50, stairs: avoided, closed: [steps, path], threshold_min: 10}\n"
      "    spare: {speed_m_per_min: 50, stairs: allowed, threshold_min: 10}\n");
  assert_int_equal(c->walk.speed_mm_per_min, 45500);
  assert_false(c->walk.with_slope);
  assert_int_equal(c->walk.stairs_milli, 2500);
  assert_int_equal(c->walk.closed_bits, 1u << KY_STREET_TRACK | 1u << KY_STREET_TRUNK);
  expect_bands(&c->walk, 2, (const uint32_t[]){200000, 400000});
  assert_string_equal(c->walk.basis, "調査");
  assert_true(c->further[0].with_slope);
  assert_int_equal(c->further[0].closed_bits, 1u << KY_STREET_STEPS | 1u << KY_STREET_PATH);
  assert_int_equal(c->further[0].stairs_milli, KY_STAIRS_AS_FLAT);
  assert_int_equal(c->further[0].primary_mm, 500000);
  assert_true(c->further[1].with_slope);
  assert_string_equal(c->unused_profile, "spare");
  assert_int_equal(c->gaps.primary_mm, 400000);
  expect_setting(c, "walk.profiles.slow.closed", "trunk, track", "config");
  expect_setting(c, "walk.profiles.cart.stairs", "avoided", "config");
  expect_setting(c, "walk.profiles.cart.slope", "tobler", "config");
  expect_setting(c, "walk.profiles.elderly.closed", "none", "default");
  ky_job_free(&r.job);
}

#define OWN(rules) HEAD "walk: {profile: p1, profiles: {p1: {" rules "}}}\n"

static void test_wrong(void **state) {
  (void)state;
  expect_problem(OWN("speed_m_per_min: -60, threshold_m: 500"), "6:54", "must be 10 to 200");
  expect_problem(OWN("speed_m_per_min: 0, threshold_m: 500"), "6:54", "must be 10 to 200");
  expect_problem(OWN("speed_m_per_min: 6000, threshold_m: 500"), "6:54", "must be 10 to 200");
  expect_problem(OWN("speed_m_per_min: .nan, threshold_m: 500"), "6:54", "walk.profiles.p1.speed_m_per_min");
  expect_problem(OWN("threshold_m: 500"), "6:36", "speed_m_per_min is missing");
  expect_problem(OWN("speed_m_per_min: 60"), "6:36", "how far is near?");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 500, threshold_min: 8"), "6:76", "delete one");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 5, bands_m: [3], bands_min: [1]"), "6:88", "delete one");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 5, bands_min: [9, 9]"), "6:89", "increasing order");
  expect_problem(OWN("speed_m_per_min: 60, threshold_min: 500"), "6:58", "at 60 m/min are 30000 m");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 5, stairs: 0.9"), "6:82", "must be 1 to 100");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 5, stairs: never"), "6:82", "allowed|avoided");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 5, stairs: 2, closed: [steps]"), "6:74", "delete one");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 5, closed: [stepps]"), "6:83", "did you mean 'steps'?");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 5, closed: [path, path]"), "6:89", "given twice");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 5, closed: path"), "6:82", "a list is needed");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 5, slope: steep"), "6:81", "none of tobler|none");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 5, slope: tobler"), "6:74", "needs heights");
  expect_problem(OWN("speed_m_per_min: 60, threshold_m: 5, speed: 3"), "6:74", "unknown key");
}

static void test_wrong_names(void **state) {
  (void)state;
  static const char *const names[] = {"m", "Slow", "slow-", "2fast", "a_", "\"\"", "very_long_names_are_no_good"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char text[400];
    snprintf(text, sizeof text, HEAD "walk: {profiles: {%s: {speed_m_per_min: 60, threshold_m: 5}}}\n", names[i]);
    expect_problem(text, "6:19", "walk.profiles: ");
  }
  expect_problem(HEAD "walk: {profiles: {elderly: {speed_m_per_min: 60, threshold_m: 5}}}\n", "6:19", "is built in");
  expect_problem(HEAD
                 "walk:\n  profiles:\n    aa: {speed_m_per_min: 60, threshold_m: 5}\n"
                 "    aa: {speed_m_per_min: 60, threshold_m: 5}\n",
                 "9:5", "walk.profiles.aa: given twice");
  expect_problem(HEAD "walk: {profiles: [slow]}\n", "6:18", "names with their keys");
  expect_problem(HEAD "walk: {also: [general, genral]}\n", "6:24", "did you mean 'general'?");
  expect_problem(HEAD "walk: {also: [general, general]}\n", "6:24", "given twice");
  expect_problem(HEAD "walk: {also: [elderly]}\n", "6:15", "given twice");
  expect_problem(HEAD "walk: {also: general}\n", "6:14", "a list is needed");
  expect_problem(HEAD "walk: {also: [aa, bb, cc, dd, ee, ff, gg, hh]}\n", "6:14", "more than 7 items");
}

static void test_wrong_together(void **state) {
  (void)state;
  expect_problem(HEAD "walk: {primary_m: 500, primary_min: 8}\n", "6:24", "delete one");
  expect_problem(HEAD "walk: {bands_m: [300], bands_min: [8]}\n", "6:24", "delete one");
  expect_problem(HEAD "walk: {primary_min: 400}\n", "6:8", "24000 m");
  expect_problem(HEAD "walk: {bands_min: [15, 10]}\n", "6:24", "increasing order");
  expect_problem(HEAD "walk: {slope: tobler}\n", "6:8", "needs heights");
  expect_problem(HEAD
                 "walk: {slope: tobler, profile: pp, also: [general], profiles: {pp: {speed_m_per_min: 60, "
                 "threshold_m: 5, slope: none}}}\n",
                 "6:8", "needs heights");
  expect_problem(HEAD "walk: {primary_m: 5, profile: pp, profiles: {pp: {speed_m_per_min: 60, threshold_m: 5}}}\n",
                 "6:72", "both say how far");
  expect_problem(HEAD
                 "walk: {basis: a, profile: pp, profiles: {pp: {speed_m_per_min: 60, threshold_m: 5, basis: b}}}\n",
                 "6:84", "both say why");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_built_in),    cmocka_unit_test(test_minutes),
                                     cmocka_unit_test(test_own),         cmocka_unit_test(test_wrong),
                                     cmocka_unit_test(test_wrong_names), cmocka_unit_test(test_wrong_together)};
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
