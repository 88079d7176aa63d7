/* Resources: attributes, and where they lie. */
#include <kayoi/place.h>
#include <math.h>
#include <string.h>

#include "core/records.h"

static const char *const TEXT_ATTRIBUTE[KY_RESOURCE_TEXT_COUNT] = {
#define KY_X(id, text, alias) text,
    KY_RESOURCE_TEXTS(KY_X)
#undef KY_X
};

static uint32_t part_of(const ky_record *record) {
  const ky_shapes *in = &record->raw->shapes;
  if (in->kind == KY_SHAPE_NONE) return KY_NONE;
  const uint32_t part = in->first_part[record->record];
  return part != in->first_part[record->record + 1] ? part : KY_NONE;
}

/* Keeps the records inside the study area, and those without a place; counts the others of each source. */
static ky_err keep_near(ky_job *job, const ky_inputs *inputs, const ky_zone_index *index, double margin_m,
                        ky_record *records, uint32_t *count) {
  uint32_t kept = 0, *far_count;
  KY_NEW(job, scratch, far_count, inputs->resource_source_count);
  for (uint32_t i = 0; i < *count; i++) {
    const ky_record *record = &records[i];
    if (part_of(record) == KY_NONE || ky_zone_index_near(index, &record->raw->shapes, record->record, margin_m))
      records[kept++] = *record;
    else
      far_count[record->source]++;
  }
  *count = kept;
  for (uint32_t s = 0; s < inputs->resource_source_count; s++) {
    if (far_count[s] == 0) continue;
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = ky_raw_label(job, &inputs->resources[s]),
                             .reason = "resources_far",
                             .action = ky_tr("left out; study.margin_m says how far outside they are looked at")},
                 ky_tr("%u of %u resources lie outside the study area"), far_count[s], inputs->resources[s].count);
  }
  return KY_OK;
}

/* The second, third ... record of an id in one source becomes id#2, id#3 ...: every one of them stays. */
static ky_err rename_repeated(ky_job *job, ky_record *records, uint32_t count) {
  for (uint32_t first = 0, end; first < count; first = end) {
    for (end = first + 1; end < count && strcmp(records[end].id, records[first].id) == 0;) end++;
    const char *id = records[first].id;
    for (uint32_t i = first + 1; i < end; i++) {
      uint32_t nth = 1;
      for (uint32_t before = first; before < i; before++) nth += records[before].source == records[i].source;
      if (nth == 1) continue;
      ky_issue_add(job,
                   &(ky_issue){.severity = KY_INFO,
                               .source = ky_raw_label(job, records[i].raw),
                               .record = id,
                               .field = "id",
                               .reason = "duplicate_id",
                               .action = ky_tr("both are kept, this one under a new id; check that it is not the same "
                                               "resource")},
                   ky_tr("id %s is there more than once"), id);
      records[i].id = ky_format(&job->keep, "%s#%u", id, nth);
      if (records[i].id == NULL) return ky_fail_memory(job);
    }
  }
  return KY_OK;
}

static ky_err new_columns(ky_job *job, uint32_t count, ky_resources *out) {
  out->count = count;
  KY_NEW(job, keep, out->id, count);
  KY_NEW(job, keep, out->x_m, count);
  KY_NEW(job, keep, out->y_m, count);
  for (uint32_t t = 0; t < KY_RESOURCE_TEXT_COUNT; t++) KY_NEW(job, keep, out->text[t], count);
  KY_NEW(job, keep, out->coord_source, count);
  KY_NEW(job, keep, out->source, count);
  KY_NEW(job, keep, out->date, count);
  KY_NEW(job, keep, out->seats, count);
  KY_NEW(job, keep, out->is_willing, count);
  KY_NEW(job, keep, out->row, count);
  return ky_shapes_new(job, KY_SHAPE_POINT, count, count, count, &out->shapes);
}

/* "shops.csv", "kayoi.xlsx 社会資源" */
static const char *source_name(ky_job *job, const ky_source *source) {
  return source->layer == NULL ? source->shown : ky_format(&job->keep, "%s %s", source->shown, source->layer);
}

static ky_err read_attributes(ky_job *job, const ky_record *record, ky_resources *out, uint32_t i) {
  out->id[i] = record->id;
  for (uint32_t t = 0; t < KY_RESOURCE_TEXT_COUNT; t++)
    out->text[t][i] = ky_raw_value(record->raw, TEXT_ATTRIBUTE[t], record->record);
  out->seats[i] = ky_record_number(job, record, "seats", 0);
  out->is_willing[i] = ky_record_flag(job, record, "willing");
  out->date[i] = record->raw->source->date;
  out->source[i] = source_name(job, record->raw->source);
  return out->source[i] != NULL ? KY_OK : ky_fail_memory(job);
}

static void locate(const ky_record *record, const ky_zone_index *index, ky_resources *out, uint32_t i,
                   uint32_t *vertex) {
  const ky_shapes *in = &record->raw->shapes;
  const uint32_t part = part_of(record);
  const char *const *found = record->raw->coord_source;
  out->x_m[i] = out->y_m[i] = NAN;
  out->row[i] = KY_NONE;
  out->coord_source[i] = "none";
  out->shapes.first_part[i] = *vertex;
  if (part == KY_NONE) return;
  out->x_m[i] = out->shapes.x[*vertex] = in->x[in->first_vertex[part]];
  out->y_m[i] = out->shapes.y[*vertex] = in->y[in->first_vertex[part]];
  out->shapes.first_vertex[*vertex] = *vertex;
  ++*vertex;
  out->row[i] = ky_zone_index_row(index, out->x_m[i], out->y_m[i]);
  out->coord_source[i] = found != NULL && found[record->record] != NULL ? found[record->record] : "given";
}

ky_err ky_place_resources(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_place_opts *opts,
                          ky_resources *out) {
  memset(out, 0, sizeof *out);
  ky_record *records = NULL;
  uint32_t count = 0, vertex = 0;
  ky_zone_index *index = NULL;
  KY_TRY(ky_records_new(job, inputs->resources, inputs->resource_source_count, &records, &count));
  KY_TRY(ky_zone_index_new(job, zones, &index));
  KY_TRY(keep_near(job, inputs, index, opts->margin_m, records, &count));
  KY_TRY(rename_repeated(job, records, count));
  KY_TRY(new_columns(job, count, out));
  for (uint32_t i = 0; i < count; i++) {
    KY_TRY(read_attributes(job, &records[i], out, i));
    locate(&records[i], index, out, i, &vertex);
  }
  out->shapes.first_part[count] = vertex;
  out->shapes.first_vertex[vertex] = vertex;
  out->shapes.part_count = out->shapes.vertex_count = vertex;
  return KY_OK;
}
