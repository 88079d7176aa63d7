/* Layer streets: the network with the walk at both ends of each street. Numbers count from 1, in the order of the
 * network, which the geometry alone decides. */
#include <kayoi/write.h>

#include "core/table_columns.h"

#define CAPACITY 13

/* Streets as lines over the network's own vertices. */
static ky_err make_lines(ky_job *job, const ky_network *network, ky_shapes **out) {
  const uint32_t n = network->edge_count;
  ky_shapes *lines;
  KY_NEW(job, keep, lines, 1);
  *lines = (ky_shapes){.kind = KY_SHAPE_LINE,
                       .count = n,
                       .part_count = n,
                       .vertex_count = network->first_vertex[n],
                       .first_vertex = network->first_vertex,
                       .x = network->vertex_x_m,
                       .y = network->vertex_y_m};
  KY_NEW(job, keep, lines->first_part, (size_t)n + 1);
  for (uint32_t e = 0; e <= n; e++) lines->first_part[e] = e;
  *out = lines;
  return KY_OK;
}

static ky_err add_numbers(ky_job *job, const ky_network *network, ky_table *table) {
  int64_t *id, *from, *to;
  KY_NEW(job, keep, id, table->count);
  KY_NEW(job, keep, from, table->count);
  KY_NEW(job, keep, to, table->count);
  for (uint32_t e = 0; e < table->count; e++) {
    id[e] = (int64_t)e + 1;
    from[e] = (int64_t)network->edge_from[e] + 1;
    to[e] = (int64_t)network->edge_to[e] + 1;
  }
  ky_table_fixed(table, "street_id", "道路番号", NULL, 0, id);
  ky_table_fixed(table, "from_node", "始点", NULL, 0, from);
  ky_table_fixed(table, "to_node", "終点", NULL, 0, to);
  KY_TRY(ky_table_mm(job, table, "length_m", "長さ", network->length_mm));
  return ky_table_mm(job, table, "cost_m", "平地に換算した長さ", network->cost_mm);
}

/* Class names of a street joined by ';' (NULL: the layer names none), so that others can recompute the placement. */
static ky_err add_classes(ky_job *job, const ky_network *network, ky_table *table) {
  const char **class;
  int8_t *is_bridge;
  KY_NEW(job, keep, class, table->count);
  KY_NEW(job, keep, is_bridge, table->count);
  for (uint32_t e = 0; e < table->count; e++) {
    is_bridge[e] = network->is_bridge[e] != 0;
    for (uint32_t c = 0; c < KY_STREET_CLASS_COUNT; c++) {
      if ((network->class_bits[e] >> c & 1) == 0) continue;
      const char *name = ky_street_class_name((ky_street_class)c);
      class[e] = class[e] == NULL ? name : ky_format(&job->keep, "%s;%s", class[e], name);
      if (class[e] == NULL) return ky_fail_memory(job);
    }
  }
  ky_table_text(table, "class", "道路種別", class);
  ky_table_bool(table, "bridge", "橋・トンネル", is_bridge);
  return KY_OK;
}

/* The band both ends are within, in mm; KY_NULL beyond all, and of a street that is closed. */
static int64_t band_of(const ky_walk_opts *opts, uint32_t from_mm, uint32_t to_mm) {
  uint32_t most = from_mm > to_mm ? from_mm : to_mm;
  for (uint32_t b = 0; b < opts->band_count; b++)
    if (most <= opts->bands_mm[b]) return opts->bands_mm[b];
  return KY_NULL;
}

ky_err ky_streets_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_network *network = result->network;
  const ky_field *field = result->field;
  const bool is_open = result->venues->catchments.set != NULL; /* the field is that of venues for everybody */
  const uint32_t n = network->edge_count;
  ky_shapes *lines = NULL;
  uint32_t *from_mm, *to_mm, *venue;
  int64_t *band;
  KY_TRY(make_lines(job, network, &lines));
  KY_TRY(ky_table_new(job, "streets", "道路", n, lines, CAPACITY, out));
  KY_TRY(add_numbers(job, network, out));
  KY_NEW(job, keep, from_mm, n);
  KY_NEW(job, keep, to_mm, n);
  KY_NEW(job, keep, venue, n);
  KY_NEW(job, keep, band, n);
  for (uint32_t e = 0; e < n; e++) {
    uint32_t from = network->edge_from[e], to = network->edge_to[e];
    from_mm[e] = field->cost_mm[from];
    to_mm[e] = field->cost_mm[to];
    /* the end with the lower cost; of equal ones the lower venue */
    bool is_from = from_mm[e] < to_mm[e] || (from_mm[e] == to_mm[e] && field->source[from] <= field->source[to]);
    venue[e] = field->source[is_from ? from : to];
    band[e] = band_of(result->walk_opts, from_mm[e], to_mm[e]);
    if (!ky_edge_is_closed(network, e)) continue;
    venue[e] = KY_NONE;
    band[e] = KY_NULL;
  }
  KY_TRY(ky_table_mm(job, out, "walk_m_from", is_open ? "始点からの徒歩距離（圏域を限らない場）" : "始点からの徒歩距離",
                     from_mm));
  KY_TRY(ky_table_mm(job, out, "walk_m_to", is_open ? "終点からの徒歩距離（圏域を限らない場）" : "終点からの徒歩距離",
                     to_mm));
  KY_TRY(ky_table_lookup(job, out, "nearest_venue_id", "最寄りの通いの場", result->venues->id, venue));
  ky_table_fixed(out, "band", "徒歩距離の区分", "m", 3, band);
  return add_classes(job, network, out);
}
