/* Candidate sites: the layers given, or else junctions and points along streets near people without a place. */
#include <inttypes.h>
#include <kayoi/sites.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "core/records.h"

/* One candidate on its way in. */
typedef struct entry {
  const char *id, *name, *kind, *kind_code, *source, *record;
  int64_t price;
  double x_m, y_m;
  uint32_t edge, along_mm, access_mm, row;
} entry;

static int compare_text(const char *a, const char *b) {
  if (a == NULL || b == NULL) return (a != NULL) - (b != NULL);
  return strcmp(a, b);
}

static int compare_double(double a, double b) {
  return a < b ? -1 : a > b;
}

/* By id; records of one id by place, name and kind, so that the order of the input never matters. */
static int compare_entries(const void *p, const void *q) {
  const entry *a = p, *b = q;
  int c = strcmp(a->id, b->id);
  if (c == 0) c = compare_double(a->x_m, b->x_m);
  if (c == 0) c = compare_double(a->y_m, b->y_m);
  if (c == 0) c = compare_text(a->name, b->name);
  if (c == 0) c = compare_text(a->kind_code, b->kind_code);
  if (c == 0) c = compare_text(a->kind, b->kind);
  return c;
}

static bool has_id(const entry *entries, uint32_t count, const char *id) {
  uint32_t low = 0, high = count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    int c = strcmp(entries[middle].id, id);
    if (c == 0) return true;
    if (c < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return false;
}

static void report(ky_job *job, const entry *e, ky_severity severity, const char *reason, const char *action,
                   const char *message) {
  ky_issue head = {.severity = severity, .source = e->source, .record = e->record, .reason = reason, .action = action};
  if (isfinite(e->x_m) && isfinite(e->y_m)) {
    head.has_place = true;
    head.x_m = e->x_m;
    head.y_m = e->y_m;
  }
  ky_issue_add(job, &head, "%s", message);
}

/* What opening there costs; KY_NULL when it is not known. */
static int64_t price_of(ky_job *job, const ky_raw *raw, uint32_t i, const entry *e) {
  const char *text = ky_raw_value(raw, "cost", i);
  const int64_t price = text != NULL ? ky_number_fixed(text, 0) : KY_NULL;
  if (text == NULL || price >= 0) return price;
  report(job, e, KY_WARNING, "bad_number", ky_tr("taken as unknown; write a whole number of 0 or more"),
         ky_tr("its cost cannot be read"));
  return KY_NULL;
}

static ky_err read_given(ky_job *job, const ky_inputs *inputs, entry **out, uint32_t *out_count) {
  uint32_t count = 0;
  for (uint32_t s = 0; s < inputs->site_count; s++) count += inputs->sites[s].count;
  entry *entries;
  KY_NEW(job, scratch, entries, count);
  uint32_t n = 0;
  for (uint32_t s = 0; s < inputs->site_count; s++) {
    const ky_raw *raw = &inputs->sites[s];
    const char *label = ky_raw_label(job, raw);
    for (uint32_t i = 0; i < raw->count; i++) {
      entry *e = &entries[n++];
      e->id = ky_record_id(raw, i);
      e->record = raw->record[i];
      e->name = ky_raw_value(raw, "name", i);
      e->kind = ky_raw_value(raw, "kind", i);
      e->kind_code = ky_raw_value(raw, "kind_code", i);
      e->source = label;
      e->price = price_of(job, raw, i, e);
      e->x_m = e->y_m = NAN;
      uint32_t part = raw->shapes.kind == KY_SHAPE_NONE ? 0 : raw->shapes.first_part[i];
      if (raw->shapes.kind != KY_SHAPE_NONE && part < raw->shapes.first_part[i + 1]) {
        e->x_m = raw->shapes.x[raw->shapes.first_vertex[part]];
        e->y_m = raw->shapes.y[raw->shapes.first_vertex[part]];
      }
    }
  }
  *out = entries;
  *out_count = count;
  return KY_OK;
}

/* Drops records without a place and repeated records; gives the others of one id a number: id#2, id#3, ... */
static ky_err settle_ids(ky_job *job, entry *entries, uint32_t *count) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < *count; i++) {
    if (isfinite(entries[i].x_m) && isfinite(entries[i].y_m))
      entries[n++] = entries[i];
    else
      report(job, &entries[i], KY_WARNING, "site_no_place", ky_tr("left out; give it coordinates"),
             ky_tr("the candidate site has no coordinates"));
  }
  if (n != 0) qsort(entries, n, sizeof *entries, compare_entries);
  entry *kept;
  KY_NEW(job, scratch, kept, n);
  uint32_t kept_count = 0, number = 1;
  for (uint32_t i = 0; i < n; i++) {
    entry e = entries[i];
    const entry *before = i == 0 ? NULL : &entries[i - 1];
    if (before == NULL || strcmp(before->id, e.id) != 0) {
      number = 1;
    } else if (before->x_m == e.x_m && before->y_m == e.y_m) {
      report(job, &e, KY_INFO, "duplicate_site", ky_tr("used once"),
             ky_tr("the same candidate site is there more than once"));
      continue;
    } else {
      do {
        e.id = ky_format(&job->keep, "%s#%" PRIu32, before->id, ++number);
        if (e.id == NULL) return ky_fail_memory(job);
      } while (has_id(entries, n, e.id));
      report(job, &e, KY_WARNING, "duplicate_id", ky_tr("got a number behind its id; give each site its own id"),
             ky_tr("another candidate site has the same id"));
    }
    kept[kept_count++] = e;
  }
  if (kept_count != 0) qsort(kept, kept_count, sizeof *kept, compare_entries);
  if (kept_count != 0) memcpy(entries, kept, kept_count * sizeof *kept);
  *count = kept_count;
  return KY_OK;
}

static ky_err place_given(ky_job *job, const ky_zones *zones, const ky_network *network,
                          const ky_network_opts *network_opts, const ky_zone_index *index, entry *entries,
                          uint32_t *count) {
  double *x, *y;
  ky_anchors anchors = {0};
  KY_NEW(job, scratch, x, *count);
  KY_NEW(job, scratch, y, *count);
  for (uint32_t i = 0; i < *count; i++) {
    x[i] = entries[i].x_m;
    y[i] = entries[i].y_m;
  }
  KY_TRY(ky_network_anchor(job, network, x, y, *count, NULL, network_opts, &anchors));
  uint32_t n = 0;
  for (uint32_t i = 0; i < *count; i++) {
    entry e = entries[i];
    e.row = ky_zone_index_row(index, e.x_m, e.y_m);
    e.edge = anchors.edge[i];
    e.along_mm = anchors.along_mm[i];
    e.access_mm = anchors.access_mm[i];
    if (e.row >= KY_ROW_OUTSIDE(zones))
      report(job, &e, KY_INFO, "site_outside", ky_tr("left out; only sites inside the municipality are proposed"),
             ky_tr("the candidate site lies outside the municipality"));
    else if (e.edge == KY_NONE)
      report(job, &e, KY_WARNING, "site_no_street", ky_tr("left out; look at its coordinates or the road data"),
             ky_tr("no street lies near the candidate site"));
    else
      entries[n++] = e;
  }
  *count = n;
  return KY_OK;
}

/* Demand points in an R-tree, to ask whether any is near. */
typedef struct nearby {
  const ky_points *points;
  const uint32_t *demand; /* item of the tree -> point */
  ky_rtree tree;
  double x_m, y_m, limit2;
  bool is_found;
} nearby;

static ky_err nearby_new(ky_job *job, const ky_points *points, const ky_zones *zones, const ky_coverage *coverage,
                         double limit_m, nearby *out) {
  uint32_t n = 0, *demand;
  double(*box)[4];
  for (uint32_t i = 0; i < points->count; i++) n += ky_point_is_demand(points, coverage, zones, i);
  KY_NEW(job, scratch, demand, n);
  KY_NEW(job, scratch, box, n);
  n = 0;
  for (uint32_t i = 0; i < points->count; i++) {
    if (!ky_point_is_demand(points, coverage, zones, i)) continue;
    box[n][0] = box[n][2] = points->x_m[i];
    box[n][1] = box[n][3] = points->y_m[i];
    demand[n++] = i;
  }
  *out = (nearby){.points = points, .demand = demand, .limit2 = limit_m * limit_m};
  return ky_rtree_build(job, &job->scratch, n == 0 ? NULL : &box[0][0], n, &out->tree);
}

static bool visit_nearby(void *user, uint32_t item) {
  nearby *near = user;
  double dx = near->points->x_m[near->demand[item]] - near->x_m, dy = near->points->y_m[near->demand[item]] - near->y_m;
  near->is_found = dx * dx + dy * dy <= near->limit2;
  return !near->is_found;
}

static bool is_nearby(nearby *near, double x_m, double y_m) {
  double limit_m = sqrt(near->limit2);
  near->x_m = x_m;
  near->y_m = y_m;
  near->is_found = false;
  ky_rtree_query(&near->tree, (ky_box){x_m - limit_m, y_m - limit_m, x_m + limit_m, y_m + limit_m}, visit_nearby, near);
  return near->is_found;
}

/* A street on which a venue could stand: open, no bridge, no tunnel, no ferry. */
static bool is_ground(const ky_network *network, uint32_t edge) {
  const uint32_t ferry = UINT32_C(1) << KY_STREET_FERRY;
  return !network->is_bridge[edge] && network->class_bits[edge] != ferry && !ky_edge_is_closed(network, edge);
}

/* The lowest street on the ground that ends at a node; KY_NONE when it has none. */
static uint32_t ground_edge(const ky_network *network, uint32_t node) {
  uint32_t lowest = KY_NONE;
  for (uint32_t a = network->first_arc[node]; a < network->first_arc[node + 1]; a++)
    if (network->arc_edge[a] < lowest && is_ground(network, network->arc_edge[a])) lowest = network->arc_edge[a];
  return lowest;
}

/* Streets are cut into equal parts of at most the spacing; the cuts between them are candidates. */
static uint32_t part_count(const ky_network *network, uint32_t edge, uint32_t spacing_mm) {
  return (uint32_t)(((uint64_t)network->length_mm[edge] + spacing_mm - 1) / spacing_mm);
}

typedef struct generator {
  const ky_zones *zones;
  const ky_network *network;
  const ky_zone_index *index;
  nearby near;
  uint32_t *row;  /* [places + 1] by number: ledger row of those that are candidates, else KY_NONE */
  entry *entries; /* NULL in the first pass, which finds the rows */
  uint32_t *number;
  uint32_t count;
} generator;

static void offer(generator *g, uint32_t number, uint32_t edge, uint32_t along_mm, double x_m, double y_m) {
  if (g->entries == NULL) {
    uint32_t row = is_nearby(&g->near, x_m, y_m) ? ky_zone_index_row(g->index, x_m, y_m) : KY_NONE;
    g->row[number] = row < KY_ROW_OUTSIDE(g->zones) ? row : KY_NONE;
  } else if (g->row[number] != KY_NONE) {
    g->entries[g->count] =
        (entry){.price = KY_NULL, .x_m = x_m, .y_m = y_m, .edge = edge, .along_mm = along_mm, .row = g->row[number]};
    g->number[g->count] = number;
  }
  g->count += g->row[number] != KY_NONE;
}

/* Junctions in the order of nodes, then cuts in the order of edges. */
static void offer_all(generator *g, uint32_t spacing_mm) {
  const ky_network *network = g->network;
  g->count = 0;
  for (uint32_t v = 0; v < network->node_count; v++) {
    uint32_t edge = ground_edge(network, v);
    if (edge == KY_NONE) continue;
    uint32_t along_mm = network->edge_from[edge] == v ? 0 : network->length_mm[edge];
    offer(g, v + 1, edge, along_mm, network->node_x_m[v], network->node_y_m[v]);
  }
  uint32_t number = network->node_count;
  for (uint32_t e = 0; e < network->edge_count; e++) {
    uint32_t parts = part_count(network, e, spacing_mm);
    for (uint32_t i = 1; i < parts; i++) {
      double x_m, y_m;
      number++;
      if (!is_ground(network, e)) continue;
      uint32_t along_mm = (uint32_t)((uint64_t)network->length_mm[e] * i / parts);
      ky_edge_place(network, e, along_mm, &x_m, &y_m);
      offer(g, number, e, along_mm, x_m, y_m);
    }
  }
}

static ky_err generate(ky_job *job, const ky_zones *zones, const ky_network *network, const ky_points *points,
                       const ky_coverage *coverage, const ky_sites_opts *opts, const ky_zone_index *index,
                       entry **entries, uint32_t *count) {
  if (!(opts->spacing_m >= 1 && opts->spacing_m <= 1e6))
    return ky_fail(job, KY_E_CONFIG, ky_tr("sites.spacing_m is %g; give metres from 1 to 1000000"), opts->spacing_m);
  uint32_t spacing_mm = (uint32_t)llround(opts->spacing_m * 1000);
  uint64_t places = network->node_count;
  for (uint32_t e = 0; e < network->edge_count; e++) places += part_count(network, e, spacing_mm) - 1;
  if (places >= KY_NONE)
    return ky_fail(job, KY_E_CONFIG, ky_tr("sites.spacing_m of %g m gives %llu candidate sites; make it larger"),
                   opts->spacing_m, (unsigned long long)places);
  generator g = {.zones = zones, .network = network, .index = index};
  KY_TRY(nearby_new(job, points, zones, coverage, opts->primary_mm / 1000.0, &g.near));
  KY_NEW(job, scratch, g.row, places + 1);
  offer_all(&g, spacing_mm);
  KY_NEW(job, scratch, g.number, g.count);
  KY_NEW(job, scratch, g.entries, g.count);
  offer_all(&g, spacing_mm);
  int digits = snprintf(NULL, 0, "%" PRIu64, places);
  for (uint32_t i = 0; i < g.count; i++) {
    g.entries[i].id = ky_format(&job->keep, "s%0*" PRIu32, digits < 6 ? 6 : digits, g.number[i]);
    if (g.entries[i].id == NULL) return ky_fail_memory(job);
  }
  *entries = g.entries;
  *count = g.count;
  return KY_OK;
}

static ky_err fill(ky_job *job, const entry *entries, uint32_t count, ky_candidates *out) {
  out->count = out->anchors.count = count;
  KY_NEW(job, keep, out->id, count);
  KY_NEW(job, keep, out->name, count);
  KY_NEW(job, keep, out->kind, count);
  KY_NEW(job, keep, out->price, count);
  KY_NEW(job, keep, out->kind_code, count);
  KY_NEW(job, keep, out->x_m, count);
  KY_NEW(job, keep, out->y_m, count);
  KY_NEW(job, keep, out->row, count);
  KY_NEW(job, keep, out->anchors.edge, count);
  KY_NEW(job, keep, out->anchors.along_mm, count);
  KY_NEW(job, keep, out->anchors.access_mm, count);
  for (uint32_t i = 0; i < count; i++) {
    out->id[i] = entries[i].id;
    out->name[i] = entries[i].name;
    out->kind[i] = entries[i].kind;
    out->price[i] = entries[i].price;
    out->kind_code[i] = entries[i].kind_code;
    out->x_m[i] = entries[i].x_m;
    out->y_m[i] = entries[i].y_m;
    out->row[i] = entries[i].row;
    out->anchors.edge[i] = entries[i].edge;
    out->anchors.along_mm[i] = entries[i].along_mm;
    out->anchors.access_mm[i] = entries[i].access_mm;
  }
  return KY_OK;
}

ky_err ky_sites_candidates(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_network *network,
                           const ky_points *points, const ky_anchors *point_anchors, const ky_coverage *coverage,
                           const ky_network_opts *network_opts, const ky_sites_opts *opts, ky_candidates *out) {
  (void)point_anchors;
  memset(out, 0, sizeof *out);
  ky_zone_index *index;
  entry *entries = NULL;
  uint32_t count = 0;
  KY_TRY(ky_zone_index_new(job, zones, &index));
  out->is_given = inputs->site_count != 0;
  if (out->is_given) {
    KY_TRY(read_given(job, inputs, &entries, &count));
    KY_TRY(settle_ids(job, entries, &count));
    KY_TRY(place_given(job, zones, network, network_opts, index, entries, &count));
  } else {
    KY_TRY(generate(job, zones, network, points, coverage, opts, index, &entries, &count));
  }
  return fill(job, entries, count, out);
}
