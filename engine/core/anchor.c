/* Anchors: the nearest street of a place, by projection on segments (method.md 3). */
#include <kayoi/network.h>
#include <math.h>
#include <string.h>

uint32_t ky_edge_cost_from(const ky_network *network, uint32_t edge, uint32_t along_mm) {
  uint64_t length = network->length_mm[edge];
  return (uint32_t)(((uint64_t)network->cost_mm[edge] * along_mm + length / 2) / length);
}

static double segment_m(const ky_network *network, uint32_t v) {
  double dx = network->vertex_x_m[v + 1] - network->vertex_x_m[v],
         dy = network->vertex_y_m[v + 1] - network->vertex_y_m[v];
  return sqrt(dx * dx + dy * dy);
}

double ky_edge_m(const ky_network *network, uint32_t edge) {
  double m = 0;
  for (uint32_t v = network->first_vertex[edge]; v + 1 < network->first_vertex[edge + 1]; v++)
    m += segment_m(network, v);
  return m;
}

void ky_edge_place(const ky_network *network, uint32_t edge, uint32_t along_mm, double *x_m, double *y_m) {
  uint32_t v = network->first_vertex[edge], last = network->first_vertex[edge + 1] - 1;
  double rest = ky_edge_m(network, edge) * along_mm / network->length_mm[edge], length = segment_m(network, v);
  while (v + 2 <= last && rest > length) {
    rest -= length;
    length = segment_m(network, ++v);
  }
  double t = length > 0 ? fmin(rest / length, 1) : 0;
  *x_m = network->vertex_x_m[v] + t * (network->vertex_x_m[v + 1] - network->vertex_x_m[v]);
  *y_m = network->vertex_y_m[v] + t * (network->vertex_y_m[v + 1] - network->vertex_y_m[v]);
}

typedef struct nearest_street {
  const ky_network *network;
  double x, y;
  uint64_t min_component_mm;
  double best2;    /* squared distance */
  uint32_t edge;   /* KY_NONE: none yet */
  uint32_t vertex; /* where its segment starts */
  double t;        /* place on the segment, 0 .. 1 */
  double barred2;  /* squared distance of the nearest place behind a barrier; INFINITY: none was met */
} nearest_street;

/* Ties go to the lower edge, then the lower segment: vertices are numbered in that order. */
static double try_segment(nearest_street *search, uint32_t edge, uint32_t v, double limit2) {
  const ky_network *network = search->network;
  double ax = network->vertex_x_m[v], ay = network->vertex_y_m[v];
  double dx = network->vertex_x_m[v + 1] - ax, dy = network->vertex_y_m[v + 1] - ay;
  double along = (search->x - ax) * dx + (search->y - ay) * dy, length2 = dx * dx + dy * dy;
  double t = along <= 0 ? 0 : along >= length2 ? 1 : along / length2;
  double px = ax + t * dx, py = ay + t * dy, ex = search->x - px, ey = search->y - py, d2 = ex * ex + ey * ey;
  if (d2 > limit2) return limit2;
  if (search->edge != KY_NONE && d2 == search->best2 && v > search->vertex) return limit2;
  if (ky_barriers_cross(&network->barriers, search->x, search->y, px, py)) {
    search->barred2 = fmin(search->barred2, d2);
    return limit2;
  }
  search->best2 = d2;
  search->edge = edge;
  search->vertex = v;
  search->t = t;
  return d2;
}

static double try_piece(void *user, uint32_t piece, double limit2) {
  nearest_street *search = user;
  const ky_network *network = search->network;
  uint32_t edge = network->piece_edge[piece];
  if (ky_edge_is_closed(network, edge) ||
      network->component_mm[network->component[network->edge_from[edge]]] < search->min_component_mm)
    return limit2;
  for (uint32_t v = network->piece_vertex[piece]; v < ky_piece_end(network, piece); v++)
    limit2 = try_segment(search, edge, v, limit2);
  return limit2;
}

static void set_anchor(const nearest_street *found, uint32_t place, ky_anchors *out) {
  const ky_network *network = found->network;
  uint32_t edge = found->edge;
  double along = 0, x, y;
  for (uint32_t w = network->first_vertex[edge]; w < found->vertex; w++) along += segment_m(network, w);
  along += found->t * segment_m(network, found->vertex);
  double along_mm = round(along / ky_edge_m(network, edge) * network->length_mm[edge]);
  out->edge[place] = edge;
  out->along_mm[place] = (uint32_t)fmin(along_mm, network->length_mm[edge]);
  ky_edge_place(network, edge, out->along_mm[place], &x, &y);
  out->access_mm[place] = (uint32_t)ceil(fmax(0, hypot(x - found->x, y - found->y) * 1000.0 - 1e-6));
}

static bool is_fit(const ky_network *network, uint32_t edge, const ky_network_opts *opts) {
  return !ky_edge_is_closed(network, edge) &&
         network->component_mm[network->component[network->edge_from[edge]]] >= opts->min_component_mm;
}

ky_err ky_network_bar(ky_job *job, const ky_raw *barriers, uint32_t barrier_count, const ky_network_opts *opts,
                      ky_network *network) {
  ky_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (uint32_t v = 0; v < network->first_vertex[network->edge_count]; v++) {
    box.x_min = fmin(box.x_min, network->vertex_x_m[v] - opts->snap_cap_m);
    box.y_min = fmin(box.y_min, network->vertex_y_m[v] - opts->snap_cap_m);
    box.x_max = fmax(box.x_max, network->vertex_x_m[v] + opts->snap_cap_m);
    box.y_max = fmax(box.y_max, network->vertex_y_m[v] + opts->snap_cap_m);
  }
  return ky_barriers_build(job, barriers, barrier_count, box, &network->barriers);
}

/* The nearest street of a component of at least so many metres. Every candidate nearer than the one found was looked
 * at, so whether one of them lies behind a barrier (the result) does not depend on the order of the search. */
static bool find_street(nearest_street *search, uint64_t min_component_mm, double cap2) {
  search->min_component_mm = min_component_mm;
  search->barred2 = INFINITY;
  ky_rtree_nearest(&search->network->pieces, search->x, search->y, cap2, try_piece, search);
  return isfinite(search->barred2) && (search->edge == KY_NONE || search->barred2 < search->best2);
}

/* On a large component, else on any. */
static ky_barred find_any(nearest_street *search, double cap2, const ky_network_opts *opts) {
  bool is_barred = find_street(search, opts->min_component_mm, cap2);
  if (search->edge == KY_NONE && find_street(search, 0, cap2)) is_barred = true;
  return !is_barred ? KY_BARRED_NONE : search->edge == KY_NONE ? KY_BARRED_ALL : KY_BARRED_NEARER;
}

ky_err ky_network_anchor(ky_job *job, const ky_network *network, const double *x_m, const double *y_m, uint32_t count,
                         const ky_anchors *on, const ky_network_opts *opts, ky_anchors *out) {
  memset(out, 0, sizeof *out);
  out->count = count;
  KY_NEW(job, keep, out->edge, count);
  KY_NEW(job, keep, out->along_mm, count);
  KY_NEW(job, keep, out->access_mm, count);
  if (network->barriers.count != 0) KY_NEW(job, keep, out->barred, count);
  const double cap2 = opts->snap_cap_m * opts->snap_cap_m;
#pragma omp parallel for schedule(dynamic, 256) num_threads(job->threads) if (count > 256)
  for (uint32_t i = 0; i < count; i++) {
    out->edge[i] = KY_NONE;
    if (on != NULL && on->edge[i] != KY_NONE && is_fit(network, on->edge[i], opts)) {
      out->edge[i] = on->edge[i];
      out->along_mm[i] = on->along_mm[i];
      out->access_mm[i] = on->access_mm[i];
      continue;
    }
    if (!isfinite(x_m[i]) || !isfinite(y_m[i])) continue;
    nearest_street search = {.network = network, .x = x_m[i], .y = y_m[i], .edge = KY_NONE};
    const ky_barred barred = find_any(&search, cap2, opts);
    if (out->barred != NULL) out->barred[i] = (uint8_t)barred;
    if (search.edge != KY_NONE) set_anchor(&search, i, out);
  }
  return KY_OK;
}
