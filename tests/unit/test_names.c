/* Names of places: polygons before points, distances, cells, gap areas and sites by hand. */
#include <kayoi/names.h>

#include "world.h"

/* Squares of 1 km side by side from x = 0, and points; all in one source of names. */
typedef struct named_town {
  world w;
  ky_source source;
  ky_raw raw[2];
  ky_raw_column column[2][2];
  const char *name[2][4], *hcode[4], *record[4];
  ky_inputs inputs;
  ky_names names;
} named_town;

static void add_squares(named_town *t, uint32_t count) {
  ky_shapes *s = &t->raw[0].shapes;
  assert_int_equal(ky_shapes_new(&t->w.job, KY_SHAPE_POLYGON, count, count, 5 * count, s), KY_OK);
  for (uint32_t i = 0; i < count; i++) {
    const double x = 1000.0 * i, xs[5] = {x, x + 1000, x + 1000, x, x}, ys[5] = {0, 0, 1000, 1000, 0};
    s->first_part[i + 1] = i + 1;
    s->first_vertex[i + 1] = 5 * (i + 1);
    memcpy(s->x + 5 * i, xs, sizeof xs);
    memcpy(s->y + 5 * i, ys, sizeof ys);
    t->record[i] = "row";
  }
}

static void town_new(named_town *t) {
  static const char *names[] = {"錦町", "旭町", "海", NULL}, *hcodes[] = {"8101", "8101", "8154", "8101"};
  static const char *points[] = {"上の原", "下の原"};
  memset(t, 0, sizeof *t);
  ky_job_init(&t->w.job, 2);
  t->source = (ky_source){.role = KY_ROLE_NAMES, .name = "names.sources[0]", .shown = "r2ka.shp"};
  add_squares(t, 4);
  memcpy(t->name[0], names, sizeof names);
  memcpy(t->hcode, hcodes, sizeof hcodes);
  memcpy(t->name[1], points, sizeof points);
  t->column[0][0] = (ky_raw_column){"name", "S_NAME", t->name[0]};
  t->column[0][1] = (ky_raw_column){"hcode", "HCODE", t->hcode};
  t->column[1][0] = (ky_raw_column){"name", "大字町丁目名", t->name[1]};
  ky_shapes *spots = &t->raw[1].shapes;
  assert_int_equal(ky_shapes_new(&t->w.job, KY_SHAPE_POINT, 2, 2, 2, spots), KY_OK);
  for (uint32_t i = 0; i < 2; i++) {
    spots->first_part[i + 1] = spots->first_vertex[i + 1] = i + 1;
    spots->x[i] = 10000;
    spots->y[i] = 1000.0 * i;
  }
  for (int r = 0; r < 2; r++) {
    t->raw[r].source = &t->source;
    t->raw[r].count = r == 0 ? 4 : 2;
    t->raw[r].record = t->record;
    t->raw[r].columns = t->column[r];
    t->raw[r].column_count = r == 0 ? 2 : 1;
  }
  t->inputs.names = t->raw;
  t->inputs.name_source_count = 2;
  assert_int_equal(
      ky_names_build(&t->w.job, &t->inputs, &(ky_names_opts){.max_m = 600, .with_residents = true}, &t->names), KY_OK);
}

static const char *name_at(const named_town *t, double x, double y) {
  uint32_t name;
  ky_names_find((ky_job *)&t->w.job, &t->names, &x, &y, 1, NULL, &name);
  return name == KY_NONE ? "-" : t->names.name[name];
}

static void test_find(void **state) {
  (void)state;
  named_town t;
  town_new(&t);
  assert_int_equal(t.names.count, 4);
  assert_string_equal(name_at(&t, 500, 500), "錦町");
  assert_string_equal(name_at(&t, 1500, 500), "旭町");
  assert_string_equal(name_at(&t, 1000, 500), "旭町"); /* on the side of both: the lower one bytewise */
  assert_string_equal(name_at(&t, 2500, 500), "-");    /* water */
  assert_string_equal(name_at(&t, 3500, 500), "-");    /* no name */
  assert_string_equal(name_at(&t, 10000, 400), "上の原");
  assert_string_equal(name_at(&t, 10000, 500), "上の原"); /* as near as the other: the lower one */
  assert_string_equal(name_at(&t, 10000, 501), "下の原");
  assert_string_equal(name_at(&t, 10000, 1600), "下の原");
  assert_string_equal(name_at(&t, 10000, 1601), "-");
  const ky_issue *issue = world_issue(&t.w.job, "place_without_name");
  assert_non_null(issue);
  assert_int_equal(issue->severity, KY_INFO);
  ky_job_free(&t.w.job);
}

/* Names of residents' areas are used where no others are given, unless that is switched off. */
static void test_residents(void **state) {
  (void)state;
  named_town t;
  ky_names names;
  town_new(&t);
  t.column[0][0].attribute = "area_name";
  t.inputs = (ky_inputs){.residents = t.raw, .resident_count = 1};
  assert_int_equal(ky_names_build(&t.w.job, &t.inputs, &(ky_names_opts){.max_m = 600, .with_residents = true}, &names),
                   KY_OK);
  assert_int_equal(names.count, 2);
  assert_int_equal(ky_names_build(&t.w.job, &t.inputs, &(ky_names_opts){.max_m = 600}, &names), KY_OK);
  assert_int_equal(names.count, 0);
  ky_job_free(&t.w.job);
}

/* Points: 0-1 in 錦町 (5 + 5 people), 2 in 旭町 (8), 3 in 旭町 north of it (1), 4 without a name, 5 and 6 in 旭町. */
static void set_points(named_town *t) {
  static const double x[] = {100, 200, 1100, 1100, 2500, 1500, 1900}, y[] = {500, 500, 300, 800, 500, 500, 300};
  static const uint32_t people[] = {5000, 5000, 8000, 1000, 3000, 1000, 1000};
  world_points(&t->w, 7);
  for (int i = 0; i < 7; i++) {
    t->w.points.x_m[i] = x[i];
    t->w.points.y_m[i] = y[i];
    t->w.points.people[KY_65][i] = people[i];
    t->w.points.cell[i] = i < 3 ? 0 : i < 5 ? 1 : 2;
  }
}

/* areas: how many of the points 0 .. each area has. */
static void set_gaps(named_town *t, ky_gaps *gaps, uint32_t count, const uint32_t *sizes) {
  ky_job *job = &t->w.job;
  memset(gaps, 0, sizeof *gaps);
  gaps->count = count;
  gaps->first_point = ky_arena_alloc(&job->keep, count + 1, sizeof(uint32_t));
  gaps->point = ky_arena_alloc(&job->keep, 7, sizeof(uint32_t));
  gaps->point_area = ky_arena_alloc(&job->keep, 7, sizeof(uint32_t));
  for (uint32_t i = 0; i < 7; i++) gaps->point[i] = i;
  for (uint32_t a = 0, n = 0; a < count; a++) {
    for (uint32_t i = 0; i < sizes[a]; i++) gaps->point_area[n++] = a;
    gaps->first_point[a + 1] = n;
  }
}

static void test_gap_names(void **state) {
  (void)state;
  named_town t;
  ky_gaps gaps;
  town_new(&t);
  set_points(&t);
  set_gaps(&t, &gaps, 3, (const uint32_t[]){3, 1, 3}); /* 10 錦町 against 8; 旭町; 2 旭町 against 3 nameless */
  assert_int_equal(ky_names_gaps(&t.w.job, &t.names, &t.w.points, &gaps), KY_OK);
  assert_string_equal(gaps.name[0], "錦町付近");
  assert_string_equal(gaps.name[1], "旭町付近（西）");
  assert_string_equal(gaps.name[2], "旭町付近（東）");
  set_gaps(&t, &gaps, 6, (const uint32_t[]){2, 1, 1, 1, 1, 1}); /* 旭町: south-west, north-west, middle, east */
  assert_int_equal(ky_names_gaps(&t.w.job, &t.names, &t.w.points, &gaps), KY_OK);
  assert_null(gaps.name[3]);
  assert_string_equal(gaps.name[1], "旭町付近（1）"); /* both in the west: numbers by rank */
  assert_string_equal(gaps.name[2], "旭町付近（2）");
  assert_string_equal(gaps.name[4], "旭町付近（3）");
  assert_string_equal(gaps.name[5], "旭町付近（4）");
  ky_job_free(&t.w.job);
}

static void test_cell_names(void **state) {
  (void)state;
  named_town t;
  town_new(&t);
  set_points(&t);
  t.w.cells.count = 3;
  t.w.points.people[KY_65][2] = 10000; /* as many as in 錦町: the lower name */
  assert_int_equal(ky_names_cells(&t.w.job, &t.names, &t.w.points, &t.w.cells), KY_OK);
  assert_string_equal(t.w.cells.place_name[0], "旭町");
  assert_string_equal(t.w.cells.place_name[1], "旭町");
  assert_string_equal(t.w.cells.place_name[2], "旭町");
  ky_job_free(&t.w.job);
}

static void test_site_names(void **state) {
  (void)state;
  named_town t;
  double x[] = {100, 1500, 2500}, y[] = {500, 500, 500};
  const char *name[3] = {NULL, NULL, NULL};
  uint32_t candidate[] = {1, 0, 2};
  ky_candidates candidates = {.count = 3, .name = name, .x_m = x, .y_m = y};
  const ky_sites sites = {.count = 3, .candidate = candidate};
  town_new(&t);
  assert_int_equal(ky_names_sites(&t.w.job, &t.names, &sites, &candidates), KY_OK);
  assert_string_equal(name[0], "錦町付近");
  assert_string_equal(name[1], "旭町付近");
  assert_null(name[2]);
  candidates.is_given = true;
  name[0] = "錦町集会所";
  assert_int_equal(ky_names_sites(&t.w.job, &t.names, &sites, &candidates), KY_OK);
  assert_string_equal(name[0], "錦町集会所");
  ky_job_free(&t.w.job);
}

static ky_err name_room(world *w) {
  named_town *t = (named_town *)(void *)w;
  ky_names names;
  ky_gaps gaps = {0};
  uint32_t first[2] = {0, 7}, point[7] = {0, 1, 2, 3, 4, 5, 6}, area[7] = {0};
  gaps.count = 1;
  gaps.first_point = first;
  gaps.point = point;
  gaps.point_area = area;
  KY_TRY(ky_names_build(&w->job, &t->inputs, &(ky_names_opts){.max_m = 600}, &names));
  KY_TRY(ky_names_cells(&w->job, &names, &w->points, &w->cells));
  return ky_names_gaps(&w->job, &names, &w->points, &gaps);
}

static void test_memory(void **state) {
  (void)state;
  named_town t;
  town_new(&t);
  set_points(&t);
  world_starve(&t.w, &t.w.job.keep, name_room);
  world_starve(&t.w, &t.w.job.scratch, name_room);
  ky_job_free(&t.w.job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_find),       cmocka_unit_test(test_residents),  cmocka_unit_test(test_gap_names),
      cmocka_unit_test(test_cell_names), cmocka_unit_test(test_site_names), cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
