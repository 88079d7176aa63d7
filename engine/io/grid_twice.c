/* Cells that two grid files have in common, by their codes. */
#include "io/grid_twice.h"

#include <stdlib.h>
#include <string.h>

#include "io/estat_name.h"

typedef struct cell {
  const char *code;
  uint32_t record;
} cell;

typedef struct grid {
  const ky_raw *raw;
  cell *cells; /* by code; NULL: no grid of residents */
  size_t digits;
  char table[8]; /* "": not known */
} grid;

static int by_code(const void *a, const void *b) {
  return strcmp(((const cell *)a)->code, ((const cell *)b)->code);
}

static bool is_code(const char *id) {
  return id != NULL && strspn(id, "0123456789") == strlen(id);
}

static ky_err sort_cells(ky_job *job, const ky_raw *raw, grid *out) {
  ky_estat_name name;
  *out = (grid){.raw = raw};
  if (raw->source->role != KY_ROLE_RESIDENTS || raw->extent.count == 0 || raw->count == 0) return KY_OK;
  const char *id = ky_raw_value(raw, "id", 0); /* pixels of a raster have no code */
  if (id == NULL || strspn(id, "0123456789") != strlen(id)) return KY_OK;
  if (!is_code(ky_raw_value(raw, "id", 0))) return KY_OK; /* pixels of a raster have an extent too, but no codes */
  KY_NEW(job, scratch, out->cells, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) out->cells[i] = (cell){ky_raw_value(raw, "id", i), i};
  qsort(out->cells, raw->count, sizeof *out->cells, by_code);
  out->digits = strlen(out->cells[0].code); /* of all: ky_grid_end */
  if (raw->vsi_path != NULL && ky_estat_name_read(raw->vsi_path, &name))
    memcpy(out->table, name.table, sizeof name.table);
  return KY_OK;
}

/* Of the columns that both files have; without one nothing is counted twice. */
static bool are_counts_equal(const ky_raw *a, uint32_t i, const ky_raw *b, uint32_t j) {
  bool has_common = false;
  for (uint32_t c = 0; c < a->column_count; c++) {
    const ky_raw_column *left = &a->columns[c], *right;
    if (strncmp(left->attribute, "pop_", 4) != 0 || (right = ky_raw_column_of(b, left->attribute)) == NULL) continue;
    has_common = true;
    const char *x = left->value[i], *y = right->value[j];
    if ((x == NULL) != (y == NULL) || (x != NULL && strcmp(x, y) != 0)) return false;
  }
  return has_common;
}

/* Cells of the coarser grid that hold, or are, one of the finer; and how many of them have equal counts. */
static void count_shared(const grid *coarse, const grid *fine, uint32_t *shared, uint32_t *equal) {
  *shared = *equal = 0;
  for (uint32_t i = 0, j = 0; i < coarse->raw->count && j < fine->raw->count;) {
    int order = strncmp(coarse->cells[i].code, fine->cells[j].code, coarse->digits);
    if (order > 0) {
      j++;
      continue;
    }
    if (order == 0) {
      (*shared)++;
      *equal += coarse->digits == fine->digits &&
                are_counts_equal(coarse->raw, coarse->cells[i].record, fine->raw, fine->cells[j].record);
    }
    i++;
  }
}

#define SAME_FROM 10 /* shared cells from which equal counts are no chance */

static ky_err compare(ky_job *job, const grid *a, const grid *b) {
  const grid *coarse = a->digits <= b->digits ? a : b, *fine = coarse == a ? b : a;
  const char *first = ky_source_where(job, a->raw->source), *second = ky_source_where(job, b->raw->source);
  uint32_t shared, equal;
  count_shared(coarse, fine, &shared, &equal);
  if (shared == 0) return KY_OK;
  if (coarse->digits != fine->digits)
    return ky_fail(
        job, KY_E_CONFIG,
        ky_tr("%s: has cells where %s has cells of another size (%u of these, such as %s): people would count "
              "twice; keep one cell size for a place"),
        second, first, shared, coarse->cells[0].code);
  if (a->table[0] != '\0' && b->table[0] != '\0' && strcmp(a->table, b->table) != 0)
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("%s: table %s holds %u cells that %s holds too (table %s): people would count twice; keep one "
                         "table for a place"),
                   second, b->table, shared, first, a->table);
  const uint32_t fewer = a->raw->count < b->raw->count ? a->raw->count : b->raw->count;
  if (shared < SAME_FROM || (uint64_t)equal * 10 < (uint64_t)shared * 9 || (uint64_t)shared * 2 < fewer) return KY_OK;
  return ky_fail(
      job, KY_E_CONFIG,
      ky_tr("%s: %u of its %u cells are in %s too, with the same counts: people would count twice; remove one "
            "of the two"),
      second, shared, b->raw->count, first);
}

ky_err ky_grids_check_twice(ky_job *job, const ky_raw *raws, uint32_t count) {
  grid *grids;
  KY_NEW(job, scratch, grids, (size_t)count + 1);
  for (uint32_t i = 0; i < count; i++) KY_TRY(sort_cells(job, &raws[i], &grids[i]));
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t j = 0; j < i; j++)
      if (grids[i].cells != NULL && grids[j].cells != NULL) KY_TRY(compare(job, &grids[j], &grids[i]));
  return KY_OK;
}
