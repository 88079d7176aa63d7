/* Walkable ways out of road records. */
#include "io/ways.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/osm_walk.h"
#include "io/road_class.h"
#include "io/role_columns.h"
#include "io/said_yes.h"

void ky_ways_round_degrees(ky_raw *raw) {
  if (!raw->is_geographic) return;
  for (uint32_t v = 0; v < raw->shapes.vertex_count; v++) {
    raw->shapes.x[v] = round(raw->shapes.x[v] * 1e7) / 1e7;
    raw->shapes.y[v] = round(raw->shapes.y[v] * 1e7) / 1e7;
  }
}

/* What happened to the records of one source. */
typedef struct tally {
  uint32_t closed, other, repeated_vertex, degenerate, multi;
  uint32_t cars_only, under_work, not_listed, toll; /* the first three are among `closed` */
  uint8_t *is_used;                                 /* [walkable of the source] */
} tally;

static int8_t layer_of(const ky_raw *raw, uint32_t record) {
  const char *text = ky_raw_value(raw, "layer", record);
  char *end;
  if (text == NULL) return 0;
  const long layer = strtol(text, &end, 10);
  return end != text && *end == '\0' && layer >= -99 && layer <= 99 ? (int8_t)layer : KY_LAYER_UNKNOWN;
}

static bool is_over_or_under(const ky_raw *raw, uint32_t record) {
  const char *state = ky_raw_value(raw, "n13_004", record); /* 2 bridge, 3 tunnel */
  if (ky_road_is_n13(raw) && state != NULL && (strcmp(state, "2") == 0 || strcmp(state, "3") == 0)) return true;
  return ky_said_yes(ky_raw_value(raw, "bridge", record)) || ky_said_yes(ky_raw_value(raw, "tunnel", record));
}

/* What the tags, codes or words of the record say. In a layer without a class column (class_bits 0) and for a class
 * that nothing is known of, all that is not forbidden is a street; in OpenStreetMap's own data such a way is none. */
static ky_err judge(ky_job *job, const ky_raw *raw, uint32_t record, bool with_ferries, ky_road_verdict *verdict,
                    uint32_t *class_bits) {
  const ky_street_tags tags = {.highway = ky_raw_value(raw, "class", record),
                               .route = ky_raw_value(raw, "route", record),
                               .foot = ky_raw_value(raw, "foot", record),
                               .access = ky_raw_value(raw, "access", record),
                               .motorroad = ky_raw_value(raw, "motorroad", record),
                               .indoor = ky_raw_value(raw, "indoor", record)};
  if (ky_road_is_n13(raw)) {
    *verdict = ky_road_n13(raw, record, class_bits);
    return KY_OK;
  }
  const ky_walkable walkable = ky_osm_walkable(&tags, with_ferries, class_bits);
  const bool is_osm = strcmp(raw->format, "OpenStreetMap") == 0;
  *verdict = walkable == KY_WALK_YES ? KY_ROAD_OPEN : KY_ROAD_CLOSED;
  if (walkable != KY_WALK_OTHER || is_osm) return KY_OK;
  return ky_road_word(job, tags.highway, verdict, class_bits);
}

/* May the record be walked, and as what? */
static ky_err take_class(ky_job *job, const ky_raw *raw, uint32_t record, bool with_ferries, tally *t,
                         uint32_t *class_bits, bool *is_taken) {
  const bool has_class = ky_raw_column_of(raw, "class") != NULL;
  ky_road_verdict verdict;
  KY_TRY(judge(job, raw, record, with_ferries, &verdict, class_bits));
  if (raw->source->walkable_count != 0) {
    uint32_t place;
    KY_TRY(ky_road_listed(job, raw->source, ky_raw_value(raw, "class", record), &place));
    if (place != KY_NONE) t->is_used[place] = 1;
    verdict = place != KY_NONE ? KY_ROAD_OPEN : KY_ROAD_NOT_LISTED;
    if (*class_bits == 0) *class_bits = 1u << KY_STREET_OTHER;
  }
  *is_taken = verdict == KY_ROAD_OPEN || verdict == KY_ROAD_UNKNOWN;
  t->closed += !*is_taken;
  t->cars_only += verdict == KY_ROAD_CARS_ONLY;
  t->under_work += verdict == KY_ROAD_UNDER_WORK;
  t->not_listed += verdict == KY_ROAD_NOT_LISTED;
  if (verdict == KY_ROAD_UNKNOWN && has_class) {
    t->other++;
    *class_bits = 1u << KY_STREET_OTHER;
  }
  const char *toll = ky_raw_value(raw, "n13_007", record);
  t->toll += *is_taken && ky_road_is_n13(raw) && toll != NULL && strcmp(toll, "2") == 0;
  if (!has_class && *class_bits != 1u << KY_STREET_FERRY) *class_bits = 0;
  return KY_OK;
}

static ky_err new_ways(ky_job *job, uint32_t parts, uint32_t vertices, ky_ways *out) {
  KY_TRY(ky_shapes_new(job, KY_SHAPE_LINE, parts, parts, vertices, &out->shapes));
  KY_NEW(job, keep, out->class_bits, parts);
  KY_NEW(job, keep, out->is_bridge, parts);
  KY_NEW(job, keep, out->layer, parts);
  KY_NEW(job, keep, out->record, parts);
  KY_NEW(job, keep, out->source, parts);
  KY_NEW(job, keep, out->claimed_mm, parts);
  KY_NEW(job, keep, out->from_claim, parts);
  KY_NEW(job, keep, out->to_claim, parts);
  return KY_OK;
}

static uint32_t claimed_mm(const ky_raw *raw, uint32_t record) {
  const char *text = ky_raw_value(raw, "length", record);
  if (text == NULL) return KY_NONE;
  char *end;
  double m = strtod(text, &end);
  return *end == '\0' && m >= 0 && m < 4e6 ? (uint32_t)lround(m * 1000) : KY_NONE;
}

static double on_grid(double m) {
  return (double)llround(m * 1000.0) / 1000.0;
}

/* One part of a record on the grid; false when nothing of it is left. */
static bool add_part(const ky_shapes *in, uint32_t part, tally *t, ky_ways *out) {
  ky_shapes *shapes = &out->shapes;
  uint32_t first = shapes->vertex_count, at = first;
  for (uint32_t v = in->first_vertex[part]; v < in->first_vertex[part + 1]; v++) {
    double x = on_grid(in->x[v]), y = on_grid(in->y[v]);
    if (at > first && shapes->x[at - 1] == x && shapes->y[at - 1] == y) {
      t->repeated_vertex++;
      continue;
    }
    shapes->x[at] = x;
    shapes->y[at++] = y;
  }
  if (at - first < 2) return false;
  shapes->first_part[shapes->count] = shapes->part_count;
  shapes->first_vertex[shapes->part_count] = first;
  shapes->count++;
  shapes->part_count++;
  shapes->vertex_count = at;
  return true;
}

static void add_record(ky_job *job, const ky_raw *raw, const char *where, uint32_t record, uint32_t class_bits,
                       tally *t, ky_ways *out) {
  const uint32_t first = raw->shapes.first_part[record], end = raw->shapes.first_part[record + 1];
  t->multi += end - first > 1;
  for (uint32_t part = first; part < end; part++) {
    uint32_t way = out->shapes.count;
    if (!add_part(&raw->shapes, part, t, out)) {
      t->degenerate++;
      ky_issue_add(job,
                   &(ky_issue){.severity = KY_WARNING,
                               .source = where,
                               .record = raw->record[record],
                               .field = "geometry",
                               .reason = "street_without_length",
                               .action = ky_tr("left out; it would join nothing")},
                   "%s", ky_tr("a street shorter than a millimetre"));
      continue;
    }
    out->class_bits[way] = class_bits;
    out->is_bridge[way] = is_over_or_under(raw, record);
    out->layer[way] = layer_of(raw, record);
    out->record[way] = raw->record[record];
    out->source[way] = where;
    out->claimed_mm[way] = end - first == 1 ? claimed_mm(raw, record) : KY_NONE;
    if (end - first != 1 || ky_raw_column_of(raw, "to") == NULL) continue; /* `source` alone says who drew the map */
    out->from_claim[way] = ky_raw_value(raw, "from", record);
    out->to_claim[way] = ky_raw_value(raw, "to", record);
  }
}

/* Why records of Japanese road data were left out, and what the source's `walkable` met. */
static void report_classes(ky_job *job, const ky_raw *raw, const char *where, const tally *t) {
  if (t->cars_only + t->under_work + t->not_listed != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = where,
                             .field = ky_raw_column_of(raw, "class")->column,
                             .reason = "closed_by_class",
                             .action = ky_tr("left out; walkable: [CLASS, ...] of the source says otherwise")},
                 ky_tr("not walked: %u expressways and roads for cars only, %u under construction, %u of a class that "
                       "walkable does not name"),
                 t->cars_only, t->under_work, t->not_listed);
  if (t->toll != 0)
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_INFO,
                    .source = where,
                    .field = "N13_007",
                    .reason = "toll_roads_walked",
                    .action = ky_tr("taken as walkable; the data does not say whether they are for cars only")},
        ky_tr("%u toll roads that are no expressways"), t->toll);
  for (uint32_t w = 0; w < raw->source->walkable_count; w++)
    if (!t->is_used[w])
      ky_issue_add(job,
                   &(ky_issue){.severity = KY_WARNING,
                               .source = where,
                               .field = ky_raw_column_of(raw, "class")->column,
                               .reason = "walkable_unused",
                               .action = ky_tr("look for another spelling in the file, or delete it from walkable")},
                   ky_tr("no way has the class \"%s\" that walkable names"), raw->source->walkable[w]);
}

static void report(ky_job *job, const ky_raw *raw, const char *where, const tally *t) {
  if (t->closed != 0)
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_INFO,
                    .source = where,
                    .field = "class",
                    .reason = "not_walkable",
                    .action = ky_tr("left out by the walkability rules (motorways, private, under construction ...)")},
        ky_tr("%u of %u ways cannot be walked"), t->closed, raw->count);
  if (t->other != 0)
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = where,
                    .field = "class",
                    .reason = "unknown_street_class",
                    .action = ky_tr("taken as walkable streets; name the classes that are with walkable: [...], or "
                                    "map another column to class")},
        ky_tr("%u of %u ways have a class that is neither one of OpenStreetMap's highway values nor a word "
              "that kayoi knows"),
        t->other, raw->count);
  if (t->multi != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = where,
                             .field = "geometry",
                             .reason = "multiline",
                             .action = ky_tr("each line is a street of its own")},
                 ky_tr("%u records hold several lines"), t->multi);
}

ky_err ky_ways_build(ky_job *job, const ky_raw *roads, uint32_t road_count, bool with_ferries, ky_ways *out) {
  uint64_t parts = 0, vertices = 0;
  const ky_shapes extent = out->extent;
  memset(out, 0, sizeof *out);
  out->extent = extent;
  for (uint32_t r = 0; r < road_count; r++) {
    parts += roads[r].shapes.part_count;
    vertices += roads[r].shapes.vertex_count;
  }
  if (vertices >= KY_NONE / 2)
    return ky_fail(job, KY_E_RESOURCE, ky_tr("roads: more than two thousand million vertices; cut them to the region"));
  KY_TRY(new_ways(job, (uint32_t)parts, (uint32_t)vertices, out));
  out->shapes.count = out->shapes.part_count = out->shapes.vertex_count = 0;
  for (uint32_t r = 0; r < road_count; r++) {
    const char *where = ky_source_where(job, roads[r].source);
    tally t = {0};
    KY_NEW(job, scratch, t.is_used, roads[r].source->walkable_count);
    for (uint32_t i = 0; i < roads[r].count; i++) {
      uint32_t class_bits;
      bool is_taken;
      KY_TRY(take_class(job, &roads[r], i, with_ferries, &t, &class_bits, &is_taken));
      if (is_taken) add_record(job, &roads[r], where, i, class_bits, &t, out);
    }
    report(job, &roads[r], where, &t);
    report_classes(job, &roads[r], where, &t);
  }
  out->shapes.first_part[out->shapes.count] = out->shapes.part_count;
  out->shapes.first_vertex[out->shapes.part_count] = out->shapes.vertex_count;
  if (out->shapes.count == 0)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("roads: no way of any source can be walked; look at the class column (highway "
                         "values) or map none"));
  return KY_OK;
}
