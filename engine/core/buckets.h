/* Bucket queue of nodes by cost: bucket b holds costs of [b, b + 1) x width, in a ring that is wide enough for every
 * cost in the queue. A node is in the queue at most once; it moves when its cost falls. Nodes of one bucket come in any
 * order, so a search must offer a node again when its label falls after it was taken (label correcting). Denardo & Fox
 * (1979), Shortest-route methods: 1. Reaching, pruning, and buckets. */
#ifndef KAYOI_BUCKETS_H
#define KAYOI_BUCKETS_H

#include <kayoi/job.h>
#include <string.h>

typedef struct ky_buckets {
  uint32_t shift, mask;      /* width = 1 << shift millimetres; buckets - 1, a power of two - 1 */
  uint32_t *first;           /* [buckets] node, or KY_NONE */
  uint32_t *next, *previous; /* [nodes] previous: a node, or KY_BUCKET_HEAD | bucket; KY_NONE: not in the queue */
  uint32_t at;               /* the bucket that is looked at, not wrapped */
  uint32_t count;
} ky_buckets;

#define KY_BUCKET_HEAD   (UINT32_C(1) << 31) /* so there are fewer than 2^31 nodes */
#define KY_BUCKETS_LIMIT (UINT32_C(1) << 20)

/* span_mm: no two costs in the queue are ever farther apart. */
static inline ky_err ky_buckets_new(ky_job *job, uint32_t node_count, uint32_t width_mm, uint32_t span_mm,
                                    ky_buckets *out) {
  memset(out, 0, sizeof *out);
  while (width_mm >> (out->shift + 1) != 0) out->shift++;
  while ((span_mm >> out->shift) + 2 > KY_BUCKETS_LIMIT) out->shift++;
  uint32_t buckets = 2;
  while (buckets < (span_mm >> out->shift) + 2) buckets *= 2;
  out->mask = buckets - 1;
  KY_NEW(job, scratch, out->first, buckets);
  KY_NEW(job, scratch, out->next, node_count);
  KY_NEW(job, scratch, out->previous, node_count);
  memset(out->first, 0xff, buckets * sizeof *out->first);
  memset(out->previous, 0xff, node_count * sizeof *out->previous);
  return KY_OK;
}

static inline void ky_buckets_remove(ky_buckets *queue, uint32_t node) {
  uint32_t before = queue->previous[node], after = queue->next[node];
  if ((before & KY_BUCKET_HEAD) != 0)
    queue->first[before & ~KY_BUCKET_HEAD] = after;
  else
    queue->next[before] = after;
  if (after != KY_NONE) queue->previous[after] = before;
  queue->previous[node] = KY_NONE;
  queue->count--;
}

/* Puts a node in, or moves it if it is there. */
static inline void ky_buckets_put(ky_buckets *queue, uint32_t node, uint32_t cost_mm) {
  uint32_t bucket = (cost_mm >> queue->shift) & queue->mask;
  if (queue->previous[node] != KY_NONE) ky_buckets_remove(queue, node);
  uint32_t first = queue->first[bucket];
  queue->next[node] = first;
  queue->previous[node] = KY_BUCKET_HEAD | bucket;
  if (first != KY_NONE) queue->previous[first] = node;
  queue->first[bucket] = node;
  queue->count++;
}

/* Takes a node of the lowest bucket that is not empty. The queue must not be empty. */
static inline uint32_t ky_buckets_take(ky_buckets *queue) {
  while (queue->first[queue->at & queue->mask] == KY_NONE) queue->at++;
  uint32_t node = queue->first[queue->at & queue->mask];
  ky_buckets_remove(queue, node);
  return node;
}

#endif
