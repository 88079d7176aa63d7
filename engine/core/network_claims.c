/* Claims of the source against its geometry. */
#include "core/network_claims.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH_TOLERANCE_MM 1000.0

static void check_length(ky_job *job, const ky_ways *ways, uint32_t way) {
  const ky_shapes *shapes = &ways->shapes;
  double mm = 0;
  uint32_t from = shapes->first_part[way], to = shapes->first_part[way + 1];
  for (uint32_t p = from; p < to; p++)
    for (uint32_t v = shapes->first_vertex[p]; v + 1 < shapes->first_vertex[p + 1]; v++)
      mm += hypot(shapes->x[v + 1] - shapes->x[v], shapes->y[v + 1] - shapes->y[v]) * 1000.0;
  double claimed_mm = ways->claimed_mm[way], difference_mm = fabs(mm - claimed_mm);
  /* plane coordinates and ellipsoidal lengths differ by up to about 1 in 1,000 within Japan */
  if (difference_mm <= LENGTH_TOLERANCE_MM || difference_mm <= mm / 1000.0) return;
  uint32_t v = shapes->first_vertex[from];
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ways->source[way],
                           .record = ways->record[way],
                           .field = "length",
                           .reason = "length_contradicts",
                           .has_place = true,
                           .x_m = shapes->x[v],
                           .y_m = shapes->y[v],
                           .action = ky_tr("the length of the geometry is used")},
               ky_tr("the length column says %.3f m, the geometry is %.3f m long"), claimed_mm / 1000.0, mm / 1000.0);
}

/* One end of a way and the node name that the source gives it. */
typedef struct end {
  const char *source, *name, *record;
  uint32_t vertex;
  double x_m, y_m;
} end;

static int by_name(const void *a, const void *b) {
  const end *x = a, *y = b;
  int order = strcmp(x->source, y->source);
  if (order == 0) order = strcmp(x->name, y->name);
  if (order == 0) order = (x->vertex > y->vertex) - (x->vertex < y->vertex);
  if (order == 0) order = strcmp(x->record, y->record);
  return order;
}

/* ends[0 .. count) have one name, sorted by vertex: the vertex that most of them have (ties: the lower) is the node. */
static void check_name(ky_job *job, const end *ends, uint32_t count) {
  uint32_t best = 0, best_count = 0;
  for (uint32_t from = 0, to; from < count; from = to) {
    for (to = from; to < count && ends[to].vertex == ends[from].vertex;) to++;
    if (to - from > best_count) {
      best = from;
      best_count = to - from;
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    if (ends[i].vertex == ends[best].vertex) continue;
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = ends[i].source,
                             .record = ends[i].record,
                             .field = "from/to",
                             .reason = "node_contradicts",
                             .has_place = true,
                             .x_m = ends[i].x_m,
                             .y_m = ends[i].y_m,
                             .action = ky_tr("streets are joined by shared vertices only")},
                 ky_tr("its end lies %.1f m from the place of node %s"),
                 hypot(ends[i].x_m - ends[best].x_m, ends[i].y_m - ends[best].y_m), ends[i].name);
  }
}

static end end_of(const ky_ways *ways, const uint32_t *vertex, uint32_t way, bool is_last) {
  const ky_shapes *shapes = &ways->shapes;
  uint32_t v =
      is_last ? shapes->first_vertex[shapes->first_part[way + 1]] - 1 : shapes->first_vertex[shapes->first_part[way]];
  return (end){ways->source[way], is_last ? ways->to_claim[way] : ways->from_claim[way],
               ways->record[way], vertex[v],
               shapes->x[v],      shapes->y[v]};
}

static bool has_nodes(const ky_ways *ways, uint32_t way) {
  return ways->from_claim[way] != NULL && ways->to_claim[way] != NULL &&
         ways->shapes.first_part[way + 1] - ways->shapes.first_part[way] == 1;
}

ky_err ky_network_claims(ky_job *job, const ky_ways *ways, const uint32_t *vertex) {
  uint32_t count = 0;
  for (uint32_t way = 0; way < ways->shapes.count; way++) {
    if (ways->claimed_mm[way] != KY_NONE) check_length(job, ways, way);
    count += has_nodes(ways, way) ? 2 : 0;
  }
  end *ends;
  KY_NEW(job, scratch, ends, count);
  count = 0;
  for (uint32_t way = 0; way < ways->shapes.count; way++) {
    if (!has_nodes(ways, way)) continue;
    ends[count++] = end_of(ways, vertex, way, false);
    ends[count++] = end_of(ways, vertex, way, true);
  }
  if (count != 0) qsort(ends, count, sizeof *ends, by_name);
  for (uint32_t from = 0, to; from < count; from = to) {
    for (to = from;
         to < count && strcmp(ends[to].source, ends[from].source) == 0 && strcmp(ends[to].name, ends[from].name) == 0;)
      to++;
    check_name(job, ends + from, to - from);
  }
  return KY_OK;
}
