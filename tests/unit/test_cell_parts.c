/* Cells that two files hold parts of: each file's hidden groups are its own, and the parts add up. */
#include "core/cell_groups.h"
#include "town.h"

static ky_job job;
static const ky_source source[2] = {{.name = "residents[0]", .shown = "a.txt"},
                                    {.name = "residents[1]", .shown = "b.txt"}};
static ky_raw raw[2];

static int open_files(void **state) {
  (void)state;
  ky_job_init(&job, 1);
  for (int f = 0; f < 2; f++) {
    static const double box[2][4] = {{0, 0, 500, 500}, {500, 0, 1000, 500}};
    raw[f] = (ky_raw){.source = &source[f], .count = 2};
    town_boxes(&job, box, 2, &raw[f].shapes);
  }
  return 0;
}

static int close_files(void **state) {
  (void)state;
  ky_job_free(&job);
  return 0;
}

/* Cell "a" is record 0 of each file, cell "b" record 1. */
static ky_cell_draft part(const char *id, uint32_t file, char hidden, const char *receiver, const char *sources,
                          int64_t total, int64_t people_65) {
  ky_cell_draft d = {.id = id,
                     .record = {.id = id, .raw = &raw[file], .source = file, .record = (uint32_t)(id[0] - 'a')},
                     .hidden = hidden,
                     .receiver = receiver,
                     .sources = sources};
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) d.people[m] = KY_NULL;
  d.people[KY_TOTAL] = total * KY_PERSON;
  if (people_65 >= 0) d.people[KY_65] = people_65 * KY_PERSON;
  return d;
}

static uint32_t issues(const char *reason) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < job.issues.count; i++) count += strcmp(job.issues.rows[i].reason, reason) == 0;
  return count;
}

/* File a: cell a holds the details of cell b (30 of 100 + 50). File b: cell a is hidden in cell b (8 of 10 + 30). By
 * hand: a = 20 + 2, b = 10 + 6. */
static void test_split_cells(void **state) {
  (void)state;
  ky_cell_draft d[4] = {part("a", 0, '1', NULL, "b", 100, 30), part("a", 1, '2', "b", NULL, 10, -1),
                        part("b", 0, '2', "a", NULL, 50, -1), part("b", 1, '1', NULL, "a", 30, 8)};
  uint32_t count = 4;
  assert_int_equal(ky_cell_groups_dissolve(&job, d, count), KY_OK);
  assert_int_equal(ky_cell_parts_merge(&job, d, &count), KY_OK);
  assert_int_equal(count, 2);
  assert_int_equal(d[0].people[KY_TOTAL], 110 * KY_PERSON);
  assert_int_equal(d[0].people[KY_65], 22 * KY_PERSON);
  assert_int_equal(d[1].people[KY_TOTAL], 80 * KY_PERSON);
  assert_int_equal(d[1].people[KY_65], 16 * KY_PERSON);
  assert_int_equal(d[0].age_source, KY_AGE_GROUP);
  assert_int_equal(issues("split_cell"), 2);
  assert_int_equal(job.issues.count, 2);
}

/* A band that one part does not know is not known of the cell. */
static void test_part_without_ages(void **state) {
  (void)state;
  ky_cell_draft d[2] = {part("a", 0, '0', NULL, NULL, 100, 30), part("a", 1, '2', "z", NULL, 10, 4)};
  uint32_t count = 2;
  assert_int_equal(ky_cell_groups_dissolve(&job, d, count), KY_OK);
  assert_int_equal(issues("hidden_receiver_missing"), 1);
  assert_int_equal(ky_cell_parts_merge(&job, d, &count), KY_OK);
  assert_int_equal(count, 1);
  assert_int_equal(d[0].people[KY_TOTAL], 110 * KY_PERSON);
  assert_true(d[0].people[KY_65] == KY_NULL);
}

/* Twice in one file is not a part: both stay. */
static void test_twice_in_one_file(void **state) {
  (void)state;
  ky_cell_draft d[3] = {part("a", 0, '0', NULL, NULL, 100, 30), part("a", 0, '0', NULL, NULL, 7, 3),
                        part("a", 1, '0', NULL, NULL, 5, 2)};
  uint32_t count = 3;
  assert_int_equal(ky_cell_parts_merge(&job, d, &count), KY_OK);
  assert_int_equal(count, 2);
  assert_string_equal(d[1].id, "a#2");
  assert_int_equal(d[0].people[KY_TOTAL] + d[1].people[KY_TOTAL], 112 * KY_PERSON);
  assert_int_equal(issues("duplicate_id"), 1);
  assert_int_equal(issues("split_cell"), 1);
}

/* Links across files where the own file does not have the cell: two meshes side by side. */
static void test_link_to_another_file(void **state) {
  (void)state;
  ky_cell_draft d[2] = {part("a", 0, '1', NULL, "b", 100, 30), part("b", 1, '2', "a", NULL, 50, -1)};
  assert_int_equal(ky_cell_groups_dissolve(&job, d, 2), KY_OK);
  assert_int_equal(job.issues.count, 0);
  assert_int_equal(d[0].people[KY_65], 20 * KY_PERSON);
  assert_int_equal(d[1].people[KY_65], 10 * KY_PERSON);
}

static void test_links_of_one_end(void **state) {
  (void)state;
  ky_cell_draft d[2] = {part("a", 0, '1', NULL, NULL, 100, 30), part("b", 0, '2', "a", NULL, 50, 9)};
  assert_int_equal(ky_cell_groups_dissolve(&job, d, 2), KY_OK);
  assert_int_equal(issues("hidden_list_empty"), 1);
  assert_int_equal(issues("hidden_link_broken"), 1);
  assert_int_equal(d[0].people[KY_65], 30 * KY_PERSON);
  assert_int_equal(d[0].age_source, KY_AGE_OWN);
  assert_true(d[1].people[KY_65] == KY_NULL); /* whatever its row said */
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_files, close_files)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(test_split_cells),          CASE(test_part_without_ages), CASE(test_twice_in_one_file),
      CASE(test_link_to_another_file), CASE(test_links_of_one_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
