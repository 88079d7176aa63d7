/* Bounded search from one anchor: what lies within a distance. Marks carry the number of the round, so a new round
 * starts without clearing anything. */
#include <kayoi/walk.h>
#include <string.h>

#include "core/heap.h"

ky_err ky_search_new(ky_job *job, const ky_network *network, ky_search *out) {
  memset(out, 0, sizeof *out);
  out->network = network;
  KY_NEW(job, scratch, out->cost_mm, network->node_count);
  KY_NEW(job, scratch, out->node_stamp, network->node_count);
  KY_NEW(job, scratch, out->queue, network->node_count);
  KY_NEW(job, scratch, out->queue_place, network->node_count);
  KY_NEW(job, scratch, out->edge_stamp, network->edge_count);
  KY_NEW(job, scratch, out->edge, network->edge_count);
  return KY_OK;
}

static void next_round(ky_search *search) {
  if (++search->round != 0) return;
  memset(search->node_stamp, 0, search->network->node_count * sizeof *search->node_stamp);
  memset(search->edge_stamp, 0, search->network->edge_count * sizeof *search->edge_stamp);
  search->round = 1;
}

static void enter_edge(ky_search *search, uint32_t edge) {
  if (search->edge_stamp[edge] == search->round) return;
  search->edge_stamp[edge] = search->round;
  search->edge[search->edge_count++] = edge;
}

static void offer(ky_search *search, ky_heap *heap, uint32_t node, uint64_t cost) {
  if (cost > search->limit_mm) return;
  if (search->node_stamp[node] != search->round) {
    search->node_stamp[node] = search->round;
    search->cost_mm[node] = (uint32_t)cost;
    ky_heap_push(heap, node);
  } else if (cost < search->cost_mm[node]) {
    search->cost_mm[node] = (uint32_t)cost;
    ky_heap_decreased(heap, node);
  }
}

void ky_search_run(ky_search *search, uint32_t edge, uint32_t along_mm, uint32_t access_mm, uint32_t limit_mm) {
  const ky_network *network = search->network;
  next_round(search);
  search->edge_count = 0;
  search->origin_edge = edge;
  search->origin_along_mm = along_mm;
  search->origin_access_mm = access_mm;
  search->limit_mm = limit_mm;
  if (edge == KY_NONE || access_mm > limit_mm) return;
  ky_heap heap = {.node = search->queue, .place = search->queue_place, .key = search->cost_mm};
  uint32_t from_mm = ky_edge_cost_from(network, edge, along_mm);
  enter_edge(search, edge);
  offer(search, &heap, network->edge_from[edge], (uint64_t)access_mm + from_mm);
  offer(search, &heap, network->edge_to[edge], (uint64_t)access_mm + network->cost_mm[edge] - from_mm);
  while (heap.count != 0) {
    uint32_t node = ky_heap_pop(&heap), cost = search->cost_mm[node];
    for (uint32_t a = network->first_arc[node]; a < network->first_arc[node + 1]; a++) {
      enter_edge(search, network->arc_edge[a]);
      offer(search, &heap, network->arc_head[a], (uint64_t)cost + network->cost_mm[network->arc_edge[a]]);
    }
  }
}

uint32_t ky_search_cost(const ky_search *search, uint32_t edge, uint32_t along_mm) {
  const ky_network *network = search->network;
  if (search->edge_stamp[edge] != search->round) return KY_NONE;
  uint32_t from = network->edge_from[edge], to = network->edge_to[edge];
  uint32_t from_mm = ky_edge_cost_from(network, edge, along_mm);
  uint64_t best = KY_NONE;
  if (search->node_stamp[from] == search->round) best = (uint64_t)search->cost_mm[from] + from_mm;
  if (search->node_stamp[to] == search->round) {
    uint64_t cost = (uint64_t)search->cost_mm[to] + (network->cost_mm[edge] - from_mm);
    if (cost < best) best = cost;
  }
  if (edge == search->origin_edge) {
    uint32_t origin_mm = ky_edge_cost_from(network, edge, search->origin_along_mm);
    uint64_t cost =
        (uint64_t)search->origin_access_mm + (origin_mm < from_mm ? from_mm - origin_mm : origin_mm - from_mm);
    if (cost < best) best = cost;
  }
  return best <= search->limit_mm ? (uint32_t)best : KY_NONE;
}
