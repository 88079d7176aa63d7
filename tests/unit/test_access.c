/* Classes of venues and resources, and resources that no walk leads to; expected by hand. */
#include <math.h>

#include "town.h"

#define VENUES 60

static void make_venues(ky_job *job, uint32_t count, ky_venues *out, ky_anchors *anchors) {
  memset(out, 0, sizeof *out);
  out->count = count;
  out->counts = ky_arena_alloc(&job->keep, count, 1);
  out->sessions_milli = ky_arena_alloc(&job->keep, count, sizeof *out->sessions_milli);
  out->text[KY_VENUE_ACTIVITY] = ky_arena_alloc(&job->keep, count, sizeof(char *));
  memset(out->counts, 1, count);
  *anchors = town_anchors(job, count);
}

static const ky_class *class_named(const ky_classes *classes, const char *name) {
  for (uint32_t c = 0; c < classes->count; c++)
    if (strcmp(classes->of[c].name, name) == 0) return &classes->of[c];
  fail_msg("no class %s", name);
  return NULL;
}

static void test_frequency(void **state) {
  (void)state;
  static const int64_t sessions[] = {4000, 3999, 2000, 1999, 1000, 999, KY_NULL, 8000, 4000};
  static const char *const expected[] = {"weekly",  "fortnightly", "fortnightly", "monthly",
                                         "monthly", "rarer",       "unknown",     "weekly"};
  const ky_access_opts opts = {.weekly_milli = 4000, .fortnightly_milli = 2000};
  ky_job job;
  ky_venues venues;
  ky_anchors anchors;
  ky_classes classes = {0};
  ky_job_init(&job, 1);
  make_venues(&job, 9, &venues, &anchors);
  memcpy(venues.sessions_milli, sessions, sizeof sessions);
  venues.counts[8] = 0; /* it does not count, so it is in no class */
  assert_int_equal(ky_classes_by_frequency(&job, &venues, &anchors, &opts, &classes), KY_OK);
  assert_int_equal(classes.count, 5);
  uint32_t members = 0;
  for (uint32_t c = 0; c < classes.count; c++) members += classes.of[c].count;
  assert_int_equal(members, 8);
  for (uint32_t v = 0; v < 8; v++) assert_int_equal(class_named(&classes, expected[v])->use[v], 1);
  ky_job_free(&job);
}

static void test_activities(void **state) {
  (void)state;
  static const char *const activities[] = {"体操",      "体　操・趣味",  NULL, " ﾀｲｿｳ ;;体操", "、",
                                           "趣味/趣味", "Yoga, ＹＯＧＡ"};
  ky_job job;
  ky_venues venues;
  ky_anchors anchors;
  ky_classes classes = {0};
  ky_job_init(&job, 1);
  make_venues(&job, 7, &venues, &anchors);
  memcpy(venues.text[KY_VENUE_ACTIVITY], activities, sizeof activities);
  assert_int_equal(ky_classes_by_activity(&job, &venues, &anchors, &classes), KY_OK);
  const ky_class *exercise = class_named(&classes, "体操"), *hobby = class_named(&classes, "趣味");
  assert_int_equal(exercise->count, 3);
  assert_true(exercise->use[0] && exercise->use[1] && exercise->use[3] && !exercise->use[5]);
  assert_int_equal(hobby->count, 2);
  assert_int_equal(class_named(&classes, "ﾀｲｿｳ")->count, 1); /* kana is another word */
  assert_string_equal(classes.of[0].name, "体操");           /* most venues first */
  assert_int_equal(job.issues.count, 0);
  ky_job_free(&job);
}

/* More activities than classes: those of fewest venues are reported. */
static void test_too_many_activities(void **state) {
  (void)state;
  ky_job job;
  ky_venues venues;
  ky_anchors anchors;
  ky_classes classes = {0};
  ky_job_init(&job, 1);
  make_venues(&job, VENUES, &venues, &anchors);
  for (uint32_t v = 0; v < VENUES; v++)
    venues.text[KY_VENUE_ACTIVITY][v] = v >= 55 ? "many" : ky_format(&job.keep, "a%02u", v);
  assert_int_equal(ky_classes_by_activity(&job, &venues, &anchors, &classes), KY_OK);
  assert_int_equal(classes.count, KY_ACTIVITY_CLASSES_MAX);
  assert_string_equal(classes.of[0].name, "many");
  assert_string_equal(classes.of[39].name, "a38");
  assert_int_equal(job.issues.count, 1);
  assert_string_equal(job.issues.rows[0].reason, "activities_without_class");
  assert_string_equal(job.issues.rows[0].record, "a39");
  assert_non_null(strstr(job.issues.rows[0].message, "16 of 56"));
  ky_job_free(&job);
}

/* One street; resources beside it, far from it, at the middle of a town, nowhere. */
static void test_resources(void **state) {
  (void)state;
  static const char *kinds[] = {"shop", "shop", "shop", "clinic", "学校"};
  static const char *found[] = {"given", "given", "town", "none", "given"}, *lists[] = {"a", "a", "b", "b", "b"};
  static const char *ids[] = {"1", "2", "3", "4", "5"};
  double x[] = {10, 10, 20, NAN, 30}, y[] = {5, 900, 5, NAN, 5};
  const ky_network_opts opts = {.snap_cap_m = 200, .min_component_mm = 0};
  ky_resources resources = {.count = 5, .id = ids, .x_m = x, .y_m = y, .coord_source = found, .source = lists};
  ky_resource_walks walks;
  ky_classes classes = {0};
  ky_ways ways;
  ky_network network;
  ky_job job;
  static town_lines lines;
  resources.text[KY_RESOURCE_KIND] = kinds;
  ky_job_init(&job, 1);
  lines.count = lines.vertex_count = 0;
  town_line(&lines, 2, (const double[][2]){{0, 0}, {100, 0}});
  town_ways(&job, &lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&job, &ways, &network), KY_OK);
  assert_int_equal(ky_access_resources(&job, &resources, &network, &opts, &walks), KY_OK);
  assert_null(walks.reason[0]);
  assert_int_equal(walks.anchors.access_mm[0], 5000);
  assert_string_equal(walks.reason[1], "no_street_near");
  assert_string_equal(walks.reason[2], "town_position");
  assert_string_equal(walks.reason[3], "no_place");
  assert_int_equal(job.issues.count, 2); /* a place that is missing is said when the list is read */
  assert_string_equal(job.issues.rows[0].record, "2");
  assert_string_equal(job.issues.rows[1].record, "3");
  assert_int_equal(ky_classes_of_resources(&job, &resources, &walks, &classes), KY_OK);
  assert_int_equal(classes.count, 1); /* no clinic can be walked to; a word of no code is no class */
  assert_string_equal(classes.of[0].name, "shop");
  assert_int_equal(classes.of[0].count, 1);
  assert_int_equal(classes.of[0].use[0], 1);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_frequency),
      cmocka_unit_test(test_activities),
      cmocka_unit_test(test_too_many_activities),
      cmocka_unit_test(test_resources),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
