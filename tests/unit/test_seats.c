/* Seats: hand-counted towns, every small instance against its own definition by brute force, sets against a field per
 * venue. */
#include "core/ratio.h"
#include "core/seats_fair.h"
#include "world.h"

static const ky_seats_opts OPTS = {.attendances_milli = 4000, .max_unknown_share = 200000};

#define ZONES   5
#define CLASSES 8
#define VENUES  6

/* A town of a few classes, each with a bit per venue in range. */
typedef struct instance {
  uint32_t zone_count, class_count, venue_count;
  int64_t demand[ZONES], people[CLASSES], capacity[VENUES];
  uint32_t zone[CLASSES], reach[CLASSES];
} instance;

/* venue_order: where each venue stands in the arrays; NULL: as they are. */
static ky_seats solve(ky_job *job, const instance *in, const uint32_t *venue_order) {
  ky_venue_sets sets = {.count = in->class_count, .row = (uint32_t *)in->zone, .people_65 = (int64_t *)in->people};
  uint32_t first[CLASSES + 1] = {0}, venue[CLASSES * VENUES], place[VENUES];
  int64_t capacity[VENUES], sessions[VENUES];
  ky_venues venues = {.count = in->venue_count, .capacity = capacity, .sessions_milli = sessions};
  ky_seats out;
  for (uint32_t v = 0; v < in->venue_count; v++) {
    place[v] = venue_order != NULL ? venue_order[v] : v;
    capacity[place[v]] = in->capacity[v];
    sessions[place[v]] = 4000;
  }
  for (uint32_t c = 0; c < in->class_count; c++) {
    first[c + 1] = first[c];
    for (uint32_t p = 0; p < in->venue_count; p++)
      for (uint32_t v = 0; v < in->venue_count; v++)
        if (place[v] == p && (in->reach[c] >> v & 1) != 0) venue[first[c + 1]++] = p;
  }
  sets.first_venue = first;
  sets.venue = venue;
  assert_int_equal(ky_seats_assign(job, in->zone_count, &venues, &sets, in->demand, &OPTS, &out), KY_OK);
  return out;
}

/* Two zones share one venue of 30 seats, the first has another of 10: 40 and 60 of demand, 16 and 24 seats. */
static void test_two_zones(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  const instance in = {.zone_count = 2,
                       .class_count = 3,
                       .venue_count = 2,
                       .demand = {40 * KY_MICRO, 60 * KY_MICRO},
                       .people = {1000, 1000, 500},
                       .zone = {0, 0, 1},
                       .reach = {1, 3, 1},
                       .capacity = {30, 10}};
  ky_seats s = solve(&job, &in, NULL);
  assert_null(s.reason);
  assert_int_equal(s.served[0], 16 * KY_MICRO); /* 40 seats for 100 people: two fifths of each */
  assert_int_equal(s.served[1], 24 * KY_MICRO);
  assert_int_equal(s.is_short[0], 1);
  assert_int_equal(s.is_short[1], 1);
  assert_int_equal(s.in_range_count, 2);
  ky_job_free(&job);
}

/* The poor zone can have only its own 5 of 50; what the others cannot use of it does not make them poorer: 20 of 20 and
 * 25 of 30. */
static void test_bottleneck(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  const instance in = {.zone_count = 3,
                       .class_count = 4,
                       .venue_count = 3,
                       .demand = {50 * KY_MICRO, 20 * KY_MICRO, 30 * KY_MICRO},
                       .people = {10, 10, 20, 10},
                       .zone = {0, 1, 2, 2},
                       .reach = {1, 2, 4, 0}, /* a third of zone 2 has no venue: 10 */
                       .capacity = {5, 20, 100}};
  ky_seats s = solve(&job, &in, NULL);
  assert_int_equal(s.served[0], 5 * KY_MICRO);
  assert_int_equal(s.served[1], 20 * KY_MICRO);
  assert_int_equal(s.served[2], 20 * KY_MICRO);
  assert_int_equal(s.is_short[0], 1);
  assert_int_equal(s.is_short[1], 0); /* exactly full, and nobody is left */
  assert_int_equal(s.is_short[2], 0);
  ky_job_free(&job);
}

/* One venue in five may be unknown, and then has seats for everybody; two in six are too many. */
static void test_unknown(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  instance in = {.zone_count = 1,
                 .class_count = 2,
                 .venue_count = 5,
                 .demand = {1000 * KY_MICRO},
                 .people = {600, 400},
                 .reach = {31, 3},
                 .capacity = {5, 5, 5, 5, KY_NULL}};
  ky_seats s = solve(&job, &in, NULL);
  assert_null(s.reason);
  assert_int_equal(s.unknown_count, 1);
  assert_int_equal(s.served[0], 610 * KY_MICRO); /* 600 beside the unknown one, 10 of the 400 */
  in.venue_count = 6;
  in.reach[0] = 63;
  in.capacity[5] = KY_NULL;
  s = solve(&job, &in, NULL);
  assert_string_equal(s.reason, "seats_unknown");
  assert_true(s.served[0] == KY_NULL);
  assert_int_equal(s.is_short[0], -1);
  assert_int_equal(s.unknown_count, 2);
  in.reach[0] = 31; /* the sixth is in nobody's range */
  s = solve(&job, &in, NULL);
  assert_null(s.reason);
  assert_int_equal(s.is_short[5], -1);
  ky_job_free(&job);
}

/* No venues, no classes, no demand, no zones; capacity that nobody can have; capacity that cannot be. */
static void test_edges(void **state) {
  (void)state;
  ky_job job;
  ky_job_init(&job, 1);
  instance in = {0};
  solve(&job, &in, NULL);
  in.zone_count = 2;
  ky_seats s = solve(&job, &in, NULL);
  assert_int_equal(s.served[0], 0);
  assert_null(s.reason);
  in = (instance){.zone_count = 2,
                  .class_count = 2,
                  .venue_count = 3,
                  .demand = {KY_DEMAND_MOST / 2, KY_DEMAND_MOST / 2},
                  .people = {INT64_C(100000000000), INT64_C(100000000000)},
                  .zone = {0, 1},
                  .reach = {7, 7},
                  .capacity = {INT64_MAX, 0, 1}};
  s = solve(&job, &in, NULL);
  assert_int_equal(s.served[0], KY_DEMAND_MOST / 2);
  in.capacity[0] = 100000000;
  s = solve(&job, &in, NULL);
  assert_int_equal(s.served[0] + s.served[1], INT64_C(100000001) * KY_MICRO);
  assert_int_equal(s.served[0], s.served[1]);
  assert_true(ky_venue_seats(-5, 4000, 4000) == KY_NULL);
  assert_true(ky_venue_seats(20, -1000, 4000) == KY_NULL);
  assert_int_equal(ky_venue_seats(20, 0, 4000), 0);
  assert_int_equal(ky_venue_seats(INT64_MAX, INT64_MAX, 4000), INT64_MAX);
  const ky_seat_use over = ky_seat_use_of(20, 25), empty = ky_seat_use_of(20, 0), none = ky_seat_use_of(KY_NULL, 0);
  assert_true(over.free == 0 && over.over == 5 && over.is_full == 1 && over.is_empty == 0);
  assert_true(empty.free == 20 && empty.over == 0 && empty.is_full == 0 && empty.is_empty == 1);
  assert_true(none.free == KY_NULL && none.over == KY_NULL && none.is_full == -1 && none.is_empty == 1);
  ky_job_free(&job);
}

/* f(A): the most that the zones of A can have, by the definition of a cut: for every set of venues that are given up,
 * their seats and the demand of all who have another. In micro. */
static int64_t most_of(const instance *in, const int64_t *class_demand, uint32_t zones, const int64_t *seats) {
  int64_t best = INT64_MAX;
  for (uint32_t w = 0; w < 1u << in->venue_count; w++) {
    int64_t cut = 0;
    for (uint32_t v = 0; v < in->venue_count; v++)
      if ((w >> v & 1) != 0) cut = seats[v] == KY_NULL ? INT64_MAX / 4 : cut + seats[v];
    for (uint32_t c = 0; c < in->class_count; c++)
      if ((zones >> in->zone[c] & 1) != 0 && (in->reach[c] & ~w) != 0) cut += class_demand[c];
    if (cut < best) best = cut;
  }
  return best;
}

static int64_t demand_of(const instance *in, uint32_t zones) {
  int64_t sum = 0;
  for (uint32_t z = 0; z < in->zone_count; z++)
    if ((zones >> z & 1) != 0) sum += in->demand[z];
  return sum;
}

/* Filling up by hand: of all sets of zones beside those that have theirs, the one whose seats give the least share has
 * just that. Returns what each zone has, times its set's demand over `unit`. */
static void fill_up(const instance *in, const int64_t *class_demand, const int64_t *seats, double *served) {
  uint32_t done = 0, all = 0;
  for (uint32_t z = 0; z < in->zone_count; z++) {
    served[z] = 0;
    if (in->demand[z] > 0) all |= 1u << z;
  }
  while (done != all) {
    uint32_t best = 0;
    int64_t best_gain = 0, best_demand = 0, before = most_of(in, class_demand, done, seats);
    for (uint32_t a = all; a != 0; a = (a - 1) & all) {
      if ((a & done) != 0) continue;
      const int64_t gain = most_of(in, class_demand, done | a, seats) - before, demand = demand_of(in, a);
      const ky_wide left = (ky_wide)gain * best_demand, right = (ky_wide)best_gain * demand;
      if (best != 0 && left > right) continue;
      if (best != 0 && left == right)
        best |= a; /* unions of tight sets are tight */
      else
        best = a;
      best_gain = most_of(in, class_demand, done | best, seats) - before;
      best_demand = demand_of(in, best);
    }
    for (uint32_t z = 0; z < in->zone_count; z++)
      if ((best >> z & 1) != 0) served[z] = (double)in->demand[z] * (double)best_gain / (double)best_demand;
    done |= best;
  }
}

static void random_instance(uint64_t *seed, instance *in) {
  *in = (instance){.zone_count = 1 + (uint32_t)(town_random(seed) % ZONES),
                   .class_count = (uint32_t)(town_random(seed) % (CLASSES + 1)),
                   .venue_count = 1 + (uint32_t)(town_random(seed) % VENUES)};
  const uint64_t most = town_random(seed) % 3 == 0 ? 3 : 40;
  for (uint32_t v = 0; v < in->venue_count; v++) in->capacity[v] = (int64_t)(town_random(seed) % most);
  if (in->venue_count >= 5 && town_random(seed) % 2 == 0) in->capacity[0] = KY_NULL;
  for (uint32_t c = 0; c < in->class_count; c++) {
    in->zone[c] = (uint32_t)(town_random(seed) % in->zone_count);
    in->reach[c] = (uint32_t)(town_random(seed) & town_random(seed) & ((1u << in->venue_count) - 1));
    in->people[c] = 1 + (int64_t)(town_random(seed) % 9);
    in->demand[in->zone[c]] += in->people[c] * (int64_t)(town_random(seed) % 5);
  }
  for (uint32_t z = 0; z < in->zone_count; z++) in->demand[z] *= KY_MICRO;
}

static bool is_in_range(const instance *in, uint32_t v) {
  for (uint32_t c = 0; c < in->class_count; c++)
    if ((in->reach[c] >> v & 1) != 0) return true;
  return false;
}

/* The zone's demand by its classes' people; micro units make what rounding does to a share invisible. */
static void share(const instance *in, int64_t *class_demand) {
  for (uint32_t c = 0; c < in->class_count; c++) {
    int64_t people = 0;
    for (uint32_t d = 0; d < in->class_count; d++)
      if (in->zone[d] == in->zone[c]) people += in->people[d];
    class_demand[c] = in->demand[in->zone[c]] * in->people[c] / people;
  }
}

static void test_brute_force(void **state) {
  (void)state;
  uint64_t seed = 20261123;
  uint32_t assigned = 0, tight = 0;
  print_message("seed %llu\n", (unsigned long long)seed);
  for (int trial = 0; trial < 3000; trial++) {
    instance in;
    int64_t class_demand[CLASSES], seats[VENUES], sum = 0;
    double served[ZONES];
    uint32_t order[VENUES];
    ky_job job;
    ky_job_init(&job, 1);
    random_instance(&seed, &in);
    for (uint32_t v = 0; v < in.venue_count; v++) {
      order[v] = in.venue_count - 1 - v;
      seats[v] = in.capacity[v] == KY_NULL ? KY_NULL : in.capacity[v] * KY_MICRO;
    }
    ky_seats s = solve(&job, &in, NULL), turned = solve(&job, &in, order);
    assert_true((s.reason == NULL) == (turned.reason == NULL));
    if (s.reason == NULL) {
      share(&in, class_demand);
      fill_up(&in, class_demand, seats, served);
      const int64_t most = most_of(&in, class_demand, (1u << in.zone_count) - 1, seats);
      for (uint32_t z = 0; z < in.zone_count; z++) {
        assert_true((double)s.served[z] > served[z] - 20 && (double)s.served[z] < served[z] + 20); /* micro */
        assert_true(s.served[z] >= 0 && s.served[z] <= in.demand[z]);
        assert_int_equal(s.served[z], turned.served[z]);
        sum += s.served[z];
      }
      assert_true(sum >= most - CLASSES && sum <= most + CLASSES);
      assigned++;
      for (uint32_t v = 0; v < in.venue_count; v++) {
        assert_int_equal(s.is_short[v], turned.is_short[order[v]]);
        if (!is_in_range(&in, v)) assert_int_equal(s.is_short[v], -1);
        if (s.is_short[v] < 0 || seats[v] == KY_NULL) continue;
        seats[v] += KY_MICRO / 1000; /* more than the shares' rounding */
        const bool is_short = most_of(&in, class_demand, (1u << in.zone_count) - 1, seats) > most + 2 * CLASSES;
        seats[v] -= KY_MICRO / 1000;
        assert_int_equal(s.is_short[v], is_short);
        tight += is_short;
      }
    }
    ky_job_free(&job);
  }
  assert_true(assigned > 1500 && tight > 500);
}

/* Every third venue serves one zone only. */
static bool is_kept_out(uint32_t venue, uint32_t row) {
  return venue % 3 == 2 && row != venue % 2;
}

static void bind_venues(world *w) {
  uint32_t first[17] = {0}, zone[16];
  for (uint32_t v = 0; v < w->venues.count; v++) {
    first[v + 1] = first[v];
    if (v % 3 == 2) zone[first[v + 1]++] = v % 2;
  }
  assert_int_equal(
      ky_catchments_build(&w->job, w->venues.count, first, zone, KY_ROW_COUNT(&w->zones), &w->venues.catchments),
      KY_OK);
}

/* Which venues reach a point, by a field for each venue alone. */
static void expect_sets(world *w, const ky_network *network, const ky_anchors *at, const ky_anchors *home,
                        uint32_t some) {
  ky_job *job = &w->job;
  ky_contraction contraction;
  ky_venue_sets sets;
  uint32_t *reach, *walk_mm, pairs = 0, wanted = 0;
  WORLD_NEW(w, reach, w->points.count);
  WORLD_NEW(w, walk_mm, w->points.count * w->venues.count);
  assert_int_equal(ky_contract(job, network, &contraction), KY_OK);
  for (uint32_t v = 0; v < w->venues.count; v++) {
    int8_t use[16] = {0};
    ky_field field;
    ky_walks walks;
    use[v] = w->venues.counts[v];
    assert_int_equal(ky_walk_field(job, network, &contraction, at, use, &field), KY_OK);
    assert_int_equal(ky_walk_places(job, network, &field, at, use, home, &walks), KY_OK);
    for (uint32_t i = 0; i < w->points.count; i++) walk_mm[v * w->points.count + i] = walks.walk_mm[i];
  }
  const uint32_t exact = walk_mm[some % (w->venues.count * w->points.count)];
  const uint32_t primary_mm = exact != KY_NONE && exact > 0 ? exact : some % 300000; /* mostly somebody's exact walk */
  for (uint32_t v = 0; v < w->venues.count; v++)
    for (uint32_t i = 0; i < w->points.count; i++)
      if (walk_mm[v * w->points.count + i] <= primary_mm &&
          (w->venues.catchments.set == NULL || !is_kept_out(v, w->points.row[i])))
        reach[i] |= 1u << v;
  for (uint32_t i = 0; i < w->points.count; i++) w->coverage.reach[i] = reach[i] != 0 ? KY_COVERED : KY_BEYOND;
  assert_int_equal(
      ky_venue_sets_build(job, &w->points, &w->zones, &w->venues, network, home, at, &w->coverage, primary_mm, &sets),
      KY_OK);
  int64_t people = 0;
  for (uint32_t c = 0; c < sets.count; c++) {
    uint32_t bits = 0;
    int64_t of_class = 0;
    for (uint32_t k = sets.first_venue[c]; k < sets.first_venue[c + 1]; k++) {
      assert_true(k == sets.first_venue[c] || sets.venue[k] > sets.venue[k - 1]);
      bits |= 1u << sets.venue[k];
      pairs++;
    }
    for (uint32_t i = 0; i < w->points.count; i++)
      if (w->points.row[i] == sets.row[c] && reach[i] == bits) of_class += w->points.people[KY_65][i];
    assert_int_equal(of_class, sets.people_65[c]); /* all of them, so no set is there twice */
    people += of_class;
  }
  for (uint32_t i = 0; i < w->points.count; i++)
    if (w->points.row[i] < w->zones.count && reach[i] != 0) wanted += w->points.people[KY_65][i];
  assert_int_equal(people, wanted);
  assert_int_equal(pairs, sets.first_venue[sets.count]);
}

static void test_sets(void **state) {
  (void)state;
  uint64_t seed = 20261124;
  static town_lines lines;
  print_message("seed %llu\n", (unsigned long long)seed);
  for (int trial = 0; trial < 200; trial++) {
    world w;
    ky_ways ways;
    ky_network network;
    memset(&w, 0, sizeof w);
    ky_job_init(&w.job, 1 + trial % 3);
    town_random_lines(&seed, &lines);
    town_ways(&w.job, &lines, NULL, NULL, &ways);
    assert_int_equal(ky_network_build(&w.job, &ways, &network), KY_OK);
    world_zones(&w, 2);
    world_points(&w, 1 + (uint32_t)(town_random(&seed) % 200));
    world_venues(&w, 1 + (uint32_t)(town_random(&seed) % 15));
    if (trial % 2 == 0) bind_venues(&w);
    ky_anchors at = town_anchors(&w.job, w.venues.count), home = town_anchors(&w.job, w.points.count);
    town_random_anchors(&seed, &network, &at);
    town_random_anchors(&seed, &network, &home);
    for (uint32_t v = 0; v < w.venues.count; v++)
      w.venues.counts[v] = at.edge[v] != KY_NONE && town_random(&seed) % 5 != 0;
    for (uint32_t i = 0; i < w.points.count; i++) {
      w.points.row[i] = (uint32_t)(town_random(&seed) % KY_ROW_MUNICIPALITY(&w.zones));
      w.points.people[KY_65][i] = (uint32_t)(town_random(&seed) % 3) * 500;
    }
    expect_sets(&w, &network, &at, &home, (uint32_t)(town_random(&seed) % 1000000));
    ky_job_free(&w.job);
  }
}

/* A street of ten places, each with a venue and forty homes. */
static ky_network street;
static ky_anchors street_venues, street_homes;

static ky_err sets_room(world *w) {
  return ky_venue_sets_build(&w->job, &w->points, &w->zones, &w->venues, &street, &street_homes, &street_venues,
                             &w->coverage, 300000, &w->sets);
}

static void test_sets_memory(void **state) {
  (void)state;
  static town_lines lines;
  ky_ways ways;
  world w;
  memset(&w, 0, sizeof w);
  ky_job_init(&w.job, 1);
  lines.count = lines.vertex_count = 0;
  for (int i = 0; i < 10; i++) town_line(&lines, 2, (const double[][2]){{i * 100, 0}, {i * 100 + 100, 0}});
  town_ways(&w.job, &lines, NULL, NULL, &ways);
  assert_int_equal(ky_network_build(&w.job, &ways, &street), KY_OK);
  world_zones(&w, 1);
  world_points(&w, 400);
  world_venues(&w, 10);
  street_venues = town_anchors(&w.job, 10);
  street_homes = town_anchors(&w.job, 400);
  for (uint32_t v = 0; v < 10; v++) street_venues.edge[v] = v;
  for (uint32_t i = 0; i < 400; i++) {
    street_homes.edge[i] = i / 40;
    w.points.people[KY_65][i] = 1000;
    w.coverage.reach[i] = KY_COVERED;
  }
  assert_int_equal(sets_room(&w), KY_OK);
  /* 3 streets before and behind the venue's own: sets of 4, 5, 6, 7, 7, 7, 7, 6, 5, 4 venues */
  assert_int_equal(w.sets.count, 10);
  assert_int_equal(w.sets.first_venue[10], 58);
  assert_int_equal(w.sets.people_65[3], 40000);
  world_starve(&w, &w.job.keep, sets_room);
  world_starve(&w, &w.job.scratch, sets_room);
  ky_job_free(&w.job);
}

static ky_err room(world *w) {
  ky_seats seats;
  int64_t demand[2] = {30 * KY_MICRO, 40 * KY_MICRO};
  KY_TRY(ky_seats_assign(&w->job, 2, &w->venues, &w->sets, demand, &OPTS, &seats));
  return ky_seats_report(&w->job, &w->venues, &seats);
}

static world *small_world(world *w) {
  memset(w, 0, sizeof *w);
  ky_job_init(&w->job, 1);
  world_zones(w, 2);
  world_points(w, 2);
  world_venues(w, 20);
  for (uint32_t i = 0; i < 2; i++) {
    w->points.row[i] = i;
    w->points.people[KY_65][i] = 1000;
    w->coverage.reach[i] = KY_COVERED;
  }
  for (uint32_t v = 0; v < 20; v++) {
    w->venues.capacity[v] = v == 3 ? KY_NULL : 2;
    w->venues.sessions_milli[v] = 4000;
    w->venues.participants[v] = v % 4;
  }
  world_ledger(w);
  for (uint32_t v = 0; v < 20; v++) world_range(w, v, v == 3 || v % 2 == 0, 1000);
  world_sets(w);
  return w;
}

/* One issue a kind, with the first twelve names. */
static void test_report(void **state) {
  (void)state;
  world w;
  assert_int_equal(room(small_world(&w)), KY_OK);
  const ky_issue *full = world_issue(&w.job, "venues_full"), *empty = world_issue(&w.job, "venues_empty"),
                 *over = world_issue(&w.job, "participants_over_seats"), *tight = world_issue(&w.job, "seats_short"),
                 *unknown = world_issue(&w.job, "seats_unknown");
  assert_true(full != NULL && empty != NULL && over != NULL && tight != NULL && unknown != NULL);
  assert_int_equal(w.job.issues.count, 5);
  assert_non_null(strstr(full->message, "5 counting venues are full: v2, v6, v10, v14, v18"));
  assert_non_null(strstr(over->message, "4 counting venues")); /* v7, v11, v15, v19; v3 has no known seats */
  assert_non_null(strstr(unknown->message, "v3"));
  /* zone 0 has v1, v5 ... of 2 seats each: 9 x 2 for 30; zone 1 has the unknown one */
  assert_non_null(strstr(tight->message, "9 venues"));
  ky_job_free(&w.job);
  for (int scratch = 0; scratch < 2; scratch++) {
    small_world(&w);
    world_starve(&w, scratch ? &w.job.scratch : &w.job.keep, room);
    ky_job_free(&w.job);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_two_zones),   cmocka_unit_test(test_bottleneck),  cmocka_unit_test(test_unknown),
      cmocka_unit_test(test_edges),       cmocka_unit_test(test_brute_force), cmocka_unit_test(test_sets),
      cmocka_unit_test(test_sets_memory), cmocka_unit_test(test_report),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
