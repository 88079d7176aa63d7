/* The k nearest sources by one search from all of them. Every node keeps a list of at most k labels (cost << 32 |
 * source, as in field.c), ascending, each source once. A source that is not on the list of a node is not on that of a
 * node behind it on its shortest way either: the k that are before it there stay before it. So lists may be cut at k
 * in each of the three passes of field.c, and stay exact, ties included. */
#include <kayoi/nearest.h>
#include <string.h>

#include "core/buckets.h"

#define NO_LABEL ((uint64_t)KY_NONE << 32)

/* Lists of the nodes in the order of the contraction: label[place * k + rank]. */
typedef struct lists {
  const ky_contraction *contraction;
  uint64_t *label;
  uint32_t k;
} lists;

/* Puts a label where it belongs; ranks from it to *end (not included) have moved up by one. k: not better than what is
 * there. */
static uint32_t insert(uint64_t *list, uint32_t k, uint64_t label, uint32_t *end) {
  const uint32_t source = (uint32_t)label;
  uint32_t at = 0, last;
  if (label >= list[k - 1]) return k;
  for (; list[at] < label; at++)
    if ((uint32_t)list[at] == source) return k;
  if (list[at] == label) return k;
  /* what goes: the same source from farther away, a free place, or the last one (source 0 may take a free place) */
  for (last = at; last + 1 < k && (uint32_t)list[last] != source;) last++;
  for (uint32_t i = last; i > at; i--) list[i] = list[i - 1];
  list[at] = label;
  *end = last;
  return at;
}

static inline uint64_t farther(uint64_t label, uint64_t cost_mm) {
  uint64_t cost = (label >> 32) + cost_mm;
  return cost < KY_NONE ? cost << 32 | (uint32_t)label : NO_LABEL;
}

/* All of one list, through a way of that cost, to another. */
static void offer_list(const uint64_t *from, uint32_t k, uint64_t cost_mm, uint64_t *to) {
  uint32_t end;
  for (uint32_t r = 0; r < k && from[r] < NO_LABEL; r++) {
    uint64_t offered = farther(from[r], cost_mm);
    if (offered >= to[k - 1]) return;
    insert(to, k, offered, &end);
  }
}

static void place_sources(const ky_network *network, const ky_anchors *sources, const int8_t *use, lists *l) {
  const uint32_t *place = l->contraction->place;
  uint32_t end;
  for (size_t i = 0; i < (size_t)l->contraction->node_count * l->k; i++) l->label[i] = NO_LABEL;
  for (uint32_t s = 0; s < sources->count; s++) {
    const uint32_t edge = sources->edge[s];
    if (edge == KY_NONE || (use != NULL && use[s] == 0)) continue;
    const uint32_t from_mm = ky_edge_cost_from(network, edge, sources->along_mm[s]);
    uint64_t start = (uint64_t)sources->access_mm[s] << 32 | s;
    insert(l->label + (size_t)place[network->edge_from[edge]] * l->k, l->k, farther(start, from_mm), &end);
    insert(l->label + (size_t)place[network->edge_to[edge]] * l->k, l->k,
           farther(start, network->cost_mm[edge] - from_mm), &end);
  }
}

static void pass_up(const lists *l) {
  const ky_contraction *c = l->contraction;
  for (uint32_t p = 0; p < c->out_count; p++) {
    const uint64_t *list = l->label + (size_t)p * l->k;
    for (uint32_t a = c->first_up[p]; a < c->first_up[p + 1]; a++)
      offer_list(list, l->k, c->up[a].cost_mm, l->label + (size_t)c->up[a].head * l->k);
  }
}

static void pass_down(const ky_job *job, const lists *l) {
  const ky_contraction *c = l->contraction;
  for (uint32_t r = c->round_count; r-- > 0;) {
    const uint32_t from = c->first_place[r], to = c->first_place[r + 1];
#pragma omp parallel for schedule(static) num_threads(job->threads) if (to - from > 100000)
    for (uint32_t p = from; p < to; p++)
      for (uint32_t a = c->first_up[p]; a < c->first_up[p + 1]; a++)
        offer_list(l->label + (size_t)c->up[a].head * l->k, l->k, c->up[a].cost_mm, l->label + (size_t)p * l->k);
  }
}

/* The search over the core. A node waits in the queue for the lowest of its labels that its neighbours have not seen.
 */
typedef struct core_search {
  const ky_contraction *contraction;
  uint64_t *label; /* of the core's nodes */
  uint32_t k;
  uint16_t *unseen; /* [core's nodes] bit r: neighbours have not seen the label of rank r */
  ky_buckets queue;
} core_search;

static uint32_t lowest_bit(uint32_t bits) {
  uint32_t at = 0;
  while ((bits >> at & 1) == 0) at++;
  return at;
}

static void wait_for(core_search *s, uint32_t node) {
  uint64_t first = s->label[(size_t)node * s->k + lowest_bit(s->unseen[node])];
  ky_buckets_put(&s->queue, node, (uint32_t)(first >> 32));
}

/* A label for a node of the core. The bits of `unseen` move with the labels. */
static void offer_node(core_search *s, uint32_t node, uint64_t offered) {
  uint32_t end, bits = s->unseen[node];
  uint32_t at = insert(s->label + (size_t)node * s->k, s->k, offered, &end);
  if (at == s->k) return;
  const uint32_t below = bits & ((1u << at) - 1), moved = bits >> at & ((1u << (end - at)) - 1);
  const uint32_t above = bits >> (end + 1) << (end + 1);
  s->unseen[node] = (uint16_t)(below | 1u << at | moved << (at + 1) | above);
  if (lowest_bit(s->unseen[node]) == at) wait_for(s, node);
}

/* Shows the neighbours what is new up to the bucket that is looked at. */
static void show(core_search *s, uint32_t node) {
  const ky_contraction *c = s->contraction;
  const uint64_t *list = s->label + (size_t)node * s->k;
  while (s->unseen[node] != 0) {
    uint32_t rank = lowest_bit(s->unseen[node]);
    if ((uint32_t)(list[rank] >> 32) >> s->queue.shift > s->queue.at) {
      wait_for(s, node);
      return;
    }
    s->unseen[node] = (uint16_t)(s->unseen[node] & ~(1u << rank));
    for (uint32_t a = c->first_core[node]; a < c->first_core[node + 1]; a++) {
      uint64_t offered = farther(list[rank], c->core[a].cost_mm);
      if (offered < NO_LABEL) offer_node(s, c->core[a].head, offered);
    }
  }
}

static ky_err search_core(ky_job *job, const lists *l) {
  const ky_contraction *c = l->contraction;
  const uint32_t n = c->node_count - c->out_count, arcs = c->first_core[n];
  core_search s = {.contraction = c, .label = l->label + (size_t)c->out_count * l->k, .k = l->k};
  uint32_t span_mm = 0;
  uint64_t sum_mm = 0;
  for (uint32_t a = 0; a < arcs; a++) {
    if (c->core[a].cost_mm > span_mm) span_mm = c->core[a].cost_mm;
    sum_mm += c->core[a].cost_mm;
  }
  KY_NEW(job, scratch, s.unseen, n);
  for (uint32_t v = 0; v < n; v++) {
    for (uint32_t r = 0; r < l->k && s.label[(size_t)v * l->k + r] < NO_LABEL; r++) {
      uint32_t cost_mm = (uint32_t)(s.label[(size_t)v * l->k + r] >> 32);
      s.unseen[v] = (uint16_t)(s.unseen[v] | 1u << r);
      if (cost_mm > span_mm) span_mm = cost_mm;
    }
  }
  KY_TRY(ky_buckets_new(job, n, arcs == 0 ? 1 : (uint32_t)(sum_mm / arcs), span_mm, &s.queue));
  for (uint32_t v = 0; v < n; v++)
    if (s.unseen[v] != 0) wait_for(&s, v);
  while (s.queue.count != 0) show(&s, ky_buckets_take(&s.queue));
  return KY_OK;
}

typedef struct placing {
  const ky_network *network;
  const lists *lists;
  const ky_anchors *sources, *places;
  const int8_t *use;
  ky_by_edge on_edge; /* sources */
} placing;

/* Through either end of the place's street, or along the street itself. */
static void place_one(const placing *p, uint32_t place, uint64_t *best) {
  const ky_network *network = p->network;
  const uint32_t edge = p->places->edge[place], k = p->lists->k;
  uint32_t end;
  for (uint32_t r = 0; r < k; r++) best[r] = NO_LABEL;
  if (edge == KY_NONE) return;
  const uint32_t *at = p->lists->contraction->place;
  const uint64_t access = p->places->access_mm[place];
  const uint32_t here_mm = ky_edge_cost_from(network, edge, p->places->along_mm[place]);
  offer_list(p->lists->label + (size_t)at[network->edge_from[edge]] * k, k, access + here_mm, best);
  offer_list(p->lists->label + (size_t)at[network->edge_to[edge]] * k, k, access + network->cost_mm[edge] - here_mm,
             best);
  for (uint32_t i = p->on_edge.first[edge]; i < p->on_edge.first[edge + 1]; i++) {
    const uint32_t s = p->on_edge.place[i];
    if (p->use != NULL && p->use[s] == 0) continue;
    const uint32_t there_mm = ky_edge_cost_from(network, edge, p->sources->along_mm[s]);
    const uint64_t apart = there_mm > here_mm ? there_mm - here_mm : here_mm - there_mm;
    insert(best, k, farther((uint64_t)p->sources->access_mm[s] << 32 | s, access + apart), &end);
  }
}

ky_err ky_nearest_places(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                         const ky_anchors *sources, const int8_t *use, const ky_anchors *places, uint32_t k,
                         ky_nearest *out) {
  lists l = {.contraction = contraction, .k = k};
  placing p = {.network = network, .lists = &l, .sources = sources, .places = places, .use = use};
  *out = (ky_nearest){.count = places->count, .k = k};
  KY_NEW(job, keep, out->walk_mm, (size_t)places->count * k);
  KY_NEW(job, keep, out->source, (size_t)places->count * k);
  KY_NEW(job, scratch, l.label, (size_t)network->node_count * k);
  KY_TRY(ky_by_edge_new(job, &job->scratch, network, sources, &p.on_edge));
  place_sources(network, sources, use, &l);
  pass_up(&l);
  KY_TRY(search_core(job, &l));
  pass_down(job, &l);
#pragma omp parallel for schedule(dynamic, 1024) num_threads(job->threads)
  for (uint32_t i = 0; i < places->count; i++) {
    uint64_t best[KY_NEAREST_MAX];
    place_one(&p, i, best);
    for (uint32_t r = 0; r < k; r++) {
      bool is_found = best[r] < NO_LABEL;
      out->walk_mm[(size_t)i * k + r] = is_found ? (uint32_t)(best[r] >> 32) : KY_NONE;
      out->source[(size_t)i * k + r] = is_found ? (uint32_t)best[r] : KY_NONE;
    }
  }
  return KY_OK;
}
