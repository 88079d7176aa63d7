/* Arcs and components of a network out of its edges: for all of them, or for those that a profile walks. */
#include "core/network_arcs.h"

ky_err ky_network_arcs(ky_job *job, ky_network *out) {
  uint32_t *next;
  KY_NEW(job, keep, out->first_arc, (size_t)out->node_count + 1);
  KY_NEW(job, keep, out->arc_head, 2 * (size_t)out->edge_count);
  KY_NEW(job, keep, out->arc_edge, 2 * (size_t)out->edge_count);
  KY_NEW(job, scratch, next, out->node_count);
  for (uint32_t e = 0; e < out->edge_count; e++) {
    if (ky_edge_is_closed(out, e)) continue;
    out->first_arc[out->edge_from[e] + 1]++;
    out->first_arc[out->edge_to[e] + 1]++;
  }
  for (uint32_t v = 0; v < out->node_count; v++) {
    out->first_arc[v + 1] += out->first_arc[v];
    next[v] = out->first_arc[v];
  }
  for (uint32_t e = 0; e < out->edge_count; e++) {
    uint32_t from = out->edge_from[e], to = out->edge_to[e];
    if (ky_edge_is_closed(out, e)) continue;
    out->arc_head[next[from]] = to;
    out->arc_edge[next[from]++] = e;
    out->arc_head[next[to]] = from;
    out->arc_edge[next[to]++] = e;
  }
  return KY_OK;
}

static uint32_t find_root(uint32_t *parent, uint32_t v) {
  while (parent[v] != v) v = parent[v] = parent[parent[v]];
  return v;
}

/* Union-find, the lower node as root. */
ky_err ky_network_components(ky_job *job, ky_network *out) {
  uint32_t *parent, count = 0;
  KY_NEW(job, scratch, parent, out->node_count);
  KY_NEW(job, keep, out->component, out->node_count);
  for (uint32_t v = 0; v < out->node_count; v++) parent[v] = v;
  for (uint32_t e = 0; e < out->edge_count; e++) {
    if (ky_edge_is_closed(out, e)) continue;
    uint32_t a = find_root(parent, out->edge_from[e]), c = find_root(parent, out->edge_to[e]);
    if (a < c) parent[c] = a;
    if (c < a) parent[a] = c;
  }
  for (uint32_t v = 0; v < out->node_count; v++) {
    uint32_t root = find_root(parent, v);
    out->component[v] = root == v ? count++ : out->component[root];
  }
  out->component_count = count;
  KY_NEW(job, keep, out->component_mm, count);
  for (uint32_t e = 0; e < out->edge_count; e++)
    if (!ky_edge_is_closed(out, e)) out->component_mm[out->component[out->edge_from[e]]] += out->length_mm[e];
  return KY_OK;
}
