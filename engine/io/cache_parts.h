/* What a kept network is made of: counts, arrays and texts. Inside the cache only. */
#ifndef KAYOI_CACHE_PARTS_H
#define KAYOI_CACHE_PARTS_H

#include <kayoi/cache.h>

/* Numbers that say how long the arrays are. */
typedef struct ky_cache_counts {
  uint32_t nodes, edges, components, vertices, has_slope;
  uint32_t tree_items, tree_nodes, tree_levels, tree_level_start[16];
  uint32_t extent_records, extent_parts, extent_vertices;
  uint32_t out, rounds, up_arcs, core_arcs;
  uint64_t text_bytes;
} ky_cache_counts;

typedef struct ky_cache_part {
  void **at; /* the pointer in the struct */
  uint64_t bytes;
} ky_cache_part;

#define KY_CACHE_PARTS_MAX 48
#define KY_CACHE_ALIGN     64

void ky_cache_count(const ky_network *network, const ky_contraction *contraction, ky_cache_counts *out);
/* Sets the counts of empty structs. */
void ky_cache_recount(const ky_cache_counts *counts, ky_network *network, ky_contraction *contraction);
/* All arrays in the order of the file; the structs must have their counts. */
uint32_t ky_cache_list(const ky_cache_counts *counts, ky_network *network, ky_contraction *contraction,
                       ky_cache_part *out);

/* Facts of the road sources and their issues as bytes (scratch), and back. */
ky_err ky_cache_pack(ky_job *job, const ky_inputs *inputs, uint32_t first_issue, char **bytes, uint64_t *length);
/* False when the bytes are not what ky_cache_pack writes; inputs and issues are then untouched. */
bool ky_cache_unpack(ky_job *job, const char *bytes, uint64_t length, ky_inputs *inputs);

#endif
