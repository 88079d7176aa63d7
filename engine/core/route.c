/* A route is found backwards from the target: the costs of a search say at every node by which street it was reached,
 * so no search has to remember its parents. Costs are at least a millimetre a street, so the way back never turns in a
 * circle. */
#include <kayoi/route.h>
#include <math.h>
#include <string.h>

/* The way back. Counts legs while leg is NULL, then fills them from the end. */
typedef struct tracer {
  const ky_search *search;
  ky_leg *leg; /* behind the last one */
  uint32_t count;
} tracer;

static void put(tracer *t, ky_leg_kind kind, uint32_t edge, uint32_t from_mm, uint32_t to_mm, uint32_t straight_mm) {
  const ky_network *network = t->search->network;
  uint32_t length = straight_mm, cost = straight_mm;
  if (kind == KY_LEG_STREET) {
    uint32_t a = ky_edge_cost_from(network, edge, from_mm), b = ky_edge_cost_from(network, edge, to_mm);
    if (from_mm == to_mm) return;
    length = from_mm < to_mm ? to_mm - from_mm : from_mm - to_mm;
    cost = a < b ? b - a : a - b;
  }
  t->count++;
  if (t->leg == NULL) return;
  *--t->leg =
      (ky_leg){.kind = kind, .edge = edge, .from_mm = from_mm, .to_mm = to_mm, .length_mm = length, .cost_mm = cost};
}

static bool is_reached(const ky_search *search, uint32_t node) {
  return search->node_stamp[node] == search->round;
}

/* Was the node reached straight from the origin, along the origin's own street? Then the route begins there. */
static bool begin_at(tracer *t, uint32_t node) {
  const ky_search *s = t->search;
  const ky_network *network = s->network;
  const uint32_t edge = s->origin_edge, from_mm = ky_edge_cost_from(network, edge, s->origin_along_mm);
  const uint64_t by_from = (uint64_t)s->origin_access_mm + from_mm;
  const uint64_t by_to = (uint64_t)s->origin_access_mm + network->cost_mm[edge] - from_mm;
  if (network->edge_from[edge] == node && s->cost_mm[node] == by_from)
    put(t, KY_LEG_STREET, edge, s->origin_along_mm, 0, 0);
  else if (network->edge_to[edge] == node && s->cost_mm[node] == by_to)
    put(t, KY_LEG_STREET, edge, s->origin_along_mm, network->length_mm[edge], 0);
  else
    return false;
  return true;
}

/* The street by which the node was reached, and the node before it. */
static bool step_back(const ky_search *s, uint32_t node, uint32_t *edge, uint32_t *before) {
  const ky_network *network = s->network;
  *edge = KY_NONE;
  for (uint32_t a = network->first_arc[node]; a < network->first_arc[node + 1]; a++) {
    uint32_t head = network->arc_head[a], e = network->arc_edge[a];
    if (!is_reached(s, head) || e >= *edge) continue;
    if ((uint64_t)s->cost_mm[head] + network->cost_mm[e] != s->cost_mm[node]) continue;
    *edge = e;
    *before = head;
  }
  return *edge != KY_NONE;
}

static bool trace_node(tracer *t, uint32_t node) {
  while (!begin_at(t, node)) {
    uint32_t edge, before;
    if (!step_back(t->search, node, &edge, &before)) return false;
    const uint32_t length = t->search->network->length_mm[edge];
    const bool is_forwards = t->search->network->edge_to[edge] == node;
    put(t, KY_LEG_STREET, edge, is_forwards ? 0 : length, is_forwards ? length : 0, 0);
    node = before;
  }
  return true;
}

/* Streets from the origin to along_mm of the edge, whose cost is `cost`. */
static bool trace_streets(tracer *t, uint32_t edge, uint32_t along_mm, uint32_t cost) {
  const ky_search *s = t->search;
  const ky_network *network = s->network;
  const uint32_t from = network->edge_from[edge], to = network->edge_to[edge];
  const uint32_t from_mm = ky_edge_cost_from(network, edge, along_mm), to_mm = network->cost_mm[edge] - from_mm;
  if (edge == s->origin_edge) {
    uint32_t origin_mm = ky_edge_cost_from(network, edge, s->origin_along_mm);
    uint32_t apart = origin_mm < from_mm ? from_mm - origin_mm : origin_mm - from_mm;
    if ((uint64_t)s->origin_access_mm + apart == cost) {
      put(t, KY_LEG_STREET, edge, s->origin_along_mm, along_mm, 0);
      return true;
    }
  }
  if (is_reached(s, from) && (uint64_t)s->cost_mm[from] + from_mm == cost) {
    put(t, KY_LEG_STREET, edge, 0, along_mm, 0);
    return trace_node(t, from);
  }
  if (!is_reached(s, to) || (uint64_t)s->cost_mm[to] + to_mm != cost) return false;
  put(t, KY_LEG_STREET, edge, network->length_mm[edge], along_mm, 0);
  return trace_node(t, to);
}

static bool trace(tracer *t, uint32_t edge, uint32_t along_mm, uint32_t access_mm, uint32_t cost) {
  const ky_search *s = t->search;
  put(t, KY_LEG_EGRESS, edge, along_mm, along_mm, access_mm);
  if (!trace_streets(t, edge, along_mm, cost)) return false;
  put(t, KY_LEG_ACCESS, s->origin_edge, s->origin_along_mm, s->origin_along_mm, s->origin_access_mm);
  return true;
}

static ky_err fail_sum(ky_job *job, uint64_t parts_mm, uint64_t walk_mm) {
  return ky_fail(job, KY_E_INTERNAL,
                 ky_tr("the parts of a route add up to %.3f m, but the walk is %.3f m; please report this with the "
                       "config and the cell"),
                 (double)parts_mm / 1e3, (double)walk_mm / 1e3);
}

ky_err ky_route_trace(ky_job *job, const ky_search *search, uint32_t edge, uint32_t along_mm, uint32_t access_mm,
                      ky_walk_route *out) {
  memset(out, 0, sizeof *out);
  if (edge == KY_NONE || search->origin_edge == KY_NONE) return KY_OK;
  const uint32_t cost = ky_search_cost(search, edge, along_mm);
  const uint64_t walk = (uint64_t)cost + access_mm;
  if (cost == KY_NONE || walk >= KY_NONE) return KY_OK;
  tracer t = {.search = search};
  if (!trace(&t, edge, along_mm, access_mm, cost)) return fail_sum(job, 0, walk);
  out->leg_count = t.count;
  KY_NEW(job, keep, out->leg, t.count);
  t.leg = out->leg + t.count;
  trace(&t, edge, along_mm, access_mm, cost);
  uint64_t length = 0, sum = 0;
  for (uint32_t i = 0; i < out->leg_count; i++) {
    length += out->leg[i].length_mm;
    sum += out->leg[i].cost_mm;
  }
  if (sum != walk || length > sum) return fail_sum(job, sum, walk);
  out->length_mm = (uint32_t)length;
  out->walk_mm = (uint32_t)walk;
  return KY_OK;
}

ky_err ky_route_parts(ky_job *job, const ky_network *network, const ky_walk_route *route, ky_route_part **out,
                      uint32_t *count) {
  *count = 0;
  KY_NEW(job, keep, *out, route->leg_count);
  for (uint32_t i = 0; i < route->leg_count; i++) {
    const ky_leg *leg = &route->leg[i];
    const bool is_street = leg->kind == KY_LEG_STREET;
    const uint32_t bits = is_street ? network->class_bits[leg->edge] : 0;
    const bool is_bridge = is_street && network->is_bridge[leg->edge] != 0;
    ky_route_part *part = *count > 0 ? &(*out)[*count - 1] : NULL;
    if (part == NULL || part->kind != leg->kind || part->class_bits != bits || part->is_bridge != is_bridge) {
      part = &(*out)[(*count)++];
      *part = (ky_route_part){.kind = leg->kind, .first_leg = i, .class_bits = bits, .is_bridge = is_bridge};
    }
    part->end_leg = i + 1;
    part->length_mm += leg->length_mm;
    part->cost_mm += leg->cost_mm;
  }
  return KY_OK;
}

const char *ky_street_classes(uint32_t class_bits, char *buffer) {
  size_t used = 0;
  buffer[0] = '\0';
  for (uint32_t c = 0; c < KY_STREET_CLASS_COUNT; c++) {
    const char *name = ky_street_class_name((ky_street_class)c);
    const size_t length = strlen(name);
    if ((class_bits & 1u << c) == 0 || used + length + 2 > KY_CLASSES_SIZE) continue;
    if (used > 0) buffer[used++] = ';';
    memcpy(buffer + used, name, length + 1);
    used += length;
  }
  return used > 0 ? buffer : NULL;
}

typedef struct line {
  double *x, *y;
  uint32_t count;
} line;

static void add_vertex(line *l, double x, double y) {
  if (l->count > 0 && l->x[l->count - 1] == x && l->y[l->count - 1] == y) return;
  l->x[l->count] = x;
  l->y[l->count++] = y;
}

/* An end of a leg; ends of the street are exactly its vertices, so that legs meet. */
static void add_end(const ky_network *network, uint32_t edge, uint32_t along_mm, line *l) {
  double x, y;
  uint32_t v = network->first_vertex[along_mm == 0 ? edge : edge + 1] - (along_mm == 0 ? 0 : 1);
  if (along_mm == 0 || along_mm == network->length_mm[edge]) {
    add_vertex(l, network->vertex_x_m[v], network->vertex_y_m[v]);
    return;
  }
  ky_edge_place(network, edge, along_mm, &x, &y);
  add_vertex(l, x, y);
}

/* Vertices of a leg: its ends, and what lies between them, in the direction of the walk. A vertex within a micrometre
 * of an end is that end. */
static void add_leg(const ky_network *network, const ky_leg *leg, line *l) {
  const uint32_t first = network->first_vertex[leg->edge], last = network->first_vertex[leg->edge + 1] - 1;
  const bool is_forwards = leg->from_mm < leg->to_mm;
  const double scale = network->length_mm[leg->edge] / ky_edge_m(network, leg->edge);
  const double low = is_forwards ? leg->from_mm : leg->to_mm, high = is_forwards ? leg->to_mm : leg->from_mm;
  double along = 0;
  uint32_t inner = last, end = last; /* inner .. end - 1 lie between the ends */
  for (uint32_t v = first + 1; v < last; v++) {
    double dx = network->vertex_x_m[v] - network->vertex_x_m[v - 1],
           dy = network->vertex_y_m[v] - network->vertex_y_m[v - 1];
    along += sqrt(dx * dx + dy * dy) * scale;
    if (along > low + 1e-3 && inner == last) inner = v;
    if (along >= high - 1e-3 && end == last) end = v;
  }
  add_end(network, leg->edge, leg->from_mm, l);
  for (uint32_t k = inner; k < end; k++) {
    uint32_t v = is_forwards ? k : inner + end - 1 - k;
    add_vertex(l, network->vertex_x_m[v], network->vertex_y_m[v]);
  }
  add_end(network, leg->edge, leg->to_mm, l);
}

ky_err ky_route_line(ky_job *job, const ky_network *network, const ky_leg *leg, uint32_t count, double **x_m,
                     double **y_m, uint32_t *n) {
  size_t room = 0;
  line l = {0};
  for (uint32_t i = 0; i < count; i++)
    room += network->first_vertex[leg[i].edge + 1] - network->first_vertex[leg[i].edge] + (size_t)2;
  KY_NEW(job, keep, l.x, room);
  KY_NEW(job, keep, l.y, room);
  for (uint32_t i = 0; i < count; i++) add_leg(network, &leg[i], &l);
  *x_m = l.x;
  *y_m = l.y;
  *n = l.count;
  return KY_OK;
}
