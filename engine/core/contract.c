/* Contraction in rounds: a round goes once through the nodes that are left, in their spatial order, and takes out those
 * that have few arcs and no neighbour taken out in the same round. So a round lies in memory as it lies in space, and
 * its nodes can be worked on at the same time. */
#include <kayoi/contract.h>
#include <string.h>

#define ARCS_MAX      3 /* a node with more arcs stays: taking it out would add more arcs than it saves */
#define SPARE         4 /* arcs that a node may gain over those it starts with; a node without room keeps its neighbours */
#define PARALLEL_FROM 16384 /* places: below, threads would wait longer than they work */
#define ROUNDS_MAX    64    /* some ten are usual */

/* The network while nodes are taken out: arcs of v are arc[first[v] .. first[v] + degree[v]). */
typedef struct contractor {
  uint32_t node_count;
  uint64_t *first; /* [nodes + 1] */
  uint32_t *degree;
  ky_arc *arc;
  uint32_t *round_of; /* [nodes] the last round in which a neighbour was taken out */
  ky_contraction *out;
} contractor;

static ky_arc *find_arc(const contractor *c, uint32_t node, uint32_t head) {
  ky_arc *arc = c->arc + c->first[node];
  for (uint32_t i = 0; i < c->degree[node]; i++)
    if (arc[i].head == head) return &arc[i];
  return NULL;
}

/* Of two streets between the same nodes the shorter one matters. */
static void add_arc(contractor *c, uint32_t node, uint32_t head, uint32_t cost_mm) {
  ky_arc *same = find_arc(c, node, head);
  if (same == NULL)
    c->arc[c->first[node] + c->degree[node]++] = (ky_arc){head, cost_mm};
  else if (cost_mm < same->cost_mm)
    same->cost_mm = cost_mm;
}

static void remove_arc(contractor *c, uint32_t node, uint32_t head) {
  ky_arc *arc = find_arc(c, node, head);
  *arc = c->arc[c->first[node] + --c->degree[node]];
}

static ky_err take_network(ky_job *job, const ky_network *network, contractor *c) {
  const uint32_t n = network->node_count;
  c->node_count = n;
  KY_NEW(job, scratch, c->first, (size_t)n + 1);
  KY_NEW(job, scratch, c->degree, n);
  KY_NEW(job, scratch, c->round_of, n);
  for (uint32_t v = 0; v < n; v++) {
    c->first[v + 1] = c->first[v] + (network->first_arc[v + 1] - network->first_arc[v]) + SPARE;
  }
  KY_NEW(job, scratch, c->arc, c->first[n]);
  for (uint32_t v = 0; v < n; v++)
    for (uint32_t a = network->first_arc[v]; a < network->first_arc[v + 1]; a++)
      if (network->arc_head[a] != v) add_arc(c, v, network->arc_head[a], network->cost_mm[network->arc_edge[a]]);
  return KY_OK;
}

/* Each neighbour loses one arc and gains at most one to every other neighbour. */
static bool has_room(const contractor *c, const ky_arc *arc, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    uint32_t v = arc[i].head;
    if (c->first[v] + c->degree[v] + count > c->first[v + 1] + 2) return false;
  }
  return true;
}

/* Joins the neighbours of a node by the ways through it, and leaves it out. */
static void take_out(contractor *c, uint32_t node, uint32_t round) {
  const ky_arc *arc = c->arc + c->first[node];
  const uint32_t count = c->degree[node];
  for (uint32_t i = 0; i < count; i++) {
    remove_arc(c, arc[i].head, node);
    c->round_of[arc[i].head] = round;
  }
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t k = i + 1; k < count; k++) {
      uint64_t through = (uint64_t)arc[i].cost_mm + arc[k].cost_mm;
      if (through >= KY_NONE) continue; /* over 4,294 km: no distance is that long */
      add_arc(c, arc[i].head, arc[k].head, (uint32_t)through);
      add_arc(c, arc[k].head, arc[i].head, (uint32_t)through);
    }
  }
}

/* Takes nodes out until a round finds too few. Sets place of those taken out; left[0 .. return) are the others. */
static uint32_t run_rounds(contractor *c, uint32_t *left) {
  ky_contraction *out = c->out;
  uint32_t left_count = c->node_count;
  for (uint32_t v = 0; v < c->node_count; v++) left[v] = v;
  for (uint32_t round = 1, taken = UINT32_MAX; round <= ROUNDS_MAX && taken > c->node_count / 1000; round++) {
    uint32_t kept = 0, before = out->out_count;
    for (uint32_t i = 0; i < left_count; i++) {
      uint32_t v = left[i];
      if (c->round_of[v] == round || c->degree[v] > ARCS_MAX || !has_room(c, c->arc + c->first[v], c->degree[v])) {
        left[kept++] = v;
        continue;
      }
      take_out(c, v, round);
      out->place[v] = out->out_count++;
    }
    left_count = kept;
    taken = out->out_count - before;
    out->first_place[out->round_count = round] = out->out_count;
  }
  return left_count;
}

/* A node that was taken out keeps the arcs it had then. */
static ky_err write_up(ky_job *job, const contractor *c, uint32_t *node_at) {
  ky_contraction *out = c->out;
  KY_NEW(job, keep, out->first_up, (size_t)out->out_count + 1);
  for (uint32_t p = 0; p < out->out_count; p++) out->first_up[p + 1] = out->first_up[p] + c->degree[node_at[p]];
  KY_NEW(job, keep, out->up, out->first_up[out->out_count]);
#pragma omp parallel for schedule(static) num_threads(job->threads) if (out->out_count > PARALLEL_FROM)
  for (uint32_t p = 0; p < out->out_count; p++) {
    const ky_arc *arc = c->arc + c->first[node_at[p]];
    for (uint32_t i = out->first_up[p], k = 0; i < out->first_up[p + 1]; i++, k++)
      out->up[i] = (ky_arc){out->place[arc[k].head], arc[k].cost_mm};
  }
  return KY_OK;
}

static ky_err write_core(ky_job *job, const contractor *c, const uint32_t *left, uint32_t left_count) {
  ky_contraction *out = c->out;
  KY_NEW(job, keep, out->first_core, (size_t)left_count + 1);
  for (uint32_t i = 0; i < left_count; i++) out->first_core[i + 1] = out->first_core[i] + c->degree[left[i]];
  KY_NEW(job, keep, out->core, out->first_core[left_count]);
  for (uint32_t i = 0; i < left_count; i++) {
    const ky_arc *arc = c->arc + c->first[left[i]];
    for (uint32_t k = 0; k < c->degree[left[i]]; k++)
      out->core[out->first_core[i] + k] = (ky_arc){out->place[arc[k].head] - out->out_count, arc[k].cost_mm};
  }
  return KY_OK;
}

ky_err ky_contract(ky_job *job, const ky_network *network, ky_contraction *out) {
  contractor c = {.out = out};
  uint32_t *left, *node_at;
  memset(out, 0, sizeof *out);
  out->node_count = network->node_count;
  KY_NEW(job, keep, out->place, out->node_count);
  KY_NEW(job, keep, out->first_place, ROUNDS_MAX + 1);
  const ky_arena_mark before = ky_arena_now(&job->scratch);
  KY_NEW(job, scratch, left, out->node_count);
  KY_TRY(take_network(job, network, &c));
  memset(out->place, 0xff, out->node_count * sizeof *out->place);
  uint32_t left_count = run_rounds(&c, left);
  for (uint32_t i = 0; i < left_count; i++) out->place[left[i]] = out->out_count + i;
  KY_NEW(job, scratch, node_at, out->node_count);
  for (uint32_t v = 0; v < out->node_count; v++) node_at[out->place[v]] = v;
  KY_TRY(write_up(job, &c, node_at));
  KY_TRY(write_core(job, &c, left, left_count));
  ky_arena_rewind(&job->scratch, before);
  return KY_OK;
}

const char *ky_contraction_check(const ky_contraction *contraction) {
  const uint32_t out = contraction->out_count, n = contraction->node_count;
  if (out > n || contraction->first_place[contraction->round_count] != out)
    return "rounds do not hold the nodes taken out";
  for (uint32_t r = 0; r < contraction->round_count; r++)
    for (uint32_t p = contraction->first_place[r]; p < contraction->first_place[r + 1]; p++)
      for (uint32_t a = contraction->first_up[p]; a < contraction->first_up[p + 1]; a++)
        if (contraction->up[a].head < contraction->first_place[r + 1] || contraction->up[a].head >= n)
          return "an up arc does not lead to a later round";
  for (uint32_t a = 0; a < contraction->first_core[n - out]; a++)
    if (contraction->core[a].head >= n - out || contraction->core[a].cost_mm == 0)
      return "an arc leads out of the core";
  return NULL;
}
