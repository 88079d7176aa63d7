/* Runs every .case file of tests/cases (language: tests/cases/README.md) through the rooms from network to ledger. */
#include <glob.h>
#include <math.h>

#include "case_targets.h"

#define RECORDS_MAX    256
#define ATTRIBUTES_MAX 12

/* Raw records of one role under construction: every record has an id, a shape and texts. */
typedef struct draft {
  uint32_t count, part_vertices[RECORDS_MAX];
  double xy[RECORDS_MAX][5][2];
  char id[RECORDS_MAX][64];
  const char *attribute[ATTRIBUTES_MAX];
  char text[ATTRIBUTES_MAX][RECORDS_MAX][64]; /* "" = missing */
  const char *value[ATTRIBUTES_MAX][RECORDS_MAX], *record[RECORDS_MAX];
  ky_raw_column columns[ATTRIBUTES_MAX];
  ky_source source;
} draft;

typedef struct town_case {
  ky_job job;
  town_lines lines, barriers;
  uint32_t class_bits[4096];
  uint8_t is_bridge[4096];
  draft zones, borders, venues, residents;
  double threshold_m;
  bool by_streets;
  /* results */
  ky_network network;
  ky_zones placed_zones;
  ky_cells cells;
  ky_venues placed_venues;
  ky_points points;
  ky_anchors venue_anchors, point_anchors;
  ky_contraction contraction;
  ky_field field;
  ky_walks walks;
  ky_coverage coverage;
  case_targets plan;
} town_case;

static void draft_box(draft *d, const char *id, const double *b, bool is_point) {
  uint32_t i = d->count++;
  assert_true(i < RECORDS_MAX);
  snprintf(d->id[i], sizeof d->id[i], "%s", id);
  const double xy[5][2] = {{b[0], b[1]}, {b[2], b[1]}, {b[2], b[3]}, {b[0], b[3]}, {b[0], b[1]}};
  memcpy(d->xy[i], xy, sizeof xy);
  d->part_vertices[i] = is_point ? 1 : 5;
}

static void draft_set(draft *d, uint32_t attribute, const char *name, const char *text) {
  d->attribute[attribute] = name;
  snprintf(d->text[attribute][d->count - 1], sizeof d->text[0][0], "%s", text);
}

static ky_raw draft_raw(ky_job *job, draft *d, const char *name, ky_shape_kind kind) {
  ky_raw raw = {.count = d->count, .source = &d->source, .record = d->record, .columns = d->columns};
  uint32_t vertices = 0;
  d->source.name = d->source.shown = name;
  for (uint32_t i = 0; i < d->count; i++) vertices += d->part_vertices[i];
  assert_int_equal(ky_shapes_new(job, kind, d->count, d->count, vertices, &raw.shapes), KY_OK);
  vertices = 0;
  for (uint32_t i = 0; i < d->count; i++) {
    d->record[i] = d->id[i];
    for (uint32_t v = 0; v < d->part_vertices[i]; v++, vertices++) {
      raw.shapes.x[vertices] = d->xy[i][v][0];
      raw.shapes.y[vertices] = d->xy[i][v][1];
    }
    raw.shapes.first_part[i + 1] = i + 1;
    raw.shapes.first_vertex[i + 1] = vertices;
  }
  for (uint32_t a = 0; a < ATTRIBUTES_MAX; a++) {
    if (d->attribute[a] == NULL) continue;
    for (uint32_t i = 0; i < d->count; i++) d->value[a][i] = d->text[a][i][0] != '\0' ? d->text[a][i] : NULL;
    d->columns[raw.column_count++] = (ky_raw_column){d->attribute[a], d->attribute[a], d->value[a]};
  }
  return raw;
}

static void run_rooms(town_case *t) {
  ky_job *job = &t->job;
  ky_ways ways;
  case_targets *plan = &t->plan;
  t->residents.source.date = case_text(plan->people_date);
  t->venues.source.date = case_text(plan->venues_date);
  t->venues.source.participants_band = case_text(plan->band);
  t->venues.source.participants_extent = case_text(plan->extent);
  ky_raw zones = draft_raw(job, &t->zones, "zones", KY_SHAPE_POLYGON);
  ky_raw borders = draft_raw(job, &t->borders, "border", KY_SHAPE_POLYGON);
  ky_raw venues = draft_raw(job, &t->venues, "venues", KY_SHAPE_POINT);
  ky_raw residents = draft_raw(job, &t->residents, "residents", KY_SHAPE_MIXED);
  const ky_inputs inputs = {.residents = &residents,
                            .resident_count = 1,
                            .venues = &venues,
                            .venue_count = 1,
                            .zones = &zones,
                            .zone_count = zones.count != 0,
                            .borders = &borders,
                            .border_count = borders.count != 0};
  const ky_place_opts place = {.margin_m = 2000, .by_streets = t->by_streets, .step_m = 25, .min_street_m = 50};
  const ky_venue_opts counting = {
      .min_sessions_milli = 1000, .unknown_counts = true, .rate_needs_resident_led = true, .by_catchment = true};
  const ky_network_opts snap = {.snap_cap_m = 200, .min_component_mm = 1000000};
  const uint32_t primary_mm = (uint32_t)lround(t->threshold_m * 1000);
  const ky_walk_opts walk = {
      .speed_mm_per_min = 60000, .bands_mm = {primary_mm, 2 * primary_mm}, .band_count = 2, .primary_mm = primary_mm};
  town_ways(job, &t->lines, NULL, NULL, &ways);
  ways.class_bits = t->class_bits;
  ways.is_bridge = t->is_bridge;
  assert_int_equal(ky_network_build(job, &ways, &t->network), KY_OK);
  town_ways(job, &t->barriers, NULL, NULL, &ways);
  const ky_raw barriers = {.shapes = ways.shapes};
  assert_int_equal(ky_network_bar(job, &barriers, 1, &snap, &t->network), KY_OK);
  assert_int_equal(ky_place_zones(job, &inputs, plan->facts, plan->fact_count, &t->placed_zones), KY_OK);
  t->placed_zones.official_date = case_text(plan->official_date);
  assert_int_equal(ky_place_cells(job, &inputs, &t->placed_zones, &place, &t->cells), KY_OK);
  assert_int_equal(ky_place_venues(job, &inputs, &t->placed_zones, &counting, &t->placed_venues), KY_OK);
  assert_int_equal(
      ky_venues_bind(job, &t->placed_zones, inputs.zone_count != 0, counting.by_catchment, &t->placed_venues), KY_OK);
  assert_int_equal(ky_place_points(job, &t->cells, &t->placed_zones, &t->network, &place, &t->points), KY_OK);
  assert_int_equal(ky_network_anchor(job, &t->network, t->placed_venues.x_m, t->placed_venues.y_m,
                                     t->placed_venues.count, NULL, &snap, &t->venue_anchors),
                   KY_OK);
  assert_int_equal(ky_venues_settle(job, &t->venue_anchors, &t->placed_venues), KY_OK);
  const ky_anchors on = {.count = t->points.count,
                         .edge = t->points.edge,
                         .along_mm = t->points.along_mm,
                         .access_mm = t->points.access_mm};
  assert_int_equal(
      ky_network_anchor(job, &t->network, t->points.x_m, t->points.y_m, t->points.count, &on, &snap, &t->point_anchors),
      KY_OK);
  assert_int_equal(ky_contract(job, &t->network, &t->contraction), KY_OK);
  assert_int_equal(ky_walk_points(job, &t->network, &t->contraction, &t->venue_anchors, t->placed_venues.counts,
                                  &t->placed_venues.catchments, t->points.row, &t->point_anchors, &t->field, &t->walks),
                   KY_OK);
  assert_int_equal(ky_coverage_build(job, &t->cells, &t->points, &t->placed_zones, &t->placed_venues, &t->network,
                                     &t->point_anchors, &t->venue_anchors, &t->walks, &walk, &t->coverage),
                   KY_OK);
  assert_int_equal(ky_coverage_balance(job, &t->cells, &t->points, &t->placed_zones, &t->coverage), KY_OK);
  ky_result result = {.inputs = &inputs,
                      .streets = &t->network,
                      .network = &t->network,
                      .zones = &t->placed_zones,
                      .cells = &t->cells,
                      .points = &t->points,
                      .venues = &t->placed_venues,
                      .venue_anchors = &t->venue_anchors,
                      .point_anchors = &t->point_anchors,
                      .coverage = &t->coverage};
  case_targets_run(job, plan, &inputs, &snap, &walk, &result);
}

static uint32_t find(const char *const *ids, uint32_t count, const char *id) {
  for (uint32_t i = 0; i < count; i++)
    if (strcmp(ids[i], id) == 0) return i;
  return KY_NONE;
}

static uint32_t find_row(const town_case *t, const char *name) {
  const char *const *ids = t->placed_zones.id;
  uint32_t zone = find(ids, t->placed_zones.count, name);
  if (zone != KY_NONE) return zone;
  if (strcmp(name, "outside_zones") == 0) return KY_ROW_OUTSIDE_ZONES(&t->placed_zones);
  if (strcmp(name, "outside") == 0) return KY_ROW_OUTSIDE(&t->placed_zones);
  return strcmp(name, "municipality") == 0 ? KY_ROW_MUNICIPALITY(&t->placed_zones) : KY_NONE;
}

/* What the town says about `what` of `who`, as text; numbers with three decimals. false: no such thing. */
static bool answer(const town_case *t, const char *what, const char *who, char *out, size_t size) {
  const ky_coverage *c = &t->coverage;
  uint32_t cell = find(t->cells.id, t->cells.count, who), row = find_row(t, who);
  uint32_t venue = find(t->placed_venues.id, t->placed_venues.count, who);
  int64_t fixed = KY_NULL;
  for (uint32_t r = 0; r < KY_REACH_COUNT; r++)
    if (row != KY_NONE && strcmp(what, ky_reach_name((ky_reach)r)) == 0)
      fixed = c->people[r][row * KY_MEASURE_COUNT + KY_65];
  if (venue != KY_NONE && strcmp(what, "only") == 0) fixed = c->venue_only[venue];
  if (venue != KY_NONE && strcmp(what, "near") == 0) fixed = c->venue_nearest[venue];
  if (cell != KY_NONE && strcmp(what, "walk") == 0 && c->cell_walk_median_mm[cell] != KY_NONE)
    fixed = c->cell_walk_median_mm[cell];
  if (cell != KY_NONE && strcmp(what, "straight") == 0 && c->cell_straight_mm[cell] != KY_NONE)
    fixed = c->cell_straight_mm[cell];
  if (fixed != KY_NULL) return ky_fixed_text(out, fixed, 3) != 0;
  const char *text = NULL;
  if (venue != KY_NONE && strcmp(what, "counts") == 0) text = t->placed_venues.counts[venue] ? "yes" : "no";
  if (cell != KY_NONE && strcmp(what, "reach") == 0) text = ky_reach_name((ky_reach)c->cell_reach[cell]);
  if (cell != KY_NONE && strcmp(what, "nearest") == 0)
    text = c->cell_venue[cell] == KY_NONE ? "none" : t->placed_venues.id[c->cell_venue[cell]];
  if (cell != KY_NONE && strcmp(what, "reason") == 0)
    text = ky_unreach_name((ky_unreach)c->reason[t->points.first_point[cell]]);
  if (cell != KY_NONE && strcmp(what, "zone") == 0) {
    uint32_t in = t->points.cell_zone[cell];
    text = in < t->placed_zones.count    ? t->placed_zones.id[in]
           : in == t->placed_zones.count ? "outside_zones"
                                         : "outside";
  }
  if (text != NULL) snprintf(out, size, "%s", text);
  if (text != NULL) return true;
  if (row != KY_NONE && case_field(&t->plan.zones, what, row, out, size)) return true;
  if (cell != KY_NONE && case_field(&t->plan.cells, what, cell, out, size)) return true;
  return venue != KY_NONE && case_field(&t->plan.venues, what, venue, out, size);
}

/* How many issues have the reason. */
static uint32_t count_issues(const town_case *t, const char *reason) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < t->job.issues.count; i++) count += strcmp(t->job.issues.rows[i].reason, reason) == 0;
  return count;
}

static bool agrees(const char *got, const char *expected) {
  char *end_got, *end_expected;
  double a = strtod(got, &end_got), b = strtod(expected, &end_expected);
  if (*end_got == '\0' && *end_expected == '\0' && end_got != got && end_expected != expected)
    return fabs(a - b) < (strstr(expected, ".") != NULL && strlen(strstr(expected, ".")) > 4 ? 0.0000005 : 0.0015);
  return strcmp(got, expected) == 0;
}

static void read_coordinates(char *words, town_lines *lines) {
  double xy[64][2];
  uint32_t n = 0;
  for (char *word = strtok(words, " \t"); word != NULL; word = strtok(NULL, " \t"), n++)
    assert_int_equal(sscanf(word, "%lf,%lf", &xy[n][0], &xy[n][1]), 2);
  town_line(lines, n, (const double(*)[2])xy);
}

static void read_street(town_case *t, const char *kind, char *words) {
  t->is_bridge[t->lines.count] = strcmp(kind, "bridge") == 0;
  t->class_bits[t->lines.count] = strcmp(kind, "service") == 0 ? 1u << KY_STREET_SERVICE : 1u << KY_STREET_RESIDENTIAL;
  read_coordinates(words, &t->lines);
}

static void read_venue(town_case *t, char *words) {
  char id[64], *word;
  double b[4];
  int used = 0;
  assert_int_equal(sscanf(words, "%63s %lf,%lf%n", id, &b[0], &b[1], &used), 3);
  b[2] = b[0];
  b[3] = b[1];
  draft_box(&t->venues, id, b, true);
  for (word = strtok(words + used, " \t"); word != NULL; word = strtok(NULL, " \t")) {
    if (strcmp(word, "closed") == 0) draft_set(&t->venues, 0, "status", "休止中");
    if (strcmp(word, "sessions") == 0) draft_set(&t->venues, 1, "sessions_per_month", strtok(NULL, " \t"));
    if (strcmp(word, "participants") == 0) draft_set(&t->venues, 2, "participants", strtok(NULL, " \t"));
    if (strcmp(word, "for") == 0) draft_set(&t->venues, 9, "catchment", strtok(NULL, " \t"));
    if (strcmp(word, "capacity") == 0) draft_set(&t->venues, 3, "capacity", strtok(NULL, " \t"));
    if (strcmp(word, "men") == 0) draft_set(&t->venues, 4, "participants_m", strtok(NULL, " \t"));
    if (strcmp(word, "women") == 0) draft_set(&t->venues, 5, "participants_f", strtok(NULL, " \t"));
    if (strcmp(word, "weekly") == 0) draft_set(&t->venues, 6, "participants_weekly", strtok(NULL, " \t"));
    if (strcmp(word, "asked") == 0) draft_set(&t->venues, 7, "participants_date", strtok(NULL, " \t"));
    if (strcmp(word, "staff_led") == 0) draft_set(&t->venues, 8, "resident_led", "0");
  }
}

/* Further people of a home or cell: m 18 f 22 75 20 total 100. */
static void read_people(town_case *t, char *words) {
  static const char *const names[][2] = {
      {"m", "pop_65_m"}, {"f", "pop_65_f"}, {"75", "pop_75"}, {"85", "pop_85"}, {"total", "pop_total"}};
  for (char *word = strtok(words, " \t"); word != NULL; word = strtok(NULL, " \t"))
    for (uint32_t n = 0; n < 5; n++)
      if (strcmp(word, names[n][0]) == 0) {
        draft_set(&t->residents, n + 1, names[n][1], strtok(NULL, " \t"));
        break;
      }
}

static bool read_line(town_case *t, const char *kind, char *rest) {
  char id[64], people[32] = "";
  double b[4];
  int used = 0;
  if (strcmp(kind, "street") == 0 || strcmp(kind, "bridge") == 0 || strcmp(kind, "service") == 0) {
    read_street(t, kind, rest);
  } else if (strcmp(kind, "barrier") == 0) {
    read_coordinates(rest, &t->barriers);
  } else if (strcmp(kind, "venue") == 0) {
    read_venue(t, rest);
  } else if (strcmp(kind, "zone") == 0) {
    assert_int_equal(sscanf(rest, "%63s %lf,%lf %lf,%lf", id, &b[0], &b[1], &b[2], &b[3]), 5);
    draft_box(&t->zones, id, b, false);
  } else if (strcmp(kind, "border") == 0) {
    assert_int_equal(sscanf(rest, "%lf,%lf %lf,%lf", &b[0], &b[1], &b[2], &b[3]), 4);
    draft_box(&t->borders, "border", b, false);
  } else if (strcmp(kind, "home") == 0) {
    assert_int_equal(sscanf(rest, "%63s %lf,%lf %31s%n", id, &b[0], &b[1], people, &used), 4);
    b[2] = b[0];
    b[3] = b[1];
    draft_box(&t->residents, id, b, true);
    draft_set(&t->residents, 0, "pop_65", people);
    read_people(t, rest + used);
  } else if (strcmp(kind, "cell") == 0) {
    assert_int_equal(sscanf(rest, "%63s %lf,%lf %lf,%lf %31s%n", id, &b[0], &b[1], &b[2], &b[3], people, &used), 6);
    draft_box(&t->residents, id, b, false);
    draft_set(&t->residents, 0, "pop_65", people);
    read_people(t, rest + used);
  } else if (strcmp(kind, "threshold") == 0) {
    t->threshold_m = atof(rest);
  } else if (strcmp(kind, "placement") == 0) {
    t->by_streets = strncmp(rest, "streets", 7) == 0;
  } else {
    return case_targets_line(&t->plan, kind, rest);
  }
  return true;
}

static uint32_t check_line(town_case *t, const char *path, uint32_t number, const char *rest) {
  char what[32], who[64], expected[64], got[64] = "nothing";
  if (sscanf(rest, "%31s %63s = %63s", what, who, expected) != 3)
    fail_msg("%s:%u: cannot read this line", path, number);
  if (strcmp(what, "issues") == 0) snprintf(got, sizeof got, "%u", count_issues(t, who));
  bool is_known = strcmp(what, "issues") == 0 || answer(t, what, who, got, sizeof got);
  if (is_known ? agrees(got, expected) : strcmp(expected, "none") == 0) return 0;
  print_error("%s:%u: %s of %s is %s, expected %s\n", path, number, what, who, got, expected);
  return 1;
}

static void run_case(void **state) {
  const char *path = *state;
  town_case *t = calloc(1, sizeof *t);
  assert_non_null(t);
  ky_job_init(&t->job, 2);
  t->threshold_m = 500;
  t->by_streets = true;
  case_targets_init(&t->plan);
  uint32_t expected = 0, failed = 0;
  for (int pass = 0; pass < 2; pass++) {
    FILE *file = fopen(path, "r");
    char line[2048], kind[32];
    int used;
    assert_non_null(file);
    for (uint32_t number = 1; fgets(line, sizeof line, file) != NULL; number++) {
      line[strcspn(line, "#\r\n")] = '\0';
      used = 0;
      if (sscanf(line, "%31s %n", kind, &used) < 1) continue;
      bool is_expectation = strcmp(kind, "expect") == 0;
      if (pass == 0 && !is_expectation && !read_line(t, kind, line + used))
        fail_msg("%s:%u: what is '%s'?", path, number, kind);
      if (pass == 1 && is_expectation) {
        failed += check_line(t, path, number, line + used);
        expected++;
      }
    }
    fclose(file);
    if (pass == 0) run_rooms(t);
  }
  const char *wrong = case_wrong_sum(&t->plan.zones, t->placed_zones.count);
  if (wrong != NULL) fail_msg("%s: the zones' %s do not add up to the municipality's", path, wrong);
  ky_job_free(&t->job);
  free(t);
  assert_true(expected > 0);
  assert_int_equal(failed, 0);
}

int main(void) {
  glob_t found;
  if (glob(KY_SOURCE_DIR "/tests/cases/*.case", 0, NULL, &found) != 0) return 1;
  struct CMUnitTest *tests = calloc(found.gl_pathc, sizeof *tests);
  if (tests == NULL) return 1;
  for (size_t i = 0; i < found.gl_pathc; i++)
    tests[i] = (struct CMUnitTest){
        .name = strrchr(found.gl_pathv[i], '/') + 1, .test_func = run_case, .initial_state = found.gl_pathv[i]};
  int failed = _cmocka_run_group_tests("cases", tests, found.gl_pathc, NULL, NULL);
  free(tests);
  globfree(&found);
  return failed;
}
