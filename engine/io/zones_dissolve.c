/* Records of one id as one zone. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/records.h"
#include "core/rings.h"
#include "io/geos.h"
#include "io/shapes_valid.h"
#include "io/zones_prepare.h"

/* The record's polygons as they are. */
static ky_err take_rings(ky_job *job, const ky_shapes *shapes, uint32_t record, ky_rings *out) {
  const uint32_t part = shapes->first_part[record], vertex = shapes->first_vertex[part];
  out->part_count = shapes->first_part[record + 1] - part;
  KY_NEW(job, scratch, out->first_vertex, (size_t)out->part_count + 1);
  for (uint32_t p = 0; p <= out->part_count; p++) out->first_vertex[p] = shapes->first_vertex[part + p] - vertex;
  out->vertex_count = out->first_vertex[out->part_count];
  out->is_hole = shapes->is_hole + part;
  out->x = shapes->x + vertex;
  out->y = shapes->y + vertex;
  return KY_OK;
}

/* Union of a group, in an order that only the geometry decides. */
static bool unite(ky_geos *geos, ky_arena *arena, const ky_record *record, uint32_t count, double *lost_m2,
                  ky_rings *out) {
  GEOSGeometry **member = calloc(count, sizeof *member), *all = NULL, *joined = NULL;
  uint32_t made = 0;
  double before_m2 = 0;
  for (; member != NULL && made < count; made++) {
    member[made] = ky_geos_valid(geos, ky_geos_polygons(geos, &record[made].raw->shapes, record[made].record));
    if (member[made] == NULL) break;
    before_m2 += ky_geos_area(geos, member[made]);
  }
  if (member != NULL) all = ky_geos_collect(geos, GEOS_GEOMETRYCOLLECTION, member, made);
  if (all != NULL && made == count) joined = GEOSUnaryUnion_r(geos->handle, all);
  if (all != NULL) GEOSGeom_destroy_r(geos->handle, all);
  free(member);
  bool is_done = joined != NULL && GEOSNormalize_r(geos->handle, joined) == 0;
  if (is_done) *lost_m2 += fmax(0, before_m2 - ky_geos_area(geos, joined));
  is_done = is_done && ky_geos_rings(geos, joined, arena, out);
  if (joined != NULL) GEOSGeom_destroy_r(geos->handle, joined);
  return is_done;
}

static uint32_t group_end(const ky_record *records, uint32_t count, uint32_t from) {
  uint32_t end = from + 1;
  while (end < count && strcmp(records[end].id, records[from].id) == 0) end++;
  return end;
}

static ky_err unite_all(ky_job *job, const ky_record *records, uint32_t count, ky_rings *rings, double *lost_m2) {
  ky_geos geos;
  ky_err err = KY_OK;
  if (!ky_geos_open(&geos)) return ky_fail_memory(job);
  for (uint32_t from = 0, zone = 0, end; from < count && err == KY_OK; from = end, zone++) {
    end = group_end(records, count, from);
    if (end == from + 1)
      err = take_rings(job, &records[from].raw->shapes, records[from].record, &rings[zone]);
    else if (!unite(&geos, &job->scratch, records + from, end - from, lost_m2, &rings[zone]))
      err = ky_geos_fail(job, &geos, "zones");
  }
  ky_geos_close(&geos);
  return err;
}

static void report_names(ky_job *job, const ky_record *records, uint32_t from, uint32_t end) {
  const ky_raw *raw = records[from].raw;
  const char *name = ky_raw_value(raw, "name", records[from].record);
  for (uint32_t i = from + 1; i < end; i++) {
    const char *other = ky_raw_value(raw, "name", records[i].record);
    if (name == NULL || other == NULL || strcmp(name, other) == 0) continue;
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = ky_source_where(job, raw->source),
                    .record = records[from].id,
                    .field = "name",
                    .reason = "zone_names_differ",
                    .action = ky_tr("they were joined under the first name; give them ids of their own if they "
                                    "are different zones")},
        ky_tr("records of one zone have different names: %s, %s"), name, other);
    return;
  }
}

/* The values of the first record of a group that has one. */
static ky_err join_values(ky_job *job, const ky_record *records, uint32_t count, uint32_t zones, ky_raw *raw) {
  ky_raw_column *columns;
  const char **record;
  KY_NEW(job, keep, columns, raw->column_count);
  KY_NEW(job, keep, record, zones);
  for (uint32_t c = 0; c < raw->column_count; c++) {
    columns[c] = raw->columns[c];
    KY_NEW(job, keep, columns[c].value, zones);
  }
  for (uint32_t from = 0, zone = 0, end; from < count; from = end, zone++) {
    end = group_end(records, count, from);
    record[zone] = records[from].id;
    report_names(job, records, from, end);
    for (uint32_t c = 0; c < raw->column_count; c++)
      for (uint32_t i = from; i < end && columns[c].value[zone] == NULL; i++)
        columns[c].value[zone] = raw->columns[c].value[records[i].record];
  }
  raw->columns = columns;
  raw->record = record;
  return KY_OK;
}

ky_err ky_zones_dissolve(ky_job *job, ky_raw *raw) {
  ky_record *records;
  ky_rings *rings;
  ky_shapes shapes;
  uint32_t count, zones = 0, joined = 0;
  double lost_m2 = 0;
  KY_TRY(ky_records_new(job, raw, 1, &records, &count));
  for (uint32_t from = 0, end; from < count; from = end, zones++) {
    end = group_end(records, count, from);
    joined += end - from > 1;
  }
  if (joined == 0) return KY_OK;
  KY_TRY(ky_shapes_ensure_valid(job, ky_source_where(job, raw->source), raw->record, &raw->shapes));
  KY_NEW(job, scratch, rings, zones);
  KY_TRY(unite_all(job, records, count, rings, &lost_m2));
  KY_TRY(ky_rings_shapes(job, rings, zones, &shapes));
  KY_TRY(join_values(job, records, count, zones, raw));
  raw->shapes = shapes;
  raw->count = zones;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = ky_source_where(job, raw->source),
                           .reason = "zones_joined",
                           .action = ky_tr("records of one id are one zone, the union of their polygons")},
               ky_tr("%u records are %u zones; %u zones are made of several records, which overlapped by %.1f m2"),
               count, zones, joined, lost_m2);
  return KY_OK;
}
