/* Equal demand is found by a 128-bit sum over its servers, and then compared entry by entry. A candidate can only be
 * dominated by one that also serves the demand with fewest servers among its own. */
#include "core/choice_lists.h"

#include <stdlib.h>
#include <string.h>

/* Entries compared for one candidate at most, so that a hall of mirrors costs no more than a list of a city. */
#define DOMINATION_WORK UINT64_C(400000)

ky_err ky_lists_turn(ky_job *job, const ky_lists *lists, uint32_t item_count, ky_lists *out) {
  const uint64_t entries = lists->first[lists->count];
  memset(out, 0, sizeof *out);
  out->count = item_count;
  uint64_t *end;
  KY_NEW(job, scratch, out->first, (size_t)item_count + 1);
  KY_NEW(job, scratch, end, (size_t)item_count + 1);
  KY_NEW(job, scratch, out->item, entries);
  if (lists->cost != NULL) KY_NEW(job, scratch, out->cost, entries);
  for (uint64_t e = 0; e < entries; e++) end[lists->item[e]]++;
  uint64_t sum = 0;
  for (uint32_t i = 0; i < item_count; i++) {
    uint64_t n = end[i];
    out->first[i] = end[i] = sum;
    sum += n;
  }
  for (uint32_t l = 0; l < lists->count; l++)
    for (uint64_t e = lists->first[l]; e < lists->first[l + 1]; e++) {
      uint32_t item = lists->item[e];
      uint64_t at = end[item];
      if (at > out->first[item] && out->item[at - 1] == l) {
        if (lists->cost != NULL && lists->cost[e] < out->cost[at - 1]) out->cost[at - 1] = lists->cost[e];
        continue;
      }
      out->item[at] = l;
      if (lists->cost != NULL) out->cost[at] = lists->cost[e];
      end[item]++;
    }
  sum = 0; /* close the holes that repeated items left */
  for (uint32_t i = 0; i < item_count; i++) {
    uint64_t n = end[i] - out->first[i];
    if (sum != out->first[i]) {
      memmove(out->item + sum, out->item + out->first[i], n * sizeof *out->item);
      if (out->cost != NULL) memmove(out->cost + sum, out->cost + out->first[i], n * sizeof *out->cost);
    }
    out->first[i] = sum;
    sum += n;
  }
  out->first[item_count] = sum;
  return KY_OK;
}

/* splitmix64: every bit of the result depends on every bit of x. */
static uint64_t mixed(uint64_t x) {
  x += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

typedef struct key {
  uint64_t low, high;
  uint32_t demand;
} key;

static int compare_keys(const void *p, const void *q) {
  const key *a = p, *b = q;
  if (a->high != b->high) return a->high < b->high ? -1 : 1;
  if (a->low != b->low) return a->low < b->low ? -1 : 1;
  return a->demand < b->demand ? -1 : a->demand > b->demand;
}

static bool is_equal(const ky_lists *s, const uint32_t *base, const uint32_t *column, uint32_t a, uint32_t b) {
  uint64_t n = s->first[a + 1] - s->first[a];
  if (n != s->first[b + 1] - s->first[b] || (base != NULL && base[a] != base[b]) ||
      (column != NULL && column[a] != column[b]))
    return false;
  if (memcmp(s->item + s->first[a], s->item + s->first[b], n * sizeof *s->item) != 0) return false;
  return s->cost == NULL || memcmp(s->cost + s->first[a], s->cost + s->first[b], n * sizeof *s->cost) == 0;
}

ky_err ky_lists_merge(ky_job *job, const ky_lists *servers, const uint32_t *base, const uint32_t *column,
                      uint32_t *class_of, uint32_t *class_count) {
  const uint32_t m = servers->count;
  key *keys;
  uint32_t *leader, n = 0;
  KY_NEW(job, scratch, keys, m);
  KY_NEW(job, scratch, leader, m);
  for (uint32_t d = 0; d < m; d++) {
    class_of[d] = leader[d] = KY_NONE;
    if (servers->first[d] == servers->first[d + 1]) continue;
    key k = {.low = base != NULL ? mixed(base[d]) : 0, .high = column != NULL ? mixed(column[d]) : 0, .demand = d};
    for (uint64_t e = servers->first[d]; e < servers->first[d + 1]; e++) {
      uint64_t entry = servers->item[e] | (servers->cost != NULL ? (uint64_t)servers->cost[e] << 32 : 0);
      k.low += mixed(entry);
      k.high += mixed(entry ^ UINT64_C(0x5851f42d4c957f2d));
    }
    keys[n++] = k;
  }
  if (n != 0) qsort(keys, n, sizeof *keys, compare_keys);
  for (uint32_t i = 0, head = 0; i < n; i++) {
    bool is_run = i != 0 && keys[head].low == keys[i].low && keys[head].high == keys[i].high &&
                  is_equal(servers, base, column, keys[head].demand, keys[i].demand);
    if (!is_run) head = i;
    leader[keys[i].demand] = keys[head].demand;
  }
  *class_count = 0;
  for (uint32_t d = 0; d < m; d++) /* a leader is the lowest of its run, so its class is there before the others ask */
    if (leader[d] != KY_NONE) class_of[d] = leader[d] == d ? (*class_count)++ : class_of[leader[d]];
  return KY_OK;
}

/* Whether candidate i serves all that j serves, nowhere at a higher cost. Counts the entries it looked at. */
static bool serves_all(const ky_lists *c, uint32_t i, uint32_t j, uint64_t *work) {
  uint64_t a = c->first[i], end = c->first[i + 1];
  for (uint64_t b = c->first[j]; b < c->first[j + 1]; b++) {
    uint64_t from = a;
    while (a < end && c->item[a] < c->item[b]) a++;
    *work += a - from + 1;
    if (a == end || c->item[a] != c->item[b] || (c->cost != NULL && c->cost[a] > c->cost[b])) return false;
  }
  return true;
}

static bool is_dominated_by_any(const ky_lists *c, const ky_lists *servers, const uint32_t *price, const uint64_t *sign,
                                uint32_t j) {
  if (c->first[j] == c->first[j + 1]) return true;
  uint32_t rarest = c->item[c->first[j]];
  for (uint64_t e = c->first[j]; e < c->first[j + 1]; e++) {
    uint32_t d = c->item[e];
    if (servers->first[d + 1] - servers->first[d] < servers->first[rarest + 1] - servers->first[rarest]) rarest = d;
  }
  uint64_t work = 0, size = c->first[j + 1] - c->first[j];
  for (uint64_t e = servers->first[rarest]; e < servers->first[rarest + 1] && work < DOMINATION_WORK; e++) {
    uint32_t i = servers->item[e];
    work++;
    if (i == j || price[i] > price[j] || (sign[j] & ~sign[i]) != 0 || c->first[i + 1] - c->first[i] < size) continue;
    if (!serves_all(c, i, j, &work)) continue;
    bool is_same = price[i] == price[j] && c->first[i + 1] - c->first[i] == size && serves_all(c, j, i, &work);
    if (!is_same || i < j) return true;
  }
  return false;
}

ky_err ky_lists_dominated(ky_job *job, const ky_lists *candidates, const ky_lists *servers, const uint32_t *price,
                          uint8_t *is_dominated) {
  uint64_t *sign; /* one bit per item, hashed: what j has and i lacks shows here at once in most cases */
  KY_NEW(job, scratch, sign, candidates->count);
#pragma omp parallel for schedule(static) num_threads(job->threads)
  for (uint32_t j = 0; j < candidates->count; j++)
    for (uint64_t e = candidates->first[j]; e < candidates->first[j + 1]; e++)
      sign[j] |= UINT64_C(1) << (mixed(candidates->item[e]) & 63);
#pragma omp parallel for schedule(dynamic, 64) num_threads(job->threads)
  for (uint32_t j = 0; j < candidates->count; j++)
    is_dominated[j] = is_dominated_by_any(candidates, servers, price, sign, j);
  return KY_OK;
}
