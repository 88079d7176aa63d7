/* Cells that several records hold: parts of one cell in several files, and ids that are there twice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cell_shapes.h"

static bool has_measure(const ky_raw *raw, uint32_t measure) {
  char name[32];
  snprintf(name, sizeof name, "pop_%s", ky_measure_name((ky_measure)measure));
  return ky_raw_column_of(raw, name) != NULL;
}

/* A band that one part does not know is not known of the cell; a column that a file does not have is no part of it. */
static void add_part(ky_cell_draft *cell, const ky_cell_draft *part) {
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    const bool has_cell = has_measure(cell->record.raw, m), has_part = has_measure(part->record.raw, m);
    if (has_cell && !has_part) continue;
    if (has_part && !has_cell && cell->people[m] == KY_NULL)
      cell->people[m] = part->people[m];
    else if (cell->people[m] == KY_NULL || part->people[m] == KY_NULL)
      cell->people[m] = KY_NULL;
    else
      cell->people[m] += part->people[m];
  }
  if (part->age_source == KY_AGE_GROUP) cell->age_source = KY_AGE_GROUP;
}

/* One file holds other age bands of the cell than the other: nothing is added up. */
static bool is_other_band(const ky_raw *a, const ky_raw *b) {
  bool is_any = false;
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    const bool has_a = has_measure(a, m), has_b = has_measure(b, m);
    if (has_a && has_b) return false;
    is_any = is_any || has_a || has_b;
  }
  return is_any;
}

static void report(ky_job *job, const ky_record *record, bool is_part) {
  ky_issue_add(
      job,
      &(ky_issue){.severity = is_part ? KY_INFO : KY_WARNING,
                  .source = ky_raw_label(job, record->raw),
                  .record = record->id,
                  .field = "id",
                  .reason = is_part ? "split_cell" : "duplicate_id",
                  .action = is_part
                                ? ky_tr("the people of both files are added up")
                                : ky_tr("both are kept, this one under a new id; check that no one is counted twice")},
      is_part ? ky_tr("cell %s is in two files") : ky_tr("id %s is there more than once"), record->id);
}

/* The cell of this id that the draft is a part of: none of its parts is of the draft's own file. KY_NONE: it is none.
 */
static uint32_t cell_of_part(const ky_cell_draft *drafts, uint32_t at, uint32_t first, const uint32_t *cell_of,
                             uint32_t first_cell, uint32_t cell_count, const ky_cell_draft *cells) {
  for (uint32_t c = first_cell; c < cell_count; c++) {
    bool is_other = ky_record_same_box(&cells[c].record, &drafts[at].record);
    for (uint32_t i = first; is_other && i < at; i++)
      is_other = cell_of[i] != c || drafts[i].record.source != drafts[at].record.source;
    if (is_other) return c;
  }
  return KY_NONE;
}

static int by_id(const void *a, const void *b) {
  return strcmp(((const ky_cell_draft *)a)->id, ((const ky_cell_draft *)b)->id);
}

ky_err ky_cell_parts_merge(ky_job *job, ky_cell_draft *drafts, uint32_t *count) {
  ky_cell_draft *cells;
  uint32_t *cell_of, kept = 0, first = 0, first_cell = 0;
  KY_NEW(job, scratch, cells, (size_t)*count + 1);
  KY_NEW(job, scratch, cell_of, (size_t)*count + 1);
  for (uint32_t i = 0; i < *count; i++) {
    if (i == 0 || strcmp(drafts[i].id, drafts[first].id) != 0) {
      first = i;
      first_cell = kept;
    }
    uint32_t cell = cell_of_part(drafts, i, first, cell_of, first_cell, kept, cells);
    if (i != first && (cell == KY_NONE || !is_other_band(cells[cell].record.raw, drafts[i].record.raw)))
      report(job, &drafts[i].record, cell != KY_NONE);
    cell_of[i] = cell != KY_NONE ? cell : kept;
    if (cell != KY_NONE) {
      add_part(&cells[cell], &drafts[i]);
      continue;
    }
    cells[kept] = drafts[i];
    if (i != first) {
      cells[kept].id = ky_format(&job->keep, "%s#%u", drafts[i].id, kept - first_cell + 1);
      if (cells[kept].id == NULL) return ky_fail_memory(job);
    }
    kept++;
  }
  memcpy(drafts, cells, kept * sizeof *cells);
  if (kept != 0) qsort(drafts, kept, sizeof *drafts, by_id); /* new ids of repeated records */
  *count = kept;
  return KY_OK;
}
