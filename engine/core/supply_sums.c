/* Transit supply of cells, ledger rows and gap areas, from that of their homes. */
#include <string.h>

#include "core/supply_parts.h"
#include "core/weighted.h"

typedef struct cell_view {
  const ky_supply *supply;
  const ky_points *points;
  ky_weighted *items; /* room for the largest cell */
} cell_view;

typedef uint32_t (*value_of)(const ky_supply *supply, uint32_t point);

static uint32_t walk_of(const ky_supply *supply, uint32_t point) {
  return supply->nearest_mm[point];
}

static uint32_t stop_of(const ky_supply *supply, uint32_t point) {
  return supply->nearest_mm[point] == KY_NONE ? KY_NONE : supply->nearest[point];
}

static uint32_t class_of(const ky_supply *supply, uint32_t point) {
  return supply->class[point];
}

static uint32_t departures_of(const ky_supply *supply, uint32_t point) {
  const int64_t n = supply->departures[point];
  return n == KY_NULL ? KY_NONE : n < INT32_MAX ? (uint32_t)n : INT32_MAX;
}

static uint32_t venues_of(const ky_supply *supply, uint32_t point) {
  return supply->by_bus[point] < 0 ? KY_NONE : supply->venues[point];
}

/* The stop that stands for a home: the best within reach, else the nearest. */
static uint32_t shown_of(const ky_supply *supply, uint32_t point) {
  return supply->best[point] != KY_NONE ? supply->best[point] : stop_of(supply, point);
}

/* Values of a cell's points that are known, with the points' weights. */
static uint32_t collect(const cell_view *view, uint32_t cell, value_of value) {
  uint32_t n = 0;
  for (uint32_t i = view->points->first_point[cell]; i < view->points->first_point[cell + 1]; i++) {
    const uint32_t found = value(view->supply, i);
    if (found != KY_NONE) view->items[n++] = (ky_weighted){found, view->points->weight_um[i]};
  }
  return n;
}

static void fill_cell(const cell_view *view, const ky_cells *cells, uint32_t cell, ky_supply *out) {
  const ky_points *points = view->points;
  out->cell_mm[cell] = ky_weighted_median(view->items, collect(view, cell, walk_of));
  out->cell_stop[cell] = ky_weighted_mode(view->items, collect(view, cell, stop_of));
  const uint32_t class = ky_weighted_mode(view->items, collect(view, cell, class_of));
  out->cell_class[cell] = class == KY_NONE ? KY_SUPPLY_UNKNOWN : (uint8_t) class;
  out->cell_departures[cell] = ky_weighted_median(view->items, collect(view, cell, departures_of));
  out->cell_venues[cell] = ky_weighted_median(view->items, collect(view, cell, venues_of));
  const bool is_known = cells->people[KY_65] != NULL && cells->people[KY_65][cell] != KY_NULL;
  out->cell_by_bus[cell] = out->cell_demand[cell] = is_known ? 0 : KY_NULL;
  for (uint32_t i = points->first_point[cell]; is_known && i < points->first_point[cell + 1]; i++) {
    if (out->by_bus[i] == 1) out->cell_by_bus[cell] += points->people[KY_65][i];
    if (out->has_demand[i]) out->cell_demand[cell] += points->people[KY_65][i];
  }
}

static ky_err sum_cells(ky_job *job, const ky_supply_in *in, ky_supply *out) {
  cell_view view = {.supply = out, .points = in->points};
  const uint32_t n = in->cells->count;
  uint32_t most = 0;
  for (uint32_t c = 0; c < n; c++) {
    const uint32_t size = in->points->first_point[c + 1] - in->points->first_point[c];
    if (size > most) most = size;
  }
  KY_NEW(job, scratch, view.items, most);
  KY_NEW(job, keep, out->cell_mm, n);
  KY_NEW(job, keep, out->cell_stop, n);
  KY_NEW(job, keep, out->cell_class, n);
  KY_NEW(job, keep, out->cell_departures, n);
  KY_NEW(job, keep, out->cell_venues, n);
  KY_NEW(job, keep, out->cell_by_bus, n);
  KY_NEW(job, keep, out->cell_demand, n);
  for (uint32_t c = 0; c < n; c++) fill_cell(&view, in->cells, c, out);
  return KY_OK;
}

static ky_err sum_rows(ky_job *job, const ky_supply_in *in, ky_supply *out) {
  const ky_points *points = in->points;
  const ky_zones *zones = in->zones;
  const uint32_t rows = KY_ROW_COUNT(zones), all = KY_ROW_MUNICIPALITY(zones);
  for (int k = 0; k < KY_SUPPLY_CLASS_COUNT; k++) KY_NEW(job, keep, out->row_class[k], rows);
  KY_NEW(job, keep, out->row_by_bus, rows);
  KY_NEW(job, keep, out->row_demand, rows);
  for (uint32_t i = 0; points->people[KY_65] != NULL && i < points->count; i++) {
    const uint32_t people = points->people[KY_65][i], row = points->row[i];
    if (people == KY_NONE) continue;
    for (int part = 0; part < 2; part++) { /* the row itself, then the municipality of which it is one */
      const uint32_t to = part == 0 ? row : all;
      if (part == 1 && row >= KY_ROW_OUTSIDE(zones)) break;
      out->row_class[out->class[i]][to] += people;
      if (out->by_bus[i] == 1) out->row_by_bus[to] += people;
      if (out->has_demand[i]) out->row_demand[to] += people;
    }
  }
  return KY_OK;
}

ky_err ky_supply_sums(ky_job *job, const ky_supply_in *in, ky_supply *out) {
  KY_TRY(sum_cells(job, in, out));
  return sum_rows(job, in, out);
}

typedef struct area_view {
  const ky_supply *supply;
  const ky_gaps *gaps;
  const uint32_t *people; /* 65+; NULL unknown */
  ky_weighted *items;     /* [points] */
} area_view;

/* Values of an area's points by their people 65+, or one each where the area has none, as ky_gaps has it. */
static uint32_t collect_area(const area_view *view, uint32_t area, value_of value) {
  uint32_t n = 0;
  uint64_t total = 0;
  for (uint32_t p = view->gaps->first_point[area]; p < view->gaps->first_point[area + 1]; p++) {
    const uint32_t i = view->gaps->point[p], found = value(view->supply, i);
    if (found == KY_NONE) continue;
    view->items[n] = (ky_weighted){found, view->people == NULL || view->people[i] == KY_NONE ? 0 : view->people[i]};
    total += view->items[n++].weight;
  }
  for (uint32_t k = 0; total == 0 && k < n; k++) view->items[k].weight = 1;
  return n;
}

static void fill_area(const area_view *view, uint32_t area, ky_supply *out) {
  const ky_gaps *gaps = view->gaps;
  const uint32_t class = ky_weighted_mode(view->items, collect_area(view, area, class_of));
  out->gap_class[area] = class == KY_NONE ? KY_SUPPLY_UNKNOWN : (uint8_t) class;
  out->gap_mm[area] = ky_weighted_median(view->items, collect_area(view, area, walk_of));
  out->gap_stop[area] = ky_weighted_mode(view->items, collect_area(view, area, shown_of));
  out->gap_venues[area] = ky_weighted_median(view->items, collect_area(view, area, venues_of));
  for (uint32_t p = gaps->first_point[area]; p < gaps->first_point[area + 1]; p++) {
    const uint32_t i = gaps->point[p];
    if (out->gap_stop[area] != KY_NONE && out->best[i] == out->gap_stop[area]) out->gap_in_reach[area] = 1;
    if (view->people == NULL || view->people[i] == KY_NONE) continue;
    if (out->by_bus[i] == 1) out->gap_by_bus[area] += view->people[i];
    if (out->has_demand[i]) out->gap_demand[area] += view->people[i];
  }
}

ky_err ky_supply_gaps(ky_job *job, const ky_supply_in *in, const ky_gaps *gaps, ky_supply *out) {
  area_view view = {.supply = out, .gaps = gaps, .people = in->points->people[KY_65]};
  const uint32_t n = gaps->count;
  KY_NEW(job, scratch, view.items, in->points->count);
  KY_NEW(job, keep, out->gap_class, n);
  KY_NEW(job, keep, out->gap_mm, n);
  KY_NEW(job, keep, out->gap_stop, n);
  KY_NEW(job, keep, out->gap_in_reach, n);
  KY_NEW(job, keep, out->gap_venues, n);
  KY_NEW(job, keep, out->gap_by_bus, n);
  KY_NEW(job, keep, out->gap_demand, n);
  for (uint32_t a = 0; a < n; a++) fill_area(&view, a, out);
  return KY_OK;
}
