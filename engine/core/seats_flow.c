/* Dinic's blocking flows, without recursion. */
#include "core/seats_flow.h"

#include <string.h>

ky_err ky_flow_new(ky_job *job, uint32_t nodes_max, uint32_t arcs_max, ky_flow *out) {
  const size_t arcs = 2 * (size_t)arcs_max;
  if (arcs >= KY_NONE) return ky_fail_memory(job);
  KY_NEW(job, scratch, out->first, (size_t)nodes_max + 1);
  KY_NEW(job, scratch, out->head, arcs);
  KY_NEW(job, scratch, out->twin, arcs);
  KY_NEW(job, scratch, out->left, arcs);
  KY_NEW(job, scratch, out->level, nodes_max);
  KY_NEW(job, scratch, out->next, nodes_max);
  KY_NEW(job, scratch, out->queue, nodes_max);
  return KY_OK;
}

void ky_flow_set(ky_flow *flow, uint32_t node_count, const ky_flow_arc *arcs, uint32_t arc_count) {
  flow->node_count = node_count;
  memset(flow->first, 0, ((size_t)node_count + 1) * sizeof *flow->first);
  for (uint32_t a = 0; a < arc_count; a++) {
    flow->first[arcs[a].from + 1]++;
    flow->first[arcs[a].to + 1]++;
  }
  for (uint32_t n = 0; n < node_count; n++) {
    flow->first[n + 1] += flow->first[n];
    flow->next[n] = flow->first[n];
  }
  for (uint32_t a = 0; a < arc_count; a++) {
    const uint32_t there = flow->next[arcs[a].from]++, back = flow->next[arcs[a].to]++;
    flow->head[there] = arcs[a].to;
    flow->head[back] = arcs[a].from;
    flow->twin[there] = back;
    flow->twin[back] = there;
    flow->left[there] = arcs[a].capacity;
    flow->left[back] = 0;
  }
}

/* Levels by the number of arcs to the sink through which something still fits; does the source have one? From the sink,
 * so that no path of fill_paths begins where none ends. */
static bool set_levels(ky_flow *flow, uint32_t source, uint32_t sink) {
  uint32_t done = 0, count = 1;
  memset(flow->level, 0xff, flow->node_count * sizeof *flow->level);
  flow->queue[0] = sink;
  flow->level[sink] = 0;
  while (done < count) {
    const uint32_t node = flow->queue[done++];
    if (flow->level[source] != KY_NONE && flow->level[node] >= flow->level[source])
      break; /* no shortest path goes there */
    for (uint32_t a = flow->first[node]; a < flow->first[node + 1]; a++) {
      const uint32_t from = flow->head[a];
      if (flow->level[from] != KY_NONE || flow->left[flow->twin[a]] == 0) continue;
      flow->level[from] = flow->level[node] + 1;
      flow->queue[count++] = from;
    }
  }
  return flow->level[source] != KY_NONE;
}

/* The source's side of the cut: what it still can reach. */
static void set_side(ky_flow *flow, uint32_t source) {
  uint32_t done = 0, count = 1;
  memset(flow->level, 0xff, flow->node_count * sizeof *flow->level);
  flow->queue[0] = source;
  flow->level[source] = 0;
  while (done < count) {
    const uint32_t node = flow->queue[done++];
    for (uint32_t a = flow->first[node]; a < flow->first[node + 1]; a++) {
      if (flow->left[a] == 0 || flow->level[flow->head[a]] != KY_NONE) continue;
      flow->level[flow->head[a]] = 0;
      flow->queue[count++] = flow->head[a];
    }
  }
}

/* Pushes what fits along a path of `length` arcs; returns how many arcs of it are left before the first that is full.
 */
static uint32_t push(ky_flow *flow, const uint32_t *path, uint32_t length, int64_t *pushed) {
  int64_t fits = INT64_MAX;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < length; i++)
    if (flow->left[path[i]] < fits) fits = flow->left[path[i]];
  for (uint32_t i = length; i-- > 0;) {
    flow->left[path[i]] -= fits;
    flow->left[flow->twin[path[i]]] += fits;
    if (flow->left[path[i]] == 0) kept = i;
  }
  *pushed += fits;
  return kept;
}

/* Fills every path that goes down the levels. The queue of set_levels is free again: it holds the path. */
static int64_t fill_paths(ky_flow *flow, uint32_t source, uint32_t sink) {
  uint32_t *path = flow->queue, length = 0, node = source;
  int64_t pushed = 0;
  for (uint32_t n = 0; n < flow->node_count; n++) flow->next[n] = flow->first[n];
  for (;;) {
    if (node == sink) {
      length = push(flow, path, length, &pushed);
      node = flow->head[flow->twin[path[length]]];
      continue;
    }
    uint32_t a = flow->next[node];
    while (a < flow->first[node + 1] && (flow->left[a] == 0 || flow->level[flow->head[a]] != flow->level[node] - 1))
      a++;
    flow->next[node] = a;
    if (a < flow->first[node + 1]) {
      path[length++] = a;
      node = flow->head[a];
    } else if (length == 0) {
      return pushed;
    } else {
      node = flow->head[flow->twin[path[--length]]];
      flow->next[node]++; /* a dead end */
    }
  }
}

int64_t ky_flow_run(ky_flow *flow, uint32_t source, uint32_t sink) {
  int64_t total = 0;
  while (set_levels(flow, source, sink)) total += fill_paths(flow, source, sink);
  set_side(flow, source);
  return total;
}
