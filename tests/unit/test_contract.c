/* Contraction: what must hold of it for any network, written as bare nodes and edges, so that loops, parallel streets,
 * islands, equal costs and costs near the end of 32 bits come as often as one likes. Distances are compared with
 * Bellman-Ford in 64 bits, distances inside the core with Floyd and Warshall's. */
#include "town.h"

#define NODES_MAX 48
#define EDGES_MAX 120
#define FAR       UINT64_MAX

typedef struct graph {
  uint32_t node_count, edge_count;
  uint32_t from[EDGES_MAX], to[EDGES_MAX], cost[EDGES_MAX];
} graph;

typedef enum { EQUAL, MIXED, HUGE_COSTS, KINDS } cost_kind;

static uint32_t random_cost(uint64_t *seed, cost_kind kind) {
  static const uint32_t huge[] = {(UINT32_C(1) << 30) - 1, UINT32_C(1) << 30, (UINT32_C(1) << 30) + 1,
                                  UINT32_C(1) << 31,       UINT32_MAX - 1,    1};
  if (kind == EQUAL) return 1000 * (1 + (uint32_t)(town_random(seed) % 2));
  return kind == MIXED ? 1 + (uint32_t)(town_random(seed) % 200000) : huge[town_random(seed) % 6];
}

/* Sparse like streets: many nodes with one to three arcs, some without any. */
static void random_graph(uint64_t *seed, cost_kind kind, graph *g) {
  g->node_count = 1 + (uint32_t)(town_random(seed) % NODES_MAX);
  g->edge_count = (uint32_t)(town_random(seed) % (2 * g->node_count + 1));
  for (uint32_t e = 0; e < g->edge_count; e++) {
    uint32_t a = (uint32_t)(town_random(seed) % g->node_count);
    uint32_t near = (a + (uint32_t)(town_random(seed) % 4)) % g->node_count; /* 0: a loop */
    g->from[e] = a < near ? a : near;
    g->to[e] = a < near ? near : a;
    g->cost[e] = random_cost(seed, kind);
  }
}

/* The network of plain arrays: only what contraction and searches read. seed not NULL: arcs of a node in any order. */
static void network_of(ky_job *job, uint32_t nodes, uint32_t edges, const uint32_t *from, const uint32_t *to,
                       const uint32_t *cost, uint64_t *seed, ky_network *out) {
  memset(out, 0, sizeof *out);
  out->node_count = nodes;
  out->edge_count = edges;
  out->edge_from = ky_arena_alloc(&job->keep, edges, sizeof *out->edge_from);
  out->edge_to = ky_arena_alloc(&job->keep, edges, sizeof *out->edge_to);
  out->cost_mm = ky_arena_alloc(&job->keep, edges, sizeof *out->cost_mm);
  out->first_arc = ky_arena_alloc(&job->keep, (size_t)nodes + 2, sizeof *out->first_arc);
  out->arc_head = ky_arena_alloc(&job->keep, (size_t)edges * 2, sizeof *out->arc_head);
  out->arc_edge = ky_arena_alloc(&job->keep, (size_t)edges * 2, sizeof *out->arc_edge);
  out->length_mm = out->cost_mm;
  for (uint32_t e = 0; e < edges; e++) {
    out->edge_from[e] = from[e];
    out->edge_to[e] = to[e];
    out->cost_mm[e] = cost[e];
    out->first_arc[from[e] + 2]++;
    out->first_arc[to[e] + 2]++;
  }
  for (uint32_t v = 0; v < nodes; v++) out->first_arc[v + 2] += out->first_arc[v + 1];
  for (uint32_t i = 0; i < 2 * edges; i++) {
    uint32_t e = i / 2, v = i % 2 == 0 ? from[e] : to[e], a = out->first_arc[v + 1]++;
    out->arc_edge[a] = e;
    out->arc_head[a] = i % 2 == 0 ? to[e] : from[e];
  }
  for (uint32_t v = 0; seed != NULL && v < nodes; v++) {
    for (uint32_t a = out->first_arc[v]; a + 1 < out->first_arc[v + 1]; a++) {
      uint32_t b = a + (uint32_t)(town_random(seed) % (out->first_arc[v + 1] - a)), head = out->arc_head[a],
               edge = out->arc_edge[a];
      out->arc_head[a] = out->arc_head[b];
      out->arc_edge[a] = out->arc_edge[b];
      out->arc_head[b] = head;
      out->arc_edge[b] = edge;
    }
  }
}

static void network_new(ky_job *job, const graph *g, uint64_t *seed, ky_network *out) {
  network_of(job, g->node_count, g->edge_count, g->from, g->to, g->cost, seed, out);
}

static void contract(ky_job *job, const ky_network *network, ky_contraction *out) {
  assert_int_equal(ky_contract(job, network, out), KY_OK);
  assert_null(ky_contraction_check(out));
}

static uint64_t plus(uint64_t a, uint64_t b) {
  return a == FAR || b == FAR ? FAR : a + b;
}

/* All distances of the network between nodes; d[i][k]. */
static void all_distances(const graph *g, uint64_t d[NODES_MAX][NODES_MAX]) {
  for (uint32_t i = 0; i < g->node_count; i++)
    for (uint32_t k = 0; k < g->node_count; k++) d[i][k] = i == k ? 0 : FAR;
  for (uint32_t e = 0; e < g->edge_count; e++) {
    uint64_t *there = &d[g->from[e]][g->to[e]], *back = &d[g->to[e]][g->from[e]];
    if (g->cost[e] < *there) *there = *back = g->cost[e];
  }
  for (uint32_t m = 0; m < g->node_count; m++)
    for (uint32_t i = 0; i < g->node_count; i++)
      for (uint32_t k = 0; k < g->node_count; k++)
        if (plus(d[i][m], d[m][k]) < d[i][k]) d[i][k] = plus(d[i][m], d[m][k]);
}

/* Every place once; arcs of the core there and back, never twice between the same nodes. */
static void check_shape(const graph *g, const ky_contraction *c) {
  bool is_taken[NODES_MAX] = {false};
  const uint32_t core = c->node_count - c->out_count;
  assert_int_equal(c->node_count, g->node_count);
  for (uint32_t v = 0; v < g->node_count; v++) {
    assert_true(c->place[v] < g->node_count && !is_taken[c->place[v]]);
    is_taken[c->place[v]] = true;
  }
  for (uint32_t v = 0; v < core; v++) {
    for (uint32_t a = c->first_core[v]; a < c->first_core[v + 1]; a++) {
      uint32_t head = c->core[a].head, same = 0, back = 0;
      assert_int_not_equal(head, v);
      for (uint32_t b = c->first_core[v]; b < c->first_core[v + 1]; b++) same += c->core[b].head == head;
      for (uint32_t b = c->first_core[head]; b < c->first_core[head + 1]; b++)
        back += c->core[b].head == v && c->core[b].cost_mm == c->core[a].cost_mm;
      assert_int_equal(same, 1);
      assert_int_equal(back, 1);
    }
  }
}

/* Distances inside the core are those of the whole network, and no arc is shorter than the way that it stands for. */
static void check_distances(const graph *g, const ky_contraction *c) {
  static uint64_t whole[NODES_MAX][NODES_MAX], inside[NODES_MAX][NODES_MAX];
  uint32_t node_at[NODES_MAX];
  const uint32_t out = c->out_count, core = c->node_count - out;
  all_distances(g, whole);
  for (uint32_t v = 0; v < g->node_count; v++) node_at[c->place[v]] = v;
  graph kept = {.node_count = core};
  for (uint32_t v = 0; v < core; v++) {
    for (uint32_t a = c->first_core[v]; a < c->first_core[v + 1]; a++) {
      if (c->core[a].head < v) continue;
      assert_true(kept.edge_count < EDGES_MAX);
      kept.from[kept.edge_count] = v;
      kept.to[kept.edge_count] = c->core[a].head;
      kept.cost[kept.edge_count++] = c->core[a].cost_mm;
    }
  }
  all_distances(&kept, inside);
  for (uint32_t i = 0; i < core; i++) {
    for (uint32_t k = 0; k < core; k++) {
      uint64_t expected = whole[node_at[out + i]][node_at[out + k]];
      assert_int_equal(inside[i][k] < KY_NONE ? inside[i][k] : FAR, expected < KY_NONE ? expected : FAR);
    }
  }
  for (uint32_t p = 0; p < out; p++)
    for (uint32_t a = c->first_up[p]; a < c->first_up[p + 1]; a++)
      assert_true(c->up[a].cost_mm >= whole[node_at[p]][node_at[c->up[a].head]]);
}

static void random_anchors(uint64_t *seed, const graph *g, cost_kind kind, ky_anchors *anchors) {
  for (uint32_t i = 0; i < anchors->count; i++) {
    anchors->edge[i] = g->edge_count == 0 ? KY_NONE : (uint32_t)(town_random(seed) % g->edge_count);
    uint32_t length = anchors->edge[i] == KY_NONE ? 0 : g->cost[anchors->edge[i]];
    anchors->along_mm[i] = town_random(seed) % 2 == 0 ? length / 2 : (uint32_t)(town_random(seed) % 2) * length;
    anchors->access_mm[i] = town_random(seed) % 2 == 0 ? 0 : random_cost(seed, kind) - 1;
  }
}

/* The lesser cost and, at equal costs, the lower source; costs from KY_NONE on are no route. */
static bool offer(uint64_t cost, uint32_t source, uint64_t *best, uint32_t *best_source) {
  if (cost >= KY_NONE || cost > *best || (cost == *best && source >= *best_source)) return false;
  *best = cost;
  *best_source = source;
  return true;
}

static void bellman_ford(const graph *g, const ky_anchors *sources, uint64_t *cost, uint32_t *source) {
  for (uint32_t v = 0; v < g->node_count; v++) {
    cost[v] = FAR;
    source[v] = KY_NONE;
  }
  for (uint32_t s = 0; s < sources->count; s++) {
    uint32_t e = sources->edge[s];
    if (e == KY_NONE) continue;
    uint64_t access = sources->access_mm[s], along = sources->along_mm[s];
    offer(access + along, s, &cost[g->from[e]], &source[g->from[e]]);
    offer(access + g->cost[e] - along, s, &cost[g->to[e]], &source[g->to[e]]);
  }
  for (bool is_changed = true; is_changed;) {
    is_changed = false;
    for (uint32_t e = 0; e < g->edge_count; e++) {
      uint32_t a = g->from[e], b = g->to[e];
      if (cost[a] != FAR) is_changed |= offer(cost[a] + g->cost[e], source[a], &cost[b], &source[b]);
      if (cost[b] != FAR) is_changed |= offer(cost[b] + g->cost[e], source[b], &cost[a], &source[a]);
    }
  }
}

static void check_walks(ky_job *job, const graph *g, const ky_network *network, const ky_field *field,
                        const ky_anchors *sources, const ky_anchors *places) {
  ky_walks walks;
  assert_int_equal(ky_walk_places(job, network, field, sources, NULL, places, &walks), KY_OK);
  for (uint32_t i = 0; i < places->count; i++) {
    uint64_t best = FAR, access = places->access_mm[i], along = places->along_mm[i];
    uint32_t source = KY_NONE, e = places->edge[i];
    if (e == KY_NONE) continue;
    const uint32_t from = g->from[e], to = g->to[e];
    if (field->source[from] != KY_NONE)
      offer(access + along + field->cost_mm[from], field->source[from], &best, &source);
    if (field->source[to] != KY_NONE)
      offer(access + g->cost[e] - along + field->cost_mm[to], field->source[to], &best, &source);
    for (uint32_t s = 0; s < sources->count; s++) {
      uint64_t there = sources->along_mm[s];
      if (sources->edge[s] == e)
        offer(access + (there < along ? along - there : there - along) + sources->access_mm[s], s, &best, &source);
    }
    assert_int_equal(walks.walk_mm[i], best == FAR ? KY_NONE : best);
    assert_int_equal(walks.source[i], source);
  }
}

/* The bounded search with a limit as far as it can be. */
static void check_search(ky_job *job, const graph *g, const ky_network *network, const ky_anchors *sources) {
  ky_search search;
  uint64_t cost[NODES_MAX];
  uint32_t source[NODES_MAX];
  assert_int_equal(ky_search_new(job, network, &search), KY_OK);
  for (uint32_t s = 0; s < sources->count; s++) {
    const ky_anchors one = {
        .count = 1, .edge = &sources->edge[s], .along_mm = &sources->along_mm[s], .access_mm = &sources->access_mm[s]};
    if (sources->edge[s] == KY_NONE) continue;
    bellman_ford(g, &one, cost, source);
    ky_search_run(&search, sources->edge[s], sources->along_mm[s], sources->access_mm[s], KY_NONE - 1);
    for (uint32_t e = 0; e < g->edge_count; e++) {
      if (e == sources->edge[s]) continue;
      uint64_t at_from = cost[g->from[e]], by_to = plus(cost[g->to[e]], g->cost[e]);
      uint64_t best = at_from < by_to ? at_from : by_to;
      assert_int_equal(ky_search_cost(&search, e, 0), best < KY_NONE ? best : KY_NONE);
    }
  }
}

/* How many nodes hang together with a source and are too far from all. */
static uint32_t too_far(const graph *g, const ky_anchors *sources, const ky_field *field) {
  static uint64_t whole[NODES_MAX][NODES_MAX];
  uint32_t count = 0;
  all_distances(g, whole);
  for (uint32_t v = 0; v < g->node_count; v++) {
    bool is_joined = false;
    for (uint32_t s = 0; s < sources->count && field->source[v] == KY_NONE; s++)
      is_joined |= sources->edge[s] != KY_NONE && whole[g->from[sources->edge[s]]][v] != FAR;
    count += is_joined;
  }
  return count;
}

static void test_random_networks(void **state) {
  (void)state;
  uint64_t seed = 20261121, ties = 0, cut = 0;
  for (uint32_t trial = 0; trial < 600; trial++) {
    const uint64_t trial_seed = seed;
    const cost_kind kind = (cost_kind)(trial % KINDS);
    uint64_t cost[NODES_MAX], again[NODES_MAX];
    uint32_t source[NODES_MAX], other[NODES_MAX];
    graph g;
    ky_job job;
    ky_network network;
    ky_contraction contraction;
    ky_field field;
    ky_job_init(&job, 1 + (int)(trial % 2));
    random_graph(&seed, kind, &g);
    network_new(&job, &g, NULL, &network);
    contract(&job, &network, &contraction);
    check_shape(&g, &contraction);
    check_distances(&g, &contraction);
    ky_anchors sources = town_anchors(&job, 2 + (uint32_t)(town_random(&seed) % 5)), places = town_anchors(&job, 30);
    random_anchors(&seed, &g, kind, &sources);
    random_anchors(&seed, &g, kind, &places);
    assert_int_equal(ky_walk_field(&job, &network, &contraction, &sources, NULL, &field), KY_OK);
    bellman_ford(&g, &sources, cost, source);
    for (uint32_t v = 0; v < g.node_count; v++) {
      if (field.cost_mm[v] != (cost[v] == FAR ? KY_NONE : cost[v]) || field.source[v] != source[v])
        fail_msg("seed %llu: node %u: %u mm of source %u, not %llu of %u", (unsigned long long)trial_seed, v,
                 field.cost_mm[v], field.source[v], (unsigned long long)cost[v], source[v]);
    }
    check_walks(&job, &g, &network, &field, &sources, &places);
    check_search(&job, &g, &network, &sources);
    sources.count--; /* what the last source alone would be nearest to, and where it only ties */
    bellman_ford(&g, &sources, again, other);
    const uint32_t last = sources.count;
    const ky_anchors one = {.count = 1,
                            .edge = sources.edge + last,
                            .along_mm = sources.along_mm + last,
                            .access_mm = sources.access_mm + last};
    bellman_ford(&g, &one, cost, other);
    for (uint32_t v = 0; v < g.node_count; v++) ties += cost[v] != FAR && cost[v] == again[v];
    cut += too_far(&g, &sources, &field);
    ky_job_free(&job);
  }
  assert_true(ties > 100 && cut > 300); /* else the networks say nothing of them */
}

/* A square in whose streets many junctions of three end: each that goes gives it an arc more than it takes, until there
 * is no room for more. */
static void test_hub_without_room(void **state) {
  (void)state;
  enum { ARMS = 15 };
  graph g = {.node_count = 3 * ARMS + 1, .edge_count = 3 * ARMS};
  for (uint32_t i = 0; i < ARMS; i++) {
    const uint32_t end[3] = {ARMS, ARMS + 1 + 2 * i, ARMS + 2 + 2 * i}; /* the square, and two of its own */
    for (uint32_t k = 0; k < 3; k++) {
      g.from[3 * i + k] = i;
      g.to[3 * i + k] = end[k];
      g.cost[3 * i + k] = 100 + 10 * i + k;
    }
  }
  ky_job job;
  ky_network network;
  ky_contraction contraction;
  ky_job_init(&job, 1);
  network_new(&job, &g, NULL, &network);
  contract(&job, &network, &contraction);
  assert_true(contraction.place[ARMS - 1] >= contraction.first_place[1]);
  check_shape(&g, &contraction);
  check_distances(&g, &contraction);
  ky_job_free(&job);
}

/* A chain with costs of a quarter of 32 bits: the sum that is one below KY_NONE is told, KY_NONE itself and what would
 * wrap round are no route. */
static void test_sums_that_overflow(void **state) {
  (void)state;
  const uint32_t quarter = UINT32_C(1) << 30;
  const graph chain = {.node_count = 7,
                       .edge_count = 6,
                       .from = {0, 1, 2, 3, 3, 4},
                       .to = {1, 2, 3, 4, 5, 6},
                       .cost = {quarter, quarter, quarter, quarter - 2, quarter - 1, quarter}};
  const uint32_t expected[7] = {0, quarter, 2 * quarter, 3 * quarter, UINT32_MAX - 1, KY_NONE, KY_NONE};
  ky_job job;
  ky_network network;
  ky_contraction contraction;
  ky_field field;
  ky_job_init(&job, 1);
  network_new(&job, &chain, NULL, &network);
  contract(&job, &network, &contraction);
  ky_anchors source = town_anchors(&job, 1);
  assert_int_equal(ky_walk_field(&job, &network, &contraction, &source, NULL, &field), KY_OK);
  assert_memory_equal(field.cost_mm, expected, sizeof expected);
  assert_int_equal(field.source[4], 0);
  assert_int_equal(field.source[5], KY_NONE);
  source.access_mm[0] = UINT32_MAX - 1;
  assert_int_equal(ky_walk_field(&job, &network, &contraction, &source, NULL, &field), KY_OK);
  assert_int_equal(field.cost_mm[0], UINT32_MAX - 1);
  for (uint32_t v = 1; v < chain.node_count; v++) assert_int_equal(field.cost_mm[v], KY_NONE);
  ky_job_free(&job);
}

/* A graph of islands: nodes without any street, with a loop only, and in twos; and nothing at all. */
static void test_islands(void **state) {
  (void)state;
  const graph islands = {
      .node_count = 9, .edge_count = 4, .from = {1, 3, 3, 6}, .to = {1, 4, 4, 7}, .cost = {500, 700, 600, 900}};
  const uint32_t expected[9] = {KY_NONE, 100, KY_NONE, 600, 0, KY_NONE, KY_NONE, KY_NONE, KY_NONE};
  const graph nothing = {.node_count = 0};
  ky_job job;
  ky_network network;
  ky_contraction contraction;
  ky_field field;
  ky_job_init(&job, 2);
  network_new(&job, &islands, NULL, &network);
  contract(&job, &network, &contraction);
  check_shape(&islands, &contraction);
  ky_anchors sources = town_anchors(&job, 3);
  sources.edge[0] = KY_NONE;
  sources.edge[1] = 2;
  sources.along_mm[1] = 600;
  sources.along_mm[2] = 100;
  assert_int_equal(ky_walk_field(&job, &network, &contraction, &sources, NULL, &field), KY_OK);
  assert_memory_equal(field.cost_mm, expected, sizeof expected);
  network_new(&job, &nothing, NULL, &network);
  contract(&job, &network, &contraction);
  sources.count = 0;
  assert_int_equal(ky_walk_field(&job, &network, &contraction, &sources, NULL, &field), KY_OK);
  ky_job_free(&job);
}

static int compare_arcs(const void *a, const void *b) {
  const ky_arc *x = a, *y = b;
  if (x->head != y->head) return x->head < y->head ? -1 : 1;
  return x->cost_mm < y->cost_mm ? -1 : x->cost_mm > y->cost_mm;
}

/* The order of the arcs at a node decides nothing but the order of the arcs that are kept. */
static void test_arcs_in_any_order(void **state) {
  (void)state;
  uint64_t seed = 9;
  for (uint32_t trial = 0; trial < 200; trial++) {
    graph g;
    ky_job job;
    ky_network network, mixed;
    ky_contraction a, b;
    ky_job_init(&job, 1);
    random_graph(&seed, (cost_kind)(trial % KINDS), &g);
    network_new(&job, &g, NULL, &network);
    network_new(&job, &g, &seed, &mixed);
    contract(&job, &network, &a);
    contract(&job, &mixed, &b);
    assert_int_equal(a.out_count, b.out_count);
    assert_int_equal(a.round_count, b.round_count);
    assert_memory_equal(a.place, b.place, g.node_count * sizeof *a.place);
    assert_memory_equal(a.first_place, b.first_place, (a.round_count + 1) * sizeof *a.first_place);
    assert_memory_equal(a.first_up, b.first_up, (a.out_count + 1) * sizeof *a.first_up);
    for (uint32_t p = 0; p < a.out_count; p++) {
      const uint32_t first = a.first_up[p], count = a.first_up[p + 1] - first;
      if (count == 0) continue;
      qsort(a.up + first, count, sizeof *a.up, compare_arcs);
      qsort(b.up + first, count, sizeof *b.up, compare_arcs);
      assert_memory_equal(a.up + first, b.up + first, count * sizeof *a.up);
    }
    ky_job_free(&job);
  }
}

/* What a kept network may hold when its file is not sound. */
static void test_unsound_contractions_are_found(void **state) {
  (void)state;
  const graph g = {.node_count = 5, /* all joined to all: nothing is taken out; and a dead end */
                   .edge_count = 7,
                   .from = {0, 0, 0, 1, 1, 2, 3},
                   .to = {1, 2, 3, 2, 3, 3, 4},
                   .cost = {10, 11, 12, 13, 14, 15, 16}};
  ky_job job;
  ky_network network;
  ky_contraction c;
  ky_job_init(&job, 1);
  network_new(&job, &g, NULL, &network);
  contract(&job, &network, &c);
  assert_true(c.out_count > 0 && c.first_up[c.out_count] > 0);
  c.up[0].head = 0;
  assert_non_null(ky_contraction_check(&c));
  c.up[0].head = g.node_count;
  assert_non_null(ky_contraction_check(&c));
  contract(&job, &network, &c);
  c.first_place[c.round_count]++;
  assert_non_null(ky_contraction_check(&c));
  contract(&job, &network, &c);
  if (c.out_count < g.node_count && c.first_core[g.node_count - c.out_count] > 0) {
    c.core[0].cost_mm = 0;
    assert_non_null(ky_contraction_check(&c));
    c.core[0] = (ky_arc){g.node_count, 1};
    assert_non_null(ky_contraction_check(&c));
  }
  ky_job_free(&job);
}

/* More nodes in one round, and more places, than one thread takes alone: in twos, so that a round takes half of them.
 */
static void test_threads_change_nothing(void **state) {
  (void)state;
  enum { PAIRS = 1100000, PLACES = 30000 };
  uint64_t seed = 3;
  ky_job job;
  ky_network network;
  ky_contraction contraction[2];
  ky_field field[2];
  ky_walks walks[2];
  ky_job_init(&job, 2);
  uint32_t *from = ky_arena_alloc(&job.keep, PAIRS, sizeof *from), *to = ky_arena_alloc(&job.keep, PAIRS, sizeof *to),
           *cost = ky_arena_alloc(&job.keep, PAIRS, sizeof *cost);
  for (uint32_t e = 0; e < PAIRS; e++) {
    from[e] = 2 * e;
    to[e] = 2 * e + 1;
    cost[e] = 1 + e % 5000;
  }
  network_of(&job, 2 * PAIRS, PAIRS, from, to, cost, NULL, &network);
  ky_anchors sources = town_anchors(&job, PAIRS / 2), places = town_anchors(&job, PLACES);
  for (uint32_t i = 0; i < sources.count; i++) sources.edge[i] = 2 * i;
  for (uint32_t i = 0; i < PLACES; i++) {
    places.edge[i] = (uint32_t)(town_random(&seed) % PAIRS);
    places.along_mm[i] = (uint32_t)(town_random(&seed) % cost[places.edge[i]]);
  }
  for (int k = 0; k < 2; k++) {
    job.threads = 1 + k;
    contract(&job, &network, &contraction[k]);
    assert_int_equal(ky_walk_field(&job, &network, &contraction[k], &sources, NULL, &field[k]), KY_OK);
    assert_int_equal(ky_walk_places(&job, &network, &field[k], &sources, NULL, &places, &walks[k]), KY_OK);
  }
  assert_int_equal(contraction[0].first_place[1], PAIRS);
  assert_memory_equal(contraction[0].place, contraction[1].place, 2 * PAIRS * sizeof *contraction[0].place);
  assert_memory_equal(field[0].cost_mm, field[1].cost_mm, 2 * PAIRS * sizeof *field[0].cost_mm);
  assert_memory_equal(field[0].source, field[1].source, 2 * PAIRS * sizeof *field[0].source);
  assert_memory_equal(walks[0].walk_mm, walks[1].walk_mm, PLACES * sizeof *walks[0].walk_mm);
  assert_memory_equal(walks[0].source, walks[1].source, PLACES * sizeof *walks[0].source);
  for (uint32_t e = 0; e < PAIRS; e++) assert_int_equal(field[1].cost_mm[2 * e + 1], e % 2 == 0 ? cost[e] : KY_NONE);
  ky_job_free(&job);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_networks),        cmocka_unit_test(test_hub_without_room),
      cmocka_unit_test(test_sums_that_overflow),     cmocka_unit_test(test_islands),
      cmocka_unit_test(test_arcs_in_any_order),      cmocka_unit_test(test_unsound_contractions_are_found),
      cmocka_unit_test(test_threads_change_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
