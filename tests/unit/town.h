/* Small networks and towns for unit tests, built from plain arrays. */
#ifndef KAYOI_TEST_TOWN_H
#define KAYOI_TEST_TOWN_H

#include <kayoi/kayoi.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Deterministic numbers (xorshift64*); the seed is printed by the test that uses it. */
static inline uint64_t town_random(uint64_t *state) {
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state * UINT64_C(2685821657736338717);
}

/* A line of n vertices appended to ways under construction. */
typedef struct town_lines {
  uint32_t count, vertex_count, first[4096];
  double x[65536], y[65536];
} town_lines;

static inline void town_line(town_lines *lines, uint32_t n, const double (*xy)[2]) {
  lines->first[lines->count++] = lines->vertex_count;
  for (uint32_t i = 0; i < n; i++) {
    lines->x[lines->vertex_count] = xy[i][0];
    lines->y[lines->vertex_count++] = xy[i][1];
  }
  lines->first[lines->count] = lines->vertex_count;
}

/* Ways of the lines, in the order given by `order` (NULL: as they are), each reversed where is_reversed says so. */
static inline void town_ways(ky_job *job, const town_lines *lines, const uint32_t *order, const bool *is_reversed,
                             ky_ways *out) {
  memset(out, 0, sizeof *out);
  assert_int_equal(ky_shapes_new(job, KY_SHAPE_LINE, lines->count, lines->count, lines->vertex_count, &out->shapes),
                   KY_OK);
  uint32_t vertex = 0;
  for (uint32_t i = 0; i < lines->count; i++) {
    uint32_t line = order != NULL ? order[i] : i, from = lines->first[line], n = lines->first[line + 1] - from;
    out->shapes.first_part[i] = i;
    out->shapes.first_vertex[i] = vertex;
    for (uint32_t k = 0; k < n; k++, vertex++) {
      uint32_t v = is_reversed != NULL && is_reversed[line] ? from + n - 1 - k : from + k;
      out->shapes.x[vertex] = lines->x[v];
      out->shapes.y[vertex] = lines->y[v];
    }
  }
  out->shapes.first_part[lines->count] = lines->count;
  out->shapes.first_vertex[lines->count] = vertex;
  out->class_bits = ky_arena_alloc(&job->keep, lines->count, sizeof *out->class_bits);
  out->is_bridge = ky_arena_alloc(&job->keep, lines->count, sizeof *out->is_bridge);
  out->record = ky_arena_alloc(&job->keep, lines->count, sizeof *out->record);
  out->source = ky_arena_alloc(&job->keep, lines->count, sizeof *out->source);
  out->claimed_mm = ky_arena_alloc(&job->keep, lines->count, sizeof *out->claimed_mm);
  out->from_claim = ky_arena_alloc(&job->keep, lines->count, sizeof *out->from_claim);
  out->to_claim = ky_arena_alloc(&job->keep, lines->count, sizeof *out->to_claim);
  for (uint32_t i = 0; i < lines->count; i++) {
    out->record[i] = "line";
    out->source[i] = "test";
    out->claimed_mm[i] = KY_NONE;
  }
}

/* One polygon record per box. */
static inline void town_boxes(ky_job *job, const double (*box)[4], uint32_t count, ky_shapes *out) {
  assert_int_equal(ky_shapes_new(job, KY_SHAPE_POLYGON, count, count, 5 * count, out), KY_OK);
  for (uint32_t i = 0; i < count; i++) {
    const double *b = box[i], x[5] = {b[0], b[2], b[2], b[0], b[0]}, y[5] = {b[1], b[1], b[3], b[3], b[1]};
    memcpy(out->x + 5 * i, x, sizeof x);
    memcpy(out->y + 5 * i, y, sizeof y);
    out->first_part[i + 1] = i + 1;
    out->first_vertex[i + 1] = 5 * (i + 1);
  }
}

static inline ky_anchors town_anchors(ky_job *job, uint32_t count) {
  ky_anchors anchors = {.count = count};
  anchors.edge = ky_arena_alloc(&job->keep, count, sizeof *anchors.edge);
  anchors.along_mm = ky_arena_alloc(&job->keep, count, sizeof *anchors.along_mm);
  anchors.access_mm = ky_arena_alloc(&job->keep, count, sizeof *anchors.access_mm);
  return anchors;
}

/* A random network on a coarse grid, so that parallel lines, loops, islands and equal lengths come often. */
static inline void town_random_lines(uint64_t *seed, town_lines *lines) {
  uint32_t side = 2 + (uint32_t)(town_random(seed) % 6), count = 1 + (uint32_t)(town_random(seed) % 40);
  lines->count = lines->vertex_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    double xy[4][2];
    uint32_t n = 2 + (uint32_t)(town_random(seed) % 3);
    for (uint32_t k = 0; k < n; k++) {
      do {
        xy[k][0] = (double)(town_random(seed) % side) * 100;
        xy[k][1] = (double)(town_random(seed) % side) * 100;
      } while (k > 0 && xy[k][0] == xy[k - 1][0] && xy[k][1] == xy[k - 1][1]);
    }
    town_line(lines, n, (const double(*)[2])xy);
  }
}

/* Anything a place can be on the network: none, at an end, in the middle, anywhere; with and without a leg. */
static inline void town_random_anchors(uint64_t *seed, const ky_network *network, ky_anchors *anchors) {
  for (uint32_t i = 0; i < anchors->count; i++) {
    anchors->edge[i] = town_random(seed) % 8 == 0 ? KY_NONE : (uint32_t)(town_random(seed) % network->edge_count);
    uint32_t length = anchors->edge[i] == KY_NONE ? 0 : network->length_mm[anchors->edge[i]];
    uint64_t where = town_random(seed) % 4;
    anchors->along_mm[i] = where == 0   ? 0
                           : where == 1 ? length
                           : where == 2 ? length / 2
                                        : (uint32_t)(town_random(seed) % (length + 1));
    anchors->access_mm[i] = (uint32_t)(town_random(seed) % 3) * 1000;
  }
}

#endif
