/* From the run's CRS to WGS 84, rounded. Rounding by a centimetre can make a narrow polygon cross itself: those few are
 * rounded again by GEOS, which keeps them valid. */
#include "io/degrees.h"

#include <math.h>
#include <string.h>

#include "io/crs.h"
#include "io/shapes_valid.h"

#define PER_DEGREE 1e7

int64_t ky_degree_fixed(double degrees) {
  return llround(degrees * PER_DEGREE);
}

/* First column's text is the id of the record in every layer that has ids. */
static const char *record_name(ky_job *job, const ky_table *table, uint32_t record) {
  const ky_column *column = table->column_count != 0 ? &table->columns[0] : NULL;
  if (column != NULL && column->type == KY_COLUMN_TEXT && column->of.text[record] != NULL)
    return column->of.text[record];
  return ky_format(&job->scratch, "%u", record + 1);
}

static void report(ky_job *job, const ky_table *table, uint32_t record, const char *reason, const char *message) {
  const char *name = record_name(job, table, record);
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = table->layer,
                           .record = name,
                           .field = "geometry",
                           .reason = reason,
                           .action = ky_tr("GeoJSON has the record without geometry; the GeoPackage has it as it is")},
               "%s %s: %s", table->layer, name != NULL ? name : "", message);
}

/* Takes the parts of the records (ascending) away. */
static void drop_parts(ky_shapes *shapes, const uint32_t *record, uint32_t count) {
  uint32_t part = 0, vertex = 0;
  for (uint32_t i = 0, k = 0; i < shapes->count; i++) {
    uint32_t from = shapes->first_part[i], to = shapes->first_part[i + 1];
    bool is_dropped = k < count && record[k] == i;
    shapes->first_part[i] = part;
    k += is_dropped;
    for (uint32_t p = from; p < to && !is_dropped; p++, part++) {
      uint32_t first = shapes->first_vertex[p], n = shapes->first_vertex[p + 1] - first;
      memmove(shapes->x + vertex, shapes->x + first, n * sizeof *shapes->x);
      memmove(shapes->y + vertex, shapes->y + first, n * sizeof *shapes->y);
      if (shapes->is_hole != NULL) shapes->is_hole[part] = shapes->is_hole[p];
      shapes->first_vertex[part] = vertex;
      vertex += n;
    }
    /* the next record reads first_part[i + 1], which is still the old one */
  }
  shapes->first_part[shapes->count] = part;
  shapes->first_vertex[part] = vertex;
  shapes->part_count = part;
  shapes->vertex_count = vertex;
}

static bool is_finite(const ky_shapes *shapes, uint32_t record) {
  uint32_t from = shapes->first_vertex[shapes->first_part[record]],
           to = shapes->first_vertex[shapes->first_part[record + 1]];
  for (uint32_t v = from; v < to; v++)
    if (!isfinite(shapes->x[v]) || !isfinite(shapes->y[v])) return false;
  return true;
}

static ky_err drop_unknown(ky_job *job, const ky_table *table, ky_shapes *shapes) {
  uint32_t *record, count = 0;
  KY_NEW(job, scratch, record, shapes->count);
  for (uint32_t i = 0; i < shapes->count; i++) {
    if (is_finite(shapes, i)) continue;
    report(job, table, i, "no_wgs84_place", ky_tr("its coordinates have no longitude and latitude; look at the CRS"));
    record[count++] = i;
  }
  if (count != 0) drop_parts(shapes, record, count);
  return KY_OK;
}

static ky_err copy(ky_job *job, const ky_shapes *in, ky_shapes *out) {
  uint32_t *order;
  KY_NEW(job, scratch, order, in->count);
  for (uint32_t i = 0; i < in->count; i++) order[i] = i;
  return ky_shapes_pick(job, in, order, in->count, out);
}

/* Polygons that rounding broke are rounded again from the full coordinates; ky_shapes_repair needs both in one place.
 */
static ky_err mend(ky_job *job, const ky_table *table, const ky_shapes *exact, ky_shapes *rounded) {
  uint32_t *broken, count;
  KY_TRY(ky_shapes_invalid(job, rounded, &broken, &count));
  if (count == 0) return KY_OK;
  for (uint32_t k = 0; k < count; k++) {
    uint32_t from = exact->first_vertex[exact->first_part[broken[k]]];
    uint32_t to = exact->first_vertex[exact->first_part[broken[k] + 1]];
    if (to == from) continue;
    memcpy(rounded->x + from, exact->x + from, (to - from) * sizeof *rounded->x);
    memcpy(rounded->y + from, exact->y + from, (to - from) * sizeof *rounded->y);
  }
  ky_shapes mended;
  KY_TRY(ky_shapes_repair(job, rounded, broken, count, 1 / PER_DEGREE, &mended));
  *rounded = mended;
  for (uint32_t k = 0; k < count; k++)
    if (mended.first_part[broken[k]] == mended.first_part[broken[k] + 1])
      report(job, table, broken[k], "shape_collapsed",
             ky_tr("its polygon is too narrow for 1e-7 degrees (about 1 cm)"));
  return KY_OK;
}

ky_err ky_table_degrees(ky_job *job, const char *crs, ky_table *table) {
  ky_shapes *shapes, exact;
  if (table->shapes == NULL || table->shapes->kind == KY_SHAPE_NONE) return KY_OK;
  KY_NEW(job, keep, shapes, 1);
  KY_TRY(copy(job, table->shapes, shapes));
  KY_TRY(ky_crs_transform(job, crs, "EPSG:4326", shapes->x, shapes->y, shapes->vertex_count));
  KY_TRY(drop_unknown(job, table, shapes));
  exact = *shapes;
  KY_NEW(job, scratch, exact.x, shapes->vertex_count);
  KY_NEW(job, scratch, exact.y, shapes->vertex_count);
  if (shapes->vertex_count != 0) {
    memcpy(exact.x, shapes->x, shapes->vertex_count * sizeof *exact.x);
    memcpy(exact.y, shapes->y, shapes->vertex_count * sizeof *exact.y);
  }
  for (uint32_t v = 0; v < shapes->vertex_count; v++) {
    shapes->x[v] = (double)ky_degree_fixed(shapes->x[v]) / PER_DEGREE;
    shapes->y[v] = (double)ky_degree_fixed(shapes->y[v]) / PER_DEGREE;
  }
  KY_TRY(mend(job, table, &exact, shapes));
  table->shapes_deg = shapes;
  return KY_OK;
}
