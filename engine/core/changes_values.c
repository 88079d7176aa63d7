/* Values of two tables side by side: text, numbers, places. */
#include <math.h>
#include <string.h>

#include "core/changes_parts.h"

ky_err ky_change_text(ky_job *job, const ky_table *table, const char *column, uint32_t record, uint8_t decimals,
                      const char **out) {
  const ky_column *of = ky_table_column(table, column);
  char number[40];
  *out = NULL;
  if (of == NULL) return KY_OK;
  if (of->type == KY_COLUMN_TEXT) *out = of->of.text[record];
  if (of->type == KY_COLUMN_BOOL && of->of.flag[record] >= 0) *out = of->of.flag[record] != 0 ? "true" : "false";
  if (of->type != KY_COLUMN_FIXED || of->of.fixed[record] == KY_NULL) return KY_OK;
  const int64_t value = ky_change_number(table, column, record, decimals);
  const size_t length = value != KY_NULL ? ky_fixed_text(number, value, decimals)
                                         : ky_fixed_text(number, of->of.fixed[record], of->decimals);
  *out = ky_arena_text(&job->keep, number, length);
  return *out == NULL ? ky_fail_memory(job) : KY_OK;
}

int64_t ky_change_number(const ky_table *table, const char *column, uint32_t record, uint8_t decimals) {
  const ky_column *of = table != NULL ? ky_table_column(table, column) : NULL;
  if (of == NULL || of->type != KY_COLUMN_FIXED || of->of.fixed[record] == KY_NULL || of->decimals > decimals)
    return KY_NULL;
  int64_t value = of->of.fixed[record];
  for (uint8_t d = of->decimals; d < decimals; d++) {
    if (value > INT64_MAX / 10 || value < -(INT64_MAX / 10)) return KY_NULL;
    value *= 10;
  }
  return value;
}

const char *ky_change_word(const ky_table *table, const char *column, uint32_t record) {
  const ky_column *of = table != NULL ? ky_table_column(table, column) : NULL;
  return of != NULL && of->type == KY_COLUMN_TEXT ? of->of.text[record] : NULL;
}

uint8_t ky_change_decimals(const ky_table *a, const ky_table *b, const char *column) {
  const ky_column *one = a != NULL ? ky_table_column(a, column) : NULL;
  const ky_column *two = b != NULL ? ky_table_column(b, column) : NULL;
  const uint8_t first = one != NULL && one->type == KY_COLUMN_FIXED ? one->decimals : 0;
  const uint8_t second = two != NULL && two->type == KY_COLUMN_FIXED ? two->decimals : 0;
  return first > second ? first : second;
}

bool ky_change_is_same(const char *a, const char *b) {
  return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

ky_change_place ky_change_place_of(const ky_table *table, uint32_t record) {
  const ky_shapes *shapes = table->shapes;
  if (shapes == NULL || shapes->first_part[record] == shapes->first_part[record + 1])
    return (ky_change_place){.is_known = false};
  const uint32_t v = shapes->first_vertex[shapes->first_part[record]];
  const bool is_known = isfinite(shapes->x[v]) && isfinite(shapes->y[v]);
  return (ky_change_place){
      .is_known = is_known, .x_m = is_known ? shapes->x[v] : 0, .y_m = is_known ? shapes->y[v] : 0};
}

/* The middle of the longest run of squares is inside whatever form the area has; the lowest one of equal length. */
ky_err ky_change_inside(ky_job *job, const ky_table *table, uint32_t record, ky_change_place *out) {
  ky_spans spans = {.count = 0};
  const ky_span *best = NULL;
  *out = ky_change_place_of(table, record);
  if (!out->is_known || table->shapes->kind == KY_SHAPE_POINT) return KY_OK;
  KY_TRY(ky_spans_add(job, table->shapes, record, &spans));
  for (uint32_t i = 0; i < spans.count; i++)
    if (best == NULL || spans.of[i].to - spans.of[i].from > best->to - best->from) best = &spans.of[i];
  if (best == NULL) return KY_OK;
  out->x_m = ((double)best->from + (double)best->to) / 2 * KY_OVERLAP_M;
  out->y_m = ((double)best->row + 0.5) * KY_OVERLAP_M;
  return KY_OK;
}

int64_t ky_change_distance_mm(const ky_change_place *a, const ky_change_place *b) {
  const double mm = a->is_known && b->is_known ? hypot(a->x_m - b->x_m, a->y_m - b->y_m) * 1000 : NAN;
  return isfinite(mm) && mm < 9e15 ? llround(mm) : KY_NULL;
}
