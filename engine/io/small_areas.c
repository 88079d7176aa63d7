/* One record per small area: see small_areas.h. e-Stat's definition of the boundaries: where several records have one
 * KEY_CODE (KIGO_E E1, E2, ...), E1 has all the people (JINKO) and the others have 0. */
#include "io/small_areas.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "io/area_join.h"

#define WATER "8154"

typedef struct piece {
  const char *key;
  ky_box box;
  uint32_t record;
} piece;

static int by_value(double a, double b) {
  return (a > b) - (a < b);
}

/* By key, then by place, so that a multipolygon is the same whatever the order of the file. */
static int by_key(const void *left, const void *right) {
  const piece *a = left, *b = right;
  int order = strcmp(a->key, b->key);
  if (order == 0) order = by_value(a->box.x_min, b->box.x_min);
  if (order == 0) order = by_value(a->box.y_min, b->box.y_min);
  if (order == 0) order = by_value(a->box.x_max, b->box.x_max);
  if (order == 0) order = by_value(a->box.y_max, b->box.y_max);
  return order != 0 ? order : (a->record > b->record) - (a->record < b->record);
}

/* Thousandths of people; KY_NULL: not known. */
static int64_t people(const ky_raw *raw, const char *attribute, uint32_t record) {
  const char *text = ky_raw_value(raw, attribute, record);
  return text != NULL ? ky_number_fixed(text, 3) : KY_NULL;
}

static const char *people_text(ky_job *job, int64_t milli) {
  if (milli % KY_PERSON == 0) return ky_format(&job->keep, "%lld", (long long)(milli / KY_PERSON));
  return ky_format(&job->keep, "%lld.%03lld", (long long)(milli / KY_PERSON), (long long)(milli % KY_PERSON));
}

ky_err ky_areas_keep(ky_job *job, const uint32_t *order, uint32_t count, ky_raw *raw) {
  ky_shapes shapes;
  KY_TRY(ky_shapes_pick(job, &raw->shapes, order, count, &shapes));
  raw->shapes = shapes;
  const char **texts;
  for (uint32_t c = 0; c <= raw->column_count; c++) {
    const char ***values = c < raw->column_count ? &raw->columns[c].value : &raw->record;
    KY_NEW(job, keep, texts, (size_t)count + 1);
    for (uint32_t i = 0; i < count; i++) texts[i] = (*values)[order[i]];
    *values = texts;
  }
  raw->count = count;
  return KY_OK;
}

static void report_water(ky_job *job, const ky_raw *raw, uint32_t count, int64_t milli) {
  if (count == 0) return;
  ky_issue_add(job,
               &(ky_issue){.severity = milli != 0 ? KY_WARNING : KY_INFO,
                           .source = ky_source_where(job, raw->source),
                           .field = "HCODE",
                           .reason = "water_area",
                           .action = ky_tr("left out: nobody's home is on water")},
               ky_tr("%u areas of water (HCODE 8154), with %.0f people"), count, (double)milli / KY_PERSON);
}

/* Records that are not water, by key. */
static ky_err sort_pieces(ky_job *job, const ky_raw *raw, piece **out, uint32_t *out_count) {
  uint32_t count = 0, water = 0;
  int64_t on_water = 0;
  piece *pieces;
  KY_NEW(job, scratch, pieces, (size_t)raw->count + 1);
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *kind = ky_raw_value(raw, "hcode", i), *id = ky_raw_value(raw, "id", i);
    if (kind != NULL && strcmp(kind, WATER) == 0) {
      int64_t milli = people(raw, "pop_total", i);
      water++;
      on_water += milli != KY_NULL ? milli : 0;
      continue;
    }
    const char *key = ky_area_key(&job->keep, id != NULL ? id : raw->record[i]);
    if (key == NULL) return ky_fail_memory(job);
    pieces[count++] = (piece){key, ky_shape_box(&raw->shapes, i), i};
  }
  report_water(job, raw, water, on_water);
  if (count != 0) qsort(pieces, count, sizeof *pieces, by_key);
  *out = pieces;
  *out_count = count;
  return KY_OK;
}

/* People of the records first .. first+n-1 of one area. Equal counts in all of them are one count that was copied. */
static ky_err sum_pieces(ky_job *job, const ky_raw *raw, const ky_raw_column *column, uint32_t first, uint32_t n,
                         const char **out, bool *is_copied) {
  int64_t sum = KY_NULL, before = KY_NULL;
  bool are_equal = true;
  for (uint32_t i = first; i < first + n; i++) {
    int64_t milli = people(raw, column->attribute, i);
    are_equal = are_equal && milli != KY_NULL && milli > 0 && (i == first || milli == before);
    before = milli;
    if (milli != KY_NULL) sum = sum == KY_NULL ? milli : sum + milli;
  }
  *is_copied = are_equal;
  *out = are_equal ? column->value[first] : sum == KY_NULL ? NULL : people_text(job, sum);
  return sum == KY_NULL || *out != NULL ? KY_OK : ky_fail_memory(job);
}

static void report_copied(ky_job *job, const ky_raw *raw, const char *key, uint32_t n, const char *count) {
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(job, raw->source),
                           .record = key,
                           .reason = "area_total_copied",
                           .action = ky_tr("taken once; if they are different people, give the area one record")},
               ky_tr("each of its %u records says %s people"), n, count);
}

/* Records of one key become one. raw is sorted by key already. */
static ky_err merge_pieces(ky_job *job, const char **keys, ky_raw *raw) {
  uint32_t areas = 0, merged = 0;
  for (uint32_t first = 0, n; first < raw->count; first += n) {
    for (n = 1; first + n < raw->count && strcmp(keys[first], keys[first + n]) == 0;) n++;
    for (uint32_t c = 0; c < raw->column_count; c++) {
      ky_raw_column *column = &raw->columns[c];
      const char *value = column->value[first];
      bool is_copied = false;
      if (n > 1 && strncmp(column->attribute, "pop_", 4) == 0)
        KY_TRY(sum_pieces(job, raw, column, first, n, &value, &is_copied));
      if (is_copied && strcmp(column->attribute, "pop_total") == 0) report_copied(job, raw, keys[first], n, value);
      column->value[areas] = value;
    }
    keys[areas] = keys[first];
    raw->record[areas] = raw->record[first];
    raw->shapes.first_part[areas] = raw->shapes.first_part[first];
    merged += n > 1;
    areas++;
  }
  raw->shapes.first_part[areas] = raw->shapes.part_count;
  if (merged != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = ky_source_where(job, raw->source),
                             .field = "KEY_CODE",
                             .reason = "areas_merged",
                             .action = ky_tr("nothing: each is one area of several parts")},
                 ky_tr("%u areas have several records; %u records became %u areas"), merged, raw->count, areas);
  raw->count = raw->shapes.count = areas;
  return KY_OK;
}

ky_err ky_small_areas(ky_job *job, const ky_area_table *table, ky_raw *raw) {
  piece *pieces = NULL;
  uint32_t count = 0, *order;
  const char **keys;
  const bool is_area = raw->shapes.kind == KY_SHAPE_POLYGON && raw->extent.count == 0;
  if (table == NULL && (!is_area || ky_raw_column_of(raw, "hcode") == NULL)) return KY_OK;
  if (!is_area)
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("%s: table: belongs to polygons of areas (r2ka....shp); this file has none; delete table:, or "
                         "give the boundaries as path:"),
                   ky_source_where(job, raw->source));
  if (ky_raw_column_of(raw, "id") == NULL)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s: the areas have no key (KEY_CODE) to join a table by; name it: columns: {id: COLUMN}"),
                   ky_source_where(job, raw->source));
  KY_TRY(sort_pieces(job, raw, &pieces, &count));
  KY_NEW(job, scratch, order, (size_t)count + 1);
  KY_NEW(job, scratch, keys, (size_t)count + 1);
  for (uint32_t i = 0; i < count; i++) {
    order[i] = pieces[i].record;
    keys[i] = pieces[i].key;
  }
  KY_TRY(ky_areas_keep(job, order, count, raw));
  KY_TRY(merge_pieces(job, keys, raw));
  return table != NULL ? ky_area_join(job, table, keys, raw) : KY_OK;
}
