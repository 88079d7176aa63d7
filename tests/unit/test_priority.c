/* Ranks, composite and its sensitivity, newest facts, inventory: expected by hand. */
#include <kayoi/priority.h>

#include "world.h"

#define ZONES 3

static void make(world *w, ky_priority *p) {
  ky_job_init(&w->job, 1);
  world_zones(w, ZONES);
  *p = (ky_priority){.zone_count = ZONES, .row_count = KY_ROW_COUNT(&w->zones)};
  for (int c = 0; c < KY_COMPONENT_COUNT; c++) {
    WORLD_NEW(w, p->value[c], p->row_count);
    world_fill64(p->value[c], p->row_count, KY_NULL);
  }
}

static void set(ky_priority *p, ky_component c, int64_t a, int64_t b, int64_t d) {
  p->value[c][0] = a;
  p->value[c][1] = b;
  p->value[c][2] = d;
}

static void test_ranks(void **state) {
  (void)state;
  static const ky_priority_opts none = {{0}};
  world w = {0};
  ky_priority p;
  make(&w, &p);
  set(&p, KY_NEED_UNCOVERED, 5000, 9000, 5000);
  set(&p, KY_NEED_SHORTFALL, KY_NULL, 3, 7);
  set(&p, KY_NEED_GROWTH, -10, 0, -10);
  assert_int_equal(ky_priority_rank(&w.job, &w.zones, &none, &p), KY_OK);
  assert_int_equal(p.order[0], 1);
  assert_int_equal(p.order[1], 0); /* ties to the lower id */
  assert_int_equal(p.rank[KY_NEED_UNCOVERED][0], 2);
  assert_int_equal(p.rank[KY_NEED_UNCOVERED][2], 2); /* equal values share a rank */
  assert_int_equal(p.rank[KY_NEED_SHORTFALL][0], KY_NONE);
  assert_int_equal(p.rank[KY_NEED_SHORTFALL][2], 1);
  assert_int_equal(p.rank[KY_NEED_GROWTH][2], 2);
  assert_false(p.has_weights);
  assert_int_equal(p.composite[0], KY_NULL);
  assert_int_equal(p.trial_count, 0);
  ky_job_free(&w.job);
}

/* Scores: uncovered 1, 1/2, 1/4; supporters 0, 1, 1/2 (growth below 0 scores 0). Weights 2 : 1. */
static void test_composite(void **state) {
  (void)state;
  ky_priority_opts opts = {{0}};
  world w = {0};
  ky_priority p;
  make(&w, &p);
  opts.weight_milli[KY_NEED_UNCOVERED] = 2000;
  opts.weight_milli[KY_FEASIBLE_SUPPORTERS] = 1000;
  set(&p, KY_NEED_UNCOVERED, 8000, 4000, 2000);
  set(&p, KY_FEASIBLE_SUPPORTERS, 0, 12, 6);
  assert_int_equal(ky_priority_rank(&w.job, &w.zones, &opts, &p), KY_OK);
  assert_int_equal(p.composite[0], 666667); /* (2 x 1 + 0) / 3 */
  assert_int_equal(p.composite[1], 666667); /* (2 x 1/2 + 1) / 3 */
  assert_int_equal(p.composite[2], 333333); /* (2 x 1/4 + 1/2) / 3 */
  assert_int_equal(p.composite_rank[0], 1);
  assert_int_equal(p.composite_rank[1], 1);
  assert_int_equal(p.composite_rank[2], 3);
  assert_int_equal(p.trial_count, 4 * ZONES);
  /* uncovered x 1/2: weights 1 : 1; 1/2, 3/4, 3/8 */
  assert_int_equal(p.trial[0].composite, 500000);
  assert_int_equal(p.trial[1].composite, 750000);
  assert_int_equal(p.trial[2].composite, 375000);
  assert_int_equal(p.trial[0].rank, 2);
  assert_int_equal(p.trial[1].rank, 1);
  /* uncovered x 3/2: weights 3 : 1; 3/4, 5/8, 5/16 */
  assert_int_equal(p.trial[3].composite, 750000);
  assert_int_equal(p.trial[4].composite, 625000);
  assert_int_equal(p.trial[5].composite, 312500);
  assert_int_equal(p.trial[3].rank, 1);
  assert_int_equal(p.trial[5].halves, 3);
  /* supporters x 3/2: weights 4 : 3; 4/7, 5/7, 5/14 */
  assert_int_equal(p.trial[9].composite, 571429);
  assert_int_equal(p.trial[10].composite, 714286);
  assert_int_equal(p.trial[10].rank, 1);
  assert_int_equal(w.job.issues.count, 0);
  ky_job_free(&w.job);
}

/* What is not known of one zone leaves it without a composite; it is said. */
static void test_missing(void **state) {
  (void)state;
  ky_priority_opts opts = {{0}};
  world w = {0};
  ky_priority p;
  make(&w, &p);
  opts.weight_milli[KY_NEED_GROWTH] = 1;
  opts.weight_milli[KY_FEASIBLE_INITIATIVE] = 1;
  set(&p, KY_NEED_UNCOVERED, 1, 1, 1);
  set(&p, KY_NEED_GROWTH, -5, 10, KY_NULL);
  set(&p, KY_FEASIBLE_INITIATIVE, 2000, 1000, KY_NULL);
  assert_int_equal(ky_priority_rank(&w.job, &w.zones, &opts, &p), KY_OK);
  assert_int_equal(p.composite[0], 500000);
  assert_int_equal(p.composite[1], 750000);
  assert_int_equal(p.composite[2], KY_NULL);
  assert_int_equal(p.composite_rank[2], KY_NONE);
  assert_string_equal(p.missing[2], "growth_75, initiative");
  assert_null(p.missing[0]);
  assert_int_equal(w.job.issues.count, 2);
  assert_string_equal(w.job.issues.rows[0].reason, "weight_without_values");
  ky_job_free(&w.job);
}

static void test_newest_fact(void **state) {
  (void)state;
  enum { COUNT = 7 };
  static uint32_t row[COUNT] = {0, 0, 1, 1, 1, 2, 2};
  static uint8_t code[COUNT] = {KY_FACT_SINGLE, KY_FACT_SINGLE, KY_FACT_SINGLE,    KY_FACT_SINGLE,
                                KY_FACT_SINGLE, KY_FACT_SINGLE, KY_FACT_INITIATIVE};
  static const char *date[COUNT] = {"2020", "2024", NULL, "2023", "2023", "2024", "2025"};
  static int64_t number[COUNT] = {1000, 2000, 9000, 3000, 4000, 5000, 1};
  const ky_facts facts = {.count = COUNT, .row = row, .code = code, .date = date, .number = number};
  int64_t *found;
  const char **found_date;
  world w = {0};
  ky_job_init(&w.job, 1);
  world_zones(&w, ZONES);
  assert_int_equal(ky_facts_newest(&w.job, &w.zones, &facts, KY_FACT_SINGLE, &found, &found_date), KY_OK);
  assert_int_equal(found[0], 2000);
  assert_string_equal(found_date[0], "2024");
  assert_int_equal(found[1], KY_NULL); /* two values of one date */
  assert_int_equal(found[2], 5000);
  assert_int_equal(found[KY_ROW_MUNICIPALITY(&w.zones)], KY_NULL); /* not every zone has one */
  number[4] = 3000;
  assert_int_equal(ky_facts_newest(&w.job, &w.zones, &facts, KY_FACT_SINGLE, &found, &found_date), KY_OK);
  assert_int_equal(found[KY_ROW_MUNICIPALITY(&w.zones)], 10000);
  assert_null(found_date[KY_ROW_MUNICIPALITY(&w.zones)]); /* of different dates */
  assert_int_equal(ky_facts_newest(&w.job, &w.zones, NULL, KY_FACT_SINGLE, &found, &found_date), KY_OK);
  assert_int_equal(found[0], KY_NULL);
  ky_job_free(&w.job);
}

/* Not asked is not none: 0 only where a source of the kind was given. */
static void test_inventory(void **state) {
  (void)state;
  enum { COUNT = 6 };
  static const char *kinds[COUNT] = {"shop", "vehicle_provider", "vehicle_provider", "学校", "shop", NULL};
  static const char *names[COUNT] = {"店い", "社協", "タクシー", "小学校", NULL, "なぞ"};
  static const char *dates[COUNT] = {NULL, "2025-02", "2024-11", NULL, NULL, NULL};
  static const char *ids[COUNT] = {"1", "2", "3", "4", "5", "6"}, *sources[COUNT] = {"a", "a", "a", "a", "b", "b"};
  static int64_t seats[COUNT] = {KY_NULL, 8, KY_NULL, KY_NULL, KY_NULL, KY_NULL};
  static int8_t will[COUNT] = {-1, 1, -1, -1, -1, -1};
  static uint32_t row[COUNT];
  static const char *blank[COUNT];
  ky_resources resources = {
      .count = COUNT, .id = ids, .source = sources, .date = blank, .seats = seats, .is_willing = will, .row = row};
  ky_source declared = {.role = KY_ROLE_RESOURCES, .kind = "pharmacy"};
  ky_source sheet = {.role = KY_ROLE_RESOURCES, .kind = "hall", .is_workbook = true};
  ky_raw raws[2] = {{.source = &declared}, {.source = &sheet}};
  const ky_inputs inputs = {.resources = raws, .resource_source_count = 2};
  world w = {0};
  ky_inventory inventory;
  ky_job_init(&w.job, 1);
  world_zones(&w, ZONES);
  const uint32_t rows[COUNT] = {0, 0, 0, KY_ROW_OUTSIDE_ZONES(&w.zones), 2, KY_NONE};
  memcpy(row, rows, sizeof rows);
  resources.text[KY_RESOURCE_KIND] = kinds;
  resources.text[KY_RESOURCE_NAME] = names;
  resources.text[KY_RESOURCE_SURVEY_DATE] = dates;
  assert_int_equal(ky_inventory_build(&w.job, &inputs, &w.zones, &resources, &inventory), KY_OK);
  const uint32_t all = KY_ROW_MUNICIPALITY(&w.zones);
  const ky_inventory_item *item = ky_inventory_find(&inventory, 0, "vehicle_provider");
  assert_int_equal(item->count, 2);
  assert_string_equal(item->names, "社協、タクシー");
  assert_int_equal(item->seats, 8);
  assert_int_equal(item->seats_from, 1);
  assert_int_equal(item->willing, 1);
  assert_int_equal(item->not_asked, 1);
  assert_string_equal(item->survey_date, "2024-11 / 2025-02");
  assert_int_equal(ky_inventory_find(&inventory, 1, "vehicle_provider")->count, 0);
  assert_int_equal(ky_inventory_willing(&inventory, 1), 0);
  assert_int_equal(ky_inventory_find(&inventory, 0, "pharmacy")->count, 0);   /* asked, none there */
  assert_int_equal(ky_inventory_find(&inventory, 0, "hall")->count, KY_NULL); /* an empty sheet says nothing */
  assert_int_equal(ky_inventory_find(&inventory, 0, "clinic")->count, KY_NULL);
  assert_int_equal(ky_inventory_find(&inventory, 0, "shop")->seats, KY_NULL);
  assert_int_equal(ky_inventory_find(&inventory, all, "shop")->count, 2);
  assert_string_equal(ky_inventory_find(&inventory, all, "shop")->names, "店い、5"); /* its id where it has no name */
  assert_int_equal(ky_inventory_find(&inventory, all, "学校")->count, 1);
  assert_int_equal(ky_inventory_find(&inventory, KY_ROW_NO_PLACE(&w.zones), "unknown")->count, 1);
  assert_int_equal(ky_inventory_find(&inventory, all, "unknown")->count, 0);
  ky_job_free(&w.job);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_ranks), cmocka_unit_test(test_composite),
                                     cmocka_unit_test(test_missing), cmocka_unit_test(test_newest_fact),
                                     cmocka_unit_test(test_inventory)};
  return cmocka_run_group_tests_name("priority", tests, NULL, NULL);
}
