/* Indexed 4-ary heap of nodes keyed by their cost: the queue of every shortest-path search. Inline, for the hot path.
 * `place` of a node is meaningful only while it is in the heap. */
#ifndef KAYOI_HEAP_H
#define KAYOI_HEAP_H

#include <kayoi/base.h>

typedef struct ky_heap {
  uint32_t *node;      /* [capacity] */
  uint32_t *place;     /* [nodes] */
  const uint32_t *key; /* [nodes] cost */
  uint32_t count;
} ky_heap;

static inline void ky_heap_up(ky_heap *heap, uint32_t at, uint32_t node) {
  uint32_t key = heap->key[node];
  while (at > 0) {
    uint32_t parent = (at - 1) / 4, other = heap->node[parent];
    if (heap->key[other] <= key) break;
    heap->node[at] = other;
    heap->place[other] = at;
    at = parent;
  }
  heap->node[at] = node;
  heap->place[node] = at;
}

static inline void ky_heap_push(ky_heap *heap, uint32_t node) {
  ky_heap_up(heap, heap->count++, node);
}

/* The key of a node in the heap has become smaller. */
static inline void ky_heap_decreased(ky_heap *heap, uint32_t node) {
  ky_heap_up(heap, heap->place[node], node);
}

static inline uint32_t ky_heap_pop(ky_heap *heap) {
  uint32_t top = heap->node[0], last = heap->node[--heap->count], key = heap->key[last], at = 0;
  if (heap->count == 0) return top;
  for (;;) {
    uint32_t child = 4 * at + 1, best = child;
    if (child >= heap->count) break;
    uint32_t end = child + 4 < heap->count ? child + 4 : heap->count;
    for (uint32_t c = child + 1; c < end; c++)
      if (heap->key[heap->node[c]] < heap->key[heap->node[best]]) best = c;
    if (heap->key[heap->node[best]] >= key) break;
    heap->node[at] = heap->node[best];
    heap->place[heap->node[at]] = at;
    at = best;
  }
  heap->node[at] = last;
  heap->place[last] = at;
  return top;
}

#endif
