/* GeoJSON (RFC 7946): one file per layer, WGS 84, 7 decimals, bbox, exteriors counter-clockwise. Written here and not
 * by GDAL so that every number has exactly the digits of its column and 60,000 records take less than a second. */
#include <kayoi/write.h>

#include "io/degrees.h"
#include "io/out_file.h"
#include "io/out_shape.h"

/* Text that stays the same for every record: ,"name": */
static const char **property_names(ky_job *job, const ky_table *table) {
  const char **names = ky_arena_alloc(&job->scratch, table->column_count, sizeof *names);
  for (uint32_t c = 0; names != NULL && c < table->column_count; c++) {
    names[c] = ky_format(&job->scratch, "%s\"%s\":", c == 0 ? "" : ",", table->columns[c].name);
    if (names[c] == NULL) return NULL;
  }
  return names;
}

static void put_value(ky_out_file *out, const ky_column *column, uint32_t record) {
  if (column->type == KY_COLUMN_TEXT && column->of.text[record] != NULL)
    ky_out_json(out, column->of.text[record]);
  else if (column->type == KY_COLUMN_FIXED && column->of.fixed[record] != KY_NULL)
    ky_out_fixed(out, column->of.fixed[record], column->decimals);
  else if (column->type == KY_COLUMN_BOOL && column->of.flag[record] >= 0)
    ky_out_text(out, column->of.flag[record] != 0 ? "true" : "false");
  else
    ky_out_text(out, "null");
}

static void put_place(ky_out_file *out, const ky_shapes *shapes, uint32_t vertex) {
  ky_out_bytes(out, "[", 1);
  ky_out_fixed(out, ky_degree_fixed(shapes->x[vertex]), KY_DEGREE_DECIMALS);
  ky_out_bytes(out, ",", 1);
  ky_out_fixed(out, ky_degree_fixed(shapes->y[vertex]), KY_DEGREE_DECIMALS);
  ky_out_bytes(out, "]", 1);
}

/* Twice the area with its sign: positive is counter-clockwise. */
static double turn_of(const ky_shapes *shapes, uint32_t part) {
  uint32_t from = shapes->first_vertex[part], to = shapes->first_vertex[part + 1];
  double x0 = shapes->x[from], y0 = shapes->y[from], twice = 0;
  for (uint32_t v = from; v + 1 < to; v++)
    twice += (shapes->x[v] - x0) * (shapes->y[v + 1] - y0) - (shapes->x[v + 1] - x0) * (shapes->y[v] - y0);
  return twice;
}

static void put_part(ky_out_file *out, const ky_shapes *shapes, uint32_t part, bool is_reversed) {
  uint32_t from = shapes->first_vertex[part], count = shapes->first_vertex[part + 1] - from;
  ky_out_bytes(out, "[", 1);
  for (uint32_t i = 0; i < count; i++) {
    if (i != 0) ky_out_bytes(out, ",", 1);
    put_place(out, shapes, is_reversed ? from + count - 1 - i : from + i);
  }
  ky_out_bytes(out, "]", 1);
}

/* One member of a record: a place, a line, or an exterior with its holes (parts up to `end`). */
static void put_member(ky_out_file *out, const ky_shapes *shapes, ky_shape_kind kind, uint32_t part, uint32_t end) {
  if (kind == KY_SHAPE_POINT) {
    put_place(out, shapes, shapes->first_vertex[part]);
  } else if (kind == KY_SHAPE_LINE) {
    put_part(out, shapes, part, false);
  } else {
    ky_out_bytes(out, "[", 1);
    for (uint32_t p = part; p < end; p++) {
      if (p != part) ky_out_bytes(out, ",", 1);
      put_part(out, shapes, p, (turn_of(shapes, p) > 0) != (p == part));
    }
    ky_out_bytes(out, "]", 1);
  }
}

static void put_box(ky_out_file *out, ky_box box) {
  const double sides[4] = {box.x_min, box.y_min, box.x_max, box.y_max};
  ky_out_text(out, "\"bbox\":[");
  for (int i = 0; i < 4; i++) {
    if (i != 0) ky_out_bytes(out, ",", 1);
    ky_out_fixed(out, ky_degree_fixed(sides[i]), KY_DEGREE_DECIMALS);
  }
  ky_out_text(out, "],");
}

static void put_geometry(ky_out_file *out, const ky_shapes *shapes, uint32_t record) {
  static const char *const names[] = {
      [KY_SHAPE_POINT] = "Point", [KY_SHAPE_LINE] = "LineString", [KY_SHAPE_POLYGON] = "Polygon"};
  ky_shape_kind kind = ky_record_kind(shapes, record);
  if (kind == KY_SHAPE_NONE) {
    ky_out_text(out, "\"geometry\":null");
    return;
  }
  bool is_multi = ky_record_members(shapes, record) > 1;
  put_box(out, ky_shape_box(shapes, record));
  ky_out_text(out, "\"geometry\":{\"type\":\"");
  if (is_multi) ky_out_text(out, "Multi");
  ky_out_text(out, names[kind]);
  ky_out_text(out, "\",\"coordinates\":");
  if (is_multi) ky_out_bytes(out, "[", 1);
  for (uint32_t p = shapes->first_part[record], end = shapes->first_part[record + 1]; p < end;) {
    uint32_t next = kind == KY_SHAPE_POLYGON ? ky_polygon_end(shapes, p, end) : p + 1;
    if (p != shapes->first_part[record]) ky_out_bytes(out, ",", 1);
    put_member(out, shapes, kind, p, next);
    p = next;
  }
  ky_out_text(out, is_multi ? "]}" : "}");
}

static void put_features(ky_out_file *out, const ky_table *table, const char *const *names) {
  for (uint32_t i = 0; i < table->count && out->error == 0; i++) {
    ky_out_text(out, i == 0 ? "\n{\"type\":\"Feature\"," : ",\n{\"type\":\"Feature\",");
    put_geometry(out, table->shapes_deg, i);
    ky_out_text(out, ",\"properties\":{");
    for (uint32_t c = 0; c < table->column_count; c++) {
      ky_out_text(out, names[c]);
      put_value(out, &table->columns[c], i);
    }
    ky_out_text(out, "}}");
  }
}

static ky_err write_table(ky_job *job, const char *folder, const ky_table *table) {
  ky_out_file out;
  const char *path = ky_format(&job->scratch, "%s/%s.geojson", folder, table->layer);
  const char **names = property_names(job, table);
  if (path == NULL || names == NULL) return ky_fail_memory(job);
  KY_TRY(ky_out_open(job, path, &out));
  ky_out_text(&out, "{\"type\":\"FeatureCollection\",\"name\":");
  ky_out_json(&out, table->layer);
  ky_out_bytes(&out, ",", 1);
  if (table->shapes_deg != NULL && table->shapes_deg->vertex_count != 0)
    put_box(&out, ky_shapes_box(table->shapes_deg));
  ky_out_text(&out, "\"features\":[");
  put_features(&out, table, names);
  ky_out_text(&out, "\n]}\n");
  return ky_out_close(job, &out);
}

static ky_err write_geojson(ky_job *job, const char *folder, const ky_table *tables, uint32_t table_count,
                            const char *crs) {
  (void)crs; /* tables hold their shapes in WGS 84 too */
  for (uint32_t t = 0; t < table_count; t++) KY_TRY(write_table(job, folder, &tables[t]));
  return KY_OK;
}

const ky_writer ky_writer_geojson = {
    .name = "geojson", .help = "GeoJSON (RFC 7946, WGS 84): one file per layer", .write = write_geojson};
