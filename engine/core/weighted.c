/* Medians, means and modes with weights. */
#include "core/weighted.h"

#include <kayoi/base.h>
#include <stdlib.h>

__extension__ typedef unsigned __int128 uwide;

static int by_value(const void *a, const void *b) {
  const ky_weighted *x = a, *y = b;
  return (x->value > y->value) - (x->value < y->value);
}

/* Most cells have some ten points: no call for each of their comparisons. */
static void sort(ky_weighted *items, uint32_t count) {
  if (count > 64) {
    qsort(items, count, sizeof *items, by_value);
    return;
  }
  for (uint32_t i = 1; i < count; i++) {
    ky_weighted item = items[i];
    uint32_t at = i;
    for (; at > 0 && items[at - 1].value > item.value; at--) items[at] = items[at - 1];
    items[at] = item;
  }
}

uint32_t ky_weighted_median(ky_weighted *items, uint32_t count) {
  uint64_t total = 0, sum = 0;
  if (count == 0) return KY_NONE;
  sort(items, count);
  for (uint32_t i = 0; i < count; i++) total += items[i].weight;
  for (uint32_t i = 0; i < count; i++) {
    sum += items[i].weight;
    if (2 * sum >= total) return items[i].value;
  }
  return items[count - 1].value;
}

uint32_t ky_weighted_mean(const ky_weighted *items, uint32_t count) {
  uwide sum = 0;
  uint64_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    sum += (uwide)items[i].value * items[i].weight;
    total += items[i].weight;
  }
  return total == 0 ? KY_NONE : (uint32_t)((sum + total / 2) / total);
}

uint32_t ky_weighted_mode(ky_weighted *items, uint32_t count) {
  uint32_t best = KY_NONE;
  uint64_t best_weight = 0;
  sort(items, count);
  for (uint32_t from = 0, to; from < count; from = to) {
    uint64_t weight = 0;
    for (to = from; to < count && items[to].value == items[from].value; to++) weight += items[to].weight;
    if (best == KY_NONE || weight > best_weight) {
      best = items[from].value;
      best_weight = weight;
    }
  }
  return best;
}
