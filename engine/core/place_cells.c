/* Residential cells: people per band from raw records, hidden groups dissolved, far cells only counted. */
#include <kayoi/place.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cell_groups.h"
#include "core/cell_overlaps.h"
#include "core/cell_shapes.h"
#include "core/hull.h"
#include "core/projection_groups.h"

static const char *measure_attribute(uint32_t measure) {
  static const char *const name[KY_MEASURE_COUNT] = {
#define KY_X(id, text, total) "pop_" text,
      KY_MEASURES(KY_X)
#undef KY_X
  };
  return name[measure];
}

static void read_people(ky_job *job, const ky_record *record, int64_t *people) {
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) people[m] = ky_record_number(job, record, measure_attribute(m), 3);
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    if (people[m] != KY_NULL && people[m] >= (int64_t)UINT32_MAX) {
      ky_issue_add(job,
                   &(ky_issue){.severity = KY_WARNING,
                               .source = ky_raw_label(job, record->raw),
                               .record = record->id,
                               .field = measure_attribute(m),
                               .reason = "too_many_people",
                               .action = ky_tr("taken as unknown; correct it in the source")},
                   "%s", ky_tr("more than 4,294,967 people in one cell"));
      people[m] = KY_NULL;
    }
    if (m < KY_65 || people[m] == KY_NULL || people[KY_TOTAL] == KY_NULL || people[m] <= people[KY_TOTAL]) continue;
    if (ky_raw_value(record->raw, "htksyori", record->record) != NULL ||
        ky_raw_value(record->raw, "hidden", record->record) != NULL)
      continue; /* details of others may be in it */
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = ky_raw_label(job, record->raw),
                             .record = record->id,
                             .field = measure_attribute(m),
                             .reason = "band_above_total",
                             .action = ky_tr("used as given; look at the source")},
                 ky_tr("%.3f people in the band, %.3f in total"), (double)people[m] / 1e3,
                 (double)people[KY_TOTAL] / 1e3);
  }
}

static ky_err draft_cells(ky_job *job, const ky_inputs *inputs, ky_cell_draft **out, uint32_t *out_count) {
  ky_record *records;
  uint32_t count, drafts_count = 0;
  ky_cell_draft *drafts;
  KY_TRY(ky_records_new(job, inputs->residents, inputs->resident_count, &records, &count));
  KY_NEW(job, scratch, drafts, count);
  for (uint32_t i = 0; i < count; i++) {
    ky_cell_draft *draft = &drafts[drafts_count];
    const ky_raw *raw = records[i].raw;
    uint32_t record = records[i].record;
    if (raw->shapes.first_part[record] == raw->shapes.first_part[record + 1]) {
      ky_issue_add(job,
                   &(ky_issue){.severity = KY_ERROR,
                               .source = ky_raw_label(job, raw),
                               .record = records[i].id,
                               .field = "geometry",
                               .reason = "no_geometry",
                               .action = ky_tr("left out; its people are in no sum")},
                   "%s", ky_tr("a residential record without a place"));
      continue;
    }
    draft->id = records[i].id;
    draft->record = records[i];
    read_people(job, &records[i], draft->people);
    const char *hidden = ky_raw_value(raw, "htksyori", record);
    draft->hidden = hidden != NULL ? hidden[0] : '0';
    draft->receiver = ky_raw_value(raw, "htksaki", record);
    draft->sources = ky_raw_value(raw, "gassan", record);
    drafts_count++;
  }
  *out = drafts;
  *out_count = drafts_count;
  return KY_OK;
}

/* Cells of one file that all lie beyond the margin are most likely those of another place: each such file is said. */
static ky_err report_elsewhere(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, double margin_m) {
  ky_zone_index *index;
  KY_TRY(ky_zone_index_new(job, zones, &index));
  for (uint32_t r = 0; inputs->resident_count > 1 && r < inputs->resident_count; r++) {
    const ky_raw *raw = &inputs->residents[r];
    uint32_t i = 0;
    while (i < raw->count && !ky_zone_index_near(index, &raw->shapes, i, margin_m)) i++;
    if (i < raw->count || raw->count == 0) continue;
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = ky_raw_label(job, raw),
                    .reason = "residents_elsewhere",
                    .action = ky_tr("not one of its people counts; is it the file of another place, or a wrong "
                                    "crs:? Else remove it")},
        ky_tr("none of its %u cells lies within %.0f m of the municipality"), raw->count, margin_m);
  }
  return KY_OK;
}

/* A raster of one age band has a cell for every pixel that it knows, so that 0 is 0 where another raster holds the
 * total; where none does, nobody lives in it. */
static void drop_empty_pixels(ky_cell_draft *drafts, uint32_t *count) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < *count; i++) {
    const ky_raw *raw = drafts[i].record.raw;
    bool is_empty = raw->format != NULL && strcmp(raw->format, "GeoTIFF") == 0;
    for (uint32_t m = 0; is_empty && m < KY_MEASURE_COUNT; m++)
      is_empty = drafts[i].people[m] == 0 || drafts[i].people[m] == KY_NULL;
    if (!is_empty) drafts[kept++] = drafts[i];
  }
  *count = kept;
}

/* Leaves out what is farther than the margin; returns how many stay, in order. */
static ky_err cut_to_margin(ky_job *job, const ky_zones *zones, double margin_m, ky_cell_draft *drafts, uint32_t *count,
                            ky_cells *out) {
  ky_zone_index *index;
  uint8_t *is_near;
  uint32_t kept = 0;
  KY_TRY(ky_zone_index_new(job, zones, &index));
  KY_NEW(job, scratch, is_near, *count);
#pragma omp parallel for schedule(dynamic, 256) num_threads(job->threads) if (*count > 1024)
  for (uint32_t i = 0; i < *count; i++)
    is_near[i] = ky_zone_index_near(index, &drafts[i].record.raw->shapes, drafts[i].record.record, margin_m);
  for (uint32_t i = 0; i < *count; i++) {
    if (is_near[i] != 0) {
      drafts[kept++] = drafts[i];
      continue;
    }
    out->far_count++;
    if (drafts[i].people[KY_TOTAL] != KY_NULL) out->far_people += drafts[i].people[KY_TOTAL];
  }
  *count = kept;
  return KY_OK;
}

/* Extents of several files as one list. A mesh of two files is there twice, which is no matter to those who unite them.
 */
static ky_err join_extents(ky_job *job, const ky_inputs *inputs, ky_shapes *out) {
  uint32_t count = 0, parts = 0, vertices = 0, record = 0, part = 0, vertex = 0;
  for (uint32_t r = 0; r < inputs->resident_count; r++) {
    const ky_shapes *in = &inputs->residents[r].extent;
    count += in->count;
    parts += in->part_count;
    vertices += in->vertex_count;
  }
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POLYGON, count, parts, vertices, out));
  for (uint32_t r = 0; r < inputs->resident_count; r++) {
    const ky_shapes *in = &inputs->residents[r].extent;
    memcpy(out->x + vertex, in->x, in->vertex_count * sizeof *out->x);
    memcpy(out->y + vertex, in->y, in->vertex_count * sizeof *out->y);
    memcpy(out->is_hole + part, in->is_hole, in->part_count);
    for (uint32_t p = 0; p < in->part_count; p++) out->first_vertex[part + p + 1] = vertex + in->first_vertex[p + 1];
    for (uint32_t i = 0; i < in->count; i++) out->first_part[record + i + 1] = part + in->first_part[i + 1];
    record += in->count;
    part += in->part_count;
    vertex += in->vertex_count;
  }
  return KY_OK;
}

/* Where the residents' data is complete: the meshes of all files where the readers know them, else the hull. */
static ky_err find_extent(ky_job *job, const ky_inputs *inputs, ky_cells *out) {
  uint32_t count = 0, at = 0, known = 0;
  double *x, *y;
  for (uint32_t r = 0; r < inputs->resident_count; r++) known += inputs->residents[r].extent.count != 0;
  if (known == inputs->resident_count && known == 1) {
    out->extent = inputs->residents[0].extent;
    return KY_OK;
  }
  if (known == inputs->resident_count) return join_extents(job, inputs, &out->extent);
  for (uint32_t r = 0; r < inputs->resident_count; r++)
    count += inputs->residents[r].shapes.vertex_count + inputs->residents[r].extent.vertex_count;
  KY_NEW(job, scratch, x, count);
  KY_NEW(job, scratch, y, count);
  for (uint32_t r = 0; r < inputs->resident_count; r++) {
    const ky_shapes *parts[2] = {&inputs->residents[r].shapes, &inputs->residents[r].extent};
    for (uint32_t k = 0; k < 2; k++) {
      for (uint32_t v = 0; v < parts[k]->vertex_count; v++, at++) {
        x[at] = parts[k]->x[v];
        y[at] = parts[k]->y[v];
      }
    }
  }
  return ky_hull(job, x, y, count, &out->extent);
}

static ky_err fill(ky_job *job, const ky_cell_draft *drafts, uint32_t count, ky_cells *out) {
  out->count = count;
  KY_NEW(job, keep, out->id, count);
  KY_NEW(job, keep, out->age_source, count);
  KY_TRY(ky_cell_shapes(job, drafts, count, &out->shapes));
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    if (out->people[m] == NULL) continue;
    for (uint32_t i = 0; i < count; i++) out->people[m][i] = drafts[i].people[m];
  }
  for (uint32_t i = 0; i < count; i++) {
    out->id[i] = drafts[i].id;
    out->age_source[i] = drafts[i].age_source;
  }
  return KY_OK;
}

/* Residents of one year of a projected grid mark their hidden cells otherwise than the census. */
static ky_err link_projection(ky_job *job, ky_cell_draft *drafts, uint32_t count) {
  ky_hidden_mark *marks;
  KY_NEW(job, scratch, marks, count);
  for (uint32_t i = 0; i < count; i++) {
    const ky_record *record = &drafts[i].record;
    marks[i] = (ky_hidden_mark){ky_raw_value(record->raw, "hidden", record->record),
                                ky_raw_value(record->raw, "hidden_to", record->record)};
  }
  return ky_projection_link(job, drafts, count, marks);
}

ky_err ky_place_cells(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_place_opts *opts,
                      ky_cells *out) {
  memset(out, 0, sizeof *out);
  ky_cell_draft *drafts = NULL;
  uint32_t count = 0;
  KY_TRY(draft_cells(job, inputs, &drafts, &count));
  KY_TRY(link_projection(job, drafts, count));
  KY_TRY(ky_cell_groups_dissolve(job, drafts, count));
  KY_TRY(ky_cell_parts_merge(job, drafts, &count));
  drop_empty_pixels(drafts, &count);
  KY_TRY(report_elsewhere(job, inputs, zones, opts->margin_m));
  KY_TRY(cut_to_margin(job, zones, opts->margin_m, drafts, &count, out));
  if (count == 0)
    return ky_fail(
        job, KY_E_INPUT,
        ky_tr("residents: none of %u cells lies within %.0f m of the municipality; is it the grid of another "
              "place, or a wrong crs?"),
        out->far_count, opts->margin_m);
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    bool is_known = false;
    for (uint32_t r = 0; r < inputs->resident_count; r++)
      is_known = is_known || ky_raw_column_of(&inputs->residents[r], measure_attribute(m)) != NULL;
    if (is_known) KY_NEW(job, keep, out->people[m], count);
  }
  if (out->people[KY_65] == NULL)
    return ky_fail(
        job, KY_E_INPUT,
        ky_tr("residents: no source has people aged 65 and over; map the column: "
              "columns: {pop_65: NAME}; small areas have them in a table of their own: table: tblT001082C43.txt"));
  KY_TRY(fill(job, drafts, count, out));
  KY_TRY(ky_cell_spacing(job, &out->shapes, &out->spacing_m));
  KY_TRY(find_extent(job, inputs, out));
  KY_TRY(ky_cells_report_overlaps(job, out));
  return ky_raw_dates(job, inputs->residents, inputs->resident_count, &out->date);
}
