/* Copies of lines, by a hash of their vertices in the direction that comes first. */
#include "core/network_copies.h"

#include "core/sort.h"

typedef struct line {
  const uint32_t *vertex;
  uint32_t count;
  bool is_reversed;
} line;

static uint32_t at(const line *l, uint32_t i) {
  return l->vertex[l->is_reversed ? l->count - 1 - i : i];
}

/* The direction whose vertex numbers come first. */
static line line_of(const ky_shapes *shapes, const uint32_t *vertex, uint32_t part) {
  line forward = {vertex + shapes->first_vertex[part], shapes->first_vertex[part + 1] - shapes->first_vertex[part],
                  false};
  line back = forward;
  back.is_reversed = true;
  for (uint32_t i = 0; i < forward.count; i++)
    if (at(&forward, i) != at(&back, i)) return at(&forward, i) < at(&back, i) ? forward : back;
  return forward;
}

/* Fowler-Noll-Vo 1a over the vertex numbers. */
static uint64_t hash_of(const line *l) {
  uint64_t hash = UINT64_C(14695981039346656037);
  for (uint32_t i = 0; i < l->count; i++) hash = (hash ^ at(l, i)) * UINT64_C(1099511628211);
  return hash;
}

static bool is_same(const line *a, const line *b) {
  if (a->count != b->count) return false;
  for (uint32_t i = 0; i < a->count; i++)
    if (at(a, i) != at(b, i)) return false;
  return true;
}

ky_err ky_network_copies(ky_job *job, const ky_shapes *shapes, const uint32_t *vertex, uint8_t *is_copy,
                         uint32_t *class_bits, uint8_t *is_bridge, uint32_t *copy_count) {
  uint64_t *key;
  uint32_t *order, n = shapes->part_count;
  const ky_arena_mark before = ky_arena_now(&job->scratch);
  KY_NEW(job, scratch, key, n);
  KY_NEW(job, scratch, order, n);
  for (uint32_t p = 0; p < n; p++) {
    line l = line_of(shapes, vertex, p);
    key[p] = hash_of(&l);
    order[p] = p;
  }
  KY_TRY(ky_sort_pairs(job, key, order, n));
  *copy_count = 0;
  for (uint32_t from = 0, to; from < n; from = to) {
    for (to = from + 1; to < n && key[to] == key[from];) to++;
    line first = line_of(shapes, vertex, order[from]);
    for (uint32_t i = from + 1; i < to; i++) {
      line other = line_of(shapes, vertex, order[i]);
      if (!is_same(&first, &other)) continue; /* equal hash, other street: it is cut at shared vertices like any */
      is_copy[order[i]] = 1;
      class_bits[order[from]] = ky_class_merged(class_bits[order[from]], class_bits[order[i]]);
      is_bridge[order[from]] |= is_bridge[order[i]];
      (*copy_count)++;
    }
  }
  ky_arena_rewind(&job->scratch, before);
  return KY_OK;
}
