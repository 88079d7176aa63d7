/* Groups of venues: times of day, operators, sums; expected by hand. */
#include <kayoi/strengths.h>

#include "world.h"

static const ky_strengths_opts opts = {.afternoon_s = 12 * 3600, .evening_s = 17 * 3600};

static void test_day_parts(void **state) {
  (void)state;
  enum { NONE = 0, AM = 1, PM = 2, EVE = 4 };
  static const struct {
    const char *hours;
    unsigned parts;
  } cases[] = {{"13:30-15:00", PM},
               {"9:30-11:00", AM},
               {"11:59-13:00", AM},
               {"12:00-13:00", PM},
               {"16:59〜", PM},
               {"17:00〜", EVE},
               {"平日 10:00-11:30 土曜 13:00-15:00", AM | PM},
               {"平日 10:00-12:00 祝日 18:00-20:00", AM | EVE},
               {"１３：３０～１５：００", PM},
               {"午前10時～11時30分", AM},
               {"午後1時半から3時", PM},
               {"午後７時", EVE},
               {"10～12時", AM},
               {"10-12", NONE},
               {"毎月第2火曜 14時", PM},
               {"2時間程度", NONE},
               {"～15:00", NONE},
               {"午前中", AM},
               {"夕方から", EVE},
               {"第1・3木曜日", NONE},
               {"25:00-26:00", NONE},
               {"10:75", NONE},
               {"pm1:30-3:00", PM},
               {"10時30分13時", AM | PM},
               {"", NONE},
               {NULL, NONE}};
  ky_job job;
  ky_job_init(&job, 1);
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
    if (ky_day_parts(&job.scratch, cases[c].hours, &opts) != cases[c].parts)
      fail_msg("'%s': %u", cases[c].hours, ky_day_parts(&job.scratch, cases[c].hours, &opts));
  ky_job_free(&job);
}

static const char *class_of(const ky_classes *classes, uint32_t venue) {
  const char *found = NULL;
  for (uint32_t c = 0; c < classes->count; c++) {
    if (classes->of[c].use[venue] == 0) continue;
    assert_null(found); /* exactly one */
    found = classes->of[c].name;
  }
  return found;
}

static void test_operators(void **state) {
  (void)state;
  static const struct {
    const char *operator, * class;
  } cases[] = {{"社会福祉法人通井町社会福祉協議会", "welfare_council"},
               {"ＮＰＯ法人かよいあい", "npo"},
               {"本町老人クラブ連合会", "elders_club"},
               {"本町 町内会", "neighbourhood"},
               {"有志", "volunteers"},
               {"通井町", "municipality"},
               {"通井町 高齢福祉課", "municipality"},
               {"㈱ケアサポート", "company"},
               {"通井町地域包括支援センター", "support_centre"},
               {"医療法人 青空会", "care_provider"},
               {"田中", "other"},
               {NULL, "unknown"},
               {"　", "unknown"}};
  enum { COUNT = sizeof cases / sizeof *cases };
  world w = {0};
  ky_classes classes = {0};
  ky_anchors anchors = {.count = COUNT};
  ky_job_init(&w.job, 1);
  world_venues(&w, COUNT);
  WORLD_NEW(&w, w.venues.text[KY_VENUE_OPERATOR], COUNT);
  for (uint32_t v = 0; v < COUNT; v++) w.venues.text[KY_VENUE_OPERATOR][v] = cases[v].operator;
  assert_int_equal(ky_classes_by_operator(&w.job, &w.venues, &anchors, "通井町", &classes), KY_OK);
  for (uint32_t v = 0; v < COUNT; v++) assert_string_equal(class_of(&classes, v), cases[v].class);
  ky_job_free(&w.job);
}

/* Two zones and a venue without a place: sums, what is known of them, and the municipality as zones + outside_zones. */
static void test_sums(void **state) {
  (void)state;
  world w = {0};
  ky_strengths s = {0};
  ky_anchors anchors = {.count = 5};
  ky_job_init(&w.job, 1);
  w.zones.count = 2;
  world_venues(&w, 5);
  WORLD_NEW(&w, w.venues.is_resident_led, 5);
  const uint32_t rows[] = {0, 0, 1, KY_ROW_OUTSIDE_ZONES(&w.zones), KY_NONE};
  const int64_t men[] = {2, KY_NULL, 3, 1, KY_NULL}, all[] = {10, 20, 9, KY_NULL, 5};
  const int64_t before[] = {12, 15, KY_NULL, 4, KY_NULL}, sessions[] = {4000, 3999, KY_NULL, 8000, 1000};
  const int8_t led[] = {1, 0, -1, 1, 1};
  for (uint32_t v = 0; v < 5; v++) {
    w.venues.row[v] = rows[v];
    w.venues.participants_m[v] = men[v];
    w.venues.participants[v] = all[v];
    w.venues.participants_before[v] = before[v];
    w.venues.sessions_milli[v] = sessions[v];
    w.venues.is_resident_led[v] = led[v];
  }
  w.venues.supporters[2] = 3;
  assert_int_equal(ky_classes_all(&w.job, &w.venues, &anchors, &s.groups), KY_OK);
  assert_int_equal(ky_strengths_build(&w.job, &w.zones, &w.venues, 4000, &s), KY_OK);
  const ky_venue_sum *zone = &s.sum[0], *town = &s.sum[KY_ROW_MUNICIPALITY(&w.zones)];
  assert_int_equal(zone->venues, 2);
  assert_int_equal(zone->weekly, 1);
  assert_int_equal(zone->resident_led, 1);
  assert_int_equal(zone->resident_led_known, 2);
  assert_int_equal(zone->participants, 30);
  assert_int_equal(zone->men, 2);
  assert_int_equal(zone->men_of, 10); /* only of the venue that says how many are men */
  assert_int_equal(zone->before, 27);
  assert_int_equal(zone->change, 3);
  assert_int_equal(ky_venue_sum_of(zone, zone->supporters_known, zone->supporters), KY_NULL);
  assert_int_equal(town->venues, 4); /* the one without a place is in no zone */
  assert_int_equal(town->weekly, 2);
  assert_int_equal(town->men, 6);
  assert_int_equal(town->men_of, 19);
  assert_int_equal(town->supporters, 3);
  assert_int_equal(town->resident_led_known, 3);
  assert_int_equal(s.sum[KY_ROW_COUNT(&w.zones)].venues, 1);
  assert_int_equal(s.sum[KY_ROW_OUTSIDE(&w.zones)].venues, 0);
  ky_job_free(&w.job);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_day_parts), cmocka_unit_test(test_operators),
                                     cmocka_unit_test(test_sums)};
  return cmocka_run_group_tests_name("strengths", tests, NULL, NULL);
}
