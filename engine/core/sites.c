/* Sites in greedy order with a proven bound.
 *
 * f(S) = people 65+ newly covered by the set of sites S. f grows with S, and a site adds the less the more there are
 * (submodular). Three bounds on the best k sites O follow, and the least of them is reported:
 *   union   f(O) <= people covered by all candidates together.
 *   ratio   f(greedy k) >= (1 - (1 - 1/k)^k) f(O)                      Nemhauser, Wolsey & Fisher (1978).
 *   stages  f(O) <= f(S + O) <= f(S) + sum over o in O of (what o adds to S)
 *                <= f(S) + the k largest of what single sites add to S,  for any S; S = the first 0, 1, 2, 4, ...
 *           sites of the greedy order and all of them. What a site added to an earlier S is no less than what it
 *           adds now, so gains that were not brought up to date serve as well.
 * And as the best k + 1 are no worse than the best k, a bound for k + 1 holds for k too.
 *
 * Lazy greedy (Minoux 1978): sites wait in a heap by their last known gain, which can only have shrunk; the top is
 * brought up to date until it stays on top. Cover sets are not stored: a gain is a bounded search run again. */
#include <assert.h>
#include <kayoi/sites.h>
#include <string.h>

#include "core/sort.h"
#include "core/thread.h"

#define PROGRESS_STEP 1024

bool ky_point_is_demand(const ky_points *points, const ky_coverage *coverage, const ky_zones *zones, uint32_t point) {
  if (points->row[point] >= KY_ROW_OUTSIDE(zones)) return false;
  if (coverage->reach[point] != KY_BEYOND && coverage->reach[point] != KY_UNREACHABLE) return false;
  for (int m = 0; m < KY_MEASURE_COUNT; m++) {
    const uint32_t *people = points->people[m];
    if (people != NULL && people[point] != KY_NONE && people[point] != 0) return true;
  }
  return false;
}

/* Demand points that have a street, as places on the network. */
typedef struct demand {
  uint32_t count;
  uint32_t *point;  /* [count] index into points */
  uint32_t *people; /* [count] 65+, thousandths */
  uint8_t *is_met;  /* [count] a site of the order covers it */
  uint32_t *site;   /* [count] the first that does */
  ky_anchors anchors;
  ky_by_edge by_edge;
  uint32_t *left;     /* [edges] of its points, those not met */
  uint32_t *of_point; /* [points] index into point, KY_NONE; NULL: no cover sets are known */
} demand;

static ky_err demand_new(ky_job *job, const ky_network *network, const ky_points *points,
                         const ky_anchors *point_anchors, const ky_zones *zones, const ky_coverage *coverage,
                         demand *out) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < points->count; i++)
    n += point_anchors->edge[i] != KY_NONE && ky_point_is_demand(points, coverage, zones, i);
  memset(out, 0, sizeof *out);
  out->anchors.count = n;
  KY_NEW(job, scratch, out->point, n);
  KY_NEW(job, scratch, out->people, n);
  KY_NEW(job, scratch, out->is_met, n);
  KY_NEW(job, scratch, out->site, n);
  KY_NEW(job, scratch, out->anchors.edge, n);
  KY_NEW(job, scratch, out->anchors.along_mm, n);
  KY_NEW(job, scratch, out->anchors.access_mm, n);
  KY_NEW(job, scratch, out->left, network->edge_count);
  for (uint32_t i = 0; i < points->count; i++) {
    if (point_anchors->edge[i] == KY_NONE || !ky_point_is_demand(points, coverage, zones, i)) continue;
    uint32_t d = out->count++, people = points->people[KY_65][i];
    out->point[d] = i;
    out->people[d] = people == KY_NONE ? 0 : people;
    out->site[d] = KY_NONE;
    out->anchors.edge[d] = point_anchors->edge[i];
    out->anchors.along_mm[d] = point_anchors->along_mm[i];
    out->anchors.access_mm[d] = point_anchors->access_mm[i];
    out->left[point_anchors->edge[i]]++;
  }
  return ky_by_edge_new(job, &job->scratch, network, &out->anchors, &out->by_edge);
}

static ky_err demand_index(ky_job *job, uint32_t point_count, demand *out) {
  KY_NEW(job, scratch, out->of_point, point_count);
  for (uint32_t i = 0; i < point_count; i++) out->of_point[i] = KY_NONE;
  for (uint32_t d = 0; d < out->count; d++) out->of_point[out->point[d]] = d;
  return KY_OK;
}

/* The same as sweep, from a cover set. */
static int64_t sweep_set(const uint32_t *set, uint32_t size, const demand *wanted,
                         void (*visit)(void *user, uint32_t d), void *user) {
  int64_t gain = 0;
  for (uint32_t i = 0; i < size; i++) {
    const uint32_t d = wanted->of_point[set[i]];
    if (d == KY_NONE || wanted->is_met[d]) continue;
    gain += wanted->people[d];
    if (visit != NULL) visit(user, d);
  }
  return gain;
}

/* Calls for every point not met that the candidate covers. The search may be shared by one thread only. */
static int64_t sweep(const ky_candidates *candidates, uint32_t candidate, uint32_t limit_mm, const demand *wanted,
                     ky_search *search, void (*visit)(void *user, uint32_t d), void *user) {
  int64_t gain = 0;
  const uint32_t cover = candidates->covers != NULL ? candidates->cover[candidate] : KY_NONE;
  if (cover != KY_NONE)
    return sweep_set(candidates->covers->set[cover], candidates->covers->size[cover], wanted, visit, user);
  ky_search_run(search, candidates->anchors.edge[candidate], candidates->anchors.along_mm[candidate],
                candidates->anchors.access_mm[candidate], limit_mm);
  for (uint32_t i = 0; i < search->edge_count; i++) {
    uint32_t edge = search->edge[i];
    if (wanted->left[edge] == 0) continue;
    for (uint32_t p = wanted->by_edge.first[edge]; p < wanted->by_edge.first[edge + 1]; p++) {
      uint32_t d = wanted->by_edge.place[p];
      if (wanted->is_met[d] || wanted->anchors.access_mm[d] > limit_mm) continue;
      uint32_t cost_mm = ky_search_cost(search, edge, wanted->anchors.along_mm[d]);
      if (cost_mm > limit_mm - wanted->anchors.access_mm[d]) continue; /* KY_NONE is larger than any limit */
      gain += wanted->people[d];
      if (visit != NULL) visit(user, d);
    }
  }
  return gain;
}

/* A candidate in the heap: larger gain first, then the lower index. */
typedef struct offer {
  int64_t gain;
  uint32_t candidate;
  uint32_t round; /* of the greedy order at which the gain was counted */
} offer;

typedef struct chooser {
  ky_job *job;
  const ky_candidates *candidates;
  uint32_t limit_mm;
  demand demand;
  ky_search *search; /* [threads] */
  offer *heap;
  uint32_t heap_count;
  int64_t *bound;   /* [candidates] best so far for 1, 2, ... sites */
  uint64_t *sorted; /* [candidates] room for gains in falling order, from INT64_MAX down */
  uint32_t *room;   /* [candidates] what the sort carries along */
} chooser;

static bool is_before(const offer *a, const offer *b) {
  return a->gain != b->gain ? a->gain > b->gain : a->candidate < b->candidate;
}

static void sift_down(chooser *c, uint32_t at) {
  offer moved = c->heap[at];
  for (;;) {
    uint32_t child = 2 * at + 1;
    if (child >= c->heap_count) break;
    if (child + 1 < c->heap_count && is_before(&c->heap[child + 1], &c->heap[child])) child++;
    if (!is_before(&c->heap[child], &moved)) break;
    c->heap[at] = c->heap[child];
    at = child;
  }
  c->heap[at] = moved;
}

static void pop(chooser *c) {
  c->heap[0] = c->heap[--c->heap_count];
  if (c->heap_count != 0) sift_down(c, 0);
}

/* user: uint8_t per demand point, 1 when some candidate covers it. All threads only ever write 1, so their order does
 * not matter. */
static void visit_mark(void *user, uint32_t d) {
  uint8_t *mark = (uint8_t *)user + d, is_marked;
#pragma omp atomic read
  is_marked = *mark;
  if (is_marked) return;
#pragma omp atomic write
  *mark = 1;
}

/* Gains of all candidates alone, and the people that all of them together could cover. */
static ky_err first_gains(chooser *c, int64_t *in_range_65) {
  ky_job *job = c->job;
  uint32_t n = c->candidates->count, done = 0;
  int64_t *gain;
  uint8_t *is_in_range;
  KY_NEW(job, scratch, gain, n);
  KY_NEW(job, scratch, is_in_range, c->demand.count);
  for (uint32_t from = 0; from < n; from = done) {
    done = n - from > PROGRESS_STEP ? from + PROGRESS_STEP : n;
#pragma omp parallel for schedule(dynamic, 16) num_threads(job->threads)
    for (uint32_t i = from; i < done; i++)
      gain[i] = sweep(c->candidates, i, c->limit_mm, &c->demand, &c->search[ky_thread()], visit_mark, is_in_range);
    ky_job_progress(job, done, n);
  }
  *in_range_65 = 0;
  for (uint32_t d = 0; d < c->demand.count; d++)
    if (is_in_range[d]) *in_range_65 += c->demand.people[d];
  for (uint32_t i = 0; i < n; i++)
    if (gain[i] > 0) c->heap[c->heap_count++] = (offer){.gain = gain[i], .candidate = i};
  for (uint32_t i = c->heap_count / 2; i-- > 0;) sift_down(c, i);
  for (uint32_t i = 0; i < n; i++) c->bound[i] = *in_range_65;
  return KY_OK;
}

/* The stage bound with S = the sites chosen so far, which cover `covered`. */
static ky_err bound_by_stage(chooser *c, int64_t covered) {
  for (uint32_t i = 0; i < c->heap_count; i++) c->sorted[i] = (uint64_t)(INT64_MAX - c->heap[i].gain);
  KY_TRY(ky_sort_pairs(c->job, c->sorted, c->room, c->heap_count));
  int64_t sum = covered;
  for (uint32_t k = 0; k < c->candidates->count; k++) {
    if (k < c->heap_count) sum += INT64_MAX - (int64_t)c->sorted[k];
    if (sum < c->bound[k]) c->bound[k] = sum;
  }
  return KY_OK;
}

/* (1 - 1/k)^k by squaring: the same bits everywhere, unlike pow(). */
static double missed_share(uint32_t k) {
  double power = 1, base = 1 - 1 / (double)k;
  for (uint32_t n = k; n != 0; n >>= 1) {
    if (n & 1) power *= base;
    base *= base;
  }
  return power;
}

typedef struct taking {
  demand *wanted;
  uint32_t order;
} taking;

static void visit_take(void *user, uint32_t d) {
  taking *t = user;
  t->wanted->is_met[d] = 1;
  t->wanted->site[d] = t->order;
  t->wanted->left[t->wanted->anchors.edge[d]]--;
}

/* The greedy order into chosen[]. */
static ky_err choose(chooser *c, int64_t min_people, offer *chosen, uint32_t *chosen_count) {
  uint32_t count = 0;
  int64_t covered = 0;
  KY_TRY(bound_by_stage(c, 0));
  while (c->heap_count != 0 && c->heap[0].gain >= min_people) {
    offer *top = &c->heap[0];
    if (top->round != count) {
      top->gain = sweep(c->candidates, top->candidate, c->limit_mm, &c->demand, &c->search[0], NULL, NULL);
      top->round = count;
      if (top->gain == 0)
        pop(c);
      else
        sift_down(c, 0);
      continue;
    }
    chosen[count] = *top;
    pop(c);
    taking t = {&c->demand, count};
    covered += sweep(c->candidates, chosen[count].candidate, c->limit_mm, &c->demand, &c->search[0], visit_take, &t);
    count++;
    if ((count & (count - 1)) == 0) KY_TRY(bound_by_stage(c, covered));
  }
  *chosen_count = count;
  return bound_by_stage(c, covered);
}

static ky_err fill(chooser *c, const offer *chosen, uint32_t count, uint32_t point_count, ky_sites *out) {
  ky_job *job = c->job;
  out->count = count;
  KY_NEW(job, keep, out->candidate, count);
  KY_NEW(job, keep, out->gain_65, count);
  KY_NEW(job, keep, out->covered_65, count);
  KY_NEW(job, keep, out->bound_65, count);
  KY_NEW(job, keep, out->point_site, point_count);
  int64_t gain = 0;
  for (uint32_t i = 0; i < count; i++) {
    out->candidate[i] = chosen[i].candidate;
    out->gain_65[i] = chosen[i].gain;
    gain += chosen[i].gain;
    out->covered_65[i] = out->covered_before_65 + gain;
    out->bound_65[i] = c->bound[i];
    /* One more than the quotient covers its rounding. */
    double ratio = (double)gain / (1 - missed_share(i + 1)) + 1;
    if (ratio < (double)c->bound[i]) out->bound_65[i] = (int64_t)ratio;
    if (i == 0) out->bound_65[0] = gain; /* every first gain was counted: the best single site is known */
  }
  for (uint32_t i = count; i-- > 1;)
    if (out->bound_65[i] < out->bound_65[i - 1]) out->bound_65[i - 1] = out->bound_65[i];
  for (uint32_t i = 0; i < point_count; i++) out->point_site[i] = KY_NONE;
  for (uint32_t d = 0; d < c->demand.count; d++) out->point_site[c->demand.point[d]] = c->demand.site[d];
  return KY_OK;
}

ky_err ky_sites_choose(ky_job *job, const ky_candidates *candidates, const ky_network *network, const ky_points *points,
                       const ky_anchors *point_anchors, const ky_zones *zones, const ky_coverage *coverage,
                       const ky_sites_opts *opts, ky_sites *out) {
  assert(points->people[KY_65] != NULL);
  memset(out, 0, sizeof *out);
  const size_t all = (size_t)KY_ROW_MUNICIPALITY(zones) * KY_MEASURE_COUNT + KY_65;
  out->candidate_count = candidates->count;
  out->demand_65 = coverage->total[all];
  out->covered_before_65 = coverage->people[KY_COVERED][all];
  chooser c = {.job = job, .candidates = candidates, .limit_mm = opts->primary_mm};
  KY_TRY(demand_new(job, network, points, point_anchors, zones, coverage, &c.demand));
  if (candidates->covers != NULL) KY_TRY(demand_index(job, points->count, &c.demand));
  KY_NEW(job, scratch, c.search, job->threads);
  for (int t = 0; t < job->threads; t++) KY_TRY(ky_search_new(job, network, &c.search[t]));
  KY_NEW(job, scratch, c.heap, candidates->count);
  KY_NEW(job, scratch, c.bound, candidates->count);
  KY_NEW(job, scratch, c.sorted, candidates->count);
  KY_NEW(job, scratch, c.room, candidates->count);
  offer *chosen;
  uint32_t count;
  int64_t in_range_65;
  KY_NEW(job, scratch, chosen, candidates->count);
  KY_TRY(first_gains(&c, &in_range_65));
  KY_TRY(choose(&c, opts->min_people_65, chosen, &count));
  return fill(&c, chosen, count, points->count, out);
}
