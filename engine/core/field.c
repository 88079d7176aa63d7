/* The distance field from all sources at once. A label is cost << 32 | source, so the smaller number is the nearer
 * source and, at equal cost, the lower one; the least label of every node is unique, whatever the order of the work.
 *
 *   sources -> nodes taken out, in order: offer to their up arcs -> core: bucket queue -> nodes taken out, backwards:
 * take the best of their up arcs. */
#include <kayoi/walk.h>
#include <string.h>

#include "core/buckets.h"

/* No route. Sums that reach it are longer than any distance that can be told. */
#define NO_LABEL ((uint64_t)KY_NONE << 32)
/* Passes over fewer nodes than this are done before a second thread has woken up. */
#define PARALLEL_FROM 1000000

static inline uint64_t farther(uint64_t label, uint32_t cost_mm) {
  uint64_t sum = label + ((uint64_t)cost_mm << 32);
  return sum < label ? NO_LABEL : sum;
}

static void offer_source(const ky_contraction *contraction, uint64_t *label, uint32_t node, uint64_t cost,
                         uint32_t source) {
  if (cost >= KY_NONE) return;
  uint64_t *to = &label[contraction->place[node]], offered = cost << 32 | source;
  if (offered < *to) *to = offered;
}

static void place_sources(const ky_network *network, const ky_contraction *contraction, const ky_anchors *sources,
                          const int8_t *use, uint64_t *label) {
  for (uint32_t p = 0; p < contraction->node_count; p++) label[p] = NO_LABEL;
  for (uint32_t i = 0; i < sources->count; i++) {
    uint32_t edge = sources->edge[i];
    if (edge == KY_NONE || (use != NULL && use[i] == 0)) continue;
    uint32_t from_mm = ky_edge_cost_from(network, edge, sources->along_mm[i]);
    uint64_t access = sources->access_mm[i];
    offer_source(contraction, label, network->edge_from[edge], access + from_mm, i);
    offer_source(contraction, label, network->edge_to[edge], access + network->cost_mm[edge] - from_mm, i);
  }
}

static void pass_up(const ky_contraction *contraction, uint64_t *label) {
  for (uint32_t p = 0; p < contraction->out_count; p++) {
    if (label[p] >= NO_LABEL) continue;
    for (uint32_t a = contraction->first_up[p]; a < contraction->first_up[p + 1]; a++) {
      uint64_t offered = farther(label[p], contraction->up[a].cost_mm);
      if (offered < label[contraction->up[a].head]) label[contraction->up[a].head] = offered;
    }
  }
}

/* label: of the core's nodes. */
static ky_err search_core(ky_job *job, const ky_contraction *contraction, uint64_t *label) {
  const uint32_t n = contraction->node_count - contraction->out_count;
  uint32_t span_mm = 0;
  uint64_t sum_mm = 0, arcs = contraction->first_core[n];
  for (uint32_t a = 0; a < arcs; a++) {
    if (contraction->core[a].cost_mm > span_mm) span_mm = contraction->core[a].cost_mm;
    sum_mm += contraction->core[a].cost_mm;
  }
  for (uint32_t v = 0; v < n; v++)
    if (label[v] < NO_LABEL && label[v] >> 32 > span_mm) span_mm = (uint32_t)(label[v] >> 32);
  ky_buckets queue;
  KY_TRY(ky_buckets_new(job, n, arcs == 0 ? 1 : (uint32_t)(sum_mm / arcs), span_mm, &queue));
  for (uint32_t v = 0; v < n; v++)
    if (label[v] < NO_LABEL) ky_buckets_put(&queue, v, (uint32_t)(label[v] >> 32));
  while (queue.count != 0) {
    uint32_t node = ky_buckets_take(&queue);
    for (uint32_t a = contraction->first_core[node]; a < contraction->first_core[node + 1]; a++) {
      uint32_t head = contraction->core[a].head;
      uint64_t offered = farther(label[node], contraction->core[a].cost_mm);
      if (offered >= label[head]) continue;
      label[head] = offered;
      ky_buckets_put(&queue, head, (uint32_t)(offered >> 32));
    }
  }
  return KY_OK;
}

/* Rounds backwards; the nodes of one do not look at each other. */
static void pass_down(const ky_job *job, const ky_contraction *contraction, uint64_t *label) {
  for (uint32_t r = contraction->round_count; r-- > 0;) {
    const uint32_t from = contraction->first_place[r], to = contraction->first_place[r + 1];
#pragma omp parallel for schedule(static) num_threads(job->threads) if (to - from > PARALLEL_FROM)
    for (uint32_t p = from; p < to; p++) {
      uint64_t best = label[p];
      for (uint32_t a = contraction->first_up[p]; a < contraction->first_up[p + 1]; a++) {
        uint64_t offered = farther(label[contraction->up[a].head], contraction->up[a].cost_mm);
        if (offered < best) best = offered;
      }
      label[p] = best;
    }
  }
}

ky_err ky_walk_field(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                     const ky_anchors *sources, const int8_t *use, ky_field *out) {
  const uint32_t n = network->node_count;
  uint64_t *label;
  memset(out, 0, sizeof *out);
  out->node_count = n;
  KY_NEW(job, keep, out->cost_mm, n);
  KY_NEW(job, keep, out->source, n);
  const ky_arena_mark before = ky_arena_now(&job->scratch);
  KY_NEW(job, scratch, label, n);
  place_sources(network, contraction, sources, use, label);
  pass_up(contraction, label);
  KY_TRY(search_core(job, contraction, label + contraction->out_count));
  pass_down(job, contraction, label);
#pragma omp parallel for schedule(static) num_threads(job->threads) if (n > PARALLEL_FROM)
  for (uint32_t v = 0; v < n; v++) {
    uint64_t found = label[contraction->place[v]];
    out->cost_mm[v] = (uint32_t)(found >> 32);
    out->source[v] = found < NO_LABEL ? (uint32_t)found : KY_NONE;
  }
  ky_arena_rewind(&job->scratch, before);
  return KY_OK;
}
