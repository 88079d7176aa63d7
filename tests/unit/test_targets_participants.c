/* Who takes part: what venues report, how complete that is, and where those people live. */
#include "core/participants_of.h"
#include "targets_world.h"

/* For any numbers of venues: men and women moved to where people live are never more than all who are, and nobody is
 * lost. */
static void test_allocated_sexes_fit(void **state) {
  (void)state;
  uint64_t seed = 20261123;
  for (int trial = 0; trial < 200; trial++) {
    const uint32_t zones = 1 + (uint32_t)(town_random(&seed) % 5), venues = 1 + (uint32_t)(town_random(&seed) % 8);
    uint32_t people[5][2] = {{0}};
    int64_t all = 0, men = 0, women = 0;
    world w;
    setup(&w, zones, (const uint32_t(*)[2])people, venues);
    world_ledger(&w);
    for (uint32_t v = 0; v < venues; v++) {
      w.venues.row[v] = (uint32_t)(town_random(&seed) % zones);
      const int64_t m = (int64_t)(town_random(&seed) % 20), f = (int64_t)(town_random(&seed) % 40);
      w.venues.participants[v] = m + f + (int64_t)(town_random(&seed) % 3);
      w.venues.participants_m[v] = m;
      w.venues.participants_f[v] = f;
      all += w.venues.participants[v];
      men += m;
      women += f;
      for (uint32_t z = 0; z < zones; z++) world_range(&w, v, z, (int64_t)(town_random(&seed) % 4) * 1234);
    }
    const ky_targets t = build(&w);
    const uint32_t whole = KY_ROW_MUNICIPALITY(&w.zones);
    assert_int_equal(t.participants_allocated[whole], all);
    assert_int_equal(t.participants_allocated_m[whole], men);
    assert_int_equal(t.participants_allocated_f[whole], women);
    for (uint32_t z = 0; z < zones; z++)
      assert_true(t.participants_allocated_m[z] + t.participants_allocated_f[z] <= t.participants_allocated[z]);
    ky_job_free(&w.job);
  }
}

/* Three of ten venues report 12, 15, 20: P is at least 47, the shortfall unknown, seven more may have 15 each. */
static void test_few_report(void **state) {
  (void)state;
  world w;
  setup(&w, 2, (const uint32_t[][2]){{2000, 0}, {1000, 0}}, 11);
  for (int v = 0; v < 3; v++) w.venues.participants[v] = (int64_t[]){12, 20, 15}[v];
  w.venues.row[10] = 1; /* z1 has one venue, and it does not report */
  ky_targets t = build(&w);
  const uint32_t all = KY_ROW_MUNICIPALITY(&w.zones);
  assert_int_equal(t.participants[0], 47);
  assert_int_equal(t.report_share[0], 300000);
  assert_int_equal(t.is_at_least[0], 1);
  assert_true(t.shortfall[0] == KY_NULL && t.net_shortfall[0] == KY_NULL);
  assert_int_equal(t.imputed_low[0], 47);
  assert_int_equal(t.imputed_high[0], 47 + 7 * 15);
  assert_true(t.places_by_participants[0] == KY_NULL);
  assert_int_equal(t.attainment[0], 47 * KY_WHOLE / 160 + 0);
  assert_int_equal(t.participation_rate[0], 23500);
  assert_true(t.participants[1] == KY_NULL);
  assert_int_equal(t.is_at_least[1], -1);
  assert_int_equal(t.imputed_low[1], 0);
  assert_int_equal(t.imputed_high[1], 15); /* the municipality's median */
  assert_true(t.shortfall[1] == KY_NULL);
  assert_int_equal(t.participants[all], 47);
  assert_int_equal(t.is_at_least[all], 1);
  assert_int_equal(t.imputed_high[all], 47 + 8 * 15);
  assert_true(t.shortfall[all] == KY_NULL);
  ky_job_free(&w.job);
}

/* Eight of ten are enough; a zone's distinct total stands for its venues. */
static void test_enough_report(void **state) {
  (void)state;
  world w;
  setup(&w, 2, (const uint32_t[][2]){{2000, 0}, {1000, 0}}, 12);
  for (int v = 0; v < 8; v++) w.venues.participants[v] = 10;
  w.venues.row[10] = w.venues.row[11] = 1;
  w.venues.participants[10] = 70;
  w.zones.participants[1] = 60;
  ky_targets t = build(&w);
  assert_int_equal(t.is_at_least[0], 0);
  assert_int_equal(t.shortfall[0], 80);
  assert_int_equal(t.net_shortfall[0], 80);
  assert_int_equal(t.places_by_participants[0], 8);
  assert_int_equal(t.participants[1], 60);
  assert_int_equal(t.is_at_least[1], 0);
  assert_int_equal(t.shortfall[1], 20);
  assert_int_equal(t.participants[4], 140);
  assert_int_equal(t.is_at_least[4], 0);
  assert_int_equal(t.shortfall[4], 100);
  assert_int_equal(t.net_shortfall[4], 100);
  ky_job_free(&w.job);
}

/* More participants than people: shown as it is, and reported. */
static void test_more_than_people(void **state) {
  (void)state;
  world w;
  setup(&w, 2, (const uint32_t[][2]){{40, 0}, {1000, 0}}, 2);
  w.venues.participants[0] = 50;
  w.venues.participants[1] = 30;
  w.venues.row[1] = 1;
  ky_targets t = build(&w);
  assert_int_equal(t.participation_rate[0], 1250000);
  assert_int_equal(t.attainment[0], 50 * (int64_t)KY_WHOLE / 3 + 1); /* T = 3, halves up */
  assert_int_equal(t.shortfall[0], 0);
  assert_int_equal(t.net_shortfall[0], -47);
  assert_int_equal(t.shortfall[4], 50);    /* zone by zone: no surplus makes up for it */
  assert_int_equal(t.net_shortfall[4], 3); /* 83 - 80 */
  const ky_issue *issue = world_issue(&w.job, "participants_exceed_people");
  assert_non_null(issue);
  assert_string_equal(issue->record, "z0");
  assert_non_null(strstr(issue->message, "50 participants"));
  ky_job_free(&w.job);
}

/* A venue's participants go where the people within its range live; none in range: to its own row. */
static void test_allocated(void **state) {
  (void)state;
  world w;
  setup(&w, 2, (const uint32_t[][2]){{500, 0}, {500, 0}}, 4);
  w.venues.participants[0] = 10;
  w.venues.participants[1] = 7;
  w.venues.participants[2] = 9;
  w.venues.row[1] = 1;
  w.venues.row[2] = KY_ROW_OUTSIDE(&w.zones);
  w.venues.row[3] = KY_NONE;
  world_ledger(&w);
  world_range(&w, 0, 0, 1000);
  world_range(&w, 0, 1, 2000); /* 3.33 and 6.67 */
  world_range(&w, 2, 0, 5000); /* next door, but its range is here */
  ky_targets t = build(&w);
  assert_int_equal(t.participants_allocated[0], 3 + 9);
  assert_int_equal(t.participants_allocated[1], 7 + 7);
  assert_int_equal(t.participants_allocated[4], 26);
  assert_int_equal(t.participants[0], 10);
  assert_int_equal(t.participants[4], 17);
  assert_int_equal(t.participants[KY_ROW_OUTSIDE(&w.zones)], 9);
  ky_job_free(&w.job);
}

/* Dates as people write them; months since the year 0. What is none of them says nothing, and breaks nothing. */
static void test_months(void **state) {
  (void)state;
  const struct {
    const char *text;
    int32_t earliest, latest;
  } dates[] = {{"2025-04-01", 24303, 24303},
               {"2025", 24300, 24300},
               {"2025年", 24300, 24300},
               {"2025年4月1日", 24303, 24303},
               {"2025/12/31", 24311, 24311},
               {"2022-03-31 / 2025-04-01 / 2024-01", 24266, 24303},
               {"2022-03-31 / … / 2025-04-01", 24266, 24303},
               {"令和7年4月1日", 24303, 24303},
               {"令和元年5月", 24232, 24232},
               {"平成31年4月30日", 24231, 24231},
               {"令和年4月", -1, -1},
               {"2025-13-01", -1, -1},
               {"20250401", -1, -1},
               {"2025-04x", -1, -1},
               {"2025 spring", -1, -1},
               {"", -1, -1},
               {" / ", -1, -1},
               {NULL, -1, -1}};
  for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
    const ky_months got = ky_months_of(dates[i].text);
    assert_int_equal(got.earliest, dates[i].earliest);
    assert_int_equal(got.latest, dates[i].latest);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_allocated_sexes_fit), cmocka_unit_test(test_few_report),
      cmocka_unit_test(test_enough_report),       cmocka_unit_test(test_more_than_people),
      cmocka_unit_test(test_allocated),           cmocka_unit_test(test_months),
  };
  return cmocka_run_group_tests_name("targets_participants", tests, NULL, NULL);
}
