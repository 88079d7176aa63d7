/* Ways to graph: number the vertices, find the junctions, cut the ways there, put nodes and edges in an order that
 * the geometry alone decides, join them into components. */
#include <kayoi/network.h>
#include <math.h>
#include <string.h>

#include "core/hull.h"
#include "core/network_arcs.h"
#include "core/network_claims.h"
#include "core/network_copies.h"
#include "core/sort.h"

#define PARALLEL_FROM 16384 /* pieces: below, threads would wait longer than they work */

/* A piece of a way between two junctions. */
typedef struct piece {
  uint32_t way, first, last; /* vertices of the ways, first < last */
  uint32_t from, to;         /* nodes, from <= to */
  uint32_t length_mm, class_bits;
  bool is_reversed; /* runs from `last` to `first` */
  bool is_bridge;
} piece;

typedef struct builder {
  ky_job *job;
  const ky_ways *ways;
  const int64_t *x_mm, *y_mm; /* [way vertices] */
  int64_t x_min, y_min;
  uint32_t *vertex; /* [way vertices] number of the distinct vertex, ascending by x, then y */
  uint32_t distinct_count;
  uint32_t *sample;     /* [distinct] one way vertex that has it */
  uint32_t *node;       /* [distinct] node number; KY_NONE inside an edge */
  uint8_t *is_copy;     /* [parts] a line like it is there already */
  uint32_t *class_bits; /* [parts] */
  uint8_t *is_bridge;   /* [parts] */
  piece *pieces;
  uint32_t piece_count, repeated_count;
} builder;

/* Attributes per line, those of copies joined. */
static ky_err find_copies(builder *b) {
  ky_job *job = b->job;
  const ky_shapes *shapes = &b->ways->shapes;
  KY_NEW(job, scratch, b->is_copy, shapes->part_count);
  KY_NEW(job, scratch, b->class_bits, shapes->part_count);
  KY_NEW(job, scratch, b->is_bridge, shapes->part_count);
  for (uint32_t way = 0; way < shapes->count; way++) {
    for (uint32_t p = shapes->first_part[way]; p < shapes->first_part[way + 1]; p++) {
      b->class_bits[p] = b->ways->class_bits[way];
      b->is_bridge[p] = b->ways->is_bridge[way];
    }
  }
  return ky_network_copies(job, shapes, b->vertex, b->is_copy, b->class_bits, b->is_bridge, &b->repeated_count);
}

static ky_err number_vertices(builder *b) {
  ky_job *job = b->job;
  const ky_shapes *shapes = &b->ways->shapes;
  const uint32_t n = shapes->vertex_count;
  int64_t *x_mm, *y_mm, x_max = INT64_MIN, y_max = INT64_MIN;
  uint64_t *key;
  uint32_t *order;
  KY_NEW(job, scratch, x_mm, n);
  KY_NEW(job, scratch, y_mm, n);
  KY_NEW(job, scratch, b->vertex, n);
  const ky_arena_mark before = ky_arena_now(&job->scratch);
  KY_NEW(job, scratch, key, n);
  KY_NEW(job, scratch, order, n);
  b->x_min = b->y_min = INT64_MAX;
  for (uint32_t v = 0; v < n; v++) {
    x_mm[v] = llround(shapes->x[v] * 1000.0);
    y_mm[v] = llround(shapes->y[v] * 1000.0);
    if (x_mm[v] < b->x_min) b->x_min = x_mm[v];
    if (y_mm[v] < b->y_min) b->y_min = y_mm[v];
    if (x_mm[v] > x_max) x_max = x_mm[v];
    if (y_mm[v] > y_max) y_max = y_mm[v];
  }
  if (n != 0 && (x_max - b->x_min > UINT32_MAX || y_max - b->y_min > UINT32_MAX))
    return ky_fail(
        job, KY_E_INPUT,
        ky_tr("roads: they reach over %.0f x %.0f km; kayoi takes up to 4,294 km: cut them to the region, or "
              "look for coordinates that are far off"),
        (double)(x_max - b->x_min) / 1e6, (double)(y_max - b->y_min) / 1e6);
  b->x_mm = x_mm;
  b->y_mm = y_mm;
  for (uint32_t v = 0; v < n; v++) {
    key[v] = (uint64_t)(x_mm[v] - b->x_min) << 32 | (uint64_t)(y_mm[v] - b->y_min);
    order[v] = v;
  }
  KY_TRY(ky_sort_pairs(job, key, order, n));
  for (uint32_t i = 0; i < n; i++) {
    if (i != 0 && key[i] != key[i - 1]) b->distinct_count++;
    b->vertex[order[i]] = b->distinct_count;
  }
  if (n != 0) b->distinct_count++;
  ky_arena_rewind(&job->scratch, before);
  KY_NEW(job, scratch, b->sample, b->distinct_count);
  for (uint32_t v = n; v-- > 0;) b->sample[b->vertex[v]] = v;
  return KY_OK;
}

/* A node is the end of a line, or a vertex that stands in more than one place. */
static ky_err find_nodes(builder *b, ky_network *out) {
  ky_job *job = b->job;
  const ky_shapes *shapes = &b->ways->shapes;
  uint8_t *uses;
  uint64_t *key;
  uint32_t *order, count = 0;
  KY_NEW(job, scratch, b->node, b->distinct_count);
  const ky_arena_mark before = ky_arena_now(&job->scratch);
  KY_NEW(job, scratch, uses, b->distinct_count);
  for (uint32_t p = 0; p < shapes->part_count; p++) {
    uint32_t first = shapes->first_vertex[p], end = shapes->first_vertex[p + 1];
    for (uint32_t v = first; v < end && !b->is_copy[p]; v++) {
      uint8_t weight = v == first || v + 1 == end ? 2 : 1;
      uint8_t *use = &uses[b->vertex[v]];
      *use = (uint8_t)(*use + weight > 2 ? 2 : *use + weight);
    }
  }
  KY_NEW(job, scratch, key, b->distinct_count);
  KY_NEW(job, scratch, order, b->distinct_count);
  for (uint32_t d = 0; d < b->distinct_count; d++) {
    b->node[d] = KY_NONE;
    if (uses[d] < 2) continue;
    uint32_t v = b->sample[d];
    key[count] = ky_hilbert((uint32_t)(b->x_mm[v] - b->x_min), (uint32_t)(b->y_mm[v] - b->y_min));
    order[count++] = d;
  }
  KY_TRY(ky_sort_pairs(job, key, order, count));
  out->node_count = count;
  KY_NEW(job, keep, out->node_x_m, count);
  KY_NEW(job, keep, out->node_y_m, count);
  for (uint32_t i = 0; i < count; i++) {
    b->node[order[i]] = i;
    out->node_x_m[i] = (double)b->x_mm[b->sample[order[i]]] / 1000.0;
    out->node_y_m[i] = (double)b->y_mm[b->sample[order[i]]] / 1000.0;
  }
  ky_arena_rewind(&job->scratch, before);
  return KY_OK;
}

static uint32_t piece_vertex(const builder *b, const piece *p, uint32_t i) {
  return b->vertex[p->is_reversed ? p->last - i : p->first + i];
}

/* By how far the vertices differ: <0, 0, >0. */
static int compare_vertices(const builder *b, const piece *a, const piece *c) {
  uint32_t na = a->last - a->first, nc = c->last - c->first, n = na < nc ? na : nc;
  for (uint32_t i = 0; i <= n; i++) {
    uint32_t va = piece_vertex(b, a, i), vc = piece_vertex(b, c, i);
    if (va != vc) return va < vc ? -1 : 1;
  }
  return na == nc ? 0 : na < nc ? -1 : 1;
}

/* Runs from the lower node to the higher; a loop in the direction whose vertices come first. */
static void orient(const builder *b, piece *p) {
  uint32_t first = b->node[b->vertex[p->first]], last = b->node[b->vertex[p->last]];
  p->is_reversed = first > last;
  p->from = first < last ? first : last;
  p->to = first < last ? last : first;
  if (first == last) {
    piece back = *p;
    back.is_reversed = true;
    p->is_reversed = compare_vertices(b, &back, p) < 0;
  }
}

static ky_err measure(const builder *b, piece *p) {
  double mm = 0;
  for (uint32_t v = p->first; v < p->last; v++) {
    double dx = (double)(b->x_mm[v + 1] - b->x_mm[v]), dy = (double)(b->y_mm[v + 1] - b->y_mm[v]);
    mm += sqrt(dx * dx + dy * dy);
  }
  if (mm >= (double)(UINT32_MAX / 4))
    return ky_fail(b->job, KY_E_INPUT,
                   ky_tr("%s, record %s: a street of %.0f km without a junction; look at its coordinates"),
                   b->ways->source[p->way], b->ways->record[p->way], mm / 1e6);
  p->length_mm = (uint32_t)ceil(mm - 1e-6);
  return KY_OK;
}

static ky_err cut_ways(builder *b) {
  ky_job *job = b->job;
  const ky_shapes *shapes = &b->ways->shapes;
  uint32_t count = 0;
  for (uint32_t p = 0; p < shapes->part_count; p++)
    for (uint32_t v = shapes->first_vertex[p] + 1; v < shapes->first_vertex[p + 1]; v++)
      count += b->node[b->vertex[v]] != KY_NONE;
  KY_NEW(job, scratch, b->pieces, count);
  for (uint32_t way = 0; way < shapes->count; way++) {
    for (uint32_t part = shapes->first_part[way]; part < shapes->first_part[way + 1]; part++) {
      uint32_t first = shapes->first_vertex[part];
      for (uint32_t v = first + 1; v < shapes->first_vertex[part + 1] && !b->is_copy[part]; v++) {
        if (b->node[b->vertex[v]] == KY_NONE) continue;
        piece *p = &b->pieces[b->piece_count++];
        *p = (piece){.way = way,
                     .first = first,
                     .last = v,
                     .class_bits = b->class_bits[part],
                     .is_bridge = b->is_bridge[part] != 0};
        orient(b, p);
        KY_TRY(measure(b, p));
        if (p->length_mm == 0) b->piece_count--; /* repeated vertex */
        first = v;
      }
    }
  }
  return KY_OK;
}

static void merge(piece *kept, const piece *repeated) {
  kept->class_bits = ky_class_merged(kept->class_bits, repeated->class_bits);
  kept->is_bridge = kept->is_bridge || repeated->is_bridge;
}

/* Sorts pieces by from, to, length, vertices and drops those whose geometry is there already. */
static ky_err order_pieces(builder *b) {
  ky_job *job = b->job;
  uint32_t n = b->piece_count, *order, kept = 0;
  uint64_t *key;
  piece *sorted;
  KY_NEW(job, scratch, sorted, n);
  const ky_arena_mark start = ky_arena_now(&job->scratch);
  KY_NEW(job, scratch, key, n);
  KY_NEW(job, scratch, order, n);
  for (uint32_t i = 0; i < n; i++) {
    key[i] = (uint64_t)b->pieces[i].length_mm << 32 | piece_vertex(b, &b->pieces[i], 1);
    order[i] = i;
  }
  KY_TRY(ky_sort_pairs(job, key, order, n));
  for (uint32_t i = 0; i < n; i++) key[i] = (uint64_t)b->pieces[order[i]].from << 32 | b->pieces[order[i]].to;
  KY_TRY(ky_sort_pairs(job, key, order, n));
  for (uint32_t i = 0; i < n; i++) {
    piece p = b->pieces[order[i]];
    uint32_t at = kept;
    int difference = 1;
    while (at > 0) {
      const piece *before = &sorted[at - 1];
      if (before->from != p.from || before->to != p.to || before->length_mm != p.length_mm) break;
      difference = compare_vertices(b, before, &p);
      if (difference <= 0) break;
      at--;
    }
    if (at > 0 && difference == 0) {
      merge(&sorted[at - 1], &p);
      b->repeated_count++;
      continue;
    }
    memmove(sorted + at + 1, sorted + at, (kept - at) * sizeof *sorted);
    sorted[at] = p;
    kept++;
  }
  b->pieces = sorted;
  b->piece_count = kept;
  ky_arena_rewind(&job->scratch, start);
  return KY_OK;
}

static ky_err fill_edges(const builder *b, ky_network *out) {
  ky_job *job = b->job;
  uint32_t n = b->piece_count, vertex = 0;
  out->edge_count = n;
  for (uint32_t e = 0; e < n; e++) vertex += b->pieces[e].last - b->pieces[e].first + 1;
  KY_NEW(job, keep, out->edge_from, n);
  KY_NEW(job, keep, out->edge_to, n);
  KY_NEW(job, keep, out->length_mm, n);
  KY_NEW(job, keep, out->cost_mm, n);
  KY_NEW(job, keep, out->class_bits, n);
  KY_NEW(job, keep, out->is_bridge, n);
  KY_NEW(job, keep, out->first_vertex, (size_t)n + 1);
  KY_NEW(job, keep, out->vertex_x_m, vertex);
  KY_NEW(job, keep, out->vertex_y_m, vertex);
  vertex = 0;
  for (uint32_t e = 0; e < n; e++) {
    const piece *p = &b->pieces[e];
    out->edge_from[e] = p->from;
    out->edge_to[e] = p->to;
    out->length_mm[e] = out->cost_mm[e] = p->length_mm;
    out->class_bits[e] = p->class_bits;
    out->is_bridge[e] = p->is_bridge;
    out->first_vertex[e] = vertex;
    for (uint32_t i = 0; i <= p->last - p->first; i++, vertex++) {
      uint32_t v = p->is_reversed ? p->last - i : p->first + i;
      out->vertex_x_m[vertex] = (double)b->x_mm[v] / 1000.0;
      out->vertex_y_m[vertex] = (double)b->y_mm[v] / 1000.0;
    }
  }
  out->first_vertex[n] = vertex;
  return KY_OK;
}

static void piece_box(const ky_network *network, uint32_t at, double *box) {
  box[0] = box[1] = INFINITY;
  box[2] = box[3] = -INFINITY;
  for (uint32_t v = network->piece_vertex[at]; v <= ky_piece_end(network, at); v++) {
    box[0] = fmin(box[0], network->vertex_x_m[v]);
    box[1] = fmin(box[1], network->vertex_y_m[v]);
    box[2] = fmax(box[2], network->vertex_x_m[v]);
    box[3] = fmax(box[3], network->vertex_y_m[v]);
  }
}

static ky_err index_pieces(ky_job *job, ky_network *out) {
  uint32_t count = 0;
  double(*box)[4];
  for (uint32_t e = 0; e < out->edge_count; e++)
    count += (out->first_vertex[e + 1] - out->first_vertex[e] + KY_PIECE_SEGMENTS - 2) / KY_PIECE_SEGMENTS;
  const ky_arena_mark before = ky_arena_now(&job->scratch);
  KY_NEW(job, scratch, box, count);
  KY_NEW(job, keep, out->piece_edge, count);
  KY_NEW(job, keep, out->piece_vertex, count);
  count = 0;
  for (uint32_t e = 0; e < out->edge_count; e++) {
    for (uint32_t v = out->first_vertex[e]; v + 1 < out->first_vertex[e + 1]; v += KY_PIECE_SEGMENTS) {
      out->piece_edge[count] = e;
      out->piece_vertex[count++] = v;
    }
  }
#pragma omp parallel for schedule(static) num_threads(job->threads) if (count > PARALLEL_FROM)
  for (uint32_t i = 0; i < count; i++) piece_box(out, i, box[i]);
  KY_TRY(ky_rtree_build(job, &job->keep, &box[0][0], count, &out->pieces));
  ky_arena_rewind(&job->scratch, before);
  return KY_OK;
}

ky_err ky_network_build(ky_job *job, const ky_ways *ways, ky_network *out) {
  memset(out, 0, sizeof *out);
  builder b = {.job = job, .ways = ways};
  const ky_arena_mark before = ky_arena_now(&job->scratch);
  KY_TRY(number_vertices(&b));
  KY_TRY(find_copies(&b));
  KY_TRY(find_nodes(&b, out));
  KY_TRY(cut_ways(&b));
  KY_TRY(order_pieces(&b));
  if (b.piece_count == 0)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("roads: no walkable street in any source; look at the class column and the "
                         "walkability rules, or give another layer"));
  KY_TRY(fill_edges(&b, out));
  KY_TRY(ky_network_arcs(job, out));
  KY_TRY(ky_network_components(job, out));
  KY_TRY(index_pieces(job, out));
  if (ways->extent.count != 0)
    out->extent = ways->extent;
  else
    KY_TRY(ky_hull(job, out->vertex_x_m, out->vertex_y_m, out->first_vertex[out->edge_count], &out->extent));
  if (b.repeated_count != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = "roads",
                             .reason = "repeated_street",
                             .action = ky_tr("each street is used once")},
                 ky_tr("%u pieces of street are there more than once (both directions, or copies)"), b.repeated_count);
  KY_TRY(ky_network_claims(job, ways, b.vertex));
  ky_arena_rewind(&job->scratch, before);
  return KY_OK;
}

const char *ky_network_check(const ky_network *network) {
  uint32_t open_count = 0;
  for (uint32_t e = 0; e < network->edge_count; e++) {
    uint32_t from = network->edge_from[e], to = network->edge_to[e];
    if (from > to || to >= network->node_count) return "an edge's ends are out of order";
    if (network->length_mm[e] == 0 || network->cost_mm[e] < network->length_mm[e]) return "an edge costs too little";
    uint32_t first = network->first_vertex[e], last = network->first_vertex[e + 1] - 1;
    if (last <= first) return "an edge has no geometry";
    if (network->vertex_x_m[first] != network->node_x_m[from] || network->vertex_y_m[last] != network->node_y_m[to])
      return "an edge does not start and end at its nodes";
    if (ky_edge_is_closed(network, e)) continue;
    open_count++;
    if (network->component[from] != network->component[to]) return "an edge joins two components";
  }
  if (network->first_arc[network->node_count] != 2 * open_count) return "arcs do not fill the nodes";
  return NULL;
}
