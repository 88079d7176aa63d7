/* The arrays of a kept network. */
#include "io/cache_parts.h"

#include <string.h>

void ky_cache_count(const ky_network *network, const ky_contraction *contraction, ky_cache_counts *out) {
  const uint32_t core_nodes = contraction->node_count - contraction->out_count;
  memset(out, 0, sizeof *out); /* no stray bytes between members */
  out->nodes = network->node_count;
  out->edges = network->edge_count;
  out->components = network->component_count;
  out->vertices = network->first_vertex[network->edge_count];
  out->has_slope = network->slope != NULL;
  out->tree_items = network->pieces.item_count;
  out->tree_nodes = network->pieces.node_count;
  out->tree_levels = network->pieces.level_count;
  memcpy(out->tree_level_start, network->pieces.level_start, sizeof out->tree_level_start);
  out->extent_records = network->extent.count;
  out->extent_parts = network->extent.part_count;
  out->extent_vertices = network->extent.vertex_count;
  out->out = contraction->out_count;
  out->rounds = contraction->round_count;
  out->up_arcs = contraction->first_up[contraction->out_count];
  out->core_arcs = contraction->first_core[core_nodes];
}

void ky_cache_recount(const ky_cache_counts *counts, ky_network *network, ky_contraction *contraction) {
  network->node_count = contraction->node_count = counts->nodes;
  network->edge_count = counts->edges;
  network->component_count = counts->components;
  network->pieces.item_count = counts->tree_items;
  network->pieces.node_count = counts->tree_nodes;
  network->pieces.level_count = counts->tree_levels;
  memcpy(network->pieces.level_start, counts->tree_level_start, sizeof counts->tree_level_start);
  network->extent.kind = KY_SHAPE_POLYGON;
  network->extent.count = counts->extent_records;
  network->extent.part_count = counts->extent_parts;
  network->extent.vertex_count = counts->extent_vertices;
  contraction->out_count = counts->out;
  contraction->round_count = counts->rounds;
}

#define PART(pointer, n)                                   \
  out[count++] = (ky_cache_part) {                         \
    (void **)&(pointer), (uint64_t)(n) * sizeof *(pointer) \
  }

static uint32_t list_network(const ky_cache_counts *c, ky_network *network, ky_cache_part *out, uint32_t count) {
  PART(network->node_x_m, c->nodes);
  PART(network->node_y_m, c->nodes);
  PART(network->component, c->nodes);
  PART(network->component_mm, c->components);
  PART(network->edge_from, c->edges);
  PART(network->edge_to, c->edges);
  PART(network->length_mm, c->edges);
  PART(network->cost_mm, c->edges);
  if (c->has_slope != 0) {
    PART(network->slope, c->edges);
    PART(network->sloped_mm, c->edges);
    PART(network->no_height_mm, c->edges);
  }
  PART(network->class_bits, c->edges);
  PART(network->is_bridge, c->edges);
  PART(network->first_vertex, (uint64_t)c->edges + 1);
  PART(network->vertex_x_m, c->vertices);
  PART(network->vertex_y_m, c->vertices);
  PART(network->first_arc, (uint64_t)c->nodes + 1);
  PART(network->arc_head, 2 * (uint64_t)c->edges);
  PART(network->arc_edge, 2 * (uint64_t)c->edges);
  PART(network->piece_edge, c->tree_items);
  PART(network->piece_vertex, c->tree_items);
  PART(network->pieces.box, 4 * (uint64_t)c->tree_nodes);
  PART(network->pieces.item_box, 4 * (uint64_t)c->tree_items);
  PART(network->pieces.item, c->tree_items);
  PART(network->extent.first_part, (uint64_t)c->extent_records + 1);
  PART(network->extent.first_vertex, (uint64_t)c->extent_parts + 1);
  PART(network->extent.is_hole, c->extent_parts);
  PART(network->extent.x, c->extent_vertices);
  PART(network->extent.y, c->extent_vertices);
  return count;
}

uint32_t ky_cache_list(const ky_cache_counts *c, ky_network *network, ky_contraction *contraction, ky_cache_part *out) {
  uint32_t count = list_network(c, network, out, 0);
  PART(contraction->place, c->nodes);
  PART(contraction->first_place, (uint64_t)c->rounds + 1);
  PART(contraction->first_up, (uint64_t)c->out + 1);
  PART(contraction->up, c->up_arcs);
  PART(contraction->first_core, (uint64_t)c->nodes - c->out + 1);
  PART(contraction->core, c->core_arcs);
  return count;
}
