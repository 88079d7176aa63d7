/* What zones can have together is a polymatroid: of a set A of zones at most f(A), the largest flow from A to the
 * seats. Its lexicographically fairest largest vector is found by division: give every zone the same share of its
 * demand, the one at which all together have f(all). Where that does not fit, the smallest cut separates the zones that
 * must have less, with all seats they can reach, from the rest, and each side is solved alone. Fujishige (1980),
 * Lexicographically optimal base of a polymatroid with respect to a weight vector; Groenevelt (1991), the division;
 * Megiddo (1974), Optimal flows in networks with multiple sources and sinks: the same for flows.
 *
 * Shares are tried in whole units (floors), so zones may be one unit from the exact share; sums are exact. */
#include "core/seats_fair.h"

#include <assert.h>
#include <string.h>

#include "core/ratio.h"
#include "core/seats_flow.h"

#define UNLIMITED (INT64_MAX / 2)

/* Ranges of the lists of zones, classes and venues that are solved together. */
typedef struct part {
  uint32_t first_zone, end_zone, first_class, end_class, first_venue, end_venue;
  int64_t rank; /* the most that its zones can have of its seats, forced classes seated */
} part;

typedef struct solver {
  ky_job *job;
  const ky_fair *fair;
  int64_t *sure;                      /* [zones] what a zone has already, whatever else happens */
  bool *is_done;                      /* [classes] seated before the flows */
  bool *is_forced;                    /* [classes] of a zone that is solved elsewhere: seated here for sure */
  uint32_t *zones, *classes, *venues; /* lists that parts are ranges of */
  uint32_t zone_total, class_total, venue_total; /* lengths of the lists */
  uint32_t *zone_node, *class_node, *venue_node; /* nodes in the flow; KY_NONE: not in it */
  uint32_t *spare;                               /* for dividing lists */
  ky_flow flow;
  ky_flow_arc *arcs;
  part *parts; /* still to be solved */
  uint32_t part_count;
  int64_t *served;
} solver;

static ky_err new_solver(ky_job *job, const ky_fair *fair, int64_t *served, solver *s) {
  const uint32_t zones = fair->zone_count, classes = fair->class_count, venues = fair->venue_count;
  *s = (solver){.job = job, .fair = fair, .served = served};
  KY_NEW(job, scratch, s->sure, zones);
  KY_NEW(job, scratch, s->is_done, classes);
  KY_NEW(job, scratch, s->is_forced, classes);
  KY_NEW(job, scratch, s->zones, zones);
  KY_NEW(job, scratch, s->classes, classes);
  KY_NEW(job, scratch, s->venues, venues);
  KY_NEW(job, scratch, s->zone_node, zones);
  KY_NEW(job, scratch, s->class_node, classes);
  KY_NEW(job, scratch, s->venue_node, venues);
  KY_NEW(job, scratch, s->spare, (size_t)zones + classes + venues);
  KY_NEW(job, scratch, s->parts, (size_t)zones + 1);
  memset(s->venue_node, 0xff, venues * sizeof *s->venue_node);
  return KY_OK;
}

/* Classes of each venue: class[first[v] .. first[v + 1]). */
static ky_err by_venue(ky_job *job, const ky_fair *fair, uint32_t **first_out, uint32_t **class_out) {
  const uint32_t pairs = fair->first_venue[fair->class_count];
  uint32_t *first, *class;
  KY_NEW(job, scratch, first, (size_t)fair->venue_count + 2);
  KY_NEW(job, scratch, class, pairs);
  for (uint32_t k = 0; k < pairs; k++) first[fair->venue[k] + 2]++;
  for (uint32_t v = 0; v < fair->venue_count; v++) first[v + 2] += first[v + 1];
  for (uint32_t c = 0; c < fair->class_count; c++)
    for (uint32_t k = fair->first_venue[c]; k < fair->first_venue[c + 1]; k++) class[first[fair->venue[k] + 1]++] = c;
  *first_out = first;
  *class_out = class;
  return KY_OK;
}

/* A venue with seats for all who could come seats them all, and they leave the others; and so on. What is left is where
 * seats are tight. */
static ky_err seat_the_easy(solver *s) {
  ky_job *job = s->job;
  const ky_fair *fair = s->fair;
  uint32_t *first = NULL, *class = NULL, *queue = s->spare, done = 0, count = 0;
  int64_t *load;
  bool *is_queued;
  KY_TRY(by_venue(job, fair, &first, &class));
  KY_NEW(job, scratch, load, fair->venue_count);
  KY_NEW(job, scratch, is_queued, fair->venue_count);
  for (uint32_t v = 0; v < fair->venue_count; v++) {
    for (uint32_t k = first[v]; k < first[v + 1]; k++) load[v] += fair->class_demand[class[k]];
    is_queued[v] = fair->seats[v] == KY_NULL || load[v] <= fair->seats[v];
    if (is_queued[v]) queue[count++] = v;
  }
  while (done < count) {
    const uint32_t v = queue[done++];
    for (uint32_t k = first[v]; k < first[v + 1]; k++) {
      const uint32_t c = class[k];
      if (s->is_done[c]) continue;
      s->is_done[c] = true;
      s->sure[fair->zone[c]] += fair->class_demand[c];
      for (uint32_t j = fair->first_venue[c]; j < fair->first_venue[c + 1]; j++) {
        const uint32_t other = fair->venue[j];
        load[other] -= fair->class_demand[c];
        if (is_queued[other] || load[other] > fair->seats[other]) continue;
        is_queued[other] = true;
        queue[count++] = other;
      }
    }
  }
  for (uint32_t v = 0; v < fair->venue_count; v++)
    if (!is_queued[v]) s->venues[s->venue_total++] = v;
  return KY_OK;
}

/* Zones and classes that the flows are about, and the memory for the flows. */
static ky_err list_the_rest(solver *s) {
  ky_job *job = s->job;
  const ky_fair *fair = s->fair;
  uint64_t pairs = 0;
  for (uint32_t z = 0; z < fair->zone_count; z++)
    if (fair->demand[z] > 0) s->zones[s->zone_total++] = z;
  for (uint32_t c = 0; c < fair->class_count; c++) {
    const uint32_t venues = fair->first_venue[c + 1] - fair->first_venue[c];
    if (s->is_done[c] || fair->class_demand[c] == 0 || venues == 0) continue;
    s->classes[s->class_total++] = c;
    pairs += venues;
  }
  const uint64_t nodes = 2 + (uint64_t)s->zone_total + s->class_total + s->venue_total, arcs = nodes - 2 + pairs;
  if (nodes >= KY_NONE || arcs >= KY_NONE) return ky_fail_memory(job);
  KY_NEW(job, scratch, s->arcs, arcs);
  return ky_flow_new(job, (uint32_t)nodes, (uint32_t)arcs, &s->flow);
}

/* The flow of a part: source -> zone (limit) -> class -> venue -> sink, and source -> forced class. Returns what leaves
 * the source at most. limit: [zones]. */
static int64_t set_flow(solver *s, const part *p, const int64_t *limit) {
  const ky_fair *fair = s->fair;
  uint32_t node = 2, count = 0;
  int64_t wanted = 0;
  for (uint32_t i = p->first_zone; i < p->end_zone; i++) {
    s->zone_node[s->zones[i]] = node;
    s->arcs[count++] = (ky_flow_arc){0, node++, limit[s->zones[i]]};
    wanted += limit[s->zones[i]];
  }
  for (uint32_t i = p->first_venue; i < p->end_venue; i++) {
    s->venue_node[s->venues[i]] = node;
    s->arcs[count++] = (ky_flow_arc){node++, 1, fair->seats[s->venues[i]]};
  }
  for (uint32_t i = p->first_class; i < p->end_class; i++) {
    const uint32_t c = s->classes[i];
    s->class_node[c] = node;
    s->arcs[count++] = (ky_flow_arc){s->is_forced[c] ? 0 : s->zone_node[fair->zone[c]], node, fair->class_demand[c]};
    if (s->is_forced[c]) wanted += fair->class_demand[c];
    for (uint32_t k = fair->first_venue[c]; k < fair->first_venue[c + 1]; k++)
      if (s->venue_node[fair->venue[k]] != KY_NONE)
        s->arcs[count++] = (ky_flow_arc){node, s->venue_node[fair->venue[k]], UNLIMITED};
    node++;
  }
  ky_flow_set(&s->flow, node, s->arcs, count);
  return wanted;
}

static void forget_nodes(solver *s, const part *p) {
  for (uint32_t i = p->first_venue; i < p->end_venue; i++) s->venue_node[s->venues[i]] = KY_NONE;
}

/* Moves what lies on the source's side of the cut to the front, keeping the order; returns where the rest begins. */
static uint32_t divide(solver *s, uint32_t *list, const uint32_t *node, uint32_t first, uint32_t end) {
  uint32_t kept = first, moved = 0;
  for (uint32_t i = first; i < end; i++) {
    if (s->flow.level[node[list[i]]] != KY_NONE)
      list[kept++] = list[i];
    else
      s->spare[moved++] = list[i];
  }
  memcpy(list + kept, s->spare, moved * sizeof *list);
  return kept;
}

/* Those who must have less, with every seat they can reach; and the rest, where people of the former whom the rest's
 * venues can seat are seated for sure. */
static void split(solver *s, const part *p) {
  const ky_fair *fair = s->fair;
  part low = *p, high = *p;
  low.end_zone = high.first_zone = divide(s, s->zones, s->zone_node, p->first_zone, p->end_zone);
  low.end_class = high.first_class = divide(s, s->classes, s->class_node, p->first_class, p->end_class);
  low.end_venue = high.first_venue = divide(s, s->venues, s->venue_node, p->first_venue, p->end_venue);
  assert(low.first_zone < low.end_zone && high.first_zone < high.end_zone);
  low.rank = 0;
  for (uint32_t i = low.first_venue; i < low.end_venue; i++) low.rank += fair->seats[s->venues[i]];
  for (uint32_t i = low.first_class; i < low.end_class; i++)
    if (s->is_forced[s->classes[i]]) low.rank -= fair->class_demand[s->classes[i]];
  high.rank = p->rank - low.rank;
  for (uint32_t i = high.first_class; i < high.end_class; i++) {
    const uint32_t c = s->classes[i], zone = fair->zone[c];
    if (s->is_forced[c] || s->flow.level[s->zone_node[zone]] == KY_NONE) continue;
    s->is_forced[c] = true;
    s->sure[zone] += fair->class_demand[c];
    high.rank -= fair->class_demand[c];
  }
  s->parts[s->part_count++] = high;
  s->parts[s->part_count++] = low;
}

/* All zones of the part have the same share of their demand. */
static ky_err serve_evenly(solver *s, const part *p, int64_t total, int64_t demand) {
  ky_job *job = s->job;
  const uint32_t n = p->end_zone - p->first_zone;
  ky_wide *value;
  int64_t *served;
  KY_NEW(job, scratch, value, n);
  KY_NEW(job, scratch, served, n);
  for (uint32_t i = 0; i < n; i++) value[i] = (ky_wide)s->fair->demand[s->zones[p->first_zone + i]] * total;
  KY_TRY(ky_round_largest_remainder(job, value, demand, total, n, served));
  for (uint32_t i = 0; i < n; i++) s->served[s->zones[p->first_zone + i]] = served[i];
  return KY_OK;
}

/* Is there enough for everybody, or for nobody more? Then no share has to be sought. */
static bool is_settled(solver *s, const part *p) {
  int64_t open = 0;
  for (uint32_t i = p->first_class; i < p->end_class; i++)
    if (!s->is_forced[s->classes[i]]) open += s->fair->class_demand[s->classes[i]];
  if (p->rank != open && p->rank != 0) return false;
  for (uint32_t i = p->first_zone; i < p->end_zone; i++) s->served[s->zones[i]] = s->sure[s->zones[i]];
  for (uint32_t i = p->first_class; p->rank != 0 && i < p->end_class; i++)
    if (!s->is_forced[s->classes[i]]) s->served[s->fair->zone[s->classes[i]]] += s->fair->class_demand[s->classes[i]];
  return true;
}

static ky_err solve(solver *s, const part *p, int64_t *limit) {
  int64_t demand = 0, total = p->rank;
  bool is_even = true;
  if (is_settled(s, p)) return KY_OK;
  for (uint32_t i = p->first_zone; i < p->end_zone; i++) {
    demand += s->fair->demand[s->zones[i]];
    total += s->sure[s->zones[i]];
  }
  if (p->end_zone - p->first_zone > 1) {
    for (uint32_t i = p->first_zone; i < p->end_zone; i++) {
      const uint32_t z = s->zones[i];
      limit[z] = (int64_t)((ky_wide)s->fair->demand[z] * total / demand) - s->sure[z];
      is_even = is_even && limit[z] >= 0;
      if (limit[z] < 0) limit[z] = 0;
    }
    const int64_t wanted = set_flow(s, p, limit);
    is_even = ky_flow_run(&s->flow, 0, 1) == wanted && is_even;
  }
  if (!is_even) split(s, p);
  forget_nodes(s, p);
  return is_even ? serve_evenly(s, p, total, demand) : KY_OK;
}

ky_err ky_fair_assign(ky_job *job, const ky_fair *fair, int64_t *served, int8_t *is_short) {
  solver s;
  int64_t *limit;
  KY_TRY(new_solver(job, fair, served, &s));
  KY_NEW(job, scratch, limit, fair->zone_count);
  KY_TRY(seat_the_easy(&s));
  KY_TRY(list_the_rest(&s));
  part all = {.end_zone = s.zone_total, .end_class = s.class_total, .end_venue = s.venue_total};
  for (uint32_t i = 0; i < s.class_total; i++) limit[fair->zone[s.classes[i]]] += fair->class_demand[s.classes[i]];
  set_flow(&s, &all, limit);
  all.rank = ky_flow_run(&s.flow, 0, 1);
  for (uint32_t i = 0; i < s.venue_total; i++)
    if (s.flow.level[s.venue_node[s.venues[i]]] != KY_NONE) is_short[s.venues[i]] = 1;
  forget_nodes(&s, &all);
  for (uint32_t z = 0; z < fair->zone_count; z++) served[z] = 0;
  s.parts[s.part_count++] = all;
  while (s.part_count != 0) {
    const part next = s.parts[--s.part_count];
    if (next.first_zone < next.end_zone) KY_TRY(solve(&s, &next, limit));
  }
  return KY_OK;
}
