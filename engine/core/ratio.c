/* Largest remainder: floors first, then one more to those that lost most. */
#include "core/ratio.h"

#include <assert.h>
#include <stdlib.h>

typedef struct remainder {
  ky_wide lost;
  uint32_t index;
} remainder;

static int compare(const void *a, const void *b) {
  const remainder *p = a, *q = b;
  if (p->lost != q->lost) return p->lost > q->lost ? -1 : 1;
  return p->index < q->index ? -1 : p->index > q->index;
}

ky_err ky_round_largest_remainder(ky_job *job, const ky_wide *value, ky_wide by, int64_t total, uint32_t count,
                                  int64_t *out) {
  assert(by > 0);
  remainder *order;
  KY_NEW(job, scratch, order, count);
  int64_t left = total;
  for (uint32_t i = 0; i < count; i++) {
    out[i] = (int64_t)(value[i] / by);
    order[i] = (remainder){value[i] % by, i};
    left -= out[i];
  }
  assert(left >= 0 && left <= (int64_t)count);
  if (left <= 0) return KY_OK;
  qsort(order, count, sizeof *order, compare);
  for (uint32_t i = 0; i < count && left > 0; i++, left--) out[order[i].index]++;
  return KY_OK;
}
