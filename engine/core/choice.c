/* From a problem as given to a small one: checked, given candidates taken out, demand merged, dominated candidates
 * gone. */
#include "core/choice.h"

#include <stdlib.h>
#include <string.h>

#include "core/choice_lists.h"

/* Sums of savings stay below this, so that scaled ones and sums over a set do not overflow either. */
#define SUM_MAX (INT64_MAX / 4)
/* Merging makes candidates equal, and fewer candidates make demand equal: so many times at most. */
#define ROUNDS 3

/* A problem on its way. */
typedef struct maker {
  const ky_choices *in;
  ky_choice *out;
  uint8_t *is_gone;    /* [candidates as given] given, dominated, or serves nobody */
  uint8_t *is_served;  /* coverage: [demand] a given candidate serves it */
  uint32_t *base;      /* walk: [demand] least cost of what is there and of those given */
  uint32_t *column_of; /* [demand] column; NULL: no floors */
  ky_lists servers;    /* of demand */
  uint32_t *class_of;  /* [demand] */
  uint32_t class_count;
} maker;

static ky_err check_lists(ky_job *job, const ky_choices *in) {
  for (uint32_t c = 0; c < in->candidate_count; c++) {
    if (in->first[c] > in->first[c + 1])
      return ky_fail(job, KY_E_INTERNAL, "the lists of candidate %u end before they begin", c);
    if (in->price != NULL && in->price[c] == 0)
      return ky_fail(job, KY_E_INPUT, ky_tr("the price of candidate %u is 0; give at least 1"), c);
  }
  for (uint64_t e = in->first[0]; e < in->first[in->candidate_count]; e++)
    if (in->demand[e] >= in->demand_count)
      return ky_fail(job, KY_E_INTERNAL, "a candidate serves demand %u of %u", in->demand[e], in->demand_count);
  for (uint32_t d = 0; in->zone != NULL && d < in->demand_count; d++)
    if (in->zone[d] != KY_NONE && in->zone[d] >= in->zone_count)
      return ky_fail(job, KY_E_INTERNAL, "demand %u lies in zone %u of %u", d, in->zone[d], in->zone_count);
  return KY_OK;
}

/* Weights and their sums; seats and prices cannot overflow what they are summed in. */
static ky_err check_sums(ky_job *job, const ky_choices *in) {
  int64_t sum = 0;
  for (uint32_t d = 0; d < in->demand_count; d++) {
    int64_t most = 0;
    if (in->weight[d] < 0)
      return ky_fail(job, KY_E_INPUT, ky_tr("the weight of demand %u is negative: %lld"), d, (long long)in->weight[d]);
    if (__builtin_mul_overflow(in->weight[d], in->objective == KY_BY_WALK ? (int64_t)in->base[d] : 1, &most) ||
        most > SUM_MAX || sum > SUM_MAX - most)
      return ky_fail(job, KY_E_INPUT,
                     ky_tr("the weights of the demand add up to more than 64 bits hold; give them in larger units"));
    sum += most;
  }
  return KY_OK;
}

/* What candidates given serve is served. */
static ky_err take_given(ky_job *job, maker *m) {
  const ky_choices *in = m->in;
  ky_choice *out = m->out;
  for (uint32_t c = 0; in->is_given != NULL && c < in->candidate_count; c++) out->given_count += in->is_given[c] != 0;
  KY_NEW(job, scratch, out->given, out->given_count);
  KY_NEW(job, scratch, m->is_gone, in->candidate_count);
  KY_NEW(job, scratch, m->is_served, in->demand_count);
  KY_NEW(job, scratch, m->base, in->demand_count);
  for (uint32_t d = 0; in->objective == KY_BY_WALK && d < in->demand_count; d++) m->base[d] = in->base[d];
  uint32_t n = 0;
  for (uint32_t c = 0; n < out->given_count; c++) {
    if (!in->is_given[c]) continue;
    out->given[n++] = c;
    out->given_price += in->price != NULL ? in->price[c] : 1;
    if (in->objective == KY_BY_SEATS) continue;
    m->is_gone[c] = 1;
    for (uint64_t e = in->first[c]; e < in->first[c + 1]; e++) {
      uint32_t d = in->demand[e];
      if (in->objective == KY_BY_COVERAGE) m->is_served[d] = 1;
      if (in->objective == KY_BY_WALK && in->cost[e] < m->base[d]) m->base[d] = in->cost[e];
    }
  }
  for (uint32_t d = 0; d < in->demand_count; d++) {
    if (in->objective == KY_BY_WALK) out->base_value += in->weight[d] * (int64_t)m->base[d];
    if (m->is_served[d]) out->base_value += in->weight[d];
  }
  return KY_OK;
}

/* Zones whose floor those given do not keep yet become columns. */
static ky_err make_columns(ky_job *job, maker *m) {
  const ky_choices *in = m->in;
  ky_choice *out = m->out;
  const bool has_floors = in->objective == KY_BY_COVERAGE && in->zone != NULL && in->floor != NULL;
  uint32_t zones = has_floors ? in->zone_count : 0, *column_at;
  int64_t *given;
  KY_NEW(job, scratch, column_at, zones);
  KY_NEW(job, scratch, given, zones);
  KY_NEW(job, scratch, out->column_zone, (size_t)zones + 1);
  KY_NEW(job, scratch, out->floor, (size_t)zones + 1);
  KY_NEW(job, scratch, out->column_given, (size_t)zones + 1);
  for (uint32_t d = 0; has_floors && d < in->demand_count; d++)
    if (in->zone[d] != KY_NONE && m->is_served[d]) given[in->zone[d]] += in->weight[d];
  out->column_zone[0] = KY_NONE;
  out->column_count = 1;
  for (uint32_t z = 0; z < zones; z++) {
    if (in->floor[z] <= given[z]) continue;
    uint32_t c = column_at[z] = out->column_count++;
    out->column_zone[c] = z;
    out->floor[c] = in->floor[z] - given[z];
    out->column_given[c] = given[z];
  }
  if (out->column_count == 1) return KY_OK;
  KY_NEW(job, scratch, m->column_of, in->demand_count);
  for (uint32_t d = 0; d < in->demand_count; d++) m->column_of[d] = in->zone[d] == KY_NONE ? 0 : column_at[in->zone[d]];
  return KY_OK;
}

/* Lists of candidates without what saves nothing, then turned: servers of each demand. */
static ky_err gather(ky_job *job, maker *m) {
  const ky_choices *in = m->in;
  ky_lists lists = {.count = in->candidate_count};
  uint64_t n = 0;
  KY_NEW(job, scratch, lists.first, (size_t)in->candidate_count + 1);
  KY_NEW(job, scratch, lists.item, in->first[in->candidate_count] - in->first[0]);
  if (in->objective == KY_BY_WALK) KY_NEW(job, scratch, lists.cost, in->first[in->candidate_count] - in->first[0]);
  for (uint32_t c = 0; c < in->candidate_count; c++) {
    lists.first[c] = n;
    for (uint64_t e = in->first[c]; !m->is_gone[c] && e < in->first[c + 1]; e++) {
      uint32_t d = in->demand[e];
      if (in->weight[d] == 0 || m->is_served[d]) continue;
      if (lists.cost != NULL && in->cost[e] >= m->base[d]) continue;
      if (lists.cost != NULL) lists.cost[n] = in->cost[e];
      lists.item[n++] = d;
    }
  }
  lists.first[in->candidate_count] = n;
  return ky_lists_turn(job, &lists, in->demand_count, &m->servers);
}

/* One list per class: that of its first demand. */
static ky_err class_lists(ky_job *job, const maker *m, ky_lists *classes) {
  uint32_t *first_of;
  uint64_t n = 0;
  KY_NEW(job, scratch, first_of, m->class_count);
  for (uint32_t d = m->in->demand_count; d-- > 0;)
    if (m->class_of[d] != KY_NONE) first_of[m->class_of[d]] = d;
  for (uint32_t k = 0; k < m->class_count; k++) n += m->servers.first[first_of[k] + 1] - m->servers.first[first_of[k]];
  *classes = (ky_lists){.count = m->class_count};
  KY_NEW(job, scratch, classes->first, (size_t)m->class_count + 1);
  KY_NEW(job, scratch, classes->item, n);
  if (m->servers.cost != NULL) KY_NEW(job, scratch, classes->cost, n);
  n = 0;
  for (uint32_t k = 0; k < m->class_count; k++) {
    classes->first[k] = n;
    for (uint64_t e = m->servers.first[first_of[k]]; e < m->servers.first[first_of[k] + 1]; e++) {
      if (classes->cost != NULL) classes->cost[n] = m->servers.cost[e];
      classes->item[n++] = m->servers.item[e];
    }
  }
  classes->first[m->class_count] = n;
  return KY_OK;
}

static void drop_gone(maker *m) {
  ky_lists *s = &m->servers;
  uint64_t n = 0;
  for (uint32_t d = 0; d < s->count; d++) {
    uint64_t from = s->first[d], to = s->first[d + 1];
    s->first[d] = n;
    for (uint64_t e = from; e < to; e++) {
      if (m->is_gone[s->item[e]]) continue;
      if (s->cost != NULL) s->cost[n] = s->cost[e];
      s->item[n++] = s->item[e];
    }
  }
  s->first[s->count] = n;
}

/* Merges demand and drops dominated candidates until nothing changes. Places with seats do not stand for each other. */
static ky_err shrink(ky_job *job, maker *m) {
  const ky_choices *in = m->in;
  uint32_t *price;
  uint8_t *is_dominated;
  KY_NEW(job, scratch, m->class_of, in->demand_count);
  KY_NEW(job, scratch, price, in->candidate_count);
  KY_NEW(job, scratch, is_dominated, in->candidate_count);
  for (uint32_t c = 0; c < in->candidate_count; c++) price[c] = in->price != NULL ? in->price[c] : 1;
  const uint32_t *base = in->objective == KY_BY_WALK ? m->base : NULL;
  for (int round = 0; round < ROUNDS; round++) {
    ky_arena_mark mark = ky_arena_now(&job->scratch);
    uint32_t gone = 0;
    ky_lists classes, candidates;
    KY_TRY(ky_lists_merge(job, &m->servers, base, m->column_of, m->class_of, &m->class_count));
    if (in->objective != KY_BY_SEATS) {
      KY_TRY(class_lists(job, m, &classes));
      KY_TRY(ky_lists_turn(job, &classes, in->candidate_count, &candidates));
      KY_TRY(ky_lists_dominated(job, &candidates, &classes, price, is_dominated));
    }
    for (uint32_t c = 0; c < in->candidate_count; c++) {
      if (!is_dominated[c] || m->is_gone[c]) continue;
      m->is_gone[c] = 1;
      gone++;
    }
    ky_arena_rewind(&job->scratch, mark);
    if (gone == 0) return KY_OK;
    drop_gone(m);
  }
  return ky_lists_merge(job, &m->servers, base, m->column_of, m->class_of, &m->class_count);
}

/* Candidates that are left get new numbers; savings take the place of costs. */
static ky_err number_candidates(ky_job *job, maker *m, const ky_lists *classes, uint32_t *number) {
  const ky_choices *in = m->in;
  ky_choice *out = m->out;
  for (uint32_t c = 0; c < in->candidate_count; c++) number[c] = KY_NONE;
  for (uint64_t e = 0; e < classes->first[classes->count]; e++) number[classes->item[e]] = 0;
  for (uint32_t c = 0; c < in->candidate_count; c++) {
    if (in->objective == KY_BY_SEATS && in->seats[c] == 0) number[c] = KY_NONE;
    if (number[c] != KY_NONE) number[c] = out->candidate_count++;
  }
  KY_NEW(job, scratch, out->price, out->candidate_count);
  KY_NEW(job, scratch, out->origin, out->candidate_count);
  KY_NEW(job, scratch, out->seats, out->candidate_count);
  KY_NEW(job, scratch, out->is_given, out->candidate_count);
  out->has_prices = in->price != NULL;
  for (uint32_t c = 0; c < in->candidate_count; c++) {
    if (number[c] == KY_NONE) continue;
    out->origin[number[c]] = c;
    out->price[number[c]] = in->price != NULL ? in->price[c] : 1;
    if (in->objective != KY_BY_SEATS) continue;
    out->seats[number[c]] = in->seats[c];
    out->is_given[number[c]] = in->is_given != NULL && in->is_given[c];
  }
  return KY_OK;
}

typedef struct serving {
  int64_t saving;
  uint32_t server;
} serving;

static int compare_servings(const void *p, const void *q) {
  const serving *a = p, *b = q;
  if (a->saving != b->saving) return a->saving > b->saving ? -1 : 1;
  return a->server < b->server ? -1 : a->server > b->server;
}

/* Servers of each class, what saves most first. */
static ky_err fill_servers(ky_job *job, const maker *m, const ky_lists *classes, const uint32_t *number) {
  const ky_choices *in = m->in;
  ky_choice *out = m->out;
  const bool is_walk = in->objective == KY_BY_WALK;
  uint64_t most = 0, n = 0;
  for (uint32_t k = 0; k < classes->count; k++)
    if (classes->first[k + 1] - classes->first[k] > most) most = classes->first[k + 1] - classes->first[k];
  serving *row;
  uint32_t *base;
  KY_NEW(job, scratch, row, most);
  KY_NEW(job, scratch, base, classes->count);
  KY_NEW(job, scratch, out->from, (size_t)classes->count + 1);
  KY_NEW(job, scratch, out->server, classes->first[classes->count]);
  if (is_walk) KY_NEW(job, scratch, out->served, classes->first[classes->count]);
  for (uint32_t d = 0; d < in->demand_count; d++)
    if (m->class_of[d] != KY_NONE) base[m->class_of[d]] = m->base[d];
  for (uint32_t k = 0; k < classes->count; k++) {
    uint32_t length = 0;
    for (uint64_t e = classes->first[k]; e < classes->first[k + 1]; e++) {
      int64_t units = is_walk ? base[k] - (int64_t)classes->cost[e] : 1;
      if (number[classes->item[e]] != KY_NONE) row[length++] = (serving){out->top[k] * units, number[classes->item[e]]};
    }
    if (is_walk && length != 0) qsort(row, length, sizeof *row, compare_servings);
    out->from[k] = n;
    for (uint32_t i = 0; i < length; i++, n++) {
      out->server[n] = row[i].server;
      if (is_walk) out->served[n] = row[i].saving;
    }
    if (is_walk && length != 0) out->top[k] = row[0].saving;
    out->total += out->top[k];
  }
  out->from[classes->count] = n;
  return KY_OK;
}

/* Lists of candidates from those of their demand. */
static ky_err fill_candidates(ky_job *job, ky_choice *out) {
  uint64_t entries = out->from[out->demand_count], sum = 0, *end;
  KY_NEW(job, scratch, out->first, (size_t)out->candidate_count + 1);
  KY_NEW(job, scratch, out->demand, entries);
  if (out->served != NULL) KY_NEW(job, scratch, out->saving, entries);
  KY_NEW(job, scratch, end, out->candidate_count);
  for (uint64_t e = 0; e < entries; e++) end[out->server[e]]++;
  for (uint32_t c = 0; c < out->candidate_count; c++) {
    uint64_t n = end[c];
    out->first[c] = end[c] = sum;
    sum += n;
  }
  out->first[out->candidate_count] = sum;
  for (uint32_t d = 0; d < out->demand_count; d++)
    for (uint64_t e = out->from[d]; e < out->from[d + 1]; e++) {
      uint64_t at = end[out->server[e]]++;
      out->demand[at] = d;
      if (out->saving != NULL) out->saving[at] = out->served[e];
    }
  return KY_OK;
}

/* A floor that all candidates together do not reach. */
static void find_hopeless(ky_choice *out, int64_t *room) {
  int64_t most = 0;
  out->hopeless_zone = KY_NONE;
  for (uint32_t d = 0; d < out->demand_count; d++) room[out->column[d]] += out->top[d];
  for (uint32_t c = 1; c < out->column_count; c++) {
    if (out->floor[c] - room[c] <= most) continue;
    most = out->floor[c] - room[c];
    out->hopeless_zone = out->column_zone[c];
    out->hopeless_bound = room[c] + out->column_given[c];
  }
}

static ky_err finish(ky_job *job, maker *m) {
  const ky_choices *in = m->in;
  ky_choice *out = m->out;
  ky_lists classes;
  uint32_t *number;
  int64_t *room;
  KY_TRY(class_lists(job, m, &classes));
  out->demand_count = m->class_count;
  KY_NEW(job, scratch, number, in->candidate_count);
  KY_NEW(job, scratch, room, out->column_count);
  KY_NEW(job, scratch, out->top, out->demand_count);
  KY_NEW(job, scratch, out->column, out->demand_count);
  for (uint32_t d = 0; d < in->demand_count; d++) {
    if (m->class_of[d] == KY_NONE) continue;
    out->top[m->class_of[d]] += in->weight[d];
    if (m->column_of != NULL) out->column[m->class_of[d]] = m->column_of[d];
  }
  KY_TRY(number_candidates(job, m, &classes, number));
  KY_TRY(fill_servers(job, m, &classes, number));
  KY_TRY(fill_candidates(job, out));
  find_hopeless(out, room);
  return KY_OK;
}

ky_err ky_choices_prepare(ky_job *job, const ky_choices *choices, ky_choice **out) {
  maker m = {.in = choices};
  KY_NEW(job, scratch, *out, 1);
  m.out = *out;
  m.out->objective = choices->objective;
  KY_TRY(check_lists(job, choices));
  KY_TRY(check_sums(job, choices));
  KY_TRY(take_given(job, &m));
  KY_TRY(make_columns(job, &m));
  KY_TRY(gather(job, &m));
  KY_TRY(shrink(job, &m));
  return finish(job, &m);
}
