/* Ways to streets and barriers: against every segment of random networks in plain floating-point code, and the same for
 * any order of the input and number of threads. */
#include <math.h>

#include "town.h"

enum { PLACES = 60, LINES = 24 };
static const ky_network_opts opts = {.snap_cap_m = 200, .min_component_mm = 1000000};

static double any(uint64_t *seed, double span) {
  return (double)(town_random(seed) % (uint64_t)(span * 1000)) / 1000;
}

/* Lines of the shape; on_grid: on a coarse grid, where touching and passing through vertices come often. */
static void random_lines(uint64_t *seed, uint32_t count, double span, double reach, bool on_grid, town_lines *lines) {
  lines->count = lines->vertex_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    double xy[5][2];
    uint32_t n = 2 + (uint32_t)(town_random(seed) % 3);
    xy[0][0] = on_grid ? (double)(town_random(seed) % 8) * 50 : any(seed, span);
    xy[0][1] = on_grid ? (double)(town_random(seed) % 8) * 50 : any(seed, span);
    for (uint32_t k = 1; k < n; k++) {
      xy[k][0] = xy[k - 1][0] + (on_grid ? 50 : any(seed, reach) - reach / 2);
      xy[k][1] = xy[k - 1][1] + (on_grid ? (double)(town_random(seed) % 3) * 50 - 50 : any(seed, reach) - reach / 2);
    }
    if (n == 4 && town_random(seed) % 2 == 0) memcpy(xy[n++], xy[0], sizeof *xy); /* a water */
    town_line(lines, n, (const double(*)[2])xy);
  }
}

/* A town: streets that join (each begins where another has a vertex), some apart, and barriers. */
typedef struct trial {
  ky_job job;
  ky_ways ways;
  ky_raw barriers;
  ky_network network;
  double x[PLACES], y[PLACES];
  ky_anchors anchors;
} trial;

static void join_lines(uint64_t *seed, town_lines *lines) {
  for (uint32_t i = 1; i < lines->count; i++) {
    if (town_random(seed) % 5 == 0) continue;
    uint32_t v = (uint32_t)(town_random(seed) % lines->first[i]);
    lines->x[lines->first[i]] = lines->x[v];
    lines->y[lines->first[i]] = lines->y[v];
  }
}

static void make_trial(const town_lines *streets, const town_lines *barriers, const uint32_t *order, int threads,
                       const double *x, const double *y, trial *t) {
  ky_ways lines;
  ky_job_init(&t->job, threads);
  town_ways(&t->job, streets, order, NULL, &t->ways);
  town_ways(&t->job, barriers, order, NULL, &lines);
  t->barriers = (ky_raw){.shapes = lines.shapes};
  assert_int_equal(ky_network_build(&t->job, &t->ways, &t->network), KY_OK);
  assert_int_equal(ky_network_bar(&t->job, &t->barriers, 1, &opts, &t->network), KY_OK);
  memcpy(t->x, x, sizeof t->x);
  memcpy(t->y, y, sizeof t->y);
  assert_int_equal(ky_network_anchor(&t->job, &t->network, t->x, t->y, PLACES, NULL, &opts, &t->anchors), KY_OK);
}

static double cross_of(double ax, double ay, double bx, double by, double cx, double cy) {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

static bool is_inside(const town_lines *lines, uint32_t line, double x, double y) {
  bool inside = false;
  for (uint32_t v = lines->first[line]; v + 1 < lines->first[line + 1]; v++) {
    double ax = lines->x[v], ay = lines->y[v], bx = lines->x[v + 1], by = lines->y[v + 1];
    if ((ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)) inside = !inside;
  }
  return inside;
}

/* Does the way, shortened at both ends, cross a line that the place may not cross? */
static bool crosses(const town_lines *barriers, double px, double py, double qx, double qy, double cut_m) {
  double length = hypot(qx - px, qy - py), ux = (qx - px) / length * cut_m, uy = (qy - py) / length * cut_m;
  if (!(length > 2 * cut_m)) return false;
  double ax = px + ux, ay = py + uy, bx = qx - ux, by = qy - uy;
  for (uint32_t i = 0; i < barriers->count; i++) {
    uint32_t first = barriers->first[i], last = barriers->first[i + 1] - 1;
    bool is_water =
        last - first >= 3 && barriers->x[first] == barriers->x[last] && barriers->y[first] == barriers->y[last];
    if (is_water && is_inside(barriers, i, px, py)) continue;
    for (uint32_t v = first; v < last; v++) {
      double cx = barriers->x[v], cy = barriers->y[v], dx = barriers->x[v + 1], dy = barriers->y[v + 1];
      if (cross_of(ax, ay, bx, by, cx, cy) * cross_of(ax, ay, bx, by, dx, dy) <= 0 &&
          cross_of(cx, cy, dx, dy, ax, ay) * cross_of(cx, cy, dx, dy, bx, by) <= 0 && fmin(ax, bx) <= fmax(cx, dx) &&
          fmax(ax, bx) >= fmin(cx, dx) && fmin(ay, by) <= fmax(cy, dy) && fmax(ay, by) >= fmin(cy, dy))
        return true;
    }
  }
  return false;
}

/* The nearest free segment of every edge; *is_doubtful: a way touches a barrier within a few millimetres. */
static double nearest_free(const trial *t, const town_lines *barriers, uint32_t place, uint64_t min_component_mm,
                           double *nearest_barred, bool *is_doubtful) {
  const ky_network *n = &t->network;
  double best = INFINITY;
  *nearest_barred = INFINITY;
  for (uint32_t e = 0; e < n->edge_count; e++) {
    if (n->component_mm[n->component[n->edge_from[e]]] < min_component_mm) continue;
    for (uint32_t v = n->first_vertex[e]; v + 1 < n->first_vertex[e + 1]; v++) {
      double ax = n->vertex_x_m[v], ay = n->vertex_y_m[v], dx = n->vertex_x_m[v + 1] - ax,
             dy = n->vertex_y_m[v + 1] - ay, px = t->x[place], py = t->y[place];
      double f = fmin(1, fmax(0, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)));
      double qx = ax + f * dx, qy = ay + f * dy, d = hypot(px - qx, py - qy);
      if (d > opts.snap_cap_m) continue;
      bool is_crossed = crosses(barriers, px, py, qx, qy, 0.002);
      if (is_crossed != crosses(barriers, px, py, qx, qy, 0.006) || is_crossed != crosses(barriers, px, py, qx, qy, 0))
        *is_doubtful = true;
      double *side = is_crossed ? nearest_barred : &best;
      *side = fmin(*side, d);
    }
  }
  return best;
}

/* Counts of places: free, with a farther street, without any; doubtful. */
static void check_places(const trial *t, const town_lines *barriers, uint32_t count[4]) {
  for (uint32_t i = 0; i < PLACES; i++) {
    bool is_doubtful = false;
    double barred, barred_small = INFINITY,
                   best = nearest_free(t, barriers, i, opts.min_component_mm, &barred, &is_doubtful);
    bool is_barred = isfinite(barred) && barred < best;
    if (!isfinite(best)) {
      best = nearest_free(t, barriers, i, 0, &barred_small, &is_doubtful);
      is_barred = is_barred || (isfinite(barred_small) && barred_small < best);
    }
    if (is_doubtful) {
      count[3]++;
      continue;
    }
    const ky_barred expected = !is_barred ? KY_BARRED_NONE : isfinite(best) ? KY_BARRED_NEARER : KY_BARRED_ALL;
    assert_int_equal(t->anchors.edge[i] == KY_NONE, !isfinite(best));
    assert_int_equal(t->anchors.barred != NULL ? t->anchors.barred[i] : KY_BARRED_NONE, expected);
    if (isfinite(best)) assert_true(fabs(t->anchors.access_mm[i] - best * 1000) < 2.5);
    count[expected]++;
  }
}

static void test_against_every_segment(void **state) {
  (void)state;
  static town_lines streets, barriers;
  static trial t;
  uint64_t seed = 4711;
  uint32_t count[4] = {0};
  double x[PLACES], y[PLACES];
  for (uint32_t round = 0; round < 200; round++) {
    random_lines(&seed, 2 + (uint32_t)(town_random(&seed) % LINES), 700, 400, false, &streets);
    join_lines(&seed, &streets);
    random_lines(&seed, (uint32_t)(town_random(&seed) % 50), 700, 300, false, &barriers);
    for (uint32_t i = 0; i < PLACES; i++) {
      x[i] = any(&seed, 900) - 100;
      y[i] = any(&seed, 900) - 100;
    }
    make_trial(&streets, &barriers, NULL, 1 + (int)(round % 2), x, y, &t);
    check_places(&t, &barriers, count);
    ky_job_free(&t.job);
  }
  print_message("# %u free, %u farther, %u without a street, %u touched\n", count[0], count[1], count[2], count[3]);
  assert_true(count[KY_BARRED_NONE] > 2000 && count[KY_BARRED_NEARER] > 500 && count[KY_BARRED_ALL] > 500 &&
              count[3] < 200);
}

/* On a coarse grid ways touch barriers and pass through their vertices all the time: the same answers for any order of
 * streets and barriers and for two threads. */
static void test_order_and_threads(void **state) {
  (void)state;
  static town_lines streets, barriers;
  static trial a, b;
  uint64_t seed = 12;
  uint32_t order[LINES], differs = 0;
  double x[PLACES], y[PLACES];
  for (uint32_t round = 0; round < 60; round++) {
    random_lines(&seed, LINES, 0, 0, true, &streets);
    random_lines(&seed, LINES, 0, 0, true, &barriers);
    for (uint32_t i = 0; i < LINES; i++) order[i] = (i * 7 + round) % LINES;
    for (uint32_t i = 0; i < PLACES; i++) {
      x[i] = (double)(town_random(&seed) % 16) * 25;
      y[i] = (double)(town_random(&seed) % 16) * 25;
    }
    make_trial(&streets, &barriers, NULL, 1, x, y, &a);
    make_trial(&streets, &barriers, order, 2, x, y, &b);
    assert_memory_equal(a.anchors.edge, b.anchors.edge, PLACES * sizeof *a.anchors.edge);
    assert_memory_equal(a.anchors.along_mm, b.anchors.along_mm, PLACES * sizeof *a.anchors.along_mm);
    assert_memory_equal(a.anchors.access_mm, b.anchors.access_mm, PLACES * sizeof *a.anchors.access_mm);
    assert_memory_equal(a.anchors.barred, b.anchors.barred, PLACES);
    for (uint32_t i = 0; i < PLACES; i++) differs += a.anchors.barred[i] != KY_BARRED_NONE;
    ky_job_free(&a.job);
    ky_job_free(&b.job);
  }
  assert_true(differs > 500);
}

/* One barrier, ways given by hand: metres. */
static bool is_crossed(const double (*barrier)[2], uint32_t n, double px, double py, double qx, double qy) {
  static town_lines lines;
  ky_job job;
  ky_ways ways;
  ky_barriers barriers;
  ky_job_init(&job, 1);
  lines.count = lines.vertex_count = 0;
  town_line(&lines, n, barrier);
  town_ways(&job, &lines, NULL, NULL, &ways);
  const ky_raw raw = {.shapes = ways.shapes};
  assert_int_equal(ky_barriers_build(&job, &raw, 1, (ky_box){-1e6, -1e6, 1e6, 1e6}, &barriers), KY_OK);
  bool answer = ky_barriers_cross(&barriers, px, py, qx, qy);
  ky_job_free(&job);
  return answer;
}

static void test_touching(void **state) {
  (void)state;
  const double line[][2] = {{0, 0}, {10, 0}, {20, 0}}, water[][2] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}};
  assert_true(is_crossed(line, 3, 5, 5, 5, -5));
  assert_true(is_crossed(line, 3, 10, 5, 10, -5)); /* through a vertex of it */
  assert_true(is_crossed(line, 3, 20, 5, 20, -5)); /* past its very end */
  assert_false(is_crossed(line, 3, 20.001, 5, 20.001, -5));
  assert_false(is_crossed(line, 3, 5, 5, 5, 0));      /* ends on it */
  assert_false(is_crossed(line, 3, 5, 0, 5, -5));     /* begins on it */
  assert_false(is_crossed(line, 3, 5, 5, 5, -0.001)); /* rounding could have put the end there */
  assert_true(is_crossed(line, 3, 5, 5, 5, -0.004));
  assert_true(is_crossed(line, 3, -5, 0, 25, 0));         /* along it */
  assert_false(is_crossed(line, 3, 5, 0.001, 5, -0.001)); /* no way at all */
  assert_false(is_crossed(line, 3, 5, 5, 5, 5));
  assert_true(is_crossed(water, 5, -5, 5, 15, 5));
  assert_true(is_crossed(water, 5, -5, 5, 5, 5));  /* to a street in the middle of it */
  assert_false(is_crossed(water, 5, 5, 5, 15, 5)); /* out of it */
  assert_true(is_crossed(line, 2, 1e9 + 5, 5, 1e9 + 5, -5) == false);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_against_every_segment),
      cmocka_unit_test(test_order_and_threads),
      cmocka_unit_test(test_touching),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
