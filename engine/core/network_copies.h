/* The same way twice: both directions of a street, or a plain copy. */
#ifndef KAYOI_NETWORK_COPIES_H
#define KAYOI_NETWORK_COPIES_H

#include <kayoi/network.h>

/* Classes of a street that is there twice: those of both; 0, a layer without classes, keeps meaning "any". */
static inline uint32_t ky_class_merged(uint32_t a, uint32_t b) {
  return a == 0 || b == 0 ? 0 : a | b;
}

/* Finds lines (parts of shapes) with the same vertices, forwards or backwards. is_copy[part]: one like it stays;
 * class_bits and is_bridge of the one that stays are those of both. vertex: [shapes vertices] distinct vertex numbers.
 * Without this the vertices inside a street with two directions would stand in two places and look like junctions. */
ky_err ky_network_copies(ky_job *job, const ky_shapes *shapes, const uint32_t *vertex, uint8_t *is_copy,
                         uint32_t *class_bits, uint8_t *is_bridge, uint32_t *copy_count);

#endif
