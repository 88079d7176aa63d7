/* Times the choice of places. One JSON object a line. Usage:
 *   bench_solve pmed FILE ...                            p-median files of OR-Library
 *   bench_solve graph NODES EDGES PLACES SEED            a random graph of that kind
 *   bench_solve cover CANDIDATES POINTS PLACES REACH SEED  points and candidates in a square of 1, reach in its sides
 *   bench_solve seats CANDIDATES POINTS PLACES REACH SEED  the same with seats
 *   bench_solve file FILE ...   a problem in numbers: objective (0 coverage, 1 walk, 2 seats), candidates, demand,
 * budget, 1 when there are prices; weight and base of each demand; price, seats, whether given and length of each
 * candidate's list, then demand and cost of each entry KY_BENCH_SECONDS is the time limit of each answer. */
#include <kayoi/solve.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static uint64_t next_random(uint64_t *state) {
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state * UINT64_C(2685821657736338717);
}

static double next_unit(uint64_t *state) {
  return (double)(next_random(state) >> 11) / 9007199254740992.0;
}

static void *array(size_t count, size_t size) {
  void *made = calloc(count == 0 ? 1 : count, size);
  if (made == NULL) exit(6);
  return made;
}

static void answer(const char *name, const ky_choices *problem, uint64_t places) {
  static const char *const ends[KY_SOLVE_END_COUNT] = {"proven", "work", "time", "memory", "failed", "impossible"};
  ky_job job;
  ky_choice *choice;
  ky_chosen chosen;
  ky_solve_opts opts = ky_solve_defaults();
  const char *seconds = getenv("KY_BENCH_SECONDS");
  if (seconds != NULL) opts.time_limit_ms = (uint32_t)(strtod(seconds, NULL) * 1e3);
  ky_job_init(&job, 2);
  double from_ms = now_ms();
  if (ky_choices_prepare(&job, problem, &choice) != KY_OK) exit(3);
  double middle_ms = now_ms();
  if (ky_choose_best(&job, choice, places, &opts, &chosen) != KY_OK) exit(3);
  printf(
      "{\"name\": \"%s\", \"places\": %llu, \"value\": %lld, \"bound\": %lld, \"gap_pct\": %.4f, \"end\": \"%s\", "
      "\"prepare_ms\": %.0f, \"solve_ms\": %.0f, \"peak_mb\": %zu}\n",
      name, (unsigned long long)places, (long long)chosen.value, (long long)chosen.bound,
      (double)ky_chosen_gap(&chosen) / 1e4, ends[chosen.end], middle_ms - from_ms, now_ms() - middle_ms,
      (job.keep.peak_bytes + job.scratch.peak_bytes) >> 20);
  fflush(stdout);
  ky_job_free(&job);
}

/* Walks between all nodes from the costs of edges (Floyd and Warshall), then the problem of choosing so many. */
static void answer_graph(const char *name, uint32_t nodes, uint32_t *walk, uint64_t places) {
  const size_t n = nodes;
  for (size_t k = 0; k < n; k++)
    for (size_t i = 0; i < n; i++) {
      if (walk[i * n + k] == KY_NONE) continue;
      for (size_t j = 0; j < n; j++)
        if (walk[k * n + j] != KY_NONE && walk[i * n + k] + walk[k * n + j] < walk[i * n + j])
          walk[i * n + j] = walk[i * n + k] + walk[k * n + j];
    }
  ky_choices problem = {.objective = KY_BY_WALK, .candidate_count = nodes, .demand_count = nodes};
  int64_t *weight = array(n, sizeof *weight);
  uint64_t *first = array(n + 1, sizeof *first);
  uint32_t *demand = array(n * n, sizeof *demand), *base = array(n, sizeof *base);
  for (size_t i = 0; i < n; i++) {
    weight[i] = 1;
    first[i + 1] = (i + 1) * n;
    for (size_t j = 0; j < n; j++) {
      demand[i * n + j] = (uint32_t)j;
      if (walk[i * n + j] != KY_NONE && walk[i * n + j] > base[j]) base[j] = walk[i * n + j];
    }
  }
  problem.weight = weight;
  problem.first = first;
  problem.demand = demand;
  problem.cost = walk;
  problem.base = base;
  answer(name, &problem, places);
  free(weight);
  free(first);
  free(demand);
  free(base);
}

static uint32_t *new_walk(size_t n) {
  uint32_t *walk = array(n * n, sizeof *walk);
  memset(walk, 0xff, n * n * sizeof *walk);
  for (size_t i = 0; i < n; i++) walk[i * n + i] = 0;
  return walk;
}

/* A repeated edge takes the last cost. */
static void pmed(const char *path) {
  unsigned long nodes = 0, edges = 0, places = 0, a = 0, b = 0, cost = 0;
  FILE *file = fopen(path, "r");
  if (file == NULL || fscanf(file, "%lu %lu %lu", &nodes, &edges, &places) != 3 || nodes == 0 || nodes > 5000) exit(3);
  uint32_t *walk = new_walk(nodes);
  for (unsigned long e = 0; e < edges; e++) {
    if (fscanf(file, "%lu %lu %lu", &a, &b, &cost) != 3 || a - 1 >= nodes || b - 1 >= nodes) exit(3);
    walk[(a - 1) * nodes + b - 1] = walk[(b - 1) * nodes + a - 1] = (uint32_t)cost;
  }
  fclose(file);
  const char *slash = strrchr(path, '/');
  answer_graph(slash == NULL ? path : slash + 1, (uint32_t)nodes, walk, places);
  free(walk);
}

/* A ring, so that it is connected, and random edges with costs of 1 to 100. */
static void graph(uint32_t nodes, uint32_t edges, uint64_t places, uint64_t seed) {
  uint32_t *walk = new_walk(nodes);
  for (uint32_t e = 0; e < edges; e++) {
    uint32_t a = e < nodes ? e : (uint32_t)(next_random(&seed) % nodes);
    uint32_t b = e < nodes ? (e + 1) % nodes : (uint32_t)(next_random(&seed) % nodes);
    if (a != b) walk[(size_t)a * nodes + b] = walk[(size_t)b * nodes + a] = 1 + (uint32_t)(next_random(&seed) % 100);
  }
  answer_graph("graph", nodes, walk, places);
  free(walk);
}

static void cover(ky_objective objective, uint32_t candidates, uint32_t points, uint64_t places, double reach,
                  uint64_t seed) {
  double *x = array((size_t)candidates + points, sizeof *x), *y = array((size_t)candidates + points, sizeof *y);
  int64_t *weight = array(points, sizeof *weight), sum = 0;
  uint64_t *first = array((size_t)candidates + 1, sizeof *first), n = 0, room = 1024;
  uint32_t *demand = array(room, sizeof *demand), *seats = array(candidates, sizeof *seats);
  for (uint32_t i = 0; i < candidates + points; i++) {
    x[i] = next_unit(&seed);
    y[i] = next_unit(&seed);
  }
  for (uint32_t i = 0; i < points; i++) sum += weight[i] = 1 + (int64_t)(next_random(&seed) % 5000);
  for (uint32_t c = 0; c < candidates; c++) {
    for (uint32_t d = 0; d < points; d++) {
      if (hypot(x[c] - x[candidates + d], y[c] - y[candidates + d]) > reach) continue;
      if (n == room) demand = realloc(demand, (room *= 2) * sizeof *demand);
      if (demand == NULL) exit(6);
      demand[n++] = d;
    }
    first[c + 1] = n;
    seats[c] = (uint32_t)(next_random(&seed) % (uint64_t)(1 + sum / (int64_t)places));
  }
  ky_choices problem = {.objective = objective,
                        .candidate_count = candidates,
                        .demand_count = points,
                        .weight = weight,
                        .first = first,
                        .demand = demand,
                        .seats = seats};
  printf("{\"candidates\": %u, \"points\": %u, \"reach\": %g, \"entries\": %llu, \"weight\": %lld}\n", candidates,
         points, reach, (unsigned long long)n, (long long)sum);
  answer(objective == KY_BY_SEATS ? "seats" : "cover", &problem, places);
  free(x);
  free(y);
  free(weight);
  free(first);
  free(demand);
  free(seats);
}

static uint64_t number_in(FILE *file) {
  unsigned long long number = 0;
  if (fscanf(file, "%llu", &number) != 1) exit(3);
  return number;
}

static void from_file(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) exit(3);
  ky_choices p = {.objective = (ky_objective)number_in(file)};
  const size_t n = p.candidate_count = (uint32_t)number_in(file), m = p.demand_count = (uint32_t)number_in(file);
  const uint64_t budget = number_in(file), has_prices = number_in(file);
  int64_t *weight = array(m, sizeof *weight);
  uint64_t *first = array(n + 1, sizeof *first);
  uint32_t *base = array(m, sizeof *base), *price = array(n, sizeof *price), *seats = array(n, sizeof *seats);
  uint32_t *demand = array(n * m, sizeof *demand), *cost = array(n * m, sizeof *cost);
  uint8_t *is_given = array(n, sizeof *is_given);
  for (size_t d = 0; d < m; d++) {
    weight[d] = (int64_t)number_in(file);
    base[d] = (uint32_t)number_in(file);
  }
  for (size_t c = 0; c < n; c++) {
    price[c] = (uint32_t)number_in(file);
    seats[c] = (uint32_t)number_in(file);
    is_given[c] = (uint8_t)number_in(file);
    first[c + 1] = first[c] + number_in(file);
    for (uint64_t e = first[c]; e < first[c + 1] && e < n * m; e++) {
      demand[e] = (uint32_t)number_in(file);
      cost[e] = (uint32_t)number_in(file);
    }
  }
  fclose(file);
  p.weight = weight;
  p.first = first;
  p.demand = demand;
  p.cost = cost;
  p.base = base;
  p.seats = seats;
  p.price = has_prices ? price : NULL;
  p.is_given = is_given;
  answer("file", &p, budget);
  free(weight);
  free(first);
  free(base);
  free(price);
  free(seats);
  free(demand);
  free(cost);
  free(is_given);
}

int main(int count, char **argument) {
  const char *kind = count < 2 ? "" : argument[1];
  double number[6] = {0};
  for (int i = 2; i < count && i < 8; i++) number[i - 2] = strtod(argument[i], NULL);
  if (strcmp(kind, "pmed") == 0) {
    for (int i = 2; i < count; i++) pmed(argument[i]);
  } else if (strcmp(kind, "file") == 0) {
    for (int i = 2; i < count; i++) from_file(argument[i]);
  } else if (strcmp(kind, "graph") == 0 && count == 6) {
    graph((uint32_t)number[0], (uint32_t)number[1], (uint64_t)number[2], (uint64_t)number[3]);
  } else if ((strcmp(kind, "cover") == 0 || strcmp(kind, "seats") == 0) && count == 7) {
    cover(kind[0] == 's' ? KY_BY_SEATS : KY_BY_COVERAGE, (uint32_t)number[0], (uint32_t)number[1], (uint64_t)number[2],
          number[3], (uint64_t)number[4]);
  } else {
    fputs("usage: see the head of bench_solve.c\n", stderr);
    return 2;
  }
  return 0;
}
