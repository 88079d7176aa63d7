/* The walk of places to the nearest source: through either end of their street, or along the street itself. */
#include <kayoi/walk.h>
#include <string.h>

static bool is_used(const ky_anchors *anchors, const int8_t *use, uint32_t i) {
  return anchors->edge[i] != KY_NONE && (use == NULL || use[i] != 0);
}

ky_err ky_by_edge_new(ky_job *job, ky_arena *arena, const ky_network *network, const ky_anchors *places,
                      ky_by_edge *out) {
  out->first = ky_arena_alloc(arena, (size_t)network->edge_count + 2, sizeof *out->first);
  out->place = ky_arena_alloc(arena, places->count, sizeof *out->place);
  if (out->first == NULL || out->place == NULL) return ky_fail_memory(job);
  /* first[e + 2] counts, then becomes the next free place of e + 1; at the end first[e] is where e starts */
  for (uint32_t i = 0; i < places->count; i++)
    if (places->edge[i] != KY_NONE) out->first[places->edge[i] + 2]++;
  for (uint32_t e = 0; e < network->edge_count; e++) out->first[e + 2] += out->first[e + 1];
  for (uint32_t i = 0; i < places->count; i++)
    if (places->edge[i] != KY_NONE) out->place[out->first[places->edge[i] + 1]++] = i;
  return KY_OK;
}

/* What costs KY_NONE or more is no route. */
static void nearer(uint64_t cost, uint32_t source, uint64_t *best, uint32_t *best_source) {
  if (cost >= KY_NONE || cost > *best || (cost == *best && source >= *best_source)) return;
  *best = cost;
  *best_source = source;
}

static uint32_t apart(uint32_t a, uint32_t b) {
  return a < b ? b - a : a - b;
}

ky_err ky_walk_places(ky_job *job, const ky_network *network, const ky_field *field, const ky_anchors *sources,
                      const int8_t *use, const ky_anchors *places, ky_walks *out) {
  memset(out, 0, sizeof *out);
  out->count = places->count;
  KY_NEW(job, keep, out->walk_mm, places->count);
  KY_NEW(job, keep, out->source, places->count);
  ky_by_edge on_edge;
  KY_TRY(ky_by_edge_new(job, &job->scratch, network, sources, &on_edge));
#pragma omp parallel for schedule(dynamic, 1024) num_threads(job->threads) if (places->count > 1024)
  for (uint32_t i = 0; i < places->count; i++) {
    uint64_t best = KY_NONE;
    uint32_t source = KY_NONE, edge = places->edge[i];
    if (edge != KY_NONE) {
      uint32_t from = network->edge_from[edge], to = network->edge_to[edge], access = places->access_mm[i];
      uint32_t from_mm = ky_edge_cost_from(network, edge, places->along_mm[i]);
      if (field->cost_mm[from] != KY_NONE)
        nearer((uint64_t)access + from_mm + field->cost_mm[from], field->source[from], &best, &source);
      if (field->cost_mm[to] != KY_NONE)
        nearer((uint64_t)access + (network->cost_mm[edge] - from_mm) + field->cost_mm[to], field->source[to], &best,
               &source);
      for (uint32_t k = on_edge.first[edge]; k < on_edge.first[edge + 1]; k++) {
        uint32_t s = on_edge.place[k];
        if (!is_used(sources, use, s)) continue;
        uint32_t source_mm = ky_edge_cost_from(network, edge, sources->along_mm[s]);
        nearer((uint64_t)access + apart(from_mm, source_mm) + sources->access_mm[s], s, &best, &source);
      }
    }
    out->walk_mm[i] = (uint32_t)best;
    out->source[i] = source;
  }
  return KY_OK;
}
