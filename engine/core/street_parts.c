/* Parts of streets within a limit: cost is spread evenly over an edge, so what is left at an end becomes a length. */
#include "core/street_parts.h"

#include <math.h>

/* Length that `left_mm` of cost reach on the edge, rounded up, at most all of it. */
static uint32_t length_of(const ky_network *network, uint32_t edge, uint64_t left_mm) {
  uint64_t length = network->length_mm[edge], cost = network->cost_mm[edge];
  if (left_mm >= cost) return (uint32_t)length;
  return (uint32_t)((left_mm * length + cost - 1) / cost);
}

static uint32_t add_part(ky_street_part *parts, uint32_t count, ky_street_part part) {
  uint32_t at = count;
  for (; at > 0 && parts[at - 1].from_mm > part.from_mm; at--) parts[at] = parts[at - 1];
  parts[at] = part;
  return count + 1;
}

uint32_t ky_search_parts(const ky_search *search, uint32_t edge, uint32_t limit_mm, ky_street_part *parts) {
  const ky_network *network = search->network;
  uint32_t count = 0, merged = 0, length = network->length_mm[edge];
  if (search->edge_stamp[edge] != search->round) return 0;
  uint32_t from = network->edge_from[edge], to = network->edge_to[edge];
  if (search->node_stamp[from] == search->round && search->cost_mm[from] <= limit_mm)
    count = add_part(parts, count, (ky_street_part){0, length_of(network, edge, limit_mm - search->cost_mm[from])});
  if (search->node_stamp[to] == search->round && search->cost_mm[to] <= limit_mm)
    count = add_part(parts, count,
                     (ky_street_part){length - length_of(network, edge, limit_mm - search->cost_mm[to]), length});
  if (edge == search->origin_edge && search->origin_access_mm <= limit_mm) {
    uint32_t reach = length_of(network, edge, limit_mm - search->origin_access_mm), at = search->origin_along_mm;
    count = add_part(parts, count,
                     (ky_street_part){at > reach ? at - reach : 0, length - at > reach ? at + reach : length});
  }
  for (uint32_t i = 0; i < count; i++) {
    if (merged != 0 && parts[i].from_mm <= parts[merged - 1].to_mm) {
      if (parts[i].to_mm > parts[merged - 1].to_mm) parts[merged - 1].to_mm = parts[i].to_mm;
    } else {
      parts[merged++] = parts[i];
    }
  }
  return merged;
}

uint32_t ky_street_part_line(const ky_network *network, uint32_t edge, const ky_street_part *part, double *x,
                             double *y) {
  const uint32_t first = network->first_vertex[edge], end = network->first_vertex[edge + 1];
  const double *vx = network->vertex_x_m, *vy = network->vertex_y_m;
  double all = 0, along = 0;
  for (uint32_t v = first; v + 1 < end; v++) all += hypot(vx[v + 1] - vx[v], vy[v + 1] - vy[v]);
  double from = all * part->from_mm / network->length_mm[edge], to = all * part->to_mm / network->length_mm[edge];
  uint32_t count = 0;
  ky_edge_place(network, edge, part->from_mm, &x[count], &y[count]);
  count++;
  for (uint32_t v = first + 1; v + 1 < end; v++) {
    along += hypot(vx[v] - vx[v - 1], vy[v] - vy[v - 1]);
    if (along <= from || along >= to) continue;
    x[count] = vx[v];
    y[count++] = vy[v];
  }
  ky_edge_place(network, edge, part->to_mm, &x[count], &y[count]);
  return count + 1;
}
