/* What changed between two runs, on tables made by hand: every answer below is written out, not computed. */
#include <kayoi/changes.h>

#include "core/changes_parts.h"
#include "town.h"

typedef struct venue {
  const char *id, *name;
  double x, y; /* x < 0: no place */
  bool counts;
  const char *reason;
  int64_t capacity;
} venue;

static const ky_table *venues_of(ky_job *job, const venue *of, uint32_t count) {
  ky_table *table = ky_arena_alloc(&job->keep, 1, sizeof *table);
  ky_shapes *shapes = ky_arena_alloc(&job->keep, 1, sizeof *shapes);
  const char **id = ky_arena_alloc(&job->keep, count, sizeof *id),
             **name = ky_arena_alloc(&job->keep, count, sizeof *id);
  const char **reason = ky_arena_alloc(&job->keep, count, sizeof *id);
  int8_t *counts = ky_arena_alloc(&job->keep, count, 1);
  int64_t *capacity = ky_arena_alloc(&job->keep, count, sizeof *capacity);
  uint32_t places = 0;
  assert_int_equal(ky_shapes_new(job, KY_SHAPE_POINT, count, count, count, shapes), KY_OK);
  for (uint32_t i = 0; i < count; i++) {
    id[i] = of[i].id;
    name[i] = of[i].name;
    reason[i] = of[i].reason;
    counts[i] = of[i].counts;
    capacity[i] = of[i].capacity;
    shapes->first_part[i] = places;
    if (of[i].x < 0) continue;
    shapes->x[places] = of[i].x;
    shapes->y[places] = of[i].y;
    places++;
    shapes->first_vertex[places] = places;
  }
  shapes->first_part[count] = shapes->part_count = shapes->vertex_count = places;
  assert_int_equal(ky_table_new(job, "venues", NULL, count, shapes, 8, table), KY_OK);
  ky_table_text(table, "venue_id", NULL, id);
  ky_table_text(table, "name", NULL, name);
  ky_table_text(table, "reason", NULL, reason);
  ky_table_bool(table, "counts", NULL, counts);
  ky_table_fixed(table, "capacity", NULL, NULL, 0, capacity);
  return table;
}

typedef struct gap {
  const char *id, *class;
  int64_t people; /* thousandths */
  double box[4];
} gap;

static const ky_table *gaps_of(ky_job *job, const gap *of, uint32_t count, bool has_shapes) {
  ky_table *table = ky_arena_alloc(&job->keep, 1, sizeof *table);
  ky_shapes *shapes = ky_arena_alloc(&job->keep, 1, sizeof *shapes);
  const char **id = ky_arena_alloc(&job->keep, count, sizeof *id),
             **class = ky_arena_alloc(&job->keep, count, sizeof *id);
  int64_t *people = ky_arena_alloc(&job->keep, count, sizeof *people);
  double(*box)[4] = ky_arena_alloc(&job->keep, count, sizeof *box);
  for (uint32_t i = 0; i < count; i++) {
    id[i] = of[i].id;
    class[i] = of[i].class;
    people[i] = of[i].people;
    memcpy(box[i], of[i].box, sizeof *box);
  }
  town_boxes(job, (const double(*)[4])box, count, shapes);
  assert_int_equal(ky_table_new(job, "gaps", NULL, count, has_shapes ? shapes : NULL, 4, table), KY_OK);
  ky_table_text(table, "gap_id", NULL, id);
  ky_table_text(table, "class", NULL, class);
  ky_table_fixed(table, "people_65", NULL, "people", 3, people);
  return table;
}

static const ky_change *find(const ky_changes *changes, ky_change_kind kind, const char *id, const char *field) {
  for (uint32_t i = 0; i < changes->count; i++)
    if (changes->row[i].kind == kind && (id == NULL || strcmp(changes->row[i].id, id) == 0) &&
        (field == NULL || strcmp(changes->row[i].field, field) == 0))
      return &changes->row[i];
  return NULL;
}

static ky_change_cause venues_input = {
    .kind = KY_CAUSE_INPUT, .key = "venues", .name = "venues.csv", .before = "5", .after = "5"};

static void test_venues(void **state) {
  (void)state;
  static const venue before[] = {{"1", "a", 0, 0, true, NULL, 20},         {"2", "b", 1000, 0, true, NULL, 20},
                                 {"3", "c", 2000, 0, true, NULL, 20},      {"4", "d", 3000, 0, true, NULL, 20},
                                 {"5", "e", 4000, 0, false, "closed", 20}, {"6", "f", 5000, 0, false, "closed", 20},
                                 {"7", "g", -1, 0, true, NULL, KY_NULL}};
  /* 1 as it was but for half a metre; 2 moved 300 m east, 400 m north; 3 closed on paper; 4 gone; 5 open again; 6,
   * closed, gone; 7 has a place; 8 is new; 9 is what was 4's neighbour under another number */
  static const venue after[] = {
      {"1", "a", 0.5, 0, true, NULL, 20},       {"2", "b", 1300, 400, true, NULL, 25},
      {"3", "c", 2000, 0, false, "closed", 20}, {"5", "e", 4000, 0, true, NULL, 20},
      {"7", "g", 6000, 0, true, NULL, 30},      {"8", "h", 7000, 0, false, "sessions_too_few", 5}};
  ky_job job;
  ky_changes changes;
  ky_job_init(&job, 1);
  const ky_changes_in in = {.before = {.venues = venues_of(&job, before, 7)},
                            .after = {.venues = venues_of(&job, after, 6)},
                            .causes = {.count = 1, .of = &venues_input},
                            .primary_mm = 500000};
  assert_int_equal(ky_changes_build(&job, &in, &changes), KY_OK);
  assert_int_equal(ky_changes_count(&changes, KY_VENUE_OPENED), 2);
  assert_int_equal(ky_changes_count(&changes, KY_VENUE_CLOSED), 2);
  assert_int_equal(ky_changes_count(&changes, KY_VENUE_MOVED), 2);
  assert_non_null(find(&changes, KY_VENUE_OPENED, "5", NULL));
  assert_string_equal(find(&changes, KY_VENUE_OPENED, "8", NULL)->after, "false");
  assert_null(find(&changes, KY_VENUE_OPENED, "8", NULL)->before);
  assert_string_equal(find(&changes, KY_VENUE_CLOSED, "3", NULL)->after, "false");
  assert_null(find(&changes, KY_VENUE_CLOSED, "4", NULL)->after);
  assert_int_equal(find(&changes, KY_VENUE_MOVED, "2", NULL)->moved_mm, 500000);
  assert_int_equal(find(&changes, KY_VENUE_MOVED, "7", NULL)->moved_mm, KY_NULL);
  assert_string_equal(find(&changes, KY_VENUE_CHANGED, "2", "capacity")->before, "20");
  assert_string_equal(find(&changes, KY_VENUE_CHANGED, "2", "capacity")->after, "25");
  assert_null(find(&changes, KY_VENUE_CHANGED, "7", "capacity")->before);
  assert_null(find(&changes, KY_VENUE_CHANGED, "3", NULL)); /* closed says it all */
  assert_non_null(find(&changes, KY_VENUE_CHANGED, "6", "status"));
  assert_int_equal(ky_changes_count(&changes, KY_VENUE_CHANGED), 3);
  assert_string_equal(find(&changes, KY_VENUE_MOVED, "2", NULL)->why, "input venues venues.csv");
  ky_job_free(&job);
}

/* A list that is numbered anew from the second on: nobody closed. */
static void test_numbered_anew(void **state) {
  (void)state;
  static const venue before[] = {
      {"1", "a", 0, 0, true, NULL, 1}, {"2", "b", 1000, 0, true, NULL, 1}, {"3", "c", 2000, 0, true, NULL, 1}};
  static const venue after[] = {{"1", "a", 0, 0, true, NULL, 1},
                                {"2", "n", 5000, 0, true, NULL, 1},
                                {"3", "b", 1000, 0, true, NULL, 1},
                                {"4", "c", 2000, 0, true, NULL, 1}};
  ky_job job;
  ky_changes changes;
  ky_job_init(&job, 1);
  const ky_changes_in in = {.before = {.venues = venues_of(&job, before, 3)},
                            .after = {.venues = venues_of(&job, after, 4)}};
  assert_int_equal(ky_changes_build(&job, &in, &changes), KY_OK);
  assert_int_equal(changes.count, 3);
  assert_non_null(find(&changes, KY_VENUE_OPENED, "2", NULL));
  assert_string_equal(find(&changes, KY_VENUE_CHANGED, "3", "venue_id")->replaces, "2");
  assert_string_equal(find(&changes, KY_VENUE_CHANGED, "4", "venue_id")->replaces, "3");
  assert_null(changes.row[0].why); /* nothing differs that could be named */
  ky_job_free(&job);
}

/* Squares of 100 m; 5 m squares of the lattice, so 400 each. */
static void test_overlaps(void **state) {
  (void)state;
  static const double a[2][4] = {{0, 0, 100, 100}, {200, 0, 300, 100}};
  static const double b[2][4] = {{50, 50, 150, 150}, {1000, 0, 1100, 100}};
  ky_job job;
  ky_shapes one, two;
  ky_overlaps found;
  ky_job_init(&job, 1);
  town_boxes(&job, a, 2, &one);
  town_boxes(&job, b, 2, &two);
  assert_int_equal(ky_overlaps_find(&job, &one, &two, &found), KY_OK);
  assert_int_equal(found.count, 1);
  assert_int_equal(found.of[0].squares, 100);
  assert_int_equal(found.squares_a[0], 400);
  assert_int_equal(found.squares_b[1], 400);
  two.x[0] = 1e300; /* no place of any plane */
  assert_int_equal(ky_overlaps_find(&job, &one, &two, &found), KY_OK);
  assert_int_equal(found.count, 0);
  ky_job_free(&job);
}

static void test_gaps(void **state) {
  (void)state;
  static const gap before[] = {
      {"same", "outreach", 10000, {0, 0, 100, 100}},       {"grown", "outreach", 10000, {1000, 0, 1100, 100}},
      {"shrunk", "outreach", 10000, {2000, 0, 2100, 100}}, {"gone", "outreach", 7000, {3000, 0, 3100, 100}},
      {"whole", "outreach", 9000, {4000, 0, 4200, 100}},   {"left", "outreach", 1000, {5000, 0, 5100, 100}},
      {"right", "outreach", 2000, {5100, 0, 5200, 100}},   {"x1", "outreach", 1000, {6000, 0, 6100, 100}},
      {"x2", "outreach", 1000, {6100, 0, 6200, 100}}};
  static const gap after[] = {
      {"other_id", "new_venue", 10000, {0, 0, 100, 100}}, {"grown", "outreach", 12000, {1000, 0, 1150, 100}},
      {"shrunk", "outreach", 4000, {2000, 0, 2050, 100}}, {"new", "outreach", 5000, {3500, 0, 3600, 100}},
      {"half1", "outreach", 5000, {4000, 0, 4100, 100}},  {"half2", "outreach", 4000, {4100, 0, 4200, 100}},
      {"both", "outreach", 3500, {5000, 0, 5200, 100}},   {"y1", "outreach", 1000, {6000, 0, 6150, 50}},
      {"y2", "outreach", 1000, {6050, 50, 6200, 100}}};
  ky_job job;
  ky_changes changes;
  ky_job_init(&job, 1);
  const ky_changes_in in = {.before = {.gaps = gaps_of(&job, before, 9, true)},
                            .after = {.gaps = gaps_of(&job, after, 9, true)}};
  assert_int_equal(ky_changes_build(&job, &in, &changes), KY_OK);
  assert_string_equal(find(&changes, KY_GAP_CHANGED, "other_id", "gap_id")->replaces, "same");
  assert_string_equal(find(&changes, KY_GAP_CHANGED, "other_id", "class")->after, "new_venue");
  assert_int_equal(find(&changes, KY_GAP_GROWN, "grown", NULL)->people_65, 2000);
  assert_string_equal(find(&changes, KY_GAP_SHRUNK, "shrunk", NULL)->after, "4.000");
  assert_int_equal(find(&changes, KY_GAP_OPENED, "new", NULL)->people_65, 5000);
  assert_int_equal(find(&changes, KY_GAP_CLOSED, "gone", NULL)->people_65, -7000);
  assert_string_equal(find(&changes, KY_GAP_SPLIT, "half1", NULL)->replaces, "whole");
  assert_string_equal(find(&changes, KY_GAP_SPLIT, "half2", NULL)->before, "9.000");
  assert_string_equal(find(&changes, KY_GAP_MERGED, "both", NULL)->replaces, "left; right");
  assert_int_equal(find(&changes, KY_GAP_MERGED, "both", NULL)->people_65, 500);
  assert_string_equal(find(&changes, KY_GAP_REDRAWN, "y1", NULL)->replaces, "x1; x2");
  assert_string_equal(find(&changes, KY_GAP_REDRAWN, "y2", NULL)->replaces, "x1; x2");
  assert_int_equal(changes.count, 11);
  const ky_change *closed = find(&changes, KY_GAP_CLOSED, "gone", NULL);
  assert_true(closed->has_place && closed->x_m > 3000 && closed->x_m < 3100 && closed->y_m > 0 && closed->y_m < 100);
  ky_job_free(&job);
}

/* Without outlines the ids decide, and that is said. */
static void test_gaps_without_outlines(void **state) {
  (void)state;
  static const gap before[] = {{"a", "outreach", 10000, {0, 0, 100, 100}}, {"b", "outreach", 1000, {0, 0, 100, 100}}};
  static const gap after[] = {{"b", "outreach", 2000, {0, 0, 100, 100}}, {"c", "outreach", 1000, {0, 0, 100, 100}}};
  ky_job job;
  ky_changes changes;
  ky_job_init(&job, 1);
  const ky_changes_in in = {.before = {.gaps = gaps_of(&job, before, 2, false)},
                            .after = {.gaps = gaps_of(&job, after, 2, false)}};
  assert_int_equal(ky_changes_build(&job, &in, &changes), KY_OK);
  assert_false(changes.has_gap_shapes);
  assert_non_null(find(&changes, KY_GAP_GROWN, "b", NULL));
  assert_non_null(find(&changes, KY_GAP_OPENED, "c", NULL));
  assert_non_null(find(&changes, KY_GAP_CLOSED, "a", NULL));
  assert_int_equal(changes.count, 3);
  ky_job_free(&job);
}

/* Only what can be the reason: a venue within the walking range that opened, for a gap that closed; never one that is
 * far, or one that closed. Settings and sources that bear on gaps stand beside it. */
static void test_why(void **state) {
  (void)state;
  static const venue was[] = {{"near_closed", "a", 150, 50, true, NULL, 1}};
  static const venue is[] = {{"near_opened", "b", 400, 50, true, NULL, 1}, {"far_opened", "c", 700, 50, true, NULL, 1}};
  static const gap before[] = {{"g", "outreach", 10000, {0, 0, 100, 100}}};
  static ky_change_cause causes[] = {
      {.kind = KY_CAUSE_SETTING, .key = "gaps.min_people", .before = "1", .after = "5"},
      {.kind = KY_CAUSE_SETTING, .key = "targets.rate", .before = "0.08", .after = "0.1"},
      {.kind = KY_CAUSE_YEAR, .key = "people_date", .before = "2020-10-01", .after = "2025-10-01"},
      {.kind = KY_CAUSE_INPUT, .key = "residents", .name = "grid.txt", .before = "3", .after = "3"},
      {.kind = KY_CAUSE_INPUT, .key = "facts", .name = "facts.csv", .before = "3", .after = "3"}};
  ky_job job;
  ky_changes changes;
  ky_job_init(&job, 1);
  const ky_changes_in in = {.before = {.venues = venues_of(&job, was, 1), .gaps = gaps_of(&job, before, 1, true)},
                            .after = {.venues = venues_of(&job, is, 2), .gaps = gaps_of(&job, before, 0, true)},
                            .causes = {.count = 5, .of = causes},
                            .primary_mm = 500000};
  assert_int_equal(ky_changes_build(&job, &in, &changes), KY_OK);
  assert_string_equal(find(&changes, KY_GAP_CLOSED, "g", NULL)->why,
                      "venue_opened near_opened; setting gaps.min_people 1 -> 5; year 2020-10-01 -> 2025-10-01; input "
                      "residents grid.txt");
  assert_int_equal(ky_changes_count(&changes, KY_CHANGE_DEFINITION), 3);
  assert_int_equal(ky_changes_count(&changes, KY_CHANGE_SOURCE), 2);
  ky_job_free(&job);
}

static void test_causes(void **state) {
  (void)state;
  static ky_past_input was[] = {{.role = "venues", .path = "a/venues.csv", .hash = "1", .records = 3},
                                {.role = "roads", .path = "roads.osm", .hash = "2", .records = KY_NULL},
                                {.role = "sites", .path = "halls.csv", .hash = "5", .records = 1}};
  static ky_past_input is[] = {{.role = "roads", .path = "moved/streets.osm", .hash = "2", .records = KY_NULL},
                               {.role = "venues", .path = "b/venues.csv", .hash = "3", .records = 4},
                               {.role = "venues", .path = "more.csv", .hash = "4", .records = 1}};
  static ky_past_setting set_was[] = {{.key = "walk.primary_m", .value = "500"}, {.key = "old", .value = "1"}};
  static ky_past_setting set_is[] = {{.key = "walk.primary_m", .value = "800"}, {.key = "new", .value = NULL}};
  ky_past before = {.version = "0.1.0",
                    .crs = "EPSG:6670",
                    .inputs = was,
                    .input_count = 3,
                    .settings = set_was,
                    .setting_count = 2,
                    .config_text = "a"};
  ky_past after = {.version = "0.1.0",
                   .crs = "EPSG:6670",
                   .inputs = is,
                   .input_count = 3,
                   .settings = set_is,
                   .setting_count = 2,
                   .config_text = "b"};
  ky_job job;
  ky_change_causes causes;
  ky_job_init(&job, 1);
  assert_int_equal(ky_change_causes_find(&job, &before, &after, &causes), KY_OK);
  assert_int_equal(causes.count,
                   6); /* three settings, a changed, an added and a lost source; not the road file that moved */
  assert_string_equal(causes.of[0].after, "800");
  assert_string_equal(causes.of[1].key, "new");
  assert_string_equal(causes.of[2].key, "old");
  assert_string_equal(causes.of[3].name, "venues.csv");
  assert_string_equal(causes.of[3].before, "3");
  assert_null(causes.of[4].before);
  assert_null(causes.of[5].after);
  assert_int_equal(ky_change_causes_find(&job, &before, &before, &causes), KY_OK);
  assert_int_equal(causes.count, 0);
  ky_past edited = before;
  edited.config_text = "columns elsewhere";
  assert_int_equal(ky_change_causes_find(&job, &before, &edited, &causes), KY_OK);
  assert_int_equal(causes.count, 1);
  assert_int_equal(causes.of[0].kind, KY_CAUSE_CONFIG);
  ky_job_free(&job);
}

/* The layer has all its columns when nothing changed. */
static void test_table(void **state) {
  (void)state;
  ky_job job;
  ky_table table;
  ky_changes none = {.count = 0};
  ky_job_init(&job, 1);
  assert_int_equal(ky_changes_table(&job, &none, &table), KY_OK);
  assert_int_equal(table.count, 0);
  assert_int_equal(table.column_count, 12);
  assert_non_null(table.shapes);
  assert_null(ky_table_check(&table));
  ky_change one[2] = {{.kind = KY_GAP_OPENED, .id = "g", .people_65 = 5, .share = KY_NULL, .moved_mm = KY_NULL},
                      {.kind = KY_VENUE_MOVED,
                       .id = "v",
                       .people_65 = KY_NULL,
                       .share = KY_NULL,
                       .moved_mm = 7,
                       .has_place = true,
                       .x_m = 3}};
  const ky_changes two = {.count = 2, .row = one};
  assert_int_equal(ky_changes_table(&job, &two, &table), KY_OK);
  assert_null(ky_table_check(&table));
  assert_string_equal(ky_table_column(&table, "kind")->of.text[1], "venue_moved");
  assert_int_equal(ky_table_column(&table, "moved_m")->of.fixed[1], 7);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_venues),
                                     cmocka_unit_test(test_numbered_anew),
                                     cmocka_unit_test(test_overlaps),
                                     cmocka_unit_test(test_gaps),
                                     cmocka_unit_test(test_gaps_without_outlines),
                                     cmocka_unit_test(test_why),
                                     cmocka_unit_test(test_causes),
                                     cmocka_unit_test(test_table)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
